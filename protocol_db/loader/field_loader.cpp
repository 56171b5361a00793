#include "protocol_db/loader/field_loader.hpp"

#include <limits>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "protocol_db/fields/field_type.hpp"
#include "protocol_db/loader/field_keys.hpp"
#include "protocol_db/loader/rule_checks.hpp"
#include "protocol_db/loader/similar_word.hpp"

namespace framewright::loader {

namespace {

/// Values in definitions are plain: no expressions, and no layer around them.
class DefinitionContext final : public fields::ParseContext {
public:
    explicit DefinitionContext(const model::Database& database) : database_(database) {}

    const model::Database& database() const override { return database_; }
    const expression::RuleContext& rules() const override { return no_layer_; }
    model::Value read_expression(std::string_view /*text*/) const override {
        throw fields::ValueError("an expression cannot stand here");
    }

private:
    const model::Database& database_;
    expression::EmptyContext no_layer_;
};

/// Without a layer the form of a field with variants is not known: texts are octets.
model::Value plain_value(const Json& json) {
    model::Value value = to_value(json);
    const std::string* const text = value.get_if<std::string>();
    return text != nullptr ? model::Value(Bytes(text->begin(), text->end())) : value;
}

/// A value in a message: as it is written, but not all of a long one.
std::string shown(const Json& json) {
    constexpr std::size_t kMost = 80;
    const std::string text = json.dump();
    return text.size() > kMost ? text.substr(0, kMost) + "..." : text;
}

/// Throws fields::ValueError for a value that would fail only when it is written, whatever the packet is.
void check_can_be_written(const model::Field& field, const model::Value& value) {
    const Bytes* const octets = value.get_if<Bytes>();
    if (octets == nullptr) {
        return;
    }
    static const std::set<std::string, std::less<>> kFixedTypes{"StrFixedLenField", "XStrFixedLenField", "Field",
                                                                "TimeSignedField", "NonceField"};
    const std::optional<std::int64_t> length = constant_of(field.length);
    if (length && kFixedTypes.contains(field.type_name) && std::cmp_greater(octets->size(), *length)) {
        throw fields::ValueError("longer than the " + std::to_string(*length) + " bytes of the field");
    }
    if (field.type_name == "StrNullField" || field.type_name == "StrStopField") {
        const std::string stop = field.stop.empty() ? std::string(1, '\0') : field.stop;
        if (std::string(octets->begin(), octets->end()).find(stop) != std::string::npos) {
            throw fields::ValueError("holds the mark that ends the field");
        }
    }
}

void check_nested(const model::Field& field) {
    static const std::set<std::string, std::less<>> kPacketTypes{"PacketListField", "_OptionsField",    "PacketField",
                                                                 "PacketLenField",  "TruncPktLenField", "DNSQRField",
                                                                 "DNSRRField"};
    if (kPacketTypes.contains(field.type_name) && field.holds == nullptr) {
        refuse("\"holds\" is missing");
    }
    if (field.type_name == "FieldListField" && field.element == nullptr) {
        refuse("\"element\" is missing");
    }
    if (field.type_name == "MultipleTypeField" && field.variants.empty()) {
        refuse("\"variants\" is missing");
    }
    static const std::set<std::string, std::less<>> kFixedTypes{"StrFixedLenField", "XStrFixedLenField", "Field"};
    if (kFixedTypes.contains(field.type_name) && !field.length) {
        refuse("\"length\" is missing");
    }
    if (field.type_name == "StrStopField" && field.stop.empty()) {
        refuse("\"stop\" is missing");
    }
}

void define_presentation(model::Field& field, ObjectReader& reader) {
    model::FieldPresentation& presentation = field.presentation;
    presentation.label = reader.text("label");
    presentation.help = reader.text("help");
    presentation.kind = reader.text("kind");
    static const std::set<std::string, std::less<>> kKinds{"STRING",      "NUMBER",     "ENUM",        "BYTES",
                                                           "BITMASK",     "EXPRESSION", "MAC_ADDRESS", "IP_ADDRESS",
                                                           "TCP_OPTIONS", "IP_OPTIONS"};
    if (!presentation.kind.empty() && !kKinds.contains(presentation.kind)) {
        refuse("there is no kind \"" + presentation.kind + "\"");
    }
    presentation.regex = reader.text("regex");
    constexpr std::int64_t kLeast = std::numeric_limits<std::int32_t>::min();
    constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
    if (const auto minimum = reader.number("min", kLeast, kMost)) {
        presentation.minimum = static_cast<std::int32_t>(*minimum);
    }
    if (const auto maximum = reader.number("max", kLeast, kMost)) {
        presentation.maximum = static_cast<std::int32_t>(*maximum);
    }
    if (presentation.minimum && presentation.maximum && *presentation.minimum > *presentation.maximum) {
        refuse("\"min\" is larger than \"max\"");
    }
    presentation.is_automatic = reader.boolean("auto");
    if (const Json* const choices = reader.array("choices")) {
        for (const Json& json : *choices) {
            ObjectReader part(json, "a choice");
            model::BitChoice choice;
            choice.name = part.required_text("name");
            choice.mask = part.number("mask", 0, kMost).value_or(0);
            const Json* const values = part.find("values");
            part.finish();
            if (values == nullptr) {
                refuse("a choice has no \"values\"");
            }
            for (const auto& [name, number] : object_items(*values, "\"values\"")) {
                if (!number.is_number_integer()) {
                    refuse("the value of a choice is not a number");
                }
                choice.values.emplace_back(name, number.get<std::int64_t>());
            }
            presentation.choices.push_back(std::move(choice));
        }
    }
}

}  // namespace

const model::Protocol* FieldLoader::protocol(const std::string& id) {
    const model::Protocol* const found = builder_.find(id);
    if (found == nullptr) {
        refuse("there is no protocol \"" + id + "\"" +
               did_you_mean(id, [this](std::string_view known) { return builder_.find(known) != nullptr; }));
    }
    return found;
}

expression::Rule FieldLoader::rule(const model::Protocol& protocol, const std::string& text) {
    return expression::Rule::parse(text, [&protocol](std::string_view id) { return protocol.find_field(id); });
}

expression::Rule FieldLoader::rule_at(const model::Protocol& protocol, ObjectReader& reader, std::string_view key) {
    const std::optional<std::string> text = reader.rule_text(key, false);
    return text ? rule(protocol, *text) : expression::Rule();
}

expression::Rule FieldLoader::number_or_rule(const model::Protocol& protocol, ObjectReader& reader,
                                             std::string_view key) {
    const std::optional<std::string> text = reader.rule_text(key, true);
    return text ? rule(protocol, *text) : expression::Rule();
}

std::size_t FieldLoader::field_index(const model::Protocol& protocol, const std::string& id) {
    const std::optional<std::size_t> index = protocol.find_field(id);
    if (!index) {
        refuse("there is no field \"" + id + "\"" +
               did_you_mean(id, [&](std::string_view known) { return protocol.find_field(known).has_value(); }));
    }
    return *index;
}

const model::Enumeration* FieldLoader::enumeration(const Json& json) {
    if (json.is_string()) {
        const model::Enumeration* const found = builder_.find_enumeration(json.get<std::string>());
        if (found == nullptr) {
            refuse("there is no enumeration \"" + json.get<std::string>() + "\"" +
                   did_you_mean(json.get<std::string>(),
                                [this](std::string_view known) { return builder_.has_enumeration(known); }));
        }
        return found;
    }
    return builder_.add_inline(to_enumeration(json));
}

const model::Enumeration* FieldLoader::names(const model::Field& field, const Json& json) {
    const model::Enumeration* const found = enumeration(json);
    // A built-in enumeration may be wider than one of the fields that share it.
    if (json.is_string() && !builder_.is_users(found)) {
        return found;
    }
    for (const auto& [number, name] : found->entries()) {
        try {
            field.type->parse(field, number, DefinitionContext(database_));
        } catch (const fields::ValueError& error) {
            refuse("the enumeration's number " + to_string(number) + " (" + name + "): " + error.what());
        }
    }
    return found;
}

void FieldLoader::define(const model::Protocol& protocol, model::Field& field, const Json& json, bool is_part) {
    ObjectReader reader(json, "a field");
    field.id = reader.required_text("id");
    check_id(field.id);
    field.type_name = reader.required_text("type");
    field.type = fields::find_field_type(field.type_name);
    if (field.type == nullptr) {
        refuse("there is no field type \"" + field.type_name + "\"" +
               did_you_mean(field.type_name,
                            [](std::string_view known) { return fields::find_field_type(known) != nullptr; }));
    }
    check_keys(json, field.type_name, is_part);
    define_width(field, reader);
    define_names(protocol, field, reader);
    define_rules(protocol, field, reader);
    const bool is_computed = field.automatic || field.computation.algorithm != model::Algorithm::kNone;
    if (is_computed && !(field.type->is_number() && field.bits != 0)) {
        refuse("only a number can be computed");
    }
    if (const std::optional<std::int64_t> number = constant_of(field.automatic)) {
        value(field, *number, "\"computed\"");
    }
    define_nested(protocol, field, reader);
    define_presentation(field, reader);
    define_values(field, reader);
    reader.finish();
}

void FieldLoader::define_width(model::Field& field, ObjectReader& reader) const {
    constexpr std::int64_t kWidestField = 120;
    const std::uint32_t fixed = field.type->fixed_bits();
    field.bits = static_cast<std::uint32_t>(reader.number("bits", 1, kWidestField).value_or(fixed));
    const bool needs_width = field.type->is_bit_field() ||
                             (field.type->is_number() && fixed == 0 && field.type_name != "_PhantomAutoPadField");
    if (needs_width && field.bits == 0) {
        refuse("\"bits\" is missing");
    }
    if (fixed != 0 && field.bits != fixed) {
        refuse("a " + field.type_name + " has " + std::to_string(fixed) + " bits");
    }
    if (field.type->is_number() && !field.type->is_bit_field() && (field.bits % 8 != 0 || field.bits > 64)) {
        refuse("\"bits\" is not a multiple of 8 up to 64");
    }
}

void FieldLoader::define_values(model::Field& field, ObjectReader& reader) const {
    // A default may be written as a client would write it.
    const Json* const given = reader.find("default");
    if (given != nullptr) {
        field.default_value = value(field, *given, "\"default\"");
    } else if (field.type->is_number() && !field.automatic && field.computation.algorithm == model::Algorithm::kNone) {
        field.default_value = Integer{0};
    } else if (field.type->is_list()) {
        field.default_value = model::List{};
    }
    if (const Json* const initial = reader.find("initial")) {
        field.initial_value = value(field, *initial, "\"initial\"");
    }
    if (const Json* const unset = reader.find("unset")) {
        field.unset_value = value(field, *unset, "\"unset\"");
    }
}

model::Value FieldLoader::value(const model::Field& field, const Json& json, const std::string& what) const {
    if (!field.variants.empty()) {
        return plain_value(json);
    }
    try {
        model::Value value = field.type->parse(field, to_value(json), DefinitionContext(database_));
        check_can_be_written(field, value);
        return value;
    } catch (const fields::ValueError& error) {
        refuse(what + " " + shown(json) + ": " + error.what());
    }
}

void FieldLoader::define_names(const model::Protocol& protocol, model::Field& field, ObjectReader& reader) {
    if (const Json* const json = reader.find("enumeration")) {
        field.enumeration = names(field, *json);
    }
    if (const Json* const json = reader.find("enumeration_by")) {
        ObjectReader part(*json, "\"enumeration_by\"");
        field.enumerations_by_field = field_index(protocol, part.required_text("field"));
        const Json* const cases = part.find("cases");
        part.finish();
        if (cases == nullptr) {
            refuse("\"enumeration_by\" has no \"cases\"");
        }
        for (const auto& [number, case_names] : object_items(*cases, "\"cases\"")) {
            const std::optional<Integer> selector = parse_integer(number);
            if (!selector) {
                refuse("a case of \"enumeration_by\" is not a number");
            }
            field.enumerations_by.emplace_back(*selector, names(field, case_names));
        }
    }
    if (const Json* const json = reader.find("flags")) {
        if (json->is_string()) {
            field.flags_are_letters = true;
            for (const char letter : json->get<std::string>()) {
                field.flag_names.emplace_back(1, letter);
            }
        } else if (json->is_array()) {
            for (const Json& name : *json) {
                if (!name.is_string()) {
                    refuse("a name in \"flags\" is not a text");
                }
                field.flag_names.push_back(name.get<std::string>());
            }
        } else {
            refuse("\"flags\" is neither a text of letters nor an array of names");
        }
        if (field.flag_names.size() > field.bits) {
            refuse("\"flags\" names more bits than the field has");
        }
    }
}

void FieldLoader::define_rules(const model::Protocol& protocol, model::Field& field, ObjectReader& reader) {
    field.condition = rule_at(protocol, reader, "when");
    field.length = number_or_rule(protocol, reader, "length");
    field.count = number_or_rule(protocol, reader, "count");
    field.automatic = number_or_rule(protocol, reader, "computed");
    field.pad_to = static_cast<std::uint32_t>(reader.number("pad_to", 1, 64).value_or(0));
    field.is_compressible = reader.boolean("compressible").value_or(false);
    field.truncate_to = static_cast<std::uint32_t>(reader.number("truncate_to", 1, 64).value_or(0));
    const std::string generated = reader.text("generated");
    field.generated = generated == "random_bytes"  ? model::Generated::kRandomBytes
                      : generated == "time_of_day" ? model::Generated::kTimeOfDay
                                                   : model::Generated::kNothing;
    if (!generated.empty() && field.generated == model::Generated::kNothing) {
        refuse("\"generated\" is neither random_bytes nor time_of_day");
    }
    field.stop = reader.text("stop");
    if (const Json* const json = reader.find("checksum")) {
        ObjectReader part(*json, "\"checksum\"");
        const std::string algorithm = part.required_text("algorithm");
        if (algorithm != "internet") {
            refuse("there is no checksum algorithm \"" + algorithm + "\"");
        }
        field.computation.algorithm = model::Algorithm::kInternetChecksum;
        const std::string over = part.text("over", "payload");
        if (over != "header" && over != "payload") {
            refuse("\"over\" of the checksum is neither header nor payload");
        }
        field.computation.over_payload = over == "payload";
        field.computation.pseudo_header_protocol =
            static_cast<int>(part.number("pseudo_header_protocol", 0, 255).value_or(-1));
        field.computation.when = rule_at(protocol, part, "when");
        field.computation.requires_ipv6 = part.boolean("requires_ipv6").value_or(false);
        field.computation.in_place_of_zero =
            static_cast<std::uint32_t>(part.number("in_place_of_zero", 0, 65535).value_or(0));
        part.finish();
        if (field.bits != 16) {
            refuse("a checksum field has 16 bits");
        }
    }
}

std::shared_ptr<model::Field> FieldLoader::part(const model::Protocol& protocol, const model::Field& whole,
                                                const Json& json) {
    auto field = std::make_shared<model::Field>();
    Json with_id = json;
    if (with_id.is_object() && !with_id.emplace("id", whole.id).second) {
        refuse("an element or a variant has no \"id\" of its own");
    }
    define(protocol, *field, with_id, true);
    return field;
}

void FieldLoader::define_nested(const model::Protocol& protocol, model::Field& field, ObjectReader& reader) {
    field.holds_name = reader.text("holds");
    if (!field.holds_name.empty()) {
        field.holds = this->protocol(field.holds_name);
    }
    if (const Json* const json = reader.find("element")) {
        field.element = part(protocol, field, *json);
    }
    if (const Json* const variants = reader.array("variants")) {
        for (const Json& json : *variants) {
            ObjectReader members(json, "a variant");
            const Json* const type = members.find("field");
            model::Variant variant{rule_at(protocol, members, "when"), nullptr};
            members.finish();
            if (type == nullptr || !type->is_object()) {
                refuse("a variant has no \"field\"");
            }
            if (!field.variants.empty() && !field.variants.back().when) {
                refuse("a variant stands behind one without \"when\", which always holds");
            }
            variant.field = part(protocol, field, *type);
            field.variants.push_back(std::move(variant));
        }
    }
    if (const Json* const options = reader.array("options")) {
        for (const Json& json : *options) {
            ObjectReader part(json, "an option");
            model::OptionKind kind;
            kind.code = static_cast<std::uint8_t>(part.number("code", 0, 255).value_or(0));
            kind.name = part.required_text("name");
            kind.format = part.text("format");
            kind.repeats = part.boolean("repeats").value_or(false);
            if (const Json* const names = part.find("enumeration")) {
                kind.enumeration = enumeration(*names);
            }
            part.finish();
            if (kind.format.find_first_not_of("BHIQ4") != std::string::npos || (kind.repeats && kind.format.empty())) {
                refuse("the format of option \"" + kind.name + "\" is not made of the letters B H I Q 4");
            }
            field.options.push_back(std::move(kind));
        }
    }
    if (const Json* const json = reader.find("padding")) {
        ObjectReader part(*json, "\"padding\"");
        model::OptionPadding padding;
        padding.one = static_cast<std::uint8_t>(part.number("one", 0, 255).value_or(0));
        padding.many = static_cast<std::uint8_t>(part.number("many", 0, 255).value_or(1));
        if (const std::string id = part.text("switch"); !id.empty()) {
            padding.switch_field = field_index(protocol, id);
        }
        part.finish();
        field.padding = padding;
    }
    if (const std::string selector = reader.text("selector"); !selector.empty()) {
        field.selector_field = field_index(protocol, selector);
    }
    check_nested(field);
}

}  // namespace framewright::loader
