// The API is what docs/api.md and its OpenAPI document say it is.

#include "edge/serve/api.hpp"

#include <boost/json.hpp>
#include <fstream>
#include <gtest/gtest.h>
#include <set>
#include <sstream>

#include "edge/serve/limit_words.hpp"
#include "edge/serve/sentences.hpp"
#include "runtime/operator_queue.hpp"
#include "scenes.hpp"

namespace robo::serve::test {
namespace {

namespace bj = boost::json;

std::string document() {
  std::ifstream file(ROBO_SOURCE_DIR "/docs/api.md");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Everything in `text` that stands between `open` and `close`.
std::set<std::string> all_between(std::string_view text, std::string_view open, std::string_view close) {
  std::set<std::string> out;
  for (auto at = text.find(open); at != std::string_view::npos; at = text.find(open, at + 1)) {
    const auto start = at + open.size();
    out.insert(std::string(text.substr(start, text.find(close, start) - start)));
  }
  return out;
}

class ApiTest : public ::testing::Test {
 protected:
  ApiTest() {
    settings.page = "/nonexistent";
    desk.open();
    desk.tell(1, order(intent(1, 0, Side::Buy, 100, price(105)), OrderState::Submitted));
    desk.market(1, trade(0, price(105), 10));
    PositionChanged position;
    position.instrument = InstrumentId{0};
    position.quantity = shares(10);
    position.average_price = price(104);
    desk.tell(1, position);
    KillChanged kill;
    kill.killed = true;
    desk.tell(1, kill);
  }
  Response call(std::string method, std::string target, std::string body = {}) {
    now += 1;
    return api.handle({.method = std::move(method), .target = std::move(target), .host = "localhost:8080", .origin = {}, .authorization = "Bearer token", .content_type = "application/json", .accept = {}, .if_none_match = {}, .body = std::move(body)}, now);
  }
  /// A path of the route with its placeholders filled in with something that exists.
  static std::string filled(std::string_view path) {
    std::string out(path);
    const std::pair<std::string_view, std::string> values[] = {{"{instrument}", "0"}, {"{order}", to_text(OrderKey{.session = 7, .number = 1})}, {"{strategy}", "momentum"},
                                                               {"{parameter}", "lookback"}, {"{limit}", "order_quantity_max"}};
    for (const auto& [name, value] : values)
      if (const auto at = out.find(name); at != std::string::npos) out.replace(at, name.size(), value);
    return out;
  }

  Desk desk;
  Settings settings;
  runtime::OperatorQueue operators{64};
  Guard guard{settings, "token"};
  Metrics metrics;
  Api api{settings, desk.model, operators, guard, metrics, "epoch"};
  double now = 0;
};

}  // namespace

TEST_F(ApiTest, every_route_answers_with_the_shape_its_schema_promises) {
  const auto openapi = bj::parse(Api::openapi()).as_object();
  const auto& schemas = openapi.at("components").at("schemas").as_object();
  for (const auto& route : Api::routes()) {
    const std::string body = route.body && route.body->name == "KillBody" ? R"({"scope":"flatten"})" : route.body && route.body->name == "PhraseBody" ? R"({"text":"stop entries"})" : route.method == "PUT" ? R"({"value":50,"reason":"test"})" : route.write ? R"({"reason":"test"})" : "";
    const auto response = call(std::string(route.method), filled(route.path), body);
    const bool not_ready = route.path == "/health/ready";  // the kill switch is pulled
    EXPECT_EQ(response.status, not_ready ? 503u : route.write ? 202u : 200u) << route.method << " " << route.path << "\n" << response.body.substr(0, 300);
    if (!route.answer) continue;
    const auto answer = bj::parse(response.body);
    if (route.answer->kind != json::Kind::Struct) {
      EXPECT_TRUE(answer.is_array()) << route.path;
      continue;
    }
    for (const auto& required : schemas.at(route.answer->name).at("required").as_array()) EXPECT_TRUE(answer.as_object().contains(required.as_string())) << route.path << " lacks " << required.as_string();
  }
}

TEST_F(ApiTest, the_openapi_document_covers_every_route_and_its_references_resolve) {
  const auto text = call("GET", "/api/v1/openapi.json").body;
  const auto document = bj::parse(text).as_object();
  EXPECT_EQ(document.at("openapi").as_string(), "3.1.0");
  std::set<std::string> ids;
  for (const auto& route : Api::routes()) {
    const auto method = route.method == "GET" ? "get" : route.method == "PUT" ? "put" : "post";
    ASSERT_TRUE(document.at("paths").as_object().contains(route.path)) << route.path;
    const auto& operation = document.at("paths").at(route.path).at(method).as_object();
    ids.insert(std::string(operation.at("operationId").as_string()));
    EXPECT_EQ(operation.contains("security"), route.write) << route.path;
  }
  EXPECT_EQ(ids.size(), Api::routes().size()) << "operation ids are unique";
  const auto& schemas = document.at("components").at("schemas").as_object();
  for (const auto& name : all_between(text, "\"#/components/schemas/", "\"")) EXPECT_TRUE(schemas.contains(name)) << name;
}

TEST_F(ApiTest, the_document_lists_the_routes_there_are_and_no_others) {
  const auto text = document();
  std::set<std::string> written, real;
  for (const auto method : {"GET", "POST", "PUT"})
    for (auto path : all_between(text, "`" + std::string(method) + " /", "`")) {
      path = path.substr(0, path.find('?'));
      written.insert(std::string(method) + " /" + path);
    }
  for (const auto& route : Api::routes()) real.insert(std::string(route.method) + " " + std::string(route.path));
  EXPECT_EQ(written, real);
}

TEST_F(ApiTest, the_document_lists_the_refusals_and_metrics_there_are) {
  const auto text = document();
  const auto metrics_text = call("GET", "/metrics").body;
  std::set<std::string> real;
  for (auto line : all_between(metrics_text, "# TYPE ", "\n")) real.insert(line.substr(0, line.find(' ')));
  std::set<std::string> written;
  for (const auto& name : all_between(text, "`robotrader_", "`")) written.insert("robotrader_" + name);
  for (const auto& name : real) EXPECT_TRUE(written.contains(name)) << name << " is not in docs/api.md";
  // Families without a sample yet (no client was dropped) have no line in the text, so the other way round is checked in the source.
  std::ifstream source(ROBO_SOURCE_DIR "/src/edge/serve/metrics.cpp");
  std::stringstream code;
  code << source.rdbuf();
  const auto families = all_between(code.str(), "(\"robotrader_", "\"");
  for (const auto& name : written) EXPECT_TRUE(families.contains(name.substr(11))) << name << " is in docs/api.md only";
  EXPECT_EQ(written.size(), families.size());
  for (const auto* code_name : {"token_missing", "token_wrong", "host_not_served", "origin_refused", "not_found", "method_not_allowed", "not_possible", "body_too_large", "not_json", "invalid", "too_many", "headers_too_large", "busy", "bad_request"})
    EXPECT_NE(text.find("`" + std::string(code_name) + "`"), std::string::npos) << code_name;
}

TEST_F(ApiTest, wrong_methods_paths_and_queries_are_told_apart) {
  EXPECT_EQ(call("DELETE", "/api/v1/orders").status, 405u);
  EXPECT_EQ(call("GET", "/api/v1/kill").status, 405u);
  EXPECT_EQ(call("GET", "/api/v1/nothing").status, 404u);
  EXPECT_EQ(call("GET", "/api/v2/state").status, 404u);
  EXPECT_EQ(call("GET", "/api/v1/instruments/7/depth").status, 404u);
  EXPECT_EQ(call("GET", "/api/v1/instruments/x/depth").status, 404u);
  EXPECT_EQ(call("GET", "/api/v1/instruments/0/candles?bar=2m").status, 400u);
  EXPECT_EQ(call("GET", "/api/v1/instruments/0/candles?limit=0").status, 400u);
  EXPECT_EQ(call("GET", "/api/v1/instruments/0/candles?limit=2001").status, 400u);
  EXPECT_EQ(call("GET", "/api/v1/instruments/0/candles?limit=2000&bar=5s").status, 200u);
  EXPECT_EQ(call("GET", "no-slash").status, 400u);
  EXPECT_EQ(call("GET", "/api/v1/%zz").status, 400u);
  EXPECT_EQ(call("GET", "/api/v1/%00").status, 400u);
}

TEST_F(ApiTest, a_typed_command_is_shown_first_and_done_all_or_not_at_all) {
  const auto shown = bj::parse(call("GET", "/api/v1/phrase?text=pause%20momentum").body).as_object();
  EXPECT_EQ(shown.at("problem").as_string(), "");
  EXPECT_EQ(shown.at("actions").as_array().size(), 1u);
  OperatorInput taken;
  EXPECT_FALSE(operators.take(taken)) << "reading does nothing";
  EXPECT_EQ(call("POST", "/api/v1/phrase", R"({"text":"pause momentum and dance"})").status, 422u);
  EXPECT_FALSE(operators.take(taken)) << "nor does a command of which one word is not understood";
  EXPECT_EQ(call("POST", "/api/v1/phrase", R"({"text":"order quantity 501"})").status, 422u) << "raising a limit needs a reason";
  EXPECT_EQ(call("POST", "/api/v1/phrase", R"({"text":"why JPM"})").status, 409u);
  EXPECT_EQ(call("POST", "/api/v1/phrase", R"({"text":"pause momentum","reason":"news"})").status, 202u);
  ASSERT_TRUE(operators.take(taken));
  EXPECT_EQ(taken.action, OperatorAction::PauseStrategy);
  EXPECT_EQ(taken.reason.view(), "news");
  EXPECT_EQ(taken.who.view(), "api");
}

TEST_F(ApiTest, a_flood_of_refusals_is_one_line_a_second_in_the_log) {
  const auto before = desk.model.log().size();
  for (int i = 0; i < 100; ++i) (void)api.handle({.method = "POST", .target = "/api/v1/kill", .host = "localhost", .origin = {}, .authorization = {}, .content_type = {}, .accept = {}, .if_none_match = {}, .body = {}}, 500);
  EXPECT_EQ(desk.model.log().size(), before + 1);
}

TEST_F(ApiTest, the_flatten_preview_says_what_would_be_closed_and_what_it_costs) {
  desk.market(2, quote(0, price(104, 98), price(105, 2)));
  desk.tick();
  const auto preview = bj::parse(call("GET", "/api/v1/flatten/preview").body).as_object();
  const auto leg = preview.at("legs").at(0).as_object();
  EXPECT_EQ(leg.at("side").as_string(), "SELL");
  EXPECT_EQ(leg.at("value").as_string(), "1050");
  EXPECT_EQ(leg.at("spread_cost").as_string(), "0.2") << "half of 4 cents on 10 shares";
  EXPECT_EQ(preview.at("realizes").as_string(), "10");
  EXPECT_EQ(preview.at("entries_working").to_number<int>(), 1);
}

TEST(Token, is_long_new_each_time_and_compared_whole) {
  const auto a = make_token(), b = make_token();
  EXPECT_EQ(a.size(), 64u);
  EXPECT_NE(a, b);
  EXPECT_TRUE(same_secret(a, a));
  EXPECT_FALSE(same_secret(a, b));
  EXPECT_FALSE(same_secret(a, a.substr(0, 63)));
  EXPECT_FALSE(same_secret(a, ""));
}

TEST(Sentences, numbers_read_as_the_desk_writes_them) {
  EXPECT_EQ(signed_money(Money::from_raw(1'557'500'000)), "+1,557.50");
  EXPECT_EQ(signed_money(Money::from_raw(-598'500'000)), "−598.50");
  EXPECT_EQ(signed_money(Money::from_raw(4'000)), "0.00");
  EXPECT_EQ(price_text(price(1607, 42), 2), "1,607.42");
  EXPECT_EQ(price_text(price(105), 2), "105.00");
  EXPECT_EQ(price_text(Price::from_raw(29'075'000'000), 2), "29.075") << "a sub-penny price keeps its digits";
  EXPECT_EQ(size_text(-shares(5700)), "−5,700");
  EXPECT_EQ(number_text(0.5), "0.5");
  EXPECT_EQ(number_text(1e6), "1,000,000");
}

TEST(LimitWords, know_the_units_of_the_account) {
  EXPECT_EQ(limit_row("daily_loss_max", 5000, "EUR").unit, "EUR");
  EXPECT_TRUE(limit_row("daily_loss_max", 5000).editable);
  EXPECT_FALSE(limit_row("something_new", 1).editable);
}

}  // namespace robo::serve::test
