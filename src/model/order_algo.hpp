#pragma once
// IB's own algorithms: who works the order, and the bounds it is given.

#include "model/order_kinds.hpp"

namespace robo {

/// The largest share of the market's volume an algorithm may be, 1 to 50 %. One that is out of bounds cannot be made:
/// volume_share<60>() does not compile, VolumeShare::of(percent(60)) is not set.
class VolumeShare {
 public:
  constexpr VolumeShare() = default;
  /// In basis points; what is out of bounds becomes unset, which no check lets pass.
  static constexpr VolumeShare of(BasisPoints share) {
    return share.value >= 100 && share.value <= 5000 ? VolumeShare(share.value) : VolumeShare(0);
  }
  [[nodiscard]] constexpr bool is_set() const { return points != 0; }
  [[nodiscard]] constexpr double fraction() const { return points / 10'000.0; }
  friend constexpr bool operator==(VolumeShare, VolumeShare) = default;

  std::int32_t points{};  // basis points; 0: not given
  using fields = Fields<&VolumeShare::points>;

 private:
  explicit constexpr VolumeShare(std::int32_t p) : points(p) {}
};
template <std::int32_t Percent>
  requires(Percent >= 1 && Percent <= 50)
constexpr VolumeShare volume_share() {
  return VolumeShare::of(BasisPoints{Percent * 100});
}

/// When an algorithm works; zero start: at once, zero end: the close. `past_end`: may go on after the end until it is done.
struct AlgoWindow {
  Timestamp start{};
  Timestamp end{};
  bool past_end{};
  friend constexpr bool operator==(AlgoWindow, AlgoWindow) = default;
  using fields = Fields<&AlgoWindow::start, &AlgoWindow::end, &AlgoWindow::past_end>;
};

enum class AdaptivePriority : std::uint8_t { Urgent, Normal, Patient };
template <>
struct EnumNames<AdaptivePriority> {
  static constexpr std::array<std::string_view, 3> names{"urgent", "normal", "patient"};
};
enum class TwapStyle : std::uint8_t { Marketable, MatchingMidpoint, MatchingSameSide, MatchingLast };
template <>
struct EnumNames<TwapStyle> {
  static constexpr std::array<std::string_view, 4> names{"marketable", "matching_midpoint", "matching_same_side", "matching_last"};
};
enum class RiskAversion : std::uint8_t { GetDone, Aggressive, Neutral, Passive };
template <>
struct EnumNames<RiskAversion> {
  static constexpr std::array<std::string_view, 4> names{"get_done", "aggressive", "neutral", "passive"};
};

struct NoAlgo {
  friend constexpr bool operator==(NoAlgo, NoAlgo) = default;
  using fields = Fields<>;
};
struct Adaptive {
  AdaptivePriority priority{AdaptivePriority::Normal};
  friend constexpr bool operator==(Adaptive, Adaptive) = default;
  using fields = Fields<&Adaptive::priority>;
};
struct Twap {
  TwapStyle style{};
  AlgoWindow window{};
  friend constexpr bool operator==(Twap, Twap) = default;
  using fields = Fields<&Twap::style, &Twap::window>;
};
struct Vwap {
  VolumeShare share{};
  AlgoWindow window{};
  bool no_take{};              // stays passive as far as it can
  bool speed_up{};             // ahead of the curve when the price is near its limit
  friend constexpr bool operator==(Vwap, Vwap) = default;
  using fields = Fields<&Vwap::share, &Vwap::window, &Vwap::no_take, &Vwap::speed_up>;
};
struct ArrivalPrice {
  VolumeShare share{};
  RiskAversion urgency{RiskAversion::Neutral};
  AlgoWindow window{};
  bool force_completion{};
  friend constexpr bool operator==(ArrivalPrice, ArrivalPrice) = default;
  using fields = Fields<&ArrivalPrice::share, &ArrivalPrice::urgency, &ArrivalPrice::window, &ArrivalPrice::force_completion>;
};
struct PercentOfVolume {
  VolumeShare share{};
  AlgoWindow window{};
  bool no_take{};
  friend constexpr bool operator==(PercentOfVolume, PercentOfVolume) = default;
  using fields = Fields<&PercentOfVolume::share, &PercentOfVolume::window, &PercentOfVolume::no_take>;
};
struct DarkIce {
  std::int32_t display{};      // shown size, varied by half by IB
  AlgoWindow window{};
  friend constexpr bool operator==(DarkIce, DarkIce) = default;
  using fields = Fields<&DarkIce::display, &DarkIce::window>;
};
struct ClosePrice {
  VolumeShare share{};
  RiskAversion urgency{RiskAversion::Neutral};
  Timestamp start{};
  bool force_completion{};
  friend constexpr bool operator==(ClosePrice, ClosePrice) = default;
  using fields = Fields<&ClosePrice::share, &ClosePrice::urgency, &ClosePrice::start, &ClosePrice::force_completion>;
};
struct AccumulateDistribute {
  std::int32_t component{};    // size of one part
  std::int32_t every_seconds{};
  bool randomize_time{};       // by 20 %
  bool randomize_size{};       // by 55 %
  std::int32_t give_up{};      // parts that fail before it stops; 0: never
  bool catch_up{};
  bool wait_for_fill{};
  AlgoWindow window{};
  friend constexpr bool operator==(AccumulateDistribute, AccumulateDistribute) = default;
  using fields = Fields<&AccumulateDistribute::component, &AccumulateDistribute::every_seconds, &AccumulateDistribute::randomize_time,
                        &AccumulateDistribute::randomize_size, &AccumulateDistribute::give_up, &AccumulateDistribute::catch_up,
                        &AccumulateDistribute::wait_for_fill, &AccumulateDistribute::window>;
};
using Algo = std::variant<NoAlgo, Adaptive, Twap, Vwap, ArrivalPrice, PercentOfVolume, DarkIce, ClosePrice, AccumulateDistribute>;

}  // namespace robo
