#include "journal.hpp"

#include <fmt/core.h>
#include <nanobind/make_iterator.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <map>
#include <optional>

#include "edge/journal/replay.hpp"
#include "edge/store/rows.hpp"
#include "errors.hpp"
#include "model/json/json_of.hpp"
#include "numbers.hpp"
#include "struct_columns.hpp"

namespace nb = nanobind;

namespace robo::python {

namespace {

constexpr std::string_view class_name(journal::RecordClass class_of) {
  switch (class_of) {
    case journal::RecordClass::Event: return "event";
    case journal::RecordClass::Command: return "command";
    case journal::RecordClass::Fact: return "fact";
    default: return "?";
  }
}

constexpr std::string_view ending_name(journal::Ending ending) {
  switch (ending) {
    case journal::Ending::Clean: return "clean";
    case journal::Ending::Cut: return "cut";
    case journal::Ending::Damaged: return "damaged";
    default: return "open";
  }
}

struct JournalRecord {
  std::uint64_t number{};
  std::int64_t at{}, received_at{};
  std::string class_of{}, name{}, line{}, json{};
};

/// Every member of the payload, in the words of the wire.
std::string json_of(const journal::Record& record) {
  const auto text = [](const auto& payload) { return json::bj::serialize(json::value_of(payload, json::bj::storage_ptr{})); };
  if (record.kind_of == journal::RecordClass::Event) {
    journal::EventDecoder decoder;
    Event event;
    if (decoder.decode(record, event))
      return std::visit([&](const auto& payload) {
        if constexpr (requires { payload.value; *payload; }) return text(*payload);
        else return text(payload);
      }, event.payload);
  } else if (record.kind_of == journal::RecordClass::Fact) {
    Fact fact;
    if (decode(record, fact)) return std::visit(text, fact.payload);
  } else {
    journal::CommandView view;
    if (decode(record, view)) {
      if (view.intent.key) return text(view.intent);
      if (view.name == "start_timer") return fmt::format(R"({{"timer":{},"due":"{}"}})", view.timer, to_text(view.due));
      return view.key ? fmt::format(R"({{"key":"{}"}})", to_text(view.key)) : "{}";
    }
  }
  return "null";
}

template <class Variant>
std::string_view alternative_name(std::size_t kind) {
  return [&]<class... T>(std::type_identity<std::variant<T...>>) {
    static constexpr std::array<std::string_view, sizeof...(T)> names{json::type_name<typename Unboxed<T>::type>()...};
    return kind < names.size() ? names[kind] : std::string_view("?");
  }(std::type_identity<Variant>{});
}

/// The first word of its line in `robotrader journal cat`.
std::string name_of(const journal::Record& record) {
  if (record.kind_of == journal::RecordClass::Event) return std::string(alternative_name<EventPayload>(record.kind));
  if (record.kind_of == journal::RecordClass::Fact) return std::string(alternative_name<FactPayload>(record.kind));
  journal::CommandView view;
  return decode(record, view) ? std::string(view.name) : "?";
}

JournalRecord record_of(const journal::Record& record) {
  JournalRecord out{.number = record.number, .at = record.at.ns, .received_at = record.kind_of == journal::RecordClass::Event ? record.received_at.ns : record.at.ns,
                    .class_of = std::string(class_name(record.kind_of)), .name = name_of(record), .line = journal::describe(record), .json = json_of(record)};
  return out;
}

bool wanted(const std::string& only, const journal::Record& record) {
  const auto class_of = class_name(record.kind_of);
  return only.empty() || only == class_of || (only.starts_with(class_of) && only.size() == class_of.size() + 1 && only.back() == 's') || only == name_of(record);
}

/// Reads on as it is asked.
class Records {
 public:
  Records(journal::Reader reader, std::string only, bool damaged_ok) : reader_(std::move(reader)), only_(std::move(only)), damaged_ok_(damaged_ok) {}
  JournalRecord next() {
    journal::Record record;
    while (reader_.next(record))
      if (wanted(only_, record)) return record_of(record);
    if (reader_.ending() == journal::Ending::Damaged && !damaged_ok_) throw DataError(reader_.ending_text());
    throw nb::stop_iteration();
  }

