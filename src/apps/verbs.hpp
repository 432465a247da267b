#pragma once
// One function per verb; each returns the exit code: 0 done, 1 it did not work out, 2 the words or settings are wrong.

#include "apps/cli.hpp"

namespace robo::apps {

int run(const VersionOptions&);
int run(const BacktestOptions&);
int run(const ReplayOptions&);
int run(const JournalOptions&);

}  // namespace robo::apps
