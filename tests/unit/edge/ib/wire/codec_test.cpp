// Decoder and encoder at their edges: what a server may send although it should not, and what a client must not send.

#include <gtest/gtest.h>

#include "edge/ib/wire/decode.hpp"
#include "edge/ib/wire/encode.hpp"

namespace robo::ib::wire {
namespace {

/// "1|6|11|..." with | for NUL.
OwnedFrame payload(std::string text) {
  for (char& c : text) {
    if (c == '|') c = '\0';
  }
  return OwnedFrame(text);
}

template <class M>
WireResult<M> decoded(const std::string& text, int version = 200) {
  const OwnedFrame frame = payload(text);
  WireResult<M> out = fail(WireError{});
  const auto result = decode_event(frame.frame(), version, [&](const auto& event) {
    if constexpr (std::same_as<std::remove_cvref_t<decltype(event)>, M>) out = event;
  });
  if (!result) return fail(result.error());
  return out;
}

std::string error_of(const std::string& text, int version = 200) {
  const OwnedFrame frame = payload(text);
  bool called = false;
  const auto result = decode_event(frame.frame(), version, [&](const auto&) { called = true; });
  EXPECT_FALSE(called) << "a broken message was handed on: " << text;
  return result ? "none" : to_text(result.error());
}

TEST(Encoder, a_text_leaves_whole_and_a_sign_that_ib_refuses_is_found_wherever_it_stands) {
  for (std::size_t size = 0; size <= 40; ++size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += static_cast<char>(' ' + (7 * i + size) % 95);
    const auto said = [&](Side side) {
      OutBuffer out;
      Writer writer(out, side, 200);
      writer.text("orderRef", text);
      writer.finish();
      return std::pair(writer.ok(), std::string(out.view()));
    };
    EXPECT_EQ(said(Side::Client), std::pair(true, text + std::string(1, 0))) << size;
    for (std::size_t at = 0; at < size; ++at) {
      const char before = text[at];
      for (const char wrong : {'\x01', '\x1f', '\x7f', '\x80', '\xff', '\0'}) {
        text[at] = wrong;
        EXPECT_FALSE(said(Side::Client).first) << size << " characters, number " << at << " is " << static_cast<int>(wrong);
        EXPECT_EQ(said(Side::Server).first, wrong != '\0');
      }
      for (const char right : {'\t', '\r', '\n', ' ', '~'}) {
        text[at] = right;
        EXPECT_TRUE(said(Side::Client).first);
      }
      text[at] = before;
    }
  }
}

TEST(Decoder, reads_a_price_tick) {
  const auto tick = decoded<TickPrice>("1|6|10000001|2|187.21|300|1|");
  ASSERT_TRUE(tick);
  EXPECT_EQ(tick->reqId, 10000001);
  EXPECT_EQ(tick->tickType, 2);
  EXPECT_EQ(tick->price.exactly<Price>().value(), price(187, 21));
  EXPECT_EQ(tick->size.exactly<Quantity>().value(), shares(300));
}

TEST(Decoder, says_which_field_of_which_message_is_wrong) {
  EXPECT_EQ(error_of("1|6|10000001|2|abc|300|1|"), "tickPrice (1): field price is not a number");
  EXPECT_EQ(error_of("1|6|10000001|2|187.21|300|"), "tickPrice (1): the payload ends before field attrMask");
  EXPECT_EQ(error_of("1|6|10000001|2|187.21|300|1|7|"), "tickPrice (1): bytes are left after the last field");
  EXPECT_EQ(error_of("1|6|99999999999|2|187.21|300|1|"), "tickPrice (1): field reqId is out of range");
  EXPECT_EQ(error_of("1|6|10000001|2|187.21|300|1"), "message (0): the payload does not end with NUL");
  EXPECT_EQ(error_of("abc|6|"), "the payload does not begin with a message id");
  EXPECT_EQ(error_of("777|6|"), "message id 777 is not known");
}

TEST(Decoder, believes_no_count_that_the_payload_cannot_hold) {
  EXPECT_EQ(error_of("17|10000001|2000000000|20260401|1|2|0.5|1|100|1|5|"),
            "historicalData (17): field bars counts more items than the payload holds");
  EXPECT_EQ(error_of("17|10000001|2|20260401|1|2|0.5|1|100|1|5|"), "historicalData (17): the payload ends before field date");
  const auto none = decoded<HistoricalData>("17|10000001|-1|");
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->bars.empty());
}

TEST(Decoder, takes_every_spelling_of_unset_in_sizes_and_prices) {
  for (const char* size : {"", "2147483647", "9223372036854775807", "-9223372036854775808", "1.7976931348623157E308"}) {
    const auto pnl = decoded<PnlSingle>("95|7|" + std::string(size) + "|1.7976931348623157E308|0.0|1.5|2|");
    ASSERT_TRUE(pnl) << size;
    EXPECT_FALSE(pnl->pos.is_set()) << size;
    EXPECT_FALSE(pnl->dailyPnL.is_set());
    EXPECT_TRUE(pnl->unrealizedPnL.is_set());
  }
}

TEST(Decoder, reads_a_number_of_any_length_the_same_way_as_the_general_parser) {
  for (const char* text : {"0", "7", "0.0", "-0.05", "1.", ".5", "187.21", "12345678", "123456789012345", "1234567.8901234",
                           "123456789012345.6", "1234567890123456", "-1234567890.12345", "99999999999999.9", "000000000000001",
                           "0.00000000000001", "123456789.123456789", "1e5", "1.5E-3"}) {
    const auto tick = decoded<TickGeneric>("45|6|1|23|" + std::string(text) + "|");
    ASSERT_TRUE(tick) << text;
    EXPECT_EQ(tick->value, parse_number(text).value()) << text;
    EXPECT_EQ(tick->value.to_text(), parse_number(text)->to_text()) << text;
  }
  for (const char* text : {".", "-", "--1", "1.2.3", "1-2", "12:3", "1/2", "1 2", "..", "+", "1,5"}) {
    EXPECT_EQ(error_of("45|6|1|23|" + std::string(text) + "|"), "tickGeneric (45): field value is not a number") << text;
  }
}

TEST(Decoder, tells_the_three_tick_by_tick_shapes_apart) {
  EXPECT_TRUE(decoded<TickByTickLast>("99|7|2|1700000000|187.21|100|0|ARCA||"));
  EXPECT_TRUE(decoded<TickByTickBidAsk>("99|7|3|1700000000|187.2|187.21|100|200|0|"));
  EXPECT_TRUE(decoded<TickByTickMidPoint>("99|7|4|1700000000|187.205|"));
}

TEST(Decoder, reads_the_delta_neutral_None_of_a_real_gateway_as_text_with_its_block) {
  // A word in the type field means the block follows, even when the word is "None".
  OpenOrder order;
  order.order.deltaNeutralOrderType = "None";
  order.order.deltaNeutralOpenClose = "?";
  order.contract.right = "?";
  order.order.displaySize = unset_integer;
  OutBuffer out;
  ASSERT_TRUE(encode_event(out, 200, order));
  const OwnedFrame frame(out.view().substr(4));
  bool seen = false;
  const auto result = decode_event(frame.frame(), 200, [&](const auto& event) {
    if constexpr (std::same_as<std::remove_cvref_t<decltype(event)>, OpenOrder>) {
      seen = true;
      EXPECT_EQ(event.order.deltaNeutralOrderType, "None");
      EXPECT_EQ(event.order.deltaNeutralOpenClose, "?");
      EXPECT_EQ(event.order.displaySize, unset_integer);
      EXPECT_FALSE(event.order.triggerPrice.is_set());
    }
  });
  EXPECT_TRUE(result) << to_text(result.error());
  EXPECT_TRUE(seen);
}

TEST(Encoder, refuses_text_that_would_break_or_confuse_the_stream) {
  OutBuffer out;
  ReqMatchingSymbols request{.reqId = 1, .pattern = std::string_view("A\0B", 3)};
  EXPECT_EQ(to_text(encode_request(out, 200, request).error()), "reqMatchingSymbols (81): field pattern holds a character that cannot be sent");
  request.pattern = "M\xc3\xbcnchen";
  EXPECT_FALSE(encode_request(out, 200, request));
  request.pattern = "exactly-8";
  EXPECT_TRUE(encode_request(out, 200, request));
  request.pattern = "with\ttab";
  EXPECT_TRUE(encode_request(out, 200, request));
  request.pattern = "del\x7f";
  EXPECT_FALSE(encode_request(out, 200, request));
}

TEST(Encoder, leaves_nothing_behind_when_it_refuses) {
  OutBuffer out;
  ASSERT_TRUE(encode_request(out, 200, ReqIds{.numIds = 1}));
  const std::string before(out.view());
  EXPECT_FALSE(encode_request(out, 200, ReqMatchingSymbols{.reqId = 1, .pattern = "\x01"}));
  EXPECT_EQ(out.view(), before);
}

TEST(Encoder, refuses_requests_and_fields_the_server_is_too_old_for) {
  OutBuffer out;
  EXPECT_EQ(to_text(encode_request(out, 196, ReqCurrentTimeInMillis{}).error()),
            "reqCurrentTimeInMillis (105): the server is too old, version 197 is needed");
  EXPECT_TRUE(encode_request(out, 197, ReqCurrentTimeInMillis{}));

  PlaceOrder place;
  place.order.manualOrderTime = "20261201 10:00:00";
  EXPECT_EQ(to_text(encode_request(out, 168, place).error()), "placeOrder (3): field manualOrderTime needs server version 169");
  EXPECT_TRUE(encode_request(out, 169, place));
}

TEST(Encoder, lets_a_server_send_what_is_no_ascii) {
  OutBuffer out;
  ErrorMessage error;
  error.errorMsg = "B\xc3\xb6rse";
  EXPECT_TRUE(encode_event(out, 200, error));
  error.errorMsg = std::string_view("a\0b", 3);
  EXPECT_FALSE(encode_event(out, 200, error));
}

}  // namespace
}  // namespace robo::ib::wire
