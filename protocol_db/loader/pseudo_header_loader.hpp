#pragma once

#include "protocol_db/loader/definition_json.hpp"
#include "protocol_db/loader/field_loader.hpp"

namespace framewright::loader {

/// What a protocol's `pseudo_header` says. Throws Refusal or expression::RuleError.
model::PseudoHeader read_pseudo_header(const model::Protocol& protocol, const Json& json, FieldLoader& fields);

/// Throws Refusal where a protocol lets a pseudo header through that is not there, or replaces a part that it lacks.
/// All protocols are defined by then.
void check_pseudo_header(const model::Protocol& protocol);

}  // namespace framewright::loader
