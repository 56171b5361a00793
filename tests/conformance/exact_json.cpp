#include "tests/conformance/exact_json.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>

namespace framewright::conformance {
namespace {

using nlohmann::json;

constexpr std::size_t kMostPlainDigits = 18;  // they fit into 64 bits with any sign

/// What stands before the digits of a long integer's text: as it is, and as JSON writes it.
constexpr std::string_view kMark = "\x1einteger ";
constexpr std::string_view kWrittenMark = "\"\\u001einteger ";

bool is_digit(char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

/// The end of the JSON string that starts (with its quote) at `begin`.
std::size_t string_end(std::string_view text, std::size_t begin) {
    std::size_t i = begin + 1;
    while (i < text.size() && text[i] != '"') {
        i += text[i] == '\\' ? 2 : 1;
    }
    return std::min(i + 1, text.size());
}

/// The end of the JSON number that starts at `begin`.
std::size_t number_end(std::string_view text, std::size_t begin) {
    return std::min(text.find_first_not_of("+-.0123456789eE", begin), text.size());
}

bool is_long_integer(std::string_view number) {
    number.remove_prefix(number.starts_with('-') ? 1 : 0);
    return number.size() > kMostPlainDigits && std::ranges::all_of(number, is_digit);
}

/// Whether more digits stand in a row than a plain integer has: one of them stands at each multiple of their number.
bool has_long_row_of_digits(std::string_view text) {
    constexpr std::size_t kStep = kMostPlainDigits + 1;
    for (std::size_t i = kStep - 1; i < text.size(); i += kStep) {
        std::size_t begin = i;
        std::size_t end = i;
        while (end < text.size() && is_digit(text[end])) {
            ++end;
        }
        while (begin > 0 && end > i && is_digit(text[begin - 1])) {
            --begin;
        }
        if (end - begin >= kStep) {
            return true;
        }
    }
    return false;
}

}  // namespace

json parse_exact(std::string_view text) {
    if (!has_long_row_of_digits(text)) {
        return json::parse(text.data(), text.data() + text.size(), nullptr, false);
    }
    std::string marked;
    marked.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const bool number = text[i] == '-' || is_digit(text[i]);
        const std::size_t end = text[i] == '"' ? string_end(text, i) : number ? number_end(text, i) : i + 1;
        const std::string_view token = text.substr(i, end - i);
        if (number && is_long_integer(token)) {
            marked.append(kWrittenMark).append(token).append("\"");
        } else {
            marked.append(token);
        }
        i = end;
    }
    return json::parse(marked, nullptr, false);
}

std::string dump_exact(const json& value) {
    const std::string text = value.dump();
    std::string exact;
    exact.reserve(text.size());
    std::size_t done = 0;
    for (std::size_t mark = text.find(kWrittenMark); mark != std::string::npos; mark = text.find(kWrittenMark, done)) {
        const std::size_t digits = mark + kWrittenMark.size();
        const std::size_t end = text.find('"', digits);
        exact.append(text, done, mark - done).append(text, digits, end - digits);
        done = end + 1;
    }
    return exact.append(text, done);
}

std::string python_text(const json& value) {
    if (value.is_boolean()) {
        return value.get<bool>() ? "True" : "False";
    }
    if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        return text.starts_with(kMark) ? text.substr(kMark.size()) : text;
    }
    return value.dump();
}

std::optional<Wide> to_wide(const json& value) {
    if (!value.is_string() && !value.is_number_integer()) {
        return std::nullopt;
    }
    const std::string text = python_text(value);
    std::string_view digits = text;
    const bool hexadecimal = digits.starts_with("0x") || digits.starts_with("0X");
    digits.remove_prefix(hexadecimal ? 2 : 0);
    const Wide base = hexadecimal ? 16 : 10;
    Wide wide = 0;
    for (const char c : digits) {
        const auto lower = static_cast<unsigned char>(std::tolower(static_cast<unsigned char>(c)));
        if (std::isxdigit(lower) == 0 || (!hexadecimal && !is_digit(c))) {
            return std::nullopt;
        }
        const auto digit = static_cast<Wide>(is_digit(c) ? lower - '0' : lower - 'a' + 10);
        if (wide > (~Wide{0} - digit) / base) {
            return std::nullopt;
        }
        wide = wide * base + digit;
    }
    return digits.empty() ? std::nullopt : std::optional(wide);
}

}  // namespace framewright::conformance
