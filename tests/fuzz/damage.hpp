#pragma once
// Seeded damage to a text: bytes changed, cut, doubled, swapped, and words put in that hurt.

#include <random>
#include <span>
#include <string>
#include <string_view>

namespace robo::test {

inline void damage(std::string& text, std::mt19937& random, std::span<const std::string_view> hostile) {
  for (unsigned i = 0; i < 1 + random() % 8 && !text.empty(); ++i) {
    const auto at = random() % text.size();
    switch (random() % 5) {
      case 0: text[at] = static_cast<char>(random()); break;
      case 1: text.erase(at, random() % 20); break;
      case 2: text.insert(at, hostile[random() % hostile.size()]); break;
      case 3: text.insert(at, text.substr(random() % text.size(), random() % 60)); break;
      default: std::swap(text[at], text[random() % text.size()]); break;
    }
  }
}

}  // namespace robo::test
