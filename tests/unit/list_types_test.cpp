#include "protocol_db/fields/list_types.hpp"

#include <gtest/gtest.h>

#include "tests/unit/field_under_test.hpp"

namespace framewright::tests {
namespace {

constexpr const char* kCount = R"json({"id": "n", "type": "FieldLenField", "bits": 8, "computed": "count(f)"})json";
constexpr const char* kLength = R"json({"id": "n", "type": "FieldLenField", "bits": 8, "computed": "length(f)"})json";
/// A type, a length, and as many octets.
constexpr const char* kOption = R"json({"id": "Opt", "fields": [
    {"id": "type", "type": "ByteField", "default": 7},
    {"id": "len", "type": "FieldLenField", "bits": 8, "computed": "length(data)"},
    {"id": "data", "type": "StrLenField", "length": "len", "default": ""}], "payload_length": "0"})json";

TEST(FieldList, ByCount) {
    const FieldUnderTest field(R"("type": "FieldListField", "element": {"type": "IPField"}, "count": "n")", kCount);
    EXPECT_EQ(field.default_bytes(), "00");
    EXPECT_EQ(field.expression_bytes("['1.2.3.4', '5.6.7.8']"), "020102030405060708");
    EXPECT_EQ(field.bytes("['1.2.3.4']"), "0101020304");
    EXPECT_EQ(field.expressed("020102030405060708ffff"), "['1.2.3.4', '5.6.7.8']");
    EXPECT_EQ(field.expressed("0101020304"), "['1.2.3.4']");
}

TEST(FieldList, ByLengthAndToTheEnd) {
    const FieldUnderTest by_length(R"("type": "FieldListField", "element": {"type": "ShortField"}, "length": "n")",
                                   kLength);
    EXPECT_EQ(by_length.expression_bytes("[1, 2]"), "0400010002");
    EXPECT_EQ(by_length.expressed("0400010002ffff"), "[1, 2]");
    const FieldUnderTest to_the_end(R"("type": "FieldListField", "element": {"type": "ByteField"})");
    EXPECT_EQ(to_the_end.expressed("010203"), "[1, 2, 3]");
}

TEST(FieldList, ElementsAreCheckedByTheirType) {
    const FieldUnderTest field(R"("type": "FieldListField", "element": {"type": "ByteField"})");
    EXPECT_NE(field.refusal(list({model::Value(Integer{256})})).find("(0 to 255)"), std::string::npos);
    EXPECT_NE(field.refusal(5).find("list"), std::string::npos) << field.refusal(5);
    EXPECT_NE(field.refusal("[1, "), "");
    EXPECT_NE(field.refusal("[Nothing()]"), "");
}

TEST(FieldList, OctetsStandForTheWire) {
    const FieldUnderTest field(R"("type": "FieldListField", "element": {"type": "ShortField"}, "count": "n")", kCount);
    EXPECT_EQ(field.bytes(bytes_value(std::string_view("\0\1", 2))), "010001");
}

TEST(AddressList, IsWrittenAsClientsKnowIt) {
    const FieldUnderTest field(R"("type": "IP6ListField", "count": "n")", kCount);
    const std::string one = "00000000000000000000000000000001";
    const std::string two = "fe800000000000000000000000000002";
    EXPECT_EQ(field.expressed("02" + one + two), "[ ::1, fe80::2 ]");
    EXPECT_EQ(field.expression_bytes("[ ::1, fe80::2 ]"), "02" + one + two);
    EXPECT_EQ(field.bytes("[ ::1, fe80::2 ]"), "02" + one + two);
    EXPECT_EQ(field.bytes("['::1', 'fe80::2']"), "02" + one + two);
    EXPECT_EQ(field.bytes("fe80::2"), "01" + two);
    EXPECT_EQ(field.bytes(list({model::Value(std::string("::1"))})), "01" + one);
    EXPECT_EQ(field.bytes("[]"), "00");
    EXPECT_NE(field.refusal("[ ::1, nonsense ]"), "");
    EXPECT_NE(field.refusal("nonsense"), "");
    EXPECT_NE(field.refusal(list({model::Value()})), "");
}

