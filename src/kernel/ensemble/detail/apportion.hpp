#pragma once
// Splits a whole number of size steps among strategies so that the parts sum exactly to it.

#include <cstdint>
#include <span>

namespace robo::ensemble::detail {

/// `wishes` are signed shares in steps whose sum is about `total`; writes whole steps into `parts` (same size). Largest
/// remainder, ties to the lower index. A strategy that wished nothing gets nothing, unless nobody wished anything.
void apportion(std::int64_t total, std::span<const double> wishes, std::span<std::int64_t> parts);

}  // namespace robo::ensemble::detail
