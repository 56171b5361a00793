#include "protocol_db/loader/loader.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "protocol_db/definitions/embedded_definitions.hpp"
#include "protocol_db/fields/errors.hpp"
#include "protocol_db/fields/field_type.hpp"
#include "protocol_db/loader/database_builder.hpp"
#include "protocol_db/loader/definition_json.hpp"
#include "protocol_db/loader/field_loader.hpp"
#include "protocol_db/loader/json_place.hpp"
#include "protocol_db/loader/rule_checks.hpp"
#include "protocol_db/loader/similar_word.hpp"

namespace framewright::loader {

namespace {

/// The id of a protocol's or field's definition, as far as there is one.
std::string id_of(const Json& json) {
    const auto id = json.is_object() ? json.find("id") : json.end();
    return json.is_object() && id != json.end() && id->is_string() ? id->get<std::string>() : std::string();
}

/// A definition file that was parsed.
struct Document {
    DefinitionFile file;
    Json json;
};

/// What a refusal is about; `path` leads to it within the document.
struct Place {
    const DefinitionFile& file;
    std::string protocol;
    std::string field;
    JsonPath path;
};

/// A definition's protocol on its way into the database.
struct Draft {
    const DefinitionFile* file = nullptr;
    /// Its place in its file's array of protocols.
    std::size_t index = 0;
    const Json* json = nullptr;
    model::Protocol* protocol = nullptr;
    /// So many of its fields, from the first on, stand in "fields" or are taken over; the others in "more_fields".
    std::size_t first_more_field = 0;
    enum class State : std::uint8_t { kNew, kBusy, kDone } state = State::kNew;
};

class Loader {
public:
    Loader() : database_(std::make_unique<model::Database>()), builder_(*database_), fields_(*database_, builder_) {}

    std::unique_ptr<const model::Database> load(std::span<const DefinitionFile> files) {
        // Drafts point into the documents.
        documents_.reserve(files.size());
        for (const DefinitionFile& file : files) {
            read(file);
        }
        for (const Document& document : documents_) {
            at({document.file, "", "", {}}, [&, this] { add_enumerations(document); });
        }
        for (const Document& document : documents_) {
            at({document.file, "", "", {}}, [&, this] { add_protocols(document); });
        }
        for (Draft& draft : drafts_) {
            at(place_of(draft), [&, this] { define(draft); });
        }
        for (Draft& draft : drafts_) {
            at(place_of(draft), [&, this] { connect(draft); });
        }
        const KnownNames known = known_names();
        for (const Draft& draft : drafts_) {
            check_rules(draft, known);
        }
        const std::vector<std::vector<model::Binding>> own_bindings = take_bindings();
        for (Draft& draft : drafts_) {
            at(place_of(draft), [&, this] { gather_bindings(*draft.protocol, own_bindings); });
        }
        for (Draft& draft : drafts_) {
            at(place_of(draft), [&, this] { inherit_impositions(*draft.protocol); });
        }
        const model::Protocol* const raw = builder_.find("Raw");
        const model::Protocol* const padding = builder_.find("Padding");
        if (raw == nullptr || padding == nullptr || raw->fields.size() != 1 || padding->fields.size() != 1) {
            throw DefinitionError(files.empty() ? "" : std::string(files.front().name), 0, "Raw", "",
                                  "the protocols Raw and Padding, with one field each, are needed");
        }
        builder_.set_special(raw, padding);
        return std::move(database_);
    }

private:
    template <typename Action>
    static void at(const Place& place, const Action& action) {
        const auto refused = [&place](const std::string& reason) {
            return DefinitionError(std::string(place.file.name), line_of(place.file.text, place.path), place.protocol,
                                   place.field, reason);
        };
        try {
            action();
        } catch (const Refusal& refusal) {
            throw refused(refusal.what());
        } catch (const expression::RuleError& error) {
            throw refused(error.what());
        } catch (const fields::ValueError& error) {
            throw refused(std::string("value ") + error.what());
        }
    }

    static Place place_of(const Draft& draft) {
        return {*draft.file, draft.protocol->id, "", {"protocols", draft.index}};
    }

