#pragma once
// What the benchmarks of this folder share.

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "base/result.hpp"
#include "support/report.hpp"

/// Any symbol and time, opened from a store (open_bench.cpp).
void opening(robo::bench::Report& report);
/// Quotes into a file and back (parquet_bench.cpp).
void parquet(robo::bench::Report& report);

/// The value, or the end with what is wrong.
template <class T>
T must(robo::Result<T, robo::Problem> result) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "%s\n", result.error().text.c_str());
  std::exit(1);
}

inline std::filesystem::path scratch(const char* what) {
  std::string name = (std::filesystem::temp_directory_path() / (std::string("robo-bench-") + what + "-XXXXXX")).string();
  if (::mkdtemp(name.data()) == nullptr) std::abort();
  return name;
}

inline double seconds_since(std::int64_t start) { return static_cast<double>(robo::bench::now_ns() - start) / 1e9; }
