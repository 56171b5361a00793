#include "tests/editor/definitions.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <set>

#include "protocol_db/base64.hpp"

namespace framewright::editor {
namespace {

using nlohmann::json;

const std::set<std::string> kFieldTypes{"STRING",     "NUMBER",      "ENUM",       "BYTES",       "BITMASK",
                                        "EXPRESSION", "MAC_ADDRESS", "IP_ADDRESS", "TCP_OPTIONS", "IP_OPTIONS"};
const std::set<std::string> kParameterTypes{"ENUM", "NUMBER", "STRING", "EXPRESSION"};

/// Reads members of JSON objects, and notes what is not as it should be.
class Reader {
public:
    explicit Reader(std::vector<std::string>& faults) : faults_(faults) {}

    void fault(const std::string& where, const std::string& what) { faults_.push_back(where + ": " + what); }

    /// A member, or null where there is none; Gson takes null for none.
    static const json* member(const json& object, const char* name) {
        const auto found = object.is_object() ? object.find(name) : object.end();
        return found == object.end() || found->is_null() ? nullptr : &*found;
    }

    std::string text(const json& object, const char* name, const std::string& where) {
        const json* const value = member(object, name);
        if (value == nullptr || !value->is_string()) {
            fault(where, std::string(name) + " is no text");
            return "";
        }
        return value->get<std::string>();
    }

    std::optional<std::string> optional_text(const json& object, const char* name, const std::string& where) {
        return member(object, name) == nullptr ? std::nullopt : std::optional(text(object, name, where));
    }

    void optional_boolean(const json& object, const char* name, const std::string& where) {
        const json* const value = member(object, name);
        if (value != nullptr && !value->is_boolean()) {
            fault(where, std::string(name) + " is neither true nor false");
        }
    }

    /// A number that a Java Integer holds.
    std::optional<int> integer(const json* value, const std::string& where) {
        if (value == nullptr || !value->is_number_integer() ||
            (value->is_number_unsigned() && value->get<std::uint64_t>() > std::numeric_limits<int>::max()) ||
            value->get<std::int64_t>() < std::numeric_limits<int>::min()) {
            fault(where, "no 32 bit number");
            return std::nullopt;
        }
        return value->get<int>();
    }

    /// The items of an array.
    const json& items(const json& object, const char* name, const std::string& where, bool is_required = true) {
        static const json kNone = json::array();
        const json* const value = member(object, name);
        if (value == nullptr ? is_required : !value->is_array()) {
            fault(where, std::string(name) + " is no list");
        }
        return value != nullptr && value->is_array() ? *value : kNone;
    }

