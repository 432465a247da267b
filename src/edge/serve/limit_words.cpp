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
  double min{};
  double max{};
};

constexpr auto all = std::to_array<Words>({
    {"order_quantity_max", "Order quantity", "units", "the order is denied", 0, 1e9},
    {"order_notional_max", "Order notional", money, "the order is denied", 0, 1e9},
    {"position_quantity_max", "Position quantity", "units", "entries are denied", 0, 1e9},
    {"position_notional_max", "Position notional", money, "entries are denied", 0, 1e9},
    {"gross_exposure_max", "Gross exposure", money, "entries are denied", 0, 1e10},
    {"net_exposure_max", "Net exposure", money, "entries are denied", 0, 1e10},
    {"daily_loss_max", "Daily loss", money, "entries are denied and the kill switch trips", 0, 1e9},
    {"price_collar_bp", "Price collar", "bp", "the order is denied", 0, 10'000},
    {"orders_max", "Order rate", "orders", "orders wait for the window to pass", 0, 4096},
    {"order_window_s", "Order rate window", "s", "", 0, 3600},
    {"duplicate_window_s", "Duplicate window", "s", "the same order again is denied", 0, 3600},
    {"open_orders_per_contract_max", "Open orders per contract and side", "orders", "entries are denied", 0, 20},
    {"open_orders_max", "Open orders", "orders", "entries are denied", 0, 10'000},
    {"cash_min", "Least cash", money, "purchases are denied", -1e10, 1e10},
});

}  // namespace

view::Limit limit_row(std::string_view name, double value, std::string_view currency) {
  view::Limit row{.name = std::string(name), .title = std::string(name), .unit = {}, .limit = value, .used = {}, .use_percent = {}, .warn_percent = 80, .state = {}, .effect = {}, .subject = {},
                  .denials = {}, .editable = false, .min = {}, .max = {}};
  for (const auto& words : all) {
    if (words.name != name) continue;
    row.title = words.title;
    row.unit = words.unit == money ? currency : words.unit;
    row.effect = words.effect;
    row.editable = true;
    row.min = words.min;
    row.max = words.max;
  }
  return row;
}

}  // namespace robo::serve
