#include "edge/ib/wire/writer.hpp"

#include <algorithm>

namespace robo::ib::wire {

void OutBuffer::grow(std::size_t count) {
  const std::size_t held = end_ - begin_;
  const std::size_t capacity = std::max(2 * capacity_, held + count);
  auto bytes = std::make_unique<char[]>(capacity);
  if (held > 0) std::memcpy(bytes.get(), bytes_.get() + begin_, held);
  bytes_ = std::move(bytes);
  capacity_ = capacity;
  begin_ = 0;
  end_ = held;
}

void Writer::take_room(std::size_t more) {
  if (at_ != nullptr) finish();
  constexpr std::size_t step = 4096;  // one growth serves a whole order
  from_ = at_ = out_.room(more + step);
  limit_ = at_ + more + step - slack;
}

namespace {

char* write_scientific(char* at, const char* digits, int count, int exponent) {
  while (count > 1 && digits[count - 1] == '0') --count;
  *at++ = digits[0];
  if (count > 1) {
    *at++ = '.';
    at = std::copy(digits + 1, digits + count, at);
  }
  *at++ = 'e';
  *at++ = exponent < 0 ? '-' : '+';
  const int magnitude = exponent < 0 ? -exponent : exponent;
  if (magnitude < 10) *at++ = '0';
  return write_digits(at, static_cast<std::uint64_t>(magnitude));
}

}  // namespace

char* write_number(char* at, const Number& number) {
  if (number.state() == Number::State::Infinite) return std::copy_n("Infinity", 8, at);
  const std::int64_t digits = number.digits();
  const int places = number.places();
  if (digits < 0) *at++ = '-';
  const std::uint64_t magnitude = digits < 0 ? 0 - static_cast<std::uint64_t>(digits) : static_cast<std::uint64_t>(digits);
  if (places == 0) return write_digits(at, magnitude);
  char text[20];
  const int count = static_cast<int>(write_digits(text, magnitude) - text);
  if (count > places) {
    at = std::copy(text, text + (count - places), at);
    *at++ = '.';
    return std::copy(text + (count - places), text + count, at);
  }
  const int exponent = count - 1 - places;                    // of the first digit
  if (magnitude != 0 && exponent < -4) return write_scientific(at, text, count, exponent);
  *at++ = '0';
  *at++ = '.';
  if (magnitude == 0) return std::fill_n(at, std::min(places, 18), '0');
  at = std::fill_n(at, places - count, '0');
  return std::copy(text, text + count, at);
}

bool Writer::allowed(std::string_view text) const {
  for (const char each : text) {
    const auto c = static_cast<unsigned char>(each);
    if (c == 0) return false;
    if (side_ == Side::Server || c == '\t' || c == '\r' || c == '\n') continue;
    if (c < 32 || c > 126) return false;
  }
  return true;
}

}  // namespace robo::ib::wire
