#include "protocol_db/fields/integer_types.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <ctime>
#include <tuple>

#include "protocol_db/expression/literal.hpp"
#include "protocol_db/fields/registry.hpp"
#include "protocol_db/fields/text.hpp"
#include "protocol_db/wide_number.hpp"

namespace framewright::fields {

namespace {

/// The names of a field's numbers in a layer; null for none.
const model::Enumeration* enumeration_in(const expression::RuleContext& layer, const model::Field& field) {
    const NumberNames& names = names_of(field);
    if (names.enumerations_by.empty()) {
        return names.enumeration;
    }
    const std::int64_t selector = layer.field(names.enumerations_by_field);
    const auto found = std::find_if(names.enumerations_by.begin(), names.enumerations_by.end(),
                                    [selector](const auto& by_number) { return by_number.first == selector; });
    return found != names.enumerations_by.end() ? found->second : nullptr;
}

bool has_default(const model::Field& field) {
    const Integer* const number = field.default_value.get_if<Integer>();
    return number != nullptr && *number != 0;
}

void show_decimal(const model::Field& /*field*/, Integer number, std::string& out) {
    out += to_string(number);
}

void show_hexadecimal(const model::Field& /*field*/, Integer number, std::string& out) {
    out += to_hex_string(number);
}

bool show_name(const model::Enumeration* enumeration, Integer number, std::string& out) {
    const std::string* const name = enumeration != nullptr ? enumeration->name_of(number) : nullptr;
    if (name != nullptr) {
        out += *name;
    }
    return name != nullptr;
}

void show_named(const model::Field& field, Integer number, std::string& out) {
    if (!show_name(names_of(field).enumeration, number, out)) {
        show_decimal(field, number, out);
    }
}

void show_named_hexadecimal(const model::Field& field, Integer number, std::string& out) {
    if (!show_name(names_of(field).enumeration, number, out)) {
        show_hexadecimal(field, number, out);
    }
}

std::optional<Integer> read_name(const model::Field& field, std::string_view text) {
    const model::Enumeration* const enumeration = names_of(field).enumeration;
    return enumeration != nullptr ? enumeration->number_of(text) : std::nullopt;
}

void show_flags(const model::Field& field, Integer number, std::string& out) {
    // Bits without a name would be lost in the text, and an empty one resets the field.
    const NumberNames& names = names_of(field);
    if (number >> names.flags.size() != 0 || (number == 0 && has_default(field))) {
        show_decimal(field, number, out);
        return;
    }
    bool is_first = true;
    for (std::size_t bit = 0; bit < names.flags.size(); ++bit) {
        if (((number >> bit) & 1) == 0) {
            continue;
        }
        if (!is_first && !names.flags_are_letters) {
            out += '+';
        }
        out += names.flags[bit];
        is_first = false;
    }
}

std::optional<Integer> flag_of(const model::Field& field, std::string_view name) {
    const std::vector<std::string>& flags = names_of(field).flags;
    for (std::size_t bit = 0; bit < flags.size(); ++bit) {
        if (flags[bit] == name) {
            return Integer{1} << bit;
        }
    }
    return std::nullopt;
}

std::optional<Integer> read_flags(const model::Field& field, std::string_view text) {
    const bool are_letters = names_of(field).flags_are_letters;
    Integer number = 0;
    while (!text.empty()) {
        const std::size_t end = are_letters ? 1 : std::min(text.find('+'), text.size());
        const std::optional<Integer> flag = flag_of(field, trim(text.substr(0, end)));
        if (!flag) {
            return std::nullopt;
        }
        number |= *flag;
        text.remove_prefix(std::min(text.size(), are_letters ? end : end + 1));
    }
    return number;
}

/// The number in the parentheses that end a text.
std::optional<Integer> read_parenthesized(const model::Field& /*field*/, std::string_view text) {
    const std::size_t open = text.rfind('(');
    if (open == std::string_view::npos || !text.ends_with(')')) {
        return std::nullopt;
    }
    return parse_integer(text.substr(open + 1, text.size() - open - 2));
}

void show_utc_time(const model::Field& field, Integer number, std::string& out) {
    const auto seconds = static_cast<std::time_t>(number + notation_of(field).epoch);
    fmt::format_to(std::back_inserter(out), "{:%a, %d %b %Y %H:%M:%S} +0000 ({})", fmt::gmtime(seconds), seconds);
}

std::optional<Integer> read_utc_time(const model::Field& field, std::string_view text) {
    const std::optional<Integer> seconds = read_parenthesized(field, text);
    return seconds ? std::optional(*seconds - notation_of(field).epoch) : std::nullopt;
}

void show_time_of_day(const model::Field& /*field*/, Integer number, std::string& out) {
    const auto milliseconds = static_cast<std::uint64_t>(number);
    fmt::format_to(std::back_inserter(out), "{}:{}:{}.{}", milliseconds / 3600000, milliseconds / 60000 % 60,
                   milliseconds / 1000 % 60, milliseconds % 1000);
}

std::optional<Integer> read_time_of_day(const model::Field& /*field*/, std::string_view text) {
    constexpr std::string_view kSeparators = "::.";
    constexpr std::array<std::uint64_t, 4> kUnits{3600000, 60000, 1000, 1};
    constexpr std::size_t kSeconds = 2;
    constexpr std::size_t kMostDigits = 9;
    Integer milliseconds = 0;
    for (std::size_t part = 0; part < kUnits.size(); ++part) {
        std::size_t end = part < kSeparators.size() ? text.find(kSeparators[part]) : text.size();
        const bool is_last = end == std::string_view::npos;
        if (is_last && part != kSeconds) {
            return std::nullopt;
        }
        end = std::min(end, text.size());
        const std::optional<Integer> number = end > kMostDigits ? std::nullopt : parse_integer(text.substr(0, end));
        if (!number || *number < 0) {
            return std::nullopt;
        }
        milliseconds += *number * kUnits[part];
        if (is_last) {
            break;
        }
        text.remove_prefix(std::min(text.size(), end + 1));
    }
    return milliseconds;
}

void show_ntp_time(const model::Field& /*field*/, Integer number, std::string& out) {
    out += "Some date a few decades ago (" + to_string(number) + ")";
}

void show_switch(const model::Field& /*field*/, Integer number, std::string& out) {
    out += number != 0 ? "On" : "Off";
}

std::optional<Integer> read_switch(const model::Field& /*field*/, std::string_view text) {
    return text == "On" ? std::optional<Integer>(1) : text == "Off" ? std::optional<Integer>(0) : std::nullopt;
}

void show_option_type(const model::Field& field, Integer number, std::string& out) {
    constexpr std::array<std::string_view, 4> kUnrecognized{"00: skip", "01: discard", "10: discard+ICMP",
                                                            "11: discard+ICMP not mcast"};
    constexpr std::array<std::string_view, 2> kChange{"0: Don't change en-route", "1: May change en-route"};
    show_named(field, number, out);
    out += " [";
    out += kUnrecognized[static_cast<std::size_t>(number >> 6) & 3U];
    out += ", ";
    out += kChange[static_cast<std::size_t>(number >> 5) & 1U];
    out += ']';
}

std::optional<Integer> read_option_type(const model::Field& field, std::string_view text) {
    const std::size_t open = text.rfind('[');
    const bool is_explained = open != std::string_view::npos && text.ends_with(']');
    const std::string_view name = is_explained ? trim(text.substr(0, open)) : text;
    const std::optional<Integer> number = read_name(field, name);
    return number ? number : parse_integer(name);
}

Integer number_in(const model::Value& value) {
    const Integer* const number = value.get_if<Integer>();
    return number != nullptr ? *number : 0;
}

Bytes without_zeros(const Bytes& octets) {
    const auto first = std::find_if(octets.begin(), octets.end(), [](std::uint8_t octet) { return octet != 0; });
    return {first, octets.end()};
}

/// The bits of a number in octets, without zeros in front.
std::size_t wide_bits(const Bytes& octets) {
    return octets.empty() ? 0 : octets.size() * 8 - static_cast<std::size_t>(std::countl_zero(octets.front()));
}

/// The value of a number in octets: an Integer where it is one.
model::Value wide_value(Bytes octets) {
    if (wide_bits(octets) > BitType::kMostIntegerBits) {
        return octets;
    }
    Integer number = 0;
    for (const std::uint8_t octet : octets) {
        number = number << 8 | octet;
    }
    return number;
}

}  // namespace

const NumberNotation kDecimal{"decimal", show_decimal, read_name, "decimal"};
const NumberNotation kHexadecimal{"hexadecimal", show_hexadecimal, nullptr, "hexadecimal"};
const NumberNotation kNamed{"name", show_named, read_name, "name, or decimal"};
const NumberNotation kNamedHexadecimal{{}, show_named_hexadecimal, read_name, "name, or hexadecimal"};
const NumberNotation kFlags{{}, show_flags, read_flags, "the names of the bits that are set", {}, true};
const NumberNotation kUtcTime{"utc_time", show_utc_time, read_utc_time, "date, and the seconds since 1970"};
const NumberNotation kTimeOfDay{"time_of_day", show_time_of_day, read_time_of_day,
                                "time of day (milliseconds since midnight)", "--"};
const NumberNotation kNtpTime{{}, show_ntp_time, read_parenthesized, "the number"};
const NumberNotation kSwitch{{}, show_switch, read_switch, "`On` or `Off`: the switch of `padding`"};
const NumberNotation kOptionType{
    {}, show_option_type, read_option_type, "name, and what the type's high bits mean (IPv6 options)"};

namespace {

constexpr Key kEnumerationKey{
    "enumeration", Shape::kEnumeration,
    "Names of the field's numbers: an enumeration, or the name of one in `enumerations` of any file."};
constexpr std::array<Key, 2> kEnumerationByKeys{
    required({"field", Shape::kFieldId, "The other field."}),
    required({"cases", Shape::kEnumerations, "Enumerations by the number in the other field."})};
constexpr Key kEnumerationByKey{
    .name = "enumeration_by",
    .shape = Shape::kObject,
    .documentation =
        "Names that depend on another field: `{\"field\": \"type\", \"cases\": {\"3\": {\"0\": "
        "\"network-unreachable\"}, \"5\": \"redirect_code\"}}`.",
    .members = kEnumerationByKeys};
constexpr Key kFlagsKey{"flags", Shape::kTextOrTexts,
                        "Names of the bits, lowest first (a name that several bits have, or a sign such as `?`, is for "
                        "bits that have none): "
                        "a text of letters (`\"FSRPAUECN\"`; shown side by side, `SA`) "
                        "or an array of words (`[\"MF\", \"DF\", \"evil\"]`; shown with a plus, `MF+DF`)."};
/// The keys of numbers; with those of numbers whose bits have names.
const std::vector<Key>& number_keys(bool names_bits) {
    const auto make = [](bool with_flags) {
        std::vector<Key> keys{kEnumerationKey, kEnumerationByKey};
        keys.insert(keys.end(), notation_keys().begin(), notation_keys().end());
        if (with_flags) {
            keys.push_back(kFlagsKey);
        }
        return keys;
    };
    static const std::vector<Key> kKeys = make(false);
    static const std::vector<Key> kKeysOfFlags = make(true);
    return names_bits ? kKeysOfFlags : kKeys;
}

}  // namespace

std::span<const Key> NumberType::keys() const {
    return number_keys(notation_.names_bits);
}

const NumberNotation& NumberType::notation(const model::Field& field) const {
    const NumberNotation* const asked_for = notation_of(field).notation;
    return asked_for != nullptr ? *asked_for : notation_;
}

std::shared_ptr<const Parameters> NumberType::read_parameters(ParameterReader& reader) const {
    auto parameters = std::make_shared<NumberParameters>();
    read_number(reader, parameters->number_names, parameters->number_notation);
    return parameters;
}

void NumberType::read_number(ParameterReader& reader, NumberNames& names, NotationParameters& notation) const {
    names.enumeration = reader.enumeration(kEnumerationKey);
    if (const auto by = reader.object(kEnumerationByKey)) {
        names.enumerations_by_field = by->field_index(kEnumerationByKeys[0]).value_or(0);
        names.enumerations_by = by->enumerations(kEnumerationByKeys[1]);
    }
    notation = read_notation(reader, notation_);
    if (notation_.names_bits) {
        std::tie(names.flags, names.flags_are_letters) = reader.texts(kFlagsKey);
        if (names.flags.size() > reader.field().bits) {
            reader.refuse("\"flags\" names more bits than the field has");
        }
    }
}

model::Value NumberType::parse(const model::Field& field, const model::Value& value,
                               const ParseContext& context) const {
    if (value.is_none()) {
        return {};
    }
    const NumberNotation& notation = this->notation(field);
    std::optional<Integer> number;
    if (const Integer* const given = value.get_if<Integer>()) {
        number = *given;
    } else if (const std::string* const text = value.get_if<std::string>()) {
        const std::string_view word = trim(*text);
        if ((word.empty() && names_of(field).flags.empty()) || (!word.empty() && word == notation.unset)) {
            return {};
        }
        if (!names_of(field).enumerations_by.empty()) {
            const model::Enumeration* const names = enumeration_in(context.rules(), field);
            number = names != nullptr ? names->number_of(word) : std::nullopt;
        } else if (notation.read != nullptr) {
            number = notation.read(field, word);
        }
        // Some names have blanks at their ends.
        if (!number && names_of(field).enumeration != nullptr) {
            number = names_of(field).enumeration->number_of(*text);
        }
        if (!number && (!notation.reads_digits || word.starts_with("0x"))) {
            number = parse_integer(word);
        }
    }
    if (!number) {
        const NumberNames& names = names_of(field);
        const bool has_names = names.enumeration != nullptr || !names.enumerations_by.empty() || !names.flags.empty();
        throw ValueError(has_names ? "neither a number nor a name that the field knows" : "not a whole number");
    }
    check_fits(field, *number);
    return *number;
}

void NumberType::show(const model::Field& field, const model::Value& value, std::string& out) const {
    const NumberNotation& notation = this->notation(field);
    if (const Integer* const number = value.get_if<Integer>()) {
        notation.show(field, *number, out);
    } else if (value.is_none() && field.unset_value.is_none() && !notation.unset.empty()) {
        out += notation.unset;
    } else {
        FieldType::show(field, value, out);
    }
}

void NumberType::show_in(const expression::RuleContext& layer, const model::Field& field, const model::Value& value,
                         std::string& out) const {
    const Integer* const number = names_of(field).enumerations_by.empty() ? nullptr : value.get_if<Integer>();
    if (number == nullptr || !show_name(enumeration_in(layer, field), *number, out)) {
        show(field, value, out);
    }
}

model::Value NumberType::parse_notation(const model::Field& field, std::string_view text) const {
    // None cannot be told from "no notation" here: the text stands for it until it is parsed.
    const std::string_view word = trim(text);
    return !word.empty() && word == notation(field).unset ? model::Value(std::string(word)) : model::Value();
}

std::shared_ptr<const Parameters> IntegerType::read_parameters(ParameterReader& reader) const {
    if (reader.field().bits % 8 != 0 || reader.field().bits > kMostOctets * 8) {
        reader.refuse("\"bits\" is not a multiple of 8 up to " + std::to_string(kMostOctets * 8));
    }
    return NumberType::read_parameters(reader);
}

void IntegerType::encode(const model::Field& field, const model::Value& value, EncodeContext& context) const {
    const Integer number = number_in(value);
    const std::uint32_t width = field.bits / 8;
    if ((number >> field.bits) != 0 && !is_signed()) {
        throw ValueError("does not fit into " + std::to_string(field.bits) + " bits");
    }
    std::array<std::uint8_t, kMostOctets> octets{};
    const auto bits = static_cast<std::uint64_t>(number);
    for (std::uint32_t index = 0; index < width; ++index) {
        const std::uint32_t shift = 8 * (little_endian_ ? index : width - 1 - index);
        octets[index] = static_cast<std::uint8_t>(bits >> shift);
    }
    context.writer.write_bytes(ByteView(octets).first(width));
}

model::Value IntegerType::decode(const model::Field& field, DecodeContext& context) const {
    const std::uint32_t width = field.bits / 8;
    const ByteView octets = context.reader.read_bytes(width);
    std::uint64_t number = 0;
    for (std::uint32_t index = 0; index < width; ++index) {
        number = (number << 8) | octets[little_endian_ ? width - 1 - index : index];
    }
    if (is_signed() && width < kMostOctets && (number >> (width * 8 - 1)) != 0) {
        return static_cast<Integer>(number) - (Integer{1} << (width * 8));
    }
    return is_signed() ? Integer{static_cast<std::int64_t>(number)} : static_cast<Integer>(number);
}

model::Value BitType::parse(const model::Field& field, const model::Value& value, const ParseContext& context) const {
    if (field.bits <= kMostIntegerBits) {
        return NumberType::parse(field, value, context);
    }
    std::optional<Bytes> octets;
    if (const Bytes* const given = value.get_if<Bytes>()) {
        octets = *given;
    } else if (const std::string* const text = value.get_if<std::string>()) {
        octets = read_wide_number(trim(*text));
    }
    if (!octets) {
        return NumberType::parse(field, value, context);
    }
    const Bytes digits = without_zeros(*octets);
    if (wide_bits(digits) > field.bits) {
        throw ValueError("does not fit into " + std::to_string(field.bits) + " bits");
    }
    return wide_value(digits);
}

void BitType::show(const model::Field& field, const model::Value& value, std::string& out) const {
    if (const Bytes* const octets = value.get_if<Bytes>()) {
        out += &notation(field) == &kHexadecimal ? to_wide_hexadecimal(*octets) : to_wide_decimal(*octets);
    } else {
        NumberType::show(field, value, out);
    }
}

void BitType::express(const model::Field& field, const model::Value& value, std::string& out) const {
    if (const Bytes* const octets = value.get_if<Bytes>()) {
        out += to_wide_decimal(*octets);
    } else {
        NumberType::express(field, value, out);
    }
}

void BitType::encode(const model::Field& field, const model::Value& value, EncodeContext& context) const {
    const Bytes* const octets = value.get_if<Bytes>();
    if (octets == nullptr) {
        // Above an Integer's bits are zeros.
        const std::uint32_t zeros = field.bits > kMostIntegerBits ? field.bits - kMostIntegerBits : 0;
        for (std::uint32_t bit = 0; bit < zeros; ++bit) {
            context.writer.write_bits(0, 1);
        }
        context.writer.write_bits(number_in(value), field.bits - zeros);
        return;
    }
    const std::size_t size = (field.bits + 7) / 8;
    Bytes whole(size - std::min(size, octets->size()));
    whole.insert(whole.end(), octets->begin(), octets->end());
    context.writer.copy_bits(whole, size * 8 - field.bits, field.bits);
}

model::Value BitType::decode(const model::Field& field, DecodeContext& context) const {
    if (field.bits <= kMostIntegerBits) {
        return context.reader.read_bits(field.bits);
    }
    Bytes octets;
    for (std::uint32_t left = field.bits; left > 0;) {
        const std::uint32_t width = left % 8 != 0 ? left % 8 : 8;
        octets.push_back(static_cast<std::uint8_t>(context.reader.read_bits(width)));
        left -= width;
    }
    return wide_value(without_zeros(octets));
}

namespace {

constexpr Key kLittleEndianKey{"little_endian", Shape::kBoolean,
                               "`true`: the lowest byte comes first; for a bit field, of whole bytes."};
constexpr Key kWordKey{.name = "word",
                       .shape = Shape::kNumber,
                       .documentation =
                           "The bit field, and those beside it that say the same, are a word of so many bits, from its "
                           "highest bits to its lowest, and the word's lowest byte comes first, [below](#words).",
                       .least = 16,
                       .most = 64};

/// What is known of the bits of a little endian word.
struct WordParameters final : NumberParametersOf<WordParameters> {
    std::uint32_t word_bits = 0;
};

/// Bits of a little endian word: alone, or with the fields beside them.
class WordType final : public BitType {
public:
    using BitType::BitType;

