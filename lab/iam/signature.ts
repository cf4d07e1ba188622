import type { IncomingMessage } from 'node:http';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 .*Credential=[^/\s,]+\/[^/\s,]*\/([^/\s,]*)\/([^/\s,]*)\/.*SignedHeaders=([^\s,]+),.*Signature=([0-9a-f]+)/;

/**
 * Whether a request was signed with that secret: signs the same headers and the same body again.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 */
export async function isSignedWith(
  secretAccessKey: string,
  accessKeyId: string,
  { method = '', url = '', headers }: IncomingMessage,
  body: string,
): Promise<boolean> {
  const [, region, service, signedHeaders, signature] = AUTHORIZATION.exec(headers.authorization ?? '') ?? [];
  if (!signature) return false;
  const { pathname, searchParams } = new URL(url, 'http://lab');
  const signed = signedHeaders.split(';').map((name) => [name, String(headers[name] ?? '')]);
  const signer = new SignatureV4({
    credentials: { accessKeyId, secretAccessKey },
    region,
    service,
    sha256: Hash.bind(null, 'sha256'),
    applyChecksum: false,
  });
  const again = await signer.sign(
    {
      method,
      protocol: 'https:',
      hostname: 'lab',
      path: pathname,
      query: Object.fromEntries(searchParams),
      headers: Object.fromEntries(signed),
      body,
    },
    { signingDate: dateOf(String(headers['x-amz-date'])), signableHeaders: new Set(signedHeaders.split(';')) },
  );
  return again.headers.authorization.endsWith(`Signature=${signature}`);
}

/** `20260102T030405Z` */
function dateOf(text: string): Date {
  return new Date(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
