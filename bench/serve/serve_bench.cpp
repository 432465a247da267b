// What the desk costs the engine: one market event into the tap, alone and with 200 pages watching over real sockets, one of
// which reads nothing; and what a frame of the desk costs its own thread.
#include <atomic>
#include <poll.h>
#include <thread>
#include <vector>

#include "edge/serve/server.hpp"
#include "model/json/json.hpp"
#include "runtime/operator_queue.hpp"
#include "support/report.hpp"
#include "unit/edge/serve/scenes.hpp"
#include "unit/edge/serve/socket_client.hpp"

using namespace robo;
using namespace robo::bench;
using namespace robo::serve;

namespace {

constexpr int pages_count = 200;
constexpr int events_per_ms = 10;   // 10,000 a second
constexpr int milliseconds_a_round = 400;

/// Pushes quotes and trades at a steady pace; each push is timed on its own, clock pair included.
void push(runtime::Tap& tap, Samples& samples) {
  auto quote = test::quote(0, price(100), price(100, 1));
  const auto trade = test::trade(0, price(100), 100);
  Event event;
  auto next = now_ns();
  for (int ms = 0; ms < milliseconds_a_round; ++ms) {
    for (int i = 0; i < events_per_ms; ++i) {
      event.at = event.received_at = Timestamp{now_ns()};
      quote.bid = price(100, ms % 50);
      if (i % 4 == 0) event.payload = trade;
      else event.payload = quote;
      const auto start = now_ns();
      tap.on_event(event);
      samples.add(static_cast<double>(now_ns() - start));
    }
    next += 1'000'000;
    std::this_thread::sleep_for(std::chrono::nanoseconds(std::max<std::int64_t>(0, next - now_ns())));
  }
}

class Engine {
 public:
  Engine() : server(Settings{.port = 0}, test::catalogue(), operators) {
    server.start();
    const auto jpm = test::instrument(0, "JPM");
    Event event;
    event.payload = Boxed<Instrument>{&jpm};
    server.tap().on_event(event);
  }
  runtime::OperatorQueue operators;
  Server server;
};

/// Pages that read as fast as they can, on one thread.
class Audience {
 public:
  explicit Audience(std::uint16_t port) {
    for (int i = 0; i < pages_count; ++i) {
      pages_.push_back(std::make_unique<test::Page>(port));
      auto& page = *pages_.back();
      page.text(R"({"type":"hello","protocol":1})");
      page.text(R"({"type":"subscribe","id":1,"channel":"quotes"})");
      page.text(R"({"type":"subscribe","id":2,"channel":"trades","instrument":0})");
      page.text(R"({"type":"subscribe","id":3,"channel":"depth","instrument":0})");
    }
    reader_ = std::thread([this] {
      // The first page reads nothing: a slow client beside the others.
      for (std::size_t i = 1; !stop_; i = i + 1 == pages_.size() ? 1 : i + 1) {
        pages_[i]->socket.patience(0.0001);
        bytes_ += pages_[i]->socket.read_all().size();
      }
    });
  }
  ~Audience() {
    stop_ = true;
    reader_.join();
  }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  std::vector<std::unique_ptr<test::Page>> pages_;
  std::atomic<bool> stop_{false};
  std::atomic<std::uint64_t> bytes_{0};
  std::thread reader_;
};

}  // namespace

int main(int argc, char** argv) {
  Report report(argc, argv);
  Samples alone, watched, bytes;
  {
    Engine quiet, busy;
    Audience audience(busy.server.port());
    interleave(
        report.rounds(), [&] { push(busy.server.tap(), watched); }, [&] { push(quiet.server.tap(), alone); });
    bytes.add(static_cast<double>(audience.bytes()) / 1e6);
  }
  report.row({.name = "serve/tap_with_200_pages", .unit = "ns", .samples = watched, .rival = "the tap with no page", .rival_version = "same run", .rival_samples = alone,
              .bars = {at_most(Of::Ratio, 1.5)}, .note = "one event into the tap at 10,000 a second, clock pair included; one of the pages reads nothing"});
  report.row({.name = "serve/bytes_to_200_pages", .unit = "MB", .samples = bytes, .note = "what the pages were sent meanwhile"});

  // The desk's own thread: a market event into the read model, and what a page is sent as JSON.
  Samples fold, patch, snapshot;
  test::Desk desk;
  desk.open();
  for (std::uint64_t n = 1; n <= 200; ++n) {
    const auto order = test::intent(n, static_cast<std::uint32_t>(n % 2), Side::Buy, 100, price(105));
    desk.tell(1, test::order(order, OrderState::Submitted));
    desk.tell(2, test::fill(order, std::to_string(n) + ".1.1.1", 100, price(105), price(105)));
  }
  PositionChanged held;
  held.quantity = shares(100);
  held.average_price = price(100);
  desk.tell(3, held);
  Event event;
  for (int round = 0; round < report.rounds() * 4; ++round) {
    constexpr int n = 20'000;
    const auto start = now_ns();
    for (int i = 0; i < n; ++i) {
      event.at = test::at(round + i * 1e-5);
      if (i % 4 == 0) event.payload = test::trade(0, price(100, i % 50), 100);
      else event.payload = test::quote(0, price(100, (i + round) % 50), price(101));
      desk.model.apply(event);
    }
    fold.add(static_cast<double>(now_ns() - start) / n);
    const auto from = desk.model.seq();
    desk.tick();
    patch.add(ns_per_call(20, [&] {
      const view::PatchMessage message{.type = "patch", .epoch = "e", .prev = from, .seq = desk.model.seq(), .venues = {}, .changes = desk.model.changes_since(from), .orders_removed = {}};
      keep(json::to_json(message).size());
    }) * 1e-3);
    snapshot.add(ns_per_call(2, [&] { keep(json::to_json(view::StateAnswer{.epoch = "e", .seq = desk.model.seq(), .venues = {}, .state = desk.model.desk()}).size()); }) * 1e-3);
  }
  report.row({.name = "serve/fold_market_event", .unit = "ns", .samples = fold, .note = "quote or trade into quote, tape, six candle lengths, volume by price"});
  report.row({.name = "serve/patch_json", .unit = "us", .samples = patch, .note = "banner, account and a position; made once for all pages at the same place"});
  report.row({.name = "serve/snapshot_json", .unit = "us", .samples = snapshot, .note = "a day with 200 orders and fills"});
  return report.exit_code();
}
