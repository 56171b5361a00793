// fetch_page between two network namespaces, against real HTTP servers and against servers that do not behave.
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include "tests/tcp_in_user_space/two_hosts.hpp"

namespace user_space_tcp {
namespace {

using framewright::tests::Process;
using framewright::tests::ScriptResult;

constexpr const char* kFetchPage = FRAMEWRIGHT_BINARY_DIRECTORY "/fetch_page --interface eth0 --address 10.0.0.99 ";

std::string random_text(std::size_t size) {
    std::string text(size, '\0');
    std::mt19937 random(80);
    for (char& c : text) {
        c = static_cast<char>(random());
    }
    return text;
}

void write_file(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// A number of the summary: name=number.
double number(const ScriptResult& result, const std::string& name) {
    const auto found = result.error.find(name + "=");
    return found == std::string::npos ? -1 : std::stod(result.error.substr(found + name.size() + 1));
}

class FetchPageTest : public testing::Test {
protected:
    static void SetUpTestSuite() {
        obstacle_ = TwoHosts::obstacle();
        if (!obstacle_) {
            hosts_ = std::make_unique<TwoHosts>();
            http_ = start_http(*hosts_);
        }
    }

    static void TearDownTestSuite() {
        http_.reset();
        hosts_.reset();
    }

    void SetUp() override {
        if (obstacle_) {
            GTEST_SKIP() << *obstacle_;
        }
        retransmissions_before = hosts_->server_count("RetransSegs");
        resets_before = hosts_->server_count("EstabResets");
    }

    static std::unique_ptr<Process> start_http(const TwoHosts& hosts) {
        return hosts.start_python({"-m", "http.server", "--directory", hosts.directory().path().string(), "8000"});
    }

    static ScriptResult fetch(const std::string& arguments) { return hosts_->on_client(kFetchPage + arguments); }

    static std::filesystem::path path(const std::string& name) { return hosts_->directory().path() / name; }

    /// Starts a server on port 8001 that takes one connection `c`, reads the request, and does this.
    static std::unique_ptr<Process> serve(const std::string& statements) {
        return hosts_->start_python({"-c",
                                     "import socket, struct, subprocess, time\n"
                                     "s = socket.socket()\n"
                                     "s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)\n"
                                     "s.bind(('10.0.0.1', 8001))\n"
                                     "s.listen()\n"
                                     "print('ready')\n"
                                     "c, peer = s.accept()\n"
                                     "c.recv(65536)\n" +
                                         statements});
    }

    static void expect_failure(const ScriptResult& result, const std::string& message) {
        EXPECT_EQ(result.status, 1);
        EXPECT_EQ(result.output, "");
        EXPECT_TRUE(result.error.ends_with(message + "\n")) << result.error;
    }

    /// Nothing had to be sent again, and both sides have closed: who closed first waits for what may still be under
    /// way.
    void expect_orderly() const {
        EXPECT_EQ(hosts_->server_count("RetransSegs"), retransmissions_before);
        EXPECT_EQ(hosts_->server_count("EstabResets"), resets_before);
        EXPECT_EQ(hosts_
                      ->on_server("ss -Htan state established state close-wait state fin-wait-1 state fin-wait-2 "
                                  "state last-ack state closing dst 10.0.0.99")
                      .output,
                  "");
    }

    static std::optional<std::string> obstacle_;
    static std::unique_ptr<TwoHosts> hosts_;
    static std::unique_ptr<Process> http_;
    std::uint64_t retransmissions_before = 0;
    std::uint64_t resets_before = 0;
};

std::optional<std::string> FetchPageTest::obstacle_;
std::unique_ptr<TwoHosts> FetchPageTest::hosts_;
std::unique_ptr<Process> FetchPageTest::http_;

TEST_F(FetchPageTest, PageOf1kBIsPrinted) {
    std::string page(1000, '.');
    page.back() = '\n';
    write_file(path("small"), page);
    const ScriptResult result = fetch("http://10.0.0.1:8000/small");
    EXPECT_EQ(result.status, 0) << result.error;
    EXPECT_EQ(result.output, page);
    EXPECT_EQ(number(result, "bytes"), 1000);
    EXPECT_EQ(number(result, "retransmissions"), 0);
    expect_orderly();
    EXPECT_NE(hosts_->on_server("ss -Htan state time-wait dst 10.0.0.99").output, "");
}

TEST_F(FetchPageTest, PageOf10MBArrivesAndNothingIsSentTwice) {
    const std::string page = random_text(10'000'000);
    write_file(path("large"), page);
    const ScriptResult result = fetch("--output large.out http://10.0.0.1:8000/large");
    EXPECT_EQ(result.status, 0) << result.error;
    EXPECT_TRUE(read_file(path("large.out")) == page);
    EXPECT_EQ(number(result, "retransmissions"), 0);
    EXPECT_EQ(number(result, "duplicates_received"), 0);
    EXPECT_EQ(number(result, "wrong_checksums"), 0);
    EXPECT_EQ(number(result, "dropped_by_kernel"), 0);
    // A segment each 1460 bytes, and no acknowledgement later than Linux waits for one (RTO_MIN, 200 ms).
    EXPECT_GE(number(result, "segments_received"), 10'000'000 / 1460);
    EXPECT_GT(number(result, "acknowledged_after_worst_us"), 0);
    EXPECT_LT(number(result, "acknowledged_after_worst_us"), 200'000);
    expect_orderly();
}

TEST_F(FetchPageTest, PageArrivesOverACableThatLosesPackets) {
    const TwoHosts hosts(1);
    const auto http = start_http(hosts);
    const std::string page = random_text(3'000'000);
    write_file(hosts.directory().path() / "page", page);
    const ScriptResult result = hosts.on_client(kFetchPage + std::string("--output out http://10.0.0.1:8000/page"));
    EXPECT_EQ(result.status, 0) << result.error;
    EXPECT_TRUE(read_file(hosts.directory().path() / "out") == page);
    // Of 2000 segments some do get lost.
    EXPECT_GT(hosts.server_count("RetransSegs"), 0U) << "packets should get lost by " << hosts.loss_by();
    EXPECT_GT(number(result, "out_of_order_received"), 0);
}

TEST_F(FetchPageTest, SegmentsThatTheKernelDidNotDivideAreTaken) {
    const TwoHosts hosts;
    const auto http = start_http(hosts);
    const std::string page = random_text(1'000'000);
    write_file(hosts.directory().path() / "page", page);
    EXPECT_EQ(hosts.on_server("ethtool -K eth0 tx on tso on gso on").status, 0);
    // The checksums are unfinished, as hardware would finish them.
    expect_failure(hosts.on_client(kFetchPage + std::string("--timeout 1.5 http://10.0.0.1:8000/page")),
                   ": nothing came for 1.5 s");
    const ScriptResult result =
        hosts.on_client(kFetchPage + std::string("--ignore-checksums --output out http://10.0.0.1:8000/page"));
    EXPECT_EQ(result.status, 0) << result.error;
    EXPECT_TRUE(read_file(hosts.directory().path() / "out") == page);
    EXPECT_LT(number(result, "segments_received"), 1'000'000 / 1460);
}

TEST_F(FetchPageTest, ArpRequestsAreAnswered) {
    const auto server = serve(
        "subprocess.run(['ip', 'neighbour', 'flush', 'dev', 'eth0'], check=True)\n"
        "c.sendall(b'HTTP/1.0 200 OK\\r\\n\\r\\nfound\\n')\n"
        "c.close()\n");
    const ScriptResult result = fetch("http://10.0.0.1:8001/");
    EXPECT_EQ(result.status, 0) << result.error;
    EXPECT_EQ(result.output, "found\n");
}

TEST_F(FetchPageTest, ServerBehindAGateway) {
    EXPECT_EQ(hosts_->on_server("ip address add 192.0.2.1/32 dev lo").status, 0);
    write_file(path("page"), "far away\n");
    const ScriptResult result = fetch("--gateway 10.0.0.1 http://192.0.2.1:8000/page");
    EXPECT_EQ(result.status, 0) << result.error;
    EXPECT_EQ(result.output, "far away\n");
}

TEST_F(FetchPageTest, ServerThatDoesNotCloseIsClosed) {
    const auto server = serve(
        "c.sendall(b'HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\npage\\n')\n"
        "assert c.recv(1) == b''\n"  // our FIN
        "c.close()\n"
        "print('closed')\n");
    const ScriptResult result = fetch("http://10.0.0.1:8001/");
    EXPECT_EQ(result.status, 0) << result.error;
    EXPECT_EQ(result.output, "page\n");
    EXPECT_EQ(server->read_line(), "closed");
    expect_orderly();
}

TEST_F(FetchPageTest, ErrorOfTheServerIsNamed) {
    expect_failure(fetch("http://10.0.0.1:8000/nothing"), "/nothing: the server answers 404 File not found");
    expect_orderly();
}

TEST_F(FetchPageTest, RefusedConnectionIsNamed) {
    expect_failure(fetch("http://10.0.0.1:81/"), "fetch_page: http://10.0.0.1:81/: connection refused");
}

TEST_F(FetchPageTest, NobodyThereIsNamed) {
    expect_failure(fetch("http://10.0.0.2/"), ": no answer to ARP requests for 10.0.0.2 on eth0");
}

TEST_F(FetchPageTest, SilentServerIsNamed) {
    const auto server = serve("time.sleep(60)\n");
    expect_failure(fetch("--timeout 1 http://10.0.0.1:8001/"), ": nothing came for 1 s");
    EXPECT_EQ(hosts_->server_count("EstabResets"), resets_before + 1);
}

TEST_F(FetchPageTest, ResetConnectionIsNamed) {
    const auto server = serve(
        "c.sendall(b'HTTP/1.0 200 OK\\r\\n\\r\\nonly the sta')\n"
        "time.sleep(0.2)\n"
        "c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))\n"
        "c.close()\n");
    expect_failure(fetch("http://10.0.0.1:8001/"), ": the server reset the connection");
}

TEST_F(FetchPageTest, PageThatEndsEarlyIsNamed) {
    const auto server = serve("c.sendall(b'HTTP/1.0 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\nhello')\nc.close()\n");
    expect_failure(fetch("http://10.0.0.1:8001/"), ": the server closed the connection after 5 of 9 bytes");
}

TEST_F(FetchPageTest, AnswerThatIsNotHttpIsNamed) {
    const auto server = serve("c.sendall(b'220 mail.example ESMTP\\r\\n\\r\\n')\ntime.sleep(60)\n");
    expect_failure(fetch("http://10.0.0.1:8001/"), ": not an HTTP/1 answer: 220 mail.example ESMTP");
    EXPECT_EQ(hosts_->server_count("EstabResets"), resets_before + 1);
}

TEST_F(FetchPageTest, PageBeyondTheLimitIsNamed) {
    write_file(path("page"), "12345678901");
    expect_failure(fetch("--max-page 10 http://10.0.0.1:8000/page"),
                   ": the page has 11 bytes, more than the limit of 10");
}

TEST_F(FetchPageTest, AddressOfTheHostItselfIsRefused) {
    const ScriptResult result = hosts_->on_client(FRAMEWRIGHT_BINARY_DIRECTORY
                                                  "/fetch_page --interface eth0 --address 127.0.0.1 http://10.0.0.1/");
    expect_failure(result, "its kernel would reset the connection; give an address that is free");
}

TEST_F(FetchPageTest, WhatCannotBeUsedIsNamed) {
    expect_failure(fetch("http://example.com/"),
                   "'http://example.com/': the host is not an IPv4 address; give http://IPV4_ADDRESS[:PORT][/PATH]");
    expect_failure(fetch("--server tcp://127.0.0.1:1 http://10.0.0.1/"),
                   "no Framewright server answers at tcp://127.0.0.1:1 within 5 s");
    expect_failure(hosts_->on_client(FRAMEWRIGHT_BINARY_DIRECTORY
                                     "/fetch_page --interface lo --address 10.0.0.99 http://10.0.0.1/"),
                   "fetch_page: lo: not an Ethernet interface");
    const ScriptResult missing = hosts_->on_client(FRAMEWRIGHT_BINARY_DIRECTORY
                                                   "/fetch_page --interface eth9 --address 10.0.0.99 http://10.0.0.1/");
    EXPECT_EQ(missing.status, 1);
    EXPECT_TRUE(missing.error.starts_with("fetch_page: eth9: ")) << missing.error;
    EXPECT_EQ(hosts_->on_client(FRAMEWRIGHT_BINARY_DIRECTORY "/fetch_page --window 1").status, 2);
}

}  // namespace
}  // namespace user_space_tcp
