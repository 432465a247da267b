#pragma once
// What all readers of row files share: the header, the day check, progress, and the span seen.

#include <map>
#include <string>
#include <vector>

#include "edge/store/import_options.hpp"
#include "edge/store/import_report.hpp"
#include "edge/store/records.hpp"
#include "edge/store/text_file.hpp"

namespace robo::store::detail {

class Reading {
 public:
  Reading(std::string_view file, std::string_view text, const ImportOptions& options, const Progress& progress);

  /// The next data row with its cells; false at the end or when `progress` said stop. Rows without any byte are passed over.
  [[nodiscard]] bool next();
  [[nodiscard]] std::string_view row() const { return row_; }
  [[nodiscard]] std::uint64_t line() const { return lines_.number(); }
  [[nodiscard]] const std::vector<std::string_view>& cells() const { return cells_; }
  /// Index of the first of these column names, or -1.
  [[nodiscard]] int column(std::initializer_list<std::string_view> names) const;
  [[nodiscard]] const std::vector<std::string_view>& header() const { return header_; }
  [[nodiscard]] std::string_view cell(int column) const { return cells_[static_cast<std::size_t>(column)]; }

  void refuse(std::string_view reason) { report.refuse(reason, lines_.number(), row_); }
  void repaired(std::string_view reason) { report.repaired(reason, lines_.number(), row_); }
  void flag(std::string_view reason) { report.flag(reason, lines_.number(), row_); }
  /// Counts a kept row and remembers its time and symbol.
  void kept(std::string_view symbol, Timestamp at);

  /// Errors for the whole file: nothing was read.
  [[nodiscard]] ImportReport refused_whole(std::string_view why);
  [[nodiscard]] ImportReport finish();

  /// True when some session of the calendar runs on `day`, or no calendar was given, or pseudo-dates are allowed.
  [[nodiscard]] bool trades_on(Date day);

  ImportReport report{};
  const ImportOptions& options;

 private:
  Lines lines_;
  std::size_t bytes_;
  const Progress& progress_;
  std::string_view row_{};
  std::vector<std::string_view> cells_{}, header_{};
  Timestamp first_{INT64_MAX}, last_{INT64_MIN};
  std::string last_symbol_{};
  Date day_{INT32_MIN};
  bool day_trades_{};
  bool stopped_{};
};

/// "us24_1min.csv.gz" -> "us24".
[[nodiscard]] std::string symbol_of_file(std::string_view file);

/// The zone of wall clock times: the option's, else `hint`, else the calendar's, else New York. Errors: unknown name.
[[nodiscard]] Result<TimeZone, Problem> zone_of(const ImportOptions& options, std::string_view hint);

/// Dates with slashes: which order fits all rows of a column. Empty: no slashes, or ambiguous (`ambiguous` is set).
struct SlashOrder {
  DateOrder order{DateOrder::YearFirst};
  bool ambiguous{};
};
[[nodiscard]] SlashOrder slash_order(std::string_view text, int column, const ImportOptions& options);

/// Whether some session runs on that date: its own, or the evening of the next one (futures and currencies on Sunday).
[[nodiscard]] bool has_session_on(const Calendar& calendar, Date day);

/// Share of distinct days of a column on which the calendar has no session; above this the dates of a file are not real.
inline constexpr double pseudo_share = 0.05;
struct PseudoDates {
  int days{}, closed{};
  std::string example{};
  [[nodiscard]] bool whole_file() const { return days > 0 && closed > 0 && static_cast<double>(closed) > pseudo_share * days; }
};
[[nodiscard]] PseudoDates pseudo_dates(std::string_view text, int column, DateOrder order, const ImportOptions& options);

}  // namespace robo::store::detail
