// The stream's conversation without sockets: what a client of each speed is sent.

#include "edge/serve/hub.hpp"

#include <cstring>
#include <gtest/gtest.h>

#include "scenes.hpp"

namespace robo::serve::test {
namespace {

/// A connection of a page that reads when told to.
class FakeWire : public Wire {
 public:
  void send(Bytes bytes, bool binary) override {
    (binary ? frames : texts).push_back(*bytes);
    waiting += reads ? 0 : 1;
    sent.push_back(std::move(bytes));
  }
  bool idle() const override { return waiting == 0; }
  void close(std::uint16_t code, std::string_view reason) override { closed = code, why = reason; }
  void abort() override { aborted = true; }

  bool reads = true, aborted = false;
  int waiting = 0;
  std::uint16_t closed = 0;
  std::string why;
  std::vector<std::string> texts, frames;
  std::vector<Bytes> sent;
};

class HubTest : public ::testing::Test {
 protected:
  HubTest() { desk.open(); }
  std::shared_ptr<FakeWire> page(std::string hello = R"({"type":"hello","protocol":1})") {
    auto wire = std::make_shared<FakeWire>();
    hub.join(wire, false, now);
    if (!hello.empty()) hub.receive(wire.get(), hello, false, now);
    return wire;
  }
  void frame(int count = 1) {
    for (int i = 0; i < count; ++i) {
      now += 1.0 / 60;
      hub.tick(now);
    }
  }
  void say(const std::shared_ptr<FakeWire>& wire, std::string_view text) { hub.receive(wire.get(), text, false, now); }
  static double cell(const std::string& bytes, std::size_t row, std::size_t column, std::size_t width) {
    double value = 0;
    std::memcpy(&value, bytes.data() + frames::frame_header_bytes + frames::block_header_bytes + (row * width + column) * 8, 8);
    return value;
  }
  static std::uint32_t u32(const std::string& bytes, std::size_t offset) {
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data() + offset, 4);
    return value;
  }

  Desk desk;
  Settings settings;
  Guard guard{settings, "token"};
  Metrics metrics;
  Hub hub{settings, desk.model, guard, metrics, "epoch"};
  double now = 1000;
};

}  // namespace

TEST_F(HubTest, nothing_is_said_to_a_page_that_has_nothing_new_but_that_the_server_lives) {
  const auto wire = page();
  frame(30);
  EXPECT_EQ(wire->texts.size(), 1u) << "the snapshot";
  frame(60);
  ASSERT_EQ(wire->texts.size(), 2u);
  EXPECT_EQ(wire->texts[1].substr(0, 19), R"({"type":"heartbeat")");
}

TEST_F(HubTest, pages_at_the_same_place_share_one_patch) {
  std::vector<std::shared_ptr<FakeWire>> pages;
  for (int i = 0; i < 200; ++i) pages.push_back(page());
  frame();
  desk.model.note(view::LogLevel::Info, view::LogTopic::System, "something");
  frame();
  for (const auto& wire : pages) {
    ASSERT_EQ(wire->sent.size(), 2u);
    EXPECT_EQ(wire->sent[0], pages[0]->sent[0]) << "the very same bytes, made once";
    EXPECT_EQ(wire->sent[1], pages[0]->sent[1]);
  }
}

TEST_F(HubTest, a_page_that_is_behind_gets_one_patch_with_the_newest_rows) {
  const auto wire = page();
  frame();
  wire->reads = false;
  wire->waiting = 1;
  const auto buy = intent(1, 0, Side::Buy, 100, price(105));
  desk.tell(1, order(buy, OrderState::PendingSubmit));
  frame();
  desk.tell(2, order(buy, OrderState::Submitted));
  frame();
  desk.tell(3, order(buy, OrderState::Filled, 100));
  frame();
  EXPECT_EQ(wire->texts.size(), 1u) << "nothing is prepared while it is behind";
  wire->waiting = 0;
  frame();
  ASSERT_EQ(wire->texts.size(), 2u);
  EXPECT_NE(wire->texts[1].find(R"("state":"filled")"), std::string::npos);
  EXPECT_EQ(wire->texts[1].find(R"("state":"working")"), std::string::npos) << "conflated away";
}

TEST_F(HubTest, a_page_that_takes_nothing_is_dropped_at_the_limit_and_not_before) {
  const auto wire = page();
  frame();
  wire->waiting = 1;
  frame();
  now += settings.slow_client.seconds() - 0.1;
  hub.tick(now);
  EXPECT_EQ(wire->closed, 0);
  now += 0.2;
  hub.tick(now);
  EXPECT_EQ(wire->closed, 1008) << "the close frame is tried first";
  EXPECT_FALSE(wire->aborted);
  hub.tick(now);
  hub.tick(now += 1.9);
  EXPECT_FALSE(wire->aborted) << "it has two seconds to leave";
  hub.tick(now += 0.2);
  EXPECT_TRUE(wire->aborted);
}

