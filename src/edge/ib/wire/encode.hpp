#pragma once
// One typed message in, one frame appended to the send buffer: length, message id, fields. On an error nothing is appended.

#include "edge/ib/wire/generated/events.hpp"
#include "edge/ib/wire/generated/requests.hpp"
#include "edge/ib/wire/writer.hpp"

namespace robo::ib::wire {

/// What a client asks. Errors: VersionTooOld (the server does not know the request or a field that is set),
/// NotAllowed (text a client may not send).
template <class M>
[[nodiscard]] WireResult<> encode_request(OutBuffer& out, int server_version, const M& request);

/// What a server answers. Errors: NotAllowed (a NUL inside text).
template <class M>
[[nodiscard]] WireResult<> encode_event(OutBuffer& out, int server_version, const M& event);

/// The same in the protobuf regime (server versions from M::protobuf_since on).
template <class M>
[[nodiscard]] WireResult<> encode_request_protobuf(OutBuffer& out, int server_version, const M& request);
template <class M>
[[nodiscard]] WireResult<> encode_event_protobuf(OutBuffer& out, int server_version, const M& event);

#define ROBO_IB_DECLARE(M) extern template WireResult<> encode_request<M>(OutBuffer&, int, const M&);
ROBO_IB_REQUESTS(ROBO_IB_DECLARE)
ROBO_IB_PROTOBUF_ONLY_REQUESTS(ROBO_IB_DECLARE)
#undef ROBO_IB_DECLARE
#define ROBO_IB_DECLARE(M) extern template WireResult<> encode_event<M>(OutBuffer&, int, const M&);
ROBO_IB_EVENTS(ROBO_IB_DECLARE)
ROBO_IB_PROTOBUF_ONLY_EVENTS(ROBO_IB_DECLARE)
#undef ROBO_IB_DECLARE
#define ROBO_IB_DECLARE(M) extern template WireResult<> encode_request_protobuf<M>(OutBuffer&, int, const M&);
ROBO_IB_PROTOBUF_REQUESTS(ROBO_IB_DECLARE)
#undef ROBO_IB_DECLARE
#define ROBO_IB_DECLARE(M) extern template WireResult<> encode_event_protobuf<M>(OutBuffer&, int, const M&);
ROBO_IB_PROTOBUF_EVENTS(ROBO_IB_DECLARE)
#undef ROBO_IB_DECLARE

}  // namespace robo::ib::wire
