#pragma once
// What has another shape in protobuf than in text: combo legs that carry their prices, conditions, bit masks that are messages,
// and the tick-by-tick message that is three in one. Called from the generated code; read_ and write_ of the parts are found there.

#include <concepts>

#include "edge/ib/wire/generated/market_events.hpp"
#include "edge/ib/wire/generated/order_events.hpp"
#include "edge/ib/wire/generated/order_requests.hpp"
#include "edge/ib/wire/generated/other_events.hpp"
#include "edge/ib/wire/protobuf_reader.hpp"
#include "edge/ib/wire/protobuf_writer.hpp"

namespace robo::ib::wire {

// ---- before and after a whole message ------------------------------------------------------------------------------------

template <class M>
void prepare(M&) {}
/// An order that does not say "transmit" stays where it is.
inline void prepare(PlaceOrder& m) { m.order.transmit = false; }

template <class M>
void settle(M&) {}

/// In text the prices of the legs are a list of their own.
inline void settle_legs(Contract& contract, Order& order) {
  for (const ComboLeg& leg : contract.comboLegs) {
    if (!leg.perLegPrice.is_set()) continue;
    order.orderComboLegs.resize(contract.comboLegs.size());
    for (std::size_t i = 0; i < contract.comboLegs.size(); ++i) order.orderComboLegs[i].price = contract.comboLegs[i].perLegPrice;
    return;
  }
}
inline void settle(PlaceOrder& m) { settle_legs(m.contract, m.order); }
inline void settle(OpenOrder& m) { settle_legs(m.contract, m.order); }
inline void settle(CompletedOrder& m) { settle_legs(m.contract, m.order); }
inline void settle(BondContractDetails& m) { m.maturity = m.contract.lastTradeDateOrContractMonth; }

inline void write_Contract(ProtobufWriter& w, const Contract& m);  // generated/protobuf_types.hpp

// ---- contract ------------------------------------------------------------------------------------------------------------

template <class M>
void shape_contract(Pbf& f, ProtobufReader& r, M& m) {
  read_Contract(f.get_message(), r, m.contract);
}
template <class M>
void shape_contract(ProtobufWriter& w, std::uint32_t number, const M& m) {
  if constexpr (requires { m.order; }) {
    if (!m.order.orderComboLegs.empty()) {
      Contract priced = m.contract;
      for (std::size_t i = 0; i < std::min(priced.comboLegs.size(), m.order.orderComboLegs.size()); ++i) {
        priced.comboLegs[i].perLegPrice = m.order.orderComboLegs[i].price;
      }
      return w.message(number, [&](ProtobufWriter& part) { write_Contract(part, priced); });
    }
  }
  if constexpr (requires { m.maturity; }) {
    Contract bond = m.contract;
    bond.lastTradeDateOrContractMonth = m.maturity;
    return w.message(number, [&](ProtobufWriter& part) { write_Contract(part, bond); });
  }
  w.message(number, [&](ProtobufWriter& part) { write_Contract(part, m.contract); });
}

template <class C>
  requires std::same_as<C, Contract>
void shape_delta_neutral(Pbf& f, ProtobufReader& r, C& contract) {
  contract.deltaNeutral = true;
  read_DeltaNeutralContract(f.get_message(), r, contract.dn);
}
template <class C>
  requires std::same_as<C, Contract>
void shape_delta_neutral(ProtobufWriter& w, std::uint32_t number, const C& contract) {
  if (contract.deltaNeutral) w.message(number, [&](ProtobufWriter& part) { write_DeltaNeutralContract(part, contract.dn); });
}

// ---- order ---------------------------------------------------------------------------------------------------------------

template <class M>
void shape_order_with_id(Pbf& f, ProtobufReader& r, M& m) {
  read_Order(f.get_message(), r, m.order);
}
template <class M>
void shape_order_with_id(ProtobufWriter& w, std::uint32_t number, const M& m) {
  w.message(number, [&](ProtobufWriter& part) {
    part.integer(2, "orderId", m.orderId);
    write_Order(part, m.order);
  });
}

/// OrderCondition: 1 type, 2 isConjunctionConnection, 3 isMore, 4 conId, 5 exchange, 6 symbol, 7 secType, 8 percent,
/// 9 changePercent, 10 price, 11 triggerMethod, 12 time, 13 volume.
void shape_conditions(Pbf& f, ProtobufReader& r, Order& order);
void shape_conditions(ProtobufWriter& w, std::uint32_t number, const Order& order);

// ---- ticks ---------------------------------------------------------------------------------------------------------------

/// Two flags as a message (1 and 2) and as bits of a mask.
inline void shape_mask(Pbf& f, std::int32_t& mask, std::int32_t first, std::int32_t second) {
  Pbf inner = f.get_message();
  mask = 0;
  while (inner.next()) {
    switch (inner.tag_and_type()) {
      case on_varint(1): mask |= inner.get_bool() ? first : 0; break;
      case on_varint(2): mask |= inner.get_bool() ? second : 0; break;
      default: inner.skip();
    }
  }
}
void shape_mask(ProtobufWriter& w, std::uint32_t number, std::int32_t mask, std::int32_t first, std::int32_t second);

/// TickAttribLast: 1 pastLimit, 2 unreported.
inline void shape_mask_last(Pbf& f, ProtobufReader&, std::int32_t& mask) { shape_mask(f, mask, 1, 2); }
inline void shape_mask_last(ProtobufWriter& w, std::uint32_t number, std::int32_t mask) { shape_mask(w, number, mask, 1, 2); }
/// TickAttribBidAsk: 1 bidPastLow, 2 askPastHigh. The mask of historical ticks has askPastHigh first.
inline void shape_mask_past_high_first(Pbf& f, ProtobufReader&, std::int32_t& mask) { shape_mask(f, mask, 2, 1); }
inline void shape_mask_past_high_first(ProtobufWriter& w, std::uint32_t number, std::int32_t mask) { shape_mask(w, number, mask, 2, 1); }

/// TickByTickData: 1 reqId, 2 tickType, and one of 3 (last), 4 (bid and ask), 5 (mid-point).
struct TickByTickParts {
  std::int32_t reqId{};
  std::int32_t tickType{};
  HistoricalTickLast last{};
  HistoricalTickBidAsk bid_ask{};
  HistoricalTick mid{};
};
inline TickByTickLast last_of(const TickByTickParts& p) {
  return {.reqId = p.reqId, .tickType = p.tickType, .time = p.last.time, .price = p.last.price, .size = p.last.size,
          .mask = p.last.mask, .exchange = p.last.exchange, .specialConditions = p.last.specialConditions};
}
/// The live mask has bidPastLow first, the historical one askPastHigh.
constexpr std::int32_t swapped(std::int32_t mask) { return (mask & 1) << 1 | (mask >> 1 & 1); }
inline TickByTickBidAsk bid_ask_of(const TickByTickParts& p) {
  return {.reqId = p.reqId, .time = p.bid_ask.time, .bidPrice = p.bid_ask.priceBid, .askPrice = p.bid_ask.priceAsk,
          .bidSize = p.bid_ask.sizeBid, .askSize = p.bid_ask.sizeAsk, .mask = swapped(p.bid_ask.mask)};
}
inline TickByTickMidPoint mid_point_of(const TickByTickParts& p) {
  return {.reqId = p.reqId, .time = p.mid.time, .midPoint = p.mid.price};
}
void write_protobuf(ProtobufWriter& w, const TickByTickLast& m);
void write_protobuf(ProtobufWriter& w, const TickByTickBidAsk& m);
void write_protobuf(ProtobufWriter& w, const TickByTickMidPoint& m);

}  // namespace robo::ib::wire
