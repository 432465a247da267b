#pragma once
// Names for contents: the first 16 hex digits of a SHA-256.

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace robo::research {

[[nodiscard]] std::string digest(std::string_view bytes);
/// Of a file's bytes. Errors: it cannot be read.
[[nodiscard]] Result<std::string, Problem> digest_of_file(const std::string& path);

/// A digest of a stream that is told piece by piece.
class Digest {
 public:
  Digest();
  ~Digest();
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;
  void add(std::string_view bytes);
  [[nodiscard]] std::string finish();

 private:
  void* context_;
};

}  // namespace robo::research
