#include "model/fact.hpp"

namespace robo {

namespace {

bool may_be_dropped(const FactPayload& payload) {
  return std::holds_alternative<SignalRaised>(payload) || std::holds_alternative<BarClosed>(payload) ||
         std::holds_alternative<RegimeChanged>(payload) || std::holds_alternative<TargetSet>(payload);
}

}  // namespace

Facts::Facts(std::size_t capacity) : facts_(std::make_unique<Fact[]>(capacity)), capacity_(capacity) {}

void Facts::add(const FactPayload& payload) {
  if (size_ == capacity_) {
    INVARIANT(may_be_dropped(payload));
    ++dropped_;
    return;
  }
  facts_[size_++] = Fact{now_, payload};
}

}  // namespace robo
