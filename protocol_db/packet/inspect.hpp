#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "protocol_db/packet/build.hpp"
#include "protocol_db/packet/dissect.hpp"

namespace framewright::packet {

/// A layer of a packet, beside what its bytes say when they are read back.
struct InspectedLayer {
    /// The protocol that is found here when the whole packet is dissected from its first layer; null where the
    /// dissected packet has no such layer, or differed from the asked-for one below.
    const model::Protocol* real_protocol = nullptr;
    /// Whether that is the protocol asked for, or one derived from it.
    bool is_valid = false;
    /// The layer read from its own bytes by its own protocol; none when they cannot be read as such.
    std::optional<DissectedLayer> own;
};

/// A packet as it was built and as it reads.
struct InspectedPacket {
    BuiltPacket built;
    std::vector<InspectedLayer> layers;
    /// Whether the packet has values that say how they are encoded, and that build other bytes when it is left out.
    bool keeps_encoding = false;
};

/// What a field of a packet holds, and where it lies.
struct InspectedField {
    const model::Field* field;
    const model::Value* value;
    Place place;
    /// The field is not in the bytes.
    bool is_ignored;
};

/// Builds a packet and reads it back. Values of the result refer into `packet`. Throws BuildError.
InspectedPacket inspect(const model::Packet& packet, const model::Database& database);

/// A field of a packet that inspect() was asked for: the value that was asked for where it is plain, or says how it is
/// encoded and has to, else what it reads back as; and the place where it was read, of several fields of one name,
/// which exclude each other, that of the one that is in the bytes.
InspectedField inspect_field(const model::Packet& packet, const InspectedPacket& inspected, std::size_t layer_index,
                             std::size_t field_index);

/// The packet as dissected from bytes, all fields set. Throws fields::DecodeError.
model::Packet to_packet(std::vector<DissectedLayer> layers);

}  // namespace framewright::packet
