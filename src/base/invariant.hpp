#pragma once
// INVARIANT(condition): a belief about our own code. False means a bug of ours: the process stops at once and the
// journal tells the story. Never used for what the world may do to us (that is a Result).

#include <source_location>

namespace robo {

/// Prints the broken condition with its place and aborts. Thread: any.
[[noreturn]] void invariant_broken(const char* condition, std::source_location where = std::source_location::current());

}  // namespace robo

#define INVARIANT(condition) \
  do { \
    if (!(condition)) [[unlikely]] ::robo::invariant_broken(#condition); \
  } while (false)
