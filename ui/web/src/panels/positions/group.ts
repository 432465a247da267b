import type { Position } from '@robotrader/client';
import { num } from '../../live/lookups';

export interface PositionGroup {
  title: string;
  rows: Position[];
}

/** Open positions by size, flat ones after them; by currency each currency is a group of its own. */
export function groupPositions(positions: readonly Position[], by: 'symbol' | 'currency'): PositionGroup[] {
  const ordered = positions.slice().sort((a, b) => rank(a) - rank(b) || a.instrument - b.instrument);
  if (by === 'symbol') return [{ title: '', rows: ordered }];
  const groups = new Map<string, PositionGroup>();
  for (const row of ordered) {
    const group = groups.get(row.currency) ?? { title: row.currency, rows: [] };
    group.rows.push(row);
    groups.set(row.currency, group);
  }
  return [...groups.values()];
}

/** The order must not move with the market: open before flat, then by instrument. */
function rank(row: Position): number {
  return num(row.quantity) === 0 ? 1 : 0;
}

export interface PositionTotal {
  value: number;
  weight: number;
  unrealized: number;
  realized: number;
  day: number;
}

export function total(positions: readonly Position[]): PositionTotal {
  const sum = { value: 0, weight: 0, unrealized: 0, realized: 0, day: 0 };
  for (const row of positions) {
    sum.value += num(row.value);
    sum.weight += row.weight_percent;
    sum.unrealized += num(row.unrealized_pnl);
    sum.realized += num(row.realized_pnl);
    sum.day += num(row.day_pnl);
  }
  return sum;
}
