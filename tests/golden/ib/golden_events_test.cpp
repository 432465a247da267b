// Every text line of golden-responses.jsonl: each field decoded to its value, no byte left, and encoded again unchanged.

#include <boost/json.hpp>

#include "edge/ib/wire/decode.hpp"
#include "edge/ib/wire/encode.hpp"
#include "golden/ib/golden_folder.hpp"
#include "golden/ib/tracer.hpp"

namespace robo::ib::wire {
namespace {

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

      Tracer tracer(Side::Server, version);
      if constexpr (requires { layout(tracer, event); }) layout(tracer, event);  // else: a message of the protobuf regime alone
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
