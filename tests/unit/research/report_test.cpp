#include "research/report.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cmath>

#include "research/bootstrap.hpp"
#include "research/report_parts.hpp"
#include "run_by_hand.hpp"

namespace robo::research {
namespace {

const ReportSettings settings{.title = "test run", .config = "c1", .data = "d1", .histories = 300};

LedgerContents ledger_with(const Record& record) {
  LedgerContents ledger;
  ledger.trials.push_back(trial_of(record, settings, "2026-01-01T00:00:00Z"));
  return ledger;
}

Report report_of(const Record& record) { return report(record, settings, ledger_with(record)); }

auto skilled(double annual_sharpe, double daily_sigma, std::uint64_t seed = 1) {
  return [=, dice = Dice(seed)](int) mutable { return daily_sigma * (annual_sharpe / std::sqrt(252.0) + dice.normal()); };
}

const ReportTarget& target(const Report& r, std::string_view name) {
  for (const ReportTarget& t : r.targets)
    if (t.name == name) return t;
  throw std::runtime_error("no target " + std::string(name));
}

TEST(Report, ten_great_years_meet_the_target) {
  const Report r = report_of(days_of(2520, skilled(5, 0.003)));
  EXPECT_EQ(r.verdict, Verdict::Met) << r.verdict_line;
  EXPECT_EQ(r.verdict_line.substr(0, 10), "TARGET MET");
  EXPECT_EQ(r.period, "day");
  EXPECT_NEAR(r.years, 10, 0.01);
}

TEST(Report, ten_ordinary_years_do_not) {
  const Report r = report_of(days_of(2520, skilled(0.5, 0.01)));
  EXPECT_EQ(r.verdict, Verdict::NotMet);
  EXPECT_EQ(target(r, "Sharpe").status, Verdict::NotMet);
  EXPECT_EQ(target(r, "largest drawdown").status, Verdict::NotMet);
}

TEST(Report, five_brilliant_days_are_not_enough_data_whatever_they_made) {
  RunByHand run;
  const Timestamp start = run.now;
  double equity = 100'000;
  for (int day = 0; day < 5; ++day)
    for (int minute = 0; minute < 390; ++minute) {
      run.at(start + hours(24 * day) + minutes(minute));
      run.quote(0, 100);
      run.equity(equity *= 1.00001 + 0.00001 * (minute % 3 - 1));
    }
  const Report r = report_of(run.collector.finish());
  EXPECT_EQ(r.verdict, Verdict::NotEnoughData);
  EXPECT_EQ(r.days, 5u);
  EXPECT_EQ(target(r, "Sharpe").status, Verdict::NotEnoughData);
  EXPECT_NE(r.sentence.find("5 trading days cannot tell skill from luck"), std::string::npos) << r.sentence;
}

TEST(Report, a_drawdown_that_happened_is_not_met_even_on_little_data) {
  const Report r = report_of(days_of(20, [](int day) { return day == 7 ? -0.11 : 0.001; }));
  EXPECT_EQ(target(r, "largest drawdown").status, Verdict::NotMet);
  EXPECT_EQ(r.verdict, Verdict::NotMet);
}

TEST(Report, drawdown_of_exactly_the_target_is_not_below_it) {
  EXPECT_EQ(target(report_of(days_of(300, [](int day) { return day == 7 ? -0.10 : 0.0001; })), "largest drawdown").status, Verdict::NotMet);
  EXPECT_EQ(target(report_of(days_of(300, [](int day) { return day == 7 ? -0.099 : 0.0001; })), "largest drawdown").status, Verdict::Met);
}

TEST(Report, nothing_traded_is_said_and_is_not_a_success) {
  const Report r = report_of(days_of(300, [](int) { return 0.0; }));
  EXPECT_EQ(r.verdict, Verdict::NotMet);
  EXPECT_NE(r.verdict_line.find("nothing was traded"), std::string::npos);
}

TEST(Report, every_trial_on_the_same_data_lowers_the_deflated_sharpe) {
  const Record record = days_of(1250, skilled(1.2, 0.01, 3));
  LedgerContents one = ledger_with(record), many = one;
  Dice dice(9);
  for (int i = 0; i < 99; ++i) {
    Trial t{.config = "other" + std::to_string(i), .data = "d1", .n = 1250, .periods_per_year = 252, .sharpe = dice.normal() * 0.045};
    many.trials.push_back(t);
  }
  const Report alone = report(record, settings, one), crowded = report(record, settings, many);
  EXPECT_EQ(crowded.evidence.trials, 100u);
  EXPECT_EQ(crowded.evidence.trial, 1u);
  EXPECT_EQ(alone.evidence.deflated, alone.evidence.probabilistic);
  EXPECT_LT(crowded.evidence.deflated, alone.evidence.deflated - 0.1);
}

TEST(Report, equal_runs_give_equal_reports_to_the_last_byte) {
  const auto make = [] { return to_json(report_of(days_of(300, skilled(1, 0.01)))); };
  EXPECT_EQ(make(), make());
}

Record with_costs() {
  RunByHand run;
  const Timestamp start = run.now;
  run.quote(0, 100);
  run.at(start + seconds(10));
  run.fill(0, Side::Buy, 100, 100.02, 0, 100, 100.00);
  run.equity(99'997, 1, 10'000);
  run.at(start + minutes(1));
  run.quote(0, 101);
  run.equity(100'097, 1, 10'100);
  run.at(start + minutes(2));
  run.quote(0, 102);
  run.fill(0, Side::Sell, 100, 101.98, 196, 0, 102.00);
  run.equity(100'194, 2, 0);
  run.at(start + minutes(3));
  run.quote(0, 102);
  return run.collector.finish();
}

TEST(Report, costs_are_counted_once_and_add_up) {
  const Report r = report_of(with_costs());
  EXPECT_NEAR(r.costs.commissions, 2, 1e-9);
  EXPECT_NEAR(r.costs.net_profit, 194, 1e-9);
  EXPECT_NEAR(r.costs.gross_profit, 196, 1e-9);
  EXPECT_NEAR(r.costs.traded, 100.02 * 100 + 101.98 * 100, 1e-6);
  EXPECT_NEAR(r.costs.slippage, 4, 1e-6) << "two cents a share each way";
  EXPECT_EQ(r.trades.round_trips, 1u);
  EXPECT_EQ(r.trades.hit_rate, 1);
  EXPECT_NEAR(r.trades.best, 196, 1e-9);
  EXPECT_EQ(r.fills.size(), 2u);
  EXPECT_NEAR(r.fills[0].slippage_bp, 2, 1e-6);
}

TEST(Report, the_cost_ladder_replaces_the_commission_and_nothing_else) {
  const Record record = with_costs();
  const Sampled s = sampled(record);
  const auto end = [&](double bp) {
    double growth = 1;
    for (const double r : detail::returns_at_cost(record, s.at, bp)) growth *= 1 + r;
    return growth;
  };
  EXPECT_NEAR(end(0) * record.equity.front(), 100'196, 1e-6);
  EXPECT_NEAR((end(0) - end(10)) * 100'000, 20'200.0 * 10 / 1e4, 1e-3);
}

TEST(Report, a_profit_made_in_the_moment_of_trading_is_gone_one_sample_later) {
  RunByHand run;
  const Timestamp start = run.now;
  double price = 100;
  for (int i = 0; i < 200; ++i) {  // holds exactly in the minutes that rise
    const bool up = i % 2 == 0;
    run.at(start + minutes(i));
    run.quote(0, price);
    run.fact(PositionChanged{.instrument = InstrumentId(0), .quantity = shares(up ? 100 : 0)});
    price += up ? 1 : -1;
  }
  const Record record = run.collector.finish();
  const Sampled s = sampled(record);
  const auto total = [&](std::size_t lag) {
    double sum = 0;
    for (const double r : detail::lagged_returns(record, s.at, lag)) sum += r;
    return sum;
  };
  EXPECT_GT(total(0), 0.05);
  EXPECT_LT(total(1), 0);
}

TEST(Report, a_profit_smaller_than_the_spread_it_was_filled_in_is_called_noise) {
  // Two cents of spread: a hundred trades of 100 shares move by at most 1 each, the sum of all by some ten.
  const auto run = [](double profit) {
    RunByHand day;
    day.equity(100'000);
    for (int minute = 0; minute < 200; ++minute) {
      day.quote(0, 100);
      if (minute % 2 == 0) day.fill(0, minute % 4 == 0 ? Side::Buy : Side::Sell, 100, 100, 0, minute % 4 == 0 ? 100 : 0);
      day.equity(100'000 + profit * (minute + 1) / 200);
      day.at(day.now + seconds(60));
    }
    return report(day.collector.finish(), {.title = "noise"}, {});
  };
  const auto small = run(5), large = run(50);
  EXPECT_EQ(small.noise.draws, 200u);
  EXPECT_LT(small.noise.total_low, 0);
  EXPECT_GT(small.noise.total_high, 0);
  EXPECT_GT(small.noise.losing, 0.05);
  EXPECT_EQ(large.noise.losing, 0);
  const auto says = [](const Report& report) {
    return std::any_of(report.caveats.begin(), report.caveats.end(), [](const std::string& text) { return text.find("noise of the tick") != text.npos; });
  };
  EXPECT_TRUE(says(small));
  EXPECT_FALSE(says(large));
}

TEST(Report, without_quotes_beside_its_fills_there_is_no_noise_to_speak_of) {
  RunByHand day;
  day.equity(100'000);
  day.fill(0, Side::Buy, 100, 100, 0, 100);
  EXPECT_EQ(report(day.collector.finish(), {.title = "bars"}, {}).noise.draws, 0u);
}

TEST(Report, a_round_trip_ends_at_flat_or_through_it) {
  RunByHand run;
  run.quote(0, 100);
  run.fill(0, Side::Buy, 100, 100, 0, 100);
  run.fill(0, Side::Sell, 50, 101, 50, 50);     // half: not over
  run.fill(0, Side::Sell, 150, 99, -50, -100);  // over, and turned
  run.fill(0, Side::Buy, 100, 98, 100, 0);
  const Record record = run.collector.finish();
  const auto trips = round_trips(record);
  ASSERT_EQ(trips.size(), 2u);
  EXPECT_EQ(trips[0].side, Side::Buy);
  EXPECT_EQ(trips[0].quantity, 100);
  EXPECT_EQ(trips[0].entry, 100);
  EXPECT_EQ(trips[0].exit, 100);      // 50 at 101, 50 at 99; the other 100 of that fill opened the next one
  EXPECT_EQ(trips[0].fills, 3u);
  EXPECT_EQ(trips[1].side, Side::Sell);
  EXPECT_EQ(trips[1].quantity, 100);
  EXPECT_EQ(trips[1].entry, 99);
  EXPECT_EQ(trips[1].exit, 98);
  EXPECT_EQ(trips[1].fills, 2u);
  const ReportTrades t = detail::trades(record);
  EXPECT_EQ(t.round_trips, 2u);
  EXPECT_NEAR(t.best, 100, 1e-9);
  EXPECT_NEAR(t.worst, 0, 1e-9);
  EXPECT_EQ(t.hit_rate, 0.5);
}

TEST(Report, json_holds_the_verdict_and_text_holds_what_a_trader_looks_for) {
  const Report r = report_of(days_of(300, skilled(1, 0.01)));
  const auto json = boost::json::parse(to_json(r)).as_object();
  EXPECT_EQ(json.at("verdict").as_string(), robo::to_text(r.verdict));
  EXPECT_EQ(json.at("evidence").as_object().at("trials").as_int64(), 1);
  const std::string text = to_text(r, false);
  for (const char* word : {"Sharpe, net", "largest drawdown", "deflated Sharpe", "commissions", "buy and hold SPY", "cash", "config c1"})
    EXPECT_NE(text.find(word), std::string::npos) << word;
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(to_text(r, true).find('\x1b'), std::string::npos);
}

TEST(Report, the_page_is_one_file_that_asks_nobody_and_cannot_be_broken_by_a_name) {
  ReportSettings nasty = settings;
  nasty.title = "</script><script>alert(1)</script>";
  const Record record = days_of(70, skilled(1, 0.01));
  const std::string html = to_html(report(record, nasty, {}));
  EXPECT_EQ(html.find("alert(1)</script>"), std::string::npos);
  EXPECT_EQ(html.find("src="), std::string::npos);
  EXPECT_EQ(html.find("href="), std::string::npos);
  EXPECT_EQ(html.find("{{"), std::string::npos);
  EXPECT_NE(html.find("uPlot"), std::string::npos);
  EXPECT_NE(html.find("default-src 'none'"), std::string::npos);
}

TEST(Sampled, sixty_trade_dates_are_judged_by_the_day_and_fifty_nine_by_the_sample) {
  EXPECT_FALSE(sampled(days_of(57, [](int) { return 0.001; })).daily);
  EXPECT_TRUE(sampled(days_of(62, [](int) { return 0.001; })).daily);
}

}  // namespace
}  // namespace robo::research
