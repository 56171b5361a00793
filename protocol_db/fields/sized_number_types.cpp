#include "protocol_db/fields/sized_number_types.hpp"

#include <algorithm>
#include <array>

#include "protocol_db/fields/registry.hpp"
#include "protocol_db/fields/text.hpp"

namespace framewright::fields {

namespace {

constexpr std::int64_t kMostOctets = 8;
constexpr std::int64_t kMostBits = 64;

/// The number of a value that must fit. Throws ValueError.
std::uint64_t fitting_number(const model::Value& value, std::int64_t bits) {
    const Integer* const number = value.get_if<Integer>();
    if (number == nullptr) {
        return 0;
    }
    if (*number < 0 || *number >> bits != 0) {
        throw ValueError("does not fit into the " + std::to_string(bits) + " bits that the field has here");
    }
    return static_cast<std::uint64_t>(*number);
}

/// The width that a rule gives. Throws ValueError for one that no number has.
std::int64_t checked_width(std::int64_t width, std::int64_t most, const char* unit) {
    if (width < 0 || width > most) {
        throw ValueError("the rule for its width gives " + std::to_string(width) + ", which is not 0 to " +
                         std::to_string(most) + unit);
    }
    return width;
}

/// The same for what is read.
std::int64_t read_width(std::int64_t width, std::int64_t most, const char* unit) {
    try {
        return checked_width(width, most, unit);
    } catch (const ValueError& error) {
        throw DecodeError(error.what());
    }
}

}  // namespace

std::span<const Key> SizedIntegerType::keys() const {
    static const std::vector<Key> kKeys = with_keys(NumberType::keys(), {required(kLengthKey)});
    return kKeys;
}

std::shared_ptr<const Parameters> SizedIntegerType::read_parameters(ParameterReader& reader) const {
    auto parameters = std::make_shared<SizedNumberParameters>();
    read_number(reader, parameters->number_names, parameters->number_notation);
    reader.rule(kLengthKey, *parameters, parameters->size);
    return parameters;
}

void SizedIntegerType::encode(const model::Field& field, const model::Value& value, EncodeContext& context) const {
    const expression::Rule& size = parameters_of<SizedNumberParameters>(field).size;
    const std::int64_t length = checked_width(size.evaluate(context.rules), kMostOctets, " bytes");
    const std::uint64_t number = length != 0 ? fitting_number(value, length * 8) : 0;
    Bytes octets;
    for (std::int64_t index = 0; index < length; ++index) {
        const std::int64_t shift = 8 * (little_endian_ ? index : length - 1 - index);
        octets.push_back(static_cast<std::uint8_t>(number >> shift));
    }
    context.writer.write_bytes(octets);
}

model::Value SizedIntegerType::decode(const model::Field& field, DecodeContext& context) const {
    const expression::Rule& size = parameters_of<SizedNumberParameters>(field).size;
    const std::int64_t length =
        context.is_whole ? static_cast<std::int64_t>(context.reader.rest().size()) : size.evaluate(context.rules);
    ByteView octets = context.reader.read_bytes(static_cast<std::size_t>(read_width(length, kMostOctets, " bytes")));
    if (octets.empty()) {
        return {};
    }
    std::uint64_t number = 0;
    for (std::size_t index = 0; index < octets.size(); ++index) {
        number = number << 8 | octets[little_endian_ ? octets.size() - 1 - index : index];
    }
    return static_cast<Integer>(number);
}

namespace {

constexpr Key kWidthKey{"width", Shape::kNumberOrRule, "How many bits the field has, 0 to 64."};

}  // namespace

std::span<const Key> SizedBitType::keys() const {
    static const std::vector<Key> kKeys = with_keys(NumberType::keys(), {required(kWidthKey)});
    return kKeys;
}

std::shared_ptr<const Parameters> SizedBitType::read_parameters(ParameterReader& reader) const {
    auto parameters = std::make_shared<SizedNumberParameters>();
    read_number(reader, parameters->number_names, parameters->number_notation);
    reader.rule(kWidthKey, *parameters, parameters->size);
    return parameters;
}

void SizedBitType::encode(const model::Field& field, const model::Value& value, EncodeContext& context) const {
    const expression::Rule& size = parameters_of<SizedNumberParameters>(field).size;
    const std::int64_t width = checked_width(size.evaluate(context.rules), kMostBits, " bits");
    if (width != 0) {
        context.writer.write_bits(static_cast<Integer>(fitting_number(value, width)),
                                  static_cast<std::uint32_t>(width));
    }
}

model::Value SizedBitType::decode(const model::Field& field, DecodeContext& context) const {
    const expression::Rule& size = parameters_of<SizedNumberParameters>(field).size;
    const std::int64_t width =
        context.is_whole ? static_cast<std::int64_t>(context.reader.rest().size() * 8) : size.evaluate(context.rules);
    const auto bits = static_cast<std::uint32_t>(read_width(width, kMostBits, " bits"));
    return bits != 0 ? model::Value(context.reader.read_bits(bits)) : model::Value();
}

namespace {

/// The lowest `count` octets of a number, highest first.
void append_octets(std::uint64_t number, std::size_t count, Bytes& out) {
    for (std::size_t index = count; index-- > 0;) {
        out.push_back(static_cast<std::uint8_t>(number >> (8 * index)));
    }
}

std::uint64_t read_octets(BitReader& reader, std::size_t count) {
    std::uint64_t number = 0;
    for (const std::uint8_t octet : reader.read_bytes(count)) {
        number = number << 8 | octet;
    }
    return number;
}

/// RFC 9000 section 16: the two highest bits say whether there are 1, 2, 4 or 8 octets.
void encode_quic(std::uint64_t number, Bytes& out) {
    const unsigned form = number < 1U << 6 ? 0U : number < 1U << 14 ? 1U : number < 1U << 30 ? 2U : 3U;
    const std::size_t count = std::size_t{1} << form;
    append_octets(number | static_cast<std::uint64_t>(form) << (count * 8 - 2), count, out);
}

std::uint64_t decode_quic(BitReader& reader) {
    const ByteView rest = reader.rest();
    const std::size_t count = rest.empty() ? 1 : std::size_t{1} << (rest.front() >> 6);
    return read_octets(reader, count) & ~(std::uint64_t{3} << (count * 8 - 2));
}

/// Groups of 7 bits, lowest first, with 1 in the highest bit where more follow.
void encode_groups(std::uint64_t number, Bytes& out) {
    for (; number >= 0x80; number >>= 7) {
        out.push_back(static_cast<std::uint8_t>(number | 0x80));
    }
    out.push_back(static_cast<std::uint8_t>(number));
}

template <unsigned most_bits, unsigned most_groups>
std::uint64_t decode_groups(BitReader& reader) {
    std::uint64_t number = 0;
    for (unsigned group = 0; group < most_groups; ++group) {
        const std::uint8_t octet = reader.read_bytes(1).front();
        const unsigned room = most_bits - std::min(most_bits, 7 * group);
        if (room < 7 && (octet & 0x7fU) >> room != 0) {
            throw DecodeError("the number has more than " + std::to_string(most_bits) + " bits");
        }
        number |= static_cast<std::uint64_t>(octet & 0x7fU) << (7 * group);
        if (octet < 0x80) {
            return number;
        }
    }
    throw DecodeError("the number has more than " + std::to_string(most_groups) + " bytes");
}

/// X.690 section 8.1.3: one octet, or how many octets follow.
void encode_ber(std::uint64_t number, Bytes& out) {
    if (number < 0x80) {
        out.push_back(static_cast<std::uint8_t>(number));
        return;
    }
    std::size_t count = 1;
    while (count < sizeof number && number >> (8 * count) != 0) {
        ++count;
    }
    out.push_back(static_cast<std::uint8_t>(0x80 | count));
    append_octets(number, count, out);
}

std::uint64_t decode_ber(BitReader& reader) {
    const std::uint8_t first = reader.read_bytes(1).front();
    if (first < 0x80) {
        return first;
    }
    const std::size_t count = first & 0x7fU;
    if (count == 0) {
        throw DecodeError("the length is of the indefinite form");
    }
    std::uint64_t number = 0;
    for (const std::uint8_t octet : reader.read_bytes(count)) {
        if (number >> 56 != 0) {
            throw DecodeError("the number has more than 64 bits");
        }
        number = number << 8 | octet;
    }
    return number;
}

constexpr std::array<NumberForm, 4> kForms{{
    {"quic", "QUIC (RFC 9000 section 16): 1, 2, 4 or 8 bytes, 62 bits", 62, encode_quic, decode_quic},
    {"mqtt", "MQTT's remaining length: groups of 7 bits, lowest first, 1 to 4 bytes", 28, encode_groups,
     decode_groups<28, 4>},
    {"protobuf", "Protocol Buffers (LEB128): groups of 7 bits, lowest first, 1 to 10 bytes", 64, encode_groups,
     decode_groups<64, 10>},
    {"ber", "lengths in BER (X.690 section 8.1.3): 1 byte, or how many follow and these", 64, encode_ber, decode_ber},
}};

constexpr std::array<std::string_view, 4> kFormWords{"quic", "mqtt", "protobuf", "ber"};

constexpr Key kFormKey{
    .name = "form",
    .shape = Shape::kWord,
    .documentation = "How the number says how many bytes it takes, [below](#numbers-that-say-their-width).",
    .is_required = true,
    .words = kFormWords};

/// A number of one form.
class FormType final : public NumberType {
public:
    FormType(const NumberNotation& notation, const NumberForm& form) : NumberType(notation), form_(form) {}

