#include "protocol_db/loader/loader.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_map>

#include "protocol_db/definitions/embedded_definitions.hpp"
#include "protocol_db/fields/field_type.hpp"

namespace framewright::model {

/// Fills a database while it is loaded.
class DatabaseBuilder {
public:
    explicit DatabaseBuilder(Database& database) : database_(database) {}

    Protocol& add(std::unique_ptr<Protocol> protocol) {
        Protocol& added = *protocol;
        added.index = static_cast<std::uint32_t>(database_.protocols_.size());
        database_.protocols_.push_back(std::move(protocol));
        database_.by_id_.emplace(added.id, &added);
        return added;
    }
    bool has_enumeration(std::string_view name) const { return database_.enumerations_.contains(name); }
    void add_enumeration(std::string name, std::unique_ptr<Enumeration> enumeration) {
        database_.enumerations_.emplace(std::move(name), std::move(enumeration));
    }
    const Enumeration* find_enumeration(std::string_view name) const {
        const auto found = database_.enumerations_.find(name);
        return found != database_.enumerations_.end() ? found->second.get() : nullptr;
    }
    const Enumeration* add_inline(std::unique_ptr<Enumeration> enumeration) {
        return database_.inline_enumerations_.emplace_back(std::move(enumeration)).get();
    }
    Protocol* find(std::string_view id) {
        const auto found = database_.by_id_.find(id);
        return found != database_.by_id_.end() ? database_.protocols_[found->second->index].get() : nullptr;
    }
    std::vector<std::unique_ptr<Protocol>>& protocols() { return database_.protocols_; }
    void set_special(const Protocol* raw, const Protocol* padding) {
        database_.raw_ = raw;
        database_.padding_ = padding;
    }

private:
    Database& database_;
};

}  // namespace framewright::model

namespace framewright::loader {

namespace {

using Json = nlohmann::ordered_json;

/// Why a definition cannot be used; the place is added where it is known.
class Refusal : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

[[noreturn]] void refuse(const std::string& reason) {
    throw Refusal(reason);
}

/// Reads the members of a JSON object and refuses those that nobody asked for.
class ObjectReader {
public:
    explicit ObjectReader(const Json& object, const std::string& what) : object_(object) {
        if (!object.is_object()) {
            refuse(what + " is not an object");
        }
    }

