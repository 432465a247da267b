#include "base/fields.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace robo {

struct Whole {
  int order_quantity_max{};
  std::string account{};
  using fields = Fields<&Whole::order_quantity_max, &Whole::account>;
};
struct Forgetful {
  int a{};
  int b{};
  using fields = Fields<&Forgetful::a>;
};
static_assert(Complete<Whole>);
static_assert(!Complete<Forgetful>);

TEST(Fields, names_come_from_the_members_themselves) {
  std::vector<std::string> names;
  each_field<Whole>([&](auto field) { names.emplace_back(field.name); });
  EXPECT_EQ(names, (std::vector<std::string>{"order_quantity_max", "account"}));
}

}  // namespace robo
