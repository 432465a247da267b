// @vitest-environment jsdom
import { beforeEach, expect, it } from 'vitest';
import { dockPanels, firstArrangement, isWhole, keep, readKept } from './arrangement';

beforeEach(() => localStorage.clear());

it('begins with every panel, as wide as the window', () => {
  const first = firstArrangement(1440, 814);
  expect(isWhole(first)).toBe(true);
  const [top] = first.grid.root.data as { data: { size: number }[] }[];
  expect(top?.data.reduce((sum, leaf) => sum + leaf.size, 0)).toBe(1440);
});

it('does not take an arrangement that has lost a panel, or holds one twice', () => {
  const lost = structuredClone(firstArrangement(1440, 814));
  delete lost.panels['tape'];
  expect(isWhole(lost)).toBe(false);
  const unplaced = JSON.parse(
    JSON.stringify(firstArrangement(1440, 814)).replace('"views":["tape"]', '"views":[]'),
  ) as unknown;
  expect(isWhole(unplaced)).toBe(false);
  const twice = JSON.parse(
    JSON.stringify(firstArrangement(1440, 814)).replace('"views":["tape"]', '"views":["tape","log"]'),
  ) as unknown;
  expect(isWhole(twice)).toBe(false);
  expect(isWhole(null)).toBe(false);
});

it('keeps what is whole and forgets what is not', () => {
  keep({ named: { mine: firstArrangement(1440, 814) } });
  keep({ now: firstArrangement(1600, 814) });
  expect(Object.keys(readKept().named)).toEqual(['mine']);
  expect(readKept().now?.grid.width).toBe(1600);
  localStorage.setItem('robotrader.layouts', '{"now":{"panels":{}},"named":{"old":{}}}');
  expect(readKept()).toEqual({ now: null, named: {} });
  localStorage.setItem('robotrader.layouts', 'not json');
  expect(readKept().now).toBeNull();
  expect(dockPanels).toHaveLength(8);
});
