#include "kernel/execution/order.hpp"

namespace robo::execution {

OrderState advanced(OrderState now, OrderState told) {
  if (is_final(now)) return now;
  if (told == OrderState::Unknown) return now;   // the broker does not say so; only our own clock does
  if (now == OrderState::Unknown) return told;
  return static_cast<int>(told) > static_cast<int>(now) ? told : now;
}

}  // namespace robo::execution
