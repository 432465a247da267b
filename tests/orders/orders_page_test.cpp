#include "orders/orders_page.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "model/order_kinds.hpp"
#include "model/order_law.hpp"

namespace robo::orders {
namespace {

constexpr auto path = ROBO_SOURCE_DIR "/docs/orders.md";

TEST(OrdersPage, is_what_the_code_says) {
  if (std::getenv("ROBO_REGENERATE") != nullptr) std::ofstream(path) << orders_page();
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), orders_page()) << "run ROBO_REGENERATE=1 ctest -R OrdersPage and commit docs/orders.md";
}

TEST(OrdersPage, has_a_line_for_every_type_and_every_attribute) {
  const auto page = orders_page();
  const auto has_line = [&](std::string_view name) {
    std::string row = "| " + std::string(name) + " | `";
    for (char& c : row)
      if (c == '_') c = ' ';
    return page.find(row) != std::string::npos;
  };
  for (const auto name : EnumNames<OrderType>::names) EXPECT_TRUE(has_line(name)) << name;
  for (const auto name : EnumNames<Mark>::names) EXPECT_TRUE(has_line(name)) << name;
}

}  // namespace
}  // namespace robo::orders
