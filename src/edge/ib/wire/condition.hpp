#pragma once
// Order conditions, as they follow the count in placeOrder, openOrder and completedOrder:
//
//   type  conj(a|o)  then by type
//   1 price      isMore price conId exchange triggerMethod
//   3 time       isMore time
//   4 margin     isMore percent
//   5 execution  secType exchange symbol
//   6 volume     isMore volume conId exchange
//   7 percent    isMore changePercent conId exchange

#include <concepts>
#include <cstdint>
#include <string_view>

#include "base/fields.hpp"
#include "edge/ib/wire/error.hpp"
#include "edge/ib/wire/number.hpp"

namespace robo::ib::wire {

struct Condition {
  enum Type : std::int32_t { Price = 1, Time = 3, Margin = 4, Execution = 5, Volume = 6, PercentChange = 7 };

  std::int32_t type{};
  std::string_view conjunction{"a"};  // a: and the next one, o: or the next one
  bool isMore{};
  Number price{};
  std::int32_t conId{};
  std::string_view exchange{};
  std::int32_t triggerMethod{};
  std::string_view time{};
  std::int32_t percent{};
  std::string_view secType{};
  std::string_view symbol{};
  std::int32_t volume{};
  Number changePercent{};
  using fields = Fields<&Condition::type, &Condition::conjunction, &Condition::isMore, &Condition::price, &Condition::conId,
                        &Condition::exchange, &Condition::triggerMethod, &Condition::time, &Condition::percent,
                        &Condition::secType, &Condition::symbol, &Condition::volume, &Condition::changePercent>;
};

template <class Wire, class C>
  requires std::same_as<std::remove_const_t<C>, Condition>
void layout(Wire& wire, C& c) {
  wire.integer("cond", c.type);
  wire.text("cond", c.conjunction);
  switch (c.type) {
    case Condition::Price:
      wire.flag("cond", c.isMore);
      wire.number("cond", c.price);
      wire.integer("cond", c.conId);
      wire.text("cond", c.exchange);
      wire.integer("cond", c.triggerMethod);
      break;
    case Condition::Time:
      wire.flag("cond", c.isMore);
      wire.text("cond", c.time);
      break;
    case Condition::Margin:
      wire.flag("cond", c.isMore);
      wire.integer("cond", c.percent);
      break;
    case Condition::Execution:
      wire.text("cond", c.secType);
      wire.text("cond", c.exchange);
      wire.text("cond", c.symbol);
      break;
    case Condition::Volume:
      wire.flag("cond", c.isMore);
      wire.integer("cond", c.volume);
      wire.integer("cond", c.conId);
      wire.text("cond", c.exchange);
      break;
    case Condition::PercentChange:
      wire.flag("cond", c.isMore);
      wire.number("cond", c.changePercent);
      wire.integer("cond", c.conId);
      wire.text("cond", c.exchange);
      break;
    default:
      wire.refuse(WireError::Kind::NotAllowed, "conditions");
  }
}

}  // namespace robo::ib::wire
