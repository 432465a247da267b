#pragma once
// Rows in PostgreSQL's binary COPY format, straight from a record's fields<>.
//
//   header | "PGCOPY\n\377\r\n\0" | u32 flags 0 | u32 extension 0 |
//   row    | u16 fields | per field: i32 bytes (-1: NULL), bytes |        big-endian
//   end    | i16 -1 |
//
// A Timestamp is two columns: timestamptz to the microsecond, and the nanoseconds below it; a time of 0 is NULL.

#include <bit>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

#include "base/fields.hpp"
#include "edge/store/records.hpp"

namespace robo::store::postgres {

/// Bytes that grow; what is added is always written whole.
class CopyBytes {
 public:
  [[nodiscard]] std::size_t size() const { return used_; }
  [[nodiscard]] std::span<const char> bytes() const { return {data_.get(), used_}; }
  void clear() { used_ = 0; }

  /// Room for `most` more bytes: the writing below does not look.
  void reserve(std::size_t most) {
    if (used_ + most > capacity_) [[unlikely]] grow(most);
  }
  void u16(std::uint16_t v) { big(v); }
  void u32(std::uint32_t v) { big(v); }
  void u64(std::uint64_t v) { big(v); }
  void raw(std::string_view text) {
    std::memcpy(data_.get() + used_, text.data(), text.size());
    used_ += text.size();
  }

 private:
  template <class U>
  void big(U v) {
    const U swapped = std::byteswap(v);
    std::memcpy(data_.get() + used_, &swapped, sizeof swapped);
    used_ += sizeof swapped;
  }
  void grow(std::size_t most);
  std::unique_ptr<char[]> data_;
  std::size_t used_ = 0, capacity_ = 0;
};

inline constexpr std::string_view copy_header{"PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19};
inline constexpr std::string_view copy_trailer{"\377\377", 2};
inline constexpr std::int64_t microseconds_1970_to_2000 = 946'684'800'000'000;

/// Floor to the microsecond and what is left, 0..999.
struct SplitTime {
  std::int64_t us{};
  std::int16_t ns{};
};
constexpr SplitTime split(Timestamp at) {
  std::int64_t us = at.ns / 1000, ns = at.ns % 1000;
  if (ns < 0) ns += 1000, --us;
  return {us, static_cast<std::int16_t>(ns)};
}

/// Text from outside may be cut inside a character, or hold a zero byte; PostgreSQL would refuse the whole batch for it.
[[nodiscard]] inline bool needs_repair(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) >= 0x80 || c == 0) return true;
  return false;
}
/// What is not UTF-8, and zero bytes, become U+FFFD.
[[nodiscard]] std::string repaired(std::string_view text);
/// \u0000, which jsonb refuses, becomes \ufffd.
[[nodiscard]] std::string without_nul(std::string_view json);

// ---- one field each ---------------------------------------------------------------------------------------------------------

