#include "apps/catalogue.hpp"

#include "edge/serve/limit_words.hpp"

namespace robo::apps {

namespace {

namespace view = serve::view;

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
                                       .min = d.least, .max = d.most, .step = d.step, .initial = d.value, .fixed = d.fixed});
      }
      out.strategies.push_back(std::move(strategy));
    }
  }
  each_field<risk::Limits>([&](auto field) {
    out.limits.push_back(serve::limit_row(field.name, risk::limit_value(settings.limits, field.name).value(), settings.base_currency));
  });
  return out;
}

}  // namespace robo::apps
