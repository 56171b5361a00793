#pragma once

#include <span>

#include "protocol_db/embedded_file.hpp"

namespace framewright::field_engine {

/// The definitions of the field engine's instructions: instructions.json.
std::span<const EmbeddedFile> embedded_instructions();

}  // namespace framewright::field_engine
