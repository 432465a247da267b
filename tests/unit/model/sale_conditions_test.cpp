#include "model/sale_conditions.hpp"

#include <gtest/gtest.h>

#include "model/market.hpp"
#include "model/venue.hpp"

namespace robo {
namespace {

using namespace trade_condition;

TEST(SaleConditions, say_what_a_trade_may_be_used_for) {
  EXPECT_EQ(conditions_of("", 'N'), 0);
  EXPECT_EQ(conditions_of("", 'D'), off_exchange);
  EXPECT_EQ(conditions_of("F I", 'P'), sweep | odd_lot | not_last);
  EXPECT_EQ(conditions_of(" 4 B", 'D'), off_exchange | not_last) << "average and derived prices are volume and no last price";
  EXPECT_EQ(conditions_of("M", 'N'), auction | not_volume | not_last) << "the official close repeats the auction";
  EXPECT_EQ(conditions_of("6", 'N'), auction);
  EXPECT_EQ(conditions_of("R UB", 'D'), off_exchange | extended_hours | late | not_last);
}

TEST(SaleConditions, letters_of_bits_mean_the_same_bits) {
  for (const char* letters : {"", "I", "F", "FI", "F I", "T", "TI", "FTI", "U", "UI", "Z", "ZI", "L", "O", "6", "Q", "M", "9", "4", "4 B", "7 V", "N", "N  I", "C  I", "TB", "TP", "R UB", "FT"}) {
    for (const std::uint8_t venue : {'N', 'D'}) {
      const auto bits = conditions_of(letters, venue);
      EXPECT_EQ(conditions_of(letters_of(bits).view(), venue), bits) << '"' << letters << "\" became \"" << letters_of(bits).view() << '"';
    }
  }
  EXPECT_TRUE(letters_of(not_last | not_volume).empty()) << "unreported: IB has a flag for it and the tape no letter";
}

TEST(Venue, letters_and_ibs_names_are_each_others) {
  for (const std::uint8_t letter : {'N', 'P', 'Q', 'Z', 'A', 'K', 'J', 'Y', 'V', 'B', 'X', 'M', 'C', 'U', 'H', 'L', 'D'}) EXPECT_EQ(venue_letter(venue_name(letter)), letter);
  EXPECT_EQ(venue_name('D'), "FINRA");
  EXPECT_EQ(venue_letter("NASDAQ"), 'Q');
  EXPECT_EQ(venue_letter("SMART"), 0);
  EXPECT_TRUE(venue_name('?').empty());
}

}  // namespace
}  // namespace robo
