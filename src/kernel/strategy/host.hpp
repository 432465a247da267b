#pragma once
// Runs strategies: gives each its universe, parameters and features, asks it on every event of its instruments, and stops
// the one that throws, runs away or talks nonsense. The others go on.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "kernel/strategy/strategy.hpp"

namespace robo::strategy {

/// One signal, checked, and whose it is.
struct Opinion {
  StrategyId strategy{};
  Signal signal{};
};

/// Where a strategy's wishes go at start-up; the corridor passes them to the rooms below.
struct Wishes {
  std::function<features::Handle(const features::Spec&, std::span<const InstrumentId>)> feature{};
  std::function<void(Duration timeframe, std::span<const InstrumentId>)> bars{};
};

struct Setting {
  std::string name{};
  double value{};
};

/// How one strategy takes part.
struct Enlistment {
  std::vector<InstrumentId> universe{};
  std::vector<Setting> settings{};   // parameters that differ from their defaults
  bool running{true};                // false: starts stopped, waits for the operator
};

struct HostLimits {
  std::uint32_t signals_per_second_max = 2'000;   // of one strategy, in event time; above it is a runaway
  std::uint32_t strategies_per_instrument_max = 8;  // an order names at most eight reasons
  using fields = Fields<&HostLimits::signals_per_second_max, &HostLimits::strategies_per_instrument_max>;
  static constexpr bool defaults = true;  // a setting left out of the file keeps its value from here
};

/// Owns the strategies. Thread: hot. Allocates in enlist() only.
class Host {
 public:
  static constexpr std::size_t strategies_max = 64;

  /// `instruments` must outlive the host (dense: index is InstrumentId).
  Host(std::span<const Instrument> instruments, Wishes wishes, HostLimits limits = {});
  ~Host();
  Host(Host&&) noexcept;

  /// Declares the strategy and takes it in; its id is the number of strategies before it.
  /// Errors, all at once: unknown parameter, value out of range, empty or unknown universe, name taken, too many on an instrument.
  [[nodiscard]] std::vector<Problem> enlist(std::unique_ptr<Strategy> strategy, const Enlistment& enlistment);

  /// First facts of a run: every strategy's state.
  void start(Timestamp now, Facts& facts);

  /// Asks the running strategies that watch the event's instrument. The answer is valid until the next call.
  [[nodiscard]] std::span<const Opinion> on_quote(Timestamp now, const World& world, const Quote& quote, Facts& facts);
  [[nodiscard]] std::span<const Opinion> on_trade(Timestamp now, const World& world, const Trade& trade, Facts& facts);
  /// Only strategies that asked for bars of this length.
  [[nodiscard]] std::span<const Opinion> on_bar(Timestamp now, const World& world, const Bar& bar, Facts& facts);
  /// Only strategies that asked for books.
  [[nodiscard]] std::span<const Opinion> on_book(Timestamp now, const World& world, InstrumentId instrument, Facts& facts);
  [[nodiscard]] std::span<const Opinion> on_phase(Timestamp now, const World& world, const PhaseChange& phase, Facts& facts);

  /// StartStrategy, StopStrategy, PauseStrategy, SetParameter; other actions are not the host's. A refusal is a Noted fact.
  void on_operator(Timestamp now, const OperatorInput& input, Facts& facts);
  /// The data had a gap (reconnect, book reset of everything): running strategies forget.
  void reset_all(Facts& facts);
  /// Orders become possible for the first time; see Strategy::begin_trading.
  void begin_trading(Facts& facts);

  /// Strategies whose state changed in the last call (any of the above); the ensemble must be told.
  [[nodiscard]] std::span<const StrategyChanged> changes() const;

  [[nodiscard]] std::size_t count() const;
  [[nodiscard]] StrategyState state(StrategyId strategy) const;
  [[nodiscard]] std::string_view name(StrategyId strategy) const;
  [[nodiscard]] std::span<const Parameter> parameters(StrategyId strategy) const;   // as declared
  [[nodiscard]] std::span<const double> values(StrategyId strategy) const;          // as in force
  [[nodiscard]] std::span<const InstrumentId> universe(StrategyId strategy) const;
  [[nodiscard]] std::uint64_t signals(StrategyId strategy) const;                   // raised since the start

 private:
  struct Member;
  template <class Ask>
  std::span<const Opinion> ask(Timestamp now, const World& world, std::uint64_t who, Facts& facts, Ask&& ask_one);
  void take(Member& member, Timestamp now, Facts& facts);
  template <class Forget>
  void forget_all(Facts& facts, Forget&& forget);
  void set_state(Member& member, StrategyState state, std::string_view why, Facts& facts);

  std::span<const Instrument> instruments_;
  Wishes wishes_;
  HostLimits limits_;
  std::vector<std::unique_ptr<Member>> members_;
  std::vector<std::uint64_t> watchers_;        // by instrument: bit per strategy
  std::uint64_t running_ = 0, wants_books_ = 0;
  Signals signals_;
  std::vector<Opinion> opinions_;
  FixedVector<StrategyChanged, strategies_max> changes_;
};

/// Parameters of a strategy without running it: for documents and configuration checks.
[[nodiscard]] std::vector<Parameter> declared_parameters(Strategy& strategy);

}  // namespace robo::strategy
