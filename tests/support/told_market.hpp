#pragma once
// A market whose events a test writes down itself, in order of time.

#include <algorithm>
#include <span>
#include <vector>

#include "runtime/ports.hpp"

namespace robo::test {

/// The heir fills instruments_ and events_ in its constructor. Played a thousand events at a time.
class ToldMarket : public runtime::MarketSource {
 public:
  [[nodiscard]] std::span<const Instrument> instruments() const override { return instruments_; }
  [[nodiscard]] std::span<const Event> next() override {
    const auto from = at_;
    at_ = std::min(at_ + 1000, events_.size());
    return std::span<const Event>(events_).subspan(from, at_ - from);
  }
  void rewind() override { at_ = 0; }

 protected:
  std::vector<Instrument> instruments_{};
  std::vector<Event> events_{};

 private:
  std::size_t at_ = 0;
};

}  // namespace robo::test
