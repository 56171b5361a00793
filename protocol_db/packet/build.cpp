#include "protocol_db/packet/build.hpp"

#include <algorithm>
#include <chrono>
#include <random>
#include <span>

#include "protocol_db/fields/ber_types.hpp"
#include "protocol_db/fields/dns_types.hpp"
#include "protocol_db/fields/field_type.hpp"
#include "protocol_db/packet/ber_layer.hpp"
#include "protocol_db/packet/built_layers.hpp"
#include "protocol_db/packet/checksum_fields.hpp"
#include "protocol_db/packet/dissect.hpp"
#include "protocol_db/packet/layer_rules.hpp"

namespace framewright::packet {

namespace {

/// How often a header is written before what is computed in it must have settled.
constexpr std::size_t kMaximumRounds = 8;
/// How many layers may be written again in one packet, those that are nested in it included: each level of nesting may
/// multiply them.
constexpr std::size_t kMaximumRewritings = 100'000;

class Builder;

/// Encodes packets nested in a field.
class NestedEncoder final : public fields::PacketEncoder {
public:
    NestedEncoder(const model::Database& database, std::size_t nesting, std::size_t& rewritings,
                  const LayerRules& parent)
        : database_(database), nesting_(nesting), rewritings_(rewritings), parent_(parent) {}

    void encode(const model::Packet& packet, fields::EncodeContext& context) const override;

private:
    const model::Database& database_;
    std::size_t nesting_;
    std::size_t& rewritings_;
    const LayerRules& parent_;
};

class Builder {
public:
    /// `rewritings` counts how many layers were written again.
    Builder(const model::Packet& packet, const model::Database& database, std::size_t nesting, std::size_t& rewritings,
            const LayerRules* parent = nullptr, fields::NameCompression* names = nullptr,
            std::size_t message_offset = 0)
        : packet_(checked(packet, nesting)),
          database_(database),
          nesting_(nesting),
          rewritings_(rewritings),
          names_(names),
          message_offset_(message_offset),
          layers_(packet, parent) {}

    BuiltPacket build() {
        encode_layers();
        settle_layers();
        move_trailers();
        join();
        for (std::size_t index = layers_.count(); index-- > 0;) {
            write_checksums(layers_, index, result_.offsets, result_.bytes, database_);
        }
        layers_.move_into(result_);
        return std::move(result_);
    }

private:
    /// How the last writing of a layer came out.
    struct Round {
        bool is_settled = false;
        /// A computed field whose number was another one before.
        std::size_t changed_field = 0;
        /// The header's size.
        std::optional<std::size_t> size;
    };

    static const model::Packet& checked(const model::Packet& packet, std::size_t nesting) {
        if (packet.layers.size() > kMaximumLayers) {
            throw BuildError({}, "", "", "", "the packet has more than " + std::to_string(kMaximumLayers) + " layers");
        }
        // What a dissector finds nested too deeply is plain bytes in the deepest packet.
        if (nesting > kMaximumNesting + 1) {
            throw BuildError({}, "", "", "", "packets are nested too deeply");
        }
        return packet;
    }

    const model::Protocol& protocol(std::size_t index) const { return layers_.protocol(index); }

    [[noreturn]] void fail(std::size_t index, std::size_t field, std::string value, const std::string& reason) const {
        throw BuildError(index, protocol(index).id, protocol(index).fields[field].id, std::move(value), reason);
    }

    /// Writes headers and trailers, from the innermost layer out.
    void encode_layers() {
        const auto bytes_from = [this](std::size_t index) {
            return index < layers_.count() ? layers_.built(index).bytes_from_here : 0;
        };
        std::size_t total = 0;
        for (std::size_t index = layers_.count(); index-- > 0;) {
            BuiltLayer& built = layers_.built(index);
            built.payload_length = bytes_from(index + 1) - bytes_from(built.span.end);
            encode_layer(index);
            built.bytes_from_here = bytes_from(index + 1) + (protocol(index).is_padding ? 0 : built.octets.size());
            total += built.octets.size();
            if (total > kMaximumPacketSize) {
                throw BuildError({}, "", "", "",
                                 "the packet is larger than " + std::to_string(kMaximumPacketSize) + " bytes");
            }
        }
        result_.bytes.reserve(total);
    }

