#pragma once
// A request and its answer, without any HTTP library: what the API is written against and tested with.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace robo::serve {

struct Request {
  std::string method{};
  std::string target{};  // as sent: path and query
  std::string host{};
  std::string origin{};
  std::string authorization{};
  std::string content_type{};
  std::string accept{};
  std::string if_none_match{};
  std::string body{};
};

struct Response {
  unsigned status{200};
  std::string content_type{"application/json"};
  std::string body{};
  std::vector<std::pair<std::string, std::string>> headers{};
};

/// "/a%20b?x=1" taken apart and decoded. `valid` is false for bad escapes, control characters and paths that are not absolute.
struct Target {
  bool valid{};
  std::vector<std::string> segments{};
  std::string path{};  // decoded
  std::vector<std::pair<std::string, std::string>> query{};

  [[nodiscard]] const std::string* parameter(std::string_view name) const;
};
[[nodiscard]] Target parse_target(std::string_view target);

}  // namespace robo::serve