inline void put(CopyBytes& out, std::int16_t v) { out.u32(2), out.u16(static_cast<std::uint16_t>(v)); }
inline void put(CopyBytes& out, std::uint8_t v) { put(out, static_cast<std::int16_t>(v)); }
inline void put(CopyBytes& out, std::int32_t v) { out.u32(4), out.u32(static_cast<std::uint32_t>(v)); }
inline void put(CopyBytes& out, std::uint16_t v) { put(out, static_cast<std::int32_t>(v)); }
inline void put(CopyBytes& out, std::int64_t v) { out.u32(8), out.u64(static_cast<std::uint64_t>(v)); }
inline void put(CopyBytes& out, std::uint64_t v) { put(out, static_cast<std::int64_t>(v)); }
inline void put(CopyBytes& out, double v) { out.u32(8), out.u64(std::bit_cast<std::uint64_t>(v)); }
inline void put(CopyBytes& out, bool v) { out.u32(1), out.raw(v ? std::string_view("\1", 1) : std::string_view("\0", 1)); }
inline void put_plain(CopyBytes& out, std::string_view text) { out.u32(static_cast<std::uint32_t>(text.size())), out.raw(text); }
inline void put(CopyBytes& out, std::string_view text) {
  if (!needs_repair(text)) [[likely]] return put_plain(out, text);
  const auto good = repaired(text);
  out.reserve(good.size() + 64 + 4096);  // the rest of the row has been reserved without it
  put_plain(out, good);
}
inline void put(CopyBytes& out, const std::string& text) { put(out, std::string_view(text)); }
template <std::size_t N>
void put(CopyBytes& out, const FixedText<N>& text) { put(out, text.view()); }
template <NamedEnum E>
void put(CopyBytes& out, E value) { put_plain(out, to_text(value)); }
template <class Tag, std::int64_t Scale>
void put(CopyBytes& out, Decimal<Tag, Scale> value) { put(out, value.raw); }
inline void put(CopyBytes& out, Duration value) { put(out, value.ns); }
inline void put(CopyBytes& out, Timestamp at) {  // two fields
  if (at.ns == 0) {
    out.u32(0xffffffff);
    put(out, std::int16_t{0});
    return;
  }
  const auto [us, ns] = split(at);
  put(out, us - microseconds_1970_to_2000);
  put(out, ns);
}
inline void put_jsonb(CopyBytes& out, std::string_view json) {
  std::string clean;
  if (needs_repair(json)) json = clean = repaired(json);
  if (json.find("\\u0000") != std::string_view::npos) json = clean = without_nul(json);
  out.reserve(json.size() + 64);
  out.u32(static_cast<std::uint32_t>(json.size() + 1));
  out.raw(std::string_view("\1", 1));
  out.raw(json);
}
inline void put_array(CopyBytes& out, std::span<const double> values) {
  out.u32(static_cast<std::uint32_t>(20 + 12 * values.size()));
  out.u32(1);    // dimensions
  out.u32(0);    // no NULLs
  out.u32(701);  // float8
  out.u32(static_cast<std::uint32_t>(values.size()));
  out.u32(1);    // first index
  for (const double value : values) put(out, value);
}

// ---- a record as columns -------------------------------------------------------------------------------------------------------

/// Columns of a record: two for a Timestamp.
template <HasFields R>
consteval std::uint16_t columns_of() {
  std::uint16_t n = 0;
  each_field<R>([&](auto field) { n = static_cast<std::uint16_t>(n + (std::is_same_v<typename decltype(field)::Type, Timestamp> ? 2 : 1)); });
  return n;
}

template <class R>
inline constexpr bool names_its_symbol = requires(const R& record) { record.symbol; };

/// Most bytes of one row, texts of free length aside.
template <HasFields R>
consteval std::size_t row_bytes_max() {
  std::size_t n = 64;
  each_field<R>([&](auto field) { n += 24 + sizeof(typename decltype(field)::Type) + (NamedEnum<typename decltype(field)::Type> ? 48 : 0); });
  return n;
}

/// journal, record, symbol (where the record does not name it), then its members.
template <HasFields R>
void put_row(CopyBytes& out, std::int32_t journal, std::uint64_t record, std::string_view symbol, const R& row) {
  std::size_t texts = symbol.size();
  if constexpr (requires { row.json; }) texts += row.json.size() + 1;
  out.reserve(row_bytes_max<R>() + texts);
  out.u16(static_cast<std::uint16_t>(columns_of<R>() + (names_its_symbol<R> ? 2 : 3)));
  put(out, journal);
  put(out, record);
  if constexpr (!names_its_symbol<R>) put(out, symbol);
  each_field<R>([&](auto field) {
    const auto& value = row.*decltype(field)::member;
    if constexpr (decltype(field)::name == "json") put_jsonb(out, value);
    else put(out, value);
  });
}

}  // namespace robo::store::postgres
