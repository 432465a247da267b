#include "golden/ib/scene.hpp"

#include <chrono>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "edge/ib/client.hpp"
#include "golden/ib/scripted_gateway.hpp"

namespace robo::risk {
/// Stands where the gate stands: only it can make what a gateway accepts.
class Gate {
 public:
  static ApprovedOrder pass(const OrderIntent& intent, Timestamp at) { return ApprovedOrder(intent, at); }
};
}  // namespace robo::risk

namespace robo::ib {

namespace {

class SceneClock : public runtime::Clock {
 public:
  Timestamp now() override { return at; }
  Timestamp at{1'763'900'000'000'000'000};  // a Sunday in November 2025
};

// ---- events as words -----------------------------------------------------------------------------------------------------

template <class T>
std::string word_of(const T& value) {
  if constexpr (std::same_as<T, bool>) return value ? "1" : "0";
  else if constexpr (NamedEnum<T>) return std::string(robo::to_text(value));
  else if constexpr (std::integral<T>) return std::to_string(value);
  else if constexpr (std::floating_point<T>) return fmt::format("{}", value);
  else if constexpr (requires { value.view(); }) return std::string(value.view());
  else if constexpr (std::same_as<T, OrderKey>) return value ? std::to_string(value.number) : "none";
  else if constexpr (std::same_as<T, BrokerOrderId>) return fmt::format("{}/{}", value.client_id, value.order_id);
  else if constexpr (requires { T::scale; } || std::same_as<T, Timestamp> || std::same_as<T, Date>) return std::string(robo::to_text(value));
  else if constexpr (requires { value.value; }) return std::to_string(value.value);
  else if constexpr (requires { value.ns; }) return fmt::format("{}s", value.seconds());
  else if constexpr (std::same_as<T, TickTable>) return std::to_string(value.count);
  else return "";
}

struct Told {
  std::string name{};
  Words fields{};
};

template <class T>
std::string name_of() {
  const std::string_view s = __PRETTY_FUNCTION__;
  const std::size_t from = s.find("T = ") + 4;
  std::string_view name = s.substr(from, s.find_first_of(";]", from) - from);
  return std::string(name.substr(name.rfind(':') + 1));
}

Told told(const Event& event) {
  return std::visit(
      []<class P>(const P& payload) {
        const auto words = []<class T>(const T& value) {
          Told out{.name = name_of<T>()};
          each_field<T>([&](auto field) { out.fields[std::string(field.name)] = word_of(value.*(field.member)); });
          return out;
        };
        if constexpr (Unboxed<P>::boxed) return words(*payload);
        else return words(payload);
      },
      event.payload);
}

// ---- the script ----------------------------------------------------------------------------------------------------------

std::vector<std::string> words_in(std::string_view line) {
  std::vector<std::string> out;
  std::string word;
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    else if (c == ' ' && !quoted) {
      if (!word.empty()) out.push_back(std::move(word));
      word.clear();
    } else {
      word.push_back(c);
    }
  }
  if (!word.empty()) out.push_back(word);
  return out;
}

Duration duration_of(const std::string& text) {
  std::size_t used = 0;
  const double value = std::stod(text, &used);
  const std::string unit = text.substr(used);
  const double scale = unit == "ms" ? 1e6 : unit == "s" ? 1e9 : unit == "h" ? 3.6e12 : throw std::runtime_error("no duration: " + text);
  return Duration{static_cast<std::int64_t>(value * scale)};
}

class Scene {
 public:
  Scene(std::string name, int version) : folder_(std::filesystem::temp_directory_path() / fmt::format("robo-scene-{}-{}-{}", name, version, ::getpid())), version_(version) {
    std::filesystem::remove_all(folder_);
    settings_.link.port = gateway_.port();
    settings_.link.version_max = std::max(version_, 200);
    settings_.state_folder = folder_;
    settings_.contract_cache = folder_ / "contracts.json";
  }
  ~Scene() { std::filesystem::remove_all(folder_); }

