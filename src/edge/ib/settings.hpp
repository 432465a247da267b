#pragma once
// How the client of one gateway is set up.

#include <filesystem>
#include <string>
#include <vector>

#include "edge/ib/agenda.hpp"
#include "edge/ib/limits.hpp"
#include "edge/ib/link.hpp"
#include "model/event.hpp"
#include "model/calendar.hpp"

namespace robo::ib {

struct ClientSettings {
  LinkSettings link{};
  Limits limits{};
  TradingMode mode{TradingMode::Paper};      // Demo and Paper: only accounts that begin with DU or DF; Live: `account`, armed
  std::string account{};                     // paper: empty takes the first; live: the account, or the prefix it must have
  bool armed{};                              // live only: without it nothing is ever sent to the market
  std::string group{"All"};                  // of the account summary
  std::filesystem::path state_folder{"var/ib"};   // order ids never used again
  std::filesystem::path contract_cache{};    // empty: not kept
  Duration request_timeout{seconds(20)};
  Duration reconcile_timeout{seconds(20)};
  Duration missing_end_timeout{seconds(5)};  // some gateways never end an empty list of executions
  Duration contract_age_max{hours(20)};      // older answers are asked for again, in the background
  Agenda agenda{};                           // when the gateway restarts and asks for a second factor
  Duration restart_guard{seconds(60)};       // orders are refused so long before a restart
  Duration orders_listed_every{seconds(60)}; // orders of TWS itself are told to nobody else: asked for
  Duration stream_silence{seconds(30)};      // a stream that says nothing for so long is asked for again
  std::vector<Calendar> calendars{};         // for the last moments of auctions; one that is not here is not judged
  int market_data_type{1};                   // 1 live, 3 delayed where there is no subscription
};

/// Which streams of an instrument are wanted.
struct Streams {
  bool quotes{true};            // L1
  bool trades{};                // tick-by-tick AllLast
  bool tick_quotes{};           // tick-by-tick BidAsk, instead of L1's
  int depth_rows{};             // 0: no depth
  bool smart_depth{};
  bool bars_5s{};               // real-time bars of trades
};

}  // namespace robo::ib
