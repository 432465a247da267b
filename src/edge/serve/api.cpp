#include "edge/serve/api.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "edge/serve/phrase.hpp"
#include "edge/serve/routes.hpp"
#include "model/json/json.hpp"

namespace robo::serve {
namespace {

template <class T>
Response answer(const T& value) {
  return {.status = 200, .content_type = "application/json", .body = json::to_json(value), .headers = {{"Cache-Control", "no-store"}}};
}

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> out;
  path.remove_prefix(1);
  while (true) {
    const auto slash = path.find('/');
    out.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return out;
    path.remove_prefix(slash + 1);
  }
}

/// The placeholders' values when `segments` fit the route's path.
std::optional<std::vector<std::string>> match(std::string_view path, const std::vector<std::string>& segments) {
  const auto pattern = segments_of(path);
  if (pattern.size() != segments.size()) return std::nullopt;
  std::vector<std::string> named;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i].starts_with('{')) named.push_back(segments[i]);
    else if (pattern[i] != segments[i]) return std::nullopt;
  }
  return named;
}

std::optional<std::uint32_t> whole(std::string_view text) {
  std::uint32_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

}  // namespace

Api::Api(const Settings& settings, ReadModel& model, runtime::OperatorDoor& operators, const Guard& guard, Metrics& metrics, std::string_view epoch)
    : settings_(settings), model_(model), operators_(operators), guard_(guard), metrics_(metrics), epoch_(epoch), files_(settings.page), writes_(settings.writes_per_second) {}

std::span<const Route> Api::routes() {
  static const auto all = make_routes();
  return all;
}

