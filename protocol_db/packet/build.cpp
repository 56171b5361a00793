#include "protocol_db/packet/build.hpp"

#include <algorithm>
#include <chrono>
#include <random>

#include "protocol_db/fields/address_types.hpp"
#include "protocol_db/fields/dns_types.hpp"
#include "protocol_db/fields/field_type.hpp"
#include "protocol_db/fields/octet_types.hpp"
#include "protocol_db/packet/checksum.hpp"
#include "protocol_db/packet/dissect.hpp"
#include "protocol_db/packet/layer_rules.hpp"

namespace framewright::packet {

namespace {

class Builder;

/// Encodes packets nested in a field.
class NestedEncoder final : public fields::PacketEncoder {
public:
    NestedEncoder(const model::Database& database, std::size_t nesting) : database_(database), nesting_(nesting) {}

    void encode(const model::Packet& packet, fields::EncodeContext& context) const override;

private:
    const model::Database& database_;
    std::size_t nesting_;
};

class Builder {
public:
    Builder(const model::Packet& packet, const model::Database& database, std::size_t nesting,
            fields::NameCompression* names = nullptr, std::size_t message_offset = 0)
        : packet_(packet), database_(database), nesting_(nesting), names_(names), message_offset_(message_offset) {}

    BuiltPacket build() {
        const std::size_t count = packet_.layers.size();
        if (count > kMaximumLayers) {
            throw BuildError({}, "", "", "", "the packet has more than " + std::to_string(kMaximumLayers) + " layers");
        }
        if (nesting_ > kMaximumNesting) {
            throw BuildError({}, "", "", "", "packets are nested too deeply");
        }
        result_.values.resize(count);
        result_.offsets.resize(count);
        headers_.resize(count);
        result_.places.resize(count);
        payload_lengths_.resize(count);
        for (std::size_t index = 0; index < count; ++index) {
            collect_values(index);
        }
        for (std::size_t index = count; index-- > 0;) {
            payload_lengths_[index] = payload_length_;
            encode_header(index);
            if (!packet_.layers[index].protocol->is_padding) {
                payload_length_ += headers_[index].size();
            }
            total_length_ += headers_[index].size();
            if (total_length_ > kMaximumPacketSize) {
                throw BuildError({}, "", "", "",
                                 "the packet is larger than " + std::to_string(kMaximumPacketSize) + " bytes");
            }
        }
        join();
        for (std::size_t index = count; index-- > 0;) {
            write_checksums(index);
        }
        return std::move(result_);
    }

private:
    const model::Protocol& protocol(std::size_t index) const { return *packet_.layers[index].protocol; }

    LayerView view(std::size_t index) const { return {&packet_.layers[index], result_.values[index]}; }

    LayerView view_below(std::size_t index) const { return index > 0 ? view(index - 1) : LayerView{}; }

    LayerRules rules_of(std::size_t index) const {
        LayerRules rules(view(index), view_below(index));
        rules.set_places(result_.places[index]);
        rules.set_header_length(headers_[index].size());
        rules.set_payload_length(payload_lengths_[index]);
        return rules;
    }

    void collect_values(std::size_t index) {
        const model::Layer& layer = packet_.layers[index];
        std::vector<const model::Value*>& values = result_.values[index];
        values.resize(layer.fields.size());
        for (std::size_t field = 0; field < values.size(); ++field) {
            values[field] =
                layer.fields[field].is_set ? &layer.fields[field].value : &protocol(index).fields[field].default_value;
        }
        if (index + 1 >= packet_.layers.size()) {
            return;
        }
        const model::Imposition* const imposition = protocol(index + 1).imposes_on(protocol(index));
        if (imposition == nullptr) {
            return;
        }
        for (const auto& [field, value] : imposition->fields) {
            const auto own = imposition->lower == &protocol(index)
                                 ? std::optional(field)
                                 : protocol(index).find_field(imposition->lower->fields[field].id);
            if (own && !layer.fields[*own].is_set) {
                values[*own] = &value;
            }
        }
    }

    void encode_header(std::size_t index) {
        const model::Layer& layer = packet_.layers[index];
        if (layer.has_original) {
            headers_[index] = layer.original;
            return;
        }
        write_header(index, names_, message_offset_);
        const model::Protocol& own = protocol(index);
        const std::int64_t known_length = own.compressed_length ? own.compressed_length.evaluate(rules_of(index)) : 0;
        if (known_length <= 0 || known_length >= static_cast<std::int64_t>(headers_[index].size())) {
            return;
        }
        const Bytes whole = headers_[index];
        const std::vector<Place> whole_places = result_.places[index];
        fields::NameCompression names;
        // Names point to where the message begins, which may be behind the layer's first bytes.
        const std::int64_t start = own.message_start ? own.message_start.evaluate(rules_of(index)) : 0;
        write_header(index, &names, static_cast<std::size_t>(-start));
        if (headers_[index].size() != static_cast<std::size_t>(known_length)) {
            headers_[index] = whole;
            result_.places[index] = whole_places;
        }
    }

