#include <algorithm>
#include <cstring>
#include <fmt/core.h>
#include <map>

#include "apps/engine.hpp"
#include "apps/feature_tap.hpp"
#include "apps/terminal.hpp"
#include "apps/verbs.hpp"
#include "edge/journal/replay.hpp"
#include "edge/store/features/point_in_time.hpp"
#include "runtime/clock.hpp"

namespace robo::apps {

namespace {

/// What a session recorded of one symbol, read along with the recomputation.
struct Recorded {
  store::features::Series rows{};
  std::size_t part = 0, row = 0;
  [[nodiscard]] bool done() const { return part >= rows.parts().size(); }
  void step() {
    if (++row < rows.parts()[part].size()) return;
    ++part;
    row = 0;
  }
};

struct Difference {
  std::string symbol{}, feature{}, sentence{};
  Timestamp at{};
};

class Comparison {
 public:
  Comparison(const store::FeatureSettings& settings, std::string source, std::vector<std::string> names, std::span<const Instrument> instruments)
      : settings_(settings), source_(std::move(source)), names_(std::move(names)) {
    for (const auto& instrument : instruments) symbols_.emplace_back(instrument.symbol.view());
  }

  void take(InstrumentId id, Timestamp at, std::span<const double> values) {
    ++recomputed;
    if (first) return;
    auto& one = recorded(id.value);
    if (one.done() || one.rows.parts()[one.part].at[one.row] > at.ns) {
      ++unrecorded;  // the queue was full, or the session was cut before it came so far
      return;
    }
    const auto& part = one.rows.parts()[one.part];
    if (part.at[one.row] != at.ns) return differ(id.value, at, "", fmt::format("the session recorded a row at {} that does not come again", to_text(Timestamp{part.at[one.row]})));
    if (part.name.features != names_) return differ(id.value, at, "", "the session recorded other features than these strategies have");
    for (std::size_t f = 0; f < names_.size(); ++f) {
      std::uint64_t live = 0, again = 0;
      std::memcpy(&live, &part.values[f][one.row], sizeof live);
      std::memcpy(&again, &values[f], sizeof again);
      if (live == again) continue;
      return differ(id.value, at, names_[f], fmt::format("used live {:.17g}, recomputed {:.17g}", part.values[f][one.row], values[f]));
    }
    ++equal;
    one.step();
  }
  void finish() {
    for (auto& [id, one] : open_)
      if (!first && !one.done())
        differ(id, Timestamp{one.rows.parts()[one.part].at[one.row]}, "", "the session recorded a row that does not come again");
  }
  [[nodiscard]] const std::vector<std::string>& damaged() const { return damaged_; }

  std::uint64_t recomputed = 0, equal = 0, unrecorded = 0;
  std::optional<Difference> first;

 private:
  Recorded& recorded(std::uint32_t id) {
    const auto [at, fresh] = open_.try_emplace(id);
    if (fresh) {
      at->second.rows = store::features::Series::load(settings_.folder, live_folder(settings_), decision_set, symbol(id), source_);
      const auto& damaged = at->second.rows.damaged();
      damaged_.insert(damaged_.end(), damaged.begin(), damaged.end());
    }
    return at->second;
  }
  [[nodiscard]] std::string symbol(std::uint32_t id) const { return id < symbols_.size() ? symbols_[id] : fmt::format("_{}", id); }
  void differ(std::uint32_t id, Timestamp at, std::string feature, std::string sentence) {
    first = Difference{.symbol = symbol(id), .feature = std::move(feature), .sentence = std::move(sentence), .at = at};
  }

  store::FeatureSettings settings_;
  std::string source_;
  std::vector<std::string> names_, symbols_;
  std::map<std::uint32_t, Recorded> open_;
  std::vector<std::string> damaged_;
};

int verify(const std::filesystem::path& folder, const FeaturesOptions& options) {
  terminal::heading(fmt::format("features verify {}", folder.string()));
  auto reader = journal::Reader::open(folder);
  auto first = journal::Reader::open(folder);
  if (!reader || !first) {
    terminal::complain(reader ? first.error().text : reader.error().text);
    return 2;
  }
  const auto settings = load_settings((folder / "run.toml").string());
  auto where = settings.settings.features;
  if (!options.folder.empty()) where.folder = options.folder;
  const auto instruments = journal::instruments_of(std::move(*first));
  journal::Replay replay(std::move(*reader), false);
  runtime::DataClock clock;
  Engine engine(settings, {.mode = TradingMode::Replay, .measure = false, .keep_timers = false}, instruments, replay, clock);
  engine.drive().add(replay);
  std::optional<Comparison> comparison;
  FeatureRows rows(engine.kernel(), [&](InstrumentId id, Timestamp at, Timestamp, std::span<const double> values) {
    if (!comparison)
      comparison.emplace(where, std::filesystem::weakly_canonical(folder).filename().string(), feature_names(engine.kernel().features()), instruments);
    comparison->take(id, at, values);
  });
  engine.drive().add(rows);
  const std::atomic<bool> never{false};
  engine.run(never);
  if (!comparison) {
    terminal::complain("this journal computes no features: no strategy asked for any");
    return 1;
  }
  comparison->finish();
  for (const auto& text : comparison->damaged()) terminal::complain(text);
  if (comparison->equal == 0 && !comparison->first) {
    terminal::complain(fmt::format("nothing was recorded of this session in {}; switch it on: [features] on = true", where.folder));
    return 1;
  }
  if (const auto& difference = comparison->first) {
    terminal::complain(fmt::format("the features differ first at {}, {}{}{}:\n    {}", to_text(difference->at), difference->symbol, difference->feature.empty() ? "" : ", ",
                                   difference->feature, difference->sentence));
    return 1;
  }
  if (comparison->unrecorded > 0)
    terminal::print(terminal::paint(terminal::Tone::Warn, fmt::format("  ▲ {} of {} rows were not recorded by the session (full queue, full memory, or killed)",
                                                                      comparison->unrecorded, comparison->recomputed)));
  terminal::print(terminal::paint(terminal::Tone::Good, fmt::format("  ✓ identical: {} rows of {} features are those used live, bit for bit", comparison->equal,
                                                                     feature_names(engine.kernel().features()).size())));
  return comparison->damaged().empty() ? 0 : 1;
}

}  // namespace

int run(const FeaturesOptions& options) {
  if (std::filesystem::is_directory(options.what)) return verify(options.what, options);
  // A day: every session whose journal is of it.
  std::string day = options.what;
  std::erase(day, '-');
  int code = 0;
  bool any = false;
  for (const auto& folder : journal::journals_under(options.journals)) {
    if (folder.filename().string().find("-" + day + "-") == std::string::npos) continue;
    any = true;
    code = std::max(code, verify(folder, options));
  }
  if (any) return code;
  terminal::complain(fmt::format("'{}' is neither a journal's folder nor a day (2026-11-23) of a journal under {}", options.what, options.journals));
  return 2;
}

}  // namespace robo::apps
