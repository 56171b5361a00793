// "selected_by" and "selects": variants of a protocol, found in a table and built with what they are known by.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/packet_helpers.hpp"

namespace framewright::tests {
namespace {

std::unique_ptr<const model::Database> load_with(const std::vector<std::string>& files) {
    static const std::vector<std::string> kNames{"first.json", "second.json"};
    std::vector<loader::UserFile> users;
    for (std::size_t index = 0; index < files.size(); ++index) {
        users.push_back({kNames.at(index), R"({"protocols": [)" + files[index] + "]}"});
    }
    return loader::load_built_in(users);
}

std::string refusal(const std::string& protocols) {
    try {
        load_with({protocols});
        return "";
    } catch (const loader::DefinitionError& error) {
        return error.protocol() + ": " + error.reason();
    }
}

std::string found_in(const model::Database& database, std::string_view first, std::string_view digits) {
    return ids_of(packet::Dissector(database).dissect(*database.find(first), octets(digits)));
}

/// The packet of an expression, built and shown as it is read back.
std::string built(const model::Database& database, std::string_view expression) {
    packet::ExpressionBudget budget;
    const model::Value value = packet::read_expression(expression, database, budget);
    return hex(packet::build(*value.get_if<model::Packet>(), database).bytes);
}

std::string read_back(const model::Database& database, std::string_view first, std::string_view digits) {
    return expression_of(packet::Dissector(database).dissect(*database.find(first), octets(digits)));
}

/// Attributes as those of RADIUS (RFC 2865 section 5): type, length, value; vendors' ones in type 26.
const std::string kAttributes = R"json(
    {"id": "Message", "fields": [{"id": "attributes", "type": "PacketListField", "holds": "Attribute"}]},
    {"id": "Attribute", "selected_by": "type", "payload_length": 0, "fields": [
        {"id": "type", "type": "ByteEnumField", "enumeration": {"4": "address", "26": "vendor"}, "default": 1},
        {"id": "len", "type": "ByteField", "computed": "header_length"},
        {"id": "value", "type": "StrLenField", "length": "len - 2"}]},
    {"id": "Address", "is_a": "Attribute", "selects": {"type": "address"}, "fields": [
        {"id": "type", "type": "ByteField"},
        {"id": "len", "type": "ByteField", "computed": "header_length"},
        {"id": "address", "type": "IPField"}]},
    {"id": "State", "is_a": "Attribute", "selects": [{"type": 24}, {"type": "0x21"}]},
    {"id": "Vendor", "is_a": "Attribute", "selects": {"type": 26}, "selected_by": ["vendor", "kind"], "fields": [
        {"id": "type", "type": "ByteField"},
        {"id": "len", "type": "ByteField", "computed": "header_length"},
        {"id": "vendor", "type": "IntField"},
        {"id": "kind", "type": "ByteField"},
        {"id": "value", "type": "StrLenField", "length": "len - 7"}]},
    {"id": "Level", "is_a": "Vendor", "selects": {"vendor": 9, "kind": 1}})json";

TEST(Selection, FindsVariantsInListsAndAsLayers) {
    const auto database = load_with({kAttributes});
    EXPECT_EQ(read_back(*database, "Message", "0406 7f000001 1803 41 2103 42 0103 43"),
              "Message(attributes=[Address(type=4,len=6,address='127.0.0.1'), State(type=24,len=3,value=b'A'), "
              "State(type=33,len=3,value=b'B'), Attribute(type=1,len=3,value=b'C')])");
    EXPECT_EQ(found_in(*database, "Attribute", "0406 7f000001"), "Address");
    EXPECT_EQ(found_in(*database, "Attribute", "0503 41"), "Attribute");
    // Who asks for a variant gets it, whatever the number is.
    EXPECT_EQ(found_in(*database, "State", "0406 7f000001"), "State");
}

TEST(Selection, VariantsMayHaveVariants) {
    const auto database = load_with({kAttributes});
    EXPECT_EQ(found_in(*database, "Attribute", "1a08 00000009 01 41"), "Level");
    EXPECT_EQ(found_in(*database, "Attribute", "1a08 00000009 02 41"), "Vendor");
    EXPECT_EQ(found_in(*database, "Attribute", "1a08 0000000a 01 41"), "Vendor");
    EXPECT_EQ(found_in(*database, "Vendor", "1a08 00000009 01 41"), "Level");
    // The bytes end before the fields that tell.
    EXPECT_EQ(found_in(*database, "Attribute", "1a06 00000009"), "Vendor");
}

TEST(Selection, NumbersAreTheDefaultsOfVariants) {
    const auto database = load_with({kAttributes});
    EXPECT_EQ(built(*database, "Address(address='127.0.0.1')"), "04067f000001");
    EXPECT_EQ(built(*database, "State(value='A')"), "180341");
    EXPECT_EQ(built(*database, "State(type=33, value='A')"), "210341");
    EXPECT_EQ(built(*database, "Level(value='A')"), "1a08000000090141");
    EXPECT_EQ(built(*database, "Attribute(value='A')"), "010341");
}

TEST(Selection, ADefaultOfTheVariantItselfStays) {
    const auto database = load_with(
        {kAttributes +
         R"(, {"id": "Own", "is_a": "Attribute", "selects": {"type": 7}, "field_changes": {"type": {"default": 8}}},
            {"id": "Fields", "is_a": "Attribute", "selects": {"type": 9}, "fields": [{"id": "type", "type": "ByteField", "default": 10}]})"});
    EXPECT_EQ(built(*database, "Own()"), "0802");
    EXPECT_EQ(built(*database, "Fields()"), "0a");
    EXPECT_EQ(found_in(*database, "Attribute", "0702"), "Own");
}

TEST(Selection, ReadsBitsAndLowBytesFirst) {
    const auto database = load_with({R"json(
        {"id": "A", "selected_by": ["class", "code"], "fields": [
            {"id": "copy", "type": "BitField", "bits": 1}, {"id": "class", "type": "BitField", "bits": 10},
            {"id": "rest", "type": "BitField", "bits": 5}, {"id": "code", "type": "LEShortField"}]},
        {"id": "B", "is_a": "A", "selects": {"class": 513, "code": 258}},
        {"id": "C", "selected_by": "n", "fields": [{"id": "n", "type": "LESignedIntField"}]},
        {"id": "D", "is_a": "C", "selects": {"n": -2}})json"});
    EXPECT_EQ(built(*database, "B()"), "40200201");
    EXPECT_EQ(found_in(*database, "A", "c03f 0201"), "B");
    EXPECT_EQ(found_in(*database, "A", "4020 0102"), "A");
    EXPECT_EQ(built(*database, "D()"), "feffffff");
    EXPECT_EQ(found_in(*database, "C", "feffffff"), "D");
}

TEST(Selection, FieldsMayStandBehindWhatHasNoFixedSize) {
    // An owner's name, then the type (RFC 1035 section 3.2.1); a vendor that is there only with a flag.
    const auto database = load_with({R"json(
        {"id": "Record", "selected_by": "type", "fields": [
            {"id": "name", "type": "DNSStrField"}, {"id": "type", "type": "ShortField", "default": 1}]},
        {"id": "Ipseckey", "is_a": "Record", "selects": {"type": 45}},
        {"id": "Pair", "selected_by": ["code", "vendor"], "fields": [
            {"id": "flags", "type": "ByteField"}, {"id": "code", "type": "ByteField"},
            {"id": "vendor", "type": "ShortField", "when": "flags & 128"}]},
        {"id": "Plain", "is_a": "Pair", "selects": {"code": 1, "vendor": null}},
        {"id": "Special", "is_a": "Pair", "selects": {"code": 1, "vendor": 7}, "field_changes": {"flags": {"default": 128}}})json"});
    EXPECT_EQ(found_in(*database, "Record", "03777777 00 002d"), "Ipseckey");
    EXPECT_EQ(found_in(*database, "Record", "00 002d"), "Ipseckey");
    EXPECT_EQ(found_in(*database, "Record", "03777777 00 002e"), "Record");
    EXPECT_EQ(built(*database, "Ipseckey(name='www')"), "0377777700002d");
    EXPECT_EQ(found_in(*database, "Pair", "0001"), "Plain");
    EXPECT_EQ(found_in(*database, "Pair", "8001 0007"), "Special");
    EXPECT_EQ(found_in(*database, "Pair", "8001 0008"), "Pair");
    EXPECT_EQ(found_in(*database, "Pair", "8001"), "Pair");
    EXPECT_EQ(built(*database, "Special()"), "80010007");
    EXPECT_EQ(built(*database, "Plain()"), "0001");
}

TEST(Selection, RulesOfDispatchAreAskedWhereNoVariantIsFound) {
    const auto database = load_with({R"json(
        {"id": "A", "selected_by": "n", "dispatch": [{"when": "remaining == 2", "protocol": "Two"}],
         "fields": [{"id": "n", "type": "ByteField"}]},
        {"id": "One", "is_a": "A", "selects": {"n": 1}},
        {"id": "Two", "selected_by": "n", "fields": [{"id": "n", "type": "ByteField"}]},
        {"id": "Three", "is_a": "Two", "selects": {"n": 3}})json"});
    EXPECT_EQ(found_in(*database, "A", "01 00"), "One Raw");
    EXPECT_EQ(found_in(*database, "A", "02 00"), "Two Raw");
    EXPECT_EQ(found_in(*database, "A", "03 00"), "Three Raw");
    EXPECT_EQ(found_in(*database, "A", "03"), "A");
}

TEST(Selection, AChoiceMayHoldForVariantsOnly) {
    const auto database = load_with({kAttributes + R"json(,
        {"id": "First", "fields": [{"id": "x", "type": "ByteField"}],
         "payload_default": [{"when": "x == 1", "variant_of": "Attribute"}, {"when": "x == 1", "protocol": "Level"}]})json"});
    EXPECT_EQ(found_in(*database, "First", "01 0406 7f000001"), "First Address");
    EXPECT_EQ(found_in(*database, "First", "01 1a08 00000009 01 41"), "First Level");
    EXPECT_EQ(found_in(*database, "First", "01 0107 00000000 01"), "First Level");
    EXPECT_EQ(found_in(*database, "First", "00 0406 7f000001"), "First Raw");
    const auto choices = [](const std::string& choice) {
        return refusal(kAttributes + R"(, {"id": "X", "payload_default": [{)" + choice + "}]}");
    };
    EXPECT_EQ(choices(R"("variant_of": "Attribute")"), "");
    EXPECT_EQ(choices(R"("variant_of": "Message")"),
              "X: \"variant_of\": Message has no variants, as it has no \"selected_by\"");
    EXPECT_EQ(choices(R"("variant_of": "Attribute", "protocol": "Message")"), "X: unknown key \"protocol\"");
}

TEST(Selection, AVariantMayStandInTwoFamiliesAndTakeNothingOver) {
    const auto database = load_with({R"json(
        {"id": "A", "selected_by": "n", "fields": [{"id": "n", "type": "ByteField"}]},
        {"id": "B", "selected_by": "n", "fields": [{"id": "n", "type": "ByteField"}, {"id": "m", "type": "ByteField"}]},
        {"id": "Both", "variant_of": ["A", "B"], "selects": {"n": 1},
         "fields": [{"id": "n", "type": "ByteField"}, {"id": "x", "type": "ByteField"}]})json"});
    EXPECT_EQ(found_in(*database, "A", "0102"), "Both");
    EXPECT_EQ(found_in(*database, "B", "0102"), "Both");
    EXPECT_EQ(built(*database, "Both()"), "0100");
    EXPECT_FALSE(database->find("Both")->is_a(*database->find("A")));
}

TEST(Selection, ABaseMayStayWhatItIsTakenFor) {
    const auto database = load_with({R"json(
        {"id": "Base", "selected_by": "n", "variants_by_choice": true, "fields": [{"id": "n", "type": "ByteField"}]},
        {"id": "One", "is_a": "Base", "selects": {"n": 1}},
        {"id": "Low", "fields": [{"id": "x", "type": "ByteField"}],
         "payload_default": [{"when": "x == 1", "variant_of": "Base"}, {"protocol": "Base"}]},
        {"id": "List", "fields": [{"id": "l", "type": "PacketListField", "holds": "Base"}]})json"});
    EXPECT_EQ(found_in(*database, "Base", "01"), "Base");
    EXPECT_EQ(found_in(*database, "Low", "0101"), "Low One");
    EXPECT_EQ(read_back(*database, "List", "01"), "List(l=[One(n=1)])");
    EXPECT_EQ(found_in(*database, "Low", "0102"), "Low Base");
    EXPECT_EQ(found_in(*database, "Low", "0001"), "Low Base");
    EXPECT_EQ(refusal(R"({"id": "X", "variants_by_choice": true})"),
              "X: \"variants_by_choice\" means nothing without \"selected_by\"");
    EXPECT_EQ(refusal(R"({"id": "X", "variant_of": "Raw"})"), "X: \"variant_of\" means nothing without \"selects\"");
    EXPECT_EQ(refusal(R"({"id": "X", "variant_of": "Raw", "selects": {"load": 1}})"),
              "X: \"selects\" needs an \"is_a\" or a \"variant_of\" that leads to a protocol with \"selected_by\"");
    EXPECT_EQ(refusal(R"({"id": "X", "variant_of": "Y", "selects": {"n": 1}, "selected_by": "n",
                          "fields": [{"id": "n", "type": "ByteField"}]},
                         {"id": "Y", "is_a": "X"})"),
              "X: is derived from itself");
}

TEST(Selection, AUsersFileAddsToAFamily) {
    // Two files, the second with a variant of a base in the first.
    const auto database = load_with({kAttributes, R"({"id": "Mine", "is_a": "Attribute", "selects": {"type": 200}})"});
    EXPECT_EQ(found_in(*database, "Attribute", "c803 41"), "Mine");
}

TEST(Selection, RefusesBasesThatCannotTell) {
    const auto base = [](const std::string& selected_by, const std::string& fields) {
        return refusal(R"({"id": "A", "selected_by": )" + selected_by + R"(, "fields": [)" + fields + "]}");
    };
    const std::string number = R"({"id": "n", "type": "ByteField"})";
    const std::string text = R"({"id": "s", "type": "StrFixedLenField", "length": 2})";
    EXPECT_EQ(base(R"("n")", text + "," + number), "");
    EXPECT_EQ(base(R"("m")", number), "A: there is no field \"m\"; did you mean \"n\"?");
    EXPECT_EQ(base(R"("s")", text), "A: \"selected_by\": s is not a number");
    EXPECT_EQ(base(R"(["n", "n"])", number), "A: \"selected_by\" names n twice");
    EXPECT_EQ(base("5", number), "A: \"selected_by\" is neither the id of a field nor an array of 1 to 8");
    EXPECT_EQ(base("[]", number), "A: \"selected_by\" is neither the id of a field nor an array of 1 to 8");
    EXPECT_EQ(base(R"("n")", R"({"id": "l", "type": "PacketListField", "holds": "Raw"},)" + number),
              "A: \"selected_by\": n stands behind l, a list or packet: its place is not known before the variant is");
    EXPECT_EQ(base(R"("n")", R"({"id": "f", "type": "ByteField"}, {"id": "n", "type": "ByteField", "when": "f"},
                                {"id": "n", "type": "ShortField", "when": "!f"})"),
              "A: \"selected_by\": several fields share the id n");
}

TEST(Selection, RefusesVariantsThatCannotBeFound) {
    const auto variant = [](const std::string& members) {
        return refusal(kAttributes + R"(, {"id": "X", )" + members + "}");
    };
    EXPECT_EQ(variant(R"("is_a": "Attribute", "selects": {"type": 40})"), "");
    EXPECT_EQ(variant(R"("selects": {"type": 1})"),
              "X: \"selects\" needs an \"is_a\" or a \"variant_of\" that leads to a protocol with \"selected_by\"");
    EXPECT_EQ(variant(R"("is_a": "Message", "selects": {"type": 1})"),
              "X: \"selects\" needs an \"is_a\" or a \"variant_of\" that leads to a protocol with \"selected_by\"");
    EXPECT_EQ(variant(R"("is_a": "Attribute", "selects": [])"), "X: \"selects\" is empty");
    EXPECT_EQ(variant(R"("is_a": "Attribute", "selects": {})"),
              "X: selects: a value for type is missing: Attribute is selected by it");
    EXPECT_EQ(variant(R"("is_a": "Attribute", "selects": {"type": 1, "len": 2})"), "X: selects: unknown key \"len\"");
    EXPECT_EQ(variant(R"("is_a": "Attribute", "selects": {"type": 256})"),
              "X: selects: type: 256: does not fit into 8 bits (0 to 255)");
    EXPECT_EQ(variant(R"("is_a": "Attribute", "selects": {"type": "adress"})").find("X: selects: type: \"adress\": "),
              0U);
    EXPECT_EQ(variant(R"("is_a": "Attribute", "selects": {"type": null})"), "X: selects: type: not a number");
    EXPECT_EQ(variant(R"("is_a": "Attribute", "selects": {"type": 40}, "fields": [])"),
              "X: has no field type, by which Attribute is selected");
    EXPECT_EQ(
        variant(R"("is_a": "Attribute", "selects": {"type": 40}, "fields": [{"id": "type", "type": "ShortField"}])"),
        "X: field type is not where Attribute has it, which is selected by it");
    EXPECT_EQ(variant(R"("is_a": "Vendor", "selects": {"vendor": 9})"),
              "X: selects: a value for kind is missing: Vendor is selected by it");
}

TEST(Selection, RefusesTwoVariantsOfTheSameNumbers) {
    EXPECT_EQ(refusal(kAttributes + R"(, {"id": "X", "is_a": "Attribute", "selects": {"type": 4}})")
                  .find("X: \"selects\": 4 is Address already, in first.json:"),
              0U);
    EXPECT_EQ(refusal(kAttributes + R"(, {"id": "X", "is_a": "Attribute", "selects": [{"type": 5}, {"type": 5}]})")
                  .find("X: \"selects\": 5 is X already"),
              0U);
}

}  // namespace
}  // namespace framewright::tests
