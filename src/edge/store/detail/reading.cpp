#include "edge/store/detail/reading.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <set>

namespace robo::store::detail {

Reading::Reading(std::string_view file, std::string_view text, const ImportOptions& opts, const Progress& progress)
    : options(opts), lines_(text), bytes_(std::max<std::size_t>(text.size(), 1)), progress_(progress) {
  report.file = std::string(file);
  report.listener = options.listener;
  if (std::string_view line; lines_.next(line)) {
    split_cells(line, header_);
    for (auto& name : header_) name = trimmed(name);
  }
}

bool Reading::next() {
  while (!stopped_ && lines_.next(row_)) {
    if (trimmed(row_).empty()) continue;
    ++report.rows;
    if (report.rows % 4096 == 0 && progress_ && !progress_(1.0 - static_cast<double>(lines_.bytes_left()) / static_cast<double>(bytes_))) {
      stopped_ = true;
      report.notes.push_back(fmt::format("stopped on request at line {}", lines_.number()));
    }
    split_cells(row_, cells_);
    if (cells_.size() != header_.size()) {
      refuse(cells_.size() < header_.size() ? "fewer cells than the header" : "more cells than the header");
      continue;
    }
    return true;
  }
  return false;
}

int Reading::column(std::initializer_list<std::string_view> names) const {
  for (const auto name : names)
    for (std::size_t i = 0; i < header_.size(); ++i)
      if (same_word(header_[i], name)) return static_cast<int>(i);
  return -1;
}

void Reading::kept(std::string_view symbol, Timestamp at) {
  ++report.kept;
  first_ = std::min(first_, at);
  last_ = std::max(last_, at);
  if (symbol != last_symbol_) {
    last_symbol_ = std::string(symbol);
    if (std::find(report.symbols.begin(), report.symbols.end(), last_symbol_) == report.symbols.end()) report.symbols.push_back(last_symbol_);
  }
}

ImportReport Reading::refused_whole(std::string_view why) {
  report.notes.push_back(fmt::format("nothing was read: {}", why));
  return finish();
}

ImportReport Reading::finish() {
  if (first_ <= last_) {
    report.first = to_text(first_);
    report.last = to_text(last_);
  }
  if (progress_ && !stopped_) (void)progress_(1.0);
  report.listener = nullptr;
  return std::move(report);
}

bool Reading::trades_on(Date day) {
  if (options.calendar == nullptr || options.allow_pseudo_dates) return true;
  if (day != day_) {
    day_ = day;
    day_trades_ = !options.calendar->covers(day) || has_session_on(*options.calendar, day);
  }
  return day_trades_;
}

bool has_session_on(const Calendar& calendar, Date day) {
  if (calendar.trades_on(day)) return true;
  const auto next = calendar.session(Date{day.days + 1});
  return next && calendar.zone().to_local(next->opens()).date == day;
}

std::string symbol_of_file(std::string_view file) {
  file = file.substr(file.find_last_of('/') + 1);
  if (file.starts_with("index_")) file.remove_prefix(6);
  return std::string(file.substr(0, file.find_first_of("_.")));
}

Result<TimeZone, Problem> zone_of(const ImportOptions& options, std::string_view hint) {
  if (!options.zone.empty()) return TimeZone::find(options.zone);
  if (!hint.empty()) return TimeZone::find(hint);
  if (options.calendar != nullptr) return options.calendar->zone();
  return TimeZone::find("America/New_York");
}

namespace {
template <class F>
void each_cell(std::string_view text, int column, F&& f) {
  Lines lines(text);
  std::string_view line;
  std::vector<std::string_view> cells;
  bool header = true;
  while (lines.next(line)) {
    if (header) {
      header = false;
      continue;
    }
    split_cells(line, cells);
    if (static_cast<std::size_t>(column) < cells.size()) f(trimmed(cells[static_cast<std::size_t>(column)]));
  }
}
}  // namespace

SlashOrder slash_order(std::string_view text, int column, const ImportOptions& options) {
  bool slashes = false, first_large = false, second_large = false, year_first = false;
  each_cell(text, column, [&](std::string_view cell) {
    const auto slash = cell.find('/');
    if (slash == std::string_view::npos || slash > 4) return;
    slashes = true;
    const auto second = cell.find('/', slash + 1);
    if (second == std::string_view::npos) return;
    const auto a = read_integer(cell.substr(0, slash)), b = read_integer(cell.substr(slash + 1, second - slash - 1));
    if (!a || !b) return;
    if (slash == 4) year_first = true;
    else if (*a > 12) first_large = true;
    if (*b > 12) second_large = true;
  });
  if (!slashes || year_first) return {};
  if (options.dates) return {*options.dates, false};
  if (second_large && !first_large) return {DateOrder::MonthFirst, false};
  if (first_large && !second_large) return {DateOrder::DayFirst, false};
  // No day above 12: the calendar may tell, when only one reading falls on trading days.
  const auto month_first = pseudo_dates(text, column, DateOrder::MonthFirst, options);
  const auto day_first = pseudo_dates(text, column, DateOrder::DayFirst, options);
  if (month_first.days > 0 && month_first.closed == 0 && day_first.closed > 0) return {DateOrder::MonthFirst, false};
  if (day_first.days > 0 && day_first.closed == 0 && month_first.closed > 0) return {DateOrder::DayFirst, false};
  return {DateOrder::MonthFirst, true};
}

PseudoDates pseudo_dates(std::string_view text, int column, DateOrder order, const ImportOptions& options) {
  PseudoDates result;
  if (options.calendar == nullptr || options.allow_pseudo_dates) return result;
  std::set<Date> days;
  std::string last;
  each_cell(text, column, [&](std::string_view cell) {
    const auto date = cell.substr(0, 10);
    if (date == last) return;
    last = std::string(date);
    if (const auto wall = read_wall_time(cell, order)) days.insert(wall->local.date);
  });
  for (const Date day : days) {
    if (!options.calendar->covers(day)) continue;
    ++result.days;
    if (has_session_on(*options.calendar, day)) continue;
    if (result.closed++ == 0) result.example = to_text(day);
  }
  return result;
}

}  // namespace robo::store::detail
