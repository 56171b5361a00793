#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace framewright::conformance {

__extension__ typedef unsigned __int128 Wide;

/// JSON in which integers of any size stay exact: those of more than 18 digits are held as marked texts, so that two
/// of them are equal when all digits are. Discarded (json::is_discarded) for what is no JSON.
nlohmann::json parse_exact(std::string_view text);

/// The JSON text of a value that parse_exact gave: its long integers are integers again.
std::string dump_exact(const nlohmann::json& value);

/// What Python's str() prints of a text, a number or a boolean.
std::string python_text(const nlohmann::json& value);

/// A number, or a text of one, decimal or with 0x; nothing for any other value, or for more than 128 bits.
std::optional<Wide> to_wide(const nlohmann::json& value);

}  // namespace framewright::conformance
