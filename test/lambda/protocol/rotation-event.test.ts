import { parseRotationEvent } from '../../../lambda/protocol/rotation-event';

const event = { SecretId: 'arn:secret', ClientRequestToken: 'token', Step: 'createSecret' };

test.each(['createSecret', 'setSecret', 'testSecret', 'finishSecret'])('accepts the step %s', (Step) => {
  const parsed = parseRotationEvent({ ...event, Step });

  expect(parsed).toEqual({ ...event, Step, RotationToken: undefined });
});

test('hands on the RotationToken of a rotation from another account', () => {
  const parsed = parseRotationEvent({ ...event, RotationToken: 'proof' });

  expect(parsed.RotationToken).toBe('proof');
});

test.each(['SecretId', 'ClientRequestToken', 'Step'])('names a missing %s', (name) => {
  expect(() => parseRotationEvent({ ...event, [name]: undefined })).toThrow(
    `this is no rotation event: ${name} is missing; the function is meant to be called by Secrets Manager`,
  );
});

test.each([[undefined], [null], ['createSecret'], [42], [{}], [[]]])('names all that is missing in %j', (input) => {
  expect(() => parseRotationEvent(input)).toThrow('SecretId, ClientRequestToken, Step are missing');
});

test('names an unknown step and the known ones', () => {
  expect(() => parseRotationEvent({ ...event, Step: 'rollBack' })).toThrow(
    'the step must be one of createSecret, setSecret, testSecret, finishSecret, got "rollBack"',
  );
});

test('quotes nothing else of a malformed event', () => {
  expect(() =>
    parseRotationEvent({ Step: 'x', SecretId: 's', ClientRequestToken: 't', RotationToken: 'proof' }),
  ).toThrow(expect.not.objectContaining({ message: expect.stringContaining('proof') }));
});