TEST(PacketList, ByLengthOneAfterTheOther) {
    const FieldUnderTest field(R"("type": "PacketListField", "holds": "Opt", "length": "n")", kLength, kOption);
    EXPECT_EQ(field.bytes("[Opt(), Opt(type=1,data=b'ab')]"),
              "060700010261"
              "62");
    EXPECT_EQ(field.bytes("Opt()"), "020700");
    EXPECT_EQ(field.expressed("060700010261"
                              "62"),
              "[Opt(type=7,len=0,data=b''), Opt(type=1,len=2,data=b'ab')]");
    EXPECT_EQ(field.bytes(field
                              .expressed("060700010261"
                                         "62")
                              .c_str()),
              "060700010261"
              "62");
}

TEST(PacketList, WhatIsNoPacketIsRefused) {
    const FieldUnderTest field(R"("type": "PacketListField", "holds": "Opt")", "", kOption);
    EXPECT_NE(field.refusal("[1]"), "");
    EXPECT_NE(field.refusal(7), "");
    EXPECT_NE(field.refusal("[Opt(nothing=1)]").find("nothing"), std::string::npos);
    EXPECT_NE(field.refusal("[Opt(type=256)]").find("(0 to 255)"), std::string::npos);
}

TEST(PacketList, AlignsOptionsAsRfc8200Says) {
    // Section 4.2: an option of alignment 8n+2 behind two octets needs none; the list is filled up to 8 octets.
    const std::string aligned = R"json({"id": "Opt", "alignment": [4, 2], "fields": [
        {"id": "type", "type": "ByteField", "default": 7},
        {"id": "len", "type": "FieldLenField", "bits": 8, "computed": "length(data)"},
        {"id": "data", "type": "StrLenField", "length": "len", "default": ""}], "payload_length": "0"})json";
    const FieldUnderTest field(R"("type": "PacketListField", "holds": "Opt", "padding": {"one": 0, "many": 1})",
                               R"({"id": "head", "type": "ShortField"})", aligned);
    EXPECT_EQ(field.bytes("[Opt()]"),
              "0000"
              "0700"
              "01020000");
    EXPECT_EQ(field.bytes("[Opt(data=b'a')]"),
              "0000"
              "070161"
              "010100");
    EXPECT_EQ(field.bytes("[Opt(data=b'a'), Opt()]"),
              "0000"
              "070161"
              "00"
              "0700");
    EXPECT_EQ(field.bytes("[Opt(data=b'ab'), Opt()]"),
              "0000"
              "07026162"
              "0700");
    EXPECT_EQ(field.bytes("[Opt(data=b'abc'), Opt()]"),
              "0000"
              "0703616263"
              "0101"
              "00"
              "0700"
              "01020000");
}

TEST(OnePacket, InTheBytesOfItsLength) {
    const FieldUnderTest field(R"("type": "PacketField", "holds": "Opt")", "", kOption);
    EXPECT_EQ(field.bytes("Opt(type=1,data=b'x')"), "010178");
    EXPECT_EQ(field.expressed("010178"), "Opt(type=1,len=1,data=b'x')");
    EXPECT_EQ(field.bytes("[Opt(type=1)]"), "0100");
    EXPECT_NE(field.refusal("[Opt(), Opt()]"), "");
    EXPECT_NE(field.refusal(5), "");
}

constexpr const char* kTcpOptions = R"json("type": "TCPOptionsField", "options": [
    {"code": 0, "name": "EOL", "single": true, "ends": true}, {"code": 1, "name": "NOP", "single": true}, {"code": 2, "name": "MSS", "format": "H"},
    {"code": 3, "name": "WScale", "format": "B"}, {"code": 4, "name": "SAckOK"},
    {"code": 5, "name": "SAck", "format": "I", "repeats": true}, {"code": 8, "name": "Timestamp", "format": "II"}])json";

