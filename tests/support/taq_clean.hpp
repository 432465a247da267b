#pragma once
// The shipped XXX days after the published TAQ cleaning, as plain quotes and trades in order of time; and tables of reference
// values.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include "model/market.hpp"
#include "support/gzip.hpp"

namespace robo::test {

/// A gzipped CSV of numbers with a header; an empty cell is NaN.
class Table {
 public:
  explicit Table(const std::string& path) {
    const auto lines = lines_of(path);
    names_ = cells_of(lines.at(0));
    for (std::size_t i = 1; i < lines.size(); ++i) rows_.push_back(cells_of(lines[i]));
  }
  [[nodiscard]] std::size_t rows() const { return rows_.size(); }
  [[nodiscard]] const std::string& text(std::size_t row, std::string_view column) const {
    const auto found = std::find(names_.begin(), names_.end(), column);
    if (found == names_.end()) throw std::runtime_error("no column " + std::string(column));
    return rows_.at(row).at(static_cast<std::size_t>(found - names_.begin()));
  }
  [[nodiscard]] double value(std::size_t row, std::string_view column) const {
    const auto& cell = text(row, column);
    return cell.empty() ? std::nan("") : std::strtod(cell.c_str(), nullptr);
  }

 private:
  std::vector<std::string> names_;
  std::vector<std::vector<std::string>> rows_;
};

struct CleanEvent {
  Timestamp at{};
  bool is_trade{};
  Quote quote{};
  Trade trade{};
};

/// Wall-clock times are taken for UTC. At one time quotes come before trades.
inline std::vector<CleanEvent> taq_clean() {
  const auto folder = std::string(ROBO_SOURCE_DIR) + "/data/equity_intraday/taq_XXX_";
  const auto time_of = [](const std::string& text) {
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    long microseconds_ = 0;
    if (std::sscanf(text.c_str(), "%d-%d-%dT%d:%d:%d.%6ld", &year, &month, &day, &hour, &minute, &second, &microseconds_) != 7)
      throw std::runtime_error("no time: " + text);
    return Timestamp{} + hours(24) * date_of(year, static_cast<unsigned>(month), static_cast<unsigned>(day)).days + hours(hour) + minutes(minute) + seconds(second) +
           microseconds(microseconds_);
  };
  std::vector<CleanEvent> events;
  const auto quotes = lines_of(folder + "quotes_clean_2018-01-02_03.csv.gz"), trades = lines_of(folder + "trades_clean_2018-01-02_03.csv.gz");
  for (std::size_t i = 1; i < quotes.size(); ++i) {
    const auto c = cells_of(quotes[i]);
    const auto size = [](const std::string& lots) { return shares(100 * std::atoll(lots.c_str())); };
    events.push_back({.at = time_of(c[0]), .quote = {.bid = parse_decimal<Price>(c[3]).value(), .ask = parse_decimal<Price>(c[5]).value(), .bid_size = size(c[4]), .ask_size = size(c[6])}});
  }
  for (std::size_t i = 1; i < trades.size(); ++i) {
    const auto c = cells_of(trades[i]);
    events.push_back({.at = time_of(c[0]), .is_trade = true,
                      .trade = {.venue = static_cast<std::uint8_t>(c[1].at(0)), .price = parse_decimal<Price>(c[3]).value(), .size = parse_decimal<Quantity>(c[4]).value()}});
  }
  std::stable_sort(events.begin(), events.end(), [](const CleanEvent& a, const CleanEvent& b) { return a.at < b.at; });
  return events;
}

}  // namespace robo::test
