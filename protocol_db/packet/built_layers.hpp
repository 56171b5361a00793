#pragma once

#include <optional>
#include <span>
#include <vector>

#include "protocol_db/packet/build.hpp"
#include "protocol_db/packet/layer_rules.hpp"

namespace framewright::packet {

/// How the layers of a packet stand on each other.
struct LayerSpan {
    /// The layer that this one stands on.
    std::optional<std::size_t> below;
    /// The layers from the next one up to here, and not with it, are its payload.
    std::size_t end = 0;
};

/// Each layer stands on that on which it was found. One that nobody read stands on the one in front of it, or behind
/// the payload of the nearest earlier one whose definition lets it follow (`then`), on the same as that.
std::vector<LayerSpan> spans_of(const model::Packet& packet);

/// The values of a layer that count: what is set, else what the layer above imposes, else the default.
std::vector<const model::Value*> values_of(const model::Packet& packet, std::size_t index, const LayerSpan& span);

/// What is known of a layer while its packet is built.
struct BuiltLayer {
    /// The header's octets, and behind them those of the trailer.
    Bytes octets;
    std::size_t header_length = 0;
    /// The bytes of what the layer carries.
    std::size_t payload_length = 0;
    /// The bytes of this layer and of all behind it, padding apart.
    std::size_t bytes_from_here = 0;
    /// Where its computed numbers begin among those of all layers.
    std::size_t first_number = 0;
    LayerSpan span;

    std::size_t trailer_length() const { return octets.size() - header_length; }
    ByteView header() const { return ByteView(octets).first(header_length); }
    ByteView trailer() const { return ByteView(octets).subspan(header_length); }
};

/// The layers of a packet while it is built: the values that count, which layer stands on which, and what rules about
/// them see.
class BuiltLayers {
public:
    /// `parent`: the rules of the layer whose field holds the packet, or null.
    explicit BuiltLayers(const model::Packet& packet, const LayerRules* parent = nullptr);

    std::size_t count() const { return layers_.size(); }
    const model::Layer& layer(std::size_t index) const { return packet_.layers[index]; }
    const model::Protocol& protocol(std::size_t index) const { return *packet_.layers[index].protocol; }
    BuiltLayer& built(std::size_t index) { return layers_[index]; }
    const BuiltLayer& built(std::size_t index) const { return layers_[index]; }
    const model::Value& value(std::size_t index, std::size_t field) const { return *values_[index][field]; }

    std::vector<Place>& places(std::size_t index) { return places_[index]; }
    const std::vector<Place>& places(std::size_t index) const { return places_[index]; }

    /// What the computed fields hold by now, by field; 0 for the others.
    std::span<std::int64_t> numbers(std::size_t index) {
        return std::span(numbers_).subspan(layers_[index].first_number, values_[index].size());
    }
    std::span<const std::int64_t> numbers(std::size_t index) const {
        return std::span(numbers_).subspan(layers_[index].first_number, values_[index].size());
    }
    const std::vector<std::int64_t>& all_numbers() const { return numbers_; }

    /// Whether a field that a rule computes is in the layer, and nobody gave it a value.
    bool is_computed(std::size_t index, std::size_t field) const {
        return places_[index][field].is_present && values_[index][field]->is_none();
    }

    LayerView view(std::size_t index) const { return {&packet_.layers[index], values_[index], numbers(index)}; }
    LayerView view_below(std::size_t index) const {
        const std::optional<std::size_t> below = layers_[index].span.below;
        return below ? view(*below) : LayerView{};
    }
    LayerRules rules_of(std::size_t index) const;

    /// The values and places, once all is built.
    void move_into(BuiltPacket& result);

private:
    const model::Packet& packet_;
    const LayerRules* parent_;
    std::vector<BuiltLayer> layers_;
    std::vector<std::vector<const model::Value*>> values_;
    std::vector<std::vector<Place>> places_;
    std::vector<std::int64_t> numbers_;
};

}  // namespace framewright::packet
