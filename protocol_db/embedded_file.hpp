#pragma once

#include <string_view>

namespace framewright {

/// A file that is part of the executable. Both views last as long as the program.
struct EmbeddedFile {
    std::string_view path;  ///< Relative to the directory that was embedded, parts joined by "/".
    std::string_view content;
};

}  // namespace framewright
