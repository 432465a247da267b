#pragma once
// Many opinions become one target per instrument, with the reasons for it: who contributed how many units, and which cap bound.

#include <span>
#include <vector>

#include "kernel/ensemble/settings.hpp"
#include "kernel/ensemble/volatility.hpp"
#include "kernel/ensemble/weights.hpp"
#include "kernel/strategy/host.hpp"

namespace robo::ensemble {

/// The position wanted in one instrument, and how its entry is to be protected.
struct Target {
  InstrumentId instrument{};
  Quantity quantity{};         // signed, on the instrument's size grid
  Price stop_distance{};       // for the bracket around an entry; 0: none wanted
  Price target_distance{};
  bool urgent{};               // an exit somebody asked for: cross the spread, do not wait
  Timestamp at{};              // decision time
  Reason reason{};             // contributions sum exactly to quantity; who has just left is named with 0
};

/// Thread: hot. Allocates in the constructor only. Keeps opinions until they expire, are replaced or withdrawn.
class Ensemble {
 public:
  /// `instruments` must outlive the ensemble (dense: index is InstrumentId).
  Ensemble(const Settings& settings, std::span<const Instrument> instruments, std::size_t strategies);

  /// New terms of an instrument it knows.
  void define(const Instrument& instrument);

  /// Takes the opinions of one event and returns the targets that changed, each with a TargetSet fact.
  /// The answer is valid until the next call.
  [[nodiscard]] std::span<const Target> blend(Timestamp now, std::span<const strategy::Opinion> opinions, const strategy::World& world,
                                              Facts& facts);
  /// Drops opinions whose horizon has passed; call on every event (one comparison when nothing expires).
  [[nodiscard]] std::span<const Target> expire(Timestamp now, const strategy::World& world, Facts& facts) {
    if (now < next_expiry_) return {};
    return expire_due(now, world, facts);
  }
  /// A strategy started, stopped, paused or failed. Stopped and failed ones lose their opinions: what was held because of
  /// them is left. Paused ones are no longer asked; their opinions run out.
  [[nodiscard]] std::span<const Target> on_strategy(Timestamp now, StrategyId strategy, StrategyState state, const strategy::World& world,
                                                    Facts& facts);
  /// A protective stop or profit target closed the position: the opinions that built it are spent until their strategy
  /// leaves or turns, so that nobody walks straight back in. No new target arises from it but flat.
  [[nodiscard]] std::span<const Target> on_protected_exit(Timestamp now, InstrumentId instrument, const strategy::World& world, Facts& facts);
  /// Flatten asked for by a person or a limit: all opinions of the instrument are spent as above.
  [[nodiscard]] std::span<const Target> stand_down(Timestamp now, InstrumentId instrument, const strategy::World& world, Facts& facts) {
    return on_protected_exit(now, instrument, world, facts);
  }

  /// Feeds the volatility estimate (bars of Settings::volatility_timeframe_s; others are ignored) and the weights' evidence.
  void on_bar(const Bar& bar, const strategy::World& world);

  /// The last target set; zero quantity when none was.
  [[nodiscard]] const Target& target(InstrumentId instrument) const { return targets_[instrument.value]; }
  /// Weight of a strategy in the next blend of an instrument in this regime. All weights of a regime sum to 1; the share of
  /// a stopped strategy is not handed to the others.
  [[nodiscard]] double weight(StrategyId strategy, RegimeKind regime) const { return weights_.weight(strategy, regime); }
  /// Annual volatility used for sizing an instrument.
  [[nodiscard]] double volatility(InstrumentId instrument) const { return sizing_[instrument.value].annual; }
  /// Annual volatility of all targets together, as a fraction of equity, with the assumed correlation.
  [[nodiscard]] double book_volatility(double equity) const;
  [[nodiscard]] const Settings& settings() const { return settings_; }

 private:
  struct Held {                 // one strategy's opinion of one instrument
    double score{}, confidence{}, expected_return{}, volatility{};
    Duration horizon{};
    double per_year{};          // how often the horizon fits into a year
    Timestamp expires{};
    Price stop_distance{}, target_distance{};
    bool active{};
    std::int8_t spent_sign{};   // not heard on this side until it leaves, turns or spent_until
    Timestamp spent_until{};
  };
  struct Exposure {             // what the instrument's target adds to the book, in money a year
    double notional{}, risk{};
  };
  struct Sizing {               // of one instrument: what is read for every size, on one line of memory
    double annual{};            // volatility, worked out anew when a bar closes
    Quantity grid{};
    double grid_units{};
    std::int64_t multiplier{1};
    Exposure exposure{};
    std::uint8_t touched{};     // 0 no, 1 yes, 2 urgent
  };
  struct Account {
    double equity{};
    double ladder{1};           // part of a full size that the drawdown allows
  };
  struct Ask;                   // the sum of one instrument's opinions before the caps
  [[nodiscard]] Held& held(InstrumentId instrument, std::size_t strategy) { return held_[instrument.value * strategies_ + strategy]; }
  [[nodiscard]] const Held& held(InstrumentId instrument, std::size_t strategy) const {
    return held_[instrument.value * strategies_ + strategy];
  }
  [[nodiscard]] std::span<const Target> expire_due(Timestamp now, const strategy::World& world, Facts& facts);
  void hear(Timestamp now, const strategy::Opinion& opinion);
  void touch(InstrumentId instrument, bool urgent);
  std::span<const Target> retarget_touched(Timestamp now, const strategy::World& world, Facts& facts);
  void retarget(Timestamp now, InstrumentId instrument, bool urgent, const Account& account, const strategy::World& world, Facts& facts);
  void set(const Target& target, double notional, const strategy::World& world, Facts& facts);
  Ask sum_up(InstrumentId instrument, const Account& account, RegimeKind regime);
  /// Largest |notional| the caps allow on the side of `ask`, and the tightest of them.
  [[nodiscard]] double cap(const Exposure& mine, const Ask& ask, const Account& account, double annual, SizeCap& tightest) const;
  void take_out(InstrumentId instrument);
  void put_in(InstrumentId instrument, Exposure exposure);
  void work_out_volatility(InstrumentId instrument);
  void sum_book_again();
  [[nodiscard]] double ladder(double drawdown) const;
  void check_ladder(double step);

  Settings settings_;
  std::span<const Instrument> instruments_;
  std::size_t strategies_;
  Weights weights_;
  std::vector<Held> held_;              // instrument x strategy
  std::vector<Target> targets_;         // by instrument
  std::vector<Sizing> sizing_;          // by instrument
  std::vector<Volatility> volatilities_;
  std::vector<double> bars_per_year_;
  std::vector<double> last_close_;
  std::vector<InstrumentId> touched_list_;
  std::vector<Target> changed_;         // answer of the last call
  std::vector<double> notionals_;       // scratch, by strategy
  double gross_ = 0, net_ = 0, risk_sum_ = 0, risk_squares_ = 0;
  int book_updates_ = 0;
  double ladder_now_ = 1;
  std::int64_t day_ = INT64_MIN;
  Duration timeframe_{};
  Timestamp next_expiry_{INT64_MAX};
};

}  // namespace robo::ensemble
