// The protobuf regime against bytes of other implementations: requests as an official client says them, and messages with a value
// in every field. Each must be read to the value of every field, and written again to the same bytes.

#include <map>
#include <set>

#include <boost/json.hpp>

#include "edge/ib/wire/decode.hpp"
#include "edge/ib/wire/encode.hpp"
#include "golden/ib/golden_folder.hpp"
#include "golden/ib/named_calls.hpp"

namespace robo::ib::wire {
namespace {

std::string from_hex(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) out.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  return out;
}

std::string to_hex(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out.push_back(digits[static_cast<unsigned char>(c) >> 4]);
    out.push_back(digits[static_cast<unsigned char>(c) & 15]);
  }
  return out;
}

std::string payload_of(std::uint32_t wire_id, std::string_view hex) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(wire_id >> shift));
  return out + from_hex(hex);
}

/// Text of a member, as JSON would say it.
std::string said(std::string_view value) { return std::string(value); }
std::string said(bool value) { return value ? "true" : "false"; }
std::string said(std::int64_t value) { return std::to_string(value); }
std::string said(std::int32_t value) { return std::to_string(value); }
std::string said(const Number& value) { return value.to_text(); }

std::string plain(const boost::json::value& value) {
  if (value.is_string()) return std::string(value.as_string());
  if (value.is_bool()) return value.as_bool() ? "true" : "false";
  return boost::json::serialize(value);
}

bool same(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const auto x = parse_number(a);
  const auto y = parse_number(b);
  return x && y && *x == *y;
}

struct Compared {
  int equal = 0;
  std::set<std::string> elsewhere{};  // JSON names that are no member of that name
};

template <class T>
void compare(const T& ours, const boost::json::object& theirs, Compared& compared, const std::string& where);

template <class Member>
void compare_member(const Member& member, const boost::json::value& value, Compared& compared, const std::string& where) {
  if constexpr (HasFields<Member>) {
    if (value.is_object()) compare(member, value.as_object(), compared, where);
  } else if constexpr (requires { said(member); }) {
    if (value.is_object() || value.is_array()) return;
    if (where.ends_with(".evMultiplier") || where.ends_with(".routeMarketableToBbo") || where.ends_with(".override")) return;  // of another type
    EXPECT_TRUE(same(said(member), plain(value))) << where << ": ours " << said(member) << ", theirs " << plain(value);
    ++compared.equal;
  } else if constexpr (requires { member.front(); }) {
    if (!value.is_array()) return;
    ASSERT_EQ(member.size(), value.as_array().size()) << where;
    for (std::size_t i = 0; i < member.size(); ++i) {
      if (value.as_array()[i].is_object()) compare(member[i], value.as_array()[i].as_object(), compared, where);
    }
  }
}

/// Protobuf names of members that are called otherwise in the text regime, after which our structs are named.
std::string_view member_name(std::string_view name) {
  static const std::map<std::string_view, std::string_view> others{
      {"primaryExch", "primaryExchange"}, {"deltaNeutralContract", "dn"}, {"shortSalesSlot", "shortSaleSlot"}, {"bondYield", "yield_"},
      {"bondNotes", "notes"}, {"puttable", "putable"}, {"fundMinimumSubsequentPurchase", "fundSubsequentMinimumPurchase"},
      {"allMessages", "allMsgs"}, {"currentTime", "time"}, {"currentTimeInMillis", "time"}, {"barSizeSetting", "barSize"}, {"WAP", "wap"},
      {"timestamp", "timeStamp"}, {"newsMsgId", "msgId"}, {"newsMsgType", "msgType"}, {"originatingExch", "originExch"}, {"isDone", "done"},
      {"accountId", "accountID"}, {"familyCode", "familyCodeStr"}, {"familyCodes", "codes"}, {"smartComponents", "components"},
      {"depthMarketDataDescriptions", "descs"}, {"historicalTicks", "ticks"}, {"historicalTicksLast", "ticks"}, {"comboKey", "legsStr"},
      {"historicalSessions", "sessions"}, {"scannerDataElement", "rows"}};
  const auto found = others.find(name);
  return found == others.end() ? name : found->second;
}

