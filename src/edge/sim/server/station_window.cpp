// What concerns TWS's own window and settings: display groups, the configuration, and who may call.

#include <fmt/format.h>

#include "edge/sim/server/station.hpp"

namespace robo::sim {

namespace {
constexpr std::int32_t groups = 7;  // coloured groups a TWS window has
}

void Station::on(Client& client, const wire::VerifyRequest&) {
  client.say(wire::VerifyCompleted{.isSuccessful = false, .errorText = "API verification is not enabled"});
}
void Station::on(Client& client, const wire::VerifyMessage&) {
  client.say(wire::VerifyCompleted{.isSuccessful = false, .errorText = "API verification is not enabled"});
}

void Station::on(Client& client, const wire::QueryDisplayGroups& request) {
  std::string list;
  for (std::int32_t group = 1; group <= groups; ++group) list += fmt::format("{}{}", list.empty() ? "" : "|", group);
  client.say(wire::DisplayGroupList{.reqId = request.reqId, .groups = list});
}

void Station::on(Client& client, const wire::SubscribeToGroupEvents& request) {
  if (request.groupId < 1 || request.groupId > groups) {
    return client.error(request.reqId, 321, fmt::format("Error validating request.-'cn' : cause - Invalid group id: {}", request.groupId), now_);
  }
  client.display_groups[request.reqId] = request.groupId;
  const auto shown = display_groups_.find(request.groupId);
  client.say(wire::DisplayGroupUpdated{.reqId = request.reqId, .contractInfo = shown == display_groups_.end() ? "none" : std::string_view(shown->second)});
}

void Station::on(Client& client, const wire::UpdateDisplayGroup& request) {
  const auto subscribed = client.display_groups.find(request.reqId);
  if (subscribed == client.display_groups.end()) {
    return client.error(request.reqId, 321, "Error validating request.-'cn' : cause - Not subscribed to a display group", now_);
  }
  const auto& shown = display_groups_[subscribed->second] = std::string(request.contractInfo);
  for (Client* other : clients_)
    for (const auto& [id, group] : other->display_groups)
      if (group == subscribed->second) other->say(wire::DisplayGroupUpdated{.reqId = id, .contractInfo = shown});
}

void Station::on(Client& client, const wire::UnsubscribeFromGroupEvents& request) { client.display_groups.erase(request.reqId); }

void Station::on(Client& client, const wire::ReqConfig& request) {
  wire::ConfigResponse out{.reqId = request.reqId};
  auto& api = out.api.settings;
  api.readOnlyApi = settings_.read_only;
  api.downloadOpenOrdersOnConnection = true;
  api.socketPort = settings_.port;
  api.masterClientId = settings_.master_client < 0 ? wire::unset_integer : settings_.master_client;
  api.rejectMessagesAboveMaxRate = !client.queues_excess;
  api.bulkDataTimeout = static_cast<std::int32_t>(settings_.limits.backlog_patience.seconds());
  api.allowLocalhostOnly = settings_.address == "127.0.0.1";
  api.maintainConnectionOnIncorrectFields = false;
  client.say(out);
}

void Station::on(Client& client, const wire::UpdateConfig& request) {
  client.say(wire::UpdateConfigResponse{.reqId = request.reqId, .status = "Failed",
                                        .message = "the settings of this gateway are those it was started with",
                                        .errors = {{.text = "read-only configuration"}}});
}

}  // namespace robo::sim
