// What a client relies on: every card passes against our gateway, and a gateway that misbehaves fails the card that is about it.

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "apps/conformance/cards.hpp"
#include "day.hpp"

namespace robo::apps::conformance {
namespace {

using sim::scene::Running;

Conditions conditions_for(const Running& tws, bool orders = true) {
  return {.endpoint = {.host = "127.0.0.1", .port = tws.server.port(), .patience = 10}, .symbol = "XXX", .orders = orders};
}

std::string words(const std::vector<Line>& lines, Verdict verdict) {
  std::string all;
  for (const auto& line : lines)
    if (line.outcome.verdict == verdict) all += fmt::format("{} {}: {}\n", line.number, line.title, line.outcome.why);
  return all;
}

TEST(Conformance, our_gateway_passes_every_card) {
  Running tws;
  (void)tws.server.inject("price symbol=XXX bid=1.50 ask=1.52 last=1.51");
  (void)tws.server.inject("unpin symbol=XXX");
  const auto lines = run_cards(conditions_for(tws), {});
  ASSERT_TRUE(lines) << lines.error().text;
  EXPECT_EQ(lines->size(), session_cards().size() + order_cards().size());
  EXPECT_EQ(words(*lines, Verdict::Failed), "");
  EXPECT_EQ(words(*lines, Verdict::Skipped), "") << "nothing of this is missing in the simulator";
  const auto report = report_of(conditions_for(tws), *lines, 200, "20180102 09:30:00 EST");
  EXPECT_NE(report.find(fmt::format("{} cards: {} passed, 0 failed", lines->size(), lines->size())), std::string::npos) << report;
}

/// The one card by its number, with a gateway of its own that was told to misbehave.
Outcome one_card(std::string_view number, std::string_view fault) {
  Running tws;
  auto conditions = conditions_for(tws);
  conditions.endpoint.patience = 0.8;
  auto probe = Probe::ready(conditions.endpoint, conditions.client);
  if (!probe) return {Verdict::Failed, probe.error().text};
  const auto injection = sim::parse_injection(fault);
  EXPECT_TRUE(injection) << injection.error().text;
  EXPECT_TRUE(tws.server.inject(*injection));
  for (const auto* cards : {&session_cards(), &order_cards()})
    for (const auto& card : *cards)
      if (card.number == number) return card.run(conditions, *probe);
  return {Verdict::Failed, "there is no such card"};
}

TEST(Conformance, a_card_fails_when_the_gateway_does_not_do_what_it_asks) {
  EXPECT_EQ(one_card("S08", "drop message=currentTime").verdict, Verdict::Failed);
  EXPECT_EQ(one_card("S25", "drop message=positionEnd").verdict, Verdict::Failed);
  EXPECT_EQ(one_card("S10", "answer message=reqContractDetails code=321 text=no").verdict, Verdict::Failed);
  EXPECT_EQ(one_card("S09", "roll_back_ids count=0").verdict, Verdict::Passed);
  EXPECT_EQ(one_card("O02", "drop message=orderStatus count=0").verdict, Verdict::Failed);
  EXPECT_EQ(one_card("O05", "drop message=error count=0").verdict, Verdict::Failed);
}

TEST(Conformance, orders_are_refused_where_an_account_is_no_paper_account) {
  sim::ServerSettings settings;
  settings.account = "U1234567";
  Running tws(settings);
  const auto lines = run_cards(conditions_for(tws), {});
  ASSERT_FALSE(lines);
  EXPECT_NE(lines.error().text.find("paper accounts only"), std::string::npos);
  EXPECT_EQ(tws.server.dump().find("\"order_ref\":\"conformance\""), std::string::npos);
}

TEST(Conformance, nobody_there_is_said_in_words) {
  const auto lines = run_cards({.endpoint = {.host = "127.0.0.1", .port = 1, .patience = 1}}, {});
  ASSERT_FALSE(lines);
  EXPECT_NE(lines.error().text.find("is TWS or the gateway running"), std::string::npos) << lines.error().text;
}

}  // namespace
}  // namespace robo::apps::conformance
