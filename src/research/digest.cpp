#include "research/digest.hpp"

#include "base/invariant.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <fstream>

namespace robo::research {

Digest::Digest() : context_(EVP_MD_CTX_new()) {
  INVARIANT(context_ != nullptr);
  INVARIANT(EVP_DigestInit_ex(static_cast<EVP_MD_CTX*>(context_), EVP_sha256(), nullptr) == 1);
}

Digest::~Digest() { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context_)); }

void Digest::add(std::string_view bytes) { EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_), bytes.data(), bytes.size()); }

std::string Digest::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(context_), out.data(), &size);
  std::string hex;
  for (std::size_t i = 0; i < 8; ++i) hex += fmt::format("{:02x}", out[i]);
  return hex;
}

std::string digest(std::string_view bytes) {
  Digest d;
  d.add(bytes);
  return d.finish();
}

Result<std::string, Problem> digest_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(Problem{fmt::format("{}: cannot be read", path)});
  Digest d;
  std::array<char, 65536> buffer{};
  while (file.read(buffer.data(), buffer.size()) || file.gcount() > 0) d.add({buffer.data(), static_cast<std::size_t>(file.gcount())});
  return d.finish();
}

}  // namespace robo::research
