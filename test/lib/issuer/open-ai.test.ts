import { OpenAI } from '../../../lib';
import { asked, declared } from './issuers';

const ROTATION = { credential: ['adminKey'], parameters: { projectId: 'proj_1' } };

test('each key is of a service account of its own, and ends with it', () => {
  const { hosts, issue, list, revoke, probe } = declared('issued', OpenAI.serviceAccountKey(), ROTATION);

  expect(hosts).toEqual(['api.openai.com']);
  expect([issue, list, revoke, probe].map(asked)).toEqual([
    'POST https://api.openai.com/v1/organization/projects/{parameter projectId}/service_accounts',
    'GET https://api.openai.com/v1/organization/projects/{parameter projectId}/service_accounts?limit=100',
    'DELETE https://api.openai.com/v1/organization/projects/{parameter projectId}/service_accounts/{keyId}',
    'GET https://api.openai.com/v1/models',
  ]);
  expect([issue.key, issue.id]).toEqual(['/api_key/value', '/id']);
});

test('a further page of accounts begins after the last one', () => {
  const { list } = declared('issued', OpenAI.serviceAccountKey(), ROTATION);

  expect(list.paging).toEqual({ by: 'cursor', parameter: 'after', next: '/last_id' });
});
