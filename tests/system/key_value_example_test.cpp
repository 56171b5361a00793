// client_examples/key_value: client and server over TCP, with peers that behave and peers that do not.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/documentation/script.hpp"
#include "tests/system/server_process.hpp"
#include "tests/system/tcp_connection.hpp"

namespace framewright::tests {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
namespace fs = std::filesystem;

const fs::path kFolder = fs::path(FRAMEWRIGHT_SOURCE_DIRECTORY) / "client_examples/key_value";

constexpr char kAuth = 0;
constexpr char kSet = 1;
constexpr char kGet = 2;
constexpr char kAuthSuccess = 3;
constexpr char kAuthFail = 4;
constexpr char kResult = 5;
constexpr char kError = 6;

/// A message as client_examples/key_value/README.md describes it, put together by hand.
std::string message(char type, const std::string& payload) {
    std::string octets{1, type};
    for (int shift = 24; shift >= 0; shift -= 8) {
        octets += static_cast<char>(payload.size() >> static_cast<unsigned>(shift) & 0xffU);
    }
    return octets + payload;
}

std::string error_message(const std::string& reason) {
    return message(kError, R"({"status": "error", "message": ")" + reason + R"("})");
}

class KeyValue : public testing::Test {
protected:
    static void SetUpTestSuite() {
        framewright_ = std::make_unique<ServerProcess>(std::vector<std::string>{"--protocols", kFolder.string()});
    }
    static void TearDownTestSuite() { framewright_.reset(); }

    void SetUp() override {
        if (!has_python_module("zmq")) {
            GTEST_SKIP() << "needs the Debian package python3-zmq";
        }
    }

    static std::string framewright_port() { return std::to_string(framewright_->port()); }
    static std::string framewright_endpoint() { return framewright_->endpoint(); }

    /// The client's command line against a server on this port.
    static ScriptResult run_client(std::uint16_t port, const std::string& command, const std::string& token = "secret",
                                   const std::string& timeout = "10") {
        return run_script("./client.py --framewright 127.0.0.1 " + framewright_port() + " --host 127.0.0.1 --port " +
                              std::to_string(port) + " --timeout " + timeout + " --token '" + token + "' " + command,
                          kFolder);
    }

private:
    static std::unique_ptr<ServerProcess> framewright_;
};

std::unique_ptr<ServerProcess> KeyValue::framewright_;

/// The example's server on a free port; its token is "secret".
class ExampleServer {
public:
    explicit ExampleServer(const std::string& framewright_port, const std::string& timeout = "10")
        : process_("/usr/bin/python3", {(kFolder / "server.py").string(), "--port", "0", "--token", "secret",
                                        "--timeout", timeout, "--framewright", "127.0.0.1", framewright_port}) {
        const std::string line = next_line();
        const std::string start = "Listening on 127.0.0.1:";
        EXPECT_TRUE(line.starts_with(start)) << line << process_.error_output();
        port_ = static_cast<std::uint16_t>(std::stoi(line.substr(start.size())));
    }

    std::uint16_t port() const noexcept { return port_; }

    std::string next_line() { return process_.read_line().value_or("(no line)"); }

    /// What is logged next, without the peer's address.
    std::string next_event() {
        const std::string line = next_line();
        const std::size_t place = line.find(": ");
        return place == std::string::npos ? line : line.substr(place + 2);
    }

    TcpConnection connect() const { return TcpConnection::to_port(port_); }

    /// A connection that has shown the token.
    TcpConnection connect_and_authenticate() {
        TcpConnection connection = connect();
        connection.send(message(kAuth, R"({"token": "secret"})"));
        const std::string success = message(kAuthSuccess, R"({"status": "ok"})");
        EXPECT_EQ(connection.receive(success.size()), success);
        EXPECT_EQ(next_event(), "authenticated");
        return connection;
    }

    /// Whether it still does what it is there for.
    void expect_service() {
        const TcpConnection connection = connect_and_authenticate();
        expect_answer(connection, message(kSet, R"({"key": "alive", "value": "yes"})"),
                      message(kResult, R"({"status": "ok", "key": "alive", "value": "yes"})"));
    }

