// Every text line of golden-requests.txt: our encoder produces these bytes from the named call, and our server side reads
// them and writes them again unchanged.

#include <regex>

#include "edge/ib/wire/decode.hpp"
#include "golden/ib/golden_folder.hpp"
#include "golden/ib/named_calls.hpp"

namespace robo::ib::wire {
namespace {

struct Line {
  int number{};
  std::string name{};
  int version{};
  bool nothing_sent{};
  std::string payload{};
};

struct Lines {
  std::vector<Line> text{};
  int other_regimes = 0;
};

Lines read_lines() {
  Lines out;
  int number = 0;
  for (const std::string& line : golden_lines("golden-requests.txt")) {
    ++number;
    if (line.empty() || line.front() == '#') continue;
    static const std::regex shape(R"(^(\S+)\s+sv(\d+) (.*)$)");
    std::smatch found;
    if (!std::regex_match(line, found, shape)) {
      ADD_FAILURE() << "line " << number << " is not 'name svN ...': " << line;
      continue;
    }
    Line request{.number = number, .name = found[1], .version = std::stoi(found[2])};
    const std::string rest = found[3];
    if (request.version > 200 || rest.starts_with("PB ") || rest.starts_with("RAWTXT")) {
      ++out.other_regimes;
      continue;
    }
    request.nothing_sent = rest.starts_with("(nothing sent");
    if (!request.nothing_sent) {
      EXPECT_TRUE(rest.starts_with("TXT ")) << "line " << number;
      request.payload = rest.substr(4);
      for (char& c : request.payload) {
        if (c == '|') c = '\0';
      }
    }
    out.text.push_back(std::move(request));
  }
  return out;
}

std::string payload_of(const OutBuffer& out) {
  return out.size() < 4 ? std::string() : std::string(out.view().substr(4));
}

std::string written_again(const Line& line) {
  const OwnedFrame frame(line.payload);
  OutBuffer again;
  const auto read = decode_request(frame.frame(), line.version, [&](const auto& request) {
    const auto written = encode_request(again, line.version, request);
    EXPECT_TRUE(written) << "line " << line.number << ": " << to_text(written.error());
  });
  EXPECT_TRUE(read) << "line " << line.number << " " << line.name << ": " << to_text(read.error());
  return payload_of(again);
}

TEST(golden_requests, are_written_byte_for_byte_from_the_named_call) {
  const Lines lines = read_lines();
  int from_calls = 0;
  int from_values = 0;
  int refused = 0;
  for (const Line& line : lines.text) {
    const auto call = named_calls().find(line.name);
    if (call == named_calls().end()) {
      EXPECT_FALSE(golden_is_ours()) << "line " << line.number << ": no call named " << line.name;
      if (!line.nothing_sent) {
        EXPECT_EQ(visible(written_again(line)), visible(line.payload)) << "line " << line.number << " " << line.name;
        ++from_values;
      }
      continue;
    }
    OutBuffer out;
    const auto result = call->second(out, line.version);
    if (line.nothing_sent) {
      EXPECT_FALSE(result) << "line " << line.number << ": " << line.name << " must be refused at " << line.version;
      EXPECT_TRUE(out.empty());
      ++refused;
      continue;
    }
    const std::string payload = result ? payload_of(out) : to_text(result.error());
    if (payload == line.payload) {
      ++from_calls;
      continue;
    }
    // Other folders may carry other values under the same name: then the values come out of the line itself.
    const std::string again = written_again(line);
    EXPECT_FALSE(golden_is_ours()) << "line " << line.number << " " << line.name << " sv" << line.version << "\n  ours   "
                                   << visible(payload) << "\n  golden " << visible(line.payload);
    EXPECT_EQ(visible(again), visible(line.payload)) << "line " << line.number << " " << line.name;
    ++from_values;
  }
  EXPECT_GT(from_calls + from_values, 0);
  if (golden_is_ours()) {
    EXPECT_EQ(from_values, 0);
  }
  std::printf("requests: %d from the named call, %d from the values of the line, %d refused as they must be, "
              "%d of other regimes (protobuf, raw ids) passed over\n",
              from_calls, from_values, refused, lines.other_regimes);
}

TEST(golden_requests, are_read_by_our_server_side_and_written_again_unchanged) {
  const Lines lines = read_lines();
  int count = 0;
  for (const Line& line : lines.text) {
    if (line.nothing_sent) continue;
    EXPECT_EQ(visible(written_again(line)), visible(line.payload)) << "line " << line.number << " " << line.name;
    ++count;
  }
  std::printf("requests: %d read and written again, %d of other regimes passed over\n", count, lines.other_regimes);
}

}  // namespace
}  // namespace robo::ib::wire
