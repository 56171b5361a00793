// All kinds of values of the contract: what they build, and how they are refused.
#include <gtest/gtest.h>

#include <set>
#include <string>

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

TEST(PlainValues, AnEmptyTextResetsEveryField) {
    const json protocols = result_of("get_definitions", json::array({nullptr})).at("protocols");
    const std::set<std::string> renewed{"nonce", "ts_ori", "ts_rx", "ts_tx"};
    std::size_t count = 0;
    for (const json& protocol : protocols) {
        const std::string id = protocol.at("id");
        for (const json& field : protocol.at("fields")) {
            const std::string name = field.at("id");
            const auto with = [&](const json& value) {
                json reply = call("build_pkt", json::array({model({layer(id, name, value)})}));
                return reply.contains("result") ? reply.at("result").at("binary") : reply.at("error").at("message");
            };
            if (!renewed.contains(name) && !id.starts_with("ICMPv6NI")) {
                EXPECT_EQ(with(""), with(json{{"vtype", "UNDEFINED"}})) << id << "." << name;
                ++count;
            }
        }
    }
    EXPECT_GT(count, 900U);
}

TEST(PlainValues, AnEmptyTextIsTheDefaultFlags) {
    // The reference's TCP-SYN template has "flags": "".
    const json syn = build(model({layer("TCP", "flags", "")}));
    EXPECT_EQ(field_of(syn, 0, "flags").at("value"), 2);
    EXPECT_EQ(field_of(syn, 0, "flags").at("hvalue"), "S");
    const json null_scan = build(model({layer("TCP", "flags", 0)}));
    EXPECT_EQ(field_of(null_scan, 0, "flags").at("hvalue"), "0");
    EXPECT_EQ(bytes_of(build(model({layer("TCP", "flags", "0")}))), bytes_of(null_scan));
    EXPECT_EQ(field_of(build(model({layer("IP", "flags", 0)})), 0, "flags").at("hvalue"), "");
}

TEST(PlainValues, IcmpCodesHaveTheNamesOfTheirType) {
    const auto icmp = [](const json& code, const json& type) {
        return model(
            {{{"id", "ICMP"}, {"fields", {{{"id", "code"}, {"value", code}}, {{"id", "type"}, {"value", type}}}}}});
    };
    for (const json& code : {json(1), json("1"), json("host-unreachable")}) {
        const json field = field_of(build(icmp(code, "dest-unreach")), 0, "code");
        EXPECT_EQ(field.at("value"), 1);
        EXPECT_EQ(field.at("hvalue"), "host-unreachable");
    }
    EXPECT_EQ(field_of(build(icmp(1, 5)), 0, "code").at("hvalue"), "host-redirect");
    EXPECT_EQ(field_of(build(icmp(1, 8)), 0, "code").at("hvalue"), "1");
    EXPECT_EQ(error_of("build_pkt", json::array({icmp("host-unreachable", 8)})).at("data").at("field"), "code");
}

TEST(PlainValues, OptionsThatNobodyCanReadAreNamed) {
    const json error = error_of("build_pkt", json::array({model({layer("IP"), layer("TCP", "options", "text55")})}));
    EXPECT_EQ(error.at("code"), rpc::kInvalidParams);
    EXPECT_EQ(error.at("data").at("layer"), 1);
    EXPECT_EQ(error.at("data").at("field"), "options");
    EXPECT_EQ(error.at("data").at("value"), "text55");
    EXPECT_EQ(field_of(build(model({layer("TCP", "options", "MSS=1460")})), 0, "options").at("hvalue"),
              "[('MSS', 1460)]");
}

/// The model that a client sends back of a result: the values that it prints.
json printed(const json& result) {
    json layers = json::array();
    for (const json& shown : result.at("data")) {
        json fields = json::array();
        for (const json& field : shown.at("fields")) {
            if (!field.value("ignored", false)) {
                fields.push_back({{"id", field.at("id")}, {"value", field.at("value")}});
            }
        }
        layers.push_back({{"id", shown.at("id")}, {"fields", std::move(fields)}});
    }
    return layers;
}

TEST(EncodedNames, MakeTheRoundTrip) {
    const json dns{{"id", "DNS"},
                   {"fields",
                    {{{"id", "qd"}, {"value", "DNSQR(qname='example.com')"}},
                     {{"id", "an"}, {"value", "DNSRR(rrname=b'\\xc0\\x0c',rdata='1.2.3.4')"}},
                     {{"id", "ns"}, {"value", "DNSRR(rrname=b'\\xc0\\x14',type='NS',rdata=b'\\x02ns\\xc0\\x0c')"}}}}};
    for (const json& layers :
         {model({dns}), model({layer("IP"), layer("UDP"), dns}), model({layer("TCP"), dns}),
          model({layer("DNSQR", "qname", bytes_value("A3d3d8AM"))}),
          model({layer("ICMPv6NDOptDNSSL", "searchlist", expression("[b'\\x01a\\x00', 'b.c']"))})}) {
        const json result = build(layers);
        EXPECT_EQ(bytes_of(build(printed(result))), bytes_of(result)) << printed(result);
    }
    // Where the message's length says that names point back, they are shown whole.
    const json over_udp = build(model({layer("IP"), layer("UDP"), dns}));
    EXPECT_NE(field_of(over_udp, 2, "an").at("value").at("expr").get<std::string>().find("example.com."),
              std::string::npos);
}

