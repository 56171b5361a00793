// The server as users start it: a process of its own, over real sockets.
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <sstream>
#include <thread>

#include "rpc/json_rpc.hpp"
#include "server/command_line.hpp"
#include "server/server.hpp"
#include "tests/scratch_directory.hpp"
#include "tests/system/server_process.hpp"

namespace framewright::tests {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
namespace fs = std::filesystem;

constexpr const char* kGetVersion = R"({"jsonrpc":"2.0","id":1,"method":"get_version","params":[]})";

std::string content_of(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

TEST(ServerProcess, StartLinesAndFirstAnswer) {
    ServerProcess server;
    ASSERT_EQ(server.start_lines().size(), 3U);
    EXPECT_EQ(server.start_lines()[0], "***Scapy Server Started***");
    EXPECT_EQ(server.start_lines()[1], "Listening on port: " + std::to_string(server.port()));
    EXPECT_EQ(server.start_lines()[2], "Server IP address: 127.0.0.1");
    const auto reply = Client(server.endpoint()).call("get_version");
    EXPECT_EQ(reply["jsonrpc"], "2.0");
    EXPECT_EQ(reply["id"], "1");
    EXPECT_EQ(reply["result"]["version"], "1.02");
    EXPECT_FALSE(reply.contains("error"));
}

TEST(ServerProcess, BatchAndNotification) {
    ServerProcess server;
    Client client(server.endpoint());
    EXPECT_EQ(client.exchange(R"({"jsonrpc":"2.0","method":"get_version"})"), "");
    const auto replies = json::parse(client.exchange("[" + std::string(kGetVersion) +
                                                     R"(,{"jsonrpc":"2.0","method":"x"},)"
                                                     R"({"jsonrpc":"2.0","id":"b","method":"x"}])"));
    ASSERT_EQ(replies.size(), 2U);
    EXPECT_EQ(replies[0]["id"], 1);
    EXPECT_EQ(replies[1]["id"], "b");
    EXPECT_EQ(replies[1]["error"]["message"], "Method not found");
    EXPECT_EQ(client.exchange(R"([{"jsonrpc":"2.0","method":"get_version"}])"), "");
}

TEST(ServerProcess, EndsOnSignals) {
    for (const int signal : {SIGINT, SIGTERM}) {
        ServerProcess server;
        EXPECT_TRUE(Client(server.endpoint()).call("get_version").contains("result"));
        server.process().send_signal(signal);
        EXPECT_EQ(server.process().wait(), 0) << signal;
        EXPECT_EQ(server.process().error_output(), "");
    }
}

TEST(ServerProcess, EndsOnSignalsBeforeAnyRequest) {
    for (const int signal : {SIGINT, SIGTERM}) {
        ServerProcess server;
        server.process().send_signal(signal);
        EXPECT_EQ(server.process().wait(), 0) << signal;
    }
}

TEST(ServerProcess, ShutDownIsAnsweredAndEnds) {
    ServerProcess server;
    const auto reply = Client(server.endpoint()).call("shut_down");
    EXPECT_TRUE(reply["result"].is_string()) << reply;
    EXPECT_EQ(server.process().wait(), 0);
    EXPECT_EQ(server.process().rest_of_output(), "Server: Shut down by remote user\n");
}

TEST(ServerProcess, SignalUnderLoadLosesNoReply) {
    ServerProcess server;
    constexpr int kClients = 8;
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < kClients; ++i) {
        clients.push_back(std::make_unique<Client>(server.endpoint()));
        EXPECT_TRUE(clients.back()->call("get_version").contains("result"));
    }
    // Each of these takes a while: a request that is nearly too large.
    const std::string large =
        R"({"jsonrpc":"2.0","id":1,"method":"supported_methods","params":[")" + std::string(2U << 20U, 'x') + R"("]})";
    for (auto& client : clients) {
        client->send(large);
    }
    std::this_thread::sleep_for(300ms);  // All have arrived; some may be answered.
    server.process().send_signal(SIGTERM);
    for (auto& client : clients) {
        EXPECT_TRUE(client->receive());
    }
    EXPECT_EQ(server.process().wait(), 0);
}

TEST(ServerProcess, LargeRequestHoldsUpNobodyElse) {
    ServerProcess server({"--max-message", std::to_string(64U << 20U)});
    Client waiting(server.endpoint());
    Client quick(server.endpoint());
    EXPECT_TRUE(quick.call("get_version").contains("result"));
    std::atomic<bool> is_answered = false;
    int meanwhile = 0;
    waiting.send(R"({"jsonrpc":"2.0","id":1,"method":"supported_methods","params":[")" + std::string(60U << 20U, 'x') +
                 R"("]})");
    auto reply = std::async(std::launch::async, [&] {
        auto text = waiting.receive();
        is_answered = true;
        return text;
    });
    for (; !is_answered; ++meanwhile) {
        const auto begin = std::chrono::steady_clock::now();
        ASSERT_TRUE(quick.call("get_version").contains("result"));
        ASSERT_LT(std::chrono::steady_clock::now() - begin, 5s);
    }
    EXPECT_TRUE(reply.get());
    EXPECT_GT(meanwhile, 10);
}

