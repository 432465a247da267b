#include "apps/strategies.hpp"

#include "strategies/ema_cross/ema_cross.hpp"
#include "strategies/mean_reversion/mean_reversion.hpp"
#include "strategies/momentum/momentum.hpp"
#include "strategies/pairs/pairs.hpp"

namespace robo::apps {

namespace {

std::unique_ptr<strategy::Strategy> of_kind(std::string_view kind) {
  if (kind == "momentum") return std::make_unique<strategies::Momentum>();
  if (kind == "mean_reversion") return std::make_unique<strategies::MeanReversion>();
  if (kind == "pairs") return std::make_unique<strategies::Pairs>();
  if (kind == "ema_cross") return std::make_unique<strategies::EmaCross>();
  return nullptr;
}

/// The same strategy under another name.
class Renamed final : public strategy::Strategy {
 public:
  Renamed(std::unique_ptr<strategy::Strategy> inner, std::string_view name) : inner_(std::move(inner)), name_(name) {}
  [[nodiscard]] std::string_view name() const override { return name_; }
  void declare(strategy::Declaration& declaration) override { inner_->declare(declaration); }
  void on_quote(const strategy::View& view, const Quote& quote, strategy::Signals& signals) override { inner_->on_quote(view, quote, signals); }
  void on_trade(const strategy::View& view, const Trade& trade, strategy::Signals& signals) override { inner_->on_trade(view, trade, signals); }
  void on_bar(const strategy::View& view, const Bar& bar, strategy::Signals& signals) override { inner_->on_bar(view, bar, signals); }
  void on_book(const strategy::View& view, InstrumentId instrument, strategy::Signals& signals) override { inner_->on_book(view, instrument, signals); }
  void on_phase(const strategy::View& view, const PhaseChange& phase, strategy::Signals& signals) override { inner_->on_phase(view, phase, signals); }
  void reset() override { inner_->reset(); }
  void begin_trading() override { inner_->begin_trading(); }

 private:
  std::unique_ptr<strategy::Strategy> inner_;
  std::string name_;
};

}  // namespace

std::unique_ptr<strategy::Strategy> make_strategy(std::string_view kind, std::string_view name) {
  auto made = of_kind(kind.empty() ? name : kind);
  if (!made || made->name() == name) return made;
  return std::make_unique<Renamed>(std::move(made), name);
}

std::string strategy_names() { return "momentum, mean_reversion, pairs and ema_cross"; }

}  // namespace robo::apps
