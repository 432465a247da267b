// Generated from src/edge/serve/{view,messages,frames}.hpp. Do not edit: change the structs, then run
//   ROBO_REGENERATE=1 ctest -R TypeScript

/** An exact decimal as text: "105.26", "-0.05". */
export type Decimal = string;
/** UTC, ISO 8601, up to nine digits of a second: "2019-02-15T14:30:00.123456789Z". */
export type Timestamp = string;
/** "2019-02-15" */
export type CalendarDate = string;
export type Nanoseconds = number;

export type Mode =
  | "DEMO"
  | "PAPER"
  | "LIVE"
  | "REPLAY";

export type GatewayState =
  | "disconnected"
  | "connecting"
  | "logged_in"
  | "reconciling"
  | "restart_window";

export type StepState =
  | "waiting"
  | "running"
  | "done"
  | "differs";

export interface ReconcileStep {
  name: string;
  state: StepState;
  text: string;
  at: Timestamp | null;
}

export interface Gateway {
  state: GatewayState;
  detail: string;
  server_version: number;
  endpoint: string;
  retries: number;
  retry_at: Timestamp | null;
  since: Timestamp | null;
  restart_at: Timestamp | null;
  code: number;
  steps: ReconcileStep[];
  lines_used: number;
  lines_max: number;
  messages_per_second: number;
  messages_per_second_max: number;
}

export type Session =
  | "closed"
  | "pre"
  | "rth"
  | "post";

export type KillState =
  | "ready"
  | "entries_stopped"
  | "fired";

export interface Kill {
  state: KillState;
  by: string;
  reason: string;
  at: Timestamp | null;
  orders_cancelled: number;
  orders_total: number;
  positions_closed: number;
  positions_total: number;
}

export interface Status {
  mode: Mode;
  account: string;
  market: string;
  gateway: Gateway;
  now: Timestamp;
  speed: number;
  session: Session;
  session_closes: Timestamp | null;
  time_zone: string;
  data_age_ms: number | null;
  streams_live: number;
  streams_total: number;
  tick_to_order_p50_us: number | null;
  tick_to_order_p99_us: number | null;
  entries_allowed: boolean;
  entries_blocked_by: string;
  live_armed: boolean;
  kill: Kill;
  events_dropped: number;
  version: string;
}

export type Agreement =
  | "unknown"
  | "checking"
  | "agrees"
  | "differs";

export interface Account {
  currency: string;
  net_liquidation: Decimal;
  day_pnl: Decimal;
  day_pnl_percent: number;
  unrealized_pnl: Decimal;
  realized_pnl: Decimal;
  commission: Decimal;
  cash: Decimal;
  gross_exposure: Decimal;
  gross_exposure_percent: number;
  net_exposure: Decimal;
  net_exposure_percent: number;
  buying_power: Decimal | null;
  excess_liquidity: Decimal | null;
  drawdown_percent: number;
  agrees_with_broker: Agreement;
  agreement_text: string;
  reconciled_at: Timestamp | null;
}

export interface Instrument {
  id: number;
  symbol: string;
  name: string;
  kind: string;
  exchange: string;
  currency: string;
  tick: Decimal;
  price_decimals: number;
  size_decimals: number;
  multiplier: number;
  lot: Decimal;
  previous_close: Decimal | null;
  source: string;
  has_depth: boolean;
  has_trades: boolean;
}

export type QuoteState =
  | "missing"
  | "live"
  | "stale"
  | "crossed"
  | "halted";

export interface Quote {
  instrument: number;
  bid: Decimal | null;
  bid_size: Decimal;
  ask: Decimal | null;
  ask_size: Decimal;
  last: Decimal | null;
  last_size: Decimal;
  volume: Decimal;
  open: Decimal | null;
  high: Decimal | null;
  low: Decimal | null;
  vwap: Decimal | null;
  relative_volume: number | null;
  state: QuoteState;
  at: Timestamp | null;
}

export interface Position {
  instrument: number;
  quantity: Decimal;
  average: Decimal | null;
  last: Decimal | null;
  value: Decimal;
  weight_percent: number;
  unrealized_pnl: Decimal;
  realized_pnl: Decimal;
  day_pnl: Decimal;
  commission: Decimal;
  target: Decimal | null;
  currency: string;
}

