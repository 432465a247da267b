import { ask, expect, pressAndHold, test } from '../support/desk.ts';

test.describe.configure({ timeout: 300_000 });

interface Position {
  instrument: number;
  quantity: string;
}
interface Order {
  state: string;
}
interface Status {
  entries_allowed: boolean;
  kill: { state: string; reason: string };
}

const open = (rows: Position[]): number => rows.filter((row) => Number(row.quantity) !== 0).length;
const alive = (rows: Order[]): number =>
  rows.filter((row) => ['pending', 'working', 'partial', 'held', 'unknown'].includes(row.state)).length;

test('opening the dialog stops entries, closing it lets them out again', async ({ desk }) => {
  await expect.poll(async () => (await ask<Status>(desk, '/status')).entries_allowed).toBe(true);
  await desk.keyboard.press('Shift+Escape');
  await expect(desk.getByTestId('kill-dialog')).toBeVisible();
  await expect.poll(async () => (await ask<Status>(desk, '/status')).entries_allowed).toBe(false);
  await expect(desk.getByTestId('mode-pill').first()).toBeVisible();
  await desk.getByTestId('kill-close').click();
  await expect.poll(async () => (await ask<Status>(desk, '/status')).entries_allowed).toBe(true);
});

test('a button that is let go early does nothing', async ({ desk }) => {
  await desk.getByTestId('kill-button').click();
  const hold = desk.getByTestId('kill-hold');
  await pressAndHold(desk, hold);
  await desk.mouse.up();
  await expect(hold).not.toContainText('Keep holding');
  await desk.waitForTimeout(1200);
  expect((await ask<Status>(desk, '/status')).kill.state).not.toBe('fired');
  await desk.keyboard.press('Escape');
  await expect(desk.getByTestId('kill-dialog')).toHaveCount(0);
});

test('held for its time it cancels everything and flattens', async ({ desk }) => {
  // The demo trades by itself: wait until there is something to close.
  await expect
    .poll(async () => open(await ask<Position[]>(desk, '/positions')), {
      timeout: 120_000,
    })
    .toBeGreaterThan(0);
  await desk.keyboard.press('Shift+Escape');
  await desk.getByTestId('kill-flatten').click();
  await expect(desk.getByTestId('kill-plan')).toContainText(/Sell|Buy|None is open/);
  await desk.getByRole('textbox', { name: /Reason/ }).fill('end of the test');
  await pressAndHold(desk, desk.getByTestId('kill-hold'));
  await expect(desk.getByTestId('kill-dialog')).toHaveCount(0, { timeout: 60_000 });
  await desk.mouse.up();

  await expect.poll(async () => (await ask<Status>(desk, '/status')).kill.state).toBe('fired');
  await expect
    .poll(async () => open(await ask<Position[]>(desk, '/positions')), {
      timeout: 60_000,
    })
    .toBe(0);
  await expect
    .poll(async () => alive(await ask<Order[]>(desk, '/orders')), {
      timeout: 60_000,
    })
    .toBe(0);
  await expect(desk.getByTestId('panel-positions')).toContainText('0 open');
  await expect(desk.getByTestId('banner-killed')).toContainText('Fired');
  expect((await ask<Status>(desk, '/status')).kill.reason).toContain('end of the test');
});

test('trades again only after a reset with a reason', async ({ desk }) => {
  await desk.getByTestId('reset-button').click();
  await expect(desk.getByTestId('reset-apply')).toBeDisabled();
  await desk.getByTestId('reset-reason').fill('checked, all flat');
  await desk.getByTestId('reset-apply').click();
  await expect.poll(async () => (await ask<Status>(desk, '/status')).kill.state).toBe('ready');
  await expect(desk.getByTestId('banner-killed')).toHaveCount(0);
});

test('the typed word does what the hold does', async ({ desk }) => {
  await desk.keyboard.press('Shift+Escape');
  await desk.getByTestId('kill-stop_entries').click();
  const send = desk.getByTestId('kill-typed-send');
  await desk.getByTestId('kill-typed').fill('FLATTEN');
  await expect(send).toBeDisabled();
  await desk.getByTestId('kill-typed').fill('stop');
  await send.click();
  await expect.poll(async () => (await ask<Status>(desk, '/status')).entries_allowed).toBe(false);
});