    const Json* find(std::string_view key) {
        asked_.insert(key);
        const auto found = object_.find(key);
        return found != object_.end() ? &*found : nullptr;
    }
    std::string text(std::string_view key, const std::string& otherwise = {}) {
        const Json* const value = find(key);
        if (value != nullptr && !value->is_string()) {
            refuse("\"" + std::string(key) + "\" is not a text");
        }
        return value != nullptr ? value->get<std::string>() : otherwise;
    }
    std::string required_text(std::string_view key) {
        std::string value = text(key);
        if (value.empty()) {
            refuse("\"" + std::string(key) + "\" is missing");
        }
        return value;
    }
    std::optional<std::int64_t> number(std::string_view key, std::int64_t least, std::int64_t most) {
        const Json* const value = find(key);
        if (value == nullptr) {
            return std::nullopt;
        }
        if (!value->is_number_integer() || value->get<std::int64_t>() < least || value->get<std::int64_t>() > most) {
            refuse("\"" + std::string(key) + "\" is not a number from " + std::to_string(least) + " to " +
                   std::to_string(most));
        }
        return value->get<std::int64_t>();
    }
    std::optional<bool> boolean(std::string_view key) {
        const Json* const value = find(key);
        if (value == nullptr) {
            return std::nullopt;
        }
        if (!value->is_boolean()) {
            refuse("\"" + std::string(key) + "\" is neither true nor false");
        }
        return value->get<bool>();
    }
    const Json* array(std::string_view key) {
        const Json* const value = find(key);
        if (value != nullptr && !value->is_array()) {
            refuse("\"" + std::string(key) + "\" is not an array");
        }
        return value;
    }
    void finish() const {
        for (const auto& [key, value] : object_.items()) {
            if (!asked_.contains(key)) {
                refuse("unknown key \"" + key + "\"");
            }
        }
    }

private:
    const Json& object_;
    std::set<std::string_view, std::less<>> asked_;
};

/// Ids stand in messages, expressions and JSON texts as they are.
void check_id(const std::string& id) {
    const auto is_allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ' ';
    };
    if (id.size() > kMaximumId || !std::all_of(id.begin(), id.end(), is_allowed)) {
        refuse("an id is not made of at most " + std::to_string(kMaximumId) + " letters, digits, _ and blanks");
    }
}

std::optional<std::uint8_t> hexadecimal_digit(char c) {
    const std::optional<UnsignedInteger> digit = parse_digits(std::string_view(&c, 1), 16);
    return digit ? std::optional(static_cast<std::uint8_t>(*digit)) : std::nullopt;
}

/// A value in a definition: a number, a text, null, a list of values, {"tuple": values} or {"hex": octets}.
model::Value to_value(const Json& json) {
    if (json.is_null()) {
        return {};
    }
    if (json.is_number_integer()) {
        return json.is_number_unsigned() ? Integer{json.get<std::uint64_t>()} : Integer{json.get<std::int64_t>()};
    }
    if (json.is_number_float()) {
        return json.get<double>();
    }
    if (json.is_string()) {
        return json.get<std::string>();
    }
    if (json.is_array()) {
        model::List list;
        for (const Json& item : json) {
            list.items.push_back(to_value(item));
        }
        return list;
    }
    ObjectReader reader(json, "value");
    if (const Json* const items = reader.array("tuple")) {
        reader.finish();
        model::Tuple tuple;
        for (const Json& item : *items) {
            tuple.items.push_back(to_value(item));
        }
        return tuple;
    }
    const std::string digits = reader.text("hex");
    reader.finish();
    Bytes octets;
    for (std::size_t index = 0; index + 1 < digits.size() + 1; index += 2) {
        const auto high = hexadecimal_digit(digits[index]);
        const auto low = index + 1 < digits.size() ? hexadecimal_digit(digits[index + 1]) : std::nullopt;
        if (!high || !low) {
            refuse("\"hex\" is not pairs of hexadecimal digits");
        }
        octets.push_back(static_cast<std::uint8_t>(*high << 4 | *low));
    }
    return octets;
}

std::unique_ptr<model::Enumeration> to_enumeration(const Json& json) {
    if (!json.is_object()) {
        refuse("an enumeration is not an object of numbers and names");
    }
    std::vector<std::pair<Integer, std::string>> entries;
    for (const auto& [key, names] : json.items()) {
        const std::optional<Integer> number = parse_integer(key);
        const Json list = names.is_array() ? names : Json::array({names});
        for (const Json& name : list) {
            if (!number || !name.is_string()) {
                refuse("an enumeration's member \"" + key + "\" is not a number with a name, or an array of names");
            }
            entries.emplace_back(*number, name.get<std::string>());
        }
    }
    return std::make_unique<model::Enumeration>(std::move(entries));
}

/// A definition file that was parsed.
struct Document {
    std::string name;
    Json json;
};

/// A definition's protocol on its way into the database.
struct Draft {
    std::string file;
    const Json* json = nullptr;
    model::Protocol* protocol = nullptr;
    enum class State : std::uint8_t { kNew, kBusy, kDone } state = State::kNew;
};

/// Values in definitions are plain: no expressions, and no layer around them.
class DefinitionContext final : public fields::ParseContext, public expression::RuleContext {
public:
    explicit DefinitionContext(const model::Database& database) : database_(database) {}

    const model::Database& database() const override { return database_; }
    const expression::RuleContext& rules() const override { return *this; }
    model::Value read_expression(std::string_view /*text*/) const override {
        throw fields::ValueError("an expression cannot stand here");
    }
    std::int64_t field(std::size_t /*index*/) const override { return 0; }
    bool is_defined(std::size_t /*index*/) const override { return false; }
    std::int64_t length_of(std::size_t /*index*/) const override { return 0; }
    std::int64_t count_of(std::size_t /*index*/) const override { return 0; }
    std::int64_t element_of(std::size_t /*index*/, std::int64_t /*position*/) const override { return 0; }
    std::int64_t header_length() const override { return 0; }
    std::int64_t payload_length() const override { return 0; }
    std::int64_t remaining() const override { return 0; }
    std::int64_t bytes_at(std::int64_t /*position*/, std::size_t /*width*/) const override { return 0; }
    bool is_below(std::string_view /*name*/) const override { return false; }
    std::int64_t below_field(std::string_view /*field*/) const override { return 0; }

private:
    const model::Database& database_;
};

class Loader {
public:
    Loader() : database_(std::make_unique<model::Database>()), builder_(*database_), context_(*database_) {}

