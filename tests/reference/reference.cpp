#include "tests/reference/reference.hpp"

#include <algorithm>
#include <cctype>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

#include "protocol_db/fields/number_notations.hpp"
#include "protocol_db/fields/octet_notations.hpp"
#include "protocol_db/fields/registry.hpp"
#include "protocol_db/fields/sized_number_types.hpp"
#include "protocol_db/loader/loader.hpp"

namespace framewright::reference {

namespace {

using Json = nlohmann::ordered_json;
using fields::Key;
using fields::Shape;
using fields::TypeEntry;
using fields::TypeGroup;

using Names = std::vector<std::string>;

/// A key, and the types that have it.
struct TypeKey {
    const Key* key = nullptr;
    Names types;
    Names types_that_need_it;
    /// All words that some type understands.
    Names words;
};

/// The keys of all types, in the order in which types name them first.
std::vector<TypeKey> type_keys() {
    std::vector<TypeKey> keys;
    for (const TypeEntry& entry : fields::field_types()) {
        for (const Key& key : entry.type->keys()) {
            auto found = std::find_if(keys.begin(), keys.end(),
                                      [&key](const TypeKey& known) { return known.key->name == key.name; });
            if (found == keys.end()) {
                found = keys.insert(keys.end(), {&key, {}, {}, {}});
            } else if (found->key->shape != key.shape || found->key->documentation != key.documentation) {
                throw std::runtime_error("the key \"" + std::string(key.name) + "\" of " + std::string(entry.name) +
                                         " is declared otherwise elsewhere");
            }
            found->types.emplace_back(entry.name);
            for (const std::string_view word : key.words) {
                if (std::find(found->words.begin(), found->words.end(), word) == found->words.end()) {
                    found->words.emplace_back(word);
                }
            }
            if (key.is_required) {
                found->types_that_need_it.emplace_back(entry.name);
            }
        }
    }
    return keys;
}

std::string in_backquotes(const Names& names) {
    std::string text;
    for (const std::string& name : names) {
        text += (text.empty() ? "`" : ", `") + name + "`";
    }
    return text;
}

// Tables of the guide.

/// A table whose neighbouring rows of one meaning are one row.
class Table {
public:
    explicit Table(Names columns) : columns_(std::move(columns)) {}

    void add(const std::string& name, Names cells) {
        if (!rows_.empty() && rows_.back().cells == cells) {
            rows_.back().names.push_back(name);
        } else {
            rows_.push_back({{name}, std::move(cells)});
        }
    }

    std::string text() const {
        std::string text = line(columns_) + "|";
        for (std::size_t column = 0; column < columns_.size(); ++column) {
            text += "---|";
        }
        text += '\n';
        for (const Row& row : rows_) {
            Names cells = row.cells;
            cells.insert(cells.begin(), in_backquotes(row.names));
            text += line(cells);
        }
        return text;
    }

private:
    struct Row {
        Names names;
        Names cells;
    };

    static std::string line(const Names& cells) {
        std::string text = "|";
        for (const std::string& cell : cells) {
            text += ' ';
            for (const char c : cell) {
                text += c == '|' ? "\\|" : std::string(1, c);
            }
            text += " |";
        }
        return text + '\n';
    }

