#pragma once
// The depth messages of a recorded Binance feed (data/orderbook): snapshot and differences as price levels.

#include <boost/json.hpp>

#include "base/decimal.hpp"
#include "model/market.hpp"
#include "support/gzip.hpp"

namespace robo::test {

inline std::vector<DepthLevel> recorded_depth(const std::string& path) {
  std::vector<DepthLevel> levels;
  for (const auto& line : lines_of(path)) {
    const auto space = line.find(' ');
    const bool depth = line.find("@depth", space) != std::string::npos, snapshot = line.find("lastUpdateId", space) != std::string::npos;
    if (!depth && !snapshot) continue;
    auto root = boost::json::parse(std::string_view(line).substr(space + 1)).as_object();
    auto& data = depth ? root["data"].as_object() : root;
    for (const auto side : {BookSide::Bid, BookSide::Ask}) {
      const char* const name = snapshot ? (side == BookSide::Bid ? "bids" : "asks") : (side == BookSide::Bid ? "b" : "a");
      for (const auto& pair : data[name].as_array()) {
        const auto text = [&](std::size_t i) { return std::string_view(pair.as_array()[i].as_string()); };
        levels.push_back({.side = side, .price = parse_decimal<Price>(text(0)).value(), .size = parse_decimal<Quantity>(text(1)).value()});
      }
    }
    if (!levels.empty()) levels.back().last_of_batch = true;
  }
  return levels;
}

}  // namespace robo::test
