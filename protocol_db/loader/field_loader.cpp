#include "protocol_db/loader/field_loader.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "protocol_db/fields/ber.hpp"
#include "protocol_db/fields/integer_types.hpp"
#include "protocol_db/fields/plain_number.hpp"
#include "protocol_db/fields/registry.hpp"
#include "protocol_db/loader/checksum_loader.hpp"
#include "protocol_db/loader/similar_word.hpp"
#include "protocol_db/packet/edit.hpp"

namespace framewright::loader {

namespace {

/// Values in definitions have no layer around them.
class DefinitionContext : public fields::ParseContext {
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

/// The same once all protocols are there that an expression may name.
class CompleteContext final : public DefinitionContext {
public:
    using DefinitionContext::DefinitionContext;

    model::Value read_expression(std::string_view text) const override {
        packet::ExpressionBudget budget;
        return packet::read_expression(text, database(), budget);
    }
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

/// Throws Refusal for keys of a field's definition that would go unheard: those that mean nothing for its type, and in
/// a part of a field (a list's element, a variant) those that are the whole field's.
void check_keys(const Json& json, const model::Field& field, bool is_part) {
    for (const auto& [key, value] : json.items()) {
        if (!has_meaning(key, *field.type)) {
            refuse("\"" + key + "\" means nothing for a " + field.type_name);
        }
        if (is_part && is_whole_fields_key(key)) {
            refuse("\"" + key + "\" is the whole field's: it is not read in an element or a variant");
        }
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

/// Clients check a range against decimal numbers: where a field shows anything else, its own values would be refused.
void check_range(const model::Field& field) {
    const model::FieldPresentation& presentation = field.presentation;
    if (!presentation.minimum && !presentation.maximum) {
        return;
    }
    if (!fields::is_plain_number(field)) {
        refuse("\"min\" and \"max\" are for what is always shown as a number in decimal");
    }
    const fields::NumberRange range =
        field.bits != 0 ? fields::number_range(field.bits, field.type->is_signed()) : fields::NumberRange{};
    for (const std::optional<std::int32_t>& bound : {presentation.minimum, presentation.maximum}) {
        if (bound && !range.contains(*bound)) {
            refuse(std::to_string(*bound) + ", of \"min\" or \"max\", does not fit into " + std::to_string(field.bits) +
                   " bits");
        }
    }
}

}  // namespace

/// Reads the keys of a type from a field's definition, or from an object in it.
class FieldLoader::TypeKeys final : public fields::ParameterReader {
public:
    /// Throws Refusal for a required key that is missing.
    TypeKeys(FieldLoader& loader, const model::Protocol& protocol, const model::Field& field, const Json& json,
             const std::string& what, std::span<const fields::Key> keys)
        : loader_(loader), protocol_(protocol), field_(field), json_(json), reader_(json, what), what_(what) {
        for (const fields::Key& key : keys) {
            if (reader_.find(key.name) == nullptr && key.is_required) {
                refuse(quoted(key) + " is missing");
            }
        }
    }
    /// Throws Refusal for a key that is not declared.
    void finish() const { reader_.finish(); }

    const model::Field& field() const override { return field_; }
    bool has(const fields::Key& key) const override { return json_.contains(key.name); }

    std::string text(const fields::Key& key) override {
        std::string text = key.is_required ? reader_.required_text(key.name) : reader_.text(key.name);
        if (!key.characters.empty() && text.find_first_not_of(key.characters) != std::string::npos) {
            refuse(quoted(key) + " is not made of the characters " + std::string(key.characters));
        }
        const auto is_word = [&text](std::string_view word) { return word == text; };
        if (key.shape == fields::Shape::kWord && has(key) &&
            std::none_of(key.words.begin(), key.words.end(), is_word)) {
            std::string words;
            for (const std::string_view word : key.words) {
                words += (words.empty() ? "" : ", ") + std::string(word);
            }
            refuse(quoted(key) + " is none of " + words + did_you_mean(text, [&](std::string_view known) {
                       return std::find(key.words.begin(), key.words.end(), known) != key.words.end();
                   }));
        }
        return text;
    }

    std::optional<std::int64_t> number(const fields::Key& key) override {
        return reader_.number(key.name, key.least, key.most);
    }

    bool boolean(const fields::Key& key) override { return reader_.boolean(key.name).value_or(false); }

    void rule(const fields::Key& key, fields::Parameters& parameters, expression::Rule& into) override {
        const std::optional<std::string> text = reader_.rule_text(key.name, key.shape == fields::Shape::kNumberOrRule);
        if (text) {
            into = FieldLoader::rule(protocol_, *text);
            parameters.add_rule(key.name, into);
        }
    }

    fields::Parameters::ElementRule element_rule(const fields::Key& key) override {
        fields::Parameters::ElementRule element;
        if (const std::optional<std::string> text = reader_.rule_text(key.name, false)) {
            element.rule = expression::Rule::parse(*text, [&element](std::string_view id) {
                element.fields.emplace_back(id);
                return std::optional(element.fields.size() - 1);
            });
        }
        return element;
    }

    const model::Protocol* protocol(const fields::Key& key) override {
        const std::string id = text(key);
        return id.empty() ? nullptr : loader_.protocol(id);
    }

    std::optional<std::size_t> field_index(const fields::Key& key) override {
        const std::string id = text(key);
        return id.empty() ? std::nullopt : std::optional(FieldLoader::field_index(protocol_, id));
    }

    const model::Enumeration* enumeration(const fields::Key& key) override {
        const Json* const json = reader_.find(key.name);
        return json != nullptr ? loader_.names(field_, *json) : nullptr;
    }

    std::vector<std::pair<Integer, const model::Enumeration*>> enumerations(const fields::Key& key) override {
        std::vector<std::pair<Integer, const model::Enumeration*>> found;
        if (const Json* const json = reader_.find(key.name)) {
            for (const auto& [text, names] : object_items(*json, quoted(key))) {
                const std::optional<Integer> number = parse_integer(text);
                if (!number) {
                    refuse(quoted(key) + ": \"" + text + "\" is not a number");
                }
                found.emplace_back(*number, loader_.names(field_, names));
            }
        }
        return found;
    }

    std::pair<std::vector<std::string>, bool> texts(const fields::Key& key) override {
        std::pair<std::vector<std::string>, bool> found;
        const Json* const json = reader_.find(key.name);
        if (json != nullptr && json->is_string()) {
            found.second = true;
            for (const char letter : json->get<std::string>()) {
                found.first.emplace_back(1, letter);
            }
        } else if (json != nullptr) {
            const bool are_texts = json->is_array() && std::all_of(json->begin(), json->end(),
                                                                   [](const Json& item) { return item.is_string(); });
            if (!are_texts) {
                refuse(quoted(key) + " is neither a text of letters nor an array of names");
            }
            for (const Json& item : *json) {
                found.first.push_back(item.get<std::string>());
            }
        }
        return found;
    }

    std::vector<std::pair<std::string, std::string>> text_names(const fields::Key& key) override {
        std::vector<std::pair<std::string, std::string>> found;
        if (const Json* const json = reader_.find(key.name)) {
            for (const auto& [text, name] : object_items(*json, quoted(key))) {
                if (!name.is_string()) {
                    refuse(quoted(key) + ": the name of \"" + text + "\" is not a text");
                }
                found.emplace_back(text, name.get<std::string>());
            }
        }
        return found;
    }

    std::shared_ptr<const model::Field> part(const fields::Key& key, fields::Parameters& parameters) override {
        const Json* const json = reader_.find(key.name);
        if (json == nullptr) {
            return nullptr;
        }
        std::shared_ptr<const model::Field> part = loader_.part(protocol_, field_, *json);
        parameters.add_part(part);
        return part;
    }

    std::vector<std::shared_ptr<const model::Field>> parts(const fields::Key& key,
                                                           fields::Parameters& parameters) override {
        std::vector<std::shared_ptr<const model::Field>> parts;
        if (const Json* const array = reader_.array(key.name)) {
            for (const Json& json : *array) {
                parts.push_back(loader_.part(protocol_, field_, json));
                parameters.add_part(parts.back());
            }
        }
        return parts;
    }

    std::optional<model::BerTag> tag(const fields::Key& key) override {
        const Json* const json = reader_.find(key.name);
        return json != nullptr ? std::optional(to_ber_tag(*json, quoted(key))) : std::nullopt;
    }

    std::size_t index_of(const std::string& id) const override {
        const std::size_t index = FieldLoader::field_index(protocol_, id);
        const auto is_this = [this](const model::Field& field) { return &field == &field_; };
        const auto own = std::find_if(protocol_.fields.begin(), protocol_.fields.end(), is_this);
        if (static_cast<std::ptrdiff_t>(index) >= own - protocol_.fields.begin()) {
            refuse("field " + id + " is not read yet: use fields that stand in front");
        }
        return index;
    }

    const model::Database& database() const override { return loader_.database_; }

    std::unique_ptr<fields::ParameterReader> object(const fields::Key& key) override {
        const Json* const json = reader_.find(key.name);
        return json != nullptr ? member_reader(key, *json, quoted(key)) : nullptr;
    }

    std::vector<std::unique_ptr<fields::ParameterReader>> objects(const fields::Key& key) override {
        std::vector<std::unique_ptr<fields::ParameterReader>> readers;
        if (const Json* const array = reader_.array(key.name)) {
            for (const Json& json : *array) {
                readers.push_back(member_reader(key, json, std::string(key.item)));
            }
        }
        return readers;
    }

    [[noreturn]] void refuse(const std::string& reason) const override {
        loader::refuse(what_ == kWhole ? reason : what_ + ": " + reason);
    }

    /// What messages call the definition of the field itself.
    static constexpr const char* kWhole = "a field";

private:
    static std::string quoted(const fields::Key& key) { return "\"" + std::string(key.name) + "\""; }

    std::unique_ptr<fields::ParameterReader> member_reader(const fields::Key& key, const Json& json,
                                                           const std::string& what) const {
        auto reader = std::make_unique<TypeKeys>(loader_, protocol_, field_, json, what, key.members);
        reader->finish();
        return reader;
    }

    FieldLoader& loader_;
    const model::Protocol& protocol_;
    const model::Field& field_;
    const Json& json_;
    ObjectReader reader_;
    std::string what_;
};

bool FieldLoader::has_meaning(std::string_view key, std::string_view type_name) const {
    const fields::FieldType* const type = types_.find(type_name);
    return type == nullptr || loader::has_meaning(key, *type);
}

model::BerTag to_ber_tag(const Json& json, const std::string& what) {
    constexpr std::int64_t kMostNumber = (1 << 28) - 1;
    model::BerTag tag{model::TagClass::kContext, 0, false};
    std::optional<Integer> number;
    if (json.is_number_integer()) {
        number = json.get<std::int64_t>();
    } else if (json.is_string()) {
        const std::string text = json.get<std::string>();
        const std::size_t blank = std::min(text.find(' '), text.size());
        const std::string_view word = std::string_view(text).substr(0, blank);
        tag.tag_class = word == "universal"     ? model::TagClass::kUniversal
                        : word == "application" ? model::TagClass::kApplication
                                                : model::TagClass::kPrivate;
        if (tag.tag_class != model::TagClass::kPrivate || word == "private") {
            number = parse_integer(std::string_view(text).substr(std::min(blank + 1, text.size())));
        }
    }
    if (!number || *number < 0 || *number > kMostNumber) {
        refuse(what + " is neither a number up to " + std::to_string(kMostNumber) +
               " nor a text such as \"application 1\"");
    }
    tag.number = static_cast<std::uint32_t>(*number);
    return tag;
}

std::string FieldLoader::object_identifier(const Json& json) const {
    const std::string text = json.is_string() ? json.get<std::string>() : std::string();
    const std::string* const named = database_.object_identifier_of(text);
    std::string dotted = named != nullptr ? *named : text;
    const auto contents = fields::ber::object_identifier_contents(dotted);
    if (!contents || fields::ber::object_identifier_text(*contents) != dotted) {
        refuse(shown(json) + " is no object identifier in dotted numbers, nor the name of one");
    }
    return dotted;
}

const model::Protocol* FieldLoader::protocol(const std::string& id) {
    const model::Protocol* const found = builder_.find(id);
    if (found == nullptr) {
        refuse("there is no protocol \"" + id + "\"" +
               did_you_mean(id, [this](std::string_view known) { return builder_.find(known) != nullptr; }));
    }
    return found;
}

namespace {

/// The number of a name in a rule; of several fields of one id, those that know it agree.
std::int64_t number_of_name(const model::Protocol& protocol, std::size_t first, std::string_view name) {
    const std::string& id = protocol.fields[first].id;
    std::optional<Integer> number;
    std::vector<std::string_view> known;
    std::size_t index = first;
    do {
        const model::Field& field = protocol.fields[index];
        if (field.type == nullptr) {
            throw expression::RuleError("the names of field " + id + ", which stands behind, are not known yet");
        }
        const model::Enumeration* const names = fields::names_of(field).enumeration;
        const std::optional<Integer> found = names != nullptr ? names->number_of(name) : std::nullopt;
        if (found && number && *found != *number) {
            throw expression::RuleError("the fields of the id " + id + " have different numbers of the name");
        }
        number = found ? found : number;
        for (std::size_t entry = 0; names != nullptr && entry < names->entries().size(); ++entry) {
            known.emplace_back(names->entries()[entry].second);
        }
        index = field.next_of_id;
    } while (index != 0);
    if (!number) {
        throw expression::RuleError(known.empty()
                                        ? "field " + id + " has no names"
                                        : "field " + id + " has no name '" + std::string(name) + "'" +
                                              did_you_mean(name, [&known](std::string_view one) {
                                                  return std::find(known.begin(), known.end(), one) != known.end();
                                              }));
    }
    return static_cast<std::int64_t>(*number);
}

}  // namespace

expression::Rule FieldLoader::rule(const model::Protocol& protocol, const std::string& text) {
    return expression::Rule::parse(
        text, [&protocol](std::string_view id) { return protocol.find_field(id); },
        [&protocol](std::size_t field, std::string_view name) { return number_of_name(protocol, field, name); });
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
    // A built-in enumeration may be wider than one of the fields that share it; what is no number holds others.
    if ((json.is_string() && !builder_.is_users(found)) || !field.type->is_number()) {
        return found;
    }
    for (const auto& [number, name] : found->entries()) {
        try {
            fields::check_fits(field, number);
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
    field.type = types_.find(field.type_name);
    if (field.type == nullptr) {
        refuse("there is no field type \"" + field.type_name + "\"" +
               did_you_mean(field.type_name, [this](std::string_view known) { return types_.contains(known); }));
    }
    field.is_bit_field = field.type->is_bit_field();
    field.has_forms = field.type->has_forms();
    check_keys(json, field, is_part);
    if (const Json* const keys = types_.keys_of(field.type_name)) {
        // What the type says, and over it what the field says.
        Json whole = Json::object();
        for (const auto& [key, value] : keys->items()) {
            if (!(is_part && is_whole_fields_key(key))) {
                whole[key] = value;
            }
        }
        whole.update(json);
        define_members(protocol, field, whole);
    } else {
        define_members(protocol, field, json);
    }
}

void FieldLoader::define_members(const model::Protocol& protocol, model::Field& field, const Json& json) {
    ObjectReader reader(json, "a field");
    reader.find("id");
    reader.find("type");
    if (json.contains("computed") && json.contains("checksum")) {
        refuse("\"computed\" and \"checksum\" exclude each other");
    }
    define_width(field, reader);
    define_rules(protocol, field, reader);
    const bool is_computed = field.automatic || field.computation.algorithm != model::Algorithm::kNone;
    const bool has_width = field.bits != 0 || (field.automatic && field.type->has_width_of_number());
    if (const Json* const given = reader.find("default"); is_computed && given != nullptr && !given->is_null()) {
        refuse(
            "\"default\" hides what is computed: leave it out, or say with \"initial\" what a new layer begins with");
    }
    if (is_computed && !(field.type->takes_computed_number() && has_width)) {
        refuse("only a number or an address can be computed");
    }
    if (is_computed && field.bits > fields::BitType::kMostIntegerBits) {
        refuse("only a number of at most " + std::to_string(fields::BitType::kMostIntegerBits) +
               " bits can be computed");
    }
    TypeKeys type_keys(*this, protocol, field, json, TypeKeys::kWhole, field.type->keys());
    for (const fields::Key& key : field.type->keys()) {
        reader.find(key.name);
    }
    field.type = &field.type->implementation(type_keys);
    field.parameters = field.type->read_parameters(type_keys);
    field.word.bits = field.type->word_bits(field);
    if (const std::optional<std::int64_t> number = field.automatic.constant()) {
        value(field, *number, "\"computed\"");
    }
    define_presentation(field, reader);
    define_values(protocol, field, reader);
    check_range(field);
    reader.finish();
}

void FieldLoader::define_width(model::Field& field, ObjectReader& reader) {
    constexpr std::int64_t kWidestField = fields::BitType::kMostBits;
    const std::uint32_t fixed = field.type->fixed_bits();
    const std::uint32_t usual = fixed != 0 ? fixed : field.type->usual_bits();
    field.bits = static_cast<std::uint32_t>(reader.number("bits", 1, kWidestField).value_or(usual));
    if (field.type->needs_bits() && field.bits == 0) {
        refuse("\"bits\" is missing");
    }
    if (fixed != 0 && field.bits != fixed) {
        refuse("a " + field.type_name + " has " + std::to_string(fixed) + " bits");
    }
}

void FieldLoader::define(const LateDefault& late) const {
    model::Field& field = *late.field;
    try {
        field.default_value = field.type->parse(field, late.text, CompleteContext(database_));
        field.type->check_value(field, field.default_value);
        if (field.default_value.is<Bytes>()) {
            throw fields::ValueError("neither an expression nor {\"hex\": …}");
        }
    } catch (const std::runtime_error& error) {
        refuse("\"default\" " + shown(late.text) + ": " + error.what());
    }
}

void FieldLoader::define_values(const model::Protocol& protocol, model::Field& field, ObjectReader& reader) {
    // A default may be written as a client would write it.
    const Json* const given = reader.find("default");
    if (given != nullptr && given->is_string() && field.type->is_container() && !field.type->has_forms()) {
        late_defaults_.push_back({&protocol, &field, given->get<std::string>()});
    } else if (given != nullptr) {
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
    if (field.type->has_forms()) {
        return plain_value(json);
    }
    try {
        model::Value value = field.type->parse(field, to_value(json), DefinitionContext(database_));
        field.type->check_value(field, value);
        return value;
    } catch (const fields::ValueError& error) {
        refuse(what + " " + shown(json) + ": " + error.what());
    }
}

void FieldLoader::define_rules(const model::Protocol& protocol, model::Field& field, ObjectReader& reader) {
    field.condition = rule_at(protocol, reader, "when");
    field.automatic = number_or_rule(protocol, reader, "computed");
    field.align_to = static_cast<std::uint32_t>(reader.number("align_to", 1, 64).value_or(0));
    field.pad_to = static_cast<std::uint32_t>(reader.number("pad_to", 1, 64).value_or(0));
    field.truncate_to = static_cast<std::uint32_t>(reader.number("truncate_to", 1, 64).value_or(0));
    const std::string generated = reader.text("generated");
    field.generated = generated == "random_bytes"  ? model::Generated::kRandomBytes
                      : generated == "time_of_day" ? model::Generated::kTimeOfDay
                                                   : model::Generated::kNothing;
    if (!generated.empty() && field.generated == model::Generated::kNothing) {
        refuse("\"generated\" is neither random_bytes nor time_of_day");
    }
    if (const Json* const json = reader.find("checksum")) {
        field.computation = read_checksum(protocol, field, *json, *this);
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
    if (field->word.bits > field->bits) {
        refuse("an element or a variant shares no word");
    }
    return field;
}

}  // namespace framewright::loader
