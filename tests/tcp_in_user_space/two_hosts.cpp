#include "tests/tcp_in_user_space/two_hosts.hpp"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <system_error>

namespace user_space_tcp {
namespace {

namespace fs = std::filesystem;
using framewright::tests::Process;
using framewright::tests::run_script;
using framewright::tests::ScriptResult;

constexpr const char* kIp = "/usr/sbin/ip";
constexpr std::string_view kPrefix = "framewright-tcp-";

ScriptResult run_as_root(const std::string& command) {
    return run_script("PATH=$PATH:/usr/sbin:/sbin; " + command, "/");
}

ScriptResult two_hosts(const std::string& arguments) {
    return run_as_root(FRAMEWRIGHT_SOURCE_DIRECTORY "/client_examples/tcp_in_user_space/two_hosts.sh " + arguments);
}

std::string own_name() {
    static int count = 0;
    return std::string(kPrefix) + std::to_string(getpid()) + "-" + std::to_string(++count);
}

/// Removes the namespaces of processes that are no more.
void remove_forgotten() {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/run/netns", ignored)) {
        const std::string name = entry.path().filename();
        if (name.starts_with(kPrefix)) {
            const int process = static_cast<int>(std::strtol(name.c_str() + kPrefix.size(), nullptr, 10));
            if (process > 0 && kill(process, 0) != 0 && errno == ESRCH) {
                run_as_root("ip netns delete " + name);
            }
        }
    }
}

}  // namespace

std::optional<std::string> TwoHosts::obstacle() {
    const std::string name = own_name();
    const ScriptResult tried =
        run_as_root("ip netns add " + name + "; ip netns exec " + name + " true; ip netns delete " + name);
    if (tried.status == 0) {
        return {};
    }
    return "network namespaces cannot be made here (as root, with iproute2?): " + tried.error;
}

TwoHosts::TwoHosts(int loss) : name_(own_name()) {
    remove_forgotten();
    const ScriptResult up = two_hosts("up " + name_ + " " + std::to_string(loss));
    if (up.status != 0) {
        two_hosts("down " + name_);
        throw std::runtime_error("two_hosts.sh: " + up.error);
    }
    loss_by_ = up.output.substr(0, up.output.find('\n'));
    framewright_ = std::make_unique<Process>(
        kIp,
        std::vector<std::string>{"netns", "exec", name_ + "-client", FRAMEWRIGHT_SERVER_PATH, "--listen", "127.0.0.1"});
    framewright_->read_line();
}

TwoHosts::~TwoHosts() {
    framewright_.reset();
    two_hosts("down " + name_);
}

ScriptResult TwoHosts::on_client(const std::string& command) const {
    return run("client", command);
}

ScriptResult TwoHosts::on_server(const std::string& command) const {
    return run("server", command);
}

std::unique_ptr<Process> TwoHosts::start_python(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"netns", "exec", name_ + "-server", "/usr/bin/python3", "-u"});
    auto process = std::make_unique<Process>(kIp, arguments);
    if (!process->read_line()) {
        process->wait();
        throw std::runtime_error("python3: " + process->error_output());
    }
    return process;
}

std::uint64_t TwoHosts::server_count(const std::string& name) const {
    // Two lines: Tcp: NAME NAME …, Tcp: NUMBER NUMBER …
    const ScriptResult lines = on_server("grep ^Tcp: /proc/net/snmp");
    std::istringstream names(lines.output.substr(0, lines.output.find('\n')));
    std::istringstream numbers(lines.output.substr(lines.output.find('\n') + 1));
    for (std::string each, number; names >> each && numbers >> number;) {
        if (each == name) {
            return std::stoull(number);
        }
    }
    throw std::runtime_error("/proc/net/snmp has no " + name);
}

ScriptResult TwoHosts::run(const std::string& host, const std::string& command) const {
    return run_script("exec " + std::string(kIp) + " netns exec " + name_ + "-" + host + " " + command,
                      directory_.path());
}

}  // namespace user_space_tcp