    /// Where a rule asked for what is computed in the layer below: writes the layers again, until nothing changes.
    void settle_layers() {
        for (std::size_t round = 0; asked_below_; ++round) {
            const std::vector<std::int64_t> before = layers_.all_numbers();
            encode_layers();
            const std::vector<std::int64_t>& numbers = layers_.all_numbers();
            const auto changed = std::mismatch(numbers.begin(), numbers.end(), before.begin()).first;
            if (changed == numbers.end()) {
                break;
            }
            if (round == kMaximumRounds) {
                fail_to_settle(static_cast<std::size_t>(changed - numbers.begin()));
            }
        }
    }

    /// `number` is the place of what did not settle among the computed numbers of all layers.
    [[noreturn]] void fail_to_settle(std::size_t number) const {
        std::size_t index = 0;
        while (index + 1 < layers_.count() && layers_.built(index + 1).first_number <= number) {
            ++index;
        }
        const std::size_t field = number - layers_.built(index).first_number;
        fail(index, field, std::to_string(layers_.numbers(index)[field]),
             "does not settle: what it is computed from depends on it");
    }

    void encode_layer(std::size_t index) {
        const model::Layer& layer = packet_.layers[index];
        BuiltLayer& built = layers_.built(index);
        if (layer.has_original) {
            built.octets = layer.original;
            built.header_length = layer.original_header_length;
            return;
        }
        write_layer(index, names_, message_offset_);
        const model::Protocol& own = protocol(index);
        const std::int64_t known_length =
            own.compressed_length ? own.compressed_length.evaluate(layers_.rules_of(index)) : 0;
        if (known_length <= 0 || known_length >= static_cast<std::int64_t>(built.octets.size())) {
            return;
        }
        const BuiltLayer whole = built;
        const std::vector<Place> whole_places = layers_.places(index);
        fields::NameCompression names;
        // Names point to where the message begins, which may be behind the layer's first bytes.
        const std::int64_t start = own.message_start ? own.message_start.evaluate(layers_.rules_of(index)) : 0;
        write_layer(index, &names, static_cast<std::size_t>(-start));
        if (built.octets.size() != static_cast<std::size_t>(known_length)) {
            built = whole;
            layers_.places(index) = whole_places;
        }
    }

    /// How a layer is written.
    struct Writing {
        /// The names that later ones may point back to; null when names are written whole.
        fields::NameCompression* names = nullptr;
        std::size_t message_offset = 0;
        /// Names that were read keep their octets, which may point back to others.
        bool keeps_names = false;
    };

    void write_layer(std::size_t index, fields::NameCompression* names, std::size_t message_offset) {
        const bool keeps_names = names == nullptr && nesting_ == 0;
        settle_layer(index, {names, message_offset, keeps_names});
        if (keeps_names && !names_point_right(index)) {
            settle_layer(index, {names, message_offset, false});
        }
    }

    /// Whether a field is written as the octets that it was read from.
    bool keeps_octets(std::size_t index, std::size_t field_index, bool keeps_names) const {
        const model::FieldValue& given = packet_.layers[index].fields[field_index];
        const model::Field& field = protocol(index).fields[field_index];
        // The octets of a word are those of its other fields as well.
        const bool has_own_octets = field.word.bits == field.bits || field.word.bits == 0;
        return given.is_set && given.original.is_present && has_own_octets &&
               (keeps_names || !field.type->may_point_back(field));
    }

    /// Whether the octets that were kept of names, which may point to others, still say what they said.
    bool names_point_right(std::size_t index) const {
        const model::Layer& layer = packet_.layers[index];
        if (layer.original.empty()) {
            return true;
        }
        const ByteView header = layers_.built(index).header();
        const model::Protocol& own = protocol(index);
        const std::int64_t start = own.message_start ? own.message_start.evaluate(layers_.rules_of(index)) : 0;
        const ByteView message = header.subspan(fields::clip_length(start, header.size()));
        for (std::size_t field_index = 0; field_index < own.header_fields; ++field_index) {
            const model::Field& field = own.fields[field_index];
            const Place& place = layers_.places(index)[field_index];
            if (!place.is_present || !field.type->may_point_back(field) || !keeps_octets(index, field_index, true)) {
                continue;
            }
            try {
                const ByteView octets = header.subspan(place.first_bit / 8, place.bits / 8);
                if (Dissector(database_).read_field(field, layer, octets, layers_.rules_of(index), message) !=
                    layer.fields[field_index].value) {
                    return false;
                }
            } catch (const fields::DecodeError&) {
                return false;
            }
        }
        return true;
    }