export type Side =
  | "BUY"
  | "SELL";

export type OrderType =
  | "MKT"
  | "LMT"
  | "STP"
  | "STP LMT"
  | "TRAIL"
  | "other";

export type Tif =
  | "DAY"
  | "GTC"
  | "IOC"
  | "FOK"
  | "other";

export type OrderState =
  | "pending"
  | "working"
  | "partial"
  | "held"
  | "pending_cancel"
  | "filled"
  | "cancelled"
  | "rejected"
  | "unknown";

export type Purpose =
  | "entry"
  | "exit"
  | "stop"
  | "target"
  | "flatten";

export interface Order {
  key: string;
  perm_id: number | null;
  order_id: number | null;
  instrument: number;
  side: Side;
  type: OrderType;
  tif: Tif;
  quantity: Decimal;
  filled: Decimal;
  limit: Decimal | null;
  stop: Decimal | null;
  average_fill: Decimal | null;
  state: OrderState;
  parent: string;
  oca_group: string;
  purpose: Purpose;
  strategies: string[];
  reason: string;
  reject: string;
  queue_percent: number | null;
  tick_to_order_us: number | null;
  created_at: Timestamp;
  changed_at: Timestamp;
  deadline: Timestamp | null;
}

export interface Fill {
  execution: string;
  order: string;
  instrument: number;
  side: Side;
  quantity: Decimal;
  price: Decimal;
  venue: string;
  commission: Decimal | null;
  realized_pnl: Decimal | null;
  slippage_bp: number | null;
  maker: boolean | null;
  reason: string;
  at: Timestamp;
}

export interface Denial {
  id: number;
  instrument: number;
  side: Side;
  quantity: Decimal;
  code: string;
  reason: string;
  measured: number | null;
  limit: number | null;
  unit: string;
  strategies: string[];
  repeats: number;
  at: Timestamp;
}

export type StrategyState =
  | "off"
  | "warming"
  | "running"
  | "shadow"
  | "paused"
  | "halted";

export interface Parameter {
  name: string;
  unit: string;
  help: string;
  value: number;
  min: number;
  max: number;
  step: number;
  initial: number;
  fixed: boolean;
}

export interface Strategy {
  name: string;
  title: string;
  help: string;
  state: StrategyState;
  state_reason: string;
  weight_percent: number;
  day_pnl: Decimal;
  day_line: number[];
  signals: number;
  orders: number;
  fills: number;
  parameters: Parameter[];
}

export type LimitState =
  | "ok"
  | "near"
  | "hit";

export interface Limit {
  name: string;
  title: string;
  unit: string;
  limit: number;
  used: number | null;
  measure: string;
  use_percent: number;
  warn_percent: number;
  state: LimitState;
  effect: string;
  subject: string;
  denials: number;
  editable: boolean;
  min: number;
  max: number;
}

export interface EquityPoint {
  at: Timestamp;
  equity: Decimal;
  day_pnl: Decimal;
  drawdown_percent: number;
}

export type RegimeName =
  | "unknown"
  | "trending"
  | "ranging"
  | "volatile"
  | "crisis";

export interface Regime {
  instrument: number;
  held: RegimeName;
  p_trending: number;
  p_ranging: number;
  p_volatile: number;
  p_crisis: number;
  since: Timestamp | null;
}

export interface Signal {
  id: number;
  strategy: string;
  instrument: number;
  score: number;
  confidence: number;
  price: Decimal;
  reason: string;
  traded: boolean;
  at: Timestamp;
}

export type LogLevel =
  | "info"
  | "good"
  | "attention"
  | "alarm";

export type LogTopic =
  | "system"
  | "order"
  | "risk"
  | "strategy"
  | "market"
  | "gateway"
  | "operator";

export interface LogLine {
  id: number;
  at: Timestamp;
  level: LogLevel;
  topic: LogTopic;
  text: string;
  instrument: number | null;
  order: string;
  strategy: string;
}

