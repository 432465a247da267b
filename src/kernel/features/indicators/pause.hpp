#pragma once
// When the step from one price to the next is a night's and not a bar's.

#include "base/time.hpp"

namespace robo::features {

/// More than an hour without a bar or tick lies between sessions, not within one. Days and longer have no nights.
constexpr bool is_pause(Duration quiet, Duration timeframe) {
  return timeframe < hours(24) && quiet > hours(1) && quiet > timeframe;
}

}  // namespace robo::features
