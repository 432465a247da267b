// A start or reconnect with a full account: 500 working orders and 100 positions at the gateway. From the call to the open gate,
// step by step, the real client and engine over a loopback socket. The wait before the call is the client's back-off, and not in it.
#include <array>
#include <atomic>
#include <filesystem>
#include <thread>

#include "apps/engine.hpp"
#include "apps/live.hpp"
#include "apps/sessions.hpp"
#include "base/log.hpp"
#include "edge/ib/client.hpp"
#include "gateway_sim/hundred_stocks.hpp"
#include "runtime/clock.hpp"
#include "support/report.hpp"

using namespace robo;
using namespace robo::bench;

namespace {

constexpr int orders = 500;
constexpr std::int32_t client_id = 7;
constexpr const char* account = "DU1234567";

enum Step : std::size_t { Greeted, Executions, Orders, Positions, Reconciled, GateOpen };
constexpr std::array<std::string_view, 6> step_names{"greeted", "executions heard", "orders heard", "positions heard", "reconciled", "gate open"};

/// When what was last heard of each kind.
struct Steps final : runtime::Tap {
  std::int64_t from = now_ns();
  std::array<double, step_names.size()> ms{};
  int orders_heard = 0, positions_heard = 0;
  void reach(Step step) { ms[step] = static_cast<double>(now_ns() - from) / 1e6; }
  void on_command(Timestamp, const Command&) override {}
  void on_fact(const Fact&) override {}
  void on_event(const Event& event) override {
    if (const auto* changed = std::get_if<Boxed<GatewayChanged>>(&event.payload); changed && (*changed)->state == GatewayState::Reconciling) reach(Greeted);
    if (std::get_if<Boxed<Execution>>(&event.payload) != nullptr) reach(Executions);
    if (const auto* update = std::get_if<Boxed<OrderUpdate>>(&event.payload); update && !is_final((*update)->state)) reach(Orders), ++orders_heard;
    if (std::get_if<Boxed<PositionReport>>(&event.payload) != nullptr) reach(Positions), ++positions_heard;
    if (const auto* ended = std::get_if<ReconciliationEnded>(&event.payload); ended && ended->complete) reach(Reconciled);
  }
};

void fill_the_account(std::uint16_t port) {
  Watcher trader(port, client_id);
  int filled = 0, working = 0;
  const auto place = [&](std::int32_t id, std::uint32_t symbol, bool rests) {
    ib::wire::PlaceOrder order;
    order.orderId = id;
    const auto name = fmt::format("S{:03}", symbol);
    order.contract.symbol = name, order.contract.secType = "STK", order.contract.exchange = "SMART", order.contract.currency = "USD";
    const auto reference = to_text(OrderKey{1, static_cast<std::uint64_t>(id)});
    order.order.action = "BUY", order.order.orderType = rests ? "LMT" : "MKT", order.order.tif = "GTC", order.order.transmit = true;
    order.order.totalQuantity = ib::wire::Number::of(10), order.order.orderRef = reference, order.order.account = account;
    if (rests) order.order.lmtPrice = ib::wire::Number::of(1 + id % 5);
    trader.send(order);
  };
  const auto hear = [&](int& count, std::string_view word, int wanted) {
    const auto until = now_ns() + 20'000'000'000;
    while (count < wanted && now_ns() < until)
      (void)trader.take([&](std::string_view frame) { count += frame.starts_with(std::string_view("3\0", 2)) && frame.find(word) != frame.npos; }, 100);
    if (count < wanted) throw std::runtime_error(fmt::format("only {} of {} orders became {}", count, wanted, word));
  };
  std::int32_t id = 1;
  for (std::uint32_t symbol = 0; symbol < symbols; ++symbol) place(id++, symbol, false);
  hear(filled, "Filled", symbols);
  for (int i = 0; i < orders; ++i) place(id++, static_cast<std::uint32_t>(i) % symbols, true);
  hear(working, "Submitted", orders);
}

}  // namespace

