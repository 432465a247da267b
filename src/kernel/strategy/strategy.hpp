#pragma once
// The door for strategies. A strategy sees a read-only view and answers with signals; it cannot send an order.

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/features/spec.hpp"
#include "model/fact.hpp"
#include "model/instrument.hpp"

namespace robo::features {
class Features;
}
namespace robo::market {
class Market;
}
namespace robo::portfolio {
class Portfolio;
}
namespace robo::regime {
class Regimes;
}

namespace robo::strategy {

/// A number the operator may change while it runs. Names are the same in TOML, API and screen.
struct Parameter {
  std::string_view name{};
  std::string_view help{};    // one sentence a trader understands
  std::string_view unit{};
  double value{};             // default
  double least{}, most{}, step{};
};

/// A strategy's opinion of one instrument, valid until `expires` or its next opinion.
struct Signal {
  InstrumentId instrument{};
  double score{};             // -1 (short with all conviction) .. 1
  double confidence{};        // 0..1
  double expected_return{};   // over the horizon, as a fraction; 0: not claimed. Enters Kelly sizing
  double volatility{};        // of returns over the horizon, as a fraction; 0: ensemble's own estimate
  Duration horizon{};
  Price stop_distance{};      // protective stop below/above entry; 0: none wanted
  Price target_distance{};    // profit target; 0: none wanted
  bool exit{};                // leave whatever we hold because of this strategy, now
  FixedText<80> why{};        // shown beside the order: numbers first
};

/// Collects one strategy's signals of one event.
class Signals {
 public:
  void say(const Signal& signal) { items_.push_back(signal); }
  void clear() { items_.clear(); }
  [[nodiscard]] std::span<const Signal> items() const { return items_; }

 private:
  FixedVector<Signal, 64> items_;
};

/// What a strategy asks for once, before the first event.
class Declaration {
 public:
  virtual ~Declaration() = default;
  /// Asks for a feature on every instrument of the strategy's universe. Same spec, same handle.
  virtual features::Handle feature(const features::Spec& spec) = 0;
  /// A parameter; returns its index for View::parameter().
  virtual std::size_t parameter(const Parameter& parameter) = 0;
  /// Bars of this length are wanted (on_bar).
  virtual void bars(Duration timeframe) = 0;
  [[nodiscard]] virtual std::span<const InstrumentId> universe() const = 0;
  [[nodiscard]] virtual const Instrument& instrument(InstrumentId id) const = 0;
};

/// Everything a strategy may look at. Read-only; valid during the call.
class View {
 public:
  View(Timestamp now, const market::Market& market, const features::Features& features, const portfolio::Portfolio& portfolio,
       const regime::Regimes& regimes, std::span<const double> parameters)
      : now_(now), market_(market), features_(features), portfolio_(portfolio), regimes_(regimes), parameters_(parameters) {}
  [[nodiscard]] Timestamp now() const { return now_; }
  [[nodiscard]] const market::Market& market() const { return market_; }
  [[nodiscard]] const features::Features& features() const { return features_; }
  [[nodiscard]] const portfolio::Portfolio& portfolio() const { return portfolio_; }
  [[nodiscard]] const regime::Regimes& regimes() const { return regimes_; }
  [[nodiscard]] double parameter(std::size_t index) const { return parameters_[index]; }

 private:
  Timestamp now_;
  const market::Market& market_;
  const features::Features& features_;
  const portfolio::Portfolio& portfolio_;
  const regime::Regimes& regimes_;
  std::span<const double> parameters_;
};

/// One trading idea. Deterministic: no clock, no random source, no I/O; no allocation after declare(). May throw: the host
/// stops it and reports, the others go on. Thread: hot.
class Strategy {
 public:
  virtual ~Strategy() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;   // stable id: "momentum"
  virtual void declare(Declaration& declaration) = 0;
  virtual void on_quote(const View&, const Quote&, Signals&) {}
  virtual void on_trade(const View&, const Trade&, Signals&) {}
  virtual void on_bar(const View&, const Bar&, Signals&) {}
  virtual void on_phase(const View&, const PhaseChange&, Signals&) {}
  /// Forget opinions and counters (after a stop, or a gap in the data). Parameters stay.
  virtual void reset() {}
};

}  // namespace robo::strategy
