import { createServer as createTlsServer } from 'node:https';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { createSocket } from 'node:dgram';
import { Authority } from '../../../lab/authority';
import { FunctionRunner } from '../../../lab/runner';
import { folderOf, functionOf } from './bundle';

/** Code of a handler: what an attempt says, as `code: message` when it fails. */
const ATTEMPT = `
  const attempt = async (action) => {
    try {
      return await action();
    } catch (error) {
      const { code, message } = error.cause ?? error;
      return code + ': ' + message;
    }
  };
  const connected = (socket, event = 'connect') => new Promise((resolve, reject) => {
    socket.once(event, () => { resolve('connected'); socket.destroy(); }).once('error', reject);
  });
`;
const NO_ROUTE = (where: string) => `ENOTFOUND: the lab has no route to ${where}`;

let authority: Authority;
let api: Server;
/** Listens on loopback, but is no server of the lab: nobody may reach it. */
let trap: Server;
let trapped = 0;
let runner: FunctionRunner;
let routes: Record<string, number>;

beforeAll(async () => {
  authority = await Authority.create();
  const certificate = await authority.issue(['api.x.com']);
  api = createTlsServer(certificate, (request, response) => response.end(`${request.headers.host}${request.url}`));
  trap = createServer((socket) => {
    trapped++;
    socket.destroy();
  });
  await Promise.all([api, trap].map((server) => new Promise<void>((done) => server.listen(0, '127.0.0.1', done))));
  routes = { 'api.x.com:443': portOf(api), 'other.example:443': portOf(api) };
  runner = new FunctionRunner({ routes: () => routes, authorityPem: authority.pem });
});

afterAll(async () => {
  await runner.stop();
  await Promise.all([api, trap].map((server) => new Promise((done) => server.close(done))));
});

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Runs an expression in a function; `event` holds what it needs. */
async function run(expression: string, event: object = {}): Promise<unknown> {
  runner.add(functionOf(`${ATTEMPT} return await attempt(async () => ${expression});`));
  return await runner.invoke('example', event);
}

describe('an alias', () => {
  const aliases = { 'x.example': 'Real.Example.', 'real.example': 'api.x.com', 'a.loop': 'b.loop', 'b.loop': 'a.loop' };
  let aliased: FunctionRunner;
  beforeAll(() => {
    aliased = new FunctionRunner({ routes: () => routes, aliases: () => aliases, authorityPem: authority.pem });
  });
  afterAll(async () => await aliased.stop());
  const runAliased = async (expression: string) => {
    aliased.add(functionOf(`${ATTEMPT} return await attempt(async () => ${expression});`));
    return await aliased.invoke('example', {});
  };

  test.each([
    ['by promises', "await require('dns').promises.resolveCname('X.example.')"],
    ['by a resolver', "await new (require('dns').promises.Resolver)().resolveCname('x.example')"],
    ['by a callback', "await require('util').promisify(require('dns').resolveCname)('x.example')"],
  ])('is told %s', async (_, expression) => {
    expect(await runAliased(expression)).toEqual(['Real.Example.']);
  });

  test('leads to the host at the end of the chain', async () => {
    expect(await runAliased("await connected(require('net').connect(443, 'x.example'))")).toBe('connected');
    expect(await runAliased("(await require('dns').promises.lookup('x.example')).address")).toMatch(/^198\.18\./);
  });

  test('is not a name of the certificate', async () => {
    const attempt = "await connected(require('tls').connect(443, 'x.example'), 'secureConnect')";

    expect(await runAliased(attempt)).toMatch(/^ERR_TLS_CERT_ALTNAME_INVALID/);
  });

  test('in a circle leads nowhere', async () => {
    expect(await runAliased("await connected(require('net').connect(443, 'a.loop'))")).toMatch(/^ENOTFOUND/);
  });

  test('that nobody made is not found', async () => {
    const attempt = "await require('dns').promises.resolveCname('api.x.com')";

    expect(await runAliased(attempt)).toBe(NO_ROUTE('a name server for resolveCname of api.x.com'));
  });
});

