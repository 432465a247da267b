#include "edge/serve/routes.hpp"

#include <boost/json.hpp>

namespace robo::serve {

std::vector<Route> make_routes() {
  using json::schema_of;
  using namespace view;
  std::vector<Route> all;
  const auto get = [&](std::string_view path, std::string_view summary, json::SchemaPtr answer, Response (Api::*handle)(const Call&),
                       std::vector<std::pair<std::string_view, std::string_view>> query = {}) {
    all.push_back({.method = "GET", .path = path, .summary = summary, .write = false, .body = {}, .answer = std::move(answer), .query = std::move(query), .handle = handle});
  };
  const auto write = [&](std::string_view method, std::string_view path, std::string_view summary, json::SchemaPtr body, Response (Api::*handle)(const Call&)) {
    all.push_back({.method = method, .path = path, .summary = summary, .write = true, .body = std::move(body), .answer = schema_of<Accepted>(), .query = {}, .handle = handle});
  };
  get("/api/v1/state", "Everything the desk shows, with epoch and seq", schema_of<StateAnswer>(), &Api::state);
  get("/api/v1/status", "The banner", schema_of<Status>(), &Api::status);
  get("/api/v1/account", "The account strip", schema_of<Account>(), &Api::account);
  get("/api/v1/instruments", "Instruments", schema_of<std::vector<view::Instrument>>(), &Api::instruments);
  get("/api/v1/quotes", "Top of book of every instrument", schema_of<std::vector<view::Quote>>(), &Api::quotes);
  get("/api/v1/positions", "Positions, flat ones of the day included", schema_of<std::vector<Position>>(), &Api::positions);
  get("/api/v1/orders", "Working orders and the day's finished ones", schema_of<std::vector<Order>>(), &Api::orders);
  get("/api/v1/fills", "Fills", schema_of<std::vector<Fill>>(), &Api::fills);
  get("/api/v1/denials", "Orders the gate refused, and why", schema_of<std::vector<view::Denial>>(), &Api::denials);
  get("/api/v1/strategies", "Strategies with state, parameters and P&L", schema_of<std::vector<Strategy>>(), &Api::strategies);
  get("/api/v1/limits", "Risk limits and how much of them is used", schema_of<std::vector<view::Limit>>(), &Api::limits);
  get("/api/v1/equity", "Equity and drawdown of the day", schema_of<std::vector<EquityPoint>>(), &Api::equity);
  get("/api/v1/regimes", "Regime of each instrument", schema_of<std::vector<Regime>>(), &Api::regimes);
  get("/api/v1/exposures", "What is held: of the account, by instrument, sector and currency, with beta", schema_of<std::vector<Exposure>>(), &Api::exposures);
  get("/api/v1/risk", "Volatility, value at risk and effective bets of the book", schema_of<BookRisk>(), &Api::risk);
  get("/api/v1/rotation", "Which sectors lead, and the risk appetite", schema_of<Rotation>(), &Api::rotation);
  get("/api/v1/signals", "What the strategies said", schema_of<std::vector<Signal>>(), &Api::signals);
  get("/api/v1/log", "The event log", schema_of<std::vector<LogLine>>(), &Api::log);
  get("/api/v1/instruments/{instrument}/candles", "Candles of one instrument with our orders, fills and signals", schema_of<Chart>(), &Api::candles,
      {{"bar", "5s, 1m, 5m, 15m, 1h or 1d; 1m when left out"}, {"limit", "newest candles wanted, 1 to 2000; 500 when left out"}});
  get("/api/v1/instruments/{instrument}/depth", "The book of one instrument", schema_of<Depth>(), &Api::depth);
  get("/api/v1/instruments/{instrument}/tape", "Trades of one instrument, newest first", schema_of<Tape>(), &Api::tape, {{"limit", "prints wanted, 1 to 500; 100 when left out"}});
  get("/api/v1/orders/{order}/why", "Why an order exists: views, weights, cap, limits", schema_of<Why>(), &Api::why);
  get("/api/v1/flatten/preview", "What cancelling and closing everything would do now", schema_of<FlattenPreview>(), &Api::flatten_preview);
  get("/api/v1/phrase", "Reads a typed command: what each word was taken for and what would happen", schema_of<PhraseAnswer>(), &Api::phrase, {{"text", "the command"}});
  get("/api/v1/openapi.json", "This document", nullptr, &Api::openapi_document);
  get("/health/live", "200 while the process serves", nullptr, &Api::health_live);
  get("/health/ready", "200 when entries could be sent, else 503 and the reason", nullptr, &Api::health_ready);
  get("/metrics", "Prometheus text", nullptr, &Api::metrics_text);

  write("POST", "/api/v1/strategies/{strategy}/start", "Starts or resumes a strategy", schema_of<ReasonBody>(), &Api::strategy_start);
  write("POST", "/api/v1/strategies/{strategy}/pause", "No new entries of a strategy; exits stay", schema_of<ReasonBody>(), &Api::strategy_pause);
  write("POST", "/api/v1/strategies/{strategy}/stop", "Stops a strategy", schema_of<ReasonBody>(), &Api::strategy_stop);
  write("PUT", "/api/v1/strategies/{strategy}/parameters/{parameter}", "Changes a parameter within its range", schema_of<ParameterBody>(), &Api::parameter);
  write("PUT", "/api/v1/limits/{limit}", "Changes a risk limit; raising one needs a reason", schema_of<LimitBody>(), &Api::limit);
  write("POST", "/api/v1/orders/{order}/cancel", "Cancels one order", schema_of<ReasonBody>(), &Api::order_cancel);
  write("POST", "/api/v1/orders/{order}/query", "Asks the broker about one order", schema_of<ReasonBody>(), &Api::order_query);
  write("POST", "/api/v1/orders/cancel-all", "Cancels every working order, or those of one instrument", schema_of<CancelAllBody>(), &Api::cancel_all);
  write("POST", "/api/v1/positions/{instrument}/close", "Cancels an instrument's orders and closes its position", schema_of<ReasonBody>(), &Api::position_close);
  write("POST", "/api/v1/entries/stop", "No new entries", schema_of<ReasonBody>(), &Api::entries_stop);
  write("POST", "/api/v1/entries/resume", "Entries again", schema_of<ReasonBody>(), &Api::entries_resume);
  write("POST", "/api/v1/flatten", "Cancels all orders and closes all positions", schema_of<ReasonBody>(), &Api::flatten);
  write("POST", "/api/v1/phrase", "Does what a typed command says, all of it or nothing", schema_of<PhraseBody>(), &Api::phrase_apply);
  write("POST", "/api/v1/kill", "The kill switch", schema_of<KillBody>(), &Api::kill);
  write("POST", "/api/v1/kill/reset", "Resets the kill switch; needs a reason", schema_of<ReasonBody>(), &Api::kill_reset);
  return all;
}

std::string Api::openapi() {
  namespace bj = boost::json;
  constexpr std::string_view prefix = "#/components/schemas/";
  const auto schema_at = [&](const json::SchemaPtr& schema) { return bj::parse(json::to_json_schema(schema, prefix)); };
  const auto content = [&](const json::SchemaPtr& schema) { return bj::object{{"application/json", bj::object{{"schema", schema_at(schema)}}}}; };
  const auto refusal = json::schema_of<view::Refusal>();
  std::vector<json::SchemaPtr> roots{refusal};
  bj::object paths;
  for (const auto& route : routes()) {
    bj::array parameters;
    for (auto rest = route.path; rest.find('{') != std::string_view::npos; rest = rest.substr(rest.find('}') + 1)) {
      const auto name = rest.substr(rest.find('{') + 1, rest.find('}') - rest.find('{') - 1);
      parameters.push_back(bj::object{{"name", name}, {"in", "path"}, {"required", true}, {"schema", bj::object{{"type", "string"}}}});
    }
    for (const auto& [name, meaning] : route.query)
      parameters.push_back(bj::object{{"name", name}, {"in", "query"}, {"required", false}, {"description", meaning}, {"schema", bj::object{{"type", "string"}}}});
    bj::object good{{"description", route.write ? "The wish is on its way to the engine" : "The answer"}};
    if (route.answer) {
      good.emplace("content", content(route.answer));
      roots.push_back(route.answer);
    }
    bj::object responses{{route.write ? "202" : "200", std::move(good)}, {"default", bj::object{{"description", "A refusal"}, {"content", content(refusal)}}}};
    std::string id(route.method == "GET" ? "get" : route.method == "PUT" ? "put" : "post");
    for (const char c : route.path) id += (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '_';
    bj::object operation{{"operationId", id}, {"summary", route.summary}, {"responses", std::move(responses)}};
    if (!parameters.empty()) operation.emplace("parameters", std::move(parameters));
    if (route.body) {
      const bool optional = route.body->name == "ReasonBody" || route.body->name == "CancelAllBody";
      operation.emplace("requestBody", bj::object{{"required", !optional}, {"content", content(route.body)}});
      operation.emplace("security", bj::array{bj::object{{"token", bj::array{}}}});
      roots.push_back(route.body);
    }
    std::string method(route.method == "GET" ? "get" : route.method == "PUT" ? "put" : "post");
    auto& path = paths[route.path];
    if (path.is_null()) path = bj::object{};
    path.as_object().emplace(method, std::move(operation));
  }
  bj::object document{
      {"openapi", "3.1.0"},
      {"info", bj::object{{"title", "robotrader"}, {"version", "1"}, {"description", "Reads and commands of the engine; what moves is on the WebSocket /api/v1/stream (docs/api.md)."}}},
      {"paths", std::move(paths)},
      {"components", bj::object{{"schemas", bj::parse(json::to_json_schemas(roots, prefix))},
                                {"securitySchemes", bj::object{{"token", bj::object{{"type", "http"}, {"scheme", "bearer"}}}}}}}};
  return bj::serialize(document);
}

}  // namespace robo::serve