TEST(TcpOptions, OfRfc9293AndRfc7323) {
    const FieldUnderTest field(kTcpOptions);
    EXPECT_EQ(field.expression_bytes("[('MSS', 1460)]"), "020405b4");
    EXPECT_EQ(field.expression_bytes("[('NOP', None), ('WScale', 7)]"), "01030307");
    EXPECT_EQ(field.expression_bytes("[('SAckOK', b'')]"), "0402");
    EXPECT_EQ(field.expression_bytes("[('Timestamp', (1, 2))]"), "080a0000000100000002");
    EXPECT_EQ(field.expression_bytes("[('SAck', (1, 2, 3, 4))]"), "051200000001000000020000000300000004");
    EXPECT_EQ(field.expression_bytes("[(253, b'ab')]"), "fd046162");
    EXPECT_EQ(field.expression_bytes("[('EOL', None)]"), "00");
}

TEST(TcpOptions, AreReadAsTheyAreWritten) {
    const FieldUnderTest field(kTcpOptions);
    for (const char* const options :
         {"[('MSS', 1460), ('NOP', None), ('NOP', None), ('SAckOK', b'')]", "[('Timestamp', (123456, 654321))]",
          "[('SAck', (1, 2, 3, 4))]", "[(253, b'ab'), ('EOL', None)]"}) {
        EXPECT_EQ(field.expressed(field.expression_bytes(options)), options);
    }
}

TEST(TcpOptions, WhatDoesNotFitItsKindIsOctets) {
    const FieldUnderTest field(kTcpOptions);
    EXPECT_EQ(field.expressed("020301"), "[('MSS', b'\\x01')]");
    // A length that leads beyond the end, and one below its least of 2: what is no whole option.
    EXPECT_EQ(field.expressed("0102ff05b4"), "[('NOP', None), b'\\x02\\xff\\x05\\xb4']");
    EXPECT_EQ(field.expressed("fd00"), "[b'\\xfd\\x00']");
    EXPECT_EQ(field.expressed("02"), "[b'\\x02']");
    // Behind the end, zeros fill up; anything else is kept.
    EXPECT_EQ(field.expressed("0001"), "[('EOL', None), b'\\x01']");
    for (const char* const digits : {"0102ff05b4", "fd00", "02", "0001"}) {
        EXPECT_EQ(field.expression_bytes(field.expressed(digits)), digits);
    }
}

TEST(TcpOptions, WhatIsNoneIsRefusedByName) {
    const FieldUnderTest field(kTcpOptions);
    EXPECT_NE(field.refusal("[('Nothing', 1)]").find("'Nothing'"), std::string::npos);
    EXPECT_NE(field.refusal("[('MSS', 65536)]").find("MSS"), std::string::npos);
    EXPECT_NE(field.refusal("[('MSS', 1, 2)]"), "");
    EXPECT_NE(field.refusal("[('MSS', 'x')]"), "");
    EXPECT_NE(field.refusal("[(256, b'')]"), "");
    EXPECT_NE(field.refusal("[()]"), "");
    EXPECT_NE(field.refusal(5), "");
    EXPECT_NE(field.refusal(("[(253, b'" + std::string(254, 'x') + "')]").c_str()).find("255"), std::string::npos);
}

TEST(TcpOptions, AreReadAsPeopleWriteThem) {
    const FieldUnderTest field(kTcpOptions);
    EXPECT_EQ(field.bytes("MSS=1460"), "020405b4");
    EXPECT_EQ(field.bytes(" MSS=1460, NOP,NOP , SAckOK "), "020405b401010402");
    EXPECT_EQ(field.bytes("[MSS=0x5b4 NOP]"), "020405b401");
    EXPECT_EQ(field.bytes("Timestamp=1,2,NOP"), "080a000000010000000201");
    EXPECT_EQ(field.bytes("Timestamp=(1, 2)"), "080a0000000100000002");
    EXPECT_EQ(field.bytes("253=b'a, ]', EOL"), "fd06612c205d00");
    EXPECT_EQ(field.expression_bytes("MSS=1460,NOP"), "020405b401");
}

