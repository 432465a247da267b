#pragma once
// Reader: one cursor over one payload. Errors are remembered, the first one wins; after an error every field reads as
// empty, so a layout runs to its end and the caller looks once.

#include <cstring>
#include <string_view>
#include <type_traits>
#include <vector>

#include <emmintrin.h>

#include "edge/ib/wire/digits.hpp"
#include "edge/ib/wire/error.hpp"
#include "edge/ib/wire/frame.hpp"
#include "edge/ib/wire/number.hpp"

namespace robo::ib::wire {

/// Says that the message id has been taken.
struct AfterId {};

/// `Inline`: fields read in place (the few messages of the tick path) or by call (the long ones).
class ReaderBase {
 public:
  static constexpr bool reading = true;

  ReaderBase(Frame frame, int version) : at_(frame.data), end_(frame.data + frame.size), version_(version) {
    if (frame.size == 0 || end_[-1] != '\0') set_error(WireError::Kind::NotTerminated, "");
  }

  /// Behind a raw message id there may be no field at all.
  ReaderBase(AfterId, Frame frame, int version) : at_(frame.data), end_(frame.data + frame.size), version_(version) {
    if (frame.size > 0 && end_[-1] != '\0') set_error(WireError::Kind::NotTerminated, "");
  }

  int version() const { return version_; }
  bool ok() const { return ok_; }
  bool finished() const { return at_ == end_; }
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  WireError::Kind error_kind() const { return kind_; }
  const char* error_field() const { return field_; }
  /// The layout itself found something it cannot follow.
  void refuse(WireError::Kind kind, const char* name) { set_error(kind, name); }

  /// Stops where `other` stopped, with its error; fields are left over when it has none.
  void fail_like(const ReaderBase& other) {
    if (other.ok_) at_ = other.at_;
    else set_error(other.kind_, other.field_);
  }

 protected:
  ReaderBase(const char* at, const char* end, int version) : at_(at), end_(end), version_(version) {}
  void set_error(WireError::Kind kind, const char* name) {
    if (ok_) kind_ = kind, field_ = name;
    ok_ = false;
    at_ = end_;
  }
  /// Start of the next field, null when there is none.
  [[gnu::always_inline]] bool has_field(const char* name) {
    if (at_ < end_) [[likely]] return true;
    set_error(WireError::Kind::FieldMissing, name);
    return false;
  }
  [[gnu::always_inline]] std::string_view take_text() {
    const char* const from = at_;
    const char* at = from;
    const __m128i zero = _mm_setzero_si128();
    for (;; at += 16) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
      const int found = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, zero));
      if (found != 0) {
        at += __builtin_ctz(static_cast<unsigned>(found));
        break;
      }
    }
    at_ = at + 1;  // the payload ends with NUL: never past its end
    return {from, static_cast<std::size_t>(at - from)};
  }
  /// Up to fifteen digits, and NUL; everything else takes the slow road. The lengths that are the rule at one place (a digit of
  /// a type, eight of a request id) are branches the processor learns: the next field need not wait for the arithmetic.
  [[gnu::always_inline]] std::int64_t take_integer(const char* name, std::int64_t when_empty, std::int64_t max) {
    const char* const at = at_;
    const unsigned digit = static_cast<unsigned char>(*at) - unsigned{'0'};
    if (digit < 10 && at[1] == '\0') {
      at_ = at + 2;
      return digit;
    }
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    const unsigned count = Digits::in_front(word);
    if (count == 8) {
      const auto front = static_cast<std::int64_t>(Digits::value(word, 8));
      if (at[8] == '\0') {
        at_ = at + 9;
        return front;
      }
      std::memcpy(&word, at + 8, 8);
      const unsigned more = Digits::in_front(word);
      const std::int64_t value = front * powers_of_ten[more] + (more == 0 ? 0 : static_cast<std::int64_t>(Digits::value(word, more)));
      if (more - 1 < 7 && at[8 + more] == '\0' && value <= max) {
        at_ = at + 9 + more;
        return value;
      }
    } else if (count != 0 && at[count] == '\0') [[likely]] {
      at_ = at + count + 1;
      return static_cast<std::int64_t>(Digits::value(word, count));
    }
    return take_integer_slowly(name, when_empty, max);
  }
  /// Eight characters at a time: prices and sizes differ in length from tick to tick, and a mispredicted end of a loop costs
  /// more than the whole conversion. Up to seven digits on each side of the point; everything else takes the slow road.
  [[gnu::always_inline]] Number take_number(const char* name, Number when_empty) {
    const char* at = at_;
    const unsigned digit = static_cast<unsigned char>(*at) - unsigned{'0'};
    if (digit < 10 && at[1] == '\0') {
      at_ = at + 2;
      return Number::of(digit, 0);
    }
    const bool negative = *at == '-';
    at += negative;
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    const unsigned whole = Digits::in_front(word);
    if (whole - 1 < 7) [[likely]] {
      auto value = static_cast<std::int64_t>(Digits::value(word, whole));
      const char* stop = at + whole;
      if (*stop == '\0') {
        at_ = stop + 1;
        return Number::of(negative ? -value : value, 0);
      }
      std::memcpy(&word, stop + 1, 8);
      const unsigned places = Digits::in_front(word);
      if (*stop == '.' && places - 1 < 7 && stop[1 + places] == '\0') [[likely]] {
        value = value * powers_of_ten[places] + static_cast<std::int64_t>(Digits::value(word, places));
        at_ = stop + places + 2;
        return Number::of(negative ? -value : value, static_cast<int>(places));
      }
    }
    return take_number_slowly(name, when_empty);
  }
  std::int64_t take_integer_slowly(const char* name, std::int64_t when_empty, std::int64_t max);
  Number take_number_slowly(const char* name, Number when_empty);
  Number take_decimal_slowly(const char* name);

  const char* at_;
  const char* end_;
  int version_;
  bool ok_ = true;
  WireError::Kind kind_{};
  const char* field_ = "";
};

