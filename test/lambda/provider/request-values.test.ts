import { IssuerSession } from '../../../lambda/provider/key-issuer';
import { RequestValues } from '../../../lambda/provider/request-values';
import { JsonBody, RunTimeValue, TEXT_FIELD } from '../../../lib/rotation/issuer-contract';

const NOW: RunTimeValue = { from: 'time', seconds: 0, format: 'unix' };

test.each<[string, JsonBody, unknown]>([
  ['a number where it stands alone', { [TEXT_FIELD]: [NOW] }, 1_795_500_000],
  ['text among other text', { [TEXT_FIELD]: ['at ', NOW] }, 'at 1795500000'],
])('a time in seconds since 1970 is %s in a JSON body', (_description, body, expected) => {
  jest.spyOn(Date, 'now').mockReturnValue(1_795_500_000_000);
  const values = new RequestValues('probe at Acme', {} as IssuerSession, {});

  const sent: unknown = JSON.parse(values.json({ timestamp: body }));

  expect(sent).toEqual({ timestamp: expected });
});
