#include "protocol_db/field_engine/field_changes.hpp"

#include <algorithm>

#include "protocol_db/fields/bit_io.hpp"
#include "protocol_db/fields/errors.hpp"
#include "protocol_db/packet/dissect.hpp"

namespace framewright::field_engine {

namespace {

/// The bits as octets of their own, from the first bit on; the last octet is filled up with zeros.
Bytes bits_of(ByteView bytes, std::size_t first_bit, std::size_t bits) {
    if (first_bit % 8 == 0 && bits % 8 == 0) {
        const ByteView octets = bytes.subspan(first_bit / 8, bits / 8);
        return {octets.begin(), octets.end()};
    }
    constexpr std::size_t kOctet = 8;
    fields::BitReader reader(bytes.subspan(first_bit / 8));
    reader.read_bits(static_cast<std::uint32_t>(first_bit % 8));
    Bytes octets;
    fields::BitWriter writer(octets);
    for (std::size_t left = bits; left > 0;) {
        const auto take = static_cast<std::uint32_t>(std::min(left, kOctet));
        writer.write_bits(reader.read_bits(take), take);
        left -= take;
    }
    return octets;
}

}  // namespace

FieldChanges::FieldChanges(const PacketLayout& layout, const model::Database& database)
    : layout_(layout), database_(database), layers_(layout.packet()) {
    const model::Packet& packet = layout.packet();
    for (std::size_t layer = 0; layer < packet.layers.size(); ++layer) {
        for (std::size_t index = 0; index < packet.layers[layer].protocol->fields.size(); ++index) {
            if (!layout.is_written(layer, index)) {
                continue;  // of several fields of one name, another one
            }
            const packet::InspectedField field = packet::inspect_field(packet, layout.inspected(), layer, index);
            const std::size_t first_bit = layout.inspected().built.offsets[layer] * 8 + field.place.first_bit;
            if (field.place.is_present && field.place.bits > 0 &&
                first_bit + field.place.bits <= layout.inspected().built.bytes.size() * 8) {
                candidates_.push_back({layer, field.field, first_bit, field.place.bits});
            }
        }
    }
}

std::vector<FieldChange> FieldChanges::in(ByteView packet) const {
    std::vector<FieldChange> changes;
    const ByteView original = layout_.inspected().built.bytes;
    for (const Candidate& candidate : candidates_) {
        const std::size_t first = candidate.first_bit / 8;
        const std::size_t end = (candidate.first_bit + candidate.bits + 7) / 8;
        if (end > packet.size() || std::equal(packet.begin() + static_cast<std::ptrdiff_t>(first),
                                              packet.begin() + static_cast<std::ptrdiff_t>(end),
                                              original.begin() + static_cast<std::ptrdiff_t>(first))) {
            continue;
        }
        const Bytes octets = bits_of(packet, candidate.first_bit, candidate.bits);
        if (octets != bits_of(original, candidate.first_bit, candidate.bits)) {
            changes.push_back({candidate.layer, candidate.field, first, read(candidate, octets)});
        }
    }
    return changes;
}

model::Value FieldChanges::read(const Candidate& candidate, ByteView octets) const {
    try {
        return packet::Dissector(database_).read_field(*candidate.field, layout_.packet().layers[candidate.layer],
                                                       octets, layers_.rules_of(candidate.layer));
    } catch (const fields::DecodeError&) {
        return Bytes(octets.begin(), octets.end());
    }
}

}  // namespace framewright::field_engine
