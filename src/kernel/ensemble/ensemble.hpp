#pragma once
// Many opinions become one target per instrument, with the reasons for it: who contributed how many units, and which cap bound.

#include <span>
#include <vector>

#include "kernel/ensemble/settings.hpp"
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
  Reason reason{};             // contributions sum exactly to quantity
};

/// Thread: hot. Allocates in the constructor only. Keeps opinions until they expire, are replaced or withdrawn.
class Ensemble {
 public:
  /// `instruments` must outlive the ensemble (dense: index is InstrumentId).
  Ensemble(const Settings& settings, std::span<const Instrument> instruments, std::size_t strategies);

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
  /// Weight of a strategy in the next blend of an instrument in the regime it is in.
  [[nodiscard]] double weight(StrategyId strategy, RegimeKind regime) const;
  /// Annual volatility used for sizing an instrument.
  [[nodiscard]] double volatility(InstrumentId instrument) const;
  [[nodiscard]] const Settings& settings() const { return settings_; }

 private:
  struct Held;
  [[nodiscard]] std::span<const Target> expire_due(Timestamp now, const strategy::World& world, Facts& facts);

  Settings settings_;
  std::span<const Instrument> instruments_;
  std::vector<Target> targets_;
  Timestamp next_expiry_{INT64_MAX};
};

}  // namespace robo::ensemble
