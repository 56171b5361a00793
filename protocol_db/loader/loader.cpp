#include "protocol_db/loader/loader.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "protocol_db/definitions/embedded_definitions.hpp"
#include "protocol_db/fields/field_type.hpp"
#include "protocol_db/loader/ber_loader.hpp"
#include "protocol_db/loader/bindings.hpp"
#include "protocol_db/loader/checksum_loader.hpp"
#include "protocol_db/loader/choices.hpp"
#include "protocol_db/loader/database_builder.hpp"
#include "protocol_db/loader/definition_json.hpp"
#include "protocol_db/loader/document.hpp"
#include "protocol_db/loader/draft.hpp"
#include "protocol_db/loader/field_loader.hpp"
#include "protocol_db/loader/pseudo_header_loader.hpp"
#include "protocol_db/loader/rule_checks.hpp"
#include "protocol_db/loader/selection.hpp"
#include "protocol_db/loader/written_fields.hpp"

namespace framewright::loader {

namespace {

constexpr std::array<std::pair<std::string_view, model::Role>, model::kRoles> kRoleNames{
    {{"first_layer", model::Role::kFirstLayer},
     {"unknown_payload", model::Role::kUnknownPayload},
     {"padding", model::Role::kPadding},
     {"no_payload", model::Role::kNoPayload}}};

/// Whether bytes cannot be read without a protocol of the role.
constexpr bool is_needed(model::Role role) {
    return role == model::Role::kUnknownPayload || role == model::Role::kPadding;
}

/// Goes through the steps from files to the database; each has a room of its own.
class Loader {
public:
    std::unique_ptr<const model::Database> load(std::span<const DefinitionFile> files) {
        // Drafts point into the documents.
        documents_.reserve(files.size());
        for (const DefinitionFile& file : files) {
            documents_.push_back(read_document(file));
        }
        for (const Document& document : documents_) {
            at({document.file, "", "", {}}, [&, this] { add_shared(document); });
        }
        for (const Document& document : documents_) {
            join_types(document);
        }
        for (const Document& document : documents_) {
            at({document.file, "", "", {}}, [&, this] { add_protocols(document); });
        }
        for_each_draft([this](Draft& draft) { define(draft); });
        for_each_draft([this](Draft& draft) { bindings_.read_spaces(draft); });
        for_each_draft([this](Draft& draft) { connect(draft); });
        const KnownNames known = known_names();
        for (const Draft& draft : drafts_) {
            check_rules(draft, known);
        }
        for_each_draft([this](Draft& draft) { bindings_.gather(*draft.protocol); });
        for (const auto& [name, role] : kRoleNames) {
            if (is_needed(role) && database_->find(role) == nullptr) {
                throw DefinitionError(files.empty() ? "" : std::string(files.front().name), 0, "", "",
                                      "no protocol has the role \"" + std::string(name) + "\"");
            }
        }
        for_each_draft([](Draft& draft) { finish_fields(draft); });
        for (const FieldLoader::LateDefault& late : fields_.late_defaults()) {
            const auto index = static_cast<std::size_t>(late.field - late.protocol->fields.data());
            at(place_of(drafts_.of(*late.protocol), late.field->id, index), [&] { fields_.define(late); });
        }
        return std::move(database_);
    }

private:
    template <typename Action>
    void for_each_draft(const Action& action) {
        for (Draft& draft : drafts_) {
            at(place_of(draft), [&] { action(draft); });
        }
    }

