#include "protocol_db/loader/json_place.hpp"

#include <algorithm>
#include <iterator>

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

/// An array or object that a text is in the middle of.
struct OpenValue {
    /// The step from it to what is inside of it now.
    JsonStep step;
    /// Where its keys begin among all that are kept.
    std::size_t first_key = 0;
};

/// A key that stands twice from `first` on: where it stands again.
const std::string_view* find_repeated(std::vector<std::string_view>& keys, std::size_t first) {
    const auto begin = keys.begin() + static_cast<std::ptrdiff_t>(first);
    const auto by_text_and_place = [](std::string_view a, std::string_view b) {
        return a != b ? a < b : a.data() < b.data();
    };
    std::sort(begin, keys.end(), by_text_and_place);
    const auto found = std::adjacent_find(begin, keys.end());
    return found != keys.end() ? &*std::next(found) : nullptr;
}

}  // namespace

std::optional<DuplicateKey> find_duplicate_key(std::string_view text) {
    std::vector<std::string_view> keys;
    std::vector<OpenValue> open;
    for (std::size_t place = 0; place < text.size(); ++place) {
        const char c = text[place];
        if (c == '"') {
            const std::size_t end = end_of_string(text, place);
            const std::size_t next = skip_blanks(text, end);
            if (next < text.size() && text[next] == ':' && !open.empty()) {
                keys.push_back(text.substr(place + 1, end - place - 2));
                open.back().step = keys.back();
            }
            place = end - 1;
        } else if (c == '{' || c == '[') {
            open.push_back({c == '[' ? JsonStep(std::size_t{0}) : JsonStep(std::string_view()), keys.size()});
        } else if (c == ',' && !open.empty()) {
            if (auto* const index = std::get_if<std::size_t>(&open.back().step)) {
                ++*index;
            }
        } else if ((c == '}' || c == ']') && !open.empty()) {
            const std::size_t first_key = open.back().first_key;
            open.pop_back();
            if (const std::string_view* const key = find_repeated(keys, first_key)) {
                DuplicateKey found{static_cast<std::size_t>(key->data() - text.data()), *key, {}};
                std::transform(open.begin(), open.end(), std::back_inserter(found.path),
                               [](const OpenValue& value) { return value.step; });
                return found;
            }
            keys.resize(first_key);
        }
    }
    return std::nullopt;
}

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
