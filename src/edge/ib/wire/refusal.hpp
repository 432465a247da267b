#pragma once
// Fields a server version does not know. Official clients refuse to send a request whose meaning would be lost
// (docs/ib.md, Server versions); silence about a field that is not set is fine.

#include "edge/ib/wire/error.hpp"
#include "edge/ib/wire/generated/requests.hpp"

namespace robo::ib::wire {

template <class M>
WireResult<> refuse(const M&, int) {
  return {};
}

WireResult<> refuse(const PlaceOrder& request, int server_version);
WireResult<> refuse(const CancelOrder& request, int server_version);
WireResult<> refuse(const ReqGlobalCancel& request, int server_version);
WireResult<> refuse(const ReqMktDepth& request, int server_version);
WireResult<> refuse(const ReqMktData& request, int server_version);
WireResult<> refuse(const ReqExecutions& request, int server_version);
WireResult<> refuse(const ReqContractDetails& request, int server_version);
WireResult<> refuse(const ReqHistoricalData& request, int server_version);
WireResult<> refuse(const ReqTickByTickData& request, int server_version);
WireResult<> refuse(const ReqWshEventData& request, int server_version);

}  // namespace robo::ib::wire
