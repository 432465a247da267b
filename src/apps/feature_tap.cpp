#include "apps/feature_tap.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fmt/core.h>
#include <stdexcept>
#include <unistd.h>

#include "apps/store_checks.hpp"
#include "base/log.hpp"

namespace robo::apps {

std::vector<std::string> feature_names(const features::Features& features) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < features.size(); ++i) {
    const auto& spec = features.spec(features::Handle{static_cast<std::uint16_t>(i)});
    auto name = features::to_text(spec);
    // Two pairs of one instrument differ in their other leg only.
    for (int again = 2; std::find(names.begin(), names.end(), name) != names.end(); ++again) name = fmt::format("{} #{}", features::to_text(spec), again);
    names.push_back(std::move(name));
  }
  return names;
}

void FeatureRows::on_event(const Event& event) {
  at_ = event.at;
  known_at_ = event.received_at;
  std::visit([this](const auto& payload) {
    using T = std::remove_cvref_t<decltype(payload)>;
    if constexpr (std::is_same_v<T, Quote> || std::is_same_v<T, Trade> || std::is_same_v<T, DepthRow> || std::is_same_v<T, DepthLevel> ||
                  std::is_same_v<T, DepthReset> || std::is_same_v<T, PhaseChange>)
      look(payload.instrument);
    else if constexpr (std::is_same_v<T, Boxed<Bar>>) look(payload->instrument);
  }, event.payload);
}

void FeatureRows::on_fact(const Fact& fact) {
  if (const auto* closed = std::get_if<BarClosed>(&fact.payload)) look(closed->bar.instrument);
}

void FeatureRows::look(InstrumentId instrument) {
  const auto& features = kernel_.features();
  if (width_ == 0) {
    width_ = features.size();
    row_.resize(width_);
    if (width_ == 0) return;
  }
  const auto first = instrument.value * width_;
  if (first >= last_.size()) {
    last_.resize((instrument.value + 1) * width_);
    seen_.resize(instrument.value + 1);
  }
  for (std::size_t i = 0; i < width_; ++i) row_[i] = features.value(features::Handle{static_cast<std::uint16_t>(i)}, instrument);
  if (seen_[instrument.value] && std::memcmp(row_.data(), last_.data() + first, width_ * sizeof(double)) == 0) return;
  seen_[instrument.value] = true;
  std::memcpy(last_.data() + first, row_.data(), width_ * sizeof(double));
  take_(instrument, at_, known_at_, row_);
}

std::filesystem::path live_folder(const store::FeatureSettings& settings) {
  if (!settings.live.empty()) return settings.live;
  if (::access("/dev/shm", W_OK) == 0) return fmt::format("/dev/shm/robotrader-{}", ::geteuid());
  return std::filesystem::path(settings.folder) / "live";
}

FeatureFeed::FeatureFeed(const store::FeatureSettings& settings, std::string source, const Kernel& kernel, std::span<const Instrument> instruments)
    : settings_(settings),
      names_(feature_names(kernel.features())),
      rows_(kernel, [this](InstrumentId id, Timestamp at, Timestamp known_at, std::span<const double> values) { push(id, at, known_at, values); }) {
  width_ = names_.size();
  for (const auto& instrument : instruments) symbols_.emplace_back(instrument.symbol.view());
  series_.assign(symbols_.size(), -1);
  auto opened = store::features::FeatureStore::open({.folder = settings.folder, .live = live_folder(settings), .source = std::move(source), .batch_rows = settings.batch_rows,
                                                     .memory_max = static_cast<std::uint64_t>(settings.memory_max_mb * 1e6)});
  if (!opened) throw std::runtime_error(opened.error().text);
  store_ = std::move(*opened);
  std::size_t size = 64;
  while (size < settings.queue_rows) size *= 2;
  mask_ = size - 1;
  stride_ = width_ + 3;
  slots_ = std::make_unique<std::uint64_t[]>(size * stride_);
  thread_ = std::thread([this] { run(); });
}

FeatureFeed::~FeatureFeed() { stop(); }

