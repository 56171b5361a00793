#include "server/command_line.hpp"

#include <gtest/gtest.h>

#include "server/address.hpp"

namespace framewright::server {
namespace {

CommandLine parse(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "framewright-server");
    const auto parsed = parse_command_line(arguments);
    EXPECT_TRUE(std::holds_alternative<CommandLine>(parsed)) << std::get<CommandLineExit>(parsed).text;
    return std::get<CommandLine>(parsed);
}

TEST(CommandLine, Defaults) {
    const CommandLine line = parse({});
    EXPECT_EQ(line.server.port, 4507);
    EXPECT_EQ(line.server.address, "0.0.0.0");
    EXPECT_GE(line.server.workers, 2U);
    EXPECT_LE(line.server.workers, kMaximumWorkers);
    EXPECT_EQ(line.server.maximum_message, 16U << 20U);
    EXPECT_EQ(line.log.verbosity, 0);
    EXPECT_FALSE(line.log.file);
    EXPECT_TRUE(line.service.template_directories.empty());
    EXPECT_TRUE(line.service.protocol_directories.empty());
    EXPECT_TRUE(line.check.empty());
    EXPECT_FALSE(line.health_check);
}

TEST(CommandLine, PortHasAllItsSpellings) {
    EXPECT_EQ(parse({"-p", "1"}).server.port, 1);
    EXPECT_EQ(parse({"-s", "5555"}).server.port, 5555);
    EXPECT_EQ(parse({"-p5555"}).server.port, 5555);
    EXPECT_EQ(parse({"--scapy-port", "0"}).server.port, 0);
    EXPECT_EQ(parse({"--scapy-port=65535"}).server.port, 65535);
    EXPECT_EQ(parse({"--port", "2"}).server.port, 2);
}

TEST(CommandLine, LogTakesAFileOrNone) {
    EXPECT_EQ(parse({"-l"}).log.file, kDefaultLogFile);
    EXPECT_EQ(parse({"--log", "-v"}).log.file, kDefaultLogFile);
    EXPECT_EQ(parse({"-l", "a.log", "-p", "1"}).log.file, "a.log");
    EXPECT_EQ(parse({"--log=b.log"}).log.file, "b.log");
}

TEST(CommandLine, Verbosity) {
    EXPECT_EQ(parse({"-v"}).log.verbosity, 1);
    EXPECT_EQ(parse({"--verbose"}).log.verbosity, 1);
    EXPECT_EQ(parse({"-vv"}).log.verbosity, 2);
    EXPECT_EQ(parse({"-v", "--verbose"}).log.verbosity, 2);
}

TEST(CommandLine, TemplateDirectoriesAddUp) {
    const CommandLine line = parse({"--templates", "/tmp", "--templates", "/"});
    EXPECT_EQ(line.service.template_directories, (std::vector<std::filesystem::path>{"/tmp", "/"}));
}

TEST(CommandLine, ProtocolDirectoriesAndChecksAddUp) {
    const CommandLine line =
        parse({"--protocols", "/tmp", "--check", "a.json", "--protocols", "/", "--check", "b.json"});
    EXPECT_EQ(line.service.protocol_directories, (std::vector<std::filesystem::path>{"/tmp", "/"}));
    EXPECT_EQ(line.check, (std::vector<std::filesystem::path>{"a.json", "b.json"}));
    EXPECT_EQ(parse({"--check", "a.json", "b.json", "--protocols", "/"}).check, line.check);
}

TEST(CommandLine, Bounds) {
    EXPECT_EQ(parse({"--workers", "256"}).server.workers, 256U);
    EXPECT_EQ(parse({"--max-message", "1024"}).server.maximum_message, 1024U);
    EXPECT_EQ(parse({"--max-message", "1073741824"}).server.maximum_message, 1U << 30U);
    for (const auto& arguments : std::vector<std::vector<const char*>>{
             {"--workers", "257"}, {"--max-message", "1073741825"}, {"-p", "65536"}}) {
        std::vector<const char*> all{"framewright-server"};
        all.insert(all.end(), arguments.begin(), arguments.end());
        const auto parsed = parse_command_line(all);
        ASSERT_TRUE(std::holds_alternative<CommandLineExit>(parsed));
        EXPECT_EQ(std::get<CommandLineExit>(parsed).status, 2);
    }
}

TEST(Address, Accepted) {
    for (const char* address : {"0.0.0.0", "127.0.0.1", "::", "::1", "fe80::1", "localhost", "*"}) {
        EXPECT_TRUE(is_listen_address(address)) << address;
    }
    for (const char* address :
         {"", "example.com", "1.2.3", "1.2.3.4.5", "300.1.1.1", "[::1]", "1::2::3", "eth0", " ::1"}) {
        EXPECT_FALSE(is_listen_address(address)) << address;
    }
}

TEST(Address, Endpoints) {
    EXPECT_EQ(listen_endpoint("*", 1), "tcp://0.0.0.0:1");
    EXPECT_EQ(listen_endpoint("localhost", 0), "tcp://127.0.0.1:0");
    EXPECT_EQ(listen_endpoint("::1", 65535), "tcp://[::1]:65535");
    EXPECT_EQ(local_endpoint("0.0.0.0", 1), "tcp://127.0.0.1:1");
    EXPECT_EQ(local_endpoint("::", 1), "tcp://[::1]:1");
    EXPECT_EQ(local_endpoint("192.0.2.1", 1), "tcp://192.0.2.1:1");
}

TEST(Address, EveryInterface) {
    for (const char* address : {"0.0.0.0", "::", "*", "0:0::0"}) {
        EXPECT_TRUE(is_every_interface(address)) << address;
        EXPECT_TRUE(is_listen_address(reachable_address(address))) << address;
        EXPECT_FALSE(is_every_interface(reachable_address(address))) << address;
    }
    EXPECT_FALSE(is_every_interface("127.0.0.1"));
    EXPECT_EQ(reachable_address("localhost"), "127.0.0.1");
    EXPECT_EQ(reachable_address("192.0.2.1"), "192.0.2.1");
}

TEST(Log, PrintableTextIsOneLineOfAscii) {
    EXPECT_EQ(printable("get_version"), "get_version");
    EXPECT_EQ(printable("a\nb\r\x1b[0m\x7f"), R"(a\x0ab\x0d\x1b[0m\x7f)");
    EXPECT_EQ(printable("\xc3\xa9"), R"(\xc3\xa9)");
    EXPECT_EQ(printable("abcdef", 3), "abc...");
    EXPECT_EQ(printable(std::string(kMaximumLoggedText + 1, 'x')).size(), kMaximumLoggedText + 3);
}

}  // namespace
}  // namespace framewright::server
