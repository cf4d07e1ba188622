import { createServer, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { findLeaks, Lab } from '../../../lab';
import { Deadline } from '../../../lambda/protocol/deadline';
import { IamAccessKey } from '../../../lambda/provider/iam-access-key';
import { allow, deploy } from '../../lab/assemblies';
import { USER, userWith } from '../../lab/iam/users';
import { sessionWith, TestSession } from './issuer-session';

const ENDPOINTS = ['AWS_ENDPOINT_URL_IAM', 'AWS_ENDPOINT_URL_STS'] as const;

let lab: Lab;
let iam: IamAccessKey;
let session: TestSession;

beforeEach(async () => {
  lab = await Lab.start();
  await deploy(lab, { Resources: { User: userWith(allow('iam:ListAccessKeys', USER)) } });
  const { accessKeyId, secretAccessKey } = lab.identities.administratorCredentials;
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey });
  useEndpoint(lab.client().endpoint);
  session = { ...sessionWith({ parameters: { userName: 'robot' } }), field: 'secretAccessKey' };
});

afterEach(async () => {
  for (const name of ENDPOINTS) delete process.env[name];
  await lab.stop();
});

function useEndpoint(endpoint: string): void {
  process.env.AWS_REGION = 'us-east-1';
  for (const name of ENDPOINTS) process.env[name] = endpoint;
  iam = new IamAccessKey(15, 60);
}

const calls = () => lab.calls.all.map(({ operation }) => operation);
const idsOf = async () => (await iam.list(session)).map(({ id }) => id);
const versionOf = ({ id, key }: { id?: string; key: string }) => ({ accessKeyId: id, secretAccessKey: key });