    std::shared_ptr<const Parameters> read_parameters(ParameterReader& reader) const override {
        auto parameters = std::make_shared<WordParameters>();
        read_number(reader, parameters->number_names, parameters->number_notation);
        const std::optional<std::int64_t> word = reader.number(kWordKey);
        if (word && reader.boolean(kLittleEndianKey)) {
            reader.refuse("\"word\" and \"little_endian\" exclude each other");
        }
        const std::uint32_t bits = reader.field().bits;
        if (!word && (bits % 8 != 0 || bits > kMostWordBits)) {
            reader.refuse("\"little_endian\" is for whole bytes, at most 8");
        }
        if (word && *word % 8 != 0) {
            reader.refuse("\"word\" is not of whole bytes");
        }
        parameters->word_bits = word ? static_cast<std::uint32_t>(*word) : bits;
        return parameters;
    }

    std::uint32_t word_bits(const model::Field& field) const override {
        return parameters_of<WordParameters>(field).word_bits;
    }

    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override {
        context.writer.write_bits(number_in(value), field.bits);
        if (field.word.first_bit + field.bits < field.word.bits) {
            return;
        }
        // The word is complete.
        if (context.writer.bit_position() % 8 != 0) {
            throw ValueError("the word that it ends does not begin at a byte");
        }
        Bytes& buffer = context.writer.buffer();
        std::reverse(buffer.end() - field.word.bits / 8, buffer.end());
    }

