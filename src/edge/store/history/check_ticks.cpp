#include <algorithm>
#include <cmath>
#include <fmt/core.h>

#include "edge/store/history/findings.hpp"

namespace robo::store::history {

namespace {

constexpr std::size_t around = 20;        // trades on each side that a price is held against
constexpr double deviations = 10;         // of their middle deviation; and in parts of the price:
constexpr double least_part = 0.01;
constexpr double spread_max = 0.25;       // of the middle: wider is told

template <class R>
void judge_order(std::span<const R> rows, std::span<const std::size_t> file_starts, Findings& findings) {
  std::size_t file = 0;
  std::uint64_t behind = 0;
  Duration most{};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].received_at.ns != 0 && rows[i].received_at < rows[i].at) {
      ++behind;
      most = std::max(most, rows[i].at - rows[i].received_at);
    }
    while (file < file_starts.size() && file_starts[file] < i) ++file;
    if (i == 0 || (file < file_starts.size() && file_starts[file] == i)) continue;
    if (rows[i].at < rows[i - 1].at) findings.add(Fault::OutOfOrder, true, fmt::format("{} after {}", to_text(rows[i].at), to_text(rows[i - 1].at)));
  }
  if (behind > 0) {
    findings.add(Fault::Clock, true, to_text(rows.front().at), {}, behind);
    findings.say(Fault::Clock, fmt::format("rows received before they happened, by up to {:.3f} s: the recorder's clock ran behind", most.seconds()));
  }
}

template <class R>
void judge_hours(std::span<const R> rows, const Calendar* calendar, Findings& findings) {
  if (calendar == nullptr || rows.empty()) return;
  std::vector<std::pair<Timestamp, double>> weights;
  weights.reserve(rows.size());
  for (const R& row : rows) {
    double weight = 1;
    if constexpr (requires { row.size; }) weight = (row.conditions & trade_condition::not_volume) != 0 ? 0 : std::max(row.size.to_double(), 0.0);
    weights.emplace_back(row.at, weight);
  }
  judge_zone(*calendar, weights, fmt::format("{} to {}", to_text(rows.front().at), to_text(rows.back().at)), findings);
}

}  // namespace

void check_trades(std::string_view symbol, std::span<const TradeRecord> rows, std::span<const std::size_t> file_starts, const Calendar* calendar, std::vector<Finding>& out) {
  if (rows.empty()) return;
  Findings findings(symbol, kind_of<TradeRecord>, "", out);
  judge_order(rows, file_starts, findings);
  std::vector<double> prices;
  std::vector<std::size_t> rows_of_prices;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& row = rows[i];
    if (row.price.is_zero()) findings.add(Fault::ZeroMeansUnknown, true, to_text(row.at));
    if (row.price.raw < 0) findings.add(Fault::Negative, false, fmt::format("{}: {}", to_text(row.at), to_text(row.price)));
    if (row.size.raw < 0) findings.add(Fault::Inconsistent, true, fmt::format("{}: size {}", to_text(row.at), to_text(row.size)));
    // The tape may well print two equal trades in one instant; whole rows that are equal to the last letter, many in a row, are told.
    if (i > 0 && rows[i - 1].at == row.at && rows[i - 1].price == row.price && rows[i - 1].size == row.size && rows[i - 1].venue == row.venue &&
        rows[i - 1].conditions == row.conditions && rows[i - 1].received_at == row.received_at)
      findings.add(Fault::Duplicate, false, fmt::format("{}: {} x {}", to_text(row.at), to_text(row.price), to_text(row.size)));
    // Late, average-price and derivatively priced prints are far away by nature: they do not set the last price.
    if (row.price.is_zero() || (row.conditions & (trade_condition::not_last | trade_condition::late)) != 0) continue;
    prices.push_back(row.price.to_double());
    rows_of_prices.push_back(i);
  }
  std::vector<double> near;
  for (std::size_t i = 0; i < prices.size() && prices.size() > 2; ++i) {
    const double before = prices[i > 0 ? i - 1 : 1], after = prices[i + 1 < prices.size() ? i + 1 : i - 1];
    const double least = least_part * std::abs(prices[i]);
    if (std::abs(prices[i] - before) <= least || std::abs(prices[i] - after) <= least) continue;  // cheap, and true of nearly every trade
    near.clear();
    for (std::size_t j = i > around ? i - around : 0; j < std::min(prices.size(), i + around + 1); ++j)
      if (j != i) near.push_back(prices[j]);
    const auto middle = near.begin() + static_cast<std::ptrdiff_t>(near.size() / 2);
    std::nth_element(near.begin(), middle, near.end());
    const double centre = *middle;
    for (double& value : near) value = std::abs(value - centre);
    std::nth_element(near.begin(), middle, near.end());
    if (std::abs(prices[i] - centre) <= std::max(deviations * *middle, least)) continue;
    const auto& row = rows[rows_of_prices[i]];
    findings.add(Fault::Outlier, true, fmt::format("{}: {} among trades around {:.4f}", to_text(row.at), to_text(row.price), centre));
  }
  judge_hours(rows, calendar, findings);
}

void check_quotes(std::string_view symbol, std::span<const QuoteRecord> rows, std::span<const std::size_t> file_starts, const Calendar* calendar, std::vector<Finding>& out) {
  if (rows.empty()) return;
  Findings findings(symbol, kind_of<QuoteRecord>, "", out);
  judge_order(rows, file_starts, findings);
  std::uint64_t wide = 0;
  std::string first_wide;
  for (const QuoteRecord& row : rows) {
    const bool bid = row.bid_size.is_positive(), ask = row.ask_size.is_positive();
    // A side that does not exist has size 0: its price is no price. One that has a size and no price is unknown.
    if ((bid && row.bid.is_zero()) || (ask && row.ask.is_zero())) findings.add(Fault::ZeroMeansUnknown, true, fmt::format("{}: a side of size {} at 0", to_text(row.at), to_text(bid ? row.bid_size : row.ask_size)));
    else if (bid && ask && row.bid > row.ask) findings.add(Fault::Inconsistent, true, fmt::format("{}: bid {} above ask {}", to_text(row.at), to_text(row.bid), to_text(row.ask)));
    else if (bid && ask && (row.ask - row.bid).to_double() > spread_max * std::abs(row.ask.to_double())) {
      if (wide++ == 0) first_wide = fmt::format("{}: {} to {}", to_text(row.at), to_text(row.bid), to_text(row.ask));
    }
    if (row.bid_size.raw < 0 || row.ask_size.raw < 0) findings.add(Fault::Inconsistent, true, fmt::format("{}: a negative size", to_text(row.at)));
  }
  if (wide > 0) {
    findings.add(Fault::Outlier, false, first_wide, {}, wide);
    findings.say(Fault::Outlier, "quotes wider than a quarter of their price");
  }
  judge_hours(rows, calendar, findings);
}

}  // namespace robo::store::history
