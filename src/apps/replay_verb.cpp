#include <fmt/core.h>

#include "apps/engine.hpp"
#include "apps/terminal.hpp"
#include "apps/verbs.hpp"
#include "edge/journal/replay.hpp"
#include "runtime/clock.hpp"

namespace robo::apps {

int run(const ReplayOptions& options) {
  terminal::heading(fmt::format("replay {}", options.folder));
  terminal::Step opening("journal");
  auto reader = journal::Reader::open(options.folder);
  auto first = journal::Reader::open(options.folder);
  if (!reader || !first) {
    terminal::complain(reader ? first.error().text : reader.error().text);
    return 2;
  }
  const auto settings = load_settings(options.folder + "/run.toml");
  const auto instruments = journal::instruments_of(std::move(*first));
  opening.done(fmt::format("session {}, {} segments, {} instruments", reader->session(), reader->segments(), instruments.size()));

  terminal::Step running("replay");
  const auto start = std::chrono::steady_clock::now();
  journal::Replay replay(std::move(*reader), options.facts);
  runtime::DataClock clock;
  Engine engine(settings, {.mode = TradingMode::Replay, .measure = false, .keep_timers = false}, instruments, replay, clock);
  engine.drive().add(replay);
  const std::atomic<bool> never{false};
  engine.run(never);
  replay.finish();
  const double taken = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  running.done(fmt::format("{} events, {} commands{}", replay.events(), replay.commands_equal(),
                           options.facts ? fmt::format(", {} facts", replay.facts_equal()) : ""),
               fmt::format("{}   {:.0f} k events/s", terminal::duration(taken), static_cast<double>(replay.events()) / taken / 1e3));
  if (replay.reader().ending() != journal::Ending::Clean) terminal::print(fmt::format("  the journal ends early: {}", replay.reader().ending_text()));

  const auto end = engine.finish("replayed");
  terminal::print(fmt::format("\n  net liq {}   P&L net {}   orders {}   fills {}   denials {}", terminal::grouped(end.equity, 2),
                              terminal::grouped(end.pnl_net, 2, true), end.orders, end.fills, end.denials));
  if (!options.verify) return 0;
  if (const auto& difference = replay.difference()) {
    terminal::complain(fmt::format("the replay differs at record {}, {}\n    recorded  {}\n    replayed  {}", difference->record,
                                   to_text(difference->at), difference->recorded, difference->replayed));
    return 1;
  }
  terminal::print(terminal::paint(terminal::Tone::Good, fmt::format("  ✓ identical: all {} commands{} are the same, byte for byte", replay.commands_equal(),
                                                                     options.facts ? fmt::format(" and {} facts", replay.facts_equal()) : "")));
  return 0;
}

}  // namespace robo::apps