    void encode(const model::Field& /*field*/, const model::Value& value, EncodeContext& context) const override {
        Bytes octets;
        form_.encode(fitting_number(value, form_.most_bits), octets);
        context.writer.write_bytes(octets);
    }

    model::Value decode(const model::Field& /*field*/, DecodeContext& context) const override {
        return static_cast<Integer>(form_.decode(context.reader));
    }

    std::uint32_t most_bits(const model::Field& /*field*/) const override { return form_.most_bits; }

private:
    const NumberForm& form_;
};

}  // namespace

std::span<const NumberForm> number_forms() {
    return kForms;
}

SelfSizedNumberType::SelfSizedNumberType(const NumberNotation& notation) : NumberType(notation) {
    for (const NumberForm& form : kForms) {
        of_forms_.push_back(std::make_unique<FormType>(notation, form));
    }
}

std::span<const Key> SelfSizedNumberType::keys() const {
    static const std::vector<Key> kKeys = with_keys(NumberType::keys(), {kFormKey});
    return kKeys;
}

const FieldType& SelfSizedNumberType::implementation(ParameterReader& reader) const {
    const std::string name = reader.text(kFormKey);
    const auto* const form =
        std::find_if(kForms.begin(), kForms.end(), [&name](const NumberForm& known) { return known.name == name; });
    return *of_forms_[static_cast<std::size_t>(form - kForms.begin())];
}

void SelfSizedNumberType::encode(const model::Field& field, const model::Value& /*value*/,
                                 EncodeContext& /*context*/) const {
    throw std::logic_error("field " + field.id + " has no form");
}

model::Value SelfSizedNumberType::decode(const model::Field& field, DecodeContext& /*context*/) const {
    throw std::logic_error("field " + field.id + " has no form");
}

namespace {

constexpr Key kOffsetKey{.name = "offset",
                         .shape = Shape::kNumber,
                         .documentation = "What is added to the byte in the packet to give the number.",
                         .is_required = true,
                         .least = -65536,
                         .most = 65536};

const Key& unit_key() {
    const std::span<const Key> keys = notation_keys();
    return *std::find_if(keys.begin(), keys.end(), [](const Key& key) { return key.name == "unit"; });
}

struct OffsetParameters final : ParametersOf<OffsetParameters> {
    Integer offset = 0;
    std::string unit;
};

/// A byte that counts from another number than 0.
class OffsetByteType final : public FieldType {
public:
    std::span<const Key> keys() const override {
        static const std::array<Key, 2> kKeys{kOffsetKey, unit_key()};
        return kKeys;
    }

