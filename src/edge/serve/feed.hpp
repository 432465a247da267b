#pragma once
// The tap of the read model: copies what the desk needs from the hot thread to the server's, and never makes it wait.
// Market events go through a bounded ring: when it is full they are counted and dropped. Facts go through a chain of
// segments: order facts are never dropped, what may be dropped is when the server is far behind.

#include <atomic>
#include <cstddef>
#include <variant>

#include "base/spsc_ring.hpp"
#include "edge/serve/detail/segmented_queue.hpp"
#include "runtime/ports.hpp"

namespace robo::serve {

/// How long an order took: from the market event that caused it until its bytes were handed to the gateway.
struct OrderTimed {
  OrderKey key{};
  std::int64_t ns{};
};

/// A fact, or an event that is not market data, by value.
struct Word {
  Timestamp at{};
  std::variant<std::monostate, FactPayload, EngineStarted, GatewayChanged, AccountValue, OperatorInput, Instrument, RuntimeAlarm, DataFarmChanged,
               PhaseChange, Bar, runtime::Health, OrderTimed>
      payload{};
};

class Feed final : public runtime::Tap {
 public:
  static constexpr std::size_t words_backlog_max = 16'384;  // past it signals, targets, bars and marks are dropped

  explicit Feed(std::size_t market_capacity = 32'768);

  /// Thread: hot.
  void on_event(const Event& event) override;
  void on_command(Timestamp, const Command&) override {}
  void on_fact(const Fact& fact) override;
  void on_order_sent(Timestamp at, OrderKey key, std::int64_t ns) override;
  void on_health(const runtime::Health& health) override;

  /// Hands everything that waits to `word(const Word&)` and `market(const Event&)`; at most `most` of each, so that a flood
  /// does not starve the clients. Words first: an instrument is known before its quotes. Thread: server.
  template <class OnWord, class OnMarket>
  void drain(std::size_t most, OnWord&& on_word, OnMarket&& on_market) {
    for (std::size_t i = 0; i < most; ++i) {
      const auto* word = words_.front();
      if (word == nullptr) break;
      on_word(*word);
      words_.pop();
    }
    for (std::size_t i = 0; i < most; ++i) {
      const auto* event = market_.front();
      if (event == nullptr) break;
      on_market(*event);
      market_.pop();
    }
  }

  /// Any thread.
  [[nodiscard]] std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::size_t backlog() const { return words_.size() + market_.size(); }

 private:
  void drop() { dropped_.store(dropped_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed); }

  SpscRing<Event> market_;
  detail::SegmentedQueue<Word, 512> words_;
  std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace robo::serve
