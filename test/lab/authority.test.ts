import { createPrivateKey, X509Certificate } from 'node:crypto';
import { Authority } from '../../lab/authority';

let authority: Authority;
beforeAll(async () => {
  authority = await Authority.create();
});

test('the authority may sign certificates', () => {
  const certificate = new X509Certificate(authority.pem);

  expect(certificate.ca).toBe(true);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
});

test('a certificate is signed by the authority, for the key that comes with it', async () => {
  const { cert, key } = await authority.issue(['api.example.com']);

  const certificate = new X509Certificate(cert);
  expect(certificate.checkIssued(new X509Certificate(authority.pem))).toBe(true);
  expect(certificate.verify(new X509Certificate(authority.pem).publicKey)).toBe(true);
  expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
});

test('a certificate is for a server of exactly the names asked for', async () => {
  const { cert } = await authority.issue(['api.example.com', 'www.example.com']);

  const certificate = new X509Certificate(cert);
  expect(certificate.subjectAltName).toBe('DNS:api.example.com, DNS:www.example.com');
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  expect(certificate.ca).toBe(false);
});

test('a certificate is valid now and until after the lab has ended', async () => {
  const { cert } = await authority.issue(['api.example.com']);

  const { validFromDate, validToDate } = new X509Certificate(cert);
  expect(validFromDate.getTime()).toBeLessThan(Date.now());
  expect(validToDate.getTime()).toBeGreaterThan(Date.now() + 24 * 60 * 60 * 1000);
});

test('the same names get the same certificate, in any order', async () => {
  const [one, other] = await Promise.all([
    authority.issue(['a.example', 'b.example']),
    authority.issue(['b.example', 'a.example']),
  ]);

  expect(one).toBe(other);
});

test('other names get another one', async () => {
  expect(await authority.issue(['a.example'])).not.toEqual(await authority.issue(['b.example']));
});
