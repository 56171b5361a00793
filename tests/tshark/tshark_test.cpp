// tshark reads what we build: for each family of protocols, stacks from the link layer up, of stacks.json.
//
// A layer there is an id, or an object that gives the fields of the id. It has fields where the defaults alone are no
// message of its protocol (an empty key, a count of 0), and where tshark goes by them (ports, a length).
#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "protocol_db/base64.hpp"
#include "protocol_db/capture/capture.hpp"
#include "protocol_db/loader/loader.hpp"
#include "rpc/service.hpp"
#include "tests/conformance/records.hpp"
#include "tests/documentation/script.hpp"
#include "tests/scratch_directory.hpp"

namespace framewright::tests {
namespace {

using nlohmann::json;

const json& stacks() {
    static const json stacks = json::parse(
        std::ifstream(std::filesystem::path(FRAMEWRIGHT_SOURCE_DIRECTORY) / "tests/tshark/stacks.json"))["stacks"];
    return stacks;
}

const model::Database& database() {
    static const auto loaded = loader::load_built_in();
    return *loaded;
}

/// The families that have protocols, as stacks.json names them: by their files, without the ending.
std::set<std::string> families() {
    std::set<std::string> families;
    for (const auto& protocol : database().protocols()) {
        families.insert(std::filesystem::path(protocol->file).stem());
    }
    return families;
}

std::string id_of(const json& layer) {
    return layer.is_object() ? layer.begin().key() : layer.get<std::string>();
}

/// Whether all protocols of the stack are built in. One that is not must be of the catalogue at least.
bool is_built_in(const json& stack) {
    static const std::set<std::string> catalogue = conformance::recorded_protocols();
    bool all = true;
    for (const json& layer : stack.at("layers")) {
        const std::string id = id_of(layer);
        const bool is_there = database().find(id) != nullptr;
        EXPECT_TRUE(is_there || catalogue.contains(id)) << id << " in " << stack;
        all = all && is_there;
    }
    return all;
}

json model_of(const json& stack) {
    json model = json::array();
    for (const json& layer : stack.at("layers")) {
        const json values = layer.is_object() ? layer.begin().value() : json::object();
        json fields = json::array();
        for (const auto& [field, value] : values.items()) {
            fields.push_back({{"id", field}, {"value", value}});
        }
        model.push_back({{"id", id_of(layer)}, {"fields", fields}});
    }
    return model;
}

Bytes built(const json& stack) {
    static const rpc::Service service{rpc::ServiceOptions{}};
    const json request{{"jsonrpc", "2.0"}, {"id", 1}, {"method", "build_pkt"}, {"params", {model_of(stack)}}};
    const json reply = json::parse(service.handle(request.dump()));
    EXPECT_TRUE(reply.contains("result")) << stack << reply;
    return reply.contains("result") ? base64_decode(reply["result"]["binary"].get<std::string>()).value() : Bytes{};
}

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts(1);
    for (const char character : text) {
        if (character == separator) {
            parts.emplace_back();
        } else {
            parts.back() += character;
        }
    }
    return parts;
}

/// Has tshark read a capture of the stacks, which begin with the same link layer.
void expect_read(const std::vector<json>& stacks, int link_type) {
    std::vector<Bytes> packets;
    std::set<std::string> protocols;
    std::string decode_as;
    for (const json& stack : stacks) {
        packets.push_back(built(stack));
        protocols.insert(stack.at("protocol").get<std::string>());
        decode_as += stack.contains("decode_as") ? " -d " + stack["decode_as"].get<std::string>() : "";
    }
    const ScratchDirectory directory;
    const Bytes capture = capture::write_capture(packets, link_type);
    std::ofstream(directory.path() / "packets.pcap", std::ios::binary)
        .write(reinterpret_cast<const char*>(capture.data()), static_cast<std::streamsize>(capture.size()));
    std::string script = "tshark -r packets.pcap" + decode_as + " -T fields -e frame.protocols -e _ws.malformed";
    for (const std::string& protocol : protocols) {
        script += " -e " + protocol;
    }
    const ScriptResult result = run_script(script, directory.path());
    ASSERT_EQ(result.status, 0) << result.error;
    const std::vector<std::string> lines = split(result.output, '\n');
    ASSERT_EQ(lines.size(), stacks.size() + 1) << result.output;
    for (std::size_t i = 0; i < stacks.size(); ++i) {
        constexpr std::size_t kMalformed = 1;
        const std::vector<std::string> columns = split(lines[i], '\t');
        ASSERT_EQ(columns.size(), protocols.size() + 2) << lines[i];
        const auto protocol = protocols.find(stacks[i].at("protocol").get<std::string>());
        const auto column = static_cast<std::size_t>(std::distance(protocols.begin(), protocol));
        EXPECT_NE(columns[kMalformed + 1 + column], "") << stacks[i] << " is read as " << columns.front();
        EXPECT_EQ(columns[kMalformed], "") << stacks[i] << " is read as " << columns.front();
    }
}

TEST(Tshark, ReadsStacksOfEveryFamily) {
    if (!is_program_there("tshark")) {
        GTEST_SKIP() << "needs the Debian package tshark";
    }
    std::map<int, std::vector<json>> of_link_type;
    for (const json& stack : stacks()) {
        if (stack.contains("layers") && is_built_in(stack)) {
            of_link_type[stack.value("link_type", capture::kLinkTypeEthernet)].push_back(stack);
        }
    }
    for (const auto& [link_type, stacks_of_it] : of_link_type) {
        expect_read(stacks_of_it, link_type);
    }
}

TEST(Tshark, HasAStackOfEveryFamilyOrAReasonWhyNot) {
    std::set<std::string> listed;
    for (const json& stack : stacks()) {
        EXPECT_NE(stack.contains("layers"), stack.contains("exception")) << stack;
        listed.insert(stack.at("family").get<std::string>());
    }
    for (const std::string& family : families()) {
        EXPECT_TRUE(listed.contains(family)) << family;
    }
}

}  // namespace
}  // namespace framewright::tests
