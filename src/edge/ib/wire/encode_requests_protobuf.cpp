#include "edge/ib/wire/encode_protobuf.hpp"
#include "edge/ib/wire/generated/protobuf_requests.hpp"

namespace robo::ib::wire {

template <class M>
WireResult<> encode_request_protobuf(OutBuffer& out, int server_version, const M& request) {
  return detail::encode_protobuf(out, Side::Client, server_version, request);
}

#define ROBO_IB_ENCODE(M) template WireResult<> encode_request_protobuf<M>(OutBuffer&, int, const M&);
ROBO_IB_PROTOBUF_REQUESTS(ROBO_IB_ENCODE)
#undef ROBO_IB_ENCODE

}  // namespace robo::ib::wire
