#include "rpc/definition_replies.hpp"

#include <md5.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "protocol_db/base64.hpp"
#include "protocol_db/fields/field_type.hpp"
#include "protocol_db/fields/plain_number.hpp"
#include "rpc/json_text.hpp"

namespace framewright::rpc {

namespace {

using Json = nlohmann::ordered_json;

/// How deep the tree of protocols goes: enough for a tunnel in a VLAN. Where a user's protocols stand, it goes deeper.
constexpr std::size_t kTreeDepth = 4;
constexpr std::size_t kUsersTreeDepth = 8;
/// Beyond so many bytes the tree grows no deeper, however a user's protocols stand on each other.
constexpr std::size_t kLargestTree = 4U << 20U;

constexpr const char* kMacPattern = "^([0-9A-Fa-f]{2}[:-]){5}([0-9A-Fa-f]{2})$";
constexpr const char* kIpv4Pattern = "^(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])){3}$";
constexpr const char* kIpv6Pattern = "^[0-9A-Fa-f:.]{2,45}$";

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_mac(const model::Field& field) {
    return is_one_of(field.type_name, {"MACField", "SourceMACField", "DestMACField", "LEMACField"});
}
/// One that begins as a number shows a text that is no address.
bool is_ipv4(const model::Field& field) {
    return !field.default_value.is<Integer>() && is_one_of(field.type_name, {"IPField", "SourceIPField"});
}
bool is_ipv6(const model::Field& field) {
    return is_one_of(field.type_name, {"IP6Field", "SourceIP6Field", "DestIP6Field"});
}

std::string regular_expression(const model::Field& field) {
    return is_mac(field) ? kMacPattern : is_ipv4(field) ? kIpv4Pattern : is_ipv6(field) ? kIpv6Pattern : "";
}

/// The kind of a field whose definition leaves it open; none for octets and where the form depends on other fields:
/// clients then send a text as it is typed, and it is read in the form that the field has.
std::string kind_of(const model::Field& field, bool has_bits) {
    if (has_bits) {
        return "BITMASK";
    }
    if (is_mac(field)) {
        return "MAC_ADDRESS";
    }
    if (is_ipv4(field)) {
        return "IP_ADDRESS";
    }
    if (field.type->is_number()) {
        return "NUMBER";
    }
    if (is_ipv6(field) || field.type->fixed_bits() != 0) {
        return "STRING";
    }
    const bool is_expression = field.type->is_container() && !field.type->has_forms();
    return is_expression ? "EXPRESSION" : "";
}

/// A number that a client which reads 32 bits can hold.
bool is_small(Integer number) {
    return number >= std::numeric_limits<std::int32_t>::min() && number <= std::numeric_limits<std::int32_t>::max();
}

/// Whether a name tells one bit from the others: none that several share, and no mere sign such as "?", does.
bool names_a_bit(const std::string& name, const std::vector<std::string>& all) {
    return std::count(all.begin(), all.end(), name) == 1 &&
           std::any_of(name.begin(), name.end(), [](unsigned char c) { return c >= 0x80 || std::isalnum(c) != 0; });
}

/// What may be chosen of a BITMASK: what its definition says, or else each bit that has a name.
Json bit_choices(const model::Field& field) {
    Json bits = Json::array();
    for (const model::BitChoice& choice : field.presentation.choices) {
        Json values = Json::array();
        for (const auto& [name, number] : choice.values) {
            values.push_back({{"name", name}, {"value", number}});
        }
        bits.push_back({{"name", choice.name}, {"mask", choice.mask}, {"values", std::move(values)}});
    }
    if (!bits.empty()) {
        return bits;
    }
    const std::vector<std::string>& flags = fields::names_of(field).flags;
    for (std::size_t bit = std::min<std::size_t>(flags.size(), 31); bit-- > 0;) {
        if (!names_a_bit(flags[bit], flags)) {
            continue;
        }
        const std::int64_t mask = std::int64_t{1} << bit;
        bits.push_back(
            {{"name", flags[bit]},
             {"mask", mask},
             {"values", Json::array({{{"name", "Not Set"}, {"value", 0}}, {{"name", "Set"}, {"value", mask}}})}});
    }
    return bits;
}

/// The numbers that a field holds, where a client may check a text against them: clients read decimal numbers of 32
/// bits alone, and find the range by the field's id.
std::optional<fields::NumberRange> range_of(const model::Protocol& protocol, const model::Field& field) {
    constexpr std::uint32_t kWidestRange = 31;
    const auto shares_id = [&field](const model::Field& other) { return other.id == field.id; };
    if (!fields::is_plain_number(field) || field.bits == 0 || field.bits > kWidestRange ||
        std::count_if(protocol.fields.begin(), protocol.fields.end(), shares_id) > 1) {
        return std::nullopt;
    }
    return fields::number_range(field.bits, field.type->is_signed());
}

Json define(const model::Protocol& protocol, const model::Field& field) {
    const model::FieldPresentation& presentation = field.presentation;
    Json json{{"id", field.id}, {"name", presentation.label.empty() ? field.id : presentation.label}};
    if (!presentation.help.empty()) {
        json["help"] = base64_of_text(presentation.help);
    }
    if (const model::Enumeration* const enumeration = fields::names_of(field).enumeration) {
        Json values = Json::object();
        for (const auto& [number, name] : enumeration->entries()) {
            if (is_small(number)) {
                values[name] = static_cast<std::int64_t>(*enumeration->number_of(name));
            }
        }
        if (!values.empty()) {
            json["values_dict"] = std::move(values);
        }
    }
    Json bits = bit_choices(field);
    const std::string kind = json.contains("values_dict") ? "ENUM"
                             : presentation.kind.empty()  ? kind_of(field, !bits.empty())
                                                          : presentation.kind;
    if (!kind.empty()) {
        json["type"] = kind;
    }
    if (kind == "BITMASK") {
        json["bits"] = std::move(bits);
    }
    const std::string pattern = presentation.regex.empty() ? regular_expression(field) : presentation.regex;
    if (!pattern.empty()) {
        json["regex"] = pattern;
    }
    const std::optional<fields::NumberRange> range = kind == "NUMBER" ? range_of(protocol, field) : std::nullopt;
    if (presentation.minimum || range) {
        json["min"] = presentation.minimum.value_or(static_cast<std::int32_t>(range ? range->least : 0));
    }
    if (presentation.maximum || range) {
        json["max"] = presentation.maximum.value_or(static_cast<std::int32_t>(range ? range->most : 0));
    }
    const bool is_computed =
        static_cast<bool>(field.automatic) || field.computation.algorithm != model::Algorithm::kNone;
    if (presentation.is_automatic || is_computed) {
        json["auto"] = presentation.is_automatic.value_or(true);
    }
    return json;
}

/// What is said of a protocol, and at the end where it is from.
std::string help_of(const model::Protocol& protocol) {
    if (protocol.source.empty()) {
        return protocol.help;
    }
    return protocol.help + (protocol.help.empty() ? "" : " ") + "Source: " + protocol.source;
}

Json define(const model::Protocol& protocol) {
    Json fields = Json::array();
    Json writable = Json::array();
    std::set<std::string_view> seen;
    for (const model::Field& field : protocol.fields) {
        if (protocol.is_implicit(field)) {
            continue;
        }
        fields.push_back(define(protocol, field));
        // What has a fixed place and width can be changed from packet to packet.
        if (field.bits != 0 && seen.insert(field.id).second) {
            writable.push_back(field.id);
        }
    }
    Json json{{"id", protocol.id}, {"name", protocol.name}};
    if (const std::string help = help_of(protocol); !help.empty()) {
        json["help"] = base64_of_text(help);
    }
    json["fields"] = std::move(fields);
    json["fieldEngineAwareFields"] =
        protocol.field_engine_fields.empty() ? std::move(writable) : Json(protocol.field_engine_fields);
    return json;
}

std::string type_text(const model::Field& field) {
    std::string text = field.type_name;
    if (field.type->is_bit_field()) {
        text += " (" + std::to_string(field.bits) + (field.bits == 1 ? " bit)" : " bits)");
    }
    return text + (field.condition ? " (Cond)" : "");
}

std::string default_text(const model::Field& field) {
    std::string text = "(";
    const Integer* const number = field.default_value.get_if<Integer>();
    if (number != nullptr && !fields::names_of(field).flags.empty()) {
        text += "<Flag " + to_string(*number) + " (";
        field.type->show(field, field.default_value, text);
        text += ")>";
    } else {
        fields::append_expression(field.default_value, text);
    }
    return text + ")";
}

std::string md5_of(const std::string& text) {
    MD5_CTX context;
    MD5Init(&context);
    MD5Update(&context, reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    std::array<std::uint8_t, MD5_DIGEST_LENGTH> digest{};
    MD5Final(digest.data(), &context);
    return base64_encode(digest);
}

/// The protocols that are found on top of `protocol` and offered, each once.
std::vector<const model::Protocol*> payloads_of(const model::Protocol& protocol) {
    std::vector<const model::Protocol*> payloads;
    const auto add = [&payloads](const model::Protocol* upper) {
        if (upper->is_offered() && std::find(payloads.begin(), payloads.end(), upper) == payloads.end()) {
            payloads.push_back(upper);
        }
    };
    const auto add_choices = [&add](const std::vector<model::Choice>& choices) {
        for (const model::Choice& choice : choices) {
            if (choice.is_of_variants) {
                std::for_each(choice.protocol->selection.known.begin(), choice.protocol->selection.known.end(), add);
            } else {
                add(choice.protocol);
            }
        }
    };
    add_choices(protocol.payload_first);
    for (const model::Binding& binding : protocol.bindings) {
        add(binding.upper);
    }
    add_choices(protocol.payload_default);
    return payloads;
}

/// Appends `"id":{…}` of a protocol and what may stand on it, as far as the tree goes; no protocol stands on itself.
void append_tree(const model::Protocol& protocol, std::vector<const model::Protocol*>& path, std::string& out) {
    append_json_text(out, protocol.id);
    out += ":{";
    if (path.size() < kUsersTreeDepth && out.size() < kLargestTree) {
        const bool is_deep = path.size() >= kTreeDepth;
        path.push_back(&protocol);
        bool is_first = true;
        for (const model::Protocol* upper : payloads_of(protocol)) {
            if ((upper->is_users || !is_deep) && std::find(path.begin(), path.end(), upper) == path.end()) {
                out += is_first ? "" : ",";
                is_first = false;
                append_tree(*upper, path, out);
            }
        }
        path.pop_back();
    }
    out += '}';
}

}  // namespace

const DefinitionReplies::Catalogue& DefinitionReplies::catalogue() const {
    std::call_once(catalogue_made_, [this] {
        Json protocols = Json::object();
        std::map<std::string, std::string> types;
        for (const auto& protocol : database_.protocols()) {
            if (!protocol->is_offered()) {
                continue;
            }
            Json rows = Json::array();
            for (const model::Field& field : protocol->fields) {
                if (protocol->is_implicit(field)) {
                    continue;
                }
                rows.push_back({field.id, type_text(field), default_text(field)});
                const std::string pattern = regular_expression(field);
                types[field.type_name] = pattern.empty() ? "empty" : pattern;
            }
            protocols[protocol->id] = std::move(rows);
        }
        const std::string protocols_text = protocols.dump();
        const std::string fields_text = Json(types).dump();
        catalogue_.protocols_md5 = md5_of(protocols_text + std::string(edition_));
        catalogue_.fields_md5 = md5_of(fields_text);
        catalogue_.text = "{\"db\":" + protocols_text + ",\"fields\":" + fields_text + ",\"db_md5\":\"" +
                          catalogue_.protocols_md5 + "\",\"fields_md5\":\"" + catalogue_.fields_md5 + "\"}";
    });
    return catalogue_;
}

const std::string& DefinitionReplies::tree() const {
    std::call_once(tree_made_, [this] {
        tree_ = "{\"ALL\":{";
        std::vector<const model::Protocol*> path;
        append_tree(database_.first_layer(), path, tree_);
        tree_ += "}}";
    });
    return tree_;
}

const std::vector<std::string>& DefinitionReplies::definitions() const {
    std::call_once(definitions_made_, [this] {
        for (const auto& protocol : database_.protocols()) {
            definitions_.push_back(define(*protocol).dump());
        }
    });
    return definitions_;
}

const std::string* DefinitionReplies::definition(std::string_view id) const {
    const model::Protocol* const protocol = database_.find(id);
    return protocol != nullptr ? &definitions()[protocol->index] : nullptr;
}

}  // namespace framewright::rpc
