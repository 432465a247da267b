// Compiled once per case by the tests; see CMakeLists.txt beside it.
#include "kernel/market/market.hpp"
#include "model/command.hpp"

namespace robo {

#if defined(CASE_ALLOWED)
Command allowed(const ApprovedOrder& order) { return SubmitOrder{order}; }
Duration allowed(Timestamp a, Timestamp b) { return a - b; }
Price allowed(Price a, Price b) { return a + b; }
bool allowed(PermId a, PermId b) { return a == b; }
#elif defined(CASE_APPROVED_ORDER_MADE_BY_HAND)
ApprovedOrder forged(const OrderIntent& intent) { return ApprovedOrder{intent, Timestamp{}}; }
#elif defined(CASE_APPROVED_ORDER_OUT_OF_NOTHING)
ApprovedOrder nothing{};
#elif defined(CASE_SUBMIT_WITHOUT_APPROVAL)
Command unchecked(const OrderIntent& intent) { return SubmitOrder{intent}; }
#elif defined(CASE_USABLE_QUOTE_MADE_BY_HAND)
market::UsableQuote trusted(const Quote& quote) { return market::UsableQuote{quote, Duration{}}; }
#elif defined(CASE_TWO_TIMES_ADDED)
auto sum(Timestamp a, Timestamp b) { return a + b; }
#elif defined(CASE_PRICE_PLUS_QUANTITY)
auto sum(Price a, Quantity b) { return a + b; }
#elif defined(CASE_ORDER_ID_AS_PERM_ID)
bool same(PermId perm, BrokerOrderId order) { return perm == order; }
#endif

}  // namespace robo
