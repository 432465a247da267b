// The gateway simulator under load: eight clients watch a hundred symbols each while a ninth sends orders. Counted where the
// bytes arrive, over loopback sockets.
#include <atomic>
#include <filesystem>
#include <thread>

#include "gateway_sim/hundred_stocks.hpp"
#include "support/report.hpp"

using namespace robo;
using namespace robo::bench;

namespace {
constexpr int watchers = 8;
}

int main(int argc, char** argv) {
  Report report(argc, argv, 5);
  auto fees = sim::FeeTable::load(std::filesystem::path(ROBO_SOURCE_DIR) / "data" / "fees" / "ib.csv");
  if (!fees) {
    fmt::print(stderr, "{}\n", fees.error().text);
    return 1;
  }
  sim::ServerSettings settings;
  settings.port = 0;
  settings.level1_interval = {};
  settings.limits.lines = 10'000;
  settings.limits.messages_per_second = 1'000'000;
  settings.broker.active_orders_max = 0;
  settings.skip_gaps = false;
  // Each quote is at least two messages a watcher: price and size.
  constexpr std::int64_t quotes_per_second = 20'000;
  sim::GatewayServer server(std::make_unique<Ticker>(quotes_per_second), settings, std::move(*fees));
  if (const auto started = server.start(); !started) {
    fmt::print(stderr, "{}\n", started.error().text);
    return 1;
  }
  std::vector<std::unique_ptr<Watcher>> all;
  for (int i = 0; i < watchers; ++i) all.push_back(std::make_unique<Watcher>(server.port(), i + 1));
  for (auto& watcher : all) watcher->watch_all();
  std::atomic<std::uint64_t> heard{0};
  std::atomic<bool> over{false};
  std::thread reader([&] {
    while (!over) {
      std::uint64_t some = 0;
      for (auto& watcher : all) some += watcher->take([](std::string_view) {}, 0);
      heard += some;
      if (some == 0) std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
  });
  Watcher trader(server.port(), 99);
  Samples throughput, acks;
  std::int32_t order = 1;
  for (int round = 0; round < report.rounds() + 1; ++round) {
    const auto from = now_ns();
    const auto before = heard.load();
    while (now_ns() - from < 1'000'000'000) {
      ib::wire::PlaceOrder place;
      place.orderId = order;
      place.contract.symbol = "S007", place.contract.secType = "STK", place.contract.exchange = "SMART", place.contract.currency = "USD";
      place.order.action = "BUY", place.order.orderType = "LMT", place.order.tif = "DAY", place.order.transmit = true;
      place.order.totalQuantity = ib::wire::Number::of(1), place.order.lmtPrice = ib::wire::Number::of(1, 0);
      const auto sent = now_ns();
      trader.send(place);
      const auto wanted = fmt::format("3{}{}{}", '\0', order, '\0');
      for (bool answered = false; !answered;) {
        (void)trader.take([&](std::string_view frame) { answered = answered || frame.starts_with(wanted); }, 1000);
        if (now_ns() - sent > 5'000'000'000) {
          fmt::print(stderr, "order {} was never answered\n", order);
          over = true;
          reader.join();
          return 1;
        }
      }
      if (round > 0) acks.add(static_cast<double>(now_ns() - sent) / 1e3);
      trader.send(ib::wire::CancelOrder{.orderId = order});
      ++order;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    if (round > 0) throughput.add(static_cast<double>(heard.load() - before) / (static_cast<double>(now_ns() - from) / 1e9) / 1e3);
  }
  over = true;
  reader.join();
  server.stop();
  report.row({.name = "fan-out, 8 clients x 100 symbols", .unit = "k messages/s", .samples = throughput, .bars = {at_least(Of::Median, 500)}, .note = "server, reader and trader on the same cores"});
  report.row({.name = "order to its first status, under that load", .unit = "us", .samples = acks, .bars = {at_most(Of::P99, 1000)}});
  return report.exit_code();
}
