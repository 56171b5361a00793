#pragma once

#include "protocol_db/loader/definition_json.hpp"
#include "protocol_db/loader/field_loader.hpp"

namespace framewright::loader {

/// What a protocol's `pseudo_header` says. Throws Refusal or expression::RuleError.
model::PseudoHeader read_pseudo_header(const model::Protocol& protocol, const Json& json, FieldLoader& fields);

}  // namespace framewright::loader
