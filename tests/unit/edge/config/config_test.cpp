#include "edge/config/config.hpp"

#include <array>
#include <fstream>
#include <gtest/gtest.h>

#include "edge/config/config_of.hpp"

namespace robo::config::test {

enum class Pace : std::uint8_t { Slow, Fast };

struct Step {
  std::string name{};
  double speed{};
  using fields = Fields<&Step::name, &Step::speed>;
  static constexpr auto ranges = std::to_array<Range>({{"speed", 0, 10}});
};
struct Risk {
  Quantity order_quantity_max{shares(100)};
  Price collar{};
  std::optional<Money> daily_loss{};
  using fields = Fields<&Risk::order_quantity_max, &Risk::collar, &Risk::daily_loss>;
  static constexpr bool defaults = true;
  static constexpr auto ranges = std::to_array<Range>({{"order_quantity_max", 1, 1000}, {"daily_loss", 0, 1e6}});
};
struct Settings {
  std::string account{};
  std::uint16_t port{};
  Pace pace{};
  Duration timeout{};
  bool armed{};
  Date day{};
  std::vector<Step> steps{};
  Risk risk{};
  std::map<std::string, double> parameters{};
  std::optional<Timestamp> from{};
  using fields = Fields<&Settings::account, &Settings::port, &Settings::pace, &Settings::timeout, &Settings::armed, &Settings::day,
                        &Settings::steps, &Settings::risk, &Settings::parameters, &Settings::from>;
  static constexpr auto ranges = std::to_array<Range>({{"timeout", 0.1, 60}});
};
static_assert(Complete<Settings>);

}  // namespace robo::config::test

namespace robo {
template <>
struct EnumNames<config::test::Pace> {
  static constexpr std::array<std::string_view, 2> names{"slow", "fast"};
};
}  // namespace robo

ROBO_CONFIG(robo::config::test::Settings);
ROBO_CONFIG(robo::config::test::Step);

namespace robo::config::test {
namespace {

std::vector<std::string> texts(const std::vector<Problem>& problems) {
  std::vector<std::string> out;
  for (const auto& problem : problems) out.push_back(problem.text);
  return out;
}

constexpr std::string_view good = R"(
account = "DU123"
port = 7497
pace = "fast"
timeout = "2.5 s"
armed = false
day = 2019-02-15
from = 2019-02-15T09:30:00.25-05:00

[[steps]]
name = "one"
speed = 1

[[steps]]
name = "two"
speed = 2.5

[risk]
collar = 0.05
daily_loss = "2500.50"

[parameters]
lookback = 20
)";

}  // namespace

TEST(Config, reads_every_kind_of_setting) {
  const auto settings = read<Settings>(good, "good.toml");
  ASSERT_TRUE(settings) << texts(settings.error())[0];
  EXPECT_EQ(settings->account, "DU123");
  EXPECT_EQ(settings->port, 7497);
  EXPECT_EQ(settings->pace, Pace::Fast);
  EXPECT_EQ(settings->timeout, milliseconds(2500));
  EXPECT_EQ(settings->day, date_of(2019, 2, 15));
  EXPECT_EQ(to_text(settings->from.value()), "2019-02-15T14:30:00.25Z");
  ASSERT_EQ(settings->steps.size(), 2u);
  EXPECT_EQ(settings->steps[1].speed, 2.5);
  EXPECT_EQ(settings->risk.order_quantity_max, shares(100)) << "left out, so the default holds";
  EXPECT_EQ(settings->risk.collar, price(0, 5));
  EXPECT_EQ(to_text(settings->risk.daily_loss.value()), "2500.5");
  EXPECT_EQ(settings->parameters.at("lookback"), 20);
}

