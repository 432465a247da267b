#pragma once
// The protobuf regime, reading: fields of one message into the same structs that the text regime fills. The bytes are walked by
// protozero; what is here turns its scalars into our members. Text stays a view into the frame; the few values that are numbers
// there and text with us (a multiplier, a margin) are spelled out into the reader, which outlives the message.
//
// Errors of meaning are remembered, the first one wins; errors of form are protozero's exceptions, caught in decode.hpp.

#include <cmath>
#include <cstring>
#include <forward_list>
#include <string>
#include <string_view>
#include <vector>

#include <emmintrin.h>


#include "edge/ib/wire/error.hpp"
#include "edge/ib/wire/frame.hpp"
#include "edge/ib/wire/generated/types.hpp"
#include "edge/ib/wire/protozero.hpp"
#include "edge/ib/wire/digits.hpp"

namespace robo::ib::wire {

using Pbf = protozero::pbf_reader;

constexpr std::uint32_t on_varint(std::uint32_t number) { return number << 3 | 0; }
constexpr std::uint32_t on_fixed64(std::uint32_t number) { return number << 3 | 1; }
constexpr std::uint32_t on_bytes(std::uint32_t number) { return number << 3 | 2; }

/// The shortest decimal that is this double: 257.95, not 257.94999999999999. NaN and the largest double are "unset".
[[nodiscard]] Result<Number, DecimalError> number_of_slowly(double value);

/// Whole numbers, hundredths and ten-thousandths, which is what prices are, in place: a quotient of two exact numbers is rounded
/// once, so when it is the value, its digits are the shortest that are.
[[gnu::always_inline]] inline Result<Number, DecimalError> number_of(double value) {
  if (std::fabs(value) < 9e11) [[likely]] {
    const auto whole = static_cast<std::int64_t>(value);
    if (static_cast<double>(whole) == value) return Number::of(whole, 0);
    const auto cents = static_cast<std::int64_t>(value * 100 + (value < 0 ? -0.5 : 0.5));
    if (static_cast<double>(cents) / 100 == value) [[likely]] return Number::of(cents, 2);
    const auto fine = static_cast<std::int64_t>(value * 1e4 + (value < 0 ? -0.5 : 0.5));
    if (std::fabs(value) < 9e10 && static_cast<double>(fine) / 1e4 == value) return Number::of(fine, 4);
  }
  return number_of_slowly(value);
}

class ProtobufReader {
 public:
  explicit ProtobufReader(std::size_t payload) : room_((1U << 20) + 4 * payload) {}
  ProtobufReader(const ProtobufReader&) = delete;
  ProtobufReader& operator=(const ProtobufReader&) = delete;

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] WireError::Kind error_kind() const { return kind_; }
  [[nodiscard]] const char* error_field() const { return field_; }
  void refuse(WireError::Kind kind, const char* name) {
    if (ok_) kind_ = kind, field_ = name;
    ok_ = false;
  }

  void integer(Pbf& f, const char*, std::int32_t& value) { value = f.get_int32(); }
  void integer(Pbf& f, const char*, std::int64_t& value) { value = f.get_int64(); }
  void flag(Pbf& f, const char*, bool& value) { value = f.get_int64() > 0; }
  void flag(Pbf& f, const char*, std::int32_t& value) { value = f.get_int64() > 0; }

  [[gnu::always_inline]] void number(Pbf& f, const char* name, Number& value) {
    const auto number = number_of(f.get_double());
    if (number) [[likely]] value = *number;
    else refuse(WireError::Kind::NumberTooLarge, name);
  }
  void number_integer(Pbf& f, const char* name, std::int32_t& value);
  void number_text(Pbf& f, const char* name, std::string_view& value);

  [[gnu::always_inline]] void text(Pbf& f, const char* name, std::string_view& value) {
    const protozero::data_view view = f.get_view();
    value = {view.data(), view.size()};
    if (has_nul(value)) [[unlikely]] refuse(WireError::Kind::NotAllowed, name);
  }
  void text_integer(Pbf& f, const char* name, std::int32_t& value);
  /// A decimal in text: whole numbers of up to eight digits in place.
  [[gnu::always_inline]] void decimal(Pbf& f, const char* name, Number& value) {
    const protozero::data_view view = f.get_view();
    std::uint64_t word = 0;
    std::memcpy(&word, view.data(), 8);  // a frame can be read beyond its end (readable_behind)
    if (view.size() - 1 < 8 && Digits::in_front(word) >= view.size()) [[likely]] {
      value = Number::of(static_cast<std::int64_t>(Digits::value(word, static_cast<unsigned>(view.size()))), 0);
    } else {
      decimal_slowly({view.data(), view.size()}, name, value);
    }
  }

  void pair(Pbf& f, const char* name, std::vector<TagValue>& pairs);
  /// The text regime's spelling of the same: tag=value;tag=value;
  void pair(Pbf& f, const char* name, std::string_view& text);

  /// One more item of a list, nothing once the list has become larger than any honest message of that size.
  template <class Item>
  Item* another(const char* name, std::vector<Item>& items) {
    if (room_ < sizeof(Item)) {
      refuse(WireError::Kind::CountTooLarge, name);
      return nullptr;
    }
    room_ -= sizeof(Item);
    return &items.emplace_back();
  }
  /// Many scalars in one field.
  template <class Item, class Member>
  void packed(Pbf& f, const char* name, std::vector<Item>& items, Member&& member) {
    if constexpr (std::same_as<std::remove_cvref_t<decltype(member(std::declval<Item&>()))>, Number>) {
      for (const double value : f.get_packed_double()) {
        Item* const item = another(name, items);
        if (item == nullptr) return;
        const auto number = number_of(value);
        if (number) member(*item) = *number;
        else refuse(WireError::Kind::NumberTooLarge, name);
      }
    } else {
      for (const std::int32_t value : f.get_packed_int32()) {
        Item* const item = another(name, items);
        if (item == nullptr) return;
        member(*item) = value;
      }
    }
  }

  /// A copy that lives as long as the reader.
  std::string_view keep(std::string_view text);

 private:
  [[gnu::always_inline]] static bool has_nul(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); at += 16) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
      const auto found = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_setzero_si128())));
      if ((text.size() - at >= 16 ? found : found & ((1U << (text.size() - at)) - 1)) != 0) return true;
    }
    return false;
  }
  void decimal_slowly(std::string_view text, const char* name, Number& value);
  std::pair<std::string_view, std::string_view> take_pair(Pbf& f, const char* name);

  std::size_t room_;               // bytes that list items may take
  std::forward_list<std::string> kept_{};
  std::size_t pairs_ = 0;
  bool ok_ = true;
  WireError::Kind kind_{};
  const char* field_ = "";
};

}  // namespace robo::ib::wire