  void play(const std::string& line) {
    auto words = words_in(line);
    if (words.empty() || words[0][0] == '#') return;
    const std::string verb = words[0];
    words.erase(words.begin());
    if (verb == "mode" || verb == "account" || verb == "armed" || verb == "heartbeat" || verb == "rate" || verb == "version" ||
        verb == "client" || verb == "restart_at") {
      set(verb, words.empty() ? "" : words[0]);
    } else if (verb == "want") {
      want(words);
    } else if (verb == "greet") {
      greet(words.empty() ? "DU1234567" : words[0], words.size() < 2 ? "501" : words[1]);
    } else if (verb == "hello") {
      if (!until([&] { return gateway_.connected() && gateway_.said_hello(); })) throw std::runtime_error("the client did not connect");
      gateway_.greet(std::stoi(words.at(0)));
      pump();
    } else if (verb == "connect") {
      connect();
    } else if (verb == "reconciled") {
      reconciled();
    } else if (verb == "<" || verb == "<~") {
      if (words[0] == "nothing") expect_no_request();
      else expect_request(words, verb == "<~");
    } else if (verb == ">") {
      const std::string name = words[0];
      gateway_.say(name, fields_of(words));
      pump();
    } else if (verb == ">raw") {
      std::string payload = line.substr(line.find(' ') + 1);
      for (char& c : payload) {
        if (c == '|') c = '\0';
      }
      gateway_.say_payload(payload);
      pump();
    } else if (verb == ">bytes") {
      std::string bytes;
      for (const std::string& word : words) bytes.push_back(static_cast<char>(std::stoi(word, nullptr, 16)));
      gateway_.say_bytes(bytes);
      pump();
    } else if (verb == "=") {
      if (words[0] == "no") expect_no_event(words[1]);
      else expect_event(words);
    } else if (verb == "!") {
      command(words);
      pump();
    } else if (verb == "wait") {
      wait(duration_of(words[0]));
    } else if (verb == "close") {
      gateway_.hang_up();
      pump();
    } else if (verb == "closed") {
      pump();
      if (gateway_.connected()) throw std::runtime_error("the client is still connected");
    } else if (verb == "restart") {
      client_.reset();
      gateway_.hang_up();
      events_.clear();
      gateway_.asked.clear();
    } else {
      throw std::runtime_error("no such verb: " + verb);
    }
  }

 private:
  void set(const std::string& what, const std::string& value) {
    if (what == "mode") settings_.mode = value == "live" ? TradingMode::Live : TradingMode::Paper;
    else if (what == "account") settings_.account = value;
    else if (what == "armed") settings_.armed = true;
    else if (what == "heartbeat") settings_.link.heartbeat = duration_of(value);
    else if (what == "rate") settings_.link.messages_per_second = std::stoi(value);
    else if (what == "version") version_ = std::stoi(value), settings_.link.version_max = std::max(version_, settings_.link.version_max);
    else if (what == "restart_at") settings_.agenda.restart = Recurring{.since_midnight = seconds(std::stoi(value)), .zone = TimeZone::find("UTC").value()};
    else if (what == "client") settings_.link.client_id = std::stoi(value);
  }

  Client& client() {
    if (!client_) {
      settings_.orders_listed_every = hours(24);  // scenes are about what is asked for because of what happened
      client_ = std::make_unique<Client>(settings_, clock_);
      for (const auto& [instrument, streams] : instruments_) client_->want(instrument, streams);
      for (const auto& [id, spec, streams] : specs_) client_->want(id, spec, streams);
    }
    return *client_;
  }

  void want(const std::vector<std::string>& words) {
    Instrument instrument;
    const auto id = InstrumentId{static_cast<std::uint32_t>(instruments_.size() + specs_.size())};
    Streams streams;
    bool by_number = false;
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (words[i].starts_with("conId=")) instrument.contract = ContractId{std::stoll(words[i].substr(6))}, by_number = true;
      else if (words[i] == "trades") streams.trades = true;
      else if (words[i] == "tick_quotes") streams.tick_quotes = true;
      else if (words[i] == "bars") streams.bars_5s = true;
      else if (words[i].starts_with("depth=")) streams.depth_rows = std::stoi(words[i].substr(6)), streams.smart_depth = true;
      else throw std::runtime_error("want: " + words[i]);
    }
    names_[words[0]] = id;
    if (!by_number) {
      specs_.emplace_back(id, ContractSpec{.symbol = words[0]}, streams);
      return;
    }
    instrument.id = id;
    instrument.symbol = std::string_view(words[0]);
    instrument.exchange = "SMART";
    instrument.currency = "USD";
    instrument.ticks = TickTable::flat(price(0, 1));
    instruments_.emplace_back(instrument, streams);
  }

