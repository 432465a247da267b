#pragma once
// Limit up - limit down: bands around a reference price in regular hours, a limit state when the best price stands at a band,
// and a pause when it stands there for fifteen seconds (the NMS plan, with its Amendment 18 of 2020-02-24).

#include <deque>
#include <optional>

#include "model/instrument.hpp"

namespace robo::sim {

class PriceBands {
 public:
  explicit PriceBands(bool tier_1 = true) : tier_1_(tier_1) {}

  /// Half of the width, as a share of the reference (a dollar amount below 0.75). Bands began on 2013-04-08.
  struct Width {
    double share{}, amount{};
  };
  [[nodiscard]] static Width width(Price reference, bool tier_1, Date day, Duration since_open, Duration until_close);

  /// Regular hours begin; both ends are needed for the doubled quarter hours.
  void open(Timestamp from, Timestamp until, Date day);
  void close() { day_ = {}; }
  void on_trade(Timestamp at, Price price);
  void on_quote(Timestamp at, Price bid, Quantity bid_size, Price ask, Quantity ask_size);
  /// True: the limit state has lasted; trading pauses now, and this object forgets it.
  [[nodiscard]] bool pauses(Timestamp at);
  /// Trading goes on after a pause: the reference is the next price.
  void resume();

  [[nodiscard]] bool is_open() const { return day_.days != 0; }
  [[nodiscard]] bool in_force() const { return day_.days != 0 && reference_.is_positive(); }
  [[nodiscard]] Price reference() const { return reference_; }
  [[nodiscard]] Price low(Timestamp at) const;
  [[nodiscard]] Price high(Timestamp at) const;
  /// Since when the best price has stood at a band.
  [[nodiscard]] std::optional<Timestamp> limit_state() const { return limit_since_; }

  static constexpr Duration patience = seconds(15), window = minutes(5), renewal = seconds(30), pause = minutes(5);

 private:
  void renew(Timestamp at);
  [[nodiscard]] double half(Timestamp at) const;

  bool tier_1_;
  Date day_{};
  Timestamp from_{}, until_{}, renewed_{};
  Price reference_{};
  std::deque<std::pair<Timestamp, std::int64_t>> trades_{};
  i128 sum_{};
  std::optional<Timestamp> limit_since_{};
};

}  // namespace robo::sim
