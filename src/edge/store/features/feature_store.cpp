#include "edge/store/features/feature_store.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "base/log.hpp"
#include "edge/store/features/point_in_time.hpp"
#include "edge/store/store.hpp"

namespace robo::store::features {

namespace {

Date day_of(std::int64_t ns) { return {static_cast<std::int32_t>(ns / hours(24).ns)}; }
constexpr std::size_t batches_a_file_max = 32;
constexpr std::string_view spilled_extension = ".spilled";

}  // namespace

std::filesystem::path parquet_folder(const std::filesystem::path& folder, std::string_view set, Date day, std::string_view symbol) {
  return folder / fmt::format("set={}", folder_of(set)) / fmt::format("date={}", to_text(day)) / fmt::format("symbol={}", folder_of(symbol));
}

std::filesystem::path FeatureStore::live_folder(const SeriesName& name) const { return options_.live / folder_of(name.set) / folder_of(name.symbol); }

Result<std::unique_ptr<FeatureStore>, Problem> FeatureStore::open(const StoreOptions& options) {
  std::error_code error;
  for (const auto& folder : {options.live, options.folder}) {
    std::filesystem::create_directories(folder, error);
    if (error) return fail(Problem{fmt::format("features: {}: {}", folder.string(), error.message())});
  }
  std::unique_ptr<FeatureStore> store(new FeatureStore(options));
  if (options.spill) {
    store->take_up();
    store->spiller_ = std::thread([s = store.get()] { s->spill(); });
  }
  return store;
}

FeatureStore::~FeatureStore() {
  {
    const std::lock_guard hold(lock_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (spiller_.joinable()) spiller_.join();
  // What is in Parquet needs no batch; what is not is taken up at the next start.
  std::error_code ignored;
  for (const auto& one : sealed_)
    if (one.spilled || !options_.spill) std::filesystem::remove(one.path, ignored);
}

FeatureStore::Series FeatureStore::series(std::string_view set, std::string_view symbol, const std::vector<std::string>& features) {
  const auto [at, fresh] = known_.try_emplace({std::string(set), std::string(symbol)}, static_cast<Series>(series_.size()));
  if (fresh) {
    auto one = std::make_unique<One>();
    one->name = {std::string(set), std::string(symbol), options_.source, features};
    // Columns a whole number of pages apart would all fall into the same lines of the cache.
    one->layout = layout_of(one->name, options_.batch_rows + (options_.batch_rows % 512 == 0 ? 8 : 0));
    std::error_code ignored;
    std::filesystem::create_directories(live_folder(one->name), ignored);
    const std::lock_guard hold(lock_);
    series_.push_back(std::move(one));
  }
  return at->second;
}

void FeatureStore::seal(One& one) {
  if (!one.batch.is_open()) return;
  one.batch.publish();
  const auto series = known_.at({one.name.set, one.name.symbol});
  const std::lock_guard hold(lock_);
  sealed_.push_back({.path = one.batch.path(), .bytes = one.batch.size(), .rows = one.batch.used(), .series = series});
  figures_.waiting += options_.spill;
  one.batch = Batch{};
  wake_.notify_one();
}

// Called with the lock held by nobody.
bool FeatureStore::make_room(std::uint64_t bytes) {
  std::unique_lock hold(lock_);
  while (figures_.memory + bytes > options_.memory_max) {
    const auto oldest = std::find_if(sealed_.begin(), sealed_.end(), [&](const Sealed& one) { return one.spilled || !options_.spill; });
    if (oldest == sealed_.end()) return false;
    std::error_code ignored;
    std::filesystem::remove(oldest->path, ignored);
    figures_.memory -= oldest->bytes;
    if (!oldest->spilled) figures_.let_go += oldest->rows;
    sealed_.erase(oldest);
  }
  figures_.memory += bytes;
  return true;
}

bool FeatureStore::next_batch(One& one) {
  seal(one);
  rows_shown_.store(rows_, std::memory_order_relaxed);
  const auto refuse = [&](const std::string& why) {
    const std::lock_guard hold(lock_);
    ++figures_.dropped;
    // Under load it comes and goes many times a second: it is told once a minute.
    const auto now = std::chrono::steady_clock::now();
    if (now >= tell_again_) {
      log::warn("features", "{}; rows are dropped and counted, trading goes on", why);
      tell_again_ = now + std::chrono::minutes(1);
    }
    figures_.refused = why;
    return false;
  };
  if (!make_room(one.layout.size)) return refuse("features: the memory's ceiling is reached and the disk does not keep up");
  auto made = Batch::create(live_folder(one.name) / fmt::format("{}.{:08}.arrow", options_.source, one.number), one.layout);
  if (!made) {
    {
      const std::lock_guard hold(lock_);
      figures_.memory -= one.layout.size;
    }
    return refuse(made.error().text);
  }
  ++one.number;
  one.batch = std::move(*made);
  const std::lock_guard hold(lock_);
  figures_.refused.clear();
  return true;
}

void FeatureStore::spill() {
  std::unique_lock hold(lock_);
  for (;;) {
    const auto first = std::find_if(sealed_.begin(), sealed_.end(), [](const Sealed& one) { return !one.spilled; });
    if (first == sealed_.end()) {
      idle_.notify_all();
      if (stopping_) return;
      wake_.wait(hold);
      continue;
    }
    std::vector<Sealed> group;
    for (auto& one : sealed_)
      if (!one.spilled && one.series == first->series && group.size() < batches_a_file_max) group.push_back(one);
    hold.unlock();
    std::optional<Problem> wrong;
    std::uint64_t bytes = 0, rows = 0;
    std::vector<Rows> parts;
    std::filesystem::path to;
    for (const auto& one : group) {
      auto mapped = map_batch(one.path);
      if (!mapped) {
        wrong = mapped.error();
        continue;
      }
      // A file holds one day: a batch over midnight is cut there.
      std::size_t from = 0;
      while (from < mapped->size()) {
        const auto day = day_of(mapped->at[from]);
        const auto until = static_cast<std::size_t>(std::lower_bound(mapped->at.begin() + static_cast<std::ptrdiff_t>(from), mapped->at.end(), (day.days + 1) * hours(24).ns) - mapped->at.begin());
        Rows part{.name = mapped->name, .at = mapped->at.subspan(from, until - from), .known_at = mapped->known_at.subspan(from, until - from), .owner = mapped->owner};
        for (const auto& values : mapped->values) part.values.push_back(values.subspan(from, until - from));
        const auto stem = one.path.stem().string();
        const auto folder = parquet_folder(options_.folder, part.name.set, day, part.name.symbol);
        if (!parts.empty() && to.parent_path() != folder) {
          if (const auto written = write_rows(to, parts)) bytes += *written;
          else wrong = written.error();
          parts.clear();
        }
        if (parts.empty()) to = folder / (stem + ".parquet");
        rows += part.size();
        parts.push_back(std::move(part));
        from = until;
      }
    }
    if (!parts.empty() && !wrong) {
      if (const auto written = write_rows(to, parts)) bytes += *written;
      else wrong = written.error();
    }
    parts.clear();
    hold.lock();
    if (wrong) {
      if (figures_.trouble != wrong->text) log::warn("features", "{}; what is in memory waits, trading goes on", wrong->text);
      figures_.trouble = wrong->text;
      idle_.notify_all();
      if (stopping_) return;
      wake_.wait_for(hold, std::chrono::seconds(1));
      continue;
    }
    figures_.trouble.clear();
    figures_.spilled += rows;
    figures_.spilled_bytes += bytes;
    figures_.waiting -= group.size();
    for (auto& one : sealed_)
      if (std::any_of(group.begin(), group.end(), [&](const Sealed& done) { return done.path == one.path; })) {
        // Stays to be read until its memory is wanted; its name says that it needs no second file.
        const auto named = std::filesystem::path(one.path).replace_extension(spilled_extension);
        std::error_code ignored;
        std::filesystem::rename(one.path, named, ignored);
        one.path = named;
        one.spilled = true;
      }
  }
}

// Batches of a program that ended without finish(): whole rows up to where it was killed.
void FeatureStore::take_up() {
  std::error_code error;
  for (auto it = std::filesystem::recursive_directory_iterator(options_.live, error); !error && it != std::filesystem::recursive_directory_iterator(); it.increment(error)) {
    std::error_code ignored;
    if (it->path().extension() == spilled_extension) std::filesystem::remove(it->path(), ignored);
    if (it->path().extension() != ".arrow") continue;
    auto rows = map_batch(it->path());
    if (!rows) {
      log::warn("features", "{}; it is set aside", rows.error().text);
      std::filesystem::rename(it->path(), it->path().string() + ".damaged", ignored);
      continue;
    }
    if (rows->name.source == options_.source || rows->size() == 0) {
      if (rows->size() == 0) std::filesystem::remove(it->path(), ignored);
      continue;
    }
    // It may have been written, and the program killed before it could say so by the name.
    const auto sealed = features::Series::load(options_.folder, {}, rows->name.set, rows->name.symbol, rows->name.source);
    const bool there = std::any_of(sealed.parts().begin(), sealed.parts().end(), [&](const Rows& part) { return covers(part, *rows); });
    const auto path = parquet_folder(options_.folder, rows->name.set, day_of(rows->at[0]), rows->name.symbol) / (it->path().stem().string() + ".parquet");
    if (there || write_rows(path, std::span(&*rows, 1))) std::filesystem::remove(it->path(), ignored);
  }
  for (auto it = std::filesystem::recursive_directory_iterator(options_.folder, error); !error && it != std::filesystem::recursive_directory_iterator(); it.increment(error))
    if (it->path().extension() == ".part") {
      std::error_code ignored;
      std::filesystem::remove(it->path(), ignored);
    }
}

bool FeatureStore::finish() {
  for (auto& one : series_) seal(*one);
  rows_shown_.store(rows_, std::memory_order_relaxed);
  std::unique_lock hold(lock_);
  if (!options_.spill) return true;
  wake_.notify_all();
  idle_.wait(hold, [this] { return figures_.waiting == 0 || !figures_.trouble.empty(); });
  return figures_.waiting == 0;
}

StoreFigures FeatureStore::figures() const {
  const std::lock_guard hold(lock_);
  auto out = figures_;
  out.rows = rows_shown_.load(std::memory_order_relaxed);
  return out;
}

}  // namespace robo::store::features
