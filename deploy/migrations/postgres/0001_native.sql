-- A server without TimescaleDB: native partitions, made when their first row comes, dropped when their time is over.

CREATE FUNCTION robo.ensure_part(table_name text, day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  step interval;
  begins timestamptz;
  part text;
BEGIN
  SELECT t.step INTO STRICT step FROM robo.tables t WHERE t.name = table_name;
  begins := CASE WHEN step = '1 month' THEN date_trunc('month', day::timestamp) ELSE day::timestamp END AT TIME ZONE 'UTC';
  part := table_name || '_' || to_char(begins AT TIME ZONE 'UTC', CASE WHEN step = '1 month' THEN 'YYYYMM' ELSE 'YYYYMMDD' END);
  IF to_regclass(format('robo.%I', part)) IS NOT NULL THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(hashtext('robo.' || part));
  IF to_regclass(format('robo.%I', part)) IS NOT NULL THEN RETURN; END IF;
  -- Attached, not created in place: readers of the other days are not locked out.
  EXECUTE format('CREATE TABLE robo.%I (LIKE robo.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part, table_name);
  EXECUTE format('ALTER TABLE robo.%I ATTACH PARTITION robo.%I FOR VALUES FROM (%L) TO (%L)', table_name, part, begins,
                 ((begins AT TIME ZONE 'UTC') + step) AT TIME ZONE 'UTC');
END $$;

CREATE FUNCTION robo.set_keep(table_name text, how_long interval) RETURNS void LANGUAGE sql AS
$$ UPDATE robo.tables SET keep = how_long WHERE name = table_name $$;

-- Drops what is past its time; returns how many partitions went.
CREATE FUNCTION robo.retain(as_of timestamptz) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  it record;
  dropped integer := 0;
BEGIN
  FOR it IN
    SELECT c.oid::regclass AS part, t.step,
           (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \(''([^'']+)'''))[1]::timestamptz AS ends, t.keep
    FROM robo.tables t
    JOIN pg_class parent ON parent.relname = t.name AND parent.relnamespace = 'robo'::regnamespace
    JOIN pg_inherits i ON i.inhparent = parent.oid
    JOIN pg_class c ON c.oid = i.inhrelid
    WHERE t.keep IS NOT NULL
  LOOP
    IF it.ends <= as_of - it.keep THEN
      EXECUTE format('DROP TABLE %s', it.part);
      dropped := dropped + 1;
    END IF;
  END LOOP;
  RETURN dropped;
END $$;

CREATE FUNCTION robo.disk() RETURNS TABLE (name text, bytes bigint, parts bigint) LANGUAGE sql STABLE AS $$
  SELECT t.name, coalesce(sum(pg_total_relation_size(i.inhrelid)), 0)::bigint, count(i.inhrelid)
  FROM robo.tables t
  JOIN pg_class parent ON parent.relname = t.name AND parent.relnamespace = 'robo'::regnamespace
  LEFT JOIN pg_inherits i ON i.inhparent = parent.oid
  GROUP BY t.name
$$;

-- The aggregates of 0001_timescale.sql by the same names, computed when they are asked.
CREATE VIEW robo.trades_1s AS
  SELECT date_bin('1 second', at, TIMESTAMPTZ '2000-01-01 00:00:00+00') AS bucket, symbol, journal,
         (array_agg(price ORDER BY at, at_ns, record) FILTER (WHERE conditions & 64 = 0))[1] AS open,
         max(price) FILTER (WHERE conditions & 64 = 0) AS high, min(price) FILTER (WHERE conditions & 64 = 0) AS low,
         (array_agg(price ORDER BY at DESC, at_ns DESC, record DESC) FILTER (WHERE conditions & 64 = 0))[1] AS close,
         coalesce(sum(size) FILTER (WHERE conditions & 128 = 0), 0) AS volume, count(*) AS trades
  FROM robo.trades GROUP BY 1, 2, 3;
CREATE VIEW robo.trades_1m AS
  SELECT date_bin('1 minute', bucket, TIMESTAMPTZ '2000-01-01 00:00:00+00') AS bucket, symbol, journal,
         (array_agg(open ORDER BY bucket) FILTER (WHERE open IS NOT NULL))[1] AS open, max(high) AS high, min(low) AS low,
         (array_agg(close ORDER BY bucket DESC) FILTER (WHERE close IS NOT NULL))[1] AS close, sum(volume) AS volume, sum(trades) AS trades
  FROM robo.trades_1s GROUP BY 1, 2, 3;
CREATE VIEW robo.trades_1h AS
  SELECT date_bin('1 hour', bucket, TIMESTAMPTZ '2000-01-01 00:00:00+00') AS bucket, symbol, journal,
         (array_agg(open ORDER BY bucket) FILTER (WHERE open IS NOT NULL))[1] AS open, max(high) AS high, min(low) AS low,
         (array_agg(close ORDER BY bucket DESC) FILTER (WHERE close IS NOT NULL))[1] AS close, sum(volume) AS volume, sum(trades) AS trades
  FROM robo.trades_1m GROUP BY 1, 2, 3;
