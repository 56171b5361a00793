// A user's protocols in every method; reading them again; packets that do not begin with Ethernet.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "protocol_db/base64.hpp"
#include "protocol_db/loader/loader.hpp"
#include "rpc/error.hpp"
#include "rpc/service.hpp"
#include "tests/scratch_directory.hpp"

namespace framewright::rpc {
namespace {

using nlohmann::json;

/// A user's protocol on UDP port 1337: one byte, whose default is given.
std::string mine(const std::string& id = "Mine", int number = 7, const std::string& label = "X") {
    return R"({"protocols": [{"id": ")" + id + R"(", "fields": [{"id": "x", "type": "ByteField", "default": )" +
           std::to_string(number) + R"(, "label": ")" + label +
           R"(", "help": "Any <b>byte</b>."}], "help": "A test.", "under": [{"protocol": "UDP", "fields": {"dport": 1337}}]}]})";
}

json call(const Service& service, const std::string& method, const json& params) {
    return json::parse(
        service.handle(json{{"jsonrpc", "2.0"}, {"id", "1"}, {"method", method}, {"params", params}}.dump()));
}

json layers(const std::vector<std::string>& ids) {
    json model = json::array();
    for (const std::string& id : ids) {
        model.push_back({{"id", id}});
    }
    return json::array({model});
}

std::vector<std::string> ids_of(const json& packet) {
    std::vector<std::string> ids;
    for (const json& layer : packet.at("data")) {
        ids.push_back(layer.at("id").get<std::string>());
    }
    return ids;
}

class UserProtocols : public ::testing::Test {
protected:
    ServiceOptions options() const { return {.protocol_directories = {directory.path()}, .template_directories = {}}; }

    static json result(const Service& service, const std::string& method, const json& params = json::array()) {
        const json answer = call(service, method, params);
        EXPECT_TRUE(answer.contains("result")) << answer.dump();
        return answer.value("result", json());
    }
    static json error(const Service& service, const std::string& method, const json& params = json::array()) {
        const json answer = call(service, method, params);
        EXPECT_TRUE(answer.contains("error")) << answer.dump();
        return answer.value("error", json::object());
    }

    tests::ScratchDirectory directory;
};

TEST_F(UserProtocols, HelpEndsWithTheSource) {
    directory.write("mine.json", R"({"protocols": [{"id": "Mine", "help": "A test.", "source": "RFC 1 section 2"},
                                                   {"id": "Other", "source": "RFC 3"}]})");
    const Service service(options());
    const auto help_of = [&](const char* id) {
        const json reply = result(service, "get_definitions", json::array({json::array({id})}));
        const Bytes octets = *base64_decode(reply.at("protocols").at(0).at("help").get<std::string>());
        return std::string(octets.begin(), octets.end());
    };
    EXPECT_EQ(help_of("Mine"), "A test. Source: RFC 1 section 2");
    EXPECT_EQ(help_of("Other"), "Source: RFC 3");
}

