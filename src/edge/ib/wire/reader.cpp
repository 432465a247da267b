#include "edge/ib/wire/reader.hpp"

namespace robo::ib::wire {

namespace {

/// The largest double as IB prints it, with its NUL: "unset" in most fields of most orders.
constexpr std::string_view unset_double{"1.7976931348623157E308\0", 23};

}  // namespace

std::int64_t ReaderBase::take_integer_slowly(const char* name, std::int64_t when_empty, std::int64_t max) {
  if (*at_ == '\0') {
    ++at_;
    return when_empty;
  }
  const std::string_view text = take_text();
  const auto number = parse_number(text);
  if (!number) {
    const bool large = number.error() == DecimalError::TooLarge;
    set_error(large ? WireError::Kind::NumberTooLarge : WireError::Kind::NotANumber, name);
    return when_empty;
  }
  if (!number->is_set()) return max;  // 9223372036854775807 and its kin mean unset for a long, too
  std::int64_t value = number->digits();
  int places = number->places();
  while (places > 0 && value % 10 == 0) value /= 10, --places;  // "100.0" where an integer belongs
  if (places > 0) {
    set_error(WireError::Kind::NotANumber, name);
    return when_empty;
  }
  if (value > max || value < -max - 1) {
    set_error(WireError::Kind::NumberTooLarge, name);
    return when_empty;
  }
  return value;
}

Number ReaderBase::take_number_slowly(const char* name, Number when_empty) {
  if (*at_ == '\0') {
    ++at_;
    return when_empty;
  }
  if (std::memcmp(at_, unset_double.data(), unset_double.size()) == 0) {
    at_ += unset_double.size();
    return Number::unset();
  }
  const std::string_view text = take_text();
  // Sizes: the four integers and the double that stand for "unset".
  if (text == "9223372036854775807" || text == "-9223372036854775808") return Number::unset();
  const auto number = parse_number(text);
  if (number) return *number;
  const bool large = number.error() == DecimalError::TooLarge;
  set_error(large ? WireError::Kind::NumberTooLarge : WireError::Kind::NotANumber, name);
  return when_empty;
}

bool FastReader::take_flag_slowly(const char* name) {
  if (*at_ == 't' || *at_ == 'T' || *at_ == 'f' || *at_ == 'F') {
    const std::string_view text = take_text();
    if (text == "true" || text == "True" || text == "TRUE") return true;
    if (text == "false" || text == "False" || text == "FALSE") return false;
    set_error(WireError::Kind::NotANumber, name);
    return false;
  }
  return take_integer(name, 0, integer_max) > 0;
}

void Reader::text(const char* name, std::string_view& value) { FastReader::text(name, value); }
void Reader::integer(const char* name, std::int32_t& value) { FastReader::integer(name, value); }
void Reader::integer(const char* name, std::int64_t& value) { FastReader::integer(name, value); }
void Reader::integer_or_unset(const char* name, std::int32_t& value) { FastReader::integer_or_unset(name, value); }
void Reader::flag(const char* name, bool& value) { FastReader::flag(name, value); }
void Reader::flag(const char* name, std::int32_t& value) { FastReader::flag(name, value); }
void Reader::number(const char* name, Number& value) { FastReader::number(name, value); }
void Reader::number_or_unset(const char* name, Number& value) { FastReader::number_or_unset(name, value); }
void Reader::decimal(const char* name, Number& value) { FastReader::decimal(name, value); }
void Reader::constant(const char* name, std::string_view value) { FastReader::constant(name, value); }

std::int32_t Reader::take_count(const char* name) {
  std::int32_t count = 0;
  integer(name, count);
  if (!ok_) return 0;
  if (count > 0 && static_cast<std::size_t>(count) > left()) {
    set_error(WireError::Kind::CountTooLarge, name);
    return 0;
  }
  return count;
}

}  // namespace robo::ib::wire
