#include "base/large_pages.hpp"

#include <cstdint>
#include <cstring>
#include <gtest/gtest.h>
#include <memory_resource>

namespace robo {

TEST(LargePages, memory_is_aligned_usable_and_given_back_on_both_sides_of_a_page) {
  LargePages pages;
  std::pmr::memory_resource& memory = pages;
  for (const std::size_t bytes : {std::size_t{1}, LargePages::page - 1, LargePages::page, LargePages::page + 1, 3 * LargePages::page + 17}) {
    void* const block = memory.allocate(bytes, 64);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % (bytes >= LargePages::page ? LargePages::page : 64), 0u) << bytes;
    std::memset(block, 7, bytes);
    EXPECT_EQ(static_cast<const unsigned char*>(block)[bytes - 1], 7);
    memory.deallocate(block, bytes, 64);
  }
  std::pmr::monotonic_buffer_resource arena(&pages);
  for (int i = 0; i < 10'000; ++i) std::memset(arena.allocate(1'000, 8), i, 1'000);
}

}  // namespace robo
