import { address, ask, changes, expect, numberIn, test } from '../support/desk.ts';

interface Instrument {
  id: number;
  symbol: string;
  source: string;
  has_depth: boolean;
}

test('shows the mode the server says, and the figures the server has', async ({ desk }) => {
  const status = await ask<{ mode: string; account: string }>(desk, '/status');
  await expect(desk.getByTestId('mode-pill')).toHaveText(status.mode);
  await expect(desk.getByTestId('banner-gateway')).toContainText('Logged in', {
    timeout: 60_000,
  });
  for (const id of ['watchlist', 'chart', 'ladder', 'tape', 'positions', 'orders', 'strategies', 'log']) {
    await expect(desk.getByTestId(`panel-${id}`), id).toBeVisible();
  }
  await expect(async () => {
    const account = await ask<{ net_liquidation: string }>(desk, '/account');
    const shown = numberIn(await desk.getByTestId('banner-equity').locator('.banner-value').textContent());
    expect(Math.abs(shown - Number(account.net_liquidation))).toBeLessThan(Number(account.net_liquidation) * 0.001);
  }).toPass({ timeout: 60_000 });
});

test('moves: prices, trades, depth and the clock', async ({ desk }) => {
  await changes(desk.getByTestId('engine-clock'), 2, 60_000);
  const instruments = await ask<Instrument[]>(desk, '/instruments');
  const lasts = desk.locator('[data-testid^="last-"]');
  const before = await lasts.allTextContents();
  expect(before.length).toBe(instruments.length);
  await expect
    .poll(async () => (await lasts.allTextContents()).filter((text, place) => text !== before[place]).length, {
      timeout: 60_000,
    })
    .toBeGreaterThan(2);

  const deep = instruments.find((row) => row.has_depth) ?? instruments[0];
  if (!deep) throw new Error('the engine has no instruments');
  await desk.getByTestId(`last-${deep.symbol}`).click();
  await expect(desk.getByTestId('panel-ladder')).toContainText(deep.symbol);
  await changes(desk.getByTestId('ladder-rows'), 2, 60_000);
  await changes(desk.getByTestId('tape-rows'), 1, 60_000);
});

test('never shows a crossed book, and newest trades first', async ({ desk }) => {
  for (let look = 0; look < 10; look++) {
    const book = await desk.getByTestId('ladder-rows').evaluate((body) => {
      const bids: number[] = [];
      const asks: number[] = [];
      for (const row of body.querySelectorAll('tr')) {
        const price = Number(row.dataset['price']);
        if (row.querySelector('.ladder-bid')?.textContent) bids.push(price);
        if (row.querySelector('.ladder-ask')?.textContent) asks.push(price);
      }
      return { bid: Math.max(...bids), ask: Math.min(...asks) };
    });
    if (Number.isFinite(book.bid) && Number.isFinite(book.ask)) expect(book.bid).toBeLessThan(book.ask);
    const times = await desk
      .getByTestId('tape-rows')
      .evaluate((body) =>
        [...body.querySelectorAll('tr td:first-child')].map((cell) => cell.textContent ?? '').filter(Boolean),
      );
    expect(times).toEqual(times.toSorted().toReversed());
    await desk.waitForTimeout(200);
  }
});

test('says "reconstructed from 1-minute bars" wherever such prices are shown', async ({ desk }) => {
  const instruments = await ask<Instrument[]>(desk, '/instruments');
  const made = instruments.find((row) => row.source.startsWith('reconstructed'));
  const recorded = instruments.find((row) => row.source.startsWith('recorded'));
  if (!made || !recorded) throw new Error('the demo should hold both kinds of data');
  await expect(desk.getByTestId('panel-watchlist')).toContainText(/reconstructed from 1-minute bars/i);
  await desk.getByTestId(`last-${made.symbol}`).click();
  for (const id of ['chart', 'ladder', 'tape']) {
    await expect(desk.getByTestId(`panel-${id}`).getByTestId('reconstructed'), id).toHaveText(
      'reconstructed from 1-minute bars',
    );
  }
  await desk.getByTestId(`last-${recorded.symbol}`).click();
  for (const id of ['chart', 'ladder', 'tape']) {
    await expect(desk.getByTestId(`panel-${id}`).getByTestId('reconstructed'), id).toHaveCount(0);
  }
});

