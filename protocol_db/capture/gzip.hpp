#pragma once

#include <cstddef>

#include "protocol_db/bytes.hpp"

namespace framewright::capture {

/// Whether a file begins as those do that gzip compressed (RFC 1952).
bool is_gzip(ByteView file);

/// What was compressed with gzip; of several members in a row, all. Throws CaptureError for what is damaged, cut
/// short, or has more than `limit` bytes.
Bytes uncompress_gzip(ByteView file, std::size_t limit);

}  // namespace framewright::capture