TEST(TcpOptions, ATextThatIsNoneIsRefused) {
    const FieldUnderTest field(kTcpOptions);
    for (const char* const text : {"text55", "1460", "5,6", "MSS 1460", "NOP 5", "MSS==1460", "=5", "b"}) {
        EXPECT_NE(field.refusal(text), "") << text;
    }
    std::string many;
    for (int count = 0; count < 70'000; ++count) {
        many += "NOP,";
    }
    EXPECT_NE(field.refusal(many.c_str()).find("65536"), std::string::npos);
    EXPECT_NE(field.refusal("text55").find("NAME=VALUE"), std::string::npos) << field.refusal("text55");
    EXPECT_NE(field.refusal("MSS=1460, Foo=1").find("'Foo'"), std::string::npos);
    EXPECT_NE(field.refusal("MSS").find("MSS has no value"), std::string::npos) << field.refusal("MSS");
    EXPECT_NE(field.refusal("Timestamp=1").find("takes 2 numbers"), std::string::npos) << field.refusal("Timestamp=1");
    EXPECT_NE(field.refusal("[('Timestamp', 1)]").find("takes 2 numbers"), std::string::npos);
}

TEST(TcpOptions, ZerosBehindTheEndFillUp) {
    const FieldUnderTest field(std::string(kTcpOptions) + R"(, "pad_to": 4)");
    EXPECT_EQ(field.expressed("030307 00"), "[('WScale', 7), ('EOL', None)]");
    EXPECT_EQ(field.expressed("00000000"), "[('EOL', None)]");
    EXPECT_EQ(field.expressed("0000000000000000"), "[('EOL', None), b'\\x00\\x00\\x00\\x00\\x00\\x00\\x00']");
    EXPECT_NE(field.refusal("[('NOP', 5)]").find("NOP has no value"), std::string::npos);
}

TEST(OptionLists, OfWiderCodesAndShortValues) {
    // RFC 2408 section 3.3 and RFC 2409 appendix A: attributes of an IKE transform; the bytes as Scapy writes them.
    const FieldUnderTest field(R"json("type": "OptionListField", "code_bytes": 2, "length_bytes": 2, "short_bit": 32768,
        "options": [{"code": 32769, "name": "Encryption", "enumeration": {"7": "AES-CBC"}},
                    {"code": 32782, "name": "KeyLength"}, {"code": 12, "name": "LifeDuration", "format": "N"}])json");
    const char* const options = "[('Encryption', 'AES-CBC'), ('LifeDuration', 86400), ('KeyLength', 128)]";
    EXPECT_EQ(field.expression_bytes(options), "80010007000c0003015180800e0080");
    EXPECT_EQ(field.expressed("80010007000c0003015180800e0080"), options);
    EXPECT_EQ(field.bytes("Encryption=AES-CBC, KeyLength=128"), "80010007800e0080");
    // Unknown attributes; numbers with zeros in front; the form that an attribute does not usually have.
    for (const char* const digits : {"ce200005", "4e2000021234", "000c000400015180", "800c7080", "000100020007",
                                     "80010009", "80", "8001", "800100", "000c0003"}) {
        EXPECT_EQ(field.expression_bytes(field.expressed(digits)), digits) << field.expressed(digits);
        EXPECT_EQ(field.bytes(field.read(digits).c_str()), digits) << field.read(digits);
    }
    EXPECT_EQ(field.expressed("ce200005"), "[(52768, 5)]");
    EXPECT_EQ(field.expressed("4e2000021234"), "[(20000, b'\\x124')]");
    EXPECT_NE(field.refusal("[('Encryption', 65536)]"), "");
    EXPECT_NE(field.refusal("[(32782, b'abc')]").find("2 bytes"), std::string::npos);
    EXPECT_NE(field.refusal("[(65536, b'')]"), "");
}

