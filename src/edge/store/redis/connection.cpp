#include "edge/store/redis/connection.hpp"

#include <charconv>
#include <csignal>
#include <fmt/core.h>
#include <hiredis/hiredis.h>
#include <memory>
#include <sys/socket.h>

namespace robo::store::redis {

namespace {

struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Reply = std::unique_ptr<redisReply, FreeReply>;

/// The first error in an answer, or in what an EXEC answers.
std::string_view error_in(const redisReply& reply) {
  if (reply.type == REDIS_REPLY_ERROR) return {reply.str, static_cast<std::size_t>(reply.len)};
  if (reply.type == REDIS_REPLY_ARRAY)
    for (std::size_t i = 0; i < reply.elements; ++i)
      if (const auto inner = error_in(*reply.element[i]); !inner.empty()) return inner;
  return {};
}

bool read_int(std::string_view text, int& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size() && out >= 0;
}

}  // namespace

void Commands::number(char mark, std::size_t value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  bytes_ += mark;
  bytes_.append(digits, end);
  bytes_.append("\r\n", 2);
}

Commands& Commands::word(std::string_view text) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, text.size()).ptr;
  words_ += '$';
  words_.append(digits, end);
  words_.append("\r\n", 2);
  words_.append(text);
  words_.append("\r\n", 2);
  ++pending_;
  return *this;
}

void Commands::end() {
  number('*', pending_);
  bytes_ += words_;
  words_.clear();
  pending_ = 0;
  ++count_;
}

Result<Address, Problem> parse_address(std::string_view url) {
  Address out;
  const auto wrong = [&](std::string_view what) {
    return fail(Problem{fmt::format("Redis: the connection {}; it looks like redis://:password@host:6379/0 or unix:///run/redis/redis.sock?database=0", what)});
  };
  if (url.starts_with("rediss://")) return fail(Problem{"Redis: rediss:// (TLS) is not built in; use a local socket, or a tunnel"});
  if (url.starts_with("unix://")) {
    url.remove_prefix(7);
    const auto question = url.find('?');
    out.socket = url.substr(0, question);
    if (out.socket.empty()) return wrong("names no socket");
    auto rest = question == std::string_view::npos ? std::string_view{} : url.substr(question + 1);
    while (!rest.empty()) {
      const auto one = rest.substr(0, rest.find('&'));
      rest.remove_prefix(std::min(rest.size(), one.size() + 1));
      const auto name = one.substr(0, one.find('=')), value = one.substr(std::min(one.size(), name.size() + 1));
      if (name == "password") out.password = value;
      else if (name == "user") out.user = value;
      else if (name != "database" || !read_int(value, out.database)) return wrong("has an unknown part");
    }
    return out;
  }
  if (!url.starts_with("redis://")) return wrong("begins with neither redis:// nor unix://");
  url.remove_prefix(8);
  if (const auto at = url.rfind('@'); at != std::string_view::npos) {
    const auto who = url.substr(0, at);
    const auto colon = who.find(':');
    if (colon == std::string_view::npos) return wrong("has a user without a password");
    out.user = who.substr(0, colon);
    out.password = who.substr(colon + 1);
    url.remove_prefix(at + 1);
  }
  if (const auto slash = url.find('/'); slash != std::string_view::npos) {
    if (slash + 1 < url.size() && !read_int(url.substr(slash + 1), out.database)) return wrong("has a database that is no number");
    url = url.substr(0, slash);
  }
  if (const auto colon = url.rfind(':'); colon != std::string_view::npos) {
    if (!read_int(url.substr(colon + 1), out.port) || out.port > 65535) return wrong("has a port that is no number");
    url = url.substr(0, colon);
  }
  if (!url.empty()) out.host = url;
  return out;
}

Problem Connection::problem(std::string_view words) const {
  if (words == "Broken pipe" || words == "Connection reset by peer") words = "it hung up";
  std::string text = fmt::format("Redis: {}: {}", where_, words);
  if (words.starts_with("WRONGPASS") || words.starts_with("NOAUTH") || words.find("AUTH") != std::string_view::npos)
    text += "; set the right password in the connection's environment variable";
  else if (words.find("refused") != std::string_view::npos || words.find("No such file") != std::string_view::npos)
    text += "; start the server, or correct the connection's environment variable";
  else if (words.starts_with("OOM")) text += "; its memory is full: raise maxmemory, or shorten redis.stream_length";
  else if (words.starts_with("MISCONF")) text += "; its disk is full or its folder cannot be written";
  else if (words.starts_with("READONLY")) text += "; it is a replica: name the primary";
  return {text};
}

