#pragma once
// Recorded markets as one stream of Events in order of time: what the demo, the gateway simulator and back-tests replay.
//
//   MarketTape tape;
//   tape.add_taq("data/equity_intraday/taq_XXX_quotes_raw....csv.gz", "data/.../taq_XXX_trades_raw....csv.gz", nyse);
//   tape.add_binance({"data/orderbook/binance_usdm_btcusdt_20240808.jsonl.gz"});
//   tape.add_bars("data/equity_intraday/us24_1min_to_2019-02-15.csv.gz", nyse);
//   tape.finish();
//   for (const Event& event : tape.events()) ...
//
// Everything is in memory: 64 bytes an event. Damaged rows are left out and told in reports().

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "edge/store/import_report.hpp"
#include "edge/store/records.hpp"
#include "model/calendar.hpp"
#include "model/event.hpp"
#include "model/instrument.hpp"
#include "runtime/ports.hpp"

namespace robo::store {

struct TapeOptions {
  bool quotes{true};
  bool trades{true};
  bool depth{true};
  bool quotes_on_change_only{};    // false: one Quote event for every recorded quote row, also when the best did not move
  bool phases{true};               // PhaseChange events by the calendar
  std::vector<std::string> symbols{};  // only these; empty: all
};

/// Turns one bar into four trades and the quotes around them, always the same ones: open, then the nearer extreme first
/// (low first in a rising bar), then close, with the volume split over them. Exposed for the tests.
struct BarPath {
  std::array<Price, 4> prices{};
  std::array<Quantity, 4> sizes{};
  std::array<Duration, 4> offsets{};  // from the bar's start
  Price half_spread{};
};
[[nodiscard]] BarPath path_of(const Bar& bar, const TickTable& ticks);

/// The quotes and trades of one bar, appended in order of time. An index (no volume) gets trades of size 0 and no quotes.
void add_bar_ticks(const Instrument& instrument, const BarRecord& record, std::vector<Event>& events, bool quotes = true, bool trades = true);

class MarketTape final : public runtime::MarketSource {
 public:
  explicit MarketTape(TapeOptions options = {}) : options_(std::move(options)) {}

  /// What is added from now on is moved by this much in time, so that markets recorded on different days can be replayed
  /// side by side. Whole days between dates of one daylight-saving season keep the wall clock. Told in reports().
  void move_by(Duration shift) { shift_ = shift; }

  /// Quotes of every venue become the NBBO; trades come with their conditions. Either path may be empty.
  [[nodiscard]] Result<bool, Problem> add_taq(const std::filesystem::path& quotes, const std::filesystem::path& trades, const Calendar& calendar);
  /// Files of one market in the order they were recorded.
  [[nodiscard]] Result<bool, Problem> add_binance(const std::vector<std::filesystem::path>& files, const Calendar* calendar = nullptr);
  /// Bars become ticks; their instruments carry DataOrigin::ReconstructedFromBars. Indices (no volume) become trades of size 0.
  [[nodiscard]] Result<bool, Problem> add_bars(const std::filesystem::path& file, const Calendar& calendar);

  /// Sorts by time (rows of one time keep the order quotes, depth, trades) and adds the phases. Call once, after the last add.
  void finish();

  [[nodiscard]] std::span<const Event> events() const { return events_; }
  /// Dense ids from 0 in order of first appearance; what is known of the shipped symbols (shipped.hpp), else a US stock.
  /// Contract ids are invented, far above any of IB's.
  [[nodiscard]] std::span<const Instrument> instruments() const override { return instruments_; }
  [[nodiscard]] const std::vector<ImportReport>& reports() const { return reports_; }

  [[nodiscard]] std::span<const Event> next() override;
  void rewind() override { told_ = false; }

 private:
  friend class TapeSink;
  Instrument& instrument(std::string_view symbol, DataOrigin origin, std::string_view calendar);
  [[nodiscard]] bool wanted(std::string_view symbol) const;
  void add_phases();
  void told(ImportReport report, const std::string& damage);

  TapeOptions options_;
  Duration shift_{};
  bool told_{};
  std::vector<Event> events_;
  std::vector<Instrument> instruments_;
  std::vector<ImportReport> reports_;
  std::map<std::string, const Calendar*> calendars_;
};

}  // namespace robo::store
