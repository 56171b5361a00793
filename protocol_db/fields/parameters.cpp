#include "protocol_db/fields/parameters.hpp"

#include <algorithm>

namespace framewright::fields {

const expression::Rule* Parameters::find_rule(std::string_view key) const {
    const auto found =
        std::find_if(rules_.begin(), rules_.end(), [key](const NamedRule& named) { return named.key == key; });
    return found != rules_.end() ? found->rule : nullptr;
}

const NumberNames& names_of(const model::Field& field) {
    static const NumberNames kNoNames;
    const NumberNames* const names = field.parameters != nullptr ? field.parameters->names() : nullptr;
    return names != nullptr ? *names : kNoNames;
}

const expression::Rule* length_rule(const model::Field& field) {
    return field.parameters != nullptr ? field.parameters->find_rule(kLengthKey.name) : nullptr;
}

const model::Protocol* held_protocol(const model::Field& field) {
    return field.parameters != nullptr ? field.parameters->holds() : nullptr;
}

}  // namespace framewright::fields
