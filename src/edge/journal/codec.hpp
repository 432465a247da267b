#pragma once
// Bytes of a message: its fields in order, little-endian, without padding. Equal messages give equal bytes.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <variant>

#include <nmmintrin.h>

#include "model/boxed.hpp"
#include "model/command.hpp"
#include "model/fact.hpp"

namespace robo::journal {

template <class T>
concept Plain = std::is_arithmetic_v<T> || std::is_enum_v<T>;
template <class T>
concept HasRaw = requires(T t) { t.raw; };
template <class T>
concept HasNs = requires(T t) { t.ns; } && !HasFields<T>;

/// Walks the fields of a message and hands their bytes, in order, to `Sink`: plain(value) and bytes(from, count).
template <class Sink>
class FieldWriter {
 public:
  template <Plain T>
  void put(T value) { sink().plain(value); }
  template <class T>
    requires HasRaw<T>
  void put(T value) { put(value.raw); }
  template <HasNs T>
  void put(T value) { put(value.ns); }
  void put(Date date) { put(date.days); }
  template <class Tag, class Rep>
  void put(Strong<Tag, Rep> id) { put(id.value); }
  template <std::size_t N>
  void put(const FixedText<N>& text) {
    put(text.size);
    sink().bytes(text.bytes.data(), text.size);
  }
  template <class T, std::size_t N>
  void put(const std::array<T, N>& items) {
    for (const auto& item : items) put(item);
  }
  void put(const OrderKind& kind) {
    put(static_cast<std::uint8_t>(kind.index()));
    std::visit([this](const auto& k) { put(k); }, kind);
  }
  template <HasFields T>
  void put(const T& message) {
    each_field<T>([&](auto field) { put(message.*decltype(field)::member); });
  }

 private:
  Sink& sink() { return static_cast<Sink&>(*this); }
};

/// Appends to a buffer that is known to be large enough (record_size_max).
class ByteWriter : public FieldWriter<ByteWriter> {
 public:
  explicit ByteWriter(std::byte* to) : at_(to), begin_(to) {}
  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(at_ - begin_); }
  template <Plain T>
  void plain(T value) { bytes(&value, sizeof value); }
  void bytes(const void* from, std::size_t count) {
    std::memcpy(at_, from, count);
    at_ += count;
  }

 private:
  std::byte* at_;
  std::byte* begin_;
};

/// How many bytes it will take; a constant for messages without text.
class ByteCounter : public FieldWriter<ByteCounter> {
 public:
  [[nodiscard]] std::size_t size() const { return size_; }
  template <Plain T>
  void plain(T) { size_ += sizeof(T); }
  void bytes(const void*, std::size_t count) { size_ += count; }

 private:
  std::size_t size_ = 0;
};

/// The same bytes as ByteWriter's and their CRC-32C, eight at a time out of a register. A sum over memory just written would
/// read words that no single store has made, and wait for every one of them to arrive in the cache.
class SealingWriter : public FieldWriter<SealingWriter> {
 public:
  explicit SealingWriter(std::byte* to) : at_(to) {}
  template <Plain T>
  [[gnu::always_inline]] void plain(T value) {
    using Bits = std::conditional_t<sizeof(T) == 1, std::uint8_t,
                                    std::conditional_t<sizeof(T) == 2, std::uint16_t, std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>>;
    Bits bits{};
    std::memcpy(&bits, &value, sizeof value);
    take(bits, sizeof value);
  }
  void bytes(const void* from, std::size_t count) {
    const auto* text = static_cast<const char*>(from);
    for (; count >= 8; text += 8, count -= 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, text, 8);
      take(word, 8);
    }
    if (count == 0) return;
    std::uint64_t word = 0;
    std::memcpy(&word, text, count);
    take(word, static_cast<unsigned>(count));
  }
  /// Writes what is held and returns the sum of everything.
  [[nodiscard]] std::uint32_t seal() {
    std::memcpy(at_, &held_, sizeof held_);  // the zeros behind the last byte are where the next record begins
    auto sum = static_cast<std::uint32_t>(sum_);
    if ((count_ & 4) != 0) sum = _mm_crc32_u32(sum, static_cast<std::uint32_t>(held_)), held_ >>= 32;
    if ((count_ & 2) != 0) sum = _mm_crc32_u16(sum, static_cast<std::uint16_t>(held_)), held_ >>= 16;
    if ((count_ & 1) != 0) sum = _mm_crc32_u8(sum, static_cast<std::uint8_t>(held_));
    return ~sum;
  }

 private:
  [[gnu::always_inline]] void take(std::uint64_t bits, unsigned size) {
    held_ |= bits << (8 * count_);
    if (count_ + size < 8) {
      count_ += size;
      return;
    }
    std::memcpy(at_, &held_, sizeof held_);
    at_ += sizeof held_;
    sum_ = _mm_crc32_u64(sum_, held_);
    held_ = count_ == 0 ? 0 : bits >> (64 - 8 * count_);
    count_ = count_ + size - 8;
  }
  std::byte* at_;
  std::uint64_t held_ = 0, sum_ = 0xFFFFFFFF;
  unsigned count_ = 0;  // bytes in held_, 0 to 7
};

/// Reads what ByteWriter wrote. A short or odd record makes ok() false; values read after that are zero.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) : bytes_(bytes) {}
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool done() const { return ok_ && bytes_.empty(); }

  template <Plain T>
  void get(T& value) {
    if (bytes_.size() < sizeof value) {
      ok_ = false;
      value = T{};
      return;
    }
    if constexpr (std::is_same_v<T, bool>) value = bytes_[0] != std::byte{0};
    else std::memcpy(&value, bytes_.data(), sizeof value);
    bytes_ = bytes_.subspan(sizeof value);
    if constexpr (NamedEnum<T>)
      if (static_cast<std::size_t>(value) >= EnumNames<T>::names.size()) ok_ = false, value = T{};
  }
  template <class T>
    requires HasRaw<T>
  void get(T& value) { get(value.raw); }
  template <HasNs T>
  void get(T& value) { get(value.ns); }
  void get(Date& date) { get(date.days); }
  template <class Tag, class Rep>
  void get(Strong<Tag, Rep>& id) { get(id.value); }
  template <std::size_t N>
  void get(FixedText<N>& text) {
    get(text.size);
    if (text.size > N || text.size > bytes_.size()) {
      ok_ = false;
      text = {};
      return;
    }
    std::memcpy(text.bytes.data(), bytes_.data(), text.size);
    bytes_ = bytes_.subspan(text.size);
  }
  template <class T, std::size_t N>
  void get(std::array<T, N>& items) {
    for (auto& item : items) get(item);
  }
  void get(OrderKind& kind) {
    std::uint8_t index = 0;
    get(index);
    switch (index) {
      case 0: return get_as<Market>(kind);
      case 1: return get_as<Limit>(kind);
      case 2: return get_as<Stop>(kind);
      case 3: return get_as<StopLimit>(kind);
      case 4: return get_as<Trail>(kind);
      default: ok_ = false;
    }
  }
  template <HasFields T>
  void get(T& message) {
    each_field<T>([&](auto field) { get(message.*decltype(field)::member); });
  }

 private:
  template <class T>
  void get_as(OrderKind& kind) {
    T k{};
    get(k);
    kind = k;
  }
  std::span<const std::byte> bytes_;
  bool ok_ = true;
};

/// Fingerprint of every message's field names and types: a journal of another layout is refused, not misread.
[[nodiscard]] std::uint64_t schema_fingerprint();

}  // namespace robo::journal
