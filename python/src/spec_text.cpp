#include "spec_text.hpp"

#include <fmt/core.h>

#include <charconv>
#include <vector>

#include "edge/config/config.hpp"
#include "time.hpp"

namespace robo::python {

namespace {

using features::Spec;

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const auto at = text.find(by);
    if (const auto part = trimmed(text.substr(0, at)); !part.empty()) parts.push_back(part);
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  }
  return parts;
}

template <class N>
bool read_number(std::string_view text, N& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

/// The members between the brackets, in their order.
std::vector<std::string_view> bracket_members(const features::Description& about) {
  if (about.slow != 0) return {"period", "slow", "signal"};
  if (about.input == features::Input::Pair) return {"period", "other"};
  std::vector<std::string_view> members;
  if (about.period != 0) members.push_back("period");
  if (about.width != 0) members.push_back("width");
  return members;
}

}  // namespace

bool set_member(Spec& spec, std::string_view name, std::string_view value) {
  if (name == "period") return read_number(value, spec.period);
  if (name == "slow") return read_number(value, spec.slow);
  if (name == "signal") return read_number(value, spec.signal);
  if (name == "levels") return read_number(value, spec.levels);
  if (name == "width") return read_number(value, spec.width);
  if (name == "quantile") return read_number(value, spec.quantile);
  if (name == "floor") return read_number(value, spec.floor);
  if (name == "other") {
    if (value.starts_with('#')) value.remove_prefix(1);
    return read_number(value, spec.other.value);
  }
  if (name == "bucket") {
    double volume = 0;
    if (!read_number(value, volume) || !(volume >= 0) || volume > 9e9) return false;
    spec.bucket = Quantity::nearest(volume);
    return true;
  }
  if (name == "h" || name == "horizon" || name == "timeframe") {
    const auto length = timeframe_named(value);
    if (length) (name == "timeframe" ? spec.timeframe : spec.horizon) = *length;
    return length.has_value();
  }
  return false;
}

Result<Spec, Problem> spec_from(std::string_view text, Duration timeframe) {
  const auto whole = text;
  const auto refuse = [&](std::string_view what) { return fail(Problem{fmt::format("feature '{}': {}", whole, what)}); };
  text = trimmed(text);
  const auto name = text.substr(0, text.find_first_of("( "));
  Spec spec;
  std::vector<std::string_view> names;
  bool known = false;
  for (const auto& about : features::descriptions()) {
    names.push_back(about.name);
    if (about.name != name) continue;
    spec.kind = about.kind;
    known = true;
  }
  if (!known) {
    const auto near = config::nearest(name, names);
    return refuse(near.empty() ? std::string("there is no such feature; robotrader.features() lists them") : fmt::format("there is no feature '{}'; did you mean {}?", name, near));
  }
  text.remove_prefix(name.size());
  const auto& about = features::describe(spec.kind);
  if (text = trimmed(text); text.starts_with('(')) {
    const auto close = text.find(')');
    if (close == std::string_view::npos) return refuse("a ) is missing");
    const auto values = split(text.substr(1, close - 1), ',');
    const auto members = bracket_members(about);
    if (values.size() > members.size()) return refuse(fmt::format("{} takes at most {} in brackets", name, members.size()));
    for (std::size_t i = 0; i < values.size(); ++i)
      if (!set_member(spec, members[i], values[i])) return refuse(fmt::format("'{}' is no {}", values[i], members[i]));
    text.remove_prefix(close + 1);
  }
  spec.timeframe = about.per_bar && (timeframe.ns != 0 || !about.per_tick) ? timeframe : Duration{};
  const auto words = split(text, ' ');
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto equals = words[i].find('=');
    if (equals != std::string_view::npos) {
      if (!set_member(spec, words[i].substr(0, equals), words[i].substr(equals + 1))) return refuse(fmt::format("'{}' is not understood", words[i]));
      continue;
    }
    const auto length = timeframe_named(words[i]);
    if (!length) return refuse(fmt::format("'{}' is no timeframe: tick, 1s, 5m, 1h, 1d", words[i]));
    spec.timeframe = *length;
  }
  auto complete = features::completed(spec);
  if (!complete) return refuse(complete.error().text);
  return complete;
}

}  // namespace robo::python
