#pragma once
// What a new session must know of the ones before it: read from their journals, so there is no second truth to disagree with.

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "model/instrument.hpp"
#include "model/order.hpp"

namespace robo::apps {

struct Memory {
  std::uint64_t session_last{};          // highest session number ever used under this root
  Money day_loss{};                      // of `account` on the given day, before this start; >= 0
  std::vector<OrderIntent> working{};    // orders of ours that were not final when the last session ended, and the last stops of
                                         // what was held then: a position keeps its protection over a restart
  std::map<std::uint32_t, std::string> symbols{};  // of the instrument ids in `working`: ids are given anew by every configuration
  std::vector<std::string> notes{};      // damaged journals and the like, for people
};

/// Looks through the journals of `account` under `root`. The day is the UTC date range [day_start, now).
[[nodiscard]] Memory remember(const std::filesystem::path& root, std::string_view account, Timestamp day_start);

/// `memory.working` in the ids of this run; what is about an instrument that is not in it is left out.
[[nodiscard]] std::vector<OrderIntent> working_in(const Memory& memory, std::span<const Instrument> instruments);

/// Takes the next session number and keeps it on disk (fsync) before anybody uses it. Never the same twice, even when journals
/// are deleted. Errors: state folder not writable.
[[nodiscard]] Result<std::uint64_t, Problem> take_session(const std::filesystem::path& state, std::uint64_t at_least);

/// Held while an engine runs, so that no second one trades the same account out of the same folders: two of them would take
/// each other's orders for strangers'. Gone with the process, however it ends.
class Alone {
 public:
  /// Errors: another one runs (its process number is told), or the folder cannot be written.
  [[nodiscard]] static Result<Alone, Problem> take(const std::filesystem::path& folder, std::string_view account);
  Alone(Alone&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  Alone& operator=(Alone&&) = delete;
  ~Alone();

 private:
  explicit Alone(int file) : file_(file) {}
  int file_ = -1;
};

/// Folder name of a session's journal: <root>/20181-... sorted by session: "0000000042-20190215-DU1234567".
[[nodiscard]] std::filesystem::path journal_folder(const std::filesystem::path& root, std::uint64_t session, Timestamp at, std::string_view account);

}  // namespace robo::apps
