#include "faults/switches.hpp"

namespace {
std::optional<robo::Defence> gone;
}

namespace robo {

// In front of the library's own, which says true.
bool stands(Defence defence) { return gone != defence; }

namespace test {

Without::Without(Defence defence) { gone = defence; }
Without::~Without() { gone.reset(); }

}  // namespace test
}  // namespace robo
