#include "edge/ib/wire/decode.hpp"
#include "edge/ib/wire/generated/protobuf_requests.hpp"
#include "edge/ib/wire/read_protobuf.hpp"

namespace robo::ib::wire {

#define ROBO_IB_READ(M) template WireResult<> protobuf_by_call<M>(std::string_view, ProtobufReader&, M&);
ROBO_IB_PROTOBUF_REQUESTS(ROBO_IB_READ)
#undef ROBO_IB_READ

}  // namespace robo::ib::wire
