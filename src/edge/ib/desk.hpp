#pragma once
// What the parts of the client share: the line out, the way to the kernel, the names of things.

#include "edge/ib/contracts.hpp"
#include "base/defence.hpp"
#include "edge/ib/delivery.hpp"
#include "edge/ib/link.hpp"
#include "edge/ib/order_ids.hpp"
#include "edge/ib/requests.hpp"
#include "edge/ib/settings.hpp"

namespace robo::ib {

struct Counters {
  std::uint64_t frames{};
  std::uint64_t unknown_messages{};
  std::uint64_t strange_values{};     // a field out of the model's range: that message was passed over
  std::uint64_t duplicates{};         // the same word about an order twice
  std::uint64_t unknown_ids{};        // ticks of streams that are gone
};

struct Desk {
  const ClientSettings& settings;
  Link& link;
  Delivery& out;
  InstrumentTable& instruments;
  Requests& requests;
  OrderIds& order_ids;
  Counters& counters;
  std::string account{};
  Timestamp now{};
  bool reconciling{};

  template <class T>
  void tell(const T& payload) { out.push(now, payload); }

  /// The instrument of a contract in an answer; one nobody declared is adopted and told to the kernel first.
  InstrumentId instrument_for(const wire::Contract& contract) {
    if (const Instrument* known = instruments.find(ContractId{contract.conId})) return known->id;
    Instrument told = instrument_of(contract);
    if (told.asset_class == AssetClass::Combo)
      if (const Instrument* known = instruments.find_combo(told)) return known->id;
    if (const Instrument* meant = instruments.find_placeholder(told)) {
      told.id = meant->id;
      instruments.put(told);
      tell(told);
      return told.id;
    }
    const InstrumentId id = instruments.adopt(told);
    tell(*instruments.find(id));
    return id;
  }
};

/// Prices come as text and stay exact; what is finer than 1e-9 is rounded there. False: out of range.
inline bool take_price(const wire::Number& number, Price& out) {
  const auto value = number.nearest<Price>();
  if (value) out = *value;
  return value.has_value();
}
inline bool take_quantity(const wire::Number& number, Quantity& out) {
  const auto value = number.nearest<Quantity>();
  if (value && value->raw % Quantity::scale != 0 && !stands(Defence::FractionalSizes)) return false;
  if (value) out = *value;
  return value.has_value();
}

}  // namespace robo::ib
