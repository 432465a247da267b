#pragma once
// One strategy on real rooms, fed bar by bar.

#include <memory>
#include <string>
#include <vector>

#include "kernel/strategy/host.hpp"
#include "support/rooms.hpp"

namespace robo::test {

class Stage {
 public:
  Stage(std::vector<Instrument> instruments, std::unique_ptr<strategy::Strategy> what, std::vector<strategy::Setting> settings = {},
        Duration bar = minutes(1), regime::Settings regimes = quick_regimes())
      : rooms(std::move(instruments), regimes), bar_(bar),
        host(rooms.instruments, {.feature = [this](const features::Spec& spec, std::span<const InstrumentId> on) { return rooms.features.declare(spec, on); },
                                 .bars = [this](Duration timeframe, std::span<const InstrumentId> on) {
                                   for (const InstrumentId id : on) rooms.market.want_bars(timeframe, id);
                                 }}) {
    settings.push_back({"bar_s", static_cast<double>(bar.ns) / 1e9});
    std::vector<InstrumentId> universe;
    for (const Instrument& i : rooms.instruments) universe.push_back(i.id);
    for (const Problem& problem : host.enlist(std::move(what), {.universe = universe, .settings = settings})) problems.push_back(problem.text);
    rooms.start();
  }

  static regime::Settings quick_regimes() {
    regime::Settings s;
    s.history_min = 20;
    return s;
  }

  /// A trade inside the running bar.
  void trade(std::uint32_t id, double price, std::int64_t size = 100) { rooms.trade(InstrumentId(id), Price::nearest(price), shares(size), now + milliseconds(500)); }
  /// The running bar ends; answers what the strategy said.
  std::vector<strategy::Signal> close() {
    now = now + bar_;
    rooms.advance(now);
    heard.clear();
    const auto world = rooms.world();
    for (const market::ClosedBar& closed : rooms.market.closed_bars())
      for (const strategy::Opinion& o : host.on_bar(now, world, closed.bar, rooms.facts)) heard.push_back(o.signal);
    rooms.facts.clear();
    return heard;
  }
  std::vector<strategy::Signal> bar(double price, std::int64_t size = 100) {
    trade(0, price, size);
    return close();
  }
  StrategyState state() const { return host.state(StrategyId(0)); }
  void set(std::string_view name, double value) {
    Facts facts;
    host.on_operator(now, {.action = OperatorAction::SetParameter, .name = name, .value = value}, facts);
    ASSERT_EQ(only<ParameterChanged>(facts).size(), 1u) << name;
  }

  Rooms rooms;
  std::vector<std::string> problems;
  std::vector<strategy::Signal> heard;
  Timestamp now = monday;

 private:
  Duration bar_;

 public:
  strategy::Host host;
};

}  // namespace robo::test