 private:
  journal::Reader reader_;
  std::string only_;
  bool damaged_ok_;
};

struct RecordRow {
  std::uint64_t number{};
  Timestamp at{}, received_at{};
  std::string_view class_of{};
  std::string name{}, json{};
  using fields = Fields<&RecordRow::number, &RecordRow::at, &RecordRow::received_at, &RecordRow::class_of, &RecordRow::name, &RecordRow::json>;
};

template <class T>
struct MessageRow {
  std::uint64_t number{};
  Timestamp at{}, received_at{};
  std::string_view symbol{};   // of its instrument; empty: about none
  T message{};
  using fields = Fields<&MessageRow::number, &MessageRow::at, &MessageRow::received_at, &MessageRow::symbol, &MessageRow::message>;
};

struct CommandRow {
  std::uint64_t number{};
  Timestamp at{};
  std::string_view name{};
  std::string_view symbol{};
  OrderKey key{};
  OrderIntent intent{};
  std::uint64_t timer{};
  Timestamp due{};
  using fields = Fields<&CommandRow::number, &CommandRow::at, &CommandRow::name, &CommandRow::symbol, &CommandRow::key, &CommandRow::intent,
                        &CommandRow::timer, &CommandRow::due>;
};

template <class M>
std::optional<InstrumentId> instrument_in(const M& message) {
  if constexpr (std::is_same_v<M, Instrument>) return message.id;
  else if constexpr (requires { message.instrument; }) return message.instrument;
  else if constexpr (requires { message.intent.instrument; }) return message.intent.instrument;
  else if constexpr (requires { message.bar.instrument; }) return message.bar.instrument;
  else return std::nullopt;
}

template <class... T>
std::string names_of(const std::variant<T...>*) {
  std::string all;
  ((all += (all.empty() ? "" : ", ") + std::string(json::type_name<typename Unboxed<T>::type>())), ...);
  return all;
}

class Journal {
 public:
  Journal(std::filesystem::path folder, bool damaged_ok) : folder_(std::move(folder)), damaged_ok_(damaged_ok) {
    need(folder_, "a journal's folder");
    const auto reader = open();
    session_ = reader.session();
    segments_ = reader.segments();
  }

  [[nodiscard]] Records records(const std::string& only) const { return {open(), only, damaged_ok_}; }

  /// Every record with its payload as JSON.
  [[nodiscard]] Table rows(const std::string& only) const {
    StructColumns<RecordRow> columns;
    walk([&](const journal::Record& record) {
      if (!wanted(only, record)) return;
      const bool event = record.kind_of == journal::RecordClass::Event;
      columns.append({record.number, record.at, event ? record.received_at : record.at, class_name(record.kind_of), name_of(record), json_of(record)});
    });
    auto table = columns.finish();
    return {ok(table->RenameColumns({"number", "at", "received_at", "class", "name", "json"}))};
  }

  /// All messages of one name, a column a member.
  [[nodiscard]] Table table(const std::string& name, const std::string& numbers) const {
    const auto form = numbers_named(numbers);
    std::shared_ptr<arrow::Table> found;
    if (name == "commands") found = commands();
    else if (!(in<EventPayload>(name, found) || in<FactPayload>(name, found)))
      no_such("message", name, fmt::format("commands; events: {}; facts: {}", names_of(static_cast<EventPayload*>(nullptr)), names_of(static_cast<FactPayload*>(nullptr))));
    std::vector<std::string> names = found->ColumnNames();
    for (auto& one : names)
      if (one.starts_with("message.")) one = one.substr(8);
    return {with_numbers(ok(found->RenameColumns(names)), form)};
  }

