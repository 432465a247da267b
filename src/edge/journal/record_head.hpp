#pragma once
// The head in front of a record's payload, as both readers of a journal see it.

#include "base/crc32c.hpp"
#include "edge/journal/codec.hpp"
#include "edge/journal/record.hpp"

namespace robo::journal {

struct RecordHead {
  std::uint32_t crc{};
  std::uint16_t length{};                   // of the payload
  std::uint8_t class_of{};

  /// The record `bytes` begin with, head and payload, is what was written. `length` bytes behind the head must be there.
  [[nodiscard]] bool vouches_for(std::span<const std::byte> bytes) const {
    return class_of >= 1 && class_of <= 4 && crc == crc32c(bytes.subspan(4, record_header_size - 4 + length));
  }
};

/// Reads the head `bytes` begin with; what belongs to the record goes into `out`.
[[nodiscard]] inline RecordHead head_of(std::span<const std::byte> bytes, Record& out) {
  RecordHead head;
  ByteReader reader(bytes);
  reader.get(head.crc);
  reader.get(head.length);
  reader.get(head.class_of);
  reader.get(out.kind);
  reader.get(out.at);
  reader.get(out.received_at);
  return head;
}

}  // namespace robo::journal