    std::unique_ptr<const model::Database> load(std::span<const DefinitionFile> files) {
        // Drafts point into the documents.
        documents_.reserve(files.size());
        for (const DefinitionFile& file : files) {
            read(file);
        }
        for (const Document& document : documents_) {
            at(document.name, "", "", [&, this] { add_enumerations(document.json); });
        }
        for (const Document& document : documents_) {
            at(document.name, "", "", [&, this] { add_protocols(document.name, document.json); });
        }
        for (Draft& draft : drafts_) {
            at(draft.file, draft.protocol->id, "", [&, this] { define(draft); });
        }
        for (Draft& draft : drafts_) {
            at(draft.file, draft.protocol->id, "", [&, this] { connect(draft); });
        }
        // Impositions of a derived protocol: its own, then those of what it is derived from.
        for (Draft& draft : drafts_) {
            for (const model::Protocol* ancestor : draft.protocol->ancestors) {
                const auto& own = own_impositions_[ancestor];
                draft.protocol->impositions.insert(draft.protocol->impositions.end(), own.begin(), own.end());
            }
        }
        const model::Protocol* const raw = builder_.find("Raw");
        const model::Protocol* const padding = builder_.find("Padding");
        if (raw == nullptr || padding == nullptr || raw->fields.size() != 1 || padding->fields.size() != 1) {
            throw DefinitionError(files.empty() ? "" : std::string(files.front().name), "Raw", "",
                                  "the protocols Raw and Padding, with one field each, are needed");
        }
        builder_.set_special(raw, padding);
        return std::move(database_);
    }

private:
    template <typename Action>
    void at(const std::string& file, const std::string& protocol, const std::string& field, const Action& action) {
        try {
            action();
        } catch (const Refusal& refusal) {
            throw DefinitionError(file, protocol, field, refusal.what());
        } catch (const expression::RuleError& error) {
            throw DefinitionError(file, protocol, field, error.what());
        } catch (const fields::ValueError& error) {
            throw DefinitionError(file, protocol, field, std::string("value ") + error.what());
        }
    }

    void read(const DefinitionFile& file) {
        const std::string name(file.name);
        at(name, "", "", [&, this] {
            if (file.text.size() > kMaximumFileSize) {
                refuse("the file is larger than " + std::to_string(kMaximumFileSize) + " bytes");
            }
            const auto bounded = [](int depth, Json::parse_event_t /*event*/, Json& /*parsed*/) {
                if (depth > static_cast<int>(kMaximumNesting)) {
                    refuse("nested deeper than " + std::to_string(kMaximumNesting) + " levels");
                }
                return true;
            };
            try {
                documents_.push_back({name, Json::parse(file.text, bounded)});
            } catch (const Json::exception& error) {
                refuse(std::string("not JSON: ") + error.what());
            }
        });
    }

    void add_enumerations(const Json& document) {
        ObjectReader reader(document, "the file");
        reader.find("protocols");
        reader.find("$schema");
        if (const Json* const shared = reader.find("choices")) {
            for (const auto& [name, json] : object_items(*shared, "\"choices\"")) {
                if (json.is_string() || !shared_choices_.emplace(name, &json).second) {
                    refuse("the choices \"" + name + "\" are no array, or already there");
                }
            }
        }
        const Json* const enumerations = reader.find("enumerations");
        reader.finish();
        if (enumerations == nullptr) {
            return;
        }
        if (!enumerations->is_object()) {
            refuse("\"enumerations\" is not an object");
        }
        for (const auto& [name, json] : enumerations->items()) {
            if (builder_.has_enumeration(name)) {
                refuse("the enumeration \"" + name + "\" is already there");
            }
            builder_.add_enumeration(name, to_enumeration(json));
        }
    }

