#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace framewright {

/// The integer of field values: signed, 128 bits.
__extension__ using Integer = __int128;

/// The magnitude of an Integer.
__extension__ using UnsignedInteger = unsigned __int128;

inline constexpr Integer kMaximumInteger = static_cast<Integer>(~UnsignedInteger{0} >> 1);
inline constexpr Integer kMinimumInteger = -kMaximumInteger - 1;

/// The absolute value, exact for kMinimumInteger too.
constexpr UnsignedInteger magnitude(Integer value) {
    const auto bits = static_cast<UnsignedInteger>(value);
    return value < 0 ? UnsignedInteger{0} - bits : bits;
}

/// The integer of this magnitude and sign; none when it does not fit.
constexpr std::optional<Integer> from_magnitude(UnsignedInteger magnitude, bool negative) {
    const auto limit = static_cast<UnsignedInteger>(kMaximumInteger) + (negative ? 1 : 0);
    if (magnitude > limit) {
        return std::nullopt;
    }
    return static_cast<Integer>(negative ? UnsignedInteger{0} - magnitude : magnitude);
}

/// Reads digits of a base from 2 to 16, without sign or prefix; none for no digits, another character, or above 128
/// bits.
constexpr std::optional<UnsignedInteger> parse_digits(std::string_view digits, unsigned base) {
    if (digits.empty()) {
        return std::nullopt;
    }
    constexpr auto kMaximum = ~UnsignedInteger{0};
    constexpr auto kRoomForAnyDigit = kMaximum >> 5;  // below it one more digit always fits: spares a slow division
    UnsignedInteger value = 0;
    for (const char c : digits) {
        unsigned digit = base;
        if (c >= '0' && c <= '9') {
            digit = static_cast<unsigned>(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            digit = static_cast<unsigned>(c - 'a') + 10;
        } else if (c >= 'A' && c <= 'F') {
            digit = static_cast<unsigned>(c - 'A') + 10;
        }
        if (digit >= base || (value > kRoomForAnyDigit && value > (kMaximum - digit) / base)) {
            return std::nullopt;
        }
        value = value * base + digit;
    }
    return value;
}

/// Reads a whole text as an integer: an optional sign, then decimal digits or 0x and hexadecimal ones, no blanks.
constexpr std::optional<Integer> parse_integer(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) {
        text.remove_prefix(1);
    }
    const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    const auto digits = hexadecimal ? parse_digits(text.substr(2), 16) : parse_digits(text, 10);
    return digits ? from_magnitude(*digits, negative) : std::nullopt;
}

/// Writes digits of a base from 2 to 16, in lower case, without prefix.
inline std::string to_digits(UnsignedInteger value, unsigned base) {
    char buffer[std::numeric_limits<std::uint64_t>::digits * 2];
    char* const end = buffer + sizeof buffer;
    char* first = end;
    // 128-bit division is a slow library call: leave it as soon as the rest fits a machine word.
    for (; value > std::numeric_limits<std::uint64_t>::max(); value /= base) {
        *--first = "0123456789abcdef"[static_cast<unsigned>(value % base)];
    }
    auto word = static_cast<std::uint64_t>(value);
    do {
        *--first = "0123456789abcdef"[word % base];
        word /= base;
    } while (word != 0);
    return {first, end};
}

/// The decimal text, "-12".
inline std::string to_string(Integer value) {
    if (value >= std::numeric_limits<std::int64_t>::min() && value <= std::numeric_limits<std::int64_t>::max()) {
        return std::to_string(static_cast<std::int64_t>(value));
    }
    return (value < 0 ? "-" : "") + to_digits(magnitude(value), 10);
}

/// The hexadecimal text as Python's hex() writes it, "0x1f" or "-0x1f".
inline std::string to_hex_string(Integer value) {
    return (value < 0 ? "-0x" : "0x") + to_digits(magnitude(value), 16);
}

}  // namespace framewright
