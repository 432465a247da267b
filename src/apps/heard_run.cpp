#include "apps/heard_run.hpp"

#include <fmt/core.h>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "edge/store/history/catalogue.hpp"
#include "runtime/clock.hpp"

namespace robo::apps {

namespace {

/// Names the data by the bytes it was read from.
std::string data_digest(const DataSettings& data) {
  research::Digest digest;
  std::ifstream manifest(std::filesystem::path(data.folder) / "MANIFEST.csv", std::ios::binary);
  digest.add(std::string(std::istreambuf_iterator<char>(manifest), {}));
  digest.add(data.market);
  for (const auto& symbol : data.symbols) digest.add(symbol);
  if (data.market == "store") {
    digest.add(fmt::format("{}|{}|{}|{}|{}|{}", data.bars, to_text(data.from), to_text(data.until), data.adjust, to_text(data.known_at), data.universe));
    // The files as they lie: another import, another repair, another test.
    for (const auto kind : store::history::market_kinds)
      for (const auto& partition : store::partitions(data.store, kind))
        if (const auto parts = store::parts_of(data.store, partition))
          for (const auto& part : *parts)
            if (const auto bytes = research::digest_of_file(part.string())) digest.add(*bytes);
    for (const auto& file : {std::string("history/actions.csv"), "history/universe/" + data.universe + ".csv"})
      if (const auto bytes = research::digest_of_file((std::filesystem::path(data.store) / file).string())) digest.add(*bytes);
  }
  return digest.finish();
}

research::Ledger ledger_of(const RunSettings& settings) { return research::Ledger(std::filesystem::path(settings.state) / "trials.jsonl"); }

}  // namespace

HeardRun hear_backtest(const LoadedSettings& loaded, RecordedMarket& market, const BacktestSetup& setup, std::string_view title) {
  const auto& settings = loaded.settings;
  research::CollectorSettings wanted;
  for (const auto& strategy : settings.strategies) wanted.strategies.push_back(strategy.name);
  research::Collector collector(std::move(wanted));
  auto with_collector = setup;
  with_collector.taps.insert(with_collector.taps.begin(), &collector);
  HeardRun heard;
  heard.run = run_backtest(loaded, market, with_collector);
  heard.record = collector.finish();
  heard.wanted = {.title = title.empty() ? settings.name : std::string(title), .config = research::digest(loaded.text), .data = data_digest(settings.data),
                  .data_note = heard.run.summary.data_note};
  return heard;
}

research::Trial keep_trial(const HeardRun& heard, const RunSettings& settings) {
  std::filesystem::create_directories(settings.state);
  runtime::WallClock wall;
  auto trial = research::trial_of(heard.record, heard.wanted, to_text(wall.now()).substr(0, 19) + "Z");
  if (const auto kept = ledger_of(settings).append(trial); !kept) throw std::runtime_error(kept.error().text);
  return trial;
}

research::Report report_of(const HeardRun& heard, const RunSettings& settings) {
  const auto trials = ledger_of(settings).read();
  if (!trials) throw std::runtime_error(trials.error().text);
  return research::report(heard.record, heard.wanted, *trials);
}

}  // namespace robo::apps
