#include "edge/ib/questions.hpp"

#include <memory>
#include <utility>

#include <fmt/format.h>

#include "edge/ib/time_text.hpp"
#include "model/sale_conditions.hpp"
#include "model/venue.hpp"

namespace robo::ib {

namespace {

/// Takes what waits for `id` out of `waiting`: answering may ask anew.
template <class Map>
auto take(Map& waiting, std::int32_t id) -> std::optional<typename Map::mapped_type> {
  const auto found = waiting.find(id);
  if (found == waiting.end()) return std::nullopt;
  auto out = std::move(found->second);
  waiting.erase(found);
  return out;
}

std::optional<Bar> bar_of(const wire::HistoricalBar& row, const HistoryRequest& request) {
  const auto start = parse_time(row.date);
  Bar bar{.instrument = request.instrument, .period = request.period};
  if (!start || !take_price(row.open, bar.open) || !take_price(row.high, bar.high) || !take_price(row.low, bar.low) ||
      !take_price(row.close, bar.close)) {
    return std::nullopt;
  }
  bar.start = *start;
  // Anything but trades has -1 here.
  if (row.volume.is_positive()) (void)take_quantity(row.volume, bar.volume);
  if (row.wap.is_positive()) (void)take_price(row.wap, bar.vwap);
  bar.trades = row.barCount > 0 ? static_cast<std::uint32_t>(row.barCount) : 0;
  return bar;
}

}  // namespace

void Questions::bars(const HistoryRequest& request, Answer<std::vector<Bar>> answer) {
  const Instrument* instrument = desk_.instruments.find(request.instrument);
  if (instrument == nullptr || !desk_.link.is_up()) return answer(fail(Failure{.text = "not connected, or the contract is not known"}));
  const std::string contract = fmt::format("{}|{}|{}", instrument->contract.value, instrument->exchange.view(), request.what);
  HistoryPacing::Ask ask{.contract = contract,
                         .exactly = fmt::format("{}|{}|{}|{}|{}", contract, request.end, request.duration, request.bar_size, request.regular_hours),
                         .small = request.period <= seconds(30),
                         .twice = request.what == "BID_ASK"};
  for (auto& [id, open] : histories_)
    if (open.ask.exactly == ask.exactly) return open.answers.push_back(std::move(answer));
  for (Waiting& waiting : waiting_)
    if (waiting.ask.exactly == ask.exactly) return waiting.history.answers.push_back(std::move(answer));
  Waiting waiting{.ask = ask, .deadline = desk_.now + desk_.settings.limits.history_window * 2};
  waiting.history = {.request = request, .ask = std::move(ask)};
  waiting.history.answers.push_back(std::move(answer));
  waiting_.push_back(std::move(waiting));
  work();
}

void Questions::work() {
  for (std::size_t i = 0; i < waiting_.size();) {
    if (desk_.now > waiting_[i].deadline) {
      const Waiting late = std::move(waiting_[i]);
      waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
      const Failure failure{.text = "IB's limits for historical data left no room for it in time"};
      for (const auto& answer : late.history.answers) answer(fail(failure));
      for (const auto& answer : late.heads) answer(fail(failure));
      if (late.ticks) late.ticks(fail(failure));
      continue;
    }
    if (pacing_.earliest(waiting_[i].ask, desk_.now) > desk_.now) {
      ++i;
      continue;
    }
    Waiting next = std::move(waiting_[i]);
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
    pacing_.sent(next.ask, desk_.now);
    if (!next.heads.empty()) send_head(std::move(next));
    else if (next.ticks) send_ticks(std::move(next));
    else send(std::move(next.history));
  }
}

void Questions::connection_lost() {
  pacing_.all_ended();
  const auto lost = std::exchange(waiting_, {});
  for (const Waiting& one : lost) {
    for (const auto& answer : one.history.answers) answer(fail(Failure{.text = "the connection was lost before it was asked"}));
    for (const auto& answer : one.heads) answer(fail(Failure{.text = "the connection was lost before it was asked"}));
    if (one.ticks) one.ticks(fail(Failure{.text = "the connection was lost before it was asked"}));
  }
}

void Questions::finish_history(std::int32_t id) {
  auto history = take(histories_, id);
  if (!history) return;
  pacing_.ended();
  if (!desk_.requests.answered(id)) return;
  for (const auto& answer : history->answers) answer(history->bars);
}

void Questions::send(History history) {
  const HistoryRequest& request = history.request;
  const Instrument* instrument = desk_.instruments.find(request.instrument);
  auto id = std::make_shared<std::int32_t>(0);
  *id = desk_.requests.question(desk_.now + desk_.settings.request_timeout * 3, [this, id](const Failure& failure) {
    const auto failed = take(histories_, *id);
    if (!failed) return;
    pacing_.ended();
    for (const auto& answer : failed->answers) answer(fail(failure));
  });
  wire::ReqHistoricalData ask;
  ask.reqId = *id;
  ask.contract = contract_of(*instrument);
  ask.endDateTime = request.end;
  ask.barSize = request.bar_size;
  ask.duration = request.duration;
  ask.useRTH = request.regular_hours;
  ask.whatToShow = request.what;
  ask.formatDate = 2;  // epoch seconds need no zone
  const auto sent = desk_.link.send(ask, Pace::Request);
  histories_[*id] = std::move(history);
  if (!sent) desk_.requests.failed(*id, {.text = to_text(sent.error())});
}

void Questions::ticks(const TickRequest& request, Answer<std::vector<PastTick>> answer) {
  const Instrument* instrument = desk_.instruments.find(request.instrument);
  if (instrument == nullptr || !desk_.link.is_up()) return answer(fail(Failure{.text = "not connected, or the contract is not known"}));
  if (desk_.link.version() < wire::ReqHistoricalTicks::since) return answer(fail(Failure{.code = 503, .text = "the gateway is too old for historical ticks"}));
  const std::string contract = fmt::format("{}|{}|{} ticks", instrument->contract.value, instrument->exchange.view(), request.what);
  waiting_.push_back({.ask = {.contract = contract, .exactly = fmt::format("{}|{}|{}|{}", contract, request.from.ns, request.count, request.regular_hours), .small = true, .twice = request.what == "BID_ASK"},
                      .tick = request,
                      .ticks = std::move(answer),
                      .deadline = desk_.now + desk_.settings.limits.history_window * 2});
  work();
}

void Questions::send_ticks(Waiting waiting) {
  auto id = std::make_shared<std::int32_t>(0);
  *id = desk_.requests.question(desk_.now + desk_.settings.request_timeout * 3, [this, id](const Failure& failure) {
    const auto failed = take(ticks_, *id);
    if (!failed) return;
    pacing_.ended();
    failed->answer(fail(failure));
  });
  const std::string from = utc_text(waiting.tick.from);
  wire::ReqHistoricalTicks ask;
  ask.reqId = *id;
  ask.contract = contract_of(*desk_.instruments.find(waiting.tick.instrument));
  ask.startDateTime = from;
  ask.numberOfTicks = waiting.tick.count;
  ask.whatToShow = waiting.tick.what;
  ask.useRTH = waiting.tick.regular_hours;
  const auto sent = desk_.link.send(ask, Pace::Request);
  ticks_[*id] = {.request = waiting.tick, .answer = std::move(waiting.ticks)};
  if (!sent) desk_.requests.failed(*id, {.text = to_text(sent.error())});
}

void Questions::on(const wire::HistoricalTicksLast& page) {
  const auto found = ticks_.find(page.reqId);
  if (found == ticks_.end()) return;
  for (const auto& row : page.ticks) {
    Trade trade{.instrument = found->second.request.instrument, .venue = venue_letter(row.exchange)};
    if (!take_price(row.price, trade.price) || !take_quantity(row.size, trade.size)) {
      ++desk_.counters.strange_values;
      continue;
    }
    trade.conditions = conditions_of(row.specialConditions, trade.venue);
    constexpr std::int32_t unreported = 2;
    // As with ticks of today: without letters that say why, nobody knows whether it is volume.
    if ((row.mask & unreported) != 0 && (trade.conditions & trade_condition::not_last) == 0)
      trade.conditions = static_cast<std::uint16_t>(trade.conditions | trade_condition::not_last | trade_condition::not_volume);
    found->second.found.push_back({.at = {row.time * 1'000'000'000}, .tick = trade, .sale_conditions = row.specialConditions});
  }
  if (page.done) finish_ticks(page.reqId);
}

void Questions::on(const wire::HistoricalTicksBidAsk& page) {
  const auto found = ticks_.find(page.reqId);
  if (found == ticks_.end()) return;
  for (const auto& row : page.ticks) {
    Quote quote{.instrument = found->second.request.instrument};
    if (!take_price(row.priceBid, quote.bid) || !take_price(row.priceAsk, quote.ask) || !take_quantity(row.sizeBid, quote.bid_size) || !take_quantity(row.sizeAsk, quote.ask_size)) {
      ++desk_.counters.strange_values;
      continue;
    }
    found->second.found.push_back({.at = {row.time * 1'000'000'000}, .tick = quote});
  }
  if (page.done) finish_ticks(page.reqId);
}

void Questions::finish_ticks(std::int32_t id) {
  auto asked = take(ticks_, id);
  if (!asked) return;
  pacing_.ended();
  if (desk_.requests.answered(id)) asked->answer(std::move(asked->found));
}

void Questions::head(InstrumentId which, std::string_view what, Answer<Timestamp> answer) {
  const Instrument* instrument = desk_.instruments.find(which);
  if (instrument == nullptr || !desk_.link.is_up()) return answer(fail(Failure{.text = "not connected, or the contract is not known"}));
  const std::string contract = fmt::format("{}|{}|{}", instrument->contract.value, instrument->exchange.view(), what);
  HistoryPacing::Ask ask{.contract = contract, .exactly = contract + "|head"};
  for (auto& [id, open] : heads_)
    if (open.ask.exactly == ask.exactly) return open.answers.push_back(std::move(answer));
  for (Waiting& waiting : waiting_)
    if (waiting.ask.exactly == ask.exactly) return waiting.heads.push_back(std::move(answer));
  Waiting waiting{.ask = std::move(ask), .head_of = which, .head_what = std::string(what),
                  .deadline = desk_.now + desk_.settings.limits.history_window};
  waiting.heads.push_back(std::move(answer));
  waiting_.push_back(std::move(waiting));
  work();
}

void Questions::send_head(Waiting waiting) {
  auto id = std::make_shared<std::int32_t>(0);
  *id = desk_.requests.question(desk_.now + desk_.settings.request_timeout, [this, id](const Failure& failure) {
    const auto failed = take(heads_, *id);
    if (!failed) return;
    pacing_.ended();
    for (const auto& answer : failed->answers) answer(fail(failure));
  });
  wire::ReqHeadTimeStamp ask;
  ask.reqId = *id;
  ask.contract = contract_of(*desk_.instruments.find(waiting.head_of));
  ask.whatToShow = waiting.head_what;
  ask.formatDate = 2;
  const auto sent = desk_.link.send(ask, Pace::Request);
  heads_[*id] = {.ask = std::move(waiting.ask), .answers = std::move(waiting.heads)};
  if (!sent) desk_.requests.failed(*id, {.text = to_text(sent.error())});
}

void Questions::contracts(const ContractSpec& spec, Answer<std::vector<KnownContract>> answer) {
  if (!desk_.link.is_up()) return answer(fail(Failure{.text = "not connected"}));
  const std::int32_t id = desk_.requests.question(desk_.now + desk_.settings.request_timeout,
                                                  [answer](const Failure& failure) { answer(fail(failure)); });
  wire::ReqContractDetails ask;
  ask.reqId = id;
  ask.contract = contract_of(spec);
  searches_[id] = {.spec = spec, .answer = std::move(answer)};
  if (const auto sent = desk_.link.send(ask, Pace::Request); !sent) desk_.requests.failed(id, {.text = to_text(sent.error())});
}

void Questions::market_rule(std::int32_t rule, Answer<TickTable> answer) {
  if (!desk_.link.is_up() || desk_.link.version() < wire::ReqMarketRule::since) {
    return answer(fail(Failure{.text = "not connected, or the gateway is too old for market rules"}));
  }
  const bool asked = rules_.contains(rule);
  rules_.emplace(rule, std::move(answer));
  if (!asked) (void)desk_.link.send(wire::ReqMarketRule{.marketRuleId = rule}, Pace::Request);
}

void Questions::on(const wire::HistoricalData& data) {
  const auto found = histories_.find(data.reqId);
  if (found == histories_.end()) return;
  for (const auto& row : data.bars) {
    if (const auto bar = bar_of(row, found->second.request)) found->second.bars.push_back(*bar);
    else ++desk_.counters.strange_values;
  }
  if (desk_.link.version() >= 196) return;  // the end comes as a message of its own
  finish_history(data.reqId);
}

void Questions::on(const wire::HistoricalDataEnd& end) {
  finish_history(end.reqId);
}

void Questions::on(const wire::HeadTimestamp& head) {
  const auto asked = take(heads_, head.reqId);
  if (!asked) return;
  pacing_.ended();
  if (!desk_.requests.answered(head.reqId)) return;
  // The slot at IB stays taken until it is cancelled.
  (void)desk_.link.send(wire::CancelHeadTimeStamp{.reqId = head.reqId}, Pace::Request);
  const auto at = parse_time(head.headTimestamp);
  for (const auto& answer : asked->answers) {
    if (at) answer(*at);
    else answer(fail(Failure{.text = "not a time: " + std::string(head.headTimestamp)}));
  }
}

void Questions::on(const wire::ContractDetails& details) {
  const auto found = searches_.find(details.reqId);
  if (found == searches_.end()) return;
  auto known = known_contract(found->second.spec, details, desk_.now);
  if (known) found->second.found.push_back(std::move(*known));
  else found->second.trouble = known.error().text;
}

void Questions::on(const wire::ContractDetailsEnd& end) {
  auto search = take(searches_, end.reqId);
  if (!search || !desk_.requests.answered(end.reqId)) return;
  if (search->found.empty()) {
    search->answer(fail(Failure{.code = 200, .text = search->trouble.empty() ? "no contract matches" : search->trouble}));
  } else {
    search->answer(std::move(search->found));
  }
}

void Questions::on(const wire::MarketRule& rule) {
  auto [from, to] = rules_.equal_range(rule.marketRuleId);
  std::vector<Answer<TickTable>> answers;
  for (auto it = from; it != to; ++it) answers.push_back(std::move(it->second));
  rules_.erase(from, to);
  const TickTable table = tick_table(rule);
  for (const auto& answer : answers) answer(table);
}

}  // namespace robo::ib
