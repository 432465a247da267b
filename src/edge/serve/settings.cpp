#include "edge/serve/settings.hpp"

#include <arpa/inet.h>

namespace robo::serve {

bool is_loopback(std::string_view address) {
  const std::string text(address);
  in_addr v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  return inet_pton(AF_INET6, text.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

std::vector<Problem> problems_of(const Settings& settings) {
  std::vector<Problem> out;
  in_addr v4{};
  in6_addr v6{};
  const bool address = inet_pton(AF_INET, settings.bind.c_str(), &v4) == 1 || inet_pton(AF_INET6, settings.bind.c_str(), &v6) == 1;
  if (!address) out.push_back({"serve.bind: \"" + settings.bind + "\" is not an IP address; write for example 127.0.0.1"});
  else if (!is_loopback(settings.bind) && !settings.expose)
    out.push_back({"serve.bind: " + settings.bind + " can be reached by other machines; set serve.expose = true if that is wanted, or bind to 127.0.0.1"});
  for (const auto& origin : settings.origins)
    if (!origin.starts_with("http://") && !origin.starts_with("https://")) out.push_back({"serve.origins: \"" + origin + "\" is not an origin; write for example http://localhost:5173"});
  return out;
}

}  // namespace robo::serve