    static void expect_answer(const TcpConnection& connection, const std::string& request, const std::string& answer) {
        connection.send(request);
        EXPECT_EQ(connection.receive(answer.size()), answer);
    }

private:
    Process process_;
    std::uint16_t port_ = 0;
};

TEST_F(KeyValue, SetAndGet) {
    const ExampleServer server(framewright_port());
    const ScriptResult set = run_client(server.port(), "set colour 'dark \"blue\" ünïcode'");
    EXPECT_EQ(set.status, 0) << set.error;
    EXPECT_EQ(set.output, "");
    const ScriptResult get = run_client(server.port(), "get colour");
    EXPECT_EQ(get.status, 0) << get.error;
    EXPECT_EQ(get.output, "dark \"blue\" ünïcode\n");
}

TEST_F(KeyValue, UnknownKey) {
    const ExampleServer server(framewright_port());
    const ScriptResult get = run_client(server.port(), "get colour");
    EXPECT_EQ(get.status, 1);
    EXPECT_EQ(get.error, "there is no key colour\n");
}

TEST_F(KeyValue, BytesOnTheWire) {
    ExampleServer server(framewright_port());
    const TcpConnection connection = server.connect_and_authenticate();
    ExampleServer::expect_answer(connection, message(kGet, R"({"key":"a"})"), error_message("there is no key a"));
    ExampleServer::expect_answer(connection, message(kSet, R"({"key":"a","value":"1"})"),
                                 message(kResult, R"({"status": "ok", "key": "a", "value": "1"})"));
    ExampleServer::expect_answer(connection, message(kGet, R"({"key":"a"})"),
                                 message(kResult, R"({"status": "ok", "key": "a", "value": "1"})"));
}

TEST_F(KeyValue, StreamIsReassembled) {
    ExampleServer server(framewright_port());
    const TcpConnection connection = server.connect_and_authenticate();
    const std::string set = message(kSet, R"({"key": "a", "value": "1"})");
    const std::string answer = message(kResult, R"({"status": "ok", "key": "a", "value": "1"})");
    for (const char octet : set) {
        connection.send({&octet, 1});
    }
    EXPECT_EQ(connection.receive(answer.size()), answer);
    // Several messages in one segment, the last of which comes in two.
    connection.send(set + set + set.substr(0, 8));
    EXPECT_EQ(connection.receive(2 * answer.size()), answer + answer);
    connection.send(set.substr(8));
    EXPECT_EQ(connection.receive(answer.size()), answer);
}

TEST_F(KeyValue, RefusedToken) {
    ExampleServer server(framewright_port());
    const ScriptResult result = run_client(server.port(), "set colour blue", "wrong");
    EXPECT_EQ(result.status, 1);
    EXPECT_EQ(result.error, "Authentication failed\n");
    EXPECT_EQ(server.next_event(), "Authentication failed");
    const std::string refusal = message(kAuthFail, R"({"status": "error", "message": "Authentication failed"})");
    for (const std::string& first : {message(kAuth, R"({"token": "secret "})"),
                                     message(kAuth, R"({"token": "sécret"})"), message(kGet, R"({"key": "colour"})")}) {
        const TcpConnection connection = server.connect();
        ExampleServer::expect_answer(connection, first, refusal);
        EXPECT_TRUE(connection.has_ended());
        EXPECT_EQ(server.next_event(), "Authentication failed");
    }
    server.expect_service();
}

TEST_F(KeyValue, MalformedMessages) {
    ExampleServer server(framewright_port());
    const auto with_length = [](std::string octets, std::uint8_t highest) {
        octets[2] = static_cast<char>(highest);
        return octets;
    };
    const std::string long_text(4097, 'x');
    std::string other_version = message(kGet, R"({"key": "a"})");
    other_version[0] = 2;
    struct Case {
        std::string sent;
        std::string reason;
    };
    const std::vector<Case> cases{
        {other_version, "version 2 is not spoken here, but version 1"},
        {message(7, R"({"key": "a"})"), "there is no message type 7"},
        {with_length(message(kGet, ""), 0xff), "a payload of 4278190080 bytes is too large; at most 131072"},
        {message(kGet, ""), "the payload is not JSON"},
        {message(kGet, "key=a"), "the payload is not JSON"},
        {message(kGet, "\xff\xfe"), "the payload is not JSON"},
        {message(kGet, std::string(100'000, '[')), "the payload is not JSON"},
        {message(kGet, R"("a")"), "the payload of KeyValueGet is not a JSON object of the texts key"},
        {message(kGet, R"({"key": 1})"), "the payload of KeyValueGet is not a JSON object of the texts key"},
        {message(kGet, R"({"key": "\ud800"})"), "the payload of KeyValueGet is not a JSON object of the texts key"},
        {message(kSet, R"({"key": "a"})"), "the payload of KeyValueSet is not a JSON object of the texts key, value"},
        {message(kGet, R"({"key": ")" + long_text + R"("})"), "a text has more than 4096 characters"},
        {message(kResult, R"({"status": "ok", "key": "a", "value": "1"})"), "KeyValueResult is not a request"},
        {message(kAuth, R"({"token": "secret"})"), "KeyValueAuth is not a request"},
    };
    for (const Case& malformed : cases) {
        SCOPED_TRACE(malformed.reason);
        const TcpConnection connection = server.connect_and_authenticate();
        ExampleServer::expect_answer(connection, malformed.sent, error_message(malformed.reason));
        EXPECT_TRUE(connection.has_ended());
        EXPECT_EQ(server.next_event(), malformed.reason);
    }
    server.expect_service();
}

TEST_F(KeyValue, LargestTextsAreAnswered) {
    ExampleServer server(framewright_port());
    const TcpConnection connection = server.connect_and_authenticate();
    // Twelve characters for each in the answer: the largest that an answer may have to be.
    std::string text;
    std::string escaped;
    for (int count = 0; count < 4096; ++count) {
        text += "\U0001F600";
        escaped += R"(\ud83d\ude00)";
    }
    ExampleServer::expect_answer(
        connection, message(kSet, R"({"key": ")" + text + R"(", "value": ")" + text + R"("})"),
        message(kResult, R"({"status": "ok", "key": ")" + escaped + R"(", "value": ")" + escaped + R"("})"));
}

TEST_F(KeyValue, PeerThatGoesAway) {
    ExampleServer server(framewright_port());
    const std::string set = message(kSet, R"({"key": "a", "value": "1"})");
    { const TcpConnection connection = server.connect_and_authenticate(); }
    EXPECT_EQ(server.next_event(), "closed");
    for (const std::size_t sent : {std::size_t{1}, std::size_t{6}, set.size() - 1}) {
        { server.connect_and_authenticate().send(set.substr(0, sent)); }
        EXPECT_EQ(server.next_event(), "the peer went away within a message") << sent;
    }
    {
        TcpConnection connection = server.connect_and_authenticate();
        connection.send(set.substr(0, 8));
        connection.reset();
    }
    EXPECT_EQ(server.next_event(), "the peer went away: Connection reset by peer");
    server.expect_service();
}

TEST_F(KeyValue, Timeout) {
    ExampleServer server(framewright_port(), "1");
    const std::string refusal = error_message("no message within 1 s");
    {
        const TcpConnection connection = server.connect();
        EXPECT_EQ(connection.receive(refusal.size()), refusal);
        EXPECT_TRUE(connection.has_ended());
        EXPECT_EQ(server.next_event(), "no message within 1 s");
    }
    {
        const TcpConnection connection = server.connect_and_authenticate();
        ExampleServer::expect_answer(connection, message(kGet, R"({"key": "a"})").substr(0, 10), refusal);
        EXPECT_TRUE(connection.has_ended());
        EXPECT_EQ(server.next_event(), "no message within 1 s");
    }
    server.expect_service();
}

TEST_F(KeyValue, TimeoutIsForTheWholeMessage) {
    ExampleServer server(framewright_port(), "1");
    const TcpConnection connection = server.connect_and_authenticate();
    const std::string request = message(kGet, R"({"key": "a"})");
    for (std::size_t index = 0; index < 12; ++index) {
        connection.send(request.substr(index, 1));
        std::this_thread::sleep_for(100ms);
    }
    EXPECT_EQ(server.next_event(), "no message within 1 s");
}

TEST_F(KeyValue, ConnectionsAreBounded) {
    ExampleServer server(framewright_port());
    std::vector<TcpConnection> connections;
    for (int count = 0; count < 64; ++count) {
        connections.push_back(server.connect_and_authenticate());
    }
    EXPECT_TRUE(server.connect().has_ended());
    connections.pop_back();
    EXPECT_EQ(server.next_event(), "closed");
    // Its place is free soon after.
    const std::string auth = message(kAuth, R"({"token": "secret"})");
    bool is_served = false;
    for (int attempt = 0; attempt < 1000 && !is_served; ++attempt) {
        const TcpConnection connection = server.connect();
        connection.send(auth);
        is_served = !connection.receive(1).empty();
    }
    EXPECT_TRUE(is_served);
}

TEST_F(KeyValue, KeysAreBounded) {
    ExampleServer server(framewright_port());
    const TcpConnection connection = server.connect_and_authenticate();
    for (int count = 0; count < 1000; ++count) {
        const std::string pair = R"("key": "k)" + std::to_string(count) + R"(", "value": "v"})";
        ExampleServer::expect_answer(connection, message(kSet, "{" + pair),
                                     message(kResult, R"({"status": "ok", )" + pair));
    }
    ExampleServer::expect_answer(connection, message(kSet, R"({"key": "one more", "value": "v"})"),
                                 error_message("the store is full: 1000 keys"));
    ExampleServer::expect_answer(connection, message(kSet, R"({"key": "k0", "value": "w"})"),
                                 message(kResult, R"({"status": "ok", "key": "k0", "value": "w"})"));
}

TEST_F(KeyValue, FramewrightThatIsNotThere) {
    const TcpListener silent;
    ExampleServer server(std::to_string(silent.port()), "0.5");
    const TcpConnection connection = server.connect();
    connection.send(message(kAuth, R"({"token": "secret"})"));
    EXPECT_TRUE(connection.has_ended());
    EXPECT_EQ(server.next_event(), "no answer from tcp://127.0.0.1:" + std::to_string(silent.port()));
}

/// The client against a server that answers its first message so, and then closes the connection or says no more.
class KeyValueClient : public KeyValue {
protected:
    static std::string error_after(const std::string& answer, bool closes = true) {
        const TcpListener listener;
        std::thread server([&listener, &answer, closes] {
            const TcpConnection connection = listener.accept();
            const std::string auth = message(kAuth, R"({"token": "secret"})");
            EXPECT_EQ(connection.receive(auth.size()), auth);
            connection.send(answer);
            if (!closes) {
                EXPECT_TRUE(connection.has_ended());
            }
        });
        const ScriptResult result = run_client(listener.port(), "get colour", "secret", closes ? "10" : "1");
        server.join();
        EXPECT_EQ(result.status, 1) << result.output;
        return result.error;
    }
};

TEST_F(KeyValueClient, PeerThatGoesAway) {
    EXPECT_EQ(error_after(""), "the server closed the connection\n");
    EXPECT_EQ(error_after(message(kAuthSuccess, R"({"status": "ok"})").substr(0, 9)),
              "the peer went away within a message\n");
}

TEST_F(KeyValueClient, MalformedAnswers) {
    EXPECT_EQ(error_after("HTTP/1.1 400 Bad Request\r\n\r\n"), "version 72 is not spoken here, but version 1\n");
    EXPECT_EQ(error_after(message(kAuthSuccess, "ok")), "the payload is not JSON\n");
    EXPECT_EQ(error_after(message(kResult, R"({"status": "ok", "key": "a", "value": "1"})")),
              "the server answered with KeyValueResult, not KeyValueAuthSuccess\n");
}

TEST_F(KeyValueClient, Timeout) {
    const std::string error = error_after("", false);
    EXPECT_TRUE(error.starts_with("no answer from 127.0.0.1:")) << error;
    EXPECT_TRUE(error.ends_with(" within 1 s\n")) << error;
}

TEST_F(KeyValueClient, NoServer) {
    std::uint16_t port = 0;
    {
        const TcpListener listener;
        port = listener.port();
    }
    const ScriptResult result = run_client(port, "get colour");
    EXPECT_EQ(result.status, 1);
    EXPECT_NE(result.error.find("Connection refused"), std::string::npos) << result.error;
}

TEST_F(KeyValue, DissectedWithinTcp) {
    // Two messages in a segment, and an answer: found by port, each as what its type says.
    Client client(framewright_endpoint());
    const auto layers_of = [&client](const json& model) {
        const json reply = client.call("build_pkt", {model});
        std::vector<std::string> ids;
        for (const json& layer : reply["result"]["data"]) {
            EXPECT_EQ(layer["valid_structure"], true) << layer;
            ids.push_back(layer["real_id"].is_string() ? layer["real_id"] : json("none"));
        }
        return ids;
    };
    EXPECT_EQ(
        layers_of(
            {{{"id", "Ether"}}, {{"id", "IP"}}, {{"id", "TCP"}}, {{"id", "KeyValueSet"}}, {{"id", "KeyValueGet"}}}),
        (std::vector<std::string>{"Ether", "IP", "TCP", "KeyValueSet", "KeyValueGet"}));
    const json from_server{{"id", "TCP"},
                           {"fields", {{{"id", "sport"}, {"value", 65432}}, {{"id", "dport"}, {"value", 40000}}}}};
    EXPECT_EQ(layers_of({{{"id", "Ether"}}, {{"id", "IP"}}, from_server, {{"id", "KeyValueResult"}}}),
              (std::vector<std::string>{"Ether", "IP", "TCP", "KeyValueResult"}));
}

}  // namespace
}  // namespace framewright::tests
