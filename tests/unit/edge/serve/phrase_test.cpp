#include "edge/serve/phrase.hpp"

#include <gtest/gtest.h>

#include "scenes.hpp"

namespace robo::serve::test {
namespace {

class PhraseTest : public ::testing::Test {
 protected:
  PhraseTest() {
    desk.open();
    desk.market(1, quote(0, price(104), price(106)));
    desk.tell(1, order(intent(1, 0, Side::Buy, 100, price(105)), OrderState::Submitted));
    auto stop = intent(2, 1, Side::Sell, 30, price(99));
    stop.purpose = OrderPurpose::ProtectiveStop;
    desk.tell(1, order(stop, OrderState::Submitted));
    PositionChanged position;
    position.instrument = InstrumentId{0};
    position.quantity = shares(10);
    position.average_price = price(104);
    desk.tell(1, position);
  }
  Phrase read(std::string_view text) { return read_phrase(text, desk.model); }
  /// The wishes of a phrase that must be understood.
  std::vector<OperatorInput> wishes(std::string_view text) {
    const auto phrase = read(text);
    EXPECT_EQ(phrase.problem, "") << text;
    std::vector<OperatorInput> out;
    for (const auto& clause : phrase.clauses) out.insert(out.end(), clause.wishes.begin(), clause.wishes.end());
    return out;
  }
  std::string kinds(std::string_view text) {
    std::string out;
    for (const auto& word : read(text).words) out += (out.empty() ? "" : " ") + word.kind;
    return out;
  }
  Desk desk;
};

}  // namespace

TEST_F(PhraseTest, says_what_each_word_was_taken_for) {
  EXPECT_EQ(kinds("pause momentum"), "verb strategy");
  EXPECT_EQ(kinds("set the momentum lookback to 30"), "verb joins strategy parameter joins number");
  EXPECT_EQ(kinds("order quantity limit 400"), "limit joins number");
  const auto words = read("pause  Momentum").words;
  ASSERT_EQ(words.size(), 2u);
  EXPECT_EQ(words[1].text, "Momentum");
  EXPECT_EQ(words[1].from, 7u);
  EXPECT_EQ(words[1].to, 15u);
}

TEST_F(PhraseTest, an_unknown_word_stops_all_of_it_and_is_named) {
  const auto phrase = read("pause momentum and dance with JPM");
  EXPECT_NE(phrase.problem.find("\"dance\""), std::string::npos) << phrase.problem;
  EXPECT_TRUE(phrase.answer().actions.empty()) << "not even the clause that was understood";
  EXPECT_EQ(kinds("pause momentum and dance with JPM"), "verb strategy joins unknown unread unread");
  EXPECT_NE(read("pause momentum until 14:00").problem.find("\"until\""), std::string::npos);
  EXPECT_NE(read("").problem, "");
  EXPECT_NE(read("pause").problem, "");
  EXPECT_NE(read("pause momentum and").problem, "");
  EXPECT_NE(read("buy 100 JPM").problem.find("\"buy\""), std::string::npos);
  EXPECT_NE(read(std::string(501, 'a')).problem, "");
}

TEST_F(PhraseTest, strategies_are_paused_stopped_and_started_one_or_all) {
  const auto one = wishes("Pause Momentum");
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0].action, OperatorAction::PauseStrategy);
  EXPECT_EQ(one[0].strategy, StrategyId{0});
  EXPECT_EQ(wishes("pause all strategies").size(), 2u);
  EXPECT_EQ(wishes("stop pairs")[0].action, OperatorAction::StopStrategy);
  EXPECT_EQ(wishes("resume all")[1].action, OperatorAction::StartStrategy);
  EXPECT_TRUE(read("resume pairs").clauses[0].shown.raises_risk);
  EXPECT_FALSE(read("pause pairs").clauses[0].shown.raises_risk);
}

TEST_F(PhraseTest, entries_are_stopped_and_resumed) {
  EXPECT_EQ(wishes("stop entries")[0].action, OperatorAction::StopEntries);
  EXPECT_EQ(wishes("no entries")[0].action, OperatorAction::StopEntries);
  EXPECT_EQ(wishes("resume entries")[0].action, OperatorAction::ResumeEntries);
}

