#pragma once
// Server versions above 200: a payload begins with four bytes of message id. Up to 200 text fields follow, above it protobuf
// (the message's own id is 200 less). Both fill the same structs. Part of decode.hpp.
//
//   00 00 00 c9 | 08 f3 07 ...        tickPrice (1), protobuf

#include <cstring>
#include <utility>



#include "edge/ib/wire/decode.hpp"
#include "edge/ib/wire/generated/protobuf_events.hpp"
#include "edge/ib/wire/protozero.hpp"
#include "edge/ib/wire/version.hpp"

namespace robo::ib::wire {

inline constexpr std::int32_t protobuf_offset = 200;

/// The long messages, read out of line. Instantiated for every message of the two directions in decode_*_protobuf.cpp.
template <class M>
WireResult<> protobuf_by_call(std::string_view payload, ProtobufReader& reader, M& message);

namespace detail {

WireError describe(const ProtobufReader& reader, std::int32_t id, std::string_view name);
WireError broken(std::int32_t id, std::string_view name);
/// The id in front, 0 when there is none; `payload` becomes what follows it.
inline std::int32_t take_raw_id(std::string_view& payload) {
  if (payload.size() < 4) [[unlikely]] {
    payload = {};
    return 0;
  }
  std::uint32_t big = 0;
  std::memcpy(&big, payload.data(), sizeof big);
  payload.remove_prefix(4);
  return static_cast<std::int32_t>(std::min(__builtin_bswap32(big), 0x7fffffffU));
}

template <class M, class Handle>
[[gnu::flatten, gnu::always_inline]] inline WireResult<> protobuf_in_place(std::string_view payload, Handle& handle) {
  ProtobufReader reader(payload.size());
  M message;
  try {
    read_protobuf(Pbf(payload.data(), payload.size()), reader, message);
  } catch (const protozero::exception&) {
    return fail(broken(M::message_id, M::message_name));
  }
  if (!reader.ok()) [[unlikely]] return fail(describe(reader, M::message_id, M::message_name));
  handle(std::as_const(message));
  return {};
}

template <class M, class Handle>
[[gnu::noinline]] WireResult<> protobuf_out_of_line(std::string_view payload, Handle& handle) {
  ProtobufReader reader(payload.size());
  M message;
  if (auto read = protobuf_by_call(payload, reader, message); !read) return read;
  handle(std::as_const(message));
  return {};
}

inline void read_parts(Pbf f, ProtobufReader& r, TickByTickParts& parts) {
  while (f.next()) {
    switch (f.tag_and_type()) {
      case on_varint(1): r.integer(f, "reqId", parts.reqId); break;
      case on_varint(2): r.integer(f, "tickType", parts.tickType); break;
      case on_bytes(3): read_HistoricalTickLast(f.get_message(), r, parts.last); break;
      case on_bytes(4): read_HistoricalTickBidAsk(f.get_message(), r, parts.bid_ask); break;
      case on_bytes(5): read_HistoricalTick(f.get_message(), r, parts.mid); break;
      default: f.skip();
    }
  }
}

/// Three messages under one id.
template <class Handle>
[[gnu::flatten]] WireResult<> tick_by_tick_from_protobuf(std::string_view payload, Handle& handle) {
  ProtobufReader reader(payload.size());
  TickByTickParts parts;
  try {
    read_parts(Pbf(payload.data(), payload.size()), reader, parts);
  } catch (const protozero::exception&) {
    return fail(broken(TickByTickLast::message_id, TickByTickLast::message_name));
  }
  if (!reader.ok()) [[unlikely]] return fail(describe(reader, TickByTickLast::message_id, TickByTickLast::message_name));
  switch (parts.tickType) {
    case 3: handle(std::as_const(static_cast<const TickByTickBidAsk&>(bid_ask_of(parts)))); break;
    case 4: handle(std::as_const(static_cast<const TickByTickMidPoint&>(mid_point_of(parts)))); break;
    default: handle(std::as_const(static_cast<const TickByTickLast&>(last_of(parts))));
  }
  return {};
}

template <class Handle>
[[gnu::noinline]] WireResult<> decode_event_binary(Frame frame, int server_version, Handle& handle) {
  std::string_view payload = frame.view();
  const std::int32_t id = take_raw_id(payload);
  if (id <= protobuf_offset) {
    FastReader reader(AfterId{}, Frame{payload.data(), payload.size()}, server_version);
    return event_from_text(reader, id, handle);
  }
  switch (id - protobuf_offset) {
    case TickPrice::message_id: return protobuf_in_place<TickPrice>(payload, handle);
    case TickSize::message_id: return protobuf_in_place<TickSize>(payload, handle);
    case TickByTickLast::message_id: return tick_by_tick_from_protobuf(payload, handle);
    case UpdateMktDepth::message_id: return protobuf_in_place<UpdateMktDepth>(payload, handle);
    case UpdateMktDepthL2::message_id: return protobuf_in_place<UpdateMktDepthL2>(payload, handle);
    case TickGeneric::message_id: return protobuf_in_place<TickGeneric>(payload, handle);
    case TickString::message_id: return protobuf_in_place<TickString>(payload, handle);
    case OrderStatus::message_id: return protobuf_in_place<OrderStatus>(payload, handle);
    case ExecDetails::message_id: return protobuf_in_place<ExecDetails>(payload, handle);
    case CommissionReport::message_id: return protobuf_in_place<CommissionReport>(payload, handle);
    case ErrorMessage::message_id: return protobuf_in_place<ErrorMessage>(payload, handle);
#define ROBO_IB_CASE(M) \
  case M::message_id: return protobuf_out_of_line<M>(payload, handle);
    ROBO_IB_PROTOBUF_COLD_EVENTS(ROBO_IB_CASE)
    default: return fail(WireError{.kind = WireError::Kind::UnknownMessage, .id = id});
  }
}

template <class Handle>
[[gnu::noinline]] WireResult<> decode_request_binary(Frame frame, int server_version, Handle& handle) {
  std::string_view payload = frame.view();
  const std::int32_t id = take_raw_id(payload);
  if (id <= protobuf_offset) {
    FastReader reader(AfterId{}, Frame{payload.data(), payload.size()}, server_version);
    return request_from_text(reader, id, handle);
  }
  switch (id - protobuf_offset) {
    ROBO_IB_PROTOBUF_REQUESTS(ROBO_IB_CASE)
#undef ROBO_IB_CASE
    default: return fail(WireError{.kind = WireError::Kind::UnknownMessage, .id = id});
  }
}

}  // namespace detail

}  // namespace robo::ib::wire