constexpr const char* kDhcpOptions = R"json("type": "DHCPOptionsField", "options": [
    {"code": 0, "name": "pad", "single": true}, {"code": 1, "name": "subnet_mask", "format": "4"},
    {"code": 6, "name": "name_server", "format": "4", "repeats": true},
    {"code": 51, "name": "lease_time", "format": "I"}, {"code": 12, "name": "hostname"},
    {"code": 53, "name": "message-type", "format": "B", "enumeration": {"1": "discover", "5": "ack"}},
    {"code": 55, "name": "param_req_list", "format": "B", "repeats": true, "list": true},
    {"code": 23, "name": "default_ttl"}, {"code": 23, "name": "default_ttl", "format": "B"},
    {"code": 36, "name": "ether_or_dot3"}, {"code": 36, "name": "ieee802-3-encapsulation", "format": "B"},
    {"code": 255, "name": "end", "single": true}])json";

TEST(DhcpOptions, OfRfc2132) {
    const FieldUnderTest field(kDhcpOptions);
    EXPECT_EQ(field.expression_bytes("[('message-type', 1), 'end']"), "350101ff");
    EXPECT_EQ(field.expression_bytes("[('message-type', 'ack'), 'pad', 'end']"), "35010500ff");
    EXPECT_EQ(field.expression_bytes("[('subnet_mask', '255.255.255.0'), ('lease_time', 3600)]"),
              "0104ffffff00330400000e10");
    EXPECT_EQ(field.expression_bytes("[('name_server', '10.0.0.1', '10.0.0.2')]"), "06080a0000010a000002");
    EXPECT_EQ(field.expression_bytes("[('hostname', b'host')]"), "0c04686f7374");
    EXPECT_EQ(field.expression_bytes("[(200, b'\\x01')]"), "c80101");
}

TEST(DhcpOptions, AreReadAsTheyAreWritten) {
    const FieldUnderTest field(kDhcpOptions);
    for (const char* const digits : {"350101ff", "0104ffffff00330400000e10", "06080a0000010a000002", "0c04686f7374",
                                     "c80101", "0000ff", "3503010203", "0cff61", "0c"}) {
        EXPECT_EQ(field.expression_bytes(field.expressed(digits)), digits) << field.expressed(digits);
    }
}

TEST(DhcpOptions, AreReadAsTheyAreShown) {
    const FieldUnderTest field(kDhcpOptions);
    EXPECT_EQ(field.read("350101ff"), "[message-type=discover end]");
    EXPECT_EQ(field.read("06080a0000010a0000020c0268 5d370301030fc80161ff"),
              "[name_server=10.0.0.1,10.0.0.2 hostname=b'h]' param_req_list=[1, 3, 15] 200=b'a' end]");
    for (const char* const digits : {"350101ff", "0104ffffff00330400000e10", "06080a0000010a000002ff",
                                     "0c04683a5d2700ff", "370301030fff", "3700ff", "c80161ff", "c800ff", "0000ff",
                                     "3501cc", "3503010203", "0cff61", "0c", "350101370f61", "170140240101ff"}) {
        EXPECT_EQ(field.bytes(field.read(digits).c_str()), digits) << field.read(digits);
        EXPECT_EQ(field.expression_bytes(field.read(digits)), digits) << field.read(digits);
    }
    EXPECT_EQ(field.expressed("370301030fff"), "[('param_req_list', [1, 3, 15]), 'end']");
    EXPECT_NE(field.refusal("[message-type=nothing end]"), "");
    EXPECT_NE(field.refusal("[nothing=1 end]").find("'nothing'"), std::string::npos);
}

