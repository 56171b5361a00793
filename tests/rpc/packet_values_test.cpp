// All kinds of values of the contract: what they build, and how they are refused.
#include <gtest/gtest.h>

#include "tests/rpc/service_under_test.hpp"

namespace framewright::tests {
namespace {

json bytes_value(const std::string& base64) {
    return {{"vtype", "BYTES"}, {"base64", base64}};
}
json expression(const std::string& text) {
    return {{"vtype", "EXPRESSION"}, {"expr", text}};
}
json generated(json members) {
    members["vtype"] = "BYTES";
    return members;
}

/// The load of a Raw layer, in hexadecimal.
std::string load(const json& value) {
    return bytes_of(build(model({layer("Raw", "load", value)})));
}

/// The error that a Raw layer's load is refused with.
json load_error(const json& value) {
    return error_of("build_pkt", json::array({model({layer("Raw", "load", value)})}));
}

json ttl(const json& value) {
    return field_of(build(model({layer("IP", "ttl", value)})), 0, "ttl").at("value");
}

TEST(PlainValues, NumbersTextsAndBooleans) {
    EXPECT_EQ(ttl(7), 7);
    EXPECT_EQ(ttl("7"), 7);
    EXPECT_EQ(ttl("0x7"), 7);
    EXPECT_EQ(ttl(true), 1);
    EXPECT_EQ(ttl(""), 64);
    EXPECT_EQ(ttl(nullptr), 64);
}

TEST(PlainValues, ListsAreLists) {
    const json routing = build(model({layer("IPv6ExtHdrRouting", "addresses", json::array({"::1", "::2"}))}));
    EXPECT_EQ(bytes_of(routing).substr(0, 8), "3b040002");
}

TEST(PlainValues, EscapesOfJsonAreRead) {
    const std::string request = R"({"jsonrpc":"2.0","id":1,"method":"build_pkt",)"
                                R"("params":[[{"id":"Raw","fields":[{"id":"load","value":"a\u003db\u00fc"}]}]]})";
    EXPECT_EQ(bytes_of(json::parse(service().handle(request)).at("result")), "613d62c3bc");
}

TEST(BytesValue, IsBase64) {
    EXPECT_EQ(load(bytes_value("AAH/")), "0001ff");
    EXPECT_EQ(load(bytes_value("")), "");
    for (const char* const wrong : {"A", "AAA", "A===", "AA*=", "AAH/\xc3\xbc"}) {
        const json error = load_error(bytes_value(wrong));
        EXPECT_EQ(error.at("code"), rpc::kInvalidParams) << wrong;
        EXPECT_NE(error.at("message").get<std::string>().find("base64"), std::string::npos) << error;
    }
    EXPECT_EQ(load_error(json{{"vtype", "BYTES"}}).at("code"), rpc::kInvalidParams);
}

TEST(GeneratedBytes, AreThoseOfTheReferenceForASeed) {
    // python3: r = random.Random(); r.seed(12345, version=1); bytes(int(r.random() * 256) for _ in range(8)).hex()
    EXPECT_EQ(load(generated({{"generate", "random_bytes"}, {"size", 8}})), "6a02d34c5e319029");
    EXPECT_EQ(load(generated({{"generate", "random_bytes"}, {"size", "8"}, {"seed", "12345"}})), "6a02d34c5e319029");
}

TEST(GeneratedBytes, OfPrintableCharacters) {
    const std::string digits = load(generated({{"generate", "random_ascii"}, {"size", 200}, {"seed", 1}}));
    ASSERT_EQ(digits.size(), 400U);
    for (std::size_t index = 0; index < digits.size(); index += 2) {
        const int octet = std::stoi(digits.substr(index, 2), nullptr, 16);
        EXPECT_TRUE(octet >= 0x20 && octet <= 0x7e) << octet;
    }
}

TEST(GeneratedBytes, OfATemplate) {
    EXPECT_EQ(load(generated({{"generate", "template"}, {"template_base64", "AQI="}, {"size", 5}})), "0102010201");
    EXPECT_EQ(load(generated({{"generate", "template"}, {"template_base64", "AQI="}})), "0102");
    EXPECT_EQ(load(generated({{"generate", "template_code"}, {"template_code", "0x0A 0b\n0xFF"}, {"size", 4}})),
              "0a0bff0a");
    EXPECT_EQ(load(generated({{"generate", "template_code"}, {"template_code", ""}, {"size", 4}})), "");
}

TEST(GeneratedBytes, OfATotalSizeCountTheFrameCheckSequence) {
    const json frame =
        build(model({layer("Ether"), layer("IP"), layer("UDP"),
                     layer("Raw", "load", generated({{"generate", "random_bytes"}, {"total_size", 128}}))}));
    EXPECT_EQ(bytes_of(frame).size(), (128 - 4) * 2U);
    // A frame that is larger already has no payload.
    const json small =
        build(model({layer("Ether"), layer("IP"),
                     layer("Raw", "load", generated({{"generate", "random_bytes"}, {"total_size", 10}}))}));
    EXPECT_EQ(bytes_of(small).size(), 34 * 2U);
}

TEST(GeneratedBytes, MistakesAreNamed) {
    const auto message = [](const json& members) {
        const json error = load_error(generated(members));
        EXPECT_EQ(error.at("code"), rpc::kInvalidParams) << error;
        EXPECT_EQ(error.at("data").value("field", ""), "load") << error;
        return error.at("message").get<std::string>();
    };
    EXPECT_NE(message({{"generate", "random_bytes"}}).find("size"), std::string::npos);
    EXPECT_NE(message({{"generate", "random_bytes"}, {"size", -1}}).find("negative"), std::string::npos);
    EXPECT_NE(message({{"generate", "random_bytes"}, {"size", (1 << 20) + 1}}).find("1048576"), std::string::npos);
    EXPECT_NE(message({{"generate", "random_bytes"}, {"size", "many"}}).find("\"size\""), std::string::npos);
    EXPECT_NE(message({{"generate", "random_bytes"}, {"size", 1}, {"seed", 0.5}}).find("\"seed\""), std::string::npos);
    EXPECT_NE(message({{"generate", "template"}, {"size", 1}}).find("template_base64"), std::string::npos);
    EXPECT_NE(message({{"generate", "template_code"}, {"template_code", "0g"}}).find("character 2"), std::string::npos);
    EXPECT_NE(message({{"generate", "template_code"}, {"template_code", "abc"}}).find("odd"), std::string::npos);
    EXPECT_NE(message({{"generate", "nothing"}}).find("random_bytes"), std::string::npos);
    EXPECT_NE(message({{"generate", 5}}), "");
}

TEST(GeneratedBytes, OfOneMebibyteAreThere) {
    EXPECT_EQ(load(generated({{"generate", "random_bytes"}, {"size", 1 << 20}})).size(), (std::size_t{2} << 20));
}

TEST(UndefinedValue, LeavesTheFieldToItsDefault) {
    EXPECT_EQ(ttl(json{{"vtype", "UNDEFINED"}}), 64);
    const json both = build(model(
        {json{{"id", "IP"},
              {"fields", {{{"id", "ttl"}, {"value", 3}}, {{"id", "ttl"}, {"value", {{"vtype", "UNDEFINED"}}}}}}}}));
    EXPECT_EQ(field_of(both, 0, "ttl").at("value"), 64);
}

TEST(RandomValue, IsOneOfTheFields) {
    for (int count = 0; count < 10; ++count) {
        const json number = ttl(json{{"vtype", "RANDOM"}});
        EXPECT_TRUE(number >= 0 && number <= 255) << number;
    }
    EXPECT_EQ(
        error_of("build_pkt", json::array({model({layer("IP", "options", json{{"vtype", "RANDOM"}})})})).at("code"),
        rpc::kInvalidParams);
}

TEST(ObjectValue, IsItsValue) {
    EXPECT_EQ(ttl(json{{"vtype", "OBJECT"}, {"value", 9}}), 9);
    EXPECT_EQ(ttl(json{{"vtype", "OBJECT"}, {"value", {{"vtype", "EXPRESSION"}, {"expr", "8"}}}}), 8);
    EXPECT_EQ(error_of("build_pkt", json::array({model({layer("IP", "ttl", json{{"vtype", "OBJECT"}})})})).at("code"),
              rpc::kInvalidParams);
}

TEST(MachineValue, IsTheFieldsBytes) {
    EXPECT_EQ(ttl(json{{"vtype", "MACHINE"}, {"base64", "BQ=="}}), 5);
    const json options = build(model({layer("TCP", "options", json{{"vtype", "MACHINE"}, {"base64", "AgQFtA=="}})}));
    EXPECT_EQ(bytes_of(options).substr(40), "020405b4");
    const json wrong = error_of(
        "build_pkt", json::array({model({layer("IP", "ttl", json{{"vtype", "MACHINE"}, {"base64", "AAAA"}})})}));
    EXPECT_EQ(wrong.at("code"), rpc::kInvalidParams);
    EXPECT_NE(wrong.at("message").get<std::string>().find("8 bits"), std::string::npos) << wrong;
}

TEST(ExpressionValue, IsReadAndNeverRun) {
    EXPECT_EQ(ttl(expression("2 * 3")), 6);
    EXPECT_EQ(ttl(json{{"vtype", "EXPRESSION"}, {"expr", {{"base64", "Nw=="}}}}), 7);
    EXPECT_EQ(ttl(json{{"vtype", "EXPRESSION"}, {"expr", nullptr}}), 64);
    for (const char* const text : {"open('/etc/passwd')", "__import__('os').system('id')", "[x for x in (1,)]",
                                   "lambda: 1", "1 if True else 2", "exec('1')", "IP().__class__"}) {
        const json error = error_of("build_pkt", json::array({model({layer("IP", "ttl", expression(text))})}));
        EXPECT_TRUE(error.at("code") == rpc::kSyntaxError || error.at("code") == rpc::kInvalidParams) << error;
    }
}

TEST(ExpressionValue, AMistakeSaysWhereItIs) {
    const json error =
        error_of("build_pkt", json::array({model({layer("Ether"), layer("TCP", "options", expression("[('MSS', "))})}));
    EXPECT_EQ(error.at("code"), rpc::kSyntaxError);
    const std::string message = error.at("message");
    EXPECT_TRUE(message.starts_with("Syntax Error")) << message;
    EXPECT_NE(message.find("layer 1 (TCP), field options"), std::string::npos) << message;
    EXPECT_EQ(error.at("data").at("layer"), 1);
    EXPECT_EQ(error.at("data").at("id"), "TCP");
    EXPECT_EQ(error.at("data").at("field"), "options");
    EXPECT_NE(error.at("data").at("value").get<std::string>().find("MSS"), std::string::npos);
}

TEST(WrongValues, AreNamed) {
    for (const json& value :
         {json{{"vtype", "NOTHING"}}, json::object(), json{{"vtype", 5}}, json(1.5), json("x"), json::array({1})}) {
        const json error = error_of("build_pkt", json::array({model({layer("Ether"), layer("IP", "ttl", value)})}));
        EXPECT_EQ(error.at("code"), rpc::kInvalidParams) << value;
        EXPECT_NE(error.at("message").get<std::string>().find("layer 1 (IP), field ttl"), std::string::npos) << error;
        EXPECT_EQ(error.at("data").at("parameter"), "model_descriptor") << error;
        EXPECT_EQ(error.at("data").at("method"), "build_pkt") << error;
    }
}

TEST(WrongModels, AreNamed) {
    const auto message = [](const json& layers) {
        const json error = error_of("build_pkt", json::array({layers}));
        EXPECT_EQ(error.at("code"), rpc::kInvalidParams) << error;
        return error.at("message").get<std::string>();
    };
    EXPECT_NE(message("IP").find("model_descriptor"), std::string::npos);
    EXPECT_NE(message(5).find("model_descriptor"), std::string::npos);
    EXPECT_NE(message(json::object()).find("model_descriptor"), std::string::npos);
    EXPECT_NE(message(json::array({5})).find("layer 0"), std::string::npos);
    EXPECT_NE(message(model({layer("Ether"), json::object()})).find("layer 1"), std::string::npos);
    EXPECT_NE(message(model({layer("Ether"), layer("Nothing")})).find("layer 1 (Nothing)"), std::string::npos);
    EXPECT_NE(message(model({json{{"id", "IP"}, {"fields", 5}}})).find("\"fields\""), std::string::npos);
    EXPECT_NE(message(model({json{{"id", "IP"}, {"fields", {5}}}})).find("layer 0 (IP)"), std::string::npos);
    EXPECT_NE(message(model({layer("IP", "nothing", 1)})).find("field nothing"), std::string::npos);
    EXPECT_NE(message(model({json{{"id", "IP"}, {"fields", {{{"id", "ttl"}}}}}})).find("\"value\""), std::string::npos);
    json many = json::array();
    for (int count = 0; count < 300; ++count) {
        many.push_back(layer("MPLS"));
    }
    EXPECT_NE(message(many).find("256"), std::string::npos);
}

TEST(WrongModels, FieldsMayBeLeftOutOrEmpty) {
    EXPECT_EQ(bytes_of(build(model({json{{"id", "UDP"}, {"fields", json::array()}}}))),
              bytes_of(build(model({layer("UDP")}))));
    EXPECT_EQ(bytes_of(build(model({json{{"id", "UDP"}, {"fields", nullptr}}}))),
              bytes_of(build(model({layer("UDP")}))));
}

TEST(WrongModels, WhatDoesNotFitNamesTheComputedField) {
    const json error = error_of(
        "build_pkt",
        json::array({model({layer("Ether"), layer("IP"),
                            layer("Raw", "load", generated({{"generate", "random_bytes"}, {"size", 70000}}))})}));
    EXPECT_EQ(error.at("code"), rpc::kInvalidParams);
    EXPECT_NE(error.at("message").get<std::string>().find("layer 1 (IP), field len, value 70020"), std::string::npos)
        << error;
    EXPECT_EQ(error.at("data").at("field"), "len");
    EXPECT_EQ(error.at("data").at("value"), "70020");
}

}  // namespace
}  // namespace framewright::tests
