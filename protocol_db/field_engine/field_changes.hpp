#pragma once

#include <vector>

#include "protocol_db/field_engine/packet_layout.hpp"
#include "protocol_db/packet/built_layers.hpp"

namespace framewright::field_engine {

/// A field that a program changed.
struct FieldChange {
    std::size_t layer;  ///< Its place in the packet, from 0.
    const model::Field* field;
    std::size_t offset;  ///< Of its first byte, in bytes from the packet's start.
    model::Value value;  ///< What it holds now; its octets where they cannot be read as the field.
};

/// Tells which fields differ from the packet that a program started with.
class FieldChanges {
public:
    /// `layout` and `database` outlive this.
    FieldChanges(const PacketLayout& layout, const model::Database& database);

    /// The fields that a packet of the program holds otherwise, in the order of the layers. Fields beyond the end of a
    /// packet that was cut are left out.
    std::vector<FieldChange> in(ByteView packet) const;

private:
    struct Candidate {
        std::size_t layer;
        const model::Field* field;
        /// Of its layer, in bytes from the packet's start.
        std::size_t start;
        model::Place place;
        /// The bytes that have a bit of the field, from the packet's start.
        std::size_t first_byte;
        std::size_t end_byte;
    };

    static Bytes octets_of(const Candidate& candidate, ByteView packet);
    model::Value read(const Candidate& candidate, ByteView octets) const;

    const PacketLayout& layout_;
    const model::Database& database_;
    packet::BuiltLayers layers_;
    std::vector<Candidate> candidates_;
};

}  // namespace framewright::field_engine
