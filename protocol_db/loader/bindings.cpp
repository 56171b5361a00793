#include "protocol_db/loader/bindings.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "protocol_db/fields/field_type.hpp"
#include "protocol_db/loader/similar_word.hpp"

namespace framewright::loader {

namespace {

/// Where a definition suggests payloads, those that other files put on top of the protocol are suggested as well: its
/// author does not know them.
void suggest_payloads_of_other_files(model::Protocol& protocol) {
    std::vector<std::string>& suggested = protocol.suggested_payloads;
    for (const model::Binding& binding : protocol.bindings) {
        const bool is_elsewhere = binding.upper->file != protocol.file || binding.upper->is_users != protocol.is_users;
        if (protocol.has_suggested_payloads && protocol.is_offered() && is_elsewhere && binding.upper->is_offered() &&
            std::find(suggested.begin(), suggested.end(), binding.upper->id) == suggested.end()) {
            suggested.push_back(binding.upper->id);
        }
    }
}

}  // namespace

void BindingLoader::read(Draft& draft) {
    read_each(draft, "under", draft.reader.array("under"));
    read_each(draft, "over", draft.reader.array("over"));
}

void BindingLoader::read_each(const Draft& draft, std::string_view key, const Json* bindings) {
    for (std::size_t index = 0; bindings != nullptr && index < bindings->size(); ++index) {
        Place place = place_of(draft);
        place.path.insert(place.path.end(), {key, index});
        at(place, [&, this] {
            const Json& json = (*bindings)[index];
            const bool is_of_space = key == "under" && json.is_object() && json.contains("space");
            const auto other = json.is_object() ? json.find(is_of_space ? "space" : "protocol") : json.end();
            const bool has_name = json.is_object() && other != json.end() && other->is_string();
            within(std::string(key) + " " + (has_name ? other->get<std::string>() : "a protocol"), [&, this] {
                if (is_of_space) {
                    join_space(*draft.protocol, json);
                } else {
                    bind(*draft.protocol, json, key == "under");
                }
            });
        });
    }
}

/// {"protocol": other, "fields": both ways, "when": only when dissected, "set": only when built}
void BindingLoader::bind(model::Protocol& protocol, const Json& json, bool is_upper) {
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
        const Json* const conditions = when != nullptr ? when : both;
        add(lower, upper, protocol.is_users,
            conditions != nullptr ? field_values(lower, *conditions, when != nullptr ? "when" : "fields")
                                  : FieldValues());
    }
    if (both != nullptr || set != nullptr || when == nullptr) {
        const Json* const values = set != nullptr ? set : both;
        impose(lower, upper,
               values != nullptr ? field_values(lower, *values, set != nullptr ? "set" : "fields") : FieldValues());
    }
}

void BindingLoader::add(model::Protocol& lower, model::Protocol& upper, bool is_users, FieldValues conditions) {
    own(lower).bindings.push_back({&upper, is_users, std::move(conditions)});
}

/// The first that sets something does so.
void BindingLoader::impose(model::Protocol& lower, model::Protocol& upper, FieldValues values) {
    std::vector<model::Imposition>& impositions = own(upper).impositions;
    const auto same = [&lower](const model::Imposition& made) { return made.lower == &lower; };
    if (std::none_of(impositions.begin(), impositions.end(), same)) {
        impositions.push_back({&lower, std::move(values)});
    }
}

void BindingLoader::read_spaces(Draft& draft) {
    const Json* const reads = draft.reader.find("reads");
    if (reads == nullptr) {
        return;
    }
    for (const auto& [space, json] : object_items(*reads, "\"reads\" (number spaces and fields)")) {
        within("reads " + space, [&, this, &space = space, &json = json] {
            check_id(space);
            spaces_[space].push_back(read_space(*draft.protocol, json));
        });
    }
}

/// A field's id, or several, or {"field": these, "with": what other fields hold}
BindingLoader::SpaceReader BindingLoader::read_space(model::Protocol& protocol, const Json& json) {
    SpaceReader space{&protocol, {}, {}};
    const Json* fields = &json;
    if (json.is_object()) {
        ObjectReader part(json, "a number space");
        fields = part.find("field");
        const Json* const with = part.find("with");
        part.finish();
        if (fields == nullptr) {
            refuse("\"field\" is missing");
        }
        if (with != nullptr) {
            space.with = field_values(protocol, *with, "with");
        }
    }
    for (const Json& id : fields->is_array() ? *fields : Json::array({*fields})) {
        space.fields.push_back(FieldLoader::field_index(protocol, id.is_string() ? id.get<std::string>() : ""));
        if (!protocol.fields[space.fields.back()].type->is_number()) {
            refuse("field " + id.get<std::string>() + " is not a number");
        }
    }
    if (space.fields.empty()) {
        refuse("names no field");
    }
    return space;
}

