#include "edge/sim/server/fault.hpp"

#include <charconv>
#include <fstream>
#include <random>

#include <fmt/format.h>

#include "model/json/json_of.hpp"

namespace robo::sim {
namespace {

namespace bj = boost::json;

std::string in_quotes(std::string_view text) {
  if (!text.empty() && text.find_first_of(" \"=") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

/// The words of a line: WORD or KEY=VALUE, values in "quotes" where they hold spaces.
Result<std::vector<std::pair<std::string, std::string>>, Problem> words_of(std::string_view line) {
  std::vector<std::pair<std::string, std::string>> words;
  std::size_t at = 0;
  while (true) {
    while (at < line.size() && (line[at] == ' ' || line[at] == '\t')) ++at;
    if (at == line.size()) return words;
    auto& word = words.emplace_back();
    while (at < line.size() && line[at] != ' ' && line[at] != '\t' && line[at] != '=') word.first += line[at++];
    if (at == line.size() || line[at] != '=') continue;
    if (word.first.empty()) return fail(Problem{"'=' without a name before it"});
    ++at;
    if (at < line.size() && line[at] == '"') {
      for (++at; at < line.size() && line[at] != '"'; ++at) {
        if (line[at] == '\\' && at + 1 < line.size()) ++at;
        word.second += line[at];
      }
      if (at == line.size()) return fail(Problem{fmt::format("{}: the quote is not closed", word.first)});
      ++at;
    } else {
      while (at < line.size() && line[at] != ' ' && line[at] != '\t') word.second += line[at++];
    }
  }
}

/// `text` as the JSON value a member of type T is read from.
template <class T>
bj::value typed(const std::string& text) {
  if constexpr (std::is_same_v<T, bool>) {
    if (text == "true" || text == "yes" || text == "on" || text == "1") return true;
    if (text == "false" || text == "no" || text == "off" || text == "0") return false;
    return bj::value(text);
  } else if constexpr (std::is_arithmetic_v<T>) {
    std::int64_t whole = 0;
    const char* const end = text.data() + text.size();
    if (const auto read = std::from_chars(text.data(), end, whole); read.ec == std::errc{} && read.ptr == end) return whole;
    double number = 0;
    if (const auto read = std::from_chars(text.data(), end, number); read.ec == std::errc{} && read.ptr == end) return number;
    return bj::value(text);
  } else {
    return bj::value(text);
  }
}

template <class F>
void each_kind(F&& f) {
  [&]<class... One>(std::type_identity<std::variant<One...>>) { (f(One{}), ...); }(std::type_identity<Fault>{});
}

std::string known_names() {
  std::string all;
  each_kind([&](const auto& one) { all += (all.empty() ? "" : ", ") + std::string(one.name); });
  return all;
}

/// Members that are there are read; the others stay what they are.
template <class T>
void read_some(const bj::object& object, T& out, json::Reading& reading) {
  const auto here = reading.path;
  each_field<T>([&](auto field) {
    const auto* found = object.if_contains(field.name);
    if (found == nullptr) return;
    reading.path = here + std::string(field.name);
    json::read(*found, out.*field.member, reading);
  });
  for (const auto& member : object) {
    const std::string_view key = member.key();
    bool known = here.empty() && (key == "fault" || key == "when");
    each_field<T>([&](auto field) { known = known || field.name == key; });
    reading.path = here + std::string(key);
    if (known) continue;
    std::string all;
    each_field<T>([&](auto field) { all += (all.empty() ? "" : ", ") + std::string(field.name); });
    reading.wrong("is not a member; there are: " + (all.empty() ? std::string("none") : all));
  }
  reading.path = here;
}

Result<Injection, Problem> read_injection(const bj::object& object) {
  const auto* kind = object.if_contains("fault");
  if (kind == nullptr || !kind->is_string()) return fail(Problem{"\"fault\" is missing: the name of what shall go wrong, one of " + known_names()});
  Injection injection;
  json::Reading reading;
  bool known = false;
  each_kind([&](auto one) {
    if (one.name != std::string_view(kind->get_string())) return;
    known = true;
    read_some(object, one, reading);
    injection.fault = std::move(one);
  });
  if (!known) return fail(Problem{fmt::format("\"{}\" is no fault; there are: {}", std::string_view(kind->get_string()), known_names())});
  if (const auto* when = object.if_contains("when")) {
    if (when->is_string()) {
      injection.when.message = std::string(when->get_string());
    } else if (when->is_object()) {
      reading.path = "when.";
      read_some(when->get_object(), injection.when, reading);
    } else {
      return fail(Problem{"when: an object, or the name of a message, is expected"});
    }
  }
  if (injection.when.nth < 1) reading.problems.push_back({"when.nth: counts from 1"});
  if (injection.when.seconds < 0 || injection.when.market_seconds < 0) reading.problems.push_back({"when.seconds: the past is over"});
  if (reading.problems.empty()) return injection;
  std::string all;
  for (const auto& problem : reading.problems) all += (all.empty() ? "" : "; ") + problem.text;
  return fail(Problem{std::move(all)});
}

}  // namespace

std::string_view name_of(const Fault& fault) {
  return std::visit([](const auto& one) { return one.name; }, fault);
}

Result<Injection, Problem> parse_injection(std::string_view line) {
  auto words = words_of(line);
  if (!words) return fail(words.error());
  if (words->empty()) return fail(Problem{"an empty line is no fault"});
  const std::string kind = words->front().first;
  bj::object object, when;
  object["fault"] = kind;
  std::string wrong;
  each_kind([&](const auto& one) {
    using One = std::remove_cvref_t<decltype(one)>;
    if (one.name != kind) return;
    for (std::size_t i = 1; i < words->size(); ++i) {
      const auto& [key, value] = (*words)[i];
      bool taken = false;
      each_field<One>([&](auto field) {
        if (field.name != key) return;
        object[key] = typed<typename decltype(field)::Type>(value);
        taken = true;
      });
      const auto inner = key == "when" ? std::string("message") : key == "in" ? std::string("seconds") : key.starts_with("when.") ? key.substr(5) : key;
      if (taken) continue;
      each_field<When>([&](auto field) {
        if (field.name != inner) return;
        when[inner] = typed<typename decltype(field)::Type>(value);
        taken = true;
      });
      if (taken || !wrong.empty()) continue;
      wrong = fmt::format("{}: '{}' is not a member; there are: ", kind, key);
      each_field<One>([&](auto field) { wrong += std::string(field.name) + " "; });
      wrong += "and when, in, nth, before, market_seconds, when.client, when.order";
    }
  });
  if (!wrong.empty()) return fail(Problem{std::move(wrong)});
  if (!when.empty()) object["when"] = std::move(when);
  return read_injection(object);
}

Result<Injection, Problem> parse_injection_json(std::string_view text) {
  const auto parsed = json::parse(text, {});
  if (!parsed) return fail(parsed.error().front());
  if (!parsed->is_object()) return fail(Problem{"a fault is an object: {\"fault\": \"restart\", \"seconds\": 3}"});
  return read_injection(parsed->get_object());
}

namespace {

template <class T>
std::string members_of(const T& value, bool all, std::string_view prefix = "") {
  std::string line;
  const T usual{};
  each_field<T>([&](auto field) {
    const auto& member = value.*field.member;
    if (!all && member == usual.*field.member) return;
    using Member = std::remove_cvref_t<decltype(member)>;
    std::string text;
    if constexpr (std::is_same_v<Member, bool>) text = member ? "true" : "false";
    else if constexpr (NamedEnum<Member>) text = to_text(member);
    else if constexpr (std::is_arithmetic_v<Member>) text = fmt::format("{}", member);
    else text = in_quotes(member);
    line += fmt::format(" {}{}={}", prefix, field.name, text);
  });
  return line;
}

}  // namespace

std::string to_line(const Injection& injection) {
  return std::visit([&](const auto& one) { return std::string(one.name) + members_of(one, false) + members_of(injection.when, false, "when."); }, injection.fault);
}

std::string fault_vocabulary() {
  std::string lines;
  each_kind([&](const auto& one) { lines += std::string(one.name) + members_of(one, true) + "\n"; });
  return lines;
}

Result<std::vector<Injection>, Problem> read_fault_file(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) return fail(Problem{fmt::format("{}: cannot be read", file.string())});
  std::vector<Injection> all;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    const auto start = line.find_first_not_of(" \t\r");
    if (start == std::string::npos || line[start] == '#') continue;
    while (line.back() == '\r' || line.back() == ' ') line.pop_back();
    auto injection = parse_injection(std::string_view(line).substr(start));
    if (!injection) return fail(Problem{fmt::format("{}:{}: {}", file.string(), number, injection.error().text)});
    all.push_back(std::move(*injection));
  }
  return all;
}

std::vector<Injection> faults_by_seed(std::uint64_t seed, std::size_t count, double seconds) {
  std::mt19937_64 dice(seed);
  const auto whole = [&](std::int64_t least, std::int64_t most) { return least + static_cast<std::int64_t>(dice() % static_cast<std::uint64_t>(most - least + 1)); };
  const auto fraction = [&] { return static_cast<double>(dice() >> 11) * 0x1.0p-53; };
  static constexpr std::array<std::string_view, 7> events{"openOrder", "orderStatus", "execDetails", "commissionReport", "openOrderEnd", "position", "tickPrice"};
  static constexpr std::array<std::string_view, 4> requests{"placeOrder", "cancelOrder", "reqOpenOrders", "reqExecutions"};
  const auto event = [&] { return std::string(events[static_cast<std::size_t>(whole(0, std::ssize(events) - 1))]); };
  const auto request = [&] { return std::string(requests[static_cast<std::size_t>(whole(0, std::ssize(requests) - 1))]); };
  std::vector<Injection> all;
  for (std::size_t i = 0; i < count; ++i) {
    Injection injection;
    injection.when.seconds = fraction() * seconds;
    switch (whole(0, 13)) {
      case 0: injection.fault = fault::CutBytes{.bytes = whole(0, 4000), .sent = true}; break;
      case 1: injection.fault = fault::CutBytes{.bytes = whole(0, 400), .sent = false}; break;
      case 2: injection.fault = fault::Freeze{.seconds = 0.05 + fraction()}; break;
      case 3: injection.fault = fault::Drop{.message = event(), .count = static_cast<std::int32_t>(whole(1, 3))}; break;
      case 4: injection.fault = fault::Delay{.message = event(), .seconds = fraction() * 2, .count = static_cast<std::int32_t>(whole(1, 5))}; break;
      case 5: injection.fault = fault::Duplicate{.message = event(), .times = static_cast<std::int32_t>(whole(1, 2)), .count = static_cast<std::int32_t>(whole(1, 5))}; break;
      case 6: injection.fault = fault::HalfFrame{.message = event(), .stall = whole(0, 1) == 0}; break;
      case 7: injection.fault = fault::Swallow{.message = request()}; break;
      case 8: injection.fault = fault::Restart{.seconds = 0.1 + fraction(), .roll_back = static_cast<std::int32_t>(whole(0, 5))}; break;
      case 9: injection.fault = fault::LoseIb{}; break;
      case 10: injection.fault = fault::RestoreIb{.data_kept = whole(0, 1) == 0}; break;
      case 11: injection.fault = fault::RejectOrders{}; break;
      case 12: injection.fault = fault::Disconnect{.reset = whole(0, 1) == 0}; break;
      default: injection.fault = fault::Trickle{.bytes = whole(1, 64)}; break;
    }
    // Half of them strike at a message rather than at a moment.
    if (whole(0, 1) == 0) injection.when.message = whole(0, 1) == 0 ? event() : request(), injection.when.before = whole(0, 1) == 0;
    all.push_back(std::move(injection));
  }
  return all;
}

}  // namespace robo::sim
