#include "protocol_db/packet/dissect.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "protocol_db/fields/field_type.hpp"

namespace framewright::packet {

/// What enclosing packets hand down to those nested in their fields.
struct Dissector::Scope {
    std::size_t nesting = 0;
    /// Names refer back into these bytes; the layer's own when empty.
    ByteView message;
};

/// Dissects packets nested in a field.
class Dissector::NestedDecoder final : public fields::PacketDecoder {
public:
    NestedDecoder(const Dissector& dissector, std::size_t nesting) : dissector_(dissector), nesting_(nesting) {}

    model::Packet dissect(const model::Protocol& protocol, ByteView data, ByteView message,
                          std::size_t& used) const override {
        if (nesting_ >= kMaximumNesting) {
            throw fields::DecodeError("packets are nested too deeply");
        }
        const Scope scope{nesting_ + 1, message};
        const model::Protocol* const variant =
            protocol.selection.is_by_choice ? dissector_.find_variant(protocol, data, nullptr, scope) : nullptr;
        std::vector<DissectedLayer> layers = dissector_.dissect(variant != nullptr ? *variant : protocol, data, scope);
        model::Packet packet;
        used = data.size();
        for (DissectedLayer& layer : layers) {
            if (layer.layer.protocol->is_padding) {
                used = std::min(used, layer.offset);
            } else {
                packet.layers.push_back(std::move(layer.layer));
            }
        }
        return packet;
    }