    /// Enumerations and choices that all files share.
    void add_shared(const Document& document) {
        ObjectReader reader(document.json, "the file");
        reader.find("protocols");
        reader.find("$schema");
        const Json* const choices = reader.find("choices");
        const Json* const enumerations = reader.find("enumerations");
        const Json* const types = reader.find("types");
        const Json* const identifiers = reader.find("object_identifiers");
        reader.finish();
        if (document.json.empty()) {
            refuse("the file holds nothing: \"protocols\", \"types\", \"enumerations\" and \"choices\" are missing");
        }
        const auto for_each = [&](const char* key, const Json* object, const auto& action) {
            if (object == nullptr) {
                return;
            }
            at({document.file, "", "", {key}}, [&] {
                const std::string quoted = "\"" + std::string(key) + "\"";
                for (const auto& item : object_items(*object, quoted.c_str())) {
                    const std::string& name = item.key();
                    at({document.file, "", "", {key, std::string_view(name)}}, [&] { action(name, item.value()); });
                }
            });
        };
        for_each("object_identifiers", identifiers,
                 [this](const std::string& dotted, const Json& json) { add_object_identifier(dotted, json); });
        for_each("choices", choices, [this](const std::string& name, const Json& json) {
            if (!choices_.share(name, json)) {
                refuse("the choices \"" + name + "\" are already there" + where_shared("choices", name));
            }
        });
        for_each("types", types, [this](const std::string& name, const Json& json) {
            if (types_.made().contains(name)) {
                refuse("the type \"" + name + "\" is already there" + where_shared("types", name));
            }
            within("type " + name, [&, this] { types_.add(name, json); });
        });
        for_each("enumerations", enumerations, [&, this](const std::string& name, const Json& json) {
            if (builder_.has_enumeration(name)) {
                refuse("the enumeration \"" + name + "\" is already there" + where_shared("enumerations", name));
            }
            builder_.add_enumeration(name, to_enumeration(json), document.file.is_users);
        });
    }

    void add_object_identifier(const std::string& dotted, const Json& json) {
        check_object_identifier(dotted, json);
        if (!builder_.add_object_identifier(dotted, json.get<std::string>())) {
            const std::string* const dotted_of_name = database_->object_identifier_of(json.get<std::string>());
            const std::string& known = dotted_of_name != nullptr ? *dotted_of_name : dotted;
            refuse("the object identifier " + dotted + ", or its name, is already there" +
                   where_shared("object_identifiers", known));
        }
    }

    /// Gives the types of a file what those have that they are made of.
    void join_types(const Document& document) {
        const auto types = document.json.find("types");
        if (types == document.json.end()) {
            return;
        }
        for (const auto& item : types->items()) {
            const std::string& name = item.key();
            at({document.file, "", "", {"types", std::string_view(name)}},
               [&, this] { within("type " + name, [&, this] { types_.join(name); }); });
            const FieldTypes::Made& made = types_.made().at(name);
            builder_.add_type({name, made.base, made.keys.dump(), made.help});
        }
    }

    /// The first file with an enumeration, choices or a type of a name.
    std::string where_shared(std::string_view key, const std::string& name) const {
        for (const Document& document : documents_) {
            const auto members = document.json.find(key);
            if (members != document.json.end() && members->contains(name)) {
                return where({document.file, "", "", {key, std::string_view(name)}});
            }
        }
        return {};
    }

    void add_protocols(const Document& document) {
        ObjectReader reader(document.json, "the file");
        const Json* const protocols = reader.array("protocols");
        for (std::size_t index = 0; protocols != nullptr && index < protocols->size(); ++index) {
            const Json& json = (*protocols)[index];
            at({document.file, id_of(json), "", {"protocols", index}},
               [&, this] { add_protocol(document, index, json); });
        }
    }

    void add_protocol(const Document& document, std::size_t index, const Json& json) {
        Draft draft(document.file, index, json);
        auto protocol = std::make_unique<model::Protocol>();
        protocol->id = draft.reader.required_text("id");
        check_id(protocol->id);
        protocol->name = draft.reader.text("name", protocol->id);
        protocol->help = draft.reader.text("help");
        protocol->source = draft.reader.text("source");
        protocol->file = document.file.name;
        protocol->is_users = document.file.is_users;
        if (const model::Protocol* const found = builder_.find(protocol->id)) {
            refuse("a protocol of this id is already there" + where(place_of(drafts_.of(*found))));
        }
        if (drafts_.size() == kMaximumProtocols) {
            refuse("with it there are more than " + std::to_string(kMaximumProtocols) + " protocols");
        }
        draft.protocol = &builder_.add(std::move(protocol));
        drafts_.add(std::move(draft));
    }

    /// Fields that share an id exclude each other by their conditions: refuses one that is always there.
    static void check_shared_id(const model::Protocol& protocol, std::size_t index) {
        const model::Field& field = protocol.fields[index];
        const std::size_t first = protocol.find_field(field.id).value_or(index);
        if (first != index && (!field.condition || !protocol.fields[first].condition)) {
            refuse("there is a field of this id already: two may share one only if both have a \"when\"");
        }
    }

