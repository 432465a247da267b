#include "kernel/risk/limits.hpp"

#include <cmath>

namespace robo::risk {

namespace {

constexpr double orders_most = 4'096;  // places in the gate's window

double as_number(Quantity value) { return value.to_double(); }
double as_number(Money value) { return value.to_double(); }
double as_number(double value) { return value; }
double as_number(std::int64_t value) { return static_cast<double>(value); }

void assign(Quantity& to, double value) { to = Quantity::nearest(value); }
void assign(Money& to, double value) { to = Money::nearest(value); }
void assign(double& to, double value) { to = value; }
void assign(std::int64_t& to, double value) { to = static_cast<std::int64_t>(std::llround(value)); }

}  // namespace

Result<double, LimitError> set_limit(Limits& limits, std::string_view name, double value) {
  if (!std::isfinite(value)) return fail(LimitError::NotANumber);
  Result<double, LimitError> answer = fail(LimitError::UnknownName);
  each_field<Limits>([&](auto field) {
    using F = decltype(field);
    if (F::name != name) return;
    auto& member = limits.*F::member;
    const bool may_be_negative = F::name == "cash_min";
    const double most = F::name == "orders_max" ? orders_most : 1e10;
    if ((value < 0 && !may_be_negative) || std::abs(value) > most) {
      answer = fail(LimitError::OutOfRange);
      return;
    }
    answer = as_number(member);
    assign(member, value);
  });
  return answer;
}

Result<double, LimitError> limit_value(const Limits& limits, std::string_view name) {
  Result<double, LimitError> answer = fail(LimitError::UnknownName);
  each_field<Limits>([&](auto field) {
    if (decltype(field)::name == name) answer = as_number(limits.*decltype(field)::member);
  });
  return answer;
}

}  // namespace robo::risk
