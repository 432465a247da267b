#include "model/json/json.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "model/json/json_of.hpp"
#include "model/json/schema.hpp"

namespace robo::test {

enum class Colour : std::uint8_t { Red, Green };

struct Inner {
  Price price{};
  std::optional<double> ratio{};
  using fields = Fields<&Inner::price, &Inner::ratio>;
};
struct Circle {
  double radius{};
  using fields = Fields<&Circle::radius>;
};
struct Point {};
struct Outer {
  std::string name{};
  std::uint8_t small{};
  Colour colour{};
  Timestamp at{};
  Date day{};
  std::vector<Inner> steps{};
  std::map<std::string, std::int64_t> counts{};
  std::variant<Point, Circle> shape{};
  FixedText<4> code{};
  bool on{};
  using fields = Fields<&Outer::name, &Outer::small, &Outer::colour, &Outer::at, &Outer::day, &Outer::steps, &Outer::counts,
                        &Outer::shape, &Outer::code, &Outer::on>;
};
static_assert(Complete<Outer>);

}  // namespace robo::test

namespace robo {
template <>
struct EnumNames<test::Colour> {
  static constexpr std::array<std::string_view, 2> names{"red", "green"};
};
}  // namespace robo

ROBO_JSON(robo::test::Outer);
ROBO_JSON(robo::test::Inner);

namespace robo::test {
namespace {

std::vector<std::string> texts(const std::vector<Problem>& problems) {
  std::vector<std::string> out;
  for (const auto& problem : problems) out.push_back(problem.text);
  return out;
}

const Outer sample{.name = "a \"quoted\" name",
                   .small = 255,
                   .colour = Colour::Green,
                   .at = Timestamp{1'550'241'000'123'456'789},
                   .day = date_of(2019, 2, 15),
                   .steps = {Inner{.price = price(105, 26), .ratio = 0.5}, Inner{.price = Price::from_raw(-1), .ratio = {}}},
                   .counts = {{"x", 1}},
                   .shape = Circle{.radius = 2.5},
                   .code = "IBKR",
                   .on = true};

}  // namespace

TEST(Json, writes_decimals_exactly_and_names_for_enums) {
  EXPECT_EQ(json::to_json(Inner{.price = price(105, 26)}), R"({"price":"105.26","ratio":null})");
  EXPECT_EQ(json::to_json(Inner{.price = Price::from_raw(-1)}), R"({"price":"-0.000000001","ratio":null})");
  EXPECT_EQ(json::to_json(Inner{.ratio = std::numeric_limits<double>::quiet_NaN()}), R"({"price":"0","ratio":null})");
}

TEST(Json, reads_back_what_it_wrote) {
  const auto text = json::to_json(sample);
  const auto back = json::from_json<Outer>(text);
  ASSERT_TRUE(back) << texts(back.error())[0];
  EXPECT_EQ(json::to_json(back.value()), text);
  EXPECT_EQ(back->at, sample.at);
  EXPECT_EQ(back->steps[1].price, Price::from_raw(-1));
  EXPECT_EQ(std::get<Circle>(back->shape).radius, 2.5);
}

TEST(Json, tells_every_error_at_once_with_its_path) {
  const auto bad = json::from_json<Outer>(
      R"({"small":256,"colour":"blue","at":"2019-02-29T00:00:00Z","day":"2019-13-01","steps":[{"price":"1.x"},{"price":1.25,"extra":1}],
          "counts":{"x":"y"},"shape":{"kind":"Square"},"code":"TOOLONG","on":1})");
  ASSERT_FALSE(bad);
  EXPECT_EQ(texts(bad.error()),
            (std::vector<std::string>{"name: is missing", "small: is out of range: 0 to 255", "colour: \"blue\" is not one of red, green",
                                      "at: has the wrong kind: a UTC time like 2019-02-15T14:30:00Z is expected",
                                      "day: has the wrong kind: a date like 2019-02-15 is expected",
                                      "steps[0].price: " + std::string(to_text(DecimalError::NotANumber)), "steps[1].extra: is not a member",
                                      "counts.x: has the wrong kind: a whole number is expected", "shape: kind \"Square\" is not known",
                                      "code: is too long: at most 4 bytes", "on: has the wrong kind: true or false is expected"}));
}

