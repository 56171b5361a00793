#include "protocol_db/fields/address_types.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "protocol_db/fields/octet_types.hpp"
#include "protocol_db/fields/registry.hpp"
#include "protocol_db/fields/text.hpp"

namespace framewright::fields {

namespace {

std::optional<std::uint8_t> hexadecimal_digit(char c) {
    if (c >= '0' && c <= '9') {
        return static_cast<std::uint8_t>(c - '0');
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? std::optional(static_cast<std::uint8_t>(lower - 'a' + 10)) : std::nullopt;
}

/// A client's text for an address; none when it resets the field.
std::optional<std::string_view> address_text(const model::Value& value, const char* expected) {
    const std::string* const text = value.get_if<std::string>();
    if (text == nullptr && !value.is_none()) {
        throw ValueError(expected);
    }
    const std::string_view word = text != nullptr ? trim(*text) : std::string_view();
    return word.empty() ? std::nullopt : std::optional(word);
}

std::array<std::uint8_t, 16> ipv6_octets(const model::Value& value) {
    const std::string* const text = value.get_if<std::string>();
    return text != nullptr ? parse_ipv6_address(*text).value_or(std::array<std::uint8_t, 16>{})
                           : std::array<std::uint8_t, 16>{};
}

model::Value parse_ipv6(const model::Value& value) {
    const auto text = address_text(value, "not an IPv6 address");
    if (!text) {
        return {};
    }
    const auto octets = parse_ipv6_address(*text);
    if (!octets) {
        throw ValueError("not an IPv6 address");
    }
    return ipv6_text(*octets);
}

}  // namespace

std::optional<std::array<std::uint8_t, 6>> parse_mac_address(std::string_view text) {
    constexpr std::size_t kTextLength = 17;
    std::array<std::uint8_t, 6> octets{};
    if (text.size() != kTextLength) {
        return std::nullopt;
    }
    for (std::size_t index = 0; index < octets.size(); ++index) {
        const auto high = hexadecimal_digit(text[index * 3]);
        const auto low = hexadecimal_digit(text[index * 3 + 1]);
        const bool is_separated =
            index + 1 == octets.size() || text[index * 3 + 2] == ':' || text[index * 3 + 2] == '-';
        if (!high || !low || !is_separated) {
            return std::nullopt;
        }
        octets[index] = static_cast<std::uint8_t>(*high << 4 | *low);
    }
    return octets;
}

std::optional<std::uint32_t> parse_ipv4_address(std::string_view text) {
    constexpr std::size_t kLongestText = 18;
    if (text.size() > kLongestText || text.find('\0') != std::string_view::npos) {
        return std::nullopt;
    }
    in_addr address{};
    if (inet_pton(AF_INET, std::string(text).c_str(), &address) == 1) {
        return ntohl(address.s_addr);
    }
    const std::optional<Integer> number = parse_integer(text);
    return number && *number >= 0 && *number <= 0xffffffff ? std::optional(static_cast<std::uint32_t>(*number))
                                                           : std::nullopt;
}

std::optional<std::array<std::uint8_t, 16>> parse_ipv6_address(std::string_view text) {
    std::array<std::uint8_t, 16> octets{};
    if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos ||
        inet_pton(AF_INET6, std::string(text).c_str(), octets.data()) != 1) {
        return std::nullopt;
    }
    return octets;
}

std::string ipv4_text(ByteView octets) {
    std::array<char, INET_ADDRSTRLEN> text{};
    char* end = text.data();
    for (const std::uint8_t octet : octets.first(4)) {
        end = std::to_chars(end, text.data() + text.size(), octet).ptr;
        *end++ = '.';
    }
    return {text.data(), end - 1};
}

std::string ipv6_text(ByteView octets) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    return inet_ntop(AF_INET6, octets.data(), text.data(), text.size()) != nullptr ? text.data() : "::";
}

std::int64_t address_number(std::string_view text, std::uint32_t bits) {
    constexpr std::uint32_t kMacBits = 48;
    constexpr std::uint32_t kIpv4Bits = 32;
    if (bits == kIpv4Bits) {
        return parse_ipv4_address(text).value_or(0);
    }
    std::int64_t number = 0;
    const auto octets = bits == kMacBits ? parse_mac_address(text) : std::nullopt;
    for (std::size_t index = 0; octets && index < octets->size(); ++index) {
        number = number << 8 | (*octets)[index];
    }
    return number;
}

void AddressType::show(const model::Field& field, const model::Value& value, std::string& out) const {
    if (const std::string* const text = value.get_if<std::string>()) {
        out += *text;
    } else {
        FieldType::show(field, value, out);
    }
}

void MacAddressType::encode(const model::Field& /*field*/, const model::Value& value, EncodeContext& context) const {
    const std::string* const text = value.get_if<std::string>();
    auto octets = text != nullptr ? parse_mac_address(*text).value_or(std::array<std::uint8_t, 6>{})
                                  : std::array<std::uint8_t, 6>{};
    if (reversed_) {
        std::reverse(octets.begin(), octets.end());
    }
    context.writer.write_bytes(octets);
}

