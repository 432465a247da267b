#pragma once
// The store: a folder of Parquet files by kind, day and symbol.
//
//   <root>/quotes/date=2018-01-02/symbol=XXX/part-....parquet        kinds: quotes trades depth bars orders executions facts
//   <root>/daily_bars/date=2018-01-01/symbol=XXX/part-....parquet    bars of a day or longer: one partition a year
//
// A part appears whole or not at all. Bringing the same source in again replaces what it brought before. Small parts of one
// partition are joined into one; a crash in between leaves either the old ones or the new one in force.

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/result.hpp"
#include "edge/store/records.hpp"

namespace robo::store {

template <class R> inline constexpr std::string_view kind_of = "";
template <> inline constexpr std::string_view kind_of<QuoteRecord> = "quotes";
template <> inline constexpr std::string_view kind_of<TradeRecord> = "trades";
template <> inline constexpr std::string_view kind_of<DepthRecord> = "depth";
template <> inline constexpr std::string_view kind_of<BarRecord> = "bars";
template <> inline constexpr std::string_view kind_of<OrderRecord> = "orders";
template <> inline constexpr std::string_view kind_of<ExecutionRecord> = "executions";
template <> inline constexpr std::string_view kind_of<FactRecord> = "facts";

[[nodiscard]] Date first_of_year(Date day);

struct Partition {
  std::string kind{};
  Date day{};
  std::string symbol{};
  friend auto operator<=>(const Partition&, const Partition&) = default;
};

inline constexpr std::string_view daily_kind = "daily_bars";
/// Where a row belongs: its kind and day, but bars of a day or longer by the year (thousands of files of one row help nobody).
template <class R>
[[nodiscard]] Partition partition_of(std::string_view symbol, Date day, const R& record) {
  if constexpr (std::is_same_v<R, BarRecord>)
    if (record.period >= hours(24)) return {std::string(daily_kind), first_of_year(day), std::string(symbol)};
  (void)record;
  return {std::string(kind_of<R>), day, std::string(symbol)};
}

/// "BRK/B" -> "BRK%2FB": a symbol as a folder name, and back.
[[nodiscard]] std::string folder_of(std::string_view symbol);
[[nodiscard]] std::string symbol_of_folder(std::string_view folder);

/// Where a partition's parts lie.
[[nodiscard]] std::filesystem::path path_of(const std::filesystem::path& root, const Partition& partition);

/// All partitions of a kind with at least one part, by day and symbol; only of `symbol` and within [from, until) when given.
[[nodiscard]] std::vector<Partition> partitions(const std::filesystem::path& root, std::string_view kind, std::string_view symbol = {},
                                                std::optional<Date> from = {}, std::optional<Date> until = {});

/// The parts of a partition that are in force: those that no joined part has replaced.
[[nodiscard]] Result<std::vector<std::filesystem::path>, Problem> parts_of(const std::filesystem::path& root, const Partition& partition);

/// Rows of one partition in order of time. Errors: a part cannot be read (it is named).
template <class R>
[[nodiscard]] Result<std::vector<R>, Problem> read_partition(const std::filesystem::path& root, const Partition& partition);

/// Daily bars of one symbol within [from, until), in order.
[[nodiscard]] Result<std::vector<BarRecord>, Problem> read_daily_bars(const std::filesystem::path& root, std::string_view symbol, Date from, Date until);

struct CompactionSummary {
  std::uint64_t partitions{}, parts_before{}, parts_after{}, leftovers_removed{};
};
/// Joins the small parts that sessions wrote into one per partition, and removes what crashes left behind. Parts of imports
/// stay as they are: they must be replaceable. Thread: any, one at a time.
[[nodiscard]] Result<CompactionSummary, Problem> compact(const std::filesystem::path& root);

/// Import: the same source again replaces what it brought before. Session: everything is added. Following: as Import, in many
/// small steps beside a running session: files are not forced to disk one by one (that slows down everybody's writing), sync() does.
enum class WriterKind : std::uint8_t { Import, Session, Following };

struct WriteSummary {
  std::uint64_t rows{}, parts{}, bytes{};
};

/// Collects rows and writes them as parts. Nothing is on disk before flush() returns, everything after.
class StoreWriter final : public RecordSink {
 public:
  /// `source` names where the rows come from: "taq_XXX_trades_raw.csv.gz", "session 42". Writes by itself when `rows_max` rows
  /// are held.
  StoreWriter(std::filesystem::path root, WriterKind kind, std::string_view source, std::size_t rows_max = 2'000'000);
  /// A word more in the footer of every part: until when prices are adjusted.
  void note(const std::string& key, const std::string& value) { notes_[key] = value; }

