#include "protocol_db/loader/checksum_loader.hpp"

#include <limits>
#include <utility>

#include "protocol_db/fields/field_type.hpp"

namespace framewright::loader {

namespace {

constexpr std::uint32_t kWidestCrc = 64;

/// A number of at most `bits` bits: a JSON number, or a text that may be hexadecimal. Nothing without the member.
std::optional<std::uint64_t> read_bits(ObjectReader& reader, const char* key, std::uint32_t bits) {
    const Json* const json = reader.find(key);
    if (json == nullptr) {
        return std::nullopt;
    }
    const std::optional<Integer> number = json->is_number_unsigned()
                                              ? std::optional<Integer>(json->get<std::uint64_t>())
                                          : json->is_string() ? parse_integer(json->get<std::string>())
                                                              : std::nullopt;
    if (!number || !fields::number_range(bits, false).contains(*number)) {
        refuse("\"" + std::string(key) + "\" is not a number of " + std::to_string(bits) + " bits");
    }
    return static_cast<std::uint64_t>(*number);
}

void read_crc(model::Crc& crc, std::uint32_t bits, ObjectReader& reader) {
    if (bits > kWidestCrc) {
        refuse("a CRC has at most " + std::to_string(kWidestCrc) + " bits");
    }
    crc.width = bits;
    if (const auto width = reader.number("width", 1, kWidestCrc); width && *width != bits) {
        refuse("\"width\" is not that of the field, which has " + std::to_string(bits) + " bits");
    }
    const std::optional<std::uint64_t> polynomial = read_bits(reader, "polynomial", bits);
    if (!polynomial) {
        refuse("\"polynomial\" is missing");
    }
    crc.polynomial = *polynomial;
    crc.is_reflected = reader.boolean("reflect").value_or(false);
    crc.initial = read_bits(reader, "initial", bits).value_or(0);
    crc.final_xor = read_bits(reader, "final_xor", bits).value_or(0);
}

void read_algorithm(model::Computation& computation, std::uint32_t bits, ObjectReader& reader) {
    const std::string algorithm = reader.required_text("algorithm");
    std::uint32_t width = bits;
    if (algorithm == "internet") {
        computation.algorithm = model::Algorithm::kInternetChecksum;
        width = 16;
    } else if (algorithm == "crc") {
        computation.algorithm = model::Algorithm::kCrc;
        read_crc(computation.crc, bits, reader);
    } else if (algorithm == "fletcher16") {
        computation.algorithm = model::Algorithm::kFletcher16;
        computation.has_check_octets = reader.boolean("check_octets").value_or(false);
        width = 16;
    } else if (algorithm == "adler32") {
        computation.algorithm = model::Algorithm::kAdler32;
        width = 32;
    } else {
        refuse("there is no checksum algorithm \"" + algorithm + "\"");
    }
    if (bits != width) {
        refuse("the field of this checksum has " + std::to_string(width) + " bits");
    }
}

model::Coverage read_coverage(ObjectReader& reader) {
    const std::string over = reader.text("over", "payload");
    if (over == "header") {
        return model::Coverage::kHeader;
    }
    if (over == "payload") {
        return model::Coverage::kHeaderAndPayload;
    }
    if (over != "rest") {
        refuse("\"over\" of the checksum is none of header, payload, rest");
    }
    return model::Coverage::kRest;
}

std::vector<std::size_t> read_fields(const model::Protocol& protocol, ObjectReader& reader, const char* key) {
    std::vector<std::size_t> indexes;
    const Json* const ids = reader.array(key);
    for (std::size_t index = 0; ids != nullptr && index < ids->size(); ++index) {
        const Json& id = (*ids)[index];
        indexes.push_back(FieldLoader::field_index(protocol, id.is_string() ? id.get<std::string>() : std::string()));
    }
    return indexes;
}

}  // namespace

model::Computation read_checksum(const model::Protocol& protocol, const model::Field& field, const Json& json,
                                 FieldLoader& fields) {
    ObjectReader reader(json, "\"checksum\"");
    model::Computation computation;
    read_algorithm(computation, field.bits, reader);
    computation.coverage = read_coverage(reader);
    if (computation.has_check_octets && computation.coverage == model::Coverage::kRest) {
        refuse("\"check_octets\" are among what they are computed of, and \"over\" leaves them out");
    }
    computation.is_lowest_octet_first = reader.boolean("little_endian").value_or(false);
    if (computation.is_lowest_octet_first && field.bits % 8 != 0) {
        refuse("\"little_endian\" needs whole bytes");
    }
    if (computation.is_lowest_octet_first && field.type->is_little_endian()) {
        refuse("\"little_endian\": a " + field.type_name + " has its lowest byte first already");
    }
    computation.skipped = read_fields(protocol, reader, "skip");
    computation.zeroed = read_fields(protocol, reader, "zero");
    if (const auto number = reader.number("pseudo_header_protocol", 0, std::numeric_limits<std::uint8_t>::max())) {
        computation.pseudo_header_protocol = static_cast<std::uint8_t>(*number);
    }
    if (const std::string of = reader.text("pseudo_header_of"); !of.empty()) {
        if (!computation.pseudo_header_protocol) {
            refuse("\"pseudo_header_of\" means nothing without \"pseudo_header_protocol\"");
        }
        computation.pseudo_header_of = fields.protocol(of);
    }
    computation.in_place_of_zero = read_bits(reader, "in_place_of_zero", field.bits).value_or(0);
    computation.when = FieldLoader::rule_at(protocol, reader, "when");
    reader.finish();
    return computation;
}

void check_checksum(const model::Protocol& protocol, std::size_t index) {
    const model::Computation& computation = protocol.fields[index].computation;
    const bool is_in_trailer = index >= protocol.header_fields;
    const auto is_covered = [&](std::size_t other) {
        if (computation.coverage == model::Coverage::kRest) {
            return other > index && (is_in_trailer || other < protocol.header_fields);
        }
        return is_in_trailer ? other <= index : other < protocol.header_fields;
    };
    for (const auto& [key, fields] :
         {std::pair("\"skip\"", &computation.skipped), std::pair("\"zero\"", &computation.zeroed)}) {
        for (const std::size_t other : *fields) {
            const std::string what = std::string(key) + ": field " + protocol.fields[other].id;
            if (!is_covered(other)) {
                refuse(what + " is not in what the checksum covers");
            }
            if (protocol.fields[other].bits % 8 != 0) {
                refuse(what + " is no whole bytes");
            }
        }
    }
    const model::Protocol* const of = computation.pseudo_header_of;
    if (of != nullptr && of->pseudo_header.parts.empty()) {
        refuse("\"pseudo_header_of\": protocol " + of->id + " gives no pseudo header");
    }
}

}  // namespace framewright::loader