TEST_F(UserProtocols, ShowUpInEveryMethod) {
    directory.write("mine.json", mine());
    const Service service(options());
    const Service built_in;

    const json all = result(service, "get_all");
    EXPECT_EQ(all.at("db").at("Mine"), json::array({json::array({"x", "ByteField", "(7)"})}));
    EXPECT_NE(all.at("db_md5"), result(built_in, "get_all").at("db_md5"));
    const json definition = result(service, "get_definitions", json::array({json::array({"Mine"})}));
    EXPECT_EQ(definition.at("protocols").at(0).at("fields").at(0).at("name"), "X");
    EXPECT_EQ(definition.at("protocols").at(0).at("fields").at(0).at("help"), "QW55IDxiPmJ5dGU8L2I+Lg==");
    EXPECT_EQ(definition.at("protocols").at(0).at("help"), "QSB0ZXN0Lg==");
    EXPECT_TRUE(result(service, "get_tree").at("ALL").at("Ether").at("IP").at("UDP").contains("Mine"));
    const json payloads = result(service, "get_payload_classes", layers({"Ether", "IP", "UDP"}));
    EXPECT_NE(std::find(payloads.begin(), payloads.end(), "Mine"), payloads.end()) << payloads;

    const json built = result(service, "build_pkt", layers({"Ether", "IPv6", "UDP", "Mine"}));
    EXPECT_EQ(built.at("data").at(3).at("real_id"), "Mine");
    const json& binary = built.at("binary");
    // UDP's ports (RFC 768), and the one byte at the end.
    const Bytes octets = *base64_decode(binary.get<std::string>());
    EXPECT_EQ(Bytes(octets.begin() + 54, octets.begin() + 58), (Bytes{0, 53, 5, 57}));
    EXPECT_EQ(octets.back(), 7);
    const json read = result(service, "reconstruct_pkt", json::array({binary}));
    EXPECT_EQ(ids_of(read), (std::vector<std::string>{"Ether", "IPv6", "UDP", "Mine"}));
    const json file = result(service, "write_pcap", json::array({json::array({binary})}));
    EXPECT_EQ(ids_of(result(service, "read_pcap", json::array({file})).at(0)).back(), "Mine");
    // 14 bytes of Ethernet, 20 of IPv4, 8 of UDP; the third packet counts up by two.
    const json program = json::parse(R"({"field_engine": {"instructions": [
        {"id": "STLVmFlowVar", "parameters": {"name": "v", "size": 1, "min_value": 7}},
        {"id": "STLVmWrFlowVar", "parameters": {"fv_name": "v", "pkt_offset": "Mine.x"}}]}})");
    const json model = layers({"Ether", "IP", "UDP", "Mine"}).at(0);
    const json run = result(service, "run_field_engine", {model, program, 3});
    EXPECT_EQ(run.at("field_engine").at("instructions").at("instructions").at(1).at("pkt_offset"), 42);
    EXPECT_EQ(run.at("packets").at(2).at("changes").at(0).at("id"), "Mine");
    EXPECT_EQ(run.at("packets").at(2).at("changes").at(0).at("value"), 9);
}

// What results show of fields that share an id builds the same bytes, as values and as texts.
TEST_F(UserProtocols, FieldsThatShareAnIdRoundTrip) {
    directory.write("mine.json", R"({"protocols": [{"id": "Mine", "fields": [{"id": "kind", "type": "ByteField"},
        {"id": "v", "type": "StrFixedLenField", "length": 2, "when": "kind & 1"},
        {"id": "v", "type": "IPField", "when": "kind & 2"}, {"id": "v", "type": "IntField", "when": "kind & 4"},
        {"id": "v", "type": "ByteField", "when": "kind & 8"}]}]})");
    const Service service(options());
    const auto mine_with = [](const json& fields) {
        return json::array({json::array({json{{"id", "Mine"}, {"fields", fields}}})});
    };
    const json octets{{"vtype", "BYTES"}, {"base64", "/wA="}};
    const std::vector<std::pair<int, std::vector<json>>> packets{{1, {octets}},
                                                                 {2, {"10.0.0.1"}},
                                                                 {4, {70000}},
                                                                 {8, {7}},
                                                                 {3, {octets, "10.0.0.1"}},
                                                                 {6, {nullptr, "10.0.0.1", 70000}},
                                                                 {12, {nullptr, nullptr, 70000, 7}},
                                                                 {15, {octets, "10.0.0.1", 1, 2}}};
    for (const auto& [kind, values] : packets) {
        json fields = json::array({{{"id", "kind"}, {"value", kind}}});
        for (const json& value : values) {
            fields.push_back({{"id", "v"}, {"value", value}});
        }
        const json built = result(service, "build_pkt", mine_with(fields));
        for (const char* const member : {"value", "hvalue"}) {
            json back = json::array();
            for (const json& field : built.at("data").at(0).at("fields")) {
                const bool is_object = field.at("value").is_object();
                back.push_back({{"id", field.at("id")}, {"value", field.at(is_object ? "value" : member)}});
            }
            const json again = result(service, "build_pkt", mine_with(back));
            EXPECT_EQ(again.at("binary"), built.at("binary")) << kind << " " << back;
        }
    }
}

