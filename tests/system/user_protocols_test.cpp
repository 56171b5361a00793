// Protocols of a user in the real server: at its start, and read again while it runs.
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <string>
#include <thread>

#include "tests/scratch_directory.hpp"
#include "tests/system/server_process.hpp"

namespace framewright::tests {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

/// A protocol on UDP port 1337, on its own line: one byte, whose default is given.
std::string mine(const std::string& number, const std::string& id = "Mine") {
    return "{\"protocols\": [\n{\"id\": \"" + id + R"(", "fields": [{"id": "x", "type": "ByteField", "default": )" +
           number + R"(}], "under": [{"protocol": "UDP", "fields": {"dport": 1337}}]}]})";
}

const json kPacket =
    json::array({json::array({json{{"id", "Ether"}}, json{{"id", "IP"}}, json{{"id", "UDP"}}, json{{"id", "Mine"}}})});

/// The value of the protocol's field that a packet gets, once it is what is expected or patience ends.
json wait_for_default(Client& client, const json& expected) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    for (;;) {
        const json reply = client.call("build_pkt", kPacket);
        const json value = reply.contains("result") ? reply["result"]["data"][3]["fields"][0]["value"] : reply;
        if (value == expected || std::chrono::steady_clock::now() > deadline) {
            return value;
        }
        std::this_thread::sleep_for(1ms);
    }
}

TEST(UserProtocols, AreThereFromTheStart) {
    const ScratchDirectory first;
    const ScratchDirectory second;
    first.write("mine.json", mine("5"));
    second.write("other.json", R"({"protocols": [{"id": "Other", "is_a": "Mine"}]})");
    ServerProcess server({"--protocols", first.path().string(), "--protocols", second.path().string()});
    Client client(server.endpoint());
    EXPECT_EQ(wait_for_default(client, 5), 5);
    EXPECT_EQ(client.call("get_definitions", json::array({{"Other"}}))["result"]["protocols"].size(), 1U);
}

TEST(UserProtocols, WithAMistakeAreRefusedAtTheStart) {
    const ScratchDirectory directory;
    const std::string path = directory.write("mine.json", mine("256")).string();
    const std::vector<std::string> arguments{"--listen", "127.0.0.1",   "-p",
                                             "0",        "--protocols", directory.path().string()};
    Ended ended = run_server(arguments);
    EXPECT_EQ(ended.status, 1);
    EXPECT_EQ(ended.output, "");
    EXPECT_EQ(ended.error, "framewright-server: " + path +
                               ":2: protocol Mine: field x: \"default\" 256: does not fit into 8 bits (0 to 255)\n");
    directory.write("mine.json", mine("1", "UDP"));
    ended = run_server(arguments);
    EXPECT_EQ(ended.status, 1);
    EXPECT_EQ(ended.error,
              "framewright-server: " + path + ":2: protocol UDP: a protocol of this id is already there, built in\n");
}

TEST(UserProtocols, AreChecked) {
    const ScratchDirectory directory;
    const std::string good = directory.write("good.json", mine("1")).string();
    const std::string derived =
        directory.write("derived.json", R"({"protocols": [{"id": "A", "is_a": "Mine"}, {"id": "B"}]})").string();
    const std::string wrong = directory.write("wrong/wrong.json", mine("x", "Other")).string();

    Ended ended = run_server({"--check", good});
    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.output, good + ": 1 protocol\n");
    EXPECT_EQ(ended.error, "");
    // Alone, the other file misses what it is derived from; with the directory, which both are in, nothing.
    ended = run_server({"--check", derived});
    EXPECT_EQ(ended.status, 1);
    EXPECT_EQ(ended.error, "framewright-server: " + derived + ":1: protocol A: there is no protocol \"Mine\"\n");
    ended = run_server({"--check", derived, "--check", good, "--protocols", directory.path().string()});
    EXPECT_EQ(ended.status, 0) << ended.error;
    EXPECT_EQ(ended.output, derived + ": 2 protocols\n" + good + ": 1 protocol\n");
    // Files given together see each other, and one that is given twice is one.
    ended = run_server({"--check", derived, good, good});
    EXPECT_EQ(ended.status, 0) << ended.error;
    EXPECT_EQ(ended.output, derived + ": 2 protocols\n" + good + ": 1 protocol\n");
    // All files are looked at, whatever is wrong with one.
    ended = run_server({"--check", wrong, "--check", good, "--check", "/none.json"});
    EXPECT_EQ(ended.status, 1);
    EXPECT_EQ(ended.output, good + ": 1 protocol\n");
    EXPECT_TRUE(ended.error.starts_with("framewright-server: " + wrong + ":2: not JSON: ")) << ended.error;
    EXPECT_TRUE(ended.error.ends_with("\nframewright-server: /none.json: No such file or directory\n")) << ended.error;
}