    void write_header(std::size_t index, fields::NameCompression* names, std::size_t message_offset) {
        const bool keeps_names = names == nullptr && nesting_ == 0;
        write_fields(index, names, message_offset, keeps_names);
        if (keeps_names && !names_point_right(index)) {
            write_fields(index, names, message_offset, false);
        }
    }

    /// Whether a field is written as the octets that it was read from.
    bool keeps_octets(std::size_t index, std::size_t field_index, bool keeps_names) const {
        const model::FieldValue& given = packet_.layers[index].fields[field_index];
        const model::Field& field = protocol(index).fields[field_index];
        return given.is_set && given.original.is_present && (keeps_names || !field.type->may_point_back(field));
    }

    /// Whether the octets that were kept of names, which may point to others, still say what they said.
    bool names_point_right(std::size_t index) const {
        const model::Layer& layer = packet_.layers[index];
        const ByteView header = headers_[index];
        const std::int64_t start =
            protocol(index).message_start ? protocol(index).message_start.evaluate(rules_of(index)) : 0;
        const ByteView message = header.subspan(fields::clip_length(start, header.size()));
        for (std::size_t field_index = 0; field_index < layer.fields.size(); ++field_index) {
            const model::Field& field = protocol(index).fields[field_index];
            const Place& place = result_.places[index][field_index];
            if (!place.is_present || !field.type->may_point_back(field) || !keeps_octets(index, field_index, true)) {
                continue;
            }
            try {
                const ByteView octets = header.subspan(place.first_bit / 8, place.bits / 8);
                if (Dissector(database_).read_field(field, layer, octets, message) != layer.fields[field_index].value) {
                    return false;
                }
            } catch (const fields::DecodeError&) {
                return false;
            }
        }
        return true;
    }

    void write_fields(std::size_t index, fields::NameCompression* names, std::size_t message_offset, bool keeps_names) {
        const model::Layer& layer = packet_.layers[index];
        Bytes& header = headers_[index];
        header.clear();
        std::vector<Place>& places = result_.places[index];
        places.assign(layer.fields.size(), Place{});
        LayerRules rules = rules_of(index);
        fields::BitWriter writer(header);
        const NestedEncoder encoder(database_, nesting_);
        fields::EncodeContext context{writer, 0, rules, encoder, layer, names, message_offset};
        for (std::size_t field_index = 0; field_index < places.size(); ++field_index) {
            const model::Field& field = protocol(index).fields[field_index];
            if (field.condition && field.condition.evaluate(rules) == 0) {
                continue;
            }
            encode_field(index, field_index, context, keeps_octets(index, field_index, keeps_names));
        }
        writer.align();
        rules.set_header_length(header.size());
        for (std::size_t field_index = 0; field_index < places.size(); ++field_index) {
            const model::Field& field = protocol(index).fields[field_index];
            if (field.automatic && places[field_index].is_present && result_.values[index][field_index]->is_none()) {
                overwrite(index, field_index, header, 0, field.automatic.evaluate(rules));
            }
        }
    }

    void encode_field(std::size_t index, std::size_t field_index, fields::EncodeContext& context, bool keeps_octets) {
        const model::Field& field = protocol(index).fields[field_index];
        const model::Value& value = *result_.values[index][field_index];
        if (!field.type->is_bit_field()) {
            context.writer.align();
        }
        Place& place = result_.places[index][field_index];
        place.first_bit = static_cast<std::uint32_t>(context.writer.bit_position());
        try {
            if (keeps_octets) {
                const model::Layer& layer = packet_.layers[index];
                const Place& original = layer.fields[field_index].original;
                context.writer.copy_bits(layer.original, original.first_bit, original.bits);
                place.padding = original.padding;
            } else {
                field.type->encode(field, value.is_none() ? field.unset_value : value, context);
            }
        } catch (const fields::ValueError& error) {
            throw BuildError(index, protocol(index).id, field.id, fields::describe(value), error.what());
        }
        place.bits = static_cast<std::uint32_t>(context.writer.bit_position()) - place.first_bit;
        place.is_present = true;
        if (field.truncate_to > 1 && !keeps_octets) {
            Bytes& header = headers_[index];
            header.erase(header.end() - static_cast<std::ptrdiff_t>(place.bits / 8 % field.truncate_to), header.end());
            place.bits = static_cast<std::uint32_t>(context.writer.bit_position()) - place.first_bit;
        }
        if (field.pad_to > 1) {
            const std::uint32_t padding = (field.pad_to - place.bits / 8 % field.pad_to) % field.pad_to;
            context.writer.write_zeros(padding);
            place.padding += padding;
            place.bits = static_cast<std::uint32_t>(context.writer.bit_position()) - place.first_bit;
        }
        if (context.writer.byte_position() > kMaximumPacketSize) {
            throw BuildError(index, protocol(index).id, field.id, fields::describe(value),
                             "the packet is larger than " + std::to_string(kMaximumPacketSize) + " bytes");
        }
    }

