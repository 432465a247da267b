#include "runtime/threaded_gateway.hpp"

#include <gtest/gtest.h>
#include <mutex>

namespace robo::runtime {

namespace {

/// A gateway whose events a test writes down beforehand, released in bursts.
class Script : public Gateway {
 public:
  std::vector<Event> events;
  std::vector<OrderUpdate> updates;  // boxes of the events point here
  std::atomic<std::size_t> released{0};
  std::atomic<std::size_t> given{0};
  std::mutex lock;
  std::vector<OrderKey> cancelled;

  bool next(Event& out) override {
    if (given.load() >= released.load()) return false;
    out = events[given.load()];
    ++given;
    return true;
  }
  void send(const Command& command) override {
    const std::lock_guard hold(lock);
    cancelled.push_back(std::get<CancelOrder>(command).key);
  }
  bool finished() const override { return given.load() == events.size(); }
};

Event quote(std::uint32_t instrument, std::int64_t bid) {
  return {.at = {bid}, .received_at = {bid}, .payload = Quote{.instrument = InstrumentId{instrument}, .bid = Price::from_raw(bid), .ask = Price::from_raw(bid + 1)}};
}

void wait_until_all_taken(const Script& script) {
  while (script.given.load() < script.released.load()) std::this_thread::yield();
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

}  // namespace

TEST(ThreadedGateway, gives_executions_before_data_and_keeps_their_contents) {
  auto script = std::make_unique<Script>();
  Script& s = *script;
  s.updates.push_back({.key = {1, 9}, .state = OrderState::Filled, .text = "filled"});
  s.events = {quote(0, 1), quote(1, 2), {.at = {3}, .received_at = {3}, .payload = Boxed<OrderUpdate>{&s.updates[0]}}};
  s.released = 3;
  ThreadedGateway gateway(std::move(script), 2);
  wait_until_all_taken(s);
  s.updates[0].text = "overwritten by the source";
  Event event;
  ASSERT_TRUE(gateway.next(event));
  ASSERT_TRUE(std::holds_alternative<Boxed<OrderUpdate>>(event.payload));
  EXPECT_EQ(std::get<Boxed<OrderUpdate>>(event.payload)->text.view(), "filled");
  ASSERT_TRUE(gateway.next(event));
  EXPECT_EQ(std::get<Quote>(event.payload).bid.raw, 1);
  ASSERT_TRUE(gateway.next(event));
  EXPECT_EQ(std::get<Quote>(event.payload).bid.raw, 2);
  EXPECT_FALSE(gateway.next(event));
}

TEST(ThreadedGateway, keeps_the_newest_quote_per_instrument_when_the_hot_thread_is_slow_and_says_what_it_dropped) {
  auto script = std::make_unique<Script>();
  Script& s = *script;
  for (std::int64_t i = 1; i <= 1'000; ++i) s.events.push_back(quote(static_cast<std::uint32_t>(i % 2), i));
  s.released = 1'000;
  ThreadedGateway gateway(std::move(script), 2, 64);
  wait_until_all_taken(s);
  Event event;
  std::uint64_t dropped = 0, quotes = 0;
  std::int64_t newest[2] = {0, 0};
  for (int idle = 0; idle < 200;) {
    if (!gateway.next(event)) {
      ++idle;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      continue;
    }
    if (const auto* alarm = std::get_if<RuntimeAlarm>(&event.payload)) {
      EXPECT_EQ(alarm->kind, AlarmKind::MarketDataDropped);
      dropped += alarm->count;
    } else {
      const auto& q = std::get<Quote>(event.payload);
      ASSERT_GT(q.bid.raw, newest[q.instrument.value]);
      newest[q.instrument.value] = q.bid.raw;
      ++quotes;
    }
  }
  EXPECT_EQ(newest[0], 1'000);
  EXPECT_EQ(newest[1], 999);
  EXPECT_EQ(quotes + dropped, 1'000u);
  EXPECT_GT(dropped, 0u);
}

TEST(ThreadedGateway, resets_a_book_whose_rows_were_dropped) {
  auto script = std::make_unique<Script>();
  Script& s = *script;
  for (std::int64_t i = 1; i <= 200; ++i)
    s.events.push_back({.at = {i}, .received_at = {i}, .payload = DepthRow{.instrument = InstrumentId{0}, .price = Price::from_raw(i), .size = shares(1)}});
  s.released = 200;
  ThreadedGateway gateway(std::move(script), 1, 64);
  wait_until_all_taken(s);
  Event event;
  bool reset = false;
  for (int idle = 0; idle < 100 && !reset;) {
    if (gateway.next(event)) reset = std::holds_alternative<DepthReset>(event.payload);
    else ++idle, std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_TRUE(reset);
}

TEST(ThreadedGateway, a_full_execution_queue_is_told_as_what_it_is) {
  auto script = std::make_unique<Script>();
  Script& s = *script;
  s.updates.resize(1);
  for (int i = 0; i < 100; ++i) s.events.push_back({.at = {i}, .received_at = {i}, .payload = Boxed<OrderUpdate>{&s.updates[0]}});
  s.released = 100;
  ThreadedGateway gateway(std::move(script), 1, 64, 16);
  wait_until_all_taken(s);
  Event event;
  ASSERT_TRUE(gateway.next(event));
  ASSERT_TRUE(std::holds_alternative<RuntimeAlarm>(event.payload));
  EXPECT_EQ(std::get<RuntimeAlarm>(event.payload).kind, AlarmKind::QueueFull);
}

TEST(ThreadedGateway, passes_commands_to_the_io_thread_in_order) {
  auto script = std::make_unique<Script>();
  Script& s = *script;
  s.events.push_back(quote(0, 1));
  ThreadedGateway gateway(std::move(script), 1);
  for (std::uint64_t i = 1; i <= 50; ++i) gateway.send(CancelOrder{.key = {1, i}});
  for (int i = 0; i < 1000; ++i) {
    const std::lock_guard hold(s.lock);
    if (s.cancelled.size() == 50) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  const std::lock_guard hold(s.lock);
  ASSERT_EQ(s.cancelled.size(), 50u);
  for (std::uint64_t i = 0; i < 50; ++i) EXPECT_EQ(s.cancelled[i].number, i + 1);
}

}  // namespace robo::runtime