    static void link_shared_ids(model::Protocol& protocol) {
        std::unordered_map<std::string_view, std::uint32_t> last;
        for (std::uint32_t index = 0; index < protocol.fields.size(); ++index) {
            model::Field& field = protocol.fields[index];
            const auto [before, is_first] = last.try_emplace(field.id, index);
            field.first_of_id = is_first ? index : protocol.fields[before->second].first_of_id;
            protocol.fields[before->second].next_of_id = is_first ? 0 : index;
            before->second = index;
        }
    }

    /// The bits of a run of bit fields that ends with this field and does not fill whole bytes; else 0. Where a
    /// condition or a field of several forms is among them, or behind them, it cannot be said.
    static std::uint32_t loose_bits(const model::Protocol& protocol, std::size_t index) {
        const auto is_unsure = [](const model::Field& field) {
            return field.condition || field.type->has_forms() || (field.type->is_bit_field() && field.bits == 0);
        };
        const bool is_in_trailer = index >= protocol.header_fields;
        const std::size_t first = is_in_trailer ? protocol.header_fields : 0;
        const std::size_t end = is_in_trailer ? protocol.fields.size() : protocol.header_fields;
        if (index + 1 < end) {
            const model::Field& next = protocol.fields[index + 1];
            if (next.align_to <= 1 && (next.type->is_bit_field() || is_unsure(next))) {
                return 0;
            }
        }
        std::uint32_t bits = 0;
        for (std::size_t place = index + 1; place > first && protocol.fields[place - 1].type->is_bit_field(); --place) {
            if (is_unsure(protocol.fields[place - 1])) {
                return 0;
            }
            bits += protocol.fields[place - 1].bits;
            if (protocol.fields[place - 1].align_to > 1) {
                break;
            }
        }
        return bits % 8 != 0 ? bits : 0;
    }

    /// Gives the bit fields that share little endian words their places in them.
    static void place_in_words(const Draft& draft) {
        model::Protocol& protocol = *draft.protocol;
        model::Word open;
        std::uint32_t bits_in_front = 0;
        for (std::size_t index = 0; index < protocol.fields.size(); ++index) {
            at(place_of(draft, protocol.fields[index].id, index), [&] {
                const bool is_run = index > 0 && index != protocol.header_fields;
                place_in_word(protocol.fields[index], is_run ? &protocol.fields[index - 1] : nullptr, open,
                              bits_in_front);
                const bool is_last = index + 1 == protocol.fields.size() || index + 1 == protocol.header_fields;
                if (is_last && open.bits != 0) {
                    refuse_open_word(open);
                }
            });
        }
    }

    /// Places a field behind the one in front of it, which may leave a word open.
    static void place_in_word(model::Field& field, const model::Field* before, model::Word& open,
                              std::uint32_t& bits_in_front) {
        if (open.bits != 0 && field.word.bits != open.bits) {
            refuse_open_word(open);
        }
        if (open.bits != 0 && (field.align_to > 1 || field.condition.text() != before->condition.text())) {
            refuse("shares a word with " + before->id + ", and so its \"when\", and has no \"align_to\"");
        }
        const bool is_in_run = before != nullptr && field.type->is_bit_field() && field.align_to <= 1;
        bits_in_front = is_in_run ? bits_in_front : 0;
        if (open.bits == 0 && field.word.bits != 0 && bits_in_front % 8 != 0) {
            refuse("a word begins at a byte: fill up the bit fields in front of it");
        }
        bits_in_front += field.bits;
        if (field.word.bits != 0) {
            field.word.first_bit = open.first_bit;
            open = {field.word.bits, open.first_bit + field.bits};
        }
        if (open.first_bit > open.bits) {
            refuse("the bit fields of the word up to here have " + std::to_string(open.first_bit) +
                   " bits, more than the " + std::to_string(open.bits) + " of the word");
        }
        if (open.first_bit == open.bits) {
            open = {};
        }
    }

    [[noreturn]] static void refuse_open_word(const model::Word& open) {
        refuse("the word of " + std::to_string(open.bits) + " bits in front has only " +
               std::to_string(open.first_bit) + ": fill it up");
    }