std::optional<Problem> Connection::open(const Address& address, Duration timeout) {
  close();
  where_ = address.socket.empty() ? fmt::format("{}:{}", address.host, address.port) : address.socket;
  const timeval limit{.tv_sec = timeout.ns / 1'000'000'000, .tv_usec = timeout.ns % 1'000'000'000 / 1'000};
  auto* context = address.socket.empty() ? redisConnectWithTimeout(address.host.c_str(), address.port, limit)
                                         : redisConnectUnixWithTimeout(address.socket.c_str(), limit);
  if (context == nullptr || context->err != 0) {
    const auto wrong = problem(context ? context->errstr : "no memory");
    if (context) redisFree(context);
    return wrong;
  }
  redisSetTimeout(context, limit);
  // Whole pipelines are read at once; the default gives memory back every 16 kB.
  context->reader->maxbuf = 1u << 20;
  {
    const std::lock_guard hold(interrupting_);
    context_ = context;
    socket_ = context->fd;
  }
  Commands hello;
  if (!address.password.empty()) {
    hello.word("AUTH");
    if (!address.user.empty()) hello.word(address.user);
    hello.word(address.password);
    hello.end();
  }
  hello.add("SELECT", std::to_string(address.database));
  hello.add("CLIENT", "SETNAME", "robotrader");
  if (auto wrong = run(hello)) {
    close();
    return wrong;
  }
  return {};
}

void Connection::close() {
  redisContext* going = nullptr;
  {
    const std::lock_guard hold(interrupting_);
    going = std::exchange(context_, nullptr);
    unanswered_ = 0;
    socket_ = -1;
  }
  if (going) redisFree(going);
}

void Connection::interrupt() {
  const std::lock_guard hold(interrupting_);
  if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
}

// hiredis writes with write(): a server that is gone would end the program by SIGPIPE. Blocked for this thread it is an error.
static void no_sigpipe() {
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
}

std::optional<Problem> Connection::send(const Commands& commands) {
  if (!context_) return Problem{"Redis: not connected"};
  no_sigpipe();
  if (redisAppendFormattedCommand(context_, commands.bytes().data(), commands.bytes().size()) != REDIS_OK) return problem(context_->errstr);
  return {};
}

std::optional<Problem> Connection::push(const Commands& commands) {
  if (auto wrong = send(commands)) return wrong;
  unanswered_ += commands.count();
  for (int done = 0; done == 0;)
    if (redisBufferWrite(context_, &done) != REDIS_OK) return problem(context_->errstr);
  return {};
}

std::optional<Problem> Connection::run(const Commands& commands) {
  if (auto wrong = send(commands)) return wrong;
  std::optional<Problem> first;
  for (std::uint64_t left = std::exchange(unanswered_, 0) + commands.count(); left > 0; --left) {
    void* raw = nullptr;
    if (redisGetReply(context_, &raw) != REDIS_OK) return problem(context_->err == REDIS_ERR_EOF ? "it hung up" : context_->errstr);
    const Reply reply(static_cast<redisReply*>(raw));
    if (first) continue;
    if (const auto error = error_in(*reply); !error.empty()) first = problem(error);
  }
  return first;
}

Result<std::optional<std::string>, Problem> Connection::text(const Commands& command) {
  if (auto wrong = send(command)) return fail(*wrong);
  void* raw = nullptr;
  if (redisGetReply(context_, &raw) != REDIS_OK) return fail(problem(context_->err == REDIS_ERR_EOF ? "it hung up" : context_->errstr));
  const Reply reply(static_cast<redisReply*>(raw));
  if (const auto error = error_in(*reply); !error.empty()) return fail(problem(error));
  if (reply->type == REDIS_REPLY_NIL) return std::optional<std::string>{};
  if (reply->type == REDIS_REPLY_INTEGER) return std::optional<std::string>{std::to_string(reply->integer)};
  return std::optional<std::string>{std::string(reply->str, static_cast<std::size_t>(reply->len))};
}

Result<std::vector<std::string>, Problem> Connection::list(const Commands& command) {
  if (auto wrong = send(command)) return fail(*wrong);
  void* raw = nullptr;
  if (redisGetReply(context_, &raw) != REDIS_OK) return fail(problem(context_->err == REDIS_ERR_EOF ? "it hung up" : context_->errstr));
  const Reply reply(static_cast<redisReply*>(raw));
  if (const auto error = error_in(*reply); !error.empty()) return fail(problem(error));
  std::vector<std::string> out;
  if (reply->type == REDIS_REPLY_ARRAY)
    for (std::size_t i = 0; i < reply->elements; ++i)
      if (const auto& element = *reply->element[i]; element.str != nullptr) out.emplace_back(element.str, static_cast<std::size_t>(element.len));
  return out;
}

Result<std::map<std::string, std::string>, Problem> Connection::hash(std::string_view key) {
  Commands command;
  command.add("HGETALL", key);
  auto pairs = list(command);
  if (!pairs) return fail(pairs.error());
  std::map<std::string, std::string> out;
  for (std::size_t i = 0; i + 1 < pairs->size(); i += 2) out[(*pairs)[i]] = (*pairs)[i + 1];
  return out;
}

}  // namespace robo::store::redis
