#include <cstddef>
#include <cstdint>

#include "fuzz/config_under_attack.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  (void)robo::config::test::attack({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