TEST(Config, tells_all_errors_at_once_with_file_line_and_key) {
  const auto bad = read<Settings>(R"(
acount = "DU123"
port = 70000
pace = "medium"
timeout = "5 parsecs"
armed = "yes"
day = "2019-02-15"
steps = [{name = "one", speed = 11}, {name = 2}]

[risk]
order_quantity_max = 1001
collar = 0.00000000001
daily_los = 1
[parameters]
lookback = "x"
)",
                                  "bad.toml");
  ASSERT_FALSE(bad);
  EXPECT_EQ(texts(bad.error()),
            (std::vector<std::string>{
                "bad.toml:1: account: is missing",
                "bad.toml:2: acount: is not a setting; did you mean \"account\"?",
                "bad.toml:3: port: 70000 is out of range: 0 to 65535",
                "bad.toml:4: pace: \"medium\" is not one of slow, fast",
                "bad.toml:5: timeout: has the wrong kind: a duration like \"250 ms\", \"10 s\", \"5 min\" or \"1 h\" is expected",
                "bad.toml:6: armed: has the wrong kind: true or false is expected, this is text",
                "bad.toml:7: day: has the wrong kind: a date like 2019-02-15 is expected, this is text",
                "bad.toml:8: steps[0].speed: 11 is out of range: 0 to 10",
                "bad.toml:8: steps[1].name: has the wrong kind: text in quotes is expected, this is a whole number",
                "bad.toml:8: steps[1].speed: is missing",
                "bad.toml:11: risk.order_quantity_max: 1001 is out of range: 1 to 1000",
                "bad.toml:12: risk.collar: " + std::string(to_text(DecimalError::TooPrecise)),
                "bad.toml:13: risk.daily_los: is not a setting; did you mean \"daily_loss\"?",
                "bad.toml:15: parameters.lookback: has the wrong kind: a number is expected, this is text"}));
}

TEST(Config, a_range_lets_its_ends_in_and_nothing_beyond) {
  EXPECT_TRUE(read<Step>("name = 'a'\nspeed = 10", "f"));
  EXPECT_TRUE(read<Step>("name = 'a'\nspeed = 0", "f"));
  EXPECT_FALSE(read<Step>("name = 'a'\nspeed = 10.0001", "f"));
  EXPECT_FALSE(read<Step>("name = 'a'\nspeed = -0.0001", "f"));
  EXPECT_FALSE(read<Step>("name = 'a'\nspeed = nan", "f"));
}

TEST(Config, a_syntax_error_names_its_line) {
  const auto bad = read<Step>("name = 'a'\nspeed == 1", "s.toml");
  ASSERT_FALSE(bad);
  ASSERT_EQ(bad.error().size(), 1u);
  EXPECT_EQ(bad.error()[0].text.substr(0, 22), "s.toml:2: is not TOML:");
}

TEST(Config, a_key_far_from_every_setting_gets_no_guess) {
  const auto bad = read<Step>("name = 'a'\nspeed = 1\nquarterly = 2", "f");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error()[0].text, "f:3: quarterly: is not a setting");
}

TEST(Config, load_throws_everything_in_one_error) {
  const auto file = std::filesystem::temp_directory_path() / "robo_config_test.toml";
  std::ofstream(file) << "name = 1\nspeed = 'x'\n";
  try {
    (void)load<Step>(file);
    FAIL() << "a bad file must not load";
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.problems().size(), 2u);
    EXPECT_NE(std::string(error.what()).find("robo_config_test.toml:1: name:"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("robo_config_test.toml:2: speed:"), std::string::npos);
  }
  std::filesystem::remove(file);
  const auto missing = read_file<Step>(file);
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error()[0].text.find("does not exist"), std::string::npos);
}

TEST(Config, durations_have_units_and_fit_64_bits) {
  std::int64_t ns = 0;
  EXPECT_TRUE(read_duration("250 ms", ns));
  EXPECT_EQ(ns, 250'000'000);
  EXPECT_TRUE(read_duration("1.5h", ns));
  EXPECT_EQ(ns, hours(1).ns + minutes(30).ns);
  EXPECT_FALSE(read_duration("250", ns));
  EXPECT_FALSE(read_duration("ms", ns));
  EXPECT_FALSE(read_duration("1e12 d", ns));
}

}  // namespace robo::config::test