TEST(ServerProcess, OversizedMessageDoesNotEndIt) {
    ServerProcess server({"--max-message", "2048"});
    Client bad(server.endpoint(), zmq::socket_type::req, 300ms);
    bad.send(std::string(4096, ' '));
    EXPECT_FALSE(bad.receive());
    EXPECT_TRUE(Client(server.endpoint()).call("get_version").contains("result"));
}

TEST(ServerProcess, WhatIsNoZeroMqDoesNotEndIt) {
    ServerProcess server;
    Process shell("/bin/bash", {"-c", "for i in 1 2 3; do printf 'GET / HTTP/1.0\\r\\n\\r\\n' > /dev/tcp/127.0.0.1/" +
                                          std::to_string(server.port()) + "; done"});
    EXPECT_TRUE(shell.wait());
    EXPECT_TRUE(Client(server.endpoint()).call("get_version").contains("result"));
}

TEST(ServerProcess, ManyClients) {
    ServerProcess server;
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 100; ++i) {
        clients.push_back(std::make_unique<Client>(server.endpoint()));
        clients.back()->send(kGetVersion);
    }
    for (auto& client : clients) {
        EXPECT_TRUE(client->receive());
    }
}

TEST(ServerProcess, PortInUseIsOneLine) {
    ServerProcess server;
    const auto second = run_server({"--listen", "127.0.0.1", "-p", std::to_string(server.port())});
    EXPECT_EQ(second.status, 1);
    EXPECT_EQ(second.output, "");
    EXPECT_EQ(second.error, "framewright-server: cannot listen on 127.0.0.1, port " + std::to_string(server.port()) +
                                ": Address already in use\n");
}

TEST(ServerProcess, BadOptionsAreOneLine) {
    const std::vector<std::vector<std::string>> cases{{"--nonsense"},
                                                      {"-p", "65536"},
                                                      {"-p", "-1"},
                                                      {"-p", "http"},
                                                      {"-p"},
                                                      {"--listen", "there"},
                                                      {"--listen", "1.2.3"},
                                                      {"--workers", "0"},
                                                      {"--workers", "257"},
                                                      {"--max-message", "10"},
                                                      {"stray"},
                                                      {"--templates", "/none"},
                                                      {"--protocols", "/none"},
                                                      {"-p", "1", "-p", "2"}};
    for (const auto& arguments : cases) {
        const auto ended = run_server(arguments);
        EXPECT_EQ(ended.status, 2) << arguments[0];
        EXPECT_EQ(ended.output, "") << arguments[0];
        EXPECT_TRUE(ended.error.starts_with("framewright-server: ")) << ended.error;
        EXPECT_EQ(ended.error.find('\n'), ended.error.size() - 1) << ended.error;
    }
}

TEST(ServerProcess, HelpAndVersion) {
    const auto help = run_server({"--help"});
    EXPECT_EQ(help.status, 0);
    for (const char* option : {"-p", "-s", "--scapy-port", "--listen", "--verbose", "--log", "--workers",
                               "--max-message", "--templates", "--health-check", "4507"}) {
        EXPECT_NE(help.output.find(option), std::string::npos) << option;
    }
    const auto version = run_server({"--version"});
    EXPECT_EQ(version.status, 0);
    EXPECT_EQ(version.output, "framewright-server " FRAMEWRIGHT_VERSION "\n");
}

TEST(ServerProcess, HealthCheck) {
    const std::vector<std::string> arguments{"--health-check", "--listen", "127.0.0.1", "--port"};
    ServerProcess server;
    auto asked = arguments;
    asked.push_back(std::to_string(server.port()));
    EXPECT_EQ(run_server(asked).status, 0);
    server.process().send_signal(SIGTERM);
    EXPECT_EQ(server.process().wait(), 0);
    EXPECT_EQ(run_server(asked).status, 1);
}

