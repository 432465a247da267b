#pragma once
// One function per verb; each returns the exit code: 0 done, 1 it did not work out, 2 the words or settings are wrong.

#include "apps/cli.hpp"

namespace robo::apps {

int run(const VersionOptions&);
int run(const DemoOptions&);
int run(const TradeOptions&);
int run(const BacktestOptions&);
int run(const ReplayOptions&);
int run(const GatewaySimOptions&);
int run(const ConformanceOptions&);
int run(const ImportOptions&);
int run(const JournalOptions&);
int run(const FlattenOptions&);
int run(const DoctorOptions&);
int run(const StoresOptions&);
int run(const FeaturesOptions&);
int run(const DataOptions&);
int run(const RegimesOptions&);
int run(const RehearseOptions&);

}  // namespace robo::apps