test('a host behind an obstacle is one that never answers, at once and with the reason', async () => {
  const obstacles = () => ({ 'api.x.com:443': 'no rule lets it in' });
  const behind = new FunctionRunner({ routes: () => routes, obstacles, authorityPem: authority.pem });
  behind.add(
    functionOf(`${ATTEMPT} return await attempt(async () => await connected(require('net').connect(443, event)));`),
  );

  expect(await behind.invoke('example', 'api.x.com')).toBe(
    'ETIMEDOUT: connect ETIMEDOUT api.x.com:443: no rule lets it in',
  );
  expect(await behind.invoke('example', 'other.example')).toBe('connected');
  await behind.stop();
});

describe('a host with a route', () => {
  test.each([
    ['fetch', 'await (await fetch("https://api.x.com/2/me?a=1")).text()'],
    [
      'https',
      `await new Promise((resolve, reject) => require('https')
        .get('https://api.x.com/2/me?a=1', (response) => response.on('data', (data) => resolve(String(data))))
        .on('error', reject))`,
    ],
  ])('is reached by %s, its certificate verified', async (_client, expression) => {
    expect(await run(expression)).toBe('api.x.com/2/me?a=1');
  });

  test.each([
    ['options', 'require("net").connect({ host: "api.x.com", port: 443 })'],
    ['port and host', 'require("net").connect(443, "api.x.com")'],
    ['a socket of its own', 'new (require("net").Socket)().connect("443", "api.x.com")'],
    ['another spelling', 'require("net").connect(443, "API.x.com.")'],
  ])('is reached by %s', async (_form, socket) => {
    expect(await run(`await connected(${socket})`)).toBe('connected');
  });

  test('is reached by the address that a lookup gives', async () => {
    const address = '(await require("dns").promises.lookup("api.x.com")).address';

    expect(await run(`await connected(require("net").connect(443, ${address}))`)).toBe('connected');
  });

  test('is refused when its certificate is for another name', async () => {
    const answer = await run('await (await fetch("https://other.example/")).text()');

    expect(answer).toMatch(
      /^ERR_TLS_CERT_ALTNAME_INVALID: .*other\.example\. is not in the cert's altnames: DNS:api\.x\.com/,
    );
  });

  test('is refused when its certificate is of an authority that nobody knows', async () => {
    const stranger = await Authority.create();
    const unknowing = new FunctionRunner({ routes: () => routes, authorityPem: stranger.pem });
    unknowing.add(functionOf(`${ATTEMPT} return await attempt(() => fetch("https://api.x.com/"));`));

    const answer = await unknowing.invoke('example', {});
    await unknowing.stop();

    expect(answer).toMatch(/^UNABLE_TO_VERIFY_LEAF_SIGNATURE: /);
  });

  test('is reached with an explicit `ca`, too', async () => {
    const { pem } = await Authority.create();

    const socket = 'require("tls").connect({ host: "api.x.com", port: 443, servername: "api.x.com", ca: event.pem })';

    expect(await run(`await connected(${socket}, "secureConnect")`, { pem })).toBe('connected');
  });

  test('is checked by name when TLS starts on an open connection', async () => {
    const upgrade = (host: string) =>
      `await connected(require("tls").connect({ socket: require("net").connect(443, "${host}") }), "secureConnect")`;

    expect(await run(upgrade('api.x.com'))).toBe('connected');
    expect(await run(upgrade('other.example'))).toMatch(/^ERR_TLS_CERT_ALTNAME_INVALID: /);
  });

  test('is reached from a worker thread', async () => {
    const code =
      'fetch("https://api.x.com/w").then((r) => r.text()).then((t) => require("worker_threads").parentPort.postMessage(t))';
    const worker = `new (require("worker_threads").Worker)(${JSON.stringify(code)}, { eval: true })`;

    expect(await run(`await new Promise((resolve) => ${worker}.once("message", resolve))`)).toBe('api.x.com/w');
  });

  test('is reached from the next invocation on when its route comes later', async () => {
    expect(await run('await connected(require("net").connect(443, "late.example"))')).toBe(
      NO_ROUTE('late.example:443'),
    );
    routes['late.example:443'] = portOf(api);

    expect(await run('await connected(require("net").connect(443, "late.example"))')).toBe('connected');
  });
});

