#pragma once

#include <string>

#include "protocol_db/loader/draft.hpp"
#include "protocol_db/loader/field_loader.hpp"

namespace framewright::loader {

/// The fields of a definition in a row, without the SEQUENCEs and SETs among them that others stand in: `draft` keeps
/// these, and where each field is written. Throws Refusal.
Json flat_fields(const Json& fields, Draft& draft);

/// Reads how a protocol whose fields are defined is encoded, and adds the field that keeps how lengths are written.
/// Throws Refusal.
void define_encoding(Draft& draft, const Drafts& drafts);

/// Tells protocols by which object identifiers this one is known in them. Throws Refusal.
void connect_object_identifiers(Draft& draft, Drafts& drafts, FieldLoader& fields);

/// Throws Refusal for what is no object identifier in dotted numbers, and for a name that cannot be one.
void check_object_identifier(const std::string& dotted, const Json& name);

/// Lets each field work out what can be told once all protocols are defined. Throws DefinitionError.
void finish_fields(Draft& draft);

}  // namespace framewright::loader
