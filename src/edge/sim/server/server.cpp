#include "edge/sim/server/server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "base/log.hpp"
#include "edge/sim/server/station.hpp"

namespace robo::sim {
namespace {

std::int64_t wall_now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

class Socket {
 public:
  Socket() = default;
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket() { close(); }
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    if (this != &other) close(), fd_ = std::exchange(other.fd_, -1);
    return *this;
  }
  [[nodiscard]] int fd() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_ = -1;
};

Result<Socket, Problem> listen_on(const std::string& address, std::uint16_t port, std::uint16_t& bound) {
  Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return fail(Problem{fmt::format("no socket: {}", std::strerror(errno))});
  const int on = 1;
  ::setsockopt(socket.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  if (::inet_pton(AF_INET, address.c_str(), &at.sin_addr) != 1) return fail(Problem{fmt::format("'{}' is not an IPv4 address", address)});
  if (::bind(socket.fd(), reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0 || ::listen(socket.fd(), 64) != 0)
    return fail(Problem{fmt::format("port {} on {}: {}; choose another port or 0", port, address, std::strerror(errno))});
  socklen_t length = sizeof at;
  ::getsockname(socket.fd(), reinterpret_cast<sockaddr*>(&at), &length);
  bound = ntohs(at.sin_port);
  return socket;
}

template <class T>
bool read_number(std::string_view text, T& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

std::string_view word(std::string_view& line) {
  while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
  const auto end = std::min(line.find(' '), line.size());
  const auto taken = line.substr(0, end);
  line.remove_prefix(end);
  while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
  return taken;
}

}  // namespace

class GatewayServer::Loop final : public House {
 public:
  Loop(runtime::MarketSource& source, const ServerSettings& settings, FeeTable fees, OrderIds ids)
      : settings_(settings), station_(source, settings, std::move(fees), std::move(ids)), speed_(settings.speed) {
    station_.live_in(*this);
  }

  // ---- what faults ask of the house ------------------------------------------------------------------------------------
  void restart(double seconds, double login_seconds, fault::DoorState how) override {
    for (auto& c : connections_) {
      if (c.client->stage != Client::Stage::Closing) c.client->end_here();
      flush(c, wall_time());
      c.closing = true;
    }
    shut(fault::DoorState::Refused, seconds);
    if (login_seconds > 0) then_ = how, then_until_ns_ = door_until_ns_ + static_cast<std::int64_t>(login_seconds * 1e9);
  }
  void shut(fault::DoorState how, double seconds) override {
    door_ = how;
    door_until_ns_ = wall_time() + static_cast<std::int64_t>(seconds * 1e9);
    then_until_ns_ = 0;
    if (how == fault::DoorState::Refused) listening_.close();
    else if (!listening_) listen_again();
  }
  void freeze_newcomers(bool frozen) override { frozen_ = frozen; }
  void set_speed(double factor) override {
    anchor(simulated(wall_time()), wall_time());
    speed_ = factor;
  }
  void clock_moved(Timestamp now) override { anchor(now, wall_time()); }

  /// `stepped`: no thread; turn() moves everything, and the clock on the wall is whatever it is told.
  Result<bool, Problem> open(std::uint16_t& port, std::uint16_t& admin_port, bool stepped) {
    stepped_ = stepped;
    auto listening = listen_on(settings_.address, settings_.port, port);
    if (!listening) return fail(listening.error());
    listening_ = std::move(*listening);
    port_ = port;
    if (settings_.admin_port >= 0) {
      auto admin = listen_on("127.0.0.1", static_cast<std::uint16_t>(settings_.admin_port), admin_port);
      if (!admin) return fail(admin.error());
      admin_ = std::move(*admin);
    }
    wake_ = Socket(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
    const Timestamp first = station_.now();
    stepped_wall_ = first.ns;
    const auto wall = wall_time();
    if (settings_.warm_up.ns > 0) station_.play_to(first + settings_.warm_up, wall);
    anchor(station_.now(), wall);
    if (!stepped_) thread_ = std::thread([this] { run(); });
    return true;
  }

  /// One turn at this time; true when bytes moved. Stepped servers only.
  bool turn(Timestamp now) {
    stepped_wall_ = std::max(stepped_wall_, now.ns);
    const auto before = requests_ + seen_ + dropped_ + moved_;
    turn_once(stepped_wall_);
    return requests_ + seen_ + dropped_ + moved_ != before;
  }
  [[nodiscard]] const Station& station() const { return station_; }

  void stop() {
    stopping_ = true;
    wake();
    if (thread_.joinable()) thread_.join();
  }

  /// Runs `work` where the station lives, between two turns; false: the server is not running.
  bool visit(const std::function<void()>& work) {
    if (stepped_) return work(), true;
    Wish wish{&work, false, false};
    std::unique_lock lock(mutex_);
    if (stopping_ || !thread_.joinable()) return false;
    wishes_.push_back(&wish);
    wake();
    done_.wait(lock, [&] { return wish.done; });
    return wish.granted;
  }
  std::string obey_line(std::string_view line) {
    std::string answer;
    if (!visit([&] { answer = obey(line, wall_time()); })) return "the server is not running";
    return answer;
  }
  Result<std::string, Problem> inject(const Injection& injection) {
    Result<std::string, Problem> answer = fail(Problem{"the server is not running"});
    (void)visit([&] {
      station_.strike(wall_time());
      answer = station_.inject(injection);
    });
    return answer;
  }
  std::string dump() {
    std::string text;
    (void)visit([&] { text = station_.dump(); });
    return text;
  }

  ServerStatus status() const {
    const std::lock_guard lock(mutex_);
    return status_;
  }

 private:
  struct Wish {
    const std::function<void()>* work{};
    bool granted{}, done{};
  };
  struct Connection {
    Socket socket;
    std::unique_ptr<Client> client;
    bool closing{};
    std::int64_t since_ns{};
  };
  struct AdminConnection {
    Socket socket;
    std::string in, out;
  };

  void wake() {
    const std::uint64_t one = 1;
    if (wake_) (void)!::write(wake_.fd(), &one, sizeof one);
  }
  void anchor(Timestamp simulated, std::int64_t wall) {
    anchor_ = simulated;
    anchor_wall_ = wall;
  }
  [[nodiscard]] Timestamp simulated(std::int64_t wall) const {
    return {anchor_.ns + static_cast<std::int64_t>(static_cast<double>(wall - anchor_wall_) * speed_)};
  }

  [[nodiscard]] std::int64_t wall_time() const { return stepped_ ? stepped_wall_ : wall_now(); }

  void turn_once(std::int64_t wall) {
    Timestamp now = simulated(wall);
    const Event* next = station_.upcoming();
    if (next && settings_.skip_gaps && next->at > now + Duration{static_cast<std::int64_t>(5e9 * speed_)}) {
      anchor(next->at, wall);
      now = next->at;
    }
    market_over_ = next == nullptr;
    station_.play_to(now, wall);
    answer_wishes();
    mind_the_door(wall);
    for (auto& c : connections_) {
      const bool stranger = c.client->stage == Client::Stage::Hello || c.client->stage == Client::Stage::StartApi;
      if (stranger && !c.client->frozen(wall) && wall - c.since_ns > settings_.limits.handshake_patience.ns) c.closing = true;
      send(c, wall);
    }
    std::erase_if(connections_, [this](Connection& c) {
      if (!c.closing) return false;
      hang_up(c);
      return true;
    });
    note_status();
    poll(next, wall);
  }

  void run() {
    while (!stopping_) turn_once(wall_time());
    connections_.clear();
    const std::lock_guard lock(mutex_);
    for (Wish* wish : wishes_) wish->done = true;
    wishes_.clear();
    done_.notify_all();
  }

  void note_status() {
    const std::lock_guard lock(mutex_);
    status_ = {station_.played(), requests_, seen_, dropped_, static_cast<std::uint32_t>(connections_.size()), station_.now(), market_over_};
  }

  void poll(const Event* next, std::int64_t wall) {
    fds_.clear();
    fds_.push_back({wake_.fd(), POLLIN, 0});
    fds_.push_back({listening_ ? listening_.fd() : -1, POLLIN, 0});
    fds_.push_back({admin_ ? admin_.fd() : -1, POLLIN, 0});
    for (const auto& c : connections_)
      fds_.push_back({c.socket.fd(), static_cast<short>(c.client->frozen(wall) ? 0 : POLLIN | (c.client->out.empty() || c.client->trickle > 0 ? 0 : POLLOUT)), 0});
    const auto admins_from = fds_.size();
    for (const auto& a : admins_) fds_.push_back({a.socket.fd(), POLLIN, 0});
    // Until the next event of the market, at most 20 ms: the clock on the wall moves things too.
    std::int64_t wait_ms = 20;
    if (next) {
      const auto until = static_cast<std::int64_t>(static_cast<double>((next->at - simulated(wall_time())).ns) / speed_ / 1e6);
      wait_ms = std::clamp<std::int64_t>(until, 0, 20);
    }
    if (stepped_) wait_ms = 0;
    ::poll(fds_.data(), static_cast<nfds_t>(fds_.size()), static_cast<int>(wait_ms));
    if (fds_[0].revents & POLLIN) {
      std::uint64_t count = 0;
      (void)!::read(wake_.fd(), &count, sizeof count);
    }
    const auto now = wall_time();
    for (std::size_t i = 3; i < admins_from; ++i)
      if ((fds_[i].revents & (POLLIN | POLLHUP | POLLERR)) && !connections_[i - 3].client->frozen(now)) receive(connections_[i - 3], now);
    for (std::size_t i = admins_from; i < fds_.size(); ++i)
      if (fds_[i].revents) serve_admin(admins_[i - admins_from], now);
    std::erase_if(admins_, [](const AdminConnection& a) { return !a.socket; });
    if (fds_[1].revents & POLLIN) accept_clients();
    if (fds_[2].revents & POLLIN) {
      Socket socket(::accept4(admin_.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (socket && admins_.size() < 8) admins_.push_back({std::move(socket), {}, {}});
    }
  }

  void accept_clients() {
    for (;;) {
      Socket socket(::accept4(listening_.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (!socket) return;
      // Who has not introduced himself takes nobody's place, but there is an end to it.
      if (connections_.size() >= std::size_t{settings_.limits.clients} * 4) continue;
      const int on = 1;
      ::setsockopt(socket.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      ::setsockopt(socket.fd(), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
      auto client = std::make_unique<Client>(socket.fd(), station_.limits(), &station_.tampering());
      if (frozen_) client->frozen_until_ns = INT64_MAX;
      if (door_until_ns_ != 0 && door_ == fault::DoorState::Silent) client->frozen_until_ns = INT64_MAX;  // a dialog nobody answers
      station_.join(*client);
      ++seen_;
      connections_.push_back({std::move(socket), std::move(client), false, wall_time()});
    }
  }

  void receive(Connection& c, std::int64_t wall) {
    Client& client = *c.client;
    for (int round = 0; round < 8 && !c.closing; ++round) {
      const auto space = client.in.space();
      const auto got = ::recv(c.socket.fd(), space.data(), space.size(), 0);
      if (got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) {
        c.closing = true;
        return;
      }
      if (got < 0) return;
      auto usable = got;
      if (client.bytes_in_left >= 0) usable = std::min<std::int64_t>(got, client.bytes_in_left), client.bytes_in_left -= usable;
      client.in.received(static_cast<std::size_t>(usable));
      if (client.stage == Client::Stage::Hello && !greet(c)) return;
      while (!c.closing && client.stage != Client::Stage::Hello) {
        const auto frame = client.in.next();
        if (!frame) {
          log::warn("gateway-sim", "client {} sent a frame that is none ({}): closed", client.id, to_text(frame.error()));
          c.closing = true;
          return;
        }
        if (!*frame) break;
        ++requests_;
        if (!station_.handle(client, **frame, wall)) {
          flush(c, wall);
          c.closing = true;
        }
        station_.strike(wall);
      }
      if (client.bytes_in_left == 0) c.closing = true;
      if (got < static_cast<ssize_t>(space.size())) return;
    }
  }

  /// True once the handshake is over.
  bool greet(Connection& c) {
    Client& client = *c.client;
    const auto hello = wire::take_hello(client.in);
    if (!hello) {
      c.closing = true;
      return false;
    }
    if (!*hello) return false;
    const auto version = wire::negotiate(**hello, settings_.version_max);
    if (!version) {
      c.closing = true;
      return false;
    }
    if (door_until_ns_ != 0 && door_ == fault::DoorState::NoLogin) client.mute = true;  // the login is not done: greeted, and never ready
    client.version = *version;
    client.queues_excess = (*hello)->options.find("PACEAPI") != std::string::npos;
    wire::encode_greeting(client.out, *version, station_.greeting_time());
    client.stage = Client::Stage::StartApi;
    return true;
  }

  void flush(Connection& c, std::int64_t wall) {
    Client& client = *c.client;
    if (client.frozen(wall)) return;
    std::size_t allowed = client.trickle > 0 ? static_cast<std::size_t>(client.trickle) : client.out.size();
    while (!client.out.empty() && allowed > 0) {
      auto view = client.out.view().substr(0, allowed);
      if (client.bytes_out_left >= 0) view = view.substr(0, static_cast<std::size_t>(client.bytes_out_left));
      if (view.empty()) break;
      const auto sent = ::send(c.socket.fd(), view.data(), view.size(), MSG_NOSIGNAL);
      if (sent > 0) {
        ++moved_;
        allowed -= static_cast<std::size_t>(sent);
        if (client.bytes_out_left >= 0) client.bytes_out_left -= sent;
        client.out.sent(static_cast<std::size_t>(sent));
        continue;
      }
      if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) c.closing = true;
      break;
    }
    if (client.bytes_out_left == 0) c.closing = true;
    if (client.stage == Client::Stage::Closing && client.out.empty()) c.closing = true;
  }

  void send(Connection& c, std::int64_t wall) {
    Client& client = *c.client;
    if (client.frozen(wall)) {
      if (client.out.size() > settings_.limits.backlog_bytes) client.out.clear();
      return;
    }
    flush(c, wall);
    if (client.out.size() < 64 * 1024) {
      client.backlog_since_ns = 0;
      return;
    }
    if (client.backlog_since_ns == 0) client.backlog_since_ns = wall;
    if (client.out.size() > settings_.limits.backlog_bytes || wall - client.backlog_since_ns > settings_.limits.backlog_patience.ns) {
      log::warn("gateway-sim", "client {} does not drain its data ({} bytes wait): closed", client.id, client.out.size());
      c.closing = true;
    }
  }

  /// Closes it, with RST where a fault wants that.
  void hang_up(Connection& c) {
    if (c.client->reset_when_closed) {
      const linger at_once{.l_onoff = 1, .l_linger = 0};
      ::setsockopt(c.socket.fd(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    station_.leave(*c.client);
    ++dropped_;
  }

  void listen_again() {
    std::uint16_t bound = 0;
    auto listening = listen_on(settings_.address, port_, bound);
    if (!listening) {
      log::error("gateway-sim", "{}", listening.error().text);
      door_ = fault::DoorState::Refused;
      door_until_ns_ = wall_time() + 500'000'000;
      return;
    }
    listening_ = std::move(*listening);
  }

  void mind_the_door(std::int64_t wall) {
    if (door_until_ns_ == 0 || wall < door_until_ns_) return;
    const bool silent = door_ == fault::DoorState::Silent;
    door_until_ns_ = 0;
    if (then_until_ns_ != 0) {
      door_ = then_;
      door_until_ns_ = std::exchange(then_until_ns_, 0);
      if (door_ == fault::DoorState::Refused) return;
    }
    if (!listening_) listen_again();
    if (silent)  // the dialog is gone: those who waited are heard
      for (auto& c : connections_) c.client->frozen_until_ns = 0;
  }

  void answer_wishes() {
    std::deque<Wish*> wishes;
    {
      const std::lock_guard lock(mutex_);
      wishes.swap(wishes_);
    }
    if (wishes.empty()) return;
    for (Wish* wish : wishes) {
      (*wish->work)();
      const std::lock_guard lock(mutex_);
      wish->granted = wish->done = true;
    }
    done_.notify_all();
  }

  void serve_admin(AdminConnection& a, std::int64_t wall) {
    char buffer[1024];
    const auto got = ::recv(a.socket.fd(), buffer, sizeof buffer, 0);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) return a.socket.close();
    if (got > 0) a.in.append(buffer, static_cast<std::size_t>(got));
    if (a.in.size() > 4096) return a.socket.close();
    for (auto end = a.in.find('\n'); end != std::string::npos && a.socket; end = a.in.find('\n')) {
      auto line = a.in.substr(0, end);
      a.in.erase(0, end + 1);
      if (!line.empty() && line.back() == '\r') line.pop_back();
      const auto answer = obey(line, wall) + "\n";
      if (::send(a.socket.fd(), answer.data(), answer.size(), MSG_NOSIGNAL) < 0) a.socket.close();
    }
  }

  /// The short commands of people, each one of the faults; any other line is a fault by its own name.
  std::string obey(std::string_view line, std::int64_t wall) {
    const std::string_view whole = line;
    const auto verb = word(line);
    const auto first = word(line);
    const auto done = [&](const Fault& fault) {
      station_.strike(wall);
      const auto answer = station_.apply(fault);
      return answer ? *answer : answer.error().text;
    };
    const bool plain = whole.find('=') == std::string_view::npos;
    if (verb == "cut") return done(fault::LoseIb{});
    if (verb == "restore") {
      if (first != "lost" && first != "kept") return "restore lost | restore kept";
      return done(fault::RestoreIb{.data_kept = first == "kept"});
    }
    if ((verb == "farm" && plain) || verb == "history") {
      if (first != "up" && first != "down") return fmt::format("{} up NAME | {} down NAME", verb, verb);
      return done(fault::Farm{.farm = verb == "farm" ? fault::FarmKind::Market : fault::FarmKind::History, .state = first == "up" ? fault::FarmState::Up : fault::FarmState::Down, .called = std::string(line)});
    }
    if (verb == "restart" && plain) {
      double length = 5;
      if (!first.empty() && !read_number(first, length)) return "restart SECONDS";
      return done(fault::Restart{.seconds = length});
    }
    if (verb == "drop" && first.empty()) return done(fault::Disconnect{});
    if (verb == "kick") {
      std::int32_t id = 0;
      if (!read_number(first, id)) return "kick CLIENT";
      const bool known = std::ranges::any_of(connections_, [&](const Connection& c) { return c.client->running() && c.client->id == id; });
      return known ? done(fault::Disconnect{.client = id}) : fmt::format("'{}' is not known here", first);
    }
    if (plain && (verb == "halt" || verb == "resume" || verb == "shortable")) {
      if (verb == "shortable") {
        std::int64_t count = 0;
        if (!read_number(line, count) || count < 0) return "shortable SYMBOL SHARES";
        return done(fault::Locate{.symbol = std::string(first), .shares = count});
      }
      return verb == "halt" ? done(fault::Halt{.symbol = std::string(first)}) : done(fault::Resume{std::string(first)});
    }
    if (verb == "reject" || verb == "rollback") {
      std::int32_t count = 0;
      if (!read_number(first, count) || count < 0) return fmt::format("{} COUNT", verb);
      return verb == "reject" ? done(fault::RejectOrders{.count = count}) : done(fault::RollBackIds{count});
    }
    if (verb == "speed" && plain) {
      double factor = 0;
      if (!read_number(first, factor)) return "speed FACTOR";
      return done(fault::Speed{factor});
    }
    if (verb == "say" && plain) {
      std::int32_t code = 0;
      if (!read_number(first, code)) return "say CODE TEXT";
      station_.strike(wall);
      return done(fault::Say{.code = code, .text = std::string(line)});
    }
    if (verb == "status")
      return fmt::format("{} events played, now {}, {} clients, {} requests", station_.played(), to_text(station_.now()), connections_.size(), requests_);
    if (verb == "dump") return station_.dump();
    if (verb == "help") return fault_vocabulary();
    const auto injection = parse_injection(whole);
    if (!injection && verb == whole) return fmt::format("'{}' is not a command; help lists the faults, and there are cut, restore, farm, history, restart, drop, kick, freeze, thaw, halt, resume, shortable, reject, rollback, speed, say, status, dump", verb);
    if (!injection) return injection.error().text;
    station_.strike(wall);
    const auto answer = station_.inject(*injection);
    return answer ? *answer : answer.error().text;
  }

  ServerSettings settings_;
  Station station_;
  double speed_;
  Timestamp anchor_{};
  std::int64_t anchor_wall_ = 0;
  std::int64_t door_until_ns_ = 0, then_until_ns_ = 0;   // 0: the door is open
  fault::DoorState door_{}, then_{};
  std::uint16_t port_ = 0;
  Socket listening_, admin_, wake_;
  std::deque<Connection> connections_;
  std::deque<AdminConnection> admins_;
  std::vector<pollfd> fds_;
  bool frozen_ = false, market_over_ = false;
  bool stepped_ = false;
  std::int64_t stepped_wall_ = 0;
  std::uint64_t requests_ = 0, seen_ = 0, dropped_ = 0, moved_ = 0;
  std::thread thread_;
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  std::condition_variable done_;
  std::deque<Wish*> wishes_;
  ServerStatus status_{};
};

GatewayServer::GatewayServer(std::unique_ptr<runtime::MarketSource> source, ServerSettings settings, FeeTable fees)
    : source_(std::move(source)), settings_(std::move(settings)), fees_(std::move(fees)) {}

GatewayServer::~GatewayServer() { stop(); }

Result<bool, Problem> GatewayServer::start() { return open(false); }
Result<bool, Problem> GatewayServer::start_stepped() { return open(true); }

Result<bool, Problem> GatewayServer::open(bool stepped) {
  auto ids = OrderIds::open(settings_.state_dir);
  if (!ids) return fail(ids.error());
  auto loop = std::make_unique<Loop>(*source_, settings_, fees_, std::move(*ids));
  std::uint16_t port = 0, admin = 0;
  auto opened = loop->open(port, admin, stepped);
  if (!opened) return opened;
  port_ = port;
  admin_port_ = admin;
  loop_ = std::move(loop);
  return true;
}

void GatewayServer::stop() {
  if (loop_) loop_->stop();
}

ServerStatus GatewayServer::status() const { return loop_ ? loop_->status() : ServerStatus{}; }

bool GatewayServer::turn(Timestamp now) { return loop_ && loop_->turn(now); }

const Station* GatewayServer::station() const { return loop_ ? &loop_->station() : nullptr; }

std::string GatewayServer::inject(std::string_view command) { return loop_ ? loop_->obey_line(command) : "the server is not running"; }
Result<std::string, Problem> GatewayServer::inject(const Injection& injection) {
  if (!loop_) return fail(Problem{"the server is not running"});
  return loop_->inject(injection);
}
std::string GatewayServer::dump() { return loop_ ? loop_->dump() : "{}"; }

}  // namespace robo::sim
