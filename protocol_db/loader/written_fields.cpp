#include "protocol_db/loader/written_fields.hpp"

#include <algorithm>

#include "protocol_db/loader/ber_loader.hpp"
#include "protocol_db/loader/similar_word.hpp"

namespace framewright::loader {

namespace {

/// Replaces members; with another type, those that were taken over and mean nothing for it go.
void change_field(Json& field, const Json& change, const FieldLoader& types) {
    field.update(change);
    if (!change.contains("type") || !change["type"].is_string()) {
        return;
    }
    const std::string type = change["type"];
    Json kept = Json::object();
    for (const auto& [key, value] : field.items()) {
        if (change.contains(key) || types.has_meaning(key, type)) {
            kept[key] = value;
        }
    }
    field = std::move(kept);
}

void change_fields(Json& fields, const Json& changes, const FieldLoader& types) {
    for (const auto& [id, change] : object_items(changes, "\"field_changes\"")) {
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
                change_field(field, change, types);
            }
        }
    }
}

}  // namespace

Json written_fields(Draft& draft, const Drafts& drafts, const FieldLoader& types) {
    ObjectReader& reader = draft.reader;
    const Json* const own = reader.array("fields");
    const Json* const more = reader.array("more_fields");
    const std::vector<const model::Protocol*>& ancestors = draft.protocol->ancestors;
    if (more != nullptr && (own != nullptr || ancestors.empty())) {
        refuse("\"more_fields\" stand behind those that are taken over with \"is_a\": there are none");
    }
    Json fields = Json::array();
    if (own != nullptr) {
        fields = flat_fields(*own, draft);
    } else if (!ancestors.empty()) {
        fields = drafts.of(*ancestors.front()).fields;
        draft.ber_groups = drafts.of(*ancestors.front()).ber_groups;
    }
    if (const Json* const changes = reader.find("field_changes")) {
        change_fields(fields, *changes, types);
    }
    if (more != nullptr) {
        fields.insert(fields.end(), more->begin(), more->end());
    }
    return fields;
}

}  // namespace framewright::loader
