#include "protocol_db/fields/octet_types.hpp"
#include "protocol_db/fields/registry.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace framewright::fields {

namespace {

/// The most bytes that a length rule can ask for: those of the largest payload.
constexpr std::size_t kMostFixedOctets = 1U << 20U;

ByteView octets_in(const model::Value& value) {
    if (value.is<std::string>()) {
        throw ValueError("not the form that the field has here: it takes bytes");
    }
    const Bytes* const octets = value.get_if<Bytes>();
    return octets != nullptr ? ByteView(*octets) : ByteView();
}

Bytes copy(ByteView octets) {
    return {octets.begin(), octets.end()};
}

/// The names of the notations, in their order.
constexpr std::array<std::string_view, 8> kNotationWords{"hexadecimal", "uuid",     "uuid_le", "uuid_reversed",
                                                         "utf16",       "utf16_le", "bcd",     "tbcd"};
constexpr Key kNotationKey{
    .name = "notation", .shape = Shape::kWord, .documentation = kNotationDocumentation, .words = kNotationWords};
constexpr Key kNamesKey{
    "names", Shape::kTextNames,
    "Names of some values: `{\"GPS\": \"satellites\"}`. A name is read in place of its text, and shown."};
constexpr Key kExactKey{"exact", Shape::kBoolean,
                        "`true`: bytes that a client gives must be as many as `length` says; fewer are an error, and "
                        "not filled up with zeros."};
constexpr Key kZeroKey{"zero", Shape::kBoolean,
                       "`true`: the number 0 stands for no bytes, as a default that clients know may be."};
constexpr std::array<Key, 4> kVariableKeys{kLengthKey, kNotationKey, kNamesKey, kZeroKey};
constexpr std::array<Key, 5> kFixedKeys{required(kLengthKey), kNotationKey, kNamesKey, kZeroKey, kExactKey};
constexpr Key kStopKey{"stop", Shape::kText, "The text that ends the field."};
constexpr Key kKeptKey{.name = "kept",
                       .shape = Shape::kNumber,
                       .documentation =
                           "How many bytes, from where `stop` begins, belong to the value; the field ends behind them, "
                           "and with 0 `stop` is the next field's. Without it, `stop` is the field's, and not part of "
                           "the value.",
                       .least = 0,
                       .most = 256};
constexpr std::array<Key, 2> kNullKeys{kStopKey, kKeptKey};
constexpr std::array<Key, 2> kStopKeys{required(kStopKey), kKeptKey};

const expression::Rule& length_of(const model::Field& field) {
    return parameters_of<OctetsParameters>(field).length;
}

}  // namespace

model::Value OctetsType::parse(const model::Field& /*field*/, const model::Value& value,
                               const ParseContext& /*context*/) const {
    if (const std::string* const text = value.get_if<std::string>()) {
        return Bytes(text->begin(), text->end());
    }
    if (value.is_none() || value.is<Bytes>()) {
        return value;
    }
    throw ValueError("neither text nor bytes");
}

std::shared_ptr<const Parameters> SizedOctetsType::read_parameters(ParameterReader& reader) const {
    auto parameters = std::make_shared<OctetsParameters>();
    reader.rule(kLengthKey, *parameters, parameters->length);
    parameters->is_exact = is_filled() && reader.boolean(kExactKey);
    parameters->zero_is_nothing = reader.boolean(kZeroKey);
    parameters->notation = find_octet_notation(reader.text(kNotationKey));
    for (const auto& [text, name] : reader.text_names(kNamesKey)) {
        parameters->names.emplace_back(Bytes(text.begin(), text.end()), name);
    }
    if (parameters->notation != nullptr && !parameters->names.empty()) {
        reader.refuse("\"notation\" and \"names\" exclude each other");
    }
    return parameters;
}

model::Value SizedOctetsType::parse(const model::Field& field, const model::Value& value,
                                    const ParseContext& context) const {
    const OctetNotation* const notation = parameters_of<OctetsParameters>(field).notation;
    const auto& names = parameters_of<OctetsParameters>(field).names;
    const std::string* const text = value.get_if<std::string>();
    const Integer* const number = value.get_if<Integer>();
    if (number != nullptr && *number == 0 && parameters_of<OctetsParameters>(field).zero_is_nothing) {
        return value;
    }
    if (text != nullptr && notation != nullptr) {
        return read_octets(*notation, *text);
    }
    const auto found = std::find_if(names.begin(), names.end(),
                                    [text](const auto& known) { return text != nullptr && known.second == *text; });
    return found != names.end() ? model::Value(found->first) : OctetsType::parse(field, value, context);
}

