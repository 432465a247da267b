#include "runtime/threaded_gateway.hpp"

namespace robo::runtime {

namespace {

std::int64_t instrument_of(const Event& event) {
  return std::visit(
      [](const auto& payload) -> std::int64_t {
        using T = std::decay_t<decltype(payload)>;
        if constexpr (std::is_same_v<T, Quote> || std::is_same_v<T, Trade> || std::is_same_v<T, DepthRow> || std::is_same_v<T, DepthLevel>)
          return payload.instrument.value;
        else return -1;
      },
      event.payload);
}

}  // namespace

ThreadedGateway::ThreadedGateway(std::unique_ptr<Gateway> inner, std::size_t instruments, std::size_t data_capacity,
                                 std::size_t execution_capacity)
    : inner_(std::move(inner)), data_(data_capacity), executions_(execution_capacity), commands_(1024), kept_(instruments),
      keeping_(instruments) {
  io_ = std::thread([this] { run_io(); });
}

ThreadedGateway::~ThreadedGateway() {
  stop_.store(true);
  io_.join();
}

void ThreadedGateway::pass_on(const Event& event) {
  const std::int64_t instrument = instrument_of(event);
  if (instrument < 0) {
    Stored stored{.event = event, .payload = {}};
    std::visit(
        [&](const auto& payload) {
          if constexpr (requires { payload.value; *payload; }) stored.payload = *payload;
        },
        event.payload);
    if (!executions_.push(stored)) overflow_.store(true);
    return;
  }
  const auto index = static_cast<std::size_t>(instrument);
  if (kept_count_ == 0 && data_.push({event})) return;
  if (index >= kept_.size() || std::holds_alternative<Trade>(event.payload)) {
    dropped_.fetch_add(1);
    return;
  }
  if (keeping_[index] == 0) ++kept_count_;
  if (std::holds_alternative<Quote>(event.payload)) {
    if (keeping_[index] & 1) dropped_.fetch_add(1);
    keeping_[index] |= 1;
    kept_[index] = event;
    return;
  }
  // A book with a hole in it is worse than none: it is reset, and rows that follow build it anew.
  keeping_[index] |= 2;
  kept_[index].at = event.at;
  dropped_.fetch_add(1);
}

void ThreadedGateway::flush_kept() {
  for (std::size_t i = 0; i < kept_.size() && kept_count_ > 0; ++i) {
    if (keeping_[i] == 0) continue;
    if (keeping_[i] & 2) {
      Event reset = kept_[i];
      reset.payload = DepthReset{InstrumentId{static_cast<std::uint32_t>(i)}};
      if (!data_.push({reset})) return;
      keeping_[i] = static_cast<std::uint8_t>(keeping_[i] & ~2);
    }
    if (keeping_[i] & 1) {
      if (!data_.push({kept_[i]})) return;
      keeping_[i] = 0;
    }
    --kept_count_;
  }
}

void ThreadedGateway::run_io() {
  Event event;
  while (!stop_.load(std::memory_order_relaxed)) {
    bool busy = false;
    while (const Command* command = commands_.front()) {
      inner_->send(*command);
      commands_.pop();
      busy = true;
    }
    for (int i = 0; i < 64 && inner_->next(event); ++i) {
      pass_on(event);
      busy = true;
    }
    if (kept_count_ > 0) flush_kept();
    if (!busy) {
      if (inner_->finished()) finished_.store(true);
      inner_->wait(microseconds(100));
    }
  }
}

bool ThreadedGateway::next(Event& out) {
  if (overflow_.exchange(false)) {
    out = Event{.at = out.at, .received_at = out.received_at, .payload = RuntimeAlarm{.kind = AlarmKind::QueueFull, .count = 1}};
    return true;
  }
  if (const auto dropped = dropped_.load(std::memory_order_relaxed); dropped != dropped_told_) {
    out = Event{.at = out.at, .received_at = out.received_at,
                .payload = RuntimeAlarm{.kind = AlarmKind::MarketDataDropped, .count = dropped - dropped_told_}};
    dropped_told_ = dropped;
    return true;
  }
  if (const Stored* stored = executions_.front()) {  // executions before data, always
    taken_ = *stored;
    executions_.pop();
    out = taken_.event;
    std::visit(
        [&](auto& payload) {
          using T = std::decay_t<decltype(payload)>;
          if constexpr (requires { payload.value; *payload; }) {
            using Inner = std::decay_t<decltype(*payload)>;
            payload = T{&std::get<Inner>(taken_.payload)};
          }
        },
        out.payload);
    return true;
  }
  if (const Data* data = data_.front()) {
    out = data->event;
    data_.pop();
    return true;
  }
  return false;
}

void ThreadedGateway::send(const Command& command) {
  if (!commands_.push(command)) overflow_.store(true);
}

bool ThreadedGateway::finished() const { return finished_.load() && data_.size() == 0 && executions_.size() == 0; }

void ThreadedGateway::wait(Duration) { std::this_thread::yield(); }

}  // namespace robo::runtime