    Names columns_;
    std::vector<Row> rows_;
};

bool has_key(const fields::FieldType& type, std::string_view name) {
    const std::span<const Key> keys = type.keys();
    return std::any_of(keys.begin(), keys.end(), [name](const Key& key) { return key.name == name; });
}

std::string bytes_of(const fields::FieldType& type) {
    std::string text = type.fixed_bits() != 0    ? std::to_string(type.fixed_bits() / 8)
                       : type.usual_bits() != 0  ? std::to_string(type.usual_bits() / 8) + ", or as many as `bits`"
                       : type.needs_bits()       ? "as many as `bits`"
                       : has_key(type, "length") ? "as many as `length`"
                       : has_key(type, "form")   ? "as its `form` says"
                                                 : "none";
    text += type.is_little_endian() ? ", low byte first" : "";
    return text + (type.is_signed() ? ", signed" : "");
}

std::string keys_text(std::span<const Key> keys) {
    Names names;
    for (const Key& key : keys) {
        names.emplace_back(key.name);
    }
    return in_backquotes(names);
}

std::string table_of_types(TypeGroup group) {
    const bool are_numbers = group == TypeGroup::kNumbers;
    Table table(are_numbers                 ? Names{"type", "bytes", "shown as"}
                : group == TypeGroup::kBits ? Names{"type", "shown as"}
                                            : Names{"type", "what it holds", "keys"});
    for (const TypeEntry& entry : fields::field_types()) {
        if (entry.group == group) {
            Names cells{std::string(entry.documentation)};
            if (are_numbers) {
                cells.insert(cells.begin(), bytes_of(*entry.type));
            } else if (group != TypeGroup::kBits) {
                cells.push_back(keys_text(entry.type->keys()));
            }
            table.add(std::string(entry.name), std::move(cells));
        }
    }
    return table.text();
}

/// The types that the built-in definitions make.
std::string table_of_made_types() {
    Table table({"type", "what it holds", "made of"});
    const auto database = loader::load_built_in();
    std::map<std::string, const model::NamedType*> sorted;
    for (const model::NamedType& type : database->types()) {
        sorted.emplace(type.name, &type);
    }
    for (const auto& [name, type] : sorted) {
        std::string keys = "`" + type->base + "`";
        const Json given = Json::parse(type->keys);
        for (const auto& [key, value] : given.items()) {
            keys += ", `" + key + "` " + value.dump();
        }
        table.add(name, {type->help, keys});
    }
    return table.text();
}

std::string table_of_notations() {
    Table table({"notation", "how a number is shown"});
    for (const fields::NumberNotation* const notation : fields::number_notations()) {
        table.add(std::string(notation->name), {std::string(notation->documentation)});
    }
    return table.text();
}

std::string table_of_octet_notations() {
    Table table({"notation", "how bytes are shown"});
    for (const fields::OctetNotation& notation : fields::octet_notations()) {
        table.add(std::string(notation.name), {std::string(notation.documentation)});
    }
    return table.text();
}

std::string table_of_number_forms() {
    Table table({"form", "what it is"});
    for (const fields::NumberForm& form : fields::number_forms()) {
        table.add(std::string(form.name), {std::string(form.documentation)});
    }
    return table.text();
}

std::string table_of_keys() {
    Table table({"key", "what it holds"});
    for (const TypeKey& entry : type_keys()) {
        const bool is_needed = !entry.types_that_need_it.empty();
        const bool is_needed_by_all = entry.types_that_need_it == entry.types;
        std::string meaning(entry.key->documentation);
        if (entry.key->shape == Shape::kRule || entry.key->shape == Shape::kNumberOrRule) {
            meaning.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(meaning.front())));
            meaning.insert(0, entry.key->shape == Shape::kRule ? "Rule: " : "Number or rule: ");
        }
        meaning += is_needed_by_all ? " Required."
                   : is_needed      ? " Required for " + in_backquotes(entry.types_that_need_it) + "."
                                    : "";
        table.add(std::string(entry.key->name), {meaning});
    }
    return table.text();
}

std::string table_of_members(std::string_view name) {
    const std::vector<TypeKey> keys = type_keys();
    const auto found =
        std::find_if(keys.begin(), keys.end(), [name](const TypeKey& entry) { return entry.key->name == name; });
    if (found == keys.end()) {
        throw std::runtime_error("there is no key " + std::string(name));
    }
    Table table({"key", "what it holds"});
    for (const Key& key : found->key->members) {
        table.add(std::string(key.name), {std::string(key.documentation) + (key.is_required ? " Required." : "")});
    }
    return table.text();
}

