#pragma once
// Which members of a set lead: strength of each against the mean of all, whether it grows, and how fast the order turns.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/fields.hpp"
#include "model/fact.hpp"

namespace robo::regime {

struct RotationSettings {
  std::vector<std::string> members{};  // symbols; fewer than three: there is no rotation
  std::int64_t lookback = 60;          // bars of strength
  std::int64_t momentum = 20;          // bars its change is measured over
  std::int64_t silent_max = 5;         // bars without a trade after which a member is not known
  using fields = Fields<&RotationSettings::members, &RotationSettings::lookback, &RotationSettings::momentum, &RotationSettings::silent_max>;
  static constexpr bool defaults = true;
  static constexpr auto ranges = std::to_array<Range>({{"lookback", 2, 1'000'000}, {"momentum", 1, 1'000'000}, {"silent_max", 1, 1'000'000}});
};
static_assert(Complete<RotationSettings>);

/// One member. NaN: not known.
struct Standing {
  double strength{};   // return over the lookback against the set's mean, in standard deviations of that difference
  double momentum{};   // strength now less strength `momentum` bars ago
  std::uint32_t rank{};  // 1: strongest; 0: not known
  Quadrant quadrant{};
};

/// Allocates in the constructor only.
class Rotation {
 public:
  Rotation(const RotationSettings& settings, std::size_t members);

  /// A close of a member since the last bar() ended one.
  void close(std::size_t member, double price);
  /// The bar of all members is over. False when nobody said anything in it.
  bool bar();

  [[nodiscard]] std::size_t members() const { return standings_.size(); }
  [[nodiscard]] const Standing& standing(std::size_t member) const { return standings_[member]; }
  /// Members whose strength is known.
  [[nodiscard]] std::uint32_t known() const { return known_; }
  /// Of those: share that rose over the lookback, and standard deviation of their returns. NaN below three.
  [[nodiscard]] double breadth() const { return breadth_; }
  [[nodiscard]] double dispersion() const { return dispersion_; }
  /// (1 - Spearman's correlation of the ranks now and `momentum` bars ago) / 2: 0 as before, 1 turned around.
  [[nodiscard]] double turnover() const { return turnover_; }
  /// Index of rank 1; members(): not known.
  [[nodiscard]] std::size_t leader() const { return leader_; }

  static constexpr std::uint32_t members_min = 3;

 private:
  struct Member {
    double log_price, last;           // now; at the last bar
    std::int64_t silent = 0;
    double square = 0, weight = 0;    // of one-bar returns against the mean
    std::int64_t returns = 0;
  };
  [[nodiscard]] double& price_at(std::size_t member, std::int64_t ago);
  [[nodiscard]] double& strength_at(std::size_t member, std::int64_t ago);
  void rank();

  RotationSettings settings_;
  double keep_ = 0;
  std::vector<Member> state_;
  std::vector<Standing> standings_;
  std::vector<double> prices_, strengths_;  // rings, member by member: lookback + 1 and momentum + 1 places
  std::vector<double> moved_, then_;
  std::int64_t bars_ = 0;
  std::uint32_t known_ = 0;
  double breadth_, dispersion_, turnover_;
  std::size_t leader_;
  bool spoken_ = false;
};

}  // namespace robo::regime
