// The made-up market of rehearsal.mjs.
import { BlockType, Frame } from './layout.mjs';

const names = 'SPY QQQ JPM BAC BK V DFS TRV MSFT AAPL AMZN MU SBUX TSLA AMT GLD SLV XLP TZA VXXB XXX BTCUSDT'.split(
  ' ',
);
const prices = [
  276.36, 171.27, 105.26, 29.08, 52.74, 144.06, 71, 128.55, 107.44, 170.04, 1607.42, 41.84, 70.39, 306, 176.84, 124.34,
  14.67, 54.31, 9.56, 32.88, 60.12, 43211.5,
];
const start = Date.parse('2019-02-15T15:00:00Z');

export function makeDesk() {
  const begun = Date.now();
  const now = () => start + (Date.now() - begun) * 5;
  const iso = () => new Date(now()).toISOString();
  const at = (/** @type {number} */ ago) => new Date(start - ago * 1000).toISOString();
  const books = names.map((symbol, place) => ({
    id: place + 1,
    symbol,
    last: prices[place] ?? 1,
    close: (prices[place] ?? 1) * 0.99,
    volume: 1e5,
    tick: symbol === 'BTCUSDT' ? 0.1 : 0.01,
    changed: true,
  }));
  const instruments = books.map((book) => ({
    id: book.id,
    symbol: book.symbol,
    name: book.symbol,
    kind: 'stock',
    exchange: book.symbol === 'BTCUSDT' ? 'BINANCE' : 'NYSE',
    currency: 'USD',
    tick: String(book.tick),
    price_decimals: book.tick === 0.1 ? 1 : 2,
    size_decimals: 0,
    multiplier: 1,
    lot: '1',
    previous_close: book.close.toFixed(2),
    source: ['XXX', 'BTCUSDT'].includes(book.symbol) ? 'recorded' : 'reconstructed from 1-minute bars',
    has_depth: ['XXX', 'BTCUSDT'].includes(book.symbol),
    has_trades: true,
  }));
  const parameter = (
    /** @type {string} */ name,
    /** @type {number} */ value,
    /** @type {number} */ min,
    /** @type {number} */ max,
  ) => ({
    name,
    unit: 'bars',
    help: `How far ${name} reaches.`,
    value,
    min,
    max,
    step: 1,
    initial: value,
    fixed: false,
  });
  const strategy = (/** @type {string} */ name, /** @type {string} */ title, /** @type {string} */ state) => ({
    name,
    title,
    help: `${title} trades what its page in docs/strategies says.`,
    state,
    state_reason: '',
    weight_percent: 33.3,
    day_pnl: '0.00',
    day_line: /** @type {number[]} */ ([0]),
    signals: 12,
    orders: 5,
    fills: 3,
    parameters: [parameter('lookback', 20, 5, 200), parameter('hold', 30, 1, 500)],
  });
  const order = (
    /** @type {number} */ n,
    /** @type {number} */ instrument,
    /** @type {string} */ side,
    /** @type {string} */ type,
    /** @type {number} */ price,
    /** @type {string} */ state,
  ) => ({
    key: `${n}`.padStart(32, '0'),
    perm_id: 1000 + n,
    order_id: n,
    instrument,
    side,
    type,
    tif: 'DAY',
    quantity: '300',
    filled: state === 'partial' ? '120' : '0',
    limit: type === 'LMT' ? price.toFixed(2) : null,
    stop: type === 'STP' ? price.toFixed(2) : null,
    average_fill: null,
    state,
    parent: '',
    oca_group: type === 'STP' ? '8841' : '',
    purpose: type === 'STP' ? 'stop' : 'entry',
    strategies: ['momentum'],
    reason: 'Trim towards target 600',
    reject: state === 'rejected' ? '201: price off tick. Nearest 41.85.' : '',
    queue_percent: 28,
    tick_to_order_us: 6.8,
    created_at: at(n * 7),
    changed_at: at(n * 5),
    deadline: null,
  });
  const limit = (
    /** @type {string} */ name,
    /** @type {string} */ title,
    /** @type {number} */ use,
    /** @type {number} */ most,
    /** @type {string} */ unit,
    /** @type {string} */ effect,
  ) => ({
    name,
    title,
    unit,
    limit: most,
    used: use,
    use_percent: (use / most) * 100,
    warn_percent: 80,
    state: use >= most ? 'hit' : use >= most * 0.8 ? 'near' : 'ok',
    effect,
    subject: '',
    denials: 0,
    editable: true,
    min: 0,
    max: most * 10,
  });
  const state = {
    status: {
      mode: 'DEMO',
      account: 'DU•••417',
      market: 'recorded and reconstructed from 1-minute bars',
      gateway: {
        state: 'logged_in',
        detail: 'Logged in.',
        server_version: 176,
        endpoint: '127.0.0.1:7497',
        retries: 0,
        retry_at: null,
        since: at(600),
        restart_at: null,
        code: 0,
        steps: /** @type {unknown[]} */ ([]),
        lines_used: 22,
        lines_max: 100,
        messages_per_second: 3,
        messages_per_second_max: 45,
      },
      now: iso(),
      speed: 5,
      session: 'rth',
      session_closes: '2019-02-15T21:00:00Z',
      time_zone: 'America/New_York',
      data_age_ms: 120,
      streams_live: 22,
      streams_total: 22,
      tick_to_order_p50_us: 6.8,
      tick_to_order_p99_us: 24,
      entries_allowed: true,
      entries_blocked_by: '',
      live_armed: false,
      kill: {
        state: 'ready',
        by: '',
        reason: '',
        at: /** @type {string|null} */ (null),
        orders_cancelled: 0,
        orders_total: 0,
        positions_closed: 0,
        positions_total: 0,
      },
      events_dropped: 0,
      version: 'rehearsal',
    },
    account: {
      currency: 'USD',
      net_liquidation: '1000000.00',
      day_pnl: '0.00',
      day_pnl_percent: 0,
      unrealized_pnl: '0',
      realized_pnl: '0',
      commission: '19.75',
      cash: '898687.00',
      gross_exposure: '476871',
      gross_exposure_percent: 47.4,
      net_exposure: '107189',
      net_exposure_percent: 10.7,
      buying_power: '2000000',
      excess_liquidity: '877121',
      drawdown_percent: -0.6,
      agrees_with_broker: 'agrees',
      agreement_text: 'Every figure agrees.',
      reconciled_at: at(7),
    },
    instruments,
    quotes: /** @type {unknown[]} */ ([]),
    positions: [3, 4, 21].map((id) => ({
      instrument: id,
      quantity: id === 4 ? '-2200' : '700',
      average: (prices[id - 1] ?? 1).toFixed(2),
      last: '0',
      value: '0',
      weight_percent: 0,
      unrealized_pnl: '0',
      realized_pnl: id === 3 ? '42.37' : '0',
      day_pnl: '0',
      commission: '1.2',
      target: null,
      currency: 'USD',
    })),
    orders: [
      order(1, 21, 'SELL', 'LMT', 60.4, 'working'),
      order(2, 21, 'SELL', 'STP', 59.6, 'working'),
      order(3, 3, 'BUY', 'LMT', 105.1, 'partial'),
      order(4, 9, 'SELL', 'LMT', 108, 'unknown'),
      order(5, 12, 'BUY', 'LMT', 41.8, 'rejected'),
    ],
    fills: /** @type {any[]} */ ([]),
    denials: [
      {
        id: 1,
        instrument: 14,
        side: 'BUY',
        quantity: '5000',
        code: 'order_notional_max',
        reason: 'The order is larger than one order may be.',
        measured: 1530000,
        limit: 250000,
        unit: 'USD',
        strategies: ['momentum'],
        repeats: 3,
        at: at(30),
      },
    ],
    strategies: [
      strategy('momentum', 'Momentum', 'running'),
      strategy('mean_reversion', 'Mean reversion', 'running'),
      strategy('pairs', 'Pairs', 'paused'),
    ],
    limits: [
      limit('daily_loss', 'Daily loss', 900, 7500, 'USD', 'entries are denied'),
      limit('drawdown', 'Drawdown', 0.6, 8, '%', 'entries stop, positions are flattened'),
      limit('gross_exposure', 'Gross exposure', 476871, 500000, 'USD', 'entries are denied'),
      limit('order_rate', 'Order rate', 3, 20, '1/s', 'orders wait'),
    ],
    equity: Array.from({ length: 120 }, (_, n) => ({
      at: at(1200 - n * 10),
      equity: '1000000',
      day_pnl: (Math.sin(n / 9) * 300 + n * 5).toFixed(2),
      drawdown_percent: -Math.abs(Math.cos(n / 9)) * 0.4,
    })),
    regimes: [
      {
        instrument: 4294967295,
        held: 'trending',
        p_trending: 0.79,
        p_ranging: 0.1,
        p_volatile: 0.1,
        p_crisis: 0.01,
        since: at(300),
      },
    ],
    signals: /** @type {any[]} */ ([]),
    log: [
      {
        id: 1,
        at: at(20),
        level: 'info',
        topic: 'system',
        text: 'The rehearsal begins. This market is made up.',
        instrument: null,
        order: '',
        strategy: '',
      },
      {
        id: 2,
        at: at(12),
        level: 'attention',
        topic: 'order',
        text: 'MSFT SELL 300 has no answer from IB after 5 s. It may be live. It is queried now.',
        instrument: 9,
        order: '',
        strategy: '',
      },
    ],
  };
  const world = {
    state,
    books,
    venues: ['NYSE', 'NSDQ', 'ARCA', 'EDGX', 'BX'],
    now,
    iso,
    trades: /** @type {Map<number, number[][]>} */ (new Map()),
    nextTrade: 1,
    setGateway(/** @type {string} */ name) {
      state.status.gateway.state = name;
      state.status.gateway.steps =
        name === 'reconciling'
          ? [
              { name: 'Session', state: 'done', text: 'Logged in, same account', at: iso() },
              { name: 'Executions', state: 'differs', text: '1 missed fill, booked', at: iso() },
              { name: 'Open orders', state: 'running', text: '3 match', at: null },
              { name: 'Positions', state: 'waiting', text: '', at: null },
            ]
          : [];
    },
    flatten(/** @type {string} */ scope) {
      for (const row of state.orders)
        if (scope !== 'stop_entries' && ['working', 'partial', 'unknown'].includes(row.state)) row.state = 'cancelled';
      if (scope === 'flatten') for (const row of state.positions) row.quantity = '0';
    },
    frame(/** @type {any} */ client) {
      return frameFor(world, client);
    },
  };
  return world;
}

