#include "edge/serve/phrase.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

#include "edge/serve/sentences.hpp"

namespace robo::serve {
namespace {

constexpr std::size_t text_most = 500;

bool working(const view::Order& order) { return order.state < view::OrderState::Filled || order.state == view::OrderState::Unknown; }

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c == '_' ? ' ' : c;
  return out;
}

struct Token {
  std::string text{};  // lower case
  std::string as_written{};
  std::uint32_t from{}, to{};
};

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> out;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ' ' || text[at] == '\t') {
      ++at;
      continue;
    }
    auto end = std::min(text.find_first_of(" \t", at), text.size());
    const auto word = text.substr(at, end - at);
    out.push_back({.text = lower(word), .as_written = std::string(word), .from = static_cast<std::uint32_t>(at), .to = static_cast<std::uint32_t>(end)});
    at = end;
  }
  return out;
}

std::optional<double> number_of(std::string_view text) {
  std::string plain;
  for (const char c : text)
    if (c != ',') plain += c;
  double value = 0;
  const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), value);
  if (error != std::errc{} || end != plain.data() + plain.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

constexpr std::string_view fillers[] = {"the", "of", "to", "orders", "order", "strategies", "strategy", "limit", "at", "a", "an", "all", "please", "position", "working"};
constexpr std::string_view not_yet[] = {"until", "in", "over", "if", "with", "from", "via", "after", "between", "half", "except"};

/// Reads one phrase, clause after clause.
class Reader {
 public:
  Reader(std::string_view text, const ReadModel& model) : model_(model), tokens_(tokens_of(text)) {}

  Phrase read() {
    if (tokens_.empty()) {
      out_.problem = "Type a command: pause momentum, close AAPL, cancel all, daily loss limit 5000, why AAPL.";
      return std::move(out_);
    }
    while (at_ < tokens_.size() && out_.problem.empty()) {
      clause();
      if (!out_.problem.empty()) break;
      while (at_ < tokens_.size() && filler(false)) {}
      if (at_ == tokens_.size()) break;
      if (!take("and", "joins")) stop_at_unknown();
      else if (at_ == tokens_.size()) out_.problem = "Nothing follows \"and\".";
    }
    for (; at_ < tokens_.size(); ++at_) mark(1, "unread");
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string_view here(std::size_t ahead = 0) const { return at_ + ahead < tokens_.size() ? std::string_view(tokens_[at_ + ahead].text) : std::string_view(); }

  void mark(std::size_t count, std::string_view kind) {
    out_.words.push_back({.text = {}, .from = tokens_[at_].from, .to = tokens_[at_ + count - 1].to, .kind = std::string(kind)});
    for (std::size_t i = 0; i < count; ++i) out_.words.back().text += (i == 0 ? "" : " ") + tokens_[at_ + i].as_written;
  }
  bool take(std::string_view word, std::string_view kind) {
    if (here() != word) return false;
    mark(1, kind);
    ++at_;
    return true;
  }
  /// Skips words that carry no meaning of their own; `all` only where asked for.
  bool filler(bool with_all) {
    for (const auto word : fillers)
      if (here() == word && (with_all || word != "all")) return take(word, "joins");
    return false;
  }
  void fillers_too(bool with_all = false) {
    while (filler(with_all)) {}
  }
  void stop_at_unknown() {
    if (at_ >= tokens_.size()) {
      out_.problem = "The command is not complete.";
      return;
    }
    const auto& token = tokens_[at_];
    const bool later = std::find(std::begin(not_yet), std::end(not_yet), token.text) != std::end(not_yet);
    mark(1, "unknown");
    ++at_;
    out_.problem = later ? fmt::format("\"{}\" is not possible here: a command acts once, on the whole, and now.", token.as_written)
                         : fmt::format("The word \"{}\" is not understood.", token.as_written);
  }

  /// The longest of `names` that stands here, word by word.
  template <class Rows, class NamesOf>
  auto longest(const Rows& rows, NamesOf names_of, std::string_view kind) -> std::optional<typename Rows::value_type> {
    std::size_t best = 0;
    const typename Rows::value_type* found = nullptr;
    for (const auto& row : rows)
      for (const auto& name : names_of(row)) {
        const auto words = tokens_of(lower(name));
        if (words.empty() || words.size() <= best || at_ + words.size() > tokens_.size()) continue;
        // A name may also be written with its underscores, as one word.
        bool same = true;
        for (std::size_t i = 0; i < words.size(); ++i) same = same && tokens_[at_ + i].text == words[i].text;
        if (!same) continue;
        best = words.size();
        found = &row;
      }
    if (found == nullptr) {
      for (const auto& row : rows)
        for (const auto& name : names_of(row))
          if (here() == lower(name) && best == 0) best = 1, found = &row;
    }
    if (found == nullptr) return std::nullopt;
    mark(best, kind);
    at_ += best;
    return *found;
  }

  std::optional<view::Strategy> strategy() {
    return longest(model_.strategies(), [](const view::Strategy& s) { return std::vector<std::string>{s.name, s.title}; }, "strategy");
  }
  std::optional<view::Instrument> instrument() {
    return longest(model_.instruments(), [](const view::Instrument& i) { return std::vector<std::string>{i.symbol}; }, "symbol");
  }
  std::optional<view::Limit> limit() {
    return longest(model_.limits(), [](const view::Limit& l) { return std::vector<std::string>{l.name, l.title}; }, "limit");
  }
  std::optional<view::Parameter> parameter(const view::Strategy& of) {
    return longest(of.parameters, [](const view::Parameter& p) { return std::vector<std::string>{p.name}; }, "parameter");
  }
  std::optional<double> number() {
    if (at_ >= tokens_.size()) return std::nullopt;
    const auto value = number_of(here());
    if (!value) return std::nullopt;
    mark(1, "number");
    ++at_;
    if (here() == "%" || here() == "atr" || here() == "bp" || here() == "usd" || here() == "s") take(here(), "joins");
    return value;
  }

  void add(std::string text, std::vector<OperatorInput> wishes, std::vector<std::string> details = {}, bool raises_risk = false) {
    out_.clauses.push_back({.shown = {.text = std::move(text), .details = std::move(details), .raises_risk = raises_risk, .is_question = wishes.empty()}, .wishes = std::move(wishes)});
  }
  static OperatorInput wish(OperatorAction action) {
    return {.action = action, .strategy = {}, .instrument = {}, .order = {}, .name = {}, .value = {}, .who = {}, .reason = {}};
  }

  void clause() {
    if (limit_past_fillers()) return;
    if (take("pause", "verb")) return strategies(OperatorAction::PauseStrategy);
    if (take("stop", "verb")) return here() == "entries" ? entries(OperatorAction::StopEntries) : strategies(OperatorAction::StopStrategy);
    if (take("start", "verb")) return strategies(OperatorAction::StartStrategy);
    if (take("resume", "verb")) return here() == "entries" ? entries(OperatorAction::ResumeEntries) : strategies(OperatorAction::StartStrategy);
    if (here() == "no" && here(1) == "entries") {
      take("no", "verb");
      return entries(OperatorAction::StopEntries);
    }
    if (take("cancel", "verb")) return cancel();
    if (take("close", "verb") || take("flatten", "verb")) return close();
    if (take("why", "verb")) return why();
    if (take("set", "verb")) return set();
    if (here() == "kill") {
      mark(1, "unknown");
      ++at_;
      out_.problem = "KILL has its own dialog, Shift Esc, which is quicker and works without the engine's page.";
      return;
    }
    stop_at_unknown();
  }

  void strategies(OperatorAction action) {
    const auto verb = action == OperatorAction::PauseStrategy ? "takes no new entries; its exits and stops stay"
                      : action == OperatorAction::StopStrategy ? "stops; what it holds stays until another order closes it"
                                                               : "may enter again";
    const auto one = [&](const view::Strategy& row) {
      auto input = wish(action);
      const auto id = model_.strategy_id(row.name);
      if (!id) return;
      input.strategy = *id;
      add(fmt::format("{} {}.", row.title, verb), {input}, {fmt::format("day {}, weight {} %", signed_money(row.day_pnl), number_text(std::round(row.weight_percent * 10) / 10))}, action == OperatorAction::StartStrategy);
    };
    if (take("all", "strategy")) {
      fillers_too();
      for (const auto& row : model_.strategies()) one(row);
      return;
    }
    fillers_too();
    const auto row = strategy();
    if (!row) return stop_at_unknown();
    one(*row);
  }

  void entries(OperatorAction action) {
    take("entries", "subject");
    const bool stops = action == OperatorAction::StopEntries;
    add(stops ? "No strategy opens or adds to a position until entries are resumed. Exits and stops keep working." : "Strategies may open positions again.", {wish(action)}, {}, !stops);
  }

  void cancel() {
    if (take("entries", "subject")) {
      cancel_those([](const view::Order& order) { return order.purpose == view::Purpose::Entry; }, "entry order");
      return;
    }
    const bool all = take("all", "subject");
    if (const auto row = instrument()) {
      fillers_too();
      cancel_those([&](const view::Order& order) { return order.instrument == row->id; }, row->symbol + " order");
      return;
    }
    if (!all) return stop_at_unknown();
    fillers_too();
    if (const auto row = instrument()) {
      fillers_too();
      cancel_those([&](const view::Order& order) { return order.instrument == row->id; }, row->symbol + " order");
      return;
    }
    std::vector<std::string> details;
    for (const auto& order : model_.orders())
      if (working(order)) details.push_back(words_of(order));
    if (details.empty()) {
      out_.problem = "No order is working.";
      return;
    }
    auto text = fmt::format("{} working order{} cancelled, protective stops too.", details.size(), details.size() == 1 ? " is" : "s are");
    add(std::move(text), {wish(OperatorAction::CancelAll)}, std::move(details));
  }

  template <class Those>
  void cancel_those(Those those, std::string_view what) {
    std::vector<OperatorInput> wishes;
    std::vector<std::string> details;
    for (const auto& order : model_.orders()) {
      const auto key = parse_order_key(order.key);
      if (!working(order) || !those(order) || !key) continue;
      auto input = wish(OperatorAction::CancelOrder);
      input.order = key.value();
      input.instrument = InstrumentId{order.instrument};
      wishes.push_back(input);
      details.push_back(words_of(order));
    }
    if (wishes.empty()) {
      out_.problem = fmt::format("No {} is working.", what);
      return;
    }
    const auto count = wishes.size();
    add(fmt::format("{} {}{} cancelled.", count, what, count == 1 ? " is" : "s are"), std::move(wishes), std::move(details));
  }

  void close() {
    const auto preview = model_.flatten_preview();
    const auto leg_text = [&](const view::FlattenLeg& leg) {
      const auto* row = model_.instrument(leg.instrument);
      auto text = fmt::format("{} {} {}", row != nullptr ? row->symbol : "", leg.side == view::Side::Buy ? "BUY" : "SELL", size_text(leg.quantity));
      if (leg.value) text += fmt::format(", about {}", money_text(*leg.value));
      if (leg.spread_cost) text += fmt::format(", half the spread is {}", money_text(*leg.spread_cost));
      if (!leg.cannot.empty()) text += fmt::format(". Not now: {}", leg.cannot);
      return text;
    };
    if (take("all", "subject") || take("everything", "subject")) {
      fillers_too();
      std::vector<std::string> details;
      for (const auto& leg : preview.legs) details.push_back(leg_text(leg));
      if (details.empty()) {
        out_.problem = "No position is open.";
        return;
      }
      auto text = fmt::format("All orders are cancelled and {} position{} closed, {} to trade.", details.size(), details.size() == 1 ? " is" : "s are", money_text(preview.traded_value));
      add(std::move(text), {wish(OperatorAction::FlattenAll)}, std::move(details));
      return;
    }
    fillers_too();
    const auto row = instrument();
    if (!row) return stop_at_unknown();
    fillers_too();
    for (const auto& leg : preview.legs) {
      if (leg.instrument != row->id) continue;
      auto input = wish(OperatorAction::FlattenInstrument);
      input.instrument = InstrumentId{row->id};
      add(fmt::format("{}: its orders are cancelled, then the position is closed.", row->symbol), {input}, {leg_text(leg)});
      return;
    }
    out_.problem = fmt::format("{} has no open position.", row->symbol);
  }

  void why() {
    while (here() == "did" || here() == "do" || here() == "we" || here() == "buy" || here() == "sell" || here() == "bought" || here() == "sold" || here() == "hold") take(here(), "joins");
    fillers_too();
    const auto row = instrument();
    if (!row) return stop_at_unknown();
    const view::Order* last = nullptr;
    const auto orders = model_.orders();
    for (const auto& order : orders)
      if (order.instrument == row->id && order.purpose != view::Purpose::Stop && order.purpose != view::Purpose::Target) last = &order;
    if (last == nullptr) {
      out_.problem = fmt::format("There was no order in {} today.", row->symbol);
      return;
    }
    std::vector<std::string> details;
    if (const auto* reason = model_.why(last->key))
      for (const auto& view : reason->views)
        details.push_back(fmt::format("{}: score {}, {} units{}", view.strategy, number_text(std::round(view.score * 100) / 100), number_text(view.contribution), view.reason.empty() ? "" : ". " + view.reason));
    add(fmt::format("{}: {}.", words_of(*last), last->reason.empty() ? "no reason is known" : last->reason), {}, std::move(details));
    out_.clauses.back().shown.order = last->key;
  }

  void set() {
    if (limit_past_fillers()) return;
    const auto row = strategy();
    if (!row) return stop_at_unknown();
    fillers_too();
    const auto found = parameter(*row);
    if (!found) return stop_at_unknown();
    fillers_too();
    const auto value = number();
    if (!value) return stop_at_unknown();
    if (found->fixed) out_.problem = fmt::format("{} shapes what {} computes and is set before the start.", found->name, row->title);
    else if (*value < found->min || *value > found->max) out_.problem = fmt::format("{} must be from {} to {}.", found->name, number_text(found->min), number_text(found->max));
    if (!out_.problem.empty()) return;
    auto input = wish(OperatorAction::SetParameter);
    input.strategy = *model_.strategy_id(row->name);
    input.name = std::string_view(found->name);
    input.value = *value;
    add(fmt::format("{} of {} goes from {} to {} {}", found->name, row->title, number_text(found->value), number_text(*value), found->unit) + ".", {input}, {found->help});
  }

  /// Limits have names like "order quantity": a word is a filler only where no limit begins with it.
  bool limit_past_fillers() {
    do
      if (limit_at_front()) return true;
    while (filler(false));
    return false;
  }

  bool limit_at_front() {
    const auto row = limit();
    if (!row) return false;
    fillers_too();
    const auto value = number();
    if (!value) {
      stop_at_unknown();
      return true;
    }
    if (!row->editable) out_.problem = row->title + " cannot be changed while the engine runs.";
    else if (*value < row->min || *value > row->max) out_.problem = fmt::format("{} must be from {} to {}.", row->title, number_text(row->min), number_text(row->max));
    if (!out_.problem.empty()) return true;
    auto input = wish(OperatorAction::SetLimit);
    input.name = std::string_view(row->name);
    input.value = *value;
    std::vector<std::string> details;
    if (row->used) details.push_back(fmt::format("{} {}: {}{}", number_text(*row->used), row->unit, row->measure, *row->used > *value && row->name != "cash_min" ? fmt::format(", which is past the new limit: {}", row->effect) : std::string()));
    const bool looser = row->name == "cash_min" ? *value < row->limit : *value > row->limit;
    add(fmt::format("{} goes from {} to {} {}.", row->title, number_text(row->limit), number_text(*value), row->unit), {input}, std::move(details), looser);
    out_.clauses.back().shown.needs_reason = looser;
    return true;
  }

  [[nodiscard]] std::string words_of(const view::Order& order) const {
    const auto* row = model_.instrument(order.instrument);
    return fmt::format("{} {} {} {}", row != nullptr ? row->symbol : "", order.side == view::Side::Buy ? "BUY" : "SELL", size_text(order.quantity), order_type_text(order, row != nullptr ? row->price_decimals : 2));
  }
  static std::string money_text(Money money) { return number_text(std::round(money.to_double() * 100) / 100); }

  const ReadModel& model_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  Phrase out_{};
};

}  // namespace

view::PhraseAnswer Phrase::answer() const {
  view::PhraseAnswer out{.words = words, .actions = {}, .problem = problem};
  if (problem.empty())
    for (const auto& clause : clauses) out.actions.push_back(clause.shown);
  return out;
}

Phrase read_phrase(std::string_view text, const ReadModel& model) {
  if (text.size() <= text_most) return Reader(text, model).read();
  Phrase out;
  out.problem = fmt::format("A command has at most {} characters.", text_most);
  return out;
}

}  // namespace robo::serve
