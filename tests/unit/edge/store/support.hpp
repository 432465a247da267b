#pragma once
// A sink that remembers, and the shipped calendars.

#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "edge/store/records.hpp"
#include "edge/store/text_file.hpp"
#include "model/calendar.hpp"

namespace robo::store::test {

inline const std::string data = std::string(ROBO_SOURCE_DIR) + "/data/";

inline const Calendar& calendar(const std::string& name) {
  static std::map<std::string, Calendar> known;
  auto found = known.find(name);
  if (found == known.end()) {
    std::ifstream in(data + "calendars/" + name + ".csv");
    std::stringstream text;
    text << in.rdbuf();
    found = known.emplace(name, Calendar::parse(text.str(), name).value()).first;
  }
  return found->second;
}

inline std::string text_of(const std::string& path) {
  auto file = read_text_file(data + path);
  EXPECT_TRUE(file) << path;
  return file ? std::move(file->text) : std::string();
}

template <class R>
struct Got {
  std::string symbol{};
  Date day{};
  R record{};
};

struct Remember final : RecordSink {
  std::vector<Got<QuoteRecord>> quotes;
  std::vector<Got<TradeRecord>> trades;
  std::vector<Got<DepthRecord>> levels;
  std::vector<Got<BarRecord>> bars;
  void quote(std::string_view symbol, Date day, const QuoteRecord& record) override { quotes.push_back({std::string(symbol), day, record}); }
  void trade(std::string_view symbol, Date day, const TradeRecord& record) override { trades.push_back({std::string(symbol), day, record}); }
  void depth(std::string_view symbol, Date day, const DepthRecord& record) override { levels.push_back({std::string(symbol), day, record}); }
  void bar(std::string_view symbol, Date day, const BarRecord& record) override { bars.push_back({std::string(symbol), day, record}); }
};

template <class Groups>
std::uint64_t rows_of(const Groups& groups, const std::string& part) {
  std::uint64_t rows = 0;
  for (const auto& [reason, group] : groups)
    if (reason.find(part) != std::string::npos) rows += group.rows;
  return rows;
}

template <class Groups>
std::vector<std::uint64_t> lines_of(const Groups& groups, const std::string& part) {
  for (const auto& [reason, group] : groups)
    if (reason.find(part) != std::string::npos) return group.lines;
  return {};
}

}  // namespace robo::store::test