    /// Writes a layer, again and again until what is computed fits what it is computed from.
    void settle_layer(std::size_t index, const Writing& writing) {
        const std::optional<fields::NameCompression> names_before =
            writing.names != nullptr ? std::optional(*writing.names) : std::nullopt;
        Round last;
        for (std::size_t round = 0; round < kMaximumRounds && !last.is_settled; ++round) {
            if (round > 0 && ++rewritings_ > kMaximumRewritings) {
                fail(index, last.changed_field, "", "takes too long to settle");
            }
            if (round > 0 && writing.names != nullptr) {
                *writing.names = *names_before;
            }
            last = write_round(index, writing, last);
        }
        const std::span<const std::int64_t> numbers = layers_.numbers(index);
        if (!last.is_settled) {
            fail_to_settle(layers_.built(index).first_number + last.changed_field);
        }
        for (const std::size_t field : protocol(index).computed_fields) {
            if (layers_.is_computed(index, field) && protocol(index).fields[field].bits != 0) {
                write_number(layers_, index, field, numbers[field], 0, layers_.built(index).octets);
            }
        }
        check_size(index);
    }

    /// Writes a layer once, with computed numbers as they are known, and computes them.
    Round write_round(std::size_t index, const Writing& writing, const Round& last) {
        const model::Layer& layer = packet_.layers[index];
        const model::Protocol& own = protocol(index);
        BuiltLayer& built = layers_.built(index);
        built.octets.clear();
        built.header_length = 0;
        std::vector<Place>& places = layers_.places(index);
        places.assign(layer.fields.size(), Place{});
        LayerRules rules = layers_.rules_of(index);
        fields::BitWriter writer(built.octets);
        HeaderInProgress progress{writer, 0, last.size, false, false};
        rules.set_header(progress);
        const NestedEncoder encoder(database_, nesting_, rewritings_, rules);
        fields::EncodeContext context{writer, 0, rules, encoder, layer, writing.names, writing.message_offset};
        std::optional<BerLayerWriter> ber;
        if (own.lengths_field) {
            ber.emplace(own, fields::read_lengths(layers_.value(index, *own.lengths_field)), built.octets, places);
            context.lengths = &ber->lengths();
        }
        std::optional<std::size_t> known_size;
        for (std::size_t field = 0; field < places.size(); ++field) {
            progress.field = field;
            if (ber) {
                ber->advance(field);
            }
            if (field == own.lengths_field) {
                continue;
            }
            if (field == own.header_fields) {
                end_header(built, writer, rules);
            }
            if (own.size && field == own.size_known_at) {
                known_size = given_size(index);
            }
            const bool is_cut_off = known_size && field < own.header_fields && writer.byte_position() >= *known_size &&
                                    is_nothing(layer.fields[field]);
            if (!is_cut_off) {
                encode_field(index, field, context, keeps_octets(index, field, writing.keeps_names));
            }
        }
        if (own.header_fields == places.size()) {
            end_header(built, writer, rules);
        }
        writer.align();
        progress.field = places.size();
        Round round;
        round.size = built.header_length;
        bool is_another_width = false;
        bool is_another_number = false;
        const std::span<std::int64_t> numbers = layers_.numbers(index);
        for (const std::size_t field : own.computed_fields) {
            const std::int64_t number = layers_.is_computed(index, field) ? compute(index, field, rules) : 0;
            if (number != numbers[field]) {
                numbers[field] = number;
                round.changed_field = field;
                is_another_number = true;
                is_another_width = is_another_width || own.fields[field].bits == 0;
            }
        }
        if (rules.asked_for_computed_below()) {
            asked_below_ = true;
        }
        const bool was_asked = rules.asked_for_computed() || progress.asked_for_octets;
        round.is_settled = !(is_another_number && was_asked) && !is_another_width &&
                           !(progress.asked_for_size && last.size != round.size);
        return round;
    }

    static void end_header(BuiltLayer& built, fields::BitWriter& writer, LayerRules& rules) {
        writer.align();
        built.header_length = built.octets.size();
        rules.set_header_length(built.header_length);
    }