TEST(UserProtocols, AreReadAgainOnHangup) {
    const ScratchDirectory directory;
    directory.write("mine.json", mine("1"));
    ServerProcess server({"-v", "--protocols", directory.path().string()});
    Client client(server.endpoint());
    EXPECT_EQ(wait_for_default(client, 1), 1);
    const json all = client.call("get_all")["result"];
    const json sums{all["db_md5"], all["fields_md5"]};
    EXPECT_EQ(client.call("check_update", sums)["result"], true);

    directory.write("mine.json", mine("2"));
    server.process().send_signal(SIGHUP);
    EXPECT_EQ(wait_for_default(client, 2), 2);
    EXPECT_EQ(client.call("check_update", sums)["error"]["message"], "Scapy Server: Protocol DB is not up to date");

    // A mistake is logged, and the server goes on with what it has.
    const std::string path = directory.write("mine.json", mine("x")).string();
    server.process().send_signal(SIGHUP);
    const json refused = client.call("reload_protocols");
    EXPECT_EQ(refused["error"]["code"], -32098);
    EXPECT_EQ(refused["error"]["data"]["file"], path);
    EXPECT_EQ(refused["error"]["data"]["line"], 2);
    EXPECT_EQ(wait_for_default(client, 2), 2);
    directory.write("mine.json", mine("3"));
    server.process().send_signal(SIGHUP);
    EXPECT_EQ(wait_for_default(client, 3), 3);

    server.process().send_signal(SIGTERM);
    EXPECT_EQ(server.process().wait(), 0);
    const std::string log = server.process().error_output();
    EXPECT_NE(log.find("info read the files again: 1 protocols, changed"), std::string::npos) << log;
    EXPECT_NE(log.find("error the protocols stay as they were: " + path + ":2: not JSON"), std::string::npos) << log;
}

TEST(UserProtocols, WithoutDirectoriesHangupEndsTheServer) {
    ServerProcess server;
    server.process().send_signal(SIGHUP);
    EXPECT_EQ(server.process().wait(), -SIGHUP);
}

TEST(UserProtocols, AreReadAgainWhileRequestsRun) {
    const ScratchDirectory directory;
    directory.write("mine.json", mine("1"));
    ServerProcess server({"--protocols", directory.path().string()});
    std::atomic<bool> is_done = false;
    std::atomic<int> answered = 0;
    std::atomic<int> failed = 0;
    const auto ask = [&] {
        Client client(server.endpoint());
        while (!is_done) {
            const json reply = client.call("build_pkt", kPacket);
            const bool is_right = reply.contains("result") && reply["result"]["data"][3]["real_id"] == "Mine";
            failed += is_right ? 0 : 1;
            ++answered;
        }
    };
    std::jthread first(ask);
    std::jthread second(ask);
    Client client(server.endpoint());
    for (int number = 2; number <= 20; ++number) {
        directory.write("mine.json", mine(std::to_string(number)));
        EXPECT_EQ(client.call("reload_protocols")["result"]["protocols"], 1);
        // Whoever asks after the reply gets the new definition.
        EXPECT_EQ(client.call("build_pkt", kPacket)["result"]["data"][3]["fields"][0]["value"], number);
        server.process().send_signal(SIGHUP);
    }
    is_done = true;
    first.join();
    second.join();
    EXPECT_EQ(failed, 0);
    EXPECT_GT(answered, 20);
}

}  // namespace
}  // namespace framewright::tests