    /// Writes a computed number into a field of a layer, which begins at byte `start` of `buffer`.
    void overwrite(std::size_t index, std::size_t field_index, Bytes& buffer, std::size_t start, std::int64_t number) {
        const model::Field& field = protocol(index).fields[field_index];
        const Place& place = result_.places[index][field_index];
        try {
            field.type->overwrite(buffer, start * 8 + place.first_bit, place.bits, number);
        } catch (const fields::ValueError& error) {
            throw BuildError(index, protocol(index).id, field.id, std::to_string(number), error.what());
        }
    }

    /// All layers in a row, padding behind the others.
    void join() {
        result_.bytes.reserve(total_length_);
        for (const bool is_padding : {false, true}) {
            for (std::size_t index = 0; index < headers_.size(); ++index) {
                if (protocol(index).is_padding == is_padding) {
                    result_.offsets[index] = result_.bytes.size();
                    result_.bytes.insert(result_.bytes.end(), headers_[index].begin(), headers_[index].end());
                }
            }
        }
    }

    void write_checksums(std::size_t index) {
        if (packet_.layers[index].has_original) {
            return;
        }
        for (std::size_t field_index = 0; field_index < result_.places[index].size(); ++field_index) {
            const model::Field& field = protocol(index).fields[field_index];
            const Place& place = result_.places[index][field_index];
            if (field.computation.algorithm == model::Algorithm::kNone || !place.is_present ||
                !result_.values[index][field_index]->is_none() ||
                (field.computation.when && field.computation.when.evaluate(rules_of(index)) == 0)) {
                continue;
            }
            const std::size_t size =
                headers_[index].size() + (field.computation.over_payload ? payload_lengths_[index] : 0);
            InternetChecksum checksum;
            checksum.add(ByteView(result_.bytes).subspan(result_.offsets[index], size));
            if (field.computation.pseudo_header_protocol >= 0 &&
                !add_pseudo_header(checksum, index, field.computation, size)) {
                continue;
            }
            const std::uint16_t sum = checksum.value();
            overwrite(index, field_index, result_.bytes, result_.offsets[index],
                      sum == 0 ? field.computation.in_place_of_zero : sum);
        }
    }

    /// The octets of an address field as they lie in the packet.
    ByteView octets_of(std::size_t index, std::optional<std::size_t> field) const {
        if (!field) {
            return {};
        }
        const model::Protocol& owner = protocol(index);
        std::size_t first_bit = 0;
        if (!result_.places[index].empty()) {
            first_bit = result_.places[index][*field].first_bit;
        } else {
            for (std::size_t before = 0; before < *field; ++before) {
                first_bit += owner.fields[before].bits;
            }
        }
        const std::size_t first = result_.offsets[index] + first_bit / 8;
        const std::size_t size = owner.fields[*field].bits / 8;
        return first + size <= result_.bytes.size() ? ByteView(result_.bytes).subspan(first, size) : ByteView();
    }

    /// RFC 793 section 3.1 and RFC 8200 section 8.1. False when no network layer is below.
    bool add_pseudo_header(InternetChecksum& checksum, std::size_t index, const model::Computation& computation,
                           std::size_t size) const {
        Bytes final_destination;
        Bytes home_address;
        for (std::size_t below = index; below-- > 0;) {
            const model::PseudoHeaderSource& source = protocol(below).pseudo_header;
            if (source.form == model::PseudoHeader::kThrough) {
                look_through(below, final_destination, home_address);
                continue;
            }
            // ICMPv6 and the Mobility Header belong to the nearest IPv6 header, whatever stands between.
            if (computation.requires_ipv6 && source.form != model::PseudoHeader::kIpv6) {
                continue;
            }
            if (source.form == model::PseudoHeader::kNone ||
                (source.form == model::PseudoHeader::kIpv4 && below + 1 != index)) {
                return false;
            }
            std::uint64_t length = size;
            if (source.length) {
                const LayerRules rules = rules_of(below);
                length = static_cast<std::uint64_t>(source.length.evaluate(rules));
            }
            checksum.add(home_address.empty() ? octets_of(below, source.source) : ByteView(home_address));
            checksum.add(final_destination.empty() ? octets_of(below, source.destination)
                                                   : ByteView(final_destination));
            checksum.add_number(length);
            checksum.add_number(static_cast<std::uint64_t>(computation.pseudo_header_protocol));
            return true;
        }
        return false;
    }

