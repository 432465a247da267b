#include "features/talib.hpp"

#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <string_view>

namespace robo::bench {

namespace {
std::string library() {
  if (const char* const given = std::getenv("ROBO_TALIB")) return given;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(ROBO_SOURCE_DIR) + "/build/deps/bench/ta_lib.libs", none))
    if (entry.path().filename().string().starts_with("libta-lib")) return entry.path();
  return "libta-lib.so.1";  // a system package
}
}  // namespace

std::optional<TaLib> TaLib::load() {
  void* const handle = dlopen(library().c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return std::nullopt;
  TaLib lib;
  const auto find = [&](const char* name, auto& call) {
    call = reinterpret_cast<std::remove_reference_t<decltype(call)>>(dlsym(handle, name));
    return call != nullptr;
  };
  int (*initialize)() = nullptr;
  const char* (*version)() = nullptr;
  if (!find("TA_Initialize", initialize) || !find("TA_GetVersionString", version) || !find("TA_EMA", lib.ema) || !find("TA_RSI", lib.rsi) ||
      !find("TA_MACD", lib.macd) || !find("TA_ATR", lib.atr) || !find("TA_ADX", lib.adx) || !find("TA_BBANDS", lib.bollinger))
    return std::nullopt;
  initialize();
  lib.version = version();
  if (const auto space = lib.version.find(' '); space != std::string::npos) lib.version.resize(space);
  return lib;
}

}  // namespace robo::bench
