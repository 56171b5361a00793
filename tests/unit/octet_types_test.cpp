#include "protocol_db/fields/octet_types.hpp"

#include <gtest/gtest.h>

#include "tests/unit/field_under_test.hpp"

namespace framewright::tests {
namespace {

TEST(ClipLength, TakesWhatIsThereAndLeavesWhatIsNegative) {
    EXPECT_EQ(fields::clip_length(3, 5), 3U);
    EXPECT_EQ(fields::clip_length(5, 5), 5U);
    EXPECT_EQ(fields::clip_length(6, 5), 5U);
    EXPECT_EQ(fields::clip_length(0, 5), 0U);
    EXPECT_EQ(fields::clip_length(-2, 5), 3U);
    EXPECT_EQ(fields::clip_length(-6, 5), 0U);
    EXPECT_EQ(fields::clip_length(INT64_MIN, 5), 0U);
    EXPECT_EQ(fields::clip_length(INT64_MAX, 0), 0U);
}

TEST(VariableOctets, AreWhatIsGivenAndAllThatIsLeft) {
    const FieldUnderTest field(R"("type": "StrField", "default": "abc")");
    EXPECT_EQ(field.default_bytes(), "616263");
    EXPECT_EQ(field.bytes("xy"), "7879");
    EXPECT_EQ(field.bytes(bytes_value("\xff")), "ff");
    EXPECT_EQ(field.bytes("\xc3\xbc"), "c3bc");
    EXPECT_EQ(field.read("616263"), "abc");
    EXPECT_EQ(field.read("61ff"), "<binary>");
    EXPECT_NE(field.refusal(5), "");
    EXPECT_NE(field.refusal(list({})), "");
}

TEST(VariableOctets, HaveALengthThatARuleGives) {
    const FieldUnderTest field(R"("type": "StrLenField", "length": "n", "default": "")",
                               R"json({"id": "n", "type": "FieldLenField", "bits": 8, "computed": "length(f)"})json");
    EXPECT_EQ(field.bytes("hello"), "0568656c6c6f");
    EXPECT_EQ(field.read("0268656c6c6f"), "he");
    EXPECT_EQ(field.read("ff6865"), "he");
    EXPECT_NE(field.refusal(std::string(256, 'x').c_str()).find("8 bits"), std::string::npos);
}

TEST(FixedOctets, AreFilledUpAndNeverLonger) {
    const FieldUnderTest field(R"("type": "StrFixedLenField", "length": 4, "default": "")");
    EXPECT_EQ(field.bytes("ab"), "61620000");
    EXPECT_EQ(field.bytes("abcd"), "61626364");
    EXPECT_NE(field.refusal("abcde").find("4 bytes"), std::string::npos) << field.refusal("abcde");
    EXPECT_EQ(field.read("6162636465"), "abcd");
    EXPECT_EQ(field.read("6162"), "ab");
}

TEST(FixedOctets, MayInsistOnAllOfThem) {
    const FieldUnderTest field(R"("type": "Field", "length": 4, "default": "")");
    EXPECT_EQ(field.read("61626364"), "abcd");
    EXPECT_NE(field.decode_refusal("616263"), "");
}

TEST(FixedOctets, MayHaveToBeAllGiven) {
    const FieldUnderTest field(R"("type": "StrFixedLenField", "length": "n", "exact": true, "default": "")",
                               R"({"id": "n", "type": "ByteField", "default": 3})");
    EXPECT_EQ(field.bytes("abc"), "03616263");
    EXPECT_NE(field.refusal("ab").find("shorter than the 3 bytes"), std::string::npos) << field.refusal("ab");
    EXPECT_NE(field.refusal("abcd").find("longer than the 3 bytes"), std::string::npos);
    EXPECT_EQ(field.default_bytes(), "03000000");
}

TEST(FixedOctets, OfALengthWithoutBoundAreRefused) {
    const FieldUnderTest field(R"("type": "StrFixedLenField", "length": "n", "default": "")",
                               R"({"id": "n", "type": "IntField", "default": 4294967295})");
    EXPECT_NE(field.refusal("x"), "");
}

TEST(Octets, MayBeTheNumberZeroWhereThereAreNone) {
    const FieldUnderTest field(R"("type": "StrFixedLenField", "length": 2, "zero": true, "default": 0)");
    EXPECT_EQ(field.default_bytes(), "0000");
    EXPECT_EQ(field.parsed(0), "0");
    EXPECT_EQ(field.bytes("a"), "6100");
    EXPECT_NE(field.refusal(1), "");
    const FieldUnderTest other(R"("type": "StrFixedLenField", "length": 2, "default": "")");
    EXPECT_NE(other.refusal(0), "");
}

TEST(StoppedOctets, EndWithAZeroOrTheirMark) {
    const FieldUnderTest zero(R"("type": "StrNullField", "default": "")");
    EXPECT_EQ(zero.bytes("ab"), "616200");
    EXPECT_EQ(zero.read("61620063"), "ab");
    EXPECT_EQ(zero.read("6162"), "ab");
    const FieldUnderTest mark(R"("type": "StrStopField", "stop": "\r\n", "default": "")");
    EXPECT_EQ(mark.bytes("GET"), "4745540d0a");
    EXPECT_EQ(mark.read("4745540d0a41"), "GET");
    EXPECT_EQ(mark.read("4745540d41"), "GET\rA");
}

TEST(Padding, FillsAFieldUpToAMultiple) {
    const FieldUnderTest field(R"("type": "StrLenField", "length": 3, "default": "", "pad_to": 4)");
    EXPECT_EQ(field.bytes("abc"), "61626300");
    EXPECT_EQ(field.bytes("abcd"), "61626364");
    EXPECT_EQ(field.bytes(""), field.default_bytes());
}

TEST(Padding, CutsAFieldToAMultiple) {
    const FieldUnderTest field(R"("type": "StrField", "default": "", "truncate_to": 4)");
    EXPECT_EQ(field.bytes("abcdef"), "61626364");
    EXPECT_EQ(field.bytes("abc"), "");
}

}  // namespace
}  // namespace framewright::tests
