// Rules of definitions that use names of enumerations, and fields of the layer that holds a packet.
#include <gtest/gtest.h>

#include "tests/unit/own_definitions.hpp"

namespace framewright::tests {
namespace {

constexpr const char* kStamped = R"json({"id": "Own", "fields": [
    {"id": "type", "type": "ByteEnumField", "enumeration": {"1": "request", "2": "timestamp"}},
    {"id": "time", "type": "ShortField", "when": "type == 'timestamp'"},
    {"id": "end", "type": "ByteField"}]})json";

TEST(NamesInRules, AreThoseOfTheField) {
    const OwnDefinitions own(kStamped);
    EXPECT_EQ(own.built("Own(type=1,end=255)"), "01ff");
    EXPECT_EQ(own.built("Own(type='timestamp',time=7,end=255)"), "020007ff");
    EXPECT_EQ(own.read("Own", "020007ff"), "Own(type=2,time=7,end=255)");
}

TEST(NamesInRules, ThatTheFieldHasNotAreRefused) {
    const auto refusal = [](const std::string& rule, const std::string& more = "") {
        return OwnDefinitions::refusal(R"({"id": "Own", "fields": [{"id": "type", "type": "ByteEnumField",
            "enumeration": {"1": "request", "2": "timestamp"}}, {"id": "n", "type": "ByteField"},)" +
                                       more + R"({"id": "time", "type": "ShortField", "when": ")" + rule + "\"}]}");
    };
    EXPECT_NE(refusal("type == 'timestmap'").find("field type has no name 'timestmap'; did you mean \"timestamp\"?"),
              std::string::npos)
        << refusal("type == 'timestmap'");
    EXPECT_NE(refusal("n == 'timestamp'").find("field n has no names"), std::string::npos);
    EXPECT_NE(refusal("type == 'timestamp' + 1").find("a name stands for a number only where"), std::string::npos);
}

TEST(NamesInRules, OfFieldsThatShareAnIdAgree) {
    const auto refusal = [](const std::string& other) {
        return OwnDefinitions::refusal(R"({"id": "Own", "fields": [{"id": "k", "type": "ByteField"},
            {"id": "t", "type": "ByteEnumField", "when": "k", "enumeration": {"1": "one"}},
            {"id": "t", "type": "ByteEnumField", "when": "!k", "enumeration": {)" +
                                       other + R"(}}, {"id": "v", "type": "ByteField", "when": "t == 'one'"}]})");
    };
    EXPECT_EQ(refusal(R"("1": "one", "2": "two")"), "");
    EXPECT_NE(refusal(R"("2": "one")").find("the fields of the id t have different numbers of the name"),
              std::string::npos);
}

const std::string kNested = R"json(
    {"id": "Outer", "fields": [{"id": "mode", "type": "ByteField", "default": 2},
                               {"id": "n", "type": "ByteField", "computed": "count(items)"},
                               {"id": "items", "type": "PacketListField", "holds": "Inner", "count": "n"}]},
    {"id": "Inner", "payload_length": 0, "fields": [
        {"id": "v", "type": "MultipleTypeField", "variants": [
            {"when": "parent.mode == 2", "field": {"type": "ShortField"}},
            {"when": "parent.mode == 4", "field": {"type": "IPField"}},
            {"field": {"type": "ByteField"}}]},
        {"id": "w", "type": "ByteField", "when": "parent(Outer)"}]})json";

TEST(ParentInRules, IsTheLayerThatHoldsThePacket) {
    const OwnDefinitions own(kNested);
    EXPECT_EQ(own.built("Outer(items=[Inner(v=7,w=1),Inner(v=8,w=2)])"), "0202000701000802");
    EXPECT_EQ(own.built("Outer(mode=1,items=[Inner(v=7,w=1)])"), "01010701");
    EXPECT_EQ(own.read("Outer", "0202000701000802"), "Outer(items=[Inner(v=7,w=1), Inner(v=8,w=2)],mode=2,n=2)");
    EXPECT_EQ(own.read("Outer", "01010701"), "Outer(items=[Inner(v=7,w=1)],mode=1,n=1)");
    // Alone there is none.
    EXPECT_EQ(own.built("Inner(v=7)"), "07");
    EXPECT_EQ(own.read("Inner", "07"), "Inner(v=7)");
}

