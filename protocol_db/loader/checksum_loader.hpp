#pragma once

#include "protocol_db/loader/definition_json.hpp"
#include "protocol_db/loader/field_loader.hpp"

namespace framewright::loader {

/// What the `checksum` of a field says, whose width is known. Throws Refusal or expression::RuleError.
model::Computation read_checksum(const model::Protocol& protocol, const model::Field& field, const Json& json,
                                 FieldLoader& fields);

/// Throws Refusal where the checksum in a field, the one at `index`, leaves out what it does not cover, or no whole
/// bytes, or asks for a pseudo header that is not there. All protocols are defined by then.
void check_checksum(const model::Protocol& protocol, std::size_t index);

}  // namespace framewright::loader
