#pragma once
// A market out of the store: recorded ticks, or bars of one size as ticks, adjusted in the terms of one day and only of those who
// were members then.

#include <string>
#include <vector>

#include "apps/settings.hpp"
#include "edge/store/shipped.hpp"
#include "model/event.hpp"

namespace robo::apps {

struct StoredMarket {
  std::vector<Instrument> instruments{};
  std::vector<Event> events{};           // in order of time
  std::vector<std::string> notes{};      // where it comes from, and what is missing; at least one
  std::uint64_t rows{};
};

/// Throws std::runtime_error with what is wrong: nothing stored that fits, a word of [data] that is none.
[[nodiscard]] StoredMarket read_stored_market(const DataSettings& settings, const store::Calendars& calendars);

}  // namespace robo::apps