std::string table_of(const std::string& name) {
    static const std::map<std::string, TypeGroup> kGroups{
        {"numbers", TypeGroup::kNumbers}, {"bits", TypeGroup::kBits},        {"addresses", TypeGroup::kAddresses},
        {"octets", TypeGroup::kOctets},   {"lists", TypeGroup::kContainers}, {"names", TypeGroup::kNames},
        {"ber", TypeGroup::kBer}};
    if (const auto group = kGroups.find(name); group != kGroups.end()) {
        return table_of_types(group->second);
    }
    static const std::map<std::string, std::string (*)()> kTables{{"keys", table_of_keys},
                                                                  {"made types", table_of_made_types},
                                                                  {"number notations", table_of_notations},
                                                                  {"octet notations", table_of_octet_notations},
                                                                  {"number forms", table_of_number_forms}};
    const auto table = kTables.find(name);
    return table != kTables.end() ? table->second() : table_of_members(name);
}

// The schema.

/// Writes JSON in lines of at most 120 characters: on one line what fits, and of an array as much as fits on each.
class JsonPrinter {
public:
    static std::string print(const Json& json, std::size_t indent) {
        JsonPrinter printer;
        printer.put(json, indent, indent, 0);
        return printer.out_;
    }

private:
    static constexpr std::size_t kWidth = 120;
    static constexpr std::size_t kStep = 2;

    static std::string on_one_line(const Json& json) {
        if (!json.is_structured() || json.empty()) {
            return json.dump();
        }
        std::string text = json.is_array() ? "[" : "{";
        for (const auto& [key, value] : json.items()) {
            text += text.size() > 1 ? ", " : "";
            text += json.is_object() ? Json(key).dump() + ": " : "";
            text += on_one_line(value);
        }
        return text + (json.is_array() ? "]" : "}");
    }

    /// `column`: where the value begins; `behind`: how many characters follow it on its line.
    void put(const Json& json, std::size_t indent, std::size_t column, std::size_t behind) {
        const std::string line = on_one_line(json);
        if (!json.is_structured() || json.empty() || column + line.size() + behind <= kWidth) {
            out_ += line;
            return;
        }
        const std::size_t inner = indent + kStep;
        out_ += json.is_array() ? "[" : "{";
        std::size_t left = 0;
        for (std::size_t index = 0; const auto& [key, value] : json.items()) {
            const std::size_t comma = ++index < json.size() ? 1 : 0;
            const std::string name = json.is_object() ? Json(key).dump() + ": " : "";
            const std::string item = on_one_line(value);
            // Words side by side, everything else on lines of its own.
            if (json.is_array() && !value.is_structured() && left > item.size() + comma) {
                out_ += ' ' + item;
                left -= item.size() + comma + 1;
            } else {
                out_ += '\n' + std::string(inner, ' ') + name;
                put(value, inner, inner + name.size(), comma);
                const std::size_t used = inner + item.size() + comma;
                left = kWidth > used ? kWidth - used : 0;
            }
            out_ += comma != 0 ? "," : "";
        }
        out_ += '\n' + std::string(indent, ' ') + (json.is_array() ? "]" : "}");
    }

    std::string out_;
};

Json reference(const char* name) {
    return {{"$ref", std::string("#/$defs/") + name}};
}

/// The comment that any object may have.
Json comment_member() {
    Json comment = reference("comment");
    comment["description"] = "For people; ignored.";
    return {{"$comment", std::move(comment)}};
}

Json schema_of(const Key& key);

Json schema_of_members(std::span<const Key> members) {
    Json required = Json::array();
    Json properties = comment_member();
    for (const Key& member : members) {
        if (member.is_required) {
            required.push_back(member.name);
        }
        properties[std::string(member.name)] = schema_of(member);
    }
    Json schema{{"type", "object"}};
    if (!required.empty()) {
        schema["required"] = std::move(required);
    }
    schema["additionalProperties"] = false;
    schema["properties"] = std::move(properties);
    return schema;
}

