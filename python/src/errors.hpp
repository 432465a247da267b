#pragma once
// What goes wrong in C++, as Python's exceptions. Nothing in here ends the interpreter.

#include <nanobind/nanobind.h>

#include <filesystem>
#include <stdexcept>

#include "base/result.hpp"

namespace robo::python {

/// A file or a table that cannot be what it should be: robotrader.DataError.
struct DataError : std::runtime_error {
  using std::runtime_error::runtime_error;
};
/// A word that is none of those there are: ValueError with the words that are.
[[noreturn]] void no_such(std::string_view what, std::string_view word, std::string_view there_are);
/// FileNotFoundError unless `path` is there.
void need(const std::filesystem::path& path, std::string_view what);

/// The value, or DataError with the problem's sentence.
template <class T>
T value_or_throw(Result<T, Problem>&& result) {
  if (!result) throw DataError(result.error().text);
  return std::move(*result);
}

/// Translates exceptions of the rooms below: ConfigError with its problems, DataError, InternalError.
void bind_errors(nanobind::module_& module);

}  // namespace robo::python
