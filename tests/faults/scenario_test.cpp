#include <gtest/gtest.h>

#include "apps/rehearsal/scenario.hpp"

namespace robo::apps::rehearsal {
namespace {

constexpr std::string_view head = "class C06: fills nobody told\n";

std::vector<std::string> complaints(std::string_view body) {
  const auto read = parse_scenario(std::string(head) + std::string(body), "c06.scenario");
  std::vector<std::string> out;
  if (!read)
    for (const auto& problem : read.error()) out.push_back(problem.text);
  return out;
}

TEST(Scenario, reads_what_a_trader_wrote) {
  const auto read = parse_scenario(std::string(head) + "others: Lean #1\ndefence: fetch_after_reconnect\nsetting: execution.patience_s = 2.5\n"
                                   "engine starts\nwant -100 AAPL stop 1.50\ntws restart 5\nexpect order 1 working within 10 s\nnever told \"two words\"\n", "f");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->number, "C06");
  EXPECT_EQ(read->title, "fills nobody told");
  EXPECT_EQ(read->defences, std::vector{Defence::FetchAfterReconnect});
  ASSERT_EQ(read->steps.size(), 5u);
  const auto& want = std::get<Want>(read->steps[1].deed);
  EXPECT_EQ(want.quantity, -100);
  EXPECT_EQ(want.stop, 1.5);
  const auto& expect = std::get<Expect>(read->steps[3].deed);
  EXPECT_EQ(expect.within, seconds(10));
  EXPECT_EQ(expect.condition.number, 1u);
  EXPECT_EQ(std::get<Never>(read->steps[4].deed).condition.text, "two words");
}

TEST(Scenario, names_file_and_line_of_every_mistake_at_once) {
  const auto found = complaints("engine starts\nmarkte AAPL 1 2\nwait 5 parsecs\nexpect order 1 frobnicated\nexpect ready\n");
  ASSERT_EQ(found.size(), 3u);
  EXPECT_TRUE(found[0].starts_with("c06.scenario:3: 'markte AAPL 1 2' is not understood")) << found[0];
  EXPECT_TRUE(found[1].starts_with("c06.scenario:4: wait 5 s")) << found[1];
  EXPECT_TRUE(found[2].starts_with("c06.scenario:5: 'frobnicated' is no state of an order")) << found[2];
}

TEST(Scenario, without_an_expectation_proves_nothing_and_is_refused) {
  const auto found = complaints("engine starts\n");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NE(found[0].find("proves nothing"), std::string::npos);
}

TEST(Scenario, knows_no_defence_that_does_not_exist) {
  const auto found = complaints("defence: prayer\nexpect ready\n");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0], "c06.scenario:2: there is no defence 'prayer'");
}

}  // namespace
}  // namespace robo::apps::rehearsal
