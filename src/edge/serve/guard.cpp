#include "edge/serve/guard.hpp"

#include <algorithm>
#include <array>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <stdexcept>

namespace robo::serve {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

/// The name in "name:port" or "[v6]:port".
std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') == std::string_view::npos ? host.size() : host.find(']') + 1);
  return host.substr(0, host.find(':'));
}

}  // namespace

std::string make_token() {
  std::array<unsigned char, 32> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) throw std::runtime_error("the system has no random numbers to make a token of");
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const auto byte : bytes) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

bool same_secret(std::string_view a, std::string_view b) { return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0; }

bool TokenBucket::take(double now) {
  have_ = std::min(per_second_, have_ + (now - last_) * per_second_);
  last_ = now;
  if (have_ < 1) return false;
  have_ -= 1;
  return true;
}

Guard::Guard(const Settings& settings, std::string token)
    : token_(std::move(token)), reads_need_token_(settings.reads_need_token || !is_loopback(settings.bind)), hosts_{"127.0.0.1", "localhost", "[::1]"} {
  const auto add = [&](std::string_view host) { hosts_.push_back(host.find(':') != std::string_view::npos && !host.starts_with('[') ? "[" + lower(host) + "]" : lower(host)); };
  add(settings.bind);
  for (const auto& host : settings.hosts) add(host);
  for (const auto& origin : settings.origins) origins_.push_back(lower(origin));
}

bool Guard::host_served(std::string_view host) const {
  const auto port = host.substr(without_port(host).size());
  if (!port.empty() && (port.size() > 6 || port.find_first_not_of("0123456789", 1) != std::string_view::npos || port.front() != ':')) return false;
  return std::find(hosts_.begin(), hosts_.end(), lower(without_port(host))) != hosts_.end();
}

bool Guard::origin_allowed(std::string_view origin, std::string_view host) const {
  const auto asked = lower(origin);
  return asked == "http://" + lower(host) || asked == "https://" + lower(host) || std::find(origins_.begin(), origins_.end(), asked) != origins_.end();
}

std::optional<Refused> Guard::check(const Request& request, Kind kind) const {
  if (!host_served(request.host)) return Refused{403, "host_not_served", "this server is not asked for as \"" + request.host.substr(0, 100) + "\"; add the name to serve.hosts"};
  if (!request.origin.empty() && !origin_allowed(request.origin, request.host)) return Refused{403, "origin_refused", "a page of " + request.origin.substr(0, 100) + " may not ask this server"};
  constexpr std::string_view scheme = "Bearer ";
  const bool brought = request.authorization.starts_with(scheme);
  const bool right = brought && same_secret(std::string_view(request.authorization).substr(scheme.size()), token_);
  if (!request.authorization.empty() && !right && kind != Kind::Page) return Refused{401, "token_wrong", "the token is not this server's; it is new at every start"};
  if (kind == Kind::Write && !right) return Refused{401, "token_missing", "a write needs Authorization: Bearer <token>"};
  if (kind == Kind::Read && reads_need_token_ && !right) return Refused{401, "token_missing", "this server is reachable by others, so reading needs Authorization: Bearer <token>"};
  if (kind == Kind::Stream && request.origin.empty() && !right) return Refused{403, "origin_refused", "a stream needs an Origin of this server, or the token"};
  return std::nullopt;
}

}  // namespace robo::serve
