#include "protocol_db/loader/loader.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_map>

#include "protocol_db/definitions/embedded_definitions.hpp"
#include "protocol_db/fields/errors.hpp"
#include "protocol_db/loader/database_builder.hpp"
#include "protocol_db/loader/definition_json.hpp"
#include "protocol_db/loader/field_loader.hpp"

namespace framewright::loader {

namespace {

/// The id of a field's definition, as far as there is one.
std::string id_of(const Json& field) {
    const auto id = field.is_object() ? field.find("id") : field.end();
    return field.is_object() && id != field.end() && id->is_string() ? id->get<std::string>() : std::string();
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
                return !id.empty() && id_of(field) == id;
            });
            if (place == fields.end() || !change.is_object()) {
                refuse("\"field_changes\" changes \"" + id + "\", which is no field");
            }
            place->update(change);
        }
        return fields;
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
            protocol.fields[index].id = id_of(fields[index]);
        }
        for (std::size_t index = 0; index < fields.size(); ++index) {
            at(draft.file, protocol.id, protocol.fields[index].id,
               [&, this] { fields_.define(protocol, protocol.fields[index], fields[index]); });
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
            const std::string text = reader.text(key);
            return FieldLoader::rule(protocol, text.empty() && inherited != nullptr ? inherited->text() : text);
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
        source.destination_is_last = part.text("destination_element", "first") == "last";
        source.destination_when = FieldLoader::rule(protocol, part.text("destination_when"));
        source.length = FieldLoader::rule(protocol, part.text("length"));
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
        for (const Json& item : json) {
            ObjectReader part(item, "a choice");
            model::Choice choice;
            choice.when = FieldLoader::rule(protocol, part.text("when"));
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
                protocol.binds_as.push_back(fields_.protocol(id.is_string() ? id.get<std::string>() : std::string()));
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
                fields_.protocol(upper);
                Json reversed = json;
                reversed["protocol"] = protocol.id;
                bind(*builder_.find(upper), reversed);
            }
        }
        if (const Json* const json = reader.array("field_engine_fields")) {
            for (const Json& id : *json) {
                protocol.field_engine_fields.push_back(id.is_string() ? id.get<std::string>() : std::string());
                FieldLoader::field_index(protocol, protocol.field_engine_fields.back());
            }
        }
        reader.finish();
    }

    /// {"protocol": lower, "fields": both ways, "when": only when dissected, "set": only when built}
    void bind(model::Protocol& upper, const Json& json) {
        ObjectReader part(json, "a binding");
        const std::string lower_id = part.required_text("protocol");
        fields_.protocol(lower_id);
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
            const std::size_t index = FieldLoader::field_index(protocol, id);
            values.emplace_back(index, fields_.value(protocol.fields[index], value));
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