/** @param {ReturnType<typeof makeDesk>} world */
export function walk(world) {
  for (const book of world.books) {
    if (Math.random() < 0.6) continue;
    book.last = Math.round((book.last * (1 + (Math.random() - 0.5) * 2e-4)) / book.tick) * book.tick;
    book.changed = true;
    const list = world.trades.get(book.id) ?? [];
    const size = Math.random() < 0.02 ? 12_000 : Math.ceil(Math.random() * 4) * (Math.random() < 0.3 ? 13 : 100);
    book.volume += size;
    const flags = (size > 10_000 ? 4 : 0) | (size < 100 ? 8 : 0) | (Math.random() < 0.2 ? 1 : 0);
    list.push([
      world.nextTrade++,
      world.now(),
      book.last,
      size,
      Math.random() < 0.5 ? 1 : -1,
      Math.floor(Math.random() * 5),
      flags,
    ]);
    world.trades.set(book.id, list.slice(-500));
  }
}

/** @param {ReturnType<typeof makeDesk>} world */
export function fillSome(world) {
  const { state } = world;
  state.status.now = world.iso();
  let open = 0;
  for (const row of state.positions) {
    const book = world.books[row.instrument - 1];
    if (!book) continue;
    const profit = (book.last - Number(row.average)) * Number(row.quantity);
    row.last = book.last.toFixed(2);
    row.value = (book.last * Number(row.quantity)).toFixed(2);
    row.weight_percent = Number(row.value) / 1e4;
    row.unrealized_pnl = profit.toFixed(2);
    row.day_pnl = (profit + Number(row.realized_pnl)).toFixed(2);
    open += Number(row.day_pnl);
  }
  state.account.day_pnl = open.toFixed(2);
  state.account.net_liquidation = (1e6 + open).toFixed(2);
  state.account.day_pnl_percent = open / 1e4;
  state.strategies.forEach((row, place) => {
    row.day_pnl = (open * ([0.6, 0.3, 0.1][place] ?? 0)).toFixed(2);
    row.day_line = [...row.day_line, Number(row.day_pnl)].slice(-60);
  });
  const point = {
    at: world.iso(),
    equity: state.account.net_liquidation,
    day_pnl: state.account.day_pnl,
    drawdown_percent: Math.min(0, open / 1e4),
  };
  state.equity.push(point);
  const rows = {
    status: state.status,
    account: state.account,
    positions: state.positions,
    strategies: state.strategies,
    equity: [point],
  };
  if (Math.random() > 0.15) return { rows, text: '', instrument: null };
  const book = world.books[20];
  if (!book) return { rows, text: '', instrument: null };
  const fill = {
    execution: `e${state.fills.length}`,
    order: state.orders[0]?.key ?? '',
    instrument: book.id,
    side: Math.random() < 0.5 ? 'BUY' : 'SELL',
    quantity: '100',
    price: book.last.toFixed(2),
    venue: 'NYSE',
    commission: '1.00',
    realized_pnl: '12.50',
    slippage_bp: 0.8,
    maker: false,
    reason: 'Score decayed, cover 1/3',
    at: world.iso(),
  };
  state.fills.push(fill);
  return {
    rows: { ...rows, fills: [fill] },
    text: `${book.symbol} ${fill.side} 100 filled at ${fill.price}.`,
    instrument: book.id,
  };
}

