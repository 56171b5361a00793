#include "tests/benchmarks/server_process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <csignal>
#include <stdexcept>

namespace framewright::benchmarks {

ServerProcess::ServerProcess() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error("no pipe");
    }
    output_ = ends[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    std::array<std::string, 5> words{FRAMEWRIGHT_SERVER_PATH, "--listen", "127.0.0.1", "--port", "0"};
    std::array<char*, 6> arguments{words[0].data(), words[1].data(), words[2].data(),
                                   words[3].data(), words[4].data(), nullptr};
    const int error = posix_spawn(&id_, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (error != 0) {
        close(output_);
        throw std::runtime_error("the server cannot be started");
    }
    // The start lines: the second ends with the port.
    const std::string label = "Listening on port: ";
    std::string lines;
    std::array<char, 256> buffer{};
    while (port_ == 0) {
        const ssize_t count = read(output_, buffer.data(), buffer.size());
        if (count <= 0) {
            close(output_);
            throw std::runtime_error("the server did not start");
        }
        lines.append(buffer.data(), static_cast<std::size_t>(count));
        const std::size_t found = lines.find(label);
        if (found != std::string::npos && lines.find('\n', found) != std::string::npos) {
            std::from_chars(lines.data() + found + label.size(), lines.data() + lines.size(), port_);
        }
    }
}

ServerProcess::~ServerProcess() {
    kill(id_, SIGTERM);
    waitpid(id_, nullptr, 0);
    close(output_);
}

}  // namespace framewright::benchmarks
