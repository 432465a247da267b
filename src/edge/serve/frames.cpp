#include "edge/serve/frames.hpp"

#include <bit>
#include <cstring>
#include <utility>

namespace robo::serve::frames {
namespace {

static_assert(std::endian::native == std::endian::little, "frames are written in host order");

template <class T>
void put(std::string& bytes, std::size_t offset, T value) {
  std::memcpy(bytes.data() + offset, &value, sizeof value);
}

double milliseconds_of(Timestamp at) { return static_cast<double>(at.ns) * 1e-6; }

}  // namespace

void FrameWriter::append(BlockType type, std::size_t width, std::size_t rows, std::uint32_t instrument, std::uint32_t extra,
                         const void* data) {
  const auto header = bytes_.size();
  const auto payload = width * rows * sizeof(double);
  bytes_.resize(header + block_header_bytes + payload);
  put(bytes_, header, static_cast<std::uint16_t>(type));
  put(bytes_, header + 2, static_cast<std::uint16_t>(width));
  put(bytes_, header + 4, static_cast<std::uint32_t>(rows));
  put(bytes_, header + 8, instrument);
  put(bytes_, header + 12, extra);
  std::memcpy(bytes_.data() + header + block_header_bytes, data, payload);
  ++blocks_;
}

std::string FrameWriter::finish(std::uint32_t number, Timestamp sent, Timestamp engine, std::uint32_t conflated) {
  put(bytes_, 0, magic);
  put(bytes_, 4, version);
  put(bytes_, 6, static_cast<std::uint16_t>(frame_header_bytes));
  put(bytes_, 8, blocks_);
  put(bytes_, 12, number);
  put(bytes_, 16, milliseconds_of(sent));
  put(bytes_, 24, milliseconds_of(engine));
  put(bytes_, 32, conflated);
  blocks_ = 0;
  return std::exchange(bytes_, std::string(frame_header_bytes, '\0'));
}

}  // namespace robo::serve::frames
