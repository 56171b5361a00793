#pragma once

#include <chrono>

namespace user_space_tcp {

/// The clock of timers. Who uses one is told the time, so that tests decide what time it is.
using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;

}  // namespace user_space_tcp
