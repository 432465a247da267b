#include "edge/ib/wire/encode_frame.hpp"
#include "edge/ib/wire/generated/request_layouts.hpp"
#include "edge/ib/wire/refusal.hpp"

namespace robo::ib::wire {

template <class M>
WireResult<> encode_request(OutBuffer& out, int server_version, const M& request) {
  if (server_version < M::since) [[unlikely]] {
    return fail(WireError{.kind = WireError::Kind::VersionTooOld, .message = M::message_name, .id = M::message_id, .needs = M::since});
  }
  if (auto refused = refuse(request, server_version); !refused) [[unlikely]] return refused;
  if (server_version >= M::protobuf_since) return encode_request_protobuf(out, server_version, request);
  if constexpr (std::same_as<M, PlaceOrder> || std::same_as<M, CancelOrder>) {
    return detail::encode_frame_fast(out, Side::Client, server_version, request);
  } else {
    if constexpr (requires(Writer& writer) { layout(writer, request); }) return detail::encode_frame(out, Side::Client, server_version, request);
    else return {};  // a message of the protobuf regime alone was refused above
  }
}

#define ROBO_IB_ENCODE(M) template WireResult<> encode_request<M>(OutBuffer&, int, const M&);
ROBO_IB_REQUESTS(ROBO_IB_ENCODE)
ROBO_IB_PROTOBUF_ONLY_REQUESTS(ROBO_IB_ENCODE)
#undef ROBO_IB_ENCODE

}  // namespace robo::ib::wire