    model::Value decode(const model::Field& field, DecodeContext& context) const override {
        if (context.is_whole && field.word.bits > field.bits) {
            return context.reader.read_bits(field.bits);
        }
        const std::size_t start = context.reader.bit_position() - field.word.first_bit;
        if (start % 8 != 0) {
            throw DecodeError("the word that it lies in does not begin at a byte");
        }
        const ByteView data = context.reader.data();
        if (start + field.word.bits > data.size() * 8) {
            throw DecodeError("the bytes end within the word of the field");
        }
        Integer word = 0;
        for (std::uint32_t bit = 0; bit < field.word.bits; bit += 8) {
            word |= Integer{data[(start + bit) / 8]} << bit;
        }
        context.reader.skip_bits(field.bits);
        const std::uint32_t bits_below = field.word.bits - field.word.first_bit - field.bits;
        return (word >> bits_below) & ((Integer{1} << field.bits) - 1);
    }

    void overwrite(const model::Field& field, Bytes& buffer, std::size_t first, std::uint32_t bits,
                   Integer number) const override {
        // Checks that the number fits.
        Bytes drawn((bits + 7) / 8);
        FieldType::overwrite(field, drawn, 0, bits, number);
        const model::Place place{static_cast<std::uint32_t>(first), bits};
        for (std::uint32_t bit = 0; bit < bits; ++bit) {
            const Integer own = (number >> (bits - 1 - bit)) & 1;
            overwrite_bits(buffer, model::bit_in_bytes(field, place, first + bit), 1, own);
        }
    }

