#include "protocol_db/loader/selection.hpp"

#include <algorithm>
#include <limits>

#include "protocol_db/fields/field_type.hpp"

namespace framewright::loader {

namespace {

/// Where a field lies whatever the packet holds, or nothing.
std::optional<model::NumberPlace> fixed_place(const model::Protocol& protocol, std::size_t index) {
    std::uint32_t position = 0;
    for (std::size_t each = 0;; ++each) {
        const model::Field& field = protocol.fields[each];
        if (field.bits == 0 || field.condition || field.pad_to > 1 || field.align_to > 1 ||
            (each == index && field.word.bits > field.bits)) {
            return std::nullopt;
        }
        if (!field.type->is_bit_field()) {
            position = (position + 7) / 8 * 8;
        }
        if (each == index) {
            return model::NumberPlace{position, field.bits, field.type->is_little_endian(), field.type->is_signed()};
        }
        position += field.bits;
    }
}

/// Refuses fields that cannot be read twice at little cost.
void check_in_front(const model::Protocol& protocol, std::size_t index) {
    for (std::size_t each = 0; each < index; ++each) {
        const model::Field& field = protocol.fields[each];
        if (field.type->is_container()) {
            refuse("\"selected_by\": " + protocol.fields[index].id + " stands behind " + field.id +
                   ", a list or packet: its place is not known before the variant is");
        }
    }
}

void check_selecting(const model::Protocol& protocol, std::size_t index) {
    const model::Field& field = protocol.fields[index];
    if (!field.type->is_number()) {
        refuse("\"selected_by\": " + field.id + " is not a number");
    }
    if (index >= protocol.header_fields) {
        refuse("\"selected_by\": " + field.id + " is in the trailer, which is not read before the variant is known");
    }
    const auto has_id = [&field](const model::Field& other) { return other.id == field.id; };
    if (std::count_if(protocol.fields.begin(), protocol.fields.end(), has_id) > 1) {
        refuse("\"selected_by\": several fields share the id " + field.id);
    }
    check_in_front(protocol, index);
}

bool is_same(const std::optional<model::NumberPlace>& left, const std::optional<model::NumberPlace>& right) {
    return left.has_value() == right.has_value() &&
           (!left || (left->first_bit == right->first_bit && left->bits == right->bits &&
                      left->is_little_endian == right->is_little_endian));
}

std::string shown(const std::vector<model::Value>& key) {
    std::string text;
    for (const model::Value& value : key) {
        text += (text.empty() ? "" : ", ") + fields::describe(value);
    }
    return text;
}

}  // namespace

void SelectionLoader::read_base(Draft& draft) {
    model::Protocol& protocol = *draft.protocol;
    const Json* const json = draft.reader.find("selected_by");
    const std::optional<bool> by_choice = draft.reader.boolean("variants_by_choice");
    if (json == nullptr) {
        if (by_choice) {
            refuse("\"variants_by_choice\" means nothing without \"selected_by\"");
        }
        return;
    }
    protocol.selection.is_by_choice = by_choice.value_or(false);
    const Json ids = json->is_string() ? Json::array({*json}) : *json;
    if (!ids.is_array() || ids.empty() || ids.size() > model::kMaximumSelecting) {
        refuse("\"selected_by\" is neither the id of a field nor an array of 1 to " +
               std::to_string(model::kMaximumSelecting));
    }
    model::Selection& selection = protocol.selection;
    for (const Json& id : ids) {
        const std::size_t index = FieldLoader::field_index(protocol, id.is_string() ? id.get<std::string>() : "");
        check_selecting(protocol, index);
        if (std::find(selection.fields.begin(), selection.fields.end(), index) != selection.fields.end()) {
            refuse("\"selected_by\" names " + protocol.fields[index].id + " twice");
        }
        selection.fields.push_back(index);
    }
    for (const std::size_t index : selection.fields) {
        if (const std::optional<model::NumberPlace> place = fixed_place(protocol, index)) {
            selection.places.push_back(*place);
        }
    }
    if (selection.places.size() != selection.fields.size()) {
        selection.places.clear();
    }
}

std::vector<const model::Protocol*> SelectionLoader::bases_of(Draft& draft) {
    std::vector<const model::Protocol*> bases;
    const Json* const json = draft.reader.find("variant_of");
    if (json != nullptr && draft.reader.find("selects") == nullptr) {
        refuse("\"variant_of\" means nothing without \"selects\"");
    }
    for (const Json& id : json == nullptr ? Json::array() : json->is_array() ? *json : Json::array({*json})) {
        bases.push_back(fields_.protocol(id.is_string() ? id.get<std::string>() : ""));
    }
    return bases;
}

void SelectionLoader::read_variant(Draft& draft) {
    const Json* const json = draft.reader.find("selects");
    if (json == nullptr) {
        return;
    }
    const auto has_variants = [](const model::Protocol* protocol) { return !protocol->selection.fields.empty(); };
    std::vector<const model::Protocol*> bases = bases_of(draft);
    const std::vector<const model::Protocol*>& ancestors = draft.protocol->ancestors;
    const auto nearest = std::find_if(ancestors.begin(), ancestors.end(), has_variants);
    if (bases.empty() && nearest != ancestors.end()) {
        bases.push_back(*nearest);
    }
    if (bases.empty() || !std::all_of(bases.begin(), bases.end(), has_variants)) {
        refuse("\"selects\" needs an \"is_a\" or a \"variant_of\" that leads to a protocol with \"selected_by\"");
    }
    const Json alternatives = json->is_array() ? *json : Json::array({*json});
    if (alternatives.empty()) {
        refuse("\"selects\" is empty");
    }
    for (const model::Protocol* const base : bases) {
        Selected& selected = selected_[draft.protocol].emplace_back(Selected{base, {}});
        for (const Json& alternative : alternatives) {
            within("selects", [&, this] { selected.keys.push_back(read_key(*base, alternative)); });
        }
    }
}

SelectionLoader::Key SelectionLoader::read_key(const model::Protocol& base, const Json& json) const {
    Key key;
    ObjectReader part(json, "what is there");
    for (const std::size_t index : base.selection.fields) {
        const model::Field& field = base.fields[index];
        const Json* const number = part.find(field.id);
        if (number == nullptr) {
            refuse("a value for " + field.id + " is missing: " + base.id + " is selected by it");
        }
        key.push_back(fields_.value(field, *number, field.id + ":"));
        const bool may_be_absent = static_cast<bool>(field.condition);
        if (!key.back().is<Integer>() && !(key.back().is_none() && may_be_absent)) {
            refuse(field.id + ": not a number");
        }
    }
    part.finish();
    return key;
}

void SelectionLoader::set_defaults(Draft& draft) const {
    if (const auto found = selected_.find(draft.protocol); found != selected_.end()) {
        for (const Selected& selected : found->second) {
            set_defaults(draft, selected);
        }
    }
}

void SelectionLoader::set_defaults(Draft& draft, const Selected& selected) const {
    const model::Protocol& base = *selected.base;
    const Json* const changes = draft.json->contains("field_changes") ? &draft.json->at("field_changes") : nullptr;
    for (std::size_t index = 0; index < base.selection.fields.size(); ++index) {
        const std::string& id = base.fields[base.selection.fields[index]].id;
        const auto field = std::find_if(draft.fields.begin(), draft.fields.end(),
                                        [&id](const Json& each) { return id_of(each) == id; });
        if (field == draft.fields.end()) {
            refuse("has no field " + id + ", by which " + base.id + " is selected");
        }
        // What the protocol says itself stays, whatever it selects.
        const bool is_own = draft.json->contains("fields") && field->contains("default");
        const bool is_changed = changes != nullptr && changes->contains(id) && changes->at(id).contains("default");
        const Integer* const number = selected.keys.front()[index].get_if<Integer>();
        if (!is_own && !is_changed && number != nullptr) {
            const bool is_large = *number > std::numeric_limits<std::int64_t>::max();
            (*field)["default"] = is_large ? Json(to_string(*number)) : Json(static_cast<std::int64_t>(*number));
        }
    }
}

void SelectionLoader::connect(const Draft& draft) const {
    if (const auto found = selected_.find(draft.protocol); found != selected_.end()) {
        for (const Selected& selected : found->second) {
            connect(draft, selected);
        }
    }
}

void SelectionLoader::connect(const Draft& draft, const Selected& selected) const {
    const model::Protocol& base = *selected.base;
    for (const std::size_t index : base.selection.fields) {
        const std::optional<std::size_t> own = draft.protocol->find_field(base.fields[index].id);
        if (!own || !is_same(fixed_place(base, index), fixed_place(*draft.protocol, *own))) {
            refuse("field " + base.fields[index].id + " is not where " + base.id + " has it, which is selected by it");
        }
    }
    model::Selection& selection = drafts_.of(base).protocol->selection;
    selection.known.push_back(draft.protocol);
    for (const Key& key : selected.keys) {
        auto [variant, is_new] = selection.variants.emplace(key, draft.protocol);
        if (is_new) {
            continue;
        }
        if (variant->is_users == draft.protocol->is_users) {
            refuse("\"selects\": " + shown(key) + " is " + variant->id + " already" +
                   where(place_of(drafts_.of(*variant))));
        }
        if (draft.protocol->is_users) {
            variant = draft.protocol;
        }
    }
}

}  // namespace framewright::loader
