#pragma once
// What happens to messages on their way: lost, late, twice, held back, cut in half; and what is set off by one of them.
// Between Client::say and the socket, and between the frame and its handler. One thread.

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edge/sim/server/fault.hpp"

namespace robo::sim {

class Client;

/// Wire names of all events, and of all requests.
[[nodiscard]] bool is_event_name(std::string_view name);
[[nodiscard]] bool is_request_name(std::string_view name);

class Tampering {
 public:
  /// A rule about messages. Errors: no message is called so.
  template <class F>
  [[nodiscard]] std::optional<Problem> add(const F& fault);
  /// A fault that waits for a message. Errors: no message is called so.
  [[nodiscard]] std::optional<Problem> await(const Injection& injection);

  [[nodiscard]] bool watches() const { return !events_.empty() || !held_.empty() || !awaited_.empty(); }
  [[nodiscard]] bool watches_requests() const { return !requests_.empty() || !awaited_.empty(); }

  /// The frame from `mark` on was just written for the client.
  void said(Client& client, std::string_view name, std::int32_t about, std::size_t mark);

  struct Fate {
    bool lost{};
    std::int32_t code{};        // not 0: answer with this error
    std::string text{};
  };
  /// A request came in. What waits for it is due: before it is handled, or after.
  [[nodiscard]] Fate requested(const Client& client, std::string_view name, std::int32_t about);
  /// Faults set off since the last call, in order. Those that come before the request being handled are asked for with `early`.
  [[nodiscard]] std::vector<Injection> due(bool early);

  /// Says what was kept back long enough.
  void turn(std::int64_t wall_ns);
  void release(std::string_view name);
  void clear();
  void forget(const Client& client);
  [[nodiscard]] std::size_t rules() const { return events_.size() + requests_.size() + awaited_.size(); }
  [[nodiscard]] std::size_t held() const { return held_.size(); }

 private:
  enum class Deed : std::uint8_t { Drop, Delay, Hold, Duplicate, Half };
  struct EventRule {
    Deed deed{};
    std::string message{};
    std::int32_t client{every_client}, order{every_order};
    std::int32_t left{-1};      // -1: for ever
    std::int32_t skip{}, times{1}, bytes{-1};
    double seconds{};
    std::string until{};
    bool stall{};
  };
  struct RequestRule {
    std::string message{};
    std::int32_t client{every_client}, left{-1}, skip{}, code{};
    std::string text{};
  };
  struct Held {
    Client* client{};
    std::string name{}, until{}, frame{};
    std::int64_t due_ns{};      // 0: until released
  };
  struct Awaited {
    Injection injection{};
    std::int32_t seen{};
  };
  struct Due {
    Injection injection{};
    bool early{};
  };

  void let_go(std::deque<Held>& leaving);
  [[nodiscard]] bool set_off(Client& client, std::string_view name, std::int32_t about, bool before);

  std::vector<EventRule> events_;
  std::vector<RequestRule> requests_;
  std::deque<Held> held_;
  std::vector<Awaited> awaited_;
  std::vector<Due> due_;
  std::int64_t wall_ns_ = 0;
};

}  // namespace robo::sim
