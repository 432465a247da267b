"""Features over a table are the kernel's, bit for bit."""

import csv
import gzip
import math
import os
import struct
import subprocess
import unittest

import numpy
import pandas
import polars
import pyarrow
import robotrader
from recorded import ROOT, Folder, Recorded, run

GOLDEN = ROOT / "tests/golden/features"
MINUTE = 60 * 10**9
# As members, and as text.
SPECS = {"ema": (10, 0, 0), "rsi": (14, 0, 0), "macd": (12, 26, 9), "macd_signal": (12, 26, 9), "macd_histogram": (12, 26, 9), "atr": (14, 0, 0), "adx": (14, 0, 0),
         "plus_di": (14, 0, 0), "bollinger_upper": (20, 0, 0), "bollinger_z": (20, 0, 0), "realized_volatility": (20, 0, 0), "volume_z": (20, 0, 0), "donchian_high": (20, 0, 0),
         "breakout": (20, 0, 0), "efficiency_ratio": (10, 0, 0), "tick_return": (5, 0, 0)}


def bits(values: object) -> list[int]:
    """NaN has many bit patterns; they all mean not known."""
    return [0 if math.isnan(value) else struct.unpack("<Q", struct.pack("<d", value))[0] for value in values]  # type: ignore[attr-defined]


class Golden(Folder):
    def bars(self, name: str) -> tuple[pyarrow.Table, list[dict[str, str]]]:
        with gzip.open(GOLDEN / f"{name}.csv.gz", "rt") as file:
            rows = list(csv.DictReader(file))
        names = list(rows[0])[:5]
        table = pyarrow.table({"start": pyarrow.array([i * MINUTE for i in range(len(rows))], pyarrow.int64()),
                               **{to: [float(row[of]) for row in rows] for to, of in zip(("open", "high", "low", "close", "volume"), names)}})
        return table, rows

    def test_every_value_has_the_bits_the_engine_computes_event_by_event(self) -> None:
        kinds = {row["name"]: place for place, row in enumerate(robotrader.features().to_pylist())}
        for name in ("talib_spy_1min", "talib_msft_daily"):
            table, _ = self.bars(name)
            done = subprocess.run([os.environ["GOLDEN_FEATURES"], str(GOLDEN / f"{name}.csv.gz"), *(f"{kinds[kind]}:{p}:{s}:{g}" for kind, (p, s, g) in SPECS.items())],
                                  capture_output=True, text=True, timeout=60, check=True)
            lines = [line.split() for line in done.stdout.splitlines()]
            table = table.set_column(0, "start", pyarrow.array([int(line[0]) for line in lines], pyarrow.int64()))
            wanted = [robotrader.Feature(kind, period=p, timeframe="1m", **({"slow": s, "signal": g} if s else {})) for kind, (p, s, g) in SPECS.items()]
            out = pyarrow.table(robotrader.compute(table, wanted))
            self.assertEqual(out.num_rows, len(lines))
            for column, feature in enumerate(wanted, 1):
                engine = [struct.unpack("<d", struct.pack("<Q", int(line[column], 16)))[0] for line in lines]
                # The daily file has no volumes.
                self.assertEqual(all(math.isnan(value) for value in engine), (name, feature.name) == ("talib_msft_daily", "volume_z"), f"{name} {feature}")
                self.assertEqual(bits(out[str(feature)].to_pylist()), bits(engine), f"{name} {feature}")

    def test_the_values_are_talibs(self) -> None:
        table, rows = self.bars("talib_spy_1min")
        for column in [name for name in rows[0] if name.startswith(("rsi_", "ema_", "atr_"))]:
            kind, period = column.rsplit("_", 1)
            have = robotrader.compute(table, f"{kind}({period}) 1m").to_pyarrow()[f"{kind}({period}) 1m"].to_pylist()
            for value, row in zip(have, rows):
                if row[column] == "":
                    self.assertTrue(math.isnan(value))
                else:
                    self.assertAlmostEqual(value, float(row[column]), delta=1e-10 * max(1, abs(float(row[column]))))

    def test_pandas_polars_pyarrow_and_dicts_are_tables(self) -> None:
        table, _ = self.bars("talib_spy_1min")
        want = robotrader.compute(table, "rsi(14) 1m").to_pyarrow()["rsi(14) 1m"]
        for given in (polars.from_arrow(table), table.to_pandas(), {name: table[name].to_numpy() for name in table.column_names},
                      pyarrow.Table.from_batches(table.to_batches(max_chunksize=100)), table.set_column(4, "close", table["close"].cast(pyarrow.float64()))):
            have = robotrader.compute(given, "rsi 1m").to_pyarrow()["rsi(14) 1m"]
            self.assertEqual(bits(have.to_pylist()), bits(want.to_pylist()), type(given))
        # The input is handed through where it lies.
        out = robotrader.compute(table, "rsi 1m").to_pyarrow()
        self.assertEqual(out["close"].chunk(0).buffers()[1].address, table["close"].chunk(0).buffers()[1].address)

    def test_each_symbol_is_computed_on_its_own(self) -> None:
        table, _ = self.bars("talib_spy_1min")
        frame = polars.from_arrow(table).head(300)
        mixed = polars.concat([frame.with_columns(symbol=polars.lit("AAA")), frame.with_columns(polars.col("open", "high", "low", "close") * 2, symbol=polars.lit("BBB"))]).sort("start", maintain_order=True)
        out = robotrader.compute(mixed, ["rsi(14) 1m", "ema(10) 1m"]).to_polars()
        alone = robotrader.compute(frame, ["rsi(14) 1m", "ema(10) 1m"]).to_polars()
        for symbol, times in (("AAA", 1), ("BBB", 2)):
            own = out.filter(polars.col("symbol") == symbol)
            self.assertEqual(bits(own["rsi(14) 1m"]), bits(alone["rsi(14) 1m"]))
            self.assertEqual(bits(own["ema(10) 1m"]), bits(alone["ema(10) 1m"] * times))

    def test_an_empty_cell_is_not_known_and_never_zero(self) -> None:
        closes = [1.0, 2.0, None, 4.0, 5.0, 6.0]
        out = robotrader.compute(pyarrow.table({"at": pyarrow.array(range(6), pyarrow.int64()), "price": closes, "size": [1.0] * 6}), "ema(2) tick").to_pylist()
        self.assertTrue(math.isnan(out[2]["ema(2) tick"]))
        self.assertFalse(math.isnan(out[3]["ema(2) tick"]))


