#include "edge/serve/http.hpp"

namespace robo::serve {
namespace {

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool decode(std::string_view text, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return false;
      const int high = hex(text[i + 1]), low = hex(text[i + 2]);
      if (high < 0 || low < 0) return false;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
    out += c;
  }
  return true;
}

}  // namespace

const std::string* Target::parameter(std::string_view name) const {
  for (const auto& [key, value] : query)
    if (key == name) return &value;
  return nullptr;
}

Target parse_target(std::string_view target) {
  Target out;
  if (target.empty() || target.front() != '/') return out;
  const auto mark = target.find('?');
  auto path = target.substr(0, mark);
  if (!decode(path, out.path)) return out;
  path.remove_prefix(1);
  while (true) {
    const auto slash = path.find('/');
    std::string segment;
    if (!decode(path.substr(0, slash), segment)) return out;
    // An escaped slash stays inside its segment; a dot segment means nothing to us and is refused.
    if (segment == "." || segment == "..") return out;
    out.segments.push_back(std::move(segment));
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  auto query = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto pair = query.substr(0, end);
    const auto equals = pair.find('=');
    std::string key, value;
    if (!decode(pair.substr(0, equals), key)) return out;
    if (equals != std::string_view::npos && !decode(pair.substr(equals + 1), value)) return out;
    if (!key.empty()) out.query.emplace_back(std::move(key), std::move(value));
    query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
  }
  out.valid = true;
  return out;
}

}  // namespace robo::serve
