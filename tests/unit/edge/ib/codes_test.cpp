#include "edge/ib/codes.hpp"

#include <sstream>
#include <string>

#include <gtest/gtest.h>

namespace robo::ib {
namespace {

// IB's codes by class, as collected from its documents and from years of other systems' trouble:
// S status of the connection, F the session, W a word of warning, R the request is dead, O the order was not accepted,
// E the order ended, D depth, ? depends on the addressee.
constexpr const char* classes = R"(
S 1100 1101 1102 2103 2104 2105 2106 2107 2108 2110 2157 2158
F 100 326 1300
W 0 165 300 310 365 366 330 331 399 404 492 2100 2101 2102 2109 2119 2137 2152 2168 2169 2174 10089 10090 10091 10167 10311 10349
R 101 102 162 309 322 327 354 414 420 430 10092 10168 10186 10187 10189 10190 10197 10276 10277 10278 10284 10299 10314
O 103 105 106 107 109 110 111 113 116 117 131 140 141 145 146 152 154 157 158 159 160 163 201 328 329 334 336 337 355 382 383 387
O 388 391 413 434 435 436 439 440 441 442 443 451 462 10006 10243 10249 10268 10269 10270 10289 10293
B 200 203 320 321 412 419 460
C 104 135 136 161 10147 10148
E 202
D 316 317
A 10182 10225
)";

template <class Check>
void each(char wanted, Check&& check) {
  std::istringstream lines(classes);
  int count = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] != wanted) continue;
    std::istringstream numbers(line.substr(1));
    for (std::int32_t number = 0; numbers >> number; ++count) {
      EXPECT_TRUE(is_known(number)) << number;
      check(number, code_of(number));
    }
  }
  EXPECT_GT(count, 0);
}

TEST(Codes, status_and_session_codes_act_on_the_link_alone) {
  for (const char kind : {'S', 'F'}) {
    each(kind, [](std::int32_t number, const Code& code) {
      EXPECT_NE(code.link, LinkEffect::None) << number;
      EXPECT_NE(code.order, OrderEffect::Rejected) << number;
    });
  }
}

TEST(Codes, warnings_kill_nothing) {
  each('W', [](std::int32_t number, const Code& code) {
    EXPECT_EQ(code.link, LinkEffect::None) << number;
    EXPECT_TRUE(code.request == RequestEffect::None || code.request == RequestEffect::Done) << number;
    EXPECT_EQ(code.order, OrderEffect::None) << number;
  });
}

TEST(Codes, a_dead_request_is_not_a_dead_order) {
  each('R', [](std::int32_t number, const Code& code) {
    EXPECT_EQ(code.request, RequestEffect::Dead) << number;
    EXPECT_EQ(code.order, OrderEffect::None) << number;
  });
}

TEST(Codes, refusals_of_orders_reject) {
  each('O', [](std::int32_t number, const Code& code) { EXPECT_EQ(code.order, OrderEffect::Rejected) << number; });
}

TEST(Codes, some_kill_a_request_or_an_order_whichever_they_are_for) {
  each('B', [](std::int32_t number, const Code& code) {
    EXPECT_EQ(code.request, RequestEffect::Dead) << number;
    EXPECT_EQ(code.order, OrderEffect::Rejected) << number;
  });
}

TEST(Codes, a_refused_cancel_says_nothing_about_the_orders_end) {
  each('C', [](std::int32_t number, const Code& code) { EXPECT_EQ(code.order, OrderEffect::CancelRefused) << number; });
  each('E', [](std::int32_t number, const Code& code) { EXPECT_EQ(code.order, OrderEffect::Cancelled) << number; });
}

TEST(Codes, a_stream_that_stopped_is_asked_for_again) {
  EXPECT_EQ(code_of(316).request, RequestEffect::Resubscribe);
  EXPECT_EQ(code_of(317).request, RequestEffect::ResetDepth);
  each('A', [](std::int32_t number, const Code& code) { EXPECT_EQ(code.request, RequestEffect::Resubscribe) << number; });
}

TEST(Codes, farms_and_connection_are_told_apart) {
  EXPECT_EQ(code_of(1100).link, LinkEffect::Lost);
  EXPECT_EQ(code_of(2110).link, LinkEffect::Lost);
  EXPECT_EQ(code_of(1101).link, LinkEffect::RestoredEmpty);
  EXPECT_EQ(code_of(1102).link, LinkEffect::RestoredKept);
  EXPECT_EQ(code_of(2103).link, LinkEffect::FarmBroken);
  EXPECT_EQ(code_of(2104).link, LinkEffect::FarmOk);
  EXPECT_EQ(code_of(2106).link, LinkEffect::HistoryFarm);
}

TEST(Codes, an_unknown_code_is_advice_and_a_reason_to_ask) {
  EXPECT_FALSE(is_known(29'999));
  EXPECT_EQ(code_of(29'999).request, RequestEffect::None);
  EXPECT_EQ(code_of(29'999).order, OrderEffect::Doubtful);
  EXPECT_EQ(code_of(29'999).link, LinkEffect::None);
}

TEST(Codes, every_row_speaks_to_people) {
  for (const Code& code : all_codes()) EXPECT_GT(code.meaning.size(), 10u) << code.number;
}

}  // namespace
}  // namespace robo::ib
