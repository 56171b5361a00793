#include "protocol_db/fields/list_types.hpp"

#include <algorithm>
#include <array>

#include "protocol_db/expression/literal.hpp"
#include "protocol_db/fields/address_types.hpp"
#include "protocol_db/fields/container_values.hpp"
#include "protocol_db/fields/octet_types.hpp"
#include "protocol_db/fields/registry.hpp"
#include "protocol_db/fields/text.hpp"

namespace framewright::fields {

namespace {

/// The most elements that a list is dissected into.
constexpr std::size_t kMaximumElements = 65536;

/// The bytes that a list field covers.
ByteView list_bytes(const expression::Rule& length, const DecodeContext& context) {
    return context.reader.rest().first(decoded_length(length, context));
}

std::int64_t most_elements(const expression::Rule& count, const DecodeContext& context) {
    return count && !context.is_whole ? count.evaluate(context.rules) : static_cast<std::int64_t>(kMaximumElements);
}

/// What stands for octets on the wire, whatever the field's type.
bool write_wire_bytes(const model::Value& value, EncodeContext& context) {
    if (const Bytes* const octets = value.get_if<Bytes>()) {
        context.writer.write_bytes(*octets);
        return true;
    }
    return value.is_none();
}

/// Fills `size` octets with an option that does nothing.
void write_padding_option(BitWriter& writer, const OptionPadding& padding, std::size_t size) {
    if (size >= 2) {
        const std::array<std::uint8_t, 2> head{padding.many, static_cast<std::uint8_t>(size - 2)};
        writer.write_bytes(head);
        writer.write_zeros(size - 2);
    } else if (size == 1) {
        writer.write_bytes(std::array<std::uint8_t, 1>{padding.one});
    }
}

constexpr Key kElementKey{
    "element", Shape::kPart,
    "The field that a list repeats: an object like a field, but with no `id`, and nothing that is "
    "the whole list's (`default`, `when`, …)."};
constexpr Key kShowsElementsKey{
    "shows_elements", Shape::kBoolean,
    "`true`: people see the elements as each is shown, `[IPv4, 7]`; none of them may have a "
    "comma in its text."};
constexpr Key kOneKey{.name = "one",
                      .shape = Shape::kNumber,
                      .documentation = "The type of the option that fills one byte; 0 without it.",
                      .most = 255};
constexpr Key kManyKey{.name = "many",
                       .shape = Shape::kNumber,
                       .documentation = "The type of the option that fills several bytes; 1 without it.",
                       .most = 255};
constexpr Key kSwitchKey{"switch", Shape::kFieldId, "The field that switches padding on; without it, it is always on."};
constexpr std::array<Key, 3> kPaddingKeys{kOneKey, kManyKey, kSwitchKey};
constexpr Key kPaddingKey{.name = "padding",
                          .shape = Shape::kObject,
                          .documentation =
                              "For a list of options with alignment (RFC 8200 section 4.2): `{\"one\": 0, \"many\": 1, "
                              "\"switch\": \"autopad\"}` are the types of the options that fill one byte and several, "
                              "and the field of the layer that switches this on; without `switch` it is always on.",
                          .members = kPaddingKeys};

std::size_t alignment_gap(std::size_t position, std::pair<std::uint32_t, std::uint32_t> alignment) {
    const auto [multiple, remainder] = alignment;
    return multiple <= 1 ? 0 : (multiple + remainder - position % multiple) % multiple;
}

}  // namespace

model::Value ContainerType::parse(const model::Field& field, const model::Value& value,
                                  const ParseContext& context) const {
    if (const std::string* const text = value.get_if<std::string>()) {
        return parse_container_text(
            *text, context, [&](const model::Value& read) { return parse(field, read, context); },
            [&] { return model::Value(Bytes(text->begin(), text->end())); });
    }
    return value.is_none() || value.is<Bytes>() ? value : parse_items(field, value, context);
}

void ContainerType::express(const model::Field& /*field*/, const model::Value& value, std::string& out) const {
    append_expression(value, out);
}

std::span<const Key> FieldListType::keys() const {
    static constexpr std::array<Key, 4> kKeys{kLengthKey, kCountKey, required(kElementKey), kShowsElementsKey};
    return kKeys;
}

std::shared_ptr<const Parameters> FieldListType::read_parameters(ParameterReader& reader) const {
    auto parameters = std::make_shared<ListParameters>();
    reader.rule(kLengthKey, *parameters, parameters->length);
    reader.rule(kCountKey, *parameters, parameters->count);
    parameters->element = reader.part(kElementKey, *parameters);
    parameters->shows_elements = reader.boolean(kShowsElementsKey);
    return parameters;
}

model::Value FieldListType::parse(const model::Field& field, const model::Value& value,
                                  const ParseContext& context) const {
    const ListParameters& parameters = parameters_of<ListParameters>(field);
    const std::string* const text = value.get_if<std::string>();
    if (parameters.shows_elements && text != nullptr) {
        std::string_view rest = trim(*text);
        if (rest.size() >= 2 && rest.starts_with('[') && rest.ends_with(']')) {
            model::List list;
            rest = trim(rest.substr(1, rest.size() - 2));
            while (!rest.empty()) {
                const std::size_t comma = std::min(rest.find(','), rest.size());
                const std::string element(trim(rest.substr(0, comma)));
                list.items.push_back(parameters.element->type->parse(*parameters.element, element, context));
                rest.remove_prefix(std::min(comma + 1, rest.size()));
            }
            return list;
        }
    }
    return ContainerType::parse(field, value, context);
}

void FieldListType::show(const model::Field& field, const model::Value& value, std::string& out) const {
    const ListParameters& parameters = parameters_of<ListParameters>(field);
    const std::vector<model::Value>* const items = items_of(value);
    if (!parameters.shows_elements || items == nullptr) {
        ContainerType::show(field, value, out);
        return;
    }
    out += '[';
    for (std::size_t index = 0; index < items->size(); ++index) {
        out += index == 0 ? "" : ", ";
        parameters.element->type->show(*parameters.element, (*items)[index], out);
    }
    out += ']';
}

void FieldListType::encode(const model::Field& field, const model::Value& value, EncodeContext& context) const {
    if (write_wire_bytes(value, context)) {
        return;
    }
    const model::Field& element = *parameters_of<ListParameters>(field).element;
    for (const model::Value& item : *items_of(value)) {
        element.type->encode(element, item, context);
    }
}

model::Value FieldListType::decode(const model::Field& field, DecodeContext& context) const {
    const ListParameters& parameters = parameters_of<ListParameters>(field);
    const model::Field& element = *parameters.element;
    const ByteView octets = list_bytes(parameters.length, context);
    std::int64_t left = most_elements(parameters.count, context);
    BitReader reader(octets);
    DecodeContext inner{reader, context.rules, context.decoder, context.layer, context.message};
    model::List list;
    while (!reader.at_end() && left-- > 0) {
        if (list.items.size() == kMaximumElements) {
            throw DecodeError("more than " + std::to_string(kMaximumElements) + " elements");
        }
        const std::size_t before = reader.bit_position();
        list.items.push_back(element.type->decode(element, inner));
        if (reader.bit_position() == before) {
            break;
        }
    }
    const bool has_size = context.is_whole || parameters.length;
    context.reader.read_bytes(has_size ? octets.size() : reader.bit_position() / 8);
    return list;
}

model::Value FieldListType::parse_items(const model::Field& field, const model::Value& value,
                                        const ParseContext& context) const {
    const std::vector<model::Value>* const items = items_of(value);
    if (items == nullptr) {
        throw ValueError("not a list");
    }
    const model::Field& element = *parameters_of<ListParameters>(field).element;
    model::List list;
    for (const model::Value& item : *items) {
        list.items.push_back(element.type->parse(element, item, context));
    }
    return list;
}

bool FieldListType::may_point_back(const model::Field& field) const {
    const model::Field& element = *parameters_of<ListParameters>(field).element;
    return element.type->may_point_back(element);
}

std::span<const Key> AddressListType::keys() const {
    static constexpr std::array<Key, 2> kKeys{kLengthKey, kCountKey};
    return kKeys;
}

std::shared_ptr<const Parameters> AddressListType::read_parameters(ParameterReader& reader) const {
    static const Ipv6AddressType type;
    auto parameters = std::make_shared<ListParameters>();
    reader.rule(kLengthKey, *parameters, parameters->length);
    reader.rule(kCountKey, *parameters, parameters->count);
    auto address = std::make_shared<model::Field>();
    address->id = reader.field().id;
    address->type_name = "IP6Field";
    address->type = &type;
    address->bits = type.fixed_bits();
    parameters->element = std::move(address);
    return parameters;
}

model::Value AddressListType::parse(const model::Field& field, const model::Value& value,
                                    const ParseContext& context) const {
    if (const std::string* const text = value.get_if<std::string>()) {
        if (const auto octets = parse_ipv6_address(trim(*text))) {
            return model::List{{ipv6_text(*octets)}};
        }
        model::Value list = parse_notation(field, *text);
        if (!list.is_none()) {
            return list;
        }
    }
    model::Value parsed = FieldListType::parse(field, value, context);
    const Bytes* const octets = parsed.get_if<Bytes>();
    if (octets == nullptr) {
        return parsed;
    }
    constexpr std::size_t kAddressOctets = 16;
    if (octets->size() % kAddressOctets != 0) {
        throw ValueError("neither IPv6 addresses nor their bytes");
    }
    model::List list;
    for (ByteView rest = *octets; !rest.empty(); rest = rest.subspan(kAddressOctets)) {
        list.items.emplace_back(ipv6_text(rest.first(kAddressOctets)));
    }
    return list;
}

model::Value AddressListType::parse_items(const model::Field& field, const model::Value& value,
                                          const ParseContext& context) const {
    model::Value list = FieldListType::parse_items(field, value, context);
    for (const model::Value& address : *items_of(list)) {
        if (address.is_none()) {
            throw ValueError("not an IPv6 address");
        }
    }
    return list;
}

model::Value AddressListType::parse_notation(const model::Field& /*field*/, std::string_view text) const {
    std::string_view rest = trim(text);
    if (rest.size() < 2 || !rest.starts_with('[') || !rest.ends_with(']')) {
        return {};
    }
    rest = trim(rest.substr(1, rest.size() - 2));
    model::List list;
    while (!rest.empty()) {
        const std::size_t comma = rest.find(',');
        const auto octets = parse_ipv6_address(trim(rest.substr(0, comma)));
        if (!octets) {
            return {};
        }
        list.items.emplace_back(ipv6_text(*octets));
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    }
    return list;
}

void AddressListType::show(const model::Field& field, const model::Value& value, std::string& out) const {
    const std::vector<model::Value>* const addresses = items_of(value);
    if (addresses == nullptr || addresses->empty()) {
        FieldListType::show(field, value, out);
        return;
    }
    const model::Field& element = *parameters_of<ListParameters>(field).element;
    for (std::size_t index = 0; index < addresses->size(); ++index) {
        out += index == 0 ? "[ " : ", ";
        element.type->show(element, (*addresses)[index], out);
    }
    out += " ]";
}

void AddressListType::express(const model::Field& field, const model::Value& value, std::string& out) const {
    if (items_of(value) != nullptr) {
        show(field, value, out);
    } else {
        FieldListType::express(field, value, out);
    }
}

namespace {

constexpr Key kUntilKey{
    "until", Shape::kRule,
    "When dissected, the list ends behind the packet for which this is not 0; it may use the fields "
    "of the packet, and `defined`, `count`, `element`, `min` and `max`."};

/// The fields of a packet in a list, for a rule that asks for them by their ids.
class ElementContext final : public expression::EmptyContext {
public:
    ElementContext(const model::Layer& layer, std::span<const std::string> ids) : layer_(layer), ids_(ids) {}

