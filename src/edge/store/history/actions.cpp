#include "edge/store/history/actions.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <fstream>
#include <numeric>
#include <sstream>

#include "edge/store/detail/cells.hpp"
#include "edge/store/detail/reading.hpp"
#include "edge/store/history/files.hpp"
#include "edge/store/text_file.hpp"
#include "model/calendar.hpp"

namespace robo::store::history {

namespace {

constexpr std::string_view file_name = "history/actions.csv";
constexpr std::string_view head = "symbol,ex_date,kind,value,known_at";

auto key_of(const Action& a) { return std::tie(a.symbol, a.ex, a.kind); }

/// "7:1", "7-for-1", "0.5", "2.0". None: not a ratio of positive numbers.
std::optional<Ratio> ratio_of(std::string_view text) {
  const auto positive = [](std::string_view part) -> std::optional<Quantity> {
    const auto read = detail::read_decimal<Quantity>(detail::trimmed(part));
    if (!read || !read->value.is_positive()) return std::nullopt;
    return read->value;
  };
  for (const std::string_view between : {":", "-for-", " for ", "/"})
    if (const auto at = text.find(between); at != std::string_view::npos) {
      const auto fresh = positive(text.substr(0, at)), old = positive(text.substr(at + between.size()));
      if (!fresh || !old) return std::nullopt;
      const auto common = std::gcd(fresh->raw, old->raw);
      return Ratio{fresh->raw / common, old->raw / common};
    }
  const auto one = positive(text);
  if (!one) return std::nullopt;
  const auto common = std::gcd(one->raw, Quantity::scale);
  return Ratio{one->raw / common, Quantity::scale / common};
}

std::string value_text(const Action& a) {
  if (a.kind == ActionKind::Split) return fmt::format("{}:{}", a.ratio.new_shares, a.ratio.old_shares);
  return a.kind == ActionKind::Dividend ? to_text(a.amount) : a.to;
}

/// One line of our own table; what is wrong with it otherwise.
Result<Action, std::string> action_of(const std::vector<std::string_view>& cells) {
  if (cells.size() < 4 || cells.size() > 5) return fail(fmt::format("has {} cells; {} are expected", cells.size(), head));
  Action out;
  const auto cell = [&](std::size_t i) { return detail::trimmed(cells[i]); };
  out.symbol = cell(0);
  if (out.symbol.empty() || out.symbol.size() > 24) return fail(std::string("the symbol is empty or longer than 24 characters"));
  const auto ex = parse_date(cell(1));
  if (!ex) return fail(fmt::format("ex_date '{}' is no date like 2014-06-09", cell(1)));
  out.ex = *ex;
  if (cell(2) == "split") {
    const auto ratio = ratio_of(cell(3));
    if (!ratio) return fail(fmt::format("'{}' is no split; 7:1 gives seven shares for one, 1:10 one for ten", cell(3)));
    out.kind = ActionKind::Split;
    out.ratio = *ratio;
  } else if (cell(2) == "dividend") {
    const auto amount = detail::read_decimal<Price>(cell(3));
    if (!amount || !amount->value.is_positive()) return fail(fmt::format("'{}' is no amount of a dividend", cell(3)));
    out.kind = ActionKind::Dividend;
    out.amount = amount->value;
  } else if (cell(2) == "symbol") {
    if (cell(3).empty() || cell(3).size() > 24 || cell(3) == out.symbol) return fail(fmt::format("'{}' is no new symbol of {}", cell(3), out.symbol));
    out.kind = ActionKind::Symbol;
    out.to = cell(3);
  } else {
    return fail(fmt::format("'{}' is none of split, dividend, symbol", cell(2)));
  }
  out.known = out.ex;
  if (cells.size() == 5 && !cell(4).empty()) {
    const auto known = parse_date(cell(4));
    if (!known) return fail(fmt::format("known_at '{}' is no date like 2014-04-23", cell(4)));
    out.known = *known;
  }
  return out;
}

struct ActionColumns {
  int symbol = -1, day = -1, dividend = -1, split = -1;
};
ActionColumns columns_of(const std::vector<std::string_view>& header) {
  ActionColumns out;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const auto is = [&](std::string_view word) { return detail::same_word(detail::trimmed(header[i]), word); };
    const int at = static_cast<int>(i);
    if (is("symbol") || is("ticker")) out.symbol = at;
    else if (is("date")) out.day = at;
    else if (is("dividends") || is("ex-dividend") || is("dividend")) out.dividend = at;
    else if (is("stock splits") || is("split ratio") || is("splits")) out.split = at;
  }
  return out;
}

/// Actions in a row of a file of bars: a dividend of 0 and a split of 0 or 1 are none.
void take_row(const std::vector<std::string_view>& cells, const ActionColumns& columns, std::string_view symbol, std::vector<Action>& out, std::string& wrong) {
  const auto cell = [&](int at) { return at >= 0 && static_cast<std::size_t>(at) < cells.size() ? detail::trimmed(cells[static_cast<std::size_t>(at)]) : std::string_view{}; };
  const auto value_of = [&](int at) -> Quantity {
    const auto text = cell(at);
    if (text.empty()) return {};
    const auto read = detail::read_decimal<Quantity>(text);
    if (!read) wrong = fmt::format("'{}' is no number", text);
    return read ? read->value : Quantity{};
  };
  const auto dividend = value_of(columns.dividend), split = value_of(columns.split);
  if (!wrong.empty() || (dividend.is_zero() && (split.is_zero() || split == Quantity::whole(1)))) return;
  const auto when = detail::read_wall_time(cell(columns.day), detail::DateOrder::MonthFirst);
  if (!when) return void(wrong = fmt::format("'{}' is no date", cell(columns.day)));
  Action action{.symbol = std::string(columns.symbol >= 0 ? cell(columns.symbol) : symbol), .ex = when->local.date, .known = when->local.date};
  if (action.symbol.empty()) return void(wrong = "names no symbol: --symbol says it");
  if (!dividend.is_zero()) {
    const auto amount = detail::read_decimal<Price>(cell(columns.dividend));
    if (!amount || !amount->value.is_positive()) return void(wrong = fmt::format("'{}' is no amount of a dividend", cell(columns.dividend)));
    action.kind = ActionKind::Dividend;
    action.amount = amount->value;
    out.push_back(action);
  }
  if (!split.is_zero() && split != Quantity::whole(1)) {
    const auto ratio = ratio_of(cell(columns.split));
    if (!ratio) return void(wrong = fmt::format("'{}' is no split", cell(columns.split)));
    action.kind = ActionKind::Split;
    action.ratio = *ratio;
    action.amount = {};
    out.push_back(action);
  }
}

/// value * by.new / by.old, rounded half away from zero.
std::int64_t scaled(std::int64_t value, std::int64_t up, std::int64_t down) { return narrow(divide_rounded(i128{value} * up, down)); }

}  // namespace

