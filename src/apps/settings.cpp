#include "apps/settings.hpp"

#include <filesystem>
#include <fmt/core.h>
#include <sstream>

#include "apps/home.hpp"
#include "edge/config/config_of.hpp"

ROBO_CONFIG(robo::apps::RunSettings);

namespace robo::apps {

namespace {

LoadedSettings with_own_files(LoadedSettings loaded) {
  loaded.settings.data.folder = find_own(loaded.settings.data.folder);
  return loaded;
}

}  // namespace

LoadedSettings load_settings(const std::string& wanted, const std::vector<Override>& overrides) {
  const std::string file = find_own(wanted);
  if (std::error_code error; !std::filesystem::exists(file, error))
    throw config::ConfigError({{fmt::format("{}: does not exist; {}", file, where_looked())}});
  auto text = config::text_of(file);
  if (!text) throw config::ConfigError({text.error()});
  auto as_written = config::read<RunSettings>(*text, file);  // errors name the lines of the file itself
  if (!as_written) throw config::ConfigError(std::move(as_written.error()));
  if (overrides.empty()) return with_own_files({std::move(*as_written), std::move(*text)});
  toml::table table = toml::parse(*text);
  for (const auto& [key, value] : overrides) {
    toml::table* at = &table;
    std::string_view rest = key;
    for (auto dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
      const auto name = rest.substr(0, dot);
      if (!at->contains(name)) at->insert(name, toml::table{});
      at = at->get(name)->as_table();
      rest = rest.substr(dot + 1);
    }
    std::visit([&](const auto& plain) { at->insert_or_assign(rest, plain); }, value);
  }
  std::ostringstream out;
  out << table;
  auto settings = config::read<RunSettings>(out.str(), file + " with the command line's changes");
  if (!settings) throw config::ConfigError(std::move(settings.error()));
  return with_own_files({std::move(*settings), out.str()});
}

}  // namespace robo::apps
