#include "edge/serve/read_model.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "edge/serve/sentences.hpp"

namespace robo::serve {
namespace {

constexpr double stale_after_s = 3;      // desk.md, section 8: stream > 3 s
constexpr double slow_tick_s = 0.2;      // marks and figures move at most five times a second

}  // namespace

ReadModel::ReadModel(Catalogue catalogue) : catalogue_(std::move(catalogue)), status_(catalogue_.status) {
  account_.currency = catalogue_.currency;
  for (const auto& instrument : catalogue_.instruments) instruments_.touch(instrument.id, next()) = instrument;
  for (const auto& strategy : catalogue_.strategies) strategies_.touch(strategy.name, next()) = strategy;
  for (const auto& limit : catalogue_.limits) touch_limit(limits_.touch(limit.name, next()) = limit);
  status_version_ = account_version_ = next();
}

ReadModel::~ReadModel() = default;

void ReadModel::apply(const Word& word) {
  if (word.at.ns != 0) now_ = word.at;
  engine_now_ = std::max(engine_now_, now_);
  std::visit(
      [&]<class T>(const T& payload) {
        if constexpr (std::same_as<T, FactPayload>) std::visit([&](const auto& fact) { fold(fact); }, payload);
        else if constexpr (!std::same_as<T, std::monostate>) fold(payload);
      },
      word.payload);
}

void ReadModel::apply(const Event& event) {
  engine_now_ = std::max(engine_now_, event.at);
  last_data_ = steady_;
  const auto version = ++market_version_;
  std::visit(
      [&]<class T>(const T& payload) {
        if constexpr (std::same_as<T, Trade>) {
          market_of(payload.instrument).apply(payload, event.at, version, steady_, venues_);
          advance_queues(payload);
        }
        else if constexpr (std::same_as<T, Quote> || std::same_as<T, DepthRow> || std::same_as<T, DepthLevel>) market_of(payload.instrument).apply(payload, event.at, version, steady_);
        else if constexpr (std::same_as<T, DepthReset>) market_of(payload.instrument).apply(payload, version);
      },
      event.payload);
  marks_moved_ = true;
}

void ReadModel::tick(double now, const Figures& figures, std::uint64_t dropped) {
  steady_ = now;
  if (now - last_slow_tick_ < slow_tick_s) return;
  last_slow_tick_ = now;
  std::uint32_t live = 0, total = 0;
  for (auto& [id, market] : markets_) {
    if (market.check_age(now, stale_after_s, market_version_ + 1)) ++market_version_;
    if (market.phase() == TradingPhase::Closed) continue;
    ++total;
    live += now - market.seen() <= stale_after_s ? 1 : 0;
  }
  if (marks_moved_) {
    mark_positions();
    tell_queues();
    tell_relative_volumes();
  }
  measure_limits();
  marks_moved_ = false;

  status_.now = engine_now_;
  if (health_.order_ns_p50 > 0) {  // there was an order
    status_.tick_to_order_p50_us = static_cast<double>(health_.order_ns_p50) * 1e-3;
    status_.tick_to_order_p99_us = static_cast<double>(health_.order_ns_p99) * 1e-3;
  }
  status_.streams_live = live;
  status_.streams_total = total;
  status_.data_age_ms = last_data_ > -1e17 ? std::optional(std::max(0.0, (now - last_data_) * 1e3)) : std::nullopt;
  status_.speed = figures.speed;
  status_.events_dropped = dropped + health_.market_events_dropped;
  status_.gateway.lines_used = figures.lines_used;
  status_.gateway.lines_max = figures.lines_max;
  status_.gateway.messages_per_second = figures.messages_per_second;
  status_.gateway.messages_per_second_max = figures.messages_per_second_max;
  status_version_ = next();
}

void ReadModel::note(view::LogLevel level, view::LogTopic topic, std::string text) {
  now_ = engine_now_;
  log({.level = level, .topic = topic, .text = std::move(text), .instrument = {}, .order = {}, .strategy = {}});
}

void ReadModel::log(Line line) {
  const auto id = ++log_id_;
  log_.touch(id, next()) = {.id = id, .at = now_, .level = line.level, .topic = line.topic, .text = std::move(line.text), .instrument = line.instrument,
                            .order = std::move(line.order), .strategy = std::move(line.strategy)};
}

MarketView& ReadModel::market_of(InstrumentId instrument) { return markets_.try_emplace(instrument.value, instrument.value).first->second; }

const MarketView* ReadModel::market(std::uint32_t instrument) const {
  const auto found = markets_.find(instrument);
  return found == markets_.end() ? nullptr : &found->second;
}

std::string ReadModel::symbol(InstrumentId instrument) const {
  const auto* known = instruments_.find(instrument.value);
  if (instrument.value == UINT32_MAX) return "The market";
  return known != nullptr ? known->symbol : fmt::format("#{}", instrument.value);
}

std::string ReadModel::strategy_name(StrategyId strategy) const {
  const auto& known = catalogue_.strategies;
  return strategy.value < known.size() ? known[strategy.value].name : strategy.value == UINT16_MAX ? "unattributed" : fmt::format("strategy {}", strategy.value);
}

std::optional<StrategyId> ReadModel::strategy_id(std::string_view name) const {
  for (std::size_t i = 0; i < catalogue_.strategies.size(); ++i)
    if (catalogue_.strategies[i].name == name) return StrategyId{static_cast<std::uint16_t>(i)};
  return std::nullopt;
}

std::string ReadModel::price_text(InstrumentId instrument, Price price) const {
  const auto* known = instruments_.find(instrument.value);
  return serve::price_text(price, known != nullptr ? known->price_decimals : 2);
}

// ---- the whole and its changes ---------------------------------------------------------------------------------------

std::vector<view::Quote> ReadModel::quotes() const {
  std::vector<view::Quote> out;
  for (const auto& [id, market] : markets_)
    if (market.quote().at) out.push_back(market.quote());
  return out;
}

std::vector<view::EquityPoint> ReadModel::equity() const {
  std::vector<view::EquityPoint> out;
  out.reserve(equity_.size());
  for (const auto& point : equity_) out.push_back(point.point);
  return out;
}

view::Desk ReadModel::desk() const {
  return {.status = status_,
          .account = account_,
          .instruments = instruments(),
          .quotes = quotes(),
          .positions = positions(),
          .orders = orders(),
          .fills = fills(),
          .denials = denials(),
          .strategies = strategies(),
          .limits = limits(),
          .equity = equity(),
          .regimes = regimes(),
          .signals = signals(),
          .log = log()};
}

view::Changes ReadModel::changes_since(std::uint64_t seq) const {
  view::Changes changes;
  if (status_version_ > seq) changes.status = status_;
  if (account_version_ > seq) changes.account = account_;
  changes.instruments = instruments_.since(seq);
  changes.positions = positions_.since(seq);
  changes.orders = orders_.since(seq);
  changes.fills = fills_.since(seq);
  changes.denials = denials_.since(seq);
  changes.strategies = strategies_.since(seq);
  changes.limits = limits_.since(seq);
  changes.regimes = regimes_.since(seq);
  changes.signals = signals_.since(seq);
  changes.log = log_.since(seq);
  for (const auto& [version, point] : equity_) {
    if (version <= seq) continue;
    if (!changes.equity) changes.equity.emplace();
    changes.equity->push_back(point);
  }
  return changes;
}

// ---- marks -----------------------------------------------------------------------------------------------------------

bool ReadModel::in_base(std::string_view currency) const {
  const std::string_view base = account_.currency;
  return currency.empty() || currency == base || (base == "USD" && (currency == "USDT" || currency == "USDC"));  // coins at par, as the kernel counts them
}

void ReadModel::mark_position(view::Position& position) {
  const auto* market = this->market(position.instrument);
  const auto* instrument = instruments_.find(position.instrument);
  const auto mark = market != nullptr ? market->mark() : std::nullopt;
  const auto multiplier = instrument != nullptr ? instrument->multiplier : 1;
  if (mark) position.last = mark;
  if (mark && position.average && !position.quantity.is_zero()) {
    position.value = notional(*mark, position.quantity, multiplier);
    position.unrealized_pnl = position.value - notional(*position.average, position.quantity, multiplier);
  } else if (position.quantity.is_zero()) {
    position.value = position.unrealized_pnl = Money{};
  }
  position.day_pnl = position.realized_pnl + position.unrealized_pnl - position.commission;
  const auto equity = account_.net_liquidation.to_double();
  position.weight_percent = equity > 0 ? position.value.to_double() / equity * 100 : 0;
}

void ReadModel::mark_positions() {
  bool moved = false;
  for (const auto& before : positions_.rows()) {
    auto after = before;
    mark_position(after);
    if (after.value == before.value && after.last == before.last && after.unrealized_pnl == before.unrealized_pnl) continue;
    positions_.touch(after.instrument, next()) = after;
    moved = true;
  }
  if (moved) totals();
}

void ReadModel::totals() {
  Money unrealized = foreign_unrealized_, gross, net;
  positions_.each([&](const view::Position& position) {
    if (!in_base(position.currency)) return;
    unrealized += position.unrealized_pnl;
    gross += position.value.abs();
    net += position.value;
  });
  account_.unrealized_pnl = unrealized;
  account_.net_liquidation = equity_base_ + unrealized;
  account_.day_pnl = day_base_ + unrealized;
  account_.gross_exposure = foreign_ ? foreign_gross_ : gross;
  account_.net_exposure = foreign_ ? foreign_net_ : net;
  equity_peak_ = std::max(equity_peak_, account_.net_liquidation);
  const auto equity = account_.net_liquidation.to_double();
  const auto percent = [&](Money part, double whole) { return whole > 0 ? part.to_double() / whole * 100 : 0.0; };
  account_.gross_exposure_percent = percent(account_.gross_exposure, equity);
  account_.net_exposure_percent = percent(account_.net_exposure, equity);
  account_.day_pnl_percent = percent(account_.day_pnl, equity - account_.day_pnl.to_double());
  account_.drawdown_percent = percent(account_.net_liquidation - equity_peak_, equity_peak_.to_double());
  account_version_ = next();
}

}  // namespace robo::serve