Result<Actions, std::vector<Problem>> Actions::parse(std::string_view text, std::string_view file, std::string_view symbol) {
  Actions out;
  std::vector<Problem> wrong;
  Lines lines(text);
  std::string_view line;
  std::vector<std::string_view> cells;
  std::optional<ActionColumns> of_bars;
  bool first = true;
  while (lines.next(line)) {
    if (detail::trimmed(line).empty() || line.starts_with('#')) continue;
    detail::split_cells(line, cells);
    if (first) {
      first = false;
      if (detail::same_word(detail::trimmed(cells[0]), "symbol") && cells.size() > 2 && detail::same_word(detail::trimmed(cells[1]), "ex_date")) continue;
      const auto columns = columns_of(cells);
      if (columns.day >= 0 && (columns.dividend >= 0 || columns.split >= 0)) {
        of_bars = columns;
        continue;
      }
      wrong.push_back({fmt::format("{}:{}: the first line must be '{}', or name the columns of bars with Dividends and Stock Splits", file, lines.number(), head)});
      break;
    }
    if (of_bars) {
      std::string trouble;
      take_row(cells, *of_bars, symbol, out.actions_, trouble);
      if (!trouble.empty()) wrong.push_back({fmt::format("{}:{}: {}", file, lines.number(), trouble)});
      continue;
    }
    auto action = action_of(cells);
    if (!action) {
      wrong.push_back({fmt::format("{}:{}: {}", file, lines.number(), action.error())});
      continue;
    }
    const auto same = std::ranges::find_if(out.actions_, [&](const Action& a) { return key_of(a) == key_of(*action); });
    if (same == out.actions_.end()) out.actions_.push_back(std::move(*action));
    else if (!(*same == *action)) wrong.push_back({fmt::format("{}:{}: a second, different {} of {} on {}", file, lines.number(), robo::to_text(action->kind), action->symbol, to_text(action->ex))});
  }
  if (first) wrong.push_back({fmt::format("{}:1: is empty; the first line is '{}'", file, head)});
  if (!wrong.empty()) return fail(std::move(wrong));
  std::ranges::stable_sort(out.actions_, [](const Action& a, const Action& b) { return key_of(a) < key_of(b); });
  return out;
}

