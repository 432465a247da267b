import type { Instrument, LogLine, Position } from '@robotrader/client';
import { describe, expect, it } from 'vitest';
import { sparkPath } from '../components/Sparkline';
import { chooseLines } from './log/EventLog';
import { groupPositions, total } from './positions/group';
import { thin } from './watchlist/SessionLine';
import { groupBySource } from './watchlist/Watchlist';

const line = (id: number, text: string, change: Partial<LogLine> = {}): LogLine => ({
  id,
  at: '',
  level: 'info',
  topic: 'system',
  text,
  instrument: null,
  order: '',
  strategy: '',
  ...change,
});
const position = (instrument: number, quantity: string, change: Partial<Position> = {}): Position =>
  ({
    instrument,
    quantity,
    value: '100.10',
    weight_percent: 1,
    unrealized_pnl: '2.50',
    realized_pnl: '0',
    day_pnl: '2.50',
    currency: 'USD',
    ...change,
  }) as Position;

describe('the event log', () => {
  const log = [
    line(1, 'JPM BUY 100 filled'),
    line(2, 'Limit near', { level: 'attention', topic: 'risk' }),
    line(3, 'JPM SELL 100 working', { topic: 'order' }),
  ];
  it('is newest first', () => {
    expect(chooseLines(log, 'all', '').map((row) => row.id)).toEqual([3, 2, 1]);
  });
  it('is filtered by topic, by need and by every word', () => {
    expect(chooseLines(log, 'orders', '').map((row) => row.id)).toEqual([3]);
    expect(chooseLines(log, 'eye', '').map((row) => row.id)).toEqual([2]);
    expect(chooseLines(log, 'all', 'jpm FILLED').map((row) => row.id)).toEqual([1]);
  });
});

describe('positions', () => {
  it('keep their place when prices move: open ones first, then by instrument', () => {
    const rows = [position(3, '0'), position(2, '-5', { value: '-900' }), position(1, '10')];
    expect(groupPositions(rows, 'symbol')[0]?.rows.map((row) => row.instrument)).toEqual([1, 2, 3]);
  });
  it('are grouped by currency when asked', () => {
    expect(
      groupPositions([position(1, '1'), position(2, '1', { currency: 'EUR' })], 'currency').map((group) => group.title),
    ).toEqual(['USD', 'EUR']);
  });
  it('add up to the total row', () => {
    expect(total([position(1, '1'), position(2, '-1', { value: '-40.10' })])).toMatchObject({
      value: 60,
      unrealized: 5,
      day: 5,
      weight: 2,
    });
  });
});

it('groups symbols by where their data come from, so that made-up ticks stand apart', () => {
  const instrument = (id: number, source: string): Instrument => ({ id, source }) as Instrument;
  const groups = groupBySource([
    instrument(1, 'recorded'),
    instrument(2, 'reconstructed from 1-minute bars'),
    instrument(3, 'recorded'),
  ]);
  expect(groups.map((group) => [group.title, group.rows.map((row) => row.id)])).toEqual([
    ['Recorded', [1, 3]],
    ['Reconstructed from 1-minute bars', [2]],
  ]);
});

describe('a small line', () => {
  it('keeps its ends when it is thinned', () => {
    expect(thin([1, 2, 3, 4, 5, 6, 7], 3)).toEqual([1, 4, 7]);
    expect(thin([1, 2], 3)).toEqual([1, 2]);
  });
  it('needs two points, rises upwards and stays inside its box', () => {
    expect(sparkPath([1], undefined, 50, 15)).toBeNull();
    const path = sparkPath([1, 2], 1, 50, 15);
    expect(path?.endY).toBeLessThan(path?.base ?? 0);
    expect(path?.endX).toBeLessThanOrEqual(50);
  });
  it('of a flat day is flat, not broken', () => {
    expect(sparkPath([5, 5, 5], undefined, 50, 15)?.d).not.toContain('NaN');
  });
});