/** @param {ReturnType<typeof makeDesk>} world @param {number} id @param {string} bar */
export function chartOf(world, id, bar) {
  const seconds = { '5s': 5, '1m': 60, '5m': 300, '15m': 900, '1h': 3600, '1d': 86400 }[bar] ?? 60;
  const book = world.books[id - 1];
  const end = Math.floor(world.now() / 1000 / seconds) * seconds;
  let price = (book?.last ?? 1) * 0.995;
  const candles = Array.from({ length: 240 }, (_, n) => {
    const open = price;
    price *= 1 + (Math.random() - 0.48) * 1e-3;
    return {
      at: new Date((end - (239 - n) * seconds) * 1000).toISOString(),
      open: open.toFixed(2),
      high: (Math.max(open, price) * 1.0004).toFixed(2),
      low: (Math.min(open, price) * 0.9996).toFixed(2),
      close: price.toFixed(2),
      volume: String(Math.round(Math.random() * 9000)),
      vwap: ((book?.last ?? 1) * 0.997).toFixed(2),
    };
  });
  const gap = candles[180];
  return {
    instrument: id,
    bar,
    source: 'trades',
    candles,
    orders: [],
    fills: [],
    signals: [],
    gaps: gap ? [{ from: gap.at, to: candles[190]?.at ?? null, cause: 'connection lost' }] : [],
  };
}