TEST(DhcpOptions, OfSeveralNamesAndFormsAreShownAsTheFirst) {
    const FieldUnderTest field(kDhcpOptions);
    EXPECT_EQ(field.expression_bytes("[('default_ttl', 64)]"), "170140");
    EXPECT_EQ(field.expression_bytes("[('default_ttl', b'@')]"), "170140");
    EXPECT_EQ(field.expressed("170140"), "[('default_ttl', b'@')]");
    EXPECT_EQ(field.expression_bytes("[('ieee802-3-encapsulation', 1)]"), "240101");
    EXPECT_EQ(field.expressed("240101"), "[('ether_or_dot3', b'\\x01')]");
    EXPECT_NE(field.expression_refusal("[('default_ttl', 256)]").find("default_ttl"), std::string::npos);
}

TEST(DhcpOptions, TakeTheNamesOfAllVersionsOfScapy) {
    EXPECT_EQ(hex(build("DHCP(options=[('relay_agent_Information', b'a'), ('relay_agent_information', b'b')])")),
              "520161520162");
    EXPECT_EQ(hex(build("DHCP(options=[('time_zone', 3600), ('StreetTalk_Dir_Assistance', b'abcd')])")),
              "020400000e104c0461626364");
    EXPECT_EQ(expression_of(dissect("DHCP", octets("2304 0000003c 370201 03 ff"))),
              "DHCP(options=[('arp_cache_timeout', b'\\x00\\x00\\x00<'), ('param_req_list', [1, 3]), 'end'])");
}

TEST(Variants, OctetsOfAnotherFormAreRefused) {
    // What was read as an address is none where another field, set later, asks for octets.
    const FieldUnderTest field(R"json("type": "MultipleTypeField", "variants": [
        {"when": "length(o) == 0", "field": {"type": "IPField"}}, {"field": {"type": "StrFixedLenField", "length": 2}}])json",
                               R"({"id": "o", "type": "StrField", "default": "x", "length": 1})");
    EXPECT_NE(field.refusal("1.2.3.4").find("takes bytes"), std::string::npos) << field.refusal("1.2.3.4");
}

TEST(Variants, TheFirstFormWhoseRuleHoldsApplies) {
    const FieldUnderTest field(R"json("type": "MultipleTypeField", "variants": [
        {"when": "n == 4", "field": {"type": "IPField"}}, {"when": "n == 16", "field": {"type": "IP6Field"}},
        {"field": {"type": "StrFixedLenField", "length": 2}}])json",
                               R"({"id": "n", "type": "ByteField", "default": 4})");
    EXPECT_EQ(field.bytes("1.2.3.4"), "0401020304");
    EXPECT_EQ(field.read("0401020304"), "1.2.3.4");
    EXPECT_EQ(field.read("10" + std::string(31, '0') + "1"), "::1");
    EXPECT_EQ(field.read("07616263"), "ab");
    EXPECT_NE(field.refusal("::1"), "");
}

TEST(FieldLists, ShownElementByElement) {
    const FieldUnderTest field(R"("type": "FieldListField", "shows_elements": true,
        "element": {"type": "ShortField", "enumeration": {"23": "DNS servers", "24": "Domain list"}})");
    EXPECT_EQ(field.read("001700180019"), "[23, 24, 25]") << "a ShortField shows numbers";
    const FieldUnderTest named(R"("type": "FieldListField", "shows_elements": true,
        "element": {"type": "ShortEnumField", "enumeration": {"23": "DNS servers", "24": "Domain list"}})");
    EXPECT_EQ(named.read("001700180019"), "[DNS servers, Domain list, 25]");
    EXPECT_EQ(named.expressed("001700180019"), "[23, 24, 25]");
    EXPECT_EQ(named.bytes("[DNS servers, Domain list, 25]"), "001700180019");
    EXPECT_EQ(named.bytes("[]"), "");
    EXPECT_EQ(named.expression_bytes("[23, 24, 25]"), "001700180019");
    EXPECT_NE(named.refusal("[DNS servers, Nothing]"), "");
}

}  // namespace
}  // namespace framewright::tests
