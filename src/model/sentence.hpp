#pragma once
// What happened, as a person reads it: names and numbers first, what we do or you can do after. For the terminal and the
// journal; no jargon of ours. Thread: any; allocates, so never in the kernel.

#include <string>
#include <string_view>

#include "model/fact.hpp"

namespace robo {

/// Looks up the names of ids. A name it does not know may be empty: then the number is said.
class Names {
 public:
  virtual ~Names() = default;
  [[nodiscard]] virtual std::string_view symbol(InstrumentId instrument) const = 0;
  [[nodiscard]] virtual std::string_view strategy(StrategyId strategy) const = 0;
};

/// Why the gate refused, with the number that broke the limit: "the quantity 501 is above the limit of 500".
[[nodiscard]] std::string sentence(Denial reason, double measured, double limit);
/// What to do about it: "raise order_quantity_max, or ask for less".
[[nodiscard]] std::string_view fix_of(Denial reason);
/// What pulled the kill switch: "the daily loss limit was reached".
[[nodiscard]] std::string_view cause_words(KillCause cause);
/// "BUY 100 LMT 187.21".
[[nodiscard]] std::string order_words(const OrderIntent& intent);
/// One sentence for any fact, with a full stop.
[[nodiscard]] std::string sentence(const Fact& fact, const Names& names);

}  // namespace robo
