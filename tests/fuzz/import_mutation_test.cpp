// Real rows with seeded damage: bytes changed, cut, doubled, columns and lines swapped. The libFuzzer target goes further.

#include <fstream>
#include <gtest/gtest.h>
#include <random>
#include <sstream>

#include "edge/store/text_file.hpp"
#include "fuzz/import_under_attack.hpp"

using namespace robo;
using namespace robo::store;

namespace {

const std::string data = std::string(ROBO_SOURCE_DIR) + "/data/";

Calendar nyse() {
  std::ifstream in(data + "calendars/NYSE.csv");
  std::stringstream text;
  text << in.rdbuf();
  return Calendar::parse(text.str()).value();
}

/// The header and some rows out of the middle of a shipped file.
std::string piece_of(const std::string& path, std::mt19937& random, std::size_t lines_wanted) {
  static std::map<std::string, std::vector<std::string>> known;
  auto& lines = known[path];
  if (lines.empty()) {
    const auto file = read_text_file(data + path);
    Lines reader(file->text);
    for (std::string_view line; reader.next(line);) lines.emplace_back(line);
  }
  std::string text = lines[0] + "\n";
  const auto from = 1 + random() % (lines.size() - lines_wanted - 1);
  for (std::size_t i = from; i < from + lines_wanted; ++i) text += lines[i] + "\n";
  return text;
}

void damage(std::string& text, std::mt19937& random) {
  static const std::string hostile[] = {",", "\n", "\"", "-", "1e308", "nan", std::string("\0", 1), "99999999999999999999", "/", "\xff\xfe", "{", "0", "T", "  "};
  for (unsigned i = 0; i < 1 + random() % 8 && !text.empty(); ++i) {
    const auto at = random() % text.size();
    switch (random() % 5) {
      case 0: text[at] = static_cast<char>(random()); break;
      case 1: text.erase(at, random() % 20); break;
      case 2: text.insert(at, hostile[random() % std::size(hostile)]); break;
      case 3: text.insert(at, text.substr(random() % text.size(), random() % 60)); break;
      default: std::swap(text[at], text[random() % text.size()]); break;
    }
  }
}

TEST(FuzzImport, damaged_rows_never_crash_a_reader_nor_let_nonsense_through) {
  const auto calendar = nyse();
  const std::string files[] = {"equity_intraday/taq_XXX_quotes_raw_2018-01-02_03.csv.gz", "equity_intraday/taq_XXX_trades_raw_2018-01-02_03.csv.gz",
                               "equity_intraday/us24_1min_to_2019-02-15.csv.gz", "daily/etf22_close_2008_2016.csv.gz", "daily/MSFT_ohlcv_1990_2022.csv.gz",
                               "orderbook/binance_usdm_btcusdt_20240808.jsonl.gz", "equity_intraday/SPX_1min_2019-11-05_08.csv.gz"};
  std::uint64_t rows = 0;
  for (unsigned seed = 1; seed <= 6'000; ++seed) {
    std::mt19937 random(seed);
    auto text = piece_of(files[seed % std::size(files)], random, 1 + random() % 30);
    damage(text, random);
    rows += test::attack(text, calendar);
  }
  EXPECT_GT(rows, 10'000u);  // the damage left most rows alone: the readers did read
}

TEST(FuzzImport, bytes_that_were_never_a_file_are_refused_quietly) {
  const auto calendar = nyse();
  std::mt19937 random(99);
  for (int round = 0; round < 500; ++round) {
    std::string bytes(random() % 400, '\0');
    for (auto& byte : bytes) byte = static_cast<char>(random());
    EXPECT_EQ(test::attack(bytes, calendar), 0u);
  }
  EXPECT_EQ(test::attack("", calendar), 0u);
  EXPECT_EQ(test::attack(std::string(100'000, ','), calendar), 0u);
  EXPECT_EQ(test::attack("date,close\n" + std::string(100'000, '9') + ",5\n", calendar), 0u);
}

}  // namespace
