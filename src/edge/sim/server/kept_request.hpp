#pragma once
// A placeOrder that outlives the frame it came in: what was asked is shown again in openOrder as it was asked.

#include <deque>
#include <string>

#include "edge/ib/wire/generated/order_requests.hpp"

namespace robo::sim {

class KeptRequest {
 public:
  explicit KeptRequest(const ib::wire::PlaceOrder& request) : request_(request) { own(request_); }
  KeptRequest(const KeptRequest&) = delete;
  KeptRequest& operator=(const KeptRequest&) = delete;
  [[nodiscard]] const ib::wire::Order& order() const { return request_.order; }
  [[nodiscard]] const ib::wire::Contract& contract() const { return request_.contract; }

 private:
  template <class T>
  void own(T& value) {
    if constexpr (std::is_same_v<T, std::string_view>) {
      if (!value.empty()) value = words_.emplace_back(value);
    } else if constexpr (HasFields<T>) {
      each_field<T>([&](auto field) { own(value.*decltype(field)::member); });
    } else if constexpr (requires { value.begin(); value.push_back(*value.begin()); }) {
      for (auto& one : value) own(one);
    }
  }
  ib::wire::PlaceOrder request_;
  std::deque<std::string> words_{};
};

}  // namespace robo::sim
