import type { EquityPoint } from '@robotrader/client';
import { describe, expect, it } from 'vitest';
import { pointsOfToday } from './today';

const point = (at: string): EquityPoint => ({ at, equity: '1', day_pnl: '0', drawdown_percent: 0 });

describe('the equity curve of the day', () => {
  const points = ['2019-02-13T20:00:00Z', '2019-02-14T04:59:59Z', '2019-02-14T05:00:00Z', '2019-02-14T15:00:00Z'].map(
    point,
  );
  it('begins at midnight of the session, to the second', () => {
    expect(pointsOfToday(points, '2019-02-14T16:00:00Z', 'America/New_York').map((row) => row.at)).toEqual([
      '2019-02-14T05:00:00Z',
      '2019-02-14T15:00:00Z',
    ]);
  });
  it('is the very same list when every point is of today', () => {
    const today = points.slice(2);
    expect(pointsOfToday(today, '2019-02-14T16:00:00Z', 'America/New_York')).toBe(today);
  });
});
