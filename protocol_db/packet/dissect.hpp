#pragma once

#include <cstddef>
#include <vector>

#include "protocol_db/bytes.hpp"
#include "protocol_db/fields/errors.hpp"
#include "protocol_db/fields/field_type.hpp"
#include "protocol_db/packet/layer_rules.hpp"

namespace framewright::packet {

/// The most layers of one packet, and how deep packets may nest in fields.
inline constexpr std::size_t kMaximumLayers = 256;
inline constexpr std::size_t kMaximumNesting = 16;

/// A layer that was read from bytes.
struct DissectedLayer {
    model::Layer layer;
    /// Where each field lies, in the protocol's order.
    std::vector<Place> places;
    /// From the packet's first byte, in bytes.
    std::size_t offset = 0;
    std::size_t header_length = 0;
    /// What the layer carries, in bytes, and what stands behind that of the layer itself.
    std::size_t payload_length = 0;
    std::size_t trailer_length = 0;

    std::size_t length() const { return header_length + payload_length + trailer_length; }
};

/// The index of the first binding of a layer's protocol that holds, or the number of its bindings where none does.
/// Costs the same however many there are.
std::size_t find_binding(const LayerRules& layer);

/// Reads layers from bytes, as the database says. Has no state: any number of threads may share one.
class Dissector {
public:
    explicit Dissector(const model::Database& database) : database_(database) {}

    /// Dissects a packet from its first layer up: each layer's fields, then the protocol whose binding holds; bytes
    /// that no protocol claims are Raw. What follows a payload that knows its own length is of the protocol that may
    /// follow; else it is Padding, or Raw where something else stands behind it.
    /// Throws fields::DecodeError when the first layer cannot be read.
    std::vector<DissectedLayer> dissect(const model::Protocol& first, ByteView packet) const;

    /// Dissects one layer, whatever follows it. `below` is the layer under it, if any; `bytes` start with the layer.
    /// Throws fields::DecodeError.
    DissectedLayer dissect_layer(const model::Protocol& protocol, ByteView bytes, const model::Layer* below) const;

    /// Reads the octets of one field of a layer, of which `rules` know the rest. Names refer back into `message`, or
    /// into the octets without one. Throws fields::DecodeError.
    model::Value read_field(const model::Field& field, const model::Layer& layer, ByteView octets, LayerRules rules,
                            ByteView message = {}) const;

    /// Which protocol bytes taken for `protocol` really are (a record by its type, 802.3 by its length).
    const model::Protocol& dispatch(const model::Protocol& protocol, ByteView bytes) const;

private:
    class NestedDecoder;

    struct Scope;

    std::vector<DissectedLayer> dissect(const model::Protocol& first, ByteView packet, const Scope& scope) const;
    const model::Protocol& dispatch(const model::Protocol& protocol, ByteView bytes, const model::Layer* below,
                                    const Scope& scope) const;
    const model::Protocol& select(const model::Protocol& protocol, ByteView bytes, const model::Layer* below,
                                  const Scope& scope) const;
    const model::Protocol* find_variant(const model::Protocol& protocol, ByteView bytes, const model::Layer* below,
                                        const Scope& scope) const;
    DissectedLayer read_layer(const model::Protocol& protocol, ByteView bytes, const model::Layer* below,
                              const Scope& scope, std::size_t field_count) const;
    DissectedLayer read_layer(const model::Protocol& protocol, ByteView bytes, const model::Layer* below,
                              const Scope& scope) const {
        return read_layer(protocol, bytes, below, scope, protocol.fields.size());
    }
    DissectedLayer plain_layer(const model::Protocol& protocol, ByteView bytes) const;
    /// What follows a layer's payload and trailer, or null for padding.
    const model::Protocol* following_protocol(const DissectedLayer& layer, ByteView bytes, const model::Layer* below,
                                              const Scope& scope) const;
    const model::Protocol& payload_protocol(const DissectedLayer& layer, ByteView payload, const model::Layer* below,
                                            const Scope& scope) const;
    const model::Protocol* choose(const std::vector<model::Choice>& choices, const LayerRules& rules, ByteView bytes,
                                  const model::Layer* below, const Scope& scope) const;

    const model::Database& database_;
};

}  // namespace framewright::packet
