// Runs in the child process before the function's code, as it is, and imports nothing of ours: every connection goes where the lab says,
// and the lab's authority is trusted. TypeScript whose types Node can strip; built-in modules come by getBuiltinModule, so that nothing
// says CommonJS or ESM.
import type { LookupAddress, LookupOptions } from 'node:dns';
import type { Socket, TcpNetConnectOpts } from 'node:net';
import type { SecureContextOptions } from 'node:tls';

const dgram = process.getBuiltinModule('node:dgram');
const dns = process.getBuiltinModule('node:dns');
const { syncBuiltinESMExports } = process.getBuiltinModule('node:module');
const net = process.getBuiltinModule('node:net');
const path = process.getBuiltinModule('node:path');
const tls = process.getBuiltinModule('node:tls');
const threads = process.getBuiltinModule('node:worker_threads');

interface Network {
  /** Port of 127.0.0.1 by `host:port`. */
  readonly routes: Readonly<Record<string, number>>;
  /** Why nobody gets there, by `host:port`: as if packets were dropped on the way. */
  readonly obstacles?: Readonly<Record<string, string>>;
  /** The name that a name stands for: what a name server knows as CNAME. */
  readonly aliases?: Readonly<Record<string, string>>;
  readonly authorityPem?: string;
}

type Callback = (error: Error | null, ...results: unknown[]) => void;

const { routes, obstacles = {}, aliases = {}, authorityPem } = network();
const ownPorts = new Set(Object.values(routes));
const destinations = [...Object.keys(routes), ...Object.keys(obstacles)];
const hosts = [...new Set(destinations.map((route) => route.slice(0, route.lastIndexOf(':'))))];
/** Some drivers look a name up and connect to the address: each host gets one, of a block that no network routes (RFC 2544). */
const addresses = new Map(hosts.map((host, index) => [host, `198.18.${index >> 8}.${index & 255}`]));
const hostsByAddress = new Map([...addresses].map(([host, address]) => [address, host]));

/**
 * From the command line of the function's process, which is rid of it before its code can look. Worker threads get it from the main thread;
 * a process that the function forks gets nothing, so it reaches nothing.
 */
function network(): Network {
  if (!threads.isMainThread) return (threads.getEnvironmentData('keyturn-lab') as unknown as Network) ?? { routes: {} };
  if (path.dirname(process.argv[1] ?? '') !== __dirname) return { routes: {} };
  const given = JSON.parse(process.argv.splice(2, 1)[0]);
  threads.setEnvironmentData('keyturn-lab', given);
  return given;
}

function noRoute(destination: string): Error {
  const error = new Error(`the lab has no route to ${destination}`);
  return Object.assign(error, { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: destination });
}

/** What a client learns in the end when nothing answers, at once and with the reason. */
function timedOut(host: string, port: unknown): Error | undefined {
  const reason = obstacles[`${hostsByAddress.get(host) ?? canonical(host)}:${port}`];
  if (reason === undefined) return undefined;
  const error = new Error(`connect ETIMEDOUT ${host}:${port}: ${reason}`);
  return Object.assign(error, { code: 'ETIMEDOUT', syscall: 'connect', address: host, port });
}

function plain(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}

/** The name at the end of a chain of aliases, of as many as name servers follow. */
function canonical(host: string): string {
  let name = plain(host);
  for (let hops = 0; hops < 8 && Object.hasOwn(aliases, name); hops++) name = plain(aliases[name]);
  return name;
}

function portFor(host: string, port: number): number | undefined {
  const name = hostsByAddress.get(host) ?? canonical(host);
  const loopback = name === 'localhost' || name === '::1' || name.startsWith('127.');
  return routes[`${name}:${port}`] ?? (loopback && ownPorts.has(port) ? port : undefined);
}

/** All connections end in this one method: those of net, tls, http(s), fetch and database drivers. */
function reroute(): void {
  const connect = net.Socket.prototype.connect as (this: Socket, options: object, callback?: unknown) => Socket;
  net.Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
    const options = connectOptions(args);
    const callback = args.flat().find((each) => typeof each === 'function');
    const host = options.path ?? options.host ?? 'localhost';
    const port = options.path ? undefined : portFor(host, Number(options.port)); // agents pass null
    if (port === undefined) {
      const error = timedOut(host, options.port) ?? noRoute(options.path ?? `${host}:${options.port}`);
      const lookup = (_host: string, _options: object, done: Callback): void => done(error);
      // Fails where Node looks the name up, so the error comes in Node's own time and way.
      return connect.call(this, { ...options, path: undefined, host: 'no-route.invalid', port: 1, lookup }, callback);
    }
    connect.call(this, { ...options, host: '127.0.0.1', port, family: 4, lookup: undefined }, callback);
    // TLS that starts later on this socket checks the certificate against the name that Node keeps here.
    return Object.assign(this, { _host: host });
  };
}

