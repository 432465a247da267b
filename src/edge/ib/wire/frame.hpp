#pragma once
// Frames on the byte stream: a 4-byte big-endian length, then that many bytes (protocol: docs/ib.md, Framing).
//
//   00 00 00 08 | 39 00 31 00 35 30 31 00      nextValidId "9\0" "1\0" "501\0"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/result.hpp"

namespace robo::ib::wire {

/// Above this an official reader drops the connection too.
inline constexpr std::uint32_t frame_size_max = 0xFFFFFF;
/// Readers may look this far behind a payload (never use what they see there).
inline constexpr std::size_t readable_behind = 64;

/// A view of one payload, without its length. Valid until the buffer it lies in receives again;
/// `readable_behind` bytes behind it can be read.
struct Frame {
  const char* data{};
  std::size_t size{};
  std::string_view view() const { return {data, size}; }
};

enum class FrameError : std::uint8_t { Oversized, Empty };
std::string_view to_text(FrameError error);

/// Receive buffer that hands out frames as views, without copying. Bytes may arrive in any portions.
class FrameBuffer {
 public:
  explicit FrameBuffer(std::size_t capacity = 64 * 1024);

  /// Room for the next receive, never empty. Invalidates frames handed out before.
  [[nodiscard]] std::span<char> space();
  /// `count` bytes were put at the front of space().
  void received(std::size_t count);
  /// The next whole frame, nothing when more bytes are needed. After an error the stream is lost: close it.
  [[nodiscard]] Result<std::optional<Frame>, FrameError> next() {
    wanted_ = 0;
    const std::size_t held = end_ - begin_;
    if (held < length_size) return std::optional<Frame>{};
    std::uint32_t big = 0;
    std::memcpy(&big, bytes_.get() + begin_, sizeof big);
    const std::size_t size = __builtin_bswap32(big);
    if (size - 1 >= frame_size_max) [[unlikely]] return fail(size == 0 ? FrameError::Empty : FrameError::Oversized);
    if (held < length_size + size) {
      wanted_ = length_size + size;
      return std::optional<Frame>{};
    }
    const Frame frame{bytes_.get() + begin_ + length_size, size};
    begin_ += length_size + size;
    return std::optional<Frame>{frame};
  }

  /// The bytes not consumed yet; for what precedes the first frame (API\0 on a server).
  std::string_view pending() const { return {bytes_.get() + begin_, end_ - begin_}; }
  void skip(std::size_t count);
  /// Forgets everything, for a new connection.
  void clear() { begin_ = end_ = 0; }
  std::size_t capacity() const { return capacity_; }

 private:
  static constexpr std::size_t length_size = 4;
  void resize(std::size_t capacity);

  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t initial_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t wanted_ = 0;  // bytes the frame under way needs, length included
};

/// A payload of its own, with the readable bytes behind it: for stored messages and tests.
class OwnedFrame {
 public:
  OwnedFrame() = default;
  explicit OwnedFrame(std::string_view payload);
  Frame frame() const { return {bytes_.get(), size_}; }
  std::string_view view() const { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
};

}  // namespace robo::ib::wire