TEST_F(UserProtocols, OfFieldsThatShareAnIdTheOneInThePacketRefusesAValue) {
    directory.write("mine.json", R"({"protocols": [{"id": "Mine", "fields": [{"id": "kind", "type": "ByteField"},
        {"id": "v", "type": "IPField", "when": "kind == 1"}, {"id": "v", "type": "ShortField", "when": "kind == 2"}]}]})");
    const Service service(options());
    const auto model = [](int kind, const json& value) {
        return json::array({json::array(
            {{{"id", "Mine"}, {"fields", {{{"id", "v"}, {"value", value}}, {{"id", "kind"}, {"value", kind}}}}}})});
    };
    EXPECT_EQ(result(service, "build_pkt", model(2, 7)).at("binary"), "AgAH");
    EXPECT_EQ(result(service, "build_pkt", model(1, "10.0.0.1")).at("binary"), "AQoAAAE=");
    const json refused = error(service, "build_pkt", model(2, "10.0.0.1"));
    EXPECT_EQ(refused.at("code"), kInvalidParams);
    EXPECT_EQ(refused.at("message"), "Invalid params: layer 0 (Mine), field v, value '10.0.0.1': not a whole number");
}

TEST_F(UserProtocols, ProgramsWriteLittleEndianFieldsAsSuch) {
    directory.write("mine.json", R"({"protocols": [{"id": "Mine", "fields": [{"id": "x", "type": "LEShortField"}],)"
                                 R"("under": [{"protocol": "UDP", "fields": {"dport": 1337}}]}]})");
    const Service service(options());
    const json program = json::parse(R"({"field_engine": {"instructions": [
        {"id": "STLVmFlowVar", "parameters": {"name": "v", "size": 2, "min_value": 258, "max_value": 300}},
        {"id": "STLVmWrFlowVar", "parameters": {"fv_name": "v", "pkt_offset": "Mine.x"}}]}})");
    const json run = result(service, "run_field_engine", {layers({"Ether", "IP", "UDP", "Mine"}).at(0), program, 1});
    EXPECT_EQ(run.at("packets").at(0).at("changes").at(0).at("value"), 258);
    const Bytes octets = base64_decode(run.at("packets").at(0).at("binary").get<std::string>()).value();
    EXPECT_EQ(octets.at(42), 2);  // 258 = 0x0102
    EXPECT_EQ(octets.at(43), 1);
    // A variable that fits the field keeps its byte order as well: 258 and on.
    const json fitting = json::parse(R"({"field_engine": {"instructions": [
        {"id": "STLVmFlowVar", "parameters": {"name": "v", "size": "auto", "max_value": "auto", "init_value": 258}},
        {"id": "STLVmWrFlowVar", "parameters": {"fv_name": "v", "pkt_offset": "Mine.x"}}]}})");
    const json fitted = result(service, "run_field_engine", {layers({"Ether", "IP", "UDP", "Mine"}).at(0), fitting, 2});
    EXPECT_EQ(fitted.at("packets").at(1).at("changes").at(0).at("value"), 259);
}

TEST_F(UserProtocols, ShowUpInTheTreeWhereverTheyStand) {
    directory.write("mine.json", mine());
    directory.write("upper.json", R"({"protocols": [{"id": "Upper", "under": [{"protocol": "Mine"}]},)"
                                  R"({"id": "Uppermost", "under": [{"protocol": "Upper"}]}]})");
    const Service service(options());
    const json udp = result(service, "get_tree").at("ALL").at("Ether").at("IP").at("UDP");
    EXPECT_TRUE(udp.at("Mine").at("Upper").contains("Uppermost")) << udp;
}

TEST_F(UserProtocols, TheTreeStaysBoundedWhateverStandsOnEachOther) {
    constexpr int kCount = 60;
    std::string text;
    for (int upper = 0; upper < kCount; ++upper) {
        text += (upper == 0 ? "" : ",") + (R"({"id": "P)" + std::to_string(upper)) +
                R"(", "under": [{"protocol": "Ether"})";
        for (int lower = 0; lower < kCount; ++lower) {
            text += R"(,{"protocol": "P)" + std::to_string(lower) + R"("})";
        }
        text += "]}";
    }
    directory.write("all.json", R"({"protocols": [)" + text + "]}");
    const Service service(options());
    const std::string tree = result(service, "get_tree").dump();
    EXPECT_GT(tree.size(), 1U << 20U);
    EXPECT_LT(tree.size(), 8U << 20U);
}

