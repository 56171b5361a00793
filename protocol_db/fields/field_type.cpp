#include "protocol_db/fields/field_type.hpp"

#include <algorithm>

#include "protocol_db/expression/literal.hpp"

namespace framewright::fields {

namespace {

constexpr std::size_t kDescribedCharacters = 80;

void append_items(const std::vector<model::Value>& items, std::string& out) {
    for (std::size_t index = 0; index < items.size(); ++index) {
        out += index == 0 ? "" : ", ";
        append_expression(items[index], out);
    }
}

bool is_empty_list(const model::Value& value) {
    const model::List* const list = value.get_if<model::List>();
    return list != nullptr && list->items.empty();
}

/// Whether a call need not name an empty list: the field has one where nobody says anything.
bool goes_without_saying(const model::Field& field, const model::Value& value) {
    const bool is_unset_the_same =
        is_empty_list(field.default_value) || (field.default_value.is_none() && !field.type->is_ber());
    return is_empty_list(value) && is_unset_the_same;
}

/// Our clients know constructor notation with the list fields first, as they are made before the bytes are read.
bool is_made_first(const model::Field& field) {
    return field.default_value.is<model::List>() || field.default_value.is<model::Packet>();
}

/// Of several fields of one id, a call names the one that has a value, or the first. Where more have values, it names
/// all up to the last of these.
bool is_left_out(const model::Layer& layer, std::size_t index) {
    const std::vector<model::Field>& fields = layer.protocol->fields;
    if (!layer.fields[index].value.is_none() || !layer.protocol->shares_id(index)) {
        return false;
    }
    std::size_t with_value = 0;
    std::size_t behind = 0;
    bool is_first = true;
    std::size_t other = fields[index].first_of_id;
    do {
        const bool has_value = !layer.fields[other].value.is_none();
        with_value += has_value ? 1 : 0;
        behind += has_value && other > index ? 1 : 0;
        is_first = is_first && (other >= index || !layer.fields[other].is_set);
        other = fields[other].next_of_id;
    } while (other != 0);
    return with_value == 0 ? !is_first : with_value == 1 || behind == 0;
}

void append_layer(const model::Layer& layer, std::string& out) {
    out += layer.protocol->id;
    out += '(';
    bool is_first = true;
    for (const bool made_first : {true, false}) {
        for (std::size_t index = 0; index < layer.fields.size(); ++index) {
            const model::Field& field = layer.protocol->fields[index];
            const model::FieldValue& value = layer.fields[index];
            if (!value.is_set || is_made_first(field) != made_first || goes_without_saying(field, value.value) ||
                is_left_out(layer, index)) {
                continue;
            }
            out += is_first ? "" : ",";
            is_first = false;
            out += field.id;
            out += '=';
            append_expression(value.value, out);
        }
    }
    out += ')';
}

}  // namespace

std::size_t clip_length(std::int64_t length, std::size_t available) {
    const auto size = static_cast<std::int64_t>(available);
    return static_cast<std::size_t>(length < 0 ? std::max<std::int64_t>(size + length, 0) : std::min(length, size));
}

std::size_t decoded_length(const expression::Rule& length, const DecodeContext& context) {
    const std::size_t available = context.reader.rest().size();
    return length && !context.is_whole ? clip_length(length.evaluate(context.rules), available) : available;
}

void check_fits(const model::Field& field, Integer number) {
    const std::uint32_t bits = field.type->most_bits(field);
    const NumberRange range = number_range(bits, field.type->is_signed());
    if (!range.contains(number)) {
        throw ValueError("does not fit into " + std::to_string(bits) + " bits (" + to_string(range.least) + " to " +
                         to_string(range.most) + ")");
    }
}

void FieldType::overwrite(const model::Field& /*field*/, Bytes& buffer, std::size_t first, std::uint32_t bits,
                          Integer number) const {
    if (!number_range(bits, is_signed()).contains(number)) {
        throw ValueError("the computed value does not fit into " + std::to_string(bits) + " bits");
    }
    overwrite_bits(buffer, first, bits, number);
    if (is_little_endian()) {
        const auto begin = buffer.begin() + static_cast<std::ptrdiff_t>(first / 8);
        std::reverse(begin, begin + bits / 8);
    }
}

void FieldType::show(const model::Field& field, const model::Value& value, std::string& out) const {
    if (value.is_none()) {
        if (field.unset_value.is_none()) {
            out += "None";
        } else {
            show(field, field.unset_value, out);
        }
    } else if (const std::string* const text = value.get_if<std::string>()) {
        out += *text;
    } else if (const Bytes* const octets = value.get_if<Bytes>()) {
        const bool is_text = !octets->empty() && std::all_of(octets->begin(), octets->end(),
                                                             [](std::uint8_t octet) { return octet < 0x80; });
        if (is_text) {
            out.append(octets->begin(), octets->end());
        } else {
            out += "<binary>";
        }
    } else {
        append_expression(value, out);
    }
}

void FieldType::show_in(const expression::RuleContext& /*layer*/, const model::Field& field, const model::Value& value,
                        std::string& out) const {
    show(field, value, out);
}

bool FieldType::says_encoding(const model::Field& /*field*/, const model::Value& /*value*/) const {
    return false;
}

const model::Value& FieldType::absent_value(const expression::RuleContext& /*layer*/, const model::Field& field) const {
    return field.default_value;
}

void FieldType::express(const model::Field& field, const model::Value& value, std::string& out) const {
    show(field, value, out);
}

model::Value FieldType::parse_notation(const model::Field& /*field*/, std::string_view /*text*/) const {
    return {};
}

bool depends_on_others(const model::Field& field) {
    return field.type->has_forms() || !names_of(field).enumerations_by.empty() || held_protocol(field) != nullptr;
}

void append_expression(const model::Value& value, std::string& out) {
    if (value.is_none()) {
        out += "None";
    } else if (const Integer* const number = value.get_if<Integer>()) {
        out += to_string(*number);
    } else if (const double* const fraction = value.get_if<double>()) {
        out += expression::python_repr_float(*fraction);
    } else if (const std::string* const text = value.get_if<std::string>()) {
        expression::append_python_repr_text(out, *text);
    } else if (const Bytes* const octets = value.get_if<Bytes>()) {
        expression::append_python_repr_bytes(out, *octets);
    } else if (const model::List* const list = value.get_if<model::List>()) {
        out += '[';
        append_items(list->items, out);
        out += ']';
    } else if (const model::Tuple* const tuple = value.get_if<model::Tuple>()) {
        out += '(';
        append_items(tuple->items, out);
        out += tuple->items.size() == 1 ? ",)" : ")";
    } else if (const model::Packet* const packet = value.get_if<model::Packet>()) {
        append_expression(*packet, out);
    }
}

void append_expression(const model::Packet& packet, std::string& out) {
    for (std::size_t index = 0; index < packet.layers.size(); ++index) {
        out += index == 0 ? "" : "/";
        append_layer(packet.layers[index], out);
    }
}

std::string describe(const model::Value& value) {
    std::string text;
    append_expression(value, text);
    if (text.size() > kDescribedCharacters) {
        text.resize(kDescribedCharacters);
        text += "...";
    }
    return text;
}

}  // namespace framewright::fields