  void quote(std::string_view symbol, Date day, const QuoteRecord& record) override { add(symbol, day, record); }
  void trade(std::string_view symbol, Date day, const TradeRecord& record) override { add(symbol, day, record); }
  void depth(std::string_view symbol, Date day, const DepthRecord& record) override { add(symbol, day, record); }
  void bar(std::string_view symbol, Date day, const BarRecord& record) override { add(symbol, day, record); }
  void order(std::string_view symbol, Date day, const OrderRecord& record) { add(symbol, day, record); }
  void execution(std::string_view symbol, Date day, const ExecutionRecord& record) { add(symbol, day, record); }
  void fact(std::string_view symbol, Date day, const FactRecord& record) { add(symbol, day, record); }

  /// Writes what is held. After an error the rows are kept, so it can be tried again (a full disk).
  [[nodiscard]] Result<WriteSummary, Problem> flush();
  /// flush(), then removes parts of this source that an earlier, longer run left. For imports, not for sessions.
  [[nodiscard]] Result<WriteSummary, Problem> finish();
  /// Joins this source's parts of a partition where there are at least `parts_min` small ones. For runs that flush often.
  [[nodiscard]] Result<WriteSummary, Problem> merge(std::size_t parts_min);
  /// Brings everything to disk. Errors: the disk's.
  [[nodiscard]] Result<bool, Problem> sync() const;
  /// The first error of a write that happened by itself, if any.
  [[nodiscard]] const std::optional<Problem>& failed() const { return failed_; }

 private:
  template <class R>
  using Rows = std::map<Partition, std::vector<R>>;
  template <class R>
  void add(std::string_view symbol, Date day, const R& record) {
    auto& rows = std::get<Rows<R>>(rows_);
    const bool daily = is_daily(record);
    if (!last_ || last_symbol_ != symbol || last_day_ != day || last_daily_ != daily || last_kind_ != kind_of<R>) {
      last_ = partition_of(symbol, day, record);
      last_symbol_ = std::string(symbol);
      last_day_ = day;
      last_daily_ = daily;
      last_kind_ = kind_of<R>;
    }
    rows[*last_].push_back(record);
    if (++held_ >= rows_max_) write_by_itself();
  }
  template <class R>
  [[nodiscard]] std::optional<Problem> write(Rows<R>& all, std::size_t at_least);
  template <class R>
  [[nodiscard]] std::optional<Problem> merge_partition(const Partition& partition, std::size_t parts_min);
  void write_by_itself();

  std::filesystem::path root_;
  std::string source_, stem_;
  std::map<std::string, std::string> notes_{};
  bool durably_;
  std::size_t rows_max_, held_ = 0;
  template <class R>
  static bool is_daily(const R& record) {
    if constexpr (std::is_same_v<R, BarRecord>) return record.period >= hours(24);
    else return (void)record, false;
  }
  // The partition of the row before: rows come in runs.
  std::optional<Partition> last_;
  std::string last_symbol_;
  Date last_day_{};
  bool last_daily_{};
  std::string_view last_kind_;
  std::tuple<Rows<QuoteRecord>, Rows<TradeRecord>, Rows<DepthRecord>, Rows<BarRecord>, Rows<OrderRecord>, Rows<ExecutionRecord>, Rows<FactRecord>> rows_;
  std::map<Partition, std::uint32_t> next_part_;
  WriteSummary summary_{};
  std::optional<Problem> failed_;
};

extern template Result<std::vector<QuoteRecord>, Problem> read_partition(const std::filesystem::path&, const Partition&);
extern template Result<std::vector<TradeRecord>, Problem> read_partition(const std::filesystem::path&, const Partition&);
extern template Result<std::vector<DepthRecord>, Problem> read_partition(const std::filesystem::path&, const Partition&);
extern template Result<std::vector<BarRecord>, Problem> read_partition(const std::filesystem::path&, const Partition&);
extern template Result<std::vector<OrderRecord>, Problem> read_partition(const std::filesystem::path&, const Partition&);
extern template Result<std::vector<ExecutionRecord>, Problem> read_partition(const std::filesystem::path&, const Partition&);
extern template Result<std::vector<FactRecord>, Problem> read_partition(const std::filesystem::path&, const Partition&);

}  // namespace robo::store
