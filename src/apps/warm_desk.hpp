#pragma once
// The desk's first picture from what Redis knew last: positions, prices and equity until the broker has spoken. What the first
// reconciliation does not confirm is taken back.

#include <map>

#include "edge/store/redis/sink.hpp"
#include "runtime/ports.hpp"

namespace robo::apps {

/// Stands between the engine and the desk's tap. Thread: hot.
class WarmDesk final : public runtime::Tap {
 public:
  /// Tells `desk` what was known, for the instruments of this run, as of `now`.
  WarmDesk(runtime::Tap& desk, const store::redis::LastKnown& known, std::span<const Instrument> instruments, Timestamp now);

  void on_event(const Event& event) override { desk_.on_event(event); }
  void on_command(Timestamp at, const Command& command) override { desk_.on_command(at, command); }
  void on_fact(const Fact& fact) override;
  void on_order_sent(Timestamp at, OrderKey key, std::int64_t ns) override { desk_.on_order_sent(at, key, ns); }
  void on_health(const runtime::Health& health) override { desk_.on_health(health); }

  [[nodiscard]] std::size_t positions() const { return unconfirmed_.size(); }

 private:
  runtime::Tap& desk_;
  std::vector<InstrumentId> unconfirmed_;
};

}  // namespace robo::apps
