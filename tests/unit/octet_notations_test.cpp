#include "protocol_db/fields/octet_notations.hpp"

#include <gtest/gtest.h>

#include "tests/unit/field_under_test.hpp"

namespace framewright::tests {
namespace {

/// What is shown of octets, read as they were shown.
void expect_reads_back(const FieldUnderTest& field, const char* digits) {
    EXPECT_EQ(field.bytes(field.read(digits).c_str()), digits) << field.read(digits);
}

TEST(OctetNotations, Uuid) {
    // RFC 9562 (and RFC 4122 section 3); the other order is bytes_le of Python's uuid module.
    const FieldUnderTest field(R"("type": "StrFixedLenField", "length": 16, "notation": "uuid")");
    const std::string digits = "f81d4fae7dec11d0a76500a0c91e6bf6";
    EXPECT_EQ(field.read(digits), "UUID('f81d4fae-7dec-11d0-a765-00a0c91e6bf6')");
    EXPECT_EQ(field.expressed(digits), "UUID('f81d4fae-7dec-11d0-a765-00a0c91e6bf6')");
    for (const char* const text :
         {"f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "UUID('F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6')",
          "{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}", "0xf81d4fae7dec11d0a76500a0c91e6bf6"}) {
        EXPECT_EQ(field.bytes(text), digits) << text;
    }
    EXPECT_EQ(field.expression_bytes("UUID('f81d4fae-7dec-11d0-a765-00a0c91e6bf6')"), digits);
    EXPECT_TRUE(field.field().type->expresses_octets(field.field()));
    EXPECT_EQ(field.default_bytes(), std::string(32, '0'));
    for (const char* const text : {"f81d4fae7dec11d0a76500a0c91e6bf6", "f81d4fae-7dec-11d0-a765-00a0c91e6bf", "UUID()",
                                   "f81d4fae-7dec-11d0-a765-00a0c91e6bfg", "text", "0x0"}) {
        EXPECT_NE(field.refusal(text).find("not of the notation uuid"), std::string::npos) << text;
    }
    const FieldUnderTest mixed(R"("type": "StrFixedLenField", "length": 16, "notation": "uuid_le")");
    EXPECT_EQ(mixed.bytes("f81d4fae-7dec-11d0-a765-00a0c91e6bf6"), "ae4f1df8ec7dd011a76500a0c91e6bf6");
    EXPECT_EQ(mixed.read("ae4f1df8ec7dd011a76500a0c91e6bf6"), "UUID('f81d4fae-7dec-11d0-a765-00a0c91e6bf6')");
    // Bluetooth's base UUID with 0x180d in it (Core Specification 5.2 Vol 3 Part B section 2.5.1).
    const FieldUnderTest reversed(R"("type": "StrFixedLenField", "length": 16, "notation": "uuid_reversed")");
    EXPECT_EQ(reversed.bytes("0000180d-0000-1000-8000-00805f9b34fb"), "fb349b5f80000080001000000d180000");
    EXPECT_EQ(reversed.read("fb349b5f80000080001000000d180000"), "UUID('0000180d-0000-1000-8000-00805f9b34fb')");
}

TEST(OctetNotations, Utf16) {
    // RFC 2781 section 5: "*=Ra" with U+12345 in front of it.
    const FieldUnderTest field(R"("type": "StrField", "notation": "utf16")");
    EXPECT_EQ(field.bytes("\xf0\x92\x8d\x85=Ra"), "d808df45003d00520061");
    EXPECT_EQ(field.read("d808df45003d00520061"), "\xf0\x92\x8d\x85=Ra");
    const FieldUnderTest little(R"("type": "StrField", "notation": "utf16_le")");
    EXPECT_EQ(little.bytes("\xf0\x92\x8d\x85=Ra"), "08d845df3d0052006100");
    EXPECT_EQ(little.bytes("Zo\xc3\xab"), "5a006f00eb00");
    EXPECT_EQ(little.read("5a006f00eb00"), "Zo\xc3\xab");
    // Half a pair, half a unit, and what would be read as digits.
    for (const char* const digits : {"00d8", "00dc", "00d80041", "41", "410042", "30007800", "0a00", "ffff"}) {
        expect_reads_back(little, digits);
    }
    EXPECT_EQ(little.read("00d8"), "0x00d8");
    for (const char* const text : {"\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80"}) {
        EXPECT_NE(little.refusal(text), "");
    }
    // Zeros that fill a field up are not part of its text.
    const FieldUnderTest fixed(R"("type": "StrFixedLenField", "length": 8, "notation": "utf16_le")");
    EXPECT_EQ(fixed.bytes("ab"), "6100620000000000");
    EXPECT_EQ(fixed.read("6100620000000000"), "ab");
    EXPECT_NE(fixed.refusal("abcde"), "");
}

TEST(OctetNotations, DecimalDigits) {
    const FieldUnderTest bcd(R"("type": "StrField", "notation": "bcd")");
    EXPECT_EQ(bcd.bytes("1234"), "1234");
    EXPECT_EQ(bcd.read("0099"), "0099");
    EXPECT_EQ(bcd.read("1a"), "0x1a");
    expect_reads_back(bcd, "1a");
    EXPECT_NE(bcd.refusal("123"), "");
    EXPECT_NE(bcd.refusal("12ab"), "");
    // 3GPP TS 29.002 section 17.7.8: the first digit in the low bits, 1111 fills up, 1010 is *, 1011 #, 1100 a.
    const FieldUnderTest tbcd(R"("type": "StrField", "notation": "tbcd")");
    EXPECT_EQ(tbcd.bytes("49891234567"), "9498214365f7");
    EXPECT_EQ(tbcd.read("9498214365f7"), "49891234567");
    EXPECT_EQ(tbcd.bytes("*#ab"), "badc");
    for (const char* const digits : {"21", "f1", "ff", "1f", "f121", "badc", "e0"}) {
        expect_reads_back(tbcd, digits);
    }
    EXPECT_NE(tbcd.refusal("+49"), "");
}

TEST(OctetNotations, Hexadecimal) {
    const FieldUnderTest field(R"("type": "StrField", "notation": "hexadecimal")");
    EXPECT_EQ(field.read("0a1bff"), "0a1bff");
    EXPECT_EQ(field.bytes("0A1bff"), "0a1bff");
    EXPECT_EQ(field.bytes("0x0a"), "0a");
    EXPECT_NE(field.refusal("0a1"), "");
    EXPECT_NE(field.refusal("zz"), "");
    EXPECT_EQ(field.bytes(""), "");
    EXPECT_EQ(field.bytes(bytes_value("ab")), "6162");
}

TEST(OctetNotations, NamesOfTexts) {
    // RFC 5905 figure 12: reference identifiers.
    const FieldUnderTest field(
        R"("type": "StrFixedLenField", "length": 4, "names": {"GPS": "Global Position System", "PPS": "pulse"})");
    EXPECT_EQ(field.bytes("Global Position System"), "47505300");
    EXPECT_EQ(field.read("47505300"), "Global Position System");
    EXPECT_EQ(field.bytes("GPS"), "47505300");
    EXPECT_EQ(field.read("41424300"), std::string("ABC\0", 4));
    EXPECT_EQ(field.bytes("ABCD"), "41424344");
}

}  // namespace
}  // namespace framewright::tests