TEST_F(UserProtocols, ThatCannotBeUsedAreRefusedAtTheStart) {
    directory.write("mine.json", mine("UDP"));
    EXPECT_THROW(Service{options()}, loader::DefinitionError);
    directory.write("mine.json", mine());
    EXPECT_NO_THROW(Service{options()});
    ServiceOptions elsewhere = options();
    elsewhere.protocol_directories.push_back(directory.path() / "none");
    EXPECT_THROW(Service{elsewhere}, loader::DefinitionError);
}

TEST_F(UserProtocols, AreReadAgain) {
    directory.write("mine.json", mine());
    Service service(options());
    const json before = result(service, "get_all");
    const json sums{before.at("db_md5"), before.at("fields_md5")};
    EXPECT_EQ(result(service, "reload_protocols"), (json{{"protocols", 1}, {"changed", false}}));
    EXPECT_EQ(result(service, "check_update", sums), true);

    directory.write("other.json", mine("Other"));
    EXPECT_EQ(result(service, "reload_protocols"), (json{{"protocols", 2}, {"changed", true}}));
    EXPECT_EQ(error(service, "check_update", sums).at("message"), "Scapy Server: Protocol DB is not up to date");
    EXPECT_TRUE(result(service, "get_all").at("db").contains("Other"));

    std::filesystem::remove(directory.path() / "other.json");
    std::filesystem::remove(directory.path() / "mine.json");
    EXPECT_EQ(result(service, "reload_protocols"), (json{{"protocols", 0}, {"changed", true}}));
    EXPECT_FALSE(result(service, "get_all").at("db").contains("Mine"));
    EXPECT_TRUE(error(service, "build_pkt", layers({"Mine"})).at("message").get<std::string>().find("Mine") !=
                std::string::npos);
}

TEST_F(UserProtocols, AClientsCopyIsOldWhateverChanged) {
    // get_all shows neither labels nor bindings, but its sums tell the definitions apart.
    directory.write("mine.json", mine("Mine", 7, "X"));
    Service service(options());
    const json before = result(service, "get_all");
    directory.write("mine.json", mine("Mine", 7, "Y"));
    EXPECT_EQ(result(service, "reload_protocols").at("changed"), true);
    const json after = result(service, "get_all");
    EXPECT_EQ(after.at("db"), before.at("db"));
    EXPECT_EQ(error(service, "check_update", {before.at("db_md5"), before.at("fields_md5")}).at("code"), -32098);
    EXPECT_EQ(result(service, "check_update", {after.at("db_md5"), after.at("fields_md5")}), true);
}

TEST_F(UserProtocols, AMistakeLeavesInForceWhatWas) {
    directory.write("mine.json", mine());
    Service service(options());
    const json before = result(service, "get_all");
    directory.write("added.json", mine("Added"));
    const std::string path = directory
                                 .write("wrong.json",
                                        "{\"protocols\": [\n{\"id\": \"Wrong\", \"fields\": [\n{\"id\": \"y\", "
                                        "\"type\": \"BitField\"}]}]}")
                                 .string();
    const json wrong = error(service, "reload_protocols");
    EXPECT_EQ(wrong.at("code"), -32098);
    EXPECT_EQ(wrong.at("message"), "Scapy Server: " + path + ":3: protocol Wrong: field y: \"bits\" is missing");
    EXPECT_EQ(wrong.at("data"), (json{{"file", path},
                                      {"line", 3},
                                      {"protocol", "Wrong"},
                                      {"field", "y"},
                                      {"reason", "\"bits\" is missing"},
                                      {"method", "reload_protocols"}}));
    EXPECT_EQ(result(service, "get_all"), before);
    EXPECT_EQ(result(service, "check_update", {before.at("db_md5"), before.at("fields_md5")}), true);

    std::filesystem::remove(path);
    EXPECT_EQ(result(service, "reload_protocols"), (json{{"protocols", 2}, {"changed", true}}));
}

