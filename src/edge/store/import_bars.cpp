#include "edge/store/import_bars.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/core.h>
#include <map>
#include <optional>
#include <vector>

#include "edge/store/detail/reading.hpp"

namespace robo::store {

using detail::DateOrder;
using detail::read_decimal;
using detail::Reading;
using detail::trimmed;

namespace {

/// A row as the file has it: wall clock, and the line it came from.
struct Row {
  std::uint32_t symbol{};
  std::uint64_t line{};
  std::string_view text{};
  detail::WallTime stamp{};
  Timestamp at{};  // UTC of the stamp
  Price open{}, high{}, low{}, close{};
  Quantity volume{};
  bool has_volume{};
};

constexpr double jump_max = 0.40;
constexpr double disorder_max = 0.20;

bool is_absent(std::string_view cell) {
  for (const std::string_view word : {"", "na", "n/a", "nan", "null", "none", ".", "-", "#n/a"})
    if (detail::same_word(cell, word)) return true;
  return false;
}

class Bars {
 public:
  Bars(std::string_view file, std::string_view text, const ImportOptions& options, RecordSink& sink, const Progress& progress)
      : reading_(file, text, options, progress), options_(options), text_(text), sink_(sink) {}

  ImportReport run() {
    if (const auto why = open(); !why.empty()) {
      reading_.report.format = "bars";
      return reading_.refused_whole(why);
    }
    while (reading_.next()) read_row();
    sort();
    find_period();
    find_stamp();
    describe();
    emit();
    return reading_.finish();
  }

 private:
  std::string open() {
    const auto& header = reading_.header();
    for (std::size_t i = 0; i < header.size() && time_ < 0; ++i)
      for (const std::string_view name : {"datetime", "date", "timestamp", "dt", "time"})
        if (detail::same_word(header[i], name) || (name == "time" && detail::same_word(header[i].substr(0, 5), "time_"))) time_ = static_cast<int>(i);
    if (time_ < 0) return "the header has no date, datetime, timestamp, DT or time column (is there a header at all?)";
    const auto zone = detail::zone_of(options_, zone_named_by(header[static_cast<std::size_t>(time_)]));
    if (!zone) return zone.error().text;
    clock_.emplace(*zone);

    const auto slashes = detail::slash_order(text_, time_, options_);
    if (slashes.ambiguous) return "dates like 1/2/2018 could be month or day first in every row: say which with --dates month-first or --dates day-first";
    order_ = slashes.order;
    if (order_ == DateOrder::MonthFirst) reading_.report.notes.push_back("dates are month first");
    if (order_ == DateOrder::DayFirst) reading_.report.notes.push_back("dates are day first");
    const auto pseudo = detail::pseudo_dates(text_, time_, order_, options_);
    if (pseudo.whole_file())
      return fmt::format("{} of its {} dates are not trading days of {} ({} for one): these are pseudo-dates, or it is another market's "
                         "file (name it with --calendar). Take it as it is with --allow-pseudo-dates, and never join it on a calendar",
                         pseudo.closed, pseudo.days, options_.calendar->name(), pseudo.example);

    symbol_ = reading_.column({"symbol", "ticker"});
    open_ = reading_.column({"open"});
    high_ = reading_.column({"high"});
    low_ = reading_.column({"low"});
    close_ = reading_.column({"close"});
    volume_ = reading_.column({"volume", "vol"});
    const bool whole_bars = open_ >= 0 && high_ >= 0 && low_ >= 0 && close_ >= 0;
    const std::string fallback = options_.symbol.empty() ? detail::symbol_of_file(reading_.report.file) : options_.symbol;
    if (whole_bars) {
      columns_.push_back(close_);
      if (symbol_ < 0) names_.push_back(fallback);
    } else {
      find_series(fallback);
      if (columns_.empty()) return "the header has neither open, high, low and close nor a price column";
    }
    whole_bars_ = whole_bars;
    std::string unused;
    for (std::size_t i = 0; i < header.size(); ++i) {
      const int column = static_cast<int>(i);
      const bool used = column == time_ || column == symbol_ || column == open_ || column == high_ || column == low_ || column == volume_ ||
                        std::find(columns_.begin(), columns_.end(), column) != columns_.end();
      if (!used) unused += (unused.empty() ? "" : ", ") + std::string(header[i]);
    }
    if (!unused.empty()) reading_.report.notes.push_back("columns not used: " + unused);
    return {};
  }