class Words(unittest.TestCase):
    def test_a_feature_is_its_text_and_its_members(self) -> None:
        self.assertEqual(robotrader.Feature("rsi(9) 5m"), robotrader.Feature("rsi", period=9, timeframe="5m"))
        self.assertEqual(str(robotrader.Feature("macd 1h")), "macd(12,26,9) 1h")
        self.assertEqual(str(robotrader.Feature("bollinger_upper(20, 2.5)")), "bollinger_upper(20,2.5) tick")
        self.assertEqual(str(robotrader.Feature("markout h=5s")), str(robotrader.Feature("markout", horizon="5s")))
        self.assertEqual((robotrader.Feature("rsi").unit, robotrader.Feature("rsi").warm_up), ("0..100", 15))
        self.assertEqual(len({robotrader.Feature("rsi"), robotrader.Feature("rsi(14) tick")}), 1)

    def test_the_text_of_every_feature_is_understood_again(self) -> None:
        rows = robotrader.features().to_pylist()
        self.assertGreater(len(rows), 80)
        for row in rows:
            for frame in ["tick"] * row["per_tick"] + ["5m"] * row["per_bar"]:
                feature = robotrader.Feature(f"{row['name']} {frame}")
                self.assertEqual(robotrader.Feature(str(feature)), feature)
                self.assertEqual(feature.name, row["name"])

    def test_wrong_words_are_told_with_the_right_ones(self) -> None:
        for text, says in (("rsii 1m", "did you mean rsi"), ("rsi(3", r"a \) is missing"), ("rsi(x) 1m", "'x' is no period"), ("rsi 3x", "is no timeframe: tick, 1s"),
                           ("rsi(1) 1m", "at least 2"), ("relative_volume tick", "needs a timeframe"), ("macd(26,12,9) 1m", "fast < slow"), ("", "no such feature")):
            with self.assertRaisesRegex(ValueError, says):
                robotrader.Feature(text)
        with self.assertRaisesRegex(ValueError, "perid=3 is not understood; there are period"):
            robotrader.Feature("rsi", perid=3)