    /// The names of all protocols and fields, once they are defined.
    KnownNames known_names() const {
        const auto fields = std::make_shared<std::unordered_set<std::string_view>>();
        for (const auto& protocol : database_->protocols()) {
            for (const model::Field& field : protocol->fields) {
                fields->insert(field.id);
            }
        }
        return {[this](std::string_view id) { return database_->find(id) != nullptr; },
                [fields](std::string_view id) { return fields->contains(id); }};
    }

    /// Refuses rules that ask for what can never be answered.
    static void check_rules(const Draft& draft, const KnownNames& known) {
        const model::Protocol& protocol = *draft.protocol;
        for (std::size_t index = 0; index < protocol.fields.size(); ++index) {
            if (has_rules(protocol.fields[index])) {
                at(place_of(draft, protocol.fields[index].id, index),
                   [&] { loader::check_rules(protocol, index, known); });
            }
        }
        at(place_of(draft), [&] { loader::check_rules(protocol, known); });
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
        ObjectReader& reader = draft.reader;
        const std::string parent_id = reader.text("is_a");
        const model::Protocol* parent = nullptr;
        if (!parent_id.empty()) {
            parent = fields_.protocol(parent_id);
            define_first(*parent);
            if (parent->ancestors.size() >= kMaximumAncestors) {
                refuse("is derived from more than " + std::to_string(kMaximumAncestors) + " protocols over each other");
            }
            protocol.ancestors.push_back(parent);
            protocol.ancestors.insert(protocol.ancestors.end(), parent->ancestors.begin(), parent->ancestors.end());
            protocol.is_padding = parent->is_padding;
            if (parent->shown_id != parent->id) {
                protocol.shown_id = parent->shown_id;
            }
            protocol.alignment = parent->alignment;
        }
        for (const model::Protocol* const base : selection_.bases_of(draft)) {
            define_first(*base);
        }
        selection_.read_variant(draft);
        define_fields(draft);
        selection_.read_base(draft);
        define_encoding(draft, drafts_);
        define_role(draft);
        define_link_types(draft);
        protocol.is_abstract = reader.boolean("is_abstract").value_or(false);
        protocol.shown_id = reader.text("shown_as", protocol.shown_id.empty() ? protocol.id : protocol.shown_id);
        check_id(protocol.shown_id);
        if (const Json* const suggested = reader.array("suggested_payloads")) {
            protocol.has_suggested_payloads = true;
            for (const Json& id : *suggested) {
                protocol.suggested_payloads.push_back(id.is_string() ? id.get<std::string>() : std::string());
                fields_.protocol(protocol.suggested_payloads.back());
            }
        }
        if (const Json* const alignment = reader.array("alignment")) {
            if (alignment->size() != 2 || !(*alignment)[0].is_number_unsigned() ||
                !(*alignment)[1].is_number_unsigned()) {
                refuse("\"alignment\" is not two numbers");
            }
            protocol.alignment = {(*alignment)[0].get<std::uint32_t>(), (*alignment)[1].get<std::uint32_t>()};
        }
        protocol.payload_length = own_or_inherited(draft, "payload_length", &model::Protocol::payload_length);
        protocol.message_start = own_or_inherited(draft, "message_start", &model::Protocol::message_start);
        protocol.compressed_length = own_or_inherited(draft, "compressed_length", &model::Protocol::compressed_length);
        define_pseudo_header(draft);
        draft.state = Draft::State::kDone;
    }

    void define_role(Draft& draft) {
        model::Protocol& protocol = *draft.protocol;
        const std::string name = draft.reader.text("role");
        if (name.empty()) {
            return;
        }
        const auto* const found = std::ranges::find(kRoleNames, name, [](const auto& known) { return known.first; });
        if (found == kRoleNames.end()) {
            refuse("there is no role \"" + name + "\"");
        }
        const model::Role role = found->second;
        if (const model::Protocol* const other = database_->find(role)) {
            refuse("the role \"" + name + "\" is that of " + other->id + where(place_of(drafts_.of(*other))));
        }
        if (is_needed(role) && protocol.fields.size() != 1) {
            refuse("a protocol of the role \"" + name + "\" has one field");
        }
        protocol.is_padding = protocol.is_padding || role == model::Role::kPadding;
        protocol.is_no_payload = role == model::Role::kNoPayload;
        builder_.set(role, protocol);
    }

