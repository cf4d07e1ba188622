import { X509Certificate } from 'node:crypto';
import { Token } from 'aws-cdk-lib';

/**
 * The Regions whose own RDS authorities the functions hold. In others the function trusts Amazon's public ones only, and
 * RDS signs its servers there with roots that it cannot know.
 */
export const REGIONS_WITH_KNOWN_AUTHORITIES = [
  ...['af-south-1', 'ap-east-1', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1', 'ap-south-2'],
  ...['ap-southeast-1', 'ap-southeast-2', 'ap-southeast-3', 'ap-southeast-4', 'ca-central-1', 'eu-central-1'],
  ...['eu-central-2', 'eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-1', 'eu-west-2', 'eu-west-3'],
  ...['me-central-1', 'me-south-1', 'sa-east-1', 'us-east-1', 'us-east-2', 'us-west-1', 'us-west-2'],
];

export function hasKnownAuthorities(region: string): boolean {
  return REGIONS_WITH_KNOWN_AUTHORITIES.includes(region);
}

/** The Region in the name of a host of RDS; undefined for any other host. */
export function regionOfRds(host: string): string | undefined {
  const global = /\.([a-z0-9-]+)\.rds\.amazonaws\.com$/.exec(host);
  return (global ?? /\.rds\.([a-z0-9-]+)\.amazonaws\.com\.cn$/.exec(host))?.[1];
}

/**
 * All environment variables of a function have 4 KB together; the others are left 512 bytes.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const LONGEST = 4096 - 512;

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates of a PEM file and nothing else of it: comments between them would cost room in the environment. */
export function certificatesOf(pem: string): string {
  if (Token.isUnresolved(pem)) return pem;
  if (/PRIVATE KEY/.test(pem)) throw new Error('`certificateAuthorities` must be certificates, got a private key');
  const certificates = pem.match(CERTIFICATE) ?? [];
  if (certificates.length === 0) throw new Error('`certificateAuthorities` must hold certificates in PEM, got none');
  certificates.forEach(checkCertificate);
  const text = certificates.join('\n');
  if (text.length <= LONGEST) return text;
  throw new Error(
    `\`certificateAuthorities\` must have at most ${LONGEST} characters, which are about two certificates, got ` +
      `${text.length}: name only those that sign this database's certificate`,
  );
}

function checkCertificate(pem: string, index: number): void {
  try {
    new X509Certificate(pem);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new Error(`certificate ${index + 1} of \`certificateAuthorities\` cannot be read: ${problem}`);
  }
}
