#include "protocol_db/packet/dissect.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "protocol_db/fields/ber_types.hpp"
#include "protocol_db/fields/field_type.hpp"
#include "protocol_db/packet/ber_layer.hpp"

namespace framewright::packet {

/// What enclosing packets hand down to those nested in their fields.
struct Dissector::Scope {
    std::size_t nesting = 0;
    /// Names refer back into these bytes; the layer's own when empty.
    ByteView message;
    /// The layer whose field holds the packet.
    const LayerRules* parent = nullptr;
};

/// Dissects packets nested in a field.
class Dissector::NestedDecoder final : public fields::PacketDecoder {
public:
    NestedDecoder(const Dissector& dissector, std::size_t nesting, const LayerRules& parent)
        : dissector_(dissector), nesting_(nesting), parent_(parent) {}

    model::Packet dissect(const model::Protocol& protocol, ByteView data, ByteView message,
                          std::size_t& used) const override {
        if (nesting_ >= kMaximumNesting) {
            throw fields::DecodeError("packets are nested too deeply");
        }
        const Scope scope{nesting_ + 1, message, &parent_};
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
    const LayerRules& parent_;
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
    rules.set_parent(scope.parent);
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
            rules.set_parent(scope.parent);
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
    /// Bytes that are left to read, and the layer that they stand on.
    struct Part {
        const model::Protocol* protocol = nullptr;
        ByteView bytes;
        std::size_t offset = 0;
        std::optional<std::size_t> below;
    };
    std::vector<DissectedLayer> layers;
    layers.reserve(8);
    // What stands behind payloads that are not read yet, the innermost last.
    std::vector<Part> behind;
    std::vector<Part> paddings;
    // Up to here, something follows what is left: it is no padding.
    std::size_t followed_end = 0;
    Part part{&first, packet, 0, {}};
    while (true) {
        if (part.bytes.empty() && !layers.empty()) {
            if (behind.empty()) {
                break;
            }
            part = behind.back();
            behind.pop_back();
        }
        const model::Layer* const below = part.below ? &layers[*part.below].layer : nullptr;
        const bool is_full = layers.size() + behind.size() + paddings.size() + 1 >= kMaximumLayers;
        DissectedLayer layer;
        bool is_read = false;
        if (!is_full) {
            try {
                layer = read_layer(dispatch(*part.protocol, part.bytes, below, scope), part.bytes, below, scope);
                is_read = true;
            } catch (const fields::DecodeError&) {
                if (layers.empty()) {
                    throw;
                }
            }
        }
        if (!is_read) {
            layer = plain_layer(database_.raw(), part.bytes);
        }
        layer.offset = part.offset;
        layer.layer.distance_below =
            static_cast<std::uint32_t>(part.below ? layers.size() - *part.below : layers.size() + 1);
        const model::Protocol* const protocol = layer.layer.protocol;
        if (const ByteView left = part.bytes.subspan(layer.length()); !left.empty()) {
            const std::size_t offset = layer.offset + layer.length();
            const model::Protocol* following = following_protocol(layer, left, below, scope);
            if (following == protocol && layer.length() == 0) {
                following = &database_.raw();
            }
            if (following != nullptr) {
                followed_end = std::max(followed_end, offset);
                behind.push_back({following, left, offset, part.below});
            } else if (offset < followed_end) {
                behind.push_back({&database_.raw(), left, offset, part.below});
            } else {
                paddings.push_back({&database_.padding(), left, offset, {}});
            }
        }
        const std::size_t payload_offset = layer.offset + layer.header_length;
        if (layer.trailer_length > 0) {
            followed_end = std::max(followed_end, payload_offset + layer.payload_length);
        }
        const ByteView payload = part.bytes.subspan(layer.header_length, layer.payload_length);
        const model::Protocol* next = payload.empty() ? nullptr : &payload_protocol(layer, payload, below, scope);
        // Nothing more can be read when neither the layer nor what it carries takes a byte.
        if (layer.header_length == 0 && next == protocol) {
            next = &database_.raw();
        }
        part = {next, payload, payload_offset, layers.size()};
        layers.push_back(std::move(layer));
    }
    // The innermost padding stands first in the bytes.
    std::reverse(paddings.begin(), paddings.end());
    for (const Part& padding : paddings) {
        layers.push_back(plain_layer(*padding.protocol, padding.bytes));
        layers.back().offset = padding.offset;
    }
    return layers;
}

DissectedLayer Dissector::dissect_layer(const model::Protocol& protocol, ByteView bytes,
                                        const model::Layer* below) const {
    return read_layer(dispatch(protocol, bytes, below, Scope{}), bytes, below, Scope{});
}

model::Value Dissector::read_field(const model::Field& field, const model::Layer& layer, ByteView octets,
                                   LayerRules rules, ByteView message) const {
    rules.set_remaining(octets.size());
    const NestedDecoder decoder(*this, 0, rules);
    fields::BitReader reader(octets);
    // The octets are the whole field, whatever other fields would say of its size.
    fields::ber::Lengths lengths;
    fields::DecodeContext context{reader, rules, decoder, layer, message.empty() ? octets : message, true, &lengths};
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
    result.places.push_back({0, static_cast<std::uint32_t>(bytes.size() * 8), 0, true});
    result.header_length = bytes.size();
    return result;
}

namespace {

/// Ends the header where its protocol says, once the fields that say it are read. Whether the bytes go so far.
/// Throws fields::DecodeError for a size that is less than what is read already.
bool bound_header(const model::Protocol& protocol, std::span<const Place> places, LayerRules& rules,
                  fields::BitReader& reader) {
    const std::size_t known_at = protocol.size_known_at;
    if (known_at > 0 && places[known_at - 1].is_beyond) {
        return false;
    }
    rules.set_remaining(reader.rest().size());
    const std::int64_t size = protocol.size.evaluate(rules);
    const auto position = static_cast<std::int64_t>((reader.bit_position() + 7) / 8);
    if (size < position) {
        throw fields::DecodeError("the header ends after " + std::to_string(size) +
                                  " bytes, before fields that it has");
    }
    const bool is_bounded = reader.bound(static_cast<std::size_t>(size));
    rules.set_bytes(reader.data());
    return is_bounded;
}

/// Whether results know a field as being there even where the bytes have ended before it.
bool is_empty_list(const model::Value& value) {
    const model::List* const list = value.get_if<model::List>();
    return list != nullptr && list->items.empty();
}

/// Reads the octets that fill a field up, behind what it holds.
void skip_padding(const model::Field& field, const LayerRules& rules, fields::BitReader& reader, Place& place) {
    const std::size_t used = reader.bit_position() / 8 - place.first_bit / 8;
    const std::size_t padding = (field.pad_to - used % field.pad_to) % field.pad_to;
    if (padding == 0) {
        return;
    }
    // A negative length leaves so many bytes to what follows, and none to padding.
    const expression::Rule* const length = fields::length_rule(field);
    if (length == nullptr || length->evaluate(rules) >= 0) {
        place.padding = static_cast<std::uint32_t>(reader.read_bytes(std::min(padding, reader.rest().size())).size());
    }
}

/// How many bytes the fields of the trailer have that are there.
std::size_t trailer_length_of(const model::Protocol& protocol, const LayerRules& rules) {
    std::size_t bits = 0;
    for (std::size_t index = protocol.header_fields; index < protocol.fields.size(); ++index) {
        const model::Field& field = protocol.fields[index];
        bits += !field.condition || field.condition.evaluate(rules) != 0 ? field.type->constant_bits(field) : 0;
    }
    return (bits + 7) / 8;
}

/// Reads the fields of the trailer, as far as the bytes go.
void read_trailer(const model::Protocol& protocol, fields::DecodeContext& context, DissectedLayer& result) {
    const fields::BitReader& reader = context.reader;
    const std::size_t first_bit = (result.header_length + result.payload_length) * 8;
    for (std::size_t index = protocol.header_fields; index < protocol.fields.size(); ++index) {
        const model::Field& field = protocol.fields[index];
        model::FieldValue& value = result.layer.fields[index];
        Place& place = result.places[index];
        place.first_bit = static_cast<std::uint32_t>(first_bit + reader.bit_position());
        const bool is_wanted = !field.condition || field.condition.evaluate(context.rules) != 0;
        place.is_beyond = is_wanted && reader.at_end();
        value.is_set = !is_wanted;
        if (!is_wanted || place.is_beyond) {
            continue;
        }
        place.is_bit_field = field.is_bit_field;
        value = {field.type->decode(field, context), true};
        place.bits = static_cast<std::uint32_t>(first_bit + reader.bit_position()) - place.first_bit;
        place.is_present = true;
        // The octets of the trailer are kept behind those of the header.
        value.original = place;
        value.original.first_bit -= static_cast<std::uint32_t>(result.payload_length * 8);
    }
}

/// Finds out how many of the bytes behind the header are payload, and reads the trailer behind it.
void read_behind(const model::Protocol& protocol, ByteView bytes, const fields::DecodeContext& context,
                 LayerRules& rules, DissectedLayer& result) {
    rules.set_bytes(bytes);
    rules.set_remaining(bytes.size());
    const std::size_t trailer_length = trailer_length_of(protocol, rules);
    const std::size_t available = bytes.size() - std::min(bytes.size(), trailer_length);
    result.payload_length = available;
    if (protocol.payload_length) {
        rules.set_remaining(available);
        const std::int64_t length = protocol.payload_length.evaluate(rules);
        if (rules.asked_for_missing()) {
            throw fields::DecodeError("the bytes end before the length of the payload");
        }
        // Where the payload is said to go on behind the bytes that there are, so does the trailer.
        result.payload_length = fields::clip_length(length, length < 0 ? available : bytes.size());
    }
    if (protocol.header_fields == protocol.fields.size()) {
        return;
    }
    const ByteView behind = bytes.subspan(result.payload_length);
    const ByteView trailer = behind.first(std::min(trailer_length, behind.size()));
    fields::BitReader reader(trailer);
    fields::DecodeContext trailer_context{reader, context.rules, context.decoder, context.layer, context.message};
    read_trailer(protocol, trailer_context, result);
    result.trailer_length = trailer.size();
    result.layer.original.insert(result.layer.original.end(), trailer.begin(), trailer.end());
}

}  // namespace

DissectedLayer Dissector::read_layer(const model::Protocol& protocol, ByteView bytes, const model::Layer* below,
                                     const Scope& scope, std::size_t field_count) const {
    DissectedLayer result;
    result.layer.protocol = &protocol;
    result.layer.fields.resize(protocol.fields.size());
    result.places.resize(protocol.fields.size());
    LayerRules rules(LayerView{&result.layer, {}}, LayerView{below, {}});
    rules.set_parent(scope.parent);
    rules.set_places(result.places);
    rules.set_bytes(bytes);
    const NestedDecoder decoder(*this, scope.nesting, rules);
    fields::BitReader reader(bytes);
    fields::DecodeContext context{reader, rules, decoder, result.layer, scope.message.empty() ? bytes : scope.message};
    if (protocol.message_start) {
        const std::int64_t start = protocol.message_start.evaluate(rules);
        context.message = bytes.subspan(fields::clip_length(start, bytes.size()));
    }
    std::optional<BerLayerReader> ber;
    if (protocol.lengths_field) {
        context.lengths = &ber.emplace(protocol, bytes, reader).lengths();
    }
    bool is_bounded = false;
    for (std::size_t index = 0; index < std::min(field_count, protocol.header_fields); ++index) {
        if (protocol.size && index == protocol.size_known_at) {
            is_bounded = bound_header(protocol, result.places, rules, reader);
        }
        const model::Field& field = protocol.fields[index];
        model::FieldValue& value = result.layer.fields[index];
        Place& place = result.places[index];
        if (ber) {
            ber->advance(index);
        }
        place.first_bit = static_cast<std::uint32_t>(reader.bit_position());
        if (index == protocol.lengths_field) {
            continue;
        }
        rules.set_remaining(reader.rest().size());
        // The bytes of a BER value end between no two of its fields.
        if (reader.at_end() && !protocol.is_ber) {
            // Where the header says that it ends here, there is nothing in the field; else nobody knows.
            value.is_set = is_bounded && index != protocol.rest_field && !is_empty_list(field.default_value);
            const bool is_more_behind = is_bounded && reader.data().size() < bytes.size();
            place.is_beyond = !is_more_behind || !field.condition || field.condition.evaluate(rules) != 0;
            continue;
        }
        value.is_set = true;
        if (field.condition && field.condition.evaluate(rules) == 0) {
            continue;
        }
        if (ber && !field.type->is_here(field, reader.rest())) {
            place.is_beyond = field.type->means_default_when_absent(field);
            value.is_set = !place.is_beyond;
            // Nothing is what an optional value holds, in no bytes.
            place.is_present = value.is_set;
            continue;
        }
        value.is_set = false;
        if (const std::size_t alignment = model::alignment_at(field, (reader.bit_position() + 7) / 8); alignment != 0) {
            reader.read_bytes(std::min(alignment, reader.rest().size()));
            place.first_bit = static_cast<std::uint32_t>(reader.bit_position());
            if (reader.at_end()) {
                place.is_beyond = true;
                continue;
            }
        }
        place.is_bit_field = field.has_forms ? field.type->form(field, rules).is_bit_field : field.is_bit_field;
        model::Value decoded = field.type->decode(field, context);
        value.value = std::move(decoded);
        value.is_set = true;
        if (field.pad_to > 1) {
            skip_padding(field, rules, reader, place);
        }
        place.bits = static_cast<std::uint32_t>(reader.bit_position()) - place.first_bit;
        place.is_present = true;
        value.original = place;
    }
    if (ber && field_count == protocol.fields.size()) {
        model::Value lengths = fields::to_value(ber->lengths());
        const bool is_set = !items_of(lengths)->empty();
        result.places[*protocol.lengths_field].is_present = is_set;
        result.layer.fields[*protocol.lengths_field] = {std::move(lengths), is_set};
    }
    result.header_length = (reader.bit_position() + 7) / 8;
    const ByteView header = bytes.first(result.header_length);
    result.layer.original.assign(header.begin(), header.end());
    result.layer.original_header_length = header.size();
    result.layer.has_original = true;
    result.payload_length = bytes.size() - result.header_length;
    if (field_count < protocol.fields.size()) {
        return result;
    }
    if (protocol.payload_length || protocol.header_fields < protocol.fields.size()) {
        LayerRules behind(LayerView{&result.layer, {}}, LayerView{below, {}});
        behind.set_parent(scope.parent);
        behind.set_places(result.places);
        behind.set_header_length(result.header_length);
        fields::DecodeContext trailer_context{reader, behind, decoder, result.layer, context.message};
        read_behind(protocol, bytes.subspan(result.header_length), trailer_context, behind, result);
    }
    return result;
}

const model::Protocol* Dissector::following_protocol(const DissectedLayer& layer, ByteView bytes,
                                                     const model::Layer* below, const Scope& scope) const {
    const std::vector<model::Choice>& then = layer.layer.protocol->then;
    if (then.empty()) {
        return nullptr;
    }
    LayerRules rules(LayerView{&layer.layer, {}}, LayerView{below, {}});
    rules.set_parent(scope.parent);
    rules.set_places(layer.places);
    rules.set_header_length(layer.header_length);
    rules.set_remaining(bytes.size());
    rules.set_bytes(bytes);
    return choose(then, rules, bytes, below, scope);
}

std::size_t find_binding(const LayerRules& layer) {
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
    LayerRules rules(LayerView{&layer.layer, {}}, LayerView{below, {}});
    rules.set_parent(scope.parent);
    rules.set_places(layer.places);
    rules.set_header_length(layer.header_length);
    rules.set_remaining(payload.size());
    rules.set_bytes(payload);
    const std::size_t bound = find_binding(rules);
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
