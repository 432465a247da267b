#pragma once
// What an import did with every row: kept, repaired (kept after a documented correction) or refused, with line numbers.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace robo::store {

/// One reason and the rows it applied to; the first lines are kept as examples.
struct RowGroup {
  static constexpr std::size_t examples_max = 10;
  std::uint64_t rows{};
  std::vector<std::uint64_t> lines{};
  std::string example{};  // text of the first such line, cut
};

/// Told of every row that is repaired, refused or flagged; `outcome` is one of these words.
using RowListener = std::function<void(std::string_view outcome, std::string_view reason, std::uint64_t line, std::string_view row)>;

struct ImportReport {
  RowListener listener{};
  std::string file{};
  std::string format{};                        // "TAQ quotes", "bars, 1 minute, stamped at their end"
  std::uint64_t rows{};                        // data rows read, without the header
  std::uint64_t kept{};                        // among them repaired ones
  std::uint64_t refused{};
  std::map<std::string, RowGroup> repairs{};   // reason -> rows
  std::map<std::string, RowGroup> refusals{};
  std::map<std::string, RowGroup> flags{};     // kept as they are, and worth knowing
  std::vector<std::string> notes{};            // about the file as a whole
  std::vector<std::string> symbols{};
  std::string first{}, last{};                 // UTC

  void repaired(std::string_view reason, std::uint64_t line, std::string_view row);
  void refuse(std::string_view reason, std::uint64_t line, std::string_view row);
  void flag(std::string_view reason, std::uint64_t line, std::string_view row);
  [[nodiscard]] std::uint64_t repaired_rows() const;
};

/// The report for people, several lines, as ./run shows it.
[[nodiscard]] std::string to_text(const ImportReport& report);

/// Told now and then while a file is read: part done 0..1. Returns false to stop.
using Progress = std::function<bool(double)>;

}  // namespace robo::store
