#include "edge/ib/wire/encode_frame.hpp"
#include "edge/ib/wire/generated/event_layouts.hpp"

namespace robo::ib::wire {

template <class M>
WireResult<> encode_event(OutBuffer& out, int server_version, const M& event) {
  if constexpr (M::protobuf_since != never) {
    if (server_version >= M::protobuf_since) return encode_event_protobuf(out, server_version, event);
  }
  if constexpr (requires(Writer& writer) { layout(writer, event); }) return detail::encode_frame(out, Side::Server, server_version, event);
  else return fail(WireError{.kind = WireError::Kind::VersionTooOld, .message = M::message_name, .id = M::message_id, .needs = M::protobuf_since});
}

#define ROBO_IB_ENCODE(M) template WireResult<> encode_event<M>(OutBuffer&, int, const M&);
ROBO_IB_EVENTS(ROBO_IB_ENCODE)
ROBO_IB_PROTOBUF_ONLY_EVENTS(ROBO_IB_ENCODE)
#undef ROBO_IB_ENCODE

}  // namespace robo::ib::wire
