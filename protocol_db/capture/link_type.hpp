#pragma once

namespace framewright::capture {

/// The number that files use for a link type (DLT).
int file_link_type(int link_type);

/// The link type (DLT) of the number that a file uses.
int link_type_of_file(int file_link_type);

}  // namespace framewright::capture
