#include "edge/store/postgres/sink.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <set>
#include <tuple>

#include "edge/store/postgres/schema.hpp"
#include "edge/store/postgres/tables.hpp"
#include "edge/store/rows.hpp"
#include "model/json/json_of.hpp"

namespace robo::store::postgres {

std::string repaired(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 8);
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
    bool good = length > 0 && lead != 0 && i + length <= text.size();
    for (std::size_t k = 1; good && k < length; ++k) good = (static_cast<unsigned char>(text[i + k]) & 0xc0) == 0x80;
    if (good && length >= 3) {
      const auto second = static_cast<unsigned char>(text[i + 1]);
      good = !(lead == 0xe0 && second < 0xa0) && !(lead == 0xed && second >= 0xa0) && !(lead == 0xf0 && second < 0x90) && !(lead == 0xf4 && second >= 0x90);
    }
    if (good) out.append(text.substr(i, length));
    else out.append("\xef\xbf\xbd");
    i += good ? length : 1;
  }
  return out;
}

std::string without_nul(std::string_view json) {
  std::string out(json);
  for (auto at = out.find("\\u0000"); at != std::string::npos; at = out.find("\\u0000", at + 6)) {
    std::size_t slashes = 1;  // a backslash that is itself escaped is text
    while (slashes <= at && out[at - slashes] == '\\') ++slashes;
    if (slashes % 2 == 1) out.replace(at, 6, "\\ufffd");
  }
  return out;
}

void CopyBytes::grow(std::size_t most) {
  const std::size_t wanted = std::max<std::size_t>({capacity_ * 2, used_ + most, 64 * 1024});
  auto larger = std::make_unique_for_overwrite<char[]>(wanted);
  if (used_ > 0) std::memcpy(larger.get(), data_.get(), used_);
  data_ = std::move(larger);
  capacity_ = wanted;
}

namespace {

constexpr std::int64_t day_ns = hours(24).ns;

std::int32_t day_of(Timestamp at) { return static_cast<std::int32_t>(at.ns >= 0 ? at.ns / day_ns : (at.ns - day_ns + 1) / day_ns); }

/// One table's rows of a batch.
template <class R>
struct Batch {
  CopyBytes bytes{};
  std::uint64_t rows{};
  std::set<std::int32_t> days{};   // of the rows held
  std::set<std::int32_t> made{};   // days that have their partition
  std::int32_t last_day{INT32_MIN};

  void add(std::int32_t journal, std::uint64_t record, std::string_view symbol, const R& row) {
    if (rows == 0) {
      bytes.reserve(copy_header.size());
      bytes.raw(copy_header);
      last_day = INT32_MIN;
    }
    if (const auto day = day_of(time_of(row)); day != last_day) days.insert(last_day = day);
    put_row(bytes, journal, record, symbol, row);
    ++rows;
  }
  void clear() {
    bytes.clear();
    rows = 0;
    days.clear();
  }
};

}  // namespace

struct PostgresSink::Inside {
  Inside(const PostgresSettings& s, std::string d) : settings(s), dsn(std::move(d)) {}
  PostgresSettings settings;
  std::string dsn;
  Connection connection{};
  Schema schema{};
  std::string told{};
  std::int32_t journal = 0;
  std::uint64_t next = 0;
  Timestamp newest{};
  Symbols symbols{};
  std::string mode{}, account{};  // to be noted with the next batch
  std::tuple<Batch<InstrumentRecord>, Batch<QuoteRecord>, Batch<TradeRecord>, Batch<DepthRecord>, Batch<DepthRowRecord>, Batch<BarRecord>,
             Batch<OrderRecord>, Batch<ExecutionRecord>, Batch<FactRecord>>
      batches{};

