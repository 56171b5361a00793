#pragma once

#include <optional>

#include "client_examples/tcp_in_user_space/clock.hpp"

namespace user_space_tcp {

/// When what was sent and not acknowledged is to be sent again (RFC 6298).
class RetransmissionTimer {
public:
    static constexpr Clock::duration kInitialTimeout = std::chrono::seconds(1);
    static constexpr Clock::duration kMinimumTimeout = std::chrono::seconds(1);
    static constexpr Clock::duration kMaximumTimeout = std::chrono::seconds(60);

    /// What the timer waits for: from the measured round trips, doubled by each expiry.
    Clock::duration timeout() const noexcept { return timeout_; }
    std::optional<TimePoint> deadline() const noexcept { return deadline_; }
    bool is_due(TimePoint now) const noexcept { return deadline_ && now >= *deadline_; }

    void start(TimePoint now) noexcept { deadline_ = now + timeout_; }
    void stop() noexcept { deadline_.reset(); }

    /// Doubles the timeout and starts anew: the timer has expired.
    void back_off(TimePoint now) noexcept;

    /// Takes the measured time of one round trip of something that was sent once (Karn's algorithm).
    void measure(Clock::duration round_trip) noexcept;

    /// No shorter timeout than this until a round trip is measured: RFC 6298, paragraph 5.7.
    void wait_at_least(Clock::duration shortest) noexcept;

private:
    std::optional<Clock::duration> smoothed_;
    Clock::duration variation_{};
    Clock::duration timeout_ = kInitialTimeout;
    std::optional<TimePoint> deadline_;
};

}  // namespace user_space_tcp
