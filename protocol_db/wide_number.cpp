#include "protocol_db/wide_number.hpp"

#include <algorithm>

#include "protocol_db/integer.hpp"

namespace framewright {

namespace {

/// Longest text: the decimal digits of 8192 bits.
constexpr std::size_t kMostDigits = 2467;

}  // namespace

std::optional<Bytes> read_wide_number(std::string_view text) {
    const bool is_hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    text.remove_prefix(is_hexadecimal ? 2 : 0);
    if (text.empty() || text.size() > kMostDigits) {
        return std::nullopt;
    }
    // Lowest octet first, so that it grows at the end.
    Bytes octets;
    for (const char c : text) {
        const auto digit = parse_digits(std::string_view(&c, 1), is_hexadecimal ? 16 : 10);
        if (!digit) {
            return std::nullopt;
        }
        auto carry = static_cast<unsigned>(*digit);
        for (std::uint8_t& octet : octets) {
            const unsigned sum = octet * (is_hexadecimal ? 16U : 10U) + carry;
            octet = static_cast<std::uint8_t>(sum);
            carry = sum >> 8;
        }
        if (carry != 0) {
            octets.push_back(static_cast<std::uint8_t>(carry));
        }
    }
    std::reverse(octets.begin(), octets.end());
    return octets;
}

std::string to_wide_decimal(ByteView octets) {
    // Digits of 10^9, lowest first.
    constexpr std::uint64_t kBase = 1'000'000'000;
    constexpr std::size_t kBaseDigits = 9;
    std::vector<std::uint64_t> parts;
    for (const std::uint8_t octet : octets) {
        std::uint64_t carry = octet;
        for (std::uint64_t& part : parts) {
            const std::uint64_t sum = (part << 8U) + carry;
            part = sum % kBase;
            carry = sum / kBase;
        }
        if (carry != 0) {
            parts.push_back(carry);
        }
    }
    std::string text = parts.empty() ? "0" : to_digits(parts.back(), 10);
    for (std::size_t left = parts.empty() ? 0 : parts.size() - 1; left-- > 0;) {
        const std::string digits = to_digits(parts[left], 10);
        text += std::string(kBaseDigits - digits.size(), '0') + digits;
    }
    return text;
}

std::string to_wide_hexadecimal(ByteView octets) {
    std::string text;
    for (const std::uint8_t octet : octets) {
        const std::string digits = to_digits(octet, 16);
        text += text.empty() ? (octet == 0 ? "" : digits) : std::string(2 - digits.size(), '0') + digits;
    }
    return "0x" + (text.empty() ? "0" : text);
}

}  // namespace framewright