TEST(ParentInRules, ValuesAreReadInTheFormThatIsWritten) {
    const OwnDefinitions own(kNested);
    EXPECT_EQ(own.built("Outer(mode=4,items=[Inner(v='10.0.0.1',w=1)])"), "04010a00000101");
    EXPECT_EQ(own.built("Outer(items=[Inner(v='10.0.0.1',w=1)],mode=4)"), "04010a00000101");
    EXPECT_THROW(own.built("Outer(items=[Inner(v='10.0.0.1')])"), fields::ValueError);
}

// The number of one is computed in the layer that holds the packets.
TEST(ParentInRules, ComputedNumbersAreSeen) {
    const OwnDefinitions own(R"json(
        {"id": "Outer", "fields": [{"id": "n", "type": "ByteField", "computed": "count(items)"},
                                   {"id": "items", "type": "PacketListField", "holds": "Inner", "count": "n"}]},
        {"id": "Inner", "payload_length": 0, "fields": [{"id": "a", "type": "ByteField"},
            {"id": "b", "type": "ByteField", "when": "parent.n > 1"}]})json");
    EXPECT_EQ(own.built("Outer(items=[Inner(a=1)])"), "0101");
    EXPECT_EQ(own.built("Outer(items=[Inner(a=1,b=2),Inner(a=3,b=4)])"), "0201020304");
    EXPECT_EQ(own.rebuilt("Outer", "0201020304"), "0201020304");
}

TEST(AddressesInRules, AreTheNumberOfTheirOctets) {
    const OwnDefinitions own(R"json(
        {"id": "Low", "fields": [{"id": "mac", "type": "MACField", "default": "02:00:00:00:00:01"},
                                 {"id": "ip", "type": "IPField", "default": "10.0.0.1"}]},
        {"id": "High", "fields": [{"id": "mac", "type": "MACField", "computed": "below.mac"},
                                  {"id": "reversed", "type": "LEMACField", "computed": "below.mac"},
                                  {"id": "ip", "type": "IPField", "computed": "below.ip"},
                                  {"id": "is_local", "type": "ByteField", "computed": "mac >> 41 & 1"}],
         "under": [{"protocol": "Low"}]})json");
    EXPECT_EQ(own.built("Low()/High()"),
              "0200000000010a000001"
              "020000000001"
              "010000000002"
              "0a000001"
              "01");
    EXPECT_EQ(own.built("Low(mac='04:00:00:00:00:05',ip='1.2.3.4')/High(reversed='00:00:00:00:00:09')"),
              "04000000000501020304"
              "040000000005"
              "090000000000"
              "01020304"
              "00");
    // Nothing is below.
    EXPECT_EQ(own.built("High()"),
              "000000000000"
              "000000000000"
              "00000000"
              "00");
    const auto layers = own.dissect("Low",
                                    "04000000000501020304"
                                    "040000000005"
                                    "090000000000"
                                    "01020304"
                                    "00");
    EXPECT_EQ(shown(layers[1], "mac"), "04:00:00:00:00:05");
}

TEST(ParentInRules, UnknownNamesAreRefused) {
    const auto refusal = [](const std::string& rule) {
        return OwnDefinitions::refusal(R"({"id": "Own", "fields": [{"id": "v", "type": "ByteField", "when": ")" + rule +
                                       "\"}]}");
    };
    EXPECT_NE(refusal("parent.no_such_field"), "");
    EXPECT_NE(refusal("parent(Ehter)").find("did you mean \"Ether\"?"), std::string::npos);
}

}  // namespace
}  // namespace framewright::tests
