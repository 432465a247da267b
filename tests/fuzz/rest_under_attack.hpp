#pragma once
// Any bytes as a request (method, target and body, each on its own line) and as a page's message. Whatever is asked, the answer
// is one the document knows, and no wish reaches the engine that the engine could not have been asked for.

#include <boost/json.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "edge/serve/api.hpp"
#include "edge/serve/hub.hpp"

namespace robo::serve::test {

inline void must(bool sane, int line = __builtin_LINE()) {
  if (sane) return;
  std::fprintf(stderr, "the API let nonsense through: line %d of this header\n", line);
  std::abort();
}

/// The engine's end: looks at what reaches it.
class StrictDoor final : public runtime::OperatorDoor {
 public:
  std::uint64_t wishes = 0;
  bool ask(const OperatorInput& input) override {
    ++wishes;
    must(input.strategy.value < 1 && input.instrument.value < 1);
    must(std::isfinite(input.value));
    if (input.action == OperatorAction::SetParameter) must(input.name.view() == "lookback" && input.value >= 5 && input.value <= 100);
    if (input.action == OperatorAction::SetLimit) must(input.name.view() == "orders_max" && input.value >= 1 && input.value <= 50);
    return true;
  }
};

class DeafWire final : public Wire {
 public:
  bool closed = false;
  void send(Bytes bytes, bool binary) override {
    if (!binary) (void)boost::json::parse(*bytes);  // throws when it is not JSON
  }
  bool idle() const override { return true; }
  void close(std::uint16_t, std::string_view) override { closed = true; }
  void abort() override { closed = true; }
};

class Besieged {
 public:
  Besieged() {
    Instrument jpm;
    jpm.symbol = "JPM";
    model.apply(Word{Timestamp{1}, jpm});
    OrderChanged working;
    working.intent.key = {.session = 1, .number = 1};
    working.state = OrderState::Submitted;
    model.apply(Word{Timestamp{1}, FactPayload{working}});
  }

  /// The status of the answer.
  unsigned attack(std::string_view bytes) {
    now += 1;
    const auto first = bytes.find('\n');
    const auto second = first == std::string_view::npos ? first : bytes.find('\n', first + 1);
    const auto body = second == std::string_view::npos ? std::string_view() : bytes.substr(second + 1);
    const auto response = api.handle({.method = std::string(bytes.substr(0, first)),
                                      .target = first == std::string_view::npos ? "/" : std::string(bytes.substr(first + 1, second == std::string_view::npos ? second : second - first - 1)),
                                      .host = "localhost",
                                      .origin = {},
                                      .authorization = "Bearer token",
                                      .content_type = "application/json",
                                      .accept = {},
                                      .if_none_match = {},
                                      .body = std::string(body)},
                                     now);
    must(response.status == 200 || response.status == 202 || (response.status >= 400 && response.status <= 431) || response.status == 503);
    must(response.status != 500 && response.status != 413);
    if (response.content_type == "application/json") (void)boost::json::parse(response.body);

    const auto wire = std::make_shared<DeafWire>();
    hub.join(wire, false, now);
    hub.receive(wire.get(), bytes, false, now);
    if (!wire->closed) hub.receive(wire.get(), body, false, now);
    if (!wire->closed) hub.tick(now + 1);
    hub.leave(wire.get());
    return response.status;
  }
  StrictDoor door;

 private:
  static Catalogue catalogue() {
    Catalogue c;
    c.strategies.resize(1);
    c.strategies[0].name = "momentum";
    c.strategies[0].parameters = {{.name = "lookback", .unit = {}, .help = {}, .value = 20, .min = 5, .max = 100, .step = 1, .initial = 20, .fixed = false}};
    c.limits.resize(1);
    c.limits[0] = {.name = "orders_max", .title = {}, .unit = {}, .limit = 10, .used = {}, .use_percent = {}, .warn_percent = 80, .state = {}, .effect = {}, .subject = {}, .denials = {}, .editable = true, .min = 1, .max = 50};
    return c;
  }
  double now = 0;
  Settings settings{.page = "/nonexistent", .writes_per_second = 1000};
  ReadModel model{catalogue()};
  Guard guard{settings, "token"};
  Metrics metrics;
  Api api{settings, model, door, guard, metrics, "epoch"};
  Hub hub{settings, model, guard, metrics, "epoch"};
};

}  // namespace robo::serve::test
