// Headers that know their size: fields stop there, and what is left is kept.
#include <gtest/gtest.h>

#include "tests/unit/own_definitions.hpp"

namespace framewright::tests {
namespace {

/// Information elements of GTPv2 (3GPP TS 29.274 section 8.2.1): a type, the length of what follows the first four
/// octets, and an instance. The F-TEID (section 8.22) has an IPv4 address where its flag says so.
const std::string kElements = R"json(
    {"id": "Elements", "fields": [{"id": "list", "type": "PacketListField", "holds": "Element"}]},
    {"id": "Element", "size": "length + 4", "payload_length": 0,
     "fields": [{"id": "type", "type": "ByteField"},
                {"id": "length", "type": "ShortField", "computed": "header_length - 4"},
                {"id": "instance", "type": "ByteField"}],
     "dispatch": [{"when": "byte(0) == 87", "protocol": "FTeid"}, {"when": "byte(0) == 3", "protocol": "Recovery"}]},
    {"id": "FTeid", "is_a": "Element",
     "fields": [{"id": "type", "type": "ByteField", "default": 87},
                {"id": "length", "type": "ShortField", "computed": "header_length - 4"},
                {"id": "instance", "type": "ByteField"},
                {"id": "v4", "type": "BitField", "bits": 1, "default": 1},
                {"id": "v6", "type": "BitField", "bits": 1},
                {"id": "interface", "type": "BitField", "bits": 6},
                {"id": "teid", "type": "IntField"},
                {"id": "ipv4", "type": "IPField", "when": "v4"},
                {"id": "ipv6", "type": "IP6Field", "when": "v6"}]},
    {"id": "Recovery", "is_a": "Element",
     "fields": [{"id": "type", "type": "ByteField", "default": 3},
                {"id": "length", "type": "ShortField", "computed": "header_length - 4"},
                {"id": "instance", "type": "ByteField"},
                {"id": "counter", "type": "ByteField"}]})json";

const OwnDefinitions& elements() {
    static const OwnDefinitions definitions(kElements);
    return definitions;
}

TEST(HeaderSize, EndsTheFields) {
    // An F-TEID whose length leaves no room for the address that its flag promises, and a Recovery behind it.
    const std::string bytes =
        "57000500"
        "8a00000001"
        "03000100"
        "07";
    EXPECT_EQ(elements().read("Elements", bytes),
              "Elements(list=[FTeid(type=87,length=5,instance=0,v4=1,v6=0,interface=10,teid=1,ipv4=None,ipv6=None), "
              "Recovery(type=3,length=1,instance=0,counter=7)])");
    EXPECT_EQ(elements().rebuilt("Elements", bytes), bytes);
}

TEST(HeaderSize, WhatIsLeftIsKept) {
    const std::string bytes =
        "57000b00"
        "8a00000001"
        "0a000001"
        "beef"
        "03000100"
        "07";
    EXPECT_EQ(elements().read("Elements", bytes),
              "Elements(list=[FTeid(type=87,length=11,instance=0,v4=1,v6=0,interface=10,teid=1,ipv4='10.0.0.1',"
              "ipv6=None,rest=b'\\xbe\\xef'), Recovery(type=3,length=1,instance=0,counter=7)])");
    EXPECT_EQ(elements().rebuilt("Elements", bytes), bytes);
}

TEST(HeaderSize, IsComputedWithWhatIsLeft) {
    EXPECT_EQ(elements().built("FTeid(teid=1,ipv4='10.0.0.1')"), "5700090080000000010a000001");
    EXPECT_EQ(elements().built("Recovery(counter=7,rest=b'\\xbe\\xef')"), "0300030007beef");
}

TEST(HeaderSize, OfAnUnknownElementIsAllInTheRest) {
    EXPECT_EQ(elements().read("Elements",
                              "fe000200aabb"
                              "0300010007"),
              "Elements(list=[Element(type=254,length=2,instance=0,rest=b'\\xaa\\xbb'), "
              "Recovery(type=3,length=1,instance=0,counter=7)])");
}

TEST(HeaderSize, ALengthThatIsSetIsHonoured) {
    // Wrong on purpose: what somebody sets stands, and so does the field.
    EXPECT_EQ(elements().built("FTeid(length=5,teid=1,ipv4='10.0.0.1')"), "5700050080000000010a000001");
    EXPECT_EQ(elements().built("FTeid(length=5,teid=1)"), "57000500800000000100000000");
}

TEST(HeaderSize, AFieldOfFixedWidthIsNotCut) {
    // Seven octets: the address has only two of its four.
    EXPECT_EQ(elements().read_refusal("FTeid",
                                      "57000700"
                                      "8000000001"
                                      "0a00"
                                      "0300010007"),
              "the bytes end within the field");
    EXPECT_EQ(elements().read_refusal("FTeid",
                                      "57000200"
                                      "8000"
                                      "0300010007"),
              "the bytes end within the field");
}

TEST(HeaderSize, ThatIsLessThanWhatSaysItIsRefused) {
    const OwnDefinitions own(R"json({"id": "Own", "size": "len", "fields": [
        {"id": "kind", "type": "ByteField"}, {"id": "len", "type": "ByteField", "computed": "header_length"}]})json");
    EXPECT_EQ(own.read("Own", "0102"), "Own(kind=1,len=2)");
    EXPECT_EQ(own.read_refusal("Own", "0101aa"), "the header ends after 1 bytes, before fields that it has");
    EXPECT_EQ(own.read("Own", "0104aabbcc"), "Own(kind=1,len=4,rest=b'\\xaa\\xbb')/Raw(load=b'\\xcc')");
}

