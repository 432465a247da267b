#include "apps/settings.hpp"

#include "edge/config/config_of.hpp"

ROBO_CONFIG(robo::apps::RunSettings);
