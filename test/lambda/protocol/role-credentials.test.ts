import { defaultProvider } from '../../../lambda/protocol/role-credentials';

const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'not-a-real-key',
  AWS_SESSION_TOKEN: 'not-a-real-token',
};

const before = process.env;

afterEach(() => (process.env = before));

test('are those that Lambda has put into the environment', async () => {
  process.env = { ...CREDENTIALS };

  const credentials = await defaultProvider()();

  expect(credentials).toEqual({
    accessKeyId: 'ASIAEXAMPLE',
    secretAccessKey: 'not-a-real-key',
    sessionToken: 'not-a-real-token',
  });
});

test.each(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])('are missed by name without %s', async (name) => {
  process.env = { ...CREDENTIALS, [name]: undefined };

  await expect(defaultProvider()()).rejects.toThrow(/has no AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/);
});
