// Fetches a page over HTTP with a TCP of its own: see README.md beside this file.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <exception>
#include <fstream>
#include <iostream>
#include <random>
#include <stdexcept>
#include <string>

#include "client_examples/tcp_in_user_space/page_fetcher.hpp"

namespace {

using namespace user_space_tcp;

struct CommandLine {
    FetchSettings fetch;
    std::string server = "tcp://127.0.0.1:4507";
    std::string url;
    std::string output;
    bool ignore_checksums = false;
    double timeout_seconds = 30;
};

/// An initial sequence number that nobody can guess.
SequenceNumber random_sequence() {
    return SequenceNumber(std::random_device{}());
}

void write_page(const std::string& page, const std::string& path) {
    std::ofstream file;
    if (!path.empty()) {
        file.open(path, std::ios::binary);
    }
    std::ostream& out = path.empty() ? std::cout : file;
    if (!out.write(page.data(), static_cast<std::streamsize>(page.size())).flush()) {
        throw std::runtime_error("cannot write the page to " + (path.empty() ? "the standard output" : path));
    }
}

void run(CommandLine& command_line) {
    FetchSettings& settings = command_line.fetch;
    settings.url = Url::parse(command_line.url);
    settings.patience = std::chrono::milliseconds(static_cast<std::int64_t>(command_line.timeout_seconds * 1000));
    settings.connection.initial_sequence = random_sequence();
    PacketClient packets(command_line.server, command_line.ignore_checksums ? PacketClient::Checksums::kIgnore
                                                                            : PacketClient::Checksums::kVerify);
    PageFetcher fetcher(settings, packets);
    const HttpResponse response = fetcher.fetch();
    std::cerr << fetcher.statistics().summary() << '\n';
    if (response.status() < 200 || response.status() > 299) {
        throw std::runtime_error(command_line.url + ": the server answers " + std::to_string(response.status()) + ' ' +
                                 response.reason());
    }
    write_page(response.body(), command_line.output);
}

}  // namespace

int main(int argc, char** argv) {
    CommandLine command_line;
    FetchSettings& fetch = command_line.fetch;
    CLI::App app("Fetches a page over HTTP with a TCP of its own, whose packets Framewright builds and dissects.");
    app.option_defaults()->always_capture_default();
    app.add_option("-i,--interface", fetch.interface, "Ethernet interface to send and capture on")->required();
    app.add_option("-a,--address", fetch.address, "IPv4 address to use, which no host has")->required();
    app.add_option("-g,--gateway", fetch.gateway, "IPv4 address of the router, where the server is behind one");
    app.add_option("-s,--server", command_line.server, "Framewright's address");
    app.add_option("-o,--output", command_line.output, "file for the page (default: standard output)");
    app.add_option("--max-page", fetch.maximum_page, "largest page in bytes");
    app.add_option("--window", fetch.connection.window, "receive window in bytes")
        ->check(CLI::Range(std::uint32_t{1460}, TcpConnection::kMaximumWindow));
    app.add_option("--timeout", command_line.timeout_seconds, "seconds without progress after which to give up")
        ->check(CLI::Range(0.1, 3600.0));
    app.add_flag("--ignore-checksums", command_line.ignore_checksums,
                 "take segments with unfinished checksums (a virtual interface with checksum offload)");
    app.add_option("url", command_line.url, "http://IPV4_ADDRESS[:PORT][/PATH]")->required();
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    try {
        run(command_line);
    } catch (const std::exception& error) {
        std::cerr << "fetch_page: " << error.what() << '\n';
        return 1;
    }
    return 0;
}
