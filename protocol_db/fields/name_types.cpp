#include "protocol_db/fields/name_types.hpp"

#include <algorithm>
#include <array>

#include "protocol_db/fields/registry.hpp"

namespace framewright::fields {

namespace {

ByteView octets_in(const model::Value& value) {
    const Bytes* const octets = value.get_if<Bytes>();
    return octets != nullptr ? ByteView(*octets) : ByteView();
}

/// The length of the encoded name of 16 characters, which is a label.
constexpr std::uint8_t kNameLabel = 0x20;
constexpr std::uint8_t kBlank = ' ';
constexpr std::uint8_t kFirstLetter = 'A';

constexpr Key kCharactersKey{.name = "characters",
                             .shape = Shape::kNumber,
                             .documentation =
                                 "How many characters of the name the field has; 15 without it, as the "
                                 "16th is the kind of name.",
                             .least = 1,
                             .most = 16};

std::size_t characters_of(const model::Field& field) {
    return parameters_of<NetBiosNameParameters>(field).characters;
}

}  // namespace

std::span<const Key> NetBiosNameType::keys() const {
    static constexpr std::array<Key, 1> kKeys{kCharactersKey};
    return kKeys;
}

std::shared_ptr<const Parameters> NetBiosNameType::read_parameters(ParameterReader& reader) const {
    auto parameters = std::make_shared<NetBiosNameParameters>();
    parameters->characters =
        static_cast<std::size_t>(reader.number(kCharactersKey).value_or(static_cast<int>(parameters->characters)));
    return parameters;
}

void NetBiosNameType::check_value(const model::Field& field, const model::Value& value) const {
    const std::size_t characters = characters_of(field);
    const ByteView name = octets_in(value);
    if (name.size() > characters) {
        throw ValueError("longer than the " + std::to_string(characters) + " characters of the name");
    }
    if (!name.empty() && name.back() == kBlank) {
        throw ValueError("ends in a blank, as blanks fill the name up");
    }
}

void NetBiosNameType::encode(const model::Field& field, const model::Value& value, EncodeContext& context) const {
    check_value(field, value);
    const ByteView name = octets_in(value);
    Bytes octets{kNameLabel};
    for (std::size_t index = 0; index < characters_of(field); ++index) {
        const std::uint8_t character = index < name.size() ? name[index] : kBlank;
        octets.push_back(static_cast<std::uint8_t>(kFirstLetter + (character >> 4)));
        octets.push_back(static_cast<std::uint8_t>(kFirstLetter + (character & 15U)));
    }
    context.writer.write_bytes(octets);
}

model::Value NetBiosNameType::decode(const model::Field& field, DecodeContext& context) const {
    const ByteView octets = context.reader.read_bytes(1 + 2 * characters_of(field));
    const auto is_letter = [](std::uint8_t octet) { return octet >= kFirstLetter && octet < kFirstLetter + 16; };
    if (octets.front() != kNameLabel || !std::all_of(octets.begin() + 1, octets.end(), is_letter)) {
        throw DecodeError("not an encoded NetBIOS name");
    }
    Bytes name;
    for (std::size_t index = 1; index < octets.size(); index += 2) {
        name.push_back(
            static_cast<std::uint8_t>((octets[index] - kFirstLetter) << 4 | (octets[index + 1] - kFirstLetter)));
    }
    while (!name.empty() && name.back() == kBlank) {
        name.pop_back();
    }
    return name;
}

namespace {

constexpr std::size_t kLongestLabel = 63;

/// The labels of a name. Throws ValueError.
Bytes labels_of(ByteView name) {
    Bytes octets;
    Bytes label;
    const auto end_label = [&octets, &label] {
        if (label.empty() || label.size() > kLongestLabel) {
            throw ValueError(label.empty() ? "the name has an empty label"
                                           : "a label of the name is longer than 63 bytes");
        }
        octets.push_back(static_cast<std::uint8_t>(label.size()));
        octets.insert(octets.end(), label.begin(), label.end());
        label.clear();
    };
    const bool is_root = name.size() == 1 && name.front() == '.';
    bool is_complete = is_root;
    for (std::size_t index = is_root ? 1 : 0; index < name.size(); ++index) {
        is_complete = false;
        if (name[index] == '.') {
            end_label();
            is_complete = index + 1 == name.size();
        } else {
            index += name[index] == '\\' && index + 1 < name.size() ? 1 : 0;
            label.push_back(name[index]);
        }
    }
    if (!label.empty()) {
        end_label();
    }
    if (is_complete) {
        octets.push_back(0);
    }
    return octets;
}

}  // namespace

std::span<const Key> DomainLabelsType::keys() const {
    static constexpr std::array<Key, 1> kKeys{kLengthKey};
    return kKeys;
}

std::shared_ptr<const Parameters> DomainLabelsType::read_parameters(ParameterReader& reader) const {
    auto parameters = std::make_shared<OctetsParameters>();
    reader.rule(kLengthKey, *parameters, parameters->length);
    return parameters;
}

model::Value DomainLabelsType::parse(const model::Field& field, const model::Value& value,
                                     const ParseContext& context) const {
    model::Value name = OctetsType::parse(field, value, context);
    labels_of(octets_in(name));
    return name;
}

void DomainLabelsType::encode(const model::Field& /*field*/, const model::Value& value, EncodeContext& context) const {
    context.writer.write_bytes(labels_of(octets_in(value)));
}

model::Value DomainLabelsType::decode(const model::Field& field, DecodeContext& context) const {
    const std::size_t length = decoded_length(parameters_of<OctetsParameters>(field).length, context);
    ByteView rest = context.reader.read_bytes(length);
    Bytes name;
    bool is_complete = false;
    for (bool is_first = true; !rest.empty(); is_first = false) {
        const std::size_t size = rest.front();
        if (is_complete || size > kLongestLabel || size >= rest.size() + (size == 0 ? 1 : 0)) {
            throw DecodeError("not the labels of one domain name");
        }
        if (!is_first || size == 0) {
            name.push_back('.');
        }
        for (const std::uint8_t octet : rest.subspan(1, size)) {
            if (octet == '.' || octet == '\\') {
                name.push_back('\\');
            }
            name.push_back(octet);
        }
        is_complete = size == 0;
        rest = rest.subspan(1 + size);
    }
    return name;
}

void add_name_types(TypeTable& table) {
    table.add(
        "DomainNameField", TypeGroup::kNames,
        "the labels of one domain name, or of a part of one, in `length` bytes; the root's only where the name ends "
        "in a dot",
        std::make_shared<DomainLabelsType>());
    table.add("NetBIOSNameField", TypeGroup::kNames,
              "a NetBIOS name, encoded as RFC 1001 section 14.1 says, without the blanks that fill it up",
              std::make_shared<NetBiosNameType>());
}

}  // namespace framewright::fields
