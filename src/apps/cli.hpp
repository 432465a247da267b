#pragma once
// The words of the command line, as plain structs. CLI11 stays inside cli.cpp.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace robo::apps {

struct DemoOptions {
  bool headless = false;
  double seconds = 0;            // wall seconds; 0: until quit
  std::string summary{};         // JSON file written at the end
  double speed = 20;             // of the recorded market
  std::string market{};          // us24 (reconstructed from 1-minute bars), taq, crypto or all; empty: the settings' word
  std::uint16_t port = 8080;     // of the desk; 0: any free one
  std::string config = "config/demo.toml";
  std::string journal{};         // folder for this session's journal; default journal/<date>-<session>
};
struct TradeOptions {
  std::string config = "config/paper.toml";
  bool arm_live = false;
  std::string account{};         // must be typed to arm live
  double seconds = 0;
};
struct BacktestOptions {
  std::string config{};
  std::string out{};             // folder of the report; default out/<name>
  bool journal = false;
  bool twice = true;             // run again and compare the command streams
  std::vector<std::string> grid{};  // momentum.lookback=10,15,20: each combination is run and counted as a trial
};
struct ReplayOptions {
  std::string folder{};
  bool verify = false;
  bool facts = false;
};
struct GatewaySimOptions {
  std::uint16_t port = 7497;
  std::string data = "data";
  double speed = 1;
  std::string market = "all";
  std::string account = "DU1234567";
  int server_version = 226;
  std::uint64_t seed = 1;
  std::string state{};           // folder for order ids across restarts
  bool control = false;          // read control lines (cut, restart, farm down ...) from stdin
  int http = -1;                 // port of the HTTP control; 0: any free one; -1: none
  std::string address = "127.0.0.1";
  std::string token{};           // of the HTTP control
  std::string faults{};          // file of faults
  std::uint64_t chaos = 0;       // so many faults by the seed, spread over chaos_seconds
  double chaos_seconds = 60;
  bool read_only = false;
  bool luld = false;
  std::int32_t master = -1;
  std::string restart_at{};      // 23:45 of New York
  double restart_seconds = 45;
  double seconds = 0;            // wall seconds; 0: until quit
  std::string record{};          // scene file; then this is a proxy in front of HOST:PORT
  std::string gateway = "127.0.0.1:4002";
};
struct ConformanceOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 7497;
  std::int32_t client = 901;
  std::string symbol = "SPY", security_type = "STK", exchange = "SMART", currency = "USD";
  bool orders = false;           // place orders, on a paper account
  double patience = 10;
  std::string report{};          // Markdown file
};
struct ImportOptions {
  std::vector<std::string> files{};
  std::string store = "store";
  std::string symbol{};          // when the file does not say it
  std::string zone{};            // of wall-clock times, when the file does not say it
  std::string calendar{};        // NYSE, CME, ...; guessed from the file when empty
  std::string stamp{};           // start or end of the bar; seen from the file when empty
  std::string dates{};           // month-first or day-first
  std::string adjusted_until{};  // day until which the file's prices are adjusted for splits
  bool pseudo_dates{};           // take files whose dates are made up
  std::string report{};
};
struct JournalOptions {
  std::string action{};          // list, cat, stats
  std::string folder{};
  std::string only{};            // events, commands, facts, or a message name
  std::uint64_t limit = 0;
};
struct StoresOptions {
  std::string action{};          // status, migrate, load, backup, restore
  std::string config = "config/paper.toml";
  std::vector<std::string> paths{};
};
struct DataOptions {
  std::string action{};          // list, check, fetch, repair, actions, universe, backup, restore, prune
  std::string store = "store";
  std::vector<std::string> symbols{};
  std::vector<std::string> kinds{};
  std::string from{}, until{};   // days, [from, until)
  bool json = false;
  bool replaced = false;         // list: what repairs replaced
  std::vector<std::string> paths{};
  std::string config = "config/paper.toml";  // fetch, repair: the gateway, and contracts by symbol
  std::string host{};            // over the settings'
  std::uint16_t port = 0;
  std::int32_t client = 0;
  std::string bars = "1 min";
  std::string ticks{};           // trades or quotes instead of bars
  std::string type{}, exchange{}; // of symbols the settings do not name
  bool all_hours = false;
  bool again = false;
  double patience = 30;
  std::string import{};          // actions, universe: a file to take in
  std::string name{};            // universe
  std::string date{};            // universe: members on that day
  bool dry = false;              // prune: only say what would leave
};
struct FeaturesOptions {
  std::string what{};            // a journal's folder, or a day
  std::string journals = "journal";
  std::string folder{};          // of the recorded features; empty: as the session's settings say
};
struct RegimesOptions {
  std::string file{};
  std::string symbol{};
  std::string until{};           // bars before this day only
  int states = 3;
  int restarts = 5;
  double half_life = 250;        // 0: returns as they are
};
struct FlattenOptions {
  std::string config = "config/paper.toml";
  bool yes = false;
  bool cancel_only = false;
};
struct DoctorOptions {
  std::string config = "config/paper.toml";
};
struct RehearseOptions {
  std::string what = "all";      // C01 to C31, all, or a scenario file
  std::string data = "data";
  std::string report{};          // write docs/ib-faults.md here
  bool verbose = false;          // the account of every rehearsal, not only of those that fail
};
struct VersionOptions {};

using Options = std::variant<VersionOptions, ConformanceOptions, DemoOptions, TradeOptions, BacktestOptions, ReplayOptions, GatewaySimOptions, ImportOptions,
                             JournalOptions, FlattenOptions, DoctorOptions, RehearseOptions, StoresOptions, FeaturesOptions, DataOptions, RegimesOptions>;

/// Parses argv. nullopt: help was printed or the words were wrong, and `code` is the exit code.
[[nodiscard]] std::optional<Options> parse(int argc, char** argv, int& code);

}  // namespace robo::apps
