#include "edge/ib/wire/encode_frame.hpp"
#include "edge/ib/wire/generated/event_layouts.hpp"

namespace robo::ib::wire {

template <class M>
WireResult<> encode_event(OutBuffer& out, int server_version, const M& event) {
  return detail::encode_frame(out, Side::Server, server_version, event);
}

#define ROBO_IB_ENCODE(M) template WireResult<> encode_event<M>(OutBuffer&, int, const M&);
ROBO_IB_EVENTS(ROBO_IB_ENCODE)
#undef ROBO_IB_ENCODE

}  // namespace robo::ib::wire