template <class T>
void compare(const T& ours, const boost::json::object& theirs, Compared& compared, const std::string& where) {
  for (const auto& [key, value] : theirs) {
    bool found = false;
    each_field<T>([&](auto field) {
      if (field.name != member_name(std::string_view(key))) return;
      found = true;
      compare_member(ours.*decltype(field)::member, value, compared, where + "." + std::string(key));
    });
    if (found) continue;
    if (value.is_object()) compare(ours, value.as_object(), compared, where);  // a part whose fields are our own
    else compared.elsewhere.insert(where + "." + std::string(key));
  }
}

/// What our structs do not hold: a bond's fields in a stock, the fraction of a multiplier, a market maker outside level 2, all kinds of
/// condition in one, what clients do not send. Such a message must still be written to what reads as itself.
const std::set<std::string> narrower{"PlaceOrderRequest", "ContractData", "MarketDepth"};

template <class Encode>
std::string written(Encode&& encode) {
  OutBuffer out;
  const auto done = encode(out);
  EXPECT_TRUE(done) << to_text(done.error());
  return std::string(out.view().substr(std::min<std::size_t>(4, out.size())));
}

std::string written_again(std::string_view payload, int version, bool from_client, Compared* compared, const boost::json::object* json,
                          const std::string& where) {
  const OwnedFrame frame(payload);
  std::string again;
  const auto on_message = [&](const auto& message) {
    if (compared != nullptr) compare(message, *json, *compared, where);
    again = written([&](OutBuffer& out) {
      if constexpr (requires { message.since; }) return encode_request(out, version, message);
      else return encode_event(out, version, message);
    });
  };
  const auto read = from_client ? decode_request(frame.frame(), version, on_message) : decode_event(frame.frame(), version, on_message);
  EXPECT_TRUE(read) << where << ": " << to_text(read.error());
  return again;
}

TEST(golden_protobuf, every_message_is_read_to_the_value_of_every_field_and_written_again_unchanged) {
  int messages = 0;
  Compared compared;
  for (const std::string& line : golden_lines("golden-responses.jsonl")) {
    if (line.empty()) continue;
    const boost::json::value json = boost::json::parse(line);
    if (json.at("enc").as_string() != "pb") continue;
    const auto version = json.at("sv").to_number<int>();
    const std::string payload = payload_of(json.at("wireId").to_number<std::uint32_t>(), json.at("hex").as_string());
    const bool from_client = json.at("dir").as_string() == "client";
    const std::string where = std::string(json.at("msg").as_string());
    const std::string again = written_again(payload, version, from_client, &compared, &json.at("json").as_object(), where);
    if (narrower.contains(where)) EXPECT_EQ(to_hex(written_again(again, version, from_client, nullptr, nullptr, where)), to_hex(again));
    else EXPECT_EQ(to_hex(again), to_hex(payload)) << where;
    ++messages;
  }
  EXPECT_GT(messages, 80);
  EXPECT_GT(compared.equal, 800);
  std::erase_if(compared.elsewhere, [](const std::string& name) { return name.starts_with("ContractData."); });
  EXPECT_LT(compared.elsewhere.size(), 20u);
  std::printf("protobuf: %d messages, %d values equal, %zu under another name\n", messages, compared.equal, compared.elsewhere.size());
  for (const auto& name : compared.elsewhere) std::printf("  %s\n", name.c_str());
}

TEST(golden_protobuf, requests_are_written_byte_for_byte_as_an_official_client_writes_them) {
  int written = 0;
  for (const std::string& line : golden_lines("golden-requests.txt")) {
    const std::size_t mark = line.find(" PB ");
    if (line.starts_with('#') || mark == line.npos) continue;
    const std::string name = line.substr(0, line.find(' '));
    const int version = std::stoi(line.substr(line.find(" sv") + 3));
    const std::string wire_id = line.substr(mark + 4, line.find(' ', mark + 4) - mark - 4);
    const std::string hex = line.substr(line.rfind(' ') + 1);
    const auto call = named_calls().find(name);
    ASSERT_NE(call, named_calls().end()) << name;
    OutBuffer out;
    const auto done = call->second(out, version);
    ASSERT_TRUE(done) << name << ": " << to_text(done.error());
    EXPECT_EQ(to_hex(out.view().substr(4)), to_hex(payload_of(static_cast<std::uint32_t>(std::stoi(wire_id)), hex))) << name;
    ++written;
  }
  EXPECT_EQ(written, 38);
}

}  // namespace
}  // namespace robo::ib::wire