TEST(HeaderSize, BytesThatEndEarlierAreReadAsFarAsTheyGo) {
    const std::vector<packet::DissectedLayer> layers = elements().dissect("FTeid",
                                                                          "57000900"
                                                                          "8000000001");
    ASSERT_EQ(layers.size(), 1U);
    EXPECT_EQ(layers[0].header_length, 9U);
    EXPECT_FALSE(layers[0].places[7].is_present);
    EXPECT_TRUE(layers[0].places[7].is_beyond);
    EXPECT_EQ(elements().read("FTeid", "570009"), "FTeid(type=87,length=9)");
}

TEST(HeaderSize, ListsAndOctetsFillIt) {
    const OwnDefinitions own(R"json(
        {"id": "Filled", "size": "len", "fields": [
            {"id": "len", "type": "ByteField", "computed": "header_length"},
            {"id": "numbers", "type": "FieldListField", "element": {"type": "ShortField"}}]},
        {"id": "Text", "size": "u16(0)", "fields": [
            {"id": "len", "type": "ShortField", "computed": "header_length"},
            {"id": "left", "type": "ShortField", "computed": "length(text)"},
            {"id": "text", "type": "StrLenField", "length": "left"}]})json");
    EXPECT_EQ(own.read("Filled", "0500010002ff"), "Filled(numbers=[1, 2],len=5)/Raw(load=b'\\xff')");
    // A length within the header that says more takes what the header has.
    EXPECT_EQ(own.read("Text", "0006ffff6162ff"), "Text(len=6,left=65535,text=b'ab')/Raw(load=b'\\xff')");
    EXPECT_EQ(own.rebuilt("Text", "0006ffff6162ff"), "0006ffff6162ff");
}

TEST(HeaderSize, OfFieldsOfFixedLengthInOctetsIsNotCutEither) {
    const OwnDefinitions own(R"json({"id": "Own", "size": "len", "fields": [
        {"id": "len", "type": "ByteField", "computed": "header_length"},
        {"id": "name", "type": "StrFixedLenField", "length": 4}]})json");
    EXPECT_EQ(own.read("Own", "0561626364"), "Own(len=5,name=b'abcd')");
    EXPECT_EQ(own.read_refusal("Own", "0361626364"), "the bytes end within the field");
    // The bytes end early, not the header.
    EXPECT_EQ(own.read("Own", "056162"), "Own(len=5,name=b'ab')");
}

