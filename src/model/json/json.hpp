#pragma once
// JSON of any struct that has fields<>, both ways. This header knows no JSON library: a room that wants JSON of its structs
// includes json_of.hpp in one .cpp and instantiates ROBO_JSON(T) there; everybody else sees only these declarations.
//
// It is a room of its own, beside model: the server, the journal and the applications all speak it, rooms at the edge may
// not know each other, and neither model nor base should carry a JSON library.
//
//   Price, Quantity, Money   "105.26"  (exact; a JSON number is accepted when reading)
//   Timestamp                "2019-02-15T14:30:00.5Z"      Date "2019-02-15"      Duration: nanoseconds
//   enum                     its name                      optional: null          Strong: its number
//   variant of structs       {"kind": "Limit", ...members}
//   double                   null when it is not finite

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace robo::json {

template <class T>
[[nodiscard]] std::string to_json(const T& value);

/// Reads `text` into a T. Errors: all of them at once, each with its path: "steps[1].price: has the wrong kind: ...".
/// A member T does not know is an error; a missing member is one unless it is optional.
template <class T>
[[nodiscard]] Result<T, std::vector<Problem>> from_json(std::string_view text);

}  // namespace robo::json
