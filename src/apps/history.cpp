#include "apps/history.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "runtime/clock.hpp"

namespace robo::apps {

namespace {

/// What IB keeps of each: plain TRADES is refused for coins (10299) and empty for currency pairs.
std::string history_kind(AssetClass asset_class) {
  if (asset_class == AssetClass::Crypto) return "AGGTRADES";
  return asset_class == AssetClass::Forex ? "MIDPOINT" : "TRADES";
}

}  // namespace

History fetch_history(const ib::ClientSettings& settings, runtime::Clock& clock, std::span<const ib::ContractSpec> contracts, int days,
                      Duration patience, const std::function<void(double)>& progress) {
  History history;
  ib::Client client(settings, clock);
  std::vector<bool> asked(contracts.size());
  std::size_t answered = 0;
  for (std::size_t i = 0; i < contracts.size(); ++i)
    client.want(InstrumentId{static_cast<std::uint32_t>(i)}, contracts[i], {.quotes = false});

  const auto begun = runtime::steady_ns(), give_up = begun + patience.ns;
  Event event;
  while (answered < contracts.size() && runtime::steady_ns() < give_up) {
    // Nobody there: the trading line will keep trying, this one need not.
    if (!client.link().is_up() && runtime::steady_ns() - begun > 3'000'000'000) {
      history.missing.push_back(fmt::format("no gateway at {}:{}: strategies start cold", settings.link.host, settings.link.port));
      return history;
    }
    if (!client.next(event)) {
      client.wait(milliseconds(5));
      continue;
    }
    const auto* resolved = std::get_if<Boxed<Instrument>>(&event.payload);
    if (resolved == nullptr || (*resolved)->id.value >= contracts.size() || asked[(*resolved)->id.value]) continue;
    const auto id = (*resolved)->id;
    asked[id.value] = true;
    const bool always_open = (*resolved)->asset_class == AssetClass::Crypto || (*resolved)->asset_class == AssetClass::Forex;
    client.bars({.instrument = id, .duration = fmt::format("{} D", days), .what = history_kind((*resolved)->asset_class),
                 .regular_hours = !always_open},
                [&, id](const auto& answer) {
                  ++answered;
                  progress(static_cast<double>(answered) / static_cast<double>(contracts.size()));
                  if (!answer) {
                    history.missing.push_back(fmt::format("{}: {}", contracts[id.value].symbol, answer.error().text));
                    return;
                  }
                  if (!answer->empty()) ++history.instruments;
                  history.bars.insert(history.bars.end(), answer->begin(), answer->end());
                });
  }
  for (std::size_t i = 0; i < contracts.size(); ++i)
    if (!asked[i]) history.missing.push_back(fmt::format("{}: not resolved in time", contracts[i].symbol));
  client.stop("history is complete");
  while (client.next(event)) {
  }
  std::stable_sort(history.bars.begin(), history.bars.end(), [](const Bar& a, const Bar& b) { return a.start + a.period < b.start + b.period; });
  return history;
}

}  // namespace robo::apps