TEST_F(UserProtocols, TemplatesAreReadAgainToo) {
    Service service({.protocol_directories = {}, .template_directories = {directory.path()}});
    directory.write("New.trp", R"({"packet": []})");
    EXPECT_EQ(error(service, "get_template", json::array({json{{"id", "New"}}})).at("code"), -32098);
    EXPECT_EQ(result(service, "reload_protocols"), (json{{"protocols", 0}, {"changed", false}}));
    EXPECT_TRUE(result(service, "get_template", json::array({json{{"id", "New"}}})).is_string());
    directory.write("Wrong.trp", "{");
    EXPECT_EQ(error(service, "reload_protocols").at("code"), -32098);
    EXPECT_TRUE(result(service, "get_template", json::array({json{{"id", "New"}}})).is_string());
}

TEST_F(UserProtocols, AMessageIsAnsweredFromTheDefinitionsThatItBeganWith) {
    directory.write("mine.json", mine("Mine", 1));
    Service service(options());
    directory.write("mine.json", mine("Mine", 2));
    const json build{{"jsonrpc", "2.0"}, {"id", 1}, {"method", "build_pkt"}, {"params", layers({"Mine"})}};
    const json batch = json::array({build, {{"jsonrpc", "2.0"}, {"id", 2}, {"method", "reload_protocols"}}, build});
    const json replies = json::parse(service.handle(batch.dump()));
    const auto byte_of = [](const json& reply) {
        return base64_decode(reply.at("result").at("binary").get<std::string>())->front();
    };
    EXPECT_EQ(byte_of(replies.at(0)), 1);
    EXPECT_EQ(replies.at(1).at("result").at("changed"), true);
    EXPECT_EQ(byte_of(replies.at(2)), 1);
    EXPECT_EQ(byte_of(json::parse(service.handle(build.dump()))), 2);
}

TEST_F(UserProtocols, RequestsRunWhileTheyAreReadAgain) {
    directory.write("mine.json", mine("Mine", 1));
    Service service(options());
    std::atomic<bool> is_done = false;
    std::atomic<int> answered = 0;
    std::atomic<int> wrong = 0;
    const auto ask = [&] {
        const json model = layers({"Mine", "Mine"});
        while (!is_done) {
            const json reply = call(service, "build_pkt", model);
            const Bytes octets =
                *base64_decode(reply.value("result", json::object()).value("binary", std::string("AAE=")));
            // Both layers are of the same definitions.
            wrong += octets.size() != 2 || octets[0] != octets[1];
            ++answered;
        }
    };
    std::jthread first(ask);
    std::jthread second(ask);
    for (int number = 2; number < 22; ++number) {
        directory.write("mine.json", mine("Mine", number));
        EXPECT_TRUE(service.reload().changed);
    }
    is_done = true;
    first.join();
    second.join();
    EXPECT_EQ(wrong, 0);
    EXPECT_GT(answered, 20);
}

TEST_F(UserProtocols, NewMethodsAreSupportedMethods) {
    const Service service;
    const json methods = result(service, "supported_methods", json::array({"all"}));
    EXPECT_EQ(methods.at("reload_protocols"), (json{0, json::array()}));
    EXPECT_EQ(methods.at("dissect"), (json{2, {"binary_pkt", "first_layer"}}));
    // The version handler may come first.
    const json handler = result(service, "get_version_handler", {"1", "02"});
    EXPECT_TRUE(call(service, "reload_protocols", json::array({handler})).contains("result"));
    EXPECT_EQ(ids_of(result(service, "dissect", {handler, "AA==", "Raw"})), std::vector<std::string>{"Raw"});
}

// RFC 791: from 192.0.2.1 to 192.0.2.2, protocol 17; RFC 768: ports 53 and 1337; one byte.
const Bytes kIpv4Packet{0x45, 0,   0, 29, 0, 1, 0,  0, 64, 17, 0xf6, 0xcd, 192, 0, 2,
                        1,    192, 0, 2,  2, 0, 53, 5, 57, 0,  9,    0,    0,   42};

