#pragma once
// A payload in, one typed message out, handed to `handle`. Text in the message is a view into the payload.
//
//   const auto result = decode_event(frame, server_version, [&](const auto& message) { on(message); });
//
// `handle` is called at most once, and only with a message whose every field was read and no byte left over.
// Errors are values; UnknownMessage can be skipped, everything else means the stream cannot be trusted.

#include <utility>

#include "edge/ib/wire/generated/event_layouts.hpp"
#include "edge/ib/wire/generated/events.hpp"
#include "edge/ib/wire/generated/requests.hpp"
#include "edge/ib/wire/reader.hpp"

namespace robo::ib::wire {

/// The long messages, read out of line. Instantiated for every message of the two directions in decode_*.cpp.
template <class M>
bool read_by_call(Reader& reader, M& message);

/// First field of every payload. 0 after an error.
[[nodiscard]] inline std::int32_t take_message_id(FastReader& reader) {
  std::int32_t id = 0;
  reader.integer("id", id);
  return reader.ok() ? id : 0;
}

namespace detail {

WireError describe(const ReaderBase& reader, std::int32_t id, std::string_view name);

/// The whole layout in one piece, with the cursor in a register. A copy of the reader: nobody else sees it meanwhile.
template <class M>
[[gnu::flatten, gnu::always_inline]] inline bool read_in_place(FastReader& reader, M& message) {
  if (!reader.ok()) [[unlikely]] return false;
  FastReader cursor = reader.fresh();
  layout(cursor, message);
  if (cursor.ok() && cursor.finished()) [[likely]] return true;
  reader.fail_like(cursor);
  return false;
}

template <class M, class Handle>
[[gnu::always_inline]] inline WireResult<> decode_in_place(FastReader& reader, Handle& handle) {
  M message;
  if (!read_in_place(reader, message)) [[unlikely]] return fail(describe(reader, M::message_id, M::message_name));
  handle(std::as_const(message));
  return {};
}

template <class M, class Handle>
[[gnu::noinline]] WireResult<> decode_by_call(const FastReader& fast, Handle& handle) {
  Reader reader(fast);
  M message;
  if (!read_by_call(reader, message)) return fail(describe(reader, M::message_id, M::message_name));
  handle(std::as_const(message));
  return {};
}

/// The field after reqId says which of the three shapes follows.
inline std::int32_t tick_by_tick_type(FastReader reader) {
  std::int32_t value = 0;
  reader.integer("reqId", value);
  reader.integer("tickType", value);
  return reader.ok() ? value : 0;
}

/// The text fields behind the message id.
template <class Handle>
[[gnu::always_inline]] inline WireResult<> event_from_text(FastReader& reader, std::int32_t id, Handle& handle) {
  switch (id) {
    case TickPrice::message_id: return decode_in_place<TickPrice>(reader, handle);
    case TickSize::message_id: return decode_in_place<TickSize>(reader, handle);
    case TickByTickLast::message_id:
      switch (tick_by_tick_type(reader)) {
        case 3: return decode_in_place<TickByTickBidAsk>(reader, handle);
        case 4: return decode_in_place<TickByTickMidPoint>(reader, handle);
        default: return decode_in_place<TickByTickLast>(reader, handle);
      }
    case UpdateMktDepth::message_id: return decode_in_place<UpdateMktDepth>(reader, handle);
    case UpdateMktDepthL2::message_id: return decode_in_place<UpdateMktDepthL2>(reader, handle);
    case TickGeneric::message_id: return decode_in_place<TickGeneric>(reader, handle);
    case TickString::message_id: return decode_in_place<TickString>(reader, handle);
    case OrderStatus::message_id: return decode_in_place<OrderStatus>(reader, handle);
    case ExecDetails::message_id: return decode_in_place<ExecDetails>(reader, handle);
    case CommissionReport::message_id: return decode_in_place<CommissionReport>(reader, handle);
    case ErrorMessage::message_id: return decode_in_place<ErrorMessage>(reader, handle);
#define ROBO_IB_CASE(M) \
  case M::message_id: return decode_by_call<M>(reader, handle);
    ROBO_IB_COLD_EVENTS(ROBO_IB_CASE)
    default: return fail(describe(reader, id, {}));
  }
}

template <class Handle>
WireResult<> request_from_text(FastReader& reader, std::int32_t id, Handle& handle) {
  switch (id) {
    ROBO_IB_REQUESTS(ROBO_IB_CASE)
#undef ROBO_IB_CASE
    default: return fail(describe(reader, id, {}));
  }
}

}  // namespace detail
}  // namespace robo::ib::wire

#include "edge/ib/wire/decode_binary.hpp"

namespace robo::ib::wire {

/// What a server sent. Thread: any; no state, no allocation for messages without lists.
template <class Handle>
WireResult<> decode_event(Frame frame, int server_version, Handle&& handle) {
  if (server_version > version_newest_text) return detail::decode_event_binary(frame, server_version, handle);
  FastReader reader(frame, server_version);
  const std::int32_t id = take_message_id(reader);
  return detail::event_from_text(reader, id, handle);
}

/// What a client asked for (the server's side).
template <class Handle>
WireResult<> decode_request(Frame frame, int server_version, Handle&& handle) {
  if (server_version > version_newest_text) return detail::decode_request_binary(frame, server_version, handle);
  FastReader reader(frame, server_version);
  const std::int32_t id = take_message_id(reader);
  return detail::request_from_text(reader, id, handle);
}

}  // namespace robo::ib::wire
