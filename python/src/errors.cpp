#include "errors.hpp"

#include <fmt/core.h>

#include <cerrno>
#include <source_location>
#include <system_error>

#include "base/decimal.hpp"
#include "edge/config/config.hpp"

namespace nb = nanobind;

namespace robo {

namespace {
struct InvariantBroken : std::logic_error {
  using std::logic_error::logic_error;
};
}  // namespace

/// The program stops at once when a belief about itself is wrong; an interpreter with somebody's work in it may not. This takes the
/// place of base's own, which the linker then leaves out.
[[noreturn]] void invariant_broken(const char* condition, std::source_location where) {
  throw InvariantBroken(fmt::format("{} does not hold at {}:{}; this is a bug of robotrader, please report it with what you called", condition,
                                    where.file_name(), where.line()));
}

}  // namespace robo

namespace robo::python {

void no_such(std::string_view what, std::string_view word, std::string_view there_are) {
  const auto text = fmt::format("there is no {} '{}'; there are {}", what, word, there_are);
  throw nb::value_error(text.c_str());
}

void need(const std::filesystem::path& path, std::string_view what) {
  std::error_code error;
  if (std::filesystem::exists(path, error)) return;
  const auto text = fmt::format("{}: {} is not there", path.string(), what);
  PyErr_SetString(PyExc_FileNotFoundError, text.c_str());
  throw nb::python_error();
}

void bind_errors(nb::module_& module) {
  nb::register_exception_translator([](const std::exception_ptr& caught, void*) {
    const auto raise = [](const char* name, const char* text, nb::list problems = {}) {
      const auto type = nb::module_::import_("robotrader._errors").attr(name);
      const auto exception = type(text);
      if (problems.size() != 0) exception.attr("problems") = problems;
      PyErr_SetObject(type.ptr(), exception.ptr());
    };
    try {
      std::rethrow_exception(caught);
    } catch (const config::ConfigError& error) {
      nb::list problems;
      for (const auto& problem : error.problems()) problems.append(nb::str(problem.text.c_str(), problem.text.size()));
      raise("ConfigError", error.what(), problems);
    } catch (const DataError& error) {
      raise("DataError", error.what());
    } catch (const InvariantBroken& error) {
      raise("InternalError", error.what());
    } catch (const std::system_error& error) {
      // OSError finds its kind by the number: PermissionError, FileExistsError, ...
      const auto exception = nb::handle(PyExc_OSError)(error.code().value(), error.what());
      PyErr_SetObject(exception.type().ptr(), exception.ptr());
    }
  });
  module.def("_break_a_belief", [](std::int64_t units) { return Price::whole(units).raw; }, nb::arg("units") = INT64_MAX,
             "Asks for a price that cannot be: shows that a bug of ours raises InternalError and leaves the interpreter alive.");
}

}  // namespace robo::python
