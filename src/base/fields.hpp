#pragma once
// fields<>: a struct names its members once, and JSON, TOML, Arrow schemas, SQL columns and TypeScript follow from it.
//
//   struct Limits {
//     Quantity order_quantity_max{};
//     using fields = Fields<&Limits::order_quantity_max>;
//   };
//   static_assert(Complete<Limits>);   // stops the build when a member is forgotten
//
// The writers live at the edge; this header costs the kernel nothing.

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace robo {

template <auto M>
consteval std::string_view spelled_member() {
  std::string_view s = __PRETTY_FUNCTION__;
  s = s.substr(s.find("M = ") + 4);
  s = s.substr(0, s.find_first_of(";])"));
  return s.substr(s.rfind(':') + 1);
}

template <class C, class T>
T member_of(T C::*);

template <auto... M>
struct Fields {
  static constexpr std::size_t count = sizeof...(M);
};

template <auto M>
struct Field {
  using Type = decltype(member_of(M));
  static constexpr std::string_view name = spelled_member<M>();
  static constexpr auto member = M;
};

template <class T>
concept HasFields = requires { typename T::fields; };

/// Calls f(Field<M>{}) for every member in order.
template <HasFields T, class F>
constexpr void each_field(F&& f) {
  [&]<auto... M>(Fields<M...>) { (f(Field<M>{}), ...); }(typename T::fields{});
}

namespace detail {
struct Any {
  template <class T>
  operator T() const;
};
template <class T, class... A>
consteval std::size_t member_count() {
  if constexpr (requires { T{A{}..., Any{}}; }) return member_count<T, A..., Any>();
  else return sizeof...(A);
}
}  // namespace detail

template <class T>
concept Complete = HasFields<T> && T::fields::count == detail::member_count<T>();

/// Bounds of a number, for settings and bodies from outside: `static constexpr auto ranges = std::to_array<Range>({...});`
struct Range {
  std::string_view name{};  // of the member
  double least{};
  double most{};
};

/// Names of an enum's values in order, for JSON, TOML and TypeScript: specialise beside the enum.
template <class E>
struct EnumNames;

template <class E>
concept NamedEnum = std::is_enum_v<E> && requires { EnumNames<E>::names; };

template <NamedEnum E>
constexpr std::string_view to_text(E value) {
  const auto index = static_cast<std::size_t>(value);
  return index < EnumNames<E>::names.size() ? EnumNames<E>::names[index] : std::string_view("?");
}

}  // namespace robo
