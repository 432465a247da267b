#pragma once
// Watches a run and keeps what its report is made of: equity, prices and positions on one grid of time, fills, denials, costs.

#include <array>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "model/instrument.hpp"
#include "research/digest.hpp"
#include "runtime/ports.hpp"

namespace robo::research {

struct FillRow {
  Timestamp at{};
  InstrumentId instrument{};
  Side side{};
  OrderPurpose purpose{};
  double quantity{};
  double price{};
  double notional{};       // >= 0, in the instrument's currency
  double arrival{};        // mid when it was decided; 0: unknown
  double half_spread{};    // of the last quote before it, in price; 0: no quotes
  double realized{};
  double position_after{};
  StrategyId lead{};       // who contributed most; UINT16_MAX: nobody of ours
};

struct StrategyTally {
  std::string name{};
  double realized{}, unrealized{}, commissions{}, weight{};
  std::uint64_t signals{}, fills{};
  StrategyState state{};
  std::string why{};       // of the last change
};

/// One run, sampled. Vectors over time are equally long; index 0 is the start, before anything happened.
struct Record {
  std::vector<Instrument> instruments{};
  std::vector<Timestamp> times{};
  std::vector<Date> dates{};                      // trade date of the sample
  std::vector<double> equity{};
  std::vector<double> commissions{};              // cumulative
  std::vector<double> traded{};                   // cumulative notional
  std::vector<double> gross{};                    // exposure
  std::vector<std::vector<double>> prices{};      // by instrument; NaN before the first
  std::vector<std::vector<double>> positions{};   // by instrument
  std::vector<FillRow> fills{};
  std::vector<StrategyTally> strategies{};        // by StrategyId
  StrategyTally nobody{};                         // fills no strategy asked for
  std::array<std::uint64_t, EnumNames<Denial>::names.size()> denials{};
  std::uint64_t events{}, orders{}, modifications{}, cancellations{}, rejections{}, signals{}, targets{};
  Duration sample{};
  std::string commands{};                         // digest of the command stream
};

struct CollectorSettings {
  Duration sample = seconds(60);
  std::vector<std::string> strategies{};          // names by StrategyId
};

/// Thread: the one that drives. Allocates: not for live trading, where the read model does this.
class Collector final : public runtime::Tap {
 public:
  explicit Collector(CollectorSettings settings);
  void on_event(const Event& event) override;
  void on_command(Timestamp at, const Command& command) override;
  void on_fact(const Fact& fact) override;

  /// The run is over: closes the last sample. Once.
  [[nodiscard]] Record finish();

 private:
  void take_sample();
  void define(const Instrument& instrument);
  void price(InstrumentId instrument, double value);
  StrategyTally& strategy(StrategyId id);

  CollectorSettings settings_;
  Record record_;
  Digest commands_;
  std::vector<double> last_price_, half_spread_, position_;
  std::vector<bool> quoted_;                      // has quotes: trades do not set its price
  Timestamp sample_end_{INT64_MIN}, last_market_{};
  Date trade_date_{INT32_MIN};
  bool market_moved_ = false;
  double equity_ = 0, commission_sum_ = 0, traded_ = 0, gross_ = 0;
};

}  // namespace robo::research
