#include "kernel/features/spec.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace robo::features {

namespace {

constexpr std::string_view wilder = "Wilder, New Concepts in Technical Trading Systems (1978); values as TA-Lib";
constexpr std::string_view bollinger = "Bollinger; population standard deviation as TA-Lib BBANDS";
constexpr std::string_view cont = "Cont, Kukanov, Stoikov, The Price Impact of Order Book Events (2014)";
constexpr std::string_view cucuringu = "Cont, Cucuringu, Zhang, Cross-Impact of Order Flow Imbalance in Equity Markets (2023)";
constexpr std::string_view spreads = "SEC Rule 605 (effective, realized); Huang, Stoll (1996)";
constexpr std::string_view easley = "Easley, Lopez de Prado, O'Hara, Flow Toxicity and Liquidity in a High-Frequency World (2012); criticized by Andersen, Bondarenko (2014)";
constexpr std::string_view sizes = "log-bucket histogram with halving (as HDR Histogram; DDSketch, Masson, Rim, Lee 2019), buckets 1.6 % wide";
constexpr std::string_view prints = "prints of one side close in time; sweeps merged first";
constexpr std::string_view pivots = "swing points confirmed n bars later, no look-ahead";
constexpr std::string_view profile = "Steidlmayer's market profile by volume; value area by CME's two-bin rule";
constexpr std::string_view nodes = "extremes of the session's profile";
constexpr std::string_view trf = "prints of FINRA's facilities (EX = D); mostly wholesalers, not institutions";
constexpr std::string_view blocks = "NYSE Rule 127.10; a late report of a block already seen is not another one";
constexpr std::string_view prior_day = "session bars, of the day or of history";
constexpr std::string_view engle = "rolling least squares on log prices (Engle-Granger first step)";

using enum Kind;
constexpr Description table[] = {
    {Ema, "ema", "price", "e += 2/(n+1) (x - e), first e = mean of the first n", "n", "as TA-Lib EMA", Input::Trades, true, true, 20, 0, 0, 0},
    {Rsi, "rsi", "0..100", "100 G/(G+L), G and L Wilder averages of gains and losses; 0 when G+L = 0", "n+1", wilder, Input::Trades, true, true, 14, 0, 0, 0},
    {Macd, "macd", "price", "ema(fast) - ema(slow), both begun at the slow one's start", "slow+signal-1", "Appel; seeds as TA-Lib MACD", Input::Trades, true, true, 12, 26, 9, 0},
    {MacdSignal, "macd_signal", "price", "ema(signal) of macd", "slow+signal-1", "Appel; seeds as TA-Lib MACD", Input::Trades, true, true, 12, 26, 9, 0},
    {MacdHistogram, "macd_histogram", "price", "macd - macd_signal", "slow+signal-1", "Appel; seeds as TA-Lib MACD", Input::Trades, true, true, 12, 26, 9, 0},
    {Atr, "atr", "price", "Wilder average of max(h-l, |h-c'|, |l-c'|)", "n+1", wilder, Input::Trades, true, true, 14, 0, 0, 0},
    {Adx, "adx", "0..100", "Wilder average of 100 |+DI - -DI| / (+DI + -DI)", "2n", wilder, Input::Trades, true, true, 14, 0, 0, 0},
    {PlusDi, "plus_di", "0..100", "100 Wilder sum of +DM / Wilder sum of TR", "n+1", wilder, Input::Trades, true, true, 14, 0, 0, 0},
    {MinusDi, "minus_di", "0..100", "100 Wilder sum of -DM / Wilder sum of TR", "n+1", wilder, Input::Trades, true, true, 14, 0, 0, 0},
    {BollingerMid, "bollinger_mid", "price", "mean of n", "n", bollinger, Input::Trades, true, true, 20, 0, 0, 2},
    {BollingerUpper, "bollinger_upper", "price", "mean + width sd", "n", bollinger, Input::Trades, true, true, 20, 0, 0, 2},
    {BollingerLower, "bollinger_lower", "price", "mean - width sd", "n", bollinger, Input::Trades, true, true, 20, 0, 0, 2},
    {BollingerZ, "bollinger_z", "sd", "(x - mean) / sd; NaN when sd = 0", "n", bollinger, Input::Trades, true, true, 20, 0, 0, 2},
    {RealizedVolatility, "realized_volatility", "fraction per bar or tick", "sqrt(mean of n squared log returns), nights and other pauses over an hour left out", "n+1", "Andersen, Bollerslev (1998), not annualized", Input::Trades, true, true, 20, 0, 0, 0},
    {SessionVwap, "session_vwap", "price", "sum(p q) / sum(q) since the regular open", "1 trade with volume", "trades that set the last price, odd lots too", Input::Trades, true, false, 0, 0, 0, 2},
    {SessionVwapUpper, "session_vwap_upper", "price", "vwap + width sd, volume-weighted sd of price", "1 trade with volume", "shifted sums, no cancellation", Input::Trades, true, false, 0, 0, 0, 2},
    {SessionVwapLower, "session_vwap_lower", "price", "vwap - width sd, volume-weighted sd of price", "1 trade with volume", "shifted sums, no cancellation", Input::Trades, true, false, 0, 0, 0, 2},
    {VolumeZ, "volume_z", "sd", "(v - mean) / sd of the n volumes before it; NaN when sd = 0", "n+1", "sample against the past only", Input::Trades, true, true, 20, 0, 0, 0},
    {RelativeVolume, "relative_volume", "ratio", "bar volume / mean volume of the same bar of the session on up to n days before", "1 earlier day", "minutes without trades count as 0", Input::Bars, false, true, 20, 0, 0, 0},
    {ImbalanceL1, "imbalance_l1", "-1..1", "(Qb - Qa) / (Qb + Qa) at the touch; NaN when both are empty", "1 quote", "sizes of the last quote", Input::Quotes, true, false, 0, 0, 0, 0},
    {ImbalanceL5, "imbalance_l5", "-1..1", "sum w (Qb - Qa) / sum w (Qb + Qa), w = exp(-i/2), over n levels", "1 depth message", "book of rows, makers of one price summed, or of levels", Input::Depth, true, false, 5, 0, 0, 0},
    {Ofi, "ofi", "units", "sum of order-flow events of the last n quote changes, or of n intervals of the timeframe", "1 change after the first quote", cont, Input::Quotes, true, true, 100, 0, 0, 0},
    {Microprice, "microprice", "price", "mid + g(imbalance, spread); weighted mid where no table was estimated (source() says which)", "1 quote", "Stoikov, The Micro-Price (2018)", Input::Quotes, true, false, 0, 0, 0, 0},
    {SignedFlow, "signed_flow", "units", "sum of signed volume of the last n trades, or of n intervals of the timeframe", "1 trade", "aggressor flag; EMO rule on the quote before the trade where it is missing", Input::Trades, true, true, 100, 0, 0, 0},
    {Cvd, "cvd", "units", "signed volume since the regular open", "1 trade", "aggressor flag; EMO rule on the quote before the trade where it is missing", Input::Trades, true, false, 0, 0, 0, 0},
    {DonchianHigh, "donchian_high", "price", "highest high of n", "n", "Donchian", Input::Trades, true, true, 20, 0, 0, 0},
    {DonchianLow, "donchian_low", "price", "lowest low of n", "n", "Donchian", Input::Trades, true, true, 20, 0, 0, 0},
    {Breakout, "breakout", "-1, 0, 1", "1: close above the highest high of the n before it; -1: below the lowest low", "n+1", "Donchian", Input::Trades, true, true, 20, 0, 0, 0},
    {PairCorrelation, "pair_correlation", "-1..1", "correlation of n log returns of both legs", "n+1", "Pearson", Input::Pair, false, true, 60, 0, 0, 0},
    {PairBeta, "pair_beta", "ratio", "slope of log p on log p(other) over n", "n", engle, Input::Pair, false, true, 60, 0, 0, 0},
    {PairSpreadZ, "pair_spread_z", "sd", "residual of that regression now / its sd over n; NaN when sd = 0", "n", engle, Input::Pair, false, true, 60, 0, 0, 0},
    {EfficiencyRatio, "efficiency_ratio", "0..1", "|x - x(n ago)| / sum of n |changes|; 0 when nothing moved", "n+1", "Kaufman", Input::Trades, true, true, 10, 0, 0, 0},
    {TickReturn, "tick_return", "fraction", "ln(x / x(n ago))", "n+1", "log return", Input::Trades, true, true, 1, 0, 0, 0},
    {SpreadBp, "spread_bp", "bp", "10,000 (ask - bid) / mid", "1 quote", "last quote", Input::Quotes, true, false, 0, 0, 0, 0},
    {Mid, "mid", "price", "(bid + ask) / 2; NaN unless two-sided and not crossed", "1 quote", "last quote", Input::Quotes, true, false, 0, 0, 0, 0},
    {LastPrice, "last_price", "price", "last trade that sets the last price", "1 trade", "trade conditions respected", Input::Trades, true, false, 0, 0, 0, 0},
    {WeightedMid, "weighted_mid", "price", "(bid Qa + ask Qb) / (Qa + Qb)", "1 quote", "last quote", Input::Quotes, true, false, 0, 0, 0, 0},
    {OfiMulti, "ofi_multi", "mean depths", "sum w ofi(level) / mean depth of a level, w = exp(-i/2) / sum, over the last n intervals", "1 change of the book", cucuringu, Input::Depth, false, true, 10, 0, 0, 0, 10},
    {OfiIntegrated, "ofi_integrated", "mean depths", "first principal component of the levels' OFI / mean depth, weights / sum of |weights|", "20 intervals with changes", cucuringu, Input::Depth, false, true, 10, 0, 0, 0, 10},
    {TradeSide, "trade_side", "-1, 0, 1", "who started the last trade: 1 a buyer, -1 a seller, 0 nobody can say", "1 trade", "aggressor flag, else the instrument's side rule (source() says which)", Input::Trades, true, false, 0, 0, 0, 0},
    {QuoteLag, "quote_lag", "s", "age a quote must have to judge a trade: the one at which quote rule and tick rule agree most", "500 trades, or at once when it is set", "set, or calibrated (docs/features.md)", Input::Trades, true, false, 0, 0, 0, 0},
    {CvdDivergence, "cvd_divergence", "-1, 0, 1", "-1: price rises while CVD falls, 1: the other way round, both slopes over n beyond width deviations of a driftless walk's; else 0", "n", "least-squares slopes against the random walk's own", Input::Trades, true, true, 20, 0, 0, 1},
    {EffectiveSpread, "effective_spread", "bp", "mean of 2 s (p - m) / m of the last n trades with a side, m the mid before the trade", "1 trade with a side and a mid", spreads, Input::Trades, true, false, 100, 0, 0, 0},
    {RealizedSpread, "realized_spread", "bp", "mean of 2 s (p - m(+h)) / m of the last n looks", "1 trade, h ago", spreads, Input::Trades, true, false, 100, 0, 0, 0, 0, seconds(5)},
    {PriceImpact, "price_impact", "bp", "mean of 2 s (m(+h) - m) / m of the last n looks: effective less realized spread", "1 trade, h ago", spreads, Input::Trades, true, false, 100, 0, 0, 0, 0, seconds(5)},
    {Markout, "markout", "bp", "mean of s (m(+h) - p) / m of the last n looks: what the aggressor has won", "1 trade, h ago", spreads, Input::Trades, true, false, 100, 0, 0, 0, 0, seconds(5)},
    {Kind::KyleLambda, "kyle_lambda", "price per sqrt(unit)", "slope of the mid's change on sum s sqrt(q), by interval, no constant, recursive least squares forgetting 0.999", "n intervals with trades and the event after", "Kyle (1985); Hasbrouck, Trading Costs and Returns (2009)", Input::Trades, false, true, 12, 0, 0, 0},
    {Kind::Vpin, "vpin", "0..1", "mean of |Vb - Vs| / V over n buckets of volume V, Vb = V Phi(dp / sd of dp): flow imbalance, no forecast; read beside vpin_volatility", "n+1 buckets", easley, Input::Trades, true, false, 50, 0, 0, 0},
    {VpinSigned, "vpin_signed", "0..1", "the same with every trade on its own side, half of it where nobody can say", "n+1 buckets", easley, Input::Trades, true, false, 50, 0, 0, 0},
    {VpinVolatility, "vpin_volatility", "fraction", "sqrt(sum of squared log returns of the same n buckets)", "n+1 buckets", "Andersen, Bollerslev (1998)", Input::Trades, true, false, 50, 0, 0, 0},
    {WhaleThreshold, "whale_threshold", "units", "size that a share `quantile` of the last trades does not exceed", "n trades", sizes, Input::Trades, true, false, 1000, 0, 0, 0, 0, {}, 0.995, 50'000},
    {Kind::WhaleZ, "whale_z", "robust sd", "(ln q - median) / (1.4826 MAD) of the last trade; NaN when MAD = 0", "n trades", sizes, Input::Trades, true, false, 1000, 0, 0, 0, 0, {}, 0.995, 50'000},
    {WhaleFlow, "whale_flow", "units", "signed volume of those of the last n trades that reach the quantile of their time and the floor of notional", "n trades", sizes, Input::Trades, true, false, 1000, 0, 0, 0, 0, {}, 0.995, 50'000},
    {RunLength, "run_length", "prints", "signed number of prints of one side in a row, gaps up to h", "1 trade with a side", prints, Input::Trades, true, false, 1000, 0, 0, 0, 0, seconds(1), 0.999},
    {Kind::Metaorder, "metaorder", "units", "signed volume of that run once it reaches the quantile of trade sizes, else 0", "n trades", prints, Input::Trades, true, false, 1000, 0, 0, 0, 0, seconds(1), 0.999},
    {SweepFlow, "sweep_flow", "units", "signed volume of sweeps in the last n trades: prints within h, one side, two venues or prices or an ISO mark", "1 trade with a side", "Reg NMS Rule 600(b)(30) for the mark; docs/features.md for the rest", Input::Trades, true, false, 100, 0, 0, 0, 0, milliseconds(1)},
    {IcebergBid, "iceberg_bid", "ratio", "executed / displayed at the best bid once it is 1.5 and more and the bid came back within h twice; else 0", "1 quote", "hidden multiple, docs/features.md", Input::Quotes, true, false, 0, 0, 0, 0, 0, milliseconds(100)},
    {IcebergAsk, "iceberg_ask", "ratio", "the same at the best ask", "1 quote", "hidden multiple, docs/features.md", Input::Quotes, true, false, 0, 0, 0, 0, 0, milliseconds(100)},
    {Support, "support", "price", "highest level at or below the close; a level: pivots of n bars either side and earlier days' high, low, close within ATR/4 of each other", "2n+1 and a level below", pivots, Input::Bars, false, true, 5, 0, 0, 0},
    {SupportStrength, "support_strength", "touches", "touches x sum of e^(-age/50n) x volume of the touching bar / mean of the 2n+1 bars around it", "2n+1 and a level below", pivots, Input::Bars, false, true, 5, 0, 0, 0},
    {Resistance, "resistance", "price", "lowest level above the close", "2n+1 and a level above", pivots, Input::Bars, false, true, 5, 0, 0, 0},
    {ResistanceStrength, "resistance_strength", "touches", "as support_strength", "2n+1 and a level above", pivots, Input::Bars, false, true, 5, 0, 0, 0},
    {PivotHigh, "pivot_high", "price", "last high above the n highs before it and not below the n after it, known n bars later", "2n+1 and a turn", pivots, Input::Bars, false, true, 5, 0, 0, 0},
    {PivotLow, "pivot_low", "price", "last low below the n lows before it and not above the n after it, known n bars later", "2n+1 and a turn", pivots, Input::Bars, false, true, 5, 0, 0, 0},
    {PriorHigh, "prior_high", "price", "high of the last session that is over", "1 session", prior_day, Input::Bars, true, false, 0, 0, 0, 0},
    {PriorLow, "prior_low", "price", "low of the last session that is over", "1 session", prior_day, Input::Bars, true, false, 0, 0, 0, 0},
    {PriorClose, "prior_close", "price", "close of the last session that is over", "1 session", prior_day, Input::Bars, true, false, 0, 0, 0, 0},
    {VolumeZOfDay, "volume_z_of_day", "sd", "(v - mean) / sd of the same bar of the session on up to n days before; NaN when sd = 0", "5 earlier days", "minutes without trades count as 0; older days fade", Input::Bars, false, true, 20, 0, 0, 0},
    {UnusualActivity, "unusual_activity", "sd", "larger of volume_z over n bars and volume_z_of_day over n days; the known one where only one is", "n+1", "sample against the past only", Input::Bars, false, true, 20, 0, 0, 0},
    {Poc, "poc", "price", "bin with most volume of the session, or of the last n intervals of the timeframe; of equals the lowest", "1 trade", profile, Input::Trades, true, true, 30, 0, 0, 0},
    {ValueAreaHigh, "value_area_high", "price", "top of the 70 % of volume around the POC", "1 trade", profile, Input::Trades, true, true, 30, 0, 0, 0},
    {ValueAreaLow, "value_area_low", "price", "bottom of the 70 % of volume around the POC", "1 trade", profile, Input::Trades, true, true, 30, 0, 0, 0},
    {BuyPoc, "buy_poc", "price", "the same of volume buyers started", "1 trade of theirs", profile, Input::Trades, true, true, 30, 0, 0, 0},
    {BuyValueAreaHigh, "buy_value_area_high", "price", "the same of volume buyers started", "1 trade of theirs", profile, Input::Trades, true, true, 30, 0, 0, 0},
    {BuyValueAreaLow, "buy_value_area_low", "price", "the same of volume buyers started", "1 trade of theirs", profile, Input::Trades, true, true, 30, 0, 0, 0},
    {SellPoc, "sell_poc", "price", "the same of volume sellers started", "1 trade of theirs", profile, Input::Trades, true, true, 30, 0, 0, 0},
    {SellValueAreaHigh, "sell_value_area_high", "price", "the same of volume sellers started", "1 trade of theirs", profile, Input::Trades, true, true, 30, 0, 0, 0},
    {SellValueAreaLow, "sell_value_area_low", "price", "the same of volume sellers started", "1 trade of theirs", profile, Input::Trades, true, true, 30, 0, 0, 0},
    {HvnAbove, "hvn_above", "price", "nearest bin of the session above the last trade with more volume than 5 on either side and no less than the mean bin", "1 node", nodes, Input::Trades, true, false, 0, 0, 0, 0},
    {HvnBelow, "hvn_below", "price", "the same below the last trade", "1 node", nodes, Input::Trades, true, false, 0, 0, 0, 0},
    {LvnAbove, "lvn_above", "price", "nearest bin above with less volume than 5 on either side and at most half the mean bin", "1 node", nodes, Input::Trades, true, false, 0, 0, 0, 0},
    {LvnBelow, "lvn_below", "price", "the same below the last trade", "1 node", nodes, Input::Trades, true, false, 0, 0, 0, 0},
    {OffExchangeShare, "off_exchange_share", "0..1", "volume reported by a TRF / all volume, of the trade date or of the last n intervals", "1 trade", trf, Input::Trades, true, true, 30, 0, 0, 0},
    {OffExchangeZ, "off_exchange_z", "sd", "(share of the bar - mean) / sd of the same bar of the session on up to n days before", "5 earlier days", trf, Input::Bars, false, true, 20, 0, 0, 0},
    {BlockVolume, "block_volume", "units", "volume of prints of 10,000 units or 200,000 of the currency, auctions left out, of the trade date or of the last n intervals", "1 trade", blocks, Input::Trades, true, true, 30, 0, 0, 0},
    {BlockCount, "block_count", "prints", "number of these", "1 trade", blocks, Input::Trades, true, true, 30, 0, 0, 0},
    {OffExchangeBlockVolume, "off_exchange_block_volume", "units", "volume of those reported by a TRF", "1 trade", blocks, Input::Trades, true, true, 30, 0, 0, 0},
};
static_assert(std::size(table) == kinds);

constexpr int period_max = 10'000;

}  // namespace

const Description& describe(Kind kind) { return table[static_cast<std::size_t>(kind)]; }
std::span<const Description, kinds> descriptions() { return table; }

Result<Spec, Problem> completed(Spec spec) {
  const auto& about = describe(spec.kind);
  const auto refuse = [&](std::string_view what) { return fail(Problem{fmt::format("feature {}: {}", about.name, what)}); };
  const auto fill = [](auto& member, auto fallback) {
    if (member == decltype(fallback){}) member = fallback;
    if (fallback == decltype(fallback){}) member = fallback;  // not used: equal specs must compare equal
  };
  fill(spec.period, about.period);
  fill(spec.slow, about.slow);
  fill(spec.signal, about.signal);
  fill(spec.width, about.width);
  fill(spec.levels, about.levels);
  fill(spec.horizon, about.horizon);
  fill(spec.quantile, about.quantile);
  fill(spec.floor, about.floor);
  if (spec.kind != Kind::Vpin && spec.kind != VpinSigned && spec.kind != VpinVolatility) spec.bucket = {};
  if (about.input != Input::Pair) spec.other = {};
  if (spec.timeframe.ns < 0) return refuse("timeframe must be 0 (per tick) or positive");
  if (spec.timeframe.ns == 0 && !about.per_tick) return refuse("needs a timeframe, e.g. one minute");
  if (spec.timeframe.ns > 0 && !about.per_bar) return refuse("is computed per tick: leave timeframe 0");
  if (about.period != 0 && (spec.period < 1 || spec.period > period_max))
    return refuse(fmt::format("period is {}, must be 1..{}", spec.period, period_max));
  const bool needs_two = spec.kind == Rsi || spec.kind == Adx || spec.kind == PlusDi || spec.kind == MinusDi || spec.kind == VolumeZ ||
                         about.input == Input::Pair || (spec.kind >= BollingerMid && spec.kind <= BollingerZ);
  if (needs_two && spec.period < 2) return refuse("period must be at least 2");
  const bool of_days = spec.kind == VolumeZOfDay || spec.kind == UnusualActivity || spec.kind == OffExchangeZ;
  if (of_days && spec.period < days_for_deviation) return refuse(fmt::format("period must be at least {}: fewer days say nothing about what is usual", days_for_deviation));
  if (about.slow != 0 && (spec.slow <= spec.period || spec.slow > period_max || spec.signal < 1 || spec.signal > period_max))
    return refuse(fmt::format("periods are {}, {}, {}: must be fast < slow <= {} and signal >= 1", spec.period, spec.slow, spec.signal, period_max));
  if (about.width != 0 && !(spec.width > 0 && spec.width <= 100)) return refuse("width must be above 0 and at most 100 standard deviations");
  if (spec.kind == ImbalanceL5 && spec.period > 20) return refuse("at most 20 levels");
  if (about.levels != 0 && (spec.levels < 1 || spec.levels > 10)) return refuse(fmt::format("levels is {}, must be 1..10", spec.levels));
  if (about.horizon.ns != 0 && (spec.horizon.ns < 1'000 || spec.horizon > hours(1))) return refuse("horizon must be a microsecond to an hour");
  if (about.quantile != 0 && !(spec.quantile >= 0.5 && spec.quantile < 1)) return refuse("quantile must be at least 0.5 and below 1");
  if (about.floor != 0 && !(spec.floor >= 0)) return refuse("floor must not be negative");
  if (spec.bucket.raw < 0) return refuse("bucket must not be negative; 0 learns it from the sessions before");
  if ((spec.kind == CvdDivergence || spec.kind == Kind::Vpin || spec.kind == VpinSigned || spec.kind == VpinVolatility) && spec.period < 3)
    return refuse("period must be at least 3");
  // Of the session or trade date: there is no window to count.
  const bool windowed = (spec.kind >= Poc && spec.kind <= SellValueAreaLow) || spec.kind == OffExchangeShare || (spec.kind >= BlockVolume && spec.kind <= OffExchangeBlockVolume);
  if (windowed && spec.timeframe.ns == 0) spec.period = 0;
  return spec;
}

int warm_up(const Spec& spec) {
  switch (spec.kind) {
    case Rsi: case Atr: case PlusDi: case MinusDi: case RealizedVolatility: case VolumeZ: case Breakout: case PairCorrelation:
    case EfficiencyRatio: case TickReturn: case UnusualActivity: return spec.period + 1;
    case Support: case SupportStrength: case Resistance: case ResistanceStrength: case PivotHigh: case PivotLow: return 2 * spec.period + 1;
    case VolumeZOfDay: case OffExchangeZ: return days_for_deviation + 1;
    case Adx: return 2 * spec.period;
    case Macd: case MacdSignal: case MacdHistogram: return spec.slow + spec.signal - 1;
    case Ema: case BollingerMid: case BollingerUpper: case BollingerLower: case BollingerZ: case DonchianHigh: case DonchianLow:
    case PairBeta: case PairSpreadZ: case CvdDivergence: case WhaleThreshold: case Kind::WhaleZ: case WhaleFlow:
    case Kind::Metaorder: return spec.period;
    case Kind::KyleLambda: case Kind::Vpin: case VpinSigned: case VpinVolatility: return spec.period + 1;
    case OfiIntegrated: return 20;
    case Ofi: return 2;
    case SessionVwap: case SessionVwapUpper: case SessionVwapLower: case RelativeVolume: case ImbalanceL1: case ImbalanceL5: case Microprice:
    case SignedFlow: case Cvd: case SpreadBp: case Mid: case LastPrice: case WeightedMid: case OfiMulti:
    case TradeSide: case QuoteLag: case EffectiveSpread: case RealizedSpread: case PriceImpact: case Markout: case RunLength: case SweepFlow:
    case IcebergBid: case IcebergAsk: case PriorHigh: case PriorLow: case PriorClose:
    case Poc: case ValueAreaHigh: case ValueAreaLow: case BuyPoc: case BuyValueAreaHigh: case BuyValueAreaLow: case SellPoc: case SellValueAreaHigh:
    case SellValueAreaLow: case HvnAbove: case HvnBelow: case LvnAbove: case LvnBelow: case OffExchangeShare: case BlockVolume: case BlockCount:
    case OffExchangeBlockVolume: return 1;
  }
  return 1;
}

namespace {
std::string timeframe_text(Duration length) {
  if (length.ns == 0) return "tick";
  const auto in = [&](Duration unit) { return length.ns % unit.ns == 0; };
  if (in(hours(24))) return fmt::format("{}d", length.ns / hours(24).ns);
  if (in(hours(1))) return fmt::format("{}h", length.ns / hours(1).ns);
  if (in(minutes(1))) return fmt::format("{}m", length.ns / minutes(1).ns);
  if (in(seconds(1))) return fmt::format("{}s", length.ns / seconds(1).ns);
  return fmt::format("{}ms", static_cast<double>(length.ns) / 1e6);
}
}  // namespace

std::vector<Spec> one_of_each(Duration timeframe, InstrumentId other, std::size_t first) {
  std::vector<Spec> specs;
  for (const auto& about : std::span(table).first(std::min(first, kinds))) {
    if (about.per_tick) specs.push_back(*completed({.kind = about.kind}));
    if (about.per_bar) specs.push_back(*completed({.kind = about.kind, .timeframe = timeframe, .other = other}));
  }
  return specs;
}

std::string table_markdown() {
  std::string text = "| name | unit | definition | default | moves with | warm-up | source |\n| --- | --- | --- | --- | --- | --- | --- |\n";
  for (const auto& about : table) {
    std::string defaults;
    if (about.slow != 0) defaults = fmt::format("{}, {}, {}", about.period, about.slow, about.signal);
    else if (about.period != 0) defaults = fmt::format("n = {}", about.period);
    const auto also = [&](const std::string& word) { defaults += (defaults.empty() ? "" : ", ") + word; };
    if (about.width != 0) also(fmt::format("width {}", about.width));
    if (about.levels != 0) also(fmt::format("{} levels", about.levels));
    if (about.horizon.ns != 0) also(fmt::format("h = {}", timeframe_text(about.horizon)));
    if (about.quantile != 0) also(fmt::format("quantile {}", about.quantile));
    if (about.floor != 0) also(fmt::format("floor {}", about.floor));
    const auto moves = about.input == Input::Pair ? "bars of both legs"
                       : !about.per_tick          ? "bars"
                       : about.per_bar            ? fmt::format("{} or bars", EnumNames<Input>::names[static_cast<std::size_t>(about.input)])
                                                  : std::string(EnumNames<Input>::names[static_cast<std::size_t>(about.input)]);
    auto formula = std::string(about.formula);
    for (auto at = formula.find('|'); at != std::string::npos; at = formula.find('|', at + 2)) formula.insert(at, 1, '\\');
    text += fmt::format("| `{}` | {} | {} | {} | {} | {} | {} |\n", about.name, about.unit, formula, defaults, moves, about.warm_up, about.source);
  }
  return text;
}

std::string to_text(const Spec& spec) {
  const auto& about = describe(spec.kind);
  std::string text(about.name);
  if (about.slow != 0) text += fmt::format("({},{},{})", spec.period, spec.slow, spec.signal);
  else if (about.input == Input::Pair) text += fmt::format("({}, #{})", spec.period, spec.other.value);
  else if (about.width != 0 && about.period != 0) text += fmt::format("({},{})", spec.period, spec.width);
  else if (about.width != 0) text += fmt::format("({})", spec.width);
  else if (spec.period != 0) text += fmt::format("({})", spec.period);
  // What was changed from the table is part of the name: two columns must not look the same.
  if (spec.levels != about.levels) text += fmt::format(" levels={}", spec.levels);
  if (spec.horizon.ns != 0) text += " h=" + timeframe_text(spec.horizon);
  if (spec.quantile != about.quantile) text += fmt::format(" quantile={}", spec.quantile);
  if (spec.floor != about.floor) text += fmt::format(" floor={}", spec.floor);
  if (spec.bucket.raw != 0) text += fmt::format(" bucket={}", spec.bucket.to_double());
  return text + " " + timeframe_text(spec.timeframe);
}

}  // namespace robo::features
