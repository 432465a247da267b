#include "edge/store/redis/sink.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "edge/store/redis/words.hpp"
#include "edge/store/rows.hpp"

namespace robo::store::redis {

namespace {

/// Sets of names under which the hashes of the present stand.
constexpr std::string_view index_names[] = {"positions", "orders", "strategies", "quotes", "regimes"};
constexpr std::string_view hash_names[] = {"position", "order", "strategy", "quote", "regime"};

constexpr std::size_t pushed_bytes = 16'384;  // of quotes: the server works on them while the next are written

struct LastPrices {
  std::string key{};  // of its hash
  Quote quote{};
  Trade trade{};
  Timestamp quoted{}, traded{};
  bool dirty{};
  bool listed{};  // in the set of names
};

/// "trending" -> "probability_trending"
void put_probabilities(Commands& out, const RegimeChanged& regime) {
  for (std::size_t i = 0; i < regime.probabilities.size(); ++i)
    out.word(fmt::format("probability_{}", EnumNames<RegimeKind>::names[i])).word(word_of(regime.probabilities[i]));
}

}  // namespace

struct RedisSink::Inside {
  RedisSettings settings;
  Address address;
  Beginning beginning;
  Connection connection{};
  JournalName journal{};
  std::uint64_t next = 0;
  bool fresh = false;                  // the first batch of another journal: what stands there is of a former session
  Symbols symbols{};
  std::vector<LastPrices> prices{};    // by instrument
  std::vector<std::uint32_t> dirty{};
  Commands state{};                    // may be said twice
  Commands changes{};                  // must not
  Timestamp newest{};
  std::string mode{}, account{};