export interface Desk {
  status: Status;
  account: Account;
  instruments: Instrument[];
  quotes: Quote[];
  positions: Position[];
  orders: Order[];
  fills: Fill[];
  denials: Denial[];
  strategies: Strategy[];
  limits: Limit[];
  equity: EquityPoint[];
  regimes: Regime[];
  signals: Signal[];
  log: LogLine[];
}

export interface SnapshotMessage {
  type: string;
  protocol: number;
  epoch: string;
  seq: number;
  rate: number;
  venues: string[];
  state: Desk;
}

export interface Changes {
  status: Status | null;
  account: Account | null;
  instruments: Instrument[] | null;
  positions: Position[] | null;
  orders: Order[] | null;
  fills: Fill[] | null;
  denials: Denial[] | null;
  strategies: Strategy[] | null;
  limits: Limit[] | null;
  equity: EquityPoint[] | null;
  regimes: Regime[] | null;
  signals: Signal[] | null;
  log: LogLine[] | null;
}

export interface PatchMessage {
  type: string;
  epoch: string;
  prev: number;
  seq: number;
  venues: string[] | null;
  changes: Changes;
  orders_removed: string[];
}

export interface HeartbeatMessage {
  type: string;
  epoch: string;
  seq: number;
  wall: Timestamp;
}

export interface AckMessage {
  type: string;
  id: number;
}

export interface ErrorMessage {
  type: string;
  id: number | null;
  code: string;
  text: string;
  fatal: boolean;
}

export interface ClientMessage {
  type: string;
  id: number | null;
  protocol: number | null;
  epoch: string | null;
  seq: number | null;
  rate: number | null;
  token: string | null;
  channel: string | null;
  instrument: number | null;
  bar: string | null;
}

export interface StateAnswer {
  epoch: string;
  seq: number;
  venues: string[];
  state: Desk;
}

export interface Candle {
  at: Timestamp;
  open: Decimal;
  high: Decimal;
  low: Decimal;
  close: Decimal;
  volume: Decimal;
  vwap: Decimal | null;
}

export interface Gap {
  from: Timestamp;
  to: Timestamp | null;
  cause: string;
}

export interface Chart {
  instrument: number;
  bar: string;
  source: string;
  candles: Candle[];
  orders: Order[];
  fills: Fill[];
  signals: Signal[];
  gaps: Gap[];
}

export interface DepthLevel {
  price: Decimal;
  size: Decimal;
  own: Decimal;
  queue_percent: number | null;
  bought: Decimal;
  sold: Decimal;
}

export interface Depth {
  instrument: number;
  bids: DepthLevel[];
  asks: DepthLevel[];
  at: Timestamp | null;
}

export type Aggressor =
  | "unknown"
  | "buyer"
  | "seller";

export interface Print {
  id: number;
  at: Timestamp;
  price: Decimal;
  size: Decimal;
  side: Aggressor;
  venue: string;
  off_exchange: boolean;
  sweep: boolean;
  block: boolean;
  odd_lot: boolean;
  cancelled: boolean;
}

export interface Tape {
  instrument: number;
  prints: Print[];
}

export interface View {
  strategy: string;
  score: number;
  confidence: number;
  weight_percent: number;
  contribution: number;
  reason: string;
}

export interface GateCheck {
  name: string;
  measured: number | null;
  limit: number | null;
  unit: string;
  passed: boolean;
}

export interface Why {
  order: string;
  instrument: number;
  reason: string;
  views: View[];
  blend: number;
  target: Decimal | null;
  position_before: Decimal | null;
  cap: string;
  checks: GateCheck[];
  tick_to_order_us: number | null;
  at: Timestamp;
}

export interface FlattenLeg {
  instrument: number;
  side: Side;
  quantity: Decimal;
  value: Decimal | null;
  spread_cost: Decimal | null;
  cannot: string;
}

export interface FlattenPreview {
  entries_working: number;
  exits_working: number;
  orders_unknown: number;
  legs: FlattenLeg[];
  traded_value: Decimal;
  traded_percent: number;
  spread_cost: Decimal;
  realizes: Decimal;
}

export type ExposureKind =
  | "account"
  | "instrument"
  | "sector"
  | "currency";

