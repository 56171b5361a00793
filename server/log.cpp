#include "server/log.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <vector>

namespace framewright::server {
namespace {

/// So much of a method's name or of a message goes into a request's line.
constexpr std::size_t kMaximumWord = 300;

spdlog::level::level_enum level_of(int verbosity) {
    return verbosity <= 0 ? spdlog::level::warn : verbosity == 1 ? spdlog::level::info : spdlog::level::debug;
}

}  // namespace

std::shared_ptr<spdlog::logger> make_log(const LogOptions& options) {
    std::vector<spdlog::sink_ptr> sinks;
    sinks.push_back(std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
    sinks.back()->set_level(level_of(options.verbosity));
    if (options.file) {
        try {
            sinks.push_back(std::make_shared<spdlog::sinks::basic_file_sink_mt>(*options.file));
        } catch (const spdlog::spdlog_ex& error) {
            throw std::runtime_error("cannot write the log: " + std::string(error.what()));
        }
        sinks.back()->set_level(level_of(std::max(options.verbosity, 1)));
    }
    auto log = std::make_shared<spdlog::logger>("framewright", sinks.begin(), sinks.end());
    log->set_level(level_of(std::max(options.verbosity, options.file ? 1 : 0)));
    log->flush_on(spdlog::level::debug);
    log->set_pattern("%Y-%m-%d %H:%M:%S.%e %^%l%$ %v");
    return log;
}

void log_request(spdlog::logger& log, const RequestRecord& record) {
    const rpc::Outcome& outcome = record.outcome;
    const auto level = outcome.error_code == rpc::kUnknownError ? spdlog::level::err : spdlog::level::info;
    if (!log.should_log(level)) {
        return;
    }
    log.log(level, "client={} method={} request={} reply={} time_us={} outcome={}",
            record.client.empty() ? "-" : printable(record.client),
            outcome.method.empty() ? "-" : printable(outcome.method, kMaximumWord), record.request.size(),
            record.reply.size(), record.time.count(),
            outcome.error_code
                ? fmt::format("\"{} {}\"", *outcome.error_code, printable(outcome.error_message, kMaximumWord))
                : "ok");
    if (log.should_log(spdlog::level::debug)) {
        log.debug("request {}", printable(record.request));
        log.debug("reply {}", printable(record.reply));
    }
}

std::string printable(std::string_view text, std::size_t limit) {
    std::string out;
    out.reserve(std::min(text.size(), limit));
    for (const char character : text.substr(0, limit)) {
        if (character >= ' ' && character <= '~') {
            out += character;
        } else {
            fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(character));
        }
    }
    if (text.size() > limit) {
        out += "...";
    }
    return out;
}

}  // namespace framewright::server
