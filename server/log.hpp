#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "rpc/json_rpc.hpp"

namespace spdlog {
class logger;
}

namespace framewright::server {

/// So much of a request or a reply is written to the log, in bytes.
inline constexpr std::size_t kMaximumLoggedText = 64U << 10U;

struct LogOptions {
    int verbosity = 0;  ///< On the console 0: warnings and errors; 1: requests as well; 2: their texts too.
    std::optional<std::string> file;  ///< Also written to, with the requests at any verbosity.
};

/// A log to stderr, and to a file where one is named. Throws std::runtime_error for a file that cannot be written.
std::shared_ptr<spdlog::logger> make_log(const LogOptions& options);

struct RequestRecord {
    std::string_view client;  ///< Its address.
    std::string_view request;
    std::string_view reply;
    const rpc::Outcome& outcome;
    std::chrono::microseconds time;  ///< From the request to the reply, without their transport.
};

/// Writes one line for a request, and its texts at the debug level. A bug of ours is an error, all else information.
void log_request(spdlog::logger& log, const RequestRecord& record);

/// The text as one line of printable ASCII: everything else is escaped; cut at the limit in bytes.
std::string printable(std::string_view text, std::size_t limit = kMaximumLoggedText);

}  // namespace framewright::server