    /// What a user says of a link type goes before what is built in.
    void define_link_types(Draft& draft) {
        const model::Protocol& protocol = *draft.protocol;
        const Json* const link_types = draft.reader.array("link_types");
        if (link_types == nullptr) {
            return;
        }
        for (const Json& json : *link_types) {
            if (!json.is_number_unsigned() || json.get<std::uint64_t>() > kMaximumLinkType) {
                refuse("a link type is a number from 0 to " + std::to_string(kMaximumLinkType));
            }
            const int link_type = json.get<int>();
            const model::Protocol* const other = database_->find_by_link_type(link_type);
            if (other != nullptr && other->is_users == protocol.is_users) {
                refuse("the link type " + std::to_string(link_type) + " is that of " + other->id +
                       where(place_of(drafts_.of(*other))));
            }
            builder_.set_link_type(link_type, protocol);
        }
    }

    /// A protocol's own rule, or that of what it is derived from, about its own fields.
    static expression::Rule own_or_inherited(Draft& draft, std::string_view key,
                                             const expression::Rule model::Protocol::*member) {
        const model::Protocol& protocol = *draft.protocol;
        const bool has_own = draft.reader.find(key) != nullptr;
        if (!has_own && !protocol.ancestors.empty() && protocol.ancestors.front()->*member) {
            return FieldLoader::rule(protocol, (protocol.ancestors.front()->*member).text());
        }
        return FieldLoader::number_or_rule(protocol, draft.reader, key);
    }

    /// Defines what a protocol builds upon before it.
    void define_first(const model::Protocol& other) {
        Draft& draft = drafts_.of(other);
        if (++deriving_ > kMaximumAncestors) {
            refuse("is derived from more than " + std::to_string(kMaximumAncestors) + " protocols over each other");
        }
        at(place_of(draft), [&, this] { define(draft); });
        --deriving_;
    }

    void define_fields(Draft& draft) {
        model::Protocol& protocol = *draft.protocol;
        draft.fields = written_fields(draft, drafts_, fields_);
        selection_.set_defaults(draft);
        const Json& fields = draft.fields;
        const Json* const trailer = trailer_of(draft);
        if (fields.size() > kMaximumFields) {
            refuse("has more than " + std::to_string(kMaximumFields) + " fields");
        }
        const Json* const more = draft.reader.find("more_fields");
        draft.first_more_field = fields.size() - (more != nullptr ? more->size() : 0);
        // Places of fields are kept from here on: there is room for those that nobody defines.
        constexpr std::size_t kImplicitFields = 2;
        protocol.fields.reserve(fields.size() + (trailer != nullptr ? trailer->size() : 0) + kImplicitFields);
        protocol.fields.resize(fields.size());
        for (std::size_t index = 0; index < fields.size(); ++index) {
            protocol.fields[index].id = id_of(fields[index]);
        }
        protocol.header_fields = protocol.fields.size();
        protocol.size = own_or_inherited(draft, "size", &model::Protocol::size);
        if (protocol.size) {
            bound_header(protocol, fields);
        }
        for (std::size_t index = 0; trailer != nullptr && index < trailer->size(); ++index) {
            protocol.fields.emplace_back().id = id_of((*trailer)[index]);
        }
        all_fields_ += protocol.fields.size();
        if (all_fields_ > kMaximumAllFields) {
            refuse("with it there are more than " + std::to_string(kMaximumAllFields) + " fields in all protocols");
        }
        link_shared_ids(protocol);
        const auto define_field = [&](std::size_t index, const Json& json) {
            at(place_of(draft, protocol.fields[index].id, index), [&, this] {
                fields_.define(protocol, protocol.fields[index], json);
                check_shared_id(protocol, index);
                check_trailer_field(protocol, index);
            });
        };
        for (std::size_t index = 0; index < fields.size(); ++index) {
            define_field(index, fields[index]);
        }
        for (std::size_t index = protocol.header_fields; index < protocol.fields.size(); ++index) {
            define_field(index, (*trailer)[index - protocol.header_fields]);
        }
        place_in_words(draft);
        for (std::size_t index = 0; index < protocol.fields.size(); ++index) {
            if (const std::uint32_t bits = loose_bits(protocol, index); bits != 0) {
                at(place_of(draft, protocol.fields[index].id, index), [bits] {
                    refuse("the bit fields up to here have " + std::to_string(bits) +
                           " bits together, which are no whole bytes: fill them up with one more bit field");
                });
            }
        }
        check_size(protocol);
        for (std::size_t index = 0; index < protocol.fields.size(); ++index) {
            if (protocol.fields[index].automatic) {
                protocol.computed_fields.push_back(index);
            }
            if (protocol.fields[index].computation.algorithm != model::Algorithm::kNone) {
                protocol.checksum_fields.push_back(index);
            }
        }
    }

