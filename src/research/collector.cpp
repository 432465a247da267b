#include "research/collector.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <variant>

namespace robo::research {
namespace {

constexpr std::int64_t day_ns = 86'400'000'000'000;

template <class T>
void add_number(Digest& digest, T value) {
  digest.add({reinterpret_cast<const char*>(&value), sizeof value});
}

void add_order(Digest& d, const OrderIntent& order) {
  add_number(d, order.key.session);
  add_number(d, order.key.number);
  add_number(d, order.instrument.value);
  add_number(d, static_cast<std::uint8_t>(order.side));
  add_number(d, order.quantity.raw);
  add_number(d, static_cast<std::uint8_t>(order.kind.index()));
  std::visit(overload{[](const Market&) {},
                      [&](const Limit& k) { add_number(d, k.price.raw); },
                      [&](const Stop& k) { add_number(d, k.trigger.raw); },
                      [&](const StopLimit& k) { add_number(d, k.trigger.raw), add_number(d, k.price.raw); },
                      [&](const Trail& k) { add_number(d, k.distance.raw), add_number(d, k.trigger.raw); }},
             order.kind);
}

}  // namespace

Collector::Collector(CollectorSettings settings) : settings_(std::move(settings)) {
  INVARIANT(settings_.sample.ns > 0);
  record_.sample = settings_.sample;
  for (const std::string& name : settings_.strategies) record_.strategies.push_back({.name = name, .why = {}});
}

StrategyTally& Collector::strategy(StrategyId id) {
  if (id.value == UINT16_MAX) return record_.nobody;
  while (record_.strategies.size() <= id.value) record_.strategies.push_back({.name = "strategy " + std::to_string(record_.strategies.size()), .why = {}});
  return record_.strategies[id.value];
}

void Collector::define(const Instrument& instrument) {
  const std::size_t index = instrument.id.value;
  if (record_.instruments.size() <= index) {
    record_.instruments.resize(index + 1);
    last_price_.resize(index + 1, std::numeric_limits<double>::quiet_NaN());
    half_spread_.resize(index + 1, 0.0);
    position_.resize(index + 1, 0.0);
    quoted_.resize(index + 1, false);
    record_.prices.resize(index + 1, std::vector(record_.times.size(), std::numeric_limits<double>::quiet_NaN()));
    record_.positions.resize(index + 1, std::vector(record_.times.size(), 0.0));
  }
  record_.instruments[index] = instrument;
}

void Collector::price(InstrumentId instrument, double value) {
  if (instrument.value < last_price_.size()) last_price_[instrument.value] = value;
}

void Collector::take_sample() {
  record_.times.push_back(last_market_);
  record_.dates.push_back(trade_date_.days != INT32_MIN ? trade_date_ : Date{static_cast<std::int32_t>(last_market_.ns / day_ns)});
  record_.equity.push_back(equity_);
  record_.commissions.push_back(commission_sum_);
  record_.traded.push_back(traded_);
  record_.gross.push_back(gross_);
  for (std::size_t i = 0; i < last_price_.size(); ++i) {
    record_.prices[i].push_back(last_price_[i]);
    record_.positions[i].push_back(position_[i]);
  }
  market_moved_ = false;
}

void Collector::on_event(const Event& event) {
  ++record_.events;
  const auto market = [&] {
    if (sample_end_.ns == INT64_MIN) {
      last_market_ = event.at;
      take_sample();
    } else if (event.at >= sample_end_ && market_moved_) {
      take_sample();
    }
    if (event.at >= sample_end_)
      sample_end_ = Timestamp{(event.at.ns / settings_.sample.ns + 1) * settings_.sample.ns};
    last_market_ = event.at;
    market_moved_ = true;
  };
  std::visit(overload{
                 [&](const Quote& q) {
                   market();
                   if (q.bid_size.is_positive() && q.ask_size.is_positive() && q.bid < q.ask && q.instrument.value < quoted_.size()) {
                     quoted_[q.instrument.value] = true;
                     half_spread_[q.instrument.value] = (q.ask.to_double() - q.bid.to_double()) / 2;
                     price(q.instrument, (q.bid.to_double() + q.ask.to_double()) / 2);
                   }
                 },
                 [&](const Trade& t) {
                   market();
                   if (t.instrument.value < quoted_.size() && !quoted_[t.instrument.value] && (t.conditions & trade_condition::not_last) == 0)
                     price(t.instrument, t.price.to_double());
                 },
                 [&](const Boxed<Bar>& b) {
                   market();
                   if (b->instrument.value < quoted_.size() && !quoted_[b->instrument.value]) price(b->instrument, b->close.to_double());
                 },
                 [&](const DepthRow&) { market(); },
                 [&](const DepthLevel&) { market(); },
                 [&](const PhaseChange& p) { trade_date_ = std::max(trade_date_, p.trade_date); },
                 [&](const Boxed<Instrument>& i) { define(*i); },
                 [&](const Boxed<EngineStarted>& e) { equity_ = e->starting_cash.to_double(); },
                 [](const auto&) {},
             },
             event.payload);
}

void Collector::on_command(Timestamp at, const Command& command) {
  add_number(commands_, at.ns);
  add_number(commands_, static_cast<std::uint8_t>(command.index()));
  std::visit(overload{
                 [&](const SubmitOrder& c) { ++record_.orders, add_order(commands_, c.order.intent()); },
                 [&](const ModifyOrder& c) { ++record_.modifications, add_order(commands_, c.order.intent()); },
                 [&](const CancelOrder& c) { ++record_.cancellations, add_number(commands_, c.key.number); },
                 [](const auto&) {},
             },
             command);
}

void Collector::on_fact(const Fact& fact) {
  std::visit(overload{
                 [&](const EquityMarked& e) {
                   equity_ = e.equity.to_double();
                   commission_sum_ = e.commissions.to_double();
                   gross_ = e.gross_exposure.to_double();
                 },
                 [&](const OrderFilled& f) {
                   const Execution& e = f.execution;
                   const auto multiplier = e.instrument.value < record_.instruments.size()
                                               ? static_cast<double>(record_.instruments[e.instrument.value].multiplier)
                                               : 1.0;
                   FillRow row{.at = fact.at, .instrument = e.instrument, .side = e.side, .purpose = f.intent.purpose,
                               .quantity = e.quantity.to_double(), .price = e.price.to_double(),
                               .notional = std::abs(e.quantity.to_double() * e.price.to_double() * multiplier),
                               .arrival = f.arrival_price.to_double(), .half_spread = e.instrument.value < half_spread_.size() ? half_spread_[e.instrument.value] : 0.0, .realized = f.realized.to_double(),
                               .position_after = f.position_after.to_double(), .lead = StrategyId(UINT16_MAX)};
                   double most = -1;
                   for (std::size_t i = 0; i < f.intent.reason.contribution_count; ++i) {
                     const Contribution& c = f.intent.reason.contributions[i];
                     if (std::abs(c.quantity.to_double()) > most) most = std::abs(c.quantity.to_double()), row.lead = c.strategy;
                   }
                   ++strategy(row.lead).fills;
                   traded_ += row.notional;
                   if (e.instrument.value < position_.size()) position_[e.instrument.value] = row.position_after;
                   record_.fills.push_back(row);
                 },
                 [&](const PositionChanged& p) {
                   if (p.instrument.value < position_.size()) position_[p.instrument.value] = p.quantity.to_double();
                 },
                 [&](const OrderDenied& d) { ++record_.denials[static_cast<std::size_t>(d.reason)]; },
                 [&](const OrderChanged& o) { record_.rejections += o.state == OrderState::Rejected && o.previous != OrderState::Rejected; },
                 [&](const SignalRaised& s) { ++record_.signals, ++strategy(s.strategy).signals; },
                 [&](const TargetSet&) { ++record_.targets; },
                 [&](const StrategyMarked& m) {
                   if (m.strategy.value == UINT16_MAX) return;  // fills of nobody of ours are in the account's figures
                   StrategyTally& tally = strategy(m.strategy);
                   tally.realized = m.realized.to_double();
                   tally.unrealized = m.unrealized.to_double();
                   tally.commissions = m.commissions.to_double();
                   tally.weight = m.weight;
                 },
                 [&](const StrategyChanged& c) {
                   StrategyTally& tally = strategy(c.strategy);
                   tally.state = c.state;
                   tally.why = c.why.view();
                 },
                 [](const auto&) {},
             },
             fact.payload);
}

Record Collector::finish() {
  if (market_moved_) take_sample();
  record_.commands = commands_.finish();
  return std::move(record_);
}

}  // namespace robo::research
