#include "edge/ib/wire/frame.hpp"

#include <algorithm>
#include <cstring>

#include "base/invariant.hpp"

namespace robo::ib::wire {

namespace {

constexpr std::size_t receive_min = 4096;  // room offered to one receive at least

}  // namespace

std::string_view to_text(FrameError error) {
  switch (error) {
    case FrameError::Oversized: return "frame longer than 16777215 bytes";
    case FrameError::Empty: return "frame of length 0";
  }
  return "?";
}

FrameBuffer::FrameBuffer(std::size_t capacity) : initial_(std::max(capacity, 2 * receive_min)) { resize(initial_); }

void FrameBuffer::resize(std::size_t capacity) {
  auto bytes = std::make_unique<char[]>(capacity + readable_behind);
  const std::size_t held = end_ - begin_;
  if (held > 0) std::memcpy(bytes.get(), bytes_.get() + begin_, held);
  bytes_ = std::move(bytes);
  capacity_ = capacity;
  begin_ = 0;
  end_ = held;
}

std::span<char> FrameBuffer::space() {
  if (begin_ == end_) {
    begin_ = end_ = 0;
    if (capacity_ > initial_) resize(initial_);  // a multi-megabyte answer has passed
  }
  const std::size_t wanted = std::max(wanted_, end_ - begin_ + receive_min);
  if (wanted > capacity_) {
    resize(std::max(wanted, std::min<std::size_t>(2 * capacity_, frame_size_max + length_size + receive_min)));
  } else if (capacity_ - end_ < receive_min || capacity_ - begin_ < wanted_) {
    std::memmove(bytes_.get(), bytes_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  return {bytes_.get() + end_, capacity_ - end_};
}

void FrameBuffer::received(std::size_t count) {
  INVARIANT(count <= capacity_ - end_);
  end_ += count;
}

void FrameBuffer::skip(std::size_t count) {
  INVARIANT(count <= end_ - begin_);
  begin_ += count;
}

OwnedFrame::OwnedFrame(std::string_view payload)
    : bytes_(std::make_unique<char[]>(payload.size() + readable_behind)), size_(payload.size()) {
  std::copy(payload.begin(), payload.end(), bytes_.get());
}

}  // namespace robo::ib::wire
