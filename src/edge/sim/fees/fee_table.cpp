#include "edge/sim/fees/fee_table.hpp"

#include <charconv>
#include <fstream>
#include <iterator>
#include <limits>

#include <fmt/format.h>

namespace robo::sim {
namespace {

constexpr Date for_ever{std::numeric_limits<std::int32_t>::max()};

std::string_view take(std::string_view& line, char end) {
  const auto at = line.find(end);
  const auto field = line.substr(0, at);
  line = at == std::string_view::npos ? std::string_view{} : line.substr(at + 1);
  return field;
}

bool read_date(std::string_view text, Date& out) {
  int year = 0;
  unsigned month = 0, day = 0;
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto number = [](std::string_view digits, auto& value) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc{} && end == digits.data() + digits.size();
  };
  if (!number(text.substr(0, 4), year) || !number(text.substr(5, 2), month) || !number(text.substr(8, 2), day)) return false;
  if (month < 1 || month > 12 || day < 1 || day > 31) return false;
  out = date_of(year, month, day);
  return true;
}

}  // namespace

Result<FeeTable, Problem> FeeTable::load(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(Problem{fmt::format("{}: cannot be read; give the path of a fee table (key,value,valid_from,valid_to,source)", file.string())});
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return parse(text, file.filename().string());
}

Result<FeeTable, Problem> FeeTable::parse(std::string_view text, std::string_view name) {
  FeeTable table;
  std::string faults;
  std::size_t line_number = 0;
  const auto fault = [&](std::string_view what) { faults += fmt::format("{}:{}: {}\n", name, line_number, what); };
  while (!text.empty()) {
    auto line = take(text, '\n');
    ++line_number;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    if (line.starts_with("key,")) continue;
    const auto key = take(line, ',');
    const auto value = take(line, ',');
    const auto from = take(line, ',');
    const auto to = take(line, ',');
    if (key.empty()) {
      fault("the key is empty");
      continue;
    }
    Row row;
    row.line = line_number;
    const auto number = parse_decimal<Price>(value);
    if (!number) {
      fault(fmt::format("value '{}' of {}: {}", value, key, to_text(number.error())));
      continue;
    }
    row.value = Rate::from_raw(number->raw);
    row.to = for_ever;
    if (!read_date(from, row.from)) fault(fmt::format("valid_from '{}' of {} is not a date like 2026-01-31", from, key));
    if (!to.empty() && !read_date(to, row.to)) fault(fmt::format("valid_to '{}' of {} is not a date like 2026-01-31", to, key));
    if (row.to < row.from) fault(fmt::format("{} ends before it begins", key));
    auto& rows = table.rows_[std::string(key)];
    for (const auto& other : rows)
      if (row.from <= other.to && other.from <= row.to) fault(fmt::format("{} overlaps the row of line {}", key, other.line));
    rows.push_back(row);
    ++table.size_;
  }
  if (table.size_ == 0) faults += fmt::format("{}: holds no fee\n", name);
  if (!faults.empty()) {
    faults.pop_back();
    return fail(Problem{std::move(faults)});
  }
  return table;
}

const Rate* FeeTable::find(std::string_view key, Date day) const {
  const auto found = rows_.find(key);
  if (found == rows_.end()) return nullptr;
  for (const auto& row : found->second)
    if (row.from <= day && day <= row.to) return &row.value;
  return nullptr;
}

Rate FeeTable::at_or_zero(std::string_view key, Date day) const {
  const auto* value = find(key, day);
  return value ? *value : Rate{};
}

FeeTable FeeTable::with(std::string_view key, Rate value) const {
  FeeTable changed = *this;
  changed.rows_[std::string(key)] = {Row{value, Date{std::numeric_limits<std::int32_t>::min()}, for_ever, 0}};
  return changed;
}

}  // namespace robo::sim
