#include "edge/serve/typescript.hpp"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

namespace robo::serve {

constexpr auto path = ROBO_SOURCE_DIR "/ui/client/src/generated.ts";

TEST(TypeScript, the_checked_in_types_are_those_of_the_structs) {
  if (std::getenv("ROBO_REGENERATE") != nullptr) std::ofstream(path) << generated_typescript();
  std::ifstream file(path);
  ASSERT_TRUE(file) << path << " is missing; ROBO_REGENERATE=1 writes it";
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), generated_typescript()) << "run ROBO_REGENERATE=1 ctest -R TypeScript and commit ui/client/src/generated.ts";
}

TEST(TypeScript, speaks_of_optionals_enums_and_frame_columns) {
  const auto text = generated_typescript();
  EXPECT_NE(text.find("  limit: Decimal | null;\n"), std::string::npos);
  EXPECT_NE(text.find("export type Mode =\n  | \"DEMO\"\n  | \"PAPER\""), std::string::npos);
  EXPECT_NE(text.find("export const TradeRow = {\n  id: 0,\n  at_ms: 1,\n"), std::string::npos);
}

}  // namespace robo::serve
