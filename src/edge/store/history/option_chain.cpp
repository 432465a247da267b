#include "edge/store/history/option_chain.hpp"

#include <charconv>
#include <fmt/core.h>

#include "base/time_zone.hpp"
#include "edge/store/detail/cells.hpp"
#include "edge/store/text_file.hpp"

namespace robo::store::history {

namespace {

constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::optional<int> number_of(std::string_view text) {
  int out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

/// Words of a text between blanks.
std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const auto end = text.find(' ');
    if (end > 0) out.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

std::optional<Date> day_of(std::string_view year, std::string_view month, std::string_view day) {
  const auto y = number_of(year), d = number_of(day);
  for (unsigned m = 0; m < 12; ++m)
    if (months[m] == month && y && d && *d >= 1 && *d <= 31 && *y > 1970 && *y < 2200) return date_of(*y, m + 1, static_cast<unsigned>(*d));
  return std::nullopt;
}

/// "Oct 15 2018 @ 20:00 ET"
std::optional<Timestamp> moment_of(std::string_view text) {
  const auto words = words_of(text);
  const auto zone = TimeZone::find("America/New_York");
  if (words.size() < 5 || words[3] != "@" || !zone) return std::nullopt;
  const auto day = day_of(words[2], words[0], words[1]);
  const auto colon = words[4].find(':');
  const auto hour = number_of(words[4].substr(0, colon)), minute = colon == std::string_view::npos ? std::nullopt : number_of(words[4].substr(colon + 1));
  if (!day || !hour || !minute) return std::nullopt;
  return zone->to_utc({*day, hours(*hour) + minutes(*minute)});
}

/// What "2018 Oct 15 1700.00 (SPXW1815J1700)" says; the words and the code must say the same.
Result<ChainOption, std::string> option_of(std::string_view cell) {
  const auto open = cell.find('('), close = cell.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return fail(fmt::format("'{}' names no option", cell));
  const auto words = words_of(cell.substr(0, open));
  const auto code = cell.substr(open + 1, close - open - 1);
  if (words.size() != 4) return fail(fmt::format("'{}' is not year, month, day, strike and a code", cell));
  const auto expiry = day_of(words[0], words[1], words[2]);
  const auto strike = detail::read_decimal<Price>(words[3]);
  const auto digits = code.find_first_of("0123456789");
  if (!expiry || !strike || digits == 0 || digits == std::string_view::npos || code.size() < digits + 6) return fail(fmt::format("'{}' cannot be read", cell));
  const char letter = code[digits + 4];
  const auto in_code = detail::read_decimal<Price>(code.substr(digits + 5, code.find_first_not_of("0123456789.", digits + 5) - digits - 5));
  // A to L are the months of calls, M to X those of puts.
  if (letter < 'A' || letter > 'X' || !in_code) return fail(fmt::format("the code of '{}' cannot be read", cell));
  ChainOption out{.root = std::string(code.substr(0, digits)), .expiry = *expiry, .right = letter <= 'L' ? OptionRight::Call : OptionRight::Put, .strike = strike->value};
  const auto month = static_cast<unsigned>((letter - 'A') % 12), day = static_cast<unsigned>(number_of(code.substr(digits + 2, 2)).value_or(0));
  if (months[month] != words[1] || number_of(words[2]) != static_cast<int>(day) || in_code->value != strike->value)
    return fail(fmt::format("'{}' says one thing in words and another in its code", cell));
  out.settles_at_open = out.root == "SPX";
  return out;
}

/// Blank, and 0 of a price, mean that there is none.
std::optional<Price> price_of(std::string_view cell, bool& good) {
  cell = detail::trimmed(cell);
  if (cell.empty()) return std::nullopt;
  const auto read = detail::read_decimal<Price>(cell);
  good = good && read.has_value();
  if (!read || !read->value.is_positive()) return std::nullopt;
  return read->value;
}

}  // namespace

Result<OptionChain, Problem> parse_chain(std::string_view text, std::string_view file) {
  OptionChain out;
  Lines lines(text);
  std::string_view line;
  std::vector<std::string_view> cells;
  const auto wrong = [&](std::string_view what) { return fail(Problem{fmt::format("{}:{}: {}", file, lines.number(), what)}); };
  if (!lines.next(line)) return wrong("is empty");
  detail::split_cells(line, cells);
  const auto spot = cells.size() > 1 ? detail::read_decimal<Price>(detail::trimmed(cells[1])) : std::nullopt;
  if (!spot) return wrong("the first line names the underlying and its price: SPX (S&P 500 INDEX),2750.79,-16.34");
  out.underlying = std::string(detail::trimmed(cells[0].substr(0, cells[0].find('('))));
  out.spot = spot->value;
  const auto at = lines.next(line) ? moment_of(detail::trimmed(line.substr(0, line.find(',')))) : std::nullopt;
  if (!at) return wrong("the second line names the time: Oct 15 2018 @ 20:00 ET");
  out.at = *at;
  if (!lines.next(line) || line.find("Puts") == std::string_view::npos) return wrong("the third line names the columns: Calls, ... , Puts, ...");
  const auto here = TimeZone::find("America/New_York")->to_local(*at);
  while (lines.next(line)) {
    if (detail::trimmed(line).empty()) continue;
    detail::split_cells(line, cells);
    if (cells.size() < 14) {
      out.refused.push_back(fmt::format("{}:{}: has {} cells, 14 are expected", file, lines.number(), cells.size()));
      continue;
    }
    for (const std::size_t side : {std::size_t{0}, std::size_t{7}}) {
      auto option = option_of(detail::trimmed(cells[side]));
      bool good = option.has_value();
      if (good) {
        option->last = price_of(cells[side + 1], good);
        option->bid = price_of(cells[side + 3], good);
        option->ask = price_of(cells[side + 4], good);
        option->volume = detail::read_integer(detail::trimmed(cells[side + 5])).value_or(0);
        option->open_interest = detail::read_integer(detail::trimmed(cells[side + 6])).value_or(0);
        const Duration ends = option->settles_at_open ? hours(9) + minutes(30) : hours(16);
        option->expired = here.date > option->expiry || (here.date == option->expiry && here.since_midnight >= ends);
      }
      if (good) out.options.push_back(std::move(*option));
      else out.refused.push_back(fmt::format("{}:{}: {}", file, lines.number(), option ? "a price is no number" : option.error()));
    }
  }
  return out;
}

}  // namespace robo::store::history
