// Cards that change nothing: the connection, contracts, data, account.

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>

#include <fmt/format.h>

#include "apps/conformance/cards.hpp"

namespace robo::apps::conformance {
namespace {

Outcome passed(std::string why = {}) { return {Verdict::Passed, std::move(why)}; }
Outcome failed(std::string why) { return {Verdict::Failed, std::move(why)}; }
Outcome skipped(std::string why) { return {Verdict::Skipped, std::move(why)}; }

wire::Contract subject(const Conditions& c) {
  wire::Contract contract;
  contract.symbol = c.symbol, contract.secType = c.security_type, contract.exchange = c.exchange, contract.currency = c.currency;
  return contract;
}
wire::Contract nobody(const Conditions& c) {
  auto contract = subject(c);
  contract.symbol = "NOSUCHTHING";
  return contract;
}

std::int32_t request_id() {
  static std::int32_t last = 10'000'000;  // far from order ids: an error's id may be either
  return ++last;
}

/// Codes that mean "you have no right to see this": no fault of the wire.
bool is_about_rights(std::int64_t code) {
  for (const std::int64_t known : {354, 10089, 10090, 10167, 10168, 10186, 10187, 10189, 10197, 420, 10092})
    if (code == known) return true;
  return false;
}

Outcome greets(const Conditions& c, Probe&) {
  auto probe = Probe::dial(c.endpoint);
  if (!probe) return failed(probe.error().text);
  if (!probe->greet(100, 200)) return failed("no greeting");
  if (probe->version() < 100 || probe->version() > 200) return failed(fmt::format("version {} was not offered", probe->version()));
  return probe->server_time().size() >= 17 ? passed(fmt::format("version {}, {}", probe->version(), probe->server_time())) : failed(fmt::format("time '{}'", probe->server_time()));
}

Outcome serves_an_old_client(const Conditions& c, Probe&) {
  auto probe = Probe::ready(c.endpoint, c.client + 1, 157);
  if (!probe) return failed(probe.error().text);
  return probe->version() <= 157 ? passed(fmt::format("version {}", probe->version())) : failed(fmt::format("version {} for a client that knows 157", probe->version()));
}

Outcome hangs_up_on_strangers(const Conditions& c, Probe&) {
  auto probe = Probe::dial(c.endpoint);
  if (!probe) return failed(probe.error().text);
  (void)probe->send_bytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  probe->listen(3);
  return probe->closed() ? passed() : failed("the connection stays open");
}

Outcome becomes_ready(const Conditions&, Probe& probe) {
  if (probe.next_id() < 1) return failed(fmt::format("nextValidId {}", probe.next_id()));
  return passed(fmt::format("nextValidId {}, {} account(s)", probe.next_id(), 1 + std::count(probe.accounts().begin(), probe.accounts().end(), ',')));
}

Outcome refuses_a_second_of_the_same_id(const Conditions& c, Probe&) {
  auto twin = Probe::dial(c.endpoint);
  if (!twin) return failed(twin.error().text);
  if (!twin->greet(100, 200)) return failed("no greeting");
  (void)twin->send(wire::StartApi{.clientId = c.client, .optionalCapabilities = ""});
  const auto code = twin->error_about(-1);
  twin->listen(1);
  if (code != 326) return failed(fmt::format("code {} and not 326", code));
  return twin->closed() ? passed() : failed("326 was said, and the connection stays open");
}

Outcome reads_a_frame_in_pieces(const Conditions&, Probe& probe) {
  const auto bytes = probe.bytes_of(wire::ReqCurrentTime{});
  for (const char byte : bytes) (void)probe.send_bytes({&byte, 1});
  return probe.await("currentTime") ? passed() : failed("a request sent byte by byte is not answered");
}

Outcome reads_two_frames_at_once(const Conditions&, Probe& probe) {
  (void)probe.send_bytes(probe.bytes_of(wire::ReqCurrentTime{}) + probe.bytes_of(wire::ReqIds{.numIds = 1}));
  const bool time = probe.await("currentTime") != nullptr;
  return time && probe.await("nextValidId") ? passed() : failed("two requests in one segment are not both answered");
}

Outcome tells_the_time(const Conditions&, Probe& probe) {
  (void)probe.send(wire::ReqCurrentTime{});
  const auto* heard = probe.await("currentTime");
  if (!heard) return failed("no answer");
  return heard->number("time") > 946'684'800 ? passed(fmt::format("{}", heard->number("time"))) : failed(fmt::format("time {}", heard->number("time")));
}

Outcome ids_do_not_go_back(const Conditions&, Probe& probe) {
  const auto before = probe.next_id();
  (void)probe.send(wire::ReqIds{.numIds = 1});
  const auto* heard = probe.await("nextValidId");
  if (!heard) return failed("no answer");
  return heard->number("orderId") >= before ? passed() : failed(fmt::format("{} after {}", heard->number("orderId"), before));
}

Outcome says_200_for_what_does_not_exist(const Conditions& c, Probe& probe) {
  const auto id = request_id();
  (void)probe.send(wire::ReqContractDetails{.reqId = id, .contract = nobody(c)});
  const auto code = probe.error_about(id);
  return code == 200 ? passed() : failed(fmt::format("code {}", code));
}

Outcome describes_a_contract(const Conditions& c, Probe& probe) {
  const auto id = request_id();
  (void)probe.send(wire::ReqContractDetails{.reqId = id, .contract = subject(c)});
  const auto* details = probe.await([&](const Heard& h) { return h.about() == id; });
  if (!details) return failed("no answer");
  if (details->name != "contractDetails") return failed(fmt::format("{} {}", details->name, (*details)["errorMsg"]));
  const auto con_id = details->number("conId");
  const auto rules = (*details)["marketRuleIds"], exchanges = (*details)["validExchanges"], tick = (*details)["minTick"], zone = (*details)["timeZoneId"];
  if (!probe.await("contractDetailsEnd", id)) return failed("contractDetailsEnd is missing");
  if (con_id <= 0 || tick.empty() || zone.empty()) return failed(fmt::format("conId {}, minTick '{}', timeZoneId '{}'", con_id, tick, zone));
  if (std::count(rules.begin(), rules.end(), ',') != std::count(exchanges.begin(), exchanges.end(), ',')) return failed(fmt::format("market rules {} do not go with exchanges {}", rules, exchanges));
  return passed(fmt::format("conId {}, minTick {}", con_id, tick));
}

Outcome tells_the_market_rule(const Conditions& c, Probe& probe) {
  const auto id = request_id();
  (void)probe.send(wire::ReqContractDetails{.reqId = id, .contract = subject(c)});
  const auto* details = probe.await("contractDetails", id);
  if (!details) return skipped("the contract is not known");
  const auto rule = static_cast<std::int32_t>(std::atoi((*details)["marketRuleIds"].c_str()));
  if (rule == 0) return skipped("no market rule");
  (void)probe.send(wire::ReqMarketRule{.marketRuleId = rule});
  const auto* heard = probe.await("marketRule");
  if (!heard) return failed("no answer");
  return std::atof((*heard)["priceIncrements.0.increment"].c_str()) > 0 ? passed(fmt::format("rule {}: {}", rule, (*heard)["priceIncrements.0.increment"])) : failed("no increment");
}

Outcome finds_symbols(const Conditions& c, Probe& probe) {
  const auto id = request_id();
  (void)probe.send(wire::ReqMatchingSymbols{.reqId = id, .pattern = c.symbol});
  const auto* heard = probe.await("symbolSamples", id);
  if (!heard) return failed("no answer");
  for (int i = 0; i < 16; ++i)
    if ((*heard)[fmt::format("samples.{}.symbol", i)] == c.symbol) return passed();
  return failed(fmt::format("{} is not among the samples", c.symbol));
}

Outcome ends_option_chains(const Conditions& c, Probe& probe) {
  const auto details = request_id(), id = request_id();
  (void)probe.send(wire::ReqContractDetails{.reqId = details, .contract = subject(c)});
  const auto* found = probe.await("contractDetails", details);
  if (!found) return skipped("the contract is not known");
  (void)probe.send(wire::ReqSecDefOptParams{.reqId = id, .underlyingSymbol = c.symbol, .futFopExchange = "", .underlyingSecType = c.security_type, .underlyingConId = static_cast<std::int32_t>(found->number("conId"))});
  return probe.await("securityDefinitionOptionParameterEnd", id) ? passed(fmt::format("{} chains", probe.count("securityDefinitionOptionParameter", id))) : failed("no end");
}

Outcome streams_the_top_of_book(const Conditions& c, Probe& probe) {
  const auto id = request_id();
  (void)probe.send(wire::ReqMktData{.reqId = id, .contract = subject(c)});
  const auto* first = probe.await([&](const Heard& h) { return h.about() == id; });
  if (!first) return failed("no answer");
  if (first->name == "error" && is_about_rights(first->number("errorCode"))) return skipped(fmt::format("code {}", first->number("errorCode")));
  if (first->name == "error") return failed((*first)["errorMsg"]);
  const bool price = probe.await([&](const Heard& h) { return h.about() == id && (h.name == "tickPrice" || h.name == "tickSize"); }) != nullptr;
  (void)probe.send(wire::CancelMktData{.reqId = id});
  if (!price) return skipped("no tick: is the market closed?");
  if (probe.count("marketDataType", id) == 0) return failed("ticks without marketDataType");
  probe.listen(1.0);
  const auto after = probe.count("tickPrice", id) + probe.count("tickSize", id);
  probe.listen(0.7);
  return probe.count("tickPrice", id) + probe.count("tickSize", id) == after ? passed(fmt::format("{} ticks", after)) : failed("ticks go on after the cancel");
}

Outcome a_snapshot_ends(const Conditions& c, Probe& probe) {
  const auto id = request_id();
  (void)probe.send(wire::ReqMktData{.reqId = id, .contract = subject(c), .snapshot = true});
  const auto* heard = probe.await([&](const Heard& h) { return h.about() == id && (h.name == "tickSnapshotEnd" || (h.name == "error" && h.number("errorCode") != 10090)); }, 15);
  if (!heard) return failed("no tickSnapshotEnd within 15 s");
  if (heard->name == "error") return is_about_rights(heard->number("errorCode")) ? skipped((*heard)["errorMsg"].substr(0, 60)) : failed((*heard)["errorMsg"]);
  return passed();
}

Outcome refuses_a_request_id_in_use(const Conditions& c, Probe& probe) {
  const auto id = request_id();
  (void)probe.send(wire::ReqMktData{.reqId = id, .contract = subject(c)});
  (void)probe.await([&](const Heard& h) { return h.about() == id; });
  (void)probe.send(wire::ReqMktData{.reqId = id, .contract = subject(c)});
  const auto code = probe.error_about(id);
  (void)probe.send(wire::CancelMktData{.reqId = id});
  if (is_about_rights(code)) return skipped(fmt::format("code {}", code));
  return code == 322 || code == 102 ? passed(fmt::format("code {}", code)) : failed(fmt::format("code {}", code));
}

Outcome says_300_for_a_stranger_s_cancel(const Conditions&, Probe& probe) {
  const auto id = request_id();
  (void)probe.send(wire::CancelMktData{.reqId = id});
  const auto code = probe.error_about(id, 3);
  return code == 300 ? passed() : failed(fmt::format("code {}", code));
}

wire::ReqHistoricalData bars(const Conditions& c, std::int32_t id, std::string_view size = "1 hour") {
  return {.reqId = id, .contract = subject(c), .barSize = size, .duration = "2 D", .useRTH = false, .whatToShow = "TRADES", .formatDate = 1};
}

Outcome answers_with_bars(const Conditions& c, Probe& probe) {
  const auto id = request_id();
  (void)probe.send(bars(c, id));
  const auto* heard = probe.await([&](const Heard& h) { return h.about() == id; }, 30);
  if (!heard) return failed("no answer within 30 s");
  if (heard->name == "error") return heard->number("errorCode") == 162 ? skipped((*heard)["errorMsg"].substr(0, 80)) : failed((*heard)["errorMsg"]);
  std::string before;
  int count = 0;
  for (;; ++count) {
    const auto date = (*heard)[fmt::format("bars.{}.date", count)];
    if (date.empty()) break;
    if (date <= before) return failed(fmt::format("{} comes after {}", date, before));
    const double high = std::atof((*heard)[fmt::format("bars.{}.high", count)].c_str()), low = std::atof((*heard)[fmt::format("bars.{}.low", count)].c_str());
    if (high < low) return failed(fmt::format("{}: high {} below low {}", date, high, low));
    before = date;
  }
  if (probe.version() >= 196 && !probe.await("historicalDataEnd", id)) return failed("historicalDataEnd is missing");
  return count > 0 ? passed(fmt::format("{} bars", count)) : failed("no bars");
}

Outcome refuses_a_bar_size_that_is_none(const Conditions& c, Probe& probe) {
  const auto id = request_id();
  (void)probe.send(bars(c, id, "7 hours"));
  const auto code = probe.error_about(id);
  return code == 321 || code == 162 ? passed(fmt::format("code {}", code)) : failed(fmt::format("code {}", code));
}

Outcome knows_the_first_bar(const Conditions& c, Probe& probe) {
  const auto id = request_id();
  (void)probe.send(wire::ReqHeadTimeStamp{.reqId = id, .contract = subject(c), .useRTH = false, .whatToShow = "TRADES", .formatDate = 1});
  const auto* heard = probe.await([&](const Heard& h) { return h.about() == id; }, 20);
  if (!heard) return failed("no answer");
  return heard->name == "headTimestamp" ? passed((*heard)["headTimestamp"]) : skipped((*heard)["errorMsg"].substr(0, 80));
}

Outcome tells_past_ticks(const Conditions& c, Probe& probe) {
  const auto id = request_id();
  (void)probe.send(wire::ReqCurrentTime{});
  const auto* time = probe.await("currentTime");
  if (!time) return failed("no current time");
  const std::time_t seconds = time->number("time");
  char text[32];
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  (void)std::strftime(text, sizeof text, "%Y%m%d-%H:%M:%S", &parts);
  (void)probe.send(wire::ReqHistoricalTicks{.reqId = id, .contract = subject(c), .startDateTime = "", .endDateTime = text, .numberOfTicks = 10, .whatToShow = "TRADES"});
  const auto* heard = probe.await([&](const Heard& h) { return h.about() == id; }, 20);
  if (!heard) return failed("no answer");
  return heard->name == "historicalTicksLast" ? passed() : heard->name == "error" ? skipped((*heard)["errorMsg"].substr(0, 80)) : failed(heard->name);
}

Outcome sums_up_the_account(const Conditions&, Probe& probe) {
  const auto id = request_id();
  (void)probe.send(wire::ReqAccountSummary{.reqId = id, .group = "All", .tags = "NetLiquidation,BuyingPower"});
  const auto* heard = probe.await([&](const Heard& h) { return h.name == "accountSummary" && h.about() == id && h["tag"] == "NetLiquidation"; });
  if (!heard) return failed("no NetLiquidation");
  const bool number = std::isfinite(std::atof((*heard)["value"].c_str())) && !(*heard)["value"].empty();
  const bool end = probe.await("accountSummaryEnd", id) != nullptr;
  (void)probe.send(wire::CancelAccountSummary{.reqId = id});
  return number && end ? passed() : failed(end ? "NetLiquidation is no number" : "accountSummaryEnd is missing");
}

Outcome downloads_the_account(const Conditions&, Probe& probe) {
  (void)probe.send(wire::ReqAccountUpdates{.subscribe = true, .acctCode = probe.accounts().substr(0, probe.accounts().find(','))});
  const bool end = probe.await("accountDownloadEnd") != nullptr;
  (void)probe.send(wire::ReqAccountUpdates{.subscribe = false, .acctCode = ""});
  return end ? passed(fmt::format("{} values", probe.count("updateAccountValue"))) : failed("accountDownloadEnd is missing");
}

Outcome lists_positions(const Conditions&, Probe& probe) {
  (void)probe.send(wire::ReqPositions{});
  const bool end = probe.await("positionEnd") != nullptr;
  (void)probe.send(wire::CancelPositions{});
  return end ? passed(fmt::format("{} positions", probe.count("position"))) : failed("positionEnd is missing");
}

template <class Request>
Outcome ends_with(Probe& probe, const Request& request, std::string_view end) {
  (void)probe.send(request);
  const auto* heard = probe.await([&](const Heard& h) { return h.name == end || (h.name == "error" && h.number("errorCode") == 321); });
  if (!heard) return failed(fmt::format("{} is missing", end));
  return heard->name == end ? passed() : skipped((*heard)["errorMsg"]);
}
Outcome lists_open_orders(const Conditions&, Probe& probe) { return ends_with(probe, wire::ReqOpenOrders{}, "openOrderEnd"); }
Outcome lists_everybody_s_orders(const Conditions&, Probe& probe) { return ends_with(probe, wire::ReqAllOpenOrders{}, "openOrderEnd"); }
Outcome lists_executions(const Conditions&, Probe& probe) { return ends_with(probe, wire::ReqExecutions{.reqId = request_id()}, "execDetailsEnd"); }
Outcome lists_completed_orders(const Conditions&, Probe& probe) { return ends_with(probe, wire::ReqCompletedOrders{.apiOnly = true}, "completedOrdersEnd"); }

Outcome binds_for_client_0_only(const Conditions&, Probe& probe) {
  (void)probe.send(wire::ReqAutoOpenOrders{.autoBind = true});
  const auto* heard = probe.await([](const Heard& h) { return h.name == "error" && h.number("errorCode") == 327; }, 3);
  return heard ? passed() : failed("no 327");
}

Outcome watches_profit(const Conditions&, Probe& probe) {
  const auto id = request_id();
  (void)probe.send(wire::ReqPnL{.reqId = id, .account = probe.accounts().substr(0, probe.accounts().find(','))});
  const bool heard = probe.await("pnl", id) != nullptr;
  (void)probe.send(wire::CancelPnL{.reqId = id});
  return heard ? passed() : failed("no answer");
}

Outcome lists_depth_exchanges(const Conditions&, Probe& probe) {
  (void)probe.send(wire::ReqMktDepthExchanges{});
  return probe.await("mktDepthExchanges") ? passed() : failed("no answer");
}
Outcome lists_scanners(const Conditions&, Probe& probe) {
  (void)probe.send(wire::ReqScannerParameters{});
  const auto* heard = probe.await("scannerParameters", Probe::any, 20);
  return heard && (*heard)["xml"].starts_with("<?xml") ? passed(fmt::format("{} bytes", (*heard)["xml"].size())) : failed("no XML");
}
Outcome lists_news_providers(const Conditions&, Probe& probe) {
  (void)probe.send(wire::ReqNewsProviders{});
  return probe.await("newsProviders") ? passed() : failed("no answer");
}
Outcome names_family_codes(const Conditions&, Probe& probe) {
  (void)probe.send(wire::ReqFamilyCodes{});
  return probe.await("familyCodes") ? passed() : failed("no answer");
}
Outcome says_who_the_user_is(const Conditions&, Probe& probe) {
  if (probe.version() < 167) return skipped("before version 167");
  const auto id = request_id();
  (void)probe.send(wire::ReqUserInfo{.reqId = id});
  return probe.await("userInfo", id) ? passed() : failed("no answer");
}

}  // namespace

const std::vector<Card>& session_cards() {
  static const std::vector<Card> cards{
      {"S01", "greets with a version that was offered, and its time", false, greets},
      {"S02", "serves a client that knows 157 at most", false, serves_an_old_client},
      {"S03", "hangs up on who is no API client", false, hangs_up_on_strangers},
      {"S04", "says accounts and nextValidId without being asked", false, becomes_ready},
      {"S05", "refuses a client id in use with 326 and closes", false, refuses_a_second_of_the_same_id},
      {"S06", "reads a frame that comes byte by byte", false, reads_a_frame_in_pieces},
      {"S07", "reads two frames that come at once", false, reads_two_frames_at_once},
      {"S08", "tells the time", false, tells_the_time},
      {"S09", "reqIds never goes back", false, ids_do_not_go_back},
      {"S10", "says 200 for a contract that does not exist", false, says_200_for_what_does_not_exist},
      {"S11", "describes a contract and ends", false, describes_a_contract},
      {"S12", "tells the market rule of a contract", false, tells_the_market_rule},
      {"S13", "finds a symbol by its letters", false, finds_symbols},
      {"S14", "ends the answer about option chains", false, ends_option_chains},
      {"S15", "streams the top of book and stops when told", false, streams_the_top_of_book},
      {"S16", "a snapshot ends", false, a_snapshot_ends},
      {"S17", "refuses a request id that is in use", false, refuses_a_request_id_in_use},
      {"S18", "says 300 when what is cancelled never was", false, says_300_for_a_stranger_s_cancel},
      {"S19", "answers with bars in order", false, answers_with_bars},
      {"S20", "refuses a bar size that is none", false, refuses_a_bar_size_that_is_none},
      {"S21", "knows when the data begins", false, knows_the_first_bar},
      {"S22", "tells past ticks", false, tells_past_ticks},
      {"S23", "sums up the account and ends", false, sums_up_the_account},
      {"S24", "downloads the account and ends", false, downloads_the_account},
      {"S25", "lists positions and ends", false, lists_positions},
      {"S26", "lists own open orders and ends", false, lists_open_orders},
      {"S27", "lists everybody's open orders and ends", false, lists_everybody_s_orders},
      {"S28", "lists executions and ends", false, lists_executions},
      {"S29", "lists completed orders and ends", false, lists_completed_orders},
      {"S30", "binds manual orders for client 0 only (327)", false, binds_for_client_0_only},
      {"S31", "watches profit and loss", false, watches_profit},
      {"S32", "lists exchanges with depth", false, lists_depth_exchanges},
      {"S33", "describes its scanners in XML", false, lists_scanners},
      {"S34", "lists news providers", false, lists_news_providers},
      {"S35", "names family codes", false, names_family_codes},
      {"S36", "says who the user is", false, says_who_the_user_is},
  };
  return cards;
}

}  // namespace robo::apps::conformance
