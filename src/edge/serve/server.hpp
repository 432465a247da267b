#pragma once
// The one door of this room: a thread that folds what the engine says into a read model and serves the page, the API and the
// stream from it. The engine's thread only ever pushes into tap().

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "edge/serve/read_model.hpp"
#include "edge/serve/settings.hpp"
#include "runtime/ports.hpp"

namespace robo::serve {

class Server {
 public:
  /// `operators` takes people's wishes; `figures` (may be empty) is asked a few times a second on the server's thread. Both
  /// must outlive the server.
  Server(Settings settings, Catalogue catalogue, runtime::OperatorDoor& operators, std::function<Figures()> figures = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Hang this into drive(). Thread of its calls: hot.
  [[nodiscard]] runtime::Tap& tap();

  /// Takes in what the tap holds, on this thread: for a history longer than the tap's room. Only before start().
  void absorb();
  /// Binds and starts the thread. Errors: std::runtime_error with what is wrong and what to do (address in use, settings).
  void start();
  /// Says goodbye to all pages and joins the thread. Idempotent.
  void stop();

  [[nodiscard]] std::uint16_t port() const;
  /// http://127.0.0.1:8080/
  [[nodiscard]] std::string address() const;
  /// The address a person opens, with the token in its fragment, which browsers do not send.
  [[nodiscard]] std::string link() const;
  [[nodiscard]] const std::string& token() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace robo::serve