  template <class F>
  void each(F&& f) {
    std::apply([&](auto&... batch) { (f(batch), ...); }, batches);
  }
  template <class R>
  void add(std::uint64_t record, std::string_view symbol, const R& row) {
    std::get<Batch<R>>(batches).add(journal, record, symbol, row);
  }
  void forget() {
    each([](auto& batch) { batch.clear(); });
  }
  void drop() {
    forget();
    connection.close();
  }
  [[nodiscard]] std::optional<Problem> make_parts();
  template <class R>
  [[nodiscard]] std::optional<Problem> send(Batch<R>& batch, Committed& done);
  [[nodiscard]] std::optional<Problem> transact(std::uint64_t upto, Committed& done);
};

PostgresSink::PostgresSink(const PostgresSettings& settings, std::string dsn)
    : inside_(std::make_unique<Inside>(settings, std::move(dsn))) {}
PostgresSink::~PostgresSink() = default;

const std::string& PostgresSink::told() const { return inside_->told; }

Result<std::uint64_t, Problem> PostgresSink::open(const JournalName& journal) {
  auto& in = *inside_;
  in.forget();
  in.symbols.clear();
  if (auto wrong = in.connection.open(in.dsn, in.settings.timeout)) return fail(*wrong);
  const auto stop = [&](const Problem& problem) {
    in.connection.close();
    return fail(problem);
  };
  auto schema = migrate(in.connection, in.settings.timescale);
  if (!schema) return stop(schema.error());
  in.schema = *schema;
  in.told = fmt::format("{} at {}", schema->told, in.connection.where());
  in.each([](auto& batch) { batch.made.clear(); });
  for (const auto& [table, days] : in.settings.keep_days) {
    const std::string parameters[] = {table, fmt::format("{} seconds", days * 86'400)};
    if (auto set = in.connection.run("SELECT robo.set_keep($1, $2::interval)", parameters); !set) return stop(set.error());
  }
  const std::string parameters[] = {journal.name, std::to_string(journal.session), to_text(journal.begins_at)};
  auto row = in.connection.run(
      "INSERT INTO robo.journals (name, session, begins_at) VALUES ($1, $2, $3::timestamptz) ON CONFLICT (name) DO UPDATE SET session = EXCLUDED.session "
      "RETURNING id, next_record",
      parameters);
  if (!row) return stop(row.error());
  in.journal = static_cast<std::int32_t>(row->integer(0, 0));
  in.next = static_cast<std::uint64_t>(row->integer(0, 1));
  return in.next;
}

void PostgresSink::event(std::uint64_t record, const Event& event) {
  auto& in = *inside_;
  in.newest = event.at;
  if (const auto* instrument = std::get_if<Boxed<Instrument>>(&event.payload)) {
    in.symbols.know(**instrument);
    if (record >= in.next) in.add(record, (*instrument)->symbol.view(), InstrumentRecord{.at = event.at, .json = json::to_json(**instrument)});
    return;
  }
  if (const auto* started = std::get_if<Boxed<EngineStarted>>(&event.payload)) {
    in.mode = to_text((*started)->mode);
    in.account = (*started)->account.view();
    return;
  }
  if (record < in.next) return;
  (void)market_row(event, in.symbols, [&](std::string_view symbol, const auto& row) { in.add(record, symbol, row); });
}

void PostgresSink::fact(std::uint64_t record, const Fact& fact) {
  auto& in = *inside_;
  if (record < in.next) return;
  fact_rows(fact, record, in.symbols, [&](std::string_view symbol, const auto& row) { in.add(record, symbol, row); });
}

std::uint64_t PostgresSink::held_rows() const {
  std::uint64_t n = 0;
  inside_->each([&](auto& batch) { n += batch.rows; });
  return n;
}
std::uint64_t PostgresSink::held_bytes() const {
  std::uint64_t n = 0;
  inside_->each([&](auto& batch) { n += batch.bytes.size(); });
  return n;
}

std::optional<Problem> PostgresSink::Inside::make_parts() {
  std::string sql;
  each([&]<class R>(Batch<R>& batch) {
    if constexpr (!std::is_same_v<R, InstrumentRecord>)
      for (const auto day : batch.days)
        if (!batch.made.contains(day)) sql += fmt::format("SELECT robo.ensure_part('{}', '{}');", table_of<R>, to_text(Date{day}));
  });
  if (sql.empty()) return {};
  if (auto made = connection.run(sql); !made) return made.error();
  return {};
}

template <class R>
std::optional<Problem> PostgresSink::Inside::send(Batch<R>& batch, Committed& done) {
  if (batch.rows == 0) return {};
  batch.bytes.reserve(copy_trailer.size());
  batch.bytes.raw(copy_trailer);
  static const std::string sql = fmt::format("COPY robo.{} ({}) FROM STDIN (FORMAT binary)", table_of<R>, column_list<R>());
  if (auto wrong = connection.copy_begin(sql)) return wrong;
  if (auto wrong = connection.copy_bytes(batch.bytes.bytes())) return wrong;
  const auto rows = connection.copy_end();
  if (!rows) return rows.error();
  done.rows += batch.rows;
  done.bytes += batch.bytes.size();
  return {};
}

// The number of the next record moves first: whoever else writes this journal waits there, and then finds it moved.
std::optional<Problem> PostgresSink::Inside::transact(std::uint64_t upto, Committed& done) {
  if (auto begun = connection.run("BEGIN"); !begun) return begun.error();
  auto moved = connection.run(fmt::format("UPDATE robo.journals SET next_record = {}, stored_at = now() WHERE id = {} AND next_record = {}", upto, journal, next));
  if (!moved) return moved.error();
  if (moved->changed() != 1) return Problem{"PostgreSQL: another program writes this journal too; looking where it stands"};
  if (!mode.empty()) {
    const std::string parameters[] = {std::to_string(journal), mode, account};
    if (auto noted = connection.run("UPDATE robo.journals SET mode = $2, account = $3 WHERE id = $1", parameters); !noted) return noted.error();
  }
  if (auto wrong = make_parts()) return wrong;
  std::optional<Problem> wrong;
  each([&](auto& batch) {
    if (!wrong) wrong = send(batch, done);
  });
  if (wrong) return wrong;
  if (auto committed = connection.run("COMMIT"); !committed) return committed.error();
  return {};
}

Result<Committed, Problem> PostgresSink::commit(std::uint64_t upto) {
  auto& in = *inside_;
  Committed done;
  if (upto == in.next && held_rows() == 0) return done;
  if (auto wrong = in.transact(upto, done)) {
    in.drop();
    return fail(*wrong);
  }
  in.next = upto;
  in.mode.clear();
  in.each([](auto& batch) { batch.made.merge(batch.days); });
  in.forget();
  return done;
}

std::string PostgresSink::keep_house() {
  auto& in = *inside_;
  if (!in.connection.is_open()) return {};
  if (!in.settings.keep_days.empty() && in.newest.ns > 0) {
    const std::string parameters[] = {to_text(in.newest)};
    auto dropped = in.connection.run("SELECT robo.retain(least(now(), $1::timestamptz))", parameters);
    if (!dropped) return dropped.error().text;
    if (dropped->integer(0, 0) > 0) in.each([](auto& batch) { batch.made.clear(); });
  }
  if (in.settings.disk_max_gb > 0) {
    auto used = in.connection.run("SELECT coalesce(sum(bytes), 0) FROM robo.disk()");
    if (!used) return used.error().text;
    const double gigabytes = static_cast<double>(used->integer(0, 0)) / 1e9;
    if (gigabytes >= 0.8 * in.settings.disk_max_gb)
      return fmt::format("PostgreSQL: the tables hold {:.2f} of {:.2f} GB allowed (postgres.disk_max_gb); shorten postgres.keep_days, or allow more", gigabytes,
                         in.settings.disk_max_gb);
  }
  return {};
}

void PostgresSink::close() { inside_->drop(); }
void PostgresSink::interrupt() { inside_->connection.interrupt(); }

}  // namespace robo::store::postgres

ROBO_JSON(robo::Instrument);
