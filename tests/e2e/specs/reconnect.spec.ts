import type { WebSocketRoute } from '@playwright/test';
import { ask, expect, openDesk, test } from '../support/desk.ts';

test('a lost engine turns the desk grey, says since when, and comes back by itself', async ({ page, watch }) => {
  void watch;
  // A switch in the wire between page and engine: the engine itself is the real one.
  let cut = false;
  let attempts = 0;
  let wire: WebSocketRoute | null = null;
  await page.routeWebSocket(/\/api\/v1\/stream/, (route) => {
    attempts++;
    if (cut) {
      void route.close({ code: 1001 });
      return;
    }
    wire = route;
    route.connectToServer();
  });
  await openDesk(page);
  await expect(page.getByTestId('link-note')).toHaveCount(0);
  await expect(page.getByTestId('banner-equity')).toContainText(/\d/);
  const equity = await page.getByTestId('banner-equity').locator('.banner-value').textContent();

  cut = true;
  await (wire as WebSocketRoute | null)?.close({ code: 1001 });
  await expect(page.getByTestId('link-note')).toContainText('No connection to the engine');
  await expect(page.getByTestId('banner-gateway')).toContainText(/No engine|Connecting/);
  await expect(page.getByTestId('banner-age')).toContainText('old');
  // What was known stays on the screen, without its colour.
  expect(await page.getByTestId('banner-equity').locator('.banner-value').textContent()).toContain(
    (equity ?? '').slice(0, 3),
  );
  await expect(page.getByTestId('banner-pnl').locator('.stale').first()).toBeVisible();
  await expect(page.getByTestId('kill-button')).toBeVisible();
  const ageBefore = await page.getByTestId('banner-age').textContent();
  await expect(page.getByTestId('banner-age')).not.toHaveText(ageBefore ?? '');

  // The wire is still cut, so the note stays and the button with it: each press is one attempt more.
  const before = attempts;
  await page.getByTestId('try-now').click();
  await expect.poll(() => attempts).toBeGreaterThan(before);
  await expect(page.getByTestId('link-note')).toBeVisible();

  // Whole again: the page comes back without a hand, within its longest pause.
  cut = false;
  await expect(page.getByTestId('link-note')).toHaveCount(0, { timeout: 45_000 });
  await expect(page.getByTestId('banner-gateway')).not.toContainText('No engine');
  const clock = page.getByTestId('engine-clock');
  await expect(clock).not.toHaveText((await clock.textContent()) ?? '');
  await ask(page, '/status');
});
