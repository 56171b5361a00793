#include "protocol_db/field_engine/packet_layout.hpp"

#include <algorithm>
#include <set>

#include "protocol_db/field_engine/program_error.hpp"
#include "protocol_db/fields/field_type.hpp"
#include "protocol_db/integer.hpp"

namespace framewright::field_engine {

namespace {

bool goes_by(const model::Protocol& protocol, std::string_view name) {
    return protocol.id == name || protocol.name == name || protocol.shown_id == name;
}

/// `IP:1` as its name and number.
std::pair<std::string, std::size_t> split_number(std::string_view layer) {
    std::string name(layer);
    std::replace(name.begin(), name.end(), '|', '.');
    const std::size_t colon = name.rfind(':');
    if (colon == std::string::npos) {
        return {std::move(name), 0};
    }
    const auto number = parse_digits(std::string_view(name).substr(colon + 1), 10);
    if (!number || *number >= packet::kMaximumLayers) {
        throw ValueRefusal("what follows the colon is no number of a layer");
    }
    name.resize(colon);
    return {std::move(name), static_cast<std::size_t>(*number)};
}

bool gives_pseudo_header(const model::Protocol& protocol) {
    return !protocol.pseudo_header.parts.empty();
}

template <typename Predicate>
bool has_checksum(const model::Protocol& protocol, const Predicate& is_meant) {
    return std::any_of(protocol.checksum_fields.begin(), protocol.checksum_fields.end(),
                       [&](std::size_t field) { return is_meant(protocol.fields[field].computation); });
}

}  // namespace

std::size_t PacketLayout::find_layer(std::string_view name) const {
    const auto [protocol, number] = split_number(name);
    std::size_t seen = 0;
    for (std::size_t index = 0; index < packet_.layers.size(); ++index) {
        if (goes_by(*packet_.layers[index].protocol, protocol) && seen++ == number) {
            return index;
        }
    }
    throw ValueRefusal(seen == 0 ? "the packet has no layer " + protocol
                                 : "the packet has no layer " + protocol + ":" + std::to_string(number) +
                                       ": the last one is " + protocol + ":" + std::to_string(seen - 1));
}

LayerOffset PacketLayout::layer_offset(std::string_view name) const {
    return {static_cast<std::uint32_t>(inspected_.built.offsets[find_layer(name)])};
}

PacketOffset PacketLayout::field_offset(std::string_view name) const {
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos) {
        throw ValueRefusal("a place is a number of bytes, or LAYER.FIELD");
    }
    const std::size_t layer = find_layer(name.substr(0, dot));
    const std::string_view field = name.substr(dot + 1);
    const model::Protocol& protocol = *packet_.layers[layer].protocol;
    const std::optional<std::size_t> index = protocol.find_field(field);
    if (!index) {
        throw ValueRefusal(protocol.id + " has no field " + std::string(field));
    }
    for (std::size_t other = *index; other < protocol.fields.size(); ++other) {
        if (protocol.fields[other].id == field && is_written(layer, other)) {
            return place_of(layer, other);
        }
    }
    return place_of(layer, *index);
}

bool PacketLayout::is_written(std::size_t layer, std::size_t field) const {
    const std::vector<packet::Place>& written = inspected_.built.places[layer];
    return field < written.size() && written[field].is_present;
}

PacketOffset PacketLayout::place_of(std::size_t layer, std::size_t field) const {
    const packet::InspectedField found = packet::inspect_field(packet_, inspected_, layer, field);
    const std::size_t start = inspected_.built.offsets[layer];
    const model::Word& word = found.field->word;
    const std::size_t first_bit = word.bits == 0 ? found.place.first_bit : found.place.first_bit - word.first_bit;
    const std::size_t end = start * 8 + first_bit + (word.bits == 0 ? found.place.value_bits() : word.bits);
    if (found.is_ignored || !found.place.is_present || end > inspected_.built.bytes.size() * 8) {
        throw ValueRefusal("the field is not in the packet's bytes");
    }
    // In a little endian word, bits are counted from the lowest.
    const std::size_t bits_below = word.bits == 0 ? first_bit % 8 : word.bits - word.first_bit - found.place.bits;
    return {.bytes = static_cast<std::uint32_t>(start + first_bit / 8 + bits_below / 8),
            .first_bit = static_cast<std::uint32_t>(bits_below % 8),
            .bits = found.place.value_bits(),
            .is_little_endian = found.field->type->is_little_endian(),
            .layer = layer,
            .field = field};
}

bool PacketLayout::is_repeated(const model::Protocol& protocol) const {
    return std::count_if(packet_.layers.begin(), packet_.layers.end(), [&protocol](const model::Layer& layer) {
               return layer.protocol->shown_id == protocol.shown_id;
           }) > 1;
}

std::size_t PacketLayout::number_of(std::size_t layer) const {
    const auto first = packet_.layers.begin();
    return static_cast<std::size_t>(
        std::count_if(first, first + static_cast<std::ptrdiff_t>(layer),
                      [&shown_id = packet_.layers[layer].protocol->shown_id](const model::Layer& other) {
                          return other.protocol->shown_id == shown_id;
                      }));
}

std::vector<std::string> PacketLayout::field_names(std::string_view separator, bool with_numbers) const {
    std::vector<std::string> names;
    std::set<std::string> seen;
    for (std::size_t index = 0; index < packet_.layers.size(); ++index) {
        const model::Protocol& protocol = *packet_.layers[index].protocol;
        std::string layer = protocol.shown_id;
        if (with_numbers && is_repeated(protocol)) {
            layer += ":" + std::to_string(number_of(index));
        }
        for (const model::Field& field : protocol.fields) {
            std::string name = layer + std::string(separator) + field.id;
            if (!protocol.is_implicit(field) && seen.insert(name).second) {
                names.push_back(std::move(name));
            }
        }
    }
    return names;
}

template <typename Predicate>
std::vector<std::string> PacketLayout::layer_names(const Predicate& is_named) const {
    std::vector<std::string> names;
    for (std::size_t index = 0; index < packet_.layers.size(); ++index) {
        const model::Protocol& protocol = *packet_.layers[index].protocol;
        if (is_named(protocol)) {
            names.push_back(protocol.id + ":" + std::to_string(number_of(index)));
        }
    }
    return names;
}

std::vector<std::string> PacketLayout::ipv4_layers() const {
    return layer_names([](const model::Protocol& protocol) {
        return gives_pseudo_header(protocol) && has_checksum(protocol, [](const model::Computation& computation) {
                   return computation.coverage == model::Coverage::kHeader;
               });
    });
}

std::vector<std::string> PacketLayout::network_layers() const {
    return layer_names(gives_pseudo_header);
}

std::vector<std::string> PacketLayout::transport_layers() const {
    return layer_names([](const model::Protocol& protocol) {
        return has_checksum(protocol, [](const model::Computation& computation) {
            return computation.pseudo_header_protocol.has_value();
        });
    });
}

}  // namespace framewright::field_engine