TEST(HeaderSize, ThatIsComputedOtherwiseThanItIsReadIsRefused) {
    const OwnDefinitions own(R"json({"id": "Own", "size": "words * 4", "fields": [
        {"id": "words", "type": "ByteField", "computed": "header_length / 4"},
        {"id": "data", "type": "StrField"}]})json");
    EXPECT_EQ(own.built("Own(data=b'abc')"), "01616263");
    EXPECT_EQ(own.build_refusal("Own(data=b'abcd')"), "Own.words: the header has 5 bytes, and by its \"size\" 4");
    EXPECT_EQ(own.built("Own(words=1,data=b'abcd')"), "0161626364");
}

TEST(HeaderSize, RemainingIsWhatTheHeaderHas) {
    const OwnDefinitions own(R"json({"id": "Own", "size": "len", "fields": [
        {"id": "len", "type": "ByteField", "computed": "header_length"},
        {"id": "more", "type": "ShortField", "when": "remaining >= 2"}]})json");
    EXPECT_EQ(own.read("Own", "03aabbcc"), "Own(len=3,more=43707)/Raw(load=b'\\xcc')");
    EXPECT_EQ(own.read("Own", "02aabbcc"), "Own(len=2,more=None,rest=b'\\xaa')/Raw(load=b'\\xbb\\xcc')");
    // Somebody set it, so it is there; nobody did, and nothing follows.
    EXPECT_EQ(own.built("Own(more=1)"), "030001");
    EXPECT_EQ(own.built("Own()"), "01");
}

TEST(HeaderSize, TheRestIsInResultsOnlyWhereThereIsSome) {
    const OwnDefinitions own(R"json({"id": "Own", "size": 2, "fields": [{"id": "a", "type": "ByteField"}]})json");
    const model::Protocol& protocol = own.protocol("Own");
    ASSERT_TRUE(protocol.rest_field);
    EXPECT_TRUE(protocol.is_implicit(protocol.fields[*protocol.rest_field]));
    EXPECT_EQ(own.read("Own", "01020304"), "Own(a=1,rest=b'\\x02')/Raw(load=b'\\x03\\x04')");
}

TEST(HeaderSize, AFieldOfOnesOwnMayHoldTheRest) {
    const OwnDefinitions own(R"json({"id": "Own", "size": 2, "fields": [
        {"id": "a", "type": "ByteField"}, {"id": "rest", "type": "XStrField"}]})json");
    EXPECT_FALSE(own.protocol("Own").rest_field);
    EXPECT_EQ(own.read("Own", "010203"), "Own(a=1,rest=b'\\x02')/Raw(load=b'\\x03')");
}

TEST(HeaderSizeRefusal, OfWhatCannotBeMeant) {
    const auto refusal = [](const std::string& members) {
        return OwnDefinitions::refusal(R"({"id": "P", )" + members + "}");
    };
    const auto expect_refused = [&refusal](const std::string& members, const std::string& part) {
        EXPECT_NE(refusal(members).find(part), std::string::npos) << refusal(members);
    };
    const std::string field = R"("fields": [{"id": "a", "type": "IntField"}])";
    expect_refused(R"("size": 3, )" + field, "\"size\" is less than the 4 bytes of the fields");
    EXPECT_EQ(refusal(R"("size": 4, )" + field), "");
    expect_refused(R"("size": "header_length", )" + field, "are not known yet while the header is read");
    expect_refused(R"("size": "rest + 1", )" + field, "unknown field 'rest'");
    expect_refused(R"("size": "b + 1", )" + field, "unknown field 'b'");
    expect_refused(R"json("size": "below(Nope)", )json" + field, "there is no protocol \"Nope\"");
    const std::string rest = R"({"id": "rest", "type": "StrField", )";
    expect_refused(R"("size": 9, "fields": [)" + rest + R"("length": 3}])", "holds what is left of the header");
    expect_refused(R"("size": 9, "fields": [)" + rest + R"("default": ""}, {"id": "a", "type": "IntField"}])",
                   "it stands last");
    expect_refused(R"("size": 9, "fields": [{"id": "rest", "type": "ByteField"}])", "it has no width of its own");
}

}  // namespace
}  // namespace framewright::tests
