-- Tables of robotrader, version 1. Every row names its journal and its record there: that is its key, on every server.
-- /*daily*/ and /*monthly*/ become PARTITION BY RANGE on a server without TimescaleDB (the program does it); with it they
-- stay comments and 0001_timescale.sql makes hypertables.
-- Prices are whole numbers of 1e-9, quantities of 1e-8, money of 1e-6; the schema robo_read shows them as decimals.
-- <name>_ns are the nanoseconds below the microsecond of <name>.

CREATE SCHEMA robo_read;

CREATE TABLE robo.journals (
  id serial PRIMARY KEY,
  name text NOT NULL UNIQUE,
  session bigint NOT NULL,
  mode text NOT NULL DEFAULT 'unknown',
  account text NOT NULL DEFAULT '',
  begins_at timestamptz NOT NULL,
  next_record bigint NOT NULL DEFAULT 0,
  next_feature bigint NOT NULL DEFAULT 0,
  stored_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN robo.journals.next_record IS 'the first record that is not in the tables yet; moves in the transaction that brings the rows';

CREATE TABLE robo.instruments (
  journal integer NOT NULL,
  record bigint NOT NULL,
  symbol text NOT NULL,
  at timestamptz NOT NULL,
  at_ns smallint NOT NULL,
  json jsonb NOT NULL,
  PRIMARY KEY (journal, record)
);

CREATE TABLE robo.quotes (
  journal integer NOT NULL,
  record bigint NOT NULL,
  symbol text NOT NULL,
  at timestamptz NOT NULL,
  at_ns smallint NOT NULL,
  received_at timestamptz,
  received_at_ns smallint NOT NULL,
  venue smallint NOT NULL,
  bid bigint NOT NULL,
  ask bigint NOT NULL,
  bid_size bigint NOT NULL,
  ask_size bigint NOT NULL
) /*daily*/;

CREATE TABLE robo.trades (
  journal integer NOT NULL,
  record bigint NOT NULL,
  symbol text NOT NULL,
  at timestamptz NOT NULL,
  at_ns smallint NOT NULL,
  received_at timestamptz,
  received_at_ns smallint NOT NULL,
  venue smallint NOT NULL,
  aggressor text NOT NULL,
  conditions integer NOT NULL,
  sale_conditions text NOT NULL,
  price bigint NOT NULL,
  size bigint NOT NULL
) /*daily*/;

CREATE TABLE robo.depth (
  journal integer NOT NULL,
  record bigint NOT NULL,
  symbol text NOT NULL,
  at timestamptz NOT NULL,
  at_ns smallint NOT NULL,
  received_at timestamptz,
  received_at_ns smallint NOT NULL,
  snapshot boolean NOT NULL,
  last_of_batch boolean NOT NULL,
  side text NOT NULL,
  price bigint NOT NULL,
  size bigint NOT NULL,
  update_id bigint NOT NULL
) /*daily*/;

CREATE TABLE robo.depth_rows (
  journal integer NOT NULL,
  record bigint NOT NULL,
  symbol text NOT NULL,
  at timestamptz NOT NULL,
  at_ns smallint NOT NULL,
  received_at timestamptz,
  received_at_ns smallint NOT NULL,
  side text NOT NULL,
  operation text NOT NULL,
  "position" integer NOT NULL,
  price bigint NOT NULL,
  size bigint NOT NULL,
  maker text NOT NULL
) /*daily*/;

CREATE TABLE robo.bars (
  journal integer NOT NULL,
  record bigint NOT NULL,
  symbol text NOT NULL,
  start timestamptz NOT NULL,
  start_ns smallint NOT NULL,
  period bigint NOT NULL,
  open bigint NOT NULL,
  high bigint NOT NULL,
  low bigint NOT NULL,
  close bigint NOT NULL,
  volume bigint NOT NULL,
  volume_known boolean NOT NULL,
  origin text NOT NULL
) /*monthly*/;
COMMENT ON COLUMN robo.bars.period IS 'nanoseconds';

CREATE TABLE robo.features (
  journal integer NOT NULL,
  record bigint NOT NULL,
  symbol text NOT NULL,
  set_name text NOT NULL,
  at timestamptz NOT NULL,
  at_ns smallint NOT NULL,
  known_at timestamptz NOT NULL,
  known_at_ns smallint NOT NULL,
  "values" double precision[] NOT NULL
) /*daily*/;
CREATE TABLE robo.feature_sets (
  journal integer NOT NULL,
  set_name text NOT NULL,
  names text[] NOT NULL,
  PRIMARY KEY (journal, set_name)
);

CREATE TABLE robo.orders (
  journal integer NOT NULL,
  record bigint NOT NULL,
  at timestamptz NOT NULL,
  at_ns smallint NOT NULL,
  session bigint NOT NULL,
  number bigint NOT NULL,
  perm_id bigint NOT NULL,
  client_id integer NOT NULL,
  order_id integer NOT NULL,
  symbol text NOT NULL,
  side text NOT NULL,
  kind text NOT NULL,
  time_in_force text NOT NULL,
  purpose text NOT NULL,
  quantity bigint NOT NULL,
  "limit" bigint NOT NULL,
  trigger bigint NOT NULL,
  state text NOT NULL,
  previous text NOT NULL,
  filled bigint NOT NULL,
  average_price bigint NOT NULL,
  code integer NOT NULL,
  text text NOT NULL
) /*daily*/;

CREATE TABLE robo.executions (
  journal integer NOT NULL,
  record bigint NOT NULL,
  at timestamptz NOT NULL,
  at_ns smallint NOT NULL,
  executed_at timestamptz,
  executed_at_ns smallint NOT NULL,
  execution text NOT NULL,
  session bigint NOT NULL,
  number bigint NOT NULL,
  perm_id bigint NOT NULL,
  symbol text NOT NULL,
  side text NOT NULL,
  external boolean NOT NULL,
  correction boolean NOT NULL,
  liquidity smallint NOT NULL,
  quantity bigint NOT NULL,
  price bigint NOT NULL,
  venue text NOT NULL,
  position_after bigint NOT NULL,
  realized bigint NOT NULL,
  arrival_price bigint NOT NULL
) /*daily*/;

CREATE TABLE robo.facts (
  journal integer NOT NULL,
  record bigint NOT NULL,
  at timestamptz NOT NULL,
  at_ns smallint NOT NULL,
  sequence bigint NOT NULL,
  kind text NOT NULL,
  symbol text NOT NULL,
  json jsonb NOT NULL
) /*daily*/;

CREATE INDEX ON robo.quotes (symbol, at);
CREATE INDEX ON robo.trades (symbol, at);
CREATE INDEX ON robo.depth (symbol, at);
CREATE INDEX ON robo.depth_rows (symbol, at);
CREATE INDEX ON robo.bars (symbol, period, start);
CREATE INDEX ON robo.features (symbol, set_name, known_at);
CREATE UNIQUE INDEX ON robo.orders (journal, record, at);
CREATE INDEX ON robo.orders (session, number, at);
CREATE UNIQUE INDEX ON robo.executions (journal, record, at);
CREATE INDEX ON robo.executions (symbol, at);
CREATE INDEX ON robo.executions (execution);
CREATE UNIQUE INDEX ON robo.facts (journal, record, at);
CREATE INDEX ON robo.facts (kind, at);

-- Which tables there are, how far one partition or chunk reaches and how long rows are kept (NULL: for ever).
CREATE TABLE robo.tables (
  name text PRIMARY KEY,
  time_column text NOT NULL,
  step interval NOT NULL,
  keep interval
);
INSERT INTO robo.tables (name, time_column, step) VALUES
  ('quotes', 'at', '1 day'), ('trades', 'at', '1 day'), ('depth', 'at', '1 day'), ('depth_rows', 'at', '1 day'), ('features', 'at', '1 day'),
  ('orders', 'at', '1 day'), ('executions', 'at', '1 day'), ('facts', 'at', '1 day'), ('bars', 'start', '1 month');

-- The same for people: decimals, and NULL where a side or a time does not exist.
CREATE VIEW robo_read.quotes AS
  SELECT journal, record, symbol, at, at_ns, received_at, NULLIF(chr(NULLIF(venue, 0)), '') AS venue,
         CASE WHEN bid_size <> 0 THEN bid::numeric / 1000000000 END AS bid, CASE WHEN ask_size <> 0 THEN ask::numeric / 1000000000 END AS ask,
         bid_size::numeric / 100000000 AS bid_size, ask_size::numeric / 100000000 AS ask_size
  FROM robo.quotes;
CREATE VIEW robo_read.trades AS
  SELECT journal, record, symbol, at, at_ns, received_at, NULLIF(chr(NULLIF(venue, 0)), '') AS venue, aggressor, conditions, sale_conditions,
         price::numeric / 1000000000 AS price, size::numeric / 100000000 AS size
  FROM robo.trades;
CREATE VIEW robo_read.depth AS
  SELECT journal, record, symbol, at, at_ns, received_at, snapshot, last_of_batch, side,
         price::numeric / 1000000000 AS price, size::numeric / 100000000 AS size, update_id
  FROM robo.depth;
CREATE VIEW robo_read.depth_rows AS
  SELECT journal, record, symbol, at, at_ns, received_at, side, operation, "position",
         price::numeric / 1000000000 AS price, size::numeric / 100000000 AS size, maker
  FROM robo.depth_rows;
CREATE VIEW robo_read.bars AS
  SELECT journal, record, symbol, start, make_interval(secs => period / 1e9) AS period, open::numeric / 1000000000 AS open,
         high::numeric / 1000000000 AS high, low::numeric / 1000000000 AS low, close::numeric / 1000000000 AS close,
         CASE WHEN volume_known THEN volume::numeric / 100000000 END AS volume, origin
  FROM robo.bars;
CREATE VIEW robo_read.orders AS
  SELECT journal, record, at, session, number, perm_id, client_id, order_id, symbol, side, kind, time_in_force, purpose,
         quantity::numeric / 100000000 AS quantity, "limit"::numeric / 1000000000 AS "limit", trigger::numeric / 1000000000 AS trigger, state, previous,
         filled::numeric / 100000000 AS filled, average_price::numeric / 1000000000 AS average_price, code, text
  FROM robo.orders;
CREATE VIEW robo_read.executions AS
  SELECT journal, record, at, executed_at, execution, session, number, perm_id, symbol, side, external, correction, liquidity,
         quantity::numeric / 100000000 AS quantity, price::numeric / 1000000000 AS price, venue, position_after::numeric / 100000000 AS position_after,
         realized::numeric / 1000000 AS realized, NULLIF(arrival_price, 0)::numeric / 1000000000 AS arrival_price
  FROM robo.executions;
-- One stream of what the market said: quotes and trades in the order they were received.
CREATE VIEW robo_read.ticks AS
  SELECT journal, record, symbol, at, at_ns, 'quote' AS kind, bid, ask, bid_size, ask_size, NULL::numeric AS price, NULL::numeric AS size FROM robo_read.quotes
  UNION ALL
  SELECT journal, record, symbol, at, at_ns, 'trade', NULL, NULL, NULL, NULL, price, size FROM robo_read.trades;
