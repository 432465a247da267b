#include "edge/serve/sentences.hpp"

#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace robo::serve {

std::string grouped(std::string_view decimal) {
  const bool negative = !decimal.empty() && decimal.front() == '-';
  if (negative) decimal.remove_prefix(1);
  const auto point = decimal.find('.');
  const auto whole = decimal.substr(0, point);
  std::string out = negative ? "−" : "";
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (i != 0 && (whole.size() - i) % 3 == 0) out += ',';
    out += whole[i];
  }
  if (point != std::string_view::npos) out += decimal.substr(point);
  return out;
}

std::string size_text(Quantity quantity) { return grouped(to_text(quantity)); }

std::string signed_money(Money money) {
  const auto cents = narrow(divide_rounded(money.raw, Money::scale / 100));
  if (cents == 0) return "0.00";
  const auto magnitude = cents < 0 ? -static_cast<i128>(cents) : static_cast<i128>(cents);
  return (cents < 0 ? "−" : "+") + grouped(fmt::format("{}.{:02}", static_cast<std::uint64_t>(magnitude / 100), static_cast<unsigned>(magnitude % 100)));
}

std::string price_text(Price price, std::uint32_t decimals) {
  auto text = to_text(price);
  const auto point = text.find('.');
  const auto have = point == std::string::npos ? 0 : text.size() - point - 1;
  if (decimals > 0 && point == std::string::npos) text += '.';
  if (have < decimals) text.append(decimals - have, '0');
  return grouped(text);
}

std::string number_text(double value) {
  if (!std::isfinite(value)) return "—";
  auto text = fmt::format("{:.4f}", value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : grouped(text);
}

std::string_view cap_text(SizeCap cap) {
  switch (cap) {
    case SizeCap::None: return "";
    case SizeCap::VolatilityTarget: return "volatility target";
    case SizeCap::Kelly: return "Kelly cap";
    case SizeCap::PositionLimit: return "position limit";
    case SizeCap::GrossExposure: return "gross exposure";
    case SizeCap::NetExposure: return "net exposure";
    case SizeCap::Drawdown: return "drawdown";
    case SizeCap::Cash: return "cash";
    case SizeCap::NoTradeBand: return "no-trade band";
  }
  return "";
}

std::string action_text(const OperatorInput& input, std::string_view strategy, std::string_view symbol) {
  switch (input.action) {
    case OperatorAction::StartStrategy: return fmt::format("Start {}", strategy);
    case OperatorAction::StopStrategy: return fmt::format("Stop {}", strategy);
    case OperatorAction::PauseStrategy: return fmt::format("Pause {}", strategy);
    case OperatorAction::SetParameter: return fmt::format("Set {} {} to {}", strategy, input.name.view(), number_text(input.value));
    case OperatorAction::SetLimit: return fmt::format("Set limit {} to {}", input.name.view(), number_text(input.value));
    case OperatorAction::CancelOrder: return "Cancel an order";
    case OperatorAction::CancelAll: return "Cancel all orders";
    case OperatorAction::FlattenAll: return "Flatten all";
    case OperatorAction::FlattenInstrument: return fmt::format("Close {}", symbol);
    case OperatorAction::Kill: return "KILL";
    case OperatorAction::ResetKill: return "Reset the kill switch";
    case OperatorAction::StopEntries: return "Stop entries";
    case OperatorAction::ResumeEntries: return "Resume entries";
    case OperatorAction::QueryOrder: return "Query an order";
  }
  return "";
}

std::string order_type_text(const view::Order& order, std::uint32_t decimals) {
  std::string text(to_text(order.type));
  if (order.stop) text += " " + price_text(*order.stop, decimals);
  if (order.limit) text += " " + price_text(*order.limit, decimals);
  return text;
}

std::string_view order_state_text(view::OrderState state) {
  switch (state) {
    case view::OrderState::Pending: return "sent";
    case view::OrderState::Working: return "working";
    case view::OrderState::Partial: return "partly filled";
    case view::OrderState::Held: return "held";
    case view::OrderState::PendingCancel: return "being cancelled";
    case view::OrderState::Filled: return "filled";
    case view::OrderState::Cancelled: return "cancelled";
    case view::OrderState::Rejected: return "rejected";
    case view::OrderState::Unknown: return "unknown: no answer from IB, it may be live";
  }
  return "";
}

}  // namespace robo::serve
