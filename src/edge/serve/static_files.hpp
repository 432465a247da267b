#pragma once
// The built page, read once at the start: a request can only name a file that was there, so no path leads out of the folder.

#include <filesystem>
#include <map>
#include <string>

#include "edge/serve/http.hpp"

namespace robo::serve {

class StaticFiles {
 public:
  /// A missing folder is not an error: a short page says how to build the real one.
  explicit StaticFiles(const std::filesystem::path& folder);

  /// The file, or index.html for the page's own paths (a last segment without a dot), or 404.
  [[nodiscard]] Response answer(const Request& request, const Target& target) const;
  [[nodiscard]] std::size_t count() const { return files_.size(); }

 private:
  struct File {
    std::string bytes{};
    std::string type{};
    std::string etag{};
    bool forever{};  // its name changes with its content
  };
  std::map<std::string, File> files_;
};

/// Headers of every answer: content security policy, no sniffing, no framing. `host` must have passed the guard.
void add_security_headers(Response& response, std::string_view host);

}  // namespace robo::serve
