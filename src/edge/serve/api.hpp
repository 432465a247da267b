#pragma once
// The REST API: one table of routes, from which requests are answered and the OpenAPI document is written. Thread: server.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "edge/serve/guard.hpp"
#include "edge/serve/http.hpp"
#include "edge/serve/metrics.hpp"
#include "edge/serve/read_model.hpp"
#include "edge/serve/static_files.hpp"
#include "model/json/schema.hpp"
#include "runtime/ports.hpp"

namespace robo::serve {

class Api;

/// One route's request, taken apart: `named` holds the {placeholders} of the path in order.
struct Call {
  const Request& request;
  const Target& target;
  std::vector<std::string> named{};
};

struct Route {
  std::string_view method{};
  std::string_view path{};     // "/api/v1/orders/{order}/why"
  std::string_view summary{};
  bool write{};
  json::SchemaPtr body{};      // of writes
  json::SchemaPtr answer{};    // null: not JSON
  std::vector<std::pair<std::string_view, std::string_view>> query{};  // name, meaning
  Response (Api::*handle)(const Call&){};
};

class Api {
 public:
  Api(const Settings& settings, ReadModel& model, runtime::OperatorDoor& operators, const Guard& guard, Metrics& metrics, std::string_view epoch);

  /// Answers anything that is not a WebSocket upgrade; `now` is a steady clock in seconds.
  [[nodiscard]] Response handle(const Request& request, double now);
  /// A refusal, as every route and the stream give it; it also stands in the event log, at most one line a second and kind.
  [[nodiscard]] Response refuse(unsigned status, std::string_view code, std::string text, double now, std::vector<std::string> details = {});

  [[nodiscard]] static std::span<const Route> routes();
  [[nodiscard]] static std::string openapi();

 private:
  friend std::vector<Route> make_routes();
  Response state(const Call&);
  Response status(const Call&);
  Response account(const Call&);
  Response instruments(const Call&);
  Response quotes(const Call&);
  Response positions(const Call&);
  Response orders(const Call&);
  Response fills(const Call&);
  Response denials(const Call&);
  Response strategies(const Call&);
  Response limits(const Call&);
  Response equity(const Call&);
  Response regimes(const Call&);
  Response exposures(const Call&);
  Response risk(const Call&);
  Response rotation(const Call&);
  Response signals(const Call&);
  Response log(const Call&);
  Response candles(const Call&);
  Response depth(const Call&);
  Response tape(const Call&);
  Response why(const Call&);
  Response flatten_preview(const Call&);
  Response phrase(const Call&);
  Response openapi_document(const Call&);
  Response health_live(const Call&);
  Response health_ready(const Call&);
  Response metrics_text(const Call&);

  Response strategy_start(const Call&);
  Response strategy_pause(const Call&);
  Response strategy_stop(const Call&);
  Response parameter(const Call&);
  Response limit(const Call&);
  Response order_cancel(const Call&);
  Response order_query(const Call&);
  Response cancel_all(const Call&);
  Response position_close(const Call&);
  Response entries_stop(const Call&);
  Response entries_resume(const Call&);
  Response flatten(const Call&);
  Response phrase_apply(const Call&);
  Response kill(const Call&);
  Response kill_reset(const Call&);

  Response not_found(std::string text);
  Response strategy_action(const Call& call, OperatorAction action);
  Response order_action(const Call& call, OperatorAction action);
  /// Sends the wishes in order; answers 202, or 503 when the queue is full.
  Response ask(const Call& call, std::vector<OperatorInput> wishes, std::string text);
  [[nodiscard]] OperatorInput wish(const Call& call, OperatorAction action, const std::optional<std::string>& reason) const;
  /// The body as T; on failure the refusal is in `refusal`.
  template <class T>
  std::optional<T> body(const Call& call, Response& refusal);

  const Settings& settings_;
  ReadModel& model_;
  runtime::OperatorDoor& operators_;
  const Guard& guard_;
  Metrics& metrics_;
  std::string epoch_;
  StaticFiles files_;
  TokenBucket writes_;
  double now_ = 0;
  std::uint64_t request_ = 0;
  std::map<std::string, double, std::less<>> refused_at_;  // by code
};

}  // namespace robo::serve
