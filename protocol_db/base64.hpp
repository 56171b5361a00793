#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol_db/bytes.hpp"

namespace framewright {

/// Appends the base64 text of the octets: standard alphabet, padded, without line breaks (RFC 4648, section 4).
void append_base64(std::string& out, ByteView bytes);

/// The base64 text of the octets, as append_base64 writes it.
std::string base64_encode(ByteView bytes);

/// The base64 text of a text's octets.
std::string base64_of_text(std::string_view text);

/// Reads base64 of the standard alphabet with its padding. Line breaks (\n, \r) do not count, as MIME-style encoders
/// insert them; any other character, a wrong length or anything after the padding gives none. The unused bits of a
/// padded last group are ignored.
std::optional<Bytes> base64_decode(std::string_view text);

}  // namespace framewright
