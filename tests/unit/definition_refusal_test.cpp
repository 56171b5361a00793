#include <gtest/gtest.h>

#include <algorithm>
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
              "mine.json:1: protocol P: field f: there is no field type \"NoSuchField\"");
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
    expect_contains(of_file("{"), "mine.json:1: not JSON");
    expect_contains(of_file("[]"), "the file is not an object");
    expect_contains(of_file(R"({"colour": 1})"), "unknown key \"colour\"");
    expect_contains(of_file(R"({"protocols": [{"id": "Raw"}]})"), "already there");
    expect_contains(of_file(R"({"protocols": [{"name": "x"}]})"), "\"id\" is missing");
    expect_contains(of_file(std::string(kMaximumFileSize + 1, ' ')), "larger than");
    expect_contains(of_file(std::string(kMaximumNesting + 2, '[')), "nested deeper");
}

/// Where a file of a user is refused: file, line, protocol and field, as the error's parts and its text say it.
void expect_place(const std::string& text, std::size_t line, const std::string& protocol, const std::string& field) {
    const std::vector<DefinitionFile> files{{"base.json", kBase}, {"mine.json", text, true}};
    try {
        load(files);
        ADD_FAILURE() << "was loaded: " << text;
    } catch (const DefinitionError& error) {
        EXPECT_EQ(error.file(), "mine.json");
        EXPECT_EQ(error.line(), line) << error.what();
        EXPECT_EQ(error.protocol(), protocol);
        EXPECT_EQ(error.field(), field);
        const std::string start = "mine.json:" + (line != 0 ? std::to_string(line) + ":" : "") + " " +
                                  (protocol.empty() ? "" : "protocol " + protocol + ": ") +
                                  (field.empty() ? "" : "field " + field + ": ");
        EXPECT_EQ(error.what(), start + error.reason());
    }
}

TEST(DefinitionRefusal, NamesTheLine) {
    const std::string start = "{\n\"protocols\": [\n";
    // A field, a protocol, a binding: where each begins. Braces within texts do not count.
    expect_place(start + R"({"id": "A", "name": "}]{\"", "fields": [)"
                         "\n"
                         R"({"id": "x", "type": "ByteField"},)"
                         "\n"
                         R"({"id": "y",)"
                         "\n"
                         R"("type": "Nope"}]}]})",
                 5, "A", "y");
    expect_place(start + R"({"id": "A"},)"
                         "\n\n"
                         R"({"id": "B", "shape": "round"}]})",
                 5, "B", "");
    expect_place(start + R"({"id": "A"},)"
                         "\n"
                         R"({"id": "A"}]})",
                 4, "A", "");
    expect_place(start + R"({"id": "A"}, {"id": "B",)"
                         "\n"
                         R"("under": [{"protocol": "A"},)"
                         "\n"
                         R"({"protocol": "Nope"}]}]})",
                 5, "B", "");
    // What was taken over and changed: the change.
    expect_place(start + R"({"id": "A", "fields": [{"id": "x", "type": "ByteField"}]},)"
                         "\n"
                         R"({"id": "B", "is_a": "A", "field_changes": {)"
                         "\n"
                         R"("x": {"default": 256}}}]})",
                 5, "B", "x");
    expect_place("{\n\"enumerations\": {\n\"a\": {},\n\"b\": 5}}", 4, "", "");
    expect_place("{\n\n\"choices\": 5}", 3, "", "");
    // No JSON: the line of the mistake, or the last that holds anything.
    expect_place("{\n\"protocols\": [\n}\n]}\n", 3, "", "");
    expect_place("{\n\"protocols\": [\n\n\n", 2, "", "");
    expect_place("", 1, "", "");
    expect_place("{\n\"protocols\":\n" + std::string(kMaximumNesting, '['), 3, "", "");
    expect_place("\xef\xbb\xbf\n" + start + R"({"id": 5}]})", 4, "", "");
    expect_place(std::string(kMaximumFileSize + 1, '\n'), 0, "", "");
}

TEST(DefinitionRefusal, IsOneLineOfBoundedLength) {
    try {
        load_with(R"({"protocols": [{"id": "A", "two\nlines\u001b)" + std::string(10'000, 'x') + R"(": 1}]})");
        ADD_FAILURE() << "was loaded";
    } catch (const DefinitionError& error) {
        const std::string text = error.what();
        EXPECT_NE(text.find("two lines xxx"), std::string::npos) << text;
        EXPECT_LT(text.size(), kMaximumReason + 100);
    }
}