describe('issue', () => {
  test('makes a key of the user, and hides its secret', async () => {
    const made = await iam.issue(session);

    expect(made).toEqual({
      id: expect.stringMatching(/^AKIA/),
      key: expect.stringMatching(/^\S{40}$/),
      fields: {},
    });
    expect(session.hidden).toEqual([made.key]);
    expect(await idsOf()).toEqual([made.id]);
  });

  test('asks once, also where the answer gets lost', async () => {
    lab.faults.add('drop after CreateAccessKey');

    await expect(iam.issue(session)).rejects.toMatchObject({
      name: 'IssuerNoAnswerError',
      message: expect.stringMatching(/^IAM cannot be asked for CreateAccessKey for robot \(/),
    });
    expect(calls()).toEqual(['CreateAccessKey']);
    expect(await idsOf()).toHaveLength(1);
  });

  test('asks once, also where IAM is out of order', async () => {
    lab.faults.add('refuse CreateAccessKey with ServiceFailure');

    await expect(iam.issue(session)).rejects.toMatchObject({ name: 'IssuerNoAnswerError' });
    expect(calls()).toEqual(['CreateAccessKey']);
  });

  test('is refused a third key', async () => {
    await iam.issue(session);
    await iam.issue(session);

    await expect(iam.issue(session)).rejects.toMatchObject({
      name: 'IssuerRefusedError',
      message:
        'IAM refused CreateAccessKey for robot (LimitExceededException): Cannot exceed quota for AccessKeysPerUser: 2',
    });
  });

  test('is refused for a user that does not exist', async () => {
    const nobody = { ...session, parameters: { userName: 'nobody' } };

    await expect(iam.issue(nobody)).rejects.toMatchObject({
      name: 'IssuerRefusedError',
      message: expect.stringContaining('The user with name nobody cannot be found.'),
    });
  });

  test('is refused without the right', async () => {
    lab.faults.add('refuse CreateAccessKey with AccessDenied');

    await expect(iam.issue(session)).rejects.toMatchObject({ name: 'IssuerRefusedError' });
  });

  test.each(['Throttling', 'ConcurrentModification'])('is to be asked for again later after %s', async (error) => {
    lab.faults.add(`refuse CreateAccessKey with ${error}`);

    await expect(iam.issue(session)).rejects.toMatchObject({
      name: 'IssuerBusyError',
      message: expect.stringContaining(`IAM refused CreateAccessKey for robot (${error}`),
    });
    expect(calls()).toEqual(['CreateAccessKey']);
  });
});

describe('list', () => {
  test('has inactive keys as well, with the times of their creation', async () => {
    await lab.clock.set(new Date('2027-03-01T12:00:00Z'));
    const one = await iam.issue(session);
    const other = await iam.issue(session);
    lab.accessKeys.setStatus('robot', one.id!, 'Inactive');

    const keys = await iam.list(session);

    expect(keys.map(({ id }) => id)).toEqual([one.id, other.id]);
    expect(keys[0].createdAt?.toISOString()).toMatch(/^2027-03-01T12:00/);
  });

  test.each(['throttle ListAccessKeys', 'drop before ListAccessKeys', 'refuse ListAccessKeys with ServiceFailure'])(
    'is asked for again: %s',
    async (fault) => {
      lab.faults.add(fault);

      expect(await idsOf()).toEqual([]);
      expect(calls()).toEqual(['ListAccessKeys', 'ListAccessKeys']);
    },
  );
});

describe('revoke', () => {
  test('deactivates the key, then deletes it', async () => {
    const one = await iam.issue(session);
    const other = await iam.issue(session);

    await iam.revoke(session, one.id!);

    expect(calls().slice(2)).toEqual(['UpdateAccessKey', 'DeleteAccessKey']);
    expect(await idsOf()).toEqual([other.id]);
  });

  test('counts a key that is gone as done', async () => {
    const { id } = await iam.issue(session);
    await iam.revoke(session, id!);

    await expect(iam.revoke(session, id!)).resolves.toBeUndefined();
  });

  test('does not count a user that is gone as done', async () => {
    const nobody = { ...session, parameters: { userName: 'nobody' } };

    await expect(iam.revoke(nobody, 'AKIAEXAMPLE')).rejects.toMatchObject({
      name: 'IssuerRefusedError',
      message: expect.stringContaining('The user with name nobody cannot be found.'),
    });
  });

  test.each(['drop after UpdateAccessKey', 'drop after DeleteAccessKey', 'throttle DeleteAccessKey'])(
    'succeeds all the same: %s',
    async (fault) => {
      const { id } = await iam.issue(session);
      lab.faults.add(fault);

      await iam.revoke(session, id!);

      expect(await idsOf()).toEqual([]);
    },
  );

  test('leaves a key inactive where it may not be deleted', async () => {
    const made = await iam.issue(session);
    lab.faults.add('refuse DeleteAccessKey with AccessDenied');

    await expect(iam.revoke(session, made.id!)).rejects.toMatchObject({ name: 'IssuerRefusedError' });
    expect(await iam.probe(session, versionOf(made))).toMatchObject({ verdict: 'rejected' });
  });
});

describe('probe', () => {
  test('is valid for a key that STS knows', async () => {
    const made = await iam.issue(session);

    const probe = await iam.probe(session, versionOf(made));

    expect(probe).toEqual({ verdict: 'valid', detail: `STS knows ${made.id}` });
  });

  test('is rejected for a key that is inactive, gone, or has another secret', async () => {
    const [one, other] = [await iam.issue(session), await iam.issue(session)];
    lab.accessKeys.setStatus('robot', one.id!, 'Inactive');

    const inactive = await iam.probe(session, versionOf(one));
    await iam.revoke(session, one.id!);
    const gone = await iam.probe(session, versionOf(one));
    const mixed = await iam.probe(session, versionOf({ ...other, key: one.key }));

    expect([inactive, gone, mixed].map(({ verdict }) => verdict)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(findLeaks('details', JSON.stringify([inactive, gone, mixed]), [one.key, other.key])).toEqual([]);
  });

  test.each([{ secretAccessKey: 'a-secret' }, { accessKeyId: 'AKIAEXAMPLE' }, {}])(
    'is rejected for a version without both parts, and asks nothing: %j',
    async (version) => {
      expect(await iam.probe(session, version)).toMatchObject({ verdict: 'rejected' });
      expect(calls()).toEqual([]);
    },
  );

  test.each(['throttle', 'refuse', 'drop before'])('is unknown when STS gives no answer: %s', async (fault) => {
    const made = await iam.issue(session);
    lab.faults.add(`${fault} GetCallerIdentity ${fault === 'refuse' ? 'with ServiceFailure ' : ''}always`);

    const probe = await iam.probe(session, versionOf(made));

    expect(probe.verdict).toBe('unknown');
    expect(findLeaks('detail', probe.detail, [made.key])).toEqual([]);
  });

  test('is unknown without time left', async () => {
    const over = { ...session, deadline: Deadline.of({ getRemainingTimeInMillis: () => 0 }) };

    const probe = await iam.probe(over, { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'a-secret' });

    expect(probe).toEqual({ verdict: 'unknown', detail: expect.stringContaining('no time is left for') });
  });
});

describe('an answer that is no answer of IAM', () => {
  const HALF = 'half-of-a-secret-access-key';
  let server: Server;

  afterEach(async () => await new Promise((resolve) => server.close(resolve)));

  test.each([
    ['that ends in the middle', `<CreateAccessKeyResponse><AccessKey><SecretAccessKey>${HALF}`],
    ['that is an HTML page', `<html><body>${HALF}<br></body>`],
    ['that is no XML', `{"SecretAccessKey":"${HALF}"}`],
    [
      'without the id of the key',
      `<CreateAccessKeyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><CreateAccessKeyResult><AccessKey>` +
        `<SecretAccessKey>${HALF}</SecretAccessKey></AccessKey></CreateAccessKeyResult></CreateAccessKeyResponse>`,
    ],
  ])('%s is an error that quotes nothing of it', async (_name, body) => {
    let asked = 0;
    server = createServer((_request, response) => {
      asked++;
      response.writeHead(200, { 'content-type': 'text/xml' }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    useEndpoint(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);

    const error = await iam.issue(session).catch((each: Error) => each as Error & { cause?: Error });

    expect(error).toMatchObject({ name: 'IssuerNoAnswerError' });
    const told = [error, (error as Error).message, ((error as Error).cause as Error | undefined)?.message];
    expect(findLeaks('error', JSON.stringify(told), [HALF])).toEqual([]);
    expect(asked).toBe(1);
  });
});