    /// Where a field of a protocol is written: among its fields, behind those that it takes over, or in the changes to
    /// them.
    static Place place_of(const Draft& draft, const std::string& field, std::size_t index) {
        Place place = place_of(draft);
        place.field = field;
        const auto changes = draft.json->find("field_changes");
        if (changes != draft.json->end() && changes->contains(field)) {
            place.path.insert(place.path.end(), {"field_changes", std::string_view(changes->find(field).key())});
        } else if (index >= draft.first_more_field) {
            place.path.insert(place.path.end(), {"more_fields", index - draft.first_more_field});
        } else {
            place.path.insert(place.path.end(), {"fields", index});
        }
        return place;
    }

    void read(const DefinitionFile& file) {
        const auto refused = [&file](std::size_t line, const std::string& reason) {
            return DefinitionError(std::string(file.name), line, "", "", reason);
        };
        if (file.text.size() > kMaximumFileSize) {
            throw refused(0, "the file is larger than " + std::to_string(kMaximumFileSize) + " bytes");
        }
        if (const auto place = find_too_deep(file.text, kMaximumNesting)) {
            throw refused(line_at(file.text, *place),
                          "nested deeper than " + std::to_string(kMaximumNesting) + " levels");
        }
        try {
            documents_.push_back({file, Json::parse(file.text)});
        } catch (const Json::parse_error& error) {
            // At a file's end, its last line that holds anything is meant.
            const std::size_t place = file.text.find_last_not_of(" \t\r\n", error.byte > 0 ? error.byte - 1 : 0);
            throw refused(place != std::string_view::npos ? line_at(file.text, place) : 1,
                          "not JSON: " + reason_of(error));
        } catch (const Json::exception& error) {
            throw refused(0, "not JSON: " + reason_of(error));
        }
        check_keys_once(documents_.back());
        JsonPath path;
        remove_comments(documents_.back(), documents_.back().json, path);
    }

    /// A place in a document, with the names of the protocol and the field that it is in.
    static Place place_of(const Document& document, const JsonPath& path) {
        const Json* const protocol = element_on_path(document.json, "protocols", path, 0);
        const Json* const field = protocol != nullptr ? element_on_path(*protocol, "fields", path, 2) : nullptr;
        return {document.file, protocol != nullptr ? id_of(*protocol) : "", field != nullptr ? id_of(*field) : "",
                path};
    }

    /// Refuses a key that an object has twice, of which only the last would be read.
    static void check_keys_once(const Document& document) {
        if (const std::optional<DuplicateKey> found = find_duplicate_key(document.file.text)) {
            const Place place = place_of(document, found->path);
            throw DefinitionError(std::string(document.file.name), line_at(document.file.text, found->place),
                                  place.protocol, place.field,
                                  "the key \"" + std::string(found->key) + "\" stands twice in one object");
        }
    }

    /// Leaves nothing of the comments in a part of a document, to which `path` leads.
    static void remove_comments(const Document& document, Json& part, JsonPath& path) {
        if (part.is_object()) {
            if (const auto comment = part.find("$comment"); comment != part.end()) {
                if (!comment->is_string()) {
                    at(place_of(document, path), [] { refuse("\"$comment\" is not a text"); });
                }
                part.erase(comment);
            }
        }
        std::size_t index = 0;
        for (auto item = part.begin(); part.is_structured() && item != part.end(); ++item) {
            path.push_back(part.is_object() ? JsonStep(std::string_view(item.key())) : JsonStep(index++));
            remove_comments(document, *item, path);
            path.pop_back();
        }
    }

    /// The element of the object's array `key` that the path leads to from its step `depth` on, or null.
    static const Json* element_on_path(const Json& object, std::string_view key, const JsonPath& path,
                                       std::size_t depth) {
        if (path.size() < depth + 2 || path[depth] != JsonStep(key) || !object.is_object()) {
            return nullptr;
        }
        const auto array = object.find(key);
        const auto* const index = std::get_if<std::size_t>(&path[depth + 1]);
        const bool is_there = index != nullptr && array != object.end() && array->is_array() && *index < array->size();
        return is_there ? &(*array)[*index] : nullptr;
    }

    /// What a parser found wrong, without its own name and place.
    static std::string reason_of(const Json::exception& error) {
        std::string_view reason = error.what();
        for (const std::string_view prefix : {"] ", ": "}) {
            const std::size_t end = reason.find(prefix);
            reason.remove_prefix(end != std::string_view::npos ? end + prefix.size() : 0);
        }
        return std::string(reason.substr(0, reason.find("; last read")));
    }

