// What is computed may decide what else is in a header: it is built until nothing changes.
#include <gtest/gtest.h>

#include "tests/unit/own_definitions.hpp"

namespace framewright::tests {
namespace {

TEST(Settling, AConditionMayAskForWhatIsComputed) {
    // RFC 7252 section 3.1: a length of four bits, and from 13 on one more octet.
    const OwnDefinitions own(R"json({"id": "Option", "fields": [
        {"id": "delta", "type": "BitField", "bits": 4},
        {"id": "len", "type": "BitField", "bits": 4, "computed": "length(value) < 13 ? length(value) : 13"},
        {"id": "more", "type": "ByteField", "when": "len == 13", "computed": "length(value) - 13"},
        {"id": "value", "type": "StrLenField", "length": "len == 13 ? more + 13 : len"}]})json");
    EXPECT_EQ(own.built("Option(value=b'abc')"), "03616263");
    EXPECT_EQ(own.built("Option(value=b'123456789012')"), "0c313233343536373839303132");
    EXPECT_EQ(own.built("Option(value=b'1234567890123')"), "0d0031323334353637383930313233");
    EXPECT_EQ(own.built("Option(value=b'123456789012345')"), "0d02313233343536373839303132333435");
    EXPECT_EQ(own.read("Option", "0d0031323334353637383930313233"),
              "Option(delta=0,len=13,more=0,value=b'1234567890123')");
}

TEST(Settling, AComputedFieldMayBeComputedFromAnother) {
    const OwnDefinitions own(R"json({"id": "Own", "fields": [
        {"id": "words", "type": "ByteField", "computed": "(bytes + 3) / 4"},
        {"id": "bytes", "type": "ByteField", "computed": "length(data)"},
        {"id": "data", "type": "StrLenField", "length": "bytes", "pad_to": 4}]})json");
    EXPECT_EQ(own.built("Own(data=b'abcde')"), "02056162636465000000");
    EXPECT_EQ(own.built("Own(words=7,data=b'abcde')"), "07056162636465000000");
}

TEST(Settling, ALengthOfFixedOctetsMayAskForWhatIsComputed) {
    const OwnDefinitions own(R"json({"id": "Own", "fields": [
        {"id": "len", "type": "ByteField", "computed": "length(data)"},
        {"id": "data", "type": "StrLenField", "length": "len"},
        {"id": "fill", "type": "StrFixedLenField", "length": "3 - len"}]})json");
    EXPECT_EQ(own.built("Own(data=b'a')"), "01610000");
    EXPECT_EQ(own.built("Own(data=b'abc')"), "03616263");
}

TEST(Settling, WhatDependsOnItselfIsRefused) {
    const OwnDefinitions own(R"json({"id": "Own", "fields": [
        {"id": "len", "type": "ByteField", "computed": "header_length == 1 ? 2 : 1"},
        {"id": "more", "type": "ByteField", "when": "len == 2"}]})json");
    EXPECT_EQ(own.build_refusal("Own()"), "Own.len: does not settle: what it is computed from depends on it");
    EXPECT_EQ(own.built("Own(len=2)"), "0200");
    const OwnDefinitions counting(
        R"json({"id": "Own", "fields": [{"id": "n", "type": "ByteField", "computed": "n + 1"}]})json");
    EXPECT_EQ(counting.build_refusal("Own()"), "Own.n: does not settle: what it is computed from depends on it");
}

TEST(Settling, ANumberThatFitsNowhereIsRefusedOnlyInTheEnd) {
    // At first, without the longer field, the number would be -1.
    const OwnDefinitions own(R"json({"id": "Own", "fields": [
        {"id": "len", "type": "ByteField", "computed": "header_length - 2"},
        {"id": "more", "type": "ByteField", "when": "len != 0"}]})json");
    EXPECT_EQ(own.build_refusal("Own()"), "Own.len: does not settle: what it is computed from depends on it");
    EXPECT_EQ(own.built("Own(len=0)"), "00");
    const OwnDefinitions large(R"json({"id": "Own", "fields": [
        {"id": "len", "type": "ByteField", "computed": "length(data)"}, {"id": "more", "type": "ByteField", "when": "len > 99"},
        {"id": "data", "type": "StrField"}]})json");
    EXPECT_EQ(large.build_refusal("Own(data=b'" + std::string(256, 'x') + "')"),
              "Own.len: the computed value does not fit into 8 bits");
}

TEST(Settling, ALayerMayAskForWhatIsComputedInTheOneBelow) {
    const OwnDefinitions own(R"json(
        {"id": "Lower", "fields": [{"id": "len", "type": "ByteField", "computed": "payload_length"}]},
        {"id": "Upper", "under": [{"protocol": "Lower"}], "fields": [
            {"id": "a", "type": "ByteField", "default": 1},
            {"id": "b", "type": "ByteField", "default": 2, "when": "below.len > 2"},
            {"id": "data", "type": "StrField"}]})json");
    EXPECT_EQ(own.built("Lower()/Upper(data=b'xyz')"), "05010278797a");
    EXPECT_EQ(own.built("Lower()/Upper(data=b'x')"), "020178");
    EXPECT_EQ(own.built("Lower(len=9)/Upper(data=b'x')"), "09010278");
    // With b the length is 3 and b is there; without, 2 and it is not.
    EXPECT_EQ(own.read("Lower", "05010278797a"), "Lower(len=5)/Upper(a=1,b=2,data=b'xyz')");
}

