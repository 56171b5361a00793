// The client examples, each against a real server.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/documentation/markdown.hpp"
#include "tests/documentation/script.hpp"
#include "tests/system/server_process.hpp"

namespace framewright::tests {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

/// What python_client.py and cpp_client print.
constexpr const char* kBuiltPacket = R"(API version 1.02
00000001000000000002000008004500002800010000400666cd0a0000010a000002001401bb0000000000000000500220007a110000
Ether at byte 0
  dst = 00:00:00:01:00:00
  src = 00:00:00:02:00:00
  type = IPv4
IP at byte 14
  version = 4
  ihl = 5
  tos = 0x0
  len = 40
  id = 1
  flags = 
  frag = 0
  ttl = 64
  proto = tcp
  chksum = 0x66cd
  src = 10.0.0.1
  dst = 10.0.0.2
  options = []
TCP at byte 34
  sport = 20
  dport = 443
  seq = 0
  ack = 0
  dataofs = 5
  reserved = 0
  flags = S
  window = 8192
  chksum = 0x7a11
  urgptr = 0
  options = <binary>
)";

class ClientExamples : public testing::Test {
protected:
    static void SetUpTestSuite() { server_ = std::make_unique<ServerProcess>(); }
    static void TearDownTestSuite() { server_.reset(); }

    void SetUp() override {
        if (!has_python_module("zmq")) {
            GTEST_SKIP() << "needs the Debian package python3-zmq";
        }
    }

    static std::string port() { return std::to_string(server_->port()); }

    /// Runs a command line in the folder of the examples.
    static ScriptResult run(const std::string& command) {
        return run_script(command, fs::path(FRAMEWRIGHT_SOURCE_DIRECTORY) / "client_examples");
    }

    /// The reply to a request of the folder requests.
    static json reply_to(const std::string& name) {
        const ScriptResult sent = run("./send_request.sh 127.0.0.1 " + port() + " requests/" + name);
        EXPECT_EQ(sent.status, 0) << sent.error;
        EXPECT_EQ(sent.error, "");
        json reply = json::parse(sent.output, nullptr, false);
        EXPECT_FALSE(reply.is_discarded()) << sent.output;
        return reply;
    }

    static std::vector<std::string> layers_of(const json& packet) {
        std::vector<std::string> ids;
        for (const json& layer : packet["data"]) {
            EXPECT_EQ(layer["real_id"], layer["id"]);
            ids.push_back(layer["id"]);
        }
        return ids;
    }

    static json value_of(const json& packet, std::size_t layer, const std::string& id) {
        for (const json& field : packet["data"][layer]["fields"]) {
            if (field["id"] == id) {
                return field["value"];
            }
        }
        return {};
    }

private:
    static std::unique_ptr<ServerProcess> server_;
};

std::unique_ptr<ServerProcess> ClientExamples::server_;

TEST_F(ClientExamples, PythonClient) {
    const ScriptResult result = run("./python_client.py 127.0.0.1 " + port());
    EXPECT_EQ(result.status, 0) << result.error;
    EXPECT_EQ(result.output, kBuiltPacket);
}

TEST_F(ClientExamples, CppClient) {
    const ScriptResult result = run(FRAMEWRIGHT_BINARY_DIRECTORY "/cpp_client 127.0.0.1 " + port());
    EXPECT_EQ(result.status, 0) << result.error;
    EXPECT_EQ(result.output, kBuiltPacket);
}