    void add_protocols(const std::string& file, const Json& document) {
        ObjectReader reader(document, "the file");
        const Json* const protocols = reader.array("protocols");
        for (std::size_t index = 0; protocols != nullptr && index < protocols->size(); ++index) {
            const Json& json = (*protocols)[index];
            ObjectReader protocol_reader(json, "a protocol");
            auto protocol = std::make_unique<model::Protocol>();
            protocol->id = protocol_reader.required_text("id");
            check_id(protocol->id);
            protocol->name = protocol_reader.text("name", protocol->id);
            protocol->family = file.substr(0, file.rfind('.'));
            if (builder_.find(protocol->id) != nullptr) {
                throw DefinitionError(file, protocol->id, "", "a protocol of this id is already there");
            }
            drafts_.push_back({file, &json, &builder_.add(std::move(protocol)), Draft::State::kNew});
            draft_by_id_.emplace(drafts_.back().protocol->id, drafts_.size() - 1);
        }
    }

    const model::Protocol* find_protocol(const std::string& id) {
        const model::Protocol* const found = builder_.find(id);
        if (found == nullptr) {
            refuse("there is no protocol \"" + id + "\"");
        }
        return found;
    }

    /// The fields of a protocol as they are written: its own, or those of what it is derived from with changes.
    Json fields_of(const Draft& draft) {
        const auto own = draft.json->find("fields");
        const auto parent = draft.json->find("is_a");
        Json fields = Json::array();
        if (own != draft.json->end()) {
            fields = *own;
        } else if (parent != draft.json->end() && parent->is_string()) {
            const auto found = draft_by_id_.find(parent->get<std::string>());
            if (found != draft_by_id_.end()) {
                fields = fields_of(drafts_[found->second]);
            }
        }
        const auto changes = draft.json->find("field_changes");
        if (changes == draft.json->end()) {
            return fields;
        }
        for (const auto& [id, change] : object_items(*changes, "\"field_changes\"")) {
            const auto place = std::find_if(fields.begin(), fields.end(), [&id = id](const Json& field) {
                return field.is_object() && field.value("id", "") == id;
            });
            if (place == fields.end() || !change.is_object()) {
                refuse("\"field_changes\" changes \"" + id + "\", which is no field");
            }
            place->update(change);
        }
        return fields;
    }

    static nlohmann::detail::iteration_proxy<Json::const_iterator> object_items(const Json& json, const char* what) {
        if (!json.is_object()) {
            refuse(std::string(what) + " is not an object");
        }
        return json.items();
    }

    /// Fields, rules and ancestors. A protocol that others are derived from is defined before them.
    void define(Draft& draft) {
        if (draft.state == Draft::State::kDone) {
            return;
        }
        if (draft.state == Draft::State::kBusy) {
            refuse("is derived from itself");
        }
        draft.state = Draft::State::kBusy;
        model::Protocol& protocol = *draft.protocol;
        ObjectReader reader(*draft.json, "a protocol");
        const std::string parent_id = reader.text("is_a");
        const model::Protocol* parent = nullptr;
        if (!parent_id.empty()) {
            parent = find_protocol(parent_id);
            define(drafts_[draft_by_id_.at(parent_id)]);
            protocol.ancestors.push_back(parent);
            protocol.ancestors.insert(protocol.ancestors.end(), parent->ancestors.begin(), parent->ancestors.end());
            protocol.is_padding = parent->is_padding;
            if (parent->shown_id != parent->id) {
                protocol.shown_id = parent->shown_id;
            }
            protocol.alignment = parent->alignment;
        }
        const Json fields = fields_of(draft);
        if (!fields.is_array() || fields.size() > kMaximumFields) {
            refuse("\"fields\" is not an array of at most " + std::to_string(kMaximumFields) + " fields");
        }
        protocol.fields.resize(fields.size());
        for (std::size_t index = 0; index < fields.size(); ++index) {
            if (fields[index].is_object()) {
                protocol.fields[index].id = fields[index].value("id", "");
            }
        }
        for (std::size_t index = 0; index < fields.size(); ++index) {
            at(draft.file, protocol.id, protocol.fields[index].id,
               [&, this] { define_field(protocol, protocol.fields[index], fields[index]); });
        }
        protocol.is_padding = reader.boolean("is_padding").value_or(protocol.is_padding);
        protocol.is_no_payload = reader.boolean("is_no_payload").value_or(false);
        protocol.is_abstract = reader.boolean("is_abstract").value_or(false);
        protocol.shown_id = reader.text("shown_as", protocol.shown_id.empty() ? protocol.id : protocol.shown_id);
        check_id(protocol.shown_id);
        if (const Json* const suggested = reader.array("suggested_payloads")) {
            protocol.has_suggested_payloads = true;
            for (const Json& id : *suggested) {
                protocol.suggested_payloads.push_back(id.is_string() ? id.get<std::string>() : std::string());
            }
        }
        if (const Json* const alignment = reader.array("alignment")) {
            if (alignment->size() != 2 || !(*alignment)[0].is_number_unsigned() ||
                !(*alignment)[1].is_number_unsigned()) {
                refuse("\"alignment\" is not two numbers");
            }
            protocol.alignment = {(*alignment)[0].get<std::uint32_t>(), (*alignment)[1].get<std::uint32_t>()};
        }
        const auto own_or = [&](std::string_view key, const expression::Rule* inherited) {
            const std::string text = reader.text(key);
            return rule(protocol, text.empty() && inherited != nullptr ? inherited->text() : text);
        };
        protocol.payload_length = own_or("payload_length", parent != nullptr ? &parent->payload_length : nullptr);
        protocol.message_start = own_or("message_start", parent != nullptr ? &parent->message_start : nullptr);
        protocol.compressed_length =
            own_or("compressed_length", parent != nullptr ? &parent->compressed_length : nullptr);
        define_pseudo_header(protocol, reader, parent);
        draft.state = Draft::State::kDone;
    }

