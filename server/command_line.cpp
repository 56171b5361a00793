#include "server/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <sstream>

#include "server/address.hpp"

namespace framewright::server {
namespace {

constexpr int kUsageStatus = 2;

std::string check_address(const std::string& address) {
    return is_listen_address(address) ? "" : address + " is no IPv4 or IPv6 address, localhost or *";
}

/// The message of a wrong command line, on one line.
std::string one_line(std::string message) {
    for (char& character : message) {
        character = character == '\n' ? ' ' : character;
    }
    return "framewright-server: " + message + " (--help lists the options)\n";
}

}  // namespace

std::variant<CommandLine, CommandLineExit> parse_command_line(std::span<const char* const> arguments) {
    CommandLine line;
    std::vector<std::string> protocols;
    std::vector<std::string> templates;
    std::vector<std::string> check;
    std::string log_file;

    CLI::App app(
        "Builds, dissects and edits network packets for clients of the Scapy RPC server: JSON-RPC 2.0 over ZeroMQ.",
        "framewright-server");
    app.set_version_flag("--version", std::string("framewright-server " FRAMEWRIGHT_VERSION));
    app.add_option("-p,-s,--scapy-port,--port", line.server.port,
                   fmt::format("Port to listen on, 0 for any free one (default {})", line.server.port))
        ->check(CLI::Range(0U, 65535U))
        ->option_text("PORT");
    app.add_option(
           "--listen", line.server.address,
           fmt::format("Address to listen on: IPv4, IPv6, localhost, or * for all (default {})", line.server.address))
        ->check(check_address, "", "")
        ->option_text("ADDRESS");
    app.add_option("--workers", line.server.workers,
                   fmt::format("Requests that are answered at the same time (default {}, of the hardware's threads)",
                               line.server.workers))
        ->check(CLI::Range(1U, kMaximumWorkers))
        ->option_text("N");
    app.add_option(
           "--max-message", line.server.maximum_message,
           fmt::format("Bytes of the largest request that is accepted (default {})", line.server.maximum_message))
        ->check(CLI::Range(kSmallestMaximumMessage, kLargestMaximumMessage))
        ->option_text("BYTES");
    app.add_option("--protocols", protocols,
                   "Directory of further protocols, in definition files *.json; may be given again")
        ->check(CLI::ExistingDirectory)
        ->allow_extra_args(false)
        ->option_text("DIR");
    app.add_option("--templates", templates, "Directory of further packet templates; may be given again")
        ->check(CLI::ExistingDirectory)
        ->allow_extra_args(false)
        ->option_text("DIR");
    app.add_flag("-v,--verbose", line.log.verbosity, "Log each request to the console; -vv its text too");
    auto* log =
        app.add_option("-l,--log", log_file, fmt::format("Log each request to FILE (default {})", kDefaultLogFile))
            ->expected(0, 1)
            ->option_text("[FILE]");
    app.add_option(
           "--check", check,
           "Check definition files, which may use each other's names and those of --protocols; exit with 0 or 1")
        ->option_text("FILE...");
    app.add_flag("--health-check", line.health_check,
                 "Ask the server on this port whether it answers, and exit with 0 or 1");

    try {
        app.parse(static_cast<int>(arguments.size()), arguments.data());
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() != 0) {
            return CommandLineExit{kUsageStatus, one_line(error.what())};
        }
        std::ostringstream text;
        app.exit(error, text, text);
        return CommandLineExit{0, text.str()};
    }
    if (log->count() > 0) {
        line.log.file = log_file.empty() ? kDefaultLogFile : log_file;
    }
    line.service.protocol_directories.assign(protocols.begin(), protocols.end());
    line.service.template_directories.assign(templates.begin(), templates.end());
    line.check.assign(check.begin(), check.end());
    return line;
}

}  // namespace framewright::server