TEST_F(HubTest, a_connection_without_hello_is_closed_after_five_seconds) {
  const auto wire = page("");
  now += 4.9;
  hub.tick(now);
  EXPECT_EQ(wire->closed, 0);
  now += 0.2;
  hub.tick(now);
  EXPECT_EQ(wire->closed, 1008);
  EXPECT_TRUE(wire->texts.empty()) << "and was told nothing";
}

TEST_F(HubTest, the_rate_is_what_the_page_asked_for) {
  const auto wire = page(R"({"type":"hello","protocol":1,"rate":10})");
  for (int i = 0; i < 60; ++i) {
    desk.model.note(view::LogLevel::Info, view::LogTopic::System, "line");
    frame();
  }
  EXPECT_GE(wire->texts.size(), 9u);
  EXPECT_LE(wire->texts.size(), 12u) << "a second at 10 a second, and a heartbeat";
}

TEST_F(HubTest, quotes_are_conflated_and_trades_are_not) {
  const auto wire = page();
  say(wire, R"({"type":"subscribe","id":1,"channel":"quotes"})");
  say(wire, R"({"type":"subscribe","id":2,"channel":"trades","instrument":0})");
  for (int i = 0; i < 50; ++i) {
    desk.market(1, quote(0, price(100 + i), price(101 + i)));
    desk.market(1, trade(0, price(100), 10));
  }
  frame();
  ASSERT_EQ(wire->frames.size(), 1u);
  const auto& bytes = wire->frames[0];
  EXPECT_EQ(u32(bytes, 8), 2u) << "two blocks";
  EXPECT_EQ(u32(bytes, 44), 1u) << "one quote row";
  EXPECT_EQ(cell(bytes, 0, 1, frames::columns<frames::QuoteRow>), 149);
  const auto trades_at = frames::frame_header_bytes + frames::block_header_bytes + sizeof(frames::QuoteRow);
  EXPECT_EQ(u32(bytes, trades_at + 4), 50u) << "every trade";
  frame();
  EXPECT_EQ(wire->frames.size(), 1u) << "no news, no frame";
}

TEST_F(HubTest, a_slow_page_gets_the_newest_thousand_trades_and_is_told_how_many_it_missed) {
  const auto wire = page();
  say(wire, R"({"type":"subscribe","id":2,"channel":"trades","instrument":0})");
  frame();
  for (int i = 0; i < 1500; ++i) desk.market(1, trade(0, price(100), 10));
  frame();
  ASSERT_EQ(wire->frames.size(), 1u);
  EXPECT_EQ(u32(wire->frames[0], 32), 500u);
  EXPECT_EQ(u32(wire->frames[0], 44), 1000u);
  EXPECT_EQ(cell(wire->frames[0], 0, 0, frames::columns<frames::TradeRow>), 501);
}

TEST_F(HubTest, a_book_is_sent_when_its_batch_is_whole) {
  const auto wire = page();
  say(wire, R"({"type":"subscribe","id":2,"channel":"depth","instrument":0})");
  const auto level = [](Price p, bool last) {
    DepthLevel l;
    l.instrument = InstrumentId{0};
    l.side = BookSide::Bid;
    l.price = p;
    l.size = shares(5);
    l.last_of_batch = last;
    return l;
  };
  desk.market(1, level(price(100), false));
  frame();
  EXPECT_TRUE(wire->frames.empty());
  desk.market(1, level(price(101), true));
  frame();
  ASSERT_EQ(wire->frames.size(), 1u);
  EXPECT_EQ(u32(wire->frames[0], 44), 2u);
  EXPECT_EQ(cell(wire->frames[0], 0, 1, frames::columns<frames::DepthRow>), 101) << "best first";
}

TEST_F(HubTest, subscriptions_are_bounded_and_refused_without_a_close) {
  for (std::uint32_t id = 2; id < 60; ++id) desk.event(0, instrument(id, "X" + std::to_string(id)));
  const auto wire = page();
  const auto subscribe = [&](std::uint32_t id, std::string_view bar) {
    now += 0.05;
    say(wire, R"({"type":"subscribe","id":1,"channel":"bars","instrument":)" + std::to_string(id) + R"(,"bar":")" + std::string(bar) + "\"}");
  };
  for (int again = 0; again < 300; ++again) subscribe(0, "1m");
  EXPECT_EQ(wire->texts.back().substr(0, 12), R"({"type":"ack)") << "the same subscription again is one subscription";
  for (std::uint32_t i = 0; i < 255; ++i) subscribe(1 + i / 5, bar_lengths[1 + i % 5].name);
  EXPECT_EQ(wire->texts.back().substr(0, 12), R"({"type":"ack)") << "256 fit";
  subscribe(59, "1m");
  EXPECT_NE(wire->texts.back().find("too_many"), std::string::npos);
  EXPECT_EQ(wire->closed, 0) << wire->why;
}

}  // namespace robo::serve::test
