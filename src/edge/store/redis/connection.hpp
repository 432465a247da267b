#pragma once
// One line to a Redis server, and commands in its protocol:   *<words>\r\n  then per word  $<bytes>\r\n<word>\r\n

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

struct redisContext;

namespace robo::store::redis {

/// Commands in the order they are to be done.
class Commands {
 public:
  Commands& word(std::string_view text);
  template <class... Words>
  void add(const Words&... words) {
    (word(words), ...);
    end();
  }
  /// Ends the command that word() has built.
  void end();
  void clear() { bytes_.clear(), count_ = 0; }
  void append(const Commands& other) { bytes_ += other.bytes_, count_ += other.count_; }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  void number(char mark, std::size_t value);
  std::string bytes_, words_;
  std::size_t pending_ = 0;
  std::uint64_t count_ = 0;
};

/// Where a server is, from "redis://user:password@host:port/database" or "unix:///path/to/socket?database=1&password=x".
struct Address {
  std::string host{"127.0.0.1"};
  int port{6379};
  std::string socket{};    // instead of host and port
  std::string user{}, password{};
  int database{};
};
[[nodiscard]] Result<Address, Problem> parse_address(std::string_view url);

class Connection {
 public:
  Connection() = default;
  ~Connection() { close(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Errors: one sentence with the way out; never the password.
  [[nodiscard]] std::optional<Problem> open(const Address& address, Duration timeout);
  void close();
  void interrupt();
  [[nodiscard]] bool is_open() const { return context_ != nullptr; }

  /// Sends commands without waiting: the server works while more are made. The next run() hears their answers, too.
  [[nodiscard]] std::optional<Problem> push(const Commands& commands);
  /// All commands in one go; the first error among the answers.
  [[nodiscard]] std::optional<Problem> run(const Commands& commands);
  /// One command whose answer is a text, a number, or nothing.
  [[nodiscard]] Result<std::optional<std::string>, Problem> text(const Commands& command);
  /// One command whose answer is a list of texts.
  [[nodiscard]] Result<std::vector<std::string>, Problem> list(const Commands& command);
  /// HGETALL.
  [[nodiscard]] Result<std::map<std::string, std::string>, Problem> hash(std::string_view key);

 private:
  [[nodiscard]] Problem problem(std::string_view words) const;
  [[nodiscard]] std::optional<Problem> send(const Commands& commands);
  redisContext* context_ = nullptr;
  std::string where_;
  std::uint64_t unanswered_ = 0;  // of pushed commands
  std::mutex interrupting_;
  int socket_ = -1;
};

}  // namespace robo::store::redis
