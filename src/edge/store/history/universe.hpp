#pragma once
// Who was in an index, by date: a test that takes today's members tests the survivors.
//
//   ticker,start_date,end_date        member from start_date up to end_date, which is the first day without it; empty: still in
//   NFX,2010-12-20,2019-02-15

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace robo::store::history {

struct Membership {
  std::string symbol{};
  Date from{}, until{INT32_MAX};  // [from, until)
};

class Universe {
 public:
  /// Errors: every line that is wrong, with file and line: no date, an end before its beginning, two memberships of one symbol that
  /// overlap.
  [[nodiscard]] static Result<Universe, std::vector<Problem>> parse(std::string_view text, std::string_view file);
  /// A universe of the store. Errors: there is none of this name; those there are.
  [[nodiscard]] static Result<Universe, Problem> load(const std::filesystem::path& root, std::string_view name);
  [[nodiscard]] std::optional<Problem> keep_in(const std::filesystem::path& root, std::string_view name) const;
  [[nodiscard]] static std::vector<std::string> names(const std::filesystem::path& root);

  [[nodiscard]] const std::vector<Membership>& all() const { return members_; }
  [[nodiscard]] bool contains(std::string_view symbol, Date day) const;
  /// Members on a day, in order of symbol.
  [[nodiscard]] std::vector<std::string> on(Date day) const;
  /// Everybody who was a member on any day of [from, until).
  [[nodiscard]] std::vector<std::string> during(Date from, Date until) const;
  [[nodiscard]] std::vector<Membership> of(std::string_view symbol) const;

 private:
  std::vector<Membership> members_;  // by symbol and beginning
};

}  // namespace robo::store::history
