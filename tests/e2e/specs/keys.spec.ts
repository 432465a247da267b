import { ask, expect, test } from '../support/desk.ts';

test('keys reach the panels, the themes and the dialogs', async ({ desk }) => {
  // A key pressed while the page is still being put together is lost: a person presses it again.
  await expect(async () => {
    await desk.keyboard.press('F6');
    await expect(desk.getByTestId('panel-watchlist').locator('.pane')).toBeFocused({ timeout: 1000 });
  }).toPass();
  await desk.keyboard.press('Home');
  const first = await desk.getByTestId('panel-watchlist').locator('tr[aria-selected=true]').textContent();
  await desk.keyboard.press('ArrowDown');
  await expect(desk.getByTestId('panel-watchlist').locator('tr[aria-selected=true]')).not.toHaveText(first ?? '');
  const symbol = (await desk.getByTestId('panel-watchlist').locator('tr[aria-selected=true] .sym').textContent()) ?? '';
  await expect(desk.getByTestId('panel-chart').locator('h2')).toHaveText(symbol);

  await desk.keyboard.press('m');
  await expect(desk.getByTestId('panel-chart')).toHaveCount(0);
  await desk.keyboard.press('Escape');
  await expect(desk.getByTestId('panel-chart')).toBeVisible();

  await desk.keyboard.press('Shift+T');
  await expect(desk.locator('html')).toHaveAttribute('data-pair', 'cb');
  await desk.keyboard.press('?');
  await expect(desk.getByTestId('help-dialog')).toContainText('KILL');
  await desk.keyboard.press('Escape');
});

test('go to finds a symbol by its letters', async ({ desk }) => {
  const instruments = await ask<{ symbol: string }[]>(desk, '/instruments');
  const target = instruments.at(-1)?.symbol ?? '';
  await desk.keyboard.press('Control+k');
  await desk.getByRole('combobox').fill(target.toLowerCase());
  await desk.keyboard.press('Enter');
  await expect(desk.getByTestId('palette')).toHaveCount(0);
  await expect(desk.getByTestId('panel-chart').locator('h2')).toHaveText(target);
});

test('letters do nothing while a text is written', async ({ desk }) => {
  await desk.keyboard.press('Control+k');
  await desk.getByRole('combobox').pressSequentially('t2?');
  await expect(desk.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(desk.getByTestId('workspace-trade')).toBeVisible();
  await expect(desk.getByTestId('help-dialog')).toHaveCount(0);
});

interface Strategy {
  name: string;
  title: string;
  state: string;
}

test('a typed command says what it will do, waits three seconds, and can be taken back', async ({ desk }) => {
  const [strategy] = (await ask<Strategy[]>(desk, '/strategies')).filter((row) => row.state === 'running');
  if (!strategy) throw new Error('the demo runs no strategy');
  const stateNow = async (): Promise<string | undefined> =>
    (await ask<Strategy[]>(desk, '/strategies')).find((row) => row.name === strategy.name)?.state;

  await desk.keyboard.press('Control+k');
  await desk.getByRole('combobox').fill(`pause ${strategy.title.toLowerCase()} tomorrow`);
  await expect(desk.getByTestId('phrase-problem')).toContainText('"tomorrow"');
  await expect(desk.getByTestId('palette-apply')).toHaveCount(0);

  await desk.getByRole('combobox').fill(`pause ${strategy.title.toLowerCase()}`);
  await expect(desk.getByTestId('phrase-actions')).toContainText(`${strategy.title} takes no new entries`);
  await desk.keyboard.press('Enter');
  await expect(desk.getByTestId('palette')).toHaveCount(0);
  await desk.keyboard.press('Control+z');
  await expect(desk.getByText('Taken back. Nothing was sent.')).toBeVisible();
  await expect(desk.getByTestId('leaving')).toHaveCount(0);
  await desk.waitForTimeout(3500); // longer than the wait it was taken out of
  expect(await stateNow()).toBe('running');

  await desk.keyboard.press('Control+k');
  await desk.getByRole('combobox').fill(`pause ${strategy.title.toLowerCase()}`);
  await desk.getByTestId('palette-apply').click();
  await expect.poll(stateNow).toBe('paused');
  await desk.keyboard.press('Control+k');
  await desk.getByRole('combobox').fill('resume all strategies');
  await desk.getByTestId('palette-apply').click();
  await expect.poll(stateNow).toMatch(/running|warming/);
});