Result<Actions, Problem> Actions::load(const std::filesystem::path& root) {
  const auto path = root / file_name;
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return Actions{};
  const auto file = read_text_file(path);
  if (!file) return fail(file.error());
  auto actions = parse(file->text, path.string());
  if (!actions) return fail(actions.error().front());
  return std::move(*actions);
}

Result<std::size_t, Problem> Actions::keep_in(const std::filesystem::path& root) const {
  auto all = load(root);
  if (!all) return fail(all.error());
  std::size_t fresh = 0;
  for (const auto& action : actions_) {
    const auto same = std::ranges::find_if(all->actions_, [&](const Action& a) { return key_of(a) == key_of(action); });
    if (same == all->actions_.end()) all->actions_.push_back(action), ++fresh;
    else if (!(*same == action)) *same = action, ++fresh;
  }
  std::ranges::stable_sort(all->actions_, [](const Action& a, const Action& b) { return key_of(a) < key_of(b); });
  std::string text = std::string(head) + "\n";
  for (const auto& a : all->actions_) text += fmt::format("{},{},{},{},{}\n", a.symbol, to_text(a.ex), robo::to_text(a.kind), value_text(a), a.known == a.ex ? std::string{} : to_text(a.known));
  if (auto wrong = write_whole(root / file_name, text)) return fail(*wrong);
  return fresh;
}

Ratio Actions::splits(std::string_view symbol, Date day, Basis basis, Date known) const {
  Ratio out;
  if (!basis) return out;
  for (const auto& a : actions_) {
    if (a.kind != ActionKind::Split || a.symbol != symbol || a.ex <= day || a.ex > *basis || a.known > known) continue;
    out.new_shares *= a.ratio.new_shares;
    out.old_shares *= a.ratio.old_shares;
    const auto common = std::gcd(out.new_shares, out.old_shares);
    out.new_shares /= common, out.old_shares /= common;
  }
  return out;
}

void Actions::rebase(BarRecord& bar, std::string_view symbol, Date day, Basis from, Basis to, Date known) const {
  // What the source has applied is in the numbers, whether it was known then or not.
  const Ratio has = splits(symbol, day, from, {INT32_MAX}), wanted = splits(symbol, day, to, known);
  if (has == wanted) return;
  const auto common = std::gcd(has.new_shares * wanted.old_shares, has.old_shares * wanted.new_shares);
  const std::int64_t up = has.new_shares * wanted.old_shares / common, down = has.old_shares * wanted.new_shares / common;
  for (Price* price : {&bar.open, &bar.high, &bar.low, &bar.close}) *price = Price::from_raw(scaled(price->raw, up, down));
  bar.volume = Quantity::from_raw(scaled(bar.volume.raw, down, up));
}

std::vector<Action> Actions::dividends(std::string_view symbol, Date after, Date until, Date known) const {
  std::vector<Action> out;
  for (const auto& a : actions_)
    if (a.kind == ActionKind::Dividend && a.symbol == symbol && a.ex > after && a.ex <= until && a.known <= known) out.push_back(a);
  return out;
}

std::vector<NameSpan> Actions::names(std::string_view symbol, Date from, Date until, Date known) const {
  std::vector<NameSpan> out;
  std::string name(symbol);
  Date end = until;
  // Backwards: who became what it is called now, and when.
  for (std::size_t changes = 0; changes < 100; ++changes) {
    const Action* change = nullptr;
    for (const auto& a : actions_)
      if (a.kind == ActionKind::Symbol && a.to == name && a.ex < end && a.ex > from && a.known <= known && (change == nullptr || a.ex > change->ex)) change = &a;
    if (change == nullptr) break;
    out.insert(out.begin(), {name, change->ex, end});
    name = change->symbol;
    end = change->ex;
  }
  out.insert(out.begin(), {name, from, end});
  return out;
}

}  // namespace robo::store::history
