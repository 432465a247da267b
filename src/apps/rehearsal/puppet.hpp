#pragma once
// The strategy of a rehearsal: wants exactly what the scenario says.

#include <vector>

#include "kernel/market/market.hpp"
#include "kernel/portfolio/portfolio.hpp"
#include "kernel/strategy/strategy.hpp"

namespace robo::apps::rehearsal {

/// What the scenario wants, shared with the strategy.
struct Wish {
  InstrumentId instrument{};
  Quantity quantity{};
  Price stop{}, target{};
};

class Puppet : public strategy::Strategy {
 public:
  explicit Puppet(std::vector<Wish>& wishes) : wishes_(wishes) {}
  [[nodiscard]] std::string_view name() const override { return "rehearsal"; }
  void declare(strategy::Declaration&) override {}
  void begin_trading() override { trading_ = true; }
  void on_quote(const strategy::View& view, const Quote& quote, strategy::Signals& signals) override {
    if (!trading_) return;
    for (std::size_t i = 0; i < wishes_.size(); ++i) {
      if (wishes_[i].instrument != quote.instrument) continue;
      const auto mark = view.market().mark(quote.instrument);
      if (!mark) return;
      const auto wish = wishes_[i];
      wishes_.erase(wishes_.begin() + static_cast<std::ptrdiff_t>(i));
      // The settings of a rehearsal make a score the fraction of equity that is wanted; the third of a unit is for rounding.
      const auto& instrument = view.market().instrument(quote.instrument);
      const auto unit = view.portfolio().to_base(quote.instrument, notional(*mark, shares(1), instrument.multiplier)).to_double();
      const double units = wish.quantity.to_double() + wish.quantity.sign() * 0.3 * instrument.size_increment.to_double();
      const double score = units * unit / view.portfolio().equity().to_double();
      signals.say({.instrument = quote.instrument, .score = score, .confidence = 1, .horizon = hours(24 * 30), .stop_distance = wish.stop,
                   .target_distance = wish.target, .exit = wish.quantity.is_zero(), .why = "the scenario says so"});
      return;
    }
  }

 private:
  std::vector<Wish>& wishes_;
  bool trading_ = false;
};

}  // namespace robo::apps::rehearsal
