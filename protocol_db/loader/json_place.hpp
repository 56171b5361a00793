#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

namespace framewright::loader {

/// A step into a JSON value: the key of a member, or the index of an element.
using JsonStep = std::variant<std::string_view, std::size_t>;
using JsonPath = std::vector<JsonStep>;

/// The line, from 1, of a place in a text.
std::size_t line_at(std::string_view text, std::size_t place);

/// The line on which the value at the path begins, or the innermost value around it that is there. For a text that has
/// been parsed as JSON; in any other, some line of it.
std::size_t line_of(std::string_view text, const JsonPath& path);

/// A member whose key its object has already: where the key begins, and the path to the object.
struct DuplicateKey {
    std::size_t place = 0;
    std::string_view key;
    JsonPath path;
};

/// A key that stands in one object twice, written alike, in a text that has been parsed as JSON.
std::optional<DuplicateKey> find_duplicate_key(std::string_view text);

/// Where arrays and objects are nested deeper than so many levels, in a text that may be no JSON; nothing if nowhere.
std::optional<std::size_t> find_too_deep(std::string_view text, std::size_t levels);

}  // namespace framewright::loader
