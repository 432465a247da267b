#include "table.hpp"

#include <arrow/c/bridge.h>
#include <fmt/core.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "numbers.hpp"

namespace nb = nanobind;

namespace robo::python {

namespace {

template <class Exported>
nb::capsule capsule_of(std::unique_ptr<Exported> exported, const char* name) {
  // The consumer sets release to null when it has taken the data over.
  return nb::capsule(exported.release(), name, [](void* pointer) noexcept {
    auto* const own = static_cast<Exported*>(pointer);
    if (own->release != nullptr) own->release(own);
    delete own;
  });
}

nb::capsule stream_of(const Table& table, const nb::object&) {
  auto stream = std::make_unique<ArrowArrayStream>();
  ok(arrow::ExportRecordBatchReader(std::make_shared<arrow::TableBatchReader>(table.columns), stream.get()));
  return capsule_of(std::move(stream), "arrow_array_stream");
}

nb::capsule schema_of(const Table& table) {
  auto schema = std::make_unique<ArrowSchema>();
  ok(arrow::ExportSchema(*table.columns->schema(), schema.get()));
  return capsule_of(std::move(schema), "arrow_schema");
}

template <class C>
C* pointer_in(const nb::object& capsule, const char* name) {
  auto* const pointer = PyCapsule_GetPointer(capsule.ptr(), name);
  if (pointer == nullptr) throw nb::python_error();
  return static_cast<C*>(pointer);
}

nb::object import(const char* name, const char* why) {
  try {
    return nb::module_::import_(name);
  } catch (nb::python_error& error) {
    if (!error.matches(PyExc_ImportError)) throw;
    const auto text = fmt::format("{} needs {}: pip install {}", why, name, name);
    throw nb::import_error(text.c_str());
  }
}

std::vector<std::string> names_of(const Table& table) { return table.columns->ColumnNames(); }

std::string shown(const Table& table) {
  std::string text = fmt::format("robotrader.Table: {} rows", table.columns->num_rows());
  for (const auto& field : table.columns->fields()) text += fmt::format("\n  {}: {}", field->name(), field->type()->ToString());
  return text;
}

}  // namespace

std::shared_ptr<arrow::Table> table_from(nb::handle object) {
  if (nb::isinstance<Table>(object)) return nb::cast<const Table&>(object).columns;
  if (nb::hasattr(object, "__arrow_c_stream__")) {
    const nb::object capsule = object.attr("__arrow_c_stream__")();
    const auto reader = ok(arrow::ImportRecordBatchReader(pointer_in<ArrowArrayStream>(capsule, "arrow_array_stream")));
    return ok(reader->ToTable());
  }
  if (nb::hasattr(object, "__arrow_c_array__")) {
    const nb::tuple both = nb::cast<nb::tuple>(object.attr("__arrow_c_array__")());
    const auto batch = ok(arrow::ImportRecordBatch(pointer_in<ArrowArray>(both[1], "arrow_array"), pointer_in<ArrowSchema>(both[0], "arrow_schema")));
    return ok(arrow::Table::FromRecordBatches({batch}));
  }
  if (nb::isinstance<nb::dict>(object)) return table_from(import("pyarrow", "a dict of columns").attr("table")(object));
  const auto text = fmt::format("a table is expected (pyarrow, polars, pandas 2.2 or later, or a dict of columns), not {}",
                                nb::cast<std::string>(nb::str(object.type().attr("__name__"))));
  throw nb::type_error(text.c_str());
}

void bind_table(nb::module_& module) {
  nb::class_<Table>(module, "Table",
                    "Columns of Arrow. Every library that speaks the Arrow PyCapsule interface takes it without a copy:\n"
                    "pyarrow.table(t), polars.DataFrame(t), duckdb, pandas.DataFrame.from_arrow(t).")
      .def("__arrow_c_stream__", &stream_of, nb::arg("requested_schema") = nb::none(), "The Arrow PyCapsule interface: an arrow_array_stream.")
      .def("__arrow_c_schema__", &schema_of, "The Arrow PyCapsule interface: an arrow_schema.")
      .def_prop_ro("num_rows", [](const Table& table) { return table.columns->num_rows(); })
      .def_prop_ro("column_names", &names_of)
      .def("__len__", [](const Table& table) { return table.columns->num_rows(); })
      .def("__repr__", &shown)
      .def("column", [](nb::handle self, const std::string& name) {
        const auto& table = *nb::cast<const Table&>(self).columns;
        if (table.GetColumnByName(name) == nullptr) {
          std::string there;
          for (const auto& one : table.ColumnNames()) there += (there.empty() ? "" : ", ") + one;
          throw nb::key_error(fmt::format("there is no column '{}'; there are {}", name, there).c_str());
        }
        return import("pyarrow", "Table.column()").attr("table")(self).attr("column")(name);
      }, nb::arg("name"), nb::sig("def column(self, name: str) -> typing.Any"), "One column as a pyarrow.ChunkedArray, not copied.")
      .def("__getitem__", [](nb::handle self, const std::string& name) { return self.attr("column")(name); }, nb::arg("name"), nb::sig("def __getitem__(self, name: str) -> typing.Any"))
      .def("to_pyarrow", [](nb::handle self) { return import("pyarrow", "Table.to_pyarrow()").attr("table")(self); }, nb::sig("def to_pyarrow(self) -> typing.Any"), "As pyarrow.Table, not copied.")
      .def("to_pandas", [](nb::handle self) {
        import("pandas", "Table.to_pandas()");
        return import("pyarrow", "Table.to_pandas()").attr("table")(self).attr("to_pandas")();
      }, nb::sig("def to_pandas(self) -> typing.Any"), "As pandas.DataFrame. pandas lays columns of one type side by side, which copies; column(name).to_pandas() does not.")
      .def("to_polars", [](nb::handle self) { return import("polars", "Table.to_polars()").attr("DataFrame")(self); }, nb::sig("def to_polars(self) -> typing.Any"), "As polars.DataFrame, not copied.")
      .def("to_pylist", [](nb::handle self) { return import("pyarrow", "Table.to_pylist()").attr("table")(self).attr("to_pylist")(); }, nb::sig("def to_pylist(self) -> list[dict[str, typing.Any]]"),
           "A list with a dict for every row.");
}

}  // namespace robo::python
