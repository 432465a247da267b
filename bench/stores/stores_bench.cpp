// The stores beside what is under them: feature rows into mapped batches, PostgreSQL beside a bare COPY of the same bytes, Redis
// beside redis-benchmark at the same depth.

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fmt/core.h>
#include <random>
#include <thread>

#include "edge/store/features/feature_store.hpp"
#include "edge/store/postgres/schema.hpp"
#include "edge/store/postgres/sink.hpp"
#include "edge/store/postgres/tables.hpp"
#include "edge/store/redis/sink.hpp"
#include "edge/store/rows.hpp"
#include "support/private_postgres.hpp"
#include "support/private_redis.hpp"
#include "support/report.hpp"

using namespace robo;
using namespace robo::bench;

namespace {

/// The value, or the end with what is wrong.
template <class T>
T must(Result<T, Problem> result) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "%s\n", result.error().text.c_str());
  std::exit(1);
}
void must(const std::optional<Problem>& wrong) {
  if (!wrong) return;
  std::fprintf(stderr, "%s\n", wrong->text.c_str());
  std::exit(1);
}

double seconds_since(std::int64_t start) { return static_cast<double>(now_ns() - start) / 1e9; }

std::filesystem::path scratch() {
  std::string name = (std::filesystem::temp_directory_path() / "robo-bench-stores-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) std::abort();
  return name;
}

// ---- features ---------------------------------------------------------------------------------------------------------------------

void features(Report& report, bool spill) {
  constexpr std::size_t symbols = 100, width = 16;
  const std::int64_t rows = spill ? 2'000'000 : 10'000'000;
  Samples rate;
  double ceiling_mb = 0, most_mb = 0, kept = 0;
  for (int round = 0; round < (spill ? 1 : report.rounds()); ++round) {
    const auto root = scratch();
    const bool shm = ::access("/dev/shm", W_OK) == 0;
    const std::filesystem::path live = shm ? std::filesystem::path("/dev/shm") / root.filename() : root / "live";
    store::features::StoreOptions options{.folder = root / "parquet", .live = live, .source = "bench", .batch_rows = 4096, .memory_max = 256'000'000, .spill = spill};
    auto store = store::features::FeatureStore::open(options).value();
    std::vector<std::string> names;
    for (std::size_t i = 0; i < width; ++i) names.push_back(fmt::format("feature_{}", i));
    std::vector<store::features::FeatureStore::Series> series;
    for (std::size_t i = 0; i < symbols; ++i) series.push_back(store->series("decision", fmt::format("S{:03}", i), names));
    std::atomic<bool> stop{false};
    std::atomic<std::uint64_t> seen{0};
    std::thread reader([&] {  // another program's view: maps the newest batch of a symbol and follows it
      while (!stop) {
        std::error_code error;
        std::filesystem::path newest;
        for (const auto& entry : std::filesystem::directory_iterator(live / "decision" / "S000", error)) newest = std::max(newest, entry.path());
        if (auto mapped = newest.empty() ? Result<store::features::Rows, Problem>(fail(Problem{})) : store::features::map_batch(newest); mapped) {
          for (int i = 0; i < 20 && !stop; ++i) {
            store::features::refresh(*mapped);
            if (mapped->size() > 0) keep(mapped->values[width - 1][mapped->size() - 1]);
            seen += 1;
            std::this_thread::sleep_for(std::chrono::microseconds(200));
          }
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
    });
    std::array<double, width> values{};
    std::int64_t taken = 0;
    const auto start = now_ns();
    for (std::int64_t i = 0; i < rows; ++i) {
      values[static_cast<std::size_t>(i) % width] = static_cast<double>(i) * 0.25;
      const Timestamp at{1'514'900'000'000'000'000 + i * 1'000};
      taken += store->append(series[static_cast<std::size_t>(i) % symbols], at, at, values);
      if (i % 65'536 == 0) most_mb = std::max(most_mb, static_cast<double>(store->figures().memory) / 1e6);
    }
    rate.add(static_cast<double>(taken) / seconds_since(start) / 1e6);
    kept = static_cast<double>(taken) / static_cast<double>(rows);
    stop = true;
    reader.join();
    ceiling_mb = static_cast<double>(options.memory_max) / 1e6;
    store->finish();
    store.reset();
    std::error_code ignored;
    std::filesystem::remove_all(root, ignored);
    std::filesystem::remove_all(live, ignored);
  }
  const auto note = fmt::format("100 symbols, 16 features, one core, a reader attached; memory {:.0f} of {:.0f} MB{}", most_mb, ceiling_mb,
                                spill ? fmt::format(", {:.0f} % found room while the other core writes Parquet", kept * 100) : "");
  if (most_mb > ceiling_mb) std::abort();
  Row row{.name = spill ? "stores/feature_ingest_with_parquet" : "stores/feature_ingest", .unit = "M rows/s", .samples = rate, .note = note};
  if (!spill) row.bars = {at_least(Of::Median, 5)};
  report.row(row);
}

// ---- PostgreSQL -------------------------------------------------------------------------------------------------------------------

void postgres(Report& report) {
  constexpr std::int64_t rows = 200'000;
  test::PrivatePostgres server;
  store::PostgresSettings settings;
  settings.timeout = seconds(120);
  store::postgres::PostgresSink sink(settings, server.dsn());
  store::postgres::Connection connection;
  must(connection.open(server.dsn(), seconds(120)));
  (void)must(store::postgres::migrate(connection, "auto"));
  (void)must(connection.run("SELECT robo.ensure_part('quotes', '2018-01-02')"));
  const auto event = [](std::int64_t i) {
    const Timestamp at{1'514'900'000'000'000'000 + i * 1'000'000};
    return Event{.at = at, .received_at = at, .payload = Quote{.instrument = InstrumentId{0}, .bid = Price::from_raw(157'000'000'000 + i % 1000 * 10'000'000), .ask = price(168), .bid_size = shares(100), .ask_size = shares(i % 50)}};
  };
  store::postgres::CopyBytes same;
  same.reserve(64);
  same.raw(store::postgres::copy_header);
  store::Symbols symbols;
  symbols.know({.id = InstrumentId{0}, .symbol = "XXX"});
  for (std::int64_t i = 0; i < rows; ++i)
    (void)store::market_row(event(i), symbols, [&](std::string_view symbol, const auto& row) { store::postgres::put_row(same, 999, static_cast<std::uint64_t>(i), symbol, row); });
  same.reserve(2);
  same.raw(store::postgres::copy_trailer);
  Samples ours, bare;
  int journal = 0;
  const auto empty = [&] {
    (void)must(connection.run("TRUNCATE robo.quotes"));
    (void)must(connection.run("CHECKPOINT"));
  };
  const auto we = [&] {
    empty();
    (void)must(sink.open({.name = fmt::format("bench{}@1", ++journal), .session = 1, .begins_at = {1}}));
    const Instrument xxx{.id = InstrumentId{0}, .symbol = "XXX"};
    sink.event(0, {.at = {1}, .received_at = {1}, .payload = Boxed<Instrument>{&xxx}});
    const auto start = now_ns();
    for (std::int64_t i = 0; i < rows; ++i) {
      sink.event(static_cast<std::uint64_t>(i) + 1, event(i));
      if (sink.held_rows() >= settings.batch_rows) (void)must(sink.commit(static_cast<std::uint64_t>(i) + 2));
    }
    (void)must(sink.commit(rows + 2));
    ours.add(static_cast<double>(rows) / seconds_since(start) / 1e3);
  };
  const auto they = [&] {
    empty();
    const auto sql = fmt::format("COPY robo.quotes ({}) FROM STDIN (FORMAT binary)", store::postgres::column_list<store::QuoteRecord>());
    const auto start = now_ns();
    must(connection.copy_begin(sql));
    must(connection.copy_bytes(same.bytes()));
    (void)must(connection.copy_end());
    bare.add(static_cast<double>(rows) / seconds_since(start) / 1e3);
  };
  we(), they();
  ours = {}, bare = {};
  interleave(report.rounds(), we, they);
  report.row({.name = "stores/postgres_ingest", .unit = "k rows/s", .samples = ours, .rival = "bare binary COPY of the same bytes", .rival_version = "PostgreSQL 15",
              .rival_samples = bare, .paired = true, .bars = {at_least(Of::Ratio, 0.8)}, .note = "quotes; events encoded, 20,000 rows a transaction with the record number"});
}

// ---- Redis ------------------------------------------------------------------------------------------------------------------------

void redis(Report& report) {
  constexpr std::uint32_t depth = 500;
  constexpr int batches = 200;
  test::PrivateRedis server;
  store::RedisSettings settings;
  store::redis::RedisSink sink(settings, store::redis::parse_address(server.url()).value(), {});
  (void)must(sink.open({.name = "bench@1", .session = 1, .begins_at = {1}}));
  std::uint64_t record = 0;
  for (std::uint32_t id = 0; id < depth; ++id) {
    const auto symbol = fmt::format("S{:03}", id);
    const Instrument instrument{.id = InstrumentId{id}, .symbol = std::string_view(symbol)};
    sink.event(record++, {.payload = Boxed<Instrument>{&instrument}});
  }
  const auto batch = [&](int b) {
    for (std::uint32_t id = 0; id < depth; ++id) {
      const Timestamp at{1'514'900'000'000'000'000 + static_cast<std::int64_t>(record) * 1'000};
      sink.event(record++, {.at = at, .received_at = at, .payload = Quote{.instrument = InstrumentId{id}, .bid = Price::from_raw(157'000'000'000 + b * 10'000'000), .ask = price(168), .bid_size = shares(100), .ask_size = shares(200)}});
    }
    (void)must(sink.commit(record));
  };
  batch(0);
  Samples ours, theirs;
  interleave(
      report.rounds(),
      [&] {
        const auto start = now_ns();
        for (int b = 0; b < batches; ++b) batch(b);
        ours.add(static_cast<double>(depth) * batches / seconds_since(start) / 1e3);
      },
      [&] {
        const auto command = fmt::format("redis-benchmark -s {} -c 1 -P {} -n {} -q HSET robo:quote:S__rand_int__ live 1 bid_venue 0 ask_venue 0 bid 158.55 ask 168 bid_size 100 ask_size 200 "
                                         "at 2018-01-02T13:33:20.123456Z 2>/dev/null | tr '\\r' '\\n' | grep 'requests per second' | tail -1 | sed 's/.*: \\([0-9.]*\\) requests.*/\\1/'",
                                         server.socket(), depth, depth * batches);
        FILE* pipe = ::popen(command.c_str(), "r");
        double rate = 0;
        if (pipe == nullptr || std::fscanf(pipe, "%lf", &rate) != 1) std::abort();
        ::pclose(pipe);
        theirs.add(rate / 1e3);
      });
  report.row({.name = "stores/redis_updates", .unit = "k updates/s", .samples = ours, .rival = "redis-benchmark -c 1 -P 500, the same HSET", .rival_version = "7.0",
              .rival_samples = theirs, .paired = true, .bars = {at_least(Of::Ratio, 0.8)}, .note = "quotes of 500 symbols as hashes of 8 members, formatted from events"});
}

}  // namespace

int main(int argc, char** argv) {
  Report report(argc, argv);
  features(report, false);
  features(report, true);
  postgres(report);
  redis(report);
  return report.exit_code();
}
