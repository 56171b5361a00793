#include "protocol_db/packet/inspect.hpp"

#include <algorithm>

#include "protocol_db/fields/field_type.hpp"
#include "protocol_db/packet/built_layers.hpp"
#include "protocol_db/packet/layer_rules.hpp"

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

/// Whether the value that was asked for is shown itself, rather than what it reads back as.
bool is_plain(const model::Value& value, const model::Field& field) {
    const bool is_default = &value == &field.default_value;
    return value.is<Integer>() || value.is<double>() || value.is<std::string>() ||
           (value.is<Bytes>() && (is_default ? field.type->shows_default_octets() : field.type->shows_given_octets()));
}

/// The field that is meant by one of a layer that has these places: of several of one id, the one that is in the bytes.
std::size_t meant_field(const model::Protocol& protocol, std::span<const Place> places, std::size_t index) {
    model::Layer layer;
    layer.protocol = &protocol;
    LayerRules rules(LayerView{&layer, {}}, {});
    rules.set_places(places);
    return places.empty() ? index : rules.meant(index);
}

/// Where no field of an id is in the bytes: one that took the value that this one refused.
std::size_t taking_field(const model::Layer& layer, std::size_t index) {
    const auto is_refused = [&layer](std::size_t field) {
        return std::any_of(layer.refused.begin(), layer.refused.end(),
                           [field](const model::RefusedValue& refused) { return refused.field == field; });
    };
    const std::vector<model::Field>& fields = layer.protocol->fields;
    std::size_t other = is_refused(index) ? fields[index].first_of_id : index;
    while (is_refused(other) && fields[other].next_of_id != 0) {
        other = fields[other].next_of_id;
    }
    return other;
}

/// Where the bytes end that each layer is read from: before what is another's. Padding is written behind all other
/// layers: a layer on top of it ends where padding begins.
std::vector<std::size_t> ends_of_layers(const model::Packet& packet, const BuiltPacket& built) {
    std::vector<std::size_t> ends = built.ends;
    ends.resize(packet.layers.size(), built.bytes.size());
    std::size_t padding = built.bytes.size();
    for (std::size_t index = packet.layers.size(); index-- > 0;) {
        if (packet.layers[index].protocol->is_padding) {
            ends[index] = padding;
            padding = built.offsets[index];
        }
    }
    bool is_on_padding = false;
    for (std::size_t index = 0; index < packet.layers.size(); ++index) {
        const bool is_padding = packet.layers[index].protocol->is_padding;
        is_on_padding = is_on_padding || is_padding;
        if (is_on_padding && !is_padding) {
            ends[index] = std::min(ends[index], padding);
        }
    }
    return ends;
}

bool says_encoding(const model::Packet& packet) {
    return std::any_of(packet.layers.begin(), packet.layers.end(), [](const model::Layer& layer) {
        for (std::size_t index = 0; index < layer.fields.size(); ++index) {
            const model::Field& field = layer.protocol->fields[index];
            if (field.type->says_encoding(field, layer.fields[index].value)) {
                return true;
            }
        }
        return false;
    });
}

/// Whether the packet comes out the same from what is read back of it.
bool is_rebuilt_the_same(const model::Packet& packet, const InspectedPacket& inspected,
                         const model::Database& database) {
    model::Packet again = packet;
    for (std::size_t layer = 0; layer < again.layers.size(); ++layer) {
        again.layers[layer].forget_original();
        for (std::size_t field = 0; field < again.layers[layer].fields.size(); ++field) {
            const InspectedField shown = inspect_field(packet, inspected, layer, field);
            if (!shown.is_ignored && !shown.value->is_none()) {
                again.layers[layer].fields[field] = {*shown.value, true};
            }
        }
    }
    try {
        return build(again, database).bytes == inspected.built.bytes;
    } catch (const BuildError&) {
        return false;
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
    const std::vector<std::size_t> ends = ends_of_layers(packet, result.built);
    const std::vector<LayerSpan> spans = spans_of(packet);
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
        if (offset >= ends[index] && index > 0) {
            continue;
        }
        try {
            const std::optional<std::size_t> below_index = spans[index].below;
            const model::Layer* const below = below_index ? &packet.layers[*below_index] : nullptr;
            layer.own = dissector.dissect_layer(asked, bytes.first(ends[index]).subspan(offset), below);
        } catch (const fields::DecodeError&) {
            // The padding that followed in the packet may be what it cannot be read with.
            const bool is_read_in_packet = is_valid && real[index].offset == offset && layer.real_protocol == &asked;
            layer.own = is_read_in_packet ? std::optional(std::move(real[index])) : std::nullopt;
        }
    }
    result.keeps_encoding = says_encoding(packet) && !is_rebuilt_the_same(packet, result, database);
    return result;
}

InspectedField inspect_field(const model::Packet& packet, const InspectedPacket& inspected, std::size_t layer_index,
                             std::size_t field_index) {
    const model::Protocol& protocol = *packet.layers[layer_index].protocol;
    const std::optional<DissectedLayer>& own = inspected.layers[layer_index].own;
    const std::vector<Place>& written = inspected.built.places[layer_index];
    const bool is_of_own = own && own->layer.protocol == &protocol;
    const std::span<const Place> places = is_of_own ? own->places : written;
    std::size_t meant = protocol.shares_id(field_index) ? meant_field(protocol, places, field_index) : field_index;
    if (meant >= places.size() || !places[meant].is_present) {
        meant = taking_field(packet.layers[layer_index], meant);
    }
    const model::Field& field = form_of(protocol, field_index, meant);
    const model::Value& asked = *inspected.built.values[layer_index][meant];
    // Clients know an empty list, and a packet of no bytes, as being there even where the bytes have ended.
    const bool may_be_empty = field.default_value.is<model::List>() || field.default_value.is<model::Packet>();
    InspectedField shown{&field, &asked, meant < written.size() ? written[meant] : Place{}, true};
    if (!own) {
        // What cannot be read as this layer is still what was written for it.
        shown.is_ignored = shown.place.bits == 0 && !may_be_empty;
        return shown;
    }
    const auto index = is_of_own ? std::optional(meant) : own->layer.protocol->find_field(field.id);
    if (!index) {
        return shown;
    }
    const std::size_t found = is_of_own ? meant : meant_field(*own->layer.protocol, own->places, *index);
    const model::FieldValue& read = own->layer.fields[found];
    shown.place = own->places[found];
    shown.is_ignored = shown.place.is_beyond && !may_be_empty;
    const bool is_asked_shown =
        is_plain(asked, field) || (inspected.keeps_encoding && field.type->says_encoding(field, asked));
    if (!is_asked_shown) {
        const LayerRules rules(LayerView{&own->layer, {}}, {});
        shown.value = read.is_set && !shown.place.is_beyond ? &read.value : &field.type->absent_value(rules, field);
    }
    return shown;
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