    void add_enumerations(const Document& document) {
        ObjectReader reader(document.json, "the file");
        reader.find("protocols");
        reader.find("$schema");
        const Json* const choices = reader.find("choices");
        const Json* const enumerations = reader.find("enumerations");
        reader.finish();
        if (document.json.empty()) {
            refuse("the file holds nothing: \"protocols\", \"enumerations\" and \"choices\" are missing");
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
        for_each("choices", choices, [this](const std::string& name, const Json& json) {
            if (!json.is_array()) {
                refuse("the choices \"" + name + "\" are no array");
            }
            if (!shared_choices_.emplace(name, &json).second) {
                refuse("the choices \"" + name + "\" are already there" + where_shared("choices", name));
            }
        });
        for_each("enumerations", enumerations, [&, this](const std::string& name, const Json& json) {
            if (builder_.has_enumeration(name)) {
                refuse("the enumeration \"" + name + "\" is already there" + where_shared("enumerations", name));
            }
            builder_.add_enumeration(name, to_enumeration(json), document.file.is_users);
        });
    }

    /// The first file with an enumeration or choices of a name.
    std::string where_shared(std::string_view key, const std::string& name) const {
        for (const Document& document : documents_) {
            const auto members = document.json.find(key);
            if (members != document.json.end() && members->contains(name)) {
                return where({document.file, "", "", {key, std::string_view(name)}});
            }
        }
        return {};
    }

    /// The end of a message that something is already there.
    static std::string where(const Place& place) {
        return place.file.is_users
                   ? ", in " + std::string(place.file.name) + ":" + std::to_string(line_of(place.file.text, place.path))
                   : ", built in";
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
        ObjectReader reader(json, "a protocol");
        auto protocol = std::make_unique<model::Protocol>();
        protocol->id = reader.required_text("id");
        check_id(protocol->id);
        protocol->name = reader.text("name", protocol->id);
        protocol->help = reader.text("help");
        protocol->source = reader.text("source");
        protocol->file = document.file.name;
        protocol->is_users = document.file.is_users;
        if (const auto found = draft_by_id_.find(protocol->id); found != draft_by_id_.end()) {
            refuse("a protocol of this id is already there" + where(place_of(drafts_[found->second])));
        }
        if (drafts_.size() == kMaximumProtocols) {
            refuse("with it there are more than " + std::to_string(kMaximumProtocols) + " protocols");
        }
        drafts_.push_back({&document.file, index, &json, &builder_.add(std::move(protocol))});
        draft_by_id_.emplace(drafts_.back().protocol->id, drafts_.size() - 1);
    }

    /// The fields of a protocol as they are written: its own, or those of what it is derived from with changes, and
    /// more behind them.
    Json fields_of(const Draft& draft) {
        Json fields = own_or_inherited_fields(draft);
        ObjectReader reader(*draft.json, "a protocol");
        const Json* const more = reader.array("more_fields");
        if (more == nullptr) {
            return fields;
        }
        if (reader.find("fields") != nullptr || reader.find("is_a") == nullptr) {
            refuse("\"more_fields\" stand behind those that are taken over with \"is_a\": there are none");
        }
        fields.insert(fields.end(), more->begin(), more->end());
        return fields;
    }

    Json own_or_inherited_fields(const Draft& draft) {
        const auto own = draft.json->find("fields");
        const auto parent = draft.json->find("is_a");
        Json fields = Json::array();
        if (own != draft.json->end()) {
            if (!own->is_array()) {
                refuse("\"fields\" is not an array");
            }
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
            const auto is_meant = [&id = id](const Json& field) { return !id.empty() && id_of(field) == id; };
            if (std::none_of(fields.begin(), fields.end(), is_meant)) {
                refuse("\"field_changes\" changes \"" + id + "\", which is no field" +
                       did_you_mean(id, [&fields](std::string_view known) {
                           return std::any_of(fields.begin(), fields.end(),
                                              [&](const Json& field) { return id_of(field) == known; });
                       }));
            }
            if (!change.is_object()) {
                refuse("the change of \"" + id + "\" in \"field_changes\" is not an object");
            }
            if (change.contains("id")) {
                refuse("\"field_changes\" cannot change the id of \"" + id + "\"");
            }
            // Of several fields that share the id, each is changed.
            for (Json& field : fields) {
                if (is_meant(field)) {
                    change_field(field, change);
                }
            }
        }
        return fields;
    }

    /// Replaces members; with another type, those that were taken over and mean nothing for it go.
    void change_field(Json& field, const Json& change) const {
        field.update(change);
        if (!change.contains("type") || !change["type"].is_string()) {
            return;
        }
        const std::string type = change["type"];
        Json kept = Json::object();
        for (const auto& [key, value] : field.items()) {
            if (change.contains(key) || fields_.has_meaning(key, type)) {
                kept[key] = value;
            }
        }
        field = std::move(kept);
    }

    /// Fields that share an id exclude each other by their conditions: refuses one that is always there.
    static void check_shared_id(const model::Protocol& protocol, std::size_t index) {
        const model::Field& field = protocol.fields[index];
        const std::size_t first = protocol.find_field(field.id).value_or(index);
        if (first != index && (!field.condition || !protocol.fields[first].condition)) {
            refuse("there is a field of this id already: two may share one only if both have a \"when\"");
        }
    }

    /// The bits of a run of bit fields that ends with this field and does not fill whole bytes; else 0. Where a
    /// condition or a field of several forms is among them, or behind them, it cannot be said.
    static std::uint32_t loose_bits(const model::Protocol& protocol, std::size_t index) {
        const auto is_unsure = [](const model::Field& field) { return field.condition || field.type->has_forms(); };
        if (index + 1 < protocol.fields.size()) {
            const model::Field& next = protocol.fields[index + 1];
            if (next.type->is_bit_field() || is_unsure(next)) {
                return 0;
            }
        }
        std::uint32_t bits = 0;
        for (std::size_t place = index + 1; place > 0 && protocol.fields[place - 1].type->is_bit_field(); --place) {
            if (is_unsure(protocol.fields[place - 1])) {
                return 0;
            }
            bits += protocol.fields[place - 1].bits;
        }
        return bits % 8 != 0 ? bits : 0;
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
        ObjectReader reader(*draft.json, "a protocol");
        const std::string parent_id = reader.text("is_a");
        const model::Protocol* parent = nullptr;
        if (!parent_id.empty()) {
            parent = fields_.protocol(parent_id);
            Draft& parent_draft = drafts_[draft_by_id_.at(parent_id)];
            if (++deriving_ > kMaximumAncestors) {
                refuse("is derived from more than " + std::to_string(kMaximumAncestors) + " protocols over each other");
            }
            at(place_of(parent_draft), [&, this] { define(parent_draft); });
            --deriving_;
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
        const Json fields = fields_of(draft);
        if (fields.size() > kMaximumFields) {
            refuse("has more than " + std::to_string(kMaximumFields) + " fields");
        }
        draft.first_more_field =
            fields.size() - (draft.json->contains("more_fields") ? draft.json->at("more_fields").size() : 0);
        all_fields_ += fields.size();
        if (all_fields_ > kMaximumAllFields) {
            refuse("with it there are more than " + std::to_string(kMaximumAllFields) + " fields in all protocols");
        }
        protocol.fields.resize(fields.size());
        for (std::size_t index = 0; index < fields.size(); ++index) {
            protocol.fields[index].id = id_of(fields[index]);
        }
        for (std::size_t index = 0; index < fields.size(); ++index) {
            at(place_of(draft, protocol.fields[index].id, index), [&, this] {
                fields_.define(protocol, protocol.fields[index], fields[index]);
                check_shared_id(protocol, index);
            });
        }
        for (std::size_t index = 0; index < fields.size(); ++index) {
            if (const std::uint32_t bits = loose_bits(protocol, index); bits != 0) {
                at(place_of(draft, protocol.fields[index].id, index), [bits] {
                    refuse("the bit fields up to here have " + std::to_string(bits) +
                           " bits together, which are no whole bytes: fill them up with one more bit field");
                });
            }
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
        const auto own_or = [&](std::string_view key, const expression::Rule* inherited) {
            const bool takes_over = inherited != nullptr && *inherited && reader.find(key) == nullptr;
            return takes_over ? FieldLoader::rule(protocol, inherited->text())
                              : FieldLoader::number_or_rule(protocol, reader, key);
        };
        protocol.payload_length = own_or("payload_length", parent != nullptr ? &parent->payload_length : nullptr);
        protocol.message_start = own_or("message_start", parent != nullptr ? &parent->message_start : nullptr);
        protocol.compressed_length =
            own_or("compressed_length", parent != nullptr ? &parent->compressed_length : nullptr);
        define_pseudo_header(protocol, reader, parent);
        draft.state = Draft::State::kDone;
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
            return id.empty() ? std::nullopt : std::optional(FieldLoader::field_index(protocol, id));
        };
        source.source = optional_field("source");
        source.destination = optional_field("destination");
        source.destination_list = optional_field("destination_list");
        source.options = optional_field("options");
        const std::string element = part.text("destination_element", "first");
        if (element != "first" && element != "last") {
            refuse("\"destination_element\" is neither first nor last");
        }
        source.destination_is_last = element == "last";
        source.destination_when = FieldLoader::rule_at(protocol, part, "destination_when");
        source.length = FieldLoader::number_or_rule(protocol, part, "length");
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
        count_bindings(json.size());
        for (const Json& item : json) {
            ObjectReader part(item, "a choice");
            if (!result.empty() && !result.back().when) {
                refuse("a choice stands behind one without \"when\", which always holds");
            }
            model::Choice choice;
            choice.when = FieldLoader::rule_at(protocol, part, "when");
            choice.protocol_name = part.required_text("protocol");
            choice.protocol = fields_.protocol(choice.protocol_name);
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
        for (const char* const known : {"id",
                                        "name",
                                        "help",
                                        "source",
                                        "is_a",
                                        "fields",
                                        "field_changes",
                                        "more_fields",
                                        "is_padding",
                                        "is_no_payload",
                                        "is_abstract",
                                        "shown_as",
                                        "suggested_payloads",
                                        "alignment",
                                        "payload_length",
                                        "pseudo_header",
                                        "message_start",
                                        "compressed_length",
                                        "dispatch",
                                        "payload_first",
                                        "payload_default"}) {
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
                const model::Protocol* const other =
                    fields_.protocol(id.is_string() ? id.get<std::string>() : std::string());
                if (std::find(protocol.binds_as.begin(), protocol.binds_as.end(), other) == protocol.binds_as.end()) {
                    protocol.binds_as.push_back(other);
                }
            }
        }
        bind_each(draft, "under", reader.array("under"));
        bind_each(draft, "over", reader.array("over"));
        if (const Json* const json = reader.array("field_engine_fields")) {
            for (const Json& id : *json) {
                protocol.field_engine_fields.push_back(id.is_string() ? id.get<std::string>() : std::string());
                FieldLoader::field_index(protocol, protocol.field_engine_fields.back());
            }
        }
        reader.finish();
    }

    void bind_each(Draft& draft, std::string_view key, const Json* bindings) {
        for (std::size_t index = 0; bindings != nullptr && index < bindings->size(); ++index) {
            Place place = place_of(draft);
            place.path.insert(place.path.end(), {key, index});
            at(place, [&, this] {
                const Json& json = (*bindings)[index];
                const auto other = json.is_object() ? json.find("protocol") : json.end();
                const bool has_name = json.is_object() && other != json.end() && other->is_string();
                within(std::string(key) + " " + (has_name ? other->get<std::string>() : "a protocol"),
                       [&, this] { bind(*draft.protocol, json, key == "under"); });
            });
        }
    }

    /// {"protocol": other, "fields": both ways, "when": only when dissected, "set": only when built}
    void bind(model::Protocol& protocol, const Json& json, bool is_upper) {
        ObjectReader part(json, "a binding");
        const std::string other_id = part.required_text("protocol");
        fields_.protocol(other_id);
        model::Protocol& other = *builder_.find(other_id);
        model::Protocol& upper = is_upper ? protocol : other;
        model::Protocol& lower = is_upper ? other : protocol;
        const Json* const both = part.find("fields");
        const Json* const when = part.find("when");
        const Json* const set = part.find("set");
        part.finish();
        if (both != nullptr && when != nullptr && set != nullptr) {
            refuse("\"when\" and \"set\" stand in place of \"fields\", which would mean nothing");
        }
        if (both != nullptr || when != nullptr || set == nullptr) {
            model::Binding binding;
            binding.upper = &upper;
            binding.is_users = protocol.is_users;
            const Json* const conditions = when != nullptr ? when : both;
            if (conditions != nullptr) {
                binding.conditions = field_values(lower, *conditions, when != nullptr ? "when" : "fields");
            }
            lower.bindings.push_back(std::move(binding));
        }
        if (both != nullptr || set != nullptr || when == nullptr) {
            model::Imposition imposition;
            imposition.lower = &lower;
            const Json* const values = set != nullptr ? set : both;
            if (values != nullptr) {
                imposition.fields = field_values(lower, *values, set != nullptr ? "set" : "fields");
            }
            const auto same = [&lower](const model::Imposition& made) { return made.lower == &lower; };
            if (std::none_of(upper.impositions.begin(), upper.impositions.end(), same)) {
                upper.impositions.push_back(imposition);
                own_impositions_[&upper].push_back(std::move(imposition));
            }
        }
    }

    /// The bindings as they were written, by the index of the protocol that they are on.
    std::vector<std::vector<model::Binding>> take_bindings() {
        std::vector<std::vector<model::Binding>> own;
        for (const auto& protocol : builder_.protocols()) {
            own.push_back(std::exchange(protocol->bindings, {}));
        }
        return own;
    }

    /// Gives a protocol the bindings of those that it binds as, and puts a user's in front: what a user says of a
    /// protocol goes before what is built in.
    void gather_bindings(model::Protocol& protocol, const std::vector<std::vector<model::Binding>>& own) {
        for (const model::Protocol* alias : protocol.binds_as) {
            for (const model::Binding& binding : own[alias->index]) {
                add_binding(protocol, binding, *alias);
            }
        }
        const auto is_users = [](const model::Binding& binding) { return binding.is_users; };
        std::stable_partition(protocol.bindings.begin(), protocol.bindings.end(), is_users);
        if (!protocol.is_users) {
            const std::vector<model::Binding>& here = own[protocol.index];
            protocol.bindings_before_choices =
                static_cast<std::size_t>(std::count_if(here.begin(), here.end(), is_users));
            suggest_users_payloads(protocol);
        }
    }

    /// Adds a binding that was written for `alias`; not where it asks for a field that the protocol has not.
    void add_binding(model::Protocol& protocol, model::Binding binding, const model::Protocol& alias) {
        for (auto& [index, value] : binding.conditions) {
            const auto here = &alias == &protocol ? std::optional(index) : protocol.find_field(alias.fields[index].id);
            if (!here) {
                return;
            }
            index = *here;
        }
        count_bindings(1);
        protocol.bindings.push_back(std::move(binding));
    }

    /// Impositions of a derived protocol: its own, then those of what it is derived from.
    void inherit_impositions(model::Protocol& protocol) {
        for (const model::Protocol* ancestor : protocol.ancestors) {
            const auto& own = own_impositions_[ancestor];
            count_bindings(own.size());
            protocol.impositions.insert(protocol.impositions.end(), own.begin(), own.end());
        }
    }

    /// Refuses more bindings and choices than there may be.
    void count_bindings(std::size_t count) {
        all_bindings_ += count;
        if (all_bindings_ > kMaximumAllBindings) {
            refuse("with it there are more than " + std::to_string(kMaximumAllBindings) +
                   " bindings and choices in all protocols");
        }
    }

    /// Where a definition suggests payloads, those that a user put on top of the protocol are suggested as well.
    static void suggest_users_payloads(model::Protocol& protocol) {
        std::vector<std::string>& suggested = protocol.suggested_payloads;
        for (const model::Binding& binding : protocol.bindings) {
            if (protocol.has_suggested_payloads && binding.is_users && !binding.upper->is_abstract &&
                std::find(suggested.begin(), suggested.end(), binding.upper->id) == suggested.end()) {
                suggested.push_back(binding.upper->id);
            }
        }
    }

    std::vector<std::pair<std::size_t, model::Value>> field_values(const model::Protocol& protocol, const Json& json,
                                                                   const std::string& key) {
        std::vector<std::pair<std::size_t, model::Value>> values;
        for (const auto& [id, value] : object_items(json, "\"" + key + "\" (fields and their values)")) {
            const std::size_t index = FieldLoader::field_index(protocol, id);
            values.emplace_back(index, fields_.value(protocol.fields[index], value, "field " + id + ": value"));
        }
        return values;
    }

    std::unique_ptr<model::Database> database_;
    model::DatabaseBuilder builder_;
    FieldLoader fields_;
    std::vector<Document> documents_;
    std::vector<Draft> drafts_;
    std::unordered_map<std::string, std::size_t> draft_by_id_;
    /// Choices that several protocols share, by name.
    std::unordered_map<std::string, const Json*> shared_choices_;
    std::unordered_map<const model::Protocol*, std::vector<model::Imposition>> own_impositions_;
    std::size_t all_fields_ = 0;
    std::size_t all_bindings_ = 0;
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