void FeatureFeed::push(InstrumentId instrument, Timestamp at, Timestamp known_at, std::span<const double> values) {
  const auto head = head_.load(std::memory_order_relaxed);
  if (head - tail_.load(std::memory_order_acquire) > mask_) {
    dropped_.store(dropped_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    return;
  }
  auto* const slot = slots_.get() + (head & mask_) * stride_;
  slot[0] = instrument.value;
  slot[1] = static_cast<std::uint64_t>(at.ns);
  slot[2] = static_cast<std::uint64_t>(known_at.ns);
  std::memcpy(slot + 3, values.data(), values.size() * sizeof(double));
  head_.store(head + 1, std::memory_order_release);
}

std::size_t FeatureFeed::drain() {
  auto tail = tail_.load(std::memory_order_relaxed);
  const auto head = head_.load(std::memory_order_acquire);
  const auto count = head - tail;
  std::vector<double> values(width_);
  for (; tail != head; ++tail) {
    const auto* const slot = slots_.get() + (tail & mask_) * stride_;
    const auto instrument = static_cast<std::size_t>(slot[0]);
    std::memcpy(values.data(), slot + 3, width_ * sizeof(double));
    if (instrument >= series_.size()) {
      series_.resize(instrument + 1, -1);
      symbols_.resize(instrument + 1);
    }
    auto& series = series_[instrument];
    if (series < 0) series = store_->series(decision_set, symbols_[instrument].empty() ? fmt::format("_{}", instrument) : symbols_[instrument], names_);
    (void)store_->append(static_cast<store::features::FeatureStore::Series>(series), {static_cast<std::int64_t>(slot[1])}, {static_cast<std::int64_t>(slot[2])}, values);
    tail_.store(tail + 1, std::memory_order_release);
  }
  if (count > 0) store_->flush();
  return count;
}

// Days that are over leave; the ceiling of the disk is told before it is reached.
void FeatureFeed::keep_house() {
  std::error_code error;
  if (settings_.keep_days > 0) {
    std::string newest;
    std::vector<std::filesystem::path> days;
    for (const auto& set : std::filesystem::directory_iterator(settings_.folder, error))
      for (const auto& day : std::filesystem::directory_iterator(set, error)) {
        days.push_back(day.path());
        newest = std::max(newest, day.path().filename().string());
      }
    int year = 0;
    unsigned month = 0, day_of_month = 0;
    if (std::sscanf(newest.c_str(), "date=%d-%u-%u", &year, &month, &day_of_month) == 3) {
      const auto oldest = "date=" + to_text(Date{date_of(year, month, day_of_month).days - static_cast<std::int32_t>(settings_.keep_days)});
      for (const auto& day : days)
        if (day.filename().string().starts_with("date=") && day.filename().string() < oldest) std::filesystem::remove_all(day, error);
    }
  }
  if (settings_.disk_max_gb <= 0) return;
  const double used = static_cast<double>(bytes_under(settings_.folder)) / 1e9;
  if (used >= 0.8 * settings_.disk_max_gb)
    log::warn("features", "{:.2f} of {:.2f} GB allowed are used in {} (features.disk_max_gb): move old days away, shorten features.keep_days, or allow more", used,
              settings_.disk_max_gb, settings_.folder);
}

void FeatureFeed::run() {
  auto house = std::chrono::steady_clock::now();
  while (!stopping_.load(std::memory_order_acquire)) {
    if (std::chrono::steady_clock::now() >= house) {
      keep_house();
      house = std::chrono::steady_clock::now() + std::chrono::minutes(10);
    }
    if (drain() == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  (void)drain();
}

void FeatureFeed::stop() {
  if (!thread_.joinable()) return;
  stopping_.store(true, std::memory_order_release);
  thread_.join();
  (void)store_->finish();
}

std::string metrics_of(const FeatureFeedFigures& figures) {
  std::string text;
  const auto one = [&](std::string_view name, std::string_view kind, std::string_view help, std::uint64_t value) {
    text += fmt::format("# HELP {} {}\n# TYPE {} {}\n{} {}\n", name, help, name, kind, name, value);
  };
  one("robotrader_features_rows_total", "counter", "Rows of features taken in", figures.store.rows);
  one("robotrader_features_queue_rows", "gauge", "Rows between the engine and the feature store", figures.queue);
  one("robotrader_features_dropped_total", "counter", "Rows that found no room in the queue or in memory", figures.dropped + figures.store.dropped);
  one("robotrader_features_memory_bytes", "gauge", "Bytes of live batches", figures.store.memory);
  one("robotrader_features_waiting_batches", "gauge", "Sealed batches that are not in Parquet yet", figures.store.waiting);
  one("robotrader_features_parquet_bytes_total", "counter", "Bytes written to Parquet", figures.store.spilled_bytes);
  return text;
}

FeatureFeedFigures FeatureFeed::figures() const {
  return {.queue = head_.load() - tail_.load(), .dropped = dropped_.load(), .store = store_->figures()};
}

}  // namespace robo::apps
