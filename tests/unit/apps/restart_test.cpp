#include "apps/restart.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

#include "edge/journal/writer.hpp"

namespace robo::apps {

namespace {

class RestartTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "robo-restart-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    root_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(root_); }
  std::filesystem::path root_;
  static constexpr Timestamp day{1'550'188'800'000'000'000};  // 2019-02-15
};

OrderChanged changed(OrderKey key, OrderState state) { return {.intent = {.key = key, .quantity = shares(10)}, .state = state}; }

}  // namespace

TEST_F(RestartTest, a_session_number_is_never_used_twice_even_when_journals_are_deleted) {
  EXPECT_EQ(take_session(root_ / "state", 0).value(), 1u);
  EXPECT_EQ(take_session(root_ / "state", 0).value(), 2u);
  EXPECT_EQ(take_session(root_ / "state", 40).value(), 41u);
  EXPECT_EQ(take_session(root_ / "state", 3).value(), 42u);
}

TEST_F(RestartTest, one_engine_an_account_and_folder_at_a_time) {
  {
    const auto first = Alone::take(root_, "DU1");
    ASSERT_TRUE(first.has_value());
    const auto second = Alone::take(root_, "DU1");
    ASSERT_FALSE(second.has_value());
    EXPECT_NE(second.error().text.find("process " + std::to_string(::getpid()) + ")"), std::string::npos) << second.error().text;
    EXPECT_TRUE(Alone::take(root_, "DU2").has_value());
    EXPECT_TRUE(Alone::take(root_ / "other", "DU1").has_value());
  }
  EXPECT_TRUE(Alone::take(root_, "DU1").has_value()) << "gone with its owner";
  std::ofstream(root_ / "file") << "x";
  EXPECT_FALSE(Alone::take(root_ / "file", "DU1").has_value());
}

TEST_F(RestartTest, an_unreadable_state_folder_stops_the_start) {
  std::ofstream(root_ / "file") << "x";
  EXPECT_FALSE(take_session(root_ / "file" / "state", 0).has_value());
}

TEST_F(RestartTest, remembers_orders_that_were_not_final_and_the_loss_of_the_day) {
  {
    auto writer = journal::Writer::open({.folder = journal_folder(root_, 7, day, "DU1"), .session = 7}).value();
    const EngineStarted started{.session = 7, .account = "DU1", .day_loss = Money::whole(100)};
    writer->on_event({.at = day, .received_at = day, .payload = Boxed<EngineStarted>{&started}});
    const OrderIntent adopted{.key = {6, 3}, .quantity = shares(5)};
    writer->on_event({.at = day, .received_at = day, .payload = Boxed<OrderIntent>{&adopted}});
    writer->on_fact({.at = day, .payload = changed({7, 1}, OrderState::PendingSubmit)});
    writer->on_fact({.at = day, .payload = EquityMarked{.day_pnl = Money::whole(-250)}});
    writer->on_fact({.at = day, .payload = changed({6, 3}, OrderState::Submitted)});
    writer->on_fact({.at = day, .payload = changed({6, 3}, OrderState::Filled)});
  }
  const auto memory = remember(root_, "DU1", day);
  EXPECT_EQ(memory.session_last, 7u);
  EXPECT_EQ(memory.day_loss, Money::whole(250));
  EXPECT_TRUE(memory.working.empty());  // PendingSubmit without a command never left; 6-3 is filled
}

TEST_F(RestartTest, the_last_stop_of_what_is_held_is_remembered_although_it_was_cancelled_and_in_the_ids_of_the_new_run) {
  const Instrument held{.id = InstrumentId{0}, .symbol = "AAPL", .currency = "USD"}, flat{.id = InstrumentId{1}, .symbol = "MSFT", .currency = "USD"};
  {
    auto writer = journal::Writer::open({.folder = journal_folder(root_, 7, day, "DU1"), .session = 7}).value();
    const EngineStarted started{.session = 7, .account = "DU1"};
    writer->on_event({.at = day, .received_at = day, .payload = Boxed<EngineStarted>{&started}});
    for (const auto* instrument : {&held, &flat}) {
      writer->on_event({.at = day, .received_at = day, .payload = Boxed<Instrument>{instrument}});
      const OrderIntent stop{.key = {6, instrument->id.value + 1}, .instrument = instrument->id, .side = Side::Sell, .purpose = OrderPurpose::ProtectiveStop,
                             .quantity = shares(5), .kind = Stop{price(90)}};
      writer->on_event({.at = day, .received_at = day, .payload = Boxed<OrderIntent>{&stop}});
      writer->on_fact({.at = day, .payload = OrderChanged{.intent = stop, .state = OrderState::Cancelled}});
    }
    writer->on_fact({.at = day, .payload = PositionChanged{.instrument = held.id, .quantity = shares(5)}});
    writer->on_fact({.at = day, .payload = PositionChanged{.instrument = flat.id, .quantity = {}}});
  }
  const auto memory = remember(root_, "DU1", day);
  const Instrument other{.id = InstrumentId{0}, .symbol = "TSLA", .currency = "USD"}, same{.id = InstrumentId{1}, .symbol = "AAPL", .currency = "USD"};
  const std::vector<Instrument> now{other, same};
  const auto working = working_in(memory, now);
  ASSERT_EQ(working.size(), 1u);
  EXPECT_EQ(working[0].key, (OrderKey{6, 1}));
  EXPECT_EQ(working[0].instrument, same.id) << "AAPL has another id in the new configuration";
  EXPECT_TRUE(working_in(memory, std::span(now).first(1)).empty()) << "an instrument that is not traded any more is left alone";
}

TEST_F(RestartTest, a_loss_of_yesterday_is_not_a_loss_of_today_and_another_accounts_journal_is_not_ours) {
  {
    auto writer = journal::Writer::open({.folder = journal_folder(root_, 8, day, "DU1"), .session = 8}).value();
    writer->on_fact({.at = day, .payload = EquityMarked{.day_pnl = Money::whole(-250)}});
    auto other = journal::Writer::open({.folder = journal_folder(root_, 9, day, "DU2"), .session = 9}).value();
    other->on_fact({.at = day, .payload = EquityMarked{.day_pnl = Money::whole(-999)}});
  }
  EXPECT_EQ(remember(root_, "DU1", day + hours(24)).day_loss, Money{});
  EXPECT_EQ(remember(root_, "DU1", day).day_loss, Money::whole(250));
  EXPECT_EQ(remember(root_, "DU1", day).session_last, 9u);
}

TEST_F(RestartTest, a_damaged_journal_is_said_and_the_one_before_it_is_used) {
  {
    auto writer = journal::Writer::open({.folder = journal_folder(root_, 8, day, "DU1"), .session = 8}).value();
    writer->on_fact({.at = day, .payload = EquityMarked{.day_pnl = Money::whole(-250)}});
  }
  const auto broken = journal_folder(root_, 9, day, "DU1");
  std::filesystem::create_directories(broken);
  std::ofstream(broken / "segment-000000.rtj") << std::string(500, 'x');
  const auto memory = remember(root_, "DU1", day);
  EXPECT_EQ(memory.day_loss, Money::whole(250));
  ASSERT_EQ(memory.notes.size(), 1u);
  EXPECT_NE(memory.notes[0].find("segment-000000.rtj"), std::string::npos);
}

}  // namespace robo::apps
