#pragma once
// What a run came to, counted from its facts: the JSON of --summary and the last lines on the terminal.

#include <array>
#include <map>
#include <string>

#include "base/result.hpp"
#include "runtime/ports.hpp"

namespace robo::apps {

struct SummaryLatency {
  std::uint64_t count{};
  double p50_us{}, p99_us{}, max_us{};
  using fields = Fields<&SummaryLatency::count, &SummaryLatency::p50_us, &SummaryLatency::p99_us, &SummaryLatency::max_us>;
};

struct Summary {
  std::string mode{};
  std::string account{};
  std::uint64_t session{};
  std::string exit_reason{};       // "time is up", "end of data", "quit", "interrupted", "terminated"
  double wall_seconds{};
  std::string market_from{}, market_to{};   // engine time, UTC
  std::uint64_t events{};
  std::uint64_t orders{};          // sent for the first time
  std::uint64_t modifications{}, cancellations{};
  std::uint64_t fills{};
  std::uint64_t rejections{};
  std::uint64_t denials{};
  std::map<std::string, std::uint64_t> denials_by_reason{};
  std::map<std::string, std::uint64_t> fills_by_symbol{};
  std::map<std::string, std::uint64_t> events_by_symbol{};
  double starting_equity{}, equity{};
  double pnl_net{};                // equity now - at the start: realized + unrealized - commissions
  double realized{}, unrealized{}, commissions{};
  double drawdown{};
  SummaryLatency tick_to_order{};  // market event received -> order handed to the gateway
  SummaryLatency event{};
  std::string journal{};
  std::uint64_t journal_records{}, journal_lost{};
  std::string store{};             // folder of the tables made of it; empty: none
  std::uint64_t store_rows{};
  std::string desk{};
  std::string data_note{};         // where the market came from
  using fields =
      Fields<&Summary::mode, &Summary::account, &Summary::session, &Summary::exit_reason, &Summary::wall_seconds, &Summary::market_from,
             &Summary::market_to, &Summary::events, &Summary::orders, &Summary::modifications, &Summary::cancellations, &Summary::fills,
             &Summary::rejections, &Summary::denials, &Summary::denials_by_reason, &Summary::fills_by_symbol, &Summary::events_by_symbol,
             &Summary::starting_equity, &Summary::equity, &Summary::pnl_net, &Summary::realized, &Summary::unrealized,
             &Summary::commissions, &Summary::drawdown, &Summary::tick_to_order, &Summary::event, &Summary::journal,
             &Summary::journal_records, &Summary::journal_lost, &Summary::store, &Summary::store_rows, &Summary::desk, &Summary::data_note>;
};

/// Counts while the run goes on. Thread: hot.
class SummaryTap : public runtime::Tap {
 public:
  void on_event(const Event& event) override;
  void on_command(Timestamp at, const Command& command) override;
  void on_fact(const Fact& fact) override;
  void on_health(const runtime::Health& health) override { health_ = health; }

  [[nodiscard]] Summary summary() const;
  [[nodiscard]] const EquityMarked& equity() const { return equity_; }
  [[nodiscard]] std::uint64_t orders() const { return counts_.orders; }
  [[nodiscard]] std::uint64_t fills() const { return counts_.fills; }
  [[nodiscard]] const runtime::Health& health() const { return health_; }

 private:
  Summary counts_;
  std::vector<std::string> symbols_;
  std::vector<std::uint64_t> events_, fills_;   // by instrument
  std::array<std::uint64_t, EnumNames<Denial>::names.size()> denials_{};
  EquityMarked equity_{};
  Money first_equity_{};
  bool has_equity_ = false, reconciled_ = false;
  Timestamp first_{}, last_{};
  runtime::Health health_{};
};

/// Writes the summary as JSON, whole or not at all. Errors: not writable.
[[nodiscard]] Result<bool, Problem> write_summary(const Summary& summary, const std::string& path);

}  // namespace robo::apps
