#include "edge/store/shipped.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "edge/store/text_file.hpp"

namespace robo::store {

namespace {

struct Known {
  std::string_view symbol{};
  AssetClass asset_class{};
  std::string_view primary{};
};
constexpr Known known[] = {
    {"AAPL", AssetClass::Stock, "NASDAQ"}, {"AMT", AssetClass::Stock, "NYSE"},    {"AMZN", AssetClass::Stock, "NASDAQ"},
    {"BAC", AssetClass::Stock, "NYSE"},    {"BK", AssetClass::Stock, "NYSE"},     {"DFS", AssetClass::Stock, "NYSE"},
    {"GLD", AssetClass::Etf, "ARCA"},      {"JPM", AssetClass::Stock, "NYSE"},    {"MSFT", AssetClass::Stock, "NASDAQ"},
    {"MU", AssetClass::Stock, "NASDAQ"},   {"PPLT", AssetClass::Etf, "ARCA"},     {"QQQ", AssetClass::Etf, "NASDAQ"},
    {"SBUX", AssetClass::Stock, "NASDAQ"}, {"SLV", AssetClass::Etf, "ARCA"},      {"SPY", AssetClass::Etf, "ARCA"},
    {"TRV", AssetClass::Stock, "NYSE"},    {"TSLA", AssetClass::Stock, "NASDAQ"}, {"TZA", AssetClass::Etf, "ARCA"},
    {"UGA", AssetClass::Etf, "ARCA"},      {"VIX", AssetClass::Index, "CBOE"},    {"VOO", AssetClass::Etf, "ARCA"},
    {"VXXB", AssetClass::Etf, "BATS"},     {"V", AssetClass::Stock, "NYSE"},      {"XLP", AssetClass::Etf, "ARCA"},
    {"XXX", AssetClass::Stock, "NYSE"},    {"SPX", AssetClass::Index, "CBOE"},    {"SP500", AssetClass::Index, "CBOE"},
    {"XLB", AssetClass::Etf, "ARCA"},      {"XLC", AssetClass::Etf, "ARCA"},      {"XLE", AssetClass::Etf, "ARCA"},
    {"XLI", AssetClass::Etf, "ARCA"},      {"XLK", AssetClass::Etf, "ARCA"},      {"XLU", AssetClass::Etf, "ARCA"},
    {"XLV", AssetClass::Etf, "ARCA"},      {"XLY", AssetClass::Etf, "ARCA"},      {"AGG", AssetClass::Etf, "ARCA"},
};

/// One coin and its contract: prices and sizes move in the exchange's own steps.
Instrument coin(std::string_view symbol, Price tick, Quantity step) {
  return {.asset_class = AssetClass::Crypto, .symbol = symbol, .exchange = "PAXOS", .local_symbol = symbol, .currency = "USD",
          .calendar = "24x7", .ticks = TickTable::flat(tick), .size_increment = step};
}

const Calendar* calendar_named(const Calendars& calendars, std::string_view name) {
  const auto found = calendars.find(name);
  return found == calendars.end() ? nullptr : &found->second;
}

Duration days_between(Date from, Date to) { return hours(24) * (to.days - from.days); }

}  // namespace

Result<Calendars, Problem> read_calendars(const std::filesystem::path& folder) {
  Calendars calendars;
  std::string wrong;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() != ".csv") continue;
    const auto file = read_text_file(entry.path(), 16u << 20);
    const auto calendar = file ? Calendar::parse(file->text, entry.path().string()) : Result<Calendar, Problem>(fail(file.error()));
    if (!calendar) wrong += (wrong.empty() ? "" : "\n") + calendar.error().text;
    else calendars.emplace(calendar->name(), *calendar);
  }
  if (error) return fail(Problem{fmt::format("{}: cannot be read: {}", folder.string(), error.message())});
  if (!wrong.empty()) return fail(Problem{wrong});
  if (calendars.empty()) return fail(Problem{fmt::format("{}: holds no calendar (*.csv); tools/calendars/generate makes them", folder.string())});
  return calendars;
}