TEST(DefinitionRefusal, OfAnIdThatIsTaken) {
    const auto refused = [](std::vector<DefinitionFile> files) -> std::string {
        files.insert(files.begin(), {"base.json", kBase});
        try {
            load(files);
            return "";
        } catch (const DefinitionError& error) {
            return error.what();
        }
    };
    EXPECT_EQ(refused({{"mine.json", R"({"protocols": [{"id": "Raw"}]})", true}}),
              "mine.json:1: protocol Raw: a protocol of this id is already there, built in");
    EXPECT_EQ(refused({{"a.json", "{\"protocols\":\n[{\"id\": \"A\"}]}", true},
                       {"b.json", R"({"protocols": [{"id": "A"}]})", true}}),
              "b.json:1: protocol A: a protocol of this id is already there, in a.json:2");
}

TEST(DefinitionRefusal, OfWhatIsBeyondALimit) {
    const auto refused = [](const std::string& protocols) -> std::string {
        try {
            load_with(R"({"protocols": [)" + protocols + "]}");
            return "";
        } catch (const DefinitionError& error) {
            return error.what();
        }
    };
    const auto chain = [](std::size_t ancestors, bool is_reversed) {
        std::vector<std::string> protocols{R"({"id": "P0"})"};
        for (std::size_t index = 1; index <= ancestors; ++index) {
            protocols.push_back(R"({"id": "P)" + std::to_string(index) + R"(", "is_a": "P)" +
                                std::to_string(index - 1) + R"("})");
        }
        if (is_reversed) {
            std::reverse(protocols.begin(), protocols.end());
        }
        std::string text;
        for (const std::string& protocol : protocols) {
            text += (text.empty() ? "" : ",") + protocol;
        }
        return text;
    };
    for (const bool is_reversed : {false, true}) {
        EXPECT_EQ(refused(chain(kMaximumAncestors, is_reversed)), "");
        expect_contains(refused(chain(kMaximumAncestors + 1, is_reversed)), "is derived from more than 32 protocols");
    }
    expect_contains(refused(chain(9000, true)), "is derived from more than 32 protocols");

    std::string protocols;
    for (std::size_t index = 2; index < kMaximumProtocols; ++index) {
        protocols += (index == 2 ? "" : ",") + (R"({"id": "P)" + std::to_string(index)) + R"("})";
    }
    EXPECT_EQ(refused(protocols), "");
    expect_contains(refused(protocols + R"(,{"id": "Q"})"), "more than 10000 protocols");

    // One protocol with many bindings on it, and others that take them over.
    std::string bound = R"({"id": "P", "over": [{"protocol": "Raw"})";
    for (std::size_t index = 1; index < kMaximumAllBindings / 100; ++index) {
        bound += R"(,{"protocol": "Raw"})";
    }
    bound += "]}";
    for (int index = 1; index < 99; ++index) {
        bound += R"(,{"id": "P)" + std::to_string(index) + R"(", "binds_as": ["P"]})";
    }
    EXPECT_EQ(refused(bound), "");
    expect_contains(refused(bound + R"(,{"id": "Q", "binds_as": ["P"]})"), "more than 200000 bindings");
    std::string choices = R"({"id": "P", "payload_default": [{"protocol": "Raw"})";
    for (std::size_t index = 0; index < kMaximumAllBindings; ++index) {
        choices += R"(,{"protocol": "Raw"})";
    }
    expect_contains(refused(choices + "]}"), "more than 200000 bindings and choices");

    std::string fields = R"({"id": "P", "fields": [{"id": "f", "type": "ByteField"})";
    for (std::size_t index = 1; index < kMaximumFields; ++index) {
        fields += R"(,{"id": "f", "type": "ByteField"})";
    }
    fields += "]}";
    std::string many = fields;
    for (std::size_t index = 0; index <= kMaximumAllFields / kMaximumFields; ++index) {
        many += R"(,{"id": "Q)" + std::to_string(index) + R"(", "is_a": "P"})";
    }
    EXPECT_EQ(refused(fields), "");
    expect_contains(refused(many), "more than 100000 fields in all protocols");
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
