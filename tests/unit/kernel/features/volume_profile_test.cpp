// Volume by price: POC, value area, nodes; of the session, of a window, by side.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <optional>
#include <random>

#include "kernel/features/indicators/rolling_profile.hpp"
#include "support/market_day.hpp"

namespace robo::features {
namespace {

using test::MarketDay;

struct Profile {
  Profile() : bins(static_cast<std::size_t>(VolumeProfile::bins)), nodes(VolumeProfile::nodes_room), of(bins, price(0, 1), 7, nodes) {}
  void add(double at, std::int64_t size, int side = 0) { of.add(of.tick_of(Price::nearest(at)), shares(size).raw, side); }
  std::vector<VolumeProfile::Bin> bins;
  std::vector<std::int64_t> nodes;
  VolumeProfile of;
};

TEST(VolumeProfile, the_poc_is_where_most_traded_and_the_value_area_holds_seventy_percent) {
  Profile profile;
  EXPECT_TRUE(std::isnan(profile.of.area(VolumeProfile::Total).poc)) << "no volume is not a price of 0";
  // 10.00 .. 10.06: 10 20 30 100 40 25 5 of 230; 70 % is 161.
  const std::array<std::int64_t, 7> volumes{10, 20, 30, 100, 40, 25, 5};
  for (std::size_t i = 0; i < volumes.size(); ++i) profile.add(10 + 0.01 * static_cast<double>(i), volumes[i]);
  const auto& area = profile.of.area(VolumeProfile::Total);
  EXPECT_DOUBLE_EQ(area.poc, 10.03);
  // Two above (65) against two below (50): up, 165 of 161: done.
  EXPECT_DOUBLE_EQ(area.high, 10.05);
  EXPECT_DOUBLE_EQ(area.low, 10.03);
  profile.add(10.02, 60);  // 90 below: 230 + 60 = 290, 203 of it
  EXPECT_DOUBLE_EQ(profile.of.area(VolumeProfile::Total).low, 10.01) << "110 below against 65 above";
  EXPECT_DOUBLE_EQ(profile.of.area(VolumeProfile::Total).high, 10.03);
}

TEST(VolumeProfile, of_equal_bins_the_lowest_is_the_poc_whatever_came_first) {
  Profile up, down;
  for (const double at : {10.0, 10.5}) up.add(at, 100);
  for (const double at : {10.5, 10.0}) down.add(at, 100);
  EXPECT_DOUBLE_EQ(up.of.area(VolumeProfile::Total).poc, 10.0);
  EXPECT_DOUBLE_EQ(down.of.area(VolumeProfile::Total).poc, 10.0);
}

TEST(VolumeProfile, buyers_and_sellers_have_their_own) {
  Profile profile;
  profile.add(10.00, 500, 0);
  profile.add(10.05, 100, 1);
  profile.add(9.95, 100, -1);
  EXPECT_DOUBLE_EQ(profile.of.area(VolumeProfile::Total).poc, 10.00);
  EXPECT_DOUBLE_EQ(profile.of.area(VolumeProfile::Buy).poc, 10.05);
  EXPECT_DOUBLE_EQ(profile.of.area(VolumeProfile::Sell).poc, 9.95);
  EXPECT_EQ(profile.of.volume(VolumeProfile::Total), shares(700).raw) << "volume nobody can sign is volume";
}

TEST(VolumeProfile, prices_between_ticks_and_below_zero_fall_into_the_bin_below) {
  Profile profile;
  profile.add(-36.985, 10);
  EXPECT_DOUBLE_EQ(profile.of.area(VolumeProfile::Total).poc, -36.99);
  EXPECT_EQ(profile.of.tick_of(Price::nearest(10.0299)), 1002);
  EXPECT_EQ(profile.of.tick_of(Price::nearest(10.03)), 1003);
}

TEST(VolumeProfile, nodes_are_the_hills_and_valleys_around_the_price) {
  Profile profile;
  // Hills at 10.10 and 10.40, a valley at 10.25; the price comes to rest in between.
  for (int tick = 0; tick <= 50; ++tick) {
    const double hill = 1'000 * std::exp(-0.02 * (tick - 10) * (tick - 10)) + 800 * std::exp(-0.02 * (tick - 40) * (tick - 40)) + 5 + 0.2 * std::abs(tick - 25);
    profile.add(10 + 0.01 * tick, static_cast<std::int64_t>(hill * 10));
  }
  profile.add(10.30, 20);
  const auto& nodes = profile.of.nodes();
  EXPECT_DOUBLE_EQ(nodes.high_below, 10.10);
  EXPECT_DOUBLE_EQ(nodes.high_above, 10.40);
  EXPECT_DOUBLE_EQ(nodes.low_below, 10.25);
  EXPECT_TRUE(std::isnan(nodes.low_above)) << "the end of the day's range is no valley";
  profile.add(10.20, 1);
  EXPECT_DOUBLE_EQ(profile.of.nodes().low_above, 10.25) << "the same valley from below";
}

/// The same by definition: every bin in a map, areas drawn by the rule of 1/64, everything counted anew.
struct Counted {
  std::map<std::int64_t, std::array<std::int64_t, 3>> ticks{};
  int shift = 0;
  std::int64_t fresh = 0, fresh_trades = 0;
  std::size_t next = 4;  // measure that is drawn with this trade; 4: none
  std::array<std::optional<std::pair<std::int64_t, std::int64_t>>, 3> area{};

