#include "protocol_db/loader/draft.hpp"

namespace framewright::loader {

Place place_of(const Draft& draft) {
    return {*draft.file, draft.protocol->id, "", {"protocols", draft.index}};
}

Place place_of(const Draft& draft, const std::string& field, std::size_t index) {
    Place place = place_of(draft);
    place.field = field;
    const auto changes = draft.json->find("field_changes");
    const std::size_t header_fields = draft.protocol->header_fields;
    if (index >= header_fields) {
        place.path.insert(place.path.end(), {"trailer", index - header_fields});
    } else if (changes != draft.json->end() && changes->contains(field)) {
        place.path.insert(place.path.end(), {"field_changes", std::string_view(changes->find(field).key())});
    } else if (index >= draft.first_more_field) {
        place.path.insert(place.path.end(), {"more_fields", index - draft.first_more_field});
    } else if (index < draft.paths.size()) {
        place.path.insert(place.path.end(), draft.paths[index].begin(), draft.paths[index].end());
    } else {
        place.path.insert(place.path.end(), {"fields", index});
    }
    return place;
}

const Json* Drafts::find_inherited(Draft& draft, std::string_view key) const {
    if (const Json* const own = draft.reader.find(key)) {
        return own;
    }
    for (const model::Protocol* const ancestor : draft.protocol->ancestors) {
        const Json& json = *of(*ancestor).json;
        if (const auto found = json.find(key); found != json.end()) {
            return &*found;
        }
    }
    return nullptr;
}

}  // namespace framewright::loader
