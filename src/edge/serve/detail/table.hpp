#pragma once
// Rows with a key, in the order they first came, each with the version of its last change. What changed since any version
// can be told without a queue per client.

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace robo::serve::detail {

template <class Row, class Key>
class Table {
 public:
  explicit Table(std::size_t most) : most_(most) {}

  /// The row of `key`, made when it is new, as changed in `version`. The oldest row leaves when there are too many.
  Row& touch(const Key& key, std::uint64_t version) {
    changed_ = version;
    if (const auto found = serials_.find(key); found != serials_.end()) {
      auto& slot = slots_.at(found->second);
      slot.version = version;
      return slot.row;
    }
    if (slots_.size() == most_) erase(slots_.begin()->second.key, version);
    const auto serial = next_++;
    serials_.emplace(key, serial);
    return slots_.emplace(serial, Slot{key, Row{}, version}).first->second.row;
  }
  [[nodiscard]] const Row* find(const Key& key) const {
    const auto found = serials_.find(key);
    return found == serials_.end() ? nullptr : &slots_.at(found->second).row;
  }
  /// By value: the key may be the one inside the row that goes.
  void erase(Key key, std::uint64_t version) {
    const auto found = serials_.find(key);
    if (found == serials_.end()) return;
    slots_.erase(found->second);
    serials_.erase(found);
    changed_ = version;
    removed_.emplace_back(version, std::move(key));
    if (removed_.size() > removed_most) {
      forgotten_ = removed_.front().first;
      removed_.pop_front();
    }
  }
  template <class F>
  void each(F&& f) const {
    for (const auto& [serial, slot] : slots_) f(slot.row);
  }
  [[nodiscard]] std::vector<Row> rows() const {
    std::vector<Row> out;
    out.reserve(slots_.size());
    each([&](const Row& row) { out.push_back(row); });
    return out;
  }
  /// Rows changed after `version`; nothing when there are none.
  [[nodiscard]] std::optional<std::vector<Row>> since(std::uint64_t version) const {
    if (changed_ <= version) return std::nullopt;
    std::vector<Row> out;
    for (const auto& [serial, slot] : slots_)
      if (slot.version > version) out.push_back(slot.row);
    if (out.empty()) return std::nullopt;
    return out;
  }
  [[nodiscard]] std::vector<Key> removed_since(std::uint64_t version) const {
    std::vector<Key> out;
    for (const auto& [when, key] : removed_)
      if (when > version) out.push_back(key);
    return out;
  }
  /// False when a row left after `version` and its key is no longer remembered.
  [[nodiscard]] bool knows(std::uint64_t version) const { return version >= forgotten_; }
  [[nodiscard]] std::size_t size() const { return slots_.size(); }

 private:
  static constexpr std::size_t removed_most = 1000;
  struct Slot {
    Key key{};
    Row row{};
    std::uint64_t version{};
  };
  std::size_t most_;
  std::uint64_t next_ = 0, changed_ = 0, forgotten_ = 0;
  std::map<std::uint64_t, Slot> slots_;
  std::unordered_map<Key, std::uint64_t> serials_;
  std::deque<std::pair<std::uint64_t, Key>> removed_;
};

}  // namespace robo::serve::detail