void SizedOctetsType::show(const model::Field& field, const model::Value& value, std::string& out) const {
    const OctetNotation* const notation = parameters_of<OctetsParameters>(field).notation;
    const auto& names = parameters_of<OctetsParameters>(field).names;
    const Bytes* const octets = value.get_if<Bytes>();
    if (octets == nullptr || octets->empty() || (notation == nullptr && names.empty())) {
        OctetsType::show(field, value, out);
        return;
    }
    ByteView told = *octets;
    const std::size_t fill = notation != nullptr ? notation->fill : 1;
    const auto is_zero = [](std::uint8_t octet) { return octet == 0; };
    while (is_filled() && fill != 0 && told.size() >= fill &&
           std::all_of(told.end() - static_cast<std::ptrdiff_t>(fill), told.end(), is_zero)) {
        told = told.first(told.size() - fill);
    }
    if (notation != nullptr) {
        show_octets(*notation, told, out);
        return;
    }
    const auto found = std::find_if(names.begin(), names.end(), [told](const auto& known) {
        return std::equal(known.first.begin(), known.first.end(), told.begin(), told.end());
    });
    if (found != names.end()) {
        out += found->second;
    } else {
        OctetsType::show(field, value, out);
    }
}

void SizedOctetsType::express(const model::Field& field, const model::Value& value, std::string& out) const {
    show(field, value, out);
}

model::Value SizedOctetsType::parse_notation(const model::Field& field, std::string_view text) const {
    const OctetNotation* const notation = parameters_of<OctetsParameters>(field).notation;
    const std::optional<Bytes> octets =
        notation != nullptr && notation->is_expression ? notation->read(text) : std::nullopt;
    return octets ? model::Value(*octets) : model::Value();
}

bool SizedOctetsType::expresses_octets(const model::Field& field) const {
    const OctetNotation* const notation = parameters_of<OctetsParameters>(field).notation;
    return notation != nullptr && notation->is_expression;
}

std::span<const Key> FixedOctetsType::keys() const {
    return kFixedKeys;
}

void FixedOctetsType::check_value(const model::Field& field, const model::Value& value) const {
    const std::optional<std::int64_t> length = length_of(field).constant();
    if (length && std::cmp_greater(octets_in(value).size(), *length)) {
        throw ValueError("longer than the " + std::to_string(*length) + " bytes of the field");
    }
}

void FixedOctetsType::check_octets(const model::Field& field, ByteView octets) const {
    const std::optional<std::int64_t> length = length_of(field).constant();
    if (length && std::cmp_not_equal(octets.size(), *length)) {
        throw ValueError("the field has " + std::to_string(*length) + " bytes");
    }
}

void FixedOctetsType::encode(const model::Field& field, const model::Value& value, EncodeContext& context) const {
    const ByteView octets = octets_in(value);
    const auto length = static_cast<std::size_t>(std::max<std::int64_t>(length_of(field).evaluate(context.rules), 0));
    if (length > kMostFixedOctets) {
        throw ValueError("the length rule gives " + std::to_string(length) + " bytes, more than " +
                         std::to_string(kMostFixedOctets));
    }
    if (octets.size() > length) {
        throw ValueError("longer than the " + std::to_string(length) + " bytes of the field");
    }
    if (parameters_of<OctetsParameters>(field).is_exact && octets.size() < length && !octets.empty()) {
        throw ValueError("shorter than the " + std::to_string(length) + " bytes that the field has here");
    }
    context.writer.write_bytes(octets);
    context.writer.write_zeros(length - octets.size());
}

std::uint32_t FixedOctetsType::constant_bits(const model::Field& field) const {
    const std::int64_t length = length_of(field).constant().value_or(0);
    return length > 0 && length <= static_cast<std::int64_t>(kMostFixedOctets) ? static_cast<std::uint32_t>(length * 8)
                                                                               : 0;
}

model::Value FixedOctetsType::decode(const model::Field& field, DecodeContext& context) const {
    const std::size_t available = context.reader.rest().size();
    const std::int64_t length =
        context.is_whole ? static_cast<std::int64_t>(available) : length_of(field).evaluate(context.rules);
    // Octets that end too early may be cut off; a header that says where it ends says that the field is another.
    if ((strict_ || context.reader.is_bounded()) && length > static_cast<std::int64_t>(available)) {
        throw DecodeError("the bytes end within the field");
    }
    return copy(context.reader.read_bytes(clip_length(length, available)));
}

std::span<const Key> VariableOctetsType::keys() const {
    return kVariableKeys;
}

