#include "client_examples/tcp_in_user_space/statistics.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace user_space_tcp {

void Durations::add(std::chrono::nanoseconds duration) {
    worst_ = std::max(worst_, duration);
    if (samples_.size() < kMaximumSamples) {
        samples_.push_back(duration);
    }
}

std::chrono::nanoseconds Durations::median() const {
    if (samples_.empty()) {
        return {};
    }
    std::vector<std::chrono::nanoseconds> samples = samples_;
    const auto middle = samples.begin() + static_cast<std::ptrdiff_t>(samples.size() / 2);
    std::nth_element(samples.begin(), middle, samples.end());
    return *middle;
}

std::string Statistics::summary() const {
    const auto microseconds = [](std::chrono::nanoseconds time) { return time.count() / 1000; };
    const double seconds = std::chrono::duration<double>(duration).count();
    const double megabits = seconds > 0 ? static_cast<double>(page_size) * 8 / 1e6 / seconds : 0;
    return fmt::format(
        "bytes={} seconds={:.3f} throughput_mbit_s={:.1f} segments_received={} acknowledgements_sent={} "
        "retransmissions={} duplicates_received={} out_of_order_received={} wrong_checksums={} dropped_by_kernel={} "
        "acknowledged_after_median_us={} acknowledged_after_worst_us={}",
        page_size, seconds, megabits, connection.segments_received, connection.acknowledgements_sent,
        connection.retransmissions, connection.duplicates, connection.out_of_order, wrong_checksums, dropped_by_kernel,
        microseconds(acknowledged_after.median()), microseconds(acknowledged_after.worst()));
}

}  // namespace user_space_tcp
