#include "protocol_db/packet/checksum_fields.hpp"

#include <algorithm>
#include <array>
#include <variant>

#include "protocol_db/fields/field_type.hpp"
#include "protocol_db/packet/checksum.hpp"
#include "protocol_db/packet/dissect.hpp"

namespace framewright::packet {

namespace {

constexpr std::size_t kMostOctets = model::PseudoHeaderPart::kMostOctets;

/// A run of bytes of the packet.
struct Run {
    std::size_t first = 0;
    std::size_t size = 0;

    std::size_t end() const { return first + size; }
};

/// What a checksum covers: of the header and the payload, and of the trailer.
using Covered = std::array<Run, 2>;

/// Any of the algorithms.
class Sum {
public:
    explicit Sum(const model::Computation& computation) : computation_(computation) {
        switch (computation.algorithm) {
            case model::Algorithm::kCrc:
                sum_ = CrcSum(computation.crc);
                break;
            case model::Algorithm::kFletcher16:
                sum_ = Fletcher16();
                break;
            case model::Algorithm::kAdler32:
                sum_ = Adler32();
                break;
            default:
                break;
        }
    }

    void add(ByteView octets) {
        std::visit([octets](auto& sum) { sum.add(octets); }, sum_);
    }

    /// The number for the field, where so many octets that were added stand behind it.
    std::uint64_t value(std::size_t octets_behind) const {
        if (computation_.has_check_octets) {
            return std::get<Fletcher16>(sum_).check_octets(octets_behind);
        }
        return std::visit([](const auto& sum) { return std::uint64_t{sum.value()}; }, sum_);
    }

private:
    const model::Computation& computation_;
    std::variant<InternetChecksum, CrcSum, Fletcher16, Adler32> sum_;
};

std::uint64_t with_lowest_octet_first(std::uint64_t number, std::uint32_t bits) {
    std::uint64_t result = 0;
    for (std::uint32_t octet = 0; octet < bits / 8; ++octet) {
        result = result << 8 | ((number >> (8 * octet)) & 0xffU);
    }
    return result;
}

/// Computes the checksums of one layer.
class LayerChecksums {
public:
    LayerChecksums(const BuiltLayers& layers, std::size_t index, std::span<const std::size_t> offsets, Bytes& bytes,
                   const model::Database& database)
        : layers_(layers), index_(index), offsets_(offsets), bytes_(bytes), database_(database) {}

    void write(std::size_t field_index) {
        const model::Computation& computation = field(field_index).computation;
        if (!is_wanted(field_index)) {
            return;
        }
        const Covered covered = covered_by(field_index);
        Sum sum(computation);
        if (computation.pseudo_header_protocol) {
            std::size_t size = 0;
            for (const Run& run : covered) {
                size += run.size;
            }
            if (!add_pseudo_header(field_index, size, sum)) {
                return;
            }
        }
        const Run own = run_of(field_index);
        std::size_t behind = 0;
        for (const Run& run : covered) {
            add(run, field_index, sum);
            behind += run.end() > own.end() ? run.end() - std::max(run.first, own.end()) : 0;
        }
        std::uint64_t number = sum.value(behind - left_out_behind(field_index, covered));
        if (computation.is_lowest_octet_first) {
            number = with_lowest_octet_first(number, field(field_index).bits);
        }
        write_number(layers_, index_, field_index, number == 0 ? computation.in_place_of_zero : number,
                     offsets_[index_], bytes_);
    }

private:
    const model::Field& field(std::size_t field_index) const { return layers_.protocol(index_).fields[field_index]; }

    [[noreturn]] void fail(std::size_t field_index, const std::string& reason) const {
        throw BuildError(index_, layers_.protocol(index_).id, field(field_index).id, "", reason);
    }

    /// Whether the field is there, nobody gave a value, and its rule holds.
    bool is_wanted(std::size_t field_index) const {
        const model::Computation& computation = field(field_index).computation;
        if (!layers_.places(index_)[field_index].is_present || !layers_.value(index_, field_index).is_none()) {
            return false;
        }
        if (!computation.when) {
            return true;
        }
        LayerRules rules = layers_.rules_of(index_);
        rules.set_bytes(ByteView(bytes_).subspan(offsets_[index_], layers_.built(index_).header_length));
        return computation.when.evaluate(rules) != 0;
    }

    /// The bytes of a field of the layer, which are whole ones.
    Run run_of(std::size_t field_index) const {
        const Place& place = layers_.places(index_)[field_index];
        return {offsets_[index_] + place.first_bit / 8, (place.bits + 7) / 8};
    }