int main(int argc, char** argv) {
  Report report(argc, argv, 7);
  log::open(log::Level::Error);
  const auto folder = std::filesystem::temp_directory_path() / fmt::format("robo-reconnect-{}", ::getpid());
  auto fees = sim::FeeTable::load(std::filesystem::path(ROBO_SOURCE_DIR) / "data" / "fees" / "ib.csv");
  if (!fees) return fmt::print(stderr, "{}\n", fees.error().text), 1;
  sim::ServerSettings settings;
  settings.port = 0;
  settings.account = account;
  settings.broker.active_orders_max = 0;
  settings.limits.messages_per_second = 1'000'000;  // for who fills the account; the engine keeps IB's limit
  settings.faults = {.seed = 0, .duplicate_status = 0, .status_before_execution = 0};
  settings.skip_gaps = false;
  auto market = std::make_unique<Ticker>(1'000);
  const std::vector<Instrument> recorded(market->instruments().begin(), market->instruments().end());
  sim::GatewayServer server(std::move(market), settings, std::move(*fees));
  if (const auto started = server.start(); !started) return fmt::print(stderr, "{}\n", started.error().text), 1;
  fill_the_account(server.port());

  apps::LoadedSettings loaded;
  loaded.settings.name = "reconnect", loaded.settings.mode = TradingMode::Demo, loaded.settings.account = account;
  std::vector<Instrument> skeletons;
  for (const auto& instrument : recorded) skeletons.push_back(apps::skeleton_of(apps::contract_of(instrument), instrument.id));

  std::array<Samples, step_names.size()> steps;
  for (int round = 0; round < report.rounds() + 1; ++round) {  // the first asks for the contracts, too: they are kept for a day
    runtime::WallClock clock;
    ib::ClientSettings wanted;
    wanted.link.port = server.port(), wanted.link.client_id = client_id;
    wanted.mode = TradingMode::Demo, wanted.account = account;
    wanted.state_folder = folder / "ib", wanted.contract_cache = folder / "contracts.json";
    ib::Client client(wanted, clock);
    for (const auto& instrument : recorded) {
      const auto contract = apps::contract_of(instrument);
      client.want(instrument.id, {.symbol = contract.symbol, .type = contract.type, .exchange = contract.exchange, .primary_exchange = contract.primary_exchange, .currency = contract.currency},
                  {.quotes = true});
    }
    apps::SessionGateway gateway(client, skeletons, {}, clock);
    apps::Engine engine(loaded, {.mode = TradingMode::Demo, .account = account, .session = static_cast<std::uint64_t>(round) + 2, .measure = false}, skeletons, gateway, clock);
    Steps heard;
    engine.drive().add(heard);
    engine.start(clock.now());
    heard.from = now_ns();
    while (!engine.kernel().gate().ready() && now_ns() - heard.from < 30'000'000'000)
      if (!engine.drive().step()) client.wait(microseconds(50));
    heard.reach(GateOpen);
    if (!engine.kernel().gate().ready() || heard.orders_heard < orders || heard.positions_heard < static_cast<int>(symbols)) {
      fmt::print(stderr, "round {}: the gate is {}, {} orders and {} positions heard\n", round, engine.kernel().gate().ready() ? "open" : "shut", heard.orders_heard, heard.positions_heard);
      return 1;
    }
    if (round > 0)
      for (std::size_t i = 0; i < step_names.size(); ++i) steps[i].add(heard.ms[i]);
    client.stop("next round");
  }
  server.stop();
  std::filesystem::remove_all(folder);
  for (std::size_t i = 0; i < step_names.size(); ++i) {
    Row row{.name = fmt::format("reconnect/{}", step_names[i]), .unit = "ms", .samples = steps[i], .note = "since the call; 500 working orders, 100 positions, 100 executions"};
    if (i == GateOpen) row.bars = {at_most(Of::Max, 1000)};
    report.row(row);
  }
  return report.exit_code();
}
