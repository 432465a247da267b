#pragma once
// Bytes of a message: its fields in order, little-endian, without padding. Equal messages give equal bytes.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <variant>

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

/// Appends to a buffer that is known to be large enough (record_size_max).
class ByteWriter {
 public:
  explicit ByteWriter(std::byte* to) : at_(to), begin_(to) {}
  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(at_ - begin_); }

  template <Plain T>
  void put(T value) {
    std::memcpy(at_, &value, sizeof value);
    at_ += sizeof value;
  }
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
    std::memcpy(at_, text.bytes.data(), text.size);
    at_ += text.size;
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
  std::byte* at_;
  std::byte* begin_;
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
