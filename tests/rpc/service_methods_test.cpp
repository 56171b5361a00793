#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <string>

#include "protocol_db/base64.hpp"
#include "rpc/service.hpp"
#include "tests/scratch_directory.hpp"

namespace framewright::rpc {
namespace {

using nlohmann::json;

class ServiceMethods : public ::testing::Test {
protected:
    json call(const std::string& method, const json& params) const {
        return json::parse(
            service.handle(json{{"jsonrpc", "2.0"}, {"id", "1"}, {"method", method}, {"params", params}}.dump()));
    }
    json result(const std::string& method, const json& params) const {
        const json answer = call(method, params);
        EXPECT_TRUE(answer.contains("result")) << answer.dump();
        return answer.value("result", json());
    }
    json error(const std::string& method, const json& params) const {
        const json answer = call(method, params);
        EXPECT_TRUE(answer.contains("error")) << answer.dump();
        return answer.value("error", json::object());
    }

    Service service;
};

json field(const std::string& id, const json& value) {
    return {{"id", id}, {"value", value}};
}

TEST_F(ServiceMethods, BuildNamesTheLayerFieldAndValueThatAreWrong) {
    const json wrong =
        error("build_pkt",
              json::array({json::array({json{{"id", "Ether"}}, json{{"id", "IP"}, {"fields", {field("ttl", 256)}}}})}));
    EXPECT_EQ(wrong.at("code"), -32603);
    EXPECT_EQ(wrong.at("message"),
              "Invalid params: layer 1 (IP), field ttl, value 256: does not fit into 8 bits (0 to 255)");
    EXPECT_EQ(wrong.at("data").at("layer"), 1);
    EXPECT_EQ(wrong.at("data").at("id"), "IP");
    EXPECT_EQ(wrong.at("data").at("field"), "ttl");
    EXPECT_EQ(wrong.at("data").at("value"), "256");
    EXPECT_EQ(wrong.at("data").at("method"), "build_pkt");
}

TEST_F(ServiceMethods, AnExpressionThatCannotBeReadIsASyntaxError) {
    const json value{{"vtype", "EXPRESSION"}, {"expr", "[('MSS', "}};
    const json wrong =
        error("build_pkt", json::array({json::array({json{{"id", "TCP"}, {"fields", {field("options", value)}}}})}));
    EXPECT_EQ(wrong.at("code"), -32097);
    EXPECT_TRUE(wrong.at("message").get<std::string>().starts_with("Syntax Error")) << wrong;
}

TEST_F(ServiceMethods, APlainTextMayHoldAnExpression) {
    const json built =
        result("build_pkt",
               json::array({json::array({json{{"id", "TCP"}, {"fields", {field("options", "[('MSS', 1460)]")}}}})}));
    // RFC 9293 section 3.1: kind 2, length 4, and the size.
    const Bytes bytes = *base64_decode(built.at("binary").get<std::string>());
    EXPECT_EQ(Bytes(bytes.begin() + 20, bytes.end()), (Bytes{2, 4, 5, 180}));
}

TEST_F(ServiceMethods, NumbersBeyond64BitsGoInAndOut) {
    const std::string request =
        R"({"jsonrpc":"2.0","id":1,"method":"build_pkt","params":[[{"id":"MIP6OptBindingAuthData",)"
        R"("fields":[{"id":"authenticator","value":79228162514264337593543950335}]}]]})";
    const std::string reply = service.handle(request);
    EXPECT_NE(reply.find("\"value\":79228162514264337593543950335"), std::string::npos) << reply;
    EXPECT_NE(reply.find(base64_encode(Bytes{5, 16, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255})),
              std::string::npos);
}

TEST_F(ServiceMethods, ReconstructChangesCutsAndAppends) {
    const json frame =
        result("build_pkt",
               json::array({json::array({json{{"id", "Ether"}}, json{{"id", "IP"}}, json{{"id", "UDP"}}})}))
            .at("binary");
    const json changed =
        result("reconstruct_pkt",
               {frame, json::array({json{{"id", "Ether"}}, json{{"id", "IP"}, {"fields", {field("ttl", "1")}}}})});
    EXPECT_EQ(changed.at("data").at(1).at("fields").at(7).at("value"), 1);
    EXPECT_EQ(changed.at("data").size(), 3U);
    const json cut =
        result("reconstruct_pkt", {frame, json::array({json{{"id", "Ether"}}, json{{"id", "IP"}, {"delete", true}}})});
    EXPECT_EQ(cut.at("data").size(), 1U);
    const json nothing = result("reconstruct_pkt", {frame, json::array({json{{"id", "Ether"}, {"delete", true}}})});
    EXPECT_EQ(nothing, (json{{"binary", nullptr}, {"data", json::array()}}));
    const json more =
        result("reconstruct_pkt", {frame, json::array({json{{"id", "Ether"}}, json{{"id", "IP"}}, json{{"id", "UDP"}},
                                                       json{{"id", "Raw"}, {"fields", {field("load", "x")}}}})});
    EXPECT_EQ(more.at("data").size(), 4U);
    EXPECT_NE(error("reconstruct_pkt", {frame, json::array({json{{"id", "IP"}}})})
                  .at("message")
                  .get<std::string>()
                  .find("the packet has Ether there"),
              std::string::npos);
}

TEST_F(ServiceMethods, CapturesGoOutAndComeBack) {
    const json frame =
        result("build_pkt", json::array({json::array({json{{"id", "Ether"}}, json{{"id", "ARP"}}})})).at("binary");
    const json file = result("write_pcap", json::array({json::array({frame, frame})}));
    const json packets = result("read_pcap", json::array({file}));
    ASSERT_EQ(packets.size(), 2U);
    EXPECT_EQ(packets.at(1).at("binary"), frame);
    EXPECT_EQ(packets.at(1).at("data").at(1).at("id"), "ARP");
    EXPECT_EQ(error("read_pcap", json::array({"bm90IGEgY2FwdHVyZQ=="})).at("code"), -32098);
}

TEST_F(ServiceMethods, TheDatabaseIsToldAndCheckedByItsSums) {
    const json all = result("get_all", json::array());
    EXPECT_EQ(all.at("db").at("ARP").at(0), (json{"hwtype", "XShortField", "(1)"}));
    EXPECT_EQ(all.at("db").at("IP").at(0), (json{"version", "BitField (4 bits)", "(4)"}));
    EXPECT_EQ(all.at("fields").at("ByteField"), "empty");
    const json& protocols = all.at("db_md5");
    const json& fields = all.at("fields_md5");
    for (const char* const method : {"check_update", "check_update_of_dbs"}) {
        EXPECT_EQ(result(method, {protocols, fields}), true);
        EXPECT_EQ(error(method, {protocols, "x"}).at("message"), "Scapy Server: Fields DB is not up to date");
        EXPECT_EQ(error(method, {"x", fields}).at("message"), "Scapy Server: Protocol DB is not up to date");
    }
}

TEST_F(ServiceMethods, DefinitionsAreWhatTheEditorCanRead) {
    static const std::set<std::string> kTypes{"STRING",     "NUMBER",      "ENUM",       "BYTES",       "BITMASK",
                                              "EXPRESSION", "MAC_ADDRESS", "IP_ADDRESS", "TCP_OPTIONS", "IP_OPTIONS"};
    const json definitions = result("get_definitions", json::array({nullptr}));
    EXPECT_GT(definitions.at("protocols").size(), 160U);
    for (const json& protocol : definitions.at("protocols")) {
        for (const json& described : protocol.at("fields")) {
            const std::string name = protocol.at("id").get<std::string>() + "." + described.at("id").get<std::string>();
            const std::string type = described.value("type", "STRING");
            EXPECT_TRUE(kTypes.contains(type)) << name;
            if (type == "ENUM") {
                EXPECT_FALSE(described.at("values_dict").empty()) << name;
            }
            for (const json& number : described.value("values_dict", json::object())) {
                EXPECT_TRUE(number.is_number_integer()) << name;
            }
            for (const char* const bound : {"min", "max"}) {
                if (described.contains(bound)) {
                    EXPECT_LE(described.at(bound).get<std::int64_t>(), 2147483647) << name;
                    EXPECT_TRUE(described.at(bound).is_number_integer()) << name;
                }
            }
            if (described.contains("regex")) {
                EXPECT_NO_THROW(std::regex(described.at("regex").get<std::string>())) << name;
            }
            for (const json& member : described) {
                EXPECT_FALSE(member.is_null()) << name;
            }
        }
    }
    EXPECT_EQ(result("get_definitions", json::array({json::array({"TCP"})})).at("protocols").at(0).at("id"), "TCP");
    EXPECT_EQ(definitions.at("feParameters").at(0).at("id"), "cache_size");
}

TEST_F(ServiceMethods, TheTreeLeadsFromEthernetUp) {
    const json tree = result("get_tree", json::array()).at("ALL");
    EXPECT_TRUE(tree.at("Ether").at("IP").at("UDP").contains("VXLAN"));
    EXPECT_TRUE(tree.at("Ether").at("Dot1Q").contains("IP"));
}

TEST_F(ServiceMethods, EveryTemplateBuildsAndReadsBack) {
    const json templates = result("get_templates", json::array());
    EXPECT_GE(templates.size(), 25U);
    for (const json& entry : templates) {
        EXPECT_FALSE(entry.at("meta").at("name").get<std::string>().empty());
        const Bytes text =
            *base64_decode(result("get_template", json::array({json{{"id", entry.at("id")}}})).get<std::string>());
        const json document = json::parse(text);
        const json built = result("build_pkt", json::array({document.at("packet")}));
        for (const json& layer : built.at("data")) {
            EXPECT_EQ(layer.at("valid_structure"), true) << entry.at("id") << " " << layer.at("id");
        }
    }
}

// Clients know templates by the ids that the reference server gives them.
TEST_F(ServiceMethods, TheReferenceServersTemplatesAreThere) {
    std::set<std::string> folders;
    std::set<std::string> names;
    std::set<std::string> ids;
    for (const json& entry : result("get_templates", json::array())) {
        const std::string id = entry.at("id");
        ids.insert(id);
        const std::size_t slash = id.rfind('/');
        names.insert(id.substr(slash + 1));
        if (slash != std::string::npos) {
            folders.insert(id.substr(0, id.find('/')));
        }
    }
    for (const char* const id : {"ARP/ARP-REPLY", "ARP/ARP-REQUEST", "DHCP/DHCP-ACK", "DHCP/DHCP-DISCOVER",
                                 "DHCP/DHCP-REQUEST", "ICMP echo request", "IGMP-JOIN", "IPv4/ICMP", "IPv4/TCP",
                                 "IPv4/UDP", "IPv6/ICMP", "IPv6/TCP", "IPv6/UDP", "TCP-SYN"}) {
        EXPECT_TRUE(ids.contains(id)) << id;
    }
    // A menu of both would have two entries of one name.
    for (const std::string& folder : folders) {
        EXPECT_FALSE(names.contains(folder)) << folder;
    }
}

// An editor writes back what it shows: octets that are shown as text can be, `<binary>` cannot.
TEST_F(ServiceMethods, TemplatesHoldWhatAnEditorCanWriteBack) {
    const std::set<std::string> octet_fields{"chaddr", "sname", "file", "data", "load"};
    for (const json& entry : result("get_templates", json::array())) {
        SCOPED_TRACE(entry.at("id").get<std::string>());
        const Bytes text =
            *base64_decode(result("get_template", json::array({json{{"id", entry.at("id")}}})).get<std::string>());
        const json layers = json::parse(text).at("packet");
        const json built = result("build_pkt", json::array({layers}));
        for (std::size_t index = 0; index < layers.size(); ++index) {
            const json& layer = layers.at(index);
            EXPECT_TRUE(layer.at("fields").is_array());
            // Ports follow from what stands above; DHCP alone has two ways.
            const bool has_ports = layer.at("id") == "UDP" || layer.at("id") == "TCP";
            const bool is_dhcp = index + 1 < layers.size() && layers.at(index + 1).at("id") == "BOOTP";
            for (const json& field : layer.at("fields")) {
                const bool is_port = field.at("id") == "sport" || field.at("id") == "dport";
                EXPECT_FALSE(has_ports && is_port && !is_dhcp) << layer.at("id");
            }
            for (const json& field : built.at("data").at(index).at("fields")) {
                if (octet_fields.contains(field.at("id"))) {
                    EXPECT_NE(field.at("hvalue"), "<binary>") << layer.at("id") << " " << field.at("id");
                }
            }
        }
    }
}

TEST_F(ServiceMethods, NoTemplateLiesOutsideOfItsDirectory) {
    for (const char* const id : {"../secret", "IPv4/../../secret", "/etc/passwd", "..", "a\\..\\b"}) {
        EXPECT_EQ(result("get_template", json::array({json{{"id", id}}})), "") << id;
    }
    EXPECT_EQ(error("get_template", json::array({json{{"id", "No/Such"}}})).at("code"), -32098);
}

TEST(TemplateDirectory, FoldersBecomeIdsAndLinksAreNotFollowed) {
    const tests::ScratchDirectory directory;
    directory.write("Mine/Deep/One.trp", R"({"packet": [], "metadata": {"caption": "First"}})");
    const std::filesystem::path secret = directory.write("secret.txt", R"({"packet": []})");
    std::filesystem::create_symlink(secret, directory.path() / "Link.trp");
    const TemplateStore store({directory.path()});
    ASSERT_NE(store.find("Mine/Deep/One"), nullptr);
    EXPECT_EQ(store.find("Mine/Deep/One")->name, "First");
    EXPECT_EQ(store.find("Link"), nullptr);
}

TEST(TemplateDirectory, EveryLayerIsServedWithFields) {
    const tests::ScratchDirectory directory;
    directory.write("Bare.trp",
                    R"({"version": "1", "packet": [{"id": "Ether", "fields": [{"id": "type", "value": "0x800"}]},)"
                    R"({"id": "GRE"}, {"id": "IP", "fields": null}]})");
    const std::string whole = R"({"packet": [{"id": "IP", "fields": []}]})";
    directory.write("Whole.trp", whole);
    const TemplateStore store({directory.path()});
    ASSERT_NE(store.find("Bare"), nullptr);
    EXPECT_EQ(
        json::parse(store.find("Bare")->text),
        json::parse(R"({"version": "1", "packet": [{"id": "Ether", "fields": [{"id": "type", "value": "0x800"}]},)"
                    R"({"id": "GRE", "fields": []}, {"id": "IP", "fields": []}]})"));
    EXPECT_EQ(store.find("Whole")->text, whole);
    for (const auto& [id, entry] : store.templates()) {
        const json served = json::parse(entry.text);
        for (const json& layer : served.at("packet")) {
            EXPECT_TRUE(layer.at("fields").is_array()) << id;
        }
    }
}

TEST(TemplateDirectory, WhatIsNoTemplateIsNamed) {
    const tests::ScratchDirectory directory;
    directory.write("Broken.trp", "{");
    EXPECT_THROW(TemplateStore({directory.path()}), TemplateError);
    directory.write("Broken.trp", std::string(kMaximumTemplateSize + 1, ' '));
    EXPECT_THROW(TemplateStore({directory.path()}), TemplateError);
    EXPECT_THROW(TemplateStore({directory.path() / "nothing"}), TemplateError);
}

}  // namespace
}  // namespace framewright::rpc
