#pragma once
// What every generated layout needs to know of its message.

#include <concepts>
#include <type_traits>

#include "edge/ib/wire/generated/types.hpp"

namespace robo::ib::wire {

/// A layout serves both directions: the message is const when it is written.
template <class T, class M>
concept MessageIs = std::same_as<std::remove_const_t<T>, M>;

inline bool is_peg_bench(const Order& order) { return order.orderType == "PEG BENCH" || order.orderType == "PEGBENCH"; }
inline bool is_peg_best(const Order& order) { return order.orderType == "PEG BEST" || order.orderType == "PEGBEST"; }
/// PEG MID, or PEG BEST "up to mid", which is said by an infinite offset.
inline bool is_peg_mid(const Order& order) {
  return order.orderType == "PEG MID" || order.orderType == "PEGMID" ||
         (is_peg_best(order) && order.competeAgainstBestOffset.state() == Number::State::Infinite);
}

}  // namespace robo::ib::wire
