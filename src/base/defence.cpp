#include "base/defence.hpp"

namespace robo {

bool stands(Defence) { return true; }

}  // namespace robo
