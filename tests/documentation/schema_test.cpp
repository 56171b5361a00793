// protocol_db/definitions.schema.json: the built-in definitions and the guide's examples are valid by it, it knows the
// keys and types that the loader knows, and what it refuses the loader refuses as well.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "protocol_db/fields/registry.hpp"
#include "protocol_db/loader/loader.hpp"
#include "tests/documentation/definition_guide.hpp"
#include "tests/documentation/markdown.hpp"
#include "tests/documentation/script.hpp"

namespace framewright::tests {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

const std::string kSource = FRAMEWRIGHT_SOURCE_DIRECTORY;
const std::string kSchema = kSource + "/protocol_db/definitions.schema.json";

class Schema : public testing::Test {
protected:
    void SetUp() override {
        if (!has_python_module("jsonschema")) {
            GTEST_SKIP() << "needs the Debian package python3-jsonschema";
        }
    }

    /// What the check says of each file, in their order: "valid", or each mistake.
    static std::vector<std::string> check(const std::vector<fs::path>& files) {
        std::string command = "python3 '" + kSource + "/tests/documentation/check_schema.py' '" + kSchema + "'";
        for (const fs::path& file : files) {
            command += " '" + file.string() + "'";
        }
        const ScriptResult result = run_script(command, "/");
        EXPECT_EQ(result.status, 0) << result.error;
        std::vector<std::string> lines;
        std::istringstream output(result.output);
        for (std::string line; std::getline(output, line);) {
            lines.push_back(line);
        }
        return lines;
    }

    fs::path write(const std::string& name, const std::string& text) { return directory_.write(name, text); }

    static void expect_valid(const std::vector<fs::path>& files) {
        ASSERT_FALSE(files.empty());
        const std::vector<std::string> lines = check(files);
        EXPECT_EQ(lines.size(), files.size());
        for (const std::string& line : lines) {
            EXPECT_TRUE(line.ends_with(": valid")) << line;
        }
    }

private:
    ScratchDirectory directory_;
};

TEST_F(Schema, BuiltInDefinitionsAreValid) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(kSource + "/protocol_db/definitions")) {
        if (entry.path().extension() == ".json" && entry.path().filename() != "families.json") {
            files.push_back(entry.path());
        }
    }
    expect_valid(files);
}

TEST_F(Schema, ClientExamplesAreValid) {
    expect_valid({kSource + "/client_examples/escp/escp.json", kSource + "/client_examples/key_value/key_value.json"});
}

TEST_F(Schema, ExamplesOfTheGuideAreValid) {
    std::vector<fs::path> files;
    for (const DefinitionExample& example : definition_examples(read_page("protocol_db/README.md"))) {
        if (example.error.empty()) {
            files.push_back(write(example.file_name, example.text));
        }
    }
    expect_valid(files);
}

TEST_F(Schema, CommandOfTheGuide) {
    for (const CodeBlock& block : read_page("protocol_db/README.md").blocks) {
        if (block.text.find("jsonschema") != std::string::npos) {
            const ScriptResult result = run_script(block.text, kSource);
            EXPECT_EQ(result.status, 0) << result.output << result.error;
            EXPECT_EQ(result.output, "");
            return;
        }
    }
    ADD_FAILURE() << "the guide does not say how to check a file";
}

