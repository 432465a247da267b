#pragma once
// Writer: appends the fields of one message, each ended by NUL. The layouts drive it (generated/), so the order and the
// version conditions stand in one place for both directions.

#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include <emmintrin.h>

#include "edge/ib/wire/error.hpp"
#include "edge/ib/wire/frame.hpp"
#include "edge/ib/wire/number.hpp"

namespace robo::ib::wire {

/// Who writes: requests spell doubles as the official Python client does and are held to its character rule (printable
/// ASCII); events spell the unset double as TWS does and may carry any text without NUL.
enum class Side : std::uint8_t { Client, Server };

inline constexpr std::size_t number_text_max = 48;

/// Bytes to send: grows, never shrinks, so a warm connection does not allocate.
class OutBuffer {
 public:
  explicit OutBuffer(std::size_t capacity = 16 * 1024) : bytes_(std::make_unique<char[]>(capacity)), capacity_(capacity) {}
  std::string_view view() const { return {bytes_.get() + begin_, end_ - begin_}; }
  bool empty() const { return begin_ == end_; }
  std::size_t size() const { return end_ - begin_; }
  void append(std::string_view text) {
    char* at = room(text.size());
    if (!text.empty()) std::memcpy(at, text.data(), text.size());
    end_ += text.size();
  }
  /// `count` bytes from the front were sent.
  void sent(std::size_t count) {
    begin_ += count;
    if (begin_ == end_) begin_ = end_ = 0;
  }
  void clear() { begin_ = end_ = 0; }

  /// Room for `count` more bytes at the end; commit with advance().
  char* room(std::size_t count) {
    if (capacity_ - end_ < count) [[unlikely]] grow(count);
    return bytes_.get() + end_;
  }
  void advance(std::size_t count) { end_ += count; }
  /// Position of the end, and the way back to it.
  std::size_t mark() const { return end_ - begin_; }
  void back_to(std::size_t mark) { end_ = begin_ + mark; }
  char* at(std::size_t mark) { return bytes_.get() + begin_ + mark; }

 private:
  void grow(std::size_t count);
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

/// Digits without sign, no NUL. Returns the end.
inline char* write_digits(char* at, std::uint64_t value) {
  char reversed[20];
  int n = 0;
  do {
    reversed[n++] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value > 0);
  while (n > 0) *at++ = reversed[--n];
  return at;
}

/// At most number_text_max bytes. Plain digits; very small and very large values as a double is printed (1e-05).
char* write_number(char* at, const Number& number);

/// True when all eight characters are printable ASCII, 32 to 126. What a low byte borrows or carries it is found for itself.
inline bool printable(std::uint64_t word) {
  return ((word | (word - 0x2020202020202020) | (word + 0x0101010101010101)) & 0x8080808080808080) == 0;
}

/// Copies a text; fields are short, and a call would cost more than the copy. True: all of it is printable ASCII. Looked at on
/// the way, in registers: bytes that were just written cannot be read back at once in wider pieces.
inline bool copy_text(char* to, const char* from, std::size_t size) {
  if (size >= 16) {
    __m128i bad = _mm_setzero_si128();
    const auto piece = [&](std::size_t at) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + at));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(to + at), bytes);
      // Signed: what is above 127 is below 32, too.
      bad = _mm_or_si128(bad, _mm_or_si128(_mm_cmplt_epi8(bytes, _mm_set1_epi8(32)), _mm_cmpeq_epi8(bytes, _mm_set1_epi8(127))));
    };
    for (std::size_t at = 0; at + 16 <= size; at += 16) piece(at);
    piece(size - 16);
    return _mm_movemask_epi8(bad) == 0;
  }
  if (size >= 8) {
    std::uint64_t head = 0, tail = 0;
    std::memcpy(&head, from, 8);
    std::memcpy(&tail, from + size - 8, 8);
    std::memcpy(to, &head, 8);
    std::memcpy(to + size - 8, &tail, 8);
    return printable(head) && printable(tail);
  }
  if (size >= 4) {
    std::uint32_t head = 0, tail = 0;
    std::memcpy(&head, from, 4);
    std::memcpy(&tail, from + size - 4, 4);
    std::memcpy(to, &head, 4);
    std::memcpy(to + size - 4, &tail, 4);
    return printable(std::uint64_t{tail} << 32 | head);
  }
  if (size == 0) return true;
  const char first = from[0], middle = from[size / 2], last = from[size - 1];
  to[0] = first;
  to[size / 2] = middle;
  to[size - 1] = last;
  return printable(0x2020202020000000 | static_cast<std::uint64_t>(static_cast<unsigned char>(last)) << 16 |
                   static_cast<std::uint64_t>(static_cast<unsigned char>(middle)) << 8 | static_cast<unsigned char>(first));
}

