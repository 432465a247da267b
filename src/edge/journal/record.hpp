#pragma once
// The journal on disk: a folder of segments, each a header and records. Little-endian.
//
//   segment  | magic "ROBOJRNL" | u32 version | u32 header bytes | u64 schema fingerprint | u64 engine session |
//            | u64 number of first record | i64 created at, ns | u32 crc32c of the above | u32 0 |
//   record   | u32 crc32c of all that follows | u16 payload bytes | u8 class | u8 kind | i64 at | i64 received at | payload |
//
// A record of length and crc 0 ends a segment that is still being written: pages are zero before use.

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/time.hpp"

namespace robo::journal {

inline constexpr std::uint32_t format_version = 1;
inline constexpr std::size_t segment_header_size = 64;
inline constexpr std::size_t record_header_size = 24;
inline constexpr std::size_t payload_size_max = 4096;

enum class RecordClass : std::uint8_t { End = 0, Event = 1, Command = 2, Fact = 3, Gap = 4 };

/// One record as read: a view into the segment.
struct Record {
  std::uint64_t number{};      // from 0, over all segments
  RecordClass kind_of{};
  std::uint8_t kind{};         // index of the alternative in EventPayload, Command or FactPayload
  Timestamp at{};
  Timestamp received_at{};     // events only
  std::span<const std::byte> payload{};
};

}  // namespace robo::journal