void VariableOctetsType::encode(const model::Field& /*field*/, const model::Value& value,
                                EncodeContext& context) const {
    context.writer.write_bytes(octets_in(value));
}

model::Value VariableOctetsType::decode(const model::Field& field, DecodeContext& context) const {
    return copy(context.reader.read_bytes(decoded_length(length_of(field), context)));
}

std::span<const Key> StoppedOctetsType::keys() const {
    return needs_mark_ ? std::span<const Key>(kStopKeys) : std::span<const Key>(kNullKeys);
}

std::shared_ptr<const Parameters> StoppedOctetsType::read_parameters(ParameterReader& reader) const {
    auto parameters = std::make_shared<StoppedOctetsParameters>();
    if (reader.has(kStopKey)) {
        const std::string stop = reader.text(kStopKey);
        if (stop.empty()) {
            reader.refuse("\"stop\" is an empty text, which ends nothing");
        }
        parameters->stop.assign(stop.begin(), stop.end());
    }
    if (const std::optional<std::int64_t> kept = reader.number(kKeptKey)) {
        parameters->kept = static_cast<std::size_t>(*kept);
        if (*kept != 0 && *parameters->kept < parameters->stop.size()) {
            reader.refuse("\"kept\" cuts \"stop\" in two");
        }
    }
    return parameters;
}

void StoppedOctetsType::check_value(const model::Field& field, const model::Value& value) const {
    const ByteView octets = octets_in(value);
    const StoppedOctetsParameters& parameters = parameters_of<StoppedOctetsParameters>(field);
    const auto found = std::search(octets.begin(), octets.end(), parameters.stop.begin(), parameters.stop.end());
    const auto behind = static_cast<std::size_t>(octets.end() - found);
    if (behind != 0 && behind != parameters.kept.value_or(0)) {
        throw ValueError(parameters.kept.value_or(0) == 0 ? "holds the mark that ends the field"
                                                          : "does not end where the mark in it says");
    }
}

void StoppedOctetsType::check_octets(const model::Field& field, ByteView octets) const {
    const Bytes& stop = parameters_of<StoppedOctetsParameters>(field).stop;
    const bool ends = octets.size() >= stop.size() && std::equal(stop.rbegin(), stop.rend(), octets.rbegin());
    if (!ends) {
        throw ValueError("the field ends with its mark");
    }
}

void StoppedOctetsType::encode(const model::Field& field, const model::Value& value, EncodeContext& context) const {
    const StoppedOctetsParameters& parameters = parameters_of<StoppedOctetsParameters>(field);
    context.writer.write_bytes(octets_in(value));
    if (!parameters.kept) {
        context.writer.write_bytes(parameters.stop);
    }
}

model::Value StoppedOctetsType::decode(const model::Field& field, DecodeContext& context) const {
    const StoppedOctetsParameters& parameters = parameters_of<StoppedOctetsParameters>(field);
    const ByteView rest = context.reader.rest();
    const auto found = std::search(rest.begin(), rest.end(), parameters.stop.begin(), parameters.stop.end());
    const auto in_front = static_cast<std::size_t>(found - rest.begin());
    const std::size_t kept = found != rest.end() ? parameters.kept.value_or(0) : 0;
    Bytes octets = copy(context.reader.read_bytes(in_front + std::min(kept, rest.size() - in_front)));
    if (found != rest.end() && !parameters.kept) {
        context.reader.read_bytes(parameters.stop.size());
    }
    return octets;
}

void add_octet_types(TypeTable& table) {
    const auto add = [&table](std::initializer_list<std::string_view> names, std::string_view documentation,
                              const std::shared_ptr<const FieldType>& type) {
        for (const std::string_view name : names) {
            table.add(name, TypeGroup::kOctets, documentation, type);
        }
    };
    add({"StrField", "XStrField", "StrLenField", "XStrLenField"},
        "`length` bytes when dissected, or all that are left without a `length`; what is given when built",
        std::make_shared<VariableOctetsType>());
    add({"StrFixedLenField", "XStrFixedLenField"}, "`length` bytes, filled up with zeros",
        std::make_shared<FixedOctetsType>());
    add({"Field"}, "the same; a layer that ends within it is not of this protocol",
        std::make_shared<FixedOctetsType>(true));
    constexpr std::string_view kStopped =
        "bytes up to a mark, `stop` or a zero byte, which is not part of the value unless it is `kept`";
    add({"StrNullField"}, kStopped, std::make_shared<StoppedOctetsType>(false));
    add({"StrStopField"}, kStopped, std::make_shared<StoppedOctetsType>(true));
}

}  // namespace framewright::fields
