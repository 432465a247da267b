#pragma once
// Bars of one symbol over any time, adjusted on the way out: one name after the other, in the terms of one day, with what was
// known then.

#include <set>

#include "edge/store/history/actions.hpp"

namespace robo::store::history {

enum class Adjust : std::uint8_t {
  None,    // as traded: a split is a jump
  Splits,  // in shares of the basis' day
  Total,   // and as if every dividend had been put back into the share on its ex-date
};

struct SeriesRequest {
  std::string symbol{};                 // its name at the end of the time
  Duration period{hours(24)};
  Date from{}, until{};                 // [from, until)
  Adjust adjust{Adjust::Splits};
  std::optional<Date> basis{};          // prices are in the terms of this day; none: of the last day asked for
  std::optional<Date> known_at{};       // actions announced later do not exist; none: as of the basis
};

struct Series {
  std::vector<BarRecord> bars{};        // in order, each start once
  std::vector<NameSpan> names{};
  std::set<std::string> sources{};
  std::vector<std::string> notes{};     // what could not be done: a dividend without a price before it
};

/// Errors: a part that cannot be read, named.
[[nodiscard]] Result<Series, Problem> read_series(const std::filesystem::path& root, const SeriesRequest& request, const Actions& actions);

}  // namespace robo::store::history

template <>
struct robo::EnumNames<robo::store::history::Adjust> {
  static constexpr std::array<std::string_view, 3> names{"none", "splits", "total"};
};