    /// Gives a header that knows its size a field for what is left behind the others, but for one that has it already.
    void bound_header(model::Protocol& protocol, const Json& fields) {
        constexpr const char* kRest = "rest";
        protocol.size_known_at = fields_asked_for(protocol.size);
        const auto is_rest = [](const Json& field) { return id_of(field) == kRest; };
        const auto found = std::find_if(fields.begin(), fields.end(), is_rest);
        if (found != fields.end()) {
            if (&*found != &fields.back() || found->contains("length") || found->contains("when")) {
                refuse(
                    "with \"size\", a field \"rest\" holds what is left of the header: it stands last, without "
                    "\"length\" and \"when\"");
            }
            return;
        }
        protocol.rest_field = protocol.fields.size();
        protocol.fields.emplace_back();
        protocol.header_fields = protocol.fields.size();
        fields_.define(protocol, protocol.fields.back(), Json{{"id", kRest}, {"type", "StrField"}});
    }

    /// Refuses a header of a fixed size that is less than that of its fields, and one whose last field says that it
    /// holds what is left, but has a width of its own.
    static void check_size(const model::Protocol& protocol) {
        if (protocol.size && !protocol.rest_field && protocol.fields[protocol.header_fields - 1].bits != 0) {
            refuse("with \"size\", a field \"rest\" holds what is left of the header: it has no width of its own");
        }
        const std::optional<std::int64_t> size = protocol.size.constant();
        std::int64_t bits = 0;
        for (std::size_t index = 0; index < protocol.header_fields; ++index) {
            bits += protocol.fields[index].condition ? 0 : protocol.fields[index].bits;
        }
        if (size && *size < (bits + 7) / 8) {
            refuse("\"size\" is less than the " + std::to_string((bits + 7) / 8) + " bytes of the fields");
        }
    }

    /// The fields behind the payload: a protocol's own, or those of what it is derived from; or null.
    const Json* trailer_of(Draft& draft) const {
        const Json* const trailer = drafts_.find_inherited(draft, "trailer");
        if (trailer != nullptr && (!trailer->is_array() || trailer->size() > kMaximumFields)) {
            refuse("\"trailer\" is not an array of at most " + std::to_string(kMaximumFields) + " fields");
        }
        return trailer;
    }

    /// Refuses a field of the trailer whose size is not always the same: without it nobody knows where it begins.
    static void check_trailer_field(const model::Protocol& protocol, std::size_t index) {
        const model::Field& field = protocol.fields[index];
        const bool is_in_trailer = index >= protocol.header_fields;
        if (is_in_trailer && (field.type->constant_bits(field) == 0 || field.pad_to > 1 || field.truncate_to > 1)) {
            refuse("a field of the trailer has the same width in every packet");
        }
    }

    void define_pseudo_header(Draft& draft) {
        if (const Json* const json = drafts_.find_inherited(draft, "pseudo_header")) {
            draft.protocol->pseudo_header = read_pseudo_header(*draft.protocol, *json, fields_);
        }
    }

