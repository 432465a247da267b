#include "model/sentence.hpp"

#include <gtest/gtest.h>

namespace robo {

namespace {

class Known : public Names {
 public:
  [[nodiscard]] std::string_view symbol(InstrumentId id) const override { return id.value == 0 ? "MSFT" : ""; }
  [[nodiscard]] std::string_view strategy(StrategyId id) const override { return id.value == 0 ? "momentum" : ""; }
};
std::string say(const FactPayload& payload) { return sentence(Fact{.payload = payload}, Known{}); }

const OrderIntent stop{.key = {1, 2}, .side = Side::Sell, .purpose = OrderPurpose::ProtectiveStop, .quantity = shares(1'250), .kind = Stop{price(104, 35)}};

}  // namespace

TEST(Sentence, a_denial_names_the_order_the_number_the_limit_and_the_way_out) {
  const OrderIntent buy{.side = Side::Buy, .quantity = shares(501), .kind = Limit{price(187, 21)}};
  EXPECT_EQ(say(OrderDenied{.intent = buy, .reason = Denial::TooLarge, .measured = 501, .limit = 500}),
            "MSFT entry BUY 501 LMT 187.21 denied: the quantity 501 is above the limit of 500; raise order_quantity_max, or ask for less.");
}

TEST(Sentence, every_denial_has_words_and_a_fix) {
  for (std::size_t i = 0; i < EnumNames<Denial>::names.size(); ++i) {
    const auto denial = static_cast<Denial>(i);
    EXPECT_NE(sentence(denial, 12'345.5, 10'000), "it was refused") << to_text(denial);
    EXPECT_FALSE(fix_of(denial).empty()) << to_text(denial);
  }
  EXPECT_EQ(sentence(Denial::GrossTooLarge, 1'234'567.5, 1'000'000), "gross exposure after it, 1,234,567.5 is above the limit of 1,000,000");
}

TEST(Sentence, an_order_says_where_it_stands) {
  EXPECT_EQ(say(OrderChanged{.intent = stop, .state = OrderState::PendingSubmit}), "MSFT protective stop SELL 1,250 STP 104.35 sent.");
  EXPECT_EQ(say(OrderChanged{.intent = stop, .state = OrderState::Rejected, .code = 201, .text = "no margin"}),
            "MSFT protective stop SELL 1,250 STP 104.35 rejected by IB (no margin) [201].");
  EXPECT_EQ(say(OrderChanged{.intent = stop, .state = OrderState::Unknown}),
            "MSFT protective stop SELL 1,250 STP 104.35 has no answer from IB. It may be live; it is queried and not sent again.");
}

TEST(Sentence, a_fill_gives_position_and_profit) {
  EXPECT_EQ(say(OrderFilled{.execution = {.side = Side::Sell, .quantity = shares(100), .price = price(105, 2), .venue = "ARCA"}, .intent = stop,
                            .position_after = shares(-50), .realized = Money::nearest(-1'598.5)}),
            "MSFT sold 100 at 105.02 on ARCA: position -50, realized -1,598.50.");
  EXPECT_EQ(say(OrderFilled{.execution = {.side = Side::Buy, .quantity = shares(1), .price = price(1)}}),
            "MSFT bought 1 at 1 outside this engine: position 0, realized 0.00.");
}

TEST(Sentence, a_name_nobody_knows_is_said_by_its_number) {
  EXPECT_EQ(say(PositionDiffered{.instrument = InstrumentId{7}, .ours = shares(83), .theirs = shares(314)}),
            "instrument 7: we counted 83, IB holds 314. IB's number is taken.");
}

TEST(Sentence, a_kill_says_who_why_and_what_stays) {
  EXPECT_EQ(say(KillChanged{.killed = true, .cause = KillCause::Operator, .who = "desk", .reason = "spread looks wrong"}),
            "KILL by desk: pulled by hand (spread looks wrong). Entries and exits are cancelled; stops and targets of positions stay at IB.");
}

// A fact that has no words would be a hole in the terminal and the journal.
template <std::size_t... I>
void each_kind(std::index_sequence<I...>) {
  (..., [] {
    const auto text = say(FactPayload{std::in_place_index<I>});
    EXPECT_GT(text.size(), 5u) << I;
    EXPECT_TRUE(text.ends_with('.')) << text;
  }());
}
TEST(Sentence, every_fact_is_one_sentence) { each_kind(std::make_index_sequence<std::variant_size_v<FactPayload>>{}); }

}  // namespace robo