/** The forms of connect(): (options), (port, host), (path), and all in one array, as net.connect passes them. */
function connectOptions(args: unknown[]): Partial<TcpNetConnectOpts> & { path?: string } {
  const [first, second] = args.flat();
  if (typeof first === 'object' && first !== null) return first;
  if (Number.isNaN(Number(first))) return { path: String(first) };
  return { port: Number(first), host: typeof second === 'string' ? second : undefined };
}

function addressOf(host: string): string {
  if (net.isIP(host)) return host;
  const name = canonical(host);
  const address = name === 'localhost' ? '127.0.0.1' : addresses.get(name);
  if (address) return address;
  throw noRoute(host);
}

function lookup(host: string, options: LookupOptions): LookupAddress | LookupAddress[] {
  const address = addressOf(host);
  const found = { address, family: net.isIP(address) };
  return options.all ? [found] : found;
}

function aliasOf(host: string): string[] {
  if (Object.hasOwn(aliases, plain(host))) return [aliases[plain(host)]];
  throw noRoute(`a name server for resolveCname of ${host}`);
}

/** Names and aliases are looked up here and nowhere else; every other question to a name server is refused. */
function answerLookups(): void {
  for (const owner of [dns, dns.Resolver.prototype]) {
    replaceQueries(owner, (name) => (...args: unknown[]) => {
      const callback = args.at(-1) as Callback;
      process.nextTick(callback, noRoute(`a name server for ${name} of ${String(args[0])}`));
    });
    const resolveCname = (host: string, callback: Callback): void => {
      try {
        process.nextTick(callback, null, aliasOf(host));
      } catch (error) {
        process.nextTick(callback, error);
      }
    };
    Object.assign(owner, { resolveCname });
  }
  for (const owner of [dns.promises, dns.promises.Resolver.prototype]) {
    replaceQueries(owner, (name) => async (...args: unknown[]) => {
      throw noRoute(`a name server for ${name} of ${String(args[0])}`);
    });
    Object.assign(owner, { resolveCname: async (host: string) => aliasOf(host) });
  }

  const withCallback = (host: string, ...rest: unknown[]): void => {
    const callback = rest.pop() as Callback;
    const options = typeof rest[0] === 'number' ? {} : ((rest[0] ?? {}) as LookupOptions);
    try {
      const found = lookup(host, options);
      process.nextTick(callback, null, ...(Array.isArray(found) ? [found] : [found.address, found.family]));
    } catch (error) {
      process.nextTick(callback, error);
    }
  };
  // Its own symbols make util.promisify answer an object.
  Object.defineProperties(withCallback, Object.getOwnPropertyDescriptors(dns.lookup));
  Object.assign(dns, { lookup: withCallback });
  Object.assign(dns.promises, {
    lookup: async (host: string, options?: LookupOptions | number) =>
      lookup(host, typeof options === 'object' ? options : {}),
  });
}

function replaceQueries(owner: object, replacement: (name: string) => unknown): void {
  for (const name of Object.getOwnPropertyNames(owner).filter((each) =>
    /^(resolve|reverse|lookupService)/.test(each),
  )) {
    Object.assign(owner, { [name]: replacement(name) });
  }
}

/** Nothing that the lab plays speaks UDP. */
function refuseDatagrams(): void {
  const refuse = (): never => {
    throw noRoute('anything by UDP');
  };
  Object.assign(dgram.Socket.prototype, { send: refuse, connect: refuse });
}

/** Beside the certificates that a context has: public ones, or those of its own `ca`. Chain and host name stay verified. */
function trustAuthority(pem: string): void {
  const create = tls.createSecureContext;
  const createSecureContext = (options?: SecureContextOptions): ReturnType<typeof create> => {
    const created = create(options);
    created.context.addCACert(pem);
    return created;
  };
  Object.assign(tls, { createSecureContext });
}

reroute();
answerLookups();
refuseDatagrams();
if (authorityPem) trustAuthority(authorityPem);
syncBuiltinESMExports();
