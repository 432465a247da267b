#include "model/sentence.hpp"

#include <cmath>
#include <fmt/format.h>

namespace robo {

namespace {

std::string number(double value) {
  if (!std::isfinite(value)) return "an unknown amount";
  auto text = fmt::format("{:.4f}", value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  if (text == "-0") return "0";
  const auto start = static_cast<std::size_t>(text.front() == '-');
  auto point = text.find('.');
  if (point == std::string::npos) point = text.size();
  for (auto at = point; at > start + 3;) text.insert(at -= 3, ",");
  return text;
}
std::string number(Quantity quantity) { return number(quantity.to_double()); }
std::string signed_money(Money money) {
  const auto cents = narrow(divide_rounded(money.raw, Money::scale / 100));
  if (cents == 0) return "0.00";
  auto whole = number(static_cast<double>(std::abs(cents) / 100));
  return fmt::format("{}{}.{:02}", cents < 0 ? "-" : "+", whole, std::abs(cents) % 100);
}
std::string upper(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}
std::string spaced(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c == '_') c = ' ';
  return out;
}
template <std::size_t N>
std::string because(const FixedText<N>& text) {
  return text.empty() ? std::string() : fmt::format(" ({})", text.view());
}
std::string code_of(std::int32_t code) { return code == 0 ? std::string() : fmt::format(" [{}]", code); }

std::string_view word_of(OrderPurpose purpose) {
  switch (purpose) {
    case OrderPurpose::Entry: return "entry";
    case OrderPurpose::Exit: return "exit";
    case OrderPurpose::ProtectiveStop: return "protective stop";
    case OrderPurpose::ProfitTarget: return "profit target";
    case OrderPurpose::Flatten: return "flatten";
  }
  return "order";
}

class Speaker {
 public:
  explicit Speaker(const Names& names) : names_(names) {}

