// libFuzzer target: build/fuzz/tests/fuzz/fuzz_ib_decode -max_total_time=600 build/fuzz/tests/fuzz/corpus/ib_decode
#include "fuzz/wire_under_attack.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  robo::ib::wire::attack(data, size);
  return 0;
}
