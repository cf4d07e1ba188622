import { AuthenticationFailedError, SecretReader, SecretReaderProps } from '../../../lambda/reader';
import { SecretsManagerDouble } from './secrets-manager-double';

const service = new SecretsManagerDouble();
let newReader: (props?: SecretReaderProps) => SecretReader;
/** The version that is AWSCURRENT, and the one that the thing behind the credential lets in. */
let current: string;
let accepted: string;

beforeAll(async () => {
  const client = await service.start();
  newReader = (props) => new SecretReader({ client, ...props });
});
afterAll(async () => await service.stop());
beforeEach(() => {
  service.asked.length = 0;
  current = accepted = 'v1';
  service.answer = () => ({ SecretString: `password of ${current}`, VersionId: current });
});

function logIn(secret: { versionId: string; string: string }): string {
  if (secret.versionId !== accepted) throw new AuthenticationFailedError(`refused ${secret.versionId}`);
  return `logged in with the ${secret.string}`;
}

/** The credential is changed now; its label follows with the nth question from now. */
function rotate(questions: number): void {
  accepted = 'v2';
  const from = service.asked.length + questions;
  service.answer = () => {
    if (service.asked.length >= from) current = 'v2';
    return { SecretString: `password of ${current}`, VersionId: current };
  };
}

test('uses the cached value while it is accepted', async () => {
  const reader = newReader();
  await reader.withSecret('db', logIn);

  const result = await reader.withSecret('db', logIn);

  expect(result).toBe('logged in with the password of v1');
  expect(service.asked).toHaveLength(1);
});

test('reads again at once when the cached value is refused', async () => {
  const reader = newReader();
  await reader.withSecret('db', logIn);
  rotate(1);

  const result = await reader.withSecret('db', logIn);

  expect(result).toBe('logged in with the password of v2');
  expect(service.asked).toHaveLength(2);
});

test('asks until the new version is published', async () => {
  const reader = newReader();
  await reader.withSecret('db', logIn);
  rotate(4);

  const result = await reader.withSecret('db', logIn);

  expect(result).toBe('logged in with the password of v2');
  expect(service.asked).toHaveLength(5);
});

test('shares the questions between 50 refused callers', async () => {
  const reader = newReader();
  await reader.withSecret('db', logIn);
  rotate(3);

  const results = await Promise.all(Array.from({ length: 50 }, async () => await reader.withSecret('db', logIn)));

  expect(new Set(results)).toEqual(new Set(['logged in with the password of v2']));
  expect(service.asked).toHaveLength(4);
});

test('goes on through an outage that ends within the time', async () => {
  const reader = newReader({ onStale: () => undefined });
  await reader.withSecret('db', logIn);
  accepted = 'v2';
  service.answer = () =>
    service.asked.length < 4 ? 'drop the connection' : { SecretString: 'password of v2', VersionId: 'v2' };

  const result = await reader.withSecret('db', logIn);

  expect(result).toBe('logged in with the password of v2');
});

test('gives up when the time is over, with the first refusal as cause', async () => {
  const reader = newReader({ maxWait: 120 });
  accepted = 'v2';

  const using = reader.withSecret('db', logIn);

  await expect(using).rejects.toMatchObject({
    name: 'CredentialRefusedError',
    message: expect.stringMatching(/^secret db was refused with version v1; looked \d+ times .* within 120 ms/),
    cause: new AuthenticationFailedError('refused v1'),
  });
});

test('gives up in time while Secrets Manager is silent', async () => {
  const reader = newReader({ maxWait: 120, onStale: () => undefined });
  await reader.withSecret('db', logIn);
  accepted = 'v2';
  service.answer = async () => await new Promise<never>(() => undefined);

  const using = reader.withSecret('db', logIn);

  await expect(using).rejects.toMatchObject({ name: 'CredentialRefusedError' });
});

test('names every version that was refused', async () => {
  const reader = newReader({ maxWait: 120 });
  await reader.withSecret('db', logIn);
  accepted = 'v3';
  current = 'v2';

  const using = reader.withSecret('db', logIn);

  await expect(using).rejects.toThrow('secret db was refused with version v1, then v2; looked');
});

test('does not look for a newer version with a maxWait of 0', async () => {
  const reader = newReader();
  accepted = 'v2';

  await reader.withSecret('db', logIn, { maxWait: 0 }).catch(() => undefined);

  expect(service.asked).toHaveLength(1);
});

test('passes any other error on as it is, and does not read again', async () => {
  const broken = new Error('syntax error at or near "SELEKT"');

  const using = newReader().withSecret('db', () => {
    throw broken;
  });

  await expect(using).rejects.toBe(broken);
  expect(service.asked).toHaveLength(1);
});

test('throws the denial when reading again is not allowed', async () => {
  const reader = newReader();
  await reader.withSecret('db', logIn);
  accepted = 'v2';
  service.answer = () => ({ error: 'AccessDeniedException' });

  await expect(reader.withSecret('db', logIn)).rejects.toMatchObject({ name: 'AccessDeniedError' });
});

test('looks at the stage that it was asked for', async () => {
  const reader = newReader();

  await reader.withSecret('db', logIn, { stage: 'AWSPENDING' });

  expect(service.asked).toEqual([{ SecretId: 'db', VersionStage: 'AWSPENDING' }]);
});

test('takes the check of the call before the check of the reader', async () => {
  const reader = newReader({ isAuthenticationFailure: () => true });

  const using = reader.withSecret(
    'db',
    () => {
      throw new Error('not about the credential');
    },
    { isAuthenticationFailure: () => false },
  );

  await expect(using).rejects.toThrow('not about the credential');
});
