#include "edge/store/history/universe.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <tuple>

#include "edge/store/detail/cells.hpp"
#include "edge/store/history/files.hpp"
#include "edge/store/text_file.hpp"
#include "model/calendar.hpp"

namespace robo::store::history {

namespace {

std::filesystem::path folder_of_universes(const std::filesystem::path& root) { return root / "history" / "universe"; }

bool plain_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; });
}

}  // namespace

Result<Universe, std::vector<Problem>> Universe::parse(std::string_view text, std::string_view file) {
  Universe out;
  std::vector<Problem> wrong;
  Lines lines(text);
  std::vector<std::string_view> cells;
  bool first = true;
  const auto bad = [&](std::string what) { wrong.push_back({fmt::format("{}:{}: {}", file, lines.number(), what)}); };
  for (std::string_view line; lines.next(line);) {
    if (detail::trimmed(line).empty() || line.starts_with('#')) continue;
    detail::split_cells(line, cells);
    const auto cell = [&](std::size_t i) { return i < cells.size() ? detail::trimmed(cells[i]) : std::string_view{}; };
    if (first) {
      first = false;
      if ((detail::same_word(cell(0), "ticker") || detail::same_word(cell(0), "symbol")) && cells.size() == 3) continue;
      bad("the first line must be 'ticker,start_date,end_date'");
      break;
    }
    if (cells.size() != 3) {
      bad(fmt::format("has {} cells; ticker,start_date,end_date are expected", cells.size()));
      continue;
    }
    Membership one{.symbol = std::string(cell(0))};
    const auto from = parse_date(cell(1));
    if (one.symbol.empty() || one.symbol.size() > 24) bad("the ticker is empty or longer than 24 characters");
    else if (!from) bad(fmt::format("start_date '{}' is no date like 2010-12-20", cell(1)));
    else {
      one.from = *from;
      if (!cell(2).empty()) {
        const auto until = parse_date(cell(2));
        if (!until) {
          bad(fmt::format("end_date '{}' is no date like 2019-02-15", cell(2)));
          continue;
        }
        if (*until <= one.from) {
          bad(fmt::format("{} ends on {}, before it begins", one.symbol, cell(2)));
          continue;
        }
        one.until = *until;
      }
      const auto other = std::ranges::find_if(out.members_, [&](const Membership& m) { return m.symbol == one.symbol && m.from < one.until && one.from < m.until; });
      if (other != out.members_.end()) bad(fmt::format("{} is a member already from {} on", one.symbol, to_text(other->from)));
      else out.members_.push_back(std::move(one));
    }
  }
  if (first) bad("is empty; the first line is 'ticker,start_date,end_date'");
  if (!wrong.empty()) return fail(std::move(wrong));
  std::ranges::sort(out.members_, [](const Membership& a, const Membership& b) { return std::tie(a.symbol, a.from) < std::tie(b.symbol, b.from); });
  return out;
}

Result<Universe, Problem> Universe::load(const std::filesystem::path& root, std::string_view name) {
  const auto path = folder_of_universes(root) / (std::string(name) + ".csv");
  std::error_code error;
  if (!plain_name(name) || !std::filesystem::exists(path, error)) {
    std::string known;
    for (const auto& one : names(root)) known += (known.empty() ? "" : ", ") + one;
    return fail(Problem{fmt::format("{} holds no universe '{}'; {}", root.string(), name, known.empty() ? "robotrader data universe NAME --import FILE brings one in" : "there are " + known)});
  }
  const auto file = read_text_file(path);
  if (!file) return fail(file.error());
  auto universe = parse(file->text, path.string());
  if (!universe) return fail(universe.error().front());
  return std::move(*universe);
}

std::optional<Problem> Universe::keep_in(const std::filesystem::path& root, std::string_view name) const {
  if (!plain_name(name)) return Problem{fmt::format("'{}' is no name of a universe: letters, digits, - and _", name)};
  std::string text = "ticker,start_date,end_date\n";
  for (const auto& m : members_) text += fmt::format("{},{},{}\n", m.symbol, to_text(m.from), m.until.days == INT32_MAX ? std::string{} : to_text(m.until));
  return write_whole(folder_of_universes(root) / (std::string(name) + ".csv"), text);
}

std::vector<std::string> Universe::names(const std::filesystem::path& root) {
  std::vector<std::string> out;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder_of_universes(root), error), end; !error && at != end; at.increment(error))
    if (at->path().extension() == ".csv") out.push_back(at->path().stem().string());
  std::ranges::sort(out);
  return out;
}

bool Universe::contains(std::string_view symbol, Date day) const {
  return std::ranges::any_of(members_, [&](const Membership& m) { return m.symbol == symbol && m.from <= day && day < m.until; });
}

std::vector<std::string> Universe::on(Date day) const { return during(day, {day.days + 1}); }

std::vector<std::string> Universe::during(Date from, Date until) const {
  std::vector<std::string> out;
  for (const auto& m : members_)
    if (m.from < until && from < m.until && (out.empty() || out.back() != m.symbol)) out.push_back(m.symbol);
  return out;
}

std::vector<Membership> Universe::of(std::string_view symbol) const {
  std::vector<Membership> out;
  std::ranges::copy_if(members_, std::back_inserter(out), [&](const Membership& m) { return m.symbol == symbol; });
  return out;
}

}  // namespace robo::store::history
