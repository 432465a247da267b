import { describe, expect, it } from 'vitest';
import type { Fill, Order, Position, Signal } from '@robotrader/client';
import { barStart, chartTime, sessionVwap } from './bars';
import { labelMarks, ownLines, ownMarks } from './own';

const order = (change: Partial<Order>): Order =>
  ({
    key: 'k',
    instrument: 1,
    side: 'SELL',
    type: 'LMT',
    quantity: '300',
    filled: '100',
    limit: '105.60',
    stop: null,
    state: 'working',
    oca_group: '',
    ...change,
  }) as Order;
const fill = (execution: string, change: Partial<Fill> = {}): Fill =>
  ({
    execution,
    instrument: 1,
    side: 'BUY',
    quantity: '100',
    price: '105',
    at: '2019-02-15T15:00:10Z',
    ...change,
  }) as Fill;

describe('own orders on the chart', () => {
  it('are lines at their price that say what is left', () => {
    const [line] = ownLines(1, [order({})], undefined, 2);
    expect(line).toMatchObject({ price: 105.6, title: 'S 200 LMT 105.60', kind: 'order' });
  });
  it('of a stop stand at the stop, and say OCA and doubt', () => {
    const [line] = ownLines(
      1,
      [order({ type: 'STP', limit: null, stop: '104.35', oca_group: '7', state: 'unknown' })],
      undefined,
      2,
    );
    expect(line).toMatchObject({ price: 104.35, title: 'S 200 STP 104.35 OCA ?' });
  });
  it('leave out what is finished, has no price, or belongs to another symbol', () => {
    const orders = [order({ state: 'filled' }), order({ type: 'MKT', limit: null }), order({ instrument: 2 })];
    expect(ownLines(1, orders, undefined, 2)).toEqual([]);
  });
  it('come with the average of the position while there is one', () => {
    const position = (quantity: string): Position =>
      ({ quantity, average: '104.80', unrealized_pnl: '324.63' }) as Position;
    expect(ownLines(1, [], position('700'), 2)[0]?.title).toBe('LONG 700 @ 104.80 +324.63');
    expect(ownLines(1, [], position('-700'), 2)[0]?.title).toBe('SHORT 700 @ 104.80 +324.63');
    expect(ownLines(1, [], position('0'), 2)).toEqual([]);
  });
});

describe('own fills on the chart', () => {
  it('are one mark each, with a hollow one for a signal that was not traded', () => {
    const signal = {
      id: 1,
      instrument: 1,
      score: -0.4,
      traded: false,
      at: '2019-02-15T15:00:10Z',
      reason: 'x',
    } as Signal;
    const marks = ownMarks(1, [fill('a'), fill('b', { instrument: 2 })], [signal, { ...signal, id: 2, traded: true }]);
    expect(marks.map((mark) => [mark.key, mark.side])).toEqual([
      ['fill:a', 'BUY'],
      ['signal:1', 'SELL'],
    ]);
  });
  it('that share a bar and a side keep their marks and share one label with the sum', () => {
    const marks = ownMarks(1, [fill('a'), fill('b'), fill('c', { side: 'SELL' })], []).map((mark) => ({
      ...mark,
      barMs: 0,
    }));
    expect(labelMarks(marks).map((mark) => mark.text)).toEqual(['', 'B 200', 'S 100']);
  });
  it('stand on the bar that holds them', () => {
    const bars = [0, 60, 120].map((atMs) => ({ atMs, open: 1, high: 1, low: 1, close: 1, volume: 0, vwap: 1 }));
    expect([barStart(59, bars), barStart(60, bars), barStart(500, bars), barStart(-1, bars)]).toEqual([
      0,
      60,
      120,
      null,
    ]);
  });
});

it('moves an instant so that the chart shows the wall clock of the session', () => {
  const open = Date.parse('2019-02-15T14:30:00Z');
  expect(new Date(chartTime(open, 'America/New_York') * 1000).toISOString()).toBe('2019-02-15T09:30:00.000Z');
});

it('weighs the price of a session by volume and starts anew the next day', () => {
  const bar = (at: string, vwap: number, volume: number) => ({
    atMs: Date.parse(at),
    open: 1,
    high: 1,
    low: 1,
    close: 1,
    volume,
    vwap,
  });
  const bars = [
    bar('2019-02-14T20:00:00Z', 10, 100),
    bar('2019-02-14T20:01:00Z', 20, 300),
    bar('2019-02-15T14:30:00Z', NaN, 0),
    bar('2019-02-15T14:31:00Z', 5, 1),
  ];
  expect(sessionVwap(bars, 'America/New_York')).toEqual([10, 17.5, NaN, 5]);
});