// Tshark computes the checksums anew: status 1 is a right one.
TEST_F(ClientExamples, PreviewOfAStream) {
    const ScratchDirectory directory;
    const std::string capture = (directory.path() / "stream.pcap").string();
    const ScriptResult result = run("./preview_stream.py 127.0.0.1 " + port() + " " + capture);
    EXPECT_EQ(result.status, 0) << result.error;
    EXPECT_NE(result.output.find("1: 16.0.0.2 -> 48.0.0.1, port 1026\n"), std::string::npos) << result.output;
    if (!is_program_there("tshark")) {
        GTEST_SKIP() << "needs the Debian package tshark";
    }
    const ScriptResult read =
        run("tshark -r " + capture +
            " -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE -T fields -E separator=, -e ip.src "
            "-e udp.srcport -e ip.checksum.status -e udp.checksum.status 2>/dev/null");
    EXPECT_EQ(read.output,
              "16.0.0.1,1025,1,1\n16.0.0.2,1026,1,1\n16.0.0.3,1027,1,1\n16.0.0.1,1028,1,1\n16.0.0.2,1029,1,1\n");
}

TEST_F(ClientExamples, SayHowTheyAreCalled) {
    for (const std::string command : {"./python_client.py", "./preview_stream.py",
                                      FRAMEWRIGHT_BINARY_DIRECTORY "/cpp_client", "./send_request.sh"}) {
        const ScriptResult result = run(command);
        EXPECT_NE(result.status, 0) << command;
        EXPECT_NE(result.error.find("HOST PORT"), std::string::npos) << command << ": " << result.error;
    }
}

TEST_F(ClientExamples, GetVersion) {
    EXPECT_EQ(reply_to("get_version.json")["result"]["version"], "1.02");
}

TEST_F(ClientExamples, BuildPacket) {
    const json packet = reply_to("build_pkt.json")["result"];
    EXPECT_EQ(packet["binary"], "AAAAAQAAAAAAAgAACABFAAAoAAEAAEAGZs0KAAABCgAAAgAUAbsAAAAAAAAAAFACIAB6EQAA");
    EXPECT_EQ(layers_of(packet), (std::vector<std::string>{"Ether", "IP", "TCP"}));
    EXPECT_EQ(value_of(packet, 2, "dport"), 443);
}

TEST_F(ClientExamples, ReconstructPacket) {
    // The same packet after a router: its TTL is one less, and so the header's checksum is another.
    const json packet = reply_to("reconstruct_pkt.json")["result"];
    EXPECT_EQ(packet["binary"], "AAAAAQAAAAAAAgAACABFAAAoAAEAAD8GZ80KAAABCgAAAgAUAbsAAAAAAAAAAFACIAB6EQAA");
    EXPECT_EQ(layers_of(packet), (std::vector<std::string>{"Ether", "IP", "TCP"}));
    EXPECT_EQ(value_of(packet, 1, "ttl"), 63);
}

TEST_F(ClientExamples, GetPayloadClasses) {
    const std::vector<std::string> classes = reply_to("get_payload_classes.json")["result"];
    ASSERT_GE(classes.size(), 4U);
    EXPECT_EQ(std::vector<std::string>(classes.begin(), classes.begin() + 4),
              (std::vector<std::string>{"TCP", "UDP", "ICMP", "Raw"}));
}

TEST_F(ClientExamples, ReadCapture) {
    const json packets = reply_to("read_pcap.json")["result"];
    ASSERT_EQ(packets.size(), 2U);
    EXPECT_EQ(layers_of(packets[0]), (std::vector<std::string>{"Ether", "ARP"}));
    EXPECT_EQ(value_of(packets[0], 1, "pdst"), "192.0.2.2");
    EXPECT_EQ(layers_of(packets[1]), (std::vector<std::string>{"Ether", "IP", "ICMP", "Raw"}));
    EXPECT_EQ(value_of(packets[1], 3, "load")["base64"], "cGluZw==");  // "ping"
}

TEST_F(ClientExamples, Batch) {
    // Four requests, of which one is a notification and has no reply.
    const json replies = reply_to("batch.json");
    ASSERT_EQ(replies.size(), 3U);
    EXPECT_EQ(replies[0]["id"], "version");
    EXPECT_EQ(replies[0]["result"]["version"], "1.02");
    EXPECT_EQ(replies[1]["id"], "arp");
    EXPECT_EQ(layers_of(replies[1]["result"]), (std::vector<std::string>{"Ether", "ARP"}));
    EXPECT_EQ(replies[2]["id"], "wrong");
    EXPECT_EQ(replies[2]["error"]["message"], "Method not found");
}

