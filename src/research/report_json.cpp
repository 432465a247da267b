#include <fmt/format.h>

#include <fstream>
#include <system_error>

#include "model/json/json.hpp"
#include "model/json/json_of.hpp"
#include "research/report.hpp"

ROBO_JSON(robo::research::Report);

namespace robo::research {

std::string to_json(const Report& report) { return json::to_json(report); }

namespace {
Result<bool, Problem> write_whole(const std::filesystem::path& path, const std::string& text) {
  const auto unfinished = path.string() + ".part";
  std::ofstream file(unfinished, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(unfinished, path, error);
  if (!file || error) return fail(Problem{fmt::format("{}: cannot be written; is the folder there and the disk not full?", path.string())});
  return true;
}
}  // namespace

Result<bool, Problem> write_report(const Report& report, const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail(Problem{fmt::format("{}: the folder cannot be made: {}", folder.string(), error.message())});
  if (auto text = write_whole(folder / "report.txt", to_text(report, false)); !text) return text;
  if (auto json = write_whole(folder / "report.json", to_json(report) + "\n"); !json) return json;
  return write_whole(folder / "report.html", to_html(report));
}

}  // namespace robo::research
