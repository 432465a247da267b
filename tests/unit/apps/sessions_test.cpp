#include "apps/sessions.hpp"

#include <gtest/gtest.h>

#include "edge/store/shipped.hpp"

namespace robo::apps {
namespace {

class FixedClock final : public runtime::Clock {
 public:
  [[nodiscard]] Timestamp now() override { return at; }
  Timestamp at{};
};

/// Says one thing when it is asked to.
class OneWord final : public runtime::Gateway {
 public:
  [[nodiscard]] bool next(Event& out) override {
    if (!word) return false;
    out = *word;
    word.reset();
    return true;
  }
  void send(const Command&) override {}
  [[nodiscard]] bool finished() const override { return false; }
  std::optional<Event> word{};
};

/// IB's word about a halt of SPY at a New York time of Thursday, 14 February 2019, as the engine hears it.
PhaseChange heard(TradingPhase said, Duration time_of_day) {
  const auto calendars = store::read_calendars(std::filesystem::path(ROBO_SOURCE_DIR) / "data/calendars").value();
  std::vector<Calendar> all;
  for (const auto& [name, calendar] : calendars) all.push_back(calendar);
  const Instrument spy{.id = InstrumentId{0}, .symbol = "SPY", .calendar = "NYSE"};
  FixedClock clock;
  clock.at = TimeZone::find("America/New_York").value().to_utc({date_of(2019, 2, 14), time_of_day});
  OneWord ib;
  SessionGateway gateway(ib, std::span(&spy, 1), all, clock);
  Event event;
  EXPECT_TRUE(gateway.next(event));   // where the calendar stands
  EXPECT_FALSE(gateway.next(event));
  ib.word = Event{.at = clock.at, .received_at = clock.at, .payload = PhaseChange{.instrument = spy.id, .phase = said}};
  EXPECT_TRUE(gateway.next(event));
  return std::get<PhaseChange>(event.payload);
}

}  // namespace

TEST(Sessions, the_end_of_a_halt_gives_back_the_phase_of_the_hour) {
  EXPECT_EQ(heard(TradingPhase::Regular, hours(15)).phase, TradingPhase::Regular);
  EXPECT_EQ(heard(TradingPhase::Regular, hours(17)).phase, TradingPhase::PostMarket);
  EXPECT_EQ(heard(TradingPhase::Regular, hours(8)).phase, TradingPhase::PreMarket);
}

TEST(Sessions, a_halt_is_a_halt_at_any_hour_and_belongs_to_its_day) {
  for (const auto at : {hours(8), hours(15), hours(17)}) {
    const auto halt = heard(TradingPhase::Halted, at);
    EXPECT_EQ(halt.phase, TradingPhase::Halted);
    EXPECT_EQ(halt.trade_date, date_of(2019, 2, 14)) << "else the day would seem to turn, and its high, low and volume begin anew";
  }
}

}  // namespace robo::apps
