// Every tests/golden/ib/*.scene is a test of its own.
#include <algorithm>

#include <gtest/gtest.h>

#include "golden/ib/scene.hpp"

namespace robo::ib {
namespace {

std::vector<std::filesystem::path> scenes() {
  std::vector<std::filesystem::path> out;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(ROBO_SOURCE_DIR) / "tests/golden/ib")) {
    if (entry.path().extension() == ".scene") out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

class GoldenScene : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(GoldenScene, plays) { play_scene(GetParam()); }

INSTANTIATE_TEST_SUITE_P(ib, GoldenScene, testing::ValuesIn(scenes()), [](const auto& scene) { return scene.param.stem().string(); });

}  // namespace
}  // namespace robo::ib
