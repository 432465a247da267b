#include "apps/catalogue.hpp"

#include <array>

namespace robo::apps {

namespace {

namespace view = serve::view;

struct LimitText {
  std::string_view name{}, title{}, unit{}, effect{};
  double most{};
};
constexpr std::array<LimitText, 14> limit_texts{{
    {"order_quantity_max", "Order quantity", "units", "the order is denied", 1e7},
    {"order_notional_max", "Order value", "USD", "the order is denied", 1e9},
    {"position_quantity_max", "Position quantity", "units", "entries are denied", 1e7},
    {"position_notional_max", "Position value", "USD", "entries are denied", 1e9},
    {"gross_exposure_max", "Gross exposure", "USD", "entries are denied", 1e10},
    {"net_exposure_max", "Net exposure", "USD", "entries are denied", 1e10},
    {"daily_loss_max", "Daily loss", "USD", "kill: entries stop, positions are closed", 1e9},
    {"price_collar_bp", "Price collar", "bp", "the order is denied", 10'000},
    {"orders_max", "Order rate", "orders", "orders are denied until the window has passed", 10'000},
    {"order_window_s", "Order rate window", "s", "window of the order rate", 3'600},
    {"duplicate_window_s", "Duplicate window", "s", "the same order twice in it is denied", 3'600},
    {"open_orders_per_contract_max", "Open orders per contract", "orders", "the order is denied", 20},
    {"open_orders_max", "Open orders", "orders", "the order is denied", 10'000},
    {"cash_min", "Least cash", "USD", "purchases are denied", 1e9},
}};

/// mean_reversion -> Mean reversion
std::string title_of(std::string_view name) {
  std::string title(name);
  for (char& c : title)
    if (c == '_') c = ' ';
  if (!title.empty() && title[0] >= 'a' && title[0] <= 'z') title[0] = static_cast<char>(title[0] - 'a' + 'A');
  return title;
}

}  // namespace

serve::Catalogue catalogue_of(const Kernel& kernel, const RunSettings& settings) {
  serve::Catalogue out;
  out.status.time_zone = "America/New_York";
  out.status.version = ROBO_VERSION;
  out.currency = settings.base_currency;
  if (const auto* host = kernel.host()) {
    for (std::size_t i = 0; i < host->count(); ++i) {
      const StrategyId id{static_cast<std::uint16_t>(i)};
      view::Strategy strategy;
      strategy.name = host->name(id);
      strategy.title = title_of(strategy.name);
      const auto declared = host->parameters(id);
      const auto values = host->values(id);
      for (std::size_t p = 0; p < declared.size(); ++p) {
        const auto& d = declared[p];
        strategy.parameters.push_back({.name = std::string(d.name), .unit = std::string(d.unit), .help = std::string(d.help), .value = values[p],
                                       .min = d.least, .max = d.most, .step = d.step, .initial = d.value});
      }
      out.strategies.push_back(std::move(strategy));
    }
  }
  for (const auto& text : limit_texts) {
    view::Limit limit;
    limit.name = text.name;
    limit.title = text.title;
    limit.unit = text.unit;
    limit.effect = text.effect;
    limit.limit = risk::limit_value(settings.limits, text.name).value();
    limit.warn_percent = 80;
    limit.editable = true;
    limit.max = text.most;
    limit.min = text.name == "cash_min" ? -text.most : 0;
    out.limits.push_back(std::move(limit));
  }
  return out;
}

}  // namespace robo::apps
