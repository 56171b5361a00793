#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "protocol_db/bytes.hpp"

namespace framewright::fields {

/// How octets are written for a person, and read from what a person wrote. Octets that are not of the notation are
/// written as 0x and hexadecimal digits, which all notations read.
struct OctetNotation {
    /// As definitions call it.
    std::string_view name;
    /// Appends the text of the octets; false, and nothing, for octets that the notation cannot say.
    bool (*show)(ByteView octets, std::string& out);
    /// The octets of a text; none for what is not of the notation.
    std::optional<Bytes> (*read)(std::string_view text);
    /// How the guide says it.
    std::string_view documentation;
    /// Whether results give it as an expression.
    bool is_expression = false;
    /// So many zero octets at the end of a field of a fixed length are not part of the text; 0: all are.
    std::size_t fill = 0;
};

/// The notations that definitions may ask for.
std::span<const OctetNotation> octet_notations();
/// The notation of a name, or null.
const OctetNotation* find_octet_notation(std::string_view name);

/// Appends octets in a notation, or as 0x and digits where it cannot say them.
void show_octets(const OctetNotation& notation, ByteView octets, std::string& out);
/// Reads what show_octets writes. Throws ValueError.
Bytes read_octets(const OctetNotation& notation, std::string_view text);

}  // namespace framewright::fields