/// An ARP layer, without its Ethernet one.
json arp(const json& fields) {
    json list = json::array();
    for (const auto& [id, value] : fields.items()) {
        list.push_back({{"id", id}, {"value", value}});
    }
    return model({{{"id", "ARP"}, {"fields", std::move(list)}}});
}

TEST(ArpAddresses, GiveTheLengths) {
    // RFC 4391 section 9.2: hardware type 32, addresses of 20 octets.
    const json infiniband = bytes_value("AAECAwQFBgcICQoLDA0ODxAREhM=");
    const std::string address = "000102030405060708090a0b0c0d0e0f10111213";
    EXPECT_EQ(bytes_of(build(arp({{"hwtype", 32}, {"hwsrc", infiniband}, {"hwdst", infiniband}}))),
              "0020080014040001" + address + "10000001" + address + "00000000");
    EXPECT_EQ(bytes_of(build(arp({{"hwtype", 32}, {"hwsrc", infiniband}}))),
              "0020080014040001" + address + "10000001" + std::string(40, '0') + "00000000");
    for (const int type : {1, 7}) {
        const json five = build(arp({{"hwtype", type}, {"hwsrc", bytes_value("AQIDBAU=")}}));
        EXPECT_EQ(bytes_of(five).substr(4),
                  "080005040001"
                  "0102030405"
                  "10000001"
                  "0000000000"
                  "00000000");
        EXPECT_EQ(bytes_of(build(printed(five))), bytes_of(five));
    }
    EXPECT_EQ(bytes_of(build(arp({{"hwtype", 6}}))), "00060800060400010000000000001000000100000000000000000000");
    EXPECT_EQ(bytes_of(build(arp({{"ptype", 0x1234}, {"psrc", bytes_value("AQI=")}, {"pdst", bytes_value("AwQ=")}}))),
              "0001123406020001"
              "000000000000"
              "0102"
              "000000000000"
              "0304");
    EXPECT_EQ(bytes_of(build(arp({{"hwsrc", "00:11:22:33:44:55"}, {"psrc", "10.0.0.1"}, {"pdst", "10.0.0.2"}}))),
              "0001080006040001"
              "001122334455"
              "0a000001"
              "000000000000"
              "0a000002");
    EXPECT_EQ(bytes_of(build(arp({{"ptype", "IPv6"}, {"pdst", "fe80::1"}}))).substr(0, 12), "000186dd0610");
}

TEST(ArpAddresses, ThatAreNotOfTheLengthAreRefused) {
    const auto refused_field = [](const json& fields) {
        return error_of("build_pkt", json::array({arp(fields)})).at("data").value("field", "");
    };
    const json five = bytes_value("AQIDBAU=");
    EXPECT_EQ(refused_field({{"hwtype", 7}, {"hwlen", 4}, {"hwsrc", five}}), "hwsrc");
    EXPECT_EQ(refused_field({{"hwtype", 7}, {"hwsrc", bytes_value("AQ==")}, {"hwdst", five}}), "hwdst");
    EXPECT_EQ(refused_field({{"hwlen", 8}, {"hwsrc", "00:11:22:33:44:55"}}), "hwsrc");
    EXPECT_EQ(refused_field({{"hwsrc", five}, {"hwdst", "00:11:22:33:44:55"}}), "hwdst");
    EXPECT_EQ(refused_field({{"ptype", 0x1234}, {"psrc", five}, {"pdst", bytes_value("AQ==")}}), "pdst");
    // A length that is set is what the addresses are filled up to.
    EXPECT_EQ(bytes_of(build(arp({{"hwlen", 8}}))),
              "0001080008040001" + std::string(16, '0') + "10000001" + std::string(24, '0'));
}

TEST(ArpAddresses, ThatTheBytesDoNotReachAreShownAsTheirDefault) {
    const json cut = result_of("dissect", json::array({"AAEIAJwEAAEAAAAA", "ARP"}));
    EXPECT_EQ(field_of(cut, 0, "psrc").at("value"), "16.0.0.1");
    EXPECT_EQ(field_of(cut, 0, "psrc").at("ignored"), true);
    EXPECT_EQ(field_of(cut, 0, "pdst").at("hvalue"), "None");
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

// A length of the client makes the field in front take what it gave as the rest, when the bytes are read.
TEST(Rest, IsShownWhereAClientGaveItThoughAnEarlierFieldTakesIt) {
    const json option{
        {"id", "DHCP6OptVSS"},
        {"fields", {{{"id", "optlen"}, {"value", 300}}, {{"id", "rest"}, {"value", bytes_value("5lLP9UM=")}}}}};
    const json built = build(model({option}));
    EXPECT_EQ(bytes_of(built), "0044012cffe652cff543");  // RFC 6607
    EXPECT_EQ(field_of(built, 0, "rest").at("value"), bytes_value("5lLP9UM="));
}

}  // namespace
}  // namespace framewright::tests
