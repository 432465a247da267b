import AxeBuilder from '@axe-core/playwright';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { ask, expect, openDesk, test, type Look } from '../support/desk.ts';

const pictures =
  process.env['ROBO_DESK_PICTURES'] ?? join(import.meta.dirname, '..', '..', '..', 'build', 'e2e', 'pictures');
mkdirSync(pictures, { recursive: true });

async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

/** Text that does not fit where it stands, but for places that say so with an ellipsis. */
async function overflows(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const faults: string[] = [];
    if (document.documentElement.scrollWidth > window.innerWidth)
      faults.push(`the page is ${document.documentElement.scrollWidth} px wide`);
    const holders = document.querySelectorAll<HTMLElement>(
      'td.num, th, .banner-value, .banner-label, dt, dd, .phone-cell, .panel-title, .btn',
    );
    for (const holder of holders) {
      if (holder.closest('.ellipsis') || holder.querySelector('.ellipsis') || holder.closest('.visually-hidden'))
        continue;
      if (holder.clientWidth === 0 || holder.scrollWidth <= holder.clientWidth + 1) continue;
      faults.push(
        `${holder.closest('[data-testid]')?.getAttribute('data-testid') ?? ''}: "${holder.textContent}" needs ${holder.scrollWidth} px, has ${holder.clientWidth}`,
      );
    }
    return faults;
  });
}

async function violations(page: Page): Promise<string[]> {
  const result = await new AxeBuilder({ page }).analyze();
  return result.violations
    .filter((fault) => fault.impact === 'serious' || fault.impact === 'critical')
    .flatMap((fault) =>
      fault.nodes.map((node) => `${fault.id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
    );
}

/** A desk with something on it: trades of the demo, and a symbol with depth in front. */
async function settled(page: Page, look: Look): Promise<void> {
  await openDesk(page, look);
  await expect
    .poll(async () => (await ask<unknown[]>(page, '/fills')).length, {
      timeout: 90_000,
    })
    .toBeGreaterThan(0);
  await page.waitForTimeout(2500);
}

const looks: readonly [string, Look][] = [
  ['dark', { theme: 'dark' }],
  ['light', { theme: 'light' }],
  ['dark-cb', { theme: 'dark', pair: 'cb' }],
  ['light-cb', { theme: 'light', pair: 'cb' }],
];

test.describe.configure({ timeout: 240_000 });

for (const [name, look] of looks) {
  test(`1440 by 900 in ${name}: everything fits and everyone can read it`, async ({ page, watch }) => {
    void watch;
    await settled(page, look);
    expect(await overflows(page)).toEqual([]);
    expect(await violations(page)).toEqual([]);
    await picture(page, `desk-${name}`);
    await page.keyboard.press('2');
    await page.waitForTimeout(800);
    expect(await overflows(page)).toEqual([]);
    expect(await violations(page)).toEqual([]);
    await picture(page, `risk-${name}`);
  });
}

test('the dialogs fit and can be read', async ({ page, watch }) => {
  void watch;
  await settled(page, {});
  const dialogs: readonly [string, string][] = [
    ['Shift+Escape', 'kill-dialog'],
    ['?', 'help-dialog'],
    ['Control+k', 'palette'],
    ['Shift+C', 'cancel-all-dialog'],
    ['Shift+P', 'pause-all-dialog'],
  ];
  for (const [key, dialog] of dialogs) {
    await page.keyboard.press(key);
    await expect(page.getByTestId(dialog)).toBeVisible();
    await page.waitForTimeout(400);
    expect(await overflows(page), dialog).toEqual([]);
    expect(await violations(page), dialog).toEqual([]);
    await expect(page.getByTestId('mode-pill').first()).toBeVisible();
    await picture(page, dialog);
    await page.keyboard.press('Escape');
    await expect(page.getByTestId(dialog)).toHaveCount(0);
  }
});

for (const theme of ['dark', 'light'] as const) {
  test(`390 by 844 in ${theme}: the four pages of the phone`, async ({ page, watch }) => {
    void watch;
    await page.setViewportSize({ width: 390, height: 844 });
    await settled(page, { theme });
    for (const tab of ['home', 'positions', 'alerts', 'stop']) {
      await page.getByTestId(`tab-${tab}`).click();
      await page.waitForTimeout(700);
      await expect(page.getByTestId('mode-pill').first()).toBeVisible();
      expect(await overflows(page), tab).toEqual([]);
      expect(await violations(page), tab).toEqual([]);
      const small = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>('button, input')]
          .filter((node) => node.offsetHeight > 0 && node.offsetHeight < 44)
          .map((node) => `${node.textContent || node.getAttribute('aria-label')}: ${node.offsetHeight} px`),
      );
      expect(small, `${tab}: targets below 44 px`).toEqual([]);
      await picture(page, `phone-${tab}${theme === 'dark' ? '' : '-light'}`);
    }
  });
}

test('narrow and wide windows keep the banner and lose nothing', async ({ page, watch }) => {
  void watch;
  await openDesk(page);
  for (const [width, height] of [
    [1280, 800],
    [1100, 760],
    [1920, 1080],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.waitForTimeout(500);
    await expect(page.getByTestId('kill-button')).toBeInViewport({ ratio: 1 });
    await expect(page.getByTestId('mode-pill')).toBeInViewport({ ratio: 1 });
  }
});
