#include "protocol_db/fields/address_types.hpp"

#include <gtest/gtest.h>

#include "tests/unit/field_under_test.hpp"

namespace framewright::tests {
namespace {

TEST(MacAddress, BothSeparatorsAndEitherCase) {
    const FieldUnderTest field(R"("type": "MACField")");
    EXPECT_EQ(field.bytes("00:11:22:aa:bb:CC"), "001122aabbcc");
    EXPECT_EQ(field.bytes("00-11-22-AA-BB-cc"), "001122aabbcc");
    EXPECT_EQ(field.bytes(" 00:11:22:aa:bb:cc "), "001122aabbcc");
    EXPECT_EQ(field.read("001122aabbcc"), "00:11:22:aa:bb:cc");
}

TEST(MacAddress, WhatIsNoneIsRefused) {
    const FieldUnderTest field(R"("type": "MACField")");
    for (const char* const text : {"00:11:22:33:44", "00:11:22:33:44:55:66", "00:11:22:33:44:5g", "001122334455",
                                   "0:1:2:3:4:5", "10.0.0.1", "00:11:22:33:44:5", "00.11.22.33.44.55"}) {
        EXPECT_NE(field.refusal(text).find("MAC address"), std::string::npos) << text;
    }
    EXPECT_NE(field.refusal(5), "");
    EXPECT_NE(field.decode_refusal("0011223344"), "");
}

TEST(MacAddress, MayStandReversed) {
    const FieldUnderTest field(R"("type": "LEMACField")");
    EXPECT_EQ(field.bytes("00:11:22:aa:bb:cc"), "ccbbaa221100");
    EXPECT_EQ(field.read("ccbbaa221100"), "00:11:22:aa:bb:cc");
}

TEST(Ipv4Address, TextsAndNumbers) {
    const FieldUnderTest field(R"("type": "IPField")");
    EXPECT_EQ(field.bytes("192.0.2.1"), "c0000201");
    EXPECT_EQ(field.bytes("0.0.0.0"), "00000000");
    EXPECT_EQ(field.bytes("255.255.255.255"), "ffffffff");
    EXPECT_EQ(field.bytes("0xc0000201"), "c0000201");
    EXPECT_EQ(field.bytes(3221225985), "c0000201");
    EXPECT_EQ(field.read("c0000201"), "192.0.2.1");
    EXPECT_EQ(field.bytes(4294967295), "ffffffff");
}

TEST(Ipv4Address, WhatIsNoneIsRefused) {
    const FieldUnderTest field(R"("type": "IPField")");
    for (const char* const text : {"999.1.1.1", "1.2.3.4.5", "999.1.1.1.1", "1.2.3.", "1.2.3.256", "a.b.c.d", "::1",
                                   "1.2.3.4x", "-1", "4294967296", "1 .2.3.4"}) {
        EXPECT_NE(field.refusal(text).find("IPv4 address"), std::string::npos) << text;
    }
    EXPECT_NE(field.refusal(-1), "");
    EXPECT_NE(field.refusal(4294967296), "");
    EXPECT_NE(field.refusal(model::Value(std::string("1.2.3.4\0x", 9))), "");
}

TEST(Ipv6Address, TextsOfRfc4291) {
    // Section 2.2.
    const FieldUnderTest field(R"("type": "IP6Field")");
    EXPECT_EQ(field.bytes("2001:DB8:0:0:8:800:200C:417A"), "20010db80000000000080800200c417a");
    EXPECT_EQ(field.bytes("2001:DB8::8:800:200C:417A"), "20010db80000000000080800200c417a");
    EXPECT_EQ(field.bytes("FF01::101"), "ff010000000000000000000000000101");
    EXPECT_EQ(field.bytes("::"), std::string(32, '0'));
    EXPECT_EQ(field.bytes("::FFFF:129.144.52.38"), "00000000000000000000ffff81903426");
}

TEST(Ipv6Address, IsShownAsRfc5952Recommends) {
    const FieldUnderTest field(R"("type": "IP6Field")");
    EXPECT_EQ(field.read("20010db8000000000000000000000001"), "2001:db8::1");
    EXPECT_EQ(field.read("20010db8000000000001000000000001"), "2001:db8::1:0:0:1");
    EXPECT_EQ(field.read("20010db8000000010001000100010001"), "2001:db8:0:1:1:1:1:1");
    EXPECT_EQ(field.read("0000000000000000000000000000000f"), "::f");
    EXPECT_EQ(field.read("00000000000000000000ffffc0000201"), "::ffff:192.0.2.1");
}

TEST(Ipv6Address, WhatIsNoneIsRefused) {
    const FieldUnderTest field(R"("type": "IP6Field")");
    for (const char* const text :
         {":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "g::", "::1%eth0", "1.2.3.4", "12345::", "::1 ::2", "::1/64"}) {
        EXPECT_NE(field.refusal(text).find("IPv6 address"), std::string::npos) << text;
    }
    EXPECT_NE(field.refusal(5), "");
    EXPECT_NE(field.decode_refusal(std::string(30, '0')), "");
}

TEST(Ipv6Prefix, OnlyTheOctetsOfItsLengthAreThere) {
    // RFC 4191 section 2.3: 0, 8 or 16 octets of prefix.
    const FieldUnderTest field(R"("type": "_IP6PrefixField", "length": "n", "default": "::")",
                               R"({"id": "n", "type": "ByteField", "default": 8})");
    EXPECT_EQ(field.bytes("2001:db8:1::"), "0820010db800010000");
    EXPECT_EQ(field.read("0820010db800010000"), "2001:db8:1::");
    EXPECT_EQ(field.read("00"), "None");
    EXPECT_EQ(field.read("0820010d"), "2001:d00::");
}

TEST(Addresses, OfEveryBuiltInFieldReadBackAsTheyAreShown) {
    packet::ExpressionBudget budget;
    for (const auto& owner : database().protocols()) {
        for (std::size_t index = 0; index < owner->fields.size(); ++index) {
            const model::Field& field = owner->fields[index];
            if (dynamic_cast<const fields::AddressType*>(field.type) == nullptr || field.bits == 0) {
                continue;
            }
            for (const std::uint8_t octet : Bytes{0x00, 0x01, 0x7f, 0xff}) {
                model::Layer layer = packet::make_layer(*owner);
                packet::set_wire_octets(layer, index, Bytes(field.bits / 8, octet), database());
                const model::Value value = layer.fields[index].value;
                std::string text;
                field.type->show(field, value, text);
                packet::set_field(layer, index, model::Value(text), database(), budget);
                EXPECT_EQ(layer.fields[index].value, value) << owner->id << "." << field.id;
            }
        }
    }
}

TEST(Prefixes, TakeAsManyBytesAsTheirLength) {
    // RFC 4271 section 4.3.
    const FieldUnderTest field(R"("type": "PrefixField", "family": "ipv4")");
    struct Case {
        const char* text;
        const char* digits;
    };
    for (const auto& [text, digits] :
         {Case{"10.0.0.0/8", "080a"}, Case{"172.16.0.0/12", "0cac10"}, Case{"192.0.2.1/32", "20c0000201"},
          Case{"0.0.0.0/0", "00"}, Case{"10.255.0.0/9", "090aff"}}) {
        EXPECT_EQ(field.bytes(text), digits) << text;
        EXPECT_EQ(field.read(digits), text) << digits;
    }
    EXPECT_EQ(field.default_bytes(), "00");
    const FieldUnderTest six(R"("type": "PrefixField", "family": "ipv6")");
    EXPECT_EQ(six.bytes("2001:db8::/32"), "2020010db8");
    EXPECT_EQ(six.read("2020010db8"), "2001:db8::/32");
    EXPECT_EQ(six.read("8020010db8000000000000000000000001"), "2001:db8::1/128");
    for (const char* const text :
         {"10.0.0.0", "10.0.0.0/33", "10.1.0.0/8", "10.0.0.0/", "10.0.0.0/-1", "x/8", "::/8", "1/8"}) {
        EXPECT_NE(field.refusal(text), "") << text;
    }
    for (const char* const digits : {"21c000020100", "20c00002", "09"}) {
        EXPECT_NE(field.decode_refusal(digits), "") << digits;
    }
}

TEST(AddressParts, OfTheEnd) {
    // RFC 6282 section 3.1.1: 64 bits of the address are carried.
    const FieldUnderTest field(R"("type": "IP6FieldLenField", "length": 8)");
    EXPECT_EQ(field.read("0211223344556677"), "::211:2233:4455:6677");
    EXPECT_EQ(field.bytes("::211:2233:4455:6677"), "0211223344556677");
}

}  // namespace
}  // namespace framewright::tests
