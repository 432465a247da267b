// The smallest desk that is one, for tests that need some of it.

import type { Account, Desk, LogLine, Order, PatchMessage, SnapshotMessage, Status } from '../generated';

const status: Status = {
  mode: 'DEMO',
  account: 'DU•••417',
  market: 'recorded',
  gateway: {
    state: 'logged_in',
    detail: '',
    server_version: 176,
    endpoint: '',
    retries: 0,
    retry_at: null,
    since: null,
    restart_at: null,
    code: 0,
    steps: [],
    lines_used: 0,
    lines_max: 100,
    messages_per_second: 0,
    messages_per_second_max: 45,
  },
  now: '2019-02-15T15:00:00Z',
  speed: 1,
  session: 'rth',
  session_closes: null,
  time_zone: 'America/New_York',
  data_age_ms: 100,
  streams_live: 1,
  streams_total: 1,
  tick_to_order_p50_us: null,
  tick_to_order_p99_us: null,
  entries_allowed: true,
  entries_blocked_by: '',
  live_armed: false,
  kill: {
    state: 'ready',
    by: '',
    reason: '',
    at: null,
    orders_cancelled: 0,
    orders_total: 0,
    positions_closed: 0,
    positions_total: 0,
  },
  events_dropped: 0,
  version: 'test',
};

const account: Account = {
  currency: 'USD',
  net_liquidation: '1000000.00',
  day_pnl: '0.00',
  day_pnl_percent: 0,
  unrealized_pnl: '0.00',
  realized_pnl: '0.00',
  commission: '0.00',
  cash: '1000000.00',
  gross_exposure: '0.00',
  gross_exposure_percent: 0,
  net_exposure: '0.00',
  net_exposure_percent: 0,
  buying_power: null,
  excess_liquidity: null,
  drawdown_percent: 0,
  agrees_with_broker: 'unknown',
  agreement_text: '',
  reconciled_at: null,
};

export function makeSnapshot(state: Partial<Desk> = {}, head: { epoch?: string; seq?: number } = {}): SnapshotMessage {
  return {
    type: 'snapshot',
    protocol: 1,
    epoch: head.epoch ?? 'first',
    seq: head.seq ?? 10,
    rate: 60,
    venues: ['NYSE'],
    state: {
      status,
      account,
      instruments: [],
      quotes: [],
      positions: [],
      orders: [],
      fills: [],
      denials: [],
      strategies: [],
      limits: [],
      equity: [],
      regimes: [],
      signals: [],
      log: [],
      ...state,
    },
  };
}

export function makePatch(
  changes: Partial<PatchMessage['changes']>,
  head: { epoch?: string; prev?: number; seq?: number; orders_removed?: string[] } = {},
): PatchMessage {
  return {
    type: 'patch',
    epoch: head.epoch ?? 'first',
    prev: head.prev ?? 10,
    seq: head.seq ?? 11,
    venues: null,
    orders_removed: head.orders_removed ?? [],
    changes: {
      status: null,
      account: null,
      instruments: null,
      positions: null,
      orders: null,
      fills: null,
      denials: null,
      strategies: null,
      limits: null,
      equity: null,
      regimes: null,
      signals: null,
      log: null,
      ...changes,
    },
  };
}

export function makeOrder(key: string, change: Partial<Order> = {}): Order {
  return {
    key,
    perm_id: null,
    order_id: null,
    instrument: 1,
    side: 'BUY',
    type: 'LMT',
    tif: 'DAY',
    quantity: '300',
    filled: '0',
    limit: '105.60',
    stop: null,
    average_fill: null,
    state: 'working',
    parent: '',
    oca_group: '',
    purpose: 'entry',
    strategies: [],
    reason: '',
    reject: '',
    queue_percent: null,
    tick_to_order_us: null,
    created_at: '2019-02-15T15:00:00Z',
    changed_at: '2019-02-15T15:00:00Z',
    deadline: null,
    ...change,
  };
}

export function makeLine(id: number, text: string, change: Partial<LogLine> = {}): LogLine {
  return {
    id,
    at: '2019-02-15T15:00:00Z',
    level: 'info',
    topic: 'system',
    text,
    instrument: null,
    order: '',
    strategy: '',
    ...change,
  };
}
