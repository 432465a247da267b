#pragma once
// A store of the test's own, and days of plain bars.

#include <cmath>
#include <fstream>
#include <filesystem>
#include <gtest/gtest.h>
#include <random>
#include <unistd.h>

#include "edge/store/history/check.hpp"
#include "edge/store/parquet_file.hpp"

namespace robo::store::history::test {

inline const std::string data = std::string(ROBO_SOURCE_DIR) + "/data/";

inline const Calendars& calendars() {
  static const Calendars all = read_calendars(data + "calendars").value();
  return all;
}
inline const Calendar& nyse() { return calendars().find("NYSE")->second; }

class InAStore : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "robo-history-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    root_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  std::filesystem::path root_;
};

/// Every regular minute of a day, each a cent away from the one before, up and down.
inline std::vector<BarRecord> minutes_of(Date day, Price first = price(100), Duration period = minutes(1)) {
  std::vector<BarRecord> bars;
  const auto regular = nyse().session(day)->regular();
  std::int64_t n = 0;
  for (auto at = regular->from; at < regular->until; at = at + period, ++n) {
    const auto close = first + price(0, n * 7 % 5);
    bars.push_back({.start = at, .period = period, .open = close, .high = close + price(0, 1), .low = close - price(0, 1), .close = close, .volume = shares(1000), .volume_known = true});
  }
  return bars;
}

inline BarRecord daily(Date day, Price close, Quantity volume = shares(1'000'000)) {
  return {.start = nyse().zone().to_utc({day, {}}), .period = hours(24), .open = close, .high = close + price(0, 50), .low = close - price(0, 50), .close = close, .volume = volume,
          .volume_known = volume.is_positive()};
}

inline std::vector<Finding> judged(std::span<const BarRecord> bars, const Calendar* calendar = &nyse()) {
  std::vector<Finding> out;
  check_bars("ABC", bars.empty() ? minutes(1) : bars.front().period, bars, {}, calendar, out);
  return out;
}

inline const Finding* found(const std::vector<Finding>& findings, Fault fault) {
  for (const auto& one : findings)
    if (one.fault == fault) return &one;
  return nullptr;
}

}  // namespace robo::store::history::test
