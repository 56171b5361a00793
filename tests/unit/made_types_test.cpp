// "types" of a definition file: field types that are made of others.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "protocol_db/loader/loader.hpp"
#include "tests/unit/packet_helpers.hpp"

namespace framewright::loader {
namespace {

constexpr std::string_view kBase = R"({"protocols": [
    {"id": "Raw", "role": "unknown_payload", "fields": [{"id": "load", "type": "StrField", "default": ""}]},
    {"id": "Padding", "is_a": "Raw", "role": "padding"}]})";

std::unique_ptr<const model::Database> load_with(const std::string& first, const std::string& second = "{}") {
    const std::string other = second == "{}" ? R"({"protocols": []})" : second;
    const std::vector<DefinitionFile> files{{"base.json", kBase}, {"mine.json", first}, {"other.json", other}};
    return load(files);
}

std::string refusal(const std::string& first, const std::string& second = "{}") {
    try {
        load_with(first, second);
        return "";
    } catch (const DefinitionError& error) {
        return error.what();
    }
}

std::string of_type(const std::string& members) {
    return refusal(R"({"types": {"MineField": {)" + members + "}}}");
}

void expect_contains(const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << "'" << text << "' does not say '" << part << "'";
}

std::string default_bytes(const model::Database& database) {
    model::Packet packet;
    packet.layers.push_back(packet::make_layer(*database.find("P")));
    return tests::hex(packet::build(packet, database).bytes);
}

TEST(MadeTypes, GiveTheirKeysToFields) {
    const auto database =
        load_with(R"({"types": {"WordField": {"type": "StrFixedLenField", "length": 4, "default": "ab"}},
        "protocols": [{"id": "P", "fields": [
            {"id": "a", "type": "WordField"},
            {"id": "b", "type": "WordField", "length": 2},
            {"id": "c", "type": "WordField", "default": "c"}]}]})");
    const std::vector<model::Field>& fields = database->find("P")->fields;
    EXPECT_EQ(fields[0].type_name, "WordField");
    EXPECT_EQ(default_bytes(*database),
              "61620000"
              "6162"
              "63000000");
}

TEST(MadeTypes, MayBeMadeOfMadeTypesInAnyOrderAndFile) {
    const auto database = load_with(
        R"({"types": {"CField": {"type": "BField", "default": 7}},
            "protocols": [{"id": "P", "fields": [{"id": "a", "type": "CField"}, {"id": "b", "type": "BField"}]}]})",
        R"({"types": {"BField": {"type": "AField", "bits": 16}, "AField": {"type": "LEFieldLenField", "default": 1}}})");
    EXPECT_EQ(default_bytes(*database),
              "0700"
              "0100");
    ASSERT_EQ(database->types().size(), 3U);
    EXPECT_EQ(database->types()[0].name, "CField");
    EXPECT_EQ(database->types()[0].base, "BField");
}

TEST(MadeTypes, InElementsAndFormsAndChanges) {
    const auto database = load_with(R"({"types": {
            "TwoField": {"type": "FieldLenField", "bits": 16, "default": 9, "label": "Two"},
            "OtherField": {"type": "StrFixedLenField", "length": 1}},
        "protocols": [
            {"id": "Q", "fields": [{"id": "x", "type": "TwoField"}]},
            {"id": "P", "is_a": "Q", "field_changes": {"x": {"type": "OtherField"}}},
            {"id": "R", "fields": [
                {"id": "list", "type": "FieldListField", "element": {"type": "TwoField"}, "default": [1, 2]},
                {"id": "form", "type": "MultipleTypeField", "variants": [{"field": {"type": "TwoField"}}], "default": 3}]}]})");
    EXPECT_EQ(default_bytes(*database), "00");
    model::Packet packet;
    packet.layers.push_back(packet::make_layer(*database->find("R")));
    EXPECT_EQ(tests::hex(packet::build(packet, *database).bytes), "000100020003");
}

TEST(MadeTypes, Refused) {
    EXPECT_EQ(of_type(R"("type": "ByteField", "default": 1)"), "");
    EXPECT_EQ(of_type(R"("type": "PacketListField")"), "") << "what is left to the fields";
    expect_contains(of_type(R"("help": "x")"), "mine.json:1: type MineField: \"type\" is missing");
    expect_contains(of_type(R"("type": "ByteFeild")"), "no field type \"ByteFeild\"; did you mean \"ByteField\"?");
    expect_contains(of_type(R"("type": "MineField")"), "made of itself");
    expect_contains(of_type(R"("type": "ByteField", "length": 1)"), "\"length\" means nothing for a ByteField");
    expect_contains(of_type(R"("type": "StrField", "bits": 8)"), "\"bits\" means nothing for a StrField");
    expect_contains(of_type(R"("type": "ByteField", "defualt": 1)"),
                    "unknown key \"defualt\"; did you mean \"default\"?");
    expect_contains(of_type(R"("type": "ByteField", "id": "x")"), "\"id\" is each field's own");
    expect_contains(of_type(R"("type": "ByteField", "when": "1")"), "\"when\" is each field's own");
    expect_contains(refusal(R"({"types": {"ByteField": {"type": "IntField"}}})"), "already there, built in");
    expect_contains(refusal(R"({"types": {"a-b": {"type": "IntField"}}})"), "an id is not made of");
    expect_contains(refusal(R"({"types": {"AField": {"type": "BField"}, "BField": {"type": "AField"}}})"),
                    "made of itself");
    expect_contains(refusal(R"({"types": {"AField": 5}})"), "a type is not an object");
    expect_contains(refusal(R"({"types": []})"), "\"types\" is not an object");
    expect_contains(
        refusal(R"({"types": {"AField": {"type": "IntField"}}})", R"({"types": {"AField": {"type": "IntField"}}})"),
        "the type \"AField\" is already there");
    // What a type says is checked where a field is of it.
    const std::string wrong = R"({"types": {"AField": {"type": "ByteField", "default": 256}},
        "protocols": [{"id": "P", "fields": [{"id": "f", "type": "AField"}]}]})";
    expect_contains(refusal(wrong), "field f: \"default\" 256: does not fit");
}

TEST(MadeTypes, Limits) {
    const auto with = [](std::size_t count) {
        std::string types;
        for (std::size_t index = 0; index < count; ++index) {
            types += (index == 0 ? "" : ", ");
            types += "\"T" + std::to_string(index) + R"(": {"type": "ByteField"})";
        }
        return R"({"types": {)" + types + "}}";
    };
    EXPECT_EQ(refusal(with(kMaximumTypes)), "");
    expect_contains(refusal(with(kMaximumTypes + 1)), "more than 1000 types");
    expect_contains(of_type(R"("type": "StrField", "default": ")" + std::string(kMaximumTypeSize, 'x') + '"'),
                    "says more than 65536 bytes");
    std::string chain = R"({"types": {"T0": {"type": "ByteField"})";
    for (std::size_t index = 1; index <= kMaximumAncestors + 2; ++index) {
        // Backwards, so that the first one that is joined is the deepest.
        chain.insert(chain.find('{', 1) + 1,
                     "\"T" + std::to_string(index) + R"(": {"type": "T)" + std::to_string(index - 1) + "\"}, ");
    }
    expect_contains(refusal(chain + "}}"), "over each other");
}

}  // namespace
}  // namespace framewright::loader
