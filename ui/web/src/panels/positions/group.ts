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

/** Sums of the columns. Added in millionths, as the ledger does, so that the total row equals what the rows show. */
export function total(positions: readonly Position[]): PositionTotal {
  const sum = (column: (row: Position) => number): number =>
    positions.reduce((micros, row) => micros + Math.round(column(row) * 1e6), 0) / 1e6;
  return {
    value: sum((row) => num(row.value)),
    weight: sum((row) => row.weight_percent),
    unrealized: sum((row) => num(row.unrealized_pnl)),
    realized: sum((row) => num(row.realized_pnl)),
    day: sum((row) => num(row.day_pnl)),
  };
}