/** @param {ReturnType<typeof makeDesk>} world */
export function previewOf(world) {
  const legs = world.state.positions
    .filter((row) => Number(row.quantity) !== 0)
    .map((row) => ({
      instrument: row.instrument,
      side: Number(row.quantity) > 0 ? 'SELL' : 'BUY',
      quantity: String(Math.abs(Number(row.quantity))),
      value: row.value,
      spread_cost: '3.5',
      cannot: '',
    }));
  return {
    entries_working: 2,
    exits_working: 1,
    orders_unknown: 1,
    legs,
    traded_value: '180211.20',
    traded_percent: 18,
    spread_cost: '10.14',
    realizes: world.state.account.day_pnl,
  };
}

/** @param {ReturnType<typeof makeDesk>} world @param {string} order */
export function whyOf(world, order) {
  return {
    order,
    instrument: 21,
    reason: 'Trim towards target 600',
    views: [
      {
        strategy: 'momentum',
        score: 0.6,
        confidence: 0.8,
        weight_percent: 33,
        contribution: 0.16,
        reason: 'Breakout above the day',
      },
    ],
    blend: 0.16,
    target: '600',
    position_before: '700',
    cap: 'volatility target',
    checks: [{ name: 'order quantity', measured: 100, limit: 5000, unit: 'shares', passed: true }],
    tick_to_order_us: 6.8,
    at: world.iso(),
  };
}

