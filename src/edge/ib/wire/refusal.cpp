#include "edge/ib/wire/refusal.hpp"

namespace robo::ib::wire {

namespace {

/// Collects the first field that is set although the version is too old for it.
class Check {
 public:
  Check(std::string_view message, std::int32_t id, int version) : message_(message), id_(id), version_(version) {}
  void since(int needs, const char* field, bool set) {
    if (set && version_ < needs && !error_.needs) {
      error_ = {.kind = WireError::Kind::VersionTooOld, .message = message_, .field = field, .id = id_, .needs = needs};
    }
  }
  void since(int needs, const char* field, std::string_view value) { since(needs, field, !value.empty()); }
  WireResult<> result() const {
    if (error_.needs) return fail(error_);
    return {};
  }

 private:
  std::string_view message_;
  std::int32_t id_;
  int version_;
  WireError error_{};
};

constexpr int newest = 199;  // from here on every field below is known

}  // namespace

WireResult<> refuse(const PlaceOrder& request, int version) {
  if (version >= newest) [[likely]] return {};
  const Order& o = request.order;
  Check check(PlaceOrder::message_name, PlaceOrder::message_id, version);
  check.since(101, "totalQuantity", o.totalQuantity.places() > 0 && !(o.totalQuantity == Number::of(o.totalQuantity.is_set() ?
      static_cast<std::int64_t>(o.totalQuantity.to_double()) : 0)));
  check.since(102, "conditions", !o.conditions.empty());
  check.since(102, "adjustedOrderType", o.adjustedOrderType);
  check.since(102, "triggerPrice", o.triggerPrice.is_set());
  check.since(102, "lmtPriceOffset", o.lmtPriceOffset.is_set());
  check.since(103, "modelCode", o.modelCode);
  check.since(105, "extOperator", o.extOperator);
  check.since(106, "softDollarTier", !o.softDollarTier.name.empty() || !o.softDollarTier.val.empty());
  check.since(111, "cashQty", o.cashQty.is_set());
  check.since(138, "mifid2DecisionMaker", !o.mifid2DecisionMaker.empty() || !o.mifid2DecisionAlgo.empty());
  check.since(139, "mifid2ExecutionTrader", !o.mifid2ExecutionTrader.empty() || !o.mifid2ExecutionAlgo.empty());
  check.since(141, "dontUseAutoPriceForHedge", o.dontUseAutoPriceForHedge);
  check.since(145, "isOmsContainer", o.isOmsContainer);
  check.since(148, "discretionaryUpToLimitPrice", o.discretionaryUpToLimitPrice);
  check.since(151, "usePriceMgmtAlgo", o.usePriceMgmtAlgo != unset_integer && o.usePriceMgmtAlgo != 0);
  check.since(158, "duration", o.duration != unset_integer);
  check.since(160, "postToAts", o.postToAts != unset_integer);
  check.since(162, "autoCancelParent", o.autoCancelParent);
  check.since(166, "advancedErrorOverride", o.advancedErrorOverride);
  check.since(169, "manualOrderTime", o.manualOrderTime);
  check.since(170, "minTradeQty", o.minTradeQty != unset_integer);
  check.since(170, "minCompeteSize", o.minCompeteSize != unset_integer);
  check.since(170, "competeAgainstBestOffset", o.competeAgainstBestOffset.state() != Number::State::Unset);
  check.since(170, "midOffsetAtWhole", o.midOffsetAtWhole.is_set() || o.midOffsetAtHalf.is_set());
  check.since(183, "customerAccount", o.customerAccount);
  check.since(184, "professionalCustomer", o.professionalCustomer);
  check.since(189, "includeOvernight", o.includeOvernight);
  check.since(192, "manualOrderIndicator", o.manualOrderIndicator != unset_integer);
  check.since(199, "imbalanceOnly", o.imbalanceOnly);
  return check.result();
}

WireResult<> refuse(const CancelOrder& request, int version) {
  Check check(CancelOrder::message_name, CancelOrder::message_id, version);
  check.since(169, "manualOrderCancelTime", request.manualOrderCancelTime);
  check.since(192, "extOperator", request.extOperator);
  check.since(192, "manualOrderIndicator", request.manualOrderIndicator != unset_integer);
  return check.result();
}

WireResult<> refuse(const ReqGlobalCancel& request, int version) {
  Check check(ReqGlobalCancel::message_name, ReqGlobalCancel::message_id, version);
  check.since(192, "extOperator", request.extOperator);
  check.since(192, "manualOrderIndicator", request.manualOrderIndicator != unset_integer);
  return check.result();
}

WireResult<> refuse(const ReqMktDepth& request, int version) {
  Check check(ReqMktDepth::message_name, ReqMktDepth::message_id, version);
  check.since(146, "isSmartDepth", request.isSmartDepth);
  check.since(149, "primaryExchange", request.contract.primaryExchange);
  return check.result();
}

WireResult<> refuse(const ReqMktData& request, int version) {
  Check check(ReqMktData::message_name, ReqMktData::message_id, version);
  check.since(114, "regulatorySnapshot", request.regulatorySnapshot);
  return check.result();
}

WireResult<> refuse(const ReqExecutions& request, int version) {
  Check check(ReqExecutions::message_name, ReqExecutions::message_id, version);
  check.since(200, "lastNDays", request.lastNDays != unset_integer);
  check.since(200, "specificDates", !request.specificDates.empty());
  return check.result();
}

WireResult<> refuse(const ReqContractDetails& request, int version) {
  Check check(ReqContractDetails::message_name, ReqContractDetails::message_id, version);
  check.since(176, "issuerId", request.contract.issuerId);
  return check.result();
}

WireResult<> refuse(const ReqHistoricalData& request, int version) {
  Check check(ReqHistoricalData::message_name, ReqHistoricalData::message_id, version);
  check.since(124, "keepUpToDate", request.keepUpToDate);
  check.since(165, "whatToShow", request.whatToShow == "SCHEDULE");
  return check.result();
}

WireResult<> refuse(const ReqTickByTickData& request, int version) {
  Check check(ReqTickByTickData::message_name, ReqTickByTickData::message_id, version);
  check.since(140, "numberOfTicks", request.numberOfTicks != 0);
  check.since(140, "ignoreSize", request.ignoreSize);
  return check.result();
}

WireResult<> refuse(const ReqWshEventData& request, int version) {
  Check check(ReqWshEventData::message_name, ReqWshEventData::message_id, version);
  check.since(171, "filter", !request.filter.empty() || request.fillWatchlist || request.fillPortfolio || request.fillCompetitors);
  check.since(173, "startDate", !request.startDate.empty() || !request.endDate.empty() || request.totalLimit != unset_integer);
  return check.result();
}

}  // namespace robo::ib::wire
