import { BlockList, isIP } from 'node:net';

/** Whether two ranges, as `10.0.0.0/16`, have addresses in common. */
export function overlap(one: string, other: string): boolean {
  return contains(one, firstOf(other)) || contains(other, firstOf(one));
}

/** Whether an address is in the range. What is no range contains nothing. */
export function contains(range: string, address: string): boolean {
  const [first, bits] = range.split('/');
  const version = isIP(first);
  if (version === 0 || version !== isIP(address) || bits === undefined) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(first, Number(bits), family);
  return list.check(address, family);
}

function firstOf(range: string): string {
  return range.split('/')[0];
}