/// {"space": name, "value": both ways, "when": only when dissected, "set": only when built}
void BindingLoader::join_space(model::Protocol& upper, const Json& json) {
    ObjectReader part(json, "a binding");
    const std::string name = part.required_text("space");
    const Json* const both = part.find("value");
    const Json* const when = part.find("when");
    const Json* const set = part.find("set");
    part.finish();
    if (both != nullptr ? when != nullptr || set != nullptr : when == nullptr && set == nullptr) {
        refuse("needs a \"value\", or \"when\" and \"set\" in place of it");
    }
    const auto space = spaces_.find(name);
    if (space == spaces_.end()) {
        refuse("no protocol reads the number space \"" + name + "\"" +
               did_you_mean(name, [this](std::string_view known) { return spaces_.contains(known); }));
    }
    for (const SpaceReader& reader : space->second) {
        model::Protocol& lower = *reader.protocol;
        const auto with_number = [&, this](std::size_t field, const Json& number) {
            FieldValues values = reader.with;
            values.emplace_back(
                field, value_of(lower, field, number, lower.id + ": field " + lower.fields[field].id + ": value"));
            return values;
        };
        if (const Json* const number = when != nullptr ? when : both) {
            for (const std::size_t field : reader.fields) {
                add(lower, upper, upper.is_users, with_number(field, *number));
            }
        }
        if (const Json* const number = set != nullptr ? set : both) {
            impose(lower, upper, with_number(reader.fields.front(), *number));
        }
    }
}

BindingLoader::Own& BindingLoader::own(const model::Protocol& protocol) {
    own_.resize(builder_.protocols().size());
    return own_[protocol.index];
}

void BindingLoader::gather(model::Protocol& protocol) {
    gather_bindings(protocol);
    gather_impositions(protocol);
}

/// A user's bindings stand in front: what a user says of a protocol goes before what is built in.
void BindingLoader::gather_bindings(model::Protocol& protocol) {
    for (const model::Protocol* const alias : protocol.binds_as) {
        for (const model::Binding& binding : own(*alias).bindings) {
            add_binding(protocol, binding, *alias);
        }
    }
    const auto is_users = [](const model::Binding& binding) { return binding.is_users; };
    std::stable_partition(protocol.bindings.begin(), protocol.bindings.end(), is_users);
    make_tables(protocol);
    if (!protocol.is_users) {
        const std::vector<model::Binding>& here = own(protocol).bindings;
        protocol.bindings_before_choices = static_cast<std::size_t>(std::count_if(here.begin(), here.end(), is_users));
        suggest_payloads_of_other_files(protocol);
    }
}

/// Groups the bindings of a protocol by the fields that they ask for.
void BindingLoader::make_tables(model::Protocol& protocol) {
    std::vector<model::BindingTable>& tables = protocol.binding_tables;
    std::map<std::vector<std::size_t>, std::size_t> table_of;
    for (std::size_t index = 0; index < protocol.bindings.size(); ++index) {
        auto conditions = protocol.bindings[index].conditions;
        std::sort(conditions.begin(), conditions.end(),
                  [](const auto& left, const auto& right) { return left.first < right.first; });
        std::vector<std::size_t> fields;
        std::vector<model::Value> values;
        for (auto& [field, value] : conditions) {
            fields.push_back(field);
            values.push_back(std::move(value));
        }
        const auto [place, is_new] = table_of.try_emplace(fields, tables.size());
        if (is_new) {
            tables.push_back({std::move(fields), {}, index});
        }
        // One behind another of the same values is never asked.
        tables[place->second].first_with.emplace(std::move(values), index);
    }
}

/// Adds a binding that was written for `alias`; not where it asks for a field that the protocol has not.
void BindingLoader::add_binding(model::Protocol& protocol, model::Binding binding, const model::Protocol& alias) {
    for (auto& [index, value] : binding.conditions) {
        const auto here = &alias == &protocol ? std::optional(index) : protocol.find_field(alias.fields[index].id);
        if (!here) {
            return;
        }
        index = *here;
    }
    count_.add(1);
    protocol.bindings.push_back(std::move(binding));
}

/// Impositions of a derived protocol: its own, then those of what it is derived from.
void BindingLoader::gather_impositions(model::Protocol& protocol) {
    protocol.impositions = own(protocol).impositions;
    for (const model::Protocol* const ancestor : protocol.ancestors) {
        const std::vector<model::Imposition>& inherited = own(*ancestor).impositions;
        count_.add(inherited.size());
        protocol.impositions.insert(protocol.impositions.end(), inherited.begin(), inherited.end());
    }
}

/// Of several fields of the id any may be in a packet: the value must mean the same to all of them.
model::Value BindingLoader::value_of(const model::Protocol& protocol, std::size_t index, const Json& json,
                                     const std::string& what) {
    const std::vector<model::Field>& fields = protocol.fields;
    model::Value value = fields_.value(fields[index], json, what);
    for (std::size_t other = fields[index].next_of_id; other != 0; other = fields[other].next_of_id) {
        if (fields_.value(fields[other], json, what) != value) {
            refuse("the fields of the id " + fields[index].id + " read the value differently");
        }
    }
    return value;
}

BindingLoader::FieldValues BindingLoader::field_values(const model::Protocol& protocol, const Json& json,
                                                       const std::string& key) {
    FieldValues values;
    for (const auto& [id, value] : object_items(json, "\"" + key + "\" (fields and their values)")) {
        const std::size_t index = FieldLoader::field_index(protocol, id);
        if (values.size() == model::kMaximumConditions) {
            refuse("\"" + key + "\" has more than " + std::to_string(model::kMaximumConditions) + " fields");
        }
        values.emplace_back(index, value_of(protocol, index, value, "field " + id + ": value"));
    }
    return values;
}

}  // namespace framewright::loader
