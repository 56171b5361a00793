// client_examples/escp: the packets of the example, as other programs and as we ourselves read them.
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "protocol_db/base64.hpp"
#include "protocol_db/bytes.hpp"
#include "tests/documentation/script.hpp"
#include "tests/scratch_directory.hpp"
#include "tests/system/server_process.hpp"

namespace framewright::tests {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

const fs::path kFolder = fs::path(FRAMEWRIGHT_SOURCE_DIRECTORY) / "client_examples/escp";

/// From the UDP header on, as Scapy 2.5 writes the three packets of
/// IPv6(src="::1", dst="::1") / UDP(sport=40000 + i, dport=1337) / ESCP(cmd=i): ports, length and checksum, bit fields.
constexpr std::array<const char*, 3> kScapyHeaders{
    "9c40053900489b85a980",
    "9c41053900489b83a981",
    "9c42053900489b81a982",
};

std::string content_of(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

json value_of(const json& layer, const std::string& id) {
    for (const json& field : layer["fields"]) {
        if (field["id"] == id) {
            return field["value"];
        }
    }
    return {};
}

class EscpExample : public testing::Test {
protected:
    void SetUp() override {
        if (!has_python_module("zmq")) {
            GTEST_SKIP() << "needs the Debian package python3-zmq";
        }
        const ScriptResult result = run_script((kFolder / "write_capture.py").string() + " 127.0.0.1 " +
                                                   std::to_string(server_.port()) + " escp_test.pcap",
                                               directory_.path());
        ASSERT_EQ(result.status, 0) << result.error;
        EXPECT_EQ(result.output, "Written escp_test.pcap with 3 packets\n");
    }

    ScriptResult tshark(const std::string& arguments) const {
        return run_script("tshark -r escp_test.pcap -o udp.check_checksum:TRUE " + arguments, directory_.path());
    }

    fs::path capture() const { return directory_.path() / "escp_test.pcap"; }
    std::string endpoint() const { return server_.endpoint(); }

private:
    ServerProcess server_{{"--protocols", kFolder.string()}};
    ScratchDirectory directory_;
};

TEST_F(EscpExample, TsharkFindsNothingWrong) {
    if (run_script("command -v tshark", "/").status != 0) {
        GTEST_SKIP() << "needs the Debian package tshark";
    }
    const ScriptResult fields = tshark(
        "-T fields -E separator=/s -e frame.protocols -e ipv6.src -e ipv6.dst -e ipv6.plen -e udp.srcport -e "
        "udp.dstport "
        "-e udp.length -e udp.checksum -e udp.checksum.status");
    ASSERT_EQ(fields.status, 0) << fields.error;
    // Status 1 is "good".
    EXPECT_EQ(fields.output,
              "eth:ethertype:ipv6:udp:data ::1 ::1 72 40000 1337 72 0x9b85 1\n"
              "eth:ethertype:ipv6:udp:data ::1 ::1 72 40001 1337 72 0x9b83 1\n"
              "eth:ethertype:ipv6:udp:data ::1 ::1 72 40002 1337 72 0x9b81 1\n");
    const ScriptResult complaints = tshark("-Y '_ws.expert || _ws.malformed'");
    EXPECT_EQ(complaints.status, 0) << complaints.error;
    EXPECT_EQ(complaints.output, "");
}

TEST_F(EscpExample, BytesAreThoseOfScapy) {
    const std::string file = content_of(capture());
    // A file header of 24 bytes; each packet has a record header of 16, and 14 + 40 bytes of Ethernet and IPv6.
    constexpr std::size_t kPacket = 14 + 40 + 8 + 64;
    ASSERT_EQ(file.size(), 24 + 3 * (16 + kPacket));
    std::string message = "Never gonna let you down";
    message.resize(62);
    for (std::size_t index = 0; index < kScapyHeaders.size(); ++index) {
        const std::string udp = file.substr(24 + index * (16 + kPacket) + 16 + 14 + 40, 8 + 64);
        std::string hex;
        for (const char octet : udp.substr(0, 10)) {
            hex += "0123456789abcdef"[static_cast<unsigned char>(octet) >> 4U];
            hex += "0123456789abcdef"[static_cast<unsigned char>(octet) & 15U];
        }
        EXPECT_EQ(hex, kScapyHeaders[index]);
        EXPECT_EQ(udp.substr(10), message);
    }
}

TEST_F(EscpExample, ReadBack) {
    const std::string file = content_of(capture());
    std::string file_base64;
    append_base64(file_base64, Bytes(file.begin(), file.end()));
    const json packets = Client(endpoint()).call("read_pcap", {file_base64})["result"];
    ASSERT_EQ(packets.size(), 3U);
    for (std::size_t index = 0; index < packets.size(); ++index) {
        const json& layers = packets[index]["data"];
        ASSERT_EQ(layers.size(), 4U) << layers;
        EXPECT_EQ(layers[0]["id"], "Ether");
        EXPECT_EQ(layers[1]["id"], "IPv6");
        EXPECT_EQ(layers[2]["id"], "UDP");
        EXPECT_EQ(value_of(layers[2], "sport"), 40000 + index);
        EXPECT_EQ(value_of(layers[2], "dport"), 1337);
        const json& escp = layers[3];
        EXPECT_EQ(escp["id"], "ESCP");
        EXPECT_EQ(escp["real_id"], "ESCP");
        EXPECT_EQ(escp["name"], "Elvims Super Cool Protocol");
        EXPECT_EQ(value_of(escp, "sync"), 0b10101);
        EXPECT_EQ(value_of(escp, "ver"), 0b0011);
        EXPECT_EQ(value_of(escp, "flags"), 0);
        EXPECT_EQ(value_of(escp, "cmd"), index);
        std::string message = "Never gonna let you down";
        message.resize(62);
        EXPECT_EQ(base64_decode(value_of(escp, "msg")["base64"].get<std::string>()),
                  Bytes(message.begin(), message.end()));
    }
}

TEST_F(EscpExample, DefinitionForUserInterfaces) {
    const json definitions = Client(endpoint()).call("get_definitions", {json{"ESCP"}})["result"]["protocols"];
    ASSERT_EQ(definitions.size(), 1U);
    std::vector<std::string> labels;
    for (const json& field : definitions[0]["fields"]) {
        labels.push_back(field["name"]);
    }
    EXPECT_EQ(labels,
              (std::vector<std::string>{"Synchronization", "Version", "Flags", "Command", "Message (62 bytes)"}));
    EXPECT_EQ(definitions[0]["fields"][3]["max"], 31);
}

}  // namespace
}  // namespace framewright::tests
