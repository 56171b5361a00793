#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol_db/fields/ber_types.hpp"
#include "protocol_db/fields/container_values.hpp"
#include "protocol_db/fields/text.hpp"

/// What the types of BER values have in common.
namespace framewright::fields {

using ber::BerTag;
using ber::Header;
using ber::TagClass;

/// How many fields of packets within packets are asked for the tag that one of them begins with.
inline constexpr std::size_t kMostFieldsOfATag = 32;
inline constexpr std::size_t kMaximumElements = 65536;
/// Bits that are shown one by one.
inline constexpr std::size_t kMostNamedBits = 1024;

inline constexpr Key kOptionalKey{
    "optional", Shape::kBoolean,
    "`true`: a BER value that may be missing. Where nothing gives it a value, it is left out."};
inline constexpr Key kDefaultOmittedKey{
    "default_omitted", Shape::kBoolean,
    "`true`: the `default` is one of ASN.1 (`DEFAULT`): where nobody sets the field, it is left out, and means that."};
/// A key of all fields.
inline constexpr Key kDefaultKey{"default", Shape::kText, ""};
inline constexpr Key kExplicitTagKey{"explicit_tag", Shape::kTag,
                                     "The tag around a BER value: a number, or `\"application 1\"`, `\"private 1\"`."};
inline constexpr Key kImplicitTagKey{"implicit_tag", Shape::kTag, "The tag of a BER value in place of its type's own."};
inline constexpr std::array<std::string_view, 2> kStrings{"octet_string", "bit_string"};
inline constexpr Key kInsideKey{
    .name = "inside",
    .shape = Shape::kWord,
    .documentation = "`octet_string` or `bit_string`: the BER value is the contents of such a string.",
    .words = kStrings};
inline constexpr Key kEnumerationKey{
    "enumeration", Shape::kEnumeration,
    "Names of the field's numbers: an enumeration, or the name of one in `enumerations` of any file."};
inline constexpr Key kContentsKey{"contents", Shape::kPart,
                                  "What the octets of a BER string are: a field without an id, of a fixed width."};
inline constexpr Key kBitNamesKey{"bit_names", Shape::kTextOrTexts, "Names of the bits, the first bit first."};
inline constexpr Key kBerElementKey{
    "element", Shape::kPart,
    "The field that a list repeats: an object like a field, but with no `id`, and nothing that is "
    "the whole list's (`default`, `when`, …)."};
inline constexpr Key kAlternativesKey{
    "alternatives", Shape::kParts,
    "The alternatives of a BER value, each a field without an id; the tag tells which one it is. The first is what a "
    "new one has, and a number or text is read as the first one that takes it."};
inline constexpr Key kOpenKey{"open", Shape::kBoolean,
                              "`true`: a BER value that is none of the alternatives is taken as octets."};
inline constexpr Key kIdentifiedByKey{
    "identified_by", Shape::kText,
    "The field with the object identifier that tells what is held, `extnID`, or a field within the packet of a field, "
    "`algorithm.id`: a protocol that is [known by](#ber) it, or else `holds`."};

/// The keys of all types of BER values, and those of one.
template <std::size_t Count>
constexpr std::array<Key, Count + 4> with_common_keys(const std::array<Key, Count>& own) {
    std::array<Key, Count + 4> keys{};
    std::copy(own.begin(), own.end(), keys.begin());
    const std::array<Key, 4> common{kOptionalKey, kDefaultOmittedKey, kExplicitTagKey, kImplicitTagKey};
    std::copy(common.begin(), common.end(), keys.begin() + Count);
    return keys;
}

inline const BerParameters& ber_parameters(const model::Field& field) {
    return parameters_of<BerParameters>(field);
}

inline const BerType& ber_type(const model::Field& field) {
    return static_cast<const BerType&>(*field.type);
}

inline Bytes octets_of(std::string_view text) {
    return {text.begin(), text.end()};
}

inline bool is_bit_string(const BerTag& tag) {
    return tag == ber::universal(ber::kBitString);
}

/// A context for what is written to another buffer.
inline EncodeContext with_writer(BitWriter& writer, const EncodeContext& context) {
    return {writer, 0, context.rules, context.encoder, context.layer, nullptr, 0, context.lengths};
}

/// A context for what is read from other bytes.
inline DecodeContext with_reader(BitReader& reader, const DecodeContext& context) {
    return {reader, context.rules, context.decoder, context.layer, context.message, false, context.lengths};
}

/// Appends a value, whose contents `write` appends.
template <typename Write>
void write_value(const BerTag& tag, EncodeContext& context, const Write& write) {
    const std::size_t length_octets = context.lengths != nullptr ? context.lengths->next() : 0;
    Bytes contents;
    BitWriter writer(contents);
    EncodeContext inner = with_writer(writer, context);
    write(inner);
    context.writer.align();
    ber::write_header(context.writer.buffer(), tag, contents.size(), length_octets);
    context.writer.write_bytes(contents);
}

/// Appends a value within others.
template <typename Write>
void write_within(std::span<const BerTag> around, EncodeContext& context, const Write& write) {
    if (around.empty()) {
        write(context);
        return;
    }
    write_value(around.front(), context, [&](EncodeContext& inner) {
        if (is_bit_string(around.front())) {
            inner.writer.write_zeros(1);
        }
        write_within(around.subspan(1), inner, write);
    });
}

inline void note_length(const Header& header, const DecodeContext& context) {
    if (context.lengths != nullptr) {
        context.lengths->note(header.length_octets);
    } else if (header.length_octets != 0) {
        throw DecodeError("the length of a value is longer than need be");
    }
}

/// The contents of the value that is read next, which must have the tag.
inline ByteView take_contents(const BerTag& tag, DecodeContext& context) {
    const Header header = ber::read_header(context.reader.rest());
    if (header.tag != tag) {
        throw DecodeError("a value has the tag " + ber::to_text(header.tag) +
                          (header.tag.is_constructed ? ", constructed" : "") + ", not " + ber::to_text(tag));
    }
    note_length(header, context);
    context.reader.read_bytes(header.size);
    return context.reader.read_bytes(header.length);
}

inline bool is_raw(const model::Packet& packet, const model::Database& database) {
    return packet.layers.size() == 1 && packet.layers.front().protocol == &database.raw();
}

/// The packet that the octets are, all of them; octets that are none are Raw.
inline model::Packet read_packet(const model::Protocol& protocol, ByteView octets, const DecodeContext& context) {
    try {
        std::size_t used = 0;
        model::Packet packet = context.decoder.dissect(protocol, octets, context.message, used);
        if (used == octets.size() && packet.layers.size() == 1) {
            return packet;
        }
    } catch (const DecodeError&) {
        // Raw.
    }
    return raw_packet(context.decoder.database(), octets);
}

/// The protocol that a field holds in a layer, or null.
inline const model::Protocol* held_in(const BerParameters& parameters, const model::Layer& layer) {
    if (!parameters.identified_by) {
        return parameters.protocol;
    }
    const auto value_of = [](const model::Layer& of, std::size_t index) {
        const model::FieldValue& given = of.fields[index];
        return given.is_set ? &given.value : &of.protocol->fields[index].default_value;
    };
    const model::Value* value = value_of(layer, *parameters.identified_by);
    for (const std::string& id : parameters.identified_by_within) {
        const model::Packet* const packet = value->get_if<model::Packet>();
        const auto index = packet != nullptr && !packet->layers.empty()
                               ? packet->layers.front().protocol->find_field(id)
                               : std::nullopt;
        if (!index) {
            return parameters.protocol;
        }
        value = value_of(packet->layers.front(), *index);
    }
    const std::string* const identifier = value->get_if<std::string>();
    const model::Protocol* const known =
        identifier != nullptr ? layer.protocol->find_by_object_identifier(*identifier) : nullptr;
    return known != nullptr ? known : parameters.protocol;
}

/// The tags that a packet of a protocol begins with; none: any.
inline std::vector<BerTag> tags_of(const model::Protocol& protocol, std::size_t depth) {
    if (depth > kMostFieldsOfATag) {
        throw ValueError(protocol.id + " is made of itself, or of more than " + std::to_string(kMostFieldsOfATag) +
                         " protocols within each other");
    }
    if (!protocol.ber_groups.empty() && protocol.ber_groups.front().first == 0) {
        return {protocol.ber_groups.front().tags.front()};
    }
    if (protocol.is_ber && !protocol.fields.empty() && protocol.fields.front().type->is_ber()) {
        return ber_type(protocol.fields.front()).tags(protocol.fields.front(), depth + 1);
    }
    return {};
}

}  // namespace framewright::fields