    /// What refers to other protocols: dispatch, payloads, bindings.
    void connect(Draft& draft) {
        model::Protocol& protocol = *draft.protocol;
        ObjectReader& reader = draft.reader;
        selection_.connect(draft);
        check_pseudo_header(protocol);
        for (const std::size_t field : protocol.checksum_fields) {
            at(place_of(draft, protocol.fields[field].id, field), [&] { check_checksum(protocol, field); });
        }
        if (const Json* const json = reader.find("dispatch")) {
            // The fields are not read yet when the protocol is found out.
            protocol.dispatch = choices_.choices(model::Protocol(), *json);
        }
        if (const Json* const json = drafts_.find_inherited(draft, "payload_first")) {
            protocol.payload_first = choices_.choices(protocol, *json);
        }
        if (const Json* const json = drafts_.find_inherited(draft, "payload_default")) {
            protocol.payload_default = choices_.choices(protocol, *json);
        }
        if (const Json* const json = drafts_.find_inherited(draft, "then")) {
            if (!protocol.payload_length) {
                refuse("\"then\" needs a \"payload_length\": without it, nothing stands behind the payload");
            }
            protocol.then = choices_.choices_or_protocol(protocol, *json);
        }
        protocol.binds_as.push_back(&protocol);
        protocol.binds_as.insert(protocol.binds_as.end(), protocol.ancestors.begin(), protocol.ancestors.end());
        if (const Json* const json = drafts_.find_inherited(draft, "binds_as")) {
            for (const Json& id : *json) {
                const model::Protocol* const other =
                    fields_.protocol(id.is_string() ? id.get<std::string>() : std::string());
                if (std::find(protocol.binds_as.begin(), protocol.binds_as.end(), other) == protocol.binds_as.end()) {
                    protocol.binds_as.push_back(other);
                }
            }
        }
        connect_object_identifiers(draft, drafts_, fields_);
        bindings_.read(draft);
        if (const Json* const json = reader.array("field_engine_fields")) {
            for (const Json& id : *json) {
                protocol.field_engine_fields.push_back(id.is_string() ? id.get<std::string>() : std::string());
                FieldLoader::field_index(protocol, protocol.field_engine_fields.back());
            }
        }
        reader.finish();
    }

    std::unique_ptr<model::Database> database_ = std::make_unique<model::Database>();
    model::DatabaseBuilder builder_{*database_};
    FieldTypes types_;
    FieldLoader fields_{*database_, builder_, types_};
    std::vector<Document> documents_;
    Drafts drafts_;
    BindingCount binding_count_;
    ChoiceLoader choices_{fields_, binding_count_};
    SelectionLoader selection_{fields_, drafts_};
    BindingLoader bindings_{builder_, fields_, binding_count_};
    std::size_t all_fields_ = 0;
    /// Protocols that wait for the definition of the one that they are derived from.
    std::size_t deriving_ = 0;
};

/// The text on one line, and not too long, whatever a file holds.
std::string one_line(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
    if (text.size() > kMaximumReason) {
        text.resize(kMaximumReason);
        text += "...";
    }
    return text;
}

}  // namespace

DefinitionError::DefinitionError(std::string file, std::size_t line, std::string protocol, std::string field,
                                 const std::string& reason)
    : std::runtime_error(file + ":" + (line != 0 ? std::to_string(line) + ":" : "") + " " +
                         (protocol.empty() ? "" : "protocol " + one_line(protocol) + ": ") +
                         (field.empty() ? "" : "field " + one_line(field) + ": ") + one_line(reason)),
      file_(std::move(file)),
      line_(line),
      protocol_(std::move(protocol)),
      field_(std::move(field)),
      reason_(one_line(reason)) {}

std::unique_ptr<const model::Database> load(std::span<const DefinitionFile> files) {
    return Loader().load(files);
}

std::unique_ptr<const model::Database> load_built_in(std::span<const UserFile> users) {
    const std::span<const EmbeddedFile> embedded = definitions::embedded_definitions();
    const auto find = [embedded](const std::string& path) {
        const auto found = std::find_if(embedded.begin(), embedded.end(),
                                        [&path](const EmbeddedFile& file) { return file.path == path; });
        if (found == embedded.end()) {
            throw DefinitionError(path, 0, "", "", "the file is not there");
        }
        return DefinitionFile{found->path, found->content, false};
    };
    // The order of the families decides which of two built-in bindings that both hold is taken.
    const Json index = Json::parse(find("families.json").text);
    std::vector<DefinitionFile> files;
    for (const Json& family : index.at("families")) {
        files.push_back(find(family.get<std::string>() + ".json"));
    }
    for (const UserFile& user : users) {
        files.push_back({user.name, user.text, true});
    }
    return load(files);
}

}  // namespace framewright::loader
