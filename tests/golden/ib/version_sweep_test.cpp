// Every version from 100 to 200: what we write, we read, field for field, whichever version conditions apply.

#include <functional>

#include <boost/json.hpp>

#include "edge/ib/wire/decode.hpp"
#include "golden/ib/golden_folder.hpp"
#include "golden/ib/named_calls.hpp"

namespace robo::ib::wire {
namespace {

/// The payload read and written again; outside the tests, so that it is compiled once and not once per event.
std::string event_again(Frame frame, int version) {
  OutBuffer again;
  const auto read = decode_event(frame, version, [&](const auto& same) { EXPECT_TRUE(encode_event(again, version, same)); });
  EXPECT_TRUE(read) << "sv" << version << ": " << to_text(read.error());
  return std::string(again.view());
}

/// At every version.
void sweep(std::string_view name, const std::function<WireResult<>(OutBuffer&, int)>& encode, int& round_trips) {
  for (int version = 100; version <= 200; ++version) {
    OutBuffer out;
    ASSERT_TRUE(encode(out, version));
    const OwnedFrame frame(out.view().substr(4));
    ASSERT_EQ(visible(event_again(frame.frame(), version)), visible(out.view())) << name << " sv" << version;
    ++round_trips;
  }
}

TEST(golden_versions, every_request_is_read_as_it_was_written) {
  int round_trips = 0;
  int refused = 0;
  for (int version = 100; version <= 200; ++version) {
    for (const auto& [name, call] : named_calls()) {
      OutBuffer out;
      const auto written = call(out, version);
      if (!written) {
        ASSERT_EQ(written.error().kind, WireError::Kind::VersionTooOld) << name << " sv" << version;
        ++refused;
        continue;
      }
      const OwnedFrame frame(out.view().substr(4));
      OutBuffer again;
      const auto read = decode_request(frame.frame(), version, [&](const auto& request) {
        EXPECT_TRUE(encode_request(again, version, request)) << name << " sv" << version;
      });
      ASSERT_TRUE(read) << name << " sv" << version << ": " << to_text(read.error());
      ASSERT_EQ(visible(again.view().substr(4)), visible(frame.view())) << name << " sv" << version;
      ++round_trips;
    }
  }
  EXPECT_GT(round_trips, 7000);
  EXPECT_GT(refused, 100);
}

TEST(golden_versions, every_event_is_read_as_it_was_written) {
  int round_trips = 0;
  for (const std::string& line : golden_lines("golden-responses.jsonl")) {
    if (line.empty()) continue;
    const boost::json::value json = boost::json::parse(line);
    const auto recorded = json.at("sv").to_number<int>();
    if (json.at("enc").as_string() != "text" || recorded > 200) continue;
    const OwnedFrame source{std::string_view(json.at("payload").as_string())};
    const auto outer = decode_event(source.frame(), recorded, [&](const auto& event) {
      sweep(event.message_name, [&](OutBuffer& out, int version) { return encode_event(out, version, event); }, round_trips);
    });
    EXPECT_TRUE(outer);
  }
  EXPECT_GT(round_trips, 10'000);
}

}  // namespace
}  // namespace robo::ib::wire
