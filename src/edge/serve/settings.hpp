#pragma once
// How the desk is served. [serve] of the configuration.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/fields.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace robo::serve {

struct Settings {
  std::string bind{"127.0.0.1"};
  std::uint16_t port{8080};                      // 0: any free one
  bool expose{};                                 // must be said to bind to anything but the loopback
  std::vector<std::string> hosts{};              // further names this server may be asked for (Host)
  std::vector<std::string> origins{};            // further pages that may ask, for example a development server
  std::string page{"ui/web/dist"};               // the built page
  bool reads_need_token{};                       // always so when exposed
  std::uint32_t connections_max{512};
  std::uint32_t clients_max{256};                // WebSockets among them
  std::uint32_t writes_per_second{20};
  std::uint32_t body_bytes_max{64 * 1024};
  std::uint32_t header_bytes_max{8 * 1024};
  std::uint32_t message_bytes_max{16 * 1024};    // of a page's WebSocket message
  Duration request_timeout{seconds(10)};         // a whole request must be here by then; also the longest idle of a connection
  Duration slow_client{seconds(10)};             // a page that takes no byte for so long is dropped
  Duration goodbye{seconds(2)};                  // for its close frame to leave; then the connection is cut
  using fields = Fields<&Settings::bind, &Settings::port, &Settings::expose, &Settings::hosts, &Settings::origins, &Settings::page,
                        &Settings::reads_need_token, &Settings::connections_max, &Settings::clients_max, &Settings::writes_per_second,
                        &Settings::body_bytes_max, &Settings::header_bytes_max, &Settings::message_bytes_max, &Settings::request_timeout,
                        &Settings::slow_client, &Settings::goodbye>;
  static constexpr bool defaults = true;
  static constexpr auto ranges = std::to_array<Range>({{"connections_max", 1, 10'000},
                                                       {"clients_max", 1, 10'000},
                                                       {"writes_per_second", 1, 10'000},
                                                       {"body_bytes_max", 1024, 1 << 24},
                                                       {"header_bytes_max", 1024, 1 << 16},
                                                       {"message_bytes_max", 256, 1 << 20},
                                                       {"request_timeout", 0.1, 300},
                                                       {"slow_client", 0.1, 300},
                                                       {"goodbye", 0.1, 300}});
};
static_assert(Complete<Settings>);

[[nodiscard]] bool is_loopback(std::string_view address);

/// What is wrong with the settings beyond their ranges.
[[nodiscard]] std::vector<Problem> problems_of(const Settings& settings);

}  // namespace robo::serve
