// docs/ib-faults.md, made of the scenarios and their outcomes.

#include <fmt/format.h>
#include <map>

#include "apps/rehearsal/rehearsal.hpp"

namespace robo::apps::rehearsal {

std::string faults_page(const std::vector<Rehearsed>& rehearsed) {
  std::string out =
      "# What IB's gateway does wrong, and what we do\n"
      "\n"
      "Written by `robotrader rehearse all --report docs/ib-faults.md`; a test fails when it is not what the scenarios say. Each class has hurt a real\n"
      "system: the issue is named. Each is a text file in `data/faults/` that runs the product's engine and IB client against the simulated gateway,\n"
      "over a real socket in virtual time; `robotrader rehearse C06` shows you everything that happened. A class counts only if its rehearsal fails\n"
      "once the defence is taken away: `ctest -R faults` takes each away and looks.\n"
      "\n"
      "| class | what goes wrong | what others do | what we do | defences | rehearsal |\n"
      "| --- | --- | --- | --- | --- | --- |\n";
  std::size_t passed = 0;
  std::map<std::string, bool> classes;
  for (const auto& [scenario, ok] : rehearsed) {
    std::string defences;
    for (const auto defence : scenario.defences) defences += (defences.empty() ? "" : ", ") + std::string(to_text(defence));
    out += fmt::format("| {} | {} | {} | {} | {} | `{}` {} |\n", scenario.number, scenario.title, scenario.others, scenario.answer, defences,
                       scenario.file.filename().string(), ok ? "holds" : "**fails**");
    passed += ok;
    auto& held = classes.try_emplace(scenario.number, true).first->second;
    held = held && ok;
  }
  std::size_t classes_held = 0;
  for (const auto& [number, held] : classes) classes_held += held;
  out += fmt::format("\n{} of {} rehearsals hold; {} of the 31 classes are covered and hold.\n", passed, rehearsed.size(), classes_held);
  return out;
}

}  // namespace robo::apps::rehearsal
