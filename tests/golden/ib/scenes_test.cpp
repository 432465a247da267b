// Every tests/golden/ib/*.scene is a test of its own.
#include <algorithm>
#include <fstream>

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

/// The same conversations in the protobuf regime: whoever is above the wire hears no difference. Those with bytes of the text regime in
/// them stay there.
TEST_P(GoldenScene, plays_in_protobuf) {
  std::ifstream in(GetParam());
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (text.find("\n>raw") != text.npos) return;
  play_scene(GetParam(), 226);
}

INSTANTIATE_TEST_SUITE_P(ib, GoldenScene, testing::ValuesIn(scenes()), [](const auto& scene) { return scene.param.stem().string(); });

}  // namespace
}  // namespace robo::ib