TEST_F(ClientExamples, BuildPacketWithProgram) {
    const json result = reply_to("build_pkt_ex.json")["result"];
    EXPECT_EQ(layers_of(result), (std::vector<std::string>{"Ether", "IP", "UDP", "Raw"}));
    const json& program = result["field_engine"];
    EXPECT_EQ(program["error"], nullptr);
    // 16.0.0.1 as a number; the source address of IPv4 behind Ethernet stands at 14 + 12 (RFC 791).
    EXPECT_EQ(program["instructions"]["instructions"][0]["min_value"], 0x10000001);
    EXPECT_EQ(program["instructions"]["instructions"][1]["pkt_offset"], 26);
    EXPECT_EQ(program["instructions"]["cache"], 1000);
}

TEST_F(ClientExamples, RunFieldEngine) {
    const json packets = reply_to("run_field_engine.json")["result"]["packets"];
    ASSERT_EQ(packets.size(), 3U);
    EXPECT_EQ(packets[2]["variables"]["source"], 0x10000003);
}

TEST_F(ClientExamples, LoadInstructionParameterValues) {
    EXPECT_EQ(reply_to("load_instruction_parameter_values.json")["result"]["map"], (json{{"source", "source"}}));
}

TEST_F(ClientExamples, DecompileProgram) {
    const json instructions = reply_to("decompile_vm_raw.json")["result"]["instructions"];
    EXPECT_EQ(instructions, (json::array({{{"id", "STLVmFixIpv4"}, {"parameters", {{"offset", 14}}}}})));
}

TEST_F(ClientExamples, DissectPacket) {
    const json packet = reply_to("dissect.json")["result"];
    EXPECT_EQ(layers_of(packet), (std::vector<std::string>{"IP", "UDP"}));
    EXPECT_EQ(value_of(packet, 0, "src"), "10.0.0.1");
}

TEST_F(ClientExamples, WriteCapture) {
    const std::string capture = reply_to("write_pcap.json")["result"];
    EXPECT_TRUE(capture.starts_with("1MOyoQIABA")) << capture;  // d4c3b2a1, version 2.4
}

TEST_F(ClientExamples, GetTemplate) {
    // "{\n  \"fileType\""
    const std::string text = reply_to("get_template.json")["result"];
    EXPECT_TRUE(text.starts_with("ewogICJmaWxlVHlwZSI")) << text;
}

TEST_F(ClientExamples, GetDefinitions) {
    const json protocols = reply_to("get_definitions.json")["result"]["protocols"];
    ASSERT_EQ(protocols.size(), 2U);
    EXPECT_EQ(protocols[0]["id"], "Ether");
    EXPECT_EQ(protocols[1]["id"], "VXLAN");
}

TEST_F(ClientExamples, EveryRequestIsTested) {
    const std::set<std::string> tested{"batch.json",
                                       "build_pkt.json",
                                       "build_pkt_ex.json",
                                       "decompile_vm_raw.json",
                                       "dissect.json",
                                       "get_definitions.json",
                                       "get_payload_classes.json",
                                       "get_template.json",
                                       "get_version.json",
                                       "load_instruction_parameter_values.json",
                                       "read_pcap.json",
                                       "reconstruct_pkt.json",
                                       "run_field_engine.json",
                                       "write_pcap.json"};
    std::set<std::string> there;
    for (const auto& entry :
         fs::directory_iterator(fs::path(FRAMEWRIGHT_SOURCE_DIRECTORY) / "client_examples/requests")) {
        there.insert(entry.path().filename());
    }
    EXPECT_EQ(there, tested);
}

}  // namespace
}  // namespace framewright::tests
