#pragma once
// What kind of TWS the gateway simulator is.

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "edge/sim/broker/broker.hpp"
#include "model/calendar.hpp"

namespace robo::sim {

/// IB's limits (docs/ib.md, Pacing and capacity). Wall-clock time: that is what a client paces by.
struct ServerLimits {
  std::uint32_t messages_per_second{50};
  std::uint32_t strikes{3};                 // pacing violations before the connection is closed
  std::uint32_t lines{100};                 // market-data lines of all clients together
  std::uint32_t tick_by_tick{5};
  std::uint32_t depth{3};
  std::uint32_t clients{32};
  Duration handshake_patience{seconds(30)}; // who has not said startApi by then is hung up on
  std::uint32_t history_small_bars{60};     // requests for bars of 30 s and less within ten minutes
  std::uint32_t account_summaries{2};
  std::size_t backlog_bytes{16u << 20};     // a client that cannot drain this much
  Duration backlog_patience{seconds(30)};   // for this long is dropped (bulk data timeout)
};

/// Deviations a real gateway shows. Drawn from the seed; 0: none.
struct ServerFaults {
  std::uint64_t seed{0};
  double duplicate_status{0.2};             // the same orderStatus once more
  double status_before_execution{0.3};      // "Filled" before the execution it speaks of
};

/// Options made on the recorded stocks: European by Black and Scholes at a constant volatility and rate, no dividends.
struct OptionMaking {
  bool listed{true};
  double volatility{0.25}, rate{0.03};      // a year
  double half_spread{0.01};                 // of the value, at least a cent
  std::int64_t size{50};                    // contracts a side
  std::uint32_t weeks{8};                   // Fridays ahead
  std::uint32_t strikes_each_side{10};
};

/// TWS's precautionary settings, which hold orders of the API back until a person allows them. 0: off.
struct Precautions {
  double size_max{};                        // 383
  double value_max{};                       // 451, in the order's currency
  double percent_max{};                     // limits (163) and stops (109) so far from the market
};

struct ServerSettings {
  std::string address{"127.0.0.1"};
  std::uint16_t port{7497};                 // 0: any free one
  std::int32_t admin_port{-1};              // -1: none; 0: any free one. Loopback only
  int version_max{226};                     // what it agrees on: the lower of this and the client's highest
  std::string account{"DU1234567"};
  double speed{1.0};                        // simulated seconds per second
  Duration warm_up{};                       // the first stretch of the data, played at once so that history exists
  bool skip_gaps{true};                     // nothing for 5 s of wall time: go on to the next event
  bool repeat{};                            // begin again at the end, on later dates
  Duration level1_interval{milliseconds(250)};  // of wall time: IB aggregates its top of book
  bool read_only{};
  Duration restart_at{-1};                  // the daily restart: this long after midnight in New York; below zero: none
  double restart_seconds{45};               // of wall time, and so long is it away
  double weekly_login_seconds{0};           // the restart of a Sunday also waits for a second factor
  std::int32_t master_client{-1};
  bool cancel_by_others{};                  // another client may cancel an order
  bool liquidate_on_deficit{true};          // below the maintenance margin IB sells
  std::set<std::string> unentitled{};       // symbols without a live market-data subscription
  std::filesystem::path state_dir{};        // order ids survive a restart here; empty: they do not
  BrokerSettings broker{};
  std::vector<Calendar> calendars{};
  ServerLimits limits{};
  ServerFaults faults{};
  OptionMaking options{};
  Precautions precautions{};
  bool price_bands{};                       // limit up - limit down on recorded stocks
  std::set<std::string> tier_2{};           // symbols whose bands are the wide ones
};

}  // namespace robo::sim
