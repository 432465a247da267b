#pragma once
// A gateway on a thread of its own. The hot thread then never meets a socket; the price is one hop between cores each way.

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "base/spsc_ring.hpp"
#include "model/boxed.hpp"
#include "runtime/ports.hpp"

namespace robo::runtime {

/// Wraps a gateway. Thread: next() and send() on the hot thread; the wrapped gateway lives on the io thread alone.
/// Full queues follow the law: of quotes the newest per instrument is kept, dropped market data is counted and told
/// (RuntimeAlarm), a full execution or command queue is told as QueueFull, upon which the kernel kills.
class ThreadedGateway : public Gateway {
 public:
  ThreadedGateway(std::unique_ptr<Gateway> inner, std::size_t instruments, std::size_t data_capacity = 1u << 16,
                  std::size_t execution_capacity = 1u << 13);
  ~ThreadedGateway() override;

  [[nodiscard]] bool next(Event& out) override;
  void send(const Command& command) override;
  [[nodiscard]] bool finished() const override;
  void wait(Duration at_most) override;

 private:
  struct Stored {
    Event event{};
    BoxedAny payload{};  // what the event's box holds
  };
  struct Data {
    Event event{};
  };
  void run_io();
  void pass_on(const Event& event);
  void flush_kept();

  std::unique_ptr<Gateway> inner_;
  SpscRing<Data> data_;
  SpscRing<Stored> executions_;
  SpscRing<Command> commands_;
  std::vector<Event> kept_;              // io thread: newest quote per instrument while the data ring is full
  std::vector<std::uint8_t> keeping_;    // 1: kept_ holds a quote, 2: depth was dropped, the book must be reset
  std::size_t kept_count_ = 0;
  std::atomic<std::uint64_t> dropped_{0};
  std::uint64_t dropped_told_ = 0;
  std::atomic<bool> overflow_{false}, stop_{false}, finished_{false};
  Stored taken_{};
  std::thread io_;
};

}  // namespace robo::runtime
