#include "edge/sim/server/replay.hpp"

#include <algorithm>

namespace robo::sim {

Replay::Replay(runtime::MarketSource& source, std::vector<Calendar> calendars, bool repeat)
    : source_(source), sessions_(source.instruments(), std::move(calendars)), repeat_(repeat) {
  for (const auto& instrument : source.instruments())
    if (tapes_.size() <= instrument.id.value) tapes_.resize(instrument.id.value + 1);
}

bool Replay::fill() {
  ready_.clear();
  at_ = 0;
  auto events = source_.next();
  if (events.empty() && repeat_ && started_) {
    source_.rewind();
    events = source_.next();
    if (events.empty()) return false;
    // Begin again whole weeks later, so that sessions and times of day stay what they were.
    const std::int64_t week = 7 * 86'400'000'000'000;
    const auto span = (last_ - start_).ns;
    shift_ = shift_ + Duration{(span / week + 1) * week};
    start_ = start_ + Duration{(span / week + 1) * week};
  }
  if (events.empty()) return false;
  for (Event event : events) {
    event.at = event.at + shift_;
    event.received_at = event.at;
    PhaseChange change;
    Timestamp when;
    while (sessions_.due() <= event.at && sessions_.turn(event.at, change, when)) ready_.push_back({.at = when, .received_at = when, .payload = change});
    ready_.push_back(event);
  }
  if (!started_) start_ = ready_.front().at, started_ = true;
  return true;
}

const Event* Replay::peek() {
  if (at_ == ready_.size() && (over_ || !fill())) {
    over_ = true;
    return nullptr;
  }
  return &ready_[at_];
}

void Replay::take() {
  note(ready_[at_]);
  last_ = ready_[at_].at;
  ++at_;
  ++played_;
}

void Replay::note(const Event& event) {
  if (const auto* quote = std::get_if<Quote>(&event.payload)) {
    Tape& tape = tapes_[quote->instrument.value];
    tape.quote = *quote;
    tape.has_quote = true;
    if (tape.quotes.size() == kept) tape.quotes.erase(tape.quotes.begin(), tape.quotes.begin() + kept / 2);
    tape.quotes.push_back({event.at, *quote});
  } else if (const auto* trade = std::get_if<Trade>(&event.payload)) {
    Tape& tape = tapes_[trade->instrument.value];
    if ((trade->conditions & trade_condition::not_last) == 0) {
      if (!tape.has_last || tape.open.is_zero()) tape.open = tape.high = tape.low = trade->price;
      tape.last = *trade;
      tape.last_at = event.at;
      tape.has_last = true;
      tape.high = std::max(tape.high, trade->price);
      tape.low = std::min(tape.low, trade->price);
    }
    if ((trade->conditions & trade_condition::not_volume) == 0) tape.volume += trade->size;
    ++tape.trade_count;
    if (tape.trades.size() == kept) tape.trades.erase(tape.trades.begin(), tape.trades.begin() + kept / 2);
    tape.trades.push_back({event.at, *trade});
  } else if (const auto* change = std::get_if<PhaseChange>(&event.payload)) {
    Tape& tape = tapes_[change->instrument.value];
    if (change->trade_date != tape.day) {  // a new day's figures
      tape.day = change->trade_date;
      if (tape.has_last) tape.prior_close = tape.last.price;
      tape.open = tape.high = tape.low = {};
      tape.volume = {};
      tape.trade_count = 0;
    }
    tape.phase = *change;
  }
}

std::optional<std::pair<Price, Quantity>> bar_price(const Quote& quote, BarKind kind) {
  const bool bid = quote.bid_size.is_positive(), ask = quote.ask_size.is_positive();
  switch (kind) {
    case BarKind::Bid: return bid ? std::optional(std::pair{quote.bid, Quantity{}}) : std::nullopt;
    case BarKind::Ask: return ask ? std::optional(std::pair{quote.ask, Quantity{}}) : std::nullopt;
    case BarKind::Midpoint:
      return bid && ask ? std::optional(std::pair{Price::from_raw(quote.bid.raw + (quote.ask.raw - quote.bid.raw) / 2), Quantity{}}) : std::nullopt;
    case BarKind::Trades:
    case BarKind::BidAsk: return std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::pair<Price, Quantity>> bar_price(const Trade& trade, BarKind kind) {
  using namespace trade_condition;
  if (kind != BarKind::Trades || (trade.conditions & (not_last | late | odd_lot)) != 0) return std::nullopt;
  return std::pair{trade.price, (trade.conditions & not_volume) != 0 ? Quantity{} : trade.size};
}

}  // namespace robo::sim
