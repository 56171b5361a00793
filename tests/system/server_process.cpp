#include "tests/system/server_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <thread>
#include <utility>

namespace framewright::tests {
namespace {

using Clock = std::chrono::steady_clock;

std::array<int, 2> make_pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::system_error(errno, std::generic_category(), "pipe2");
    }
    return ends;
}

std::string read_all(int descriptor) {
    std::string text;
    std::array<char, 4096> buffer{};
    for (ssize_t count = 0; (count = read(descriptor, buffer.data(), buffer.size())) > 0;) {
        text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return text;
}

}  // namespace

Process::Process(const std::string& program, const std::vector<std::string>& arguments) {
    const auto output = make_pipe();
    const auto error = make_pipe();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, error[1], STDERR_FILENO);
    std::vector<char*> argv{const_cast<char*>(program.c_str())};
    for (const std::string& argument : arguments) {
        argv.push_back(const_cast<char*>(argument.c_str()));
    }
    argv.push_back(nullptr);
    const int result = posix_spawn(&id_, program.c_str(), &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(output[1]);
    close(error[1]);
    output_ = output[0];
    error_ = error[0];
    if (result != 0) {
        throw std::system_error(result, std::generic_category(), program);
    }
}

Process::~Process() {
    if (!status_ && id_ > 0) {
        kill(id_, SIGKILL);
        waitpid(id_, nullptr, 0);
    }
    close(output_);
    close(error_);
}

void Process::send_signal(int signal) const {
    kill(id_, signal);
}

std::optional<std::string> Process::read_line(std::chrono::milliseconds patience) {
    const auto deadline = Clock::now() + patience;
    for (;;) {
        if (const auto end = buffered_.find('\n'); end != std::string::npos) {
            std::string line = buffered_.substr(0, end);
            buffered_.erase(0, end + 1);
            return line;
        }
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        pollfd event{output_, POLLIN, 0};
        std::array<char, 4096> buffer{};
        if (left.count() <= 0 || poll(&event, 1, static_cast<int>(left.count())) <= 0) {
            return {};
        }
        const ssize_t count = read(output_, buffer.data(), buffer.size());
        if (count <= 0) {
            return {};
        }
        buffered_.append(buffer.data(), static_cast<std::size_t>(count));
    }
}

std::optional<int> Process::wait(std::chrono::milliseconds patience) {
    const auto deadline = Clock::now() + patience;
    while (!status_) {
        int status = 0;
        if (waitpid(id_, &status, WNOHANG) == id_) {
            status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
        } else if (Clock::now() > deadline) {
            return {};
        } else {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }
    return status_;
}

std::string Process::rest_of_output() {
    return std::exchange(buffered_, {}) + read_all(output_);
}

std::string Process::error_output() {
    return read_all(error_);
}

Ended run_server(const std::vector<std::string>& arguments) {
    Process process(FRAMEWRIGHT_SERVER_PATH, arguments);
    Ended ended;
    ended.status = process.wait();
    ended.output = process.rest_of_output();
    ended.error = process.error_output();
    return ended;
}

ServerProcess::ServerProcess(std::vector<std::string> arguments)
    : process_(FRAMEWRIGHT_SERVER_PATH, [&arguments] {
          arguments.insert(arguments.begin(), {"--listen", "127.0.0.1", "--port", "0"});
          return arguments;
      }()) {
    constexpr std::string_view kPortLine = "Listening on port: ";
    for (int i = 0; i < 3; ++i) {
        const auto line = process_.read_line();
        if (!line) {
            ADD_FAILURE() << "the server did not start: " << process_.wait().value_or(-1) << process_.error_output();
            return;
        }
        start_lines_.push_back(*line);
        if (line->starts_with(kPortLine)) {
            port_ = static_cast<std::uint16_t>(std::stoi(line->substr(kPortLine.size())));
        }
    }
}

Client::Client(const std::string& endpoint, zmq::socket_type type, std::chrono::milliseconds patience)
    : socket_(context_, type) {
    socket_.set(zmq::sockopt::linger, 0);
    socket_.set(zmq::sockopt::ipv6, 1);
    socket_.set(zmq::sockopt::rcvtimeo, static_cast<int>(patience.count()));
    socket_.connect(endpoint);
}

void Client::send(std::string_view text) {
    socket_.send(zmq::buffer(text));
}

std::optional<std::string> Client::receive() {
    zmq::message_t message;
    if (!socket_.recv(message)) {
        return {};
    }
    return message.to_string();
}

std::string Client::exchange(std::string_view text) {
    send(text);
    auto reply = receive();
    EXPECT_TRUE(reply) << "no reply to " << text.substr(0, 200);
    return reply.value_or("");
}

nlohmann::json Client::call(const std::string& method, nlohmann::json params) {
    const nlohmann::json request{
        {"jsonrpc", "2.0"}, {"id", std::to_string(++id_)}, {"method", method}, {"params", std::move(params)}};
    return nlohmann::json::parse(exchange(request.dump()), nullptr, false);
}

}  // namespace framewright::tests