/// One message at a time: between construction and finish() the buffer is the writer's alone.
class Writer {
 public:
  static constexpr bool reading = false;

  Writer(OutBuffer& out, Side side, int version) : out_(out), side_(side), version_(version) { take_room(0); }
  ~Writer() { finish(); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  int version() const { return version_; }

  void text(const char* name, std::string_view value) {
    if (value.empty()) return nothing();
    if (value.size() > slack - 8) [[unlikely]] take_room(value.size());
    const bool plain = copy_text(at_, value.data(), value.size());
    at_[value.size()] = '\0';
    if (!plain && !allowed(value)) [[unlikely]] note(WireError::Kind::NotAllowed, name);
    at_ += value.size() + 1;
    if (at_ > limit_) [[unlikely]] take_room(0);
  }
  void tag_values(const char* name, std::string_view value) { text(name, value); }
  void integer(const char*, std::int64_t value) {
    if (static_cast<std::uint64_t>(value) < 10) {
      at_[0] = static_cast<char>('0' + value);
      at_[1] = '\0';
      at_ += 2;
    } else {
      if (value < 0) *at_++ = '-';
      at_ = write_digits(at_, value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value));
      *at_++ = '\0';
    }
    if (at_ > limit_) [[unlikely]] take_room(0);
  }
  void integer_or_unset(const char* name, std::int32_t value) {
    if (value == unset_integer) nothing();
    else integer(name, value);
  }
  void integer_spelled(const char* name, std::int32_t value) { integer(name, value); }
  void flag(const char*, bool value) {
    at_[0] = value ? '1' : '0';
    at_[1] = '\0';
    at_ += 2;
    if (at_ > limit_) [[unlikely]] take_room(0);
  }
  void flag(const char*, std::int32_t value) { flag(nullptr, value > 0 && value != unset_integer); }
  void number(const char*, const Number& value) {
    if (value.state() == Number::State::Unset) raw(side_ == Side::Client ? unset_client : unset_server);
    else put_number(value);
  }
  void number_or_unset(const char*, const Number& value) {
    if (value.state() == Number::State::Unset) nothing();
    else put_number(value);
  }
  void number_spelled(const char* name, const Number& value) { number(name, value); }
  void decimal(const char*, const Number& value) {
    if (value.state() == Number::State::Unset) nothing();
    else put_number(value);
  }
  void constant(const char*, std::string_view value) { raw(value); }

  template <class Item, class Each>
  void list(const char*, const std::vector<Item>& items, Each&& each) {
    integer(nullptr, static_cast<std::int64_t>(items.size()));
    for (const Item& item : items) each(*this, item);
  }

  /// Hands what was written to the buffer.
  void finish() {
    out_.advance(static_cast<std::size_t>(at_ - from_));
    from_ = at_;
  }

  bool ok() const { return ok_; }
  WireError::Kind error_kind() const { return kind_; }
  const char* error_field() const { return field_; }
  /// The layout itself found something it cannot follow.
  void refuse(WireError::Kind kind, const char* name) { note(kind, name); }

 private:
  static constexpr std::string_view unset_client = "1.7976931348623157e+308";
  static constexpr std::string_view unset_server = "1.7976931348623157E308";
  static constexpr std::size_t slack = 64;  // room there always is: any field but a long text fits without asking
  static_assert(number_text_max < slack);

  /// After it `slack` bytes and `more` are free at at_.
  void take_room(std::size_t more);

  void nothing() {
    *at_++ = '\0';
    if (at_ > limit_) [[unlikely]] take_room(0);
  }
  void raw(std::string_view value) {
    (void)copy_text(at_, value.data(), value.size());
    at_[value.size()] = '\0';
    at_ += value.size() + 1;
    if (at_ > limit_) [[unlikely]] take_room(0);
  }
  void put_number(const Number& value) {
    at_ = write_number(at_, value);
    *at_++ = '\0';
    if (at_ > limit_) [[unlikely]] take_room(0);
  }
  /// What is not plain ASCII: tab, CR and LF may pass, and a server may send what it likes except NUL.
  bool allowed(std::string_view text) const;
  void note(WireError::Kind kind, const char* name) {
    if (ok_) kind_ = kind, field_ = name;
    ok_ = false;
  }

  OutBuffer& out_;
  char* from_ = nullptr;   // where what is not handed over yet begins
  char* at_ = nullptr;
  char* limit_ = nullptr;  // at most here slack bytes are left
  Side side_;
  int version_;
  bool ok_ = true;
  WireError::Kind kind_{};
  const char* field_ = "";
};

}  // namespace robo::ib::wire
