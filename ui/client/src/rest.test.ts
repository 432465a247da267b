import { describe, expect, it } from 'vitest';
import { makeApi } from './rest';

function answering(
  status: number,
  body: unknown,
): { api: ReturnType<typeof makeApi>; asked: { url: string; init: RequestInit }[] } {
  const asked: { url: string; init: RequestInit }[] = [];
  const api = makeApi(
    '',
    () => 'secret',
    (input, init) => {
      asked.push({ url: input instanceof Request ? input.url : input.toString(), init: init ?? {} });
      return Promise.resolve(new Response(typeof body === 'string' ? body : JSON.stringify(body), { status }));
    },
  );
  return { api, asked };
}

describe('a command', () => {
  it('carries the token, a JSON body and an escaped path', async () => {
    const { api, asked } = answering(202, { request: 1, text: 'ok' });
    expect(await api.setParameter('pairs/1', 'z entry', { value: 2, reason: null })).toEqual({
      ok: true,
      value: { request: 1, text: 'ok' },
    });
    expect(asked[0]?.url).toBe('/api/v1/strategies/pairs%2F1/parameters/z%20entry');
    expect(asked[0]?.init).toMatchObject({ method: 'PUT', body: '{"value":2,"reason":null}' });
    expect(asked[0]?.init.headers).toMatchObject({
      Authorization: 'Bearer secret',
      'Content-Type': 'application/json',
    });
  });
  it('comes back refused in the words of the server', async () => {
    const { api } = answering(422, { code: 'invalid', text: 'The body is wrong.', details: ['value: at most 200'] });
    expect(await api.stopEntries()).toEqual({
      ok: false,
      status: 422,
      refusal: { code: 'invalid', text: 'The body is wrong.', details: ['value: at most 200'] },
    });
  });
  it('has words even when the answer is no JSON', async () => {
    const { api } = answering(500, '<html>');
    expect(await api.stopEntries()).toMatchObject({
      ok: false,
      refusal: { text: 'The engine refused the request (HTTP 500).' },
    });
  });
  it('says that nothing was sent when there is no engine', async () => {
    const api = makeApi(
      '',
      () => null,
      () => Promise.reject(new TypeError('fetch failed')),
    );
    expect(await api.kill({ scope: 'flatten', reason: null })).toMatchObject({
      ok: false,
      refusal: { code: 'no_connection', text: expect.stringContaining('Nothing was sent') as string },
    });
  });
  it('does not claim to know what became of a request without an answer', async () => {
    const api = makeApi(
      '',
      () => null,
      () => Promise.reject(new DOMException('late', 'TimeoutError')),
    );
    expect(await api.kill({ scope: 'flatten', reason: null })).toMatchObject({
      ok: false,
      refusal: { code: 'no_answer', text: expect.stringContaining('Nothing is known') as string },
    });
  });
});
