#include "edge/store/detail/layout.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <utility>

#include "base/time.hpp"
#include "edge/store/detail/cells.hpp"
#include "edge/store/text_file.hpp"

namespace robo::store::detail {

namespace {

constexpr std::array<std::string_view, 12> months{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view one) { return same_word(word, one); });
}

std::vector<std::string> cells_of(std::string_view line, char separator) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') cells.back() += line[++i];
    else if (c == '"') quoted = !quoted;
    else if (c == separator && !quoted) cells.emplace_back();
    else cells.back() += c;
  }
  for (auto& cell : cells) cell = std::string(trimmed(cell));
  return cells;
}

/// 1704205800, in seconds, milli-, micro- or nanoseconds, as UTC.
std::optional<std::string> from_epoch(std::string_view text) {
  const auto value = is_digits(text) ? read_integer(text) : std::nullopt;
  if (!value) return std::nullopt;
  switch (text.size()) {
    case 10: return to_text(Timestamp{*value * 1'000'000'000});
    case 13: return to_text(Timestamp{*value * 1'000'000});
    case 16: return to_text(Timestamp{*value * 1'000});
    case 19: return to_text(Timestamp{*value});
    default: return std::nullopt;
  }
}

/// 20240102, 2024.01.02, 02.01.2024, "Jan 2, 2024" as 2024-01-02; what follows stays.
std::optional<std::string> iso_date(std::string_view text) {
  const auto rest_after = [&](std::size_t n) { return std::string(text.substr(n)); };
  if (text.size() >= 8 && is_digits(text.substr(0, 8)) && (text.size() == 8 || text[8] == ' ' || text[8] == 'T'))
    return fmt::format("{}-{}-{}{}", text.substr(0, 4), text.substr(4, 2), text.substr(6, 2), rest_after(8));
  if (text.size() >= 10 && text[4] == '.' && text[7] == '.')
    return fmt::format("{}-{}-{}{}", text.substr(0, 4), text.substr(5, 2), text.substr(8, 2), rest_after(10));
  if (text.size() >= 10 && text[2] == '.' && text[5] == '.' && is_digits(text.substr(6, 4)))
    return fmt::format("{}-{}-{}{}", text.substr(6, 4), text.substr(3, 2), text.substr(0, 2), rest_after(10));
  for (std::size_t month = 0; month < months.size(); ++month) {
    if (text.size() < 10 || !same_word(text.substr(0, 3), months[month])) continue;
    const auto blank = text.find(' '), comma = text.find(',');
    if (blank == std::string_view::npos || comma == std::string_view::npos || comma < blank) return std::nullopt;
    const auto day = trimmed(text.substr(blank, comma - blank)), year = trimmed(text.substr(comma + 1));
    if (!is_digits(day) || day.size() > 2 || !is_digits(year) || year.size() != 4) return std::nullopt;
    return fmt::format("{}-{:02}-{:0>2}", year, month + 1, day);
  }
  return std::nullopt;
}

/// 093000, 0930 or 93000 as 09:30:00.
std::string iso_time(std::string_view text) {
  if (!is_digits(text) || text.size() < 3 || text.size() > 6) return std::string(text);
  std::string digits(text);
  if (digits.size() % 2 == 1) digits.insert(0, 1, '0');
  if (digits.size() == 4) digits += "00";
  return fmt::format("{}:{}:{}", digits.substr(0, 2), digits.substr(2, 2), digits.substr(4, 2));
}

/// $1,187.15 and 58.41M as plain numbers, 187,15 where commas do not separate; everything else stays as it is.
std::string plain_number(std::string_view text, bool comma_is_point) {
  std::string out(text);
  if (out.starts_with('$')) out.erase(0, 1);
  if (out.empty()) return std::string(text);
  double factor = 1;
  if (out.back() == 'K' || out.back() == 'k') factor = 1e3;
  if (out.back() == 'M') factor = 1e6;
  if (out.back() == 'B') factor = 1e9;
  if (factor > 1) out.pop_back();
  if (out.find_first_not_of("0123456789.,-+") != std::string::npos || out.find_first_of("0123456789") == std::string::npos) return std::string(text);
  if (comma_is_point && std::count(out.begin(), out.end(), ',') == 1) {
    std::erase(out, '.');
    std::replace(out.begin(), out.end(), ',', '.');
  } else {
    std::erase(out, ',');
  }
  if (factor == 1) return out;
  const auto number = read_decimal<Price>(out);
  return number ? fmt::format("{:.0f}", number->value.to_double() * factor) : std::string(text);
}

std::string decoded(std::string_view text) {
  const bool little = text.starts_with("\xFF\xFE"), big = text.starts_with("\xFE\xFF");
  if (!little && !big) return std::string(text);
  std::string out;
  for (std::size_t i = 2; i + 1 < text.size(); i += 2) {
    const char low = text[little ? i : i + 1], high = text[little ? i + 1 : i];
    out += high == '\0' && static_cast<unsigned char>(low) < 0x80 ? low : '?';
  }
  return out;
}

struct Columns {
  int date = -1, time = -1, period = -1;
  bool other_names = false;
};

/// Gives the header the names the readers look for.
Columns know(std::vector<std::string>& header) {
  Columns columns;
  for (auto& name : header)
    if (name.size() > 2 && name.front() == '<' && name.back() == '>') name = name.substr(1, name.size() - 2), columns.other_names = true;
  const auto find = [&](std::initializer_list<std::string_view> words) {
    const auto found = std::find_if(header.begin(), header.end(), [&](const std::string& name) { return one_of(name, words); });
    return found == header.end() ? -1 : static_cast<int>(found - header.begin());
  };
  const auto rename = [&](std::initializer_list<std::string_view> words, std::string_view to) {
    if (find({to}) >= 0) return;
    if (const int at = find(words); at >= 0) header[static_cast<std::size_t>(at)] = std::string(to), columns.other_names = true;
  };
  const bool bars = find({"open"}) >= 0 && find({"high"}) >= 0 && find({"low"}) >= 0;
  if (!bars) return columns;
  if (find({"date", "datetime", "timestamp", "dt", "time"}) < 0)
    rename({"window_start", "ts_event", "open_time", "opentime", "open time", "start", "t"}, "datetime");
  rename({"close/last", "price", "last", "settle"}, "close");
  rename({"vol.", "volume(shares)", "tickvol", "tick_volume"}, "volume");
  columns.date = find({"date"});
  columns.time = columns.date >= 0 ? find({"time"}) : -1;
  if (columns.date < 0) columns.date = find({"datetime", "timestamp", "dt", "time"});
  columns.period = find({"per"});
  return columns;
}

}  // namespace

std::optional<Layout> into_known_layout(std::string_view raw) {
  const bool wide = raw.starts_with("\xFF\xFE") || raw.starts_with("\xFE\xFF");
  const std::string text = wide ? decoded(raw) : std::string();
  const std::string_view all = wide ? std::string_view(text) : raw;
  Lines lines(all);
  std::string_view line;
  if (!lines.next(line)) return std::nullopt;
  char separator = ',';
  if (line.find(',') == std::string_view::npos) separator = line.find(';') != std::string_view::npos ? ';' : line.find('\t') != std::string_view::npos ? '\t' : ',';
  auto header = cells_of(line, separator);
  const auto columns = know(header);
  if (columns.date < 0) return std::nullopt;

  std::string_view first;
  while (lines.next(first) && trimmed(first).empty()) {
  }
  const auto sample = cells_of(first, separator);
  const auto at = static_cast<std::size_t>(columns.date);
  const bool epoch = at < sample.size() && from_epoch(sample[at]).has_value();
  const bool foreign_date = at < sample.size() && iso_date(sample[at]).has_value();
  const bool dressed = std::any_of(sample.begin(), sample.end(), [](const std::string& cell) { return cell.starts_with('$'); }) ||
                       first.find(",\"") != std::string_view::npos || first.starts_with('"');
  if (!wide && separator == ',' && !columns.other_names && columns.time < 0 && !epoch && !foreign_date && !dressed) return std::nullopt;

  Layout out;
  if (wide) out.notes.push_back("written as UTF-16");
  if (separator == ';') out.notes.push_back("cells are separated by semicolons, decimals by commas");
  if (separator == '\t') out.notes.push_back("cells are separated by tabs");
  if (columns.time >= 0) out.notes.push_back("date and time stand in two columns");
  if (epoch) out.notes.push_back("times count seconds (or parts of them) since 1970: UTC");
  const auto write = [&](const std::vector<std::string>& cells) {
    bool begun = false;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (static_cast<int>(i) == columns.time) continue;
      if (std::exchange(begun, true)) out.text += ',';
      out.text += cells[i].find(',') == std::string::npos ? cells[i] : '"' + cells[i] + '"';
    }
    out.text += '\n';
  };
  write(header);
  Lines again(all);
  (void)again.next(line);
  while (again.next(line)) {
    auto cells = cells_of(line, separator);
    if (cells.size() == header.size()) {
      auto& date = cells[at];
      if (auto utc = from_epoch(date)) date = std::move(*utc);
      else if (auto iso = iso_date(date)) date = std::move(*iso);
      if (columns.time >= 0) {
        const bool daily = columns.period >= 0 && one_of(cells[static_cast<std::size_t>(columns.period)], {"d", "w", "m"});
        const auto time = iso_time(cells[static_cast<std::size_t>(columns.time)]);
        if (!daily && !time.empty()) date += ' ' + time;
      }
      for (std::size_t i = 0; i < cells.size(); ++i)
        if (one_of(header[i], {"open", "high", "low", "close", "volume", "vol"})) cells[i] = plain_number(cells[i], separator == ';');
    }
    write(cells);
  }
  return out;
}

}  // namespace robo::store::detail
