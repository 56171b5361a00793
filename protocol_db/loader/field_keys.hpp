#pragma once

#include <string_view>

#include "protocol_db/loader/definition_json.hpp"

namespace framewright::loader {

/// Whether a key of a field's definition means something for fields of the type.
bool has_meaning(std::string_view key, std::string_view type_name);

/// Throws Refusal for keys of a field's definition that would go unheard: those that mean nothing for its type, and in
/// a part of a field (`is_part`: a list's element, a variant) those that are the whole field's.
void check_keys(const Json& field, std::string_view type_name, bool is_part);

}  // namespace framewright::loader