    std::shared_ptr<const Parameters> read_parameters(ParameterReader& reader) const override {
        auto parameters = std::make_shared<OffsetParameters>();
        parameters->offset = reader.number(kOffsetKey).value_or(0);
        parameters->unit = reader.text(unit_key());
        return parameters;
    }

    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override {
        const Integer* const number = value.get_if<Integer>();
        const Integer held = number != nullptr ? *number - parameters_of<OffsetParameters>(field).offset : 0;
        context.writer.write_bytes(std::array{static_cast<std::uint8_t>(held)});
    }

    model::Value decode(const model::Field& field, DecodeContext& context) const override {
        return Integer{context.reader.read_bytes(1).front()} + parameters_of<OffsetParameters>(field).offset;
    }

    /// A number, or a text of one with its unit or without.
    model::Value parse(const model::Field& field, const model::Value& value,
                       const ParseContext& /*context*/) const override {
        const OffsetParameters& parameters = parameters_of<OffsetParameters>(field);
        std::optional<Integer> number;
        if (const Integer* const given = value.get_if<Integer>()) {
            number = *given;
        } else if (const std::string* const text = value.get_if<std::string>()) {
            std::string_view word = trim(*text);
            const std::string_view unit = trim(parameters.unit);
            if (word.empty()) {
                return {};
            }
            word.remove_suffix(word.ends_with(unit) ? unit.size() : 0);
            number = parse_integer(trim(word));
        } else if (value.is_none()) {
            return {};
        }
        if (!number || *number < parameters.offset || *number > parameters.offset + 255) {
            throw ValueError("not a whole number from " + to_string(parameters.offset) + " to " +
                             to_string(parameters.offset + 255));
        }
        return *number;
    }

    void show(const model::Field& field, const model::Value& value, std::string& out) const override {
        FieldType::show(field, value, out);
        if (value.is<Integer>()) {
            out += parameters_of<OffsetParameters>(field).unit;
        }
    }

    void express(const model::Field& field, const model::Value& value, std::string& out) const override {
        FieldType::show(field, value, out);
    }

    std::uint32_t fixed_bits() const override { return 8; }
};

}  // namespace

void add_sized_number_types(TypeTable& table) {
    table.add("NumberLenField", TypeGroup::kNumbers, kDecimal.documentation,
              std::make_shared<SizedIntegerType>(false, kDecimal));
    table.add("LENumberLenField", TypeGroup::kNumbers, kDecimal.documentation,
              std::make_shared<SizedIntegerType>(true, kDecimal));
    table.add("OffsetByteField", TypeGroup::kNumbers, "the byte and its `offset`, in decimal",
              std::make_shared<OffsetByteType>());
    table.add("VarIntField", TypeGroup::kNumbers, kDecimal.documentation,
              std::make_shared<SelfSizedNumberType>(kDecimal));
    table.add("BitVarSizeField", TypeGroup::kBits, kDecimal.documentation, std::make_shared<SizedBitType>(kDecimal));
}

}  // namespace framewright::fields
