#include "protocol_db/fields/octet_notations.hpp"

#include <algorithm>
#include <array>

#include "protocol_db/fields/errors.hpp"
#include "protocol_db/fields/text.hpp"

namespace framewright::fields {

namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

void append_hexadecimal(ByteView octets, std::string& out) {
    for (const std::uint8_t octet : octets) {
        out += kDigits[octet >> 4];
        out += kDigits[octet & 15U];
    }
}

std::optional<std::uint8_t> digit_of(char c) {
    const auto lower = static_cast<char>(c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
    const std::size_t place = kDigits.find(lower);
    return place != std::string_view::npos ? std::optional(static_cast<std::uint8_t>(place)) : std::nullopt;
}

/// Pairs of hexadecimal digits.
std::optional<Bytes> read_hexadecimal(std::string_view text) {
    Bytes octets;
    for (std::size_t index = 0; index < text.size(); index += 2) {
        const auto high = digit_of(text[index]);
        const auto low = index + 1 < text.size() ? digit_of(text[index + 1]) : std::nullopt;
        if (!high || !low) {
            return std::nullopt;
        }
        octets.push_back(static_cast<std::uint8_t>(*high << 4 | *low));
    }
    return octets;
}

bool show_hexadecimal(ByteView octets, std::string& out) {
    append_hexadecimal(octets, out);
    return true;
}

// Universally unique identifiers (RFC 9562).

constexpr std::size_t kUuidOctets = 16;
constexpr std::string_view kUuidBegin = "UUID('";
constexpr std::string_view kUuidEnd = "')";

/// The first three parts with their lowest octet first (RFC 9562 section 4), and back.
void reverse_uuid_parts(Bytes& octets) {
    const auto begin = octets.begin();
    std::reverse(begin, begin + 4);
    std::reverse(begin + 4, begin + 6);
    std::reverse(begin + 6, begin + 8);
}

bool show_uuid(ByteView octets, std::string& out) {
    if (octets.size() != kUuidOctets) {
        return false;
    }
    out += kUuidBegin;
    constexpr std::array<std::size_t, 6> kParts{0, 4, 6, 8, 10, 16};
    for (std::size_t part = 0; part + 1 < kParts.size(); ++part) {
        out += part == 0 ? "" : "-";
        append_hexadecimal(octets.subspan(kParts[part], kParts[part + 1] - kParts[part]), out);
    }
    out += kUuidEnd;
    return true;
}

/// The identifier alone, as the constructor call that shows it, or in braces.
std::optional<Bytes> read_uuid(std::string_view text) {
    text = trim(text);
    for (const auto& [begin, end] :
         {std::pair(kUuidBegin, kUuidEnd), std::pair<std::string_view, std::string_view>("{", "}")}) {
        if (text.starts_with(begin) && text.ends_with(end) && text.size() >= begin.size() + end.size()) {
            text = text.substr(begin.size(), text.size() - begin.size() - end.size());
        }
    }
    constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    std::string digits;
    for (std::size_t index = 0; index < text.size(); ++index) {
        const bool is_dash = index < kForm.size() && kForm[index] == '-';
        if (is_dash != (text[index] == '-')) {
            return std::nullopt;
        }
        if (!is_dash) {
            digits += text[index];
        }
    }
    std::optional<Bytes> octets = text.size() == kForm.size() ? read_hexadecimal(digits) : std::nullopt;
    return octets && octets->size() == kUuidOctets ? octets : std::nullopt;
}

bool show_mixed_uuid(ByteView octets, std::string& out) {
    if (octets.size() != kUuidOctets) {
        return false;
    }
    Bytes parts(octets.begin(), octets.end());
    reverse_uuid_parts(parts);
    return show_uuid(parts, out);
}

std::optional<Bytes> read_mixed_uuid(std::string_view text) {
    std::optional<Bytes> octets = read_uuid(text);
    if (octets) {
        reverse_uuid_parts(*octets);
    }
    return octets;
}

bool show_reversed_uuid(ByteView octets, std::string& out) {
    const Bytes reversed(octets.rbegin(), octets.rend());
    return show_uuid(reversed, out);
}

std::optional<Bytes> read_reversed_uuid(std::string_view text) {
    std::optional<Bytes> octets = read_uuid(text);
    if (octets) {
        std::reverse(octets->begin(), octets->end());
    }
    return octets;
}

// Texts of 16 bit units (RFC 2781).

void append_utf8(std::uint32_t point, std::string& out) {
    const auto tail = [point](unsigned shift) { return static_cast<char>(0x80U | ((point >> shift) & 0x3fU)); };
    if (point < 0x80) {
        out += static_cast<char>(point);
    } else if (point < 0x800) {
        out += static_cast<char>(0xc0U | (point >> 6));
        out += tail(0);
    } else if (point < 0x10000) {
        out += static_cast<char>(0xe0U | (point >> 12));
        out += tail(6);
        out += tail(0);
    } else {
        out += static_cast<char>(0xf0U | (point >> 18));
        out += tail(12);
        out += tail(6);
        out += tail(0);
    }
}

/// Takes the first character off a text in UTF-8; none for what is not well formed (RFC 3629).
std::optional<std::uint32_t> take_utf8(std::string_view& text) {
    const auto first = static_cast<std::uint8_t>(text.front());
    const std::size_t size = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    constexpr std::array<std::uint32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
    if (first >= 0xf8 || (first >= 0x80 && first < 0xc0) || text.size() < size) {
        return std::nullopt;
    }
    std::uint32_t point = size == 1 ? first : first & (0xffU >> (size + 1));
    for (std::size_t index = 1; index < size; ++index) {
        const auto octet = static_cast<std::uint8_t>(text[index]);
        if ((octet & 0xc0U) != 0x80U) {
            return std::nullopt;
        }
        point = point << 6 | (octet & 0x3fU);
    }
    text.remove_prefix(size);
    const bool is_half = point >= 0xd800 && point < 0xe000;
    return point >= kLeast[size] && point <= 0x10ffff && !is_half ? std::optional(point) : std::nullopt;
}

template <bool is_little_endian>
bool show_utf16(ByteView octets, std::string& out) {
    if (octets.size() % 2 != 0) {
        return false;
    }
    const auto unit = [octets](std::size_t index) {
        const std::uint32_t first = octets[index];
        const std::uint32_t second = octets[index + 1];
        return is_little_endian ? second << 8 | first : first << 8 | second;
    };
    std::string text;
    for (std::size_t index = 0; index < octets.size(); index += 2) {
        std::uint32_t point = unit(index);
        if (point >= 0xd800 && point < 0xe000) {
            const std::uint32_t low = point < 0xdc00 && index + 2 < octets.size() ? unit(index + 2) : 0;
            if (low < 0xdc00 || low >= 0xe000) {
                return false;
            }
            point = 0x10000 + ((point & 0x3ffU) << 10 | (low & 0x3ffU));
            index += 2;
        }
        append_utf8(point, text);
    }
    // What begins as digits do would be read as such.
    if (text.starts_with("0x")) {
        return false;
    }
    out += text;
    return true;
}

template <bool is_little_endian>
std::optional<Bytes> read_utf16(std::string_view text) {
    Bytes octets;
    const auto put = [&octets](std::uint32_t unit) {
        const auto high = static_cast<std::uint8_t>(unit >> 8);
        const auto low = static_cast<std::uint8_t>(unit);
        octets.push_back(is_little_endian ? low : high);
        octets.push_back(is_little_endian ? high : low);
    };
    while (!text.empty()) {
        const std::optional<std::uint32_t> point = take_utf8(text);
        if (!point) {
            return std::nullopt;
        }
        if (*point < 0x10000) {
            put(*point);
        } else {
            put(0xd800 + ((*point - 0x10000) >> 10));
            put(0xdc00 + ((*point - 0x10000) & 0x3ffU));
        }
    }
    return octets;
}

// Decimal digits, two an octet.

bool show_bcd(ByteView octets, std::string& out) {
    const auto is_digits = [](std::uint8_t octet) { return octet >> 4 < 10 && (octet & 15U) < 10; };
    if (!std::all_of(octets.begin(), octets.end(), is_digits)) {
        return false;
    }
    append_hexadecimal(octets, out);
    return true;
}

std::optional<Bytes> read_bcd(std::string_view text) {
    return text.find_first_not_of("0123456789") == std::string_view::npos ? read_hexadecimal(text) : std::nullopt;
}

/// The signs of telephone numbers (3GPP TS 29.002 section 17.7.8); 15 fills up.
constexpr std::string_view kTelephoneSigns = "0123456789*#abc";
constexpr std::uint8_t kFiller = 15;

bool show_tbcd(ByteView octets, std::string& out) {
    std::string text;
    for (std::size_t index = 0; index < octets.size(); ++index) {
        const std::uint8_t low = octets[index] & 15U;
        const std::uint8_t high = octets[index] >> 4;
        const bool is_end = high == kFiller && index + 1 == octets.size();
        if (low == kFiller || (high == kFiller && !is_end)) {
            return false;
        }
        text += kTelephoneSigns[low];
        if (!is_end) {
            text += kTelephoneSigns[high];
        }
    }
    out += text;
    return true;
}

std::optional<Bytes> read_tbcd(std::string_view text) {
    Bytes octets;
    for (std::size_t index = 0; index < text.size(); index += 2) {
        const std::size_t low = kTelephoneSigns.find(text[index]);
        const std::size_t high = index + 1 < text.size() ? kTelephoneSigns.find(text[index + 1]) : kFiller;
        if (low == std::string_view::npos || high == std::string_view::npos) {
            return std::nullopt;
        }
        octets.push_back(static_cast<std::uint8_t>(high << 4 | low));
    }
    return octets;
}

constexpr std::array<OctetNotation, 8> kNotations{{
    {.name = "hexadecimal",
     .show = show_hexadecimal,
     .read = read_hexadecimal,
     .documentation = "pairs of hexadecimal digits: `0a1bff`"},
    {.name = "uuid",
     .show = show_uuid,
     .read = read_uuid,
     .documentation = "a universally unique identifier (RFC 9562): `UUID('f81d4fae-7dec-11d0-a765-00a0c91e6bf6')`; the "
                      "identifier alone, and in braces, is read too",
     .is_expression = true},
    {.name = "uuid_le",
     .show = show_mixed_uuid,
     .read = read_mixed_uuid,
     .documentation = "the same, with the lowest byte of each of its first three parts first, as Microsoft writes it",
     .is_expression = true},
    {.name = "uuid_reversed",
     .show = show_reversed_uuid,
     .read = read_reversed_uuid,
     .documentation = "the same, with the last byte of all first, as Bluetooth sends it",
     .is_expression = true},
    {.name = "utf16",
     .show = show_utf16<false>,
     .read = read_utf16<false>,
     .documentation = "text in UTF-16, highest byte first",
     .fill = 2},
    {.name = "utf16_le",
     .show = show_utf16<true>,
     .read = read_utf16<true>,
     .documentation = "text in UTF-16, lowest byte first",
     .fill = 2},
    {.name = "bcd",
     .show = show_bcd,
     .read = read_bcd,
     .documentation = "decimal digits, two a byte, the first in the high bits: `1234` is 0x12 0x34"},
    {.name = "tbcd",
     .show = show_tbcd,
     .read = read_tbcd,
     .documentation =
         "a telephone number (3GPP TS 29.002): signs of `0123456789*#abc`, two a byte, the first in the low "
         "bits; an odd one is filled up with 1 bits"},
}};

}  // namespace

std::span<const OctetNotation> octet_notations() {
    return kNotations;
}

const OctetNotation* find_octet_notation(std::string_view name) {
    const auto* const found = std::find_if(kNotations.begin(), kNotations.end(),
                                           [name](const OctetNotation& notation) { return notation.name == name; });
    return found != kNotations.end() ? found : nullptr;
}

void show_octets(const OctetNotation& notation, ByteView octets, std::string& out) {
    if (!notation.show(octets, out)) {
        out += "0x";
        append_hexadecimal(octets, out);
    }
}

Bytes read_octets(const OctetNotation& notation, std::string_view text) {
    std::optional<Bytes> octets = text.starts_with("0x") ? read_hexadecimal(text.substr(2)) : notation.read(text);
    if (!octets) {
        throw ValueError("not of the notation " + std::string(notation.name) +
                         ", nor 0x and pairs of hexadecimal digits");
    }
    return std::move(*octets);
}

}  // namespace framewright::fields
