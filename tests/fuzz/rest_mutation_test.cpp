// Good requests and messages with seeded damage. The libFuzzer target goes further.

#include <gtest/gtest.h>
#include <map>

#include "fuzz/damage.hpp"
#include "fuzz/rest_under_attack.hpp"

namespace robo::serve::test {

TEST(FuzzRest, damaged_requests_and_messages_get_an_answer_the_document_knows) {
  const std::string good[] = {"GET\n/api/v1/state\n",
                              "GET\n/api/v1/instruments/0/candles?bar=5m&limit=100\n",
                              "GET\n/api/v1/orders/RT0000000000000001-0000000000000001/why\n",
                              "PUT\n/api/v1/strategies/momentum/parameters/lookback\n{\"value\": 30, \"reason\": \"try\"}",
                              "PUT\n/api/v1/limits/orders_max\n{\"value\": 5}",
                              "POST\n/api/v1/orders/cancel-all\n{\"instrument\": 0}",
                              "POST\n/api/v1/kill\n{\"scope\": \"flatten\", \"reason\": \"test\"}",
                              "{\"type\":\"hello\",\"protocol\":1,\n\"epoch\":\"epoch\",\n{\"type\":\"hello\",\"protocol\":1,\"seq\":1}"};
  constexpr std::string_view hostile[] = {"/", "..", "%2e", "%00", "%", "?", "&", "\n", "\"", "{", "}", "null", "1e308", "-1", "18446744073709551616", "NaN", "\xff", "\\u0000", "[", "{parameter}"};
  Besieged server;
  std::map<unsigned, int> statuses;
  for (const auto& request : good) ++statuses[server.attack(request)];
  EXPECT_EQ(statuses[200] + statuses[202], 7) << "the requests are good before they are damaged";
  for (unsigned seed = 1; seed <= 10'000; ++seed) {
    std::mt19937 random(seed);
    auto text = good[random() % std::size(good)];
    robo::test::damage(text, random, hostile);
    ++statuses[server.attack(text)];
  }
  for (const auto status : {200u, 202u, 400u, 404u, 405u, 422u}) EXPECT_GT(statuses[status], 5) << status;
  EXPECT_GT(server.door.wishes, 10u) << "some damage leaves a wish the engine may be asked";
}

}  // namespace robo::serve::test
