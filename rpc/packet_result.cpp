#include "rpc/packet_result.hpp"

#include <cmath>

#include "protocol_db/base64.hpp"
#include "protocol_db/expression/literal.hpp"
#include "protocol_db/fields/field_type.hpp"
#include "protocol_db/packet/layer_rules.hpp"
#include "protocol_db/wide_number.hpp"
#include "rpc/json_text.hpp"

namespace framewright::rpc {

namespace {

using model::Value;

/// Numbers of more bits are octets.
constexpr std::uint32_t kIntegerBits = 126;

void append_value(std::string& out, const model::Field& field, const Value& value) {
    if (const Integer* const number = value.get_if<Integer>()) {
        append_json_number(out, *number);
    } else if (const double* const fraction = value.get_if<double>()) {
        if (std::trunc(*fraction) == *fraction) {
            append_json_number(out, static_cast<Integer>(*fraction));
        } else {
            out += expression::python_repr_float(*fraction);
        }
    } else if (const std::string* const text = value.get_if<std::string>()) {
        append_json_text(out, *text);
    } else if (value.is<Bytes>() && field.type->is_number() && field.bits > kIntegerBits) {
        field.type->express(field, value, out);
    } else if (const Bytes* const octets = value.get_if<Bytes>();
               octets != nullptr && !field.type->expresses_octets(field)) {
        out += R"({"vtype":"BYTES","base64":")";
        append_base64(out, *octets);
        out += "\"}";
    } else {
        std::string expression;
        field.type->express(field, value, expression);
        out += R"({"vtype":"EXPRESSION","expr":)";
        append_json_text(out, expression);
        out += '}';
    }
}

/// Whether nothing, or no octets, are in a field of octets.
bool is_empty(const Value& value) {
    const Bytes* const octets = value.get_if<Bytes>();
    return octets == nullptr || octets->empty();
}

void append_mask(std::string& out, const packet::Place& place) {
    const std::uint32_t spare = (8 - (place.first_bit + place.bits) % 8) % 8;
    out += ",\"mask\":";
    if (spare + place.bits <= kIntegerBits) {
        UnsignedInteger mask = 1;
        mask = ((mask << place.bits) - 1) << spare;
        append_json_number(out, static_cast<Integer>(mask));
        return;
    }
    Bytes mask((spare + place.bits + 7) / 8);
    for (std::size_t bit = spare; bit < spare + place.bits; ++bit) {
        std::uint8_t& octet = mask[mask.size() - 1 - bit / 8];
        octet = static_cast<std::uint8_t>(octet | 1U << bit % 8);
    }
    out += to_wide_decimal(mask);
}

/// The bits of a field that shares a word, within bytes of its layer of which the first and the last have some.
struct BitMask {
    std::size_t first_byte = 0;
    Bytes bytes;
};

BitMask mask_of(const model::Field& field, const packet::Place& place) {
    BitMask mask{place.first_bit / 8, {}};
    std::size_t last_byte = mask.first_byte;
    for (std::size_t bit = place.first_bit; bit < place.first_bit + place.bits; ++bit) {
        const std::size_t byte = model::bit_in_bytes(field, place, bit) / 8;
        mask.first_byte = bit == place.first_bit ? byte : std::min(mask.first_byte, byte);
        last_byte = bit == place.first_bit ? byte : std::max(last_byte, byte);
    }
    mask.bytes.resize(last_byte - mask.first_byte + 1);
    for (std::size_t bit = place.first_bit; bit < place.first_bit + place.bits; ++bit) {
        const std::size_t own = model::bit_in_bytes(field, place, bit);
        std::uint8_t& octet = mask.bytes[own / 8 - mask.first_byte];
        octet = static_cast<std::uint8_t>(octet | 0x80U >> own % 8);
    }
    return mask;
}

void append_shown_value(std::string& out, const expression::RuleContext& layer, const model::Field& field,
                        const Value& value) {
    out += "\"value\":";
    append_value(out, field, value);
    out += ",\"hvalue\":";
    std::string text;
    field.type->show_in(layer, field, value, text);
    append_json_text(out, text);
}

void append_field(std::string& out, const expression::RuleContext& layer, const packet::InspectedField& shown,
                  AbsentFields absent) {
    const model::Field& field = *shown.field;
    out += "{\"id\":";
    append_json_name(out, field.id);
    out += ',';
    const bool is_absent = absent == AbsentFields::kIgnored && !shown.place.is_present;
    const bool is_ignored = is_absent || shown.is_ignored;
    append_shown_value(out, layer, field, is_absent ? field.type->absent_value(layer, field) : *shown.value);
    const bool is_bit_field = shown.place.is_bit_field;
    const bool has_mask = is_bit_field && shown.place.is_present;
    const bool shares_word = has_mask && field.word.bits > field.bits;
    const BitMask mask = shares_word ? mask_of(field, shown.place) : BitMask{shown.place.first_bit / 8, {}};
    out += ",\"offset\":";
    append_json_number(out, static_cast<Integer>(mask.first_byte));
    out += ",\"length\":";
    append_json_number(out, is_bit_field ? 0 : shown.place.bits / 8);
    if (shares_word) {
        out += ",\"mask\":" + to_wide_decimal(mask.bytes);
    } else if (has_mask) {
        append_mask(out, shown.place);
    }
    if (is_ignored) {
        out += ",\"ignored\":true";
    }
    out += '}';
}

void append_layer(std::string& out, const model::Packet& packet, const packet::InspectedPacket& inspected,
                  std::size_t index, AbsentFields absent) {
    const model::Protocol& protocol = *packet.layers[index].protocol;
    const packet::InspectedLayer& layer = inspected.layers[index];
    out += "{\"id\":";
    append_json_name(out, protocol.shown_id);
    out += ",\"name\":";
    append_json_text(out, protocol.name);
    out += ",\"offset\":";
    append_json_number(out, static_cast<Integer>(inspected.built.offsets[index]));
    out += ",\"real_id\":";
    if (layer.real_protocol != nullptr) {
        append_json_name(out, layer.real_protocol->id);
    } else {
        out += "null";
    }
    out += layer.is_valid ? ",\"valid_structure\":true" : ",\"valid_structure\":false";
    out += ",\"fields\":[";
    const packet::LayerRules rules(packet::LayerView{&packet.layers[index], inspected.built.values[index]}, {});
    for (std::size_t field = 0; field < protocol.fields.size(); ++field) {
        const packet::InspectedField shown = packet::inspect_field(packet, inspected, index, field);
        const bool has_no_lengths =
            field == protocol.lengths_field && shown.value->is<model::List>() && model::items_of(*shown.value)->empty();
        if (has_no_lengths || (field == protocol.rest_field && shown.place.bits == 0 && is_empty(*shown.value))) {
            continue;
        }
        out += field == 0 ? "" : ",";
        append_field(out, rules, shown, absent);
    }
    out += "]}";
}

}  // namespace

void append_field_value(std::string& out, const model::Field& field, const Value& value) {
    append_shown_value(out, expression::EmptyContext(), field, value);
}

void append_open_packet_result(std::string& out, const model::Packet& packet, const packet::InspectedPacket& inspected,
                               AbsentFields absent) {
    out += "{\"binary\":\"";
    append_base64(out, inspected.built.bytes);
    out += "\",\"data\":[";
    for (std::size_t index = 0; index < packet.layers.size(); ++index) {
        out += index == 0 ? "" : ",";
        append_layer(out, packet, inspected, index, absent);
    }
    out += ']';
}

void append_packet_result(std::string& out, const model::Packet& packet, const packet::InspectedPacket& inspected,
                          AbsentFields absent) {
    append_open_packet_result(out, packet, inspected, absent);
    out += '}';
}

}  // namespace framewright::rpc