/// What a schema says of the values of a key, without its description.
Json shape_of(const Key& key) {
    const Json text{{"type", "string"}};
    switch (key.shape) {
        case Shape::kText: {
            Json schema = text;
            if (key.is_required) {
                schema["minLength"] = 1;
            }
            if (!key.characters.empty()) {
                schema["pattern"] = "^[" + std::string(key.characters) + "]*$";
            }
            return schema;
        }
        case Shape::kNumber:
            return {{"type", "integer"}, {"minimum", key.least}, {"maximum", key.most}};
        case Shape::kBoolean:
            return {{"type", "boolean"}};
        case Shape::kWord:
            return {{"enum", Json(key.words)}};
        case Shape::kRule:
            return reference("rule");
        case Shape::kNumberOrRule:
            return reference("numberOrRule");
        case Shape::kProtocol:
            return reference("protocolId");
        case Shape::kFieldId:
            return reference("fieldId");
        case Shape::kEnumeration:
            return reference("enumerationOrName");
        case Shape::kEnumerations:
            return {{"type", "object"},
                    {"properties", comment_member()},
                    {"propertyNames", {{"anyOf", Json::array({reference("numberText"), {{"const", "$comment"}}})}}},
                    {"additionalProperties", reference("enumerationOrName")}};
        case Shape::kTextOrTexts:
            return {{"oneOf", Json::array({text, {{"type", "array"}, {"items", text}}})}};
        case Shape::kTextNames:
            return {{"type", "object"}, {"properties", comment_member()}, {"additionalProperties", text}};
        case Shape::kPart:
            return reference("part");
        case Shape::kParts:
            return {{"type", "array"}, {"minItems", 1}, {"items", reference("part")}};
        case Shape::kTag:
            return reference("berTag");
        case Shape::kObject:
            return schema_of_members(key.members);
        case Shape::kObjects: {
            Json schema{{"type", "array"}};
            if (key.is_required) {
                schema["minItems"] = 1;
            }
            schema["items"] = schema_of_members(key.members);
            return schema;
        }
    }
    return {};
}

Json schema_of(const Key& key) {
    std::string description;
    std::remove_copy(key.documentation.begin(), key.documentation.end(), std::back_inserter(description), '`');
    const Json shape = shape_of(key);
    Json schema = Json::object();
    for (const auto& [name, value] : shape.items()) {
        schema[name] = value;
        // The description stands behind the kind of value, in front of what is in it.
        if (schema.size() == 1) {
            schema["description"] = description;
        }
    }
    return schema;
}

/// A type as definitions may name it: built in, or made by the built-in definitions.
struct UsableType {
    std::string name;
    const fields::FieldType* type = nullptr;
    /// The keys that the type itself gives.
    Json given = Json::object();
};

std::vector<UsableType> usable_types() {
    std::vector<UsableType> types;
    for (const TypeEntry& entry : fields::field_types()) {
        types.push_back({std::string(entry.name), entry.type.get()});
    }
    const auto database = loader::load_built_in();
    const auto find = [&types](const std::string& name) {
        return std::find_if(types.begin(), types.end(), [&name](const UsableType& type) { return type.name == name; });
    };
    // A type may stand in front of the one that it is made of.
    for (bool has_more = true; has_more;) {
        has_more = false;
        for (const model::NamedType& made : database->types()) {
            const auto base = find(made.base);
            if (find(made.name) == types.end() && base != types.end()) {
                const fields::FieldType* const type = base->type;
                types.push_back({made.name, type, Json::parse(made.keys)});
                has_more = true;
            }
        }
    }
    return types;
}

Json type_members() {
    Json types = Json::array();
    for (const UsableType& type : usable_types()) {
        types.push_back(type.name);
    }
    Json properties = Json::object();
    properties["type"] = {
        {"anyOf", Json::array({{{"enum", std::move(types)}}, {{"type", "string"}}})},
        {"description", "The field's type, by its name in Scapy's field vocabulary, or one of \"types\"."}};
    for (const TypeKey& entry : type_keys()) {
        Key key = *entry.key;
        const std::vector<std::string_view> words(entry.words.begin(), entry.words.end());
        key.words = words;
        properties[std::string(key.name)] = schema_of(key);
    }
    return {{"properties", std::move(properties)}};
}

