// The same attack with seeded mutations of real payloads: in every test run for 5 s, longer with ROBO_FUZZ_SECONDS.

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <random>
#include <vector>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "fuzz/wire_under_attack.hpp"

namespace robo::ib::wire {
namespace {

using Bytes = std::vector<unsigned char>;

void append_frame(Bytes& out, std::string_view payload) {
  const auto size = static_cast<std::uint32_t>(payload.size());
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<unsigned char>(size >> shift));
  out.insert(out.end(), payload.begin(), payload.end());
}

/// Real payloads of both directions, each a stream of its own.
std::vector<Bytes> seeds() {
  const std::string folder = std::string(ROBO_SOURCE_DIR) + "/tests/golden/ib/data/";
  std::vector<Bytes> out;
  std::ifstream responses(folder + "golden-responses.jsonl");
  for (std::string line; std::getline(responses, line);) {
    const boost::json::value json = boost::json::parse(line);
    if (json.at("enc").as_string() != "text") continue;
    Bytes stream{static_cast<unsigned char>(json.at("sv").to_number<int>() - 100), 254};
    append_frame(stream, json.at("payload").as_string());
    out.push_back(std::move(stream));
  }
  std::ifstream requests(folder + "golden-requests.txt");
  for (std::string line; std::getline(requests, line);) {
    const std::size_t text = line.find(" TXT ");
    const std::size_t version = line.find(" sv");
    if (text == line.npos || version == line.npos) continue;
    std::string payload = line.substr(text + 5);
    for (char& c : payload) {
      if (c == '|') c = '\0';
    }
    Bytes stream{static_cast<unsigned char>(std::stoi(line.substr(version + 3)) - 100), 255};
    append_frame(stream, payload);
    out.push_back(std::move(stream));
  }
  return out;
}

void mutate(Bytes& bytes, const std::vector<Bytes>& all, std::mt19937_64& random) {
  const auto pick = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  static constexpr std::string_view words[] = {"", "-", "-1", "2147483647", "2147483648", "9223372036854775808", "1e999", "NaN",
                                               "1.7976931348623157E308", "0.0000000000000000000001", "99999999", "true", "\xff\xfe"};
  const std::size_t times = 1 + pick(4);
  for (std::size_t i = 0; i < times && bytes.size() > 2; ++i) {
    const std::size_t at = 2 + pick(bytes.size() - 2);
    const auto where = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    switch (pick(8)) {
      case 0: bytes[at] = static_cast<unsigned char>(random()); break;
      case 1: bytes.erase(where); break;
      case 2: bytes.insert(where, static_cast<unsigned char>(random())); break;
      case 3: bytes.resize(at); break;                             // truncated
      case 4: bytes[2 + pick(4) % (bytes.size() - 2)] = static_cast<unsigned char>(random()); break;  // the length lies
      case 5: {                                                    // a field becomes a nasty word
        const std::string_view word = words[pick(std::size(words))];
        bytes.insert(where, word.begin(), word.end());
        break;
      }
      case 6: bytes[0] = static_cast<unsigned char>(random()); break;  // another version
      default: {
        const Bytes& other = all[pick(all.size())];
        bytes.insert(bytes.end(), other.begin() + 2, other.end());
      }
    }
    // Half of the time the length is true again, so that the decoder is reached.
    if (bytes.size() > 6 && (random() & 1) != 0) {
      const auto size = static_cast<std::uint32_t>(bytes.size() - 6);
      for (std::size_t b = 0; b < 4; ++b) bytes[2 + b] = static_cast<unsigned char>(size >> (24 - 8 * b));
    }
  }
}

TEST(Fuzz, no_bytes_from_a_peer_bring_the_decoder_down) {
  const auto all = seeds();
  ASSERT_GT(all.size(), 400u);
  const char* wanted = std::getenv("ROBO_FUZZ_SECONDS");
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(wanted != nullptr ? std::atoi(wanted) : 5);
  std::size_t runs = 0;
  std::size_t understood = 0;
  for (const Bytes& seed : all) understood += attack(seed.data(), seed.size());
  EXPECT_EQ(understood, all.size()) << "an untouched payload was not understood";
  for (std::uint64_t seed = 1; std::chrono::steady_clock::now() < until; ++seed) {
    std::mt19937_64 random(seed);  // the seed alone reproduces a run
    Bytes bytes = all[random() % all.size()];
    mutate(bytes, all, random);
    understood += attack(bytes.data(), bytes.size());
    ++runs;
  }
  std::printf("fuzz: %zu mutated streams, %zu messages understood\n", runs, understood - all.size());
  EXPECT_GT(runs, 1000u);
}

}  // namespace
}  // namespace robo::ib::wire