model::Value MacAddressType::decode(const model::Field& /*field*/, DecodeContext& context) const {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const ByteView octets = context.reader.read_bytes(6);
    std::string text;
    text.reserve(17);
    for (std::size_t index = 0; index < octets.size(); ++index) {
        const std::uint8_t octet = octets[reversed_ ? octets.size() - 1 - index : index];
        if (index > 0) {
            text += ':';
        }
        text += kDigits[octet >> 4];
        text += kDigits[octet & 15U];
    }
    return text;
}

void MacAddressType::overwrite(const model::Field& field, Bytes& buffer, std::size_t first, std::uint32_t bits,
                               Integer number) const {
    AddressType::overwrite(field, buffer, first, bits, number);
    if (reversed_) {
        const auto begin = buffer.begin() + static_cast<std::ptrdiff_t>(first / 8);
        std::reverse(begin, begin + bits / 8);
    }
}

model::Value MacAddressType::parse(const model::Field& /*field*/, const model::Value& value,
                                   const ParseContext& /*context*/) const {
    const auto text = address_text(value, "not a MAC address (six hexadecimal pairs)");
    if (text && !parse_mac_address(*text)) {
        throw ValueError("not a MAC address (six hexadecimal pairs)");
    }
    return text ? model::Value(std::string(*text)) : model::Value();
}

void Ipv4AddressType::encode(const model::Field& /*field*/, const model::Value& value, EncodeContext& context) const {
    std::uint32_t number = 0;
    if (const std::string* const text = value.get_if<std::string>()) {
        number = parse_ipv4_address(*text).value_or(0);
    } else if (const Integer* const given = value.get_if<Integer>()) {
        number = static_cast<std::uint32_t>(*given);
    }
    const std::array<std::uint8_t, 4> octets{static_cast<std::uint8_t>(number >> 24),
                                             static_cast<std::uint8_t>(number >> 16),
                                             static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)};
    context.writer.write_bytes(octets);
}

model::Value Ipv4AddressType::decode(const model::Field& /*field*/, DecodeContext& context) const {
    return ipv4_text(context.reader.read_bytes(4));
}

model::Value Ipv4AddressType::parse(const model::Field& /*field*/, const model::Value& value,
                                    const ParseContext& /*context*/) const {
    constexpr const char* kExpected = "not an IPv4 address";
    if (const Integer* const number = value.get_if<Integer>()) {
        if (*number < 0 || *number > 0xffffffff) {
            throw ValueError(kExpected);
        }
        return value;
    }
    const auto text = address_text(value, kExpected);
    if (text && !parse_ipv4_address(*text)) {
        throw ValueError(kExpected);
    }
    return text ? model::Value(std::string(*text)) : model::Value();
}

void Ipv6AddressType::encode(const model::Field& /*field*/, const model::Value& value, EncodeContext& context) const {
    context.writer.write_bytes(ipv6_octets(value));
}

model::Value Ipv6AddressType::decode(const model::Field& /*field*/, DecodeContext& context) const {
    return ipv6_text(context.reader.read_bytes(16));
}

model::Value Ipv6AddressType::parse(const model::Field& /*field*/, const model::Value& value,
                                    const ParseContext& /*context*/) const {
    return parse_ipv6(value);
}

std::span<const Key> Ipv6PartType::keys() const {
    static constexpr std::array<Key, 1> kKeys{required(kLengthKey)};
    return kKeys;
}

std::shared_ptr<const Parameters> Ipv6PartType::read_parameters(ParameterReader& reader) const {
    auto parameters = std::make_shared<AddressPartParameters>();
    reader.rule(kLengthKey, *parameters, parameters->length);
    return parameters;
}

void Ipv6PartType::encode(const model::Field& field, const model::Value& value, EncodeContext& context) const {
    if (value.is_none()) {
        return;
    }
    const auto octets = ipv6_octets(value);
    const std::int64_t length = parameters_of<AddressPartParameters>(field).length.evaluate(context.rules);
    const auto size = static_cast<std::size_t>(std::clamp<std::int64_t>(length, 0, 16));
    context.writer.write_bytes(part_ == Part::kFirst ? ByteView(octets).first(size) : ByteView(octets).last(size));
}

model::Value Ipv6PartType::decode(const model::Field& field, DecodeContext& context) const {
    std::array<std::uint8_t, 16> octets{};
    const ByteView given =
        context.reader.read_bytes(decoded_length(parameters_of<AddressPartParameters>(field).length, context));
    const std::size_t size = std::min(given.size(), octets.size());
    std::copy_n(given.begin(), size, part_ == Part::kFirst ? octets.begin() : octets.end() - size);
    return ipv6_text(octets);
}

model::Value Ipv6PartType::parse(const model::Field& /*field*/, const model::Value& value,
                                 const ParseContext& /*context*/) const {
    return parse_ipv6(value);
}

