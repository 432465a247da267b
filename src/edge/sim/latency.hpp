#pragma once
// Three delays that have nothing to do with each other: market to us, order to the exchange, answer to us. Each may vary, by seed.

#include <cstdint>

#include "base/time.hpp"

namespace robo::sim {

struct Latency {
  Duration feed{};
  Duration entry{};
  Duration response{};
  double jitter{};               // 0.2: each delay is up to 20 % longer, uniformly
  std::uint64_t seed{1};
};

/// Delays of one direction. What was sent later never arrives earlier: it is one connection.
class Delay {
 public:
  Delay(Duration base, double jitter, std::uint64_t seed) : base_(base), jitter_(jitter), state_(seed * 0x9E3779B97F4A7C15u + 1) {}

  Timestamp arrival(Timestamp sent) {
    std::int64_t ns = base_.ns;
    if (jitter_ > 0) ns += static_cast<std::int64_t>(static_cast<double>(base_.ns) * jitter_ * uniform());
    const Timestamp due = sent + Duration{ns};
    if (due > last_) last_ = due;
    return last_;
  }

 private:
  double uniform() {  // splitmix64
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1.0p-53;
  }

  Duration base_;
  double jitter_;
  std::uint64_t state_;
  Timestamp last_{INT64_MIN};
};

}  // namespace robo::sim
