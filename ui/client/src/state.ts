// The desk as the page knows it: one immutable value, replaced by a snapshot and moved on by patches.

import type {
  Account,
  Denial,
  EquityPoint,
  Fill,
  Instrument,
  Limit,
  LogLine,
  Order,
  PatchMessage,
  Position,
  Regime,
  Signal,
  SnapshotMessage,
  Status,
  Strategy,
} from './generated';

export interface DeskState {
  readonly epoch: string;
  readonly seq: number;
  readonly venues: readonly string[];
  readonly status: Status;
  readonly account: Account;
  readonly instruments: readonly Instrument[];
  readonly positions: readonly Position[];
  readonly orders: readonly Order[];
  readonly fills: readonly Fill[];
  readonly denials: readonly Denial[];
  readonly strategies: readonly Strategy[];
  readonly limits: readonly Limit[];
  readonly equity: readonly EquityPoint[];
  readonly regimes: readonly Regime[];
  readonly signals: readonly Signal[];
  readonly log: readonly LogLine[];
}

/** How many rows of a list that only grows the page keeps; the server has the rest. */
export const kept = { fills: 2000, denials: 1000, signals: 2000, log: 2000, equity: 20_000 } as const;

export function fromSnapshot(message: SnapshotMessage): DeskState {
  const { state } = message; // its quotes go to Market: from here on they come in binary frames
  return {
    epoch: message.epoch,
    seq: message.seq,
    venues: message.venues,
    status: state.status,
    account: state.account,
    instruments: state.instruments,
    positions: state.positions,
    orders: state.orders,
    strategies: state.strategies,
    limits: state.limits,
    regimes: state.regimes,
    fills: state.fills.slice(-kept.fills),
    denials: state.denials.slice(-kept.denials),
    signals: state.signals.slice(-kept.signals),
    log: state.log.slice(-kept.log),
    equity: state.equity.slice(-kept.equity),
  };
}

export type PatchResult = { kind: 'applied'; state: DeskState } | { kind: 'old' } | { kind: 'gap' };

/**
 * Moves `state` from `prev` to `seq`. A patch the page already has is `old`; one that starts elsewhere, or belongs to
 * another run of the engine, is a `gap` and asks for a snapshot.
 */
export function applyPatch(state: DeskState, patch: PatchMessage): PatchResult {
  if (patch.epoch !== state.epoch) return { kind: 'gap' };
  if (patch.seq <= state.seq) return { kind: 'old' };
  if (patch.prev !== state.seq) return { kind: 'gap' };
  const { changes } = patch;
  const removed = new Set(patch.orders_removed);
  const orders = upsert(state.orders, changes.orders, (row) => row.key);
  return {
    kind: 'applied',
    state: {
      epoch: state.epoch,
      seq: patch.seq,
      venues: patch.venues ?? state.venues,
      status: changes.status ?? state.status,
      account: changes.account ?? state.account,
      instruments: upsert(state.instruments, changes.instruments, (row) => row.id),
      positions: upsert(state.positions, changes.positions, (row) => row.instrument),
      orders: removed.size > 0 ? orders.filter((row) => !removed.has(row.key)) : orders,
      fills: upsert(state.fills, changes.fills, (row) => row.execution, kept.fills),
      denials: upsert(state.denials, changes.denials, (row) => row.id, kept.denials),
      strategies: upsert(state.strategies, changes.strategies, (row) => row.name),
      limits: upsert(state.limits, changes.limits, (row) => `${row.name}|${row.subject}`),
      equity: upsert(state.equity, changes.equity, (row) => row.at, kept.equity),
      regimes: upsert(state.regimes, changes.regimes, (row) => row.instrument),
      signals: upsert(state.signals, changes.signals, (row) => row.id, kept.signals),
      log: upsert(state.log, changes.log, (row) => row.id, kept.log),
    },
  };
}

/** Rows replace the one with their key, or are appended; the same array comes back when nothing changed. */
export function upsert<Row, Key>(
  rows: readonly Row[],
  changed: readonly Row[] | null | undefined,
  key: (row: Row) => Key,
  most = Infinity,
): readonly Row[] {
  if (!changed || changed.length === 0) return rows;
  const next = rows.slice();
  const wanted = new Map<Key, Row>();
  for (const row of changed) wanted.set(key(row), row);
  for (let place = next.length - 1; place >= 0 && wanted.size > 0; place--) {
    const present = next[place] as Row;
    const replacement = wanted.get(key(present));
    if (replacement === undefined) continue;
    next[place] = replacement;
    wanted.delete(key(present));
  }
  for (const row of wanted.values()) next.push(row);
  return next.length > most ? next.slice(next.length - most) : next;
}