    /// The texts of an array.
    std::vector<std::string> texts(const json& object, const char* name, const std::string& where,
                                   bool is_required = true) {
        std::vector<std::string> texts;
        for (const json& item : items(object, name, where, is_required)) {
            if (item.is_string()) {
                texts.push_back(item);
            } else {
                fault(where, std::string(name) + " has an item that is no text");
            }
        }
        return texts;
    }

private:
    std::vector<std::string>& faults_;
};

void read_values(const json& field, FieldDefinition& definition, const std::string& where, Reader& reader) {
    const json* const values = Reader::member(field, "values_dict");
    if (values == nullptr) {
        return;
    }
    if (!values->is_object()) {
        reader.fault(where, "values_dict is no object");
        return;
    }
    for (const auto& [name, value] : values->items()) {
        if (!value.is_number_integer()) {
            reader.fault(where, "values_dict has no number for " + name);
        }
        definition.values[name] = value.is_string() ? value.get<std::string>() : value.dump();
    }
}

void read_bits(const json& field, const std::string& where, Reader& reader) {
    for (const json& bit : reader.items(field, "bits", where, false)) {
        const std::string place = where + ", bits";
        reader.text(bit, "name", place);
        reader.integer(Reader::member(bit, "mask"), place + ", mask");
        for (const json& value : reader.items(bit, "values", place)) {
            reader.text(value, "name", place + ", values");
            reader.integer(Reader::member(value, "value"), place + ", value");
        }
    }
}

FieldDefinition read_field(const json& field, const std::string& protocol, Reader& reader) {
    FieldDefinition definition;
    definition.id = reader.text(field, "id", protocol);
    const std::string where = protocol + "." + definition.id;
    definition.name = reader.text(field, "name", where);
    if (const auto type = reader.optional_text(field, "type", where)) {
        definition.type = *type;
        if (!kFieldTypes.contains(*type)) {
            reader.fault(where, "there is no type " + *type);
        }
    }
    reader.optional_boolean(field, "auto", where);
    const json* const min = Reader::member(field, "min");
    const json* const max = Reader::member(field, "max");
    const std::optional<int> least = min != nullptr ? reader.integer(min, where + ", min") : std::nullopt;
    const std::optional<int> most = max != nullptr ? reader.integer(max, where + ", max") : std::nullopt;
    if (least && most) {
        definition.range = {*least, *most};
    }
    if (const auto regex = reader.optional_text(field, "regex", where)) {
        try {
            definition.regex = std::regex(*regex);
        } catch (const std::regex_error& error) {
            reader.fault(where, "regex: " + std::string(error.what()));
        }
    }
    read_values(field, definition, where, reader);
    read_bits(field, where, reader);
    if (!definition.values.empty()) {
        definition.type = "ENUM";
    } else if (definition.type == "ENUM") {
        reader.fault(where, "an ENUM without values");
    }
    return definition;
}

void read_protocol(const json& protocol, Definitions& definitions, Reader& reader) {
    ProtocolDefinition definition;
    definition.id = reader.text(protocol, "id", "protocol");
    reader.text(protocol, "name", definition.id);
    for (const json& field : reader.items(protocol, "fields", definition.id)) {
        definition.fields.push_back(read_field(field, definition.id, reader));
    }
    for (const std::string& id : reader.texts(protocol, "fieldEngineAwareFields", definition.id, false)) {
        if (definition.find(id) == nullptr) {
            reader.fault(definition.id, "fieldEngineAwareFields names " + id + ", which is no field");
        }
    }
    definitions.protocols[definition.id] = std::move(definition);
}

/// The ids of instruction parameters, or of global ones.
std::set<std::string> read_parameters(const json& result, const char* name, Reader& reader) {
    std::set<std::string> ids;
    for (const json& parameter : reader.items(result, name, "definitions")) {
        const std::string id = reader.text(parameter, "id", name);
        const std::string where = std::string(name) + " " + id;
        reader.text(parameter, "name", where);
        const std::string type = reader.text(parameter, "type", where);
        if (!kParameterTypes.contains(type)) {
            reader.fault(where, "there is no type " + type);
        }
        reader.text(parameter, "defaultValue", where);
        reader.optional_boolean(parameter, "required", where);
        reader.optional_boolean(parameter, "editable", where);
        if (const json* const dict = Reader::member(parameter, "dict")) {
            for (const auto& [value, shown] : dict->items()) {
                if (!dict->is_object() || !shown.is_string()) {
                    reader.fault(where, "dict has no text for " + value);
                }
            }
        }
        ids.insert(id);
    }
    return ids;
}

void read_field_engine(const json& result, Reader& reader) {
    if (!read_parameters(result, "feParameters", reader).contains("cache_size")) {
        reader.fault("feParameters", "there is no cache_size");
    }
    const std::set<std::string> parameters = read_parameters(result, "feInstructionParameters", reader);
    std::set<std::string> instructions;
    for (const json& instruction : reader.items(result, "feInstructions", "definitions")) {
        const std::string id = reader.text(instruction, "id", "feInstructions");
        instructions.insert(id);
        const std::string help = reader.text(instruction, "help", id);
        if (!base64_decode(help) || help.find_first_of("\r\n") != std::string::npos) {
            reader.fault(id, "help is no base64 text");
        }
        for (const std::string& parameter : reader.texts(instruction, "parameters", id)) {
            if (!parameters.contains(parameter)) {
                reader.fault(id, "there is no parameter " + parameter);
            }
        }
    }
    for (const json& entry : reader.items(result, "feTemplates", "definitions")) {
        const std::string id = reader.text(entry, "id", "feTemplates");
        reader.text(entry, "name", id);
        for (const std::string& instruction : reader.texts(entry, "instructionIds", id)) {
            if (!instructions.contains(instruction)) {
                reader.fault(id, "there is no instruction " + instruction);
            }
        }
    }
}

}  // namespace

const FieldDefinition* ProtocolDefinition::find(const std::string& field_id) const {
    const auto found = std::ranges::find(fields, field_id, &FieldDefinition::id);
    return found == fields.end() ? nullptr : &*found;
}

Definitions read_definitions(const json& result) {
    Definitions definitions;
    Reader reader(definitions.faults);
    for (const json& protocol : reader.items(result, "protocols", "definitions")) {
        read_protocol(protocol, definitions, reader);
    }
    read_field_engine(result, reader);
    return definitions;
}

bool is_accepted(const FieldDefinition& field, const std::string& text) {
    if (field.type == "ENUM" || field.type == "BYTES") {
        return true;
    }
    if (field.range) {
        // Java's Integer.valueOf, which takes a sign and decimal digits; nothing counts as 0.
        int number = 0;
        const char* const begin = text.data() + (text.starts_with('+') ? 1 : 0);
        const char* const end = text.data() + text.size();
        const auto [next, error] = std::from_chars(begin, end, number);
        return text.empty() ? field.range->first <= 0
                            : error == std::errc() && next == end && number >= field.range->first &&
                                  number <= field.range->second;
    }
    return !field.regex || std::regex_match(text, *field.regex);
}

}  // namespace framewright::editor