test('draws candles, and one mark for each own fill of the symbol', async ({ desk }) => {
  interface Fill {
    instrument: number;
  }
  await expect
    .poll(async () => (await ask<Fill[]>(desk, '/fills')).length, {
      timeout: 90_000,
    })
    .toBeGreaterThan(0);
  const fills = await ask<Fill[]>(desk, '/fills');
  const instruments = await ask<Instrument[]>(desk, '/instruments');
  const symbol = instruments.find((row) => row.id === fills[0]?.instrument)?.symbol ?? '';
  await desk.getByTestId(`last-${symbol}`).click();
  await expect(async () => {
    const all = await ask<Fill[]>(desk, '/fills');
    const mine = all.filter((row) => row.instrument === fills[0]?.instrument).length;
    expect(Number(await desk.getByTestId('panel-chart').locator('.chart-host').getAttribute('data-fills'))).toBe(mine);
  }).toPass({ timeout: 60_000 });
  const canvas = desk.getByTestId('panel-chart').locator('canvas').first();
  const painted = await canvas.evaluate((node: HTMLCanvasElement) => {
    const pixels = node.getContext('2d')?.getImageData(0, 0, node.width, node.height).data ?? new Uint8ClampedArray();
    let up = 0;
    let down = 0;
    for (let at = 0; at < pixels.length; at += 4) {
      const [red = 0, green = 0, alpha = 0] = [pixels[at], pixels[at + 1], pixels[at + 3]];
      if (alpha > 200 && green > 150 && red < 90) up++;
      if (alpha > 200 && red > 200 && green < 140) down++;
    }
    return { up, down };
  });
  expect(painted.up + painted.down, 'pixels of candles').toBeGreaterThan(200);
});

test('adds up: the columns of positions equal their total row', async ({ desk }) => {
  await expect
    .poll(async () => desk.getByTestId('panel-positions').locator('tr[data-row]').count(), { timeout: 90_000 })
    .toBeGreaterThan(0);
  const table = await desk.getByTestId('panel-positions').evaluate((panel) => {
    const cells = (row: Element): string[] => [...row.querySelectorAll('td')].map((cell) => cell.textContent ?? '');
    const sum = panel.querySelector('[data-testid="positions-total"]');
    return {
      rows: [...panel.querySelectorAll('tr[data-row]')].map(cells),
      total: sum ? cells(sum) : [],
    };
  });
  for (const column of [6, 7, 8]) {
    const sum = table.rows.reduce((total, row) => total + (numberIn(row[column] ?? '') || 0), 0);
    expect(sum, `column ${column}`).toBeCloseTo(numberIn(table.total[column] ?? '') || 0, 1);
  }
});

test('the risk workspace shows sectors, value at risk and rotation as the engine has them', async ({ desk }) => {
  await expect
    .poll(
      async () => (await ask<{ kind: string }[]>(desk, '/exposures')).filter((row) => row.kind === 'sector').length,
      { timeout: 90_000 },
    )
    .toBeGreaterThan(0);
  await desk.keyboard.press('2');
  const sectors = desk.getByTestId('panel-sectors').locator('[data-testid^="sector-"]');
  await expect(async () => {
    const held = (await ask<{ kind: string; name: string }[]>(desk, '/exposures')).filter(
      (row) => row.kind === 'sector',
    );
    const shown = await sectors.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-testid')));
    expect(shown.toSorted()).toEqual(held.map((row) => `sector-${row.name}`).toSorted());
    const risk = await ask<{ value_at_risk_99_percent: number | null }>(desk, '/risk');
    const figure = desk.getByTestId('risk-var-99').locator('dd').first();
    await expect(figure).toHaveText(
      risk.value_at_risk_99_percent === null ? '—' : `${risk.value_at_risk_99_percent.toFixed(2)} %`,
      { timeout: 4000 },
    );
  }).toPass({ timeout: 60_000 });
  const { members } = await ask<{ members: { symbol: string }[] }>(desk, '/rotation');
  await expect(desk.getByTestId('panel-rotation').locator('[data-testid^="rotation-"]')).toHaveCount(members.length);
  await expect(desk.getByTestId('appetite')).toContainText(/Risk on|Neutral|Risk off|Not known/);
});

test('keeps its state over a reload', async ({ desk }) => {
  const instruments = await ask<Instrument[]>(desk, '/instruments');
  await expect
    .poll(async () => (await ask<unknown[]>(desk, '/fills')).length, {
      timeout: 90_000,
    })
    .toBeGreaterThan(0);
  await desk.keyboard.press('t');
  await desk.keyboard.press('2');
  await expect(desk.getByTestId('workspace-risk')).toBeVisible();
  const fills = (await ask<unknown[]>(desk, '/fills')).length;

  await desk.reload();
  await expect(desk.getByTestId('workspace-risk')).toBeVisible();
  await expect(desk.locator('html')).toHaveAttribute('data-theme', 'light');
  await desk.keyboard.press('1');
  await expect(desk.locator('[data-testid^="last-"]')).toHaveCount(instruments.length);
  await expect(desk.getByTestId('panel-orders').locator('.group')).toContainText(/Fills today \d/);
  const shown = numberIn(await desk.getByTestId('panel-orders').locator('.group').textContent());
  expect(shown).toBeGreaterThanOrEqual(fills);
  // The token survives the reload too, though it is no longer in the address.
  expect(desk.url()).not.toContain('token');
  expect(address().token).not.toBe('');
  await desk.keyboard.press('Shift+P');
  await expect(desk.getByTestId('pause-all-dialog')).toBeVisible();
  await desk.keyboard.press('Escape');
});