TEST_F(UserProtocols, PacketsAreDissectedFromAnyLayer) {
    directory.write("mine.json", mine());
    const Service service(options());
    const json packet = result(service, "dissect", {base64_encode(kIpv4Packet), "IP"});
    EXPECT_EQ(ids_of(packet), (std::vector<std::string>{"IP", "UDP", "Mine"}));
    EXPECT_EQ(packet.at("binary"), base64_encode(kIpv4Packet));
    EXPECT_EQ(packet.at("data").at(2).at("offset"), 28);
    EXPECT_EQ(packet.at("data").at(2).at("fields").at(0).at("value"), 42);
    EXPECT_EQ(ids_of(result(service, "dissect", {base64_encode(ByteView(kIpv4Packet).subspan(28)), "Mine"})),
              std::vector<std::string>{"Mine"});
    // Without a layer, or null: as reconstruct_pkt.
    const json frame = result(service, "build_pkt", layers({"Ether", "IP", "UDP", "Mine"})).at("binary");
    EXPECT_EQ(result(service, "dissect", json::array({frame})),
              result(service, "reconstruct_pkt", json::array({frame})));
    EXPECT_EQ(result(service, "dissect", {frame, nullptr}), result(service, "reconstruct_pkt", json::array({frame})));
}

TEST_F(UserProtocols, DissectIgnoresFieldsWhoseConditionDoesNotHold) {
    directory.write("mine.json", R"({"protocols": [{"id": "Mine", "fields": [
        {"id": "has", "type": "ByteField"},
        {"id": "extra", "type": "ShortField", "default": 9, "when": "has"},
        {"id": "end", "type": "ByteField"}]}]})");
    const Service service(options());
    const json fields = result(service, "dissect", {base64_encode(Bytes{0, 5}), "Mine"}).at("data").at(0).at("fields");
    EXPECT_EQ(fields.at(1),
              (json{{"id", "extra"}, {"value", 9}, {"hvalue", "9"}, {"offset", 1}, {"length", 0}, {"ignored", true}}));
    EXPECT_EQ(fields.at(2), (json{{"id", "end"}, {"value", 5}, {"hvalue", "5"}, {"offset", 1}, {"length", 1}}));
}

TEST_F(UserProtocols, WhatIsLeftOfAHeaderIsShownWhereThereIsSome) {
    directory.write("mine.json", R"({"protocols": [{"id": "Mine", "size": "len", "fields": [
        {"id": "len", "type": "ByteField", "computed": "header_length"}]}]})");
    const Service service(options());
    const auto fields_of = [&service](const Bytes& octets) {
        return result(service, "dissect", {base64_encode(octets), "Mine"}).at("data").at(0).at("fields");
    };
    EXPECT_EQ(fields_of({1, 7}).size(), 1U);
    const json with_rest = fields_of({3, 0x61, 0x62, 7});
    ASSERT_EQ(with_rest.size(), 2U);
    EXPECT_EQ(with_rest.at(1).at("id"), "rest");
    EXPECT_EQ(with_rest.at(1).at("hvalue"), "ab");
    EXPECT_EQ(with_rest.at(1).at("offset"), 1);
    EXPECT_EQ(with_rest.at(1).at("length"), 2);
    const json built =
        result(service, "build_pkt",
               json::array({json::array({{{"id", "Mine"}, {"fields", {{{"id", "rest"}, {"value", "ab"}}}}}})}));
    EXPECT_EQ(built.at("binary"), base64_encode(Bytes{3, 0x61, 0x62}));
    // Nobody defined the field: definitions do not speak of it.
    const json definition = result(service, "get_definitions", json::array({json::array({"Mine"})}));
    EXPECT_EQ(definition.at("protocols").at(0).at("fields").size(), 1U);
    EXPECT_EQ(definition.at("protocols").at(0).at("fieldEngineAwareFields"), json::array({"len"}));
}

TEST_F(UserProtocols, DissectSaysWhatIsWrong) {
    const Service service;
    const json unknown = error(service, "dissect", {"AA==", "Nope"});
    EXPECT_EQ(unknown.at("code"), -32603);
    EXPECT_EQ(unknown.at("message"), "Invalid params: first_layer: there is no protocol \"Nope\"");
    EXPECT_EQ(unknown.at("data"), (json{{"parameter", "first_layer"}, {"id", "Nope"}, {"method", "dissect"}}));
    EXPECT_EQ(error(service, "dissect", {"AA==", 5}).at("message"), "Invalid params: first_layer is not a text");
    EXPECT_EQ(error(service, "dissect", {"AA==", "NoPayload"}).at("code"), -32603);
    EXPECT_EQ(error(service, "dissect", {"?", "IP"}).at("message"), "Invalid params: binary_pkt is not base64");
    EXPECT_EQ(error(service, "dissect", {"RQ==", "IP"}).at("code"), -32098);
}

