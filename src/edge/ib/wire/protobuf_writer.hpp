#pragma once
// The protobuf regime, writing: what is unset is absent. Numbers that are zero are said, texts that are empty and flags that are
// false are not, as official clients do it; protozero puts the bytes into the send buffer.

#include <cmath>
#include <string_view>
#include <vector>



#include "edge/ib/wire/error.hpp"
#include "edge/ib/wire/generated/types.hpp"
#include "edge/ib/wire/protozero.hpp"
#include "edge/ib/wire/writer.hpp"

namespace protozero {

/// The send buffer as protozero writes to it.
template <>
struct buffer_customization<robo::ib::wire::OutBuffer> {
  using Out = robo::ib::wire::OutBuffer;
  static std::size_t size(const Out* out) { return out->mark(); }
  static void append(Out* out, const char* data, std::size_t count) { out->append({data, count}); }
  static void append_zeros(Out* out, std::size_t count) {
    std::memset(out->room(count), 0, count);
    out->advance(count);
  }
  static void resize(Out* out, std::size_t size) { out->back_to(size); }
  static void reserve_additional(Out* out, std::size_t count) { out->room(count); }
  static void erase_range(Out* out, std::size_t from, std::size_t to) {
    std::memmove(out->at(from), out->at(to), out->mark() - to);
    out->back_to(out->mark() - (to - from));
  }
  static char* at_pos(Out* out, std::size_t at) { return out->at(at); }
  static void push_back(Out* out, char byte) {
    *out->room(1) = byte;
    out->advance(1);
  }
};

}  // namespace protozero

namespace robo::ib::wire {

/// Nearest double; exact for everything with up to fifteen digits.
[[nodiscard]] double double_of(const Number& number);

class ProtobufWriter {
 public:
  ProtobufWriter(OutBuffer& out, Side side, int version) : out_(out), pbf_(out), state_(&own_), own_{.side = side, .version = version} {}
  ProtobufWriter(const ProtobufWriter&) = delete;
  ProtobufWriter& operator=(const ProtobufWriter&) = delete;

  [[nodiscard]] Side side() const { return state_->side; }
  [[nodiscard]] int version() const { return state_->version; }
  [[nodiscard]] bool ok() const { return state_->ok; }
  [[nodiscard]] WireError::Kind error_kind() const { return state_->kind; }
  [[nodiscard]] const char* error_field() const { return state_->field; }
  void refuse(WireError::Kind kind, const char* name) {
    if (state_->ok) state_->kind = kind, state_->field = name;
    state_->ok = false;
  }

  void integer(std::uint32_t number, const char*, std::int32_t value) {
    if (value != unset_integer) pbf_.add_int32(number, value);
  }
  void integer(std::uint32_t number, const char*, std::int64_t value) {
    if (value != INT64_MAX) pbf_.add_int64(number, value);
  }
  void flag(std::uint32_t number, const char*, bool value) {
    if (value) pbf_.add_uint32(number, 1);
  }
  void flag(std::uint32_t number, const char* name, std::int32_t value) { flag(number, name, value > 0 && value != unset_integer); }
  /// Said also when false.
  void choice(std::uint32_t number, bool value) { pbf_.add_uint32(number, value ? 1 : 0); }
  void number(std::uint32_t number, const char*, const Number& value) {
    if (value.state() != Number::State::Unset) pbf_.add_double(number, double_of(value));
  }
  void number_integer(std::uint32_t number, const char*, std::int32_t value) {
    if (value != unset_integer) pbf_.add_double(number, value);
  }
  /// A number that the text regime keeps as text: absent unless it is one.
  void number_text(std::uint32_t number, const char* name, std::string_view value);
  void text(std::uint32_t number, const char* name, std::string_view value) {
    if (!value.empty()) repeated_text(number, name, value);
  }
  void repeated_text(std::uint32_t number, const char* name, std::string_view value);
  /// TWS fills some texts with a word for "nothing" in the text regime.
  void word(std::uint32_t number, const char* name, std::string_view value) {
    if (side() == Side::Server && (value == "?" || value == "None")) return;
    text(number, name, value);
  }
  void text_integer(std::uint32_t number, const char*, std::int32_t value) {
    if (value != 0 && value != unset_integer) pbf_.add_string(number, std::to_string(value));
  }
  void decimal(std::uint32_t number, const char*, const Number& value);
  void pairs(std::uint32_t number, const std::vector<TagValue>& pairs) {
    for (const TagValue& pair : pairs) this->pair(number, pair.tag, pair.value);
  }
  /// tag=value;tag=value;
  void pairs(std::uint32_t number, std::string_view text);

  template <class Item, class Member>
  void packed(std::uint32_t number, const std::vector<Item>& items, Member&& member) {
    if (items.empty()) return;
    message(number, [&](ProtobufWriter& part) {
      for (const Item& item : items) part.bare(member(item));
    });
  }

  /// A message inside this one; present even when nothing is in it.
  template <class Write>
  void message(std::uint32_t number, Write&& write) {
    const std::size_t mark = out_.mark();
    {
      ProtobufWriter part(*this, number);
      write(part);
    }
    if (out_.mark() == mark) pbf_.add_message(number, "", 0);
  }

 private:
  using Writing = protozero::basic_pbf_writer<OutBuffer>;
  struct State {
    Side side{};
    int version{};
    bool ok{true};
    WireError::Kind kind{};
    const char* field{""};
  };
  ProtobufWriter(ProtobufWriter& parent, std::uint32_t number) : out_(parent.out_), pbf_(parent.pbf_, number), state_(parent.state_) {}
  void pair(std::uint32_t number, std::string_view tag, std::string_view value);
  void bare(const Number& value) {
    const double number = double_of(value);
    out_.append({reinterpret_cast<const char*>(&number), sizeof number});
  }
  void bare(std::int32_t value) {
    char bytes[protozero::max_varint_length];
    out_.append({bytes, static_cast<std::size_t>(protozero::add_varint_to_buffer(bytes, static_cast<std::uint64_t>(std::int64_t{value})))});
  }

  OutBuffer& out_;
  Writing pbf_;
  State* state_;
  State own_{};
};

}  // namespace robo::ib::wire
