#include "protocol_db/field_engine/written_field.hpp"

#include <algorithm>
#include <limits>

#include "protocol_db/expression/literal.hpp"
#include "protocol_db/field_engine/program_error.hpp"
#include "protocol_db/fields/bit_io.hpp"
#include "protocol_db/fields/field_type.hpp"
#include "protocol_db/fields/text.hpp"
#include "protocol_db/packet/edit.hpp"

namespace framewright::field_engine {

namespace {

constexpr std::uint32_t kOctet = 8;
/// The widest variable, and the most bytes that a masked write replaces.
constexpr std::uint32_t kWidestVariable = 8;
constexpr std::uint32_t kWidestMask = 4;

/// The least size of a variable that holds so many bits, up to 32.
constexpr std::uint32_t size_for(std::uint32_t bits) {
    return bits <= 8 ? 1 : bits <= 16 ? 2 : 4;
}

/// A field that is written as `size` bytes, which are its lowest.
FieldFit whole_bytes(const PacketOffset& place, std::uint32_t size) {
    const std::uint32_t end = place.bytes + (place.first_bit + place.bits) / kOctet;
    return {.size = size, .bits = size * kOctet, .offset = place.is_little_endian ? place.bytes : end - size};
}

/// A field of which as many of the lowest bits are written as lie within 1, 2 or 4 bytes of a packet of that size.
FieldFit masked(const PacketOffset& place, std::size_t packet_size) {
    const std::uint32_t touched = (place.first_bit + place.bits + kOctet - 1) / kOctet;
    const std::uint32_t end = place.bytes + touched;
    const std::uint32_t spare = touched * kOctet - place.first_bit - place.bits;
    const std::uint32_t cast_size = size_for(std::min(touched, kWidestMask) * kOctet);
    std::uint32_t start = touched > kWidestMask && !place.is_little_endian ? end - kWidestMask : place.bytes;
    if (start + cast_size > packet_size) {
        start = static_cast<std::uint32_t>(packet_size) - cast_size;
    }
    const std::uint32_t shift = place.is_little_endian ? (place.bytes - start) * kOctet + place.first_bit
                                                       : (start + cast_size - end) * kOctet + spare;
    const std::uint32_t bits = std::min(place.bits, cast_size * kOctet - shift);
    return {.size = size_for(bits), .bits = bits, .offset = start, .cast_size = cast_size, .shift = shift};
}

FieldFit fit_for(const PacketOffset& place, std::size_t packet_size) {
    // Whether the lowest bits are a byte's.
    const bool ends_a_byte =
        place.is_little_endian ? place.first_bit == 0 : (place.first_bit + place.bits) % kOctet == 0;
    const bool is_whole_bytes = place.first_bit == 0 && place.bits % kOctet == 0;
    const std::uint32_t bytes = place.bits / kOctet;
    if (is_whole_bytes && (bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8)) {
        return whole_bytes(place, bytes);
    }
    if (ends_a_byte && bytes >= kWidestVariable) {
        return whole_bytes(place, kWidestVariable);
    }
    const bool lies_in_a_mask = place.first_bit + place.bits <= kWidestMask * kOctet;
    return ends_a_byte && !lies_in_a_mask ? whole_bytes(place, kWidestMask) : masked(place, packet_size);
}

/// The number that octets are, of which only the last eight count.
std::uint64_t lowest(ByteView octets) {
    std::uint64_t number = 0;
    for (const std::uint8_t octet : octets) {
        number = number << kOctet | octet;
    }
    return number;
}

/// The octets with their `bits` lowest bits cleared.
Bytes without_lowest(Bytes octets, std::uint32_t bits) {
    fields::overwrite_bits(octets, octets.size() * kOctet - bits, bits, 0);
    return octets;
}

}  // namespace

std::uint64_t FieldFit::largest() const {
    return std::numeric_limits<std::uint64_t>::max() >> (kWidestVariable * kOctet - bits);
}

std::uint64_t FieldFit::range_end() const {
    return std::min(largest(), std::numeric_limits<std::uint64_t>::max() - 1);
}

WrittenField::WrittenField(const PacketLayout& layout, const PacketOffset& place)
    : layout_(layout), place_(place), fit_(fit_for(place, layout.size())) {}

Integer WrittenField::fitting_number(const ParameterValue& value, ReadingBudget& budget) const {
    const std::optional<std::string> text = value.as_text();
    if (text && *text == shown()) {
        return lowest(contents(layout_.inspected().built.bytes, place_)) & fit_.largest();
    }
    const std::optional<Integer> digits = text ? parse_integer(*text) : std::nullopt;
    if (text && (!digits || *digits < 0)) {
        return varying_part(contents_of(*text, budget));
    }
    const Integer number = value.number();
    if (number > fit_.largest()) {
        throw ValueRefusal("it is above " + std::to_string(fit_.largest()) + ", the largest of " +
                           std::to_string(fit_.bits) + " bits");
    }
    return number;
}

Integer WrittenField::number(const ParameterValue& value, ReadingBudget& budget) const {
    const std::optional<std::string> text = value.as_text();
    if (!text || place_.bits > kWidestVariable * kOctet) {
        return value.number();
    }
    try {
        return value.number();
    } catch (const ValueRefusal&) {
        return lowest(contents_of(*text, budget));
    }
}

Instruction WrittenField::write(const std::string& variable, std::int64_t add_value,
                                std::optional<bool> is_big_endian) const {
    const bool is_big = is_big_endian.value_or(!place_.is_little_endian);
    if (is_big == place_.is_little_endian && (fit_.cast_size != 0 || fit_.bits != place_.bits)) {
        throw ValueRefusal("in this byte order it is not the field: leave is_big out, or give the variable a size");
    }
    const PacketOffset offset{.bytes = fit_.offset};
    if (fit_.cast_size == 0) {
        return Write{variable, offset, add_value, is_big};
    }
    return MaskedWrite{.variable = variable,
                       .offset = offset,
                       .cast_size = fit_.cast_size,
                       .mask = fit_.largest() << fit_.shift,
                       .shift = fit_.shift,
                       .add_value = add_value,
                       .is_big_endian = is_big};
}

Bytes WrittenField::contents(ByteView packet, const PacketOffset& place) const {
    if (std::size_t{place.bytes} * kOctet + place.first_bit + place.bits > packet.size() * kOctet) {
        throw ValueRefusal("the field does not lie in the packet as a whole");
    }
    const std::uint32_t touched = (place.first_bit + place.bits + kOctet - 1) / kOctet;
    Bytes bytes(packet.begin() + place.bytes, packet.begin() + place.bytes + touched);
    if (place.is_little_endian) {
        std::reverse(bytes.begin(), bytes.end());
    }
    fields::BitReader reader(bytes);
    reader.skip_bits(place.is_little_endian ? touched * kOctet - place.first_bit - place.bits : place.first_bit);
    Bytes octets;
    fields::BitWriter writer(octets);
    writer.write_bits(0, (kOctet - place.bits % kOctet) % kOctet);
    for (std::uint32_t left = place.bits; left > 0;) {
        const std::uint32_t take = std::min(left, kOctet);
        writer.write_bits(reader.read_bits(take), take);
        left -= take;
    }
    return octets;
}

Bytes WrittenField::contents_of(std::string_view text, ReadingBudget& budget) const {
    constexpr std::size_t kLeastCost = 1024;
    const std::size_t cost = kLeastCost + layout_.size() + text.size();
    if (budget.bytes < cost) {
        throw ValueRefusal("the program has too many values that are no numbers");
    }
    budget.bytes -= cost;
    try {
        model::Packet packet = layout_.packet();
        packet::ExpressionBudget layers;
        packet::set_field(packet.layers[place_.layer], place_.field, std::string(text), layout_.database(), layers);
        const packet::InspectedPacket inspected = packet::inspect(packet, layout_.database());
        const PacketOffset place =
            PacketLayout(packet, inspected, layout_.database()).place_of(place_.layer, place_.field);
        if (place.bits != place_.bits) {
            throw ValueRefusal("the field would have another width");
        }
        return contents(inspected.built.bytes, place);
    } catch (const fields::ValueError& error) {
        throw ValueRefusal(error.what());
    } catch (const expression::SyntaxError& error) {
        throw ValueRefusal(error.what());
    } catch (const packet::BuildError& error) {
        throw ValueRefusal(error.what());
    }
}

Integer WrittenField::varying_part(const Bytes& contents) const {
    const Bytes held = this->contents(layout_.inspected().built.bytes, place_);
    if (without_lowest(contents, fit_.bits) != without_lowest(held, fit_.bits)) {
        throw ValueRefusal("only the last " + std::to_string(fit_.bits / kOctet) +
                           " bytes of the field vary, and those before them are others in the packet");
    }
    return lowest(contents) & fit_.largest();
}

std::string WrittenField::shown() const {
    const packet::InspectedField found =
        packet::inspect_field(layout_.packet(), layout_.inspected(), place_.layer, place_.field);
    std::string text;
    found.field->type->show(*found.field, *found.value, text);
    return std::string(fields::trim(text));
}

}  // namespace framewright::field_engine