TEST(Json, refuses_what_is_not_one_json_value) {
  EXPECT_FALSE(json::from_json<Inner>(""));
  EXPECT_FALSE(json::from_json<Inner>("{\"price\":\"1\""));
  EXPECT_FALSE(json::from_json<Inner>("{\"price\":\"1\"} x"));
  EXPECT_TRUE(json::from_json<Inner>("{\"price\":\"1\"} \n"));
  EXPECT_FALSE(json::from_json<Inner>(std::string(100, '[') + std::string(100, ']')));
}

TEST(Json, takes_a_decimal_as_number_or_text_but_not_too_precise) {
  EXPECT_EQ(json::from_json<Inner>(R"({"price":105.26})")->price, price(105, 26));
  EXPECT_EQ(json::from_json<Inner>(R"({"price":1e2})")->price, price(100));
  EXPECT_FALSE(json::from_json<Inner>(R"({"price":"0.0000000001"})"));
  EXPECT_FALSE(json::from_json<Inner>(R"({"price":1e300})"));
}

TEST(Json, what_is_not_utf8_becomes_a_replacement_and_the_rest_stays) {
  const auto name = [](std::string_view text) {
    Outer outer;
    outer.name = text;
    const auto json = json::to_json(outer);
    return json.substr(9, json.find("\",\"small\"") - 9);
  };
  EXPECT_EQ(name("DU•••417 − ü 😀"), "DU•••417 − ü 😀");
  EXPECT_EQ(name("cut \xe2\x80"), "cut \xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(name("\xff x"), "\xef\xbf\xbd x");
  EXPECT_EQ(name("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd") << "half a surrogate pair";
  EXPECT_EQ(name("\xc0\xaf"), "\xef\xbf\xbd\xef\xbf\xbd") << "an overlong slash";
}

TEST(Json, reads_times_up_to_the_nanosecond_and_leap_days_only_in_leap_years) {
  Timestamp at;
  EXPECT_TRUE(json::read_timestamp("2020-02-29T00:00:00.000000001Z", at));
  EXPECT_EQ(to_text(at), "2020-02-29T00:00:00.000000001Z");
  EXPECT_FALSE(json::read_timestamp("2019-02-29T00:00:00Z", at));
  EXPECT_FALSE(json::read_timestamp("2019-02-28T24:00:00Z", at));
  EXPECT_FALSE(json::read_timestamp("2019-02-28T00:00:00", at));
  EXPECT_FALSE(json::read_timestamp("2019-02-28T00:00:00.Z", at));
  EXPECT_FALSE(json::read_timestamp("9999-02-28T00:00:00Z", at));
}

TEST(Json, the_schema_becomes_typescript_and_json_schema) {
  const std::vector roots{json::schema_of<Outer>()};
  const auto typescript = json::to_typescript(roots);
  EXPECT_NE(typescript.find("export type Colour =\n  | \"red\"\n  | \"green\";"), std::string::npos);
  EXPECT_NE(typescript.find("export interface Inner {\n  price: Decimal;\n  ratio: number | null;\n}"), std::string::npos);
  EXPECT_NE(typescript.find("  steps: Inner[];"), std::string::npos);
  EXPECT_LT(typescript.find("interface Inner"), typescript.find("interface Outer"));
  const auto schemas = json::to_json_schemas(roots, "#/x/");
  EXPECT_NE(schemas.find(R"("Inner":{"type":"object","properties":{"price":{"type":"string","format":"decimal")"), std::string::npos);
  EXPECT_NE(schemas.find(R"("required":["price"])"), std::string::npos);
}

}  // namespace robo::test