  [[nodiscard]] std::map<std::string, std::uint64_t> counts() const {
    std::map<std::string, std::uint64_t> out;
    walk([&](const journal::Record& record) { ++out[name_of(record)]; });
    return out;
  }

  /// Reads to the end: how it ended, for programs and for people, and how many records a full disk had cost.
  [[nodiscard]] nb::dict check() const {
    auto reader = open();
    std::uint64_t records = 0;
    std::int64_t first = 0, last = 0;
    {
      const nb::gil_scoped_release others;
      journal::Record record;
      while (reader.next(record)) {
        if (records++ == 0) first = record.at.ns;
        last = record.at.ns;
      }
    }
    nb::dict out;
    out["records"] = records;
    out["lost"] = reader.lost();
    out["first_at"] = first;
    out["last_at"] = last;
    const auto ending = ending_name(reader.ending());
    out["ending"] = nb::str(ending.data(), ending.size());
    out["ending_text"] = reader.ending_text();
    return out;
  }

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] std::uint64_t session() const { return session_; }
  [[nodiscard]] std::size_t segments() const { return segments_; }

 private:
  [[nodiscard]] journal::Reader open() const { return value_or_throw(journal::Reader::open(folder_)); }

  template <class F>
  void walk(F&& each) const {
    const nb::gil_scoped_release others;
    auto reader = open();
    journal::Record record;
    while (reader.next(record)) each(record);
    if (reader.ending() == journal::Ending::Damaged && !damaged_ok_) throw DataError(reader.ending_text());
  }

  /// False: the variant has no message of that name.
  template <class Variant>
  bool in(const std::string& name, std::shared_ptr<arrow::Table>& out) const {
    return [&]<class... T>(std::type_identity<std::variant<T...>>) {
      return ([&] {
        using Message = typename Unboxed<T>::type;
        if (name != json::type_name<Message>()) return false;
        out = messages<Variant, T, Message>();
        return true;
      }() || ...);
    }(std::type_identity<Variant>{});
  }

  template <class Variant, class Alternative, class Message>
  [[nodiscard]] std::shared_ptr<arrow::Table> messages() const {
    constexpr auto class_of = std::is_same_v<Variant, EventPayload> ? journal::RecordClass::Event : journal::RecordClass::Fact;
    StructColumns<MessageRow<Message>> columns;
    store::Symbols symbols;
    journal::EventDecoder decoder;
    Event event;
    Fact fact;
    walk([&](const journal::Record& record) {
      know(record, symbols);
      if (record.kind_of != class_of || record.kind != variant_index<Variant, Alternative>()) return;
      const auto add = [&](const Message& message) {
        const auto instrument = instrument_in(message);
        columns.append({record.number, record.at, class_of == journal::RecordClass::Event ? record.received_at : record.at,
                        instrument ? symbols[*instrument] : std::string_view{}, message});
      };
      if constexpr (std::is_same_v<Variant, EventPayload>) {
        if (!decoder.decode(record, event)) return;
        if constexpr (Unboxed<Alternative>::boxed) add(*std::get<Alternative>(event.payload));
        else add(std::get<Alternative>(event.payload));
      } else if (decode(record, fact)) {
        add(std::get<Alternative>(fact.payload));
      }
    });
    return columns.finish();
  }

  [[nodiscard]] std::shared_ptr<arrow::Table> commands() const {
    StructColumns<CommandRow> columns;
    store::Symbols symbols;
    walk([&](const journal::Record& record) {
      know(record, symbols);
      journal::CommandView view;
      if (record.kind_of != journal::RecordClass::Command || !decode(record, view)) return;
      columns.append({record.number, record.at, view.name, view.intent.key ? symbols[view.intent.instrument] : std::string_view{}, view.key, view.intent,
                      view.timer, view.due});
    });
    return columns.finish();
  }