    expression::Rule rule(const model::Protocol& protocol, const std::string& text) const {
        if (text.empty()) {
            return {};
        }
        return expression::Rule::parse(text, [&protocol](std::string_view id) { return protocol.find_field(id); });
    }

    std::size_t field_index(const model::Protocol& protocol, const std::string& id) const {
        const std::optional<std::size_t> index = protocol.find_field(id);
        if (!index) {
            refuse("there is no field \"" + id + "\"");
        }
        return *index;
    }

    void define_pseudo_header(model::Protocol& protocol, ObjectReader& reader, const model::Protocol* parent) {
        const Json* json = reader.find("pseudo_header");
        if (json == nullptr) {
            if (parent != nullptr && parent->pseudo_header.form != model::PseudoHeader::kNone) {
                const Json* const inherited =
                    &*drafts_[draft_by_id_.at(inherited_pseudo_header(*parent))].json->find("pseudo_header");
                json = inherited;
            } else {
                return;
            }
        }
        ObjectReader part(*json, "\"pseudo_header\"");
        const std::string form = part.required_text("form");
        model::PseudoHeaderSource& source = protocol.pseudo_header;
        source.form = form == "ipv4"      ? model::PseudoHeader::kIpv4
                      : form == "ipv6"    ? model::PseudoHeader::kIpv6
                      : form == "through" ? model::PseudoHeader::kThrough
                                          : model::PseudoHeader::kNone;
        if (source.form == model::PseudoHeader::kNone) {
            refuse("\"form\" of the pseudo header is none of ipv4, ipv6, through");
        }
        const auto optional_field = [&](std::string_view key) -> std::optional<std::size_t> {
            const std::string id = part.text(key);
            return id.empty() ? std::nullopt : std::optional(field_index(protocol, id));
        };
        source.source = optional_field("source");
        source.destination = optional_field("destination");
        source.destination_list = optional_field("destination_list");
        source.options = optional_field("options");
        source.destination_is_last = part.text("destination_element", "first") == "last";
        source.destination_when = rule(protocol, part.text("destination_when"));
        source.length = rule(protocol, part.text("length"));
        part.finish();
    }

    std::string inherited_pseudo_header(const model::Protocol& parent) const {
        for (const model::Protocol* ancestor = &parent;;) {
            const Draft& draft = drafts_[draft_by_id_.at(ancestor->id)];
            if (draft.json->contains("pseudo_header") || ancestor->ancestors.empty()) {
                return ancestor->id;
            }
            ancestor = ancestor->ancestors.front();
        }
    }

    const model::Enumeration* enumeration(const Json& json) {
        if (json.is_string()) {
            const model::Enumeration* const found = builder_.find_enumeration(json.get<std::string>());
            if (found == nullptr) {
                refuse("there is no enumeration \"" + json.get<std::string>() + "\"");
            }
            return found;
        }
        return builder_.add_inline(to_enumeration(json));
    }

