#pragma once
// Prometheus metrics of the engine and its server. docs/api.md lists them; a test compares. Thread: server.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace robo::serve {

class ReadModel;

class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  void request(unsigned status);
  void refused(std::string_view code);
  void written();
  void client_dropped();
  void frame(std::size_t bytes);
  void patch(std::size_t bytes);
  void clients(std::size_t streams, std::size_t connections);
  void backlog(std::size_t words_and_events, std::uint64_t dropped);

  /// Text of parts the server does not know: it follows the rest.
  void others(std::string text) { others_ = std::move(text); }
  /// The whole text, with the engine's state as of now.
  [[nodiscard]] std::string text(const ReadModel& model);

 private:
  struct Families;
  std::unique_ptr<Families> families_;
  std::string others_;
};

}  // namespace robo::serve
