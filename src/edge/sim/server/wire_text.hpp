#pragma once
// How TWS spells things.

#include <string>
#include <string_view>

#include "base/time_zone.hpp"
#include "edge/ib/wire/number.hpp"
#include "model/instrument.hpp"
#include "model/order.hpp"

namespace robo::sim {

namespace wire = robo::ib::wire;

/// The clock TWS was logged in with: New York.
class Login {
 public:
  Login();
  [[nodiscard]] const TimeZone& zone() const { return zone_; }
  [[nodiscard]] std::string date_time(Timestamp at) const;         // 20180102 09:30:00
  [[nodiscard]] std::string date_time_zone(Timestamp at) const;    // 20180102 09:30:00 US/Eastern
  [[nodiscard]] std::string connection_time(Timestamp at) const;   // 20180102 09:30:00 EST
  [[nodiscard]] std::string day(Timestamp at) const;               // 20180102
  [[nodiscard]] std::string clock(Timestamp at) const;             // 09:30
  /// "20180102 16:00:00 US/Eastern", "20180102-21:00:00" (UTC), "20180102 16:00:00" (login zone), "20180102".
  [[nodiscard]] Result<Timestamp, Problem> parse(std::string_view text) const;

 private:
  TimeZone zone_;
};

[[nodiscard]] std::string utc_dashed(Timestamp at);                // 20180102-14:30:00
[[nodiscard]] inline std::int64_t epoch_seconds(Timestamp at) { return at.ns / 1'000'000'000; }

[[nodiscard]] std::string_view sec_type(AssetClass asset_class);
[[nodiscard]] std::string_view right_of(OptionRight right);
/// Two decimals, as account values are told.
[[nodiscard]] std::string money_text(double value);
[[nodiscard]] wire::Number number_of(double value, int places = 2);
[[nodiscard]] wire::Number unset_double();

[[nodiscard]] std::string_view status_of(OrderState state);
[[nodiscard]] std::string_view order_type_of(const OrderKind& kind);
[[nodiscard]] std::string_view tif_of(TimeInForce tif);

}  // namespace robo::sim