    void define_field(const model::Protocol& protocol, model::Field& field, const Json& json) {
        ObjectReader reader(json, "a field");
        field.id = reader.required_text("id");
        check_id(field.id);
        field.type_name = reader.required_text("type");
        field.type = fields::find_field_type(field.type_name);
        if (field.type == nullptr) {
            refuse("there is no field type \"" + field.type_name + "\"");
        }
        constexpr std::int64_t kWidestField = 120;
        const std::uint32_t fixed = field.type->fixed_bits();
        field.bits = static_cast<std::uint32_t>(reader.number("bits", 0, kWidestField).value_or(fixed));
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
        define_names(protocol, field, reader);
        define_rules(protocol, field, reader);
        define_nested(protocol, field, reader);
        define_presentation(field, reader);
        // A default may be written as a client would write it.
        const Json* const given = reader.find("default");
        if (given != nullptr) {
            field.default_value = default_value(field, *given);
        } else if (field.type->is_number() && !field.automatic &&
                   field.computation.algorithm == model::Algorithm::kNone) {
            field.default_value = Integer{0};
        } else if (field.type->is_list()) {
            field.default_value = model::List{};
        }
        if (const Json* const initial = reader.find("initial")) {
            field.initial_value = default_value(field, *initial);
        }
        if (const Json* const unset = reader.find("unset")) {
            field.unset_value = default_value(field, *unset);
        }
        reader.finish();
    }

    model::Value default_value(const model::Field& field, const Json& json) const {
        return field.variants.empty() ? field.type->parse(field, to_value(json), context_) : plain_value(json);
    }

    /// Without a layer the form of a field with variants is not known: texts are octets.
    static model::Value plain_value(const Json& json) {
        model::Value value = to_value(json);
        const std::string* const text = value.get_if<std::string>();
        return text != nullptr ? model::Value(Bytes(text->begin(), text->end())) : value;
    }

    void define_names(const model::Protocol& protocol, model::Field& field, ObjectReader& reader) {
        if (const Json* const json = reader.find("enumeration")) {
            field.enumeration = enumeration(*json);
        }
        if (const Json* const json = reader.find("enumeration_by")) {
            ObjectReader part(*json, "\"enumeration_by\"");
            field.enumerations_by_field = field_index(protocol, part.required_text("field"));
            const Json* const cases = part.find("cases");
            part.finish();
            if (cases == nullptr) {
                refuse("\"enumeration_by\" has no \"cases\"");
            }
            for (const auto& [number, names] : object_items(*cases, "\"cases\"")) {
                const std::optional<Integer> selector = parse_integer(number);
                if (!selector) {
                    refuse("a case of \"enumeration_by\" is not a number");
                }
                field.enumerations_by.emplace_back(*selector, enumeration(names));
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
                    field.flag_names.push_back(name.is_string() ? name.get<std::string>() : std::string());
                }
            } else {
                refuse("\"flags\" is neither a text of letters nor an array of names");
            }
            if (field.flag_names.size() > field.bits) {
                refuse("\"flags\" names more bits than the field has");
            }
        }
    }

