// Exposures, risk of the book, sector leadership and risk appetite: figures that REST answers and nothing in between changes.

#include <algorithm>
#include <cmath>
#include <limits>

#include "edge/serve/read_model.hpp"

namespace robo::serve {
namespace {

// The words of the facts in the same order.
static_assert(EnumNames<view::ExposureKind>::names == EnumNames<ExposureKind>::names && EnumNames<view::Quadrant>::names == EnumNames<Quadrant>::names &&
              EnumNames<view::AppetiteKind>::names == EnumNames<AppetiteKind>::names);

std::optional<double> known(double value, double scale = 1) { return std::isfinite(value) ? std::optional(value * scale) : std::nullopt; }

}  // namespace

void ReadModel::fold(const ExposureMarked& marked) {
  const auto name = marked.kind == ExposureKind::Account      ? std::string("account")
                    : marked.kind == ExposureKind::Instrument ? symbol(marked.instrument)
                                                              : std::string(marked.name.view());
  const auto kind = static_cast<view::ExposureKind>(marked.kind);
  auto& row = exposures_[{kind, name}];
  row.kind = kind;
  row.name = name;
  if (marked.kind == ExposureKind::Instrument) row.instrument = marked.instrument.value;
  row.gross = marked.gross;
  row.net = marked.net;
  row.percent = known(marked.share, 100);
  row.beta_exposure = std::isfinite(marked.beta_exposure) ? std::optional(Money::nearest(marked.beta_exposure)) : std::nullopt;
  row.beta = marked.net.is_zero() ? std::nullopt : known(marked.beta_exposure / marked.net.to_double());
  row.at = now_;
}

std::vector<view::Exposure> ReadModel::exposures() const {
  std::vector<view::Exposure> rows;
  for (const auto& [key, row] : exposures_)
    if (row.kind == view::ExposureKind::Account || !row.gross.is_zero()) rows.push_back(row);
  return rows;
}

void ReadModel::fold(const RiskMarked& marked) {
  risk_ = {.method = std::string(to_text(marked.method)),
           .positions = marked.positions,
           .bars = marked.bars,
           .volatility_percent = known(marked.volatility, 100),
           .value_at_risk_95_percent = known(marked.value_at_risk_95, 100),
           .value_at_risk_99_percent = known(marked.value_at_risk_99, 100),
           .expected_shortfall_percent = known(marked.expected_shortfall_975, 100),
           .beta = known(marked.beta),
           .correlation_average = known(marked.correlation_average),
           .effective_bets = known(marked.effective_bets),
           .shrinkage = known(marked.shrinkage),
           .at = now_};
}

void ReadModel::fold(const LeadershipMarked& marked) {
  leadership_[marked.instrument.value] = {.instrument = marked.instrument.value,
                                          .symbol = symbol(marked.instrument),
                                          .rank = marked.rank == 0 ? std::nullopt : std::optional(marked.rank),
                                          .quadrant = static_cast<view::Quadrant>(marked.quadrant),
                                          .strength = known(marked.strength),
                                          .momentum = known(marked.momentum),
                                          .at = now_};
}

void ReadModel::fold(const AppetiteMarked& marked) {
  const auto before = appetite_.held;
  const auto held = static_cast<view::AppetiteKind>(marked.held);
  appetite_ = {.held = held,
               .score = known(marked.score),
               .pairs = marked.pairs,
               .pairs_known = marked.pairs_known,
               .hedge_correlation = known(marked.hedge_correlation),
               .breadth = known(marked.breadth),
               .dispersion = known(marked.dispersion),
               .turnover = known(marked.turnover),
               .leader = marked.leader.value == UINT32_MAX ? std::string() : symbol(marked.leader),
               .at = now_};
  if (held == before || marked.held == AppetiteKind::Unknown) return;
  auto words = std::string(to_text(marked.held));
  std::replace(words.begin(), words.end(), '_', ' ');
  log({.level = view::LogLevel::Info, .topic = view::LogTopic::Risk, .text = "Risk appetite: " + words + ".", .instrument = {}, .order = {}, .strategy = {}});
}

view::Rotation ReadModel::rotation() const {
  view::Rotation rotation{.appetite = appetite_, .members = {}};
  for (const auto& [id, member] : leadership_) rotation.members.push_back(member);
  std::ranges::stable_sort(rotation.members, {}, [](const view::Leadership& member) { return member.rank.value_or(std::numeric_limits<std::uint32_t>::max()); });
  return rotation;
}

}  // namespace robo::serve
