#pragma once
// The gateway's side of a scene: a listening socket, one client, requests as names and texts.

#include <deque>
#include <map>
#include <set>
#include <string>

#include "edge/ib/wire/frame.hpp"
#include "edge/ib/wire/writer.hpp"

namespace robo::ib {

using Words = std::map<std::string, std::string, std::less<>>;

struct Asked {
  std::string name{};
  Words fields{};
};

class ScriptedGateway {
 public:
  ScriptedGateway();
  ~ScriptedGateway();
  ScriptedGateway(const ScriptedGateway&) = delete;
  ScriptedGateway& operator=(const ScriptedGateway&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// Accepts, reads, writes what can be. True when something moved.
  bool step();
  void say(const std::string& event, const Words& fields);
  void say_payload(std::string_view payload);
  void say_bytes(std::string_view bytes);
  void greet(int version);
  void hang_up();

  [[nodiscard]] bool connected() const { return client_ >= 0; }
  [[nodiscard]] bool said_hello() const { return hello_; }
  [[nodiscard]] int connections() const { return connections_; }

  int version = 200;
  std::deque<Asked> asked{};

 private:
  void flush();
  int listener_ = -1, client_ = -1;
  std::uint16_t port_ = 0;
  bool hello_ = false;
  int connections_ = 0;
  wire::FrameBuffer in_;
  wire::OutBuffer out_;
};

}  // namespace robo::ib
