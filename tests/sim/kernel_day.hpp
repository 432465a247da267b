#pragma once
// The same trouble without a wire: kernel and drive loop against the exchange of back-tests, with a hostile gateway between them.
// Thousands of market hours a minute.

#include <filesystem>
#include <string>

#include "apps/market.hpp"
#include "apps/settings.hpp"
#include "edge/sim/fees/fee_table.hpp"

namespace robo::simulation {

struct KernelOutcome {
  std::string broken{};
  std::uint64_t hash{}, events{}, breaks{}, troubles{};
  std::size_t orders{}, filled{};
};

[[nodiscard]] KernelOutcome run_kernel_day(std::uint64_t seed, const apps::LoadedSettings& loaded, apps::RecordedMarket& market, const sim::FeeTable& fees,
                                           const std::filesystem::path& journal);

}  // namespace robo::simulation
