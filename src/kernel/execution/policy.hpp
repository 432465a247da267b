#pragma once
// How orders are worked. Names are the same in TOML, API and screen.

#include "base/decimal.hpp"
#include "base/fields.hpp"
#include "model/order.hpp"

namespace robo::execution {

struct Policy {
  // A target is chased passively first: a limit at the near touch that follows it; then across the spread.
  bool passive_first = true;
  double patience_s = 5;               // passive for so long, then aggressive
  double reprice_interval_s = 0.5;     // at most one new price in it
  double aggressive_patience_s = 5;    // an aggressive limit is repriced after it
  double collar_bp = 30;               // never past the arrival price by more; it waits instead
  TimeInForce time_in_force{TimeInForce::Day};
  bool outside_regular_hours = false;
  bool require_stop = false;           // refuse entries that come without a protective stop

  double answer_timeout_s = 5;         // no word of the broker: the order is UNKNOWN and asked for
  double query_interval_s = 10;
  std::int64_t queries_max = 3;        // then everything is reconciled
  double position_grace_s = 20;        // the broker's position may differ so long before we reconcile
  std::int64_t expiry_warning_days = 5;  // a position in a contract that ends is told so many days before
  std::int64_t expiry_last_entry_days = 1;  // and nothing is entered in its last days

  std::int64_t rejects_max = 8;        // so many rejects within reject_window_s trip the kill switch
  double reject_window_s = 60;
  bool flatten_on_daily_loss = true;   // the daily loss limit closes positions; false: it stops entries only

  std::int64_t orders_max = 1'024;     // remembered at once, final ones included
  using fields =
      Fields<&Policy::passive_first, &Policy::patience_s, &Policy::reprice_interval_s, &Policy::aggressive_patience_s, &Policy::collar_bp,
             &Policy::time_in_force, &Policy::outside_regular_hours, &Policy::require_stop, &Policy::answer_timeout_s,
             &Policy::query_interval_s, &Policy::queries_max, &Policy::position_grace_s, &Policy::expiry_warning_days, &Policy::expiry_last_entry_days, &Policy::rejects_max, &Policy::reject_window_s,
             &Policy::flatten_on_daily_loss, &Policy::orders_max>;
  static constexpr bool defaults = true;  // a setting left out of the file keeps its value from here
};

}  // namespace robo::execution
