#pragma once

#include <chrono>
#include <string>

namespace framewright::server {

/// Whether the server at the ZeroMQ endpoint answers get_version in time.
bool is_healthy(const std::string& endpoint, std::chrono::milliseconds patience);

}  // namespace framewright::server
