#pragma once
// Chance by seed: the same everywhere, and one stream each for those who draw independently.

#include <cmath>
#include <cstdint>

#include "base/time.hpp"

namespace robo::simulation {

class Dice {
 public:
  explicit Dice(std::uint64_t seed, std::uint64_t stream = 0) : state_(seed * 0x9E3779B97F4A7C15u + stream * 0xD1B54A32D192ED03u + 7) {
    for (int i = 0; i < 4; ++i) (void)roll();
  }
  std::uint64_t roll() {  // splitmix64
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  double part() { return static_cast<double>(roll() >> 11) * 0x1.0p-53; }
  bool chance(double probability) { return part() < probability; }
  std::uint64_t below(std::uint64_t limit) { return roll() % limit; }
  Duration between(Duration least, Duration most) {
    return {least.ns + static_cast<std::int64_t>(part() * static_cast<double>(most.ns - least.ns))};
  }
  /// Waiting time of something that happens once in `mean`.
  Duration wait(Duration mean) { return {static_cast<std::int64_t>(-std::log(1 - part()) * static_cast<double>(mean.ns))}; }

 private:
  std::uint64_t state_;
};

}  // namespace robo::simulation
