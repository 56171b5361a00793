#pragma once

#include <gtest/gtest.h>

#include <sys/types.h>
#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <zmq.hpp>

namespace framewright::tests {

/// So long may anything take that a test waits for.
inline constexpr std::chrono::milliseconds kPatience{30'000};

/// A program with its output in our hands; killed with its owner if it still runs.
class Process {
public:
    /// Starts the program. Throws std::system_error.
    Process(const std::string& program, const std::vector<std::string>& arguments);
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    pid_t id() const noexcept { return id_; }
    void send_signal(int signal) const;

    /// The next line of its standard output, without the line's end; none at the output's end or when patience ends.
    std::optional<std::string> read_line(std::chrono::milliseconds patience = kPatience);

    /// Waits for its end: its exit status, or minus the signal that ended it; none when patience ends.
    std::optional<int> wait(std::chrono::milliseconds patience = kPatience);

    /// What is left of its outputs; after wait().
    std::string rest_of_output();
    std::string error_output();

private:
    pid_t id_ = -1;
    int output_ = -1;
    int error_ = -1;
    std::string buffered_;
    std::optional<int> status_;
};

/// What a server says that ends at once.
struct Ended {
    std::optional<int> status;  ///< As Process::wait gives it.
    std::string output;
    std::string error;
};

/// Runs the server with arguments that end it at once.
Ended run_server(const std::vector<std::string>& arguments);

/// The server as its own process on a free port of the loopback interface.
class ServerProcess {
public:
    /// Starts it, with further arguments, and reads its start lines; fails the test if they do not come.
    explicit ServerProcess(std::vector<std::string> arguments = {});

    Process& process() noexcept { return process_; }
    std::uint16_t port() const noexcept { return port_; }
    std::string endpoint() const { return "tcp://127.0.0.1:" + std::to_string(port_); }
    const std::vector<std::string>& start_lines() const noexcept { return start_lines_; }

private:
    Process process_;
    std::vector<std::string> start_lines_;
    std::uint16_t port_ = 0;
};

/// A client as most are: one request, then its reply.
class Client {
public:
    explicit Client(const std::string& endpoint, zmq::socket_type type = zmq::socket_type::req,
                    std::chrono::milliseconds patience = kPatience);

    zmq::socket_t& socket() noexcept { return socket_; }

    /// Sends a message as it stands.
    void send(std::string_view text);

    /// The next message; none when patience ends.
    std::optional<std::string> receive();

    /// Sends a message as it stands and gives its reply; fails the test where none comes.
    std::string exchange(std::string_view text);

    /// Calls a method: the whole reply, parsed.
    nlohmann::json call(const std::string& method, nlohmann::json params = nlohmann::json::array());

private:
    zmq::context_t context_;
    zmq::socket_t socket_;
    int id_ = 0;
};

}  // namespace framewright::tests
