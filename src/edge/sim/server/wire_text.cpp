#include "edge/sim/server/wire_text.hpp"

#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace robo::sim {
namespace {

struct Civil {
  int year{};
  unsigned month{}, day{};
  std::int64_t hour{}, minute{}, second{};
};

Civil civil_of(LocalTime local) {
  const std::string date = to_text(local.date);  // 2018-01-02
  Civil c;
  std::from_chars(date.data(), date.data() + date.size() - 6, c.year);
  std::from_chars(date.data() + date.size() - 5, date.data() + date.size() - 3, c.month);
  std::from_chars(date.data() + date.size() - 2, date.data() + date.size(), c.day);
  const auto s = local.since_midnight.ns / 1'000'000'000;
  c.hour = s / 3600, c.minute = s / 60 % 60, c.second = s % 60;
  return c;
}

TimeZone need(std::string_view name) {
  auto zone = TimeZone::find(name);
  if (!zone) throw std::runtime_error(zone.error().text);
  return *zone;
}

bool digits(std::string_view text, std::size_t from, std::size_t count, int& out) {
  if (from + count > text.size()) return false;
  const auto [end, error] = std::from_chars(text.data() + from, text.data() + from + count, out);
  return error == std::errc{} && end == text.data() + from + count;
}

}  // namespace

Login::Login() : zone_(need("America/New_York")) {}

std::string Login::date_time(Timestamp at) const {
  const auto c = civil_of(zone_.to_local(at));
  return fmt::format("{:04}{:02}{:02} {:02}:{:02}:{:02}", c.year, c.month, c.day, c.hour, c.minute, c.second);
}
std::string Login::date_time_zone(Timestamp at) const { return date_time(at) + " US/Eastern"; }
std::string Login::connection_time(Timestamp at) const { return date_time(at) + (zone_.offset(at) == hours(-4) ? " EDT" : " EST"); }
std::string Login::day(Timestamp at) const { return date_time(at).substr(0, 8); }
std::string Login::clock(Timestamp at) const { return date_time(at).substr(9, 5); }

Result<Timestamp, Problem> Login::parse(std::string_view text) const {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  const auto bad = [&] { return fail(Problem{fmt::format("'{}' is not a time like 20180102 16:00:00 US/Eastern or 20180102-21:00:00", text)}); };
  if (!digits(text, 0, 4, year) || !digits(text, 4, 2, month) || !digits(text, 6, 2, day)) return bad();
  if (month < 1 || month > 12 || day < 1 || day > 31) return bad();
  const LocalTime midnight{date_of(year, static_cast<unsigned>(month), static_cast<unsigned>(day)), {}};
  if (text.size() == 8) return zone_.to_utc(midnight);
  if (!digits(text, 9, 2, hour) || !digits(text, 12, 2, minute)) return bad();
  if (text.size() >= 17 && text[14] == ':' && !digits(text, 15, 2, second)) return bad();
  const LocalTime local{midnight.date, hours(hour) + minutes(minute) + seconds(second)};
  if (text[8] == '-') return Timestamp{std::int64_t{local.date.days} * 86'400'000'000'000 + local.since_midnight.ns};
  const auto space = text.find(' ', 9);
  if (space == std::string_view::npos) return zone_.to_utc(local);
  const auto zone = TimeZone::find(text.substr(space + 1));
  if (!zone) return fail(Problem{zone.error()});
  return zone->to_utc(local);
}

std::string utc_dashed(Timestamp at) {
  const std::int64_t day_ns = 86'400'000'000'000;
  const auto days = at.ns / day_ns;
  const auto c = civil_of({Date{static_cast<std::int32_t>(days)}, Duration{at.ns - days * day_ns}});
  return fmt::format("{:04}{:02}{:02}-{:02}:{:02}:{:02}", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

std::string_view sec_type(AssetClass asset_class) {
  switch (asset_class) {
    case AssetClass::Stock:
    case AssetClass::Etf: return "STK";
    case AssetClass::Future: return "FUT";
    case AssetClass::Forex: return "CASH";
    case AssetClass::Crypto: return "CRYPTO";
    case AssetClass::Option: return "OPT";
    case AssetClass::Combo: return "BAG";
    case AssetClass::Index: return "IND";
  }
  return "";
}
std::string_view right_of(OptionRight right) {
  switch (right) {
    case OptionRight::Call: return "C";
    case OptionRight::Put: return "P";
    case OptionRight::None: return "";
  }
  return "";
}

std::string money_text(double value) { return fmt::format("{:.2f}", value); }

wire::Number number_of(double value, int places) {
  if (!std::isfinite(value) || std::abs(value) > 1e12) return wire::Number::unset();
  return wire::Number::of(std::llround(value * static_cast<double>(wire::Number::power_of_ten(places))), places);
}
wire::Number unset_double() { return wire::Number::unset(); }

std::string_view status_of(OrderState state) {
  switch (state) {
    case OrderState::PendingSubmit: return "PendingSubmit";
    case OrderState::PreSubmitted: return "PreSubmitted";
    case OrderState::Submitted: return "Submitted";
    case OrderState::PendingCancel: return "PendingCancel";
    case OrderState::Filled: return "Filled";
    case OrderState::Cancelled: return "Cancelled";
    case OrderState::Rejected:
    case OrderState::Unknown: return "Inactive";
  }
  return "Inactive";
}

std::string_view order_type_of(const OrderKind& kind) {
  constexpr std::string_view names[] = {"MKT", "LMT", "STP", "STP LMT", "TRAIL"};
  return names[kind.index()];
}

std::string_view tif_of(TimeInForce tif) {
  switch (tif) {
    case TimeInForce::Day: return "DAY";
    case TimeInForce::GoodTillCancel: return "GTC";
    case TimeInForce::ImmediateOrCancel: return "IOC";
    case TimeInForce::FillOrKill: return "FOK";
  }
  return "DAY";
}

}  // namespace robo::sim
