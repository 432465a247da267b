#include "edge/store/detail/layout.hpp"

#include <gtest/gtest.h>

namespace robo::store::detail {
namespace {

/// The text the readers get.
std::string read(std::string_view text) {
  const auto layout = into_known_layout(text);
  return layout ? layout->text : std::string(text);
}

}  // namespace

TEST(Layout, what_is_known_already_is_left_alone) {
  EXPECT_FALSE(into_known_layout("Date,Open,High,Low,Close,Adj Close,Volume\n2024-01-02,1,2,1,2,2,100\n").has_value());
  EXPECT_FALSE(into_known_layout("DATE,TIME_M,EX,BID,BIDSIZ,ASK\n20180102,9:30,N,1,2,3\n").has_value()) << "TAQ has rules of its own";
  EXPECT_FALSE(into_known_layout("").has_value());
  EXPECT_FALSE(into_known_layout("no header, no table").has_value());
}

TEST(Layout, stooq_names_in_brackets_and_a_date_and_time_apart) {
  EXPECT_EQ(read("<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>\nAAPL.US,5,20240102,093500,1,2,1,2,100\n"),
            "TICKER,PER,DATE,OPEN,HIGH,LOW,CLOSE,VOL\nAAPL.US,5,2024-01-02 09:35:00,1,2,1,2,100\n");
  EXPECT_EQ(read("<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>\n3M,D,20240102,000000,1,2,1,2,100\n"),
            "TICKER,PER,DATE,OPEN,HIGH,LOW,CLOSE,VOL\n3M,D,2024-01-02,1,2,1,2,100\n") << "a daily bar has no time, and 3M is no number";
}

TEST(Layout, metatrader_tabs_and_dots) {
  EXPECT_EQ(read("<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\n2024.01.02\t09:30:00\t1\t2\t1\t2\t7\n"),
            "DATE,OPEN,HIGH,LOW,CLOSE,volume\n2024-01-02 09:30:00,1,2,1,2,7\n");
}

TEST(Layout, semicolons_mean_that_a_comma_is_the_decimal_point) {
  EXPECT_EQ(read("Date;Open;High;Low;Close;Volume\n02.01.2024;187,15;1.188,44;183,88;185,64;824887\n"),
            "Date,Open,High,Low,Close,Volume\n2024-01-02,187.15,1188.44,183.88,185.64,824887\n");
}

TEST(Layout, epochs_of_any_length_are_utc) {
  for (const std::string_view epoch : {"1704205800", "1704205800000", "1704205800000000", "1704205800000000000"})
    EXPECT_NE(read("time,open,high,low,close\n" + std::string(epoch) + ",1,2,1,2\n").find("\n2024-01-02T14:30:00"), std::string::npos) << epoch;
  EXPECT_NE(read("ticker,volume,open,close,high,low,window_start\nAAPL,1,1,2,2,1,1704205800000000000\n").find("datetime\n"), std::string::npos);
}

TEST(Layout, dollars_thousands_millions_and_months_by_name) {
  EXPECT_EQ(read("Date,Close/Last,Volume,Open,High,Low\n01/15/2024,$184.25,58414460,$184.22,$185.88,$183.43\n"),
            "Date,close,Volume,Open,High,Low\n01/15/2024,184.25,58414460,184.22,185.88,183.43\n");
  EXPECT_EQ(read("\"Date\",\"Price\",\"Open\",\"High\",\"Low\",\"Vol.\"\n\"Jan 2, 2024\",\"1,184.25\",\"1,184.22\",\"1,185.88\",\"1,183.43\",\"58.41M\"\n"),
            "Date,close,Open,High,Low,volume\n2024-01-02,1184.25,1184.22,1185.88,1183.43,58410000\n");
}

TEST(Layout, lines_keep_their_numbers_also_broken_and_empty_ones) {
  EXPECT_EQ(read("Date;Open;High;Low;Close\n\n02.01.2024;1;2\n03.01.2024;1;2;1;x\n"), "Date,Open,High,Low,Close\n\n02.01.2024,1,2\n2024-01-03,1,2,1,x\n");
}

TEST(Layout, windows_text_in_two_bytes_a_letter_is_read) {
  std::string wide = "\xFF\xFE";
  for (const char c : std::string_view("Date,Open,High,Low,Close\n2024-01-02,1,2,1,2\n")) (wide += c) += '\0';
  EXPECT_EQ(read(wide), "Date,Open,High,Low,Close\n2024-01-02,1,2,1,2\n");
}

TEST(Layout, any_bytes_are_text_or_nothing_and_never_a_crash) {
  std::uint64_t seed = 7;
  for (int round = 0; round < 2'000; ++round) {
    std::string text = round % 2 == 0 ? "Date;Open;High;Low;Close\n" : "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\n";
    for (int i = 0; i < 120; ++i) {
      seed = seed * 6364136223846793005u + 1442695040888963407u;
      constexpr std::string_view pool = "0123456789.,;:-+$\"MKJan 2\n\t<>";
      text += i % 7 == 0 ? static_cast<char>(seed >> 56) : pool[(seed >> 33) % pool.size()];
    }
    (void)into_known_layout(text);
  }
}

}  // namespace robo::store::detail
