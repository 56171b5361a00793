#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "protocol_db/bytes.hpp"
#include "tests/editor/definitions.hpp"

namespace framewright::editor {

/// The texts and objects that a person's look at a field makes the editor send: what it shows of the field, and the
/// value behind it. Each of them means the value that the field has. `field` is one of a packet result.
std::vector<nlohmann::json> shown_values(const nlohmann::json& field, const FieldDefinition* definition);

/// A model with one field of one layer set, in place of what the model says of it.
nlohmann::json with_field(nlohmann::json model, std::size_t layer, const std::string& field,
                          const nlohmann::json& value);

/// The model without the field.
nlohmann::json without_field(nlohmann::json model, std::size_t layer, const std::string& field);

/// What the editor sends to change one field of a packet result by its bytes: its layers up to that of the field.
nlohmann::json change_of(const nlohmann::json& packet, std::size_t layer, const std::string& field,
                         const nlohmann::json& value);

/// The bytes of a packet result.
Bytes bytes_of(const nlohmann::json& packet);

/// Whether two packets differ at most in the bits of one field of the first, whose packet result says where they are.
/// The second may have the end of a header as well that the bytes of the first cut off.
bool differ_in_field_alone(const nlohmann::json& before, const Bytes& after, std::size_t layer,
                           const nlohmann::json& field);

}  // namespace framewright::editor