describe('what has no route', () => {
  test.each([
    ['a host', 'fetch("https://example.com/")', 'example.com:443'],
    ['another port of a host', 'connected(require("net").connect(80, "api.x.com"))', 'api.x.com:80'],
    ['an address', 'connected(require("net").connect(443, "192.0.2.1"))', '192.0.2.1:443'],
    ['an address of version 6', 'connected(require("net").connect(443, "2001:db8::1"))', '2001:db8::1:443'],
    ['a local socket', 'connected(require("net").connect("/var/run/some.sock"))', '/var/run/some.sock'],
    ['TLS', 'connected(require("tls").connect(443, "example.com"), "secureConnect")', 'example.com:443'],
    ['a lookup', 'require("dns").promises.lookup("example.com")', 'example.com'],
    ['a lookup by callback', 'require("util").promisify(require("dns").lookup)("example.com")', 'example.com'],
  ])('is refused: %s', async (_what, expression, where) => {
    expect(await run(`await ${expression}`)).toBe(NO_ROUTE(where));
  });

  test('is refused for an ES module that imports by name', async () => {
    const code = `import { lookup } from 'node:dns/promises'; export default lookup;`;
    const expression = `(await import('data:text/javascript,' + encodeURIComponent(${JSON.stringify(code)}))).default`;

    expect(await run(`await (${expression})('example.com')`)).toBe(NO_ROUTE('example.com'));
  });

  test("includes ports of this machine that are not the lab's", async () => {
    const port = portOf(trap);

    const answer = await run('await connected(require("net").connect(event.port, "127.0.0.1"))', { port });

    expect(answer).toBe(NO_ROUTE(`127.0.0.1:${port}`));
    expect(trapped).toBe(0);
  });

  test('includes name servers and all else by UDP', async () => {
    const listener = createSocket('udp4');
    let datagrams = 0;
    listener.on('message', () => datagrams++);
    await new Promise<void>((done) => listener.bind(0, '127.0.0.1', done));
    const { port } = listener.address();
    const resolver = `const dns = require("dns"); dns.setServers(["127.0.0.1:" + event.port]);
      const own = new dns.promises.Resolver(); own.setServers(["127.0.0.1:" + event.port]);`;
    runner.add(
      functionOf(`${ATTEMPT} ${resolver} return [
        await attempt(() => dns.promises.resolveTxt("example.com")),
        await attempt(() => own.resolve4("example.com")),
        await attempt(() => require("util").promisify(dns.resolve4)("example.com")),
        await attempt(async () => require("dgram").createSocket("udp4").send("x", event.port, "127.0.0.1")),
      ];`),
    );

    const answers = await runner.invoke('example', { port });
    await new Promise<void>((done) => listener.close(done));

    expect(answers).toEqual([
      NO_ROUTE('a name server for resolveTxt of example.com'),
      NO_ROUTE('a name server for resolve4 of example.com'),
      NO_ROUTE('a name server for resolve4 of example.com'),
      NO_ROUTE('anything by UDP'),
    ]);
    expect(datagrams).toBe(0);
  });

  test('is everything in a process that the function forks', async () => {
    const codePath = folderOf({
      'index.js': `exports.handler = () => new Promise((resolve) =>
        require('child_process').fork('./forked.js', ['argument']).once('message', resolve));`,
      'forked.js': "fetch('https://api.x.com/').catch((error) => process.send(error.cause.message));",
    });
    runner.add(functionOf('', { codePath }));

    expect(await runner.invoke('example', {})).toBe('the lab has no route to api.x.com:443');
  });
});

test('a server of the lab is reached by its own address', async () => {
  const port = portOf(api);

  expect(await run('await connected(require("net").connect(event.port, "127.0.0.1"))', { port })).toBe('connected');
});
