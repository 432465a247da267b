// A good configuration with seeded damage. The libFuzzer target goes further.

#include <gtest/gtest.h>

#include "fuzz/config_under_attack.hpp"
#include "fuzz/damage.hpp"

namespace robo::config::test {

constexpr std::string_view good = R"(on = true
small = -3
ratio = 0.25
pause = "250 ms"
day = 2019-02-15
at = 2019-02-15T14:30:00Z
parts = [{symbol = "JPM", price = 105.26}, {symbol = "BAC", price = "29.075", size = 100}]
[numbers]
lookback = 20
[serve]
bind = "127.0.0.1"
port = 8080
slow_client = "10 s"
hosts = ["desk.local"]
)";

TEST(FuzzConfig, a_damaged_file_is_read_or_refused_with_file_and_line) {
  ASSERT_TRUE(attack(good));
  constexpr std::string_view hostile[] = {"=", "\n", "\"", "[", "]", "{", "'''", "nan", "inf", "1e999", "-", "0x", "99999999999999999999", "2019-02-30", "T25:00:00Z", "\\u", "\xff", "#", ".", "on"};
  int taken = 0;
  for (unsigned seed = 1; seed <= 20'000; ++seed) {
    std::mt19937 random(seed);
    std::string text(good);
    robo::test::damage(text, random, hostile);
    taken += attack(text) ? 1 : 0;
  }
  EXPECT_GT(taken, 100) << "small damage inside numbers is still a configuration";
  EXPECT_LT(taken, 15'000) << "most damage is noticed";
}

TEST(FuzzConfig, nesting_without_end_is_refused) {
  EXPECT_FALSE(attack("on = true\nparts = " + std::string(100'000, '[')));
  EXPECT_FALSE(attack("on = true\nx = " + std::string(5'000, '[') + std::string(5'000, ']')));
  std::string dotted = "on = true\na";
  for (int i = 0; i < 20'000; ++i) dotted += ".a";
  EXPECT_FALSE(attack(dotted + " = 1"));
}

}  // namespace robo::config::test
