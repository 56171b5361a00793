#include "client_examples/tcp_in_user_space/retransmission_timer.hpp"

#include <algorithm>

namespace user_space_tcp {

void RetransmissionTimer::back_off(TimePoint now) noexcept {
    timeout_ = std::min(timeout_ * 2, kMaximumTimeout);
    start(now);
}

void RetransmissionTimer::measure(Clock::duration round_trip) noexcept {
    if (smoothed_) {
        variation_ = (variation_ * 3 + std::chrono::abs(*smoothed_ - round_trip)) / 4;
        smoothed_ = (*smoothed_ * 7 + round_trip) / 8;
    } else {
        variation_ = round_trip / 2;
        smoothed_ = round_trip;
    }
    timeout_ = std::clamp(*smoothed_ + variation_ * 4, kMinimumTimeout, kMaximumTimeout);
}

void RetransmissionTimer::wait_at_least(Clock::duration shortest) noexcept {
    timeout_ = std::max(timeout_, shortest);
}

}  // namespace user_space_tcp
