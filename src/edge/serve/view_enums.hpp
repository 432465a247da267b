#pragma once
// The words the desk uses for states. The order of the names is the order of the values.

#include <array>
#include <cstdint>
#include <string_view>

#include "base/fields.hpp"

namespace robo::serve::view {

enum class Mode : std::uint8_t { Demo, Paper, Live, Replay };
enum class GatewayState : std::uint8_t { Disconnected, Connecting, LoggedIn, Reconciling, RestartWindow };
enum class StepState : std::uint8_t { Waiting, Running, Done, Differs };
enum class Session : std::uint8_t { Closed, Pre, Rth, Post };
enum class KillState : std::uint8_t { Ready, EntriesStopped, Fired };
enum class Agreement : std::uint8_t { Unknown, Checking, Agrees, Differs };
enum class QuoteState : std::uint8_t { Missing, Live, Stale, Crossed, Halted };
enum class Side : std::uint8_t { Buy, Sell };
enum class Aggressor : std::uint8_t { Unknown, Buyer, Seller };
enum class OrderType : std::uint8_t { Market, Limit, Stop, StopLimit, Trail, Other };
enum class Tif : std::uint8_t { Day, Gtc, Ioc, Fok, Other };
enum class OrderState : std::uint8_t { Pending, Working, Partial, Held, PendingCancel, Filled, Cancelled, Rejected, Unknown };
enum class Purpose : std::uint8_t { Entry, Exit, Stop, Target, Flatten };
enum class StrategyState : std::uint8_t { Off, Warming, Running, Shadow, Paused, Halted };
enum class LimitState : std::uint8_t { Ok, Near, Hit };
enum class RegimeName : std::uint8_t { Unknown, Trending, Ranging, Volatile, Crisis };
enum class ExposureKind : std::uint8_t { Account, Instrument, Sector, Currency };
enum class Quadrant : std::uint8_t { Unknown, Leading, Weakening, Lagging, Improving };
enum class AppetiteKind : std::uint8_t { Unknown, RiskOff, Neutral, RiskOn };
enum class LogLevel : std::uint8_t { Info, Good, Attention, Alarm };
enum class LogTopic : std::uint8_t { System, Order, Risk, Strategy, Market, Gateway, Operator };
enum class KillScope : std::uint8_t { StopEntries, CancelEntries, Flatten };

}  // namespace robo::serve::view

namespace robo {

template <> struct EnumNames<serve::view::Mode> {
  static constexpr std::array<std::string_view, 4> names{"DEMO", "PAPER", "LIVE", "REPLAY"};
};
template <> struct EnumNames<serve::view::GatewayState> {
  static constexpr std::array<std::string_view, 5> names{"disconnected", "connecting", "logged_in", "reconciling", "restart_window"};
};
template <> struct EnumNames<serve::view::StepState> {
  static constexpr std::array<std::string_view, 4> names{"waiting", "running", "done", "differs"};
};
template <> struct EnumNames<serve::view::Session> {
  static constexpr std::array<std::string_view, 4> names{"closed", "pre", "rth", "post"};
};
template <> struct EnumNames<serve::view::KillState> {
  static constexpr std::array<std::string_view, 3> names{"ready", "entries_stopped", "fired"};
};
template <> struct EnumNames<serve::view::Agreement> {
  static constexpr std::array<std::string_view, 4> names{"unknown", "checking", "agrees", "differs"};
};
template <> struct EnumNames<serve::view::QuoteState> {
  static constexpr std::array<std::string_view, 5> names{"missing", "live", "stale", "crossed", "halted"};
};
template <> struct EnumNames<serve::view::Side> {
  static constexpr std::array<std::string_view, 2> names{"BUY", "SELL"};
};
template <> struct EnumNames<serve::view::Aggressor> {
  static constexpr std::array<std::string_view, 3> names{"unknown", "buyer", "seller"};
};
template <> struct EnumNames<serve::view::OrderType> {
  static constexpr std::array<std::string_view, 6> names{"MKT", "LMT", "STP", "STP LMT", "TRAIL", "other"};
};
template <> struct EnumNames<serve::view::Tif> {
  static constexpr std::array<std::string_view, 5> names{"DAY", "GTC", "IOC", "FOK", "other"};
};
template <> struct EnumNames<serve::view::OrderState> {
  static constexpr std::array<std::string_view, 9> names{"pending", "working", "partial", "held", "pending_cancel",
                                                         "filled",  "cancelled", "rejected", "unknown"};
};
template <> struct EnumNames<serve::view::Purpose> {
  static constexpr std::array<std::string_view, 5> names{"entry", "exit", "stop", "target", "flatten"};
};
template <> struct EnumNames<serve::view::StrategyState> {
  static constexpr std::array<std::string_view, 6> names{"off", "warming", "running", "shadow", "paused", "halted"};
};
template <> struct EnumNames<serve::view::LimitState> {
  static constexpr std::array<std::string_view, 3> names{"ok", "near", "hit"};
};
template <> struct EnumNames<serve::view::RegimeName> {
  static constexpr std::array<std::string_view, 5> names{"unknown", "trending", "ranging", "volatile", "crisis"};
};
template <> struct EnumNames<serve::view::ExposureKind> {
  static constexpr std::array<std::string_view, 4> names{"account", "instrument", "sector", "currency"};
};
template <> struct EnumNames<serve::view::Quadrant> {
  static constexpr std::array<std::string_view, 5> names{"unknown", "leading", "weakening", "lagging", "improving"};
};
template <> struct EnumNames<serve::view::AppetiteKind> {
  static constexpr std::array<std::string_view, 4> names{"unknown", "risk_off", "neutral", "risk_on"};
};
template <> struct EnumNames<serve::view::LogLevel> {
  static constexpr std::array<std::string_view, 4> names{"info", "good", "attention", "alarm"};
};
template <> struct EnumNames<serve::view::LogTopic> {
  static constexpr std::array<std::string_view, 7> names{"system", "order", "risk", "strategy", "market", "gateway", "operator"};
};

template <> struct EnumNames<serve::view::KillScope> {
  static constexpr std::array<std::string_view, 3> names{"stop_entries", "cancel_entries", "flatten"};
};

}  // namespace robo
