#pragma once
// docs/orders.md, written from the code.

#include <string>

namespace robo::orders {

[[nodiscard]] std::string orders_page();

}  // namespace robo::orders
