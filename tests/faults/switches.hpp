#pragma once
// Takes one defence away, or none. Only test programs that link switches.cpp have this: the product's defences always stand.

#include <optional>

#include "base/defence.hpp"

namespace robo::test {

class Without {
 public:
  explicit Without(Defence defence);
  ~Without();
  Without(const Without&) = delete;
  Without& operator=(const Without&) = delete;
};

}  // namespace robo::test
