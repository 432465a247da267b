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
  if constexpr (std::same_as<M, PlaceOrder> || std::same_as<M, CancelOrder>) {
    return detail::encode_frame_fast(out, Side::Client, server_version, request);
  } else {
    return detail::encode_frame(out, Side::Client, server_version, request);
  }
}

#define ROBO_IB_ENCODE(M) template WireResult<> encode_request<M>(OutBuffer&, int, const M&);
ROBO_IB_REQUESTS(ROBO_IB_ENCODE)
#undef ROBO_IB_ENCODE

}  // namespace robo::ib::wire
