#pragma once
// Pairs: two names whose prices are tied together; sells the dear one and buys the cheap one when they part, and leaves when
// they meet again. docs/strategies/pairs.md

#include <vector>

#include "kernel/strategy/strategy.hpp"
#include "strategies/common/by_instrument.hpp"
#include "strategies/pairs/cointegration.hpp"

namespace robo::strategies {

struct Legs {
  InstrumentId y{}, x{};   // log y = alpha + beta log x
};

class Pairs final : public strategy::Strategy {
 public:
  static constexpr std::size_t pairs_max = 64;

  /// Without pairs named, all combinations of the universe in order (at most pairs_max).
  explicit Pairs(std::vector<Legs> pairs = {}) : named_(std::move(pairs)) {}

  [[nodiscard]] std::string_view name() const override { return "pairs"; }
  void declare(strategy::Declaration& declaration) override;
  void on_bar(const strategy::View& view, const Bar& bar, strategy::Signals& signals) override;
  void reset() override;
  void begin_trading() override;

  /// What is known of a pair, for reports: the last fit and how far apart the two are now.
  struct Status {
    Legs legs{};
    Cointegration fit{};
    double z{};
    bool tied{};           // the test is passed and the half-life is in bounds
    int side{};            // 1: long the spread (y bought, x sold), -1: short, 0: out
  };
  [[nodiscard]] std::vector<Status> status() const;

 private:
  struct Leg {             // last bar of an instrument
    Timestamp start{INT64_MIN};
    double log_price{};
    bool in_trade{};
  };
  struct Pair {
    Legs legs{};
    std::vector<double> y, x;      // ring of log prices, `window` long
    std::size_t next = 0, size = 0;
    std::size_t since_fit = 0;
    Timestamp last_row{INT64_MIN};
    Cointegration fit{};
    double z = 0;
    bool tied = false, locked = false;
    int side = 0;
    Timestamp until{};
  };
  void take_row(const strategy::View& view, Pair& pair, strategy::Signals& signals);
  void fit(const strategy::View& view, Pair& pair);
  void enter(const strategy::View& view, Pair& pair, strategy::Signals& signals);
  void leave(Pair& pair, strategy::Signals& signals, const FixedText<80>& why);

  std::vector<Legs> named_;
  std::vector<Pair> pairs_;
  ByInstrument<Leg> legs_;
  std::vector<double> window_y_, window_x_;   // the ring laid straight for a fit
  Duration timeframe_{};
  std::size_t window_ = 0, lags_ = 0, refit_{}, significance_{}, half_life_max_{}, entry_{}, exit_{}, stop_{}, hold_{}, flat_s_{}, cost_bp_{};
};

}  // namespace robo::strategies
