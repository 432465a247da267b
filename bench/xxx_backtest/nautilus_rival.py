"""nautilus_trader's back-test of the same events with the same EMA cross. One line per run on stdout.

usage: nautilus_rival.py EVENTS_FILE   EVENTS_FILE: int64 rows (ns, kind 0 quote 1 trade, bid or price, ask or 1 when the trade
                                       sets the last price, bid size or size, ask size)
                                       prices in 1e-4, sizes in shares. Says "ready VERSION EVENTS", then for every line "run":
                                       "SECONDS CROSSES FILLS PEAK_MB".
"""

import resource
import sys
import time
from decimal import Decimal

import nautilus_trader
import numpy as np
from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
from nautilus_trader.config import LoggingConfig, RiskEngineConfig, StrategyConfig
from nautilus_trader.indicators import ExponentialMovingAverage
from nautilus_trader.model.currencies import USD
from nautilus_trader.model.data import QuoteTick, TradeTick
from nautilus_trader.model.enums import AccountType, AggressorSide, OmsType, OrderSide
from nautilus_trader.model.identifiers import InstrumentId, Symbol, TradeId, Venue
from nautilus_trader.model.instruments import Equity
from nautilus_trader.model.objects import Money, Price, Quantity
from nautilus_trader.trading.strategy import Strategy

XXX = InstrumentId(Symbol("XXX"), Venue("SIM"))


class CrossConfig(StrategyConfig, frozen=True):
    size: int = 100


class Cross(Strategy):
    """Long 100 while EMA 10 of the trades is above EMA 20, short 100 while below; turned by market orders."""

    def __init__(self, config: CrossConfig) -> None:
        super().__init__(config)
        self.fast = ExponentialMovingAverage(10)
        self.slow = ExponentialMovingAverage(20)
        self.side = 0
        self.crosses = 0
        self.fills = 0

    def on_start(self) -> None:
        self.instrument = self.cache.instrument(XXX)
        self.subscribe_quote_ticks(XXX)
        self.subscribe_trade_ticks(XXX)

    def on_trade_tick(self, tick: TradeTick) -> None:
        if tick.aggressor_side != AggressorSide.BUYER:  # our mark for trades that set the last price
            return
        price = tick.price.as_double()
        self.fast.update_raw(price)
        self.slow.update_raw(price)
        if not self.slow.initialized:
            return
        fast, slow = self.fast.value, self.slow.value
        if fast == slow:
            return
        side = 1 if fast > slow else -1
        if side == self.side:
            return
        quantity = self.config.size if self.side == 0 else 2 * self.config.size
        self.side = side
        self.crosses += 1
        self.submit_order(
            self.order_factory.market(XXX, OrderSide.BUY if side > 0 else OrderSide.SELL, Quantity.from_int(quantity))
        )

    def on_order_filled(self, event) -> None:
        self.fills += 1


def main() -> None:
    rows = np.fromfile(sys.argv[1], dtype=np.int64).reshape(-1, 6)
    data = []
    for number, (at, kind, a, b, c, d) in enumerate(rows.tolist()):
        if kind == 0:
            data.append(QuoteTick(XXX, Price(a / 1e4, 4), Price(b / 1e4, 4), Quantity.from_int(c), Quantity.from_int(d), at, at))
        else:
            data.append(TradeTick(XXX, Price(a / 1e4, 4), Quantity.from_int(c), AggressorSide.BUYER if b else AggressorSide.NO_AGGRESSOR, TradeId(str(number)), at, at))
    engine = BacktestEngine(
        BacktestEngineConfig(logging=LoggingConfig(bypass_logging=True), risk_engine=RiskEngineConfig(bypass=False), run_analysis=False)
    )
    engine.add_venue(Venue("SIM"), OmsType.NETTING, AccountType.MARGIN, [Money(1_000_000, USD)], base_currency=USD, default_leverage=Decimal(4))
    engine.add_instrument(
        Equity(XXX, Symbol("XXX"), USD, price_precision=4, price_increment=Price(0.0001, 4), lot_size=Quantity.from_int(1), ts_event=0, ts_init=0)
    )
    engine.add_data(data)
    print(f"ready {nautilus_trader.__version__} {len(data)}", flush=True)
    first = True
    for line in sys.stdin:
        if line.strip() != "run":
            break
        if not first:
            engine.reset()
        first = False
        engine.clear_strategies() if hasattr(engine, "clear_strategies") else None
        strategy = Cross(CrossConfig())
        engine.add_strategy(strategy)
        started = time.thread_time()
        engine.run()
        seconds = time.thread_time() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{seconds} {strategy.crosses} {strategy.fills} {peak}", flush=True)


if __name__ == "__main__":
    main()
