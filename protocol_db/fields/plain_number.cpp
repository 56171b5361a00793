#include "protocol_db/fields/plain_number.hpp"

#include <string>

#include "protocol_db/fields/field_type.hpp"

namespace framewright::fields {

bool is_plain_number(const model::Field& field) {
    const NumberNames& names = names_of(field);
    const bool has_names = names.enumeration != nullptr || !names.enumerations_by.empty() || !names.flags.empty();
    const bool is_computed =
        static_cast<bool>(field.automatic) || field.computation.algorithm != model::Algorithm::kNone;
    const bool is_open = field.default_value.is_none() && field.unset_value.is_none();
    if (!field.type->is_number() || has_names || is_computed || is_open) {
        return false;
    }
    // Ten is the least number that tells hexadecimal from decimal.
    std::string text;
    field.type->show(field, Integer{10}, text);
    return text == "10";
}

}  // namespace framewright::fields
