// News and scanners: what was put in by command, and what the played market shows.

#include <algorithm>

#include <fmt/format.h>

#include "edge/sim/server/station.hpp"

namespace robo::sim {
namespace {

constexpr std::size_t scanners_max = 10, rows_max = 50;
constexpr std::int64_t scanner_interval_ns = 30'000'000'000;

/// 2018-01-02 14:30:00.0, UTC, as IB dates news. Sorts as text.
std::string news_time(Timestamp at) {
  auto text = to_text(at).substr(0, 19);
  if (text.size() > 10) text[10] = ' ';
  return text + ".0";
}

struct ScanCode {
  std::string_view code, name;
};
constexpr std::array<ScanCode, 5> scan_codes{{{"TOP_PERC_GAIN", "Top % Gainers"}, {"TOP_PERC_LOSE", "Top % Losers"}, {"MOST_ACTIVE", "Most Active"},
                                              {"MOST_ACTIVE_USD", "Most Active ($)"}, {"HIGH_VS_LOW", "Widest Range of the Day"}}};

}  // namespace

// ---------------------------------------------------------------- news

Result<std::string, Problem> Station::act(const fault::News& f) {
  const auto* id = by_symbol(f.symbol);
  if (!id) return fail(Problem{fmt::format("symbol: '{}' is not known here", f.symbol)});
  if (f.headline.empty()) return fail(Problem{"headline: is missing"});
  news_.push_back({*id, now_, f.provider, fmt::format("{}${:08x}", f.provider, news_.size() + 1), f.headline, f.text});
  const Article& article = news_.back();
  for (Client* client : clients_) {
    if (!client->running() || !streams(*id)) continue;
    for (const auto& [request, line] : client->level1)
      if (line.instrument == *id && line.news)
        client->say(wire::TickNews{.reqId = request, .timeStamp = now_.ns / 1'000'000, .providerCode = article.provider, .articleId = article.id, .headline = article.headline, .extraData = ""});
  }
  return article.id;
}

void Station::on(Client& client, const wire::ReqNewsProviders&) {
  wire::NewsProviders answer;
  std::vector<std::string_view> known;
  for (const auto& article : news_)
    if (std::ranges::find(known, article.provider) == known.end()) known.push_back(article.provider);
  for (const auto provider : known) answer.providers.push_back({.code = provider, .name = provider});
  client.say(answer);
}

void Station::on(Client& client, const wire::ReqNewsArticle& request) {
  for (const auto& article : news_)
    if (article.id == request.articleId && article.provider == request.providerCode)
      return client.say(wire::NewsArticle{.reqId = request.reqId, .articleType = 0, .articleText = article.text});
  client.error(request.reqId, 10172, "Failed to request news article:No data available", now_);
}

void Station::on(Client& client, const wire::ReqHistoricalNews& request) {
  const std::string providers = fmt::format("+{}+", request.providerCodes);
  const auto wanted = static_cast<std::size_t>(std::clamp(request.totalResults, 1, 300));
  std::size_t told = 0;
  bool more = false;
  for (auto article = news_.rbegin(); article != news_.rend(); ++article) {  // the newest first
    if (contracts_.con_id(article->instrument) != request.conId || providers.find("+" + article->provider + "+") == std::string::npos) continue;
    const auto time = news_time(article->at);
    if ((!request.startDateTime.empty() && time <= request.startDateTime) || (!request.endDateTime.empty() && time > request.endDateTime)) continue;
    if (told == wanted) {
      more = true;
      break;
    }
    ++told;
    client.say(wire::HistoricalNews{.reqId = request.reqId, .time = time, .providerCode = article->provider, .articleId = article->id, .headline = article->headline});
  }
  client.say(wire::HistoricalNewsEnd{.reqId = request.reqId, .hasMore = more});
}

// ---------------------------------------------------------------- scanners

void Station::on(Client& client, const wire::ReqScannerParameters&) {
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ScanParameterResponse>\n <InstrumentList varName=\"instrumentList\">\n  <Instrument><name>US Stocks</name><type>STK</type></Instrument>\n"
                    " </InstrumentList>\n <LocationTree varName=\"locationTree\">\n  <Location><displayName>US Stocks</displayName><locationCode>STK.US</locationCode><instruments>STK</instruments></Location>\n"
                    "  <Location><displayName>Listed/NASDAQ</displayName><locationCode>STK.US.MAJOR</locationCode><instruments>STK</instruments></Location>\n </LocationTree>\n <ScanTypeList varName=\"scanTypeList\">\n";
  for (const auto& scan : scan_codes) xml += fmt::format("  <ScanType><displayName>{}</displayName><scanCode>{}</scanCode><instruments>STK</instruments></ScanType>\n", scan.code == "MOST_ACTIVE_USD" ? "Most Active (USD)" : scan.name, scan.code);
  xml += " </ScanTypeList>\n</ScanParameterResponse>\n";
  client.say(wire::ScannerParameters{.xml = xml});
}

void Station::on(Client& client, const wire::ReqScannerSubscription& request) {
  const auto failed = [&](std::string_view why) { client.error(request.reqId, 162, fmt::format("Historical Market Data Service error message:{}", why), now_); };
  if (client.scanners.contains(request.reqId)) return client.error(request.reqId, 322, "Error processing request.-'bO' : cause - Duplicate ticker id", now_);
  std::size_t active = 0;
  for (const Client* other : clients_) active += other->scanners.size();
  if (active >= scanners_max) return failed(fmt::format("Only {} simultaneous API scanner subscriptions allowed", scanners_max));
  if (std::ranges::none_of(scan_codes, [&](const ScanCode& scan) { return scan.code == request.scanCode; })) return failed("Scan type is not available");
  if (request.instrument != "STK" || !request.locationCode.starts_with("STK.US")) return failed("Scanner location or instrument is not available");
  if (!history_farm_up_) return failed("HMDS server disconnect occurred.  Attempting reconnection...");
  const auto number = [](const wire::Number& n) { return n.is_set() ? n.to_double() : 0.0; };
  Scanner scanner{.code = std::string(request.scanCode), .above_price = number(request.abovePrice), .below_price = number(request.belowPrice)};
  if (request.aboveVolume != wire::unset_integer) scanner.above_volume = static_cast<double>(request.aboveVolume);
  scanner.rows = request.numberOfRows == wire::unset_integer || request.numberOfRows < 1 ? rows_max : std::min(rows_max, static_cast<std::size_t>(request.numberOfRows));
  scan(client, request.reqId, client.scanners[request.reqId] = std::move(scanner));
}

void Station::on(Client& client, const wire::CancelScannerSubscription& request) {
  if (client.scanners.erase(request.reqId) == 0) client.error(request.reqId, 365, fmt::format("No scanner subscription found for ticker id:{}", request.reqId), now_);
}

/// What the scanner shows now, and not before half a minute of the wall has gone again.
void Station::scan(Client& client, std::int32_t request, Scanner& scanner) {
  scanner.next_ns = wall_ns_ + scanner_interval_ns;
  std::vector<std::pair<double, InstrumentId>> found;
  for (const auto& instrument : contracts_.all()) {
    if (instrument.asset_class != AssetClass::Stock && instrument.asset_class != AssetClass::Etf) continue;
    const Tape& tape = replay_.tape(instrument.id);
    if (!tape.has_last || !tape.open.is_positive()) continue;
    const double last = tape.last.price.to_double(), volume = tape.volume.to_double();
    const double from = tape.prior_close.is_positive() ? tape.prior_close.to_double() : tape.open.to_double();
    if (last < scanner.above_price || (scanner.below_price > 0 && last > scanner.below_price) || volume < scanner.above_volume) continue;
    const double rank = scanner.code == "TOP_PERC_GAIN"     ? last / from
                        : scanner.code == "TOP_PERC_LOSE"   ? -last / from
                        : scanner.code == "MOST_ACTIVE"     ? volume
                        : scanner.code == "MOST_ACTIVE_USD" ? volume * last
                                                            : tape.high.to_double() / tape.low.to_double();
    found.emplace_back(rank, instrument.id);
  }
  if (found.empty()) return client.error(request, 165, "Historical Market Data Service query message:no items retrieved", now_);
  std::ranges::stable_sort(found, std::ranges::greater{}, &std::pair<double, InstrumentId>::first);
  if (found.size() > scanner.rows) found.resize(scanner.rows);
  wire::ScannerData data{.reqId = request, .contract = {}, .rows = {}};
  for (std::size_t i = 0; i < found.size(); ++i) {
    wire::ScannerRow row{.rank = static_cast<std::int32_t>(i)};
    contracts_.fill(found[i].second, row.contract);
    row.marketName = row.contract.tradingClass;
    data.rows.push_back(row);
  }
  client.say(data);
}

}  // namespace robo::sim
