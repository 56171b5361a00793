#include "protocol_db/loader/bindings.hpp"

#include <algorithm>
#include <optional>

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
            const auto other = json.is_object() ? json.find("protocol") : json.end();
            const bool has_name = json.is_object() && other != json.end() && other->is_string();
            within(std::string(key) + " " + (has_name ? other->get<std::string>() : "a protocol"),
                   [&, this] { bind(*draft.protocol, json, key == "under"); });
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
        model::Binding binding;
        binding.upper = &upper;
        binding.is_users = protocol.is_users;
        const Json* const conditions = when != nullptr ? when : both;
        if (conditions != nullptr) {
            binding.conditions = field_values(lower, *conditions, when != nullptr ? "when" : "fields");
        }
        own(lower).bindings.push_back(std::move(binding));
    }
    if (both != nullptr || set != nullptr || when == nullptr) {
        model::Imposition imposition;
        imposition.lower = &lower;
        const Json* const values = set != nullptr ? set : both;
        if (values != nullptr) {
            imposition.fields = field_values(lower, *values, set != nullptr ? "set" : "fields");
        }
        std::vector<model::Imposition>& impositions = own(upper).impositions;
        const auto same = [&lower](const model::Imposition& made) { return made.lower == &lower; };
        if (std::none_of(impositions.begin(), impositions.end(), same)) {
            impositions.push_back(std::move(imposition));
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
    if (!protocol.is_users) {
        const std::vector<model::Binding>& here = own(protocol).bindings;
        protocol.bindings_before_choices = static_cast<std::size_t>(std::count_if(here.begin(), here.end(), is_users));
        suggest_payloads_of_other_files(protocol);
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

BindingLoader::FieldValues BindingLoader::field_values(const model::Protocol& protocol, const Json& json,
                                                       const std::string& key) {
    FieldValues values;
    for (const auto& [id, value] : object_items(json, "\"" + key + "\" (fields and their values)")) {
        const std::size_t index = FieldLoader::field_index(protocol, id);
        values.emplace_back(index, fields_.value(protocol.fields[index], value, "field " + id + ": value"));
    }
    return values;
}

}  // namespace framewright::loader
