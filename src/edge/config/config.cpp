#include "edge/config/config.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <numeric>
#include <sstream>

namespace robo::config {
namespace {

std::string joined(const std::vector<Problem>& problems) {
  std::string all;
  for (const auto& problem : problems) all += (all.empty() ? "" : "\n") + problem.text;
  return all;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

}  // namespace

ConfigError::ConfigError(std::vector<Problem> problems) : std::runtime_error(joined(problems)), problems_(std::move(problems)) {}

Result<std::string, Problem> text_of(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return fail(Problem{file.string() + ": does not exist"});
  if (!std::filesystem::is_regular_file(file, error)) return fail(Problem{file.string() + ": is not a file"});
  std::ifstream stream(file, std::ios::binary);
  std::stringstream text;
  text << stream.rdbuf();
  if (!stream) return fail(Problem{file.string() + ": cannot be read; check its permissions"});
  return std::move(text).str();
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known) {
  std::string_view best;
  auto least = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const auto candidate : known) {
    const auto distance = edit_distance(word, candidate);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

bool read_duration(std::string_view text, std::int64_t& nanoseconds) {
  struct Unit {
    std::string_view name;
    double ns;
  };
  constexpr Unit units[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"min", 60e9}, {"h", 3600e9}, {"d", 86400e9}};
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return false;
  auto unit = text.substr(static_cast<std::size_t>(end - text.data()));
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  for (const auto& [name, ns] : units) {
    if (unit != name) continue;
    const double total = std::round(number * ns);
    if (!std::isfinite(total) || std::fabs(total) > 9.2e18) return false;
    nanoseconds = static_cast<std::int64_t>(total);
    return true;
  }
  return false;
}

}  // namespace robo::config
