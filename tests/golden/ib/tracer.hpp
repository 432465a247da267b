#pragma once
// A message as names and texts, in the order of the wire.

#include <string>
#include <utility>
#include <vector>

#include "edge/ib/wire/writer.hpp"

namespace robo::ib::wire {

using FieldTexts = std::vector<std::pair<std::string, std::string>>;

/// Walks a layout like a Writer and remembers each field's name beside the text its value becomes.
class Tracer {
 public:
  static constexpr bool reading = false;
  Tracer(Side side, int version) : writer_(out_, side, version) {}
  int version() const { return writer_.version(); }

  void text(const char* name, std::string_view v) { note(name, [&] { writer_.text(name, v); }); }
  void tag_values(const char* name, std::string_view v) { text(name, v); }
  void integer(const char* name, std::int64_t v) { note(name, [&] { writer_.integer(name, v); }); }
  void integer_or_unset(const char* name, std::int32_t v) { note(name, [&] { writer_.integer_or_unset(name, v); }); }
  void integer_spelled(const char* name, std::int32_t v) { note(name, [&] { writer_.integer_spelled(name, v); }); }
  template <class Flag>
  void flag(const char* name, Flag v) { note(name, [&] { writer_.flag(name, v); }); }
  void number(const char* name, const Number& v) { note(name, [&] { writer_.number(name, v); }); }
  void number_or_unset(const char* name, const Number& v) { note(name, [&] { writer_.number_or_unset(name, v); }); }
  void number_spelled(const char* name, const Number& v) { number(name, v); }
  void decimal(const char* name, const Number& v) { note(name, [&] { writer_.decimal(name, v); }); }
  void constant(const char* name, std::string_view v) { note(name, [&] { writer_.constant(name, v); }); }
  void refuse(WireError::Kind kind, const char* name) { writer_.refuse(kind, name); }
  template <class Item, class Each>
  void list(const char* name, const std::vector<Item>& items, Each&& each) {
    integer((std::string(name) + "#").c_str(), static_cast<std::int64_t>(items.size()));
    for (const Item& item : items) each(*this, item);
  }

  const FieldTexts& fields() const { return fields_; }

 private:
  template <class Write>
  void note(const char* name, Write&& write) {
    const std::size_t mark = out_.mark();
    write();
    writer_.finish();
    fields_.emplace_back(name, std::string(out_.view().substr(mark, out_.mark() - mark - 1)));
  }
  OutBuffer out_;
  Writer writer_;
  FieldTexts fields_;
};

}  // namespace robo::ib::wire
