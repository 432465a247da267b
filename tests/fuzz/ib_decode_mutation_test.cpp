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

std::string protobuf_payload(std::uint32_t wire_id, std::string_view hex) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(wire_id >> shift));
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) out.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  return out;
}

/// Real payloads of both directions, each a stream of its own.
std::vector<Bytes> seeds() {
  const std::string folder = std::string(ROBO_SOURCE_DIR) + "/tests/golden/ib/data/";
  std::vector<Bytes> out;
  std::ifstream responses(folder + "golden-responses.jsonl");
  for (std::string line; std::getline(responses, line);) {
    const boost::json::value json = boost::json::parse(line);
    if (json.at("enc").as_string() == "pb") {
      Bytes stream{static_cast<unsigned char>(json.at("sv").to_number<int>() - 100), static_cast<unsigned char>(json.at("dir").as_string() == "client" ? 255 : 254)};
      append_frame(stream, protobuf_payload(json.at("wireId").to_number<std::uint32_t>(), json.at("hex").as_string()));
      out.push_back(std::move(stream));
      continue;
    }
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
                                               "1.7976931348623157E308", "0.0000000000000000000001", "99999999", "true", "\xff\xfe",
                                               // a length of four gigabytes, a varint without end, an empty message, a group, the double that is none
                                               "\x12\xff\xff\xff\xff\x0f", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", std::string_view("\x12\0", 2), "\x0b\x0c",
                                               std::string_view("\x19\0\0\0\0\0\0\xf8\x7f", 9)};
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
  ASSERT_GT(all.size(), 500u);
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

/// A frame with one field, repeated until it is four megabytes.
std::string repeated(std::uint32_t wire_id, std::string_view field) {
  std::string out = protobuf_payload(wire_id, "");
  while (out.size() < (4U << 20)) out += field;
  return out;
}

TEST(Fuzz, a_list_larger_than_any_honest_message_is_refused_before_it_takes_the_memory) {
  for (const auto& [wire_id, field] : {std::pair<std::uint32_t, std::string_view>{217, std::string_view("\x12\0", 2)},   // bars
                                       {220, std::string_view("\x12\0", 2)},                                            // scanner rows, a contract each
                                       {285, std::string_view("\x0a\0", 2)}}) {                                         // news providers
    const OwnedFrame frame(repeated(wire_id, field));
    int heard = 0;
    const auto result = decode_event(frame.frame(), 226, [&](const auto&) { ++heard; });
    ASSERT_FALSE(result) << wire_id;
    EXPECT_EQ(result.error().kind, WireError::Kind::CountTooLarge) << wire_id;
    EXPECT_EQ(heard, 0);
  }
  const OwnedFrame pairs(repeated(203, "\x1a\x09\xf2\x03\x06\x0a\x01x\x12\x01y"));  // placeOrder with a million algo parameters
  const auto result = decode_request(pairs.frame(), 226, [](const auto&) {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, WireError::Kind::CountTooLarge);
}

TEST(Fuzz, a_protobuf_message_cut_anywhere_is_an_error_or_a_shorter_message_and_never_more) {
  const auto all = seeds();
  std::size_t cuts = 0;
  for (const Bytes& seed : all) {
    if (seed[0] < 113) continue;
    for (std::size_t size = 10; size < seed.size(); ++size) {
      Bytes cut(seed.begin(), seed.begin() + static_cast<std::ptrdiff_t>(size));
      const auto payload = static_cast<std::uint32_t>(size - 6);
      for (std::size_t b = 0; b < 4; ++b) cut[2 + b] = static_cast<unsigned char>(payload >> (24 - 8 * b));
      EXPECT_LE(attack(cut.data(), cut.size()), 1u);
      ++cuts;
    }
  }
  EXPECT_GT(cuts, 5000u);
}

}  // namespace
}  // namespace robo::ib::wire
