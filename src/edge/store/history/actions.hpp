#pragma once
// What companies did to their shares, by date: splits, dividends, changes of symbol. Prices are stored as they came and adjusted
// when they are read, with what was known at a moment: an announcement of tomorrow never moves a price of a test that ends today.
//
//   symbol,ex_date,kind,value,known_at
//   AAPL,2014-06-09,split,7:1,2014-04-23          seven shares for one; 1:10 is a reverse split
//   AAPL,2014-05-08,dividend,3.29,                known_at empty: the ex-date itself
//   FB,2022-06-09,symbol,META,

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "edge/store/store.hpp"

namespace robo::store::history {

/// New shares for old ones: 7:1.
struct Ratio {
  std::int64_t new_shares{1}, old_shares{1};
  friend bool operator==(const Ratio&, const Ratio&) = default;
};

enum class ActionKind : std::uint8_t { Split, Dividend, Symbol };

struct Action {
  std::string symbol{};
  Date ex{};                     // the first day on the new terms
  ActionKind kind{};
  Ratio ratio{};                 // splits
  Price amount{};                // dividends, a share as it was then
  std::string to{};              // changes of symbol
  Date known{};                  // the first day on which it may be used
  friend bool operator==(const Action&, const Action&) = default;
};

/// Until when prices are adjusted for splits; none: as traded.
using Basis = std::optional<Date>;

/// A name a series had, for [from, until).
struct NameSpan {
  std::string symbol{};
  Date from{}, until{};
};

class Actions {
 public:
  /// Errors: every line that is wrong, with file and line. A file of bars with `Dividends`, `Stock Splits`, `Ex-Dividend` or
  /// `Split Ratio` columns is read as well: its actions are known from their ex-date on.
  [[nodiscard]] static Result<Actions, std::vector<Problem>> parse(std::string_view text, std::string_view file, std::string_view symbol = {});
  /// The store's own table; none when there is no file.
  [[nodiscard]] static Result<Actions, Problem> load(const std::filesystem::path& root);
  /// Adds what is new, replaces what is about the same symbol, day and kind, and keeps the whole in the store. Returns how many
  /// are new or changed.
  [[nodiscard]] Result<std::size_t, Problem> keep_in(const std::filesystem::path& root) const;

  [[nodiscard]] const std::vector<Action>& all() const { return actions_; }
  /// Shares that one share of `day` has become by the end of `basis`, with what was known at `known`.
  [[nodiscard]] Ratio splits(std::string_view symbol, Date day, Basis basis, Date known) const;
  /// A bar of `day` from one basis to another: prices divided, volumes multiplied.
  void rebase(BarRecord& bar, std::string_view symbol, Date day, Basis from, Basis to, Date known) const;
  /// Dividends with their ex-date in (after, until], with what was known at `known`.
  [[nodiscard]] std::vector<Action> dividends(std::string_view symbol, Date after, Date until, Date known) const;
  /// The names of what is called `symbol` at the end of the time, over [from, until).
  [[nodiscard]] std::vector<NameSpan> names(std::string_view symbol, Date from, Date until, Date known) const;

 private:
  std::vector<Action> actions_;  // by symbol, ex-date, kind
};

}  // namespace robo::store::history

template <>
struct robo::EnumNames<robo::store::history::ActionKind> {
  static constexpr std::array<std::string_view, 3> names{"split", "dividend", "symbol"};
};
