#include "edge/ib/wire/decode.hpp"
#include "edge/ib/wire/generated/request_layouts.hpp"

namespace robo::ib::wire {

template <class M>
bool read_by_call(Reader& reader, M& message) {
  layout(reader, message);
  return reader.ok() && reader.finished();
}

#define ROBO_IB_READ(M) template bool read_by_call<M>(Reader&, M&);
ROBO_IB_REQUESTS(ROBO_IB_READ)
#undef ROBO_IB_READ

}  // namespace robo::ib::wire
