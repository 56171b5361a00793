#include "protocol_db/fields/ber.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "protocol_db/integer.hpp"

namespace framewright::fields::ber {

namespace {

constexpr std::uint8_t kConstructed = 0x20;
constexpr std::uint8_t kLongForm = 0x80;
constexpr std::uint8_t kLowBits = 0x7f;
constexpr std::uint32_t kFirstLongNumber = 31;
constexpr std::uint32_t kMostTagNumber = (1U << 28U) - 1;
/// The first two numbers of an object identifier are written as one, the first 40 times (X.690 section 8.19.4).
constexpr UnsignedInteger kMostSecondNumber = ~UnsignedInteger{0} - 80;
constexpr std::size_t kMostDecimalDigits = 10000;
constexpr std::size_t kMostHexadecimalDigits = std::size_t{1} << 20;

std::uint8_t next_octet(ByteView octets, std::size_t& position) {
    if (position == octets.size()) {
        throw DecodeError("the bytes end within the identifier or the length of a value");
    }
    return octets[position++];
}

BerTag read_tag(ByteView octets, std::size_t& position) {
    const std::uint8_t first = next_octet(octets, position);
    BerTag tag{static_cast<TagClass>(first >> 6), first & kFirstLongNumber, (first & kConstructed) != 0};
    if (tag.number < kFirstLongNumber) {
        return tag;
    }
    tag.number = 0;
    std::uint8_t octet = next_octet(octets, position);
    if (octet == kLongForm) {
        throw DecodeError("a tag's number begins with zeros (X.690 section 8.1.2.4.2)");
    }
    while (true) {
        if (tag.number > kMostTagNumber >> 7) {
            throw DecodeError("a tag's number is beyond " + std::to_string(kMostTagNumber));
        }
        tag.number = tag.number << 7 | (octet & kLowBits);
        if ((octet & kLongForm) == 0) {
            break;
        }
        octet = next_octet(octets, position);
    }
    if (tag.number < kFirstLongNumber) {
        throw DecodeError("a tag's number that fits into one octet is written in several (X.690 section 8.1.2.2)");
    }
    return tag;
}

std::size_t octets_of_length(std::size_t length) {
    std::size_t count = 0;
    for (; length > 0; length >>= 8) {
        ++count;
    }
    return std::max<std::size_t>(count, 1);
}

void add_base128(Bytes& out, UnsignedInteger number) {
    std::array<std::uint8_t, 19> octets{};
    std::size_t count = 0;
    do {
        octets[count] = static_cast<std::uint8_t>((number & kLowBits) | (count == 0 ? 0 : kLongForm));
        ++count;
        number >>= 7;
    } while (number != 0);
    out.insert(out.end(), octets.rend() - static_cast<std::ptrdiff_t>(count), octets.rend());
}

/// Negates a number in two's complement.
void negate(Bytes& octets) {
    bool carry = true;
    std::for_each(octets.rbegin(), octets.rend(), [&carry](std::uint8_t& octet) {
        const std::uint32_t sum = static_cast<std::uint8_t>(~octet) + (carry ? 1U : 0U);
        octet = static_cast<std::uint8_t>(sum);
        carry = sum > 0xff;
    });
}

/// The octets of a magnitude, without zeros in front.
std::optional<Bytes> magnitude_octets(std::string_view digits, bool is_hexadecimal) {
    if (digits.empty() || digits.size() > (is_hexadecimal ? kMostHexadecimalDigits : kMostDecimalDigits)) {
        return std::nullopt;
    }
    Bytes octets;
    if (is_hexadecimal) {
        for (std::size_t end = digits.size(); end > 0; end -= std::min<std::size_t>(end, 2)) {
            const std::size_t begin = end - std::min<std::size_t>(end, 2);
            const auto octet = parse_digits(digits.substr(begin, end - begin), 16);
            if (!octet) {
                return std::nullopt;
            }
            octets.push_back(static_cast<std::uint8_t>(*octet));
        }
    } else {
        for (const char digit : digits) {
            if (digit < '0' || digit > '9') {
                return std::nullopt;
            }
            auto carry = static_cast<std::uint32_t>(digit - '0');
            for (std::uint8_t& octet : octets) {
                carry += octet * 10U;
                octet = static_cast<std::uint8_t>(carry);
                carry >>= 8;
            }
            if (carry != 0) {
                octets.push_back(static_cast<std::uint8_t>(carry));
            }
        }
    }
    while (!octets.empty() && octets.back() == 0) {
        octets.pop_back();
    }
    std::reverse(octets.begin(), octets.end());
    return octets;
}

}  // namespace

std::string to_text(const BerTag& tag) {
    static constexpr std::array<std::string_view, 4> kClasses{"UNIVERSAL ", "APPLICATION ", "", "PRIVATE "};
    return "[" + std::string(kClasses[static_cast<std::size_t>(tag.tag_class)]) + std::to_string(tag.number) + "]";
}

Header read_header(ByteView octets) {
    Header header;
    std::size_t position = 0;
    header.tag = read_tag(octets, position);
    const std::uint8_t first = next_octet(octets, position);
    header.length = first;
    if (first == kLongForm) {
        throw DecodeError("the length of a value is of the indefinite form, which is not read");
    }
    if (first == 0xff) {
        throw DecodeError("the length of a value is of a form that is reserved (X.690 section 8.1.3.5)");
    }
    if (first > kLongForm) {
        const std::size_t count = first & kLowBits;
        header.length = 0;
        for (std::size_t index = 0; index < count; ++index) {
            const std::uint8_t octet = next_octet(octets, position);
            if (header.length > octets.size()) {
                throw DecodeError("a value is longer than the bytes that are there");
            }
            header.length = header.length << 8 | octet;
        }
        header.length_octets = header.length <= kLowBits || count > octets_of_length(header.length) ? count : 0;
    }
    header.size = position;
    if (header.length > octets.size() - position) {
        throw DecodeError("a value of " + std::to_string(header.length) + " octets ends beyond the bytes, of which " +
                          std::to_string(octets.size() - position) + " are left");
    }
    return header;
}

void write_header(Bytes& out, const BerTag& tag, std::size_t length, std::size_t length_octets) {
    const auto first =
        static_cast<std::uint8_t>(static_cast<unsigned>(tag.tag_class) << 6 | (tag.is_constructed ? kConstructed : 0));
    if (tag.number < kFirstLongNumber) {
        out.push_back(static_cast<std::uint8_t>(first | tag.number));
    } else {
        out.push_back(static_cast<std::uint8_t>(first | kFirstLongNumber));
        add_base128(out, tag.number);
    }
    if (length <= kLowBits && length_octets == 0) {
        out.push_back(static_cast<std::uint8_t>(length));
        return;
    }
    const std::size_t count = std::max(length_octets, octets_of_length(length));
    out.push_back(static_cast<std::uint8_t>(kLongForm | count));
    for (std::size_t index = count; index-- > 0;) {
        out.push_back(index < sizeof length ? static_cast<std::uint8_t>(length >> (8 * index)) : std::uint8_t{0});
    }
}

void Lengths::note(std::size_t length_octets) {
    if (slots.size() <= slot_) {
        slots.resize(slot_ + 1);
    }
    slots[slot_].push_back(length_octets);
}

std::size_t Lengths::next() {
    const std::size_t place = used_++;
    return slot_ < slots.size() && place < slots[slot_].size() ? slots[slot_][place] : 0;
}

std::size_t Lengths::next_of_groups() {
    const std::size_t place = used_of_groups_++;
    return !slots.empty() && place < slots.front().size() ? slots.front()[place] : 0;
}

bool is_shortest_integer(ByteView contents) {
    return contents.size() < 2 ||
           !((contents[0] == 0 && contents[1] < 0x80) || (contents[0] == 0xff && contents[1] >= 0x80));
}

std::string integer_text(ByteView contents) {
    Bytes octets(contents.begin(), contents.end());
    const bool is_negative = octets.front() >= 0x80;
    if (is_negative) {
        octets.insert(octets.begin(), 0xff);
        negate(octets);
    }
    std::string text;
    text.reserve(octets.size() * 2 + 3);
    for (const std::uint8_t octet : octets) {
        text += "0123456789abcdef"[octet >> 4];
        text += "0123456789abcdef"[octet & 15U];
    }
    text.erase(0, std::min(text.find_first_not_of('0'), text.size() - 1));
    return (is_negative ? "-0x" : "0x") + text;
}

std::optional<Bytes> integer_contents(std::string_view text) {
    const bool is_negative = text.starts_with('-');
    if (is_negative || text.starts_with('+')) {
        text.remove_prefix(1);
    }
    const bool is_hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    std::optional<Bytes> octets = magnitude_octets(is_hexadecimal ? text.substr(2) : text, is_hexadecimal);
    if (!octets) {
        return std::nullopt;
    }
    octets->insert(octets->begin(), 0);
    if (is_negative) {
        negate(*octets);
    }
    while (!is_shortest_integer(*octets)) {
        octets->erase(octets->begin());
    }
    return octets;
}

std::optional<std::string> object_identifier_text(ByteView contents) {
    if (contents.empty()) {
        return std::nullopt;
    }
    std::string text;
    for (std::size_t position = 0; position < contents.size();) {
        if (contents[position] == kLongForm) {
            return std::nullopt;
        }
        UnsignedInteger number = 0;
        for (bool is_last = false; !is_last;) {
            if (position == contents.size() || number >> 121 != 0) {
                return std::nullopt;
            }
            const std::uint8_t octet = contents[position++];
            number = number << 7 | (octet & kLowBits);
            is_last = (octet & kLongForm) == 0;
        }
        if (text.empty()) {
            const unsigned first = number < 40 ? 0 : number < 80 ? 1 : 2;
            text = std::to_string(first);
            number -= UnsignedInteger{first} * 40;
        }
        text += '.' + to_digits(number, 10);
    }
    return text;
}

std::optional<Bytes> object_identifier_contents(std::string_view text) {
    if (text.starts_with('.')) {
        text.remove_prefix(1);
    }
    std::vector<UnsignedInteger> numbers;
    while (true) {
        const std::size_t dot = text.find('.');
        const std::string_view digits = text.substr(0, dot);
        const auto number = parse_digits(digits, 10);
        if (!number) {
            return std::nullopt;
        }
        numbers.push_back(*number);
        if (dot == std::string_view::npos) {
            break;
        }
        text.remove_prefix(dot + 1);
    }
    if (numbers.size() < 2 || numbers[0] > 2 || (numbers[0] < 2 && numbers[1] >= 40) ||
        numbers[1] > kMostSecondNumber) {
        return std::nullopt;
    }
    Bytes contents;
    add_base128(contents, numbers[0] * 40 + numbers[1]);
    for (std::size_t index = 2; index < numbers.size(); ++index) {
        add_base128(contents, numbers[index]);
    }
    return contents;
}

}  // namespace framewright::fields::ber