    /// What the checksum covers, from the packet's first byte on: of the trailer, what stands in front of it.
    Covered covered_by(std::size_t field_index) const {
        const BuiltLayer& built = layers_.built(index_);
        const model::Coverage coverage = field(field_index).computation.coverage;
        const bool is_in_trailer = field_index >= layers_.protocol(index_).header_fields;
        const Run own = run_of(field_index);
        const std::size_t header_end = offsets_[index_] + built.header_length;
        const std::size_t payload_end = header_end + built.payload_length;
        if (coverage == model::Coverage::kRest) {
            const std::size_t end = payload_end + (is_in_trailer ? built.trailer_length() : 0);
            return {Run{own.end(), end - own.end()}, Run{}};
        }
        const std::size_t end = coverage == model::Coverage::kHeader ? header_end : payload_end;
        return {Run{offsets_[index_], end - offsets_[index_]},
                is_in_trailer ? Run{payload_end, own.first - payload_end} : Run{}};
    }

    /// A field whose octets are left out, or count as 0.
    struct Hole {
        Run run;
        bool is_skipped = false;
    };

    /// The holes in a run, in their order.
    std::vector<Hole> holes_in(const Run& run, std::size_t field_index) const {
        std::vector<Hole> holes;
        const model::Computation& computation = field(field_index).computation;
        for (const auto* const fields : {&computation.skipped, &computation.zeroed}) {
            for (const std::size_t other : *fields) {
                const Place& place = layers_.places(index_)[other];
                if (!place.is_present) {
                    continue;
                }
                if (place.first_bit % 8 != 0 || place.bits % 8 != 0) {
                    fail(field_index,
                         "its field " + field(other).id + ", which the checksum leaves out, is no whole bytes");
                }
                const Run hole = run_of(other);
                if (hole.first >= run.first && hole.end() <= run.end() && hole.size > 0) {
                    holes.push_back({hole, fields == &computation.skipped});
                }
            }
        }
        std::sort(holes.begin(), holes.end(),
                  [](const Hole& left, const Hole& right) { return left.run.first < right.run.first; });
        return holes;
    }

    void add(const Run& run, std::size_t field_index, Sum& sum) const {
        std::size_t place = run.first;
        for (const Hole& hole : holes_in(run, field_index)) {
            if (hole.run.first < place) {
                continue;  // A field within one that is left out already.
            }
            sum.add(ByteView(bytes_).subspan(place, hole.run.first - place));
            if (!hole.is_skipped) {
                sum.add(Bytes(hole.run.size));
            }
            place = hole.run.end();
        }
        sum.add(ByteView(bytes_).subspan(place, run.end() - place));
    }

    /// How many octets behind the checksum are left out.
    std::size_t left_out_behind(std::size_t field_index, const Covered& covered) const {
        const Run own = run_of(field_index);
        std::size_t size = 0;
        for (const Run& run : covered) {
            for (const Hole& hole : holes_in(run, field_index)) {
                size += hole.is_skipped && hole.run.first >= own.end() ? hole.run.size : 0;
            }
        }
        return size;
    }

    /// The pseudo header that the nearest layer below gives which may. False when there is none.
    bool add_pseudo_header(std::size_t field_index, std::size_t size, Sum& sum) const {
        const model::Computation& computation = field(field_index).computation;
        const model::Protocol* const wanted = computation.pseudo_header_of;
        for (auto below = layers_.built(index_).span.below; below; below = layers_.built(*below).span.below) {
            const model::Protocol& protocol = layers_.protocol(*below);
            if (protocol.pseudo_header.through != nullptr || (wanted != nullptr && !protocol.is_a(*wanted))) {
                continue;
            }
            if (protocol.pseudo_header.parts.empty() || !is_let_through(*below)) {
                return false;
            }
            for (const model::PseudoHeaderPart& part : protocol.pseudo_header.parts) {
                add_part(part, *below, field_index, size, sum);
            }
            return true;
        }
        return false;
    }

    /// Whether the layers in between let the pseudo header of a layer through.
    bool is_let_through(std::size_t network) const {
        for (std::size_t between = *layers_.built(index_).span.below; between != network;
             between = *layers_.built(between).span.below) {
            const model::Protocol* const through = layers_.protocol(between).pseudo_header.through;
            if (through != nullptr && !layers_.protocol(network).is_a(*through)) {
                return false;
            }
        }
        return true;
    }

    void add_part(const model::PseudoHeaderPart& part, std::size_t network, std::size_t field_index, std::size_t size,
                  Sum& sum) const {
        using Kind = model::PseudoHeaderPart::Kind;
        if (part.kind == Kind::kField) {
            const Bytes replacement = part.name.empty() ? Bytes() : replacement_of(part, network);
            sum.add(replacement.empty() ? octets_of(network, part.field) : ByteView(replacement));
            return;
        }
        std::int64_t number = 0;
        if (part.kind == Kind::kProtocol) {
            number = *field(field_index).computation.pseudo_header_protocol;
        } else if (part.kind == Kind::kLength) {
            const LayerRules rules = layers_.rules_of(network);
            number = part.length ? part.length.evaluate(rules) : static_cast<std::int64_t>(size);
        }
        if (!fields::number_range(part.octets * 8, false).contains(number)) {
            fail(field_index, "the length in its pseudo header, " + std::to_string(number) + ", does not fit into " +
                                  std::to_string(part.octets) + " bytes");
        }
        std::array<std::uint8_t, kMostOctets> octets{};
        for (std::size_t octet = part.octets; octet-- > 0; number >>= 8) {
            octets.at(octet) = static_cast<std::uint8_t>(number);
        }
        sum.add(ByteView(octets).first(part.octets));
    }

