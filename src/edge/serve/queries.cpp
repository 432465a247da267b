// What is asked of one instrument or one order.

#include <algorithm>
#include <map>

#include "edge/serve/frames.hpp"
#include "edge/serve/read_model.hpp"

namespace robo::serve {
namespace {

bool working(const view::Order& order) { return order.state < view::OrderState::Filled || order.state == view::OrderState::Unknown; }
bool has(std::uint32_t flags, double bit) { return (flags & static_cast<std::uint32_t>(bit)) != 0; }

}  // namespace

view::Chart ReadModel::chart(std::uint32_t instrument, std::size_t length, std::size_t limit) const {
  view::Chart chart{.instrument = instrument, .bar = std::string(bar_lengths[length].name), .source = "midpoint"};
  std::optional<Timestamp> from;
  if (const auto* market = this->market(instrument)) {
    chart.source = market->from_trades() ? "trades" : "midpoint";
    chart.gaps = market->gaps();
    const auto& bars = market->candles(length);
    for (auto i = bars.size() - std::min(bars.size(), limit); i < bars.size(); ++i) {
      const auto& bar = bars[i];
      const double volume = bar.volume.to_double();
      chart.candles.push_back({.at = bar.at, .open = bar.open, .high = bar.high, .low = bar.low, .close = bar.close, .volume = bar.volume,
                               .vwap = volume > 0 ? std::optional(Price::nearest(bar.price_volume / volume)) : std::nullopt});
    }
    if (!chart.candles.empty()) from = chart.candles.front().at;
  }
  orders_.each([&](const view::Order& order) {
    if (order.instrument == instrument && working(order)) chart.orders.push_back(order);
  });
  fills_.each([&](const view::Fill& fill) {
    if (fill.instrument == instrument && (!from || fill.at >= *from)) chart.fills.push_back(fill);
  });
  signals_.each([&](const view::Signal& signal) {
    if (signal.instrument == instrument && (!from || signal.at >= *from)) chart.signals.push_back(signal);
  });
  return chart;
}

view::Depth ReadModel::depth(std::uint32_t instrument) const {
  const auto* market = this->market(instrument);
  if (market == nullptr) return {.instrument = instrument, .bids = {}, .asks = {}, .at = {}};
  auto depth = market->depth();
  struct Own {
    Quantity size{};
    std::optional<double> queue_percent{};
  };
  std::map<std::pair<view::Side, Price>, Own> own;
  orders_.each([&](const view::Order& order) {
    if (order.instrument == instrument && working(order) && order.limit && order.type == view::OrderType::Limit) {
      auto& mine = own[{order.side, *order.limit}];
      mine.size += order.quantity - order.filled;
      if (order.queue_percent) mine.queue_percent = std::min(mine.queue_percent.value_or(100), *order.queue_percent);  // the first of ours
    }
  });
  const auto add = [&](std::vector<view::DepthLevel>& levels, view::Side side) {
    for (auto& level : levels)
      if (const auto mine = own.find({side, level.price}); mine != own.end()) {
        level.own = mine->second.size;
        level.queue_percent = mine->second.queue_percent;
      }
  };
  add(depth.bids, view::Side::Buy);
  add(depth.asks, view::Side::Sell);
  return depth;
}

view::Tape ReadModel::tape(std::uint32_t instrument, std::size_t limit) const {
  view::Tape tape{.instrument = instrument, .prints = {}};
  const auto* market = this->market(instrument);
  if (market == nullptr) return tape;
  const auto& prints = market->prints();
  for (auto print = prints.rbegin(); print != prints.rend() && tape.prints.size() < limit; ++print) {
    tape.prints.push_back({.id = print->id,
                           .at = print->at,
                           .price = print->price,
                           .size = print->size,
                           .side = print->side,
                           .venue = std::string(venues_.name(print->venue)),
                           .off_exchange = has(print->flags, frames::trade_off_exchange),
                           .sweep = has(print->flags, frames::trade_sweep),
                           .block = has(print->flags, frames::trade_block),
                           .odd_lot = has(print->flags, frames::trade_odd_lot),
                           .cancelled = has(print->flags, frames::trade_cancelled)});
  }
  return tape;
}

const view::Why* ReadModel::why(const std::string& order) const {
  const auto found = whys_.find(order);
  return found == whys_.end() ? nullptr : &found->second;
}

view::FlattenPreview ReadModel::flatten_preview() const {
  view::FlattenPreview preview;
  std::map<std::uint32_t, bool> unknown;
  orders_.each([&](const view::Order& order) {
    if (!working(order)) return;
    if (order.state == view::OrderState::Unknown) {
      ++preview.orders_unknown;
      unknown[order.instrument] = true;
    }
    ++(order.purpose == view::Purpose::Entry ? preview.entries_working : preview.exits_working);
  });
  positions_.each([&](const view::Position& position) {
    if (position.quantity.is_zero()) return;
    view::FlattenLeg leg{.instrument = position.instrument, .side = position.quantity.is_positive() ? view::Side::Sell : view::Side::Buy, .quantity = position.quantity.abs(), .value = {}, .spread_cost = {}, .cannot = {}};
    const auto* market = this->market(position.instrument);
    const auto* instrument = instruments_.find(position.instrument);
    const auto multiplier = instrument != nullptr ? instrument->multiplier : 1;
    if (market != nullptr && market->quote().bid && market->quote().ask && *market->quote().bid <= *market->quote().ask) {
      const auto& quote = market->quote();
      leg.value = notional(*market->mark(), leg.quantity, multiplier);
      leg.spread_cost = Money::from_raw(notional(Price::from_raw(quote.ask->raw - quote.bid->raw), leg.quantity, multiplier).raw / 2);
      preview.traded_value += *leg.value;
      preview.spread_cost += *leg.spread_cost;
    }
    if (unknown.contains(position.instrument)) leg.cannot = "an order of it is UNKNOWN: it is cancelled first, then the position is read from the broker";
    else if (market != nullptr && market->phase() == TradingPhase::Halted) leg.cannot = "it is halted";
    else if (market != nullptr && market->phase() == TradingPhase::Closed) leg.cannot = "its session is closed";
    else if (!leg.value) leg.cannot = "it has no two-sided quote";
    preview.realizes += position.unrealized_pnl;
    preview.legs.push_back(std::move(leg));
  });
  const double equity = account_.net_liquidation.to_double();
  preview.traded_percent = equity > 0 ? preview.traded_value.to_double() / equity * 100 : 0;
  return preview;
}

}  // namespace robo::serve
