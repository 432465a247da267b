// What every test of the desk needs: a page that is watched for errors, and the API beside it.

import { test as base, expect, type Locator, type Page } from '@playwright/test';

export { expect };

export interface DeskAddress {
  url: string;
  origin: string;
  token: string;
}

export function address(): DeskAddress {
  const url = process.env['ROBO_DESK_URL'];
  if (!url) throw new Error('ROBO_DESK_URL is not set');
  const parsed = new URL(url);
  const token = new URLSearchParams(parsed.hash.slice(1)).get('token') ?? '';
  return { url, origin: parsed.origin, token };
}

/** What the browser must never do: complain, fail, or talk to anyone but the engine. */
export interface Watch {
  errors: string[];
  foreign: string[];
}

export const test = base.extend<{ watch: Watch; desk: Page }>({
  watch: async ({ page }, use) => {
    const watch: Watch = { errors: [], foreign: [] };
    const { origin } = address();
    const socket = origin.replace(/^http/, 'ws');
    page.on('console', (message) => {
      if (message.type() === 'error') watch.errors.push(message.text());
    });
    page.on('pageerror', (error) => watch.errors.push(String(error)));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(origin) && !url.startsWith('data:') && !url.startsWith('blob:')) watch.foreign.push(url);
    });
    page.on('websocket', (stream) => {
      if (!stream.url().startsWith(socket)) watch.foreign.push(stream.url());
    });
    await use(watch);
    expect(watch.errors, 'console errors').toEqual([]);
    expect(watch.foreign, 'requests to other hosts').toEqual([]);
  },
  desk: async ({ page, watch }, use) => {
    void watch;
    await openDesk(page);
    await use(page);
  },
});

export type Look = { theme?: 'dark' | 'light'; pair?: 'default' | 'cb' };

export async function openDesk(page: Page, look: Look = {}): Promise<void> {
  await page.addInitScript(
    ([theme, pair]) => {
      if (localStorage.getItem('robotrader.look') === null) {
        localStorage.setItem('robotrader.look', JSON.stringify({ theme, pair, pairChosen: true }));
      }
    },
    [look.theme ?? 'dark', look.pair ?? 'default'] as const,
  );
  await page.goto(address().url);
  await expect(page.getByTestId('mode-pill')).not.toHaveText('NO ENGINE', { timeout: 60_000 });
}

/** A question to the API, as any program would ask it. */
export async function ask<T>(page: Page, path: string): Promise<T> {
  const { origin, token } = address();
  const answer = await page.request.get(`${origin}/api/v1${path}`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  expect(answer.ok(), `GET ${path}: ${answer.status()}`).toBe(true);
  return (await answer.json()) as T;
}

export async function tell(page: Page, path: string, body: unknown = {}): Promise<void> {
  const { origin, token } = address();
  const answer = await page.request.post(`${origin}/api/v1${path}`, {
    headers: { Authorization: `Bearer ${token}` },
    data: body,
  });
  expect(answer.status(), `POST ${path}: ${await answer.text()}`).toBe(202);
}

/** The number in a cell: `+1,557.50` and `−598.50` as they are written on the desk. */
export function numberIn(text: string | null): number {
  const plain = (text ?? '').replaceAll(',', '').replace('−', '-').replace('+', '');
  return Number(/-?\d+(\.\d+)?/.exec(plain)?.[0] ?? 'NaN');
}

/** Waits until the text of an element has changed `times` times. */
export async function changes(target: Locator, times: number, withinMs: number): Promise<void> {
  const seen = new Set<string>();
  await expect
    .poll(
      async () => {
        seen.add((await target.textContent()) ?? '');
        return seen.size;
      },
      { timeout: withinMs, intervals: [100] },
    )
    .toBeGreaterThan(times);
}

/** Presses a hold button and keeps it down: pressed again where the button moved away between pointing and pressing. */
export async function pressAndHold(page: Page, button: Locator): Promise<void> {
  await expect(async () => {
    await page.mouse.up();
    await button.hover();
    await page.mouse.down();
    await expect
      .poll(async () => (await button.count()) === 0 || /Keep holding/.test(await button.innerText()), {
        intervals: [50],
        timeout: 5_000,
      })
      .toBe(true);
  }).toPass();
}
