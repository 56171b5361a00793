#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "client_examples/tcp_in_user_space/tcp_connection.hpp"

namespace user_space_tcp {

/// How long something took, time and again.
class Durations {
public:
    /// Of so many the median is known; beyond them only the worst.
    static constexpr std::size_t kMaximumSamples = 1'000'000;

    void add(std::chrono::nanoseconds duration);

    std::chrono::nanoseconds median() const;
    std::chrono::nanoseconds worst() const noexcept { return worst_; }

private:
    std::vector<std::chrono::nanoseconds> samples_;
    std::chrono::nanoseconds worst_{};
};

/// What happened while a page was fetched.
struct Statistics {
    TcpConnection::Counts connection;
    Durations acknowledged_after;  ///< From a segment's arrival at the interface until its acknowledgement was sent.
    std::uint64_t wrong_checksums = 0;
    std::uint64_t dropped_by_kernel = 0;
    std::size_t page_size = 0;
    std::chrono::nanoseconds duration{};  ///< From the SYN to the page's last octet.

    /// All numbers in one line of name=value pairs.
    std::string summary() const;
};

}  // namespace user_space_tcp
