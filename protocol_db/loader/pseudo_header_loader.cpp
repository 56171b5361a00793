#include "protocol_db/loader/pseudo_header_loader.hpp"

#include <algorithm>

#include "protocol_db/fields/field_type.hpp"
#include "protocol_db/loader/similar_word.hpp"

namespace framewright::loader {

namespace {

using Part = model::PseudoHeaderPart;

/// {"field": id, "is": name}, {"zeros": octets}, {"protocol": octets} or {"length": octets, "rule": rule}
Part read_part(const model::Protocol& protocol, const Json& json) {
    ObjectReader reader(json, "a part of the pseudo header");
    Part part;
    std::size_t kinds = 0;
    if (const std::string field = reader.text("field"); !field.empty()) {
        part.kind = Part::Kind::kField;
        part.field = FieldLoader::field_index(protocol, field);
        part.name = reader.text("is");
        if (const std::uint32_t bits = protocol.fields[part.field].bits; bits == 0 || bits % 8 != 0) {
            refuse("field " + field + " of the pseudo header has no fixed number of whole bytes");
        }
        ++kinds;
    }
    const auto read_octets = [&](const char* key, Part::Kind kind) {
        if (const std::optional<std::int64_t> octets = reader.number(key, 1, Part::kMostOctets)) {
            part.kind = kind;
            part.octets = static_cast<std::uint32_t>(*octets);
            ++kinds;
        }
    };
    read_octets("zeros", Part::Kind::kZeros);
    read_octets("protocol", Part::Kind::kProtocol);
    read_octets("length", Part::Kind::kLength);
    if (part.kind == Part::Kind::kLength) {
        part.length = FieldLoader::number_or_rule(protocol, reader, "rule");
    }
    reader.finish();
    if (kinds != 1) {
        refuse("a part of the pseudo header is one of \"field\", \"zeros\", \"protocol\" and \"length\"");
    }
    return part;
}

/// {"part": name, "field": id, "element": "first" or "last", "when": rule}
model::PseudoHeaderReplacement read_replacement(const model::Protocol& protocol, const Json& json) {
    ObjectReader reader(json, "a replacement in the pseudo header");
    model::PseudoHeaderReplacement replacement;
    replacement.part = reader.required_text("part");
    replacement.field = FieldLoader::field_index(protocol, reader.required_text("field"));
    const std::string element = reader.text("element", "first");
    if (reader.find("element") != nullptr && !protocol.fields[replacement.field].type->is_list()) {
        refuse("\"element\" means nothing for field " + protocol.fields[replacement.field].id + ", which is no list");
    }
    if (element != "first" && element != "last") {
        refuse("\"element\" is neither first nor last");
    }
    replacement.is_last_element = element == "last";
    replacement.when = FieldLoader::rule_at(protocol, reader, "when");
    reader.finish();
    return replacement;
}

}  // namespace

model::PseudoHeader read_pseudo_header(const model::Protocol& protocol, const Json& json, FieldLoader& fields) {
    ObjectReader reader(json, "\"pseudo_header\"");
    model::PseudoHeader header;
    const Json* const parts = reader.array("parts");
    for (std::size_t index = 0; parts != nullptr && index < parts->size(); ++index) {
        header.parts.push_back(read_part(protocol, (*parts)[index]));
    }
    const std::string through = reader.text("through");
    if (header.parts.empty() == through.empty()) {
        refuse("\"pseudo_header\" has either \"parts\" or \"through\"");
    }
    if (!through.empty()) {
        header.through = fields.protocol(through);
        const Json* const replacements = reader.array("replaces");
        for (std::size_t index = 0; replacements != nullptr && index < replacements->size(); ++index) {
            header.replacements.push_back(read_replacement(protocol, (*replacements)[index]));
        }
        if (const std::string options = reader.text("options"); !options.empty()) {
            header.options = FieldLoader::field_index(protocol, options);
        }
    }
    reader.finish();
    return header;
}

void check_pseudo_header(const model::Protocol& protocol) {
    const model::Protocol* const through = protocol.pseudo_header.through;
    if (through == nullptr) {
        return;
    }
    const std::vector<Part>& parts = through->pseudo_header.parts;
    if (parts.empty()) {
        refuse("\"through\": protocol " + through->id + " gives no pseudo header");
    }
    for (const model::PseudoHeaderReplacement& replacement : protocol.pseudo_header.replacements) {
        const auto has_name = [&parts](std::string_view name) {
            return std::any_of(parts.begin(), parts.end(), [name](const Part& part) { return part.name == name; });
        };
        if (!has_name(replacement.part)) {
            refuse("the pseudo header of " + through->id + " has no part \"" + replacement.part + "\"" +
                   did_you_mean(replacement.part, has_name));
        }
        const auto part =
            std::find_if(parts.begin(), parts.end(), [&](const Part& other) { return other.name == replacement.part; });
        const model::Field& field = protocol.fields[replacement.field];
        if (const std::uint32_t bits = through->fields[part->field].bits; field.bits != 0 && field.bits != bits) {
            refuse("field " + field.id + " has " + std::to_string(field.bits) + " bits, and the part \"" +
                   replacement.part + "\" that it replaces " + std::to_string(bits));
        }
    }
}

}  // namespace framewright::loader
