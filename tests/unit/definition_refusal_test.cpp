#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "protocol_db/loader/loader.hpp"

namespace framewright::loader {
namespace {

constexpr std::string_view kBase = R"({"protocols": [
    {"id": "Raw", "fields": [{"id": "load", "type": "StrField", "default": ""}]},
    {"id": "Padding", "is_a": "Raw", "is_padding": true}]})";

std::unique_ptr<const model::Database> load_with(std::string_view text) {
    const std::vector<DefinitionFile> files{{"base.json", kBase}, {"mine.json", text}};
    return load(files);
}

/// What is said of a file that holds one protocol "P" with these members.
std::string refusal(const std::string& members) {
    try {
        load_with(R"({"protocols": [{"id": "P", )" + members + "}]}");
        return "";
    } catch (const DefinitionError& error) {
        EXPECT_EQ(error.file(), "mine.json");
        EXPECT_EQ(error.protocol(), "P");
        return error.what();
    }
}

std::string field_refusal(const std::string& members) {
    return refusal(R"("fields": [{"id": "f", )" + members + "}]");
}

void expect_contains(const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << "'" << text << "' does not say '" << part << "'";
}

TEST(DefinitionRefusal, NamesFileProtocolFieldAndReason) {
    EXPECT_EQ(field_refusal(R"("type": "NoSuchField")"),
              "mine.json: protocol P: field f: there is no field type \"NoSuchField\"");
}

TEST(DefinitionRefusal, OfFields) {
    expect_contains(field_refusal(R"("type": "BitField")"), "\"bits\" is missing");
    expect_contains(field_refusal(R"("type": "ByteField", "bits": 9)"), "has 8 bits");
    expect_contains(field_refusal(R"("type": "FieldLenField", "bits": 12)"), "multiple of 8");
    expect_contains(field_refusal(R"("type": "ByteField", "default": 256)"), "does not fit into 8 bits (0 to 255)");
    expect_contains(field_refusal(R"("type": "ByteField", "colour": 1)"), "unknown key \"colour\"");
    expect_contains(field_refusal(R"("type": "ByteEnumField", "enumeration": "nothing")"),
                    "no enumeration \"nothing\"");
    expect_contains(field_refusal(R"("type": "ByteEnumField", "enumeration": {"x": "y"})"), "not a number with a name");
    expect_contains(field_refusal(R"("type": "FlagsField", "bits": 2, "flags": "ABC")"), "more bits than");
    expect_contains(field_refusal(R"("type": "StrFixedLenField")"), "\"length\" is missing");
    expect_contains(field_refusal(R"("type": "StrLenField", "length": "nope")"), "unknown field 'nope'");
    expect_contains(field_refusal(R"("type": "PacketListField")"), "\"holds\" is missing");
    expect_contains(field_refusal(R"("type": "PacketListField", "holds": "Nope")"), "no protocol \"Nope\"");
    expect_contains(field_refusal(R"("type": "FieldListField")"), "\"element\" is missing");
    expect_contains(field_refusal(R"("type": "MultipleTypeField")"), "\"variants\" is missing");
    expect_contains(field_refusal(R"("type": "ByteField", "kind": "COLOUR")"), "no kind \"COLOUR\"");
    expect_contains(field_refusal(R"("type": "ByteField", "min": 4294967296)"), "not a number from");
    expect_contains(field_refusal(R"("type": "IPField", "default": "999.1.1.1")"), "not an IPv4 address");
    expect_contains(field_refusal(R"("type": "StrField", "computed": "1")"), "only a number can be computed");
    expect_contains(field_refusal(R"("type": "XShortField", "checksum": {"algorithm": "magic"})"), "\"magic\"");
    expect_contains(field_refusal(R"("type": "StrField", "default": {"hex": "abc"})"), "pairs of hexadecimal");
    expect_contains(refusal(R"("fields": [{"id": 5, "type": "ByteField"}])"), "\"id\" is not a text");
    expect_contains(refusal(R"("fields": [{"id": "a\"b", "type": "ByteField"}])"), "letters, digits");
}

TEST(DefinitionRefusal, OfProtocols) {
    expect_contains(refusal(R"("is_a": "P")"), "derived from itself");
    expect_contains(refusal(R"("is_a": "Nope")"), "no protocol \"Nope\"");
    expect_contains(refusal(R"("fields": 5)"), "\"fields\" is not an array");
    expect_contains(refusal(R"("shape": "round")"), "unknown key \"shape\"");
    expect_contains(refusal(R"("under": [{"protocol": "Nope"}])"), "no protocol \"Nope\"");
    expect_contains(refusal(R"("under": [{"protocol": "Raw", "fields": {"nope": 1}}])"), "no field \"nope\"");
    expect_contains(refusal(R"("suggested_payloads": ["Nope"])"), "no protocol \"Nope\"");
    expect_contains(refusal(R"("payload_length": "1 +")"), "unexpected end");
    expect_contains(refusal(R"("dispatch": [{"when": "load", "protocol": "Raw"}])"), "unknown field 'load'");
    expect_contains(refusal(R"("is_a": "Raw", "field_changes": {"nope": {}})"), "which is no field");
}

TEST(DefinitionRefusal, OfWholeFiles) {
    const auto of_file = [](std::string_view text) -> std::string {
        try {
            load_with(text);
            return "";
        } catch (const DefinitionError& error) {
            return error.what();
        }
    };
    expect_contains(of_file("{"), "mine.json: not JSON");
    expect_contains(of_file("[]"), "the file is not an object");
    expect_contains(of_file(R"({"colour": 1})"), "unknown key \"colour\"");
    expect_contains(of_file(R"({"protocols": [{"id": "Raw"}]})"), "already there");
    expect_contains(of_file(R"({"protocols": [{"name": "x"}]})"), "\"id\" is missing");
    expect_contains(of_file(std::string(kMaximumFileSize + 1, ' ')), "larger than");
    expect_contains(of_file(std::string(kMaximumNesting + 2, '[')), "nested deeper");
}

TEST(Definitions, InheritFieldsAndChangeDefaults) {
    const auto database = load_with(R"({"protocols": [
        {"id": "A", "fields": [{"id": "x", "type": "ByteField", "default": 1}, {"id": "y", "type": "ShortField"}]},
        {"id": "B", "is_a": "A", "field_changes": {"x": {"default": 9}}}]})");
    const model::Protocol* const derived = database->find("B");
    ASSERT_NE(derived, nullptr);
    ASSERT_EQ(derived->fields.size(), 2U);
    EXPECT_EQ(derived->fields[0].default_value, model::Value(Integer{9}));
    EXPECT_TRUE(derived->is_a(*database->find("A")));
    EXPECT_FALSE(database->find("A")->is_a(*derived));
}

}  // namespace
}  // namespace framewright::loader
