#include "edge/store/history/vintages.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <fmt/core.h>
#include <set>

#include "edge/store/detail/cells.hpp"
#include "model/calendar.hpp"

namespace robo::store::history {

namespace bj = boost::json;

Result<Vintages, Problem> Vintages::parse_fred(std::string_view json, std::string_view file, std::optional<int> release_lag_days) {
  const auto wrong = [&](std::string_view what) { return fail(Problem{fmt::format("{}: {}", file, what)}); };
  boost::system::error_code error;
  const auto parsed = bj::parse(bj::string_view(json.data(), json.size()), error);
  if (error) return wrong("is no JSON: " + error.message());
  const auto* object = parsed.if_object();
  const auto* found = object != nullptr ? object->if_contains("observations") : nullptr;
  const auto* rows = found != nullptr ? found->if_array() : nullptr;
  if (rows == nullptr) return wrong("holds no \"observations\"");
  Vintages out;
  std::set<Date> starts;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const auto* row = (*rows)[i].if_object();
    const auto text = [&](std::string_view name) -> std::string_view {
      const auto* cell = row != nullptr ? row->if_contains(name) : nullptr;
      return cell != nullptr && cell->is_string() ? std::string_view(cell->get_string()) : std::string_view{};
    };
    const auto period = parse_date(text("date")), from = parse_date(text("realtime_start")), until = parse_date(text("realtime_end"));
    if (!period || !from || !until) return wrong(fmt::format("observations[{}]: needs date, realtime_start and realtime_end like 2018-01-02", i));
    Vintage one{.period = *period, .known_from = *from, .known_until = {until->days + 1}};
    // All values are texts, and "." is missing: an empty figure is no zero.
    if (const auto value = text("value"); value != ".") {
      const auto number = detail::read_decimal<Price>(value);
      if (!number) return wrong(fmt::format("observations[{}]: '{}' is no number", i, value));
      one.value = number->value.to_double();
    }
    starts.insert(one.known_from);
    out.values_.push_back(one);
  }
  const bool only_today = out.values_.size() > 1 && starts.size() == 1;
  if (only_today && !release_lag_days)
    return wrong(fmt::format("all of its values are of {}: that is what is known today, not what was known then. Ask for all releases (realtime_start=1776-07-04), or say how long "
                             "after its period a figure comes out", to_text(*starts.begin())));
  if (only_today)
    for (auto& one : out.values_) one.known_from = {one.period.days + *release_lag_days}, one.known_until = {INT32_MAX};
  std::ranges::stable_sort(out.values_, [](const Vintage& a, const Vintage& b) { return std::tie(a.period, a.known_from) < std::tie(b.period, b.known_from); });
  return out;
}

std::optional<double> Vintages::as_known(Date period, Date day) const {
  for (const auto& one : values_)
    if (one.period == period && one.known_from <= day && day < one.known_until) return one.value;
  return std::nullopt;
}

const Vintage* Vintages::latest(Date day) const {
  const Vintage* out = nullptr;
  for (const auto& one : values_)
    if (one.known_from <= day && day < one.known_until && one.value && (out == nullptr || one.period >= out->period)) out = &one;
  return out;
}

}  // namespace robo::store::history