namespace {

constexpr std::array<std::string_view, 2> kFamilies{"ipv4", "ipv6"};
constexpr Key kFamilyKey{.name = "family",
                         .shape = Shape::kWord,
                         .documentation = "Of which addresses the prefix is: `ipv4` or `ipv6`.",
                         .is_required = true,
                         .words = kFamilies};

/// The octets of an address of so many; none for another text.
std::optional<Bytes> address_octets(std::string_view text, std::size_t size) {
    Bytes octets;
    if (size == 16) {
        const auto address = parse_ipv6_address(text);
        return address ? std::optional(Bytes(address->begin(), address->end())) : std::nullopt;
    }
    const auto number = text.find('.') != std::string_view::npos ? parse_ipv4_address(text) : std::nullopt;
    for (int shift = 24; number && shift >= 0; shift -= 8) {
        octets.push_back(static_cast<std::uint8_t>(*number >> shift));
    }
    return number ? std::optional(octets) : std::nullopt;
}

/// The octets of "address/length" on the wire. Throws ValueError.
Bytes prefix_octets(std::string_view text, std::size_t size) {
    const std::size_t slash = std::min(text.find('/'), text.size());
    const std::optional<Bytes> address = address_octets(text.substr(0, slash), size);
    const auto length = slash < text.size() ? parse_digits(text.substr(slash + 1), 10) : std::nullopt;
    if (!address || !length || *length > size * 8) {
        throw ValueError(std::string("not an ") + (size == 16 ? "IPv6" : "IPv4") +
                         " address, / and the prefix's length");
    }
    const std::size_t used = (static_cast<std::size_t>(*length) + 7) / 8;
    if (std::any_of(address->begin() + static_cast<std::ptrdiff_t>(used), address->end(),
                    [](std::uint8_t octet) { return octet != 0; })) {
        throw ValueError("the address has bits behind the prefix, which would not be in the packet");
    }
    Bytes octets(used + 1);
    octets.front() = static_cast<std::uint8_t>(*length);
    std::copy_n(address->begin(), used, octets.begin() + 1);
    return octets;
}

}  // namespace

std::span<const Key> PrefixType::keys() const {
    static constexpr std::array<Key, 1> kKeys{kFamilyKey};
    return kKeys;
}

std::shared_ptr<const Parameters> PrefixType::read_parameters(ParameterReader& reader) const {
    auto parameters = std::make_shared<PrefixParameters>();
    parameters->address_size = reader.text(kFamilyKey) == kFamilies.back() ? 16 : 4;
    return parameters;
}

void PrefixType::encode(const model::Field& field, const model::Value& value, EncodeContext& context) const {
    // Nothing is the prefix of all addresses.
    const std::string* const text = value.get_if<std::string>();
    context.writer.write_bytes(
        text != nullptr ? prefix_octets(*text, parameters_of<PrefixParameters>(field).address_size) : Bytes{0});
}

model::Value PrefixType::decode(const model::Field& field, DecodeContext& context) const {
    const std::size_t size = parameters_of<PrefixParameters>(field).address_size;
    const std::size_t length = context.reader.read_bytes(1).front();
    if (length > size * 8) {
        throw DecodeError("the prefix is longer than an address");
    }
    const ByteView given = context.reader.read_bytes((length + 7) / 8);
    Bytes address(size);
    std::copy(given.begin(), given.end(), address.begin());
    return (size == 16 ? ipv6_text(address) : ipv4_text(address)) + '/' + std::to_string(length);
}

model::Value PrefixType::parse(const model::Field& field, const model::Value& value,
                               const ParseContext& /*context*/) const {
    const auto text = address_text(value, "not an address, / and the prefix's length");
    if (!text) {
        return {};
    }
    prefix_octets(*text, parameters_of<PrefixParameters>(field).address_size);
    return std::string(*text);
}

void add_address_types(TypeTable& table) {
    const auto add = [&table](std::initializer_list<std::string_view> names, std::string_view documentation,
                              const std::shared_ptr<const FieldType>& type) {
        for (const std::string_view name : names) {
            table.add(name, TypeGroup::kAddresses, documentation, type);
        }
    };
    add({"MACField", "SourceMACField", "DestMACField"}, "an IEEE 802 address, 6 bytes",
        std::make_shared<MacAddressType>());
    add({"LEMACField"}, "the same, last byte first", std::make_shared<MacAddressType>(true));
    add({"IPField", "SourceIPField"}, "an IPv4 address", std::make_shared<Ipv4AddressType>());
    add({"IP6Field", "SourceIP6Field", "DestIP6Field"}, "an IPv6 address", std::make_shared<Ipv6AddressType>());
    add({"_IP6PrefixField"}, "an IPv6 address of which the first `length` bytes are in the packet; the others are 0",
        std::make_shared<Ipv6PartType>(Ipv6PartType::Part::kFirst));
    add({"IP6FieldLenField"}, "an IPv6 address of which the last `length` bytes are in the packet; the others are 0",
        std::make_shared<Ipv6PartType>(Ipv6PartType::Part::kLast));
    add({"PrefixField"},
        "a prefix, its length in bits and as many bytes as these need (RFC 4271 section 4.3): `10.0.0.0/8`",
        std::make_shared<PrefixType>());
}

}  // namespace framewright::fields
