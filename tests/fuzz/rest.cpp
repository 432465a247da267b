#include <cstddef>
#include <cstdint>

#include "fuzz/rest_under_attack.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static robo::serve::test::Besieged server;
  (void)server.attack({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
