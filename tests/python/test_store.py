"""The store of Parquet files, read by symbol and range."""

import csv
import datetime
import gzip
import unittest

import polars
import pyarrow.parquet
import robotrader
from recorded import ROOT, Folder, run

TRADES = ROOT / "data/equity_intraday/taq_XXX_trades_clean_2018-01-02_03.csv.gz"
BARS = ROOT / "data/equity_intraday/SPY_1min_2020-12-15_18.csv.gz"
DAILY = ROOT / "data/daily/MSFT_ohlcv_1990_2022.csv.gz"


class Stores(Folder):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        run("import", TRADES, BARS, DAILY, "--store", "store", cwd=cls.folder)
        cls.store = robotrader.Store(cls.folder / "store")

    def test_ticks_of_a_symbol_are_those_of_the_file_they_came_from(self) -> None:
        table = self.store.read("trades", "XXX").to_polars()
        with gzip.open(TRADES, "rt") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(table.height, len(rows))
        self.assertEqual(table["price"].to_list(), [float(row["PRICE"]) for row in rows])
        self.assertEqual(table["size"].to_list(), [float(row["SIZE"]) for row in rows])
        self.assertTrue(table["at"].is_sorted())
        self.assertEqual(set(table["symbol"]), {"XXX"})

    def test_a_range_is_half_open_however_its_times_are_written(self) -> None:
        whole = self.store.read("trades", "XXX").to_polars()
        at = whole["at"].cast(polars.Int64)
        start, until = at[100], at[500]
        want = whole.filter((at >= start) & (at < until))
        self.assertGreater(want.height, 100)
        self.assertTrue(self.store.read("trades", "XXX", start=start, until=until).to_polars().equals(want))
        day = self.store.read("trades", start="2018-01-03").to_polars()
        self.assertEqual(day.height, whole.filter(at >= 1514937600 * 10**9).height)
        for first in ("2018-01-03T00:00:00Z", datetime.date(2018, 1, 3), datetime.datetime(2018, 1, 3), whole["at"].dt.truncate("1d")[-1],
                      datetime.datetime(2018, 1, 2, 19, tzinfo=datetime.timezone(datetime.timedelta(hours=-5)))):
            self.assertTrue(self.store.read("trades", start=first).to_polars().equals(day), first)
        self.assertEqual(len(self.store.read("trades", "XXX", start="2030-01-01")), 0)
        self.assertEqual(self.store.read("trades", "XXX", start="2030-01-01").column_names, whole.columns)

    def test_daily_bars_come_over_the_years_in_order(self) -> None:
        table = self.store.read("daily_bars", "MSFT", start="2019-12-30", until="2020-01-04").to_polars()
        self.assertEqual([day.isoformat() for day in table["start"].dt.date()], ["2019-12-30", "2019-12-31", "2020-01-02", "2020-01-03"])
        self.assertEqual(len(self.store.read("daily_bars", "MSFT")), 8111)

    def test_columns_and_numbers_are_as_asked_for(self) -> None:
        raw = self.store.read("trades", "XXX", columns=["price"], numbers="raw").to_pyarrow()
        self.assertEqual(raw.column_names, ["price"])
        exact = self.store.read("trades", "XXX", columns=["price", "symbol"], numbers="decimal").to_pyarrow()
        self.assertEqual([int(price.scaleb(9)) for price in exact["price"].to_pylist()], raw["price"].to_pylist())
        self.assertEqual(str(exact.schema.field("price").type), "decimal128(19, 9)")

    def test_what_a_session_wrote_is_read_with_its_symbols(self) -> None:
        partitions = self.store.partitions("bars").to_polars()
        self.assertEqual(partitions["day"].dt.to_string("%F").to_list(), ["2020-12-15", "2020-12-16", "2020-12-17", "2020-12-18"])
        self.assertEqual(self.store.symbols("trades"), ["XXX"])
        self.assertEqual(self.store.symbols("orders"), [])
        self.assertEqual(robotrader.Store.kinds[0], "quotes")

    def test_mistakes_name_what_there_is(self) -> None:
        for mistake, kind, says in ((lambda: self.store.read("quote"), ValueError, "no kind 'quote'; there are quotes, trades"),
                                    (lambda: self.store.read("trades", "YYY"), ValueError, "'YYY'; there are XXX"),
                                    (lambda: self.store.read("trades", columns=["prise"]), ValueError, "no column 'prise'; there are at"),
                                    (lambda: self.store.read("trades", start="yesterday"), ValueError, "start: 'yesterday' is not a time"),
                                    (lambda: self.store.read("trades", start=1.5), TypeError, "start: 1.5 is not a time"),
                                    (lambda: self.store.read("trades", start="2019-01-01", until="2018-01-01"), ValueError, "until is before start"),
                                    (lambda: self.store.read("orders"), robotrader.DataError, "holds no orders"),
                                    (lambda: robotrader.Store(self.folder / "nowhere"), FileNotFoundError, "nowhere")):
            with self.assertRaisesRegex(kind, says):
                mistake()

    def test_half_a_file_is_named(self) -> None:
        run("import", TRADES, "--store", "broken", cwd=self.folder)
        file = sorted((self.folder / "broken").rglob("*.parquet"))[0]
        file.write_bytes(file.read_bytes()[:1000])
        with self.assertRaisesRegex(robotrader.DataError, file.name):
            robotrader.Store(self.folder / "broken").read("trades")
        with self.assertRaises(pyarrow.ArrowInvalid):
            pyarrow.parquet.read_table(file)


if __name__ == "__main__":
    unittest.main()
