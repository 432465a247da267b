#include "model/json/json.hpp"
#include "model/json/json_of.hpp"
#include "research/report.hpp"

ROBO_JSON(robo::research::Report);

namespace robo::research {

std::string to_json(const Report& report) { return json::to_json(report); }

}  // namespace robo::research