TEST_F(Schema, RefusesWhatTheLoaderRefuses) {
    const std::string raw =
        R"({"id": "Raw", "role": "unknown_payload", "fields": [{"id": "load", "type": "StrField"}]})";
    const std::string padding = R"({"id": "Padding", "is_a": "Raw", "role": "padding"})";
    const auto file_of = [&](const std::string& protocol) {
        return R"({"protocols": [)" + raw + ", " + padding + ", " + protocol + "]}";
    };
    const auto with_field = [&](const std::string& field) {
        return file_of(R"({"id": "X", "fields": [)" + field + "]}");
    };
    const auto loads = [](const std::string& text) {
        const loader::DefinitionFile file{"x.json", text};
        try {
            loader::load(std::span(&file, 1));
            return true;
        } catch (const loader::DefinitionError&) {
            return false;
        }
    };
    const std::string good = with_field(R"({"id": "a", "type": "BitField", "bits": 8})");
    ASSERT_TRUE(loads(good));
    expect_valid({write("good.json", good)});

    const std::vector<std::string> wrong{
        "[]",
        R"({"protocols": {}})",
        R"({"protocol": []})",
        R"({"protocols": [], "enumerations": {"a": {"one": "1"}}})",
        R"({"protocols": [], "choices": {"a": "b"}})",
        file_of(R"({"name": "no id"})"),
        file_of(R"({"id": "X", "colour": "red"})"),
        file_of(R"({"id": "X", "name": 7})"),
        file_of(R"({"id": "X", "fields": {}})"),
        file_of(R"({"id": "X", "role": "first"})"),
        file_of(R"({"id": "X", "link_types": [65536]})"),
        file_of(R"({"id": "X", "alignment": [8]})"),
        file_of(R"({"id": "X", "under": [{"fields": {}}]})"),
        file_of(R"({"id": "X", "under": [{"protocol": "Raw", "unless": {}}]})"),
        file_of(R"({"id": "X", "payload_first": [{"when": "1"}]})"),
        "{}",
        file_of(R"({"id": "X", "payload_length": -1})"),
        file_of(R"({"id": "X", "payload_length": ""})"),
        file_of(R"({"id": "X", "under": [{"protocol": "Raw", "fields": {}, "when": {}, "set": {}}]})"),
        file_of(R"({"id": "X", "is_a": "Raw", "field_changes": {"load": {"id": "other"}}})"),
        file_of(R"({"id": "X", "pseudo_header": {"parts": [{"zeros": 0}]}})"),
        file_of(R"({"id": "X", "pseudo_header": {"parts": [{"zeros": 1, "protocol": 1}]}})"),
        file_of(R"({"id": "X", "pseudo_header": {"through": "IPv6", "replaces": [{"part": "source"}]}})"),
        file_of(R"({"id": "X", "source": 768})"),
        file_of(R"({"id": "X", "reads": {"s": 5}})"),
        file_of(R"({"id": "X", "reads": {"s": {"with": {}}}})"),
        file_of(R"({"id": "X", "reads": {"s": []}})"),
        file_of(R"({"id": "X", "under": [{"space": "s"}]})"),
        file_of(R"({"id": "X", "under": [{"space": "s", "value": 1, "when": 1}]})"),
        file_of(R"({"id": "X", "under": [{"space": "s", "value": 1, "protocol": "Raw"}]})"),
        file_of(R"({"id": "X", "payload_first": [{"protocol": "Raw", "variant_of": "Raw"}]})"),
        file_of(R"({"id": "X", "more_fields": []})"),
        file_of(R"({"id": "X", "is_a": "Raw", "fields": [], "more_fields": []})"),
        file_of(R"({"id": "X", "$comment": 1})"),
        file_of(R"({"id": "X", "selected_by": []})"),
        file_of(R"({"id": "X", "selected_by": 5})"),
        file_of(R"({"id": "X", "selects": {"type": 1}})"),
        file_of(R"({"id": "X", "variant_of": "Raw"})"),
        file_of(R"({"id": "X", "variants_by_choice": true})"),
        file_of(R"({"id": "X", "is_a": "Raw", "selects": 1})"),
        file_of(R"({"id": "X", "is_a": "Raw", "selects": []})"),
        with_field(R"({"id": "a", "type": "FlagsField", "bits": 8, "flags": ["A", 5]})"),
        file_of(R"({"id": "X", "is_a": "Raw", "field_changes": {"load": {"colour": "red"}}})"),
        R"({"types": []})",
        R"({"types": {"AField": {"default": 1}}})",
        R"({"types": {"AField": {"type": "ByteField", "id": "x"}}})",
        R"({"types": {"AField": {"type": "ByteField", "when": "1"}}})",
        R"({"types": {"AField": {"type": "ByteField", "length": 1}}})",
        R"({"types": {"AField": {"type": "ByteField", "colour": "red"}}})",
        with_field(R"({"id": "a", "type": "ByteField", "notation": "colour"})"),
        with_field(R"({"id": "a", "type": "StrField", "notation": "utf_16"})"),
        with_field(R"({"id": "a", "type": "VarIntField"})"),
        with_field(R"({"id": "a", "type": "VarIntField", "form": "utf8"})"),
        with_field(R"({"id": "a", "type": "PrefixField", "family": "ipx"})"),
        with_field(R"({"id": "a", "type": "NetBIOSNameField", "characters": 17})"),
        with_field(R"({"id": "a", "type": "StrField", "names": {"a": 1}})"),
        with_field(R"({"id": "a", "type": "BitVarSizeField"})"),
        with_field(R"({"id": "a", "type": "ByteField", "little_endian": true})"),
        with_field(R"({"type": "ByteField"})"),
        with_field(R"({"id": "a"})"),
        with_field(R"({"id": "a", "type": "ByteField", "colour": "red"})"),
        with_field(R"({"id": "a", "type": "BitField"})"),
        with_field(R"({"id": "a", "type": "BitField", "bits": 4097})"),
        with_field(R"({"id": "a", "type": "BitField", "bits": 0})"),
        with_field(R"({"id": "a", "type": "FieldLenField"})"),
        with_field(R"({"id": "a", "type": "StrFixedLenField"})"),
        with_field(R"({"id": "a", "type": "PacketListField"})"),
        with_field(R"({"id": "a", "type": "FieldListField"})"),
        with_field(R"({"id": "a", "type": "FieldListField", "element": {}})"),
        with_field(R"({"id": "a", "type": "FieldListField", "element": {"id": "b", "type": "ByteField"}})"),
        with_field(R"({"id": "a", "type": "FieldListField", "element": {"type": "ByteField", "default": 1}})"),
        with_field(
            R"({"id": "a", "type": "MultipleTypeField", "variants": [{"field": {"type": "ByteField", "when": "1"}}]})"),
        with_field(R"({"id": "a", "type": "ByteField", "when": " "})"),
        with_field(R"({"id": "a", "type": "ByteField", "length": 1})"),
        with_field(R"({"id": "a", "type": "StrField", "bits": 8})"),
        with_field(R"({"id": "a", "type": "StrField", "count": 1})"),
        with_field(R"({"id": "a", "type": "ByteField", "flags": "A"})"),
        with_field(R"({"id": "a", "type": "ByteField", "holds": "Raw"})"),
        with_field(R"({"id": "a", "type": "ByteField", "element": {"type": "ByteField"}})"),
        with_field(R"({"id": "a", "type": "ByteField", "variants": [{"field": {"type": "ByteField"}}]})"),
        with_field(R"({"id": "a", "type": "StrField", "stop": ";"})"),
        with_field(R"({"id": "a", "type": "StrStopField"})"),
        with_field(R"({"id": "a", "type": "StrField", "options": []})"),
        with_field(R"({"id": "a", "type": "StrField", "padding": {}})"),
        with_field(R"({"id": "a", "type": "StrField", "compressible": true})"),
        with_field(R"({"id": "a", "type": "StrField", "selector": "a"})"),
        with_field(R"({"id": "a", "type": "StrField", "enumeration": {"1": "b"}})"),
        with_field(R"({"id": "a", "type": "XShortField", "computed": "1", "checksum": {"algorithm": "internet"}})"),
        with_field(R"({"id": "a", "type": "MultipleTypeField"})"),
        with_field(R"({"id": "a", "type": "MultipleTypeField", "variants": [{"when": "1"}]})"),
        with_field(R"({"id": "a", "type": "ByteField", "default": {"hex": "0"}})"),
        with_field(R"({"id": "a", "type": "ByteField", "kind": "COLOUR"})"),
        with_field(R"({"id": "a", "type": "ByteField", "min": 2147483648})"),
        with_field(R"({"id": "a", "type": "ByteField", "auto": "yes"})"),
        with_field(R"({"id": "a", "type": "ByteField", "pad_to": 65})"),
        with_field(R"({"id": "a", "type": "ByteField", "generated": "sometimes"})"),
        with_field(R"({"id": "a", "type": "ByteField", "enumeration": ["one"]})"),
        with_field(R"({"id": "a", "type": "ByteField", "choices": [{"name": "b"}]})"),
        with_field(R"({"id": "a", "type": "ShortField", "checksum": {"algorithm": "crc"}})"),
        with_field(R"({"id": "a", "type": "ShortField", "checksum": {"algorithm": "internet", "over": "all"}})"),
        with_field(R"({"id": "a", "type": "OptionListField", "options": [{"code": 1}]})"),
        with_field(R"({"id": "a", "type": "OptionListField", "style": "lines"})"),
        with_field(R"({"id": "a", "type": "OptionListField", "code_bytes": 3})"),
        with_field(R"({"id": "a", "type": "OptionListField", "options": [{"name": "b", "format": "X"}]})"),
        with_field(R"({"id": "a", "type": "OptionListField", "options": [{"name": "b", "code": 65536}]})"),
    };
    std::vector<fs::path> files;
    for (std::size_t index = 0; index < wrong.size(); ++index) {
        EXPECT_FALSE(loads(wrong[index])) << wrong[index];
        files.push_back(write("wrong" + std::to_string(index) + ".json", wrong[index]));
    }
    for (const std::string& line : check(files)) {
        EXPECT_FALSE(line.ends_with(": valid")) << line << ' ' << read_source(line.substr(0, line.find(':')));
    }
}

