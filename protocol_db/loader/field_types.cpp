#include "protocol_db/loader/field_types.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "protocol_db/fields/registry.hpp"
#include "protocol_db/loader/loader.hpp"
#include "protocol_db/loader/similar_word.hpp"

namespace framewright::loader {

namespace {

/// What one field says of itself and no type can say for it.
constexpr std::array<std::string_view, 2> kOfOneField{"id", "when"};

constexpr std::array<std::string_view, 6> kOfAnyField{"id", "type", "bits", "unset", "pad_to", "truncate_to"};

/// What is asked of the whole field only. (`unset` is what a variant is written as.)
constexpr std::array<std::string_view, 15> kOfWholeField{"when",     "default",   "initial", "computed", "checksum",
                                                         "align_to", "generated", "label",   "help",     "kind",
                                                         "regex",    "min",       "max",     "auto",     "choices"};

bool contains(std::span<const std::string_view> keys, std::string_view key) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

}  // namespace

bool is_field_key(std::string_view key) {
    return loader::contains(kOfAnyField, key) || is_whole_fields_key(key);
}

bool is_whole_fields_key(std::string_view key) {
    return loader::contains(kOfWholeField, key);
}

bool has_meaning(std::string_view key, const fields::FieldType& type) {
    if (key == "bits") {
        return type.needs_bits() || type.fixed_bits() != 0;
    }
    const std::span<const fields::Key> keys = type.keys();
    return !fields::is_type_key(key) ||
           std::any_of(keys.begin(), keys.end(), [key](const fields::Key& own) { return own.name == key; });
}

void FieldTypes::add(const std::string& name, const Json& json) {
    check_id(name);
    if (made_.size() == kMaximumTypes) {
        refuse("with it there are more than " + std::to_string(kMaximumTypes) + " types");
    }
    if (name.empty() || fields::find_field_type(name) != nullptr) {
        refuse("the type \"" + name + "\" is already there, built in");
    }
    ObjectReader reader(json, "a type");
    Made made;
    made.base = reader.required_text("type");
    made.help = reader.text("help");
    made.keys = Json::object();
    for (const auto& [key, value] : json.items()) {
        if (loader::contains(kOfOneField, key)) {
            refuse("\"" + key + "\" is each field's own: it is not read in a type");
        }
        if (key != "type" && key != "help") {
            made.keys[key] = value;
        }
    }
    made_.emplace(name, std::move(made));
}

void FieldTypes::join(const std::string& name) {
    join(name, 0);
}

void FieldTypes::join(const std::string& name, std::size_t depth) {
    Made& made = made_.at(name);
    if (made.type != nullptr) {
        return;
    }
    if (made.is_busy || depth > kMaximumAncestors) {
        refuse("the type is made of itself, or of more than " + std::to_string(kMaximumAncestors) +
               " types over each other");
    }
    made.is_busy = true;
    if (!contains(made.base)) {
        refuse("there is no field type \"" + made.base + "\"" +
               did_you_mean(made.base, [this](std::string_view known) { return contains(known); }));
    }
    if (made_.contains(made.base)) {
        join(made.base, depth + 1);
        Json keys = made_.at(made.base).keys;
        keys.update(made.keys);
        made.keys = std::move(keys);
    }
    if (made.keys.dump().size() > kMaximumTypeSize) {
        refuse("the type says more than " + std::to_string(kMaximumTypeSize) + " bytes of its fields");
    }
    made.type = find(made.base);
    for (const auto& [key, value] : made.keys.items()) {
        if (!has_meaning(key, *made.type)) {
            refuse("\"" + key + "\" means nothing for a " + made.base);
        }
        if (!fields::is_type_key(key) && !is_field_key(key)) {
            refuse("unknown key \"" + key + "\"" + did_you_mean(key, [](std::string_view known) {
                       return fields::is_type_key(known) || is_field_key(known);
                   }));
        }
    }
    made.is_busy = false;
}

const fields::FieldType* FieldTypes::find(std::string_view name) const {
    const auto found = made_.find(name);
    return found != made_.end() ? found->second.type : fields::find_field_type(name);
}

bool FieldTypes::contains(std::string_view name) const {
    return made_.contains(name) || fields::find_field_type(name) != nullptr;
}

const Json* FieldTypes::keys_of(std::string_view name) const {
    const auto found = made_.find(name);
    return found != made_.end() ? &found->second.keys : nullptr;
}

}  // namespace framewright::loader
