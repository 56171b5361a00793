#pragma once

#include <span>

#include "protocol_db/embedded_file.hpp"

namespace framewright::definitions {

/// The built-in definition files: every *.json of protocol_db/definitions but the schemas (*.schema.json), sorted by
/// path.
std::span<const EmbeddedFile> embedded_definitions();

}  // namespace framewright::definitions
