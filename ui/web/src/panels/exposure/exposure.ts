// Which exposures a panel shows, in which order, and why a beta is not there.

import type { Exposure, ExposureKind } from '@robotrader/client';
import { num } from '../../live/lookups';

/** Of one kind, the largest first; equals by name, so that rows do not change places for nothing. */
export function exposuresOf(rows: readonly Exposure[], kind: ExposureKind): Exposure[] {
  return rows
    .filter((row) => row.kind === kind)
    .sort((a, b) => num(b.gross) - num(a.gross) || a.name.localeCompare(b.name));
}

/** The longest bar of the panel. */
export function largestNet(rows: readonly Exposure[]): number {
  return rows.reduce((most, row) => Math.max(most, Math.abs(num(row.net))), 0);
}

export function whyNoBeta(row: Exposure): string {
  if (row.beta !== null) return '';
  if (row.kind === 'currency') return 'A currency has no beta: it is measured for what is held in it.';
  if (num(row.net) === 0) return 'Long and short cancel: beta is the exposure to the benchmark by net value.';
  return 'Not known: no benchmark is set in [risk], or something of it has not been seen for enough bars.';
}

export function whyNoShare(row: Exposure): string {
  return row.percent === null ? 'Not known: the account has no equity, or no rate for the currency.' : '';
}

export function sliceName(row: Exposure): string {
  if (row.kind === 'account') return 'Account';
  return row.name === 'unclassified' ? 'No sector known' : row.name;
}
