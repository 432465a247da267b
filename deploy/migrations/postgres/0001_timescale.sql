-- A server with TimescaleDB (2.13 or later), after 0001_tables.sql: hypertables, compression, retention, continuous aggregates.
-- Every statement that needs the extension is in this file and runs under psql as it is. ROBO_TIMESCALE_DSN lets the tests run it.
-- The aggregates are made WITH NO DATA, so all of it can be one transaction.

SELECT create_hypertable('robo.quotes', 'at', chunk_time_interval => INTERVAL '1 day', create_default_indexes => FALSE);
SELECT create_hypertable('robo.trades', 'at', chunk_time_interval => INTERVAL '1 day', create_default_indexes => FALSE);
SELECT create_hypertable('robo.depth', 'at', chunk_time_interval => INTERVAL '1 day', create_default_indexes => FALSE);
SELECT create_hypertable('robo.depth_rows', 'at', chunk_time_interval => INTERVAL '1 day', create_default_indexes => FALSE);
SELECT create_hypertable('robo.features', 'at', chunk_time_interval => INTERVAL '1 day', create_default_indexes => FALSE);
SELECT create_hypertable('robo.orders', 'at', chunk_time_interval => INTERVAL '1 day', create_default_indexes => FALSE);
SELECT create_hypertable('robo.executions', 'at', chunk_time_interval => INTERVAL '1 day', create_default_indexes => FALSE);
SELECT create_hypertable('robo.facts', 'at', chunk_time_interval => INTERVAL '1 day', create_default_indexes => FALSE);
SELECT create_hypertable('robo.bars', 'start', chunk_time_interval => INTERVAL '1 month', create_default_indexes => FALSE);

ALTER TABLE robo.quotes SET (timescaledb.compress, timescaledb.compress_segmentby = 'symbol', timescaledb.compress_orderby = 'at, at_ns, record');
ALTER TABLE robo.trades SET (timescaledb.compress, timescaledb.compress_segmentby = 'symbol', timescaledb.compress_orderby = 'at, at_ns, record');
ALTER TABLE robo.depth SET (timescaledb.compress, timescaledb.compress_segmentby = 'symbol', timescaledb.compress_orderby = 'at, at_ns, record');
ALTER TABLE robo.depth_rows SET (timescaledb.compress, timescaledb.compress_segmentby = 'symbol', timescaledb.compress_orderby = 'at, at_ns, record');
ALTER TABLE robo.features SET (timescaledb.compress, timescaledb.compress_segmentby = 'symbol, set_name', timescaledb.compress_orderby = 'at, at_ns, record');
ALTER TABLE robo.facts SET (timescaledb.compress, timescaledb.compress_segmentby = 'kind', timescaledb.compress_orderby = 'at, at_ns, record');
ALTER TABLE robo.bars SET (timescaledb.compress, timescaledb.compress_segmentby = 'symbol, period', timescaledb.compress_orderby = 'start, record');
SELECT add_compression_policy('robo.quotes', INTERVAL '2 days');
SELECT add_compression_policy('robo.trades', INTERVAL '2 days');
SELECT add_compression_policy('robo.depth', INTERVAL '2 days');
SELECT add_compression_policy('robo.depth_rows', INTERVAL '2 days');
SELECT add_compression_policy('robo.features', INTERVAL '2 days');
SELECT add_compression_policy('robo.facts', INTERVAL '7 days');
SELECT add_compression_policy('robo.bars', INTERVAL '2 months');

CREATE MATERIALIZED VIEW robo.trades_1s WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
  SELECT time_bucket(INTERVAL '1 second', at) AS bucket, symbol, journal,
         first(price, record) FILTER (WHERE conditions & 64 = 0) AS open, max(price) FILTER (WHERE conditions & 64 = 0) AS high,
         min(price) FILTER (WHERE conditions & 64 = 0) AS low, last(price, record) FILTER (WHERE conditions & 64 = 0) AS close,
         coalesce(sum(size) FILTER (WHERE conditions & 128 = 0), 0) AS volume, count(*) AS trades
  FROM robo.trades GROUP BY 1, 2, 3 WITH NO DATA;
CREATE MATERIALIZED VIEW robo.trades_1m WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
  SELECT time_bucket(INTERVAL '1 minute', bucket) AS bucket, symbol, journal, first(open, bucket) FILTER (WHERE open IS NOT NULL) AS open,
         max(high) AS high, min(low) AS low, last(close, bucket) FILTER (WHERE close IS NOT NULL) AS close, sum(volume) AS volume, sum(trades) AS trades
  FROM robo.trades_1s GROUP BY 1, 2, 3 WITH NO DATA;
CREATE MATERIALIZED VIEW robo.trades_1h WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
  SELECT time_bucket(INTERVAL '1 hour', bucket) AS bucket, symbol, journal, first(open, bucket) FILTER (WHERE open IS NOT NULL) AS open,
         max(high) AS high, min(low) AS low, last(close, bucket) FILTER (WHERE close IS NOT NULL) AS close, sum(volume) AS volume, sum(trades) AS trades
  FROM robo.trades_1m GROUP BY 1, 2, 3 WITH NO DATA;
SELECT add_continuous_aggregate_policy('robo.trades_1s', start_offset => INTERVAL '1 hour', end_offset => INTERVAL '10 seconds', schedule_interval => INTERVAL '1 minute');
SELECT add_continuous_aggregate_policy('robo.trades_1m', start_offset => INTERVAL '1 day', end_offset => INTERVAL '2 minutes', schedule_interval => INTERVAL '5 minutes');
SELECT add_continuous_aggregate_policy('robo.trades_1h', start_offset => INTERVAL '7 days', end_offset => INTERVAL '2 hours', schedule_interval => INTERVAL '1 hour');

-- Chunks are made by the extension itself.
CREATE FUNCTION robo.ensure_part(table_name text, day date) RETURNS void LANGUAGE sql AS $$ SELECT $$;

CREATE FUNCTION robo.set_keep(table_name text, how_long interval) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE robo.tables SET keep = how_long WHERE name = table_name;
  PERFORM remove_retention_policy(format('robo.%I', table_name)::regclass, if_exists => TRUE);
  IF how_long IS NOT NULL THEN PERFORM add_retention_policy(format('robo.%I', table_name)::regclass, how_long); END IF;
END $$;

CREATE FUNCTION robo.retain(as_of timestamptz) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  it record;
  dropped integer := 0;
BEGIN
  FOR it IN SELECT t.name, t.keep FROM robo.tables t WHERE t.keep IS NOT NULL LOOP
    dropped := dropped + (SELECT count(*) FROM drop_chunks(format('robo.%I', it.name)::regclass, older_than => as_of - it.keep));
  END LOOP;
  RETURN dropped;
END $$;

CREATE FUNCTION robo.disk() RETURNS TABLE (name text, bytes bigint, parts bigint) LANGUAGE sql STABLE AS $$
  SELECT t.name, coalesce(hypertable_size(format('robo.%I', t.name)::regclass), 0),
         (SELECT count(*) FROM timescaledb_information.chunks c WHERE c.hypertable_schema = 'robo' AND c.hypertable_name = t.name)
  FROM robo.tables t
$$;
