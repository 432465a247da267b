#include "base/large_pages.hpp"

#include <algorithm>
#include <new>
#include <sys/mman.h>

namespace robo {

void* LargePages::do_allocate(std::size_t bytes, std::size_t alignment) {
  const bool large = bytes >= page;
  auto* const memory = ::operator new(bytes, std::align_val_t{large ? std::max(alignment, page) : alignment});
  // Advice: whole pages only, and no loss where it is not taken.
  if (large) (void)::madvise(memory, bytes / page * page, MADV_HUGEPAGE);
  return memory;
}

void LargePages::do_deallocate(void* memory, std::size_t bytes, std::size_t alignment) {
  ::operator delete(memory, std::align_val_t{bytes >= page ? std::max(alignment, page) : alignment});
}

}  // namespace robo
