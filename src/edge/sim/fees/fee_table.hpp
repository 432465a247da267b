#pragma once
// Dated fees: rows of (key, value, valid_from, valid_to, source). Numbers are data, so a change of a rate is a row, and a
// back-test of an old day pays what that day cost.

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/decimal.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace robo::sim {

/// A fee's number: money per unit, a fraction of value, or a bound; 1e-9.
using Rate = Decimal<struct RateTag, 1'000'000'000>;

class FeeTable {
 public:
  /// Errors: every unreadable row with its line; two rows of one key that overlap in time.
  [[nodiscard]] static Result<FeeTable, Problem> load(const std::filesystem::path& file);
  [[nodiscard]] static Result<FeeTable, Problem> parse(std::string_view text, std::string_view name);

  /// The value in force on `day`; nothing when the table says nothing about it.
  [[nodiscard]] const Rate* find(std::string_view key, Date day) const;
  /// The same, zero when absent: for fees that did not exist yet.
  [[nodiscard]] Rate at_or_zero(std::string_view key, Date day) const;

  /// A copy in which `key` has `value` on every day: an operator's own rate.
  [[nodiscard]] FeeTable with(std::string_view key, Rate value) const;
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  struct Row {
    Rate value{};
    Date from{}, to{};  // both inclusive
    std::size_t line{};
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, std::vector<Row>, Hash, std::equal_to<>> rows_;
  std::size_t size_ = 0;
};

}  // namespace robo::sim
