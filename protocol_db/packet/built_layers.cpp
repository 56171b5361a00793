#include "protocol_db/packet/built_layers.hpp"

#include <algorithm>
#include <utility>

namespace framewright::packet {

namespace {

/// Whether a layer stands behind the payload of an earlier one, as that one's definition says.
bool may_follow(const model::Layer& layer, const model::Layer& earlier) {
    const std::vector<model::Choice>& then = earlier.protocol->then;
    return std::any_of(then.begin(), then.end(),
                       [&](const model::Choice& choice) { return layer.protocol->is_a(*choice.protocol); });
}

/// Whether each layer stands on the one in front of it.
bool is_plain(const std::vector<model::Layer>& layers) {
    return std::all_of(layers.begin(), layers.end(), [](const model::Layer& layer) {
        return layer.protocol->then.empty() && layer.distance_below <= 1;
    });
}

}  // namespace

std::vector<LayerSpan> spans_of(const model::Packet& packet) {
    const std::vector<model::Layer>& layers = packet.layers;
    const bool all_plain = is_plain(layers);
    std::vector<LayerSpan> spans(layers.size());
    // The layers whose payload may go on, each on top of the one in front of it.
    std::vector<std::size_t> open;
    for (std::size_t index = 0; index < layers.size(); ++index) {
        spans[index].end = layers.size();
        if (all_plain) {
            spans[index].below = index > 0 ? std::optional(index - 1) : std::nullopt;
            continue;
        }
        const model::Layer& layer = layers[index];
        auto closed = open.end();
        if (layer.distance_below > index) {
            closed = open.begin();
        } else if (layer.distance_below > 0) {
            const auto below = std::find(open.begin(), open.end(), index - layer.distance_below);
            closed = below != open.end() ? below + 1 : closed;
        } else {
            const auto earlier = std::find_if(open.rbegin(), open.rend(),
                                              [&](std::size_t before) { return may_follow(layer, layers[before]); });
            closed = earlier != open.rend() ? earlier.base() - 1 : closed;
        }
        std::for_each(closed, open.end(), [&](std::size_t before) { spans[before].end = index; });
        open.erase(closed, open.end());
        spans[index].below = open.empty() ? std::nullopt : std::optional(open.back());
        open.push_back(index);
    }
    return spans;
}

std::vector<const model::Value*> values_of(const model::Packet& packet, std::size_t index, const LayerSpan& span) {
    const model::Layer& own = packet.layers[index];
    const model::Protocol& protocol = *own.protocol;
    std::vector<const model::Value*> values(own.fields.size());
    for (std::size_t field = 0; field < values.size(); ++field) {
        values[field] = own.fields[field].is_set ? &own.fields[field].value : &protocol.fields[field].default_value;
    }
    const bool has_payload = span.end > index + 1;
    const model::Imposition* const imposition =
        has_payload ? packet.layers[index + 1].protocol->imposes_on(protocol) : nullptr;
    if (imposition == nullptr) {
        return values;
    }
    for (const auto& [field, value] : imposition->fields) {
        const auto place = imposition->lower == &protocol ? std::optional(field)
                                                          : protocol.find_field(imposition->lower->fields[field].id);
        for (std::size_t next = place.value_or(0); place && next < values.size();) {
            values[next] = own.fields[next].is_set ? values[next] : &value;
            next = protocol.fields[next].next_of_id != 0 ? protocol.fields[next].next_of_id : values.size();
        }
    }
    return values;
}

BuiltLayers::BuiltLayers(const model::Packet& packet, const LayerRules* parent)
    : packet_(packet),
      parent_(parent),
      layers_(packet.layers.size()),
      values_(packet.layers.size()),
      places_(packet.layers.size()) {
    const std::vector<LayerSpan> spans = spans_of(packet);
    std::size_t fields = 0;
    for (std::size_t index = 0; index < count(); ++index) {
        layers_[index].span = spans[index];
        layers_[index].first_number = fields;
        values_[index] = values_of(packet, index, spans[index]);
        fields += values_[index].size();
    }
    numbers_.resize(fields);
}

LayerRules BuiltLayers::rules_of(std::size_t index) const {
    LayerRules rules(view(index), view_below(index));
    rules.set_parent(parent_);
    rules.set_places(places_[index]);
    rules.set_header_length(layers_[index].header_length);
    rules.set_payload_length(layers_[index].payload_length);
    return rules;
}

void BuiltLayers::move_into(BuiltPacket& result) {
    result.values = std::move(values_);
    result.places = std::move(places_);
}

}  // namespace framewright::packet
