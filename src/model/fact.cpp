#include "model/fact.hpp"

namespace robo {

Facts::Facts(std::size_t capacity) : facts_(std::make_unique<Fact[]>(capacity)), capacity_(capacity) {}

void Facts::drop(bool allowed) {
  INVARIANT(allowed);
  ++dropped_;
}

}  // namespace robo