/// A capture of one packet: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html
std::string capture_of(std::uint32_t link_type, ByteView packet) {
    Bytes file;
    const auto length = static_cast<std::uint32_t>(packet.size());
    for (const std::uint32_t word : {0xa1b2c3d4U, 0x00040002U, 0U, 0U, 65535U, link_type, 0U, 0U, length, length}) {
        for (const unsigned shift : {0U, 8U, 16U, 24U}) {
            file.push_back(static_cast<std::uint8_t>(word >> shift));
        }
    }
    file.insert(file.end(), packet.begin(), packet.end());
    return base64_encode(file);
}

TEST_F(UserProtocols, CapturesAreDissectedByTheirLinkType) {
    directory.write("mine.json", mine());
    directory.write("tap.json",
                    R"({"protocols": [{"id": "Tap", "link_types": [148], "payload_default": [{"protocol": "IP"}],
        "fields": [{"id": "port", "type": "ShortField"}]}]})");
    const Service service(options());
    const auto first = [&service](std::uint32_t link_type, ByteView packet) {
        const json packets = result(service, "read_pcap", json::array({capture_of(link_type, packet)}));
        return ids_of(packets.at(0));
    };
    // https://www.tcpdump.org/linktypes.html: RAW, IPV4, IPV6, PPP, LINUX_SLL, MPLS, USER0, IEEE802_11.
    EXPECT_EQ(first(101, kIpv4Packet), (std::vector<std::string>{"IP", "UDP", "Mine"}));
    EXPECT_EQ(first(228, kIpv4Packet), (std::vector<std::string>{"IP", "UDP", "Mine"}));
    Bytes ipv6(40, 0);
    ipv6[0] = 0x60;
    ipv6[6] = 59;  // RFC 8200, section 4.7: no next header
    EXPECT_EQ(first(101, ipv6), std::vector<std::string>{"IPv6"});
    EXPECT_EQ(first(229, ipv6), std::vector<std::string>{"IPv6"});
    Bytes ppp{0, 0x21};
    ppp.insert(ppp.end(), kIpv4Packet.begin(), kIpv4Packet.end());
    EXPECT_EQ(first(9, ppp), (std::vector<std::string>{"PPP", "IP", "UDP", "Mine"}));
    // https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html: 16 bytes, the last two an EtherType.
    Bytes cooked(14, 0);
    cooked.insert(cooked.end(), {8, 0});
    cooked.insert(cooked.end(), kIpv4Packet.begin(), kIpv4Packet.end());
    EXPECT_EQ(first(113, cooked), (std::vector<std::string>{"CookedLinux", "IP", "UDP", "Mine"}));
    Bytes label{0, 0x06, 0x41, 0x40};
    label.insert(label.end(), kIpv4Packet.begin(), kIpv4Packet.end());
    EXPECT_EQ(first(219, label), (std::vector<std::string>{"MPLS", "IP", "UDP", "Mine"}));
    EXPECT_EQ(first(147, kIpv4Packet), std::vector<std::string>{"Raw"});
    EXPECT_EQ(first(105, kIpv4Packet), (std::vector<std::string>{"Dot11", "Raw"}));
    // Bluetooth Core 5.3, volume 4, part E, section 7.3.2: the Reset command, which has no parameters, behind the mark
    // of a command (part A).
    EXPECT_EQ(first(187, Bytes{0x01, 0x03, 0x0c, 0x00}), (std::vector<std::string>{"HCI_Hdr", "HCI_Command_Hdr"}));
    Bytes tap{0, 7};
    tap.insert(tap.end(), kIpv4Packet.begin(), kIpv4Packet.end());
    EXPECT_EQ(first(148, tap), (std::vector<std::string>{"Tap", "IP", "UDP", "Mine"}));
}

}  // namespace
}  // namespace framewright::rpc
