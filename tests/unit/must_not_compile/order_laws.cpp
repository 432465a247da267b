// What the law of orders (model/order_law.hpp) forbids has no member function. Compiled once per case; the many other cases are
// asked as concepts in tests/unit/model/order_ticket_test.cpp, which costs one compilation.
#include "model/order_ticket.hpp"

namespace robo {

#if defined(CASE_ALLOWED)
Ticket allowed(InstrumentId spy, Quantity q) { return buy(spy, q).limit(price(412)).good_till_cancelled().iceberg(shares(10)); }
Ticket allowed(InstrumentId spy) { return sell(spy, shares(5)).at_close(); }
VolumeShare allowed() { return volume_share<50>(); }
#elif defined(CASE_ICEBERG_IN_AN_AUCTION)
Ticket t(InstrumentId spy) { return sell(spy, shares(5)).at_close().iceberg(shares(1)); }
#elif defined(CASE_TWO_LIFETIMES)
Ticket t(InstrumentId spy) { return buy(spy, shares(5)).limit(price(1)).good_till_cancelled().immediate_or_cancel(); }
#elif defined(CASE_SIXTY_PERCENT_OF_VOLUME)
VolumeShare t() { return volume_share<60>(); }
#elif defined(CASE_TICKET_MADE_BY_HAND)
Ticket t(const TicketTerms& terms) { return Ticket{terms}; }
#endif

}  // namespace robo
