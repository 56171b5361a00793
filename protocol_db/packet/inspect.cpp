#include "protocol_db/packet/inspect.hpp"

#include <algorithm>

namespace framewright::packet {

namespace {

bool are_related(const model::Protocol& left, const model::Protocol& right) {
    return left.is_a(right) || right.is_a(left);
}

std::vector<DissectedLayer> dissect_or_raw(const Dissector& dissector, const model::Protocol& first, ByteView bytes) {
    try {
        return dissector.dissect(first, bytes);
    } catch (const fields::DecodeError&) {
        return {};
    }
}

}  // namespace

InspectedPacket inspect(const model::Packet& packet, const model::Database& database) {
    InspectedPacket result;
    result.built = build(packet, database);
    result.layers.resize(packet.layers.size());
    if (packet.layers.empty()) {
        return result;
    }
    const Dissector dissector(database);
    const ByteView bytes = result.built.bytes;
    std::vector<DissectedLayer> real = dissect_or_raw(dissector, *packet.layers.front().protocol, bytes);
    // Padding cuts the layers below it short; without it a layer's own bytes are those that it was dissected from.
    const bool is_padded = !real.empty() && real.back().layer.protocol->is_padding;
    bool is_valid = true;
    for (std::size_t index = 0; index < packet.layers.size(); ++index) {
        InspectedLayer& layer = result.layers[index];
        const model::Protocol& asked = *packet.layers[index].protocol;
        const std::size_t offset = result.built.offsets[index];
        if (is_valid && index < real.size()) {
            layer.real_protocol = real[index].layer.protocol;
            layer.is_valid = are_related(asked, *layer.real_protocol);
        }
        is_valid = layer.is_valid;
        const bool is_the_same =
            is_valid && !is_padded && real[index].offset == offset && layer.real_protocol == &asked;
        if (is_the_same) {
            layer.own = std::move(real[index]);
            continue;
        }
        if (offset >= bytes.size() && index > 0) {
            continue;
        }
        try {
            const model::Layer* const below = index > 0 ? &packet.layers[index - 1] : nullptr;
            layer.own = dissector.dissect_layer(asked, bytes.subspan(offset), below);
        } catch (const fields::DecodeError&) {
            layer.own.reset();
        }
    }
    return result;
}

model::Packet to_packet(std::vector<DissectedLayer> layers) {
    model::Packet packet;
    packet.layers.reserve(layers.size());
    for (DissectedLayer& layer : layers) {
        packet.layers.push_back(std::move(layer.layer));
    }
    return packet;
}

}  // namespace framewright::packet
