#include "model/order_ticket.hpp"

#include <fmt/format.h>

namespace robo {

namespace {

std::string spoken(std::string_view name) {
  std::string text(name);
  for (char& c : text)
    if (c == '_') c = ' ';
  return text;
}

Mark mark_of(Lifetime lifetime) {
  switch (lifetime) {
    case Lifetime::Day: break;
    case Lifetime::GoodTillCancelled: return Mark::GoodTillCancelled;
    case Lifetime::GoodTillDate: return Mark::GoodTillDate;
    case Lifetime::ImmediateOrCancel: return Mark::ImmediateOrCancel;
    case Lifetime::FillOrKill: return Mark::FillOrKill;
    case Lifetime::DayTillCancelled: return Mark::DayTillCancelled;
  }
  return Mark::GoodTillCancelled;
}

Objection objection(std::int32_t code, const std::string& text) { return {code, std::string_view(text)}; }

}  // namespace

Marks marks_of(const TicketTerms& t) {
  Marks marks = t.lifetime == Lifetime::Day ? Marks{0} : bit(mark_of(t.lifetime));
  const auto mark = [&](bool said, Mark m) { marks |= said ? bit(m) : Marks{0}; };
  mark(t.good_after.ns != 0, Mark::GoodAfter);
  mark(t.outside_hours, Mark::OutsideHours);
  mark(!t.display.is_zero(), Mark::Iceberg);
  mark(t.hidden, Mark::Hidden);
  mark(!t.discretion.is_zero(), Mark::Discretionary);
  mark(t.all_or_none, Mark::AllOrNone);
  mark(!t.minimum.is_zero(), Mark::MinimumQuantity);
  mark(t.sweep_to_fill, Mark::SweepToFill);
  mark(!t.cash.is_zero(), Mark::CashQuantity);
  mark(t.condition_count != 0, Mark::Conditional);
  mark(t.adjustment.index() != 0, Mark::Adjusting);
  mark(t.algo.index() != 0, Mark::Algorithm);
  mark(t.leg_price_count != 0, Mark::LegPrices);
  return marks;
}

Objection sentence_of(OrderType type, const Unlawful& unlawful) {
  const auto name = spoken(to_text(type));
  if (unlawful.code == 113) return objection(113, fmt::format("a {} order lives for the day of its auction; '{}' cannot be said of it", name, spoken(to_text(unlawful.mark))));
  if (unlawful.mark == unlawful.with) return objection(unlawful.code, fmt::format("'{}' cannot be said of a {} order", spoken(to_text(unlawful.mark)), name));
  return objection(unlawful.code, fmt::format("'{}' and '{}' cannot both be said of a {} order", spoken(to_text(unlawful.mark)), spoken(to_text(unlawful.with)), name));
}

Result<Ticket, Objection> Ticket::of(const TicketTerms& terms) {
  const OrderType type = type_of(terms.kind);
  const Unlawful unlawful = judge(type, marks_of(terms));
  if (unlawful.code != 0) return fail(sentence_of(type, unlawful));
  if (std::holds_alternative<Adaptive>(terms.algo) && terms.lifetime != Lifetime::Day)
    return fail(Objection{442, "Adaptive works for the day only"});
  return Ticket(terms);
}

}  // namespace robo
