#include "base/step.hpp"

namespace robo {

void passed(Step) {}

}  // namespace robo
