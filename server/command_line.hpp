#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "rpc/service.hpp"
#include "server/log.hpp"
#include "server/server.hpp"

namespace framewright::server {

/// Where -l writes to when it names no file.
inline constexpr const char* kDefaultLogFile = "framewright-server.log";

inline constexpr std::size_t kSmallestMaximumMessage = 1024;
inline constexpr std::size_t kLargestMaximumMessage = 1U << 30U;

/// What the command line asks for.
struct CommandLine {
    ServerOptions server;
    LogOptions log;
    rpc::ServiceOptions service;
    std::vector<std::filesystem::path> check;  ///< Definition files to check, instead of being a server.
    bool health_check = false;                 ///< Ask a running server instead of being one.
};

/// The command line asks for nothing but a text (help, version), or is wrong.
struct CommandLineExit {
    int status = 0;    ///< 0, or 2 for what is wrong.
    std::string text;  ///< For stdout with status 0, else one line for stderr.
};

/// Reads the arguments; the first is the program's name.
std::variant<CommandLine, CommandLineExit> parse_command_line(std::span<const char* const> arguments);

}  // namespace framewright::server
