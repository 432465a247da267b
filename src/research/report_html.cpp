
#include "research/report.hpp"

namespace robo::research {

/// Made of src/research/page and third_party/uplot when the program is built.
namespace page {
extern const std::string_view html, css, js, uplot_js, uplot_css;
}

namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') out += "&amp;";
    else if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '"') out += "&quot;";
    else out.push_back(c);
  }
  return out;
}

/// JSON inside a script element: nothing in it may end the element.
std::string inside_script(const std::string& json) {
  std::string out;
  out.reserve(json.size());
  for (const char c : json) {
    if (c == '<') out += "\\u003c";
    else out.push_back(c);
  }
  return out;
}

}  // namespace

std::string to_html(const Report& report) {
  const auto part = [&](std::string_view name) -> std::string {
    if (name == "title") return escaped(report.title) + ", back-test report";
    if (name == "css") return std::string(page::css);
    if (name == "js") return std::string(page::js);
    if (name == "uplot_js") return std::string(page::uplot_js);
    if (name == "uplot_css") return std::string(page::uplot_css);
    if (name == "json") return inside_script(to_json(report));
    if (name == "text") return escaped(to_text(report, false));
    return {};
  };
  std::string out;
  std::string_view rest = page::html;
  for (;;) {
    const auto open = rest.find("{{");
    const auto close = open == rest.npos ? rest.npos : rest.find("}}", open);
    if (close == rest.npos) break;
    out += rest.substr(0, open);
    out += part(rest.substr(open + 2, close - open - 2));
    rest = rest.substr(close + 2);
  }
  out += rest;
  return out;
}

}  // namespace robo::research