  static void know(const journal::Record& record, store::Symbols& symbols) {
    if (record.kind_of != journal::RecordClass::Event || record.kind != variant_index<EventPayload, Boxed<Instrument>>()) return;
    journal::EventDecoder decoder;
    Event event;
    if (decoder.decode(record, event)) symbols.know(*std::get<Boxed<Instrument>>(event.payload));
  }

  std::filesystem::path folder_;
  bool damaged_ok_;
  std::uint64_t session_{};
  std::size_t segments_{};
};

}  // namespace

void bind_journal(nb::module_& module) {
  nb::class_<JournalRecord>(module, "JournalRecord", "One record: an event, a command or a fact.")
      .def_ro("number", &JournalRecord::number)
      .def_ro("at", &JournalRecord::at, "When it happened: nanoseconds since 1970, UTC.")
      .def_ro("received_at", &JournalRecord::received_at, "When we heard of it; events only, else as `at`.")
      .def_ro("kind", &JournalRecord::class_of, "event, command or fact.")
      .def_ro("name", &JournalRecord::name, "The message's name, e.g. OrderFilled.")
      .def_ro("line", &JournalRecord::line, "The line of `robotrader journal cat`: members that hold nothing are left out.")
      .def_ro("json", &JournalRecord::json, "All members, as JSON.")
      .def_prop_ro("values", [](const JournalRecord& record) { return nb::cast<nb::typed<nb::dict, nb::str, nb::any>>(nb::module_::import_("json").attr("loads")(record.json)); },
                   "All members, as a dict.")
      .def("__repr__", [](const JournalRecord& record) { return fmt::format("{} {} {}", record.number, to_text(Timestamp{record.at}), record.line); });

  nb::class_<Records>(module, "JournalRecords")
      .def("__iter__", [](nb::handle self) { return self; }, nb::sig("def __iter__(self) -> JournalRecords"))
      .def("__next__", &Records::next);

  nb::class_<Journal>(module, "Journal", "The record of a session: a folder of segments. Open to read while it is being written, too.")
      .def(nb::init<std::filesystem::path, bool>(), nb::arg("folder"), nb::arg("damaged_ok") = false,
           "Raises FileNotFoundError, and DataError for a folder without a journal or one of another version.\n"
           "Reading a damaged journal raises DataError at the damage; with damaged_ok it ends there.")
      .def_prop_ro("folder", &Journal::folder)
      .def_prop_ro("session", &Journal::session)
      .def_prop_ro("segments", &Journal::segments)
      .def("records", &Journal::records, nb::arg("only") = "", "Iterates over records; `only`: events, commands, facts, or a message's name.")
      .def("__iter__", [](const Journal& journal) { return journal.records(""); })
      .def("rows", &Journal::rows, nb::arg("only") = "", "As a table: number, at, received_at, class, name, json.")
      .def("table", &Journal::table, nb::arg("name"), nb::arg("numbers") = "float",
           nb::sig("def table(self, name: str, numbers: typing.Literal['float', 'decimal', 'raw'] = 'float') -> Table"),
           "All messages of a name (Quote, Trade, OrderFilled, EquityMarked, ...; commands: all commands) with a column for every member.\n"
           "numbers: prices, sizes and money as \"float\", exact \"decimal\", or \"raw\" whole numbers of their scale.")
      .def("counts", &Journal::counts, "How many records of every name.")
      .def("check", &Journal::check, nb::sig("def check(self) -> dict[str, typing.Any]"), "Reads everything: records, lost, first_at, last_at, ending (clean, cut, damaged), ending_text.")
      .def("__repr__", [](const Journal& journal) { return fmt::format("robotrader.Journal('{}'), session {}", journal.folder().string(), journal.session()); });

  module.def("journals", [](const std::filesystem::path& root) { need(root, "a folder of journals"); return journal::journals_under(root); }, nb::arg("root"),
             "Folders of journals under `root`, newest first.");
}

}  // namespace robo::python
