#pragma once

#include <string>
#include <string_view>

#include "protocol_db/integer.hpp"

namespace framewright::rpc {

/// Appends a text as a JSON string; octets that are no UTF-8 become U+FFFD.
void append_json_text(std::string& out, std::string_view text);

/// Appends a name that is known to need no escape, as the ids of protocols and fields are, as a JSON string.
inline void append_json_name(std::string& out, std::string_view name) {
    out += '"';
    out += name;
    out += '"';
}

/// Appends an integer as a JSON number.
void append_json_number(std::string& out, Integer number);

}  // namespace framewright::rpc
