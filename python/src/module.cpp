// robotrader._core: which rooms Python sees. One file a room.

#include <nanobind/nanobind.h>

#include "backtest.hpp"
#include "errors.hpp"
#include "feature_store.hpp"
#include "features.hpp"
#include "journal.hpp"
#include "store.hpp"
#include "table.hpp"

namespace nb = nanobind;

NB_MODULE(_core, module) {
  using namespace robo::python;
  module.doc() = "The C++ side of robotrader; `import robotrader` is what people use.";
  module.attr("__version__") = ROBO_VERSION;
  bind_errors(module);
  bind_table(module);
  bind_journal(module);
  bind_backtest(module);
  bind_store(module);
  bind_feature_store(module);
  bind_features(module);
}
