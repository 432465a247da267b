#pragma once
// What a file does not say about itself. Everything has a default that fits US stocks.

#include <optional>
#include <string>
#include <string_view>

#include "edge/store/detail/cells.hpp"
#include "edge/store/import_report.hpp"
#include "model/calendar.hpp"

namespace robo::store {

enum class BarStamp : std::uint8_t { Detect, Start, End };

struct ImportOptions {
  std::string symbol{};                 // for files without a symbol column; empty: the file name up to its first '_'
  std::string zone{};                   // of wall clock times; empty: the column's own word, else the calendar's, else New York
  const Calendar* calendar{};           // null: days and hours are not checked
  bool allow_pseudo_dates{};            // keep rows on days when the calendar has no session
  BarStamp stamp{BarStamp::Detect};
  std::optional<Duration> period{};     // of bars; empty: the most common step
  std::optional<detail::DateOrder> dates{};  // of dates with slashes; empty: detected, and refused where it stays ambiguous
  RowListener listener{};               // told of every row that is not simply kept
  bool consolidate{};                   // TAQ quotes: also yield the best of all venues (venue 0)
};

}  // namespace robo::store