    /// An extension header may name the final destination (routing header) or the true source (Home Address option,
    /// RFC 6275 section 11.3.1).
    void look_through(std::size_t index, Bytes& final_destination, Bytes& home_address) const {
        const model::PseudoHeaderSource& source = protocol(index).pseudo_header;
        const LayerRules rules = rules_of(index);
        if (source.destination_list && final_destination.empty() &&
            (!source.destination_when || source.destination_when.evaluate(rules) != 0)) {
            const model::List* const list = result_.values[index][*source.destination_list]->get_if<model::List>();
            if (list != nullptr && !list->items.empty()) {
                final_destination =
                    address_octets(source.destination_is_last ? list->items.back() : list->items.front());
            }
        }
        const model::List* const options =
            source.options ? result_.values[index][*source.options]->get_if<model::List>() : nullptr;
        for (std::size_t next = 0; options != nullptr && next < options->items.size(); ++next) {
            const model::Packet* const option = options->items[next].get_if<model::Packet>();
            if (option == nullptr || option->layers.empty()) {
                continue;
            }
            const model::Layer& layer = option->layers.front();
            const std::optional<std::size_t> field = layer.protocol->pseudo_header.source;
            if (layer.protocol->pseudo_header.form == model::PseudoHeader::kThrough && field) {
                home_address = address_octets(LayerView{&layer, {}}.value(*field));
            }
        }
    }

    static Bytes address_octets(const model::Value& value);

    const model::Packet& packet_;
    const model::Database& database_;
    std::size_t nesting_;
    fields::NameCompression* names_;
    std::size_t message_offset_;
    BuiltPacket result_;
    std::vector<Bytes> headers_;
    std::vector<std::size_t> payload_lengths_;
    std::size_t payload_length_ = 0;
    std::size_t total_length_ = 0;
};

Bytes Builder::address_octets(const model::Value& value) {
    const std::string* const text = value.get_if<std::string>();
    const auto octets = text != nullptr ? fields::parse_ipv6_address(*text) : std::nullopt;
    return octets ? Bytes(octets->begin(), octets->end()) : Bytes();
}

void NestedEncoder::encode(const model::Packet& packet, fields::EncodeContext& context) const {
    const std::size_t position = context.message_offset + context.writer.byte_position();
    const BuiltPacket built = Builder(packet, database_, nesting_ + 1, context.names, position).build();
    context.writer.write_bytes(built.bytes);
}

}  // namespace

BuildError::BuildError(std::optional<std::size_t> layer, std::string protocol, std::string field, std::string value,
                       const std::string& reason)
    : std::runtime_error(reason),
      layer_(layer),
      protocol_(std::move(protocol)),
      field_(std::move(field)),
      value_(std::move(value)) {}

namespace {

model::Value generate(const model::Field& field) {
    if (field.generated == model::Generated::kTimeOfDay) {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        const auto day = std::chrono::duration_cast<std::chrono::milliseconds>(now) % std::chrono::days(1);
        return Integer{day.count()};
    }
    constexpr std::size_t kRandomBytes = 8;
    thread_local std::mt19937_64 source{std::random_device{}()};
    Bytes octets(kRandomBytes);
    std::uint64_t number = source();
    for (std::uint8_t& octet : octets) {
        octet = static_cast<std::uint8_t>(number);
        number >>= 8;
    }
    return octets;
}

}  // namespace

BuiltPacket build(const model::Packet& packet, const model::Database& database) {
    return Builder(packet, database, 0).build();
}

model::FieldValue unset_field(const model::Field& field) {
    return field.generated == model::Generated::kNothing ? model::FieldValue{}
                                                         : model::FieldValue{generate(field), true};
}

model::Layer make_layer(const model::Protocol& protocol) {
    model::Layer layer;
    layer.protocol = &protocol;
    layer.fields.resize(protocol.fields.size());
    for (std::size_t index = 0; index < layer.fields.size(); ++index) {
        const model::Field& field = protocol.fields[index];
        layer.fields[index] =
            field.initial_value.is_none() ? unset_field(field) : model::FieldValue{field.initial_value, true};
    }
    return layer;
}

}  // namespace framewright::packet
