#pragma once
// The calls behind the names in golden-requests.txt, as a user of the wire would make them.

#include <functional>
#include <map>
#include <string>

#include "edge/ib/wire/encode.hpp"

namespace robo::ib::wire {

using Call = std::function<WireResult<>(OutBuffer& out, int server_version)>;

[[nodiscard]] const std::map<std::string, Call, std::less<>>& named_calls();

}  // namespace robo::ib::wire
