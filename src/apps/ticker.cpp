#include "apps/ticker.hpp"

#include <fmt/core.h>

#include "apps/terminal.hpp"

namespace robo::apps {

using terminal::Tone;

void Ticker::print_header() {
  terminal::print(terminal::paint(Tone::Dim, "  time          net liq         day P&L   drawdown  orders   fills  tick→order p50       p99"));
}

std::string Ticker::clock(Timestamp at, bool seconds) const {
  const auto since = zone_.to_local(at).since_midnight.ns / 1'000'000'000;
  return seconds ? fmt::format("{:02}:{:02}:{:02}", since / 3600, since / 60 % 60, since % 60) : fmt::format("{:02}:{:02}", since / 3600, since / 60 % 60);
}

std::string Ticker::symbol(InstrumentId id) const { return id.value < symbols_.size() ? symbols_[id.value] : "?"; }

void Ticker::on_event(const Event& event) {
  if (const auto* instrument = std::get_if<Boxed<Instrument>>(&event.payload)) {
    const auto index = std::size_t{(*instrument)->id.value};
    if (symbols_.size() <= index) symbols_.resize(index + 1);
    symbols_[index] = (*instrument)->symbol.view();
  }
}

void Ticker::on_command(Timestamp, const Command& command) { orders_ += std::holds_alternative<SubmitOrder>(command); }

void Ticker::line(const EquityMarked& marked, Timestamp at) {
  const auto latency = [](std::int64_t ns) { return ns == 0 ? std::string("—") : terminal::duration(static_cast<double>(ns) * 1e-9); };
  terminal::print(fmt::format("  {}  {}  {}  {}  {:>6}  {:>6}  {} {}", clock(at, false), terminal::padded(terminal::grouped(marked.equity.to_double(), 2), -14),
                              terminal::padded(terminal::grouped(marked.day_pnl.to_double(), 2, true), -14),
                              terminal::padded(fmt::format("−{:.2f} %", marked.drawdown * 100), -9), orders_, fills_,
                              terminal::padded(latency(health_.order_ns_p50), -14), terminal::padded(latency(health_.order_ns_p99), -9)));
}

void Ticker::on_fact(const Fact& fact) {
  const auto tell = [&](Tone tone, const std::string& text) {
    terminal::print(fmt::format("  {}  {}", clock(fact.at, true), terminal::paint(tone, text)));
  };
  std::visit(overload{[&](const EquityMarked& marked) {
                        if (fact.at < next_) return;
                        if (next_.ns != INT64_MIN) line(marked, fact.at);
                        next_ = {fact.at.ns - fact.at.ns % every_.ns + every_.ns};
                      },
                      [&](const OrderFilled&) { ++fills_; },
                      [&](const OrderChanged& changed) {
                        const bool odd = changed.state == OrderState::Rejected || changed.state == OrderState::Unknown;
                        if (odd && changed.state != changed.previous)
                          tell(Tone::Warn, fmt::format("▲ {} {} {}: {}{}", symbol(changed.intent.instrument), to_text(changed.intent.side),
                                                       to_text(changed.intent.quantity), to_text(changed.state),
                                                       changed.text.empty() ? std::string() : fmt::format(": {} ({})", changed.text.view(), changed.code)));
                      },
                      [&](const KillChanged& kill) {
                        tell(Tone::Bad, kill.killed ? fmt::format("◆ kill switch: {} ({}) {}", to_text(kill.cause), kill.who.view(), kill.reason.view())
                                                    : "kill switch reset: entries are possible again");
                      },
                      [&](const StrategyChanged& changed) {
                        if (changed.state == StrategyState::Failed) tell(Tone::Bad, fmt::format("▲ strategy {} stopped: {}", changed.strategy.value, changed.why.view()));
                      },
                      [&](const GatewayNoted& noted) {
                        tell(noted.change.state == GatewayState::Ready ? Tone::Good : Tone::Warn,
                             fmt::format("gateway {}{}", to_text(noted.change.state), noted.change.text.empty() ? std::string() : fmt::format(": {}", noted.change.text.view())));
                      },
                      [&](const ReconciliationNoted& note) {
                        tell(Tone::Plain, fmt::format("reconciled: {} orders known, {} adopted, {} gone, {} fills missed, {} positions differ{}", note.orders_known,
                                                      note.orders_adopted, note.orders_gone, note.fills_missed, note.positions_differing,
                                                      note.complete ? "" : "; an answer is missing, it is tried again"));
                      },
                      [](const auto&) {}},
             fact.payload);
}

}  // namespace robo::apps
