#include <cstddef>
#include <cstdint>
#include <fstream>
#include <sstream>

#include "fuzz/import_under_attack.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const robo::Calendar calendar = [] {
    std::ifstream in(std::string(ROBO_SOURCE_DIR) + "/data/calendars/NYSE.csv");
    std::stringstream text;
    text << in.rdbuf();
    return robo::Calendar::parse(text.str()).value();
  }();
  robo::store::test::attack({reinterpret_cast<const char*>(bytes), size}, calendar);
  return 0;
}
