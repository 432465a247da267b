#pragma once
// One run of the engine, as its TOML file says it. Every part's names are those of API and screen.

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "edge/store/settings.hpp"
#include "kernel/kernel.hpp"

namespace robo::apps {

struct StrategySettings {
  std::string name{};                            // what it is called on the desk; unique
  std::string kind{};                            // momentum, mean_reversion, pairs, ema_cross; empty: the name says it
  std::vector<std::string> universe{};           // symbols; empty: all instruments of the run
  bool running = true;                           // false: waits for a start on the desk
  std::map<std::string, double> parameters{};    // those that differ from their defaults
  using fields = Fields<&StrategySettings::name, &StrategySettings::kind, &StrategySettings::universe, &StrategySettings::running, &StrategySettings::parameters>;
  static constexpr bool defaults = true;
  static constexpr auto required = std::to_array<std::string_view>({"name"});
};

/// One instrument to resolve at the gateway.
struct ContractSettings {
  std::string symbol{};
  std::string type = "STK";       // STK, FUT, CASH, CRYPTO, IND
  std::string exchange = "SMART";
  std::string primary_exchange{};
  std::string currency = "USD";
  std::string expiry{};           // futures: 202612
  std::int64_t con_id = 0;        // when known, it decides
  int depth_rows = 0;             // 0: no depth
  bool tick_by_tick = false;
  using fields = Fields<&ContractSettings::symbol, &ContractSettings::type, &ContractSettings::exchange, &ContractSettings::primary_exchange,
                        &ContractSettings::currency, &ContractSettings::expiry, &ContractSettings::con_id, &ContractSettings::depth_rows,
                        &ContractSettings::tick_by_tick>;
  static constexpr bool defaults = true;
  static constexpr auto required = std::to_array<std::string_view>({"symbol"});
};

struct ConnectionSettings {
  std::string host = "127.0.0.1";
  std::uint16_t port = 7497;
  std::int32_t client_id = 7;
  std::int32_t server_version_max = 200;
  double messages_per_second = 45;
  std::int32_t market_data_lines = 100;   // of the account; depth and tick-by-tick streams follow from them
  Duration heartbeat = seconds(20);
  std::string cache = "var/contracts.json";
  std::string restart_at{};           // the gateway's daily restart: "23:45 America/New_York"; empty: not known
  double restart_guard_s = 60;        // no new orders so long before it
  std::string second_factor_at{};     // its weekly login with a second factor: "Sunday 01:00 America/New_York"
  using fields = Fields<&ConnectionSettings::host, &ConnectionSettings::port, &ConnectionSettings::client_id,
                        &ConnectionSettings::server_version_max, &ConnectionSettings::messages_per_second, &ConnectionSettings::market_data_lines, &ConnectionSettings::heartbeat,
                        &ConnectionSettings::cache, &ConnectionSettings::restart_at, &ConnectionSettings::restart_guard_s,
                        &ConnectionSettings::second_factor_at>;
  static constexpr bool defaults = true;
};

struct DeskSettings {
  bool on = true;
  std::uint16_t port = 8080;
  std::string bind = "127.0.0.1";
  std::vector<std::string> hosts{};   // names other than localhost under which a page may reach it
  using fields = Fields<&DeskSettings::on, &DeskSettings::port, &DeskSettings::bind, &DeskSettings::hosts>;
  static constexpr bool defaults = true;
};

struct DataSettings {
  std::string folder = "data";
  std::string market = "us24";        // us24, taq, crypto, all: what a back-test or the simulator plays; store: what is in `store`
  std::vector<std::string> symbols{}; // empty: all of them
  std::string store = "store";        // market "store": its folder, and what is played of it
  std::string bars = "1 min";         // bars of this size become ticks; "ticks": recorded quotes and trades
  Date from{}, until{};               // [from, until); not set: everything
  std::string adjust = "splits";      // none, splits, total
  Date known_at{};                    // splits and dividends announced later do not exist; not set: as of the last day
  std::string universe{};             // only its members, each from the day it joined
  using fields = Fields<&DataSettings::folder, &DataSettings::market, &DataSettings::symbols, &DataSettings::store, &DataSettings::bars, &DataSettings::from,
                        &DataSettings::until, &DataSettings::adjust, &DataSettings::known_at, &DataSettings::universe>;
  static constexpr bool defaults = true;
};

enum class Threads : std::uint8_t { Inline, Split };

struct RunSettings {
  std::string name = "run";
  TradingMode mode = TradingMode::Paper;
  std::string account{};              // paper: DU... or DF...; live: the full number, must be armed
  std::string base_currency = "USD";
  Money starting_cash = Money::whole(1'000'000);   // back-test and demo only; else the broker's word
  Threads threads = Threads::Inline;
  std::string journal = "journal";
  std::uint32_t journal_segment_mb = 16;           // size of a journal's files: reserved ahead, so a full disk is met early
  std::string store = "store";        // trade and demo: Parquet tables of what happened, by day and symbol; empty: none
  std::string state = "var";          // high-water marks, day's loss, contract cache
  ConnectionSettings gateway{};
  DeskSettings desk{};
  DataSettings data{};
  std::vector<ContractSettings> instruments{};
  std::vector<StrategySettings> strategies{};
  risk::Limits limits{};
  execution::Policy execution{};
  ensemble::Settings ensemble{};
  portfolio::Settings portfolio{};
  market::Settings market{};
  strategy::HostLimits host{};
  regime::Settings regime{};
  risk::ExposureSettings risk{};
  std::map<std::string, std::string> sectors{};    // symbol = "sector"; over what IB says
  store::PostgresSettings postgres{};
  store::RedisSettings redis{};
  store::FeatureSettings features{};
  robo::features::Settings order_flow{};
  store::HistorySettings history{};
  using fields = Fields<&RunSettings::name, &RunSettings::mode, &RunSettings::account, &RunSettings::base_currency,
                        &RunSettings::starting_cash, &RunSettings::threads, &RunSettings::journal, &RunSettings::journal_segment_mb, &RunSettings::store,
                        &RunSettings::state, &RunSettings::gateway, &RunSettings::desk, &RunSettings::data, &RunSettings::instruments,
                        &RunSettings::strategies, &RunSettings::limits, &RunSettings::execution, &RunSettings::ensemble,
                        &RunSettings::portfolio, &RunSettings::market, &RunSettings::host, &RunSettings::regime, &RunSettings::risk, &RunSettings::sectors,
                        &RunSettings::postgres, &RunSettings::redis, &RunSettings::features,
                        &RunSettings::order_flow, &RunSettings::history>;
  static constexpr bool defaults = true;
  static constexpr auto ranges = std::to_array<Range>({{"journal_segment_mb", 1, 1024}});
};

/// Settings with the text they can be made from again: a journal keeps it, so that a replay runs on the same numbers.
struct LoadedSettings {
  RunSettings settings{};
  std::string text{};
};

/// One value the command line puts over the file's: {"data.market", "taq"}.
struct Override {
  std::string key{};
  std::variant<std::string, double, bool, std::int64_t> value{};
};

/// Throws config::ConfigError with everything that is wrong.
[[nodiscard]] LoadedSettings load_settings(const std::string& file, const std::vector<Override>& overrides = {});

}  // namespace robo::apps

template <>
struct robo::EnumNames<robo::apps::Threads> {
  static constexpr std::array<std::string_view, 2> names{"inline", "split"};
};
