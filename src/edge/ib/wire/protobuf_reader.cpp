#include "edge/ib/wire/protobuf_reader.hpp"

#include <charconv>

namespace robo::ib::wire {

namespace {
constexpr std::size_t pairs_max = 1000;  // tag and value pairs of one message
}

Result<Number, DecimalError> number_of_slowly(double value) {
  if (std::isnan(value)) return Number::unset();
  if (std::isinf(value)) return value > 0 ? Number::infinite() : Number::unset();
  char text[40];
  const auto [end, error] = std::to_chars(text, text + sizeof text, value);
  if (error != std::errc{}) return fail(DecimalError::TooLarge);
  return parse_number({text, static_cast<std::size_t>(end - text)});
}

void ProtobufReader::number_integer(Pbf& f, const char* name, std::int32_t& value) {
  const double number = f.get_double();
  if (number >= 1.79e308) return;
  if (!(std::fabs(number) <= 2147483647.0)) return refuse(WireError::Kind::NumberTooLarge, name);
  value = static_cast<std::int32_t>(number);
}

void ProtobufReader::number_text(Pbf& f, const char* name, std::string_view& value) {
  const auto number = number_of(f.get_double());
  if (!number) return refuse(WireError::Kind::NumberTooLarge, name);
  value = number->is_set() ? keep(number->to_text()) : std::string_view{};
}

void ProtobufReader::text_integer(Pbf& f, const char* name, std::int32_t& value) {
  std::string_view text;
  this->text(f, name, text);
  if (text.empty()) return;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) refuse(WireError::Kind::NumberTooLarge, name);
  else if (error != std::errc{} || end != text.data() + text.size()) refuse(WireError::Kind::NotANumber, name);
}

void ProtobufReader::decimal_slowly(std::string_view text, const char* name, Number& value) {
  // Sizes: the four integers and the double that stand for "unset", should anybody still send them.
  if (text.empty() || text == "2147483647" || text == "9223372036854775807" || text == "-9223372036854775808") {
    value = Number::unset();
    return;
  }
  const auto number = parse_number(text);
  if (number) value = *number;
  else refuse(number.error() == DecimalError::TooLarge ? WireError::Kind::NumberTooLarge : WireError::Kind::NotANumber, name);
}

std::pair<std::string_view, std::string_view> ProtobufReader::take_pair(Pbf& f, const char* name) {
  std::string_view tag, value;
  Pbf entry = f.get_message();
  while (entry.next()) {
    switch (entry.tag_and_type()) {
      case on_bytes(1): text(entry, name, tag); break;
      case on_bytes(2): text(entry, name, value); break;
      default: entry.skip();
    }
  }
  if (++pairs_ > pairs_max) refuse(WireError::Kind::CountTooLarge, name);
  return {tag, value};
}

void ProtobufReader::pair(Pbf& f, const char* name, std::vector<TagValue>& pairs) {
  const auto [tag, value] = take_pair(f, name);
  if (pairs_ <= pairs_max) pairs.push_back({.tag = tag, .value = value});
}

void ProtobufReader::pair(Pbf& f, const char* name, std::string_view& text) {
  const auto [tag, value] = take_pair(f, name);
  if (pairs_ > pairs_max) return;
  std::string longer;
  longer.reserve(text.size() + tag.size() + value.size() + 2);
  longer.append(text).append(tag).append("=").append(value).append(";");
  text = keep(longer);
}

std::string_view ProtobufReader::keep(std::string_view text) { return kept_.emplace_front(text); }

}  // namespace robo::ib::wire
