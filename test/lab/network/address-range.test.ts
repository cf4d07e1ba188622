import { contains, overlap } from '../../../lab/network/address-range';

test.each([
  ['10.0.0.0/16', '10.0.255.255', true],
  ['10.0.0.0/16', '10.1.0.0', false],
  ['0.0.0.0/0', '192.0.2.1', true],
  ['192.0.2.1/32', '192.0.2.1', true],
  ['::/0', '192.0.2.1', false],
  ['2001:db8::/32', '2001:db8::1', true],
  ['10.0.0.0', '10.0.0.0', false],
  ['', '10.0.0.0', false],
])('%s contains %s: %s', (range, address, expected) => {
  expect(contains(range, address)).toBe(expected);
});

test.each([
  ['10.0.0.0/16', '10.0.64.0/18', true],
  ['10.0.64.0/18', '10.0.0.0/16', true],
  ['10.0.0.0/16', '10.1.0.0/16', false],
  ['255.255.255.255/32', '10.0.0.0/16', false],
])('%s and %s overlap: %s', (one, other, expected) => {
  expect(overlap(one, other)).toBe(expected);
});
