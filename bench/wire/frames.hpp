#pragma once
// The traffic of the decode benchmarks: of 100 frames 28 tickPrice, 28 tickSize, 14 AllLast, 14 BidAsk, 12 depth,
// 2 orderStatus, 1 execution and 1 openOrder with everything a real gateway puts into one.

#include <cstdint>
#include <string>

namespace robo::bench {

inline constexpr int frames_version = 176;  // all rivals speak it
inline constexpr int protobuf_version = 226;

/// The same 100 frames over and over: the branch predictor learns them.
[[nodiscard]] std::string fixed_mix(int messages, int version = frames_version);
/// Order, request ids (500), prices and the lengths of sizes drawn at random.
[[nodiscard]] std::string random_mix(int messages, std::uint64_t seed, int version = frames_version);
/// One openOrder as TWS sends it.
[[nodiscard]] std::string open_order(int version = frames_version);

}  // namespace robo::bench
