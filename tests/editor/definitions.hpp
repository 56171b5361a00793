#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <regex>
#include <string>
#include <utility>
#include <vector>

namespace framewright::editor {

/// What the editor knows of a field.
struct FieldDefinition {
    std::string id;
    std::string name;
    /// Empty: a plain text field.
    std::string type;
    std::map<std::string, std::string> values;
    /// The editor looks at a range only where it has both ends.
    std::optional<std::pair<int, int>> range;
    std::optional<std::regex> regex;
};

/// What the editor knows of a protocol.
struct ProtocolDefinition {
    std::string id;
    std::vector<FieldDefinition> fields;

    /// The field of an id, or null.
    const FieldDefinition* find(const std::string& field_id) const;
};

/// The result of get_definitions as the packet editor reads it with Gson: into classes whose members have types, and
/// all or nothing.
struct Definitions {
    std::map<std::string, ProtocolDefinition> protocols;
    /// Everything that the editor could not read, or would fail on later; it knows nothing at all unless this is empty.
    std::vector<std::string> faults;
};

Definitions read_definitions(const nlohmann::json& result);

/// Whether the editor's check of a text field lets this text pass; a text that it does not is shown in red.
bool is_accepted(const FieldDefinition& field, const std::string& text);

}  // namespace framewright::editor
