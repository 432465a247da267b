#include <string>

#include "edge/journal/codec.hpp"

namespace robo::journal {

namespace {

class Fingerprint {
 public:
  void text(std::string_view s) {
    for (const char c : s) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 1099511628211u;  // FNV-1a
    hash_ = (hash_ ^ 0xff) * 1099511628211u;
  }
  template <class T>
  void type() {
    if constexpr (HasFields<T>) {
      text("{");
      each_field<T>([&](auto field) {
        text(decltype(field)::name);
        type<typename decltype(field)::Type>();
      });
      text("}");
    } else {
      text(std::to_string(sizeof(T)));
      if constexpr (NamedEnum<T>)
        for (const auto name : EnumNames<T>::names) text(name);
    }
  }
  template <class... T>
  void alternatives(const std::variant<T...>*) {
    (type<typename Unboxed<T>::type>(), ...);
  }
  [[nodiscard]] std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 14695981039346656037u;
};

}  // namespace

std::uint64_t schema_fingerprint() {
  Fingerprint fingerprint;
  fingerprint.alternatives(static_cast<const EventPayload*>(nullptr));
  fingerprint.text("CancelOrder CancelExternal CancelAllOrders QueryOrder StartTimer Reconcile Submit Modify");
  fingerprint.type<OrderIntent>();
  fingerprint.alternatives(static_cast<const FactPayload*>(nullptr));
  return fingerprint.value();
}

}  // namespace robo::journal
