#pragma once
// The trial ledger: every back-test that was ever run, in an append-only file. Its count enters the deflated Sharpe by itself,
// so that trying a hundred settings costs what it should.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.hpp"
#include "base/result.hpp"

namespace robo::research {

struct Trial {
  std::string at{};               // UTC, when it was run
  std::string name{};
  std::string config{};           // digest of the configuration
  std::string data{};             // digest of the data
  std::string commands{};         // digest of the command stream
  std::uint64_t n{};              // returns
  double periods_per_year{};
  double sharpe{};                // per period, net
  double skew{}, kurtosis{3};
  double total{}, drawdown{};
  std::vector<double> returns{};  // per period, for correlation between trials and overfitting
  using fields = Fields<&Trial::at, &Trial::name, &Trial::config, &Trial::data, &Trial::commands, &Trial::n, &Trial::periods_per_year,
                        &Trial::sharpe, &Trial::skew, &Trial::kurtosis, &Trial::total, &Trial::drawdown, &Trial::returns>;
};

struct DamagedLine {
  std::size_t line{};
  std::string text{};             // what is wrong
};

struct LedgerContents {
  std::vector<Trial> trials{};    // in the order they were run
  std::vector<DamagedLine> damaged{};
};

/// One line of JSON per run. Safe to append from several processes at once; a line cut off by a crash is left behind and skipped.
class Ledger {
 public:
  explicit Ledger(std::filesystem::path path) : path_(std::move(path)) {}
  /// Writes one line and makes it durable. Errors: the file cannot be written.
  [[nodiscard]] Result<bool, Problem> append(const Trial& trial) const;
  /// Nothing there yet: an empty ledger. Errors: the file is there and cannot be read.
  [[nodiscard]] Result<LedgerContents, Problem> read() const;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// What the ledger says about one run: how many different configurations were tried on the same data.
struct Trials {
  std::size_t count{};            // distinct configurations on this data, this one included
  std::size_t number{};           // place of this one in the order they were first tried, from 1
  double effective{};             // independent ones among them, by their mean correlation
  double mean_correlation{};
  double sharpe_variance{};       // of their Sharpes per period
  std::vector<double> sharpes{};  // annual, in order of first trial
};
/// The last run of every configuration counts. `config` must be among them for `number` to be set.
[[nodiscard]] Trials trials_on(const LedgerContents& ledger, std::string_view data, std::string_view config);

/// Equally long series of the configurations tried on this data, for overfitting().
[[nodiscard]] std::vector<std::vector<double>> returns_on(const LedgerContents& ledger, std::string_view data);

}  // namespace robo::research
