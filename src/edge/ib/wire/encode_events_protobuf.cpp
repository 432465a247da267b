#include "edge/ib/wire/encode_protobuf.hpp"
#include "edge/ib/wire/generated/protobuf_events.hpp"

namespace robo::ib::wire {

template <class M>
WireResult<> encode_event_protobuf(OutBuffer& out, int server_version, const M& event) {
  return detail::encode_protobuf(out, Side::Server, server_version, event);
}

#define ROBO_IB_ENCODE(M) template WireResult<> encode_event_protobuf<M>(OutBuffer&, int, const M&);
ROBO_IB_PROTOBUF_EVENTS(ROBO_IB_ENCODE)
#undef ROBO_IB_ENCODE

}  // namespace robo::ib::wire
