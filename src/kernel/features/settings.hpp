#pragma once
// How the sides of trades are judged where no exchange says them: by default, and for instruments that want it otherwise.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.hpp"
#include "base/time.hpp"

namespace robo::features {

enum class SideRule : std::uint8_t { Emo, Tick, LeeReady, Clnv };

/// What one instrument wants.
struct SideSettings {
  std::string symbol{};
  SideRule side_rule = SideRule::Emo;
  Duration quote_lag{};      // a quote must be older than the trade by more than this to judge it
  bool calibrate = false;    // find the lag from the instrument's own quotes and trades instead
  using fields = Fields<&SideSettings::symbol, &SideSettings::side_rule, &SideSettings::quote_lag, &SideSettings::calibrate>;
  static constexpr bool defaults = true;
  static constexpr auto required = std::to_array<std::string_view>({"symbol"});
  static constexpr auto ranges = std::to_array<Range>({{"quote_lag", 0, 5}});
};

struct Settings {
  SideRule side_rule = SideRule::Emo;
  Duration quote_lag{};
  bool calibrate = false;
  std::vector<SideSettings> instruments{};  // instead of the three above
  using fields = Fields<&Settings::side_rule, &Settings::quote_lag, &Settings::calibrate, &Settings::instruments>;
  static constexpr bool defaults = true;  // a setting left out of the file keeps its value from here
  static constexpr auto ranges = std::to_array<Range>({{"quote_lag", 0, 5}});

  [[nodiscard]] SideSettings of(std::string_view symbol) const {
    for (const auto& one : instruments)
      if (one.symbol == symbol) return one;
    return {.symbol = std::string(symbol), .side_rule = side_rule, .quote_lag = quote_lag, .calibrate = calibrate};
  }
};

}  // namespace robo::features

namespace robo {
template <>
struct EnumNames<features::SideRule> {
  static constexpr std::array<std::string_view, 4> names{"emo", "tick", "lee_ready", "clnv"};
};
}  // namespace robo
