#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace framewright::benchmarks {

/// The server as a process of its own, on a free port of the loopback interface; ended with its owner.
class ServerProcess {
public:
    /// Starts it and waits until it listens. Throws std::runtime_error.
    ServerProcess();
    ~ServerProcess();
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;

    std::string endpoint() const { return "tcp://127.0.0.1:" + std::to_string(port_); }

private:
    pid_t id_ = -1;
    int output_ = -1;
    std::uint16_t port_ = 0;
};

}  // namespace framewright::benchmarks