/** @param {ReturnType<typeof makeDesk>} world @param {any} client */
function frameFor(world, client) {
  /** @type {{type: number, instrument: number, extra: number, rows: number[][]}[]} */
  const blocks = [];
  const quotes = world.books
    .filter((book) => book.changed || client.frame === 0)
    .map((book) => [book.id, book.last - book.tick, 1200, book.last, 900, book.last, 100, book.volume, world.now(), 0]);
  if (client.subs.has('quotes|')) blocks.push({ type: BlockType.quotes, instrument: 0, extra: 0, rows: quotes });
  for (const sub of client.subs) {
    const [channel, id] = sub.split('|');
    const book = world.books[Number(id) - 1];
    if (!book) continue;
    if (channel === 'depth' && world.state.instruments[book.id - 1]?.has_depth) {
      const step = book.symbol === 'BTCUSDT' ? book.tick * (4 + Math.random() * 9) : book.tick;
      const side = (/** @type {number} */ s) =>
        Array.from({ length: 20 }, (_, n) => [
          s,
          book.last + (s === 0 ? -(n + 1) : n) * step,
          900 + ((n * 377) % 1300),
          s === 1 && n === 5 ? 300 : 0,
          28,
          100 * n,
          70 * n,
        ]);
      blocks.push({ type: BlockType.depth, instrument: book.id, extra: 0, rows: [...side(0), ...side(1)] });
    }
    if (channel === 'trades') {
      const sent = client.sentTrades.get(book.id) ?? 0;
      const fresh = (world.trades.get(book.id) ?? []).filter((row) => (row[0] ?? 0) > sent);
      client.sentTrades.set(book.id, fresh.at(-1)?.[0] ?? sent);
      blocks.push({ type: BlockType.trades, instrument: book.id, extra: 0, rows: fresh });
    }
    if (channel === 'bars') {
      const minute = Math.floor(world.now() / 60000) * 60000;
      blocks.push({
        type: BlockType.bars,
        instrument: book.id,
        extra: 60,
        rows: [
          [minute, book.last * 0.9999, book.last * 1.0002, book.last * 0.9997, book.last, 4000, book.last * 0.998],
        ],
      });
    }
  }
  for (const book of world.books) book.changed = false;
  const full = blocks.filter((block) => block.rows.length > 0);
  if (full.length === 0) return null;
  const size =
    Frame.headerBytes +
    full.reduce((sum, block) => sum + Frame.blockHeaderBytes + block.rows.length * (block.rows[0]?.length ?? 0) * 8, 0);
  const bytes = new ArrayBuffer(size);
  const view = new DataView(bytes);
  view.setUint32(0, Frame.magic, true);
  view.setUint16(4, Frame.version, true);
  view.setUint16(6, Frame.headerBytes, true);
  view.setUint32(8, full.length, true);
  view.setUint32(12, ++client.frame, true);
  view.setFloat64(16, Date.now(), true);
  view.setFloat64(24, world.now(), true);
  let at = Frame.headerBytes;
  for (const block of full) {
    const columns = block.rows[0]?.length ?? 0;
    view.setUint16(at, block.type, true);
    view.setUint16(at + 2, columns, true);
    view.setUint32(at + 4, block.rows.length, true);
    view.setUint32(at + 8, block.instrument, true);
    view.setUint32(at + 12, block.extra, true);
    at += Frame.blockHeaderBytes;
    for (const row of block.rows)
      for (const value of row) {
        view.setFloat64(at, value, true);
        at += 8;
      }
  }
  return bytes;
}
