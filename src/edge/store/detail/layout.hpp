#pragma once
// The same bars as other programs write them: other separators, names in <>, a date and a time apart, epochs, $ and thousands.
// Brought into the one layout that the readers know, line for line, so that line numbers stay the file's own.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace robo::store::detail {

struct Layout {
  std::string text{};
  std::vector<std::string> notes{};   // what was foreign, for people
};

/// Nothing: the text needs no change, or is no table with a header.
[[nodiscard]] std::optional<Layout> into_known_layout(std::string_view text);

}  // namespace robo::store::detail
