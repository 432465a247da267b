// Historical data: of what has been played, never of what is to come.

#include <algorithm>
#include <charconv>
#include <deque>

#include <fmt/format.h>

#include "edge/sim/server/station.hpp"
#include "model/sale_conditions.hpp"

namespace robo::sim {
namespace {

struct BarSize {
  std::string_view name{};
  Duration length{};
  Duration duration_max{};   // longest request IB answers for it; 0: any
};
constexpr Duration day = hours(24);
constexpr BarSize bar_sizes[] = {
    {"1 secs", seconds(1), seconds(1800)},  {"1 sec", seconds(1), seconds(1800)},    {"5 secs", seconds(5), seconds(3600)},   {"10 secs", seconds(10), seconds(14'400)},
    {"15 secs", seconds(15), seconds(14'400)}, {"30 secs", seconds(30), seconds(28'800)}, {"1 min", minutes(1), {}},           {"2 mins", minutes(2), {}},
    {"3 mins", minutes(3), {}},            {"5 mins", minutes(5), {}},              {"10 mins", minutes(10), {}},            {"15 mins", minutes(15), {}},
    {"20 mins", minutes(20), {}},          {"30 mins", minutes(30), {}},            {"1 hour", hours(1), {}},                {"2 hours", hours(2), {}},
    {"3 hours", hours(3), {}},             {"4 hours", hours(4), {}},               {"8 hours", hours(8), {}},               {"1 day", day, {}},
    {"1D", day, {}},                       {"1 week", hours(24 * 7), {}},           {"1W", hours(24 * 7), {}}};

const BarSize* bar_size_of(std::string_view text) {
  for (const auto& size : bar_sizes)
    if (size.name == text) return &size;
  return nullptr;
}

/// "1 D", "3600 S", "2 W". 0: not such a thing.
Duration duration_of(std::string_view text) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || count <= 0 || count > 100'000) return {};
  auto unit = text.substr(static_cast<std::size_t>(end - text.data()));
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  if (unit.size() != 1) return {};
  switch (unit.front()) {
    case 'S': return seconds(count);
    case 'D': return hours(24 * std::min<std::int64_t>(count, 36'500));
    case 'W': return hours(24 * 7 * std::min<std::int64_t>(count, 5'000));
    case 'M': return hours(24 * 31 * std::min<std::int64_t>(count, 1'200));
    case 'Y': return hours(24 * 366 * std::min<std::int64_t>(count, 100));
    default: return {};
  }
}

std::string failed(std::string_view what) { return fmt::format("Historical Market Data Service error message:{}", what); }

/// What whatToShow means here; nothing when the data has no such thing.
std::optional<BarKind> kind_of(std::string_view what) {
  if (what == "TRADES" || what == "AGGTRADES" || what == "ADJUSTED_LAST") return BarKind::Trades;
  if (what == "MIDPOINT") return BarKind::Midpoint;
  if (what == "BID") return BarKind::Bid;
  if (what == "ASK") return BarKind::Ask;
  if (what == "BID_ASK") return BarKind::BidAsk;
  return std::nullopt;
}

}  // namespace

bool Station::counts_as_regular(InstrumentId instrument, Timestamp at) const {
  const auto& name = contracts_[instrument].calendar;
  const auto calendar = std::ranges::find_if(settings_.calendars, [&](const Calendar& c) { return c.name() == name.view(); });
  if (calendar == settings_.calendars.end()) return true;
  const auto phase = calendar->phase_at(at);
  return phase && phase->phase == TradingPhase::Regular;
}

std::string Station::bar_time(Timestamp at, Duration length, std::int32_t format) const {
  if (length >= day) return login_.day(at + hours(1));
  return format == 2 ? std::to_string(epoch_seconds(at)) : login_.date_time_zone(at);
}

bool Station::history_paced(Client& client, const wire::ReqHistoricalData& request, Duration length, std::int64_t wall_ns) {
  if (length > seconds(30)) return true;
  while (!history_asked_.empty() && wall_ns - history_asked_.front().wall_ns > 600'000'000'000) history_asked_.pop_front();
  const auto contract = fmt::format("{}|{}|{}|{}", request.contract.conId, request.contract.symbol, request.contract.exchange, request.whatToShow);
  const auto exactly = fmt::format("{}|{}|{}|{}|{}", contract, request.endDateTime, request.barSize, request.duration, request.useRTH);
  int within_two_seconds = 0;
  bool same = false;
  for (const auto& asked : history_asked_) {
    same |= asked.what == exactly && wall_ns - asked.wall_ns < 15'000'000'000;
    within_two_seconds += asked.what.starts_with(contract) && wall_ns - asked.wall_ns < 2'000'000'000;
  }
  const std::size_t weight = request.whatToShow == "BID_ASK" ? 2 : 1;
  if (same || within_two_seconds >= 6 || history_asked_.size() + weight > settings_.limits.history_small_bars) {
    client.error(request.reqId, 162, failed("Historical data request pacing violation"), now_);
    return false;
  }
  for (std::size_t i = 0; i < weight; ++i) history_asked_.push_back({wall_ns, exactly});
  return true;
}

void Station::on(Client& client, const wire::ReqHistoricalData& request) {
  const auto invalid = [&](std::string_view cause) { client.error(request.reqId, 321, fmt::format("Error validating request.-'bh' : cause - {}", cause), now_); };
  const auto* id = subject(client, request.reqId, request.contract);
  if (!id) return;
  const Instrument& instrument = contracts_[*id];
  if (request.whatToShow == "SCHEDULE") {
    if (request.barSize != "1 day") return invalid("Schedule requests need bars of 1 day");
    wire::HistoricalSchedule schedule{.reqId = request.reqId, .startDateTime = {}, .endDateTime = {}, .timeZone = "US/Eastern", .sessions = {}};
    const auto calendar = std::ranges::find_if(settings_.calendars, [&](const Calendar& c) { return c.name() == instrument.calendar.view(); });
    std::vector<std::string> words;
    words.reserve(1200);
    const auto length = duration_of(request.duration);
    if (length.ns == 0) return invalid(fmt::format("Invalid duration '{}'", request.duration));
    if (calendar != settings_.calendars.end()) {
      for (Timestamp at = now_ - length; at < now_ && words.size() < 1190;) {
        const auto session = calendar->session_at(at);
        if (!session) break;
        at = session->closes() + seconds(1);
        const auto regular = session->regular();
        if (!regular || regular->from > now_) continue;
        const auto dashed = [&](Timestamp t) { auto text = login_.date_time(t); text[8] = '-'; return text; };
        const auto first = words.size();
        words.push_back(dashed(regular->from));
        words.push_back(dashed(regular->until));
        words.push_back(words[first].substr(0, 8));
        schedule.sessions.push_back({words[first], words[first + 1], words[first + 2]});
      }
      if (!words.empty()) schedule.startDateTime = words.front(), schedule.endDateTime = words[words.size() - 2];
    }
    return client.say(schedule);
  }
  const auto* size = bar_size_of(request.barSize);
  if (!size) return invalid(fmt::format("Invalid bar size '{}'", request.barSize));
  const auto length = duration_of(request.duration);
  if (length.ns == 0) return invalid(fmt::format("Invalid duration '{}': an integer, a space and one of S D W M Y", request.duration));
  const auto kind = kind_of(request.whatToShow);
  if (!kind) return client.error(request.reqId, 162, failed(fmt::format("HMDS query returned no data: {}@{} {}", instrument.symbol.view(), contracts_.exchange(*id), request.whatToShow)), now_);
  if (instrument.asset_class == AssetClass::Crypto && request.whatToShow == "TRADES")
    return client.error(request.reqId, 10299, "Expected what to show is AGGTRADES, please use that instead of TRADES.", now_);
  if (size->duration_max.ns != 0 && length > size->duration_max)
    return client.error(request.reqId, 162, failed(fmt::format("invalid step: {} of {} bars", request.duration, request.barSize)), now_);
  if (request.keepUpToDate && !request.endDateTime.empty()) return invalid("End date/time must be empty for requests that are kept up to date");
  Timestamp until = now_;
  if (!request.endDateTime.empty()) {
    const auto parsed = login_.parse(request.endDateTime);
    if (!parsed)
      return client.error(request.reqId, 10314, "End Date/Time: The date, time, or time-zone entered is invalid. The correct format is yyyymmdd hh:mm:ss xx/xxxx where yyyymmdd and xx/xxxx are optional.", now_);
    until = std::min(*parsed, now_);
  }
  if (!history_paced(client, request, size->length, wall_ns_)) return;
  if (competing_) return client.error(request.reqId, 162, failed("Trading TWS session is connected from a different IP address"), now_);
  if (!history_farm_up_) return client.error(request.reqId, 162, failed("HMDS server disconnect occurred.  Attempting reconnection..."), now_);
  if (const auto right = right_to(*id); right != fault::DataRight::Live && right != fault::DataRight::Partial)
    return client.error(request.reqId, 162, failed(fmt::format("No market data permissions for {} {}", contracts_.exchange(*id), sec_type(instrument.asset_class))), now_);
  const Timestamp from = until - length;
  const Duration origin = size->length >= day ? Duration{-login_.zone().offset(until).ns} : Duration{};
  auto regular = [&, last_start = Timestamp{INT64_MIN}, last = false](Timestamp at) mutable {
    if (!request.useRTH) return true;
    const Timestamp minute{at.ns - at.ns % 60'000'000'000};
    if (minute != last_start) last = counts_as_regular(*id, at), last_start = minute;
    return last;
  };
  const auto built = build_bars(replay_.tape(*id), *kind, from, until, size->length, origin, regular);
  if (built.empty() && !request.keepUpToDate)
    return client.error(request.reqId, 162, failed(fmt::format("HMDS query returned no data: {}@{} {}", instrument.symbol.view(), contracts_.exchange(*id), *kind == BarKind::Trades ? "Trades" : request.whatToShow)), now_);
  std::vector<std::string> times;
  times.reserve(built.size());
  const bool traded = *kind == BarKind::Trades;
  wire::HistoricalData answer{.reqId = request.reqId, .startDateStr = {}, .endDateStr = {}, .bars = {}};
  answer.bars.reserve(built.size());
  for (const auto& bar : built) {
    times.push_back(bar_time(bar.start, size->length, request.formatDate));
    answer.bars.push_back({.date = times.back(), .open = wire::Number::from(bar.open), .high = wire::Number::from(bar.high), .low = wire::Number::from(bar.low), .close = wire::Number::from(bar.close),
                           .volume = traded ? client.size(bar.volume) : wire::Number::of(-1), .wap = traded ? wire::Number::from(bar.average()) : wire::Number::of(-1),
                           .barCount = traded ? bar.count : -1});
  }
  const std::string start = login_.date_time_zone(from), end = login_.date_time_zone(until);
  answer.startDateStr = start;
  answer.endDateStr = end;
  client.say(answer);
  if (client.version >= 196) client.say(wire::HistoricalDataEnd{.reqId = request.reqId, .startDateStr = start, .endDateStr = end});
  if (!request.keepUpToDate) return;
  BarLine line{.instrument = *id, .kind = *kind == BarKind::BidAsk ? BarKind::Midpoint : *kind, .length = size->length, .regular_only = request.useRTH, .keep_up_to_date = true, .format = request.formatDate};
  if (!built.empty()) line.bar = built.back();
  client.bars[request.reqId] = line;
}

void Station::on(Client& client, const wire::CancelHistoricalData& request) {
  if (client.bars.erase(request.reqId) != 0) client.error(request.reqId, 162, failed(fmt::format("API historical data query cancelled: {}", request.reqId)), now_);
  else client.error(request.reqId, 366, fmt::format("No historical data query found for ticker id:{}", request.reqId), now_);
}

void Station::send_bar_update(Client& client, std::int32_t request, const BarLine& line) {
  const auto& bar = line.bar;
  const bool traded = line.kind == BarKind::Trades;
  const std::string time = bar_time(bar.start, line.length, line.format);
  client.say(wire::HistoricalDataUpdate{.reqId = request, .barCount = traded ? bar.count : -1, .date = time, .open = wire::Number::from(bar.open), .close = wire::Number::from(bar.close),
                                        .high = wire::Number::from(bar.high), .low = wire::Number::from(bar.low), .wap = traded ? wire::Number::from(bar.average()) : wire::Number::of(-1),
                                        .volume = traded ? client.size(bar.volume) : wire::Number::of(-1)});
}

void Station::on(Client& client, const wire::ReqHeadTimeStamp& request) {
  const auto meant = contracts_.meant(request.contract);
  if (!meant.found) return client.error(request.reqId, 200, "No security definition has been found for the request", now_);
  const Tape& tape = replay_.tape(meant.id);
  Timestamp head{};
  if (request.whatToShow == "TRADES" || request.whatToShow == "AGGTRADES") head = tape.trades.empty() ? Timestamp{} : tape.trades.front().at;
  else head = tape.quotes.empty() ? Timestamp{} : tape.quotes.front().at;
  if (head.ns == 0) return client.error(request.reqId, 162, failed(fmt::format("No head time stamp for {} {}", contracts_[meant.id].symbol.view(), request.whatToShow)), now_);
  const std::string text = request.formatDate == 2 ? std::to_string(epoch_seconds(head)) : utc_dashed(head);
  client.say(wire::HeadTimestamp{.reqId = request.reqId, .headTimestamp = text});
}

void Station::on(Client& client, const wire::ReqHistogramData& request) {
  const auto meant = contracts_.meant(request.contract);
  if (!meant.found) return client.error(request.reqId, 200, "No security definition has been found for the request", now_);
  std::map<std::int64_t, std::int64_t> sizes;
  for (const auto& t : replay_.tape(meant.id).trades) sizes[t.trade.price.raw] += t.trade.size.raw;
  wire::HistogramData answer{.reqId = request.reqId, .items = {}};
  for (const auto& [p, q] : sizes) answer.items.push_back({wire::Number::from(Price::from_raw(p)), client.size(Quantity::from_raw(q))});
  client.say(answer);
}

void Station::on(Client& client, const wire::ReqHistoricalTicks& request) {
  const auto invalid = [&](std::string_view cause) { client.error(request.reqId, 321, fmt::format("Error validating request.-'ce' : cause - {}", cause), now_); };
  const auto meant = contracts_.meant(request.contract);
  if (!meant.found) return client.error(request.reqId, 200, "No security definition has been found for the request", now_);
  if (request.startDateTime.empty() == request.endDateTime.empty()) return invalid("Exactly one of start and end date/time must be given");
  if (request.numberOfTicks < 1 || request.numberOfTicks > 1000) return invalid("Number of ticks must be between 1 and 1000");
  const bool forwards = request.endDateTime.empty();
  const auto bound = login_.parse(forwards ? request.startDateTime : request.endDateTime);
  if (!bound) return client.error(request.reqId, 10314, bound.error().text, now_);
  const auto wanted = static_cast<std::size_t>(request.numberOfTicks);
  const Tape& tape = replay_.tape(meant.id);
  // `count` rows from the bound on, always completing the last second.
  const auto range = [&](const auto& rows) {
    auto first = rows.begin(), last = rows.end();
    const auto before = [](const auto& row, Timestamp at) { return row.at < at; };
    if (forwards) {
      first = std::lower_bound(rows.begin(), rows.end(), *bound, before);
      last = rows.end() - first > static_cast<std::ptrdiff_t>(wanted) ? first + static_cast<std::ptrdiff_t>(wanted) : rows.end();
      while (last != rows.end() && last != first && epoch_seconds(last->at) == epoch_seconds((last - 1)->at)) ++last;
    } else {
      last = std::lower_bound(rows.begin(), rows.end(), *bound, before);
      first = last - rows.begin() > static_cast<std::ptrdiff_t>(wanted) ? last - static_cast<std::ptrdiff_t>(wanted) : rows.begin();
      while (first != rows.begin() && first != last && epoch_seconds(first->at) == epoch_seconds((first - 1)->at)) --first;
    }
    return std::pair{first, last};
  };
  const auto counts = [&](Timestamp at) { return !request.useRTH || counts_as_regular(meant.id, at); };
  if (request.whatToShow == "TRADES") {
    wire::HistoricalTicksLast answer{.reqId = request.reqId, .ticks = {}, .done = true};
    const auto [first, last] = range(tape.trades);
    std::deque<FixedText<8>> words;  // the answer only looks at them
    for (auto row = first; row != last; ++row)
      if (counts(row->at))
        answer.ticks.push_back({.time = epoch_seconds(row->at), .mask = (row->trade.conditions & trade_condition::not_last) != 0 ? 2 : 0, .price = wire::Number::from(row->trade.price),
                                .size = client.size(row->trade.size), .exchange = venue_name(row->trade.venue), .specialConditions = words.emplace_back(letters_of(row->trade.conditions)).view()});
    return client.say(answer);
  }
  if (request.whatToShow != "BID_ASK" && request.whatToShow != "MIDPOINT") return invalid("whatToShow must be TRADES, BID_ASK or MIDPOINT");
  const auto [first, last] = range(tape.quotes);
  if (request.whatToShow == "BID_ASK") {
    wire::HistoricalTicksBidAsk answer{.reqId = request.reqId, .ticks = {}, .done = true};
    for (auto row = first; row != last; ++row)
      if (counts(row->at))
        answer.ticks.push_back({.time = epoch_seconds(row->at), .mask = 0, .priceBid = wire::Number::from(row->quote.bid), .priceAsk = wire::Number::from(row->quote.ask),
                                .sizeBid = client.size(row->quote.bid_size), .sizeAsk = client.size(row->quote.ask_size)});
    return client.say(answer);
  }
  wire::HistoricalTicks answer{.reqId = request.reqId, .ticks = {}, .done = true};
  for (auto row = first; row != last; ++row)
    if (const auto mid = bar_price(row->quote, BarKind::Midpoint); mid && counts(row->at))
      answer.ticks.push_back({.time = epoch_seconds(row->at), .price = wire::Number::from(mid->first), .size = wire::Number::of(0)});
  client.say(answer);
}

}  // namespace robo::sim