    const model::Database& database() const override { return dissector_.database_; }

private:
    const Dissector& dissector_;
    std::size_t nesting_;
};

const model::Protocol& Dissector::dispatch(const model::Protocol& protocol, ByteView bytes) const {
    return dispatch(protocol, bytes, nullptr, Scope{});
}

const model::Protocol& Dissector::dispatch(const model::Protocol& protocol, ByteView bytes, const model::Layer* below,
                                           const Scope& scope) const {
    const model::Protocol& variant = select(protocol, bytes, below, scope);
    if (variant.dispatch.empty()) {
        return variant;
    }
    static const model::Layer kNoLayer{};
    LayerRules rules(LayerView{&kNoLayer, {}}, LayerView{below, {}});
    rules.set_bytes(bytes);
    rules.set_remaining(bytes.size());
    const model::Protocol* const chosen = choose(variant.dispatch, rules, bytes, below, scope);
    return chosen != nullptr ? select(*chosen, bytes, below, scope) : variant;
}

const model::Protocol* Dissector::choose(const std::vector<model::Choice>& choices, const LayerRules& rules,
                                         ByteView bytes, const model::Layer* below, const Scope& scope) const {
    for (const model::Choice& choice : choices) {
        if (choice.when && choice.when.evaluate(rules) == 0) {
            continue;
        }
        const model::Protocol* const chosen =
            choice.is_of_variants ? find_variant(*choice.protocol, bytes, below, scope) : choice.protocol;
        if (chosen != nullptr) {
            return chosen;
        }
    }
    return nullptr;
}

/// A variant may have variants itself.
const model::Protocol& Dissector::select(const model::Protocol& protocol, ByteView bytes, const model::Layer* below,
                                         const Scope& scope) const {
    const model::Protocol* found = &protocol;
    for (const model::Protocol* variant = found; variant != nullptr;
         variant = found->selection.is_by_choice ? nullptr : find_variant(*found, bytes, below, scope)) {
        found = variant;
    }
    return *found;
}

namespace {

/// The number at a place of a layer, or nothing where the bytes end before it does.
model::Value number_at(ByteView bytes, const model::NumberPlace& place) {
    if (std::size_t{place.first_bit} + place.bits > bytes.size() * 8) {
        return {};
    }
    fields::BitReader reader(bytes);
    reader.skip_bits(place.first_bit);
    Integer number = 0;
    if (place.is_little_endian) {
        for (std::uint32_t read = 0; read < place.bits; read += 8) {
            number |= reader.read_bits(8) << read;
        }
    } else {
        number = reader.read_bits(place.bits);
    }
    const bool is_negative = place.is_signed && (number >> (place.bits - 1)) != 0;
    return is_negative ? number - (Integer{1} << place.bits) : number;
}

}  // namespace

const model::Protocol* Dissector::find_variant(const model::Protocol& protocol, ByteView bytes,
                                               const model::Layer* below, const Scope& scope) const {
    const model::Selection& selection = protocol.selection;
    const std::size_t count = selection.fields.size();
    if (selection.variants.size() == 0) {
        return nullptr;
    }
    std::array<model::Value, model::kMaximumSelecting> numbers;
    std::array<const model::Value*, model::kMaximumSelecting> key{};
    for (std::size_t index = 0; index < selection.places.size(); ++index) {
        numbers[index] = number_at(bytes, selection.places[index]);
        if (numbers[index].is_none()) {
            return nullptr;
        }
    }
    if (selection.places.empty()) {
        const std::size_t last = *std::max_element(selection.fields.begin(), selection.fields.end());
        try {
            DissectedLayer read = read_layer(protocol, bytes, below, scope, last + 1);
            LayerRules rules(LayerView{&read.layer, {}}, LayerView{below, {}});
            rules.set_places(read.places);
            rules.set_bytes(bytes);
            for (std::size_t index = 0; index < count; ++index) {
                const model::Field& field = protocol.fields[selection.fields[index]];
                const model::FieldValue& value = read.layer.fields[selection.fields[index]];
                const bool is_missing = !value.is_set && (!field.condition || field.condition.evaluate(rules) != 0);
                if (is_missing) {
                    return nullptr;
                }
                numbers[index] = value.value;
            }
        } catch (const fields::DecodeError&) {
            return nullptr;
        }
    }
    std::transform(numbers.begin(), numbers.end(), key.begin(), [](const model::Value& value) { return &value; });
    const model::Protocol* const* const variant = selection.variants.find(std::span(key).first(count));
    return variant != nullptr ? *variant : nullptr;
}

std::vector<DissectedLayer> Dissector::dissect(const model::Protocol& first, ByteView packet) const {
    return dissect(first, packet, Scope{});
}

std::vector<DissectedLayer> Dissector::dissect(const model::Protocol& first, ByteView packet,
                                               const Scope& scope) const {
    std::vector<DissectedLayer> layers;
    std::vector<std::pair<std::size_t, ByteView>> paddings;
    layers.reserve(8);
    const model::Protocol* next = &first;
    ByteView rest = packet;
    std::size_t offset = 0;
    while (!rest.empty() || layers.empty()) {
        const model::Layer* const below = layers.empty() ? nullptr : &layers.back().layer;
        const bool is_full = layers.size() + 1 >= kMaximumLayers;
        DissectedLayer layer;
        Split parts;
        bool is_read = false;
        if (!is_full) {
            try {
                layer = read_layer(dispatch(*next, rest, below, scope), rest, below, scope);
                parts = split(layer, rest.subspan(layer.header_length), below);
                is_read = true;
            } catch (const fields::DecodeError&) {
                if (layers.empty()) {
                    throw;
                }
            }
        }
        if (!is_read) {
            layer = plain_layer(database_.raw(), rest);
            parts = {};
        }
        layer.offset = offset;
        if (!parts.padding.empty()) {
            paddings.emplace_back(offset + layer.header_length + parts.payload.size(), parts.padding);
        }
        next = parts.payload.empty() ? nullptr : &payload_protocol(layer, parts.payload, below, scope);
        // Nothing more can be read when neither the layer nor what follows it takes a byte.
        const bool is_stuck = layer.header_length == 0 && next == layer.layer.protocol;
        offset += layer.header_length;
        layers.push_back(std::move(layer));
        rest = parts.payload;
        if (is_stuck) {
            next = &database_.raw();
        }
    }
    // The innermost padding stands first in the bytes.
    std::reverse(paddings.begin(), paddings.end());
    for (const auto& [place, bytes] : paddings) {
        layers.push_back(plain_layer(database_.padding(), bytes));
        layers.back().offset = place;
    }
    return layers;
}

DissectedLayer Dissector::dissect_layer(const model::Protocol& protocol, ByteView bytes,
                                        const model::Layer* below) const {
    return read_layer(dispatch(protocol, bytes, below, Scope{}), bytes, below, Scope{});
}

model::Value Dissector::read_field(const model::Field& field, const model::Layer& layer, ByteView octets,
                                   ByteView message) const {
    LayerRules rules(LayerView{&layer, {}}, {});
    rules.set_remaining(octets.size());
    const NestedDecoder decoder(*this, 0);
    fields::BitReader reader(octets);
    // The octets are the whole field, whatever other fields would say of its size.
    fields::DecodeContext context{reader, rules, decoder, layer, message.empty() ? octets : message, true};
    model::Value value = field.type->decode(field, context);
    if (!context.reader.rest().empty()) {
        throw fields::DecodeError("the field ends before its octets do");
    }
    return value;
}

DissectedLayer Dissector::plain_layer(const model::Protocol& protocol, ByteView bytes) const {
    DissectedLayer result;
    result.layer.protocol = &protocol;
    result.layer.fields.push_back({Bytes(bytes.begin(), bytes.end()), true});
    result.places.push_back({0, static_cast<std::uint32_t>(bytes.size() * 8), true});
    result.header_length = bytes.size();
    return result;
}

DissectedLayer Dissector::read_layer(const model::Protocol& protocol, ByteView bytes, const model::Layer* below,
                                     const Scope& scope, std::size_t field_count) const {
    DissectedLayer result;
    result.layer.protocol = &protocol;
    result.layer.fields.resize(protocol.fields.size());
    result.places.resize(protocol.fields.size());
    LayerRules rules(LayerView{&result.layer, {}}, LayerView{below, {}});
    rules.set_places(result.places);
    rules.set_bytes(bytes);
    const NestedDecoder decoder(*this, scope.nesting);
    fields::BitReader reader(bytes);
    fields::DecodeContext context{reader, rules, decoder, result.layer, scope.message.empty() ? bytes : scope.message};
    if (protocol.message_start) {
        const std::int64_t start = protocol.message_start.evaluate(rules);
        context.message = bytes.subspan(fields::clip_length(start, bytes.size()));
    }
    for (std::size_t index = 0; index < field_count; ++index) {
        const model::Field& field = protocol.fields[index];
        Place& place = result.places[index];
        place.first_bit = static_cast<std::uint32_t>(reader.bit_position());
        if (reader.at_end()) {
            continue;
        }
        model::FieldValue& value = result.layer.fields[index];
        rules.set_remaining(reader.rest().size());
        value.is_set = true;
        if (field.condition && field.condition.evaluate(rules) == 0) {
            continue;
        }
        value.is_set = false;
        model::Value decoded = field.type->decode(field, context);
        value.value = std::move(decoded);
        value.is_set = true;
        // A negative length leaves so many bytes to what follows, and none to padding.
        const expression::Rule* const length = field.pad_to > 1 ? fields::length_rule(field) : nullptr;
        if (field.pad_to > 1 && (length == nullptr || length->evaluate(rules) >= 0)) {
            const std::size_t used = reader.bit_position() / 8 - place.first_bit / 8;
            const std::size_t padding = (field.pad_to - used % field.pad_to) % field.pad_to;
            place.padding =
                static_cast<std::uint32_t>(reader.read_bytes(std::min(padding, reader.rest().size())).size());
        }
        place.bits = static_cast<std::uint32_t>(reader.bit_position()) - place.first_bit;
        place.is_present = true;
        value.original = place;
    }
    result.header_length = (reader.bit_position() + 7) / 8;
    result.layer.original.assign(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(result.header_length));
    result.layer.has_original = true;
    return result;
}

Dissector::Split Dissector::split(const DissectedLayer& layer, ByteView rest, const model::Layer* below) const {
    const model::Protocol& protocol = *layer.layer.protocol;
    if (!protocol.payload_length) {
        return {rest, {}};
    }
    LayerRules rules(LayerView{&layer.layer, {}}, LayerView{below, {}});
    rules.set_places(layer.places);
    rules.set_header_length(layer.header_length);
    rules.set_remaining(rest.size());
    rules.set_bytes(rest);
    const std::size_t length = fields::clip_length(protocol.payload_length.evaluate(rules), rest.size());
    if (rules.asked_undefined()) {
        throw fields::DecodeError("the bytes end before the length of the payload");
    }
    return {rest.first(length), rest.subspan(length)};
}

std::size_t find_binding(const LayerView& layer) {
    const model::Protocol& protocol = layer.protocol();
    std::size_t best = protocol.bindings.size();
    std::array<const model::Value*, model::kMaximumConditions> key{};
    for (const model::BindingTable& table : protocol.binding_tables) {
        if (table.first >= best) {
            break;
        }
        std::transform(table.fields.begin(), table.fields.end(), key.begin(),
                       [&layer](std::size_t index) { return &layer.value(index); });
        if (const std::size_t* const found = table.first_with.find(std::span(key).first(table.fields.size()))) {
            best = std::min(best, *found);
        }
    }
    return best;
}

const model::Protocol& Dissector::payload_protocol(const DissectedLayer& layer, ByteView payload,
                                                   const model::Layer* below, const Scope& scope) const {
    const model::Protocol& protocol = *layer.layer.protocol;
    const LayerView view{&layer.layer, {}};
    LayerRules rules(view, LayerView{below, {}});
    rules.set_places(layer.places);
    rules.set_header_length(layer.header_length);
    rules.set_remaining(payload.size());
    rules.set_bytes(payload);
    const std::size_t bound = find_binding(view);
    if (bound < protocol.bindings_before_choices) {
        return *protocol.bindings[bound].upper;
    }
    if (const model::Protocol* const chosen = choose(protocol.payload_first, rules, payload, &layer.layer, scope)) {
        return *chosen;
    }
    if (bound < protocol.bindings.size()) {
        return *protocol.bindings[bound].upper;
    }
    const model::Protocol* const otherwise = choose(protocol.payload_default, rules, payload, &layer.layer, scope);
    return otherwise != nullptr ? *otherwise : database_.raw();
}

}  // namespace framewright::packet