    void define_rules(const model::Protocol& protocol, model::Field& field, ObjectReader& reader) {
        field.condition = rule(protocol, reader.text("when"));
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
            field.computation.when = rule(protocol, part.text("when"));
            field.computation.requires_ipv6 = part.boolean("requires_ipv6").value_or(false);
            field.computation.in_place_of_zero =
                static_cast<std::uint32_t>(part.number("in_place_of_zero", 0, 65535).value_or(0));
            part.finish();
            if (field.bits != 16) {
                refuse("a checksum field has 16 bits");
            }
        }
    }

    expression::Rule number_or_rule(const model::Protocol& protocol, ObjectReader& reader, std::string_view key) const {
        const Json* const json = reader.find(key);
        if (json == nullptr) {
            return {};
        }
        if (json->is_number_unsigned()) {
            return rule(protocol, std::to_string(json->get<std::uint64_t>()));
        }
        return rule(protocol, reader.text(key));
    }

    void define_nested(const model::Protocol& protocol, model::Field& field, ObjectReader& reader) {
        field.holds_name = reader.text("holds");
        if (!field.holds_name.empty()) {
            field.holds = find_protocol(field.holds_name);
        }
        if (const Json* const json = reader.find("element")) {
            field.element = std::make_unique<model::Field>();
            Json with_id = *json;
            if (with_id.is_object()) {
                with_id.emplace("id", field.id);
            }
            define_field(protocol, *field.element, with_id);
        }
        if (const Json* const variants = reader.array("variants")) {
            for (const Json& json : *variants) {
                ObjectReader part(json, "a variant");
                const Json* const type = part.find("field");
                model::Variant variant{rule(protocol, part.text("when")), std::make_unique<model::Field>()};
                part.finish();
                if (type == nullptr || !type->is_object()) {
                    refuse("a variant has no \"field\"");
                }
                Json with_id = *type;
                with_id.emplace("id", field.id);
                define_field(protocol, *variant.field, with_id);
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
                if (kind.format.find_first_not_of("BHIQ4") != std::string::npos ||
                    (kind.repeats && kind.format.empty())) {
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

    static void check_nested(const model::Field& field) {
        static const std::set<std::string, std::less<>> kPacketTypes{
            "PacketListField",  "_OptionsField", "PacketField", "PacketLenField",
            "TruncPktLenField", "DNSQRField",    "DNSRRField"};
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
    }

    void define_presentation(model::Field& field, ObjectReader& reader) {
        model::FieldPresentation& presentation = field.presentation;
        presentation.label = reader.text("label");
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

    std::vector<model::Choice> choices(const model::Protocol& protocol, const Json& json) {
        std::vector<model::Choice> result;
        if (json.is_string()) {
            const auto shared = shared_choices_.find(json.get<std::string>());
            if (shared == shared_choices_.end()) {
                refuse("there are no choices \"" + json.get<std::string>() + "\"");
            }
            return choices(protocol, *shared->second);
        }
        if (!json.is_array()) {
            refuse("a list of choices is not an array");
        }
        for (const Json& item : json) {
            ObjectReader part(item, "a choice");
            model::Choice choice;
            choice.when = rule(protocol, part.text("when"));
            choice.protocol_name = part.required_text("protocol");
            choice.protocol = find_protocol(choice.protocol_name);
            part.finish();
            result.push_back(std::move(choice));
        }
        return result;
    }

    /// The nearest definition that has `key`: the protocol's own, or that of what it is derived from.
    const Json* find_inherited(const model::Protocol& protocol, std::string_view key) {
        std::vector<const model::Protocol*> line{&protocol};
        line.insert(line.end(), protocol.ancestors.begin(), protocol.ancestors.end());
        for (const model::Protocol* member : line) {
            const Json& json = *drafts_[draft_by_id_.at(member->id)].json;
            if (const auto found = json.find(key); found != json.end()) {
                return &*found;
            }
        }
        return nullptr;
    }

    /// What refers to other protocols: dispatch, payloads, bindings.
    void connect(Draft& draft) {
        model::Protocol& protocol = *draft.protocol;
        ObjectReader reader(*draft.json, "a protocol");
        for (const char* const known :
             {"id", "name", "is_a", "fields", "field_changes", "is_padding", "is_no_payload", "is_abstract", "shown_as",
              "suggested_payloads", "alignment", "payload_length", "pseudo_header", "message_start",
              "compressed_length", "dispatch", "payload_first", "payload_default"}) {
            reader.find(known);
        }
        if (const Json* const json = reader.find("dispatch")) {
            // The fields are not read yet when the protocol is found out.
            protocol.dispatch = choices(model::Protocol(), *json);
        }
        if (const Json* const json = find_inherited(protocol, "payload_first")) {
            protocol.payload_first = choices(protocol, *json);
        }
        if (const Json* const json = find_inherited(protocol, "payload_default")) {
            protocol.payload_default = choices(protocol, *json);
        }
        protocol.binds_as.push_back(&protocol);
        protocol.binds_as.insert(protocol.binds_as.end(), protocol.ancestors.begin(), protocol.ancestors.end());
        if (const Json* const json = find_inherited(protocol, "binds_as")) {
            reader.find("binds_as");
            for (const Json& id : *json) {
                protocol.binds_as.push_back(find_protocol(id.is_string() ? id.get<std::string>() : std::string()));
            }
        }
        if (const Json* const under = reader.array("under")) {
            for (const Json& json : *under) {
                bind(protocol, json);
            }
        }
        if (const Json* const over = reader.array("over")) {
            for (const Json& json : *over) {
                ObjectReader part(json, "a binding");
                const std::string upper = part.required_text("protocol");
                find_protocol(upper);
                Json reversed = json;
                reversed["protocol"] = protocol.id;
                bind(*builder_.find(upper), reversed);
            }
        }
        if (const Json* const json = reader.array("field_engine_fields")) {
            for (const Json& id : *json) {
                protocol.field_engine_fields.push_back(id.is_string() ? id.get<std::string>() : std::string());
                field_index(protocol, protocol.field_engine_fields.back());
            }
        }
        reader.finish();
    }

    /// {"protocol": lower, "fields": both ways, "when": only when dissected, "set": only when built}
    void bind(model::Protocol& upper, const Json& json) {
        ObjectReader part(json, "a binding");
        const std::string lower_id = part.required_text("protocol");
        find_protocol(lower_id);
        model::Protocol& lower = *builder_.find(lower_id);
        const Json* const both = part.find("fields");
        const Json* const when = part.find("when");
        const Json* const set = part.find("set");
        part.finish();
        if (both != nullptr || when != nullptr || set == nullptr) {
            model::Binding binding;
            binding.upper = &upper;
            const Json* const conditions = when != nullptr ? when : both;
            if (conditions != nullptr) {
                binding.conditions = field_values(lower, *conditions);
            }
            lower.bindings.push_back(std::move(binding));
        }
        if (both != nullptr || set != nullptr || when == nullptr) {
            model::Imposition imposition;
            imposition.lower = &lower;
            const Json* const values = set != nullptr ? set : both;
            if (values != nullptr) {
                imposition.fields = field_values(lower, *values);
            }
            const auto same = [&lower](const model::Imposition& other) { return other.lower == &lower; };
            if (std::none_of(upper.impositions.begin(), upper.impositions.end(), same)) {
                upper.impositions.push_back(imposition);
                own_impositions_[&upper].push_back(std::move(imposition));
            }
        }
    }

    std::vector<std::pair<std::size_t, model::Value>> field_values(const model::Protocol& protocol, const Json& json) {
        std::vector<std::pair<std::size_t, model::Value>> values;
        for (const auto& [id, value] : object_items(json, "a binding's fields")) {
            const std::size_t index = field_index(protocol, id);
            values.emplace_back(index, default_value(protocol.fields[index], value));
        }
        return values;
    }

    std::unique_ptr<model::Database> database_;
    model::DatabaseBuilder builder_;
    DefinitionContext context_;
    std::vector<Document> documents_;
    std::vector<Draft> drafts_;
    std::unordered_map<std::string, std::size_t> draft_by_id_;
    /// Choices that several protocols share, by name.
    std::unordered_map<std::string, const Json*> shared_choices_;
    std::unordered_map<const model::Protocol*, std::vector<model::Imposition>> own_impositions_;
};

}  // namespace

DefinitionError::DefinitionError(std::string file, std::string protocol, std::string field, std::string reason)
    : std::runtime_error(file + ": " + (protocol.empty() ? "" : "protocol " + protocol + ": ") +
                         (field.empty() ? "" : "field " + field + ": ") + reason),
      file_(std::move(file)),
      protocol_(std::move(protocol)),
      field_(std::move(field)),
      reason_(std::move(reason)) {}

std::unique_ptr<const model::Database> load(std::span<const DefinitionFile> files) {
    return Loader().load(files);
}

std::unique_ptr<const model::Database> load_built_in() {
    const std::span<const EmbeddedFile> embedded = definitions::embedded_definitions();
    const auto find = [embedded](const std::string& path) {
        const auto found = std::find_if(embedded.begin(), embedded.end(),
                                        [&path](const EmbeddedFile& file) { return file.path == path; });
        if (found == embedded.end()) {
            throw DefinitionError(path, "", "", "the file is not there");
        }
        return DefinitionFile{found->path, found->content};
    };
    // The order of the families decides which of two bindings that both hold is taken.
    const Json index = Json::parse(find("families.json").text);
    std::vector<DefinitionFile> files;
    for (const Json& family : index.at("families")) {
        files.push_back(find(family.get<std::string>() + ".json"));
    }
    return load(files);
}

}  // namespace framewright::loader