    std::int64_t compute(std::size_t index, std::size_t field, const LayerRules& rules) const {
        try {
            return protocol(index).fields[field].automatic.evaluate(rules);
        } catch (const fields::ValueError& error) {
            fail(index, field, "", error.what());
        }
    }

    /// The header's size as the fields in front say it; nothing where one of them is computed from it.
    std::optional<std::size_t> given_size(std::size_t index) const {
        const LayerRules asking = layers_.rules_of(index);
        const std::int64_t size = protocol(index).size.evaluate(asking);
        return asking.asked_for_computed() ? std::nullopt
                                           : std::optional(static_cast<std::size_t>(std::max<std::int64_t>(size, 0)));
    }

    /// Whether somebody said that there is nothing in the field.
    static bool is_nothing(const model::FieldValue& field) { return field.is_set && field.value.is_none(); }

    /// Refuses a header whose computed fields give it another size than it has: it would be read as something else.
    void check_size(std::size_t index) const {
        const model::Protocol& own = protocol(index);
        if (!own.size) {
            return;
        }
        const LayerRules rules = layers_.rules_of(index);
        const std::int64_t size = own.size.evaluate(rules);
        const std::size_t built = layers_.built(index).header_length;
        if (rules.asked_for_computed() && size != static_cast<std::int64_t>(built)) {
            const std::size_t field = *rules.asked_for_computed();
            fail(index, field, std::to_string(layers_.numbers(index)[field]),
                 "the header has " + std::to_string(built) + " bytes, and by its \"size\" " + std::to_string(size));
        }
    }

    static bool shares_word(const model::Field& field) { return field.word.bits > field.bits; }

    /// What is computed is written over the field, but for a number that decides its width, or whose octets are those
    /// of other fields as well.
    bool is_encoded_as_computed(std::size_t index, std::size_t field_index) const {
        const model::Field& field = protocol(index).fields[field_index];
        const bool is_computed = field.automatic && layers_.value(index, field_index).is_none();
        return is_computed &&
               (field.bits == 0 || (shares_word(field) && fields::number_range(field.bits, field.type->is_signed())
                                                              .contains(layers_.numbers(index)[field_index])));
    }

    /// Writes a field whose condition holds.
    void encode_field(std::size_t index, std::size_t field_index, fields::EncodeContext& context, bool keeps_octets) {
        const model::Field& field = protocol(index).fields[field_index];
        const model::Layer& layer = packet_.layers[index];
        const model::Value& value = layers_.value(index, field_index);
        Place& place = layers_.places(index)[field_index];
        try {
            if (field.condition && field.condition.evaluate(context.rules) == 0) {
                return;
            }
            for (const model::RefusedValue& refused : layer.refused) {
                if (refused.field == field_index) {
                    fail(index, field_index, refused.value, refused.reason);
                }
            }
            place.is_bit_field =
                field.has_forms ? field.type->form(field, context.rules).is_bit_field : field.is_bit_field;
            if (!place.is_bit_field || field.align_to > 1) {
                context.writer.align();
            }
            if (const std::size_t alignment = model::alignment_at(field, context.writer.byte_position())) {
                context.writer.write_zeros(alignment);
            }
            place.first_bit = static_cast<std::uint32_t>(context.writer.bit_position());
            if (keeps_octets) {
                const Place& original = layer.fields[field_index].original;
                context.writer.copy_bits(layer.original, original.first_bit, original.bits);
                place.padding = original.padding;
            } else if (is_encoded_as_computed(index, field_index)) {
                field.type->encode(field, Integer{layers_.numbers(index)[field_index]}, context);
            } else {
                field.type->encode(field, value.is_none() ? field.unset_value : value, context);
            }
        } catch (const fields::ValueError& error) {
            fail(index, field_index, fields::describe(value), error.what());
        }
        place.bits = static_cast<std::uint32_t>(context.writer.bit_position()) - place.first_bit;
        place.is_present = true;
        if (field.truncate_to > 1 && !keeps_octets) {
            Bytes& octets = layers_.built(index).octets;
            octets.erase(octets.end() - static_cast<std::ptrdiff_t>(place.bits / 8 % field.truncate_to), octets.end());
            place.bits = static_cast<std::uint32_t>(context.writer.bit_position()) - place.first_bit;
        }
        if (field.pad_to > 1) {
            const std::uint32_t padding = (field.pad_to - place.bits / 8 % field.pad_to) % field.pad_to;
            context.writer.write_zeros(padding);
            place.padding += padding;
            place.bits = static_cast<std::uint32_t>(context.writer.bit_position()) - place.first_bit;
        }
        if (context.writer.byte_position() > kMaximumPacketSize) {
            fail(index, field_index, fields::describe(value),
                 "the packet is larger than " + std::to_string(kMaximumPacketSize) + " bytes");
        }
        write_known_number(index, field_index);
    }