Instrument instrument_named(std::string_view symbol) {
  if (symbol == "BTCUSDT") return coin(symbol, price(0, 1), Quantity::from_raw(Quantity::scale / 100'000));
  if (symbol.ends_with("_PERP")) return coin(symbol, price(0, 10), Quantity::from_raw(Quantity::scale / 1'000));
  Instrument instrument{.asset_class = AssetClass::Stock, .symbol = symbol, .exchange = "SMART", .local_symbol = symbol, .currency = "USD",
                        .calendar = "NYSE", .ticks = TickTable::flat(price(0, 1)), .size_increment = shares(1), .lot = shares(100)};
  const auto* found = std::find_if(std::begin(known), std::end(known), [&](const Known& one) { return one.symbol == symbol; });
  if (found == std::end(known)) return instrument;
  instrument.asset_class = found->asset_class;
  instrument.primary_exchange = found->primary;
  if (found->asset_class == AssetClass::Index) instrument.exchange = found->primary;
  return instrument;
}

Result<ShippedMarket, Problem> shipped_market_named(std::string_view name) {
  if (name == "us24") return ShippedMarket::Us24;
  if (name == "taq") return ShippedMarket::Taq;
  if (name == "crypto") return ShippedMarket::Crypto;
  if (name == "perpetual") return ShippedMarket::Perpetual;
  if (name == "sectors") return ShippedMarket::Sectors;
  if (name == "all") return ShippedMarket::All;
  return fail(Problem{fmt::format("'{}' is not a market that ships: us24, taq, crypto, perpetual, sectors or all", name)});
}

Result<std::unique_ptr<MarketTape>, Problem> open_shipped_market(const std::filesystem::path& folder, ShippedMarket market,
                                                                 const Calendars& calendars, TapeOptions options) {
  const auto* nyse = calendar_named(calendars, "NYSE");
  const auto* always = calendar_named(calendars, "24x7");
  if (nyse == nullptr || always == nullptr) return fail(Problem{"the calendars NYSE and 24x7 are needed"});
  auto tape = std::make_unique<MarketTape>(std::move(options));
  const bool all = market == ShippedMarket::All;
  const auto intraday = folder / "equity_intraday", books = folder / "orderbook";
  if (all || market == ShippedMarket::Us24) {
    if (auto added = tape->add_bars(intraday / "us24_1min_to_2019-02-15.csv.gz", *nyse); !added) return fail(added.error());
  }
  if (all || market == ShippedMarket::Taq) {
    if (all) tape->move_by(days_between(date_of(2018, 1, 2), date_of(2019, 2, 14)));
    if (auto added = tape->add_taq(intraday / "taq_XXX_quotes_raw_2018-01-02_03.csv.gz", intraday / "taq_XXX_trades_raw_2018-01-02_03.csv.gz", *nyse); !added)
      return fail(added.error());
  }
  if (all || market == ShippedMarket::Crypto) {
    // 23:54:15 UTC becomes 14:30:00 UTC, the opening bell in winter.
    if (all) tape->move_by(days_between(date_of(2024, 8, 8), date_of(2019, 2, 14)) - (hours(23) + minutes(54) + seconds(15)) + hours(14) + minutes(30));
    if (auto added = tape->add_binance({books / "binance_spot_btcusdt_20240808.jsonl.gz", books / "binance_spot_btcusdt_20240809.jsonl.gz"}, always); !added)
      return fail(added.error());
  }
  if (market == ShippedMarket::Perpetual) {
    if (auto added = tape->add_binance({books / "binance_usdm_btcusdt_20240808.jsonl.gz"}, always); !added) return fail(added.error());
  }
  if (market == ShippedMarket::Sectors) {
    if (auto added = tape->add_bars(folder / "daily" / "etf_sectors_ohlcv_2000_2025.csv.gz", *nyse); !added) return fail(added.error());
  }
  tape->finish();
  return tape;
}

}  // namespace robo::store