    bool is_little_endian() const override { return true; }

private:
    static constexpr std::uint32_t kMostWordBits = 64;
};

}  // namespace

std::vector<Key> with_keys(std::span<const Key> keys, std::initializer_list<Key> more) {
    std::vector<Key> all(keys.begin(), keys.end());
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

OrderedBitType::OrderedBitType(const NumberNotation& notation)
    : BitType(notation), little_endian_(std::make_unique<WordType>(notation)) {}

std::span<const Key> OrderedBitType::keys() const {
    static const std::vector<Key> kKeysOfFlags = with_keys(number_keys(true), {kLittleEndianKey, kWordKey});
    static const std::vector<Key> kKeys = with_keys(number_keys(false), {kLittleEndianKey, kWordKey});
    return BitType::keys().size() == number_keys(true).size() ? kKeysOfFlags : kKeys;
}

const FieldType& OrderedBitType::implementation(ParameterReader& reader) const {
    return reader.boolean(kLittleEndianKey) || reader.has(kWordKey) ? *little_endian_ : *this;
}

std::span<const Key> OrderedIntegerType::keys() const {
    static const std::vector<Key> kKeys = with_keys(NumberType::keys(), {kLittleEndianKey});
    return kKeys;
}

const FieldType& OrderedIntegerType::implementation(ParameterReader& reader) const {
    return reader.boolean(kLittleEndianKey) ? little_endian_ : big_endian_;
}

void OrderedIntegerType::encode(const model::Field& field, const model::Value& /*value*/,
                                EncodeContext& /*context*/) const {
    throw std::logic_error("field " + field.id + " has no byte order");
}

model::Value OrderedIntegerType::decode(const model::Field& field, DecodeContext& /*context*/) const {
    throw std::logic_error("field " + field.id + " has no byte order");
}

void PhantomType::encode(const model::Field& /*field*/, const model::Value& /*value*/,
                         EncodeContext& /*context*/) const {}

model::Value PhantomType::decode(const model::Field& /*field*/, DecodeContext& /*context*/) const {
    return Integer{1};
}

void BinaryFractionType::encode(const model::Field& /*field*/, const model::Value& value,
                                EncodeContext& context) const {
    double seconds = 0;
    if (const Integer* const whole = value.get_if<Integer>()) {
        seconds = static_cast<double>(*whole);
    } else if (const double* const fraction = value.get_if<double>()) {
        seconds = *fraction;
    }
    const auto units = static_cast<std::uint32_t>(std::lround(seconds * 256));
    const std::array<std::uint8_t, 2> octets{static_cast<std::uint8_t>(units >> 8), static_cast<std::uint8_t>(units)};
    context.writer.write_bytes(octets);
}

model::Value BinaryFractionType::decode(const model::Field& /*field*/, DecodeContext& context) const {
    return static_cast<double>(context.reader.read_bits(16)) / 256;
}

model::Value BinaryFractionType::parse(const model::Field& /*field*/, const model::Value& value,
                                       const ParseContext& /*context*/) const {
    double seconds = 0;
    model::Value result = value;
    if (value.is_none()) {
        return {};
    }
    if (const std::string* const text = value.get_if<std::string>()) {
        const std::string_view word = trim(*text);
        if (word.empty()) {
            return {};
        }
        if (const std::optional<Integer> whole = parse_integer(word)) {
            result = *whole;
        } else {
            const auto [stop, error] = std::from_chars(word.data(), word.data() + word.size(), seconds);
            if (error != std::errc() || stop != word.data() + word.size()) {
                throw ValueError("not a number of seconds");
            }
            result = seconds;
        }
    }
    if (const Integer* const whole = result.get_if<Integer>()) {
        seconds = *whole < 0 || *whole > 256 ? -1 : static_cast<double>(*whole);
    } else if (const double* const fraction = result.get_if<double>()) {
        seconds = *fraction;
    } else {
        throw ValueError("not a number of seconds");
    }
    if (!(seconds >= 0 && seconds * 256 < 65535.5)) {
        throw ValueError("does not fit into 16 bits of 1/256 seconds (0 to 255.99609375)");
    }
    return result;
}

void BinaryFractionType::show(const model::Field& field, const model::Value& value, std::string& out) const {
    if (const double* const seconds = value.get_if<double>()) {
        out += expression::python_repr_float(*seconds);
    } else {
        FieldType::show(field, value, out);
    }
}

void add_integer_types(TypeTable& table) {
    constexpr bool kLittleEndian = true;
    constexpr bool kSigned = true;
    const auto add = [&table](std::string_view name, std::uint32_t octets, const NumberNotation& notation,
                              bool little_endian = false, bool is_signed = false) {
        table.add(name, TypeGroup::kNumbers, notation.documentation,
                  std::make_shared<IntegerType>(octets, little_endian, notation, is_signed));
    };
    add("ByteField", 1, kDecimal);
    add("XByteField", 1, kHexadecimal);
    add("SignedByteField", 1, kDecimal, !kLittleEndian, kSigned);
    add("ByteEnumField", 1, kNamed);
    table.add("MultiEnumField", TypeGroup::kNumbers, "name as `enumeration_by` says, or decimal",
              std::make_shared<IntegerType>(1, false, kDecimal));
    add("_OTypeField", 1, kOptionType);
    add("ShortField", 2, kDecimal);
    add("XShortField", 2, kHexadecimal);
    add("ShortEnumField", 2, kNamed);
    add("XShortEnumField", 2, kNamedHexadecimal);
    add("LEShortField", 2, kDecimal, kLittleEndian);
    add("XLEShortField", 2, kHexadecimal, kLittleEndian);
    add("LEShortEnumField", 2, kNamed, kLittleEndian);
    add("ThreeBytesField", 3, kDecimal);
    add("X3BytesField", 3, kHexadecimal);
    add("IntField", 4, kDecimal);
    add("XIntField", 4, kHexadecimal);
    add("SignedIntField", 4, kDecimal, !kLittleEndian, kSigned);
    add("IntEnumField", 4, kNamed);
    add("LEIntField", 4, kDecimal, kLittleEndian);
    add("XLEIntField", 4, kHexadecimal, kLittleEndian);
    add("LESignedIntField", 4, kDecimal, kLittleEndian, kSigned);
    add("LEIntEnumField", 4, kNamed, kLittleEndian);
    add("UTCTimeField", 4, kUtcTime);
    add("ICMPTimeStampField", 4, kTimeOfDay);
    add("LongField", 8, kDecimal);
    add("XLongField", 8, kHexadecimal);
    add("LELongField", 8, kDecimal, kLittleEndian);
    add("XLELongField", 8, kHexadecimal, kLittleEndian);
    add("NTPTimestampField", 8, kNtpTime);
    const auto add_ordered = [&table](std::string_view name, std::uint32_t usual_octets,
                                      const NumberNotation& notation) {
        table.add(name, TypeGroup::kNumbers, notation.documentation,
                  std::make_shared<OrderedIntegerType>(usual_octets, notation));
    };
    add_ordered("LenField", 2, kDecimal);
    add_ordered("FieldLenField", 0, kDecimal);
    add("LEFieldLenField", 0, kDecimal, kLittleEndian);
    add_ordered("EnumField", 0, kNamed);
    table.add("BCDFloatField", TypeGroup::kNumbers, "seconds, in units of 1/256; a fraction",
              std::make_shared<BinaryFractionType>());
    table.add("_PhantomAutoPadField", TypeGroup::kNumbers, kSwitch.documentation,
              std::make_shared<PhantomType>(kSwitch));
    const auto add_bits = [&table](std::string_view name, const NumberNotation& notation) {
        table.add(name, TypeGroup::kBits, notation.documentation, std::make_shared<OrderedBitType>(notation));
    };
    add_bits("BitField", kDecimal);
    add_bits("BitFieldLenField", kDecimal);
    add_bits("XBitField", kHexadecimal);
    add_bits("BitEnumField", kNamed);
    add_bits("FlagsField", kFlags);
}

}  // namespace framewright::fields