  [[nodiscard]] std::string key(std::string_view name) const { return fmt::format("{}:{}", settings.prefix, name); }
  [[nodiscard]] std::string key(std::string_view kind, std::string_view name) const { return fmt::format("{}:{}:{}", settings.prefix, kind, name); }
  [[nodiscard]] std::string strategy(StrategyId id) const {
    return id.value < beginning.strategies.size() ? beginning.strategies[id.value].name : fmt::format("#{}", id.value);
  }
  LastPrices& price_of(InstrumentId id) {
    if (id.value >= prices.size()) prices.resize(id.value + 1);
    if (!prices[id.value].dirty) {
      prices[id.value].dirty = true;
      dirty.push_back(id.value);
    }
    return prices[id.value];
  }
  /// Adds to `done` what has left already.
  [[nodiscard]] std::optional<Problem> put_prices(Committed& done) {
    for (const auto id : dirty) {
      auto& last = prices[id];
      last.dirty = false;
      const auto symbol = symbols[InstrumentId{id}];
      if (!std::exchange(last.listed, true)) {
        last.key = key("quote", symbol);
        state.add("SADD", key("quotes"), symbol);
      }
      state.word("HSET").word(last.key);
      if (last.quoted.ns != 0) put_words(state, last.quote), state.word("at").word(to_text(last.quoted));
      if (last.traded.ns != 0)
        state.word("last").word(to_text(last.trade.price)).word("last_size").word(to_text(last.trade.size)).word("last_at").word(to_text(last.traded));
      state.end();
      if (state.bytes().size() < pushed_bytes) continue;
      if (auto wrong = connection.push(state)) return wrong;
      done.rows += state.count(), done.bytes += state.bytes().size();
      state.clear();
    }
    dirty.clear();
    return {};
  }
  void forget() {
    state.clear();
    changes.clear();
    for (const auto id : dirty) prices[id].dirty = false;
    dirty.clear();
  }
  void stream(std::string_view name, Timestamp at, std::string_view kind, std::string_view symbol, std::string_view json) {
    changes.add("XADD", key("stream", name), "MAXLEN", "~", std::to_string(settings.stream_length), "*", "at", to_text(at), "kind", kind, "symbol", symbol,
                "json", json);
  }
  void alert(Timestamp at, std::string_view kind, std::string_view symbol, std::string_view json) {
    changes.add("PUBLISH", key("alerts"), fmt::format(R"({{"at":"{}","kind":"{}","symbol":"{}","fact":{}}})", to_text(at), kind, symbol, json));
    stream("alerts", at, kind, symbol, json);
  }
  void set_order(Timestamp at, const OrderChanged& changed, std::string_view symbol);
  [[nodiscard]] std::optional<Problem> clear_former();
};

RedisSink::RedisSink(const RedisSettings& settings, Address address, Beginning beginning) : inside_(std::make_unique<Inside>()) {
  inside_->settings = settings;
  inside_->address = std::move(address);
  inside_->beginning = std::move(beginning);
}
RedisSink::~RedisSink() = default;

Result<std::uint64_t, Problem> RedisSink::open(const JournalName& journal) {
  auto& in = *inside_;
  in.forget();
  in.journal = journal;
  in.prices.clear();
  in.symbols.clear();
  if (auto wrong = in.connection.open(in.address, in.settings.timeout)) return fail(*wrong);
  auto engine = in.connection.hash(in.key("engine"));
  if (!engine) {
    in.connection.close();
    return fail(engine.error());
  }
  in.next = 0;
  in.fresh = (*engine)["journal"] != journal.name;
  if (!in.fresh && !read_word((*engine)["next_record"], in.next)) in.fresh = true;
  return in.next;
}

void RedisSink::Inside::set_order(Timestamp at, const OrderChanged& changed, std::string_view symbol) {
  const auto name = to_text(changed.intent.key);
  if (is_final(changed.state)) {
    state.add("DEL", key("order", name));
    state.add("SREM", key("orders"), name);
    return;
  }
  state.word("HSET").word(key("order", name));
  put_words(state, record_of(at, changed, symbol));
  state.word("at").word(to_text(at)).end();
  state.add("SADD", key("orders"), name);
}

void RedisSink::event(std::uint64_t record, const Event& event) {
  auto& in = *inside_;
  if (const auto* instrument = std::get_if<Boxed<Instrument>>(&event.payload)) in.symbols.know(**instrument);
  if (const auto* started = std::get_if<Boxed<EngineStarted>>(&event.payload)) in.mode = to_text((*started)->mode), in.account = (*started)->account.view();
  if (record < in.next) return;
  in.newest = event.at;
  if (const auto* quote = std::get_if<Quote>(&event.payload)) {
    auto& last = in.price_of(quote->instrument);
    last.quote = *quote;
    last.quoted = event.at;
  } else if (const auto* trade = std::get_if<Trade>(&event.payload); trade && (trade->conditions & trade_condition::not_last) == 0) {
    auto& last = in.price_of(trade->instrument);
    last.trade = *trade;
    last.traded = event.at;
  }
}

void RedisSink::fact(std::uint64_t record, const Fact& fact) {
  auto& in = *inside_;
  if (record < in.next) return;
  in.newest = fact.at;
  const auto its = instrument_of(fact.payload);
  const auto symbol = its ? in.symbols[*its] : std::string_view{};
  const auto kind = kind_name(fact.payload);
  const auto at = fact.at;
  const auto stream = [&](std::string_view name) { in.stream(name, at, kind, symbol, json_of(fact.payload)); };
  const auto alert = [&] { in.alert(at, kind, symbol, json_of(fact.payload)); };
  const auto hash = [&](std::string_view set, std::string_view hash_kind, std::string_view name, const auto& value) {
    in.state.word("HSET").word(in.key(hash_kind, name));
    put_words(in.state, value);
    in.state.word("at").word(to_text(at)).end();
    in.state.add("SADD", in.key(set), name);
  };
  std::visit(overload{[&](const OrderChanged& changed) { in.set_order(at, changed, symbol), stream("orders"); },
                      [&](const OrderDenied&) { stream("orders"), alert(); },
                      [&](const OrderFilled&) { stream("executions"); },
                      [&](const CommissionBooked&) { stream("executions"); },
                      [&](const PositionChanged& changed) { hash("positions", "position", symbol, changed), stream("positions"); },
                      [&](const PositionDiffered&) { stream("positions"), alert(); },
                      [&](const EquityMarked& marked) {
                        in.state.word("HSET").word(in.key("account"));
                        put_words(in.state, marked);
                        in.state.word("at").word(to_text(at)).end();
                        stream("account");
                      },
                      [&](const SignalRaised&) { stream("signals"); },
                      [&](const TargetSet&) { stream("signals"); },
                      [&](const StrategyChanged& changed) { hash("strategies", "strategy", in.strategy(changed.strategy), changed), stream("strategies"); },
                      [&](const StrategyMarked& marked) { hash("strategies", "strategy", in.strategy(marked.strategy), marked); },
                      [&](const ParameterChanged& changed) {
                        in.state.add("HSET", in.key("parameters", in.strategy(changed.strategy)), changed.name.view(), word_of(changed.after));
                        stream("strategies");
                      },
                      [&](const RegimeChanged& changed) {
                        in.state.word("HSET").word(in.key("regime", symbol));
                        put_words(in.state, changed);
                        put_probabilities(in.state, changed);
                        in.state.word("at").word(to_text(at)).end();
                        in.state.add("SADD", in.key("regimes"), symbol);
                        stream("regimes");
                      },
                      [&](const LimitUsed& used) {
                        in.state.add("HSET", in.key("limits"), used.name.view(), word_of(used.limit));
                        in.state.add("HSET", in.key("limits_used"), used.name.view(), word_of(used.used));
                      },
                      [&](const LimitChanged& changed) {
                        in.state.add("HSET", in.key("limits"), changed.name.view(), word_of(changed.after));
                        stream("limits");
                      },
                      [&](const KillChanged& changed) {
                        in.state.add("HSET", in.key("engine"), "killed", word_of(changed.killed), "killed_by", to_text(changed.cause));
                        stream("limits"), alert();
                      },
                      [&](const GatewayNoted& noted) {
                        in.state.add("HSET", in.key("engine"), "gateway", to_text(noted.change.state), "gateway_text", noted.change.text.view());
                        alert();
                      },
                      [&](const ReconciliationNoted&) { alert(); }, [&](const Noted&) { alert(); }, [](const BarClosed&) {},
                      [](const ExposureMarked&) {}, [](const RiskMarked&) {}, [](const LeadershipMarked&) {}, [](const AppetiteMarked&) {}},
             fact.payload);
}

std::uint64_t RedisSink::held_rows() const { return inside_->state.count() + inside_->changes.count() + inside_->dirty.size(); }
std::uint64_t RedisSink::held_bytes() const { return inside_->state.bytes().size() + inside_->changes.bytes().size(); }

// Working orders and quotes of a former session are no longer the present; this one begins with its own parameters and limits. Streams stay: they are the past.
std::optional<Problem> RedisSink::Inside::clear_former() {
  Commands going;
  for (std::size_t i = 0; i < std::size(index_names); ++i) {
    Commands ask;
    ask.add("SMEMBERS", key(index_names[i]));
    const auto members = connection.list(ask);
    if (!members) return members.error();
    for (const auto& member : *members) {
      going.add("DEL", key(hash_names[i], member));
      if (index_names[i] == "strategies") going.add("DEL", key("parameters", member));
    }
    going.add("DEL", key(index_names[i]));
  }
  for (const auto* one : {"engine", "account", "limits", "limits_used"}) going.add("DEL", key(one));
  for (const auto& [name, parameters] : beginning.strategies) {
    going.add("SADD", key("strategies"), name);
    for (const auto& [parameter, value] : parameters) going.add("HSET", key("parameters", name), parameter, word_of(value));
  }
  for (const auto& [limit, value] : beginning.limits) going.add("HSET", key("limits"), limit, word_of(value));
  return connection.run(going);
}

Result<Committed, Problem> RedisSink::commit(std::uint64_t upto) {
  auto& in = *inside_;
  const auto stop = [&](const Problem& problem) {
    in.forget();
    in.connection.close();
    return fail(problem);
  };
  if (in.fresh) {
    if (auto wrong = in.clear_former()) return stop(*wrong);
    in.fresh = false;
  }
  Committed done;
  if (auto wrong = in.put_prices(done)) return stop(*wrong);
  done.rows += held_rows();
  // State may be said again after a crash, so it goes in front, as it is; changes and the number of the next record go together.
  in.state.add("MULTI");
  in.state.append(in.changes);
  in.state.add("HSET", in.key("engine"), "journal", in.journal.name, "session", std::to_string(in.journal.session), "mode", in.mode, "account", in.account,
               "at", to_text(in.newest), "next_record", std::to_string(upto));
  in.state.add("EXEC");
  done.bytes += in.state.bytes().size();
  if (auto wrong = in.connection.run(in.state)) return stop(*wrong);
  in.forget();
  in.next = upto;
  return done;
}

std::string RedisSink::keep_house() {
  auto& in = *inside_;
  if (!in.connection.is_open()) return {};
  Commands ask;
  ask.add("INFO", "memory");
  const auto info = in.connection.text(ask);
  if (!info || !*info) return info ? std::string{} : info.error().text;
  const auto figure = [&](std::string_view name) {
    const auto at = (*info)->find(name);
    double value = 0;
    if (at != std::string::npos) std::from_chars((*info)->data() + at + name.size(), (*info)->data() + (*info)->size(), value);
    return value;
  };
  const double used = figure("\r\nused_memory:"), most = figure("\r\nmaxmemory:");
  if (most > 0 && used >= 0.8 * most)
    return fmt::format("Redis: {:.0f} of {:.0f} MB are used (maxmemory); shorten redis.stream_length, or allow more", used / 1e6, most / 1e6);
  return {};
}

void RedisSink::close() {
  inside_->forget();
  inside_->connection.close();
}
void RedisSink::interrupt() { inside_->connection.interrupt(); }

Result<LastKnown, Problem> last_known(const RedisSettings& settings, const Address& address, Duration timeout) {
  Connection connection;
  if (auto wrong = connection.open(address, timeout)) return fail(*wrong);
  const auto key = [&](std::string_view name) { return fmt::format("{}:{}", settings.prefix, name); };
  const auto members = [&](std::string_view set) {
    Commands ask;
    ask.add("SMEMBERS", key(set));
    return connection.list(ask);
  };
  LastKnown out;
  const auto engine = connection.hash(key("engine"));
  if (!engine) return fail(engine.error());
  if (const auto found = engine->find("journal"); found != engine->end()) out.journal = found->second;
  const auto positions = members("positions");
  if (!positions) return fail(positions.error());
  for (const auto& symbol : *positions) {
    const auto words = connection.hash(key("position:" + symbol));
    if (!words) return fail(words.error());
    LastKnown::Position one{.symbol = symbol};
    if (read_words(*words, one.position) && !one.position.quantity.is_zero()) out.positions.push_back(std::move(one));
  }
  const auto quotes = members("quotes");
  if (!quotes) return fail(quotes.error());
  for (const auto& symbol : *quotes) {
    const auto words = connection.hash(key("quote:" + symbol));
    if (!words) return fail(words.error());
    LastKnown::Price one{.symbol = symbol};
    if (read_words(*words, one.quote)) out.quotes.push_back(std::move(one));
  }
  const auto account = connection.hash(key("account"));
  if (!account) return fail(account.error());
  if (EquityMarked marked; read_words(*account, marked)) out.equity = marked;
  return out;
}

}  // namespace robo::store::redis