TEST(ServerProcess, ListensOnIpv6) {
    Process process(FRAMEWRIGHT_SERVER_PATH, {"--listen", "::1", "-p", "0"});
    process.read_line();
    const auto line = process.read_line();
    if (!line) {
        GTEST_SKIP() << "no IPv6 here: " << process.error_output();
    }
    EXPECT_EQ(process.read_line(), "Server IP address: ::1");
    Client client("tcp://[::1]:" + line->substr(line->rfind(' ') + 1));
    EXPECT_TRUE(client.call("get_version").contains("result"));
}

TEST(ServerProcess, WarnsWhenOpenToAll) {
    for (const char* address : {"*", "0.0.0.0"}) {
        Process process(FRAMEWRIGHT_SERVER_PATH, {"--listen", address, "--port", "0"});
        ASSERT_TRUE(process.read_line());
        const auto port = process.read_line();
        ASSERT_TRUE(port);
        EXPECT_TRUE(
            Client("tcp://127.0.0.1:" + port->substr(port->rfind(' ') + 1)).call("get_version").contains("result"));
        process.send_signal(SIGTERM);
        EXPECT_EQ(process.wait(), 0);
        EXPECT_NE(process.error_output().find("warning open to every machine"), std::string::npos);
    }
}

TEST(ServerProcess, LogsOneLineARequest) {
    ScratchDirectory directory;
    const fs::path file = directory.path() / "server.log";
    ServerProcess server({"-v", "-l", file.string()});
    Client client(server.endpoint());
    client.call("get_version");
    client.exchange("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"forged\\nline\\u001b[31m\"}");
    server.process().send_signal(SIGTERM);
    EXPECT_EQ(server.process().wait(), 0);
    for (const std::string& log : {server.process().error_output(), content_of(file)}) {
        EXPECT_NE(log.find("client=127.0.0.1 method=get_version request="), std::string::npos) << log;
        EXPECT_NE(log.find("outcome=ok\n"), std::string::npos) << log;
        EXPECT_NE(log.find(R"(method=forged\x0aline\x1b[31m request=)"), std::string::npos) << log;
        EXPECT_NE(log.find("outcome=\"-32601 Method not found\""), std::string::npos) << log;
        EXPECT_EQ(log.find("jsonrpc"), std::string::npos) << "no texts at this level: " << log;
        EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 2) << log;
    }
}

TEST(ServerProcess, LogsTextsAtTheDebugLevel) {
    ServerProcess server({"-vv"});
    Client client(server.endpoint());
    client.exchange(kGetVersion);
    server.process().send_signal(SIGTERM);
    EXPECT_EQ(server.process().wait(), 0);
    const std::string log = server.process().error_output();
    EXPECT_NE(log.find(std::string("debug request ") + kGetVersion), std::string::npos) << log;
    EXPECT_NE(log.find(R"(debug reply {"jsonrpc":"2.0","id":1,"result":)"), std::string::npos) << log;
}

TEST(ServerProcess, LogFileHasADefault) {
    ScratchDirectory directory;
    const std::string command =
        "cd " + directory.path().string() + " && exec " + FRAMEWRIGHT_SERVER_PATH + " --listen localhost -p 0 --log";
    Process process("/bin/bash", {"-c", command});
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(process.read_line());
    }
    process.send_signal(SIGTERM);
    EXPECT_EQ(process.wait(), 0);
    EXPECT_TRUE(fs::exists(directory.path() / server::kDefaultLogFile));
}

TEST(ServerProcess, LogFileThatCannotBeWritten) {
    const auto ended = run_server({"--listen", "127.0.0.1", "-p", "0", "-l", "/proc/none/server.log"});
    EXPECT_EQ(ended.status, 1);
    EXPECT_TRUE(ended.error.starts_with("framewright-server: cannot write the log")) << ended.error;
    EXPECT_EQ(ended.error.find('\n'), ended.error.size() - 1) << ended.error;
}

TEST(ServerProcess, RunsWithoutItsConsole) {
    // A reader that goes away, as in `framewright-server | head -1`.
    Process shell("/bin/bash", {"-c", std::string("set -o pipefail; ") + FRAMEWRIGHT_SERVER_PATH +
                                          " --listen 127.0.0.1 -p 0 | { read -r; read -r _ _ _ port; echo $port; }"});
    const auto port = shell.read_line();
    ASSERT_TRUE(port);
    Client client("tcp://127.0.0.1:" + *port);
    EXPECT_TRUE(client.call("get_version").contains("result"));
    EXPECT_TRUE(client.call("shut_down").contains("result"));
    EXPECT_EQ(shell.wait(), 0);
}

}  // namespace
}  // namespace framewright::tests