  // ---- both sides move until nothing moves any more ----
  bool turn() {
    bool moved = gateway_.step();
    moved |= client().work(clock_.at) > 0;
    Event event;
    while (client().next(event)) {
      events_.push_back(told(event));
      moved = true;
    }
    return moved;
  }
  void pump() {
    for (int quiet = 0; quiet < 3;) {
      if (turn()) quiet = 0;
      else ++quiet, std::this_thread::sleep_for(std::chrono::microseconds(300));
    }
  }
  template <class Condition>
  bool until(Condition&& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(2);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) return false;
      if (!turn()) std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    return true;
  }
  void wait(Duration time) {
    // In steps, so that what falls due in between happens in between.
    const Timestamp end = clock_.at + time;
    const Duration step = std::max(milliseconds(100), Duration{time.ns / 50});
    while (clock_.at < end) {
      clock_.at = std::min(end, clock_.at + step);
      turn();
    }
    pump();
  }

  void connect() {
    if (!until([&] { return gateway_.connected() && gateway_.said_hello(); })) throw std::runtime_error("the client did not connect");
    gateway_.greet(version_);
    expect_request({"startApi"}, true);
  }
  void greet(const std::string& accounts, const std::string& next_id) {
    connect();
    gateway_.say("managedAccounts", {{"accountsList", accounts}});
    gateway_.say("nextValidId", {{"orderId", next_id}});
    pump();
  }
  void reconciled() {
    expect_request({"reqAllOpenOrders"}, true);
    gateway_.say("openOrderEnd", {});
    expect_request({"reqExecutions"}, true);
    gateway_.say("execDetailsEnd", {{"reqId", last_request_}});
    if (version_ >= 150) {
      expect_request({"reqCompletedOrders"}, true);
      gateway_.say("completedOrdersEnd", {});
    }
    expect_request({"reqAccountUpdates"}, true);
    gateway_.say("accountDownloadEnd", {});
    expect_request({"reqPositions"}, true);
    gateway_.say("positionEnd", {});
    pump();
    wait(milliseconds(20));
  }

  Words fields_of(const std::vector<std::string>& words) {
    Words out;
    for (std::size_t i = 1; i < words.size(); ++i) {
      const std::size_t equals = words[i].find('=');
      if (equals == std::string::npos) throw std::runtime_error("not name=value: " + words[i]);
      std::string value = words[i].substr(equals + 1);
      if (value == "$r") value = last_request_;
      else if (value.starts_with("$")) value = requests_[value.substr(1)];
      else if (value.starts_with("@")) value = robo::to_text(key(value.substr(1)));
      out[words[i].substr(0, equals)] = value;
    }
    return out;
  }

  /// A double has no spelling: 90 and 90.0 are one in the protobuf regime.
  static bool same_number(const std::string& a, const std::string& b) {
    const auto x = wire::parse_number(a);
    const auto y = wire::parse_number(b);
    return x && y && *x == *y;
  }

  void compare(const std::string& name, const Words& wanted, const Words& seen) {
    std::string wrong;
    for (const auto& [field, value] : wanted) {
      const auto found = seen.find(field);
      if (found == seen.end()) throw std::runtime_error(name + " has no field " + field);
      if (found->second != value && !(version_ > 200 && same_number(found->second, value))) wrong += fmt::format("\n    {}: wanted '{}', is '{}'", field, value, found->second);
    }
    if (!wrong.empty()) throw std::runtime_error(name + " differs:" + wrong);
  }

  void expect_request(const std::vector<std::string>& words, bool skip_others) {
    const std::string& name = words[0];
    const bool there = until([&] {
      while (skip_others && !gateway_.asked.empty() && gateway_.asked.front().name != name) gateway_.asked.pop_front();
      return !gateway_.asked.empty();
    });
    if (!there) throw std::runtime_error("the client did not ask " + name);
    const Asked seen = gateway_.asked.front();
    gateway_.asked.pop_front();
    if (seen.name != name) throw std::runtime_error(fmt::format("the client asked {}, not {}", seen.name, name));
    if (const auto id = seen.fields.find("reqId"); id != seen.fields.end()) last_request_ = requests_[name] = id->second;
    compare(name, fields_of(words), seen.fields);
  }
  void expect_no_request() {
    pump();
    if (!gateway_.asked.empty()) throw std::runtime_error("the client asked " + gateway_.asked.front().name);
  }
  void expect_event(const std::vector<std::string>& words) {
    const bool there = until([&] {
      while (!events_.empty() && events_.front().name != words[0]) events_.pop_front();
      return !events_.empty();
    });
    if (!there) throw std::runtime_error("no event " + words[0]);
    const Told seen = events_.front();
    events_.pop_front();
    compare(words[0], fields_of(words), seen.fields);
  }
  void expect_no_event(const std::string& name) {
    pump();
    for (const Told& event : events_) {
      if (event.name != name) continue;
      std::string all;
      for (const auto& [field, value] : event.fields) all += " " + field + "=" + value;
      throw std::runtime_error("there is an event " + name + all);
    }
  }

  OrderKey key(const std::string& number) const { return {.session = 196, .number = std::stoull(number)}; }

  void command(const std::vector<std::string>& words) {
    const std::string& verb = words[0];
    if (verb == "submit" || verb == "modify") {
      OrderIntent intent{.key = key(words[1]), .instrument = names_.at(words[4])};
      intent.side = words[2] == "buy" ? Side::Buy : Side::Sell;
      intent.quantity = parse_decimal<Quantity>(words[3]).value();
      intent.kind = Market{};
      for (std::size_t i = 5; i < words.size(); ++i) {
        const auto number = [&] { return parse_decimal<Price>(words.at(++i)).value(); };
        if (words[i] == "limit") intent.kind = Limit{number()};
        else if (words[i] == "stop") intent.kind = Stop{number()};
        else if (words[i] == "parent") intent.parent = key(words.at(++i));
        else if (words[i] == "oca") intent.oca_group = key(words.at(++i));
        else if (words[i] == "hold") intent.transmit = false;
        else if (words[i] == "gtc") intent.time_in_force = TimeInForce::GoodTillCancel;
        else if (words[i] == "what_if") return ask_what_if(intent);
        else throw std::runtime_error("order: " + words[i]);
      }
      if (verb == "submit") client().send(SubmitOrder{risk::Gate::pass(intent, clock_.at)});
      else client().send(ModifyOrder{risk::Gate::pass(intent, clock_.at)});
    } else if (verb == "cancel") {
      client().send(CancelOrder{.key = key(words[1])});
    } else if (verb == "cancel_all") {
      client().send(CancelAllOrders{.including_external = words.size() > 1});
    } else if (verb == "query") {
      client().send(QueryOrder{.key = key(words[1])});
    } else if (verb == "reconcile") {
      client().send(Reconcile{.number = static_cast<std::uint32_t>(std::stoul(words[1]))});
    } else if (verb == "head") {
      client().head(names_.at(words[1]), "TRADES", [this](const Result<Timestamp, Failure>& answer) {
        events_.push_back({"Head", {{"at", answer ? robo::to_text(*answer) : ""}, {"error", answer ? "" : answer.error().text}}});
      });
    } else if (verb == "bars") {
      client().bars({.instrument = names_.at(words[1])}, [this](const Result<std::vector<Bar>, Failure>& answer) {
        events_.push_back({"History", {{"bars", std::to_string(answer ? answer->size() : 0)}, {"error", answer ? "" : answer.error().text},
                                       {"first", answer && !answer->empty() ? robo::to_text(answer->front().start) : ""}}});
      });
    } else {
      throw std::runtime_error("no such command: " + verb);
    }
  }
  void ask_what_if(const OrderIntent& intent) {
    client().what_if(intent, [this](const Result<WhatIf, Failure>& answer) {
      events_.push_back({"WhatIf", {{"margin", answer && answer->initial_margin_change ? robo::to_text(*answer->initial_margin_change) : ""},
                                    {"commission", answer && answer->commission ? robo::to_text(*answer->commission) : ""},
                                    {"error", answer ? "" : answer.error().text}}});
    });
  }

  std::filesystem::path folder_;
  SceneClock clock_;
  ScriptedGateway gateway_;
  ClientSettings settings_;
  int version_ = 200;
  std::vector<std::pair<Instrument, Streams>> instruments_;
  std::vector<std::tuple<InstrumentId, ContractSpec, Streams>> specs_;
  std::map<std::string, InstrumentId> names_;
  std::unique_ptr<Client> client_;
  std::deque<Told> events_;
  std::string last_request_;
  std::map<std::string, std::string> requests_;
};

}  // namespace

void play_scene(const std::filesystem::path& file, int version) {
  std::ifstream in(file);
  ASSERT_TRUE(in.good()) << "cannot read " << file;
  Scene scene(file.stem().string(), version);
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    try {
      scene.play(line);
    } catch (const std::exception& problem) {
      FAIL() << file.filename().string() << ":" << number << ": " << line << "\n  " << problem.what();
    }
  }
}

}  // namespace robo::ib
