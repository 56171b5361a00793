#pragma once

#include "protocol_db/loader/definition_json.hpp"
#include "protocol_db/loader/field_loader.hpp"

namespace framewright::loader {

/// What the `checksum` of a field says, whose width is known. Throws Refusal or expression::RuleError.
model::Computation read_checksum(const model::Protocol& protocol, const model::Field& field, const Json& json,
                                 FieldLoader& fields);

}  // namespace framewright::loader
