#include "protocol_db/loader/choices.hpp"

#include <utility>

#include "protocol_db/loader/loader.hpp"
#include "protocol_db/loader/similar_word.hpp"

namespace framewright::loader {

void BindingCount::add(std::size_t count) {
    count_ += count;
    if (count_ > kMaximumAllBindings) {
        refuse("with it there are more than " + std::to_string(kMaximumAllBindings) +
               " bindings and choices in all protocols");
    }
}

bool ChoiceLoader::share(const std::string& name, const Json& json) {
    if (!json.is_array()) {
        refuse("the choices \"" + name + "\" are no array");
    }
    return shared_.emplace(name, &json).second;
}

std::vector<model::Choice> ChoiceLoader::choices(const model::Protocol& protocol, const Json& json) {
    if (json.is_string()) {
        const auto shared = shared_.find(json.get<std::string>());
        if (shared == shared_.end()) {
            refuse("there are no choices \"" + json.get<std::string>() + "\"" +
                   did_you_mean(json.get<std::string>(),
                                [this](std::string_view known) { return shared_.contains(std::string(known)); }));
        }
        return choices(protocol, *shared->second);
    }
    if (!json.is_array()) {
        refuse("a list of choices is not an array");
    }
    count_.add(json.size());
    std::vector<model::Choice> result;
    for (const Json& item : json) {
        ObjectReader part(item, "a choice");
        if (!result.empty() && !result.back().when && !result.back().is_of_variants) {
            refuse("a choice stands behind one without \"when\", which always holds");
        }
        model::Choice choice;
        choice.when = FieldLoader::rule_at(protocol, part, "when");
        const std::string base = part.text("variant_of");
        choice.is_of_variants = !base.empty();
        choice.protocol_name = choice.is_of_variants ? base : part.required_text("protocol");
        choice.protocol = fields_.protocol(choice.protocol_name);
        part.finish();
        if (choice.is_of_variants && choice.protocol->selection.fields.empty()) {
            refuse("\"variant_of\": " + base + " has no variants, as it has no \"selected_by\"");
        }
        result.push_back(std::move(choice));
    }
    return result;
}

std::vector<model::Choice> ChoiceLoader::choices_or_protocol(const model::Protocol& protocol, const Json& json) {
    const bool is_protocol = json.is_string() && !shared_.contains(json.get<std::string>());
    return choices(protocol, is_protocol ? Json::array({Json{{"protocol", json}}}) : json);
}

}  // namespace framewright::loader