    /// Writes a number that was computed before, for rules that look at the octets.
    void write_known_number(std::size_t index, std::size_t field_index) {
        const model::Field& field = protocol(index).fields[field_index];
        if (!field.automatic) {
            return;
        }
        const std::int64_t number = layers_.numbers(index)[field_index];
        if (number != 0 && field.bits != 0 && !shares_word(field) && layers_.is_computed(index, field_index) &&
            fields::number_range(field.bits, field.type->is_signed()).contains(number)) {
            write_number(layers_, index, field_index, number, 0, layers_.built(index).octets);
        }
    }

    /// Puts the places of trailers behind the payload.
    void move_trailers() {
        for (std::size_t index = 0; index < layers_.count(); ++index) {
            const auto bits = static_cast<std::uint32_t>(layers_.built(index).payload_length * 8);
            std::vector<Place>& places = layers_.places(index);
            for (std::size_t field = protocol(index).header_fields; field < places.size(); ++field) {
                places[field].first_bit += bits;
            }
        }
    }

    void append(ByteView octets) { result_.bytes.insert(result_.bytes.end(), octets.begin(), octets.end()); }

    /// All layers in a row, their trailers behind their payloads, padding behind all.
    void join() {
        result_.offsets.resize(layers_.count());
        std::vector<std::size_t> open;
        const auto close = [&, this](std::size_t end) {
            for (; !open.empty() && layers_.built(open.back()).span.end <= end; open.pop_back()) {
                append(layers_.built(open.back()).trailer());
            }
        };
        for (std::size_t index = 0; index < layers_.count(); ++index) {
            if (protocol(index).is_padding) {
                continue;
            }
            close(index);
            result_.offsets[index] = result_.bytes.size();
            append(layers_.built(index).header());
            if (layers_.built(index).trailer_length() > 0) {
                open.push_back(index);
            }
        }
        close(layers_.count());
        for (std::size_t index = 0; index < layers_.count(); ++index) {
            if (protocol(index).is_padding) {
                result_.offsets[index] = result_.bytes.size();
                append(layers_.built(index).octets);
            }
        }
        find_ends();
    }

    /// Where a layer has something behind it that is not its own, says where it ends.
    void find_ends() {
        const auto is_followed = [this](std::size_t index) {
            return layers_.built(index).trailer_length() > 0 || layers_.built(index).span.end < layers_.count();
        };
        bool is_any = false;
        for (std::size_t index = 0; index < layers_.count() && !is_any; ++index) {
            is_any = is_followed(index);
        }
        if (!is_any) {
            return;
        }
        std::vector<std::size_t> payload_ends(layers_.count());
        result_.ends.resize(layers_.count());
        for (std::size_t index = 0; index < layers_.count(); ++index) {
            const BuiltLayer& built = layers_.built(index);
            const std::size_t payload_end = result_.offsets[index] + built.header_length + built.payload_length;
            const std::size_t outer_end = built.span.below ? payload_ends[*built.span.below] : result_.bytes.size();
            result_.ends[index] = is_followed(index) ? payload_end + built.trailer_length() : outer_end;
            payload_ends[index] = is_followed(index) ? payload_end : outer_end;
        }
    }

    const model::Packet& packet_;
    const model::Database& database_;
    std::size_t nesting_;
    std::size_t& rewritings_;
    fields::NameCompression* names_;
    std::size_t message_offset_;
    BuiltLayers layers_;
    BuiltPacket result_;
    /// Some rule asked for what is computed in the layer below.
    bool asked_below_ = false;
};

void NestedEncoder::encode(const model::Packet& packet, fields::EncodeContext& context) const {
    const std::size_t position = context.message_offset + context.writer.byte_position();
    const BuiltPacket built =
        Builder(packet, database_, nesting_ + 1, rewritings_, &parent_, context.names, position).build();
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
    std::size_t rewritings = 0;
    return Builder(packet, database, 0, rewritings).build();
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
