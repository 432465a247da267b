// Questions and commands over REST. An answer is a value either way: what was asked for, or the refusal in the server's words.

import type {
  Accepted,
  BookRisk,
  CancelAllBody,
  Chart,
  Depth,
  Exposure,
  FlattenPreview,
  KillBody,
  LimitBody,
  ParameterBody,
  PhraseAnswer,
  PhraseBody,
  Refusal,
  Rotation,
  Tape,
  Why,
} from './generated';

export type Answer<T> = { ok: true; value: T } | { ok: false; status: number; refusal: Refusal };

export interface Api {
  chart(instrument: number, bar: string, limit: number): Promise<Answer<Chart>>;
  depth(instrument: number): Promise<Answer<Depth>>;
  tape(instrument: number): Promise<Answer<Tape>>;
  why(order: string): Promise<Answer<Why>>;
  flattenPreview(): Promise<Answer<FlattenPreview>>;
  exposures(): Promise<Answer<Exposure[]>>;
  risk(): Promise<Answer<BookRisk>>;
  rotation(): Promise<Answer<Rotation>>;
  /** Reads a typed command; nothing is done. */
  readPhrase(text: string): Promise<Answer<PhraseAnswer>>;
  doPhrase(body: PhraseBody): Promise<Answer<Accepted>>;
  startStrategy(strategy: string, reason?: string): Promise<Answer<Accepted>>;
  pauseStrategy(strategy: string, reason?: string): Promise<Answer<Accepted>>;
  stopStrategy(strategy: string, reason?: string): Promise<Answer<Accepted>>;
  setParameter(strategy: string, parameter: string, body: ParameterBody): Promise<Answer<Accepted>>;
  setLimit(limit: string, body: LimitBody): Promise<Answer<Accepted>>;
  cancelOrder(order: string, reason?: string): Promise<Answer<Accepted>>;
  queryOrder(order: string): Promise<Answer<Accepted>>;
  cancelAll(body: CancelAllBody): Promise<Answer<Accepted>>;
  closePosition(instrument: number, reason?: string): Promise<Answer<Accepted>>;
  stopEntries(reason?: string): Promise<Answer<Accepted>>;
  resumeEntries(reason?: string): Promise<Answer<Accepted>>;
  kill(body: KillBody): Promise<Answer<Accepted>>;
  resetKill(reason: string): Promise<Answer<Accepted>>;
}

const patienceMs = 8000;

export function makeApi(
  base: string,
  token: () => string | null,
  fetcher: typeof fetch = (input, init) => fetch(input, init),
): Api {
  async function ask<T>(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<Answer<T>> {
    const key = token();
    const headers: Record<string, string> = { Accept: 'application/json' };
    if (key !== null) headers['Authorization'] = `Bearer ${key}`;
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    try {
      const response = await fetcher(`${base}/api/v1${path}`, {
        method,
        headers,
        signal: AbortSignal.timeout(patienceMs),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer: unknown = await response.json().catch(() => null);
      if (response.ok) return { ok: true, value: answer as T };
      return { ok: false, status: response.status, refusal: refusalOf(answer, response.status) };
    } catch (error) {
      const slow = error instanceof DOMException && error.name === 'TimeoutError';
      const text = slow
        ? `The engine has not answered for ${patienceMs / 1000} s. Nothing is known about this request; look at the log.`
        : 'There is no connection to the engine. Nothing was sent.';
      return { ok: false, status: 0, refusal: { code: slow ? 'no_answer' : 'no_connection', text, details: [] } };
    }
  }
  const write = (path: string, body: unknown): Promise<Answer<Accepted>> => ask('POST', path, body);
  const because = (reason: string | undefined): { reason: string | null } => ({
    reason: reason === undefined || reason === '' ? null : reason,
  });
  const name = encodeURIComponent;

  return {
    chart: (instrument, bar, limit) => ask('GET', `/instruments/${instrument}/candles?bar=${name(bar)}&limit=${limit}`),
    depth: (instrument) => ask('GET', `/instruments/${instrument}/depth`),
    tape: (instrument) => ask('GET', `/instruments/${instrument}/tape`),
    why: (order) => ask('GET', `/orders/${name(order)}/why`),
    flattenPreview: () => ask('GET', '/flatten/preview'),
    exposures: () => ask('GET', '/exposures'),
    risk: () => ask('GET', '/risk'),
    rotation: () => ask('GET', '/rotation'),
    readPhrase: (text) => ask('GET', `/phrase?text=${name(text)}`),
    doPhrase: (body) => write('/phrase', body),
    startStrategy: (strategy, reason) => write(`/strategies/${name(strategy)}/start`, because(reason)),
    pauseStrategy: (strategy, reason) => write(`/strategies/${name(strategy)}/pause`, because(reason)),
    stopStrategy: (strategy, reason) => write(`/strategies/${name(strategy)}/stop`, because(reason)),
    setParameter: (strategy, parameter, body) =>
      ask('PUT', `/strategies/${name(strategy)}/parameters/${name(parameter)}`, body),
    setLimit: (limit, body) => ask('PUT', `/limits/${name(limit)}`, body),
    cancelOrder: (order, reason) => write(`/orders/${name(order)}/cancel`, because(reason)),
    queryOrder: (order) => write(`/orders/${name(order)}/query`, because(undefined)),
    cancelAll: (body) => write('/orders/cancel-all', body),
    closePosition: (instrument, reason) => write(`/positions/${instrument}/close`, because(reason)),
    stopEntries: (reason) => write('/entries/stop', because(reason)),
    resumeEntries: (reason) => write('/entries/resume', because(reason)),
    kill: (body) => write('/kill', body),
    resetKill: (reason) => write('/kill/reset', because(reason)),
  };
}

function refusalOf(answer: unknown, status: number): Refusal {
  if (typeof answer === 'object' && answer !== null && 'text' in answer && typeof answer.text === 'string') {
    const { code, text, details } = answer as Partial<Refusal>;
    return { code: code ?? String(status), text: text ?? '', details: details ?? [] };
  }
  return { code: String(status), text: `The engine refused the request (HTTP ${status}).`, details: [] };
}