  /// Without open, high and low every other column is a series of prices: of the symbol it is named after.
  void find_series(const std::string& fallback) {
    if (symbol_ >= 0) {
      const int price = close_ >= 0 ? close_ : reading_.column({"price", "last", "adj close"});
      if (price >= 0) columns_.push_back(price);
      return;
    }
    const auto& header = reading_.header();
    for (std::size_t i = 0; i < header.size(); ++i) {
      const int column = static_cast<int>(i);
      if (column == time_ || column == volume_ || header[i].empty()) continue;
      columns_.push_back(column);
      names_.emplace_back(header[i].substr(0, 24));
    }
    if (columns_.size() == 1) names_[0] = fallback;
    else reading_.report.notes.push_back(fmt::format("each row holds the prices of {} symbols; kept counts prices", columns_.size()));
  }

  std::uint32_t symbol_index(std::string_view name) {
    if (const auto found = index_.find(name); found != index_.end()) return found->second;
    const auto index = static_cast<std::uint32_t>(names_.size());
    names_.emplace_back(name);
    index_.emplace(std::string(name), index);
    return index;
  }

  void read_row() {
    const auto stamp = detail::read_wall_time(reading_.cell(time_), order_);
    if (!stamp) return reading_.refuse("the date or time cannot be read");
    intraday_ = intraday_ || stamp->has_time;
    Row row{.line = reading_.line(), .text = reading_.row(), .stamp = *stamp, .at = clock_->to_utc(*stamp)};
    if (symbol_ >= 0) {
      const auto name = trimmed(reading_.cell(symbol_));
      if (name.empty() || name.size() > 24) return reading_.refuse("the symbol is empty or longer than 24 characters");
      row.symbol = symbol_index(name);
    }
    if (volume_ >= 0 && !is_absent(trimmed(reading_.cell(volume_)))) {
      const auto volume = read_decimal<Quantity>(reading_.cell(volume_));
      if (!volume || volume->value.is_negative()) return reading_.refuse("the volume is negative, too large or not a number");
      row.volume = volume->value;
      row.has_volume = volume->value.is_positive();
      if (!row.has_volume) reading_.repaired("volume 0: unknown, not nothing");
    }
    if (whole_bars_) return read_bar(row);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (symbol_ < 0) row.symbol = static_cast<std::uint32_t>(i);
      const auto cell = trimmed(reading_.cell(columns_[i]));
      if (is_absent(cell)) {
        reading_.flag("an empty price: the symbol did not trade");
        continue;
      }
      const auto price = read_decimal<Price>(cell);
      if (!price) {
        reading_.refuse("a price is not a number");
        continue;
      }
      if (price->value.is_zero()) {
        reading_.refuse("a price of 0: unknown");
        continue;
      }
      row.open = row.high = row.low = row.close = price->value;
      rounded_ += price->rounded ? 1 : 0;
      add(row);
    }
  }

  void read_bar(Row& row) {
    const std::pair<int, Price*> members[] = {{open_, &row.open}, {high_, &row.high}, {low_, &row.low}, {close_, &row.close}};
    bool rounded = false;
    for (const auto& [column, to] : members) {
      const auto cell = trimmed(reading_.cell(column));
      if (is_absent(cell)) return reading_.refuse("a price is missing");
      const auto price = read_decimal<Price>(cell);
      if (!price) return reading_.refuse("a price is not a number");
      if (price->value.is_zero()) return reading_.refuse("a price of 0: unknown");
      *to = price->value;
      rounded = rounded || price->rounded;
    }
    const auto [lowest, highest] = std::minmax({row.open, row.high, row.low, row.close});
    if (row.low != lowest || row.high != highest) {
      ++disordered_;
      reading_.repaired("high or low does not span the four prices: widened to them");
      row.low = lowest;
      row.high = highest;
    } else if (row.low == row.high && !intraday_) {
      reading_.flag("open, high, low and close are equal: perhaps only a close was known");
    }
    rounded_ += rounded ? 1 : 0;
    add(row);
  }

