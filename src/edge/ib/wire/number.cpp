#include "edge/ib/wire/number.hpp"

#include <cmath>

#include "edge/ib/wire/writer.hpp"

namespace robo::ib::wire {

namespace {

bool is_word(std::string_view text, std::string_view word) {
  if (text.size() != word.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((text[i] | 0x20) != word[i]) return false;
  }
  return true;
}

constexpr int unset_digits_min = 309;  // the largest double stands for "unset", in whatever form a client prints it

int digits_of(std::uint64_t value) {
  int n = 0;
  for (; value > 0; value /= 10) ++n;
  return n;
}

}  // namespace

Result<Number, DecimalError> parse_number(std::string_view text) {
  if (text.empty()) return fail(DecimalError::Empty);
  std::string_view rest = text;
  const bool negative = rest.front() == '-';
  if (rest.front() == '-' || rest.front() == '+') rest.remove_prefix(1);
  if (is_word(rest, "infinity") || is_word(rest, "inf")) return negative ? Number::unset() : Number::infinite();
  if (is_word(rest, "nan")) return Number::unset();

  std::uint64_t digits = 0;
  int significant = 0;
  int places = 0;
  bool point = false;
  bool any = false;
  bool round_up = false;
  std::size_t at = 0;
  for (; at < rest.size(); ++at) {
    const char c = rest[at];
    if (c == '.') {
      if (point) return fail(DecimalError::NotANumber);
      point = true;
      continue;
    }
    if (c < '0' || c > '9') break;
    any = true;
    if (significant < 18 || (significant == 18 && !point && digits <= 922'337'203'685'477'579)) {
      digits = digits * 10 + static_cast<unsigned>(c - '0');
      significant += significant > 0 || c != '0';
      places += point;
    } else if (point) {
      if (significant == 18) round_up = c >= '5';
      ++significant;
    } else {
      if (significant == 18) round_up = c >= '5';
      ++significant;
      --places;
    }
  }
  if (!any) return fail(DecimalError::NotANumber);
  int exponent = 0;
  if (at < rest.size()) {
    if ((rest[at] | 0x20) != 'e' || ++at == rest.size()) return fail(DecimalError::NotANumber);
    const bool exponent_negative = rest[at] == '-';
    if (rest[at] == '-' || rest[at] == '+') ++at;
    if (at == rest.size() || rest.size() - at > 4) return fail(DecimalError::NotANumber);
    for (; at < rest.size(); ++at) {
      if (rest[at] < '0' || rest[at] > '9') return fail(DecimalError::NotANumber);
      exponent = exponent * 10 + (rest[at] - '0');
    }
    if (exponent_negative) exponent = -exponent;
  }
  if (round_up) ++digits;
  places -= exponent;
  if (digits != 0 && digits_of(digits) - places >= unset_digits_min) return Number::unset();
  while (places < 0 && digits != 0) {
    if (digits > 922'337'203'685'477'580) return fail(DecimalError::TooLarge);
    digits *= 10;
    ++places;
  }
  if (places < 0) places = 0;
  while (places > 18 && digits != 0 && digits % 10 == 0) digits /= 10, --places;
  if (places > 400) return Number{};
  if (digits > 9'223'372'036'854'775'807U) {
    if (negative && digits == 9'223'372'036'854'775'808U) return Number::unset();
    return fail(DecimalError::TooLarge);
  }
  const auto magnitude = static_cast<std::int64_t>(digits);
  return Number::of(negative ? -magnitude : magnitude, places);
}

double Number::to_double() const {
  if (state_ == State::Infinite) return std::numeric_limits<double>::infinity();
  if (state_ == State::Unset) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(digits_) / std::pow(10.0, places_);
}

std::string Number::to_text() const {
  if (state_ == State::Unset) return {};
  char text[number_text_max];
  return {text, write_number(text, *this)};
}

bool operator==(const Number& a, const Number& b) {
  if (a.state_ != b.state_) return false;
  if (!a.is_set()) return true;
  std::int64_t x = a.digits_;
  std::int64_t y = b.digits_;
  int xp = a.places_;
  int yp = b.places_;
  while (xp > 0 && x % 10 == 0) x /= 10, --xp;
  while (yp > 0 && y % 10 == 0) y /= 10, --yp;
  return x == y && (xp == yp || x == 0);
}

}  // namespace robo::ib::wire
