#pragma once
// Counts every operator new of the program it is linked into. For tests of rooms that may not allocate after their warm-up.

#include <cstddef>

namespace robo::test {

/// Allocations since the program began, all threads.
[[nodiscard]] std::size_t allocations();

}  // namespace robo::test
