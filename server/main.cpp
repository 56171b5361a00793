#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <csignal>
#include <exception>
#include <iostream>
#include <optional>
#include <span>

#include "rpc/service.hpp"
#include "server/address.hpp"
#include "server/command_line.hpp"
#include "server/definition_check.hpp"
#include "server/descriptors.hpp"
#include "server/health_check.hpp"
#include "server/log.hpp"
#include "server/server.hpp"

namespace framewright::server {
namespace {

constexpr std::chrono::seconds kHealthCheckPatience{3};

/// Every connection takes a descriptor, and the usual limit is made for programs with few.
void allow_many_connections() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/// Whether there is anything to read again. If not, SIGHUP ends the server, as is usual.
bool has_files(const rpc::ServiceOptions& options) {
    return !options.protocol_directories.empty() || !options.template_directories.empty();
}

void reload(rpc::Service& service, spdlog::logger& log) {
    try {
        const rpc::Reloaded reloaded = service.reload();
        log.info("read the files again: {} protocols, {}", reloaded.protocols,
                 reloaded.changed ? "changed" : "not changed");
    } catch (const std::exception& error) {
        log.error("the protocols stay as they were: {}", error.what());
    }
}

void serve(const CommandLine& line) {
    SignalDescriptor termination{SIGINT, SIGTERM};
    std::optional<SignalDescriptor> hangup;
    if (has_files(line.service)) {
        hangup.emplace(std::initializer_list<int>{SIGHUP});
    }
    std::signal(SIGPIPE, SIG_IGN);
    allow_many_connections();

    const auto log = make_log(line.log);
    rpc::Service service(line.service);
    Server server(
        line.server,
        [&service](std::string_view request, rpc::Outcome& outcome) { return service.handle(request, &outcome); }, log);

    std::cout << "***Scapy Server Started***\n"
              << "Listening on port: " << server.port() << '\n'
              << "Server IP address: " << reachable_address(line.server.address) << std::endl;
    if (is_every_interface(line.server.address)) {
        log->warn("open to every machine that reaches this one: --listen limits it to an address");
    }
    std::optional<SignalWatch> watch;
    if (hangup) {
        watch.emplace(*hangup, [&service, &log] { reload(service, *log); });
    }
    server.run(termination.get(), [&termination](EndReason reason) {
        termination.restore();
        if (reason == EndReason::kShutDown) {
            std::cout << "Server: Shut down by remote user" << std::endl;
        }
    });
}

int run(std::span<const char* const> arguments) {
    const auto parsed = parse_command_line(arguments);
    if (const auto* exit = std::get_if<CommandLineExit>(&parsed)) {
        (exit->status == 0 ? std::cout : std::cerr) << exit->text;
        return exit->status;
    }
    const auto& line = std::get<CommandLine>(parsed);
    if (line.health_check) {
        return is_healthy(local_endpoint(line.server.address, line.server.port), kHealthCheckPatience) ? 0 : 1;
    }
    if (!line.check.empty()) {
        return check_definitions(line.check, line.service.protocol_directories, std::cout, std::cerr) ? 0 : 1;
    }
    serve(line);
    return 0;
}

}  // namespace
}  // namespace framewright::server

int main(int argc, char** argv) {
    try {
        return framewright::server::run({argv, static_cast<std::size_t>(argc)});
    } catch (const std::exception& error) {
        std::cerr << "framewright-server: " << error.what() << '\n';
        return 1;
    }
}
