#include "edge/ib/wire/protobuf_writer.hpp"

#include <charconv>
#include <limits>

namespace robo::ib::wire {

namespace {

constexpr double tens[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/// The same rule as in the text regime: a client sends printable ASCII, a server anything but NUL.
bool may_be_sent(std::string_view text, Side side) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte == 0) return false;
    if (side == Side::Client && byte != '\t' && byte != '\r' && byte != '\n' && (byte < 32 || byte > 126)) return false;
  }
  return true;
}

}  // namespace

double double_of(const Number& number) {
  if (number.state() == Number::State::Infinite) return std::numeric_limits<double>::infinity();
  constexpr std::int64_t exact = std::int64_t{1} << 53;
  if (number.digits() < exact && number.digits() > -exact && number.places() >= 0 && number.places() < static_cast<int>(std::size(tens))) {
    return static_cast<double>(number.digits()) / tens[number.places()];  // two exact numbers, rounded once
  }
  const std::string text = number.to_text();
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

void ProtobufWriter::number_text(std::uint32_t number, const char* name, std::string_view value) {
  if (value.empty()) return;
  const auto parsed = parse_number(value);
  if (parsed) this->number(number, name, *parsed);
  else if (side() == Side::Client) refuse(WireError::Kind::NotANumber, name);
}

void ProtobufWriter::repeated_text(std::uint32_t number, const char* name, std::string_view value) {
  if (!may_be_sent(value, side())) return refuse(WireError::Kind::NotAllowed, name);
  pbf_.add_string(number, value.data(), value.size());
}

void ProtobufWriter::decimal(std::uint32_t number, const char*, const Number& value) {
  if (value.state() == Number::State::Unset) return;
  char text[number_text_max];
  pbf_.add_string(number, text, static_cast<std::size_t>(write_number(text, value) - text));
}

void ProtobufWriter::pair(std::uint32_t number, std::string_view tag, std::string_view value) {
  message(number, [&](ProtobufWriter& entry) {
    entry.repeated_text(1, "tag", tag);
    entry.repeated_text(2, "value", value);
  });
}

void ProtobufWriter::pairs(std::uint32_t number, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(';'), text.size());
    const std::string_view one = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (one.empty()) continue;
    const std::size_t equals = one.find('=');
    if (equals == one.npos) return refuse(WireError::Kind::NotAllowed, "tag=value;");
    pair(number, one.substr(0, equals), one.substr(equals + 1));
  }
}

}  // namespace robo::ib::wire
