// `robotrader regimes fit`: parameters of the model of returns from a file of bars, as the block of settings that takes them.

#include <cmath>
#include <fmt/core.h>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "apps/home.hpp"
#include "apps/terminal.hpp"
#include "apps/verbs.hpp"
#include "edge/store/import.hpp"
#include "kernel/regime/regime.hpp"
#include "model/calendar.hpp"
#include "research/baum_welch.hpp"

namespace robo::apps {

namespace {

/// Closes of every symbol of a file, by day and in their order.
class Closes final : public store::RecordSink {
 public:
  void quote(std::string_view, Date, const store::QuoteRecord&) override {}
  void trade(std::string_view, Date, const store::TradeRecord&) override {}
  void depth(std::string_view, Date, const store::DepthRecord&) override {}
  void bar(std::string_view symbol, Date day, const store::BarRecord& record) override { by_symbol[std::string(symbol)].emplace_back(day, record.close.to_double()); }
  std::map<std::string, std::vector<std::pair<Date, double>>> by_symbol;
};

std::string list(std::span<const double> numbers, int digits) {
  std::string out;
  for (const double x : numbers) out += fmt::format("{}{:.{}f}", out.empty() ? "" : ", ", x, digits);
  return "[" + out + "]";
}

}  // namespace

int run(const RegimesOptions& options) {
  const auto calendars = store::read_calendars(need_own("data/calendars", "the calendars that come with the program"));
  if (!calendars) throw std::runtime_error(calendars.error().text);
  std::optional<Date> until;
  if (!options.until.empty()) {
    const auto day = parse_date(options.until);
    if (day) until = *day;
    else return terminal::complain(fmt::format("--until {}: a day like 1990-01-01 is expected", options.until)), 2;
  }
  Closes closes;
  const auto seen = store::examine({.file = options.file, .symbol = options.symbol}, *calendars, closes);
  if (!seen) return terminal::complain(seen.error().text), 1;
  auto found = options.symbol.empty() && closes.by_symbol.size() == 1 ? closes.by_symbol.begin() : closes.by_symbol.find(options.symbol);
  if (found == closes.by_symbol.end()) {
    std::string names;
    for (const auto& [name, rows] : closes.by_symbol) names += (names.empty() ? "" : ", ") + name;
    terminal::complain(names.empty() ? fmt::format("{}: holds no bars", options.file) : fmt::format("{}: choose one with --symbol: {}", options.file, names));
    return 2;
  }

  const double keep = options.half_life > 0 ? std::exp2(-1 / options.half_life) : 1;
  const auto least = static_cast<std::size_t>(regime::Settings{}.history_min);
  double square = 0, weight = 0, before = std::nan("");
  std::size_t counted = 0, left_out = 0;
  std::vector<double> returns;
  for (const auto& [day, close] : found->second) {
    if (until && day >= *until) break;
    const double r = close > 0 ? std::log(close / before) : std::nan("");
    left_out += !std::isnan(before) && std::isnan(r);
    before = close > 0 ? close : std::nan("");
    if (std::isnan(r)) continue;
    if (options.half_life <= 0) returns.push_back(r);
    else if (counted >= least && square > 0) returns.push_back(r / std::sqrt(square / weight));
    square = square * keep + (1 - keep) * r * r;
    weight = weight * keep + (1 - keep);
    ++counted;
  }
  const auto fit = research::fit_hmm(returns, {.states = static_cast<std::size_t>(options.states), .restarts = options.restarts, .rounds_max = 2'000});
  if (!fit) return terminal::complain(fmt::format("{}: {}", options.file, fit.error().text)), 1;

  const auto& model = fit->model;
  const auto states = model.states;
  const auto time = regime::stationary(model);
  fmt::print("# {} of {}: {} returns{}, log-likelihood {:.1f}, BIC {:.1f}, {} rounds{}\n", found->first, options.file, returns.size(),
             left_out > 0 ? fmt::format(" ({} prices at or below zero left out)", left_out) : "", fit->log_likelihood, fit->bic, fit->rounds,
             fit->converged ? "" : ", NOT converged");
  fmt::print("# share of time {}, bars in a row", list(std::span(time).first(states), 3));
  for (std::size_t i = 0; i < states; ++i) fmt::print("{} {:.1f}", i == 0 ? "" : ",", 1 / (1 - model.move[i][i]));
  std::vector<double> move;
  for (std::size_t i = 0; i < states; ++i) {
    double rest = 1;  // rows add up to 1 in the digits that are printed
    for (std::size_t j = 0; j + 1 < states; ++j) rest -= move.emplace_back(std::round(model.move[i][j] * 1e6) / 1e6);
    move.push_back(std::max(0.0, rest));
  }
  fmt::print("\n[regime]\nsource = \"hmm\"\n[regime.hmm]\nhalf_life = {}\nmean = {}\ndeviation = {}\nmove = {}\n", options.half_life,
             list(std::span(model.mean).first(states), 8), list(std::span(model.deviation).first(states), 8), list(move, 6));
  return 0;
}

}  // namespace robo::apps