  void add(const Row& row) {
    if (row.low.is_negative()) reading_.flag("a negative price: logarithms and ratios fail on it");
    rows_.push_back(row);
  }

  void sort() {
    std::uint64_t falling = 0, rising = 0;
    for (std::size_t i = 1; i < rows_.size(); ++i) {
      if (rows_[i].symbol != rows_[i - 1].symbol) continue;
      falling += rows_[i].at < rows_[i - 1].at ? 1u : 0u;
      rising += rows_[i].at > rows_[i - 1].at ? 1u : 0u;
    }
    if (falling > rising) reading_.report.notes.push_back("newest row first: put in order of time");
    else if (falling > 0) reading_.report.notes.push_back(fmt::format("{} rows are out of order: put in order of time", falling));
    std::stable_sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) { return a.symbol != b.symbol ? a.symbol < b.symbol : a.at < b.at; });
  }

  void find_period() {
    if (options_.period) {
      period_ = *options_.period;
      return;
    }
    if (!intraday_) {
      period_ = hours(24);
      return;
    }
    std::map<std::int64_t, std::uint64_t> steps;
    for (std::size_t i = 1; i < rows_.size(); ++i)
      if (rows_[i].symbol == rows_[i - 1].symbol && rows_[i].at > rows_[i - 1].at) ++steps[(rows_[i].at - rows_[i - 1].at).ns];
    std::uint64_t most = 0;
    for (const auto& [step, count] : steps)
      if (count > most) most = count, period_ = nanoseconds(step);
    if (period_.ns == 0) period_ = minutes(1);
  }

  /// A bar stamped at the opening bell begins there: no bar can end at it. One stamped at the close, and none at the open: ends.
  void find_stamp() {
    if (options_.stamp != BarStamp::Detect || !intraday_) {
      ends_ = intraday_ && options_.stamp == BarStamp::End;
      return;
    }
    if (options_.calendar == nullptr) {
      reading_.report.notes.push_back("taken as stamped at the bar's start: no calendar to see it by (the later, safer reading)");
      return;
    }
    Date day{INT32_MIN};
    std::optional<Session> session;
    std::uint64_t at_open = 0, at_close = 0;
    for (const auto& row : rows_) {
      const auto date = row.stamp.local.date;
      if (date != day) {
        day = date;
        session = options_.calendar->session(date);
      }
      if (!session) continue;
      at_open += row.at == session->opens() ? 1u : 0u;
      at_close += row.at == session->closes() ? 1u : 0u;
      if (const auto regular = session->regular()) {
        at_open += row.at == regular->from && opens_from_silence(*session, *regular) ? 1u : 0u;
        at_close += row.at == regular->until ? 1u : 0u;
      }
    }
    if (at_open > 0) return;
    if (at_close > 0) ends_ = true;
    else reading_.report.notes.push_back("taken as stamped at the bar's start: neither bell is among the stamps (the later, safer reading)");
  }

  /// Are there rows before the regular hours of that day? Then a stamp at the bell says nothing.
  bool opens_from_silence(const Session& session, const PhaseSpan& regular) const {
    if (!silence_known_) {
      silence_known_ = true;
      silent_ = std::none_of(rows_.begin(), rows_.end(), [&](const Row& row) { return row.at > session.opens() && row.at < regular.from; });
    }
    return silent_;
  }

  void describe() {
    const auto seconds_long = period_.ns / seconds(1).ns;
    const std::string length = !intraday_                ? "daily"
                               : seconds_long % 3600 == 0 ? fmt::format("{} hour", seconds_long / 3600)
                               : seconds_long % 60 == 0   ? fmt::format("{} minute", seconds_long / 60)
                                                          : fmt::format("{} second", seconds_long);
    reading_.report.format = whole_bars_ ? fmt::format("bars, {}", length) : fmt::format("prices, {}", length);
    if (intraday_) reading_.report.format += fmt::format(", stamped at their {} in {}", ends_ ? "end" : "start", clock_->zone().name());
    if (rounded_ > 0) reading_.report.notes.push_back(fmt::format("{} rows have prices of more digits than 1e-9: rounded", rounded_));
    if (rows_.size() > 20 && static_cast<double>(disordered_) > disorder_max * static_cast<double>(rows_.size()))
      reading_.report.notes.push_back(fmt::format("high or low is wrong in {} of {} rows: are the columns named right?", disordered_, rows_.size()));
  }

  void emit() {
    std::uint64_t outside = 0;
    const Row* before = nullptr;
    for (const auto& row : rows_) {
      const bool same_symbol = before != nullptr && before->symbol == row.symbol;
      if (same_symbol && before->at == row.at) {
        const bool equal = before->open == row.open && before->high == row.high && before->low == row.low && before->close == row.close;
        reading_.report.refuse(equal ? "the same bar again" : "a second, different bar of the same time", row.line, row.text);
        continue;
      }
      const Date day = row.stamp.local.date;
      if (!reading_.trades_on(day)) {
        if (intraday_) {
          reading_.report.refuse("not a trading day of the calendar", row.line, row.text);
          continue;
        }
        reading_.report.flag("a day on which the calendar has no session", row.line, row.text);
      }
      if (same_symbol && !intraday_ && before->close.is_positive() && row.close.is_positive()) {
        const double change = row.close.to_double() / before->close.to_double() - 1;
        if (std::abs(change) > jump_max) reading_.report.flag("the close jumps by more than 40 %: a split, an error, or a crash", row.line, row.text);
      }
      before = &row;
      BarRecord bar{.start = ends_ ? row.at - period_ : row.at, .period = period_, .open = row.open, .high = row.high, .low = row.low,
                    .close = row.close, .volume = row.volume, .volume_known = row.has_volume};
      if (intraday_ && options_.calendar != nullptr && !options_.allow_pseudo_dates) {
        const auto phase = options_.calendar->phase_at(bar.start);
        outside += phase && phase->phase == TradingPhase::Closed ? 1u : 0u;
      }
      sink_.bar(names_[row.symbol], day, bar);
      reading_.kept(names_[row.symbol], bar.start);
    }
    if (outside * 100 > rows_.size())
      reading_.report.notes.push_back(fmt::format("{} of {} bars lie outside the trading hours of {}: is {} the right zone?", outside,
                                                  rows_.size(), options_.calendar->name(), clock_->zone().name()));
  }

  Reading reading_;
  const ImportOptions& options_;
  std::string_view text_;
  RecordSink& sink_;
  std::optional<detail::ZoneReader> clock_;
  DateOrder order_{DateOrder::YearFirst};
  int time_ = -1, symbol_ = -1, open_ = -1, high_ = -1, low_ = -1, close_ = -1, volume_ = -1;
  std::vector<int> columns_;  // of prices
  std::vector<std::string> names_;
  std::map<std::string, std::uint32_t, std::less<>> index_;
  std::vector<Row> rows_;
  bool whole_bars_{}, intraday_{}, ends_{};
  mutable bool silence_known_{}, silent_{};
  Duration period_{};
  std::uint64_t rounded_ = 0, disordered_ = 0;
};

}  // namespace

std::string_view zone_named_by(std::string_view column) {
  for (const auto& [word, zone] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {"chicago", "America/Chicago"}, {"new_york", "America/New_York"}, {"eastern", "America/New_York"}, {"utc", "Etc/UTC"}, {"london", "Europe/London"}})
    for (std::size_t i = 0; i + word.size() <= column.size(); ++i)
      if (detail::same_word(column.substr(i, word.size()), word)) return zone;
  return {};
}

ImportReport import_bars(std::string_view file, std::string_view text, const ImportOptions& options, RecordSink& sink, const Progress& progress) {
  return Bars(file, text, options, sink, progress).run();
}

}  // namespace robo::store