    std::int64_t field(std::size_t index) const override {
        const Integer* const number = value(index).get_if<Integer>();
        return number != nullptr ? static_cast<std::int64_t>(*number) : 0;
    }
    bool is_defined(std::size_t index) const override { return !value(index).is_none(); }
    std::int64_t count_of(std::size_t index) const override {
        const std::vector<model::Value>* const items = items_of(value(index));
        return items != nullptr ? static_cast<std::int64_t>(items->size()) : is_defined(index) ? 1 : 0;
    }
    std::int64_t element_of(std::size_t index, std::int64_t position) const override {
        const std::vector<model::Value>* const items = items_of(value(index));
        const bool is_there = items != nullptr && position >= 0 && position < static_cast<std::int64_t>(items->size());
        const Integer* const number =
            is_there ? (*items)[static_cast<std::size_t>(position)].get_if<Integer>() : nullptr;
        return number != nullptr ? static_cast<std::int64_t>(*number) : 0;
    }

private:
    /// The value of the field of the id that has one: the packet may be a variant of what the list holds.
    const model::Value& value(std::size_t index) const {
        static const model::Value kNothing;
        const std::vector<model::Field>& fields = layer_.protocol->fields;
        for (std::size_t place = 0; place < fields.size(); ++place) {
            if (fields[place].id == ids_[index] && !layer_.fields[place].value.is_none()) {
                return layer_.fields[place].value;
            }
        }
        return kNothing;
    }

