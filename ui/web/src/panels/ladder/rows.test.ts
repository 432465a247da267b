import type { Level } from '@robotrader/client';
import { makeOrder } from '@robotrader/client/testing';
import { describe, expect, it } from 'vitest';
import { centreOf, chooseShape, gridRows, levelRows, ownAt, shouldRecentre } from './rows';

const level = (price: number, size = 100): Level => ({ price, size, own: 0, queuePercent: NaN, bought: 0, sold: 0 });
const bids = [level(10.01, 5), level(10, 6), level(9.98, 7)];
const asks = [level(10.02, 8), level(10.04, 9)];

describe('a ladder on the tick grid', () => {
  it('has a row for every tick, highest first, with the size at its price', () => {
    const rows = gridRows(bids, asks, 0.01, 7, 10.01);
    expect(rows.map((row) => row.price.toFixed(2))).toEqual([
      '10.04',
      '10.03',
      '10.02',
      '10.01',
      '10.00',
      '9.99',
      '9.98',
    ]);
    expect(rows.map((row) => row.ask?.size ?? row.bid?.size ?? 0)).toEqual([9, 0, 8, 5, 6, 0, 7]);
  });
  it('marks the touches, and never a bid above an ask', () => {
    const rows = gridRows(bids, asks, 0.01, 7, 10.01);
    const ask = rows.findIndex((row) => row.touch === 'ask');
    const bid = rows.findIndex((row) => row.touch === 'bid');
    expect([ask, bid]).toEqual([2, 3]);
  });
  it('follows the market only when it has left the middle', () => {
    expect(shouldRecentre(10, 10.05, 10.07, 0.01, 21)).toBe(false);
    expect(shouldRecentre(10, 10.06, 10.08, 0.01, 21)).toBe(true);
    expect(shouldRecentre(NaN, 10, 10.01, 0.01, 21)).toBe(true);
    expect(shouldRecentre(10, NaN, NaN, 0.01, 21)).toBe(false);
  });
  it('centres on a tick even when a side is missing', () => {
    expect(centreOf(10, 10.02, 0.01)).toBeCloseTo(10.01, 9);
    expect(centreOf(NaN, 10.02, 0.01)).toBeCloseTo(10.02, 9);
  });
});

describe('a ladder of a book that is wider than its ticks', () => {
  const wide = (side: 1 | -1): Level[] => Array.from({ length: 20 }, (_, n) => level(43_000 + side * (n + 1) * 5));
  it('shows prices with size instead of empty ticks', () => {
    expect(chooseShape(wide(-1), wide(1), 0.1, 23, 'grid')).toBe('levels');
    expect(chooseShape(bids, asks, 0.01, 23, 'grid')).toBe('grid');
    const rows = levelRows(wide(-1), wide(1), 23);
    expect(rows).toHaveLength(23);
    expect(rows[10]).toMatchObject({ price: 43_005, touch: 'ask' });
    expect(rows[11]).toMatchObject({ price: 42_995, touch: 'bid' });
  });
  it('does not change its shape back and forth', () => {
    const step =
      (size: number) =>
      (side: 1 | -1): Level[] =>
        Array.from({ length: 11 }, (_, n) => level(100 + side * (n + 1) * size));
    const between = step(0.03); // 66 ticks over 23 rows: more than twice, less than four times
    expect(chooseShape(between(-1), between(1), 0.01, 23, 'grid')).toBe('grid');
    expect(chooseShape(between(-1), between(1), 0.01, 23, 'levels')).toBe('levels');
  });
});

describe('our orders at a price', () => {
  it('are those of the symbol that still work, by limit or by stop', () => {
    const orders = [
      makeOrder('here', { instrument: 3, limit: '10.01', state: 'working' }),
      makeOrder('stop', { instrument: 3, type: 'STP', limit: null, stop: '10.01', state: 'held' }),
      makeOrder('done', { instrument: 3, limit: '10.01', state: 'filled' }),
      makeOrder('elsewhere', { instrument: 3, limit: '10.02', state: 'working' }),
      makeOrder('other', { instrument: 4, limit: '10.01', state: 'working' }),
    ];
    expect(ownAt(orders, 3, 10.01).map((row) => row.key)).toEqual(['here', 'stop']);
  });
});