TEST_F(PhraseTest, orders_are_cancelled_all_of_a_symbol_or_entries_only) {
  EXPECT_EQ(wishes("cancel all")[0].action, OperatorAction::CancelAll);
  EXPECT_EQ(read("cancel all orders").clauses[0].shown.details.size(), 2u);
  EXPECT_EQ(read("cancel all orders").clauses[0].shown.text, "2 working orders are cancelled, protective stops too.");
  for (const auto* text : {"cancel all JPM orders", "cancel jpm orders", "cancel JPM"}) {
    const auto those = wishes(text);
    ASSERT_EQ(those.size(), 1u) << text;
    EXPECT_EQ(those[0].order, (OrderKey{.session = 7, .number = 1}));
  }
  const auto entries = wishes("cancel entries");
  ASSERT_EQ(entries.size(), 1u) << "the protective stop stays";
  EXPECT_EQ(entries[0].instrument, InstrumentId{0});
  desk.tell(2, order(intent(1, 0, Side::Buy, 100, price(105)), OrderState::Cancelled));
  EXPECT_EQ(read("cancel JPM").problem, "No JPM order is working.");
}

TEST_F(PhraseTest, a_position_is_closed_and_what_it_costs_is_said_before) {
  const auto phrase = read("close jpm");
  ASSERT_EQ(phrase.clauses.size(), 1u);
  EXPECT_EQ(phrase.clauses[0].wishes[0].action, OperatorAction::FlattenInstrument);
  EXPECT_EQ(phrase.clauses[0].shown.details.at(0), "JPM SELL 10, about 1,050, half the spread is 10");
  EXPECT_EQ(read("close BAC").problem, "BAC has no open position.");
  EXPECT_EQ(wishes("flatten all")[0].action, OperatorAction::FlattenAll);
  EXPECT_EQ(read("close everything").clauses[0].shown.text, "All orders are cancelled and 1 position is closed, 1,050 to trade.");
}

TEST_F(PhraseTest, a_number_outside_its_range_is_refused_with_the_range) {
  const auto good = wishes("set momentum lookback to 100");
  ASSERT_EQ(good.size(), 1u);
  EXPECT_EQ(good[0].action, OperatorAction::SetParameter);
  EXPECT_EQ(good[0].value, 100);
  EXPECT_EQ(read("set momentum lookback to 101").problem, "lookback must be from 5 to 100.");
  EXPECT_NE(read("set momentum lookback to nan").problem, "");
  EXPECT_EQ(wishes("set order quantity to 1,000")[0].value, 1000);
}

TEST_F(PhraseTest, raising_a_limit_needs_a_reason_and_lowering_does_not) {
  EXPECT_TRUE(read("order quantity limit 501").clauses[0].shown.needs_reason);
  EXPECT_FALSE(read("order quantity limit 500").clauses[0].shown.needs_reason);
  EXPECT_FALSE(read("order_quantity_max 499").clauses[0].shown.needs_reason);
}

TEST_F(PhraseTest, a_question_is_answered_and_does_nothing) {
  const auto phrase = read("why did we buy JPM");
  ASSERT_EQ(phrase.clauses.size(), 1u);
  EXPECT_TRUE(phrase.clauses[0].wishes.empty());
  EXPECT_TRUE(phrase.clauses[0].shown.is_question);
  EXPECT_NE(phrase.clauses[0].shown.text.find("JPM BUY 100 LMT 105.00"), std::string::npos) << phrase.clauses[0].shown.text;
  EXPECT_EQ(phrase.clauses[0].shown.order, to_text(OrderKey{.session = 7, .number = 1}));
  EXPECT_EQ(read("why BAC").problem, "There was no order in BAC today.") << "its stop is no decision of its own";
}

TEST_F(PhraseTest, clauses_are_joined_and_done_in_their_order) {
  const auto two = wishes("pause momentum and close JPM");
  ASSERT_EQ(two.size(), 2u);
  EXPECT_EQ(two[0].action, OperatorAction::PauseStrategy);
  EXPECT_EQ(two[1].action, OperatorAction::FlattenInstrument);
}

}  // namespace robo::serve::test
