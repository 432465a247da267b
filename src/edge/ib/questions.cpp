#include "edge/ib/questions.hpp"

#include "edge/ib/time_text.hpp"

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
  std::int32_t id = 0;
  id = desk_.requests.question(desk_.now + desk_.settings.request_timeout * 3, [answer](const Failure& failure) {
    answer(fail(failure));
  });
  wire::ReqHistoricalData ask;
  ask.reqId = id;
  ask.contract = contract_of(*instrument);
  ask.endDateTime = request.end;
  ask.barSize = request.bar_size;
  ask.duration = request.duration;
  ask.useRTH = request.regular_hours;
  ask.whatToShow = request.what;
  ask.formatDate = 2;  // epoch seconds need no zone
  histories_[id] = {.request = request, .answer = std::move(answer)};
  if (const auto sent = desk_.link.send(ask, Pace::Request); !sent) desk_.requests.failed(id, {.text = to_text(sent.error())});
}

void Questions::head(InstrumentId which, std::string_view what, Answer<Timestamp> answer) {
  const Instrument* instrument = desk_.instruments.find(which);
  if (instrument == nullptr || !desk_.link.is_up()) return answer(fail(Failure{.text = "not connected, or the contract is not known"}));
  const std::int32_t id = desk_.requests.question(desk_.now + desk_.settings.request_timeout,
                                                  [answer](const Failure& failure) { answer(fail(failure)); });
  wire::ReqHeadTimeStamp ask;
  ask.reqId = id;
  ask.contract = contract_of(*instrument);
  ask.whatToShow = what;
  ask.formatDate = 2;
  heads_[id] = std::move(answer);
  if (const auto sent = desk_.link.send(ask, Pace::Request); !sent) desk_.requests.failed(id, {.text = to_text(sent.error())});
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
  rules_.emplace(rule, std::move(answer));
  (void)desk_.link.send(wire::ReqMarketRule{.marketRuleId = rule}, Pace::Request);
}

void Questions::on(const wire::HistoricalData& data) {
  const auto found = histories_.find(data.reqId);
  if (found == histories_.end()) return;
  for (const auto& row : data.bars) {
    if (const auto bar = bar_of(row, found->second.request)) found->second.bars.push_back(*bar);
    else ++desk_.counters.strange_values;
  }
  if (desk_.link.version() >= 196) return;  // the end comes as a message of its own
  if (auto history = take(histories_, data.reqId); history && desk_.requests.answered(data.reqId)) history->answer(std::move(history->bars));
}

void Questions::on(const wire::HistoricalDataEnd& end) {
  if (auto history = take(histories_, end.reqId); history && desk_.requests.answered(end.reqId)) history->answer(std::move(history->bars));
}

void Questions::on(const wire::HeadTimestamp& head) {
  auto answer = take(heads_, head.reqId);
  if (!answer || !desk_.requests.answered(head.reqId)) return;
  // The slot at IB stays taken until it is cancelled.
  (void)desk_.link.send(wire::CancelHeadTimeStamp{.reqId = head.reqId}, Pace::Request);
  const auto at = parse_time(head.headTimestamp);
  if (at) (*answer)(*at);
  else (*answer)(fail(Failure{.text = "not a time: " + std::string(head.headTimestamp)}));
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
