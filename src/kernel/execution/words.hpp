#pragma once
// Short sentences without allocation, for the texts inside facts.

#include <charconv>
#include <cstring>
#include <string_view>

#include "base/decimal.hpp"
#include "base/text.hpp"

namespace robo::execution {

class Words {
 public:
  Words& operator<<(std::string_view text) {
    const auto n = std::min(text.size(), buffer_.size() - size_);
    std::memcpy(buffer_.data() + size_, text.data(), n);
    size_ += n;
    return *this;
  }
  Words& operator<<(std::int64_t number) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    return *this << std::string_view(digits, static_cast<std::size_t>(end - digits));
  }
  Words& operator<<(Quantity quantity) { return decimal(quantity.raw, Quantity::scale); }
  Words& operator<<(Price price) { return decimal(price.raw, Price::scale); }
  [[nodiscard]] std::string_view view() const { return {buffer_.data(), size_}; }

 private:
  Words& decimal(std::int64_t raw, std::int64_t scale) {
    if (raw < 0) *this << "-";
    const auto magnitude = raw < 0 ? -raw : raw;
    *this << magnitude / scale;
    auto rest = magnitude % scale;
    if (rest == 0) return *this;
    *this << ".";
    for (auto step = scale / 10; rest != 0; step /= 10) {
      const char digit = static_cast<char>('0' + rest / step);
      *this << std::string_view(&digit, 1);
      rest %= step;
    }
    return *this;
  }
  std::array<char, 120> buffer_{};
  std::size_t size_ = 0;
};

}  // namespace robo::execution
