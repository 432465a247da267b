// Every text line of golden-responses.jsonl: each field decoded to its value, no byte left, and encoded again unchanged.

#include <boost/json.hpp>

#include "edge/ib/wire/decode.hpp"
#include "edge/ib/wire/encode.hpp"
#include "golden/ib/golden_folder.hpp"

namespace robo::ib::wire {
namespace {

using FieldTexts = std::vector<std::pair<std::string, std::string>>;

/// Walks a layout like a Writer and remembers each field's name beside the text its value becomes.
class Tracer {
 public:
  static constexpr bool reading = false;
  explicit Tracer(int version) : writer_(out_, Side::Server, version) {}
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
    fields_.emplace_back(name, std::string(out_.view().substr(mark, out_.mark() - mark - 1)));
  }
  OutBuffer out_;
  Writer writer_;
  FieldTexts fields_;
};

/// The same value in another spelling: 12.50 and 12.5, the many words for "unset".
bool same_value(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const auto unset = [](const std::string& text) {
    const auto number = parse_number(text);
    return text.empty() || text == "2147483647" || text == "9223372036854775807" || text == "-9223372036854775808" ||
           (number && !number->is_set());
  };
  if (unset(a) && unset(b)) return true;
  const auto x = parse_number(a);
  const auto y = parse_number(b);
  return x && y && *x == *y;
}

TEST(golden_responses, decode_to_the_value_of_every_field_and_encode_again) {
  int lines = 0;
  int fields = 0;
  int other_regimes = 0;
  int other_spelling = 0;
  int number = 0;
  for (const std::string& line : golden_lines("golden-responses.jsonl")) {
    ++number;
    if (line.empty()) continue;
    const boost::json::value json = boost::json::parse(line);
    const auto version = json.at("sv").to_number<int>();
    if (json.at("enc").as_string() != "text" || version > 200) {
      ++other_regimes;
      continue;
    }
    const std::string payload(json.at("payload").as_string());
    const std::string where = "line " + std::to_string(number) + " " + std::string(json.at("msg").as_string()) + " sv" +
                              std::to_string(version);
    const OwnedFrame frame(payload);
    int calls = 0;
    const auto result = decode_event(frame.frame(), version, [&](const auto& event) {
      ++calls;
      using Event = std::remove_cvref_t<decltype(event)>;
      EXPECT_EQ(Event::message_id, json.at("id").to_number<int>()) << where;
      EXPECT_EQ(std::string(Event::message_name), std::string(json.at("msg").as_string())) << where;

      Tracer tracer(version);
      layout(tracer, event);
      const auto& expected = json.at("fields").as_array();
      EXPECT_EQ(tracer.fields().size(), expected.size()) << where;
      for (std::size_t i = 0; i < std::min(tracer.fields().size(), expected.size()); ++i) {
        const auto& [name, value] = tracer.fields()[i];
        EXPECT_EQ(name, std::string(expected[i].at(0).as_string())) << where << " field " << i;
        const std::string wanted(expected[i].at(1).as_string());
        if (value != wanted) ++other_spelling;
        EXPECT_TRUE(golden_is_ours() ? value == wanted : same_value(value, wanted))
            << where << " field " << name << ": ours " << value << ", golden " << wanted;
        ++fields;
      }
      OutBuffer out;
      const auto written = encode_event(out, version, event);
      EXPECT_TRUE(written) << where;
      if (golden_is_ours()) {
        EXPECT_EQ(visible(out.view().substr(4)), visible(payload)) << where;
      }
    });
    EXPECT_TRUE(result) << where << ": " << to_text(result.error());
    EXPECT_EQ(calls, 1) << where;
    ++lines;
  }
  EXPECT_GT(lines, 0);
  std::printf("responses: %d text lines, %d fields equal (%d in another spelling of the same value), "
              "%d lines of other regimes passed over\n",
              lines, fields, other_spelling, other_regimes);
}

}  // namespace
}  // namespace robo::ib::wire