class Tables(Recorded):
    def test_a_recorded_days_quotes_and_trades_give_features_too(self) -> None:
        journal = robotrader.Journal(self.journal)
        quotes = journal.table("Quote").to_polars().head(5000)
        out = robotrader.compute(quotes, ["mid", "imbalance_l1", "spread_bp"]).to_polars()
        both = (quotes["bid_size"] > 0) & (quotes["ask_size"] > 0) & (quotes["ask"] >= quotes["bid"])
        self.assertGreater(both.sum(), 1000)
        self.assertEqual(bits(out.filter(both)["mid tick"]), bits(((quotes["bid"] + quotes["ask"]) / 2).filter(both)))
        imbalance = ((quotes["bid_size"] - quotes["ask_size"]) / (quotes["bid_size"] + quotes["ask_size"])).filter(both)
        self.assertTrue(numpy.allclose(out.filter(both)["imbalance_l1 tick"], imbalance, rtol=1e-12))
        trades = journal.table("Trade").to_polars()
        flow = robotrader.compute(trades, "cvd").to_polars()
        signed = trades["size"] * trades["aggressor"].replace_strict({"buyer": 1.0, "seller": -1.0, "unknown": 0.0})
        self.assertAlmostEqual(flow["cvd tick"][-1], signed.sum(), places=6)

    def test_tables_that_do_not_fit_are_refused_with_column_and_row(self) -> None:
        bars = {"start": [0, MINUTE, 2 * MINUTE], "open": [1.0] * 3, "high": [2.0] * 3, "low": [0.5] * 3, "close": [1.0] * 3, "volume": [1.0] * 3}
        for table, words, says in ((bars, {"features": "rsi 5m", "timeframe": "1m"}, "bars are of 60 s"), (bars, {"features": "cvd", "timeframe": "1m"}, "per tick, and the table holds bars"),
                                   (bars, {"features": "ofi 1m"}, "made of quotes, depth or trades"), (bars, {"features": "rsi 1h"}, "rows 0 and 1 are 60 s apart"),
                                   ({**bars, "start": [0, MINUTE, 0]}, {"features": "rsi 1m"}, "goes back in time at row 2"), ({**bars, "close": ["a", "b", "c"]}, {"features": "rsi 1m"}, "'close' is of type string"),
                                   ({"price": [1.0], "size": [1.0]}, {"features": "rsi tick"}, "no column 'at'; there are price, size"), ({"a": [1.0]}, {"features": "rsi tick"}, "there are a"),
                                   ({"at": [0], "bid": [1.0], "ask": [1e12], "bid_size": [1.0], "ask_size": [1.0]}, {"features": "mid"}, "'ask', row 0: 1000000000000 is no price"),
                                   (bars, {"features": "pair_beta 1m"}, "other is missing")):
            with self.assertRaisesRegex(robotrader.DataError, says):
                robotrader.compute(table, **words)
        with self.assertRaisesRegex(TypeError, "a table is expected"):
            robotrader.compute(7, "rsi")
        with self.assertRaisesRegex(TypeError, "text like"):
            robotrader.compute(bars, [3])
        with self.assertRaises(ValueError):
            robotrader.compute(pandas.DataFrame(bars), [])


if __name__ == "__main__":
    unittest.main()