  std::string operator()(const Noted& n) const {
    const bool about_one = n.key || n.kind == NoteKind::BracketBroken || n.kind == NoteKind::ExternalOrder || n.kind == NoteKind::QuarantinedExecution;
    return about_one ? fmt::format("{}: {}.", symbol(n.instrument), n.text.view()) : fmt::format("{}: {}.", upper_first(spaced(to_text(n.kind))), n.text.view());
  }
  std::string operator()(const OrderDenied& d) const {
    return fmt::format("{} {} {} denied: {}; {}.", symbol(d.intent.instrument), word_of(d.intent.purpose), order_words(d.intent),
                       sentence(d.reason, d.measured, d.limit), fix_of(d.reason));
  }
  std::string operator()(const OrderChanged& c) const {
    const auto what = fmt::format("{} {} {}", symbol(c.intent.instrument), word_of(c.intent.purpose), order_words(c.intent));
    const auto filled = c.filled.is_zero() ? std::string() : fmt::format(", {} of {} filled at {}", number(c.filled), number(c.intent.quantity), to_text(c.average_price));
    switch (c.state) {
      case OrderState::PendingSubmit: return fmt::format("{} sent.", what);
      case OrderState::PreSubmitted: return fmt::format("{} accepted by IB and waiting{}.", what, because(c.text));
      case OrderState::Submitted: return fmt::format("{} working{}.", what, filled);
      case OrderState::PendingCancel: return fmt::format("{} is being cancelled; it may still fill{}.", what, filled);
      case OrderState::Unknown: return fmt::format("{} has no answer from IB. It may be live; it is queried and not sent again.", what);
      case OrderState::Filled: return fmt::format("{} filled at {}.", what, to_text(c.average_price));
      case OrderState::Cancelled: return fmt::format("{} cancelled{}{}{}.", what, filled, because(c.text), code_of(c.code));
      case OrderState::Rejected: return fmt::format("{} rejected by IB{}{}.", what, because(c.text), code_of(c.code));
    }
    return what + ".";
  }
  std::string operator()(const OrderFilled& f) const {
    const auto& e = f.execution;
    return fmt::format("{} {} {} at {}{}{}{}: position {}, realized {}.", symbol(e.instrument), e.side == Side::Buy ? "bought" : "sold", number(e.quantity),
                       to_text(e.price), e.venue.empty() ? "" : fmt::format(" on {}", e.venue.view()), f.correction ? " (correction)" : "",
                       f.intent.key ? "" : " outside this engine", number(f.position_after), signed_money(f.realized));
  }
  std::string operator()(const CommissionBooked& c) const {
    return fmt::format("{} commission {} {}.", symbol(c.instrument), signed_money(-c.commission.amount), c.commission.currency.view());
  }
  std::string operator()(const PositionChanged& p) const {
    if (p.quantity.is_zero()) return fmt::format("{} flat: realized {}, commissions {}.", symbol(p.instrument), signed_money(p.realized), signed_money(-p.commissions));
    return fmt::format("{} position {} at {}: realized {}.", symbol(p.instrument), number(p.quantity), to_text(p.average_price), signed_money(p.realized));
  }
  std::string operator()(const EquityMarked& e) const {
    return fmt::format("Equity {}, day {}, drawdown {:.2f} %.", number(e.equity.to_double()), signed_money(e.day_pnl), e.drawdown * 100);
  }
  std::string operator()(const SignalRaised& s) const {
    return fmt::format("{} on {}: score {:+.2f}, confidence {:.2f}{}.", strategy(s.strategy), symbol(s.instrument), s.score, s.confidence, because(s.why));
  }
  std::string operator()(const TargetSet& t) const {
    auto text = fmt::format("{} target {} from {}", symbol(t.instrument), number(t.target), number(t.position));
    for (std::uint8_t i = 0; i < t.reason.contribution_count; ++i)
      text += fmt::format("{} {} {}", i == 0 ? ":" : ",", strategy(t.reason.contributions[i].strategy), number(t.reason.contributions[i].quantity));
    if (t.reason.cap != SizeCap::None) text += fmt::format("; bounded by {}", spaced(to_text(t.reason.cap)));
    return text + ".";
  }
  std::string operator()(const StrategyChanged& s) const { return fmt::format("{} {}{}.", strategy(s.strategy), to_text(s.state), because(s.why)); }
  std::string operator()(const ParameterChanged& p) const {
    return fmt::format("{} {} from {} to {} by {}.", strategy(p.strategy), spaced(p.name.view()), number(p.before), number(p.after), p.who.view());
  }
  std::string operator()(const StrategyMarked& s) const {
    return fmt::format("{}: realized {}, unrealized {}, commissions {}, weight {:.2f}.", strategy(s.strategy), signed_money(s.realized),
                       signed_money(s.unrealized), signed_money(-s.commissions), s.weight);
  }
  std::string operator()(const RegimeChanged& r) const {
    const auto p = r.probabilities[static_cast<std::size_t>(r.held)];
    return fmt::format("{} is {} ({:.0f} %).", r.instrument.value == UINT32_MAX ? "The market" : symbol(r.instrument), to_text(r.held), p * 100);
  }
  std::string operator()(const LimitChanged& l) const {
    return fmt::format("Limit {} from {} to {} by {}.", spaced(l.name.view()), number(l.before), number(l.after), l.who.view());
  }
  std::string operator()(const LimitUsed& l) const { return fmt::format("Limit {}: {} of {} used.", spaced(l.name.view()), number(l.used), number(l.limit)); }
  std::string operator()(const KillChanged& k) const {
    if (!k.killed) return fmt::format("Kill switch reset by {}{}: entries are possible again.", k.who.view(), because(k.reason));
    return fmt::format("KILL by {}: {}{}. Entries and exits are cancelled; stops and targets of positions stay at IB.", k.who.view(), cause_words(k.cause),
                       because(k.reason));
  }
  std::string operator()(const GatewayNoted& g) const {
    return fmt::format("Gateway {}{}{}.", spaced(to_text(g.change.state)), because(g.change.text), code_of(g.change.code));
  }
  std::string operator()(const ReconciliationNoted& r) const {
    if (!r.complete) return fmt::format("Reconciliation {} is not complete: an answer of IB is missing. Orders wait; it is tried again.", r.number);
    return fmt::format("Reconciled: {} orders known, {} adopted, {} gone, {} missed fills booked, {} positions differed, {} unknown resolved.", r.orders_known,
                       r.orders_adopted, r.orders_gone, r.fills_missed, r.positions_differing, r.unknown_resolved);
  }
  std::string operator()(const PositionDiffered& p) const {
    return fmt::format("{}: we counted {}, IB holds {}. IB's number is taken.", symbol(p.instrument), number(p.ours), number(p.theirs));
  }
  std::string operator()(const BarClosed& b) const {
    return fmt::format("{} {} s bar: open {}, high {}, low {}, close {}, volume {}.", symbol(b.bar.instrument), number(b.bar.period.seconds()),
                       to_text(b.bar.open), to_text(b.bar.high), to_text(b.bar.low), to_text(b.bar.close), number(b.bar.volume));
  }
  std::string operator()(const ExposureMarked& e) const {
    const auto of = e.kind == ExposureKind::Account ? std::string("the account") : e.kind == ExposureKind::Instrument ? symbol(e.instrument) : std::string(e.name.view());
    return fmt::format("Exposure of {}: gross {}, net {}{}.", of, number(e.gross.to_double()), number(e.net.to_double()),
                       std::isfinite(e.share) ? fmt::format(", {:.1f} % of equity", e.share * 100) : std::string());
  }
  std::string operator()(const RiskMarked& r) const {
    if (!std::isfinite(r.volatility)) return fmt::format("Risk of the book is not known after {} bars.", r.bars);
    return fmt::format("Risk of {} positions for a day: volatility {:.2f} %, value at risk {:.2f} % (99 in 100), {:.1f} effective bets, average correlation {:.2f}.",
                       r.positions, r.volatility * 100, r.value_at_risk_99 * 100, r.effective_bets, r.correlation_average);
  }
  std::string operator()(const LeadershipMarked& l) const {
    if (l.rank == 0) return fmt::format("{}: strength is not known.", symbol(l.instrument));
    return fmt::format("{} is {}, rank {}, strength {:+.2f} sd.", symbol(l.instrument), to_text(l.quadrant), l.rank, l.strength);
  }
  std::string operator()(const AppetiteMarked& a) const {
    if (a.held == AppetiteKind::Unknown) return fmt::format("Risk appetite is not known: {} of {} pairs are.", a.pairs_known, a.pairs);
    return fmt::format("Risk appetite: {}, score {:+.2f}, of {} pairs.", spaced(to_text(a.held)), a.score, a.pairs_known);
  }

