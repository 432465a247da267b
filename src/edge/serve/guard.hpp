#pragma once
// Who may ask: Host (against DNS rebinding), Origin (against foreign pages), the token, and how often.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edge/serve/http.hpp"
#include "edge/serve/settings.hpp"

namespace robo::serve {

/// 256 random bits as text, from the system's generator.
[[nodiscard]] std::string make_token();
/// Compares without telling by its time how much was right.
[[nodiscard]] bool same_secret(std::string_view a, std::string_view b);

/// Lets `per_second` through, and as many in one burst.
class TokenBucket {
 public:
  explicit TokenBucket(double per_second) : per_second_(per_second), have_(per_second) {}
  /// `now` in steady seconds.
  [[nodiscard]] bool take(double now);

 private:
  double per_second_, have_, last_ = 0;
};

struct Refused {
  unsigned status{};
  std::string_view code{};
  std::string text{};
};

class Guard {
 public:
  Guard(const Settings& settings, std::string token);

  enum class Kind { Read, Write, Stream, Page };
  /// Why the request may not pass; nothing: it may.
  [[nodiscard]] std::optional<Refused> check(const Request& request, Kind kind) const;
  /// A token that came by another way than the header.
  [[nodiscard]] bool token_is(std::string_view token) const { return same_secret(token, token_); }
  [[nodiscard]] bool reads_need_token() const { return reads_need_token_; }
  [[nodiscard]] const std::string& token() const { return token_; }

 private:
  [[nodiscard]] bool host_served(std::string_view host) const;
  [[nodiscard]] bool origin_allowed(std::string_view origin, std::string_view host) const;

  std::string token_;
  bool reads_need_token_;
  std::vector<std::string> hosts_;
  std::vector<std::string> origins_;
};

}  // namespace robo::serve