TEST(Settling, WhatDependsOnItselfThroughTheLayerBelowIsRefused) {
    const OwnDefinitions own(R"json(
        {"id": "Lower", "fields": [{"id": "len", "type": "ByteField", "computed": "payload_length"}]},
        {"id": "Upper", "under": [{"protocol": "Lower"}], "fields": [
            {"id": "a", "type": "ByteField"}, {"id": "b", "type": "ByteField", "when": "below.len == 1"}]})json");
    EXPECT_EQ(own.build_refusal("Lower()/Upper()"),
              "Lower.len: does not settle: what it is computed from depends on it");
}

TEST(Settling, OfPacketsWithinPacketsIsBounded) {
    // Each level is written three times for each time that the one around it is.
    const OwnDefinitions own(R"json({"id": "Own", "payload_length": 0, "fields": [
        {"id": "len", "type": "ShortField", "computed": "length(items)"},
        {"id": "more", "type": "ByteField", "when": "len > 0", "computed": "len & 255"},
        {"id": "most", "type": "ByteField", "when": "more > 0", "computed": "more"},
        {"id": "last", "type": "ByteField", "when": "most > 0"},
        {"id": "items", "type": "PacketListField", "holds": "Own", "length": "len"}]})json");
    const auto nested = [](int levels) {
        std::string text = "Own()";
        for (int level = 0; level < levels; ++level) {
            text = "Own(items=[" + text + "])";
        }
        return text;
    };
    EXPECT_EQ(own.built(nested(1)),
              "0002"
              "020200"
              "0000");
    EXPECT_EQ(own.built(nested(3)).substr(0, 4), "000c");
    EXPECT_NE(own.build_refusal(nested(14)).find("takes too long to settle"), std::string::npos);
}

TEST(Settling, RulesSeeOctetsThatAreBuilt) {
    const OwnDefinitions own(R"json({"id": "Own", "fields": [
        {"id": "len", "type": "ByteField", "computed": "length(data)"},
        {"id": "many", "type": "ByteField", "when": "byte(0) > 1", "default": 170},
        {"id": "data", "type": "StrField"},
        {"id": "sum", "type": "ByteField", "computed": "byte(0) + byte(1)"}]})json");
    EXPECT_EQ(own.built("Own(data=b'\\x05')"), "010506");
    EXPECT_EQ(own.built("Own(data=b'\\x05\\x06')"), "02aa0506ac");
    EXPECT_EQ(own.build_refusal("Own()"), "");  // 00 and the sum itself, of which nothing is known but that it is 0
}

TEST(Settling, RulesDoNotSeeOctetsThatAreNotBuiltYet) {
    const OwnDefinitions own(R"json({"id": "Own", "fields": [
        {"id": "a", "type": "ByteField"},
        {"id": "b", "type": "ByteField", "when": "byte(1) == 7"},
        {"id": "c", "type": "ByteField", "computed": "byte(9)"}]})json");
    EXPECT_EQ(own.build_refusal("Own()"), "Own.b: its rule looks at octets from 1 on, which are not built yet");
    const OwnDefinitions far(
        R"json({"id": "Own", "fields": [{"id": "c", "type": "ByteField", "computed": "byte(9)"}]})json");
    EXPECT_EQ(far.build_refusal("Own()/Raw()"), "Own.c: its rule looks at octets from 9 on, which are not built yet");
    const OwnDefinitions half(R"json({"id": "Own", "fields": [
        {"id": "a", "type": "BitField", "bits": 4}, {"id": "b", "type": "BitField", "bits": 4, "when": "byte(0) == 0"}]})json");
    EXPECT_EQ(half.build_refusal("Own()"), "Own.b: its rule looks at octets from 0 on, which are not built yet");
}

TEST(Settling, AChecksumIsComputedWhereAComputedFlagSaysSo) {
    const OwnDefinitions own(R"json({"id": "Own", "fields": [
        {"id": "has", "type": "ByteField", "computed": "length(data) > 0"},
        {"id": "sum", "type": "XShortField", "when": "has", "checksum": {"algorithm": "internet", "when": "has"}},
        {"id": "data", "type": "StrField"}]})json");
    EXPECT_EQ(own.built("Own()"), "00");
    // RFC 1071: 0100 + 0001 + 0200 = 0301, and its complement.
    EXPECT_EQ(own.built("Own(data=b'\\x01\\x02')"), "01fcfe0102");
}

}  // namespace
}  // namespace framewright::tests
