#pragma once
// The door for strategies. A strategy sees a read-only view and answers with signals; it cannot send an order.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/fixed_vector.hpp"
#include "base/text.hpp"
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
  bool fixed{};               // shapes features or windows: set before the start, not while it runs
};

/// A strategy's opinion of one instrument, valid for `horizon` or until its next opinion of it.
struct Signal {
  InstrumentId instrument{};
  double score{};             // -1 (short with all conviction) .. 1
  double confidence{};        // 0..1
  double expected_return{};   // of the instrument over the horizon, as a fraction; 0: not claimed. Enters Kelly sizing
  double volatility{};        // of returns over the horizon, as a fraction; 0: ensemble's own estimate
  Duration horizon{};         // > 0
  Price stop_distance{};      // protective stop below/above entry; 0: none wanted
  Price target_distance{};    // profit target; 0: none wanted
  bool exit{};                // leave whatever we hold because of this strategy, now
  FixedText<80> why{};        // shown beside the order: numbers first
};

/// Collects one strategy's signals of one event. Saying more than there is room for is kept as `overflowed`: the host
/// stops a strategy that does.
class Signals {
 public:
  static constexpr std::size_t per_event_max = 64;
  void say(const Signal& signal) {
    if (items_.full()) overflowed_ = true;
    else items_.push_back(signal);
  }
  void clear() {
    items_.clear();
    overflowed_ = false;
  }
  [[nodiscard]] std::span<const Signal> items() const { return items_; }
  [[nodiscard]] bool overflowed() const { return overflowed_; }

 private:
  FixedVector<Signal, per_event_max> items_;
  bool overflowed_ = false;
};

/// What a strategy asks for once, before the first event.
class Declaration {
 public:
  virtual ~Declaration() = default;
  /// Asks for a feature on every instrument of the strategy's universe. Same spec, same handle.
  virtual features::Handle feature(const features::Spec& spec) = 0;
  /// A parameter; returns its index for View::parameter() and value().
  virtual std::size_t parameter(const Parameter& parameter) = 0;
  /// The value a parameter starts with: the operator's, or the default.
  [[nodiscard]] virtual double value(std::size_t parameter) const = 0;
  /// Bars of this length are wanted (on_bar).
  virtual void bars(Duration timeframe) = 0;
  /// Depth updates are wanted (on_book).
  virtual void books() = 0;
  [[nodiscard]] virtual std::span<const InstrumentId> universe() const = 0;
  [[nodiscard]] virtual const Instrument& instrument(InstrumentId id) const = 0;
};

/// The kernel's rooms, for reading.
struct World {
  const market::Market& market;
  const features::Features& features;
  const portfolio::Portfolio& portfolio;
  const regime::Regimes& regimes;
};

/// Everything a strategy may look at. Read-only; valid during the call.
class View {
 public:
  View(Timestamp now, const World& world, std::span<const double> parameters) : now_(now), world_(world), parameters_(parameters) {}
  [[nodiscard]] Timestamp now() const { return now_; }
  [[nodiscard]] const market::Market& market() const { return world_.market; }
  [[nodiscard]] const features::Features& features() const { return world_.features; }
  [[nodiscard]] const portfolio::Portfolio& portfolio() const { return world_.portfolio; }
  [[nodiscard]] const regime::Regimes& regimes() const { return world_.regimes; }
  [[nodiscard]] double parameter(std::size_t index) const { return parameters_[index]; }

 private:
  Timestamp now_;
  const World& world_;
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
  virtual void on_book(const View&, InstrumentId, Signals&) {}
  virtual void on_phase(const View&, const PhaseChange&, Signals&) {}
  /// Forget opinions and counters (before every start, and after a gap in the data). Parameters stay.
  virtual void reset() {}
  /// The bars of before the start have been shown and orders become possible: nothing said so far was acted on. Forget what you
  /// believe to hold, keep what you have learned.
  virtual void begin_trading() { reset(); }
};

}  // namespace robo::strategy
