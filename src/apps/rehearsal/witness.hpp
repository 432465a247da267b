#pragma once
// Watches an engine through its lives, as a trader would: what it told, which orders it sent, and what must never be.

#include <map>
#include <string>
#include <vector>

#include "model/sentence.hpp"
#include "runtime/ports.hpp"

namespace robo::apps::rehearsal {

/// Thread: the rehearsal's own. Outlives the engines it watches.
class Witness : public runtime::Tap, private Names {
 public:
  struct Line {
    Timestamp at{};
    std::string who{};
    std::string text{};
  };
  struct Seen {
    OrderIntent intent{};      // as it was sent
    Price limit{};             // that it was sent with; 0: none
    OrderState state{OrderState::PendingSubmit};
    Quantity most{};           // ever approved for it
    Quantity filled{};
    std::int32_t code{};
  };

  void on_event(const Event& event) override;
  void on_command(Timestamp at, const Command& command) override;
  void on_fact(const Fact& fact) override;
  /// A new engine begins: what it believes is new, what was sent stays sent.
  void next_life();
  void write(Timestamp at, std::string_view who, std::string_view text) { lines_.push_back({at, std::string(who), std::string(text)}); }

  [[nodiscard]] const std::vector<Line>& lines() const { return lines_; }
  [[nodiscard]] bool told(std::string_view text) const;
  [[nodiscard]] bool denied(std::string_view reason) const { return denials_.contains(std::string(reason)); }
  [[nodiscard]] const std::vector<Seen>& orders() const { return orders_; }
  [[nodiscard]] GatewayState gateway() const { return gateway_; }
  [[nodiscard]] bool killed() const { return killed_; }
  [[nodiscard]] std::size_t fills() const { return fills_; }
  [[nodiscard]] std::size_t connections() const { return connections_; }
  [[nodiscard]] Money broker(AccountTag tag) const;
  /// The first law that was broken; empty: none.
  [[nodiscard]] const std::string& broken() const { return broken_; }

 private:
  [[nodiscard]] std::string_view symbol(InstrumentId instrument) const override;
  [[nodiscard]] std::string_view strategy(StrategyId) const override { return "rehearsal"; }
  void breaks(Timestamp at, std::string_view law);

  std::vector<Line> lines_;
  std::vector<std::string> told_;
  std::vector<Seen> orders_;
  std::map<OrderKey, std::size_t> by_key_;
  std::map<BrokerOrderId, OrderKey> by_broker_id_;
  std::map<std::string, int> denials_;
  std::map<std::string, Quantity> executions_;
  std::map<AccountTag, Money> broker_;
  std::vector<std::string> symbols_;
  GatewayState gateway_{};
  bool compared_ = false, killed_ = false;
  std::size_t fills_ = 0, connections_ = 0;
  std::string broken_;
};

}  // namespace robo::apps::rehearsal
