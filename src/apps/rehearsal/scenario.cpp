#include "apps/rehearsal/scenario.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <optional>
#include <sstream>

namespace robo::apps::rehearsal {

namespace {

using Words = std::vector<std::string>;

/// Words of a line; "several words in quotes" are one.
Words split(std::string_view line) {
  Words out;
  for (std::size_t i = 0; i < line.size();) {
    if (line[i] == ' ' || line[i] == '\t') {
      ++i;
      continue;
    }
    if (line[i] == '"') {
      const auto end = std::min(line.find('"', i + 1), line.size());
      out.emplace_back(line.substr(i + 1, end - i - 1));
      i = end + 1;
      continue;
    }
    const auto end = std::min(line.find_first_of(" \t", i), line.size());
    out.emplace_back(line.substr(i, end - i));
    i = end;
  }
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

std::optional<double> number_of(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

constexpr std::string_view conditions_known =
    "ready | gateway STATE | position SYMBOL N | order N STATE | order N code CODE | order N filled N | order N limit PRICE | engine orders N | "
    "IB orders N | IB position SYMBOL N | sent N | fills N | told \"TEXT\" | denied REASON | killed | books agree | profit agrees | "
    "protected SYMBOL | quoted SYMBOL | lines N | connections N; each may begin with not";

class Reader {
 public:
  Reader(std::string_view text, const std::filesystem::path& file) : text_(text), file_(file) { scenario_.file = file; }

  Result<Scenario, std::vector<Problem>> read() {
    std::istringstream lines{std::string(text_)};
    for (std::string line; std::getline(lines, line);) {
      ++line_;
      const auto words = trimmed(line);
      if (words.empty() || words.front() == '#') continue;
      read_line(words);
    }
    line_ = 0;
    if (scenario_.number.empty()) wrong("the file says no class: begin with 'class C06: what happens'");
    if (scenario_.steps.empty()) wrong("nothing happens in it");
    if (std::none_of(scenario_.steps.begin(), scenario_.steps.end(), [](const Step& step) { return std::holds_alternative<Expect>(step.deed); }))
      wrong("nothing is expected of the engine: a rehearsal without an 'expect' proves nothing");
    if (!problems_.empty()) return fail(std::move(problems_));
    return std::move(scenario_);
  }

 private:
  void wrong(std::string what) {
    problems_.push_back({line_ == 0 ? fmt::format("{}: {}", file_.string(), what) : fmt::format("{}:{}: {}", file_.string(), line_, what)});
  }

  void read_line(std::string_view line) {
    // The head of the file: "name: text".
    const auto colon = line.find(':');
    const auto head = colon == line.npos ? std::string_view{} : line.substr(0, colon);
    const auto rest = colon == line.npos ? std::string_view{} : trimmed(line.substr(colon + 1));
    if (head.starts_with("class ")) {
      scenario_.number = trimmed(head.substr(6));
      scenario_.title = rest;
      if (scenario_.number.size() != 3 || scenario_.number[0] != 'C' || !number_of(scenario_.number.substr(1))) wrong(fmt::format("'{}' is no class: C01 to C31", scenario_.number));
      return;
    }
    if (head == "others") return more(scenario_.others, rest);
    if (head == "we") return more(scenario_.answer, rest);
    if (head == "starts at") return void(scenario_.starts_at = rest);
    if (head == "defence") return read_defences(rest);
    if (head == "setting" || head == "gateway") return read_setting(head == "gateway", rest);

    const auto words = split(line);
    const auto before = problems_.size();
    // What the gateway is told keeps its quotes: they are its own words.
    const auto deed = words[0] == "tws" && words.size() > 1 ? std::optional<Deed>(Inject{std::string(trimmed(line.substr(3)))}) : read_deed(words);
    if (deed) scenario_.steps.push_back({.line = line_, .words = std::string(line), .deed = *deed});
    else if (problems_.size() == before)
      wrong(fmt::format("'{}' is not understood: a line begins with market, print, engine, wait, tws, want, operator, expect or never", line));
  }

  static void more(std::string& text, std::string_view line) {
    if (!text.empty()) text += ' ';
    text += line;
  }

  void read_defences(std::string_view names) {
    for (const auto& name : split(names)) {
      const auto& known = EnumNames<Defence>::names;
      const auto found = std::find(known.begin(), known.end(), name);
      if (found == known.end()) wrong(fmt::format("there is no defence '{}'", name));
      else scenario_.defences.push_back(static_cast<Defence>(found - known.begin()));
    }
  }

  void read_setting(bool gateway, std::string_view text) {
    const auto equals = text.find('=');
    if (equals == text.npos) return wrong("a setting is 'name = value'");
    const std::string key(trimmed(text.substr(0, equals)));
    const std::string value(trimmed(text.substr(equals + 1)));
    if (gateway) return void(scenario_.gateway.emplace_back(key, value));
    const bool quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
    if (value == "true" || value == "false") scenario_.settings.push_back({key, value == "true"});
    else if (const auto number = number_of(value); number && !quoted && value.find('.') == value.npos) scenario_.settings.push_back({key, static_cast<std::int64_t>(*number)});
    else if (number && !quoted) scenario_.settings.push_back({key, *number});
    else scenario_.settings.push_back({key, quoted ? value.substr(1, value.size() - 2) : value});
  }

  std::optional<double> number(const Words& words, std::size_t at, std::string_view what) {
    if (at >= words.size()) return wrong(fmt::format("{} is missing", what)), std::nullopt;
    const auto value = number_of(words[at]);
    if (!value) wrong(fmt::format("{}: '{}' is not a number", what, words[at]));
    return value;
  }

  std::optional<Deed> read_deed(const Words& words) {
    const auto& verb = words[0];
    const auto is = [&](std::size_t at, std::string_view word) { return at < words.size() && words[at] == word; };
    if (verb == "market") {
      if (words.size() < 3) return wrong("market SYMBOL BID ASK [SIZE], or market SYMBOL silent"), std::nullopt;
      if (is(2, "silent")) return SetMarket{.symbol = words[1], .silent = true};
      const auto bid = number(words, 2, "bid");
      const auto ask = number(words, 3, "ask");
      const auto size = words.size() > 4 ? number(words, 4, "size") : 500;
      if (!bid || !ask || !size) return std::nullopt;
      return SetMarket{.symbol = words[1], .bid = *bid, .ask = *ask, .size = *size};
    }
    if (verb == "print") {
      if (words.size() < 4) return wrong("print SYMBOL PRICE SIZE"), std::nullopt;
      const auto price = number(words, 2, "price");
      const auto size = number(words, 3, "size");
      if (!price || !size) return std::nullopt;
      return Print{.symbol = words[1], .price = *price, .size = *size};
    }
    if (verb == "engine") {
      if (is(1, "starts")) return EngineDoes{EngineStep::Starts};
      if (is(1, "stops")) return EngineDoes{EngineStep::Stops};
      if (is(1, "is") && is(2, "killed")) return EngineDoes{EngineStep::IsKilled};
      return wrong("engine starts | engine stops | engine is killed"), std::nullopt;
    }
    if (verb == "wait") {
      const auto length = words.size() == 3 ? read_duration(words[1], words[2]) : std::nullopt;
      if (!length) return wrong("wait 5 s (ms, s, min, h, day)"), std::nullopt;
      return Wait{*length};
    }
    if (verb == "tws") return wrong("tws COMMAND: a control line of the gateway simulator (docs/gateway-sim.md)"), std::nullopt;
    if (verb == "want") return read_want(words);
    if (verb == "operator") return read_ask(words);
    if (verb == "expect" || verb == "never") {
      Duration within{};
      auto end = words.size();
      if (verb == "expect" && end > 4 && words[end - 3] == "within") {
        const auto length = read_duration(words[end - 2], words[end - 1]);
        if (!length) return wrong(fmt::format("'{} {}' is not a time: within 5 s (ms, s, min, h)", words[end - 2], words[end - 1])), std::nullopt;
        within = *length;
        end -= 3;
      }
      const auto condition = read_condition(words, 1, end);
      if (!condition) return std::nullopt;
      if (verb == "never") return Never{*condition};
      return Expect{*condition, within};
    }
    return std::nullopt;
  }

  std::optional<Deed> read_want(const Words& words) {
    if (words.size() < 3) return wrong("want N SYMBOL [stop DISTANCE] [target DISTANCE]"), std::nullopt;
    const auto quantity = number(words, 1, "quantity");
    if (!quantity) return std::nullopt;
    Want want{.symbol = words[2], .quantity = *quantity};
    for (std::size_t i = 3; i < words.size(); i += 2) {
      const auto distance = number(words, i + 1, words[i]);
      if (!distance) return std::nullopt;
      if (words[i] == "stop") want.stop = *distance;
      else if (words[i] == "target") want.target = *distance;
      else return wrong(fmt::format("'{}' is neither stop nor target", words[i])), std::nullopt;
    }
    return want;
  }

  std::optional<Deed> read_ask(const Words& words) {
    std::string what;
    for (std::size_t i = 1; i < words.size(); ++i) what += (i == 1 ? "" : " ") + words[i];
    if (what == "kill") return Ask{.action = OperatorAction::Kill};
    if (what == "reset kill") return Ask{.action = OperatorAction::ResetKill};
    if (what == "flatten all") return Ask{.action = OperatorAction::FlattenAll};
    if (what == "cancel all") return Ask{.action = OperatorAction::CancelAll};
    if (what == "cancel everything") return Ask{.action = OperatorAction::CancelAll, .value = 1};
    if (words.size() == 4 && (words[1] == "cancel" || words[1] == "query") && words[2] == "order") {
      const auto order = number(words, 3, "order");
      if (!order) return std::nullopt;
      return Ask{.action = words[1] == "cancel" ? OperatorAction::CancelOrder : OperatorAction::QueryOrder, .order = static_cast<std::size_t>(*order)};
    }
    if (words.size() == 3 && words[1] == "flatten") return Ask{.action = OperatorAction::FlattenInstrument, .symbol = words[2]};
    return wrong("operator kill | reset kill | flatten all | flatten SYMBOL | cancel all | cancel everything | cancel order N | query order N"), std::nullopt;
  }

  std::optional<Condition> read_condition(const Words& words, std::size_t at, std::size_t end) {
    Condition c;
    for (auto i = at; i < end; ++i) c.words += (i == at ? "" : " ") + words[i];
    if (at < end && words[at] == "not") c.negated = true, ++at;
    const auto count = end - at;
    const auto word = [&](std::size_t i) -> std::string_view { return at + i < end ? std::string_view(words[at + i]) : std::string_view{}; };
    const auto value = [&](std::size_t i) { return number_of(word(i)); };
    const auto with = [&](Subject subject, std::size_t words_wanted) {
      c.subject = subject;
      return count == words_wanted;
    };
    bool fits = false;
    const auto first = word(0);
    if (first == "ready") fits = with(Subject::Ready, 1);
    else if (first == "killed") fits = with(Subject::Killed, 1);
    else if (first == "books" && word(1) == "agree") fits = with(Subject::BooksAgree, 2);
    else if (first == "profit" && word(1) == "agrees") fits = with(Subject::PnlAgrees, 2);
    else if (first == "gateway") fits = with(Subject::GatewayState, 2), c.text = word(1);
    else if (first == "told") fits = with(Subject::Told, 2), c.text = word(1);
    else if (first == "denied") fits = with(Subject::Denied, 2), c.text = word(1);
    else if (first == "protected") fits = with(Subject::Protected, 2), c.symbol = word(1);
    else if (first == "quoted") fits = with(Subject::Quoted, 2), c.symbol = word(1);
    else if (first == "position" || (first == "IB" && word(1) == "position")) {
      const std::size_t skip = first == "IB" ? 1 : 0;
      fits = with(skip ? Subject::IbPosition : Subject::Position, 3 + skip) && value(2 + skip);
      c.symbol = word(1 + skip);
      c.quantity = value(2 + skip).value_or(0);
    } else if (first == "order") {
      c.number = static_cast<std::size_t>(value(1).value_or(0));
      const bool numbered = c.number > 0;
      if (word(2) == "code") fits = with(Subject::OrderCode, 4) && value(3);
      else if (word(2) == "filled" && count == 4) fits = with(Subject::OrderFilled, 4) && value(3);
      else if (word(2) == "limit") fits = with(Subject::OrderLimit, 4) && value(3);
      else fits = with(Subject::OrderState, 3);
      fits = fits && numbered;
      c.quantity = value(3).value_or(0);
      c.text = word(2);
      if (c.subject == Subject::OrderState && c.text != "working" && c.text != "over" &&
          std::find(EnumNames<OrderState>::names.begin(), EnumNames<OrderState>::names.end(), c.text) == EnumNames<OrderState>::names.end())
        return wrong(fmt::format("'{}' is no state of an order: working, over, pending_submit, pre_submitted, submitted, pending_cancel, unknown, filled, cancelled, rejected", c.text)), std::nullopt;
    } else {
      constexpr std::pair<std::string_view, Subject> counted[] = {{"sent", Subject::Sent}, {"fills", Subject::Fills}, {"lines", Subject::Subscriptions}, {"connections", Subject::Connections}};
      for (const auto& [name, subject] : counted)
        if (first == name) fits = with(subject, 2) && value(1), c.quantity = value(1).value_or(0);
      if ((first == "engine" || first == "IB") && word(1) == "orders") fits = with(first == "IB" ? Subject::IbOrders : Subject::EngineOrders, 3) && value(2), c.quantity = value(2).value_or(0);
    }
    if (!fits) return wrong(fmt::format("'{}' cannot be looked for: {}", c.words, conditions_known)), std::nullopt;
    return c;
  }

  std::string_view text_;
  std::filesystem::path file_;
  int line_ = 0;
  Scenario scenario_;
  std::vector<Problem> problems_;
};

}  // namespace

std::optional<Duration> read_duration(std::string_view number, std::string_view unit) {
  const auto value = number_of(number);
  if (!value || *value < 0 || *value > 1e6) return std::nullopt;
  constexpr std::pair<std::string_view, double> units[] = {{"ms", 1e6}, {"s", 1e9}, {"min", 60e9}, {"h", 3600e9}, {"day", 86'400e9}, {"days", 86'400e9}};
  for (const auto& [name, ns] : units)
    if (name == unit) return Duration{static_cast<std::int64_t>(*value * ns)};
  return std::nullopt;
}

Result<Scenario, std::vector<Problem>> parse_scenario(std::string_view text, const std::filesystem::path& file) { return Reader(text, file).read(); }

Result<Scenario, std::vector<Problem>> read_scenario(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) return fail(std::vector<Problem>{{fmt::format("{}: cannot be read", file.string())}});
  std::ostringstream text;
  text << in.rdbuf();
  return parse_scenario(text.str(), file);
}

std::vector<std::filesystem::path> scenarios_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> out;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (entry.path().extension() == ".scenario") out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace robo::apps::rehearsal
