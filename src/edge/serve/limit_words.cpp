#include "edge/serve/limit_words.hpp"

#include <array>

namespace robo::serve {
namespace {

constexpr std::string_view money = "money";  // replaced by the account's currency

struct Words {
  std::string_view name{};
  std::string_view title{};
  std::string_view unit{};
  std::string_view effect{};
  std::string_view measure{};
  double min{};
  double max{};
};

constexpr auto all = std::to_array<Words>({
    {"order_quantity_max", "Order quantity", "units", "the order is denied", "largest order since the start", 0, 1e7},
    {"order_notional_max", "Order value", money, "the order is denied", "largest order since the start", 0, 1e9},
    {"position_quantity_max", "Position quantity", "units", "entries are denied", "largest position now", 0, 1e7},
    {"position_notional_max", "Position value", money, "entries are denied", "largest position now", 0, 1e9},
    {"gross_exposure_max", "Gross exposure", money, "entries are denied", "now", 0, 1e10},
    {"net_exposure_max", "Net exposure", money, "entries are denied", "now, long or short", 0, 1e10},
    {"daily_loss_max", "Daily loss", money, "kill: entries stop, positions are closed", "today", 0, 1e9},
    {"price_collar_bp", "Price collar", "bp", "the order is denied", "furthest past the middle since the start", 0, 10'000},
    {"orders_max", "Order rate", "orders", "orders are denied until the window has passed", "in the window now", 0, 4096},  // places in the gate's window
    {"order_window_s", "Order rate window", "s", "window of the order rate", "a setting of the order rate", 0, 3600},
    {"duplicate_window_s", "Duplicate window", "s", "the same order twice in it is denied", "a setting: equal orders closer than this are one", 0, 3600},
    {"open_orders_per_contract_max", "Open orders per contract", "orders", "the order is denied", "most on one contract now", 0, 20},
    {"open_orders_max", "Open orders", "orders", "the order is denied", "now", 0, 10'000},
    {"cash_min", "Least cash", money, "purchases are denied", "cash now", -1e9, 1e9},
});

}  // namespace

view::Limit limit_row(std::string_view name, double value, std::string_view currency) {
  view::Limit row{.name = std::string(name), .title = std::string(name), .unit = {}, .limit = value, .used = {}, .measure = {}, .use_percent = {}, .warn_percent = 80, .state = {}, .effect = {}, .subject = {},
                  .denials = {}, .editable = false, .min = {}, .max = {}};
  for (const auto& words : all) {
    if (words.name != name) continue;
    row.title = words.title;
    row.unit = words.unit == money ? currency : words.unit;
    row.effect = words.effect;
    row.measure = words.measure;
    row.editable = true;
    row.min = words.min;
    row.max = words.max;
  }
  return row;
}

}  // namespace robo::serve
