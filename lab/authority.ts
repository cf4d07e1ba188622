import 'reflect-metadata'; // @peculiar/x509 needs it, loaded first
import { webcrypto, randomBytes } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY = 24 * 60 * 60 * 1000;

/** What a TLS server is started with: both PEM, the key as PKCS #8. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
}

/**
 * A certificate authority that lives in memory, and only as long as the lab: functions trust it beside the public ones, so that stand-ins
 * can serve under the real host names and no function needs to turn verification off.
 */
export class Authority {
  static async create(): Promise<Authority> {
    const keys = await newKeys();
    const certificate = await X509CertificateGenerator.createSelfSigned({
      serialNumber: serialNumber(),
      name: 'CN=cdk-keyturn lab',
      ...validity(),
      signingAlgorithm: ALGORITHM,
      keys,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return new Authority(certificate, keys.privateKey);
  }

  /** The authority's own certificate, for whoever is to trust what it issues. */
  readonly pem: string;
  private readonly issued = new Map<string, Promise<ServerCertificate>>();

  private constructor(
    private readonly certificate: X509Certificate,
    private readonly privateKey: webcrypto.CryptoKey,
  ) {
    this.pem = certificate.toString('pem');
  }

  /** A server certificate for exactly these host names; the same one when asked again. */
  async issue(hostnames: string[]): Promise<ServerCertificate> {
    const names = [...new Set(hostnames)].sort();
    const known = this.issued.get(names.join());
    if (known) return await known;
    const issuing = this.sign(names);
    this.issued.set(names.join(), issuing);
    return await issuing;
  }

  private async sign(hostnames: string[]): Promise<ServerCertificate> {
    const { publicKey, privateKey } = await newKeys();
    const certificate = await X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject: `CN=${hostnames[0]}`,
      issuer: this.certificate.subject,
      ...validity(),
      signingAlgorithm: ALGORITHM,
      publicKey,
      signingKey: this.privateKey,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        // All labs' authorities have the same name: this tells a client that knows two of them which one to try.
        await AuthorityKeyIdentifierExtension.create(this.certificate.publicKey),
        new SubjectAlternativeNameExtension(hostnames.map((value) => ({ type: 'dns', value }))),
      ],
    });
    const key = await webcrypto.subtle.exportKey('pkcs8', privateKey);
    return { cert: certificate.toString('pem'), key: PemConverter.encode(key, 'PRIVATE KEY') };
  }
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

/** By the machine's clock, which is the one that TLS looks at; a day back, for a clock that is set while the lab runs. */
function validity(): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + 30 * DAY) };
}

/** Positive and at most 20 octets, as RFC 5280 asks. */
function serialNumber(): string {
  return `01${randomBytes(15).toString('hex')}`;
}