constexpr std::int64_t integer_max = 2147483647;
constexpr std::int64_t long_max = 9223372036854775807;

/// Fields read in place. For the short messages.
class FastReader : public ReaderBase {
 public:
  FastReader(Frame frame, int version) : ReaderBase(frame, version) {}
  FastReader(AfterId after, Frame frame, int version) : ReaderBase(after, frame, version) {}

  /// The same place as a new object, made of values the compiler has in registers: a copy through memory would wait for its
  /// own stores. Only without an error so far.
  [[nodiscard, gnu::always_inline]] FastReader fresh() const { return {at_, end_, version_}; }

  [[gnu::always_inline]] void text(const char* name, std::string_view& value) {
    if (has_field(name)) value = take_text();
  }
  [[gnu::always_inline]] void tag_values(const char* name, std::string_view& value) { text(name, value); }
  [[gnu::always_inline]] void integer(const char* name, std::int32_t& value) {
    if (has_field(name)) value = static_cast<std::int32_t>(take_integer(name, 0, integer_max));
  }
  [[gnu::always_inline]] void integer(const char* name, std::int64_t& value) {
    if (has_field(name)) value = take_integer(name, 0, long_max);
  }
  [[gnu::always_inline]] void integer_or_unset(const char* name, std::int32_t& value) {
    if (has_field(name)) value = static_cast<std::int32_t>(take_integer(name, unset_integer, integer_max));
  }
  [[gnu::always_inline]] void integer_spelled(const char* name, std::int32_t& value) { integer_or_unset(name, value); }
  [[gnu::always_inline]] void flag(const char* name, bool& value) {
    if (!has_field(name)) return;
    if ((*at_ == '0' || *at_ == '1') && at_[1] == '\0') [[likely]] {
      value = *at_ == '1';
      at_ += 2;
    } else {
      value = take_flag_slowly(name);
    }
  }
  void flag(const char* name, std::int32_t& value) {
    bool set = false;
    flag(name, set);
    value = set;
  }
  [[gnu::always_inline]] void number(const char* name, Number& value) {
    if (has_field(name)) value = take_number(name, Number{});
  }
  [[gnu::always_inline]] void number_or_unset(const char* name, Number& value) {
    if (has_field(name)) value = take_number(name, Number::unset());
  }
  [[gnu::always_inline]] void number_spelled(const char* name, Number& value) { number_or_unset(name, value); }
  [[gnu::always_inline]] void decimal(const char* name, Number& value) {
    if (!has_field(name)) return;
    value = take_number(name, Number::unset());
    if (value.is_set() && value.places() == 0 && value.digits() == unset_integer) [[unlikely]] value = Number::unset();
  }
  [[gnu::always_inline]] void constant(const char* name, std::string_view) {
    if (has_field(name)) take_text();
  }

  template <class Item, class Each>
  void list(const char* name, std::vector<Item>& items, Each&& each) {
    items.clear();
    std::int32_t count = 0;
    integer(name, count);
    if (!ok_) return;
    // Every item takes at least one byte; a negative count is how some servers say "none".
    if (count > 0 && static_cast<std::size_t>(count) > left()) return set_error(WireError::Kind::CountTooLarge, name);
    for (std::int32_t i = 0; i < count && ok_; ++i) each(*this, items.emplace_back());
  }

 private:
  FastReader(const char* at, const char* end, int version) : ReaderBase(at, end, version) {}
  bool take_flag_slowly(const char* name);
};

/// The same fields by call. For the long messages: less code, and the tick path keeps its cache lines.
class Reader : public FastReader {
 public:
  explicit Reader(const FastReader& fast) : FastReader(fast) {}

  void text(const char* name, std::string_view& value);
  void tag_values(const char* name, std::string_view& value) { text(name, value); }
  void integer(const char* name, std::int32_t& value);
  void integer(const char* name, std::int64_t& value);
  void integer_or_unset(const char* name, std::int32_t& value);
  void integer_spelled(const char* name, std::int32_t& value) { integer_or_unset(name, value); }
  void flag(const char* name, bool& value);
  void flag(const char* name, std::int32_t& value);
  void number(const char* name, Number& value);
  void number_or_unset(const char* name, Number& value);
  void number_spelled(const char* name, Number& value) { number_or_unset(name, value); }
  void decimal(const char* name, Number& value);
  void constant(const char* name, std::string_view);

  template <class Item, class Each>
  void list(const char* name, std::vector<Item>& items, Each&& each) {
    items.clear();
    const std::int32_t count = take_count(name);
    for (std::int32_t i = 0; i < count && ok_; ++i) each(*this, items.emplace_back());
  }

 private:
  std::int32_t take_count(const char* name);
};

}  // namespace robo::ib::wire