/// The keys that a field of the type must have.
Json needs_of(const UsableType& usable) {
    Json needs = Json::array();
    if (usable.type->needs_bits() && usable.type->usual_bits() == 0 && !usable.given.contains("bits")) {
        needs.push_back("bits");
    }
    for (const Key& key : usable.type->keys()) {
        if (key.is_required && !usable.given.contains(key.name)) {
            needs.push_back(key.name);
        }
    }
    return needs;
}

/// The keys of other types.
Json vain_keys_of(const UsableType& usable) {
    Json vain = Json::array();
    if (!usable.type->needs_bits() && usable.type->fixed_bits() == 0) {
        vain.push_back("bits");
    }
    const std::span<const Key> own = usable.type->keys();
    for (const TypeKey& known : type_keys()) {
        if (std::none_of(own.begin(), own.end(), [&known](const Key& key) { return key.name == known.key->name; })) {
            vain.push_back(known.key->name);
        }
    }
    return vain;
}

/// What holds for fields of the types of which it is known, types of the same rules together.
Json rules_of_types(Json (*rule_of)(const UsableType&), const std::function<Json(const Json&)>& schema_of_rule) {
    std::vector<std::pair<Json, Names>> types_of_rules;
    for (const UsableType& usable : usable_types()) {
        Json rule = rule_of(usable);
        auto found = std::find_if(types_of_rules.begin(), types_of_rules.end(),
                                  [&rule](const auto& known) { return known.first == rule; });
        if (found == types_of_rules.end()) {
            found = types_of_rules.emplace(types_of_rules.end(), std::move(rule), Names());
        }
        found->second.push_back(usable.name);
    }
    Json rules = Json::array();
    for (const auto& [rule, types] : types_of_rules) {
        const Json condition{{"properties", {{"type", {{"enum", types}}}}}, {"required", {"type"}}};
        if (!rule.empty()) {
            rules.push_back({{"if", condition}, {"then", schema_of_rule(rule)}});
        }
    }
    return {{"allOf", std::move(rules)}};
}

/// Replaces the value of a definition of the schema, which begins with `    "NAME": {` and ends with `    }`.
void replace_definition(std::string& schema, const std::string& name, const Json& value) {
    const std::string head = "\n    \"" + name + "\": ";
    const std::size_t begin = schema.find(head + "{");
    const std::size_t end = begin != std::string::npos ? schema.find("\n    }", begin) : std::string::npos;
    if (end == std::string::npos) {
        throw std::runtime_error("the schema has no definition " + name + " that begins and ends on a line of its own");
    }
    const std::size_t behind = end + std::string_view("\n    }").size();
    schema.replace(begin, behind - begin, head + JsonPrinter::print(value, 4));
}

}  // namespace

std::string update_guide(std::string_view guide) {
    constexpr std::string_view kBegin = "<!-- made by ./run reference: ";
    constexpr std::string_view kBehindName = " -->\n";
    constexpr std::string_view kEnd = "<!-- end -->";
    std::string text;
    while (true) {
        const std::size_t begin = guide.find(kBegin);
        if (begin == std::string_view::npos) {
            return text.append(guide);
        }
        const std::size_t behind_name = guide.find(kBehindName, begin);
        const std::size_t end = guide.find(kEnd, begin);
        if (behind_name >= end || end == std::string_view::npos) {
            throw std::runtime_error("a table of the guide has no end");
        }
        const std::string name(guide.substr(begin + kBegin.size(), behind_name - begin - kBegin.size()));
        text.append(guide.substr(0, behind_name + kBehindName.size()));
        text += '\n' + table_of(name) + '\n';
        text.append(kEnd);
        guide.remove_prefix(end + kEnd.size());
    }
}

std::string update_schema(std::string_view schema) {
    std::string text(schema);
    replace_definition(text, "typeMembers", type_members());
    replace_definition(text, "typeNeeds", rules_of_types(needs_of, [](const Json& needs) {
                           return Json{{"required", needs}};
                       }));
    replace_definition(text, "typeRules", rules_of_types(vain_keys_of, [](const Json& vain) {
                           return Json{{"propertyNames", {{"not", {{"enum", vain}}}}}};
                       }));
    return text;
}

}  // namespace framewright::reference
