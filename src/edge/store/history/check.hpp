#pragma once
// What is wrong, or worth knowing, in stored market data: counts by kind with the first examples.
//
// The rows of one symbol and bar size are judged as they lie in the files, before the store puts them in order. Nothing here
// takes a logarithm or divides by a price: prices may be negative or zero (docs/history.md, "check").

#include <functional>
#include <span>

#include "edge/store/history/catalogue.hpp"

namespace robo::store::history {

enum class Fault : std::uint8_t {
  Unreadable,       // a file is no Parquet, or lacks a column
  MissingDay,       // the calendar has a session, the store has nothing
  Hole,             // bars missing inside a session, too many in a row to be quiet trading
  OutOfOrder,       // a row is older than the one before it in its file
  Duplicate,        // the same row, or the same bar, twice
  Conflict,         // the same bar twice with different numbers
  Outlier,          // a price that leaves its neighbours and comes back
  Jump,             // a price that leaves and stays away by 40 % and more: a split nobody told, or a crash
  Inconsistent,     // high and low do not span the four prices; bid above ask; negative sizes
  ZeroMeansUnknown, // a price of 0; a volume of 0 that is said to be known
  TimeZone,         // trading at hours when the market is shut, as if the clock stood in another zone
  PseudoDate,       // days without a session: dates that were made up
  Clock,            // received before it happened
  EqualPrices,      // daily bars of four equal prices: perhaps only a close was known
  Negative,         // logarithms and ratios fail on it
  UnknownVolume,    // told as unknown: nothing is wrong, but it is no zero
};

struct Finding {
  Fault fault{};
  bool problem{};                        // false: worth knowing, nothing to mend
  std::string symbol{}, kind{}, size{};
  std::uint64_t count{};
  std::string text{};                    // one sentence
  std::vector<std::string> examples{};   // times, or file:line
  std::vector<Date> days{};              // that a repair would ask for again, no day twice
  using fields = Fields<&Finding::fault, &Finding::problem, &Finding::symbol, &Finding::kind, &Finding::size, &Finding::count, &Finding::text,
                        &Finding::examples, &Finding::days>;
};
static_assert(Complete<Finding>);

struct CheckReport {
  std::uint64_t partitions{}, rows{};
  std::vector<Finding> findings{};
  using fields = Fields<&CheckReport::partitions, &CheckReport::rows, &CheckReport::findings>;
  [[nodiscard]] bool clean() const;      // no finding is a problem
};
static_assert(Complete<CheckReport>);

inline constexpr std::size_t examples_max = 10;

/// Bars of one symbol and length in the order of their files; `file_starts`: the index at which each file begins. A null
/// calendar leaves days and hours unjudged.
void check_bars(std::string_view symbol, Duration period, std::span<const BarRecord> rows, std::span<const std::size_t> file_starts, const Calendar* calendar,
                std::vector<Finding>& out);
/// One day of ticks, in the order of its files.
void check_trades(std::string_view symbol, std::span<const TradeRecord> rows, std::span<const std::size_t> file_starts, const Calendar* calendar, std::vector<Finding>& out);
void check_quotes(std::string_view symbol, std::span<const QuoteRecord> rows, std::span<const std::size_t> file_starts, const Calendar* calendar, std::vector<Finding>& out);

/// Everything the selection holds. `progress` as in an import.
[[nodiscard]] CheckReport check(const std::filesystem::path& root, const Selection& selection, const Calendars& calendars, const std::function<void(double)>& progress = {});

/// The report of an import as findings, with file and line: what a file would bring in, before it is.
[[nodiscard]] std::vector<Finding> findings_of(const ImportReport& report);

}  // namespace robo::store::history

template <>
struct robo::EnumNames<robo::store::history::Fault> {
  static constexpr std::array<std::string_view, 16> names{"unreadable", "missing_day", "hole",      "out_of_order",      "duplicate", "conflict",
                                                          "outlier",    "jump",        "inconsistent", "zero_means_unknown", "time_zone", "pseudo_date",
                                                          "clock",      "equal_prices", "negative",  "unknown_volume"};
};