export interface Exposure {
  kind: ExposureKind;
  name: string;
  instrument: number | null;
  gross: Decimal;
  net: Decimal;
  percent: number | null;
  beta_exposure: Decimal | null;
  beta: number | null;
  at: Timestamp | null;
}

export interface BookRisk {
  method: string;
  positions: number;
  bars: number;
  volatility_percent: number | null;
  value_at_risk_95_percent: number | null;
  value_at_risk_99_percent: number | null;
  expected_shortfall_percent: number | null;
  beta: number | null;
  correlation_average: number | null;
  effective_bets: number | null;
  shrinkage: number | null;
  at: Timestamp | null;
}

export type AppetiteKind =
  | "unknown"
  | "risk_off"
  | "neutral"
  | "risk_on";

export interface Appetite {
  held: AppetiteKind;
  score: number | null;
  pairs: number;
  pairs_known: number;
  hedge_correlation: number | null;
  breadth: number | null;
  dispersion: number | null;
  turnover: number | null;
  leader: string;
  at: Timestamp | null;
}

export type Quadrant =
  | "unknown"
  | "leading"
  | "weakening"
  | "lagging"
  | "improving";

export interface Leadership {
  instrument: number;
  symbol: string;
  rank: number | null;
  quadrant: Quadrant;
  strength: number | null;
  momentum: number | null;
  at: Timestamp | null;
}

export interface Rotation {
  appetite: Appetite;
  members: Leadership[];
}

export interface ReasonBody {
  reason: string | null;
}

export interface ParameterBody {
  value: number;
  reason: string | null;
}

export interface LimitBody {
  value: number;
  reason: string | null;
}

export interface CancelAllBody {
  instrument: number | null;
  reason: string | null;
}

export type KillScope =
  | "stop_entries"
  | "cancel_entries"
  | "flatten";

export interface KillBody {
  scope: KillScope;
  reason: string | null;
}

export interface Accepted {
  request: number;
  text: string;
}

export interface Refusal {
  code: string;
  text: string;
  details: string[];
}

export interface PhraseWord {
  text: string;
  from: number;
  to: number;
  kind: string;
}

export interface PhraseAction {
  text: string;
  details: string[];
  raises_risk: boolean;
  needs_reason: boolean;
  is_question: boolean;
  order: string;
}

export interface PhraseAnswer {
  words: PhraseWord[];
  actions: PhraseAction[];
  problem: string;
}

export interface PhraseBody {
  text: string;
  reason: string | null;
}

/** Binary market frames: docs/api.md, "Market frames". Little-endian. */
export const Frame = {
  magic: 1179472978,
  version: 1,
  headerBytes: 40,
  blockHeaderBytes: 16,
} as const;

export const BlockType = {
  quotes: 1,
  depth: 2,
  trades: 3,
  bars: 4,
} as const;

/** Columns of a QuoteRow row. */
export const QuoteRow = {
  instrument: 0,
  bid: 1,
  bid_size: 2,
  ask: 3,
  ask_size: 4,
  last: 5,
  last_size: 6,
  volume: 7,
  at_ms: 8,
  flags: 9,
  vwap: 10,
  relative_volume: 11,
} as const;

/** Columns of a DepthRow row. */
export const DepthRow = {
  side: 0,
  price: 1,
  size: 2,
  own: 3,
  queue_percent: 4,
  bought: 5,
  sold: 6,
} as const;

/** Columns of a TradeRow row. */
export const TradeRow = {
  id: 0,
  at_ms: 1,
  price: 2,
  size: 3,
  side: 4,
  venue: 5,
  flags: 6,
} as const;

/** Columns of a BarRow row. */
export const BarRow = {
  at_ms: 0,
  open: 1,
  high: 2,
  low: 3,
  close: 4,
  volume: 5,
  vwap: 6,
} as const;

export const QuoteFlag = {
  stale: 1,
  crossed: 2,
  halted: 4,
} as const;

export const TradeFlag = {
  offExchange: 1,
  sweep: 2,
  block: 4,
  oddLot: 8,
  cancelled: 16,
} as const;
