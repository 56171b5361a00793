#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol_db/bytes.hpp"

namespace framewright {

/// Numbers of any width, as octets with the highest first; without a sign.

/// Reads a whole text of decimal digits, or of 0x and hexadecimal ones; none for anything else, or for more digits than
/// 8192 bits need.
std::optional<Bytes> read_wide_number(std::string_view text);
/// Writes decimal digits; 0x and hexadecimal ones.
std::string to_wide_decimal(ByteView octets);
std::string to_wide_hexadecimal(ByteView octets);

}  // namespace framewright
