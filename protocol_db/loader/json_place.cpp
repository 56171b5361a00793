#include "protocol_db/loader/json_place.hpp"

#include <algorithm>

namespace framewright::loader {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

std::size_t skip_blanks(std::string_view text, std::size_t place) {
    return std::min(text.find_first_not_of(kBlanks, place), text.size());
}

/// Behind the string that begins at the place.
std::size_t end_of_string(std::string_view text, std::size_t place) {
    for (++place; place < text.size() && text[place] != '"'; ++place) {
        place += text[place] == '\\' ? 1 : 0;
    }
    return std::min(place + 1, text.size());
}

/// Behind the value that begins at the place.
std::size_t end_of_value(std::string_view text, std::size_t place) {
    std::size_t depth = 0;
    while (place < text.size()) {
        const char c = text[place];
        if (c == '"') {
            place = end_of_string(text, place);
        } else if (c == '{' || c == '[') {
            ++depth;
            ++place;
        } else if (c == '}' || c == ']') {
            depth -= depth > 0 ? 1 : 0;
            ++place;
        } else {
            place = depth == 0 ? std::min(text.find_first_of(",]} \t\r\n", place), text.size()) : place + 1;
        }
        if (depth == 0) {
            break;
        }
    }
    return place;
}

/// Where a member or an element of the value at the place begins.
std::optional<std::size_t> find_inside(std::string_view text, std::size_t place, const JsonStep& step) {
    const bool is_object = place < text.size() && text[place] == '{';
    if (!is_object && (place >= text.size() || text[place] != '[')) {
        return std::nullopt;
    }
    place = skip_blanks(text, place + 1);
    for (std::size_t index = 0; place < text.size() && text[place] != '}' && text[place] != ']'; ++index) {
        bool is_found = step == JsonStep(index);
        if (is_object) {
            const std::size_t end = end_of_string(text, place);
            is_found = step == JsonStep(text.substr(place + 1, end - place - 2));
            // Behind the colon.
            place = skip_blanks(text, skip_blanks(text, end) + 1);
        }
        if (is_found) {
            return place;
        }
        place = skip_blanks(text, end_of_value(text, place));
        place = place < text.size() && text[place] == ',' ? skip_blanks(text, place + 1) : place;
    }
    return std::nullopt;
}

}  // namespace

std::size_t line_at(std::string_view text, std::size_t place) {
    const std::string_view before = text.substr(0, place);
    return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

std::size_t line_of(std::string_view text, const JsonPath& path) {
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    std::size_t place = skip_blanks(text, text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
    for (const JsonStep& step : path) {
        const std::optional<std::size_t> inner = find_inside(text, place, step);
        if (!inner) {
            break;
        }
        place = *inner;
    }
    return line_at(text, place);
}

std::optional<std::size_t> find_too_deep(std::string_view text, std::size_t levels) {
    std::size_t depth = 0;
    for (std::size_t place = 0; place < text.size(); ++place) {
        const char c = text[place];
        if (c == '"') {
            place = end_of_string(text, place) - 1;
        } else if (c == '{' || c == '[') {
            if (++depth > levels) {
                return place;
            }
        } else if (c == '}' || c == ']') {
            depth -= depth > 0 ? 1 : 0;
        }
    }
    return std::nullopt;
}

}  // namespace framewright::loader