    const model::Layer& layer_;
    std::span<const std::string> ids_;
};

bool ends_list(const Parameters::ElementRule& until, const model::Value& element) {
    const model::Packet* const packet = element.get_if<model::Packet>();
    return until.rule && packet != nullptr && !packet->layers.empty() &&
           until.rule.evaluate(ElementContext(packet->layers.front(), until.fields)) != 0;
}

}  // namespace

std::span<const Key> PacketListType::keys() const {
    static constexpr std::array<Key, 5> kKeys{required(kHoldsKey), kLengthKey, kCountKey, kUntilKey, kPaddingKey};
    return kKeys;
}

std::shared_ptr<const Parameters> PacketListType::read_parameters(ParameterReader& reader) const {
    auto parameters = std::make_shared<PacketParameters>();
    parameters->protocol = reader.protocol(kHoldsKey);
    reader.rule(kLengthKey, *parameters, parameters->length);
    reader.rule(kCountKey, *parameters, parameters->count);
    parameters->until = reader.element_rule(kUntilKey);
    if (const auto members = reader.object(kPaddingKey)) {
        OptionPadding& padding = parameters->padding.emplace();
        padding.one = static_cast<std::uint8_t>(members->number(kOneKey).value_or(0));
        padding.many = static_cast<std::uint8_t>(members->number(kManyKey).value_or(1));
        padding.switch_field = members->field_index(kSwitchKey);
    }
    return parameters;
}

void PacketListType::encode(const model::Field& field, const model::Value& value, EncodeContext& context) const {
    const bool is_wire = value.is<Bytes>();
    if (is_wire) {
        write_wire_bytes(value, context);
    }
    const std::vector<model::Value>* const items = items_of(value);
    const std::optional<OptionPadding>& padding = parameters_of<PacketParameters>(field).padding;
    const bool pads = padding && (!padding->switch_field || context.rules.field(*padding->switch_field) != 0);
    const auto position = [&context] { return context.writer.byte_position() - context.layer_start; };
    context.writer.align();
    for (std::size_t index = 0; items != nullptr && index < items->size(); ++index) {
        const model::Value& item = (*items)[index];
        const model::Packet* const packet = item.get_if<model::Packet>();
        if (packet == nullptr) {
            write_wire_bytes(item, context);
            continue;
        }
        if (pads && !packet->layers.empty()) {
            write_padding_option(context.writer, *padding,
                                 alignment_gap(position(), packet->layers.front().protocol->alignment));
        }
        context.encoder.encode(*packet, context);
    }
    if (pads) {
        write_padding_option(context.writer, *padding, alignment_gap(position(), {8, 0}));
    }
}

model::Value PacketListType::decode(const model::Field& field, DecodeContext& context) const {
    const PacketParameters& parameters = parameters_of<PacketParameters>(field);
    const ByteView octets = list_bytes(parameters.length, context);
    std::int64_t left = most_elements(parameters.count, context);
    ByteView rest = octets;
    model::List list;
    while (!rest.empty() && left-- > 0) {
        if (list.items.size() == kMaximumElements) {
            throw DecodeError("more than " + std::to_string(kMaximumElements) + " elements");
        }
        std::size_t used = 0;
        try {
            list.items.emplace_back(context.decoder.dissect(*parameters.protocol, rest, context.message, used));
        } catch (const DecodeError&) {
            used = 0;
        }
        if (used == 0) {
            list.items.emplace_back(raw_packet(context.decoder.database(), rest));
            used = rest.size();
        }
        rest = rest.subspan(used);
        if (ends_list(parameters.until, list.items.back())) {
            break;
        }
    }
    const bool has_size = !parameters.until.rule && (context.is_whole || parameters.length);
    context.reader.read_bytes(has_size ? octets.size() : octets.size() - rest.size());
    return list;
}

model::Value PacketListType::parse_items(const model::Field& /*field*/, const model::Value& value,
                                         const ParseContext& /*context*/) const {
    if (value.is<model::Packet>()) {
        model::List list;
        list.items.push_back(value);
        return list;
    }
    const std::vector<model::Value>* const items = items_of(value);
    if (items == nullptr) {
        throw ValueError("neither a list of packets nor bytes");
    }
    model::List list;
    for (const model::Value& item : *items) {
        if (const std::string* const text = item.get_if<std::string>()) {
            list.items.emplace_back(Bytes(text->begin(), text->end()));
        } else if (item.is<model::Packet>() || item.is<Bytes>()) {
            list.items.push_back(item);
        } else {
            throw ValueError("the list holds something that is no packet");
        }
    }
    return list;
}

std::span<const Key> PacketType::keys() const {
    static constexpr std::array<Key, 2> kKeys{required(kHoldsKey), kLengthKey};
    return kKeys;
}

std::shared_ptr<const Parameters> PacketType::read_parameters(ParameterReader& reader) const {
    auto parameters = std::make_shared<PacketParameters>();
    parameters->protocol = reader.protocol(kHoldsKey);
    reader.rule(kLengthKey, *parameters, parameters->length);
    return parameters;
}

void PacketType::encode(const model::Field& /*field*/, const model::Value& value, EncodeContext& context) const {
    context.writer.align();
    if (const model::Packet* const packet = value.get_if<model::Packet>()) {
        context.encoder.encode(*packet, context);
    } else {
        write_wire_bytes(value, context);
    }
}

model::Value PacketType::decode(const model::Field& field, DecodeContext& context) const {
    const PacketParameters& parameters = parameters_of<PacketParameters>(field);
    const ByteView octets = list_bytes(parameters.length, context);
    if (octets.empty()) {
        return {};
    }
    std::size_t used = 0;
    model::Value value;
    try {
        value = context.decoder.dissect(*parameters.protocol, octets, context.message, used);
    } catch (const DecodeError&) {
        value = raw_packet(context.decoder.database(), octets);
        used = octets.size();
    }
    context.reader.read_bytes(context.is_whole || parameters.length ? octets.size() : used);
    return value;
}

model::Value PacketType::parse_items(const model::Field& /*field*/, const model::Value& value,
                                     const ParseContext& /*context*/) const {
    if (value.is<model::Packet>()) {
        return value;
    }
    const std::vector<model::Value>* const items = items_of(value);
    if (items != nullptr && items->size() == 1 && items->front().is<model::Packet>()) {
        return items->front();
    }
    throw ValueError("neither a packet nor bytes");
}

namespace {

constexpr Key kWhenKey{"when", Shape::kRule, "The form applies where this is not 0; always, without it."};
constexpr Key kFormKey{"field", Shape::kPart, "The form: a field without an id."};
constexpr std::array<Key, 2> kVariantKeys{kWhenKey, required(kFormKey)};
constexpr Key kVariantsKey{
    .name = "variants",
    .shape = Shape::kObjects,
    .documentation =
        "The forms of a field, of which the first applies whose `when` is not 0 or that has none: `[{\"when\": \"ptype "
        "== "
        "0x800\", \"field\": {\"type\": \"IPField\"}}, {\"field\": {…}}]`. `field` is like a field, with no `id`. "
        "`default`, `when`, what is computed and what user interfaces show are the whole field's, and stand beside "
        "`variants`; its `default` is a number or bytes.",
    .is_required = true,
    .members = kVariantKeys,
    .item = "a variant"};

}  // namespace

std::span<const Key> VariantType::keys() const {
    static constexpr std::array<Key, 1> kKeys{kVariantsKey};
    return kKeys;
}

std::shared_ptr<const Parameters> VariantType::read_parameters(ParameterReader& reader) const {
    auto parameters = std::make_shared<VariantParameters>();
    const auto readers = reader.objects(kVariantsKey);
    if (readers.empty()) {
        reader.refuse("\"variants\" is missing");
    }
    // The parameters keep the rules by their place.
    parameters->variants.resize(readers.size());
    for (std::size_t index = 0; index < readers.size(); ++index) {
        Variant& variant = parameters->variants[index];
        if (index > 0 && !parameters->variants[index - 1].when) {
            reader.refuse("a variant stands behind one without \"when\", which always holds");
        }
        readers[index]->rule(kWhenKey, *parameters, variant.when);
        variant.field = readers[index]->part(kFormKey, *parameters);
    }
    return parameters;
}

const model::Field& VariantType::form(const model::Field& field, const expression::RuleContext& rules) const {
    const std::vector<Variant>& variants = parameters_of<VariantParameters>(field).variants;
    const auto found = std::find_if(variants.begin(), variants.end(), [&rules](const Variant& variant) {
        return !variant.when || variant.when.evaluate(rules) != 0;
    });
    return found != variants.end() ? *found->field : *variants.back().field;
}

void VariantType::encode(const model::Field& field, const model::Value& value, EncodeContext& context) const {
    const model::Field& variant = form(field, context.rules);
    // Octets stand for the field on the wire, whatever form it has; none of them leave it to the form.
    const Bytes* const octets = value.get_if<Bytes>();
    if (octets != nullptr && !octets->empty() && variant.type->fixed_bits() != 0) {
        context.writer.write_bytes(*octets);
        return;
    }
    const bool is_given = !value.is_none() && !(octets != nullptr && octets->empty());
    if (is_given && octets != nullptr && variant.type->is_bit_field()) {
        throw ValueError("a number is needed: the field has " + std::to_string(variant.bits) + " bits here");
    }
    variant.type->encode(variant, is_given ? value : variant.unset_value, context);
}

model::Value VariantType::decode(const model::Field& field, DecodeContext& context) const {
    const model::Field& variant = form(field, context.rules);
    return variant.type->decode(variant, context);
}

model::Value VariantType::parse(const model::Field& field, const model::Value& value,
                                const ParseContext& context) const {
    const model::Field& variant = form(field, context.rules());
    return value.is<Bytes>() && variant.type->fixed_bits() != 0 ? value : variant.type->parse(variant, value, context);
}

bool VariantType::may_point_back(const model::Field& field) const {
    const std::vector<Variant>& variants = parameters_of<VariantParameters>(field).variants;
    return std::any_of(variants.begin(), variants.end(),
                       [](const Variant& variant) { return variant.field->type->may_point_back(*variant.field); });
}

void VariantType::show(const model::Field& field, const model::Value& value, std::string& out) const {
    FieldType::show(field, value, out);
}

void VariantType::show_in(const expression::RuleContext& layer, const model::Field& field, const model::Value& value,
                          std::string& out) const {
    const model::Field& own = form(field, layer);
    if (value.is<Integer>() && own.type->is_number()) {
        own.type->show_in(layer, own, value, out);
    } else {
        show(field, value, out);
    }
}

bool VariantType::says_encoding(const model::Field& field, const model::Value& value) const {
    const std::vector<Variant>& variants = parameters_of<VariantParameters>(field).variants;
    return std::any_of(variants.begin(), variants.end(), [&value](const Variant& variant) {
        return variant.field->type->says_encoding(*variant.field, value);
    });
}

const model::Value& VariantType::absent_value(const expression::RuleContext& layer, const model::Field& field) const {
    const model::Value& unset = form(field, layer).unset_value;
    return field.default_value.is_none() && unset.is<std::string>() ? unset : field.default_value;
}

void add_list_types(TypeTable& table) {
    const auto add = [&table](std::initializer_list<std::string_view> names, std::string_view documentation,
                              const std::shared_ptr<const FieldType>& type) {
        for (const std::string_view name : names) {
            table.add(name, TypeGroup::kContainers, documentation, type);
        }
    };
    add({"FieldListField"},
        "one `element` after the other: `count` of them, or as many as fill `length`, or all that are left",
        std::make_shared<FieldListType>());
    add({"IP6ListField"}, "the same, of IPv6 addresses; no `element`", std::make_shared<AddressListType>());
    add({"PacketListField"}, "the same, of packets that begin with `holds`", std::make_shared<PacketListType>());
    add({"PacketField", "PacketLenField"},
        "one packet that begins with `holds`, in `length` bytes, or all that are left", std::make_shared<PacketType>());
    add({"MultipleTypeField"}, "one of its `variants`", std::make_shared<VariantType>());
}

}  // namespace framewright::fields