 private:
  std::string symbol(InstrumentId id) const {
    const auto name = names_.symbol(id);
    return name.empty() ? fmt::format("instrument {}", id.value) : std::string(name);
  }
  std::string strategy(StrategyId id) const {
    if (id.value == UINT16_MAX) return "unattributed";
    const auto name = names_.strategy(id);
    return name.empty() ? fmt::format("strategy {}", id.value) : std::string(name);
  }
  static std::string upper_first(std::string text) {
    if (!text.empty()) text[0] = upper(text.substr(0, 1))[0];
    return text;
  }
  const Names& names_;
};

}  // namespace

std::string sentence(Denial reason, double measured, double limit) {
  const auto past = [&](std::string_view what) { return fmt::format("{} {} is above the limit of {}", what, number(measured), number(limit)); };
  switch (reason) {
    case Denial::KillSwitch: return "the kill switch is pulled";
    case Denial::NotReady: return "IB is not connected and reconciled";
    case Denial::NotArmed: return "live trading is not armed";
    case Denial::WrongAccount: return "the account does not belong to this mode";
    case Denial::EntriesStopped: return "entries are stopped";
    case Denial::JournalDown: return "the journal cannot be written";
    case Denial::Halted: return "trading in it is halted";
    case Denial::SessionClosed: return "its session is closed";
    case Denial::NoQuote: return "it has no bid and ask";
    case Denial::StaleQuote: return fmt::format("its quote is {} s old, past the {} s that may be traded on", number(measured), number(limit));
    case Denial::CrossedQuote: return "its bid and ask are crossed";
    case Denial::DelayedData: return "its prices are delayed";
    case Denial::QuantityNotPositive: return fmt::format("the quantity {} is not above zero", number(measured));
    case Denial::QuantityOffStep: return fmt::format("the quantity {} is not a multiple of {}", number(measured), number(limit));
    case Denial::PriceOffTick: return fmt::format("the price {} is not on the tick of {}", number(measured), number(limit));
    case Denial::TooLarge: return past("the quantity");
    case Denial::NotionalTooLarge: return past("the notional");
    case Denial::PositionTooLarge: return past("the position after it,");
    case Denial::GrossTooLarge: return past("gross exposure after it,");
    case Denial::NetTooLarge: return past("net exposure after it,");
    case Denial::DailyLoss: return fmt::format("the day's loss of {} has reached the limit of {}", number(measured), number(limit));
    case Denial::PriceCollar: return fmt::format("it would pay {} bp past the middle of bid and ask, the collar is {} bp", number(measured), number(limit));
    case Denial::OrderRate: return fmt::format("{} orders in the window have reached the limit of {}", number(measured), number(limit));
    case Denial::DuplicateOrder: return fmt::format("the same order left {} s ago, within the {} s that make it a repeat", number(measured), number(limit));
    case Denial::TooManyOpenOrders: return fmt::format("{} orders are open, the limit of {} leaves no room for it", number(measured), number(limit));
    case Denial::UnknownOrderOutstanding: return fmt::format("{} of its orders have an unknown fate", number(measured));
    case Denial::NotEnoughCash: return fmt::format("cash after it would be {}, below the least of {}", number(measured), number(limit));
  }
  return "it was refused";
}

std::string_view fix_of(Denial reason) {
  switch (reason) {
    case Denial::KillSwitch: return "reset the kill switch when the cause is gone";
    case Denial::NotReady: return "wait for the reconciliation, or check the gateway with `robotrader doctor`";
    case Denial::NotArmed: return "arm live trading on start if real money is meant";
    case Denial::WrongAccount: return "log the gateway into an account of this mode, DU or DF for paper";
    case Denial::EntriesStopped: return "resume entries";
    case Denial::JournalDown: return "free disk space; exits still go";
    case Denial::Halted: return "wait for the halt to end";
    case Denial::SessionClosed: return "wait for the session, or allow outside_regular_hours";
    case Denial::NoQuote:
    case Denial::StaleQuote: return "check the market data subscription and the connection";
    case Denial::CrossedQuote: return "wait until the book is in order";
    case Denial::DelayedData: return "subscribe to live data, or end the session that holds it";
    case Denial::QuantityNotPositive:
    case Denial::QuantityOffStep:
    case Denial::PriceOffTick: return "correct the order";
    case Denial::TooLarge: return "raise order_quantity_max, or ask for less";
    case Denial::NotionalTooLarge: return "raise order_notional_max, or ask for less";
    case Denial::PositionTooLarge: return "raise position_quantity_max or position_notional_max, or reduce first";
    case Denial::GrossTooLarge: return "raise gross_exposure_max, or reduce first";
    case Denial::NetTooLarge: return "raise net_exposure_max, or hedge first";
    case Denial::DailyLoss: return "no entries today unless daily_loss_max is raised";
    case Denial::PriceCollar: return "wait for the market, or widen price_collar_bp";
    case Denial::OrderRate: return "wait, or raise orders_max";
    case Denial::DuplicateOrder: return "nothing to do if one was meant";
    case Denial::TooManyOpenOrders: return "cancel working orders first";
    case Denial::UnknownOrderOutstanding: return "wait for IB's answer, or query the order now";
    case Denial::NotEnoughCash: return "reduce first, or lower cash_min to use margin";
  }
  return "";
}

std::string_view cause_words(KillCause cause) {
  switch (cause) {
    case KillCause::Operator: return "pulled by hand";
    case KillCause::DailyLoss: return "the daily loss limit was reached";
    case KillCause::QueueFull: return "a queue was full";
    case KillCause::RejectStorm: return "too many orders were rejected";
    case KillCause::UnprotectedEntry: return "an entry stood without its stop";
  }
  return "";
}

std::string order_words(const OrderIntent& intent) {
  const auto kind = std::visit(overload{[](const Market&) { return std::string("MKT"); },
                                        [](const Limit& k) { return "LMT " + to_text(k.price); },
                                        [](const Stop& k) { return "STP " + to_text(k.trigger); },
                                        [](const StopLimit& k) { return "STP " + to_text(k.trigger) + " LMT " + to_text(k.price); },
                                        [](const Trail& k) { return "TRAIL " + to_text(k.distance); }},
                               intent.kind);
  return fmt::format("{} {} {}", intent.side == Side::Buy ? "BUY" : "SELL", number(intent.quantity), kind);
}

std::string sentence(const Fact& fact, const Names& names) { return std::visit(Speaker{names}, fact.payload); }

}  // namespace robo
