// IB's algorithms in the simulator: how much may have traded by when, and where the order stands (docs/orders.md, Algorithms).

#include "scene.hpp"

namespace robo::sim {
namespace {

using namespace scene;
constexpr InstrumentId xxx{0};
constexpr std::int64_t minute = 60'000, hour = 60 * minute;

/// Six hours of a market that quotes 10.00-10.02 and trades 100 shares a minute.
struct Hours {
  Hours() {
    m.phase(TradingPhase::Regular, 6 * hour);
    m.quote(10.00, 100'000, 10.02, 100'000).trade(10.01, 100);
  }
  void to(std::int64_t until_minute) {
    for (; at < until_minute; ++at) m.at((at + 1) * minute).quote(10.00, 100'000, 10.02, 100'000).trade(10.01, 100);
  }
  scene::Market m;
  std::int64_t at = 0;
};

AlgoWindow first_hour(const Hours& h) { return {h.m.start, h.m.start + hours(1), false}; }

TEST(Algorithm, twap_trades_evenly_over_its_window) {
  Hours h;
  const auto slot = h.m.place(buy(xxx, shares(600)).market().worked_by(Twap{.window = first_hour(h)}));
  EXPECT_EQ(h.m.filled(slot), 0);
  h.to(15);
  EXPECT_EQ(h.m.filled(slot), 150);
  h.to(30);
  EXPECT_EQ(h.m.filled(slot), 300);
}

TEST(Algorithm, what_the_end_of_the_window_leaves_is_cancelled_unless_it_may_go_on) {
  Hours h;
  const auto stops = h.m.place(buy(xxx, shares(600)).limit(usd(9.95)).worked_by(Twap{.window = first_hour(h)}));
  auto longer = first_hour(h);
  longer.past_end = true;
  const auto goes_on = h.m.place(buy(xxx, shares(600)).limit(usd(9.95)).worked_by(Twap{.window = longer}));
  h.to(61);
  EXPECT_EQ(h.m.state(stops), OrderState::Cancelled);
  EXPECT_FALSE(is_final(h.m.state(goes_on)));
}

TEST(Algorithm, percent_of_volume_is_never_more_than_its_share) {
  Hours h;
  const auto slot = h.m.place(buy(xxx, shares(10'000)).market().worked_by(PercentOfVolume{.share = volume_share<20>()}));
  h.to(10);
  EXPECT_EQ(h.m.filled(slot), 200) << "1000 shares have traded";
  h.to(20);
  EXPECT_EQ(h.m.filled(slot), 400);
}

TEST(Algorithm, vwap_follows_the_days_curve_below_its_share_of_volume) {
  Hours h;
  const auto slot = h.m.place(buy(xxx, shares(1'000)).market().worked_by(Vwap{.share = volume_share<50>()}));
  h.to(60);
  const double first = h.m.filled(slot);
  h.to(120);
  const double second = h.m.filled(slot) - first;
  EXPECT_GT(first, second) << "the first hour of a day trades more than the second";
  h.to(359);
  EXPECT_NEAR(h.m.filled(slot), 1'000, 10);
}

TEST(Algorithm, arrival_price_is_done_sooner_the_more_urgent_it_is) {
  const auto after_an_hour = [](RiskAversion urgency) {
    Hours h;
    const auto slot = h.m.place(buy(xxx, shares(1'000)).market().worked_by(ArrivalPrice{.share = volume_share<50>(), .urgency = urgency}));
    h.to(60);
    return h.m.filled(slot);
  };
  const double passive = after_an_hour(RiskAversion::Passive), neutral = after_an_hour(RiskAversion::Neutral), done = after_an_hour(RiskAversion::GetDone);
  EXPECT_NEAR(passive, 1'000.0 / 6, 2);
  EXPECT_GT(neutral, passive);
  EXPECT_GT(done, neutral);
}

TEST(Algorithm, close_price_trades_most_of_it_late) {
  Hours h;
  const auto slot = h.m.place(buy(xxx, shares(1'000)).market().worked_by(ClosePrice{.share = volume_share<50>(), .force_completion = true}));
  h.to(180);
  EXPECT_LT(h.m.filled(slot), 300);
  h.to(359);
  EXPECT_EQ(h.m.filled(slot), 1'000) << "completion is forced in the last minute";
}

TEST(Algorithm, adaptive_waits_at_its_own_side_then_in_the_middle_then_takes) {
  Hours h;
  const auto slot = h.m.place(buy(xxx, shares(100)).market().worked_by(Adaptive{AdaptivePriority::Urgent}));
  h.m.at(100).quote(10.00, 500, 10.04, 500);
  EXPECT_EQ(h.m.order(slot).limit.to_double(), 10.00);
  h.m.at(900).quote(10.00, 500, 10.04, 500);
  EXPECT_EQ(h.m.order(slot).limit.to_double(), 10.02);
  EXPECT_EQ(h.m.filled(slot), 0);
  h.m.at(2'000).quote(10.00, 500, 10.04, 500);
  EXPECT_EQ(h.m.average(slot), 10.04);
}

TEST(Algorithm, dark_ice_shows_its_size_give_or_take_a_half) {
  Hours h;
  const auto slot = h.m.place(buy(xxx, shares(1'000)).limit(usd(10.00)).worked_by(DarkIce{.display = 100}));
  h.m.at(100).quote(10.00, 100, 10.02, 500);
  h.m.at(200).trade(10.00, 2'000, Aggressor::Seller);
  EXPECT_GE(h.m.filled(slot), 50);
  EXPECT_LE(h.m.filled(slot), 150);
}

TEST(Algorithm, accumulate_distribute_sends_a_part_every_so_often) {
  Hours h;
  const auto slot = h.m.place(buy(xxx, shares(1'000)).limit(usd(10.02)).worked_by(AccumulateDistribute{.component = 50, .every_seconds = 120}));
  EXPECT_EQ(h.m.filled(slot), 50);
  h.to(1);
  EXPECT_EQ(h.m.filled(slot), 50);
  h.to(2);
  EXPECT_EQ(h.m.filled(slot), 100);
  h.to(4);
  EXPECT_EQ(h.m.filled(slot), 150);
}

}  // namespace
}  // namespace robo::sim