/// The keys that a schema describes.
void collect_keys(const json& schema, std::set<std::string>& keys) {
    if (!schema.is_structured()) {
        return;
    }
    const auto properties = schema.is_object() ? schema.find("properties") : schema.end();
    if (properties != schema.end()) {
        for (const auto& [key, description] : properties->items()) {
            keys.insert(key);
        }
    }
    for (const auto& [name, part] : schema.items()) {
        collect_keys(part, keys);
    }
}

TEST(SchemaText, DescribesTheKeysOfTheLoader) {
    const json schema = json::parse(read_source("protocol_db/definitions.schema.json"));
    std::set<std::string> keys;
    collect_keys(schema, keys);
    const std::set<std::string> read = keys_of_loader();
    std::vector<std::string> missing;
    std::set_difference(read.begin(), read.end(), keys.begin(), keys.end(), std::back_inserter(missing));
    EXPECT_EQ(missing, std::vector<std::string>());
    std::vector<std::string> unknown;
    std::set_difference(keys.begin(), keys.end(), read.begin(), read.end(), std::back_inserter(unknown));
    EXPECT_EQ(unknown, std::vector<std::string>());
}

TEST(SchemaText, ListsTheFieldTypes) {
    const json schema = json::parse(read_source("protocol_db/definitions.schema.json"));
    const json& types = schema["$defs"]["typeMembers"]["properties"]["type"]["anyOf"][0]["enum"];
    const std::vector<std::string> names =
        first_column_names(section_of(read_page("protocol_db/README.md"), "Field types"));
    for (const json& type : types) {
        EXPECT_NE(std::find(names.begin(), names.end(), type), names.end()) << type;
    }
    EXPECT_GT(types.size(), 100U);
}

TEST(SchemaText, DescribesEveryKey) {
    // A reference may carry the description; what has neither leaves an editor silent.
    const json schema = json::parse(read_source("protocol_db/definitions.schema.json"));
    for (const char* const part : {"protocol", "fieldMembers", "typeMembers", "binding", "checksum", "pseudoHeader"}) {
        for (const auto& [key, description] : schema["$defs"][part]["properties"].items()) {
            const bool is_described = description.contains("description") ||
                                      (description.contains("items") && description["items"].contains("description"));
            EXPECT_TRUE(is_described) << part << ": " << key;
        }
    }
}

}  // namespace
}  // namespace framewright::tests
