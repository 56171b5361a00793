#include "protocol_db/fields/sized_number_types.hpp"

#include <gtest/gtest.h>

#include "tests/unit/field_under_test.hpp"

namespace framewright::tests {
namespace {

struct Encoded {
    const char* number;
    const char* digits;
};

void expect_form(const std::string& form, std::initializer_list<Encoded> numbers) {
    const FieldUnderTest field(R"("type": "VarIntField", "form": ")" + form + '"');
    for (const auto& [number, digits] : numbers) {
        EXPECT_EQ(field.bytes(number), digits) << form;
        EXPECT_EQ(field.read(digits), number) << form;
    }
}

TEST(SelfSizedNumbers, InEveryForm) {
    // RFC 9000 appendix A.1, and the bounds of section 16.
    expect_form("quic", {{"37", "25"},
                         {"15293", "7bbd"},
                         {"494878333", "9d7f3e7d"},
                         {"151288809941952652", "c2197c5eff14e88c"},
                         {"0", "00"},
                         {"63", "3f"},
                         {"64", "4040"},
                         {"4611686018427387903", "ffffffffffffffff"}});
    // MQTT 5.0 section 1.5.5, table 1-1.
    expect_form("mqtt", {{"0", "00"},
                         {"127", "7f"},
                         {"128", "8001"},
                         {"16383", "ff7f"},
                         {"16384", "808001"},
                         {"2097152", "80808001"},
                         {"268435455", "ffffff7f"}});
    // protobuf.dev: 150 is 9601.
    expect_form("protobuf", {{"150", "9601"}, {"1", "01"}, {"18446744073709551615", "ffffffffffffffffff01"}});
    // X.690 section 8.1.3.5: 201 is 10000001 11001001.
    expect_form("ber", {{"38", "26"},
                        {"127", "7f"},
                        {"201", "81c9"},
                        {"65536", "83010000"},
                        {"18446744073709551615", "88ffffffffffffffff"}});
}

TEST(SelfSizedNumbers, InMoreBytesThanNeeded) {
    // RFC 9000 appendix A.1: 4025 decodes to 37 too.
    const FieldUnderTest quic(R"("type": "VarIntField", "form": "quic")");
    EXPECT_EQ(quic.read("4025"), "37");
    const FieldUnderTest ber(R"("type": "VarIntField", "form": "ber")");
    EXPECT_EQ(ber.read("820005"), "5");
    EXPECT_EQ(ber.read("8a00000000000000000005"), "5");
    const FieldUnderTest protobuf(R"("type": "VarIntField", "form": "protobuf")");
    EXPECT_EQ(protobuf.read("8000"), "0");
}

TEST(SelfSizedNumbers, Refused) {
    const auto field = [](const char* form) {
        return FieldUnderTest(R"("type": "VarIntField", "form": ")" + std::string(form) + '"');
    };
    EXPECT_NE(field("quic").refusal("4611686018427387904").find("62 bits"), std::string::npos);
    EXPECT_NE(field("mqtt").refusal("268435456").find("28 bits"), std::string::npos);
    EXPECT_NE(field("ber").refusal("18446744073709551616"), "");
    EXPECT_NE(field("ber").refusal(-1), "");
    for (const char* const digits : {"c2197c", "40"}) {
        EXPECT_NE(field("quic").decode_refusal(digits), "") << digits;
    }
    for (const char* const digits : {"80808080", "8080808001", "ff"}) {
        EXPECT_NE(field("mqtt").decode_refusal(digits), "") << digits;
    }
    for (const char* const digits : {"ffffffffffffffffff02", "8080808080808080808001", "80"}) {
        EXPECT_NE(field("protobuf").decode_refusal(digits), "") << digits;
    }
    for (const char* const digits : {"80", "82ff", "89010000000000000000", "81"}) {
        EXPECT_NE(field("ber").decode_refusal(digits), "") << digits;
    }
}

TEST(SizedNumbers, InAsManyBytesAsARuleGives) {
    const std::string mode = R"({"id": "mode", "type": "ByteField"})";
    const FieldUnderTest field(R"("type": "LENumberLenField", "notation": "hexadecimal",
        "length": "mode == 2 ? 2 : mode == 3 ? 8 : 0")",
                               mode);
    EXPECT_EQ(field.read("023412"), "0x1234");
    EXPECT_EQ(field.read("03efcdab8967452301"), "0x123456789abcdef");
    EXPECT_TRUE(field.read_value("00").is_none());
    const auto bytes = [&field](const char* mode_value, const char* value) {
        model::Layer layer = field.layer(value);
        packet::ExpressionBudget budget;
        packet::set_field(layer, 0, model::Value(std::string(mode_value)), field.database(), budget);
        return field.bytes_of(layer);
    };
    EXPECT_EQ(bytes("2", "0x1234"), "023412");
    EXPECT_EQ(bytes("3", "0x1234"), "033412000000000000");
    EXPECT_EQ(bytes("0", "0x1234"), "00");
    EXPECT_THROW(bytes("2", "0x12345"), packet::BuildError);
    const FieldUnderTest big(R"("type": "NumberLenField", "length": 3)");
    EXPECT_EQ(big.bytes("66051"), "010203");
    EXPECT_EQ(big.read("010203"), "66051");
    EXPECT_NE(big.decode_refusal("0102"), "");
    const FieldUnderTest wide(R"("type": "NumberLenField", "length": 9)");
    EXPECT_NE(wide.refusal(1).find("0 to 8 bytes"), std::string::npos) << wide.refusal(1);
    EXPECT_NE(wide.decode_refusal("010203040506070809"), "");
}

TEST(SizedNumbers, InAsManyBitsAsARuleGives) {
    // RFC 6282 section 3.1.1: the traffic class and flow label that the TF bits leave.
    const std::string before = R"({"id": "tf", "type": "BitField", "bits": 4})";
    const FieldUnderTest field(R"("type": "BitVarSizeField", "width": "tf == 1 ? 20 : tf == 2 ? 4 : 12")", before);
    EXPECT_EQ(field.read("1abcde"), "703710");
    EXPECT_EQ(field.read("2a"), "10");
    const auto with = [&field](const char* tf, const char* value) {
        model::Layer layer = field.layer(value);
        packet::ExpressionBudget budget;
        packet::set_field(layer, 0, model::Value(std::string(tf)), field.database(), budget);
        return field.bytes_of(layer);
    };
    EXPECT_EQ(with("1", "0xabcde"), "1abcde");
    EXPECT_EQ(with("2", "10"), "2a");
    EXPECT_THROW(with("2", "16"), packet::BuildError);
}

TEST(WideNumbers, AreShownAndReadWhole) {
    const FieldUnderTest guid(R"("type": "BitField", "bits": 128)");
    EXPECT_EQ(guid.bytes("58180308276848940413152475061823002942"), "2bc51eaa73f7e47f9bc3e4f1b8e4d93e");
    EXPECT_EQ(guid.read("2bc51eaa73f7e47f9bc3e4f1b8e4d93e"), "58180308276848940413152475061823002942");
    EXPECT_EQ(guid.read("ffffffffffffffffffffffffffffffff"), "340282366920938463463374607431768211455");
    EXPECT_EQ(guid.bytes("340282366920938463463374607431768211455"), "ffffffffffffffffffffffffffffffff");
    EXPECT_NE(guid.refusal("340282366920938463463374607431768211456").find("128 bits"), std::string::npos);
    EXPECT_NE(guid.refusal("-1"), "");
    EXPECT_EQ(guid.bytes(5), "00000000000000000000000000000005");
    EXPECT_EQ(guid.default_bytes(), std::string(32, '0'));
    const FieldUnderTest hexadecimal(R"("type": "XBitField", "bits": 200)");
    const std::string digits = "8" + std::string(48, '0') + "1";
    EXPECT_EQ(hexadecimal.read(digits), "0x" + digits);
    EXPECT_EQ(hexadecimal.bytes(("0x" + digits).c_str()), digits);
    EXPECT_EQ(hexadecimal.read(std::string(48, '0') + "0f"), "0xf");
    // In the middle of other bits.
    const FieldUnderTest between(R"("type": "XBitField", "bits": 132)",
                                 R"({"id": "a", "type": "BitField", "bits": 4})");
    EXPECT_EQ(between.read("0f23456789abcdef0123456789abcdef01"), "0xf23456789abcdef0123456789abcdef01");
    EXPECT_EQ(between.bytes("0xf23456789abcdef0123456789abcdef01"), "0f23456789abcdef0123456789abcdef01");
}

TEST(BitFields, LowestByteFirst) {
    const FieldUnderTest flags(R"("type": "FlagsField", "bits": 32, "flags": ["a", "b"], "little_endian": true)");
    EXPECT_EQ(flags.bytes("b"), "02000000");
    EXPECT_EQ(flags.read("03000000"), "a+b");
    const FieldUnderTest number(R"("type": "XBitField", "bits": 16, "little_endian": true)",
                                R"({"id": "a", "type": "BitField", "bits": 8, "default": 255})");
    EXPECT_EQ(number.bytes("0x1234"), "ff3412");
    EXPECT_EQ(number.read("003412"), "0x1234");
    const FieldUnderTest computed(
        R"("type": "BitField", "bits": 16, "little_endian": true, "computed": "header_length")");
    EXPECT_EQ(computed.default_bytes(), "0200");
}

}  // namespace
}  // namespace framewright::tests
