#include "research/ledger.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <system_error>

#include "model/json/json.hpp"
#include "model/json/json_of.hpp"
#include "research/overfitting.hpp"
#include "research/series.hpp"

namespace robo::research {

namespace {

struct OpenFile {
  int fd = -1;
  ~OpenFile() {
    if (fd >= 0) ::close(fd);  // also gives the lock back
  }
};

Problem broken(const std::filesystem::path& path, std::string_view what) {
  return {fmt::format("trial ledger {}: {}: {}", path.string(), what, std::strerror(errno))};
}

/// The last run of every configuration on this data, in the order they were first tried.
std::vector<const Trial*> configurations(const LedgerContents& ledger, std::string_view data) {
  std::vector<const Trial*> out;
  for (const Trial& trial : ledger.trials) {
    if (trial.data != data) continue;
    const auto same = std::find_if(out.begin(), out.end(), [&](const Trial* t) { return t->config == trial.config; });
    if (same != out.end()) *same = &trial;
    else out.push_back(&trial);
  }
  return out;
}

}  // namespace

Result<bool, Problem> Ledger::append(const Trial& trial) const {
  if (path_.has_parent_path()) {
    std::error_code error;
    std::filesystem::create_directories(path_.parent_path(), error);
    if (error) return fail(Problem{fmt::format("trial ledger {}: its folder cannot be made: {}", path_.string(), error.message())});
  }
  OpenFile file{::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644)};
  if (file.fd < 0) return fail(broken(path_, "cannot be opened"));
  while (::flock(file.fd, LOCK_EX) != 0)
    if (errno != EINTR) return fail(broken(path_, "cannot be locked"));
  std::string line = json::to_json(trial) + "\n";
  // A run that died while writing left half a line: it ends here, so that ours starts on its own.
  const off_t size = ::lseek(file.fd, 0, SEEK_END);
  char last = '\n';
  if (size > 0 && ::pread(file.fd, &last, 1, size - 1) != 1) return fail(broken(path_, "cannot be read"));
  if (last != '\n') line.insert(line.begin(), '\n');
  for (std::size_t done = 0; done < line.size();) {
    const ssize_t n = ::write(file.fd, line.data() + done, line.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return fail(broken(path_, "cannot be written"));
    done += static_cast<std::size_t>(n);
  }
  if (::fdatasync(file.fd) != 0) return fail(broken(path_, "cannot be made durable"));
  return true;
}

Result<LedgerContents, Problem> Ledger::read() const {
  LedgerContents contents;
  std::ifstream file(path_);
  if (!file) {
    if (!std::filesystem::exists(path_)) return contents;
    return fail(broken(path_, "cannot be read"));
  }
  std::string text;
  for (std::size_t line = 1; std::getline(file, text); ++line) {
    if (text.empty()) continue;
    auto trial = json::from_json<Trial>(text);
    if (trial) contents.trials.push_back(std::move(*trial));
    else contents.damaged.push_back({line, trial.error().empty() ? "not a trial" : trial.error().front().text});
  }
  return contents;
}

std::vector<std::vector<double>> returns_on(const LedgerContents& ledger, std::string_view data) {
  std::vector<std::vector<double>> out;
  for (const Trial* trial : configurations(ledger, data))
    if (!trial->returns.empty() && (out.empty() || trial->returns.size() == out.front().size())) out.push_back(trial->returns);
  return out;
}

Trials trials_on(const LedgerContents& ledger, std::string_view data, std::string_view config) {
  Trials t;
  const auto all = configurations(ledger, data);
  t.count = all.size();
  std::vector<double> per_period;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i]->config == config) t.number = i + 1;
    per_period.push_back(all[i]->sharpe);
    t.sharpes.push_back(all[i]->sharpe * std::sqrt(all[i]->periods_per_year));
  }
  const double deviation = moments(per_period).deviation;
  t.sharpe_variance = deviation * deviation;
  double sum = 0;
  std::size_t pairs = 0;
  for (std::size_t a = 0; a < all.size(); ++a)
    for (std::size_t b = a + 1; b < all.size(); ++b) {
      if (all[a]->returns.size() != all[b]->returns.size() || all[a]->returns.size() < 10) continue;
      sum += correlation(all[a]->returns, all[b]->returns);
      ++pairs;
    }
  t.mean_correlation = pairs > 0 ? std::clamp(sum / static_cast<double>(pairs), 0.0, 1.0) : 0;
  t.effective = effective_trials(t.count, t.mean_correlation);
  return t;
}

}  // namespace robo::research

ROBO_JSON(robo::research::Trial);
