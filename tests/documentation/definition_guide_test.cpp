// protocol_db/README.md: its definitions load, its packets are built, and every key, type, operator and function that
// there is has its place in it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>

#include "protocol_db/expression/rule.hpp"
#include "protocol_db/fields/registry.hpp"
#include "protocol_db/loader/loader.hpp"
#include "protocol_db/packet/inspect.hpp"
#include "rpc/definition_replies.hpp"
#include "rpc/packet_model.hpp"
#include "tests/documentation/definition_guide.hpp"
#include "tests/documentation/markdown.hpp"
#include "tests/documentation/page_reader.hpp"
#include "tests/documentation/script.hpp"

namespace framewright::tests {
namespace {

using nlohmann::json;

constexpr const char* kGuide = "protocol_db/README.md";

/// The built-in definitions, and one of a user.
std::unique_ptr<const model::Database> load_with(const std::string& name, const std::string& text) {
    const std::vector<loader::UserFile> files{{name, text}};
    return loader::load_built_in(files);
}

std::string to_hex(ByteView octets) {
    std::string text;
    for (const std::uint8_t octet : octets) {
        text += "0123456789abcdef"[octet >> 4U];
        text += "0123456789abcdef"[octet & 15U];
    }
    return text;
}

/// The hexadecimal digits at the start of each line; what they are stands behind two blanks.
std::string hex_of(const std::string& text) {
    std::string digits;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        digits += line.substr(0, line.find("  "));
    }
    return digits;
}

/// Builds the layers: each must be found again as what it was meant to be. Gives the bytes.
Bytes build_and_find(const model::Database& database, const json& layers) {
    const model::Packet packet = rpc::read_packet_model(layers, database, "layers");
    packet::InspectedPacket inspected = packet::inspect(packet, database);
    for (std::size_t index = 0; index < packet.layers.size(); ++index) {
        const packet::InspectedLayer& layer = inspected.layers[index];
        EXPECT_TRUE(layer.is_valid) << layers[index];
        EXPECT_EQ(layer.real_protocol, packet.layers[index].protocol) << layers[index];
    }
    return std::move(inspected.built.bytes);
}

/// Whether a definition's protocol is among the layers, or in one of their fields.
bool uses(const json& layers, const json& definition) {
    return layers.dump().find(definition["protocols"][0]["id"].get<std::string>()) != std::string::npos;
}

TEST(DefinitionGuide, ExamplesLoadAndBuild) {
    const Page guide = read_page(kGuide);
    std::size_t built = 0;
    for (const DefinitionExample& example : definition_examples(guide)) {
        SCOPED_TRACE("line " + std::to_string(example.line));
        if (!example.error.empty()) {
            try {
                load_with(example.file_name, example.text);
                ADD_FAILURE() << "was loaded";
            } catch (const loader::DefinitionError& error) {
                EXPECT_EQ("framewright-server: " + std::string(error.what()) + '\n', example.error);
            }
            continue;
        }
        const auto database = load_with(example.file_name, example.text);
        const json definition = json::parse(example.text);
        bool is_used = false;
        for (const PacketExample& packet : example.packets) {
            SCOPED_TRACE("packet in line " + std::to_string(packet.line));
            const json layers = json::parse(packet.text);
            is_used = is_used || uses(layers, definition);
            const Bytes octets = build_and_find(*database, layers);
            if (!packet.bytes.empty()) {
                EXPECT_EQ(to_hex(octets), hex_of(packet.bytes));
            }
            ++built;
        }
        EXPECT_TRUE(is_used) << "the page builds no packet with it";
        // Clients that ask for definitions get these too.
        const rpc::DefinitionReplies replies(*database);
        for (const json& protocol : definition["protocols"]) {
            EXPECT_NE(replies.definition(protocol["id"].get<std::string>()), nullptr);
        }
    }
    EXPECT_GE(built, 5U);
}

TEST(DefinitionGuide, CommandsAndAnswers) {
    if (!has_python_module("zmq") || !has_python_module("jsonschema")) {
        GTEST_SKIP() << "needs the Debian packages python3-zmq and python3-jsonschema";
    }
    PageReader reader;
    reader.follow(commands_of(read_page(kGuide)));
    EXPECT_GE(reader.commands(), 9U);
    EXPECT_GE(reader.answers(), 3U);
}

/// The texts that a pattern's first group finds in a source file.
std::set<std::string> find_in_source(const std::string& path, const std::string& pattern) {
    const std::string source = read_source(path);
    const std::regex expression(pattern);
    std::set<std::string> found;
    for (auto match = std::sregex_iterator(source.begin(), source.end(), expression); match != std::sregex_iterator();
         ++match) {
        found.insert((*match)[1]);
    }
    return found;
}

TEST(DefinitionGuide, NamesEveryKey) {
    const std::set<std::string> keys = keys_of_loader();
    EXPECT_GT(keys.size(), 70U);
    const std::string guide = read_source(kGuide);
    for (const std::string& key : keys) {
        const bool is_named =
            guide.find('`' + key + '`') != std::string::npos || guide.find('"' + key + "\": ") != std::string::npos;
        EXPECT_TRUE(is_named) << "the loader reads \"" << key << '"';
    }
}

TEST(DefinitionGuide, TablesNameKeysThatThereAre) {
    const std::set<std::string> keys = keys_of_loader();
    const Page guide = read_page(kGuide);
    for (const char* const section : {"The file", "Protocols", "Bindings", "Fields"}) {
        for (const std::string& name : first_column_names(section_of(guide, section))) {
            EXPECT_TRUE(keys.contains(name)) << name << " is no key that the loader reads";
        }
    }
}

TEST(DefinitionGuide, NamesEveryFieldType) {
    std::set<std::string> types;
    for (const fields::TypeEntry& entry : fields::field_types()) {
        types.emplace(entry.name);
    }
    const auto database = loader::load_built_in();
    for (const model::NamedType& type : database->types()) {
        types.insert(type.name);
    }
    EXPECT_GT(types.size(), 80U);
    const std::vector<std::string> names = first_column_names(section_of(read_page(kGuide), "Field types"));
    for (const std::string& type : types) {
        EXPECT_NE(std::find(names.begin(), names.end(), type), names.end()) << type;
    }
}

TEST(DefinitionGuide, NamesEveryOperatorFunctionAndName) {
    std::string rules = section_of(read_page(kGuide), "Rules");
    const auto is_named = [&rules](const std::string& name, char behind) {
        return rules.find('`' + name + behind) != std::string::npos;
    };
    const std::string source = "protocol_db/expression/rule.cpp";
    for (const std::string& name : find_in_source(source, "word == \"([a-z_]+)\"")) {
        EXPECT_TRUE(is_named(name, '`') || is_named(name, '.')) << name;
    }
    for (const std::string& name : find_in_source(source, "function == \"([a-z_0-9]+)\"")) {
        EXPECT_TRUE(is_named(name, '(')) << name;
    }
    rules = std::regex_replace(rules, std::regex("\\\\\\|"), "|");
    for (const std::string& symbol : find_in_source(source, "\\{\"([^\"]+)\", [0-9], Operation")) {
        EXPECT_TRUE(is_named(symbol, '`')) << symbol;
    }
}

TEST(DefinitionGuide, RulesGiveWhatItSays) {
    const std::string rules = section_of(read_page(kGuide), "Rules");
    static const std::regex kRow(R"(\n\| `([^`]+)` \| (-?[0-9]+) \|)");
    std::size_t count = 0;
    for (auto match = std::sregex_iterator(rules.begin(), rules.end(), kRow); match != std::sregex_iterator();
         ++match) {
        const std::string text = std::regex_replace((*match)[1].str(), std::regex("\\\\\\|"), "|");
        const auto rule = expression::Rule::parse(text, [](std::string_view) { return std::nullopt; });
        EXPECT_EQ(std::to_string(rule.evaluate(expression::EmptyContext())), (*match)[2].str()) << text;
        ++count;
    }
    EXPECT_GE(count, 8U);
}

TEST(DefinitionGuide, OperatorsBindAsItsTableSays) {
    // In the order of the table, tightest first; with these numbers each pair of neighbours shows which comes first.
    const std::string rules = section_of(read_page(kGuide), "Rules");
    std::size_t before = 0;
    for (const char* const symbol :
         {"`*`", "`+`", "`<<`", "`&`", "`^`", "`\\|`", "`==`", "`&&`", "`\\|\\|`", "`a ? b : c`"}) {
        const std::size_t place = rules.find(std::string("\n| ") + symbol);
        ASSERT_NE(place, std::string::npos) << symbol;
        EXPECT_GT(place, before) << symbol;
        before = place;
    }
    struct Case {
        const char* plain;
        const char* grouped;
    };
    for (const auto& [plain, grouped] :
         {Case{"1 + 2 * 3", "1 + (2 * 3)"}, Case{"1 << 2 + 3", "1 << (2 + 3)"}, Case{"7 & 1 << 2", "7 & (1 << 2)"},
          Case{"7 ^ 3 & 4", "7 ^ (3 & 4)"}, Case{"8 | 12 ^ 8", "8 | (12 ^ 8)"}, Case{"4 | 2 == 6", "(4 | 2) == 6"},
          Case{"0 && 1 == 0", "0 && (1 == 0)"}, Case{"1 || 0 && 0", "1 || (0 && 0)"},
          Case{"1 || 1 ? 4 : 5", "(1 || 1) ? 4 : 5"}, Case{"!0 + 1", "(!0) + 1"},
          Case{"-2 * 3 - 1", "((-2) * 3) - 1"}}) {
        const auto value = [](const char* text) {
            return expression::Rule::parse(text, [](std::string_view) { return std::nullopt; })
                .evaluate(expression::EmptyContext());
        };
        EXPECT_EQ(value(plain), value(grouped)) << plain;
    }
}

TEST(DefinitionGuide, Limits) {
    const std::string guide = read_source(kGuide);
    EXPECT_NE(guide.find(std::to_string(loader::kMaximumFileSize >> 20U) + " MiB and " +
                         std::to_string(loader::kMaximumNesting) + " levels"),
              std::string::npos);
    EXPECT_NE(guide.find("at most " + std::to_string(loader::kMaximumFields) + " fields"), std::string::npos);
    EXPECT_NE(guide.find("at most " + std::to_string(loader::kMaximumProtocols) + " protocols, with " +
                         std::to_string(loader::kMaximumAllFields) + " fields, and " +
                         std::to_string(loader::kMaximumAllBindings) + " bindings"),
              std::string::npos);
    EXPECT_NE(guide.find("at most " + std::to_string(loader::kMaximumTypes) + " such types, and one says at most " +
                         std::to_string(loader::kMaximumTypeSize) + " bytes"),
              std::string::npos);
    EXPECT_NE(guide.find("at most " + std::to_string(loader::kMaximumAncestors) + " over each other"),
              std::string::npos);
    EXPECT_NE(guide.find("at most " + std::to_string(loader::kMaximumUserFiles) + ", and " +
                         std::to_string(loader::kMaximumUserBytes >> 20U) + " MiB"),
              std::string::npos);
    EXPECT_NE(guide.find("at most " + std::to_string(expression::Rule::kMaximumText) + " characters and " +
                         std::to_string(expression::Rule::kMaximumNesting) + " levels"),
              std::string::npos);
}

}  // namespace
}  // namespace framewright::tests
