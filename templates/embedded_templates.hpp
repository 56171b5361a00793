#pragma once

#include <span>

#include "protocol_db/embedded_file.hpp"

namespace framewright::templates {

/// The built-in template files: every *.trp below templates, sorted by path.
std::span<const EmbeddedFile> embedded_templates();

}  // namespace framewright::templates