  [[nodiscard]] std::map<std::int64_t, std::array<std::int64_t, 3>> bins() const {
    std::map<std::int64_t, std::array<std::int64_t, 3>> all;
    for (const auto& [tick, volume] : ticks)
      for (std::size_t m = 0; m < 3; ++m) all[tick >> shift][m] += volume[m];
    return all;
  }
  [[nodiscard]] std::optional<std::int64_t> poc(std::size_t m) const {
    std::optional<std::int64_t> best;
    std::int64_t most = 0;
    for (const auto& [bin, volume] : bins())
      if (volume[m] > most) most = volume[m], best = bin;
    return best;
  }
  void draw(std::size_t m) {
    const auto all = bins();
    const auto at = poc(m);
    if (!at) return;
    const auto volume = [&](std::int64_t bin) { return all.contains(bin) ? all.at(bin)[m] : 0; };
    std::int64_t sum = 0;
    for (const auto& [bin, v] : all) sum += v[m];
    auto low = *at, high = *at;
    auto inside = volume(*at);
    const auto first = all.begin()->first, last = all.rbegin()->first;
    while (static_cast<double>(inside) < 0.7 * static_cast<double>(sum) && (low > first || high < last)) {
      const auto up = volume(high + 1) + volume(high + 2), down = volume(low - 1) + volume(low - 2);
      if (high < last && (low == first || up >= down)) inside += up, high = std::min(high + 2, last);
      else inside += down, low = std::max(low - 2, first);
    }
    area[m] = {low, high};
  }
  void draw_all() {
    fresh = fresh_trades = 0;
    next = 4;
    for (std::size_t m = 0; m < 3; ++m) draw(m);
  }
  void add(std::int64_t tick, std::int64_t size, int side) {
    const bool fits = [&] {
      const auto all = bins();
      return all.empty() || std::max(all.rbegin()->first, tick >> shift) - std::min(all.begin()->first, tick >> shift) < VolumeProfile::bins;
    }();
    if (!fits) {
      const auto redraw = [&] { ++shift; draw_all(); };
      redraw();
      while (std::max(bins().rbegin()->first, tick >> shift) - std::min(bins().begin()->first, tick >> shift) >= VolumeProfile::bins) redraw();
    }
    ticks[tick];
    for (const std::size_t m : {std::size_t{0}, side > 0 ? std::size_t{1} : std::size_t{2}}) {
      if (m != 0 && side == 0) continue;
      ticks[tick][m] += size;
    }
    fresh += size;
    ++fresh_trades;
    std::int64_t sum = 0;
    for (const auto& [t, volume] : ticks) sum += volume[0];
    const auto all = bins();
    if (fresh >= sum / 64 && fresh_trades >= (all.rbegin()->first - all.begin()->first + 1) / 16) {
      if (all.rbegin()->first - all.begin()->first + 1 < VolumeProfile::narrow) draw_all();
      else fresh = fresh_trades = 0, next = 0;
    }
    if (next < 4) {  // the nodes are the fourth
      if (next < 3) draw(next);
      ++next;
    }
  }
};

TEST(VolumeProfile, is_what_counting_everything_anew_says_also_when_the_day_becomes_too_wide) {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    std::mt19937_64 random(seed);
    Profile profile;
    Counted counted;
    std::int64_t tick = 10'000;
    for (int i = 0; i < 1'500; ++i) {
      tick += static_cast<std::int64_t>(random() % 41) - 19 + (i == 700 ? 1'500 : 0);
      const auto size = shares(1 + static_cast<std::int64_t>(random() % 300)).raw;
      const int side = static_cast<int>(random() % 3) - 1;
      profile.of.add(tick, size, side);
      counted.add(tick, size, side);
      const double width = static_cast<double>(std::int64_t{1} << counted.shift);
      ASSERT_EQ(profile.of.ticks_per_bin(), std::int64_t{1} << counted.shift) << i;
      for (std::size_t m = 0; m < 3; ++m) {
        const auto& area = profile.of.area(m);
        const auto poc = counted.poc(m);
        ASSERT_EQ(std::isnan(area.poc), !poc.has_value());
        if (!poc) continue;
        ASSERT_DOUBLE_EQ(area.poc, 0.01 * (static_cast<double>(*poc) * width + 0.5 * (width - 1))) << seed << ' ' << i << ' ' << m;
        if (!counted.area[m]) continue;  // known with the next drawing
        ASSERT_DOUBLE_EQ(area.low, 0.01 * static_cast<double>(counted.area[m]->first) * width) << seed << ' ' << i << ' ' << m;
        ASSERT_DOUBLE_EQ(area.high, 0.01 * (static_cast<double>(counted.area[m]->second + 1) * width - 1)) << seed << ' ' << i << ' ' << m;
      }
    }
    EXPECT_GT(counted.shift, 0) << "the story is wide enough to show it";
  }
}

struct Rolling {
  explicit Rolling(std::size_t n) : bins(static_cast<std::size_t>(VolumeProfile::bins)), recent(bins.size()), entries(RollingProfile::entries_for(n)), starts(n + 1),
                                    of(VolumeProfile{bins, price(0, 1), 7, {}}, recent, entries, starts, minutes(1)) {}
  std::vector<VolumeProfile::Bin> bins;
  std::vector<RollingProfile::Recent> recent;
  std::vector<RollingProfile::Entry> entries;
  std::vector<std::uint64_t> starts;
  RollingProfile of;
};

TEST(RollingProfile, holds_the_volume_of_the_last_intervals_and_nothing_older) {
  for (const std::size_t n : {1u, 3u, 30u}) {
    std::mt19937_64 random(7);
    Rolling rolling(n);
    struct Print {
      std::int64_t minute{}, tick{}, size{};
      int side{};
    };
    std::vector<Print> tape;
    Timestamp now = test::morning;
    std::int64_t tick = 10'000;
    for (int i = 0; i < 4'000; ++i) {
      now = now + milliseconds(static_cast<std::int64_t>(random() % (i % 500 == 0 ? 1'000'000 : i % 50 == 0 ? 100'000 : 5'000)));
      tick += static_cast<std::int64_t>(random() % 7) - 3;
      const Print print{now.ns / minutes(1).ns, tick, 1 + static_cast<std::int64_t>(random() % 100), static_cast<int>(random() % 3) - 1};
      tape.push_back(print);
      rolling.of.add(tick, print.size, print.side, now);
      std::map<std::int64_t, std::array<std::int64_t, 3>> volume;
      std::array<std::int64_t, 3> sums{};
      for (auto p = tape.rbegin(); p != tape.rend() && p->minute > print.minute - static_cast<std::int64_t>(n); ++p) {
        volume[p->tick][0] += p->size, sums[0] += p->size;
        if (p->side != 0) volume[p->tick][p->side > 0 ? 1 : 2] += p->size, sums[p->side > 0 ? 1 : 2] += p->size;
      }
      const auto& profile = rolling.of.profile();
      for (std::size_t m = 0; m < 3; ++m) {
        ASSERT_EQ(profile.volume(m), sums[m]) << n << ' ' << i;
        std::int64_t most = 0, poc = 0;
        for (const auto& [t, v] : volume)
          if (v[m] > most) most = v[m], poc = t;
        if (most == 0) ASSERT_TRUE(std::isnan(profile.area(m).poc)) << n << ' ' << i << ' ' << m;
        else ASSERT_DOUBLE_EQ(profile.area(m).poc, 0.01 * static_cast<double>(poc)) << n << ' ' << i << ' ' << m;
      }
      ASSERT_FALSE(rolling.of.shortened());
    }
  }
}

TEST(RollingProfile, with_more_prices_than_it_remembers_the_oldest_go_early_and_it_says_so) {
  Rolling rolling(30);
  Timestamp now = test::morning;
  std::int64_t volume = 0;
  for (int minute = 0; minute < 5; ++minute, now = now + minutes(1))
    for (int tick = 0; tick < 1'000; ++tick) rolling.of.add(10'000 + tick, 1, 0, now);
  volume = rolling.of.profile().volume(VolumeProfile::Total);
  EXPECT_TRUE(rolling.of.shortened());
  EXPECT_GE(volume, 1'000);
  EXPECT_LE(volume, static_cast<std::int64_t>(RollingProfile::entries_for(30)));
}

TEST(Features, poc_of_the_session_starts_again_and_of_a_window_moves_on) {
  MarketDay day;
  const auto session = day.declare({.kind = Kind::Poc}), rolling = day.declare({.kind = Kind::Poc, .timeframe = minutes(1), .period = 2}),
             high = day.declare({.kind = Kind::ValueAreaHigh}), bought = day.declare({.kind = Kind::BuyPoc});
  EXPECT_EQ(to_text(day.features.spec(session)), "poc tick");
  EXPECT_EQ(to_text(day.features.spec(rolling)), "poc(2) 1m");
  EXPECT_EQ(day.declare({.kind = Kind::Poc, .period = 7}), session) << "a session has no window";
  day.start();
  day.phase(TradingPhase::Regular, date_of(2018, 1, 2));
  day.trade(100, 1'000, 0, Aggressor::Seller);
  day.trade(100.01, 500, 0, Aggressor::Buyer);
  EXPECT_DOUBLE_EQ(day.value(session), 100);
  EXPECT_DOUBLE_EQ(day.value(rolling), 100);
  EXPECT_DOUBLE_EQ(day.value(bought), 100.01);
  EXPECT_DOUBLE_EQ(day.value(high), 100.01);
  day.wait(minutes(2));
  day.trade(102, 10);
  EXPECT_DOUBLE_EQ(day.value(rolling), 102) << "what is two minutes old has gone";
  EXPECT_DOUBLE_EQ(day.value(session), 100);
  day.trade(103, 100'000, trade_condition::late | trade_condition::not_last);
  EXPECT_DOUBLE_EQ(day.value(session), 100) << "a late print says nothing about where the market trades now";
  day.phase(TradingPhase::Regular, date_of(2018, 1, 3));
  EXPECT_TRUE(std::isnan(day.value(session)));
  EXPECT_TRUE(std::isnan(day.value(bought)));
}

}  // namespace
}  // namespace robo::features
