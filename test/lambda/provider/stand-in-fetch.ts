import type { IssuerStandIn } from '../../../lab/stand-in/issuer-stand-in';
import type { IssuerClient } from '../../lab/stand-in/issuer-client';

/** Leads `fetch` to a stand-in of the lab, whatever host it is for. */
export function leadFetchTo(client: IssuerClient<IssuerStandIn>): void {
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (url, { method, headers, body } = {}) => {
    const sent = { ...(headers as Record<string, string>) };
    const isJson = sent['content-type'] === 'application/json';
    const form = Object.fromEntries(new URLSearchParams(String(body)));
    const question = { headers: sent, ...(body && (isJson ? { json: JSON.parse(String(body)) } : { form })) };
    try {
      const answer = await client.ask(`${method} ${url}`, question);
      return new Response(answer.text, { status: answer.status, headers: answer.headers as Record<string, string> });
    } catch (cause) {
      throw new TypeError('fetch failed', { cause });
    }
  });
}
