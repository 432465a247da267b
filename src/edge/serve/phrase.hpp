#pragma once
// The command line of the desk: a small grammar, so that the same words always mean the same. What a person types becomes
// the wishes the REST writes would have made, after it was shown what they would do. docs/api.md has the grammar.

#include <string>
#include <string_view>
#include <vector>

#include "edge/serve/messages.hpp"
#include "edge/serve/read_model.hpp"

namespace robo::serve {

/// One clause of a phrase, understood.
struct PhraseClause {
  view::PhraseAction shown{};
  std::vector<OperatorInput> wishes{};  // none for a question
};

struct Phrase {
  std::vector<view::PhraseWord> words{};
  std::vector<PhraseClause> clauses{};
  std::string problem{};  // why nothing of it can be done; empty when all of it can

  [[nodiscard]] view::PhraseAnswer answer() const;
};

/// Reads `text` against what the desk knows now. Never throws; a word it does not know is named in `problem`.
[[nodiscard]] Phrase read_phrase(std::string_view text, const ReadModel& model);

}  // namespace robo::serve
