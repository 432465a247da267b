// A grid of 20 + 20 levels on the Binance perpetual, quoted every 100 ms through gate and ledger, with queue and latency models,
// beside hftbacktest's vector book on the same events and the same grid, in turn.
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <vector>

#include "edge/sim/gateway.hpp"
#include "edge/store/shipped.hpp"
#include "kernel/risk/gate.hpp"
#include "support/report.hpp"
#include "support/rival.hpp"

using namespace robo;
using namespace robo::bench;

namespace {

constexpr std::int64_t half_spread = 10, interval = 10, levels = 20;  // in ticks
const Quantity quantity = Quantity::nearest(0.001), position_max = Quantity::nearest(0.1);

double thread_seconds() {
  timespec t{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

struct Outcome {
  double seconds{};
  std::uint64_t events{}, requests{}, fills{}, denials{};
  Quantity position{};
};

/// What a market maker keeps: its local book, its orders, its position; every order passes the gate.
class Maker {
 public:
  Maker(const Instrument& instrument, sim::SimGateway& gateway)
      : gateway_(gateway), market_({}, 1), portfolio_({}, 1), gate_(limits(), market_, portfolio_, 1), tick_(instrument.ticks.increment_at(price(60'000))) {
    const EngineStarted started{.session = 1, .mode = TradingMode::Backtest, .armed = false, .account = "DU1234567", .base_currency = "USD",
                                .starting_cash = Money::whole(1'000'000), .day_loss = {}};
    market_.define(instrument);
    market_.expect_levels(instrument.id, price(60'000));
    portfolio_.start(started);
    portfolio_.define(instrument);
    gate_.start(started);
    gate_.define(instrument);
    gate_.set_ready(true);
    orders_.reserve(256);
  }

  void on(const Event& event) {
    if (event.at >= next_quote_) [[unlikely]] {
      if (next_quote_.ns != 0) quote(next_quote_);
      next_quote_ = next_quote_.ns == 0 ? event.at + milliseconds(100) : next_quote_ + milliseconds(100);
    }
    switch (event.payload.index()) {
      case 1: market_.apply(*std::get_if<Trade>(&event.payload), event.at); break;
      case 3: market_.apply(*std::get_if<DepthLevel>(&event.payload), event.at); break;
      case 4: market_.apply(*std::get_if<DepthReset>(&event.payload), event.at); break;
      case 6: market_.apply(*std::get_if<PhaseChange>(&event.payload), event.at); break;
      default:
        if (const auto* update = std::get_if<Boxed<OrderUpdate>>(&event.payload)) on_update(**update);
        else if (const auto* fill = std::get_if<Boxed<Execution>>(&event.payload)) portfolio_.book(**fill, nullptr), ++result.fills;
        else if (const auto* paid = std::get_if<Boxed<Commission>>(&event.payload)) portfolio_.book(**paid);
        break;
    }
  }
  Outcome result;
  [[nodiscard]] Quantity position() const { return portfolio_.position(InstrumentId{0}).quantity; }

 private:
  struct Working {
    OrderKey key{};
    Side side{};
    std::int64_t tick{};
    bool cancelling{};
    risk::Claim claim{};
  };
  static risk::Limits limits() {
    risk::Limits l;
    l.orders_max = 100'000;
    l.open_orders_per_contract_max = 200;
    l.duplicate_window_s = 0;
    l.cash_min = Money::whole(-1'000'000);
    return l;
  }

  void quote(Timestamp now) {
    const auto& book = market_.book(InstrumentId{0});
    const auto bid = book.best(BookSide::Bid), ask = book.best(BookSide::Ask);
    if (!bid || !ask || bid->price >= ask->price) return;
    // The gate looks at the quote: the touch of the book.
    market_.apply(Quote{.instrument = InstrumentId{0}, .bid = bid->price, .ask = ask->price, .bid_size = bid->size, .ask_size = ask->size}, now);
    const auto mid = (bid->price.raw / tick_.raw + ask->price.raw / tick_.raw) / 2;
    portfolio_.mark(InstrumentId{0}, Price::from_raw(mid * tick_.raw));
    const auto best_bid = (mid - half_spread) / interval * interval;
    const auto best_ask = (mid + half_spread + interval - 1) / interval * interval;
    const auto held = position();
    const bool buying = held < position_max, selling = held > -position_max;
    const auto wanted = [&](Side side, std::int64_t tick) {
      if (side == Side::Buy) return buying && tick <= best_bid && tick > best_bid - levels * interval && (best_bid - tick) % interval == 0;
      return selling && tick >= best_ask && tick < best_ask + levels * interval && (tick - best_ask) % interval == 0;
    };
    std::uint32_t have[2]{};  // bit per level
    for (auto& order : orders_) {
      if (order.cancelling) continue;
      if (wanted(order.side, order.tick)) {
        have[static_cast<std::size_t>(order.side)] |= 1u << ((order.side == Side::Buy ? best_bid - order.tick : order.tick - best_ask) / interval);
        continue;
      }
      order.cancelling = true;
      ++result.requests;
      gateway_.send(CancelOrder{order.key});
    }
    for (std::int64_t i = 0; i < levels; ++i) {
      if (buying && !(have[0] & (1u << i))) send(Side::Buy, best_bid - i * interval, now);
      if (selling && !(have[1] & (1u << i))) send(Side::Sell, best_ask + i * interval, now);
    }
  }

  void send(Side side, std::int64_t tick, Timestamp now) {
    OrderIntent intent;
    intent.key = {1, ++number_};
    intent.side = side;
    intent.time_in_force = TimeInForce::GoodTillCancel;
    intent.quantity = quantity;
    intent.kind = Limit{Price::from_raw(tick * tick_.raw)};
    const auto approved = gate_.approve(intent, now);
    if (!approved) {
      ++result.denials;
      return;
    }
    ++result.requests;
    auto& order = orders_.emplace_back(Working{.key = intent.key, .side = side, .tick = tick, .cancelling = false, .claim = {}});
    order.claim = {.instrument = InstrumentId{0}, .side = side, .purpose = OrderPurpose::Entry, .remaining = quantity, .notional = gate_.notional_of(intent, quantity)};
    gate_.open_orders().add(order.claim);
    gateway_.send(SubmitOrder{*approved});
  }

  void on_update(const OrderUpdate& update) {
    if (!is_final(update.state)) return;
    for (std::size_t i = 0; i < orders_.size(); ++i) {
      if (orders_[i].key != update.key) continue;
      gate_.open_orders().remove(orders_[i].claim);
      orders_[i] = orders_.back();
      orders_.pop_back();
      return;
    }
  }

  sim::SimGateway& gateway_;
  market::Market market_;
  portfolio::Portfolio portfolio_;
  risk::Gate gate_;
  Price tick_;
  std::vector<Working> orders_;
  std::uint64_t number_ = 0;
  Timestamp next_quote_{};
};

/// The recorded events, without top-of-book rows: the book says the same.
class Recording final : public runtime::MarketSource {
 public:
  Recording(std::span<const Instrument> instruments, std::vector<Event> events) : instruments_(instruments.begin(), instruments.end()), events_(std::move(events)) {}
  std::span<const Instrument> instruments() const override { return instruments_; }
  std::span<const Event> next() override { return std::exchange(told_, true) ? std::span<const Event>{} : std::span<const Event>(events_); }
  void rewind() override { told_ = false; }
  const std::vector<Event>& events() const { return events_; }

 private:
  std::vector<Instrument> instruments_;
  std::vector<Event> events_;
  bool told_ = false;
};

Outcome run(Recording& recording, const sim::FeeTable& fees) {
  recording.rewind();
  sim::SimGatewaySettings settings;
  settings.latency = {.feed = milliseconds(2), .entry = milliseconds(10), .response = milliseconds(10)};
  settings.broker.active_orders_max = 0;  // the exchange's own account has no such rule
  settings.broker.check_margin = false;   // the gate holds the limits here
  settings.broker.cash = Money::whole(1'000'000);
  sim::SimGateway gateway(recording, settings, fees);
  Maker maker(recording.instruments()[0], gateway);
  Event event;
  const auto begin = thread_seconds();
  while (gateway.next(event)) maker.on(event);
  maker.result.seconds = thread_seconds() - begin;
  maker.result.events = gateway.market_events();
  maker.result.position = maker.position();
  return maker.result;
}

std::string write_events(const Recording& recording, Price tick, Quantity lot) {
  const std::string path = "/tmp/robo_l2_events." + std::to_string(::getpid());
  std::FILE* file = std::fopen(path.c_str(), "wb");
  for (const Event& event : recording.events()) {
    std::int64_t row[6]{event.at.ns, 0, 0, 0, 0, 0};
    if (const auto* level = std::get_if<DepthLevel>(&event.payload)) {
      row[2] = level->side == BookSide::Bid ? 1 : -1, row[3] = level->price.raw / tick.raw, row[4] = level->size.raw / lot.raw;
    } else if (const auto* trade = std::get_if<Trade>(&event.payload)) {
      row[1] = 1, row[2] = trade->aggressor == Aggressor::Buyer ? 1 : -1, row[3] = trade->price.raw / tick.raw, row[4] = trade->size.raw / lot.raw;
    } else {
      continue;
    }
    std::fwrite(row, sizeof row, 1, file);
  }
  std::fclose(file);
  return path;
}

}  // namespace

int main(int argc, char** argv) {
  Report report(argc, argv, 7);
  const std::filesystem::path data = std::filesystem::path(ROBO_SOURCE_DIR) / "data";
  auto calendars = store::read_calendars(data / "calendars");
  if (!calendars) return std::fprintf(stderr, "%s\n", calendars.error().text.c_str()), 1;
  auto tape = store::open_shipped_market(data, store::ShippedMarket::Perpetual, *calendars, {.quotes = false, .phases = false, .symbols = {}});
  if (!tape) return std::fprintf(stderr, "%s\n", tape.error().text.c_str()), 1;
  auto fees = sim::FeeTable::load(data / "fees" / "ib.csv");
  if (!fees) return std::fprintf(stderr, "%s\n", fees.error().text.c_str()), 1;
  std::vector<Event> events;
  for (const Event& event : (*tape)->events())
    if (event.payload.index() == 1 || event.payload.index() == 3 || event.payload.index() == 4) events.push_back(event);
  Recording recording((*tape)->instruments(), std::move(events));
  const Price tick = recording.instruments()[0].ticks.increment_at(price(60'000));
  const Quantity lot = recording.instruments()[0].size_increment;

  const auto file = write_events(recording, tick, lot);
  Rival rival(std::string(ROBO_SOURCE_DIR) + "/bench/l2_backtest/l2_rival.py", {file, std::to_string(tick.to_double()), std::to_string(lot.to_double())});
  const auto ready = rival.hear();
  char version[64]{};
  unsigned long long rival_events = 0;
  if (std::sscanf(ready.c_str(), "ready %63s %llu", version, &rival_events) != 2) {
    std::fprintf(stderr, "hftbacktest did not start (%s); ./run bench installs it\n", ready.c_str());
    std::filesystem::remove(file);
    return 1;
  }
  Samples ours, theirs;
  Outcome last;
  double seconds = 0, rival_position = 0;
  unsigned long long requests = 0, fills = 0;
  interleave(report.rounds(),
             [&] {
               last = run(recording, *fees);
               ours.add(static_cast<double>(last.events) / last.seconds / 1e6);
             },
             [&] {
               const auto line = rival.ask("run");
               if (std::sscanf(line.c_str(), "%lf %llu %llu %lf", &seconds, &requests, &fills, &rival_position) == 4) theirs.add(static_cast<double>(rival_events) / seconds / 1e6);
             });
  std::filesystem::remove(file);
  report.row({.name = "L2 back-test, grid 20+20 every 100 ms", .unit = "M events/s", .samples = ours, .rival = "hftbacktest vector book", .rival_version = version, .rival_samples = theirs, .paired = true,
              .bars = {at_least(Of::Ratio, 0.5)},
              .note = std::to_string(last.events) + " events, " + std::to_string(last.requests) + " requests, " + std::to_string(last.fills) + " fills, " + std::to_string(last.denials) + " denied, position " +
                      to_text(last.position) + "; rival " + std::to_string(requests) + " requests, " + std::to_string(fills) + " fills, position " + std::to_string(rival_position)});
  return report.exit_code();
}
