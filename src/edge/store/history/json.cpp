#include "edge/store/history/catalogue.hpp"
#include "edge/store/history/check.hpp"
#include "edge/store/history/state.hpp"
#include "model/json/json_of.hpp"

ROBO_JSON(robo::store::history::Catalogue);
ROBO_JSON(robo::store::history::CheckReport);
ROBO_JSON(robo::store::history::DayState);