    /// What a layer in between, the nearest to the checksum first, puts in place of a part; nothing when none does.
    Bytes replacement_of(const model::PseudoHeaderPart& part, std::size_t network) const {
        const std::size_t size = layers_.protocol(network).fields[part.field].bits / 8;
        for (std::size_t between = *layers_.built(index_).span.below; between != network;
             between = *layers_.built(between).span.below) {
            for (const model::PseudoHeaderReplacement& replacement :
                 layers_.protocol(between).pseudo_header.replacements) {
                const bool is_meant = replacement.part == part.name &&
                                      (!replacement.when || replacement.when.evaluate(layers_.rules_of(between)) != 0);
                const ByteView octets = is_meant ? octets_of(between, replacement.field) : ByteView();
                if (octets.size() >= size && !octets.empty()) {
                    const ByteView element = replacement.is_last_element ? octets.last(size) : octets.first(size);
                    return {element.begin(), element.end()};
                }
            }
            Bytes octets = replacement_in_options(part.name, between);
            if (octets.size() == size) {
                return octets;
            }
        }
        return {};
    }

    /// What one of the options of a layer puts in place of a part.
    Bytes replacement_in_options(const std::string& part, std::size_t index) const {
        const std::optional<std::size_t> options = layers_.protocol(index).pseudo_header.options;
        const std::vector<model::Value>* const items = options ? items_of(layers_.value(index, *options)) : nullptr;
        for (std::size_t next = 0; items != nullptr && next < items->size(); ++next) {
            const model::Packet* const option = (*items)[next].get_if<model::Packet>();
            if (option == nullptr || option->layers.empty()) {
                continue;
            }
            for (const model::PseudoHeaderReplacement& replacement :
                 option->layers.front().protocol->pseudo_header.replacements) {
                if (replacement.part == part) {
                    return octets_of(*option, replacement.field);
                }
            }
        }
        return {};
    }

    /// The octets of a field of a packet's first layer, by itself.
    Bytes octets_of(const model::Packet& packet, std::size_t field_index) const {
        const BuiltPacket built = build(packet, database_);
        const Place place = place_in(packet.layers.front(), built.places.front(), field_index, built.bytes, nullptr);
        const ByteView octets = ByteView(built.bytes).subspan(place.first_bit / 8, place.bits / 8);
        return {octets.begin(), octets.end()};
    }

    /// The octets of a field as they lie in the packet.
    ByteView octets_of(std::size_t index, std::size_t field_index) const {
        const std::optional<std::size_t> below = layers_.built(index).span.below;
        const ByteView header = ByteView(bytes_).subspan(offsets_[index], layers_.built(index).header_length);
        const Place place = place_in(layers_.layer(index), layers_.places(index), field_index, header,
                                     below ? &layers_.layer(*below) : nullptr);
        return header.subspan(place.first_bit / 8, place.bits / 8);
    }

    /// Where a field lies; of a layer that is written as it was read, this is read again.
    Place place_in(const model::Layer& layer, const std::vector<Place>& places, std::size_t field_index,
                   ByteView header, const model::Layer* below) const {
        if (!places.empty()) {
            return places[field_index];
        }
        try {
            return Dissector(database_).dissect_layer(*layer.protocol, header, below).places[field_index];
        } catch (const fields::DecodeError&) {
            return {};
        }
    }

    const BuiltLayers& layers_;
    std::size_t index_;
    std::span<const std::size_t> offsets_;
    Bytes& bytes_;
    const model::Database& database_;
};

}  // namespace

void write_checksums(const BuiltLayers& layers, std::size_t index, std::span<const std::size_t> offsets, Bytes& bytes,
                     const model::Database& database) {
    if (layers.layer(index).has_original) {
        return;
    }
    LayerChecksums checksums(layers, index, offsets, bytes, database);
    for (const std::size_t field : layers.protocol(index).checksum_fields) {
        checksums.write(field);
    }
}

void write_number(const BuiltLayers& layers, std::size_t index, std::size_t field_index, Integer number,
                  std::size_t start, Bytes& bytes) {
    const model::Field& field = layers.protocol(index).fields[field_index];
    const Place& place = layers.places(index)[field_index];
    try {
        field.type->overwrite(field, bytes, start * 8 + place.first_bit, place.bits, number);
    } catch (const fields::ValueError& error) {
        throw BuildError(index, layers.protocol(index).id, field.id, to_string(number), error.what());
    }
}

}  // namespace framewright::packet