Response Api::refuse(unsigned status, std::string_view code, std::string text, double now, std::vector<std::string> details) {
  metrics_.refused(code);
  auto& last = refused_at_.try_emplace(std::string(code), -1e9).first->second;
  if (now - last >= 1) {
    last = now;
    model_.note(view::LogLevel::Attention, view::LogTopic::Operator, fmt::format("Request refused ({} {}): {}.", status, code, text));
  }
  Response response{.status = status, .content_type = "application/json", .body = json::to_json(view::Refusal{.code = std::string(code), .text = std::move(text), .details = std::move(details)}), .headers = {{"Cache-Control", "no-store"}}};
  if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

Response Api::handle(const Request& request, double now) {
  now_ = now;
  const auto target = parse_target(request.target);
  if (!target.valid) return refuse(400, "bad_request", "the path is not valid", now);
  const auto& first = target.segments.front();
  const bool api = first == "api" || first == "health" || first == "metrics";
  if (!api) {
    if (const auto refused = guard_.check(request, Guard::Kind::Page)) return refuse(refused->status, refused->code, refused->text, now);
    return files_.answer(request, target);
  }
  const Route* found = nullptr;
  std::string allowed;
  std::vector<std::string> named;
  for (const auto& route : routes()) {
    auto values = match(route.path, target.segments);
    if (!values) continue;
    if (route.method == request.method || (request.method == "HEAD" && route.method == "GET")) {
      found = &route;
      named = std::move(*values);
      break;
    }
    allowed += (allowed.empty() ? "" : ", ") + std::string(route.method);
  }
  const bool write = found != nullptr ? found->write : request.method != "GET" && request.method != "HEAD";
  const auto kind = write ? Guard::Kind::Write : first == "health" ? Guard::Kind::Page : Guard::Kind::Read;  // probes carry no token
  if (const auto refused = guard_.check(request, kind)) return refuse(refused->status, refused->code, refused->text, now);
  if (found == nullptr && !allowed.empty()) {
    auto response = refuse(405, "method_not_allowed", fmt::format("{} does not take {}", target.path.substr(0, 100), request.method.substr(0, 20)), now);
    response.headers.emplace_back("Allow", allowed);
    return response;
  }
  if (found == nullptr) return refuse(404, "not_found", fmt::format("there is no {}", target.path.substr(0, 100)), now);
  if (write && !writes_.take(now)) return refuse(429, "too_many", fmt::format("more than {} writes a second", settings_.writes_per_second), now);
  if (write && !request.body.empty() && !request.content_type.starts_with("application/json")) return refuse(415, "not_json", "a body needs Content-Type: application/json", now);
  return (this->*found->handle)(Call{.request = request, .target = target, .named = std::move(named)});
}

Response Api::not_found(std::string text) { return refuse(404, "not_found", std::move(text), now_); }

// ---- reads -----------------------------------------------------------------------------------------------------------

Response Api::state(const Call&) { return answer(view::StateAnswer{.epoch = epoch_, .seq = model_.seq(), .venues = model_.venues(), .state = model_.desk()}); }
Response Api::status(const Call&) { return answer(model_.status()); }
Response Api::account(const Call&) { return answer(model_.account()); }
Response Api::instruments(const Call&) { return answer(model_.instruments()); }
Response Api::quotes(const Call&) { return answer(model_.quotes()); }
Response Api::positions(const Call&) { return answer(model_.positions()); }
Response Api::orders(const Call&) { return answer(model_.orders()); }
Response Api::fills(const Call&) { return answer(model_.fills()); }
Response Api::denials(const Call&) { return answer(model_.denials()); }
Response Api::strategies(const Call&) { return answer(model_.strategies()); }
Response Api::limits(const Call&) { return answer(model_.limits()); }
Response Api::equity(const Call&) { return answer(model_.equity()); }
Response Api::regimes(const Call&) { return answer(model_.regimes()); }
Response Api::exposures(const Call&) { return answer(model_.exposures()); }
Response Api::risk(const Call&) { return answer(model_.risk()); }
Response Api::rotation(const Call&) { return answer(model_.rotation()); }
Response Api::signals(const Call&) { return answer(model_.signals()); }
Response Api::log(const Call&) { return answer(model_.log()); }

Response Api::candles(const Call& call) {
  const auto id = whole(call.named[0]);
  if (!id || model_.instrument(*id) == nullptr) return not_found("there is no instrument " + call.named[0].substr(0, 20));
  const auto* bar = call.target.parameter("bar");
  const auto length = bar_length(bar != nullptr ? *bar : "1m");
  if (!length) return refuse(400, "bad_request", "bar is one of 5s, 1m, 5m, 15m, 1h, 1d", now_);
  const auto* wanted = call.target.parameter("limit");
  const auto limit = wanted != nullptr ? whole(*wanted) : 500;
  if (!limit || *limit < 1 || *limit > 2000) return refuse(400, "bad_request", "limit is a number from 1 to 2000", now_);
  return answer(model_.chart(*id, *length, *limit));
}

Response Api::depth(const Call& call) {
  const auto id = whole(call.named[0]);
  if (!id || model_.instrument(*id) == nullptr) return not_found("there is no instrument " + call.named[0].substr(0, 20));
  return answer(model_.depth(*id));
}

Response Api::tape(const Call& call) {
  const auto id = whole(call.named[0]);
  if (!id || model_.instrument(*id) == nullptr) return not_found("there is no instrument " + call.named[0].substr(0, 20));
  const auto* wanted = call.target.parameter("limit");
  const auto limit = wanted != nullptr ? whole(*wanted) : 100;
  if (!limit || *limit < 1 || *limit > 500) return refuse(400, "bad_request", "limit is a number from 1 to 500", now_);
  return answer(model_.tape(*id, *limit));
}

Response Api::why(const Call& call) {
  const auto* why = model_.why(call.named[0]);
  return why != nullptr ? answer(*why) : not_found("there is no order " + call.named[0].substr(0, 50));
}

Response Api::flatten_preview(const Call&) { return answer(model_.flatten_preview()); }

Response Api::phrase(const Call& call) {
  const auto* text = call.target.parameter("text");
  return answer(read_phrase(text != nullptr ? std::string_view(*text) : std::string_view(), model_).answer());
}

Response Api::openapi_document(const Call&) {
  static const auto text = openapi();
  return {.status = 200, .content_type = "application/json", .body = text, .headers = {{"Cache-Control", "no-cache"}}};
}

Response Api::health_live(const Call&) { return {.status = 200, .content_type = "text/plain; charset=utf-8", .body = "live\n", .headers = {{"Cache-Control", "no-store"}}}; }

Response Api::health_ready(const Call&) {
  const auto& status = model_.status();
  if (status.entries_allowed) return {.status = 200, .content_type = "text/plain; charset=utf-8", .body = "ready\n", .headers = {{"Cache-Control", "no-store"}}};
  return {.status = 503, .content_type = "text/plain; charset=utf-8", .body = status.entries_blocked_by + "\n", .headers = {{"Cache-Control", "no-store"}}};
}

Response Api::metrics_text(const Call&) {
  return {.status = 200, .content_type = "text/plain; version=0.0.4; charset=utf-8", .body = metrics_.text(model_), .headers = {{"Cache-Control", "no-store"}}};
}

}  // namespace robo::serve
