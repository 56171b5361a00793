#include "tests/documentation/definition_guide.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>
#include <stdexcept>

#include "protocol_db/fields/registry.hpp"

namespace framewright::tests {
namespace {

using nlohmann::json;

std::string file_name_of(const json& definition) {
    std::string name = definition["protocols"][0]["id"];
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    return "my-protocols/" + name + ".json";
}

/// The layers that a command lets the server build; empty for another command.
std::string layers_in_command(const std::string& command) {
    const std::size_t start = command.find("<<'END'\n");
    if (start == std::string::npos) {
        return "";
    }
    const std::size_t first = command.find('\n', start) + 1;
    const json request = json::parse(command.substr(first, command.find("\nEND", first) - first));
    return request["method"] == "build_pkt" ? request["params"][0].dump() : "";
}

/// The keys that types declare, those of objects behind keys included.
void add_keys(std::span<const fields::Key> declared, std::set<std::string>& keys) {
    for (const fields::Key& key : declared) {
        keys.emplace(key.name);
        add_keys(key.members, keys);
    }
}

}  // namespace

std::vector<DefinitionExample> definition_examples(const Page& guide) {
    std::vector<DefinitionExample> examples;
    std::vector<DefinitionExample> wrong;
    bool after_wrong = false;
    bool after_packet = false;
    bool after_command = false;
    for (std::size_t index = 0; index < guide.blocks.size(); ++index) {
        const CodeBlock& block = guide.blocks[index];
        const std::string place = "line " + std::to_string(block.line) + " of the guide: ";
        const bool is_json = block.language == "json";
        const json parsed = is_json ? json::parse(block.text, nullptr, false) : json();
        if (parsed.is_discarded()) {
            throw std::runtime_error(place + "not JSON");
        }
        if (after_command && (block.language == "text" || (parsed.is_object() && parsed.contains("jsonrpc")))) {
            // What the command prints.
            after_command = false;
            continue;
        }
        after_command = block.language == "sh";
        const bool is_definition = parsed.is_object() && parsed.contains("protocols");
        if (is_definition) {
            const CodeBlock* const next = index + 1 < guide.blocks.size() ? &guide.blocks[index + 1] : nullptr;
            after_wrong = next != nullptr && next->language == "text";
            DefinitionExample example{file_name_of(parsed), block.text, block.line, {}, after_wrong ? next->text : ""};
            (after_wrong ? wrong : examples).push_back(std::move(example));
            after_packet = false;
            continue;
        }
        const std::string layers = parsed.is_array()        ? block.text
                                   : block.language == "sh" ? layers_in_command(block.text)
                                                            : "";
        if (is_json && layers.empty()) {
            throw std::runtime_error(place + "neither a definition nor layers");
        }
        if (!layers.empty()) {
            examples.at(examples.size() - 1).packets.push_back({layers, "", block.line});
        } else if (block.language == "text" && after_packet) {
            examples.back().packets.back().bytes = block.text;
        } else if (block.language == "text" && !after_wrong) {
            throw std::runtime_error(place + "belongs to no example");
        }
        after_packet = is_json && !layers.empty();
        after_wrong = false;
    }
    examples.insert(examples.end(), wrong.begin(), wrong.end());
    return examples;
}

Page commands_of(const Page& guide) {
    Page page{guide.path, guide.text, {}};
    for (const DefinitionExample& example : definition_examples(guide)) {
        if (example.error.empty()) {
            page.blocks.push_back(
                {"sh", "mkdir -p my-protocols\ncat > " + example.file_name + " <<'END'\n" + example.text + "END\n",
                 example.line});
        }
    }
    bool after_command = false;
    for (const CodeBlock& block : guide.blocks) {
        const bool is_command = block.language == "sh";
        const bool is_answer =
            after_command && (block.language == "text" || block.text.find("\"jsonrpc\"") != std::string::npos);
        if (is_command || is_answer) {
            page.blocks.push_back(block);
        }
        after_command = is_command;
    }
    std::stable_sort(page.blocks.begin(), page.blocks.end(),
                     [](const CodeBlock& left, const CodeBlock& right) { return left.line < right.line; });
    return page;
}

std::set<std::string> keys_of_loader() {
    std::string source;
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(FRAMEWRIGHT_SOURCE_DIRECTORY) /
                                                                 "protocol_db/loader")) {
        source += entry.path().extension() == ".cpp" ? read_source(entry.path()) : "";
    }
    static const std::regex kRead(
        "(?:find|text|required_text|number|boolean|array|own_or_inherited|optional_field|find_inherited|number_or_rule"
        "|rule_at|read_bits|read_fields|read_octets)"
        "\\(\\s*(?:protocol,\\s*)?(?:[a-z]+,\\s*)?\"([$a-z0-9_]+)\"");
    std::set<std::string> keys;
    for (auto match = std::sregex_iterator(source.begin(), source.end(), kRead); match != std::sregex_iterator();
         ++match) {
        keys.insert((*match)[1]);
    }
    for (const fields::TypeEntry& entry : fields::field_types()) {
        add_keys(entry.type->keys(), keys);
    }
    return keys;
}

}  // namespace framewright::tests
