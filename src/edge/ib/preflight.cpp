#include "edge/ib/preflight.hpp"

#include <algorithm>

namespace robo::ib {

std::string_view remedy_for(std::int32_t code, std::string_view text) {
  switch (code) {
    case 109:
    case 163:
    case 382: return "raise the percentage (or ticks) in Global Configuration > Presets > Precautionary Settings, or tick API > Precautions > Bypass Order Precautions for API Orders";
    case 383: return "raise the size limit in Global Configuration > Presets > Precautionary Settings, or tick API > Precautions > Bypass Order Precautions for API Orders";
    case 451: return "raise the total value limit in Global Configuration > Presets > Precautionary Settings, or tick API > Precautions > Bypass Order Precautions for API Orders";
    case 321:
      if (text.find("Read-Only") != std::string_view::npos) return "untick Configure > API > Settings > Read-Only API";
      return {};
    default: return {};
  }
}

Quantity largest_order(const Instrument& instrument, Price price, Quantity quantity_max, Money notional_max) {
  const auto step = std::max<std::int64_t>(1, instrument.size_increment.raw);
  const Money one = notional(price, shares(1), instrument.multiplier).abs();
  auto quantity = quantity_max.raw;
  if (one.is_positive()) quantity = std::min(quantity, narrow(i128{notional_max.raw} * Quantity::scale / one.raw));
  return Quantity::from_raw(std::max(step, quantity / step * step));
}

void preflight(Client& client, InstrumentId instrument, Quantity quantity, Price limit, std::function<void(const Obstacle&)> answer) {
  OrderIntent intent;
  intent.key = {1, 1};  // never leaves: an order that is only asked about is known by nobody
  intent.instrument = instrument;
  intent.side = Side::Buy;
  intent.quantity = quantity;
  intent.kind = Limit{limit};
  client.what_if(intent, [answer = std::move(answer)](const Result<WhatIf, Failure>& told) {
    if (told) return answer({});
    const auto remedy = remedy_for(told.error().code, told.error().text);
    if (remedy.empty()) return answer({});
    answer({told.error().code, told.error().text, remedy});
  });
}

}  // namespace robo::ib
