#pragma once
// Memory for state that is laid out once and read at random: asks the system for pages of 2 MB where a request is large enough
// for one. 500 instruments' features are 20,000 small pages, and every event would wait for the way to several of them.

#include <memory_resource>

namespace robo {

/// Thread: any, as operator new. Errors: std::bad_alloc. Where the system knows no large pages the memory is ordinary.
class LargePages final : public std::pmr::memory_resource {
 public:
  static constexpr std::size_t page = std::size_t{2} << 20;

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override;
  void do_deallocate(void* memory, std::size_t bytes, std::size_t alignment) override;
  [[nodiscard]] bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override { return this == &other; }
};

}  // namespace robo
