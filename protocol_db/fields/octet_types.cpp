#include "protocol_db/fields/octet_types.hpp"

#include <algorithm>

namespace framewright::fields {

namespace {

/// The most bytes that a length rule can ask for: those of the largest payload.
constexpr std::size_t kMostFixedOctets = 1U << 20U;

ByteView octets_in(const model::Value& value) {
    const Bytes* const octets = value.get_if<Bytes>();
    return octets != nullptr ? ByteView(*octets) : ByteView();
}

Bytes copy(ByteView octets) {
    return {octets.begin(), octets.end()};
}

}  // namespace

std::size_t clip_length(std::int64_t length, std::size_t available) {
    const auto size = static_cast<std::int64_t>(available);
    return static_cast<std::size_t>(length < 0 ? std::max<std::int64_t>(size + length, 0) : std::min(length, size));
}

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

void FixedOctetsType::encode(const model::Field& field, const model::Value& value, EncodeContext& context) const {
    const ByteView octets = octets_in(value);
    const auto length = static_cast<std::size_t>(std::max<std::int64_t>(field.length.evaluate(context.rules), 0));
    if (length > kMostFixedOctets) {
        throw ValueError("the length rule gives " + std::to_string(length) + " bytes, more than " +
                         std::to_string(kMostFixedOctets));
    }
    if (octets.size() > length) {
        throw ValueError("longer than the " + std::to_string(length) + " bytes of the field");
    }
    context.writer.write_bytes(octets);
    context.writer.write_zeros(length - octets.size());
}

model::Value FixedOctetsType::decode(const model::Field& field, DecodeContext& context) const {
    const std::size_t available = context.reader.rest().size();
    const std::int64_t length = field.length.evaluate(context.rules);
    if (strict_ && length > static_cast<std::int64_t>(available)) {
        throw DecodeError("the bytes end within the field");
    }
    return copy(context.reader.read_bytes(clip_length(length, available)));
}

void VariableOctetsType::encode(const model::Field& /*field*/, const model::Value& value,
                                EncodeContext& context) const {
    context.writer.write_bytes(octets_in(value));
}

model::Value VariableOctetsType::decode(const model::Field& field, DecodeContext& context) const {
    const std::size_t available = context.reader.rest().size();
    const std::int64_t length =
        field.length ? field.length.evaluate(context.rules) : static_cast<std::int64_t>(available);
    return copy(context.reader.read_bytes(clip_length(length, available)));
}

void StoppedOctetsType::encode(const model::Field& field, const model::Value& value, EncodeContext& context) const {
    context.writer.write_bytes(octets_in(value));
    const std::string stop = field.stop.empty() ? std::string(1, '\0') : field.stop;
    context.writer.write_bytes(Bytes(stop.begin(), stop.end()));
}

model::Value StoppedOctetsType::decode(const model::Field& field, DecodeContext& context) const {
    const std::string stop = field.stop.empty() ? std::string(1, '\0') : field.stop;
    const ByteView rest = context.reader.rest();
    const auto found = std::search(rest.begin(), rest.end(), stop.begin(), stop.end(),
                                   [](std::uint8_t octet, char c) { return octet == static_cast<std::uint8_t>(c); });
    Bytes octets = copy(context.reader.read_bytes(static_cast<std::size_t>(found - rest.begin())));
    if (found != rest.end()) {
        context.reader.read_bytes(stop.size());
    }
    return octets;
}

}  // namespace framewright::fields
