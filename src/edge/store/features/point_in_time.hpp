#pragma once
// Reading features as they were known: of one symbol over a time, and joined to any list of moments.

#include <optional>

#include "edge/store/features/batch.hpp"

namespace robo::store::features {

/// True when the rows of `inner` are among those of `outer`, by source and time.
[[nodiscard]] bool covers(const Rows& outer, const Rows& inner);

/// All rows of one set and symbol, sealed and live, in order: `source` empty takes all sessions. Damaged files are left out and
/// named in `damaged`.
class Series {
 public:
  [[nodiscard]] static Series load(const std::filesystem::path& folder, const std::filesystem::path& live, std::string_view set, std::string_view symbol,
                                   std::string_view source = {}, std::optional<Date> from = {}, std::optional<Date> until = {});
  [[nodiscard]] const std::vector<Rows>& parts() const { return parts_; }
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] const std::vector<std::string>& damaged() const { return damaged_; }

  struct Place {
    const Rows* rows{};
    std::size_t row{};
    explicit operator bool() const { return rows != nullptr; }
  };
  /// The newest row that was known at `moment` (known_at <= moment), not older than `age_max` when given. None: nothing was known.
  [[nodiscard]] Place as_known_at(Timestamp moment, std::optional<Duration> age_max = {}) const;

 private:
  std::vector<Rows> parts_;
  std::vector<std::string> damaged_;
};

struct Moment {
  std::string symbol{};
  Timestamp at{};
};
/// One column a feature, a row a moment; NaN where nothing was known, or the set has no such feature.
struct Joined {
  std::vector<std::string> features{};
  std::vector<std::int64_t> known_at{};       // of the row taken; 0: none
  std::vector<std::vector<double>> values{};
  std::vector<std::string> damaged{};
};
[[nodiscard]] Joined join_as_known(const std::filesystem::path& folder, const std::filesystem::path& live, std::string_view set, std::span<const Moment> moments,
                                   const std::vector<std::string>& features, std::optional<Duration> age_max = {});

}  // namespace robo::store::features
