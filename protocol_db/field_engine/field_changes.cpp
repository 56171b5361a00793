#include "protocol_db/field_engine/field_changes.hpp"

#include <algorithm>

#include "protocol_db/fields/errors.hpp"
#include "protocol_db/packet/dissect.hpp"

namespace framewright::field_engine {

FieldChanges::FieldChanges(const PacketLayout& layout, const model::Database& database)
    : layout_(layout), database_(database), layers_(layout.packet()) {
    const model::Packet& packet = layout.packet();
    for (std::size_t layer = 0; layer < packet.layers.size(); ++layer) {
        for (std::size_t index = 0; index < packet.layers[layer].protocol->fields.size(); ++index) {
            if (!layout.is_written(layer, index)) {
                continue;  // of several fields of one name, another one
            }
            const packet::InspectedField field = packet::inspect_field(packet, layout.inspected(), layer, index);
            const std::size_t start = layout.inspected().built.offsets[layer];
            if (!field.place.is_present || field.place.value_bits() == 0) {
                continue;
            }
            Candidate candidate{layer, field.field, start, field.place, start + field.place.first_bit / 8, 0};
            for (std::size_t bit = 0; bit < field.place.value_bits(); ++bit) {
                const std::size_t byte =
                    start + model::bit_in_bytes(*field.field, field.place, field.place.first_bit + bit) / 8;
                candidate.first_byte = bit == 0 ? byte : std::min(candidate.first_byte, byte);
                candidate.end_byte = std::max(candidate.end_byte, byte + 1);
            }
            if (candidate.end_byte <= layout.inspected().built.bytes.size()) {
                candidates_.push_back(candidate);
            }
        }
    }
}

std::vector<FieldChange> FieldChanges::in(ByteView packet) const {
    std::vector<FieldChange> changes;
    const ByteView original = layout_.inspected().built.bytes;
    for (const Candidate& candidate : candidates_) {
        const auto first = static_cast<std::ptrdiff_t>(candidate.first_byte);
        const auto end = static_cast<std::ptrdiff_t>(candidate.end_byte);
        if (candidate.end_byte > packet.size() ||
            std::equal(packet.begin() + first, packet.begin() + end, original.begin() + first)) {
            continue;
        }
        const Bytes octets = octets_of(candidate, packet);
        if (octets != octets_of(candidate, original)) {
            changes.push_back({candidate.layer, candidate.field, candidate.first_byte, read(candidate, octets)});
        }
    }
    return changes;
}

/// The field's bits as octets of their own, from the first bit on; the last octet is filled up with zeros.
Bytes FieldChanges::octets_of(const Candidate& candidate, ByteView packet) {
    const auto& [layer, field, start, place, first_byte, end_byte] = candidate;
    const std::size_t bits = place.value_bits();
    if (field->word.bits == 0 && place.first_bit % 8 == 0 && bits % 8 == 0) {
        const ByteView octets = packet.subspan(first_byte, bits / 8);
        return {octets.begin(), octets.end()};
    }
    Bytes octets((bits + 7) / 8);
    for (std::size_t bit = 0; bit < bits; ++bit) {
        const std::size_t own = model::bit_in_bytes(*field, place, place.first_bit + bit);
        const bool is_set = (packet[start + own / 8] & 0x80U >> own % 8) != 0;
        octets[bit / 8] = static_cast<std::uint8_t>(octets[bit / 8] | (is_set ? 0x80U >> bit % 8 : 0U));
    }
    return octets;
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
