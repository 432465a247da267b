#include "edge/ib/codes.hpp"

#include <algorithm>

namespace robo::ib {

namespace {

using enum LinkEffect;
constexpr auto no = LinkEffect::None;
constexpr auto rAdvice = RequestEffect::None;
constexpr auto rDead = RequestEffect::Dead;
constexpr auto rDone = RequestEffect::Done;
constexpr auto oAdvice = OrderEffect::None;
constexpr auto oReject = OrderEffect::Rejected;
constexpr auto oEnd = OrderEffect::Cancelled;
constexpr auto oCancel = OrderEffect::CancelRefused;
constexpr auto oAsk = OrderEffect::Doubtful;

constexpr Code unknown{0, no, rAdvice, oAsk, "a code we have no row for"};

// Ascending by number.
constexpr Code table[] = {
    {0, no, rAdvice, oAdvice, "approaching the message limit"},
    {100, Paced, rDead, oAsk, "too many messages a second: lower messages_per_second"},
    {101, no, rDead, oAdvice, "no market data line left: subscribe to fewer instruments or buy more lines"},
    {102, no, rDead, oAdvice, "request id already in use"},
    {103, no, rAdvice, oReject, "order id already used"},
    {104, no, rAdvice, oCancel, "the order is filled and cannot be changed"},
    {105, no, rAdvice, oReject, "the change does not match the original order"},
    {106, no, rAdvice, oReject, "the order cannot be transmitted"},
    {107, no, rAdvice, oReject, "the order is incomplete"},
    {109, no, rAdvice, oReject, "price out of range of the precautionary settings"},
    {110, no, rAdvice, oReject, "price is not on the instrument's tick"},
    {111, no, rAdvice, oReject, "time in force and order type do not go together"},
    {113, no, rAdvice, oReject, "time in force must be DAY for this order type"},
    {114, no, rAdvice, oReject, "relative orders exist for stocks only"},
    {116, no, rAdvice, oReject, "the order cannot reach the exchange"},
    {117, no, rAdvice, oReject, "block orders need 50 contracts"},
    {131, no, rAdvice, oReject, "sweep-to-fill needs a limit"},
    {135, no, rAdvice, oCancel, "the gateway cannot find the order (or its parent)"},
    {136, no, rAdvice, oCancel, "the order cannot be cancelled"},
    {140, no, rAdvice, oReject, "the size is not an integer"},
    {141, no, rAdvice, oReject, "the price is not a number"},
    {145, no, rAdvice, oReject, "validation failed"},
    {146, no, rAdvice, oReject, "the trigger method is not valid"},
    {147, no, rAdvice, oReject, "the conditions of the order are incomplete"},
    {148, no, rAdvice, oReject, "conditions go with market and limit orders"},
    {152, no, rAdvice, oReject, "hidden orders are not possible here"},
    {154, no, rAdvice, oReject, "the instrument is halted for orders"},
    {157, no, rAdvice, oReject, "the order combination is not valid"},
    {158, no, rAdvice, oReject, "the order combination is not valid"},
    {159, no, rAdvice, oReject, "the order combination is not valid"},
    {160, no, rAdvice, oReject, "the size is not valid"},
    {161, no, rAdvice, oCancel, "the order is in no state that can be cancelled"},
    {162, no, rDead, oAdvice, "historical data refused: no data, pacing or permission"},
    {163, no, rAdvice, oReject, "price too far from the market by the precautionary settings"},
    {165, no, rAdvice, oAdvice, "word from the historical data service"},
    {168, no, rAdvice, oReject, "the discretionary amount is not valid"},
    {200, no, rDead, oReject, "no such contract, or more than one: say exchange, currency and primary exchange"},
    {201, no, rDead, oReject, "order rejected by IB"},
    {202, no, rAdvice, oEnd, "order cancelled"},
    {203, no, rDead, oReject, "the instrument is not available for this account"},
    {300, no, rDone, oAdvice, "no such market data request"},
    {309, no, rDead, oAdvice, "no market depth subscription left"},
    {310, no, rDone, oAdvice, "no such depth request"},
    {312, no, rAdvice, oReject, "the combination's details are not valid"},
    {313, no, rAdvice, oReject, "the combination's prices are not valid"},
    {316, no, RequestEffect::Resubscribe, oAdvice, "market depth halted: subscribe again"},
    {317, no, RequestEffect::ResetDepth, oAdvice, "market depth reset: the book is void"},
    {320, no, rDead, oReject, "the gateway could not read a field"},
    {321, no, rDead, oReject, "the gateway refused the request (read-only API, or a field is not valid)"},
    {322, no, rDead, oAdvice, "the gateway could not process the request (duplicate id, or a limit)"},
    {323, no, rDead, oAsk, "server error"},
    {324, no, rDead, oAsk, "server error"},
    {326, ClientIdInUse, rAdvice, oAdvice, "the client id is in use: another program has it, or the gateway still holds our old connection"},
    {327, no, rDead, oAdvice, "only client 0 may bind manual orders"},
    {328, no, rAdvice, oReject, "trailing stops attach to limit or stop-limit orders only"},
    {329, no, rAdvice, oReject, "the order type cannot be changed"},
    {330, no, rAdvice, oAdvice, "no managed accounts for this account type"},
    {331, no, rAdvice, oAdvice, "no managed accounts for this account type"},
    {334, no, rAdvice, oReject, "good-till date is not valid"},
    {336, no, rAdvice, oReject, "time or time zone is not valid"},
    {337, no, rAdvice, oReject, "date or time zone is not valid"},
    {342, no, rAdvice, oReject, "no midpoint pegging for this contract"},
    {354, no, rDead, oAdvice, "no market data subscription: subscribe at IB, or allow delayed data"},
    {355, no, rAdvice, oReject, "the size does not fit the market's rule"},
    {361, no, rAdvice, oReject, "the trigger price is not valid"},
    {362, no, rAdvice, oReject, "the adjusted stop is not valid"},
    {363, no, rAdvice, oReject, "the adjusted limit is not valid"},
    {364, no, rAdvice, oReject, "the adjusted trailing amount is not valid"},
    {365, no, rDone, oAdvice, "no such scanner request"},
    {366, no, rDone, oAdvice, "no such historical request"},
    {382, no, rAdvice, oReject, "price violates the precautionary settings"},
    {383, no, rAdvice, oReject, "size violates the precautionary settings"},
    {387, no, rAdvice, oReject, "the order type is not supported for this instrument and exchange"},
    {388, no, rAdvice, oReject, "the size is below the minimum"},
    {391, no, rAdvice, oReject, "date or time is not valid"},
    {399, no, rAdvice, oAdvice, "order message"},
    {401, no, rAdvice, oReject, "a text of the order is too long"},
    {402, no, rAdvice, oReject, "conditions are not possible for this contract"},
    {403, no, rAdvice, oReject, "the stop price is not valid"},
    {404, no, rAdvice, oAdvice, "held while shares are located"},
    {411, no, rAdvice, oReject, "outside regular hours is not possible for this order"},
    {412, no, rDead, oReject, "the instrument is not available for trading"},
    {413, no, rAdvice, oReject, "a what-if order must be transmitted"},
    {414, no, rDead, oAdvice, "a snapshot takes no generic ticks"},
    {419, no, rDead, oReject, "the request is not possible here"},
    {420, no, rDead, oAdvice, "real-time bars refused: permission, pacing, or another session"},
    {430, no, rDead, oAdvice, "no fundamental data"},
    {434, no, rAdvice, oReject, "the size cannot be zero"},
    {435, no, rAdvice, oReject, "the order needs an account"},
    {436, no, rAdvice, oReject, "the order needs an allocation"},
    {439, no, rAdvice, oReject, "no such algorithm"},
    {440, no, rAdvice, oReject, "the algorithm's order cannot be changed"},
    {441, no, rAdvice, oReject, "an algorithm parameter has a wrong value"},
    {442, no, rAdvice, oReject, "the algorithm is not allowed here"},
    {443, no, rAdvice, oReject, "no such algorithm parameter"},
    {451, no, rAdvice, oReject, "size or value above the precautionary limit: change it in the gateway's settings"},
    {460, no, rDead, oReject, "no trading permission for this instrument"},
    {462, no, rAdvice, oReject, "the time in force cannot be changed"},
    {492, no, rAdvice, oAdvice, "the scanner is approximate"},
    {1100, Lost, rAdvice, oAdvice, "the gateway lost its connection to IB"},
    {1101, RestoredEmpty, rAdvice, oAdvice, "connection to IB restored, subscriptions lost"},
    {1102, RestoredKept, rAdvice, oAdvice, "connection to IB restored"},
    {1300, Moved, rAdvice, oAdvice, "the gateway's port was changed"},
    {2100, no, rAdvice, oAdvice, "the account subscription was replaced"},
    {2101, no, rAdvice, oAdvice, "another client holds the account subscription"},
    {2102, no, rAdvice, oAdvice, "the order is still being processed"},
    {2103, FarmBroken, rAdvice, oAdvice, "a market data farm is broken"},
    {2104, FarmOk, rAdvice, oAdvice, "a market data farm is back"},
    {2105, HistoryFarm, rAdvice, oAdvice, "a historical data farm is broken"},
    {2106, HistoryFarm, rAdvice, oAdvice, "a historical data farm is back"},
    {2107, HistoryFarm, rAdvice, oAdvice, "a historical data farm sleeps"},
    {2108, FarmOk, rAdvice, oAdvice, "a market data farm sleeps until it is needed"},
    {2109, no, rAdvice, oAdvice, "outside-hours flag ignored"},
    {2110, Lost, rAdvice, oAdvice, "the gateway lost its server; it reconnects by itself"},
    {2119, no, rAdvice, oAdvice, "a market data farm is being connected"},
    {2137, no, rAdvice, oAdvice, "cross-side warning"},
    {2152, no, rAdvice, oAdvice, "depth comes from some exchanges only"},
    {2157, HistoryFarm, rAdvice, oAdvice, "the security definition farm is broken"},
    {2158, HistoryFarm, rAdvice, oAdvice, "the security definition farm is back"},
    {2168, no, rAdvice, oAdvice, "eTradeOnly is not supported any more"},
    {2169, no, rAdvice, oAdvice, "firmQuoteOnly is not supported any more"},
    {2174, no, rAdvice, oAdvice, "a time without zone was sent"},
    {10006, no, rAdvice, oReject, "the parent order is missing"},
    {10089, no, rAdvice, oAdvice, "market data needs another subscription; delayed data may follow"},
    {10090, no, rAdvice, oAdvice, "a part of the market data is not subscribed"},
    {10091, no, rAdvice, oAdvice, "a part of the market data needs another subscription"},
    {10092, no, rDead, oAdvice, "market depth is not supported for this instrument and exchange"},
    {10147, no, rAdvice, oCancel, "the order to cancel was not found"},
    {10148, no, rAdvice, oCancel, "the order cannot be cancelled in its state"},
    {10167, no, rAdvice, oAdvice, "not subscribed: delayed data follows"},
    {10168, no, rDead, oAdvice, "not subscribed, and delayed data is not switched on"},
    {10182, no, RequestEffect::Resubscribe, oAdvice, "the updating bars stopped: ask again"},
    {10186, no, rDead, oAdvice, "not subscribed, and delayed data is not switched on"},
    {10187, no, rDead, oAdvice, "historical ticks refused: no permission"},
    {10189, no, rDead, oAdvice, "tick-by-tick refused: no permission or not possible"},
    {10190, no, rDead, oAdvice, "no tick-by-tick subscription left"},
    {10197, no, rDead, oAdvice, "another session of this user receives the market data: log it off"},
    {10225, no, RequestEffect::Resubscribe, oAdvice, "bars were corrected: ask again"},
    {10243, no, rAdvice, oReject, "fractional size is not possible here"},
    {10244, no, rAdvice, oReject, "cash quantity is not possible here"},
    {10245, no, rAdvice, oReject, "cash quantity is not possible here"},
    {10246, no, rAdvice, oReject, "fractional size is not possible here"},
    {10247, no, rAdvice, oReject, "fractional size is not possible here"},
    {10248, no, rAdvice, oReject, "fractional size is not possible here"},
    {10249, no, rAdvice, oReject, "fractional size is not possible here"},
    {10268, no, rAdvice, oReject, "an order attribute is not supported any more"},
    {10269, no, rAdvice, oReject, "an order attribute is not supported any more"},
    {10270, no, rAdvice, oReject, "an order attribute is not supported any more"},
    {10276, no, rDead, oAdvice, "no permission for this news"},
    {10277, no, rDead, oAdvice, "no permission for this news"},
    {10278, no, rDead, oAdvice, "calendar of events: request refused"},
    {10279, no, rDead, oAdvice, "calendar of events: request refused"},
    {10280, no, rDead, oAdvice, "calendar of events: request refused"},
    {10281, no, rDead, oAdvice, "calendar of events: request refused"},
    {10282, no, rDead, oAdvice, "calendar of events: request refused"},
    {10283, no, rDead, oAdvice, "calendar of events: request refused"},
    {10284, no, rDead, oAdvice, "calendar of events: request refused"},
    {10289, no, rAdvice, oReject, "the order was refused"},
    {10293, no, rAdvice, oReject, "the order was refused"},
    {10299, no, rDead, oAdvice, "ask for AGGTRADES instead of TRADES"},
    {10311, no, rAdvice, oAdvice, "directly routed: precautionary warning"},
    {10314, no, rDead, oAdvice, "the time has no zone or a wrong form"},
    {10349, no, rAdvice, oAdvice, "time in force was set by the order preset"},
};

static_assert(std::ranges::is_sorted(table, {}, &Code::number));

const Code* find(std::int32_t number) {
  const auto at = std::ranges::lower_bound(table, number, {}, &Code::number);
  return at != std::end(table) && at->number == number ? &*at : nullptr;
}

}  // namespace

const Code& code_of(std::int32_t number) {
  const Code* row = find(number);
  return row != nullptr ? *row : unknown;
}

bool is_known(std::int32_t number) { return find(number) != nullptr; }

std::span<const Code> all_codes() { return table; }

}  // namespace robo::ib
