#include "edge/ib/wire/protobuf_shapes.hpp"

#include "edge/ib/wire/generated/protobuf_events.hpp"

namespace robo::ib::wire {

void shape_conditions(Pbf& f, ProtobufReader& r, Order& order) {
  Condition* const c = r.another("conditions", order.conditions);
  if (c == nullptr) return f.skip();
  c->conjunction = "o";
  Pbf inner = f.get_message();
  while (inner.next()) {
    switch (inner.tag_and_type()) {
      case on_varint(1): r.integer(inner, "type", c->type); break;
      case on_varint(2): c->conjunction = inner.get_bool() ? "a" : "o"; break;
      case on_varint(3): r.flag(inner, "isMore", c->isMore); break;
      case on_varint(4): r.integer(inner, "conId", c->conId); break;
      case on_bytes(5): r.text(inner, "exchange", c->exchange); break;
      case on_bytes(6): r.text(inner, "symbol", c->symbol); break;
      case on_bytes(7): r.text(inner, "secType", c->secType); break;
      case on_varint(8): r.integer(inner, "percent", c->percent); break;
      case on_fixed64(9): r.number(inner, "changePercent", c->changePercent); break;
      case on_fixed64(10): r.number(inner, "price", c->price); break;
      case on_varint(11): r.integer(inner, "triggerMethod", c->triggerMethod); break;
      case on_bytes(12): r.text(inner, "time", c->time); break;
      case on_varint(13): r.integer(inner, "volume", c->volume); break;
      default: inner.skip();
    }
  }
  switch (c->type) {
    case Condition::Price: case Condition::Time: case Condition::Margin: case Condition::Execution: case Condition::Volume:
    case Condition::PercentChange: return;
    default: r.refuse(WireError::Kind::NotAllowed, "conditions");
  }
}

void shape_conditions(ProtobufWriter& w, std::uint32_t number, const Order& order) {
  for (const Condition& c : order.conditions) {
    w.message(number, [&](ProtobufWriter& part) {
      part.integer(1, "type", c.type);
      part.choice(2, c.conjunction == "a");
      if (c.type != Condition::Execution) part.choice(3, c.isMore);
      const bool on_contract = c.type == Condition::Price || c.type == Condition::Volume || c.type == Condition::PercentChange;
      if (on_contract) part.integer(4, "conId", c.conId);
      if (on_contract || c.type == Condition::Execution) part.text(5, "exchange", c.exchange);
      switch (c.type) {
        case Condition::Price:
          part.number(10, "price", c.price);
          part.integer(11, "triggerMethod", c.triggerMethod);
          break;
        case Condition::Time: part.text(12, "time", c.time); break;
        case Condition::Margin: part.integer(8, "percent", c.percent); break;
        case Condition::Execution:
          part.text(6, "symbol", c.symbol);
          part.text(7, "secType", c.secType);
          break;
        case Condition::Volume: part.integer(13, "volume", c.volume); break;
        case Condition::PercentChange: part.number(9, "changePercent", c.changePercent); break;
        default: part.refuse(WireError::Kind::NotAllowed, "conditions");
      }
    });
  }
}

void shape_mask(ProtobufWriter& w, std::uint32_t number, std::int32_t mask, std::int32_t first, std::int32_t second) {
  w.message(number, [&](ProtobufWriter& part) {
    part.flag(1, "", (mask & first) != 0);
    part.flag(2, "", (mask & second) != 0);
  });
}

void write_protobuf(ProtobufWriter& w, const TickByTickLast& m) {
  w.integer(1, "reqId", m.reqId);
  w.integer(2, "tickType", m.tickType);
  w.message(3, [&](ProtobufWriter& part) {
    write_HistoricalTickLast(part, {.time = m.time, .mask = m.mask, .price = m.price, .size = m.size, .exchange = m.exchange,
                                    .specialConditions = m.specialConditions});
  });
}

void write_protobuf(ProtobufWriter& w, const TickByTickBidAsk& m) {
  w.integer(1, "reqId", m.reqId);
  w.integer(2, "tickType", std::int32_t{3});
  w.message(4, [&](ProtobufWriter& part) {
    write_HistoricalTickBidAsk(part, {.time = m.time, .mask = swapped(m.mask), .priceBid = m.bidPrice, .priceAsk = m.askPrice,
                                      .sizeBid = m.bidSize, .sizeAsk = m.askSize});
  });
}

void write_protobuf(ProtobufWriter& w, const TickByTickMidPoint& m) {
  w.integer(1, "reqId", m.reqId);
  w.integer(2, "tickType", std::int32_t{4});
  w.message(5, [&](ProtobufWriter& part) { write_HistoricalTick(part, {.time = m.time, .price = m.midPoint, .size = Number::unset()}); });
}

}  // namespace robo::ib::wire
