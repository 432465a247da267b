#pragma once
// What a client needs of a connection: bytes there and back, without blocking. TCP in every run; the simulation of tests/sim puts
// a line of its own here that loses, cuts and delays bytes in virtual time.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace robo::ib {

/// Thread: one.
class Transport {
 public:
  virtual ~Transport() = default;

  /// Begins to connect; a connection that is open is closed first. Error: it cannot even be tried.
  [[nodiscard]] virtual Result<void, Problem> start(const std::string& host, std::uint16_t port) = 0;

  enum class Progress : std::uint8_t { Pending, Connected, Failed };
  [[nodiscard]] virtual Progress finish() = 0;

  enum class Stream : std::uint8_t { Open, Blocked, Closed };
  struct Moved {
    std::size_t bytes{};
    Stream stream{};
  };
  [[nodiscard]] virtual Moved receive(std::span<char> into) = 0;
  [[nodiscard]] virtual Moved send(std::string_view bytes) = 0;

  /// Returns when something arrived, when `writing` and there is room again, or after `at_most`.
  virtual void wait(Duration at_most, bool writing) const = 0;
  virtual void close() = 0;
  [[nodiscard]] virtual bool is_open() const = 0;
  /// Why the last call failed, for people.
  [[nodiscard]] virtual const std::string& trouble() const = 0;
};

}  // namespace robo::ib
