#pragma once
// CRC-32C (Castagnoli) of a byte range, by the processor's own instruction. Journal records carry it.

#include <cstddef>
#include <cstdint>
#include <span>

namespace robo {

[[nodiscard]] std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t seed = 0);

}  // namespace robo
