#include "protocol_db/fields/ber_types.hpp"

#include <algorithm>
#include <array>

#include "protocol_db/fields/ber_values.hpp"
#include "protocol_db/fields/registry.hpp"

namespace framewright::fields {

namespace {

/// What a field of the types without keys of their own has among the alternatives of any value.
std::shared_ptr<const model::Field> plain_field(std::string_view type_name, const model::Field& whole,
                                                const model::Database& database) {
    auto field = std::make_shared<model::Field>();
    field->id = whole.id;
    field->type_name = type_name;
    field->type = find_field_type(type_name);
    auto parameters = std::make_shared<BerParameters>();
    parameters->database = &database;
    field->parameters = std::move(parameters);
    return field;
}

/// Whether an alternative is a packet, which is not called by a name.
bool is_packet(const model::Field& alternative) {
    return alternative.type->is_container() && !alternative.type->is_list() &&
           ber_parameters(alternative).protocol != nullptr;
}

/// What tuples call an alternative: its type, in short.
std::string_view name_of(const model::Field& alternative) {
    constexpr std::string_view kPrefix = "ASN1F_";
    const std::string_view name = alternative.type_name;
    return name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : name;
}

}  // namespace

model::Value BerContainerType::parse(const model::Field& field, const model::Value& value,
                                     const ParseContext& context) const {
    if (const std::string* const text = value.get_if<std::string>()) {
        return parse_container_text(
            *text, context, [&](const model::Value& read) { return parse(field, read, context); },
            [&] { return parse_text(field, *text, context); });
    }
    return value.is_none() || value.is<Bytes>() ? value : parse_items(field, value, context);
}

model::Value BerContainerType::parse_text(const model::Field& /*field*/, const std::string& text,
                                          const ParseContext& /*context*/) const {
    return octets_of(text);
}

void BerContainerType::express(const model::Field& /*field*/, const model::Value& value, std::string& out) const {
    append_expression(value, out);
}

std::span<const Key> BerListType::keys() const {
    static constexpr auto kKeys = with_common_keys(std::array<Key, 2>{kHoldsKey, kBerElementKey});
    return kKeys;
}

void BerListType::finish(const model::Field& field) const {
    const BerParameters& parameters = ber_parameters(field);
    if ((parameters.protocol != nullptr) == (parameters.element != nullptr)) {
        throw ValueError("either \"holds\" or \"element\" says what is in the list");
    }
    if (parameters.element != nullptr && !parameters.element->type->is_ber()) {
        throw ValueError("\"element\" is no BER value");
    }
    if (parameters.element != nullptr && ber_parameters(*parameters.element).is_optional) {
        throw ValueError("\"element\" cannot be optional");
    }
    if (parameters.protocol != nullptr && !parameters.protocol->is_ber) {
        throw ValueError(parameters.protocol->id + " is no protocol with \"encoding\": \"ber\"");
    }
    BerContainerType::finish(field);
}

std::vector<BerTag> BerListType::own_tags(const model::Field& field, std::size_t /*depth*/) const {
    BerTag tag = ber_parameters(field).implicit_tag.value_or(ber::universal(universal_tag_));
    tag.is_constructed = true;
    return {tag};
}

void BerListType::encode_value(const model::Field& field, const model::Value& value, EncodeContext& context) const {
    write_value(own_tags(field, 0).front(), context, [&](EncodeContext& inner) {
        const std::vector<model::Value>* const items = items_of(value);
        for (std::size_t index = 0; items != nullptr && index < items->size(); ++index) {
            const model::Value& item = (*items)[index];
            if (const model::Packet* const packet = item.get_if<model::Packet>()) {
                inner.encoder.encode(*packet, inner);
            } else if (const model::Field* const element = ber_parameters(field).element.get()) {
                element->type->encode(*element, item, inner);
            } else if (const Bytes* const octets = item.get_if<Bytes>()) {
                inner.writer.write_bytes(*octets);
            }
        }
    });
}

model::Value BerListType::decode_value(const model::Field& field, DecodeContext& context) const {
    const BerParameters& parameters = ber_parameters(field);
    BitReader reader(take_contents(own_tags(field, 0).front(), context));
    DecodeContext inner = with_reader(reader, context);
    model::List list;
    while (!reader.at_end()) {
        if (list.items.size() == kMaximumElements) {
            throw DecodeError("more than " + std::to_string(kMaximumElements) + " elements");
        }
        if (parameters.element != nullptr) {
            list.items.push_back(parameters.element->type->decode(*parameters.element, inner));
        } else {
            const Header header = ber::read_header(reader.rest());
            list.items.emplace_back(
                read_packet(*parameters.protocol, reader.read_bytes(header.size + header.length), inner));
        }
    }
    return list;
}

model::Value BerListType::parse_items(const model::Field& field, const model::Value& value,
                                      const ParseContext& context) const {
    const model::Field* const element = ber_parameters(field).element.get();
    const std::vector<model::Value>* const items = items_of(value);
    if (items == nullptr && !(value.is<model::Packet>() && element == nullptr)) {
        throw ValueError("not a list");
    }
    model::List list;
    if (items == nullptr) {
        list.items.push_back(value);
        return list;
    }
    for (const model::Value& item : *items) {
        if (element != nullptr) {
            list.items.push_back(element->type->parse(*element, item, context));
        } else if (const std::string* const text = item.get_if<std::string>()) {
            list.items.emplace_back(octets_of(*text));
        } else if (item.is<model::Packet>() || item.is<Bytes>()) {
            list.items.push_back(item);
        } else {
            throw ValueError("the list holds something that is no packet");
        }
    }
    return list;
}

std::span<const Key> BerPacketType::keys() const {
    static constexpr auto kKeys =
        with_common_keys(std::array<Key, 3>{required(kHoldsKey), kInsideKey, kIdentifiedByKey});
    return kKeys;
}

void BerPacketType::finish(const model::Field& field) const {
    const BerParameters& parameters = ber_parameters(field);
    if (!parameters.is_inside_string && !parameters.protocol->is_ber) {
        throw ValueError(parameters.protocol->id + " is no protocol with \"encoding\": \"ber\"");
    }
    if (parameters.identified_by && !parameters.is_inside_string) {
        throw ValueError("\"identified_by\" needs an \"inside\"");
    }
    BerContainerType::finish(field);
}

std::vector<BerTag> BerPacketType::own_tags(const model::Field& field, std::size_t depth) const {
    const BerParameters& parameters = ber_parameters(field);
    std::vector<BerTag> tags = tags_of(*parameters.protocol, depth);
    if (parameters.implicit_tag && tags.size() == 1) {
        const bool is_constructed = tags.front().is_constructed;
        tags.front() = *parameters.implicit_tag;
        tags.front().is_constructed = is_constructed;
    } else if (parameters.implicit_tag) {
        tags.clear();
    }
    return tags;
}

namespace {

/// The value with another identifier; whether it is constructed stays.
Bytes with_tag(ByteView value, BerTag tag) {
    const Header header = ber::read_header(value);
    Bytes shortest;
    ber::write_header(shortest, header.tag, 0);
    tag.is_constructed = header.tag.is_constructed;
    Bytes out;
    ber::write_header(out, tag, 0);
    out.pop_back();
    // What `shortest` has in front of its length of one octet.
    out.insert(out.end(), value.begin() + static_cast<std::ptrdiff_t>(shortest.size() - 1), value.end());
    return out;
}

}  // namespace

void BerPacketType::encode_value(const model::Field& field, const model::Value& value, EncodeContext& context) const {
    const BerParameters& parameters = ber_parameters(field);
    const model::Packet& packet = *value.get_if<model::Packet>();
    if (!parameters.implicit_tag || packet.layers.empty() || !packet.layers.front().protocol->is_ber) {
        context.encoder.encode(packet, context);
        return;
    }
    Bytes natural;
    BitWriter writer(natural);
    EncodeContext inner = with_writer(writer, context);
    inner.encoder.encode(packet, inner);
    try {
        context.writer.write_bytes(with_tag(natural, *parameters.implicit_tag));
    } catch (const DecodeError& error) {
        throw ValueError(std::string("the packet is no BER value: ") + error.what());
    }
}

model::Value BerPacketType::decode_value(const model::Field& field, DecodeContext& context) const {
    const BerParameters& parameters = ber_parameters(field);
    if (parameters.is_inside_string) {
        const ByteView octets = context.reader.rest();
        context.reader.read_bytes(octets.size());
        return read_packet(*held_in(parameters, context.layer), octets, context);
    }
    const Header header = ber::read_header(context.reader.rest());
    const std::vector<BerTag> tags = own_tags(field, 0);
    if (!tags.empty() && std::find(tags.begin(), tags.end(), header.tag) == tags.end()) {
        throw DecodeError("a value has the tag " + ber::to_text(header.tag) + ", with which no " +
                          parameters.protocol->id + " begins here");
    }
    const ByteView octets = context.reader.read_bytes(header.size + header.length);
    if (!parameters.implicit_tag) {
        return read_packet(*parameters.protocol, octets, context);
    }
    const Bytes natural = with_tag(octets, tags_of(*parameters.protocol, 0).front());
    model::Packet packet = read_packet(*parameters.protocol, natural, context);
    return is_raw(packet, context.decoder.database()) ? raw_packet(context.decoder.database(), octets)
                                                      : std::move(packet);
}

model::Value BerPacketType::parse_items(const model::Field& /*field*/, const model::Value& value,
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

model::Value BerPacketType::empty_value(const model::Field& field, const model::Layer& layer) const {
    return new_packet(*held_in(ber_parameters(field), layer));
}

std::span<const Key> BerChoiceType::keys() const {
    static constexpr auto kKeys = with_common_keys(std::array<Key, 2>{required(kAlternativesKey), kOpenKey});
    static constexpr auto kAnyKeys = with_common_keys(std::array<Key, 1>{kAlternativesKey});
    return is_any_ ? std::span<const Key>(kAnyKeys) : std::span<const Key>(kKeys);
}

std::shared_ptr<const Parameters> BerChoiceType::read_parameters(ParameterReader& reader) const {
    auto parameters = std::const_pointer_cast<Parameters>(BerContainerType::read_parameters(reader));
    auto& own = static_cast<BerParameters&>(*parameters);
    if (is_any_) {
        own.is_open = true;
        if (own.alternatives.empty()) {
            for (const std::string_view name :
                 {"ASN1F_NULL", "ASN1F_BOOLEAN", "ASN1F_INTEGER", "ASN1F_STRING", "ASN1F_OID", "ASN1F_BIT_STRING",
                  "ASN1F_ENUMERATED", "ASN1F_UTF8_STRING", "ASN1F_NUMERIC_STRING", "ASN1F_PRINTABLE_STRING",
                  "ASN1F_T61_STRING", "ASN1F_VIDEOTEX_STRING", "ASN1F_IA5_STRING", "ASN1F_UTC_TIME",
                  "ASN1F_GENERALIZED_TIME", "ASN1F_ISO646_STRING", "ASN1F_UNIVERSAL_STRING", "ASN1F_BMP_STRING"}) {
                own.alternatives.push_back(plain_field(name, reader.field(), reader.database()));
            }
        }
    }
    return parameters;
}

void BerChoiceType::finish(const model::Field& field) const {
    const BerParameters& parameters = ber_parameters(field);
    if (parameters.alternatives.empty()) {
        throw ValueError("\"alternatives\" is empty");
    }
    if (parameters.implicit_tag) {
        throw ValueError(
            "\"implicit_tag\" means nothing for a choice, which has no tag of its own: use \"explicit_tag\"");
    }
    std::vector<std::string_view> names;
    parameters.by_tag.clear();
    for (const auto& alternative : parameters.alternatives) {
        if (!alternative->type->is_ber()) {
            throw ValueError("\"alternatives\": a " + alternative->type_name + " is no BER value");
        }
        if (ber_parameters(*alternative).is_optional) {
            throw ValueError("\"alternatives\": an alternative cannot be optional");
        }
        const std::vector<BerTag> tags = ber_type(*alternative).tags(*alternative);
        if (tags.empty()) {
            throw ValueError("\"alternatives\": any value may be the " + alternative->type_name);
        }
        for (const BerTag& tag : tags) {
            if (!parameters.by_tag.emplace(std::pair(tag.tag_class, tag.number), alternative.get()).second) {
                throw ValueError("\"alternatives\": two have the tag " + ber::to_text(tag));
            }
        }
        if (!is_packet(*alternative) && std::find(names.begin(), names.end(), name_of(*alternative)) != names.end()) {
            throw ValueError("\"alternatives\": two are called " + std::string(name_of(*alternative)) +
                             ": give one a type of its own");
        }
        names.push_back(is_packet(*alternative) ? "" : name_of(*alternative));
    }
}

std::vector<BerTag> BerChoiceType::own_tags(const model::Field& field, std::size_t depth) const {
    std::vector<BerTag> tags;
    const BerParameters& parameters = ber_parameters(field);
    if (parameters.is_open) {
        return tags;
    }
    if (depth > kMostFieldsOfATag) {
        throw ValueError("is made of itself, or of too many choices within each other");
    }
    for (const auto& alternative : parameters.alternatives) {
        if (!alternative->type->is_ber()) {
            continue;
        }
        const std::vector<BerTag> own = ber_type(*alternative).tags(*alternative, depth + 1);
        tags.insert(tags.end(), own.begin(), own.end());
    }
    return tags;
}

namespace {

/// The alternative that holds a packet, or null.
const model::Field* alternative_for(const BerParameters& parameters, const model::Packet& packet) {
    for (const auto& alternative : parameters.alternatives) {
        if (is_packet(*alternative) && !packet.layers.empty() &&
            packet.layers.front().protocol->is_a(*ber_parameters(*alternative).protocol)) {
            return alternative.get();
        }
    }
    return nullptr;
}

/// The alternative that a tuple (name, value) means, or null.
const model::Field* alternative_called(const BerParameters& parameters, const model::Value& value) {
    const std::vector<model::Value>* const items = items_of(value);
    const std::string* const name =
        items != nullptr && items->size() == 2 ? items->front().get_if<std::string>() : nullptr;
    for (const auto& alternative : parameters.alternatives) {
        if (name != nullptr && name_of(*alternative) == *name && !is_packet(*alternative)) {
            return alternative.get();
        }
    }
    return nullptr;
}

}  // namespace

void BerChoiceType::encode_value(const model::Field& field, const model::Value& value, EncodeContext& context) const {
    const BerParameters& parameters = ber_parameters(field);
    if (const model::Packet* const packet = value.get_if<model::Packet>()) {
        if (const model::Field* const alternative = alternative_for(parameters, *packet)) {
            alternative->type->encode(*alternative, value, context);
        } else {
            context.encoder.encode(*packet, context);
        }
        return;
    }
    const model::Field* const alternative = alternative_called(parameters, value);
    if (alternative == nullptr) {
        throw ValueError("none of the alternatives");
    }
    alternative->type->encode(*alternative, (*items_of(value))[1], context);
}

model::Value BerChoiceType::decode_value(const model::Field& field, DecodeContext& context) const {
    const BerParameters& parameters = ber_parameters(field);
    const ByteView rest = context.reader.rest();
    const Header header = ber::read_header(rest);
    const auto found = parameters.by_tag.find(std::pair(header.tag.tag_class, header.tag.number));
    const ByteView octets = rest.first(header.size + header.length);
    const auto take_octets = [&] { return model::Value(copy(context.reader.read_bytes(octets.size()))); };
    if (found == parameters.by_tag.end()) {
        if (!parameters.is_open) {
            throw DecodeError("none of the alternatives has the tag " + ber::to_text(header.tag));
        }
        return take_octets();
    }
    const model::Field& alternative = *found->second;
    if (is_packet(alternative)) {
        BitReader reader(octets);
        DecodeContext inner = with_reader(reader, context);
        ber::Lengths lengths;
        inner.lengths = context.lengths != nullptr ? &lengths : nullptr;
        try {
            model::Value value = alternative.type->decode(alternative, inner);
            const model::Packet* const packet = value.get_if<model::Packet>();
            if (packet != nullptr && !is_raw(*packet, context.decoder.database())) {
                for (const std::vector<std::size_t>& slot : lengths.slots) {
                    std::for_each(slot.begin(), slot.end(), [&](std::size_t each) { context.lengths->note(each); });
                }
                context.reader.read_bytes(octets.size());
                return value;
            }
        } catch (const DecodeError&) {
            // Its octets.
        }
        return take_octets();
    }
    if (header.tag != ber_type(alternative).tags(alternative).front() &&
        ber_type(alternative).tags(alternative).size() == 1) {
        // Constructed where it should be primitive, or the other way round.
        if (!parameters.is_open) {
            throw DecodeError("a value with the tag " + ber::to_text(header.tag) + " is of the wrong kind");
        }
        return take_octets();
    }
    model::Value value = alternative.type->decode(alternative, context);
    return model::Tuple{{std::string(name_of(alternative)), std::move(value)}};
}

model::Value BerChoiceType::first_that_takes(const model::Field& field, const model::Value& value,
                                             const ParseContext& context) const {
    for (const auto& alternative : ber_parameters(field).alternatives) {
        if (alternative->type->is_container()) {
            continue;
        }
        try {
            model::Value parsed = alternative->type->parse(*alternative, value, context);
            if (!parsed.is_none()) {
                return model::Tuple{{std::string(name_of(*alternative)), std::move(parsed)}};
            }
        } catch (const ValueError&) {
            // The next one.
        }
    }
    throw ValueError("none of the alternatives takes this");
}

model::Value BerChoiceType::parse_text(const model::Field& field, const std::string& text,
                                       const ParseContext& context) const {
    return first_that_takes(field, text, context);
}

model::Value BerChoiceType::parse_items(const model::Field& field, const model::Value& value,
                                        const ParseContext& context) const {
    const BerParameters& parameters = ber_parameters(field);
    if (const model::Packet* const packet = value.get_if<model::Packet>()) {
        if (alternative_for(parameters, *packet) == nullptr && !is_raw(*packet, context.database())) {
            throw ValueError("none of the alternatives is a " +
                             (packet->layers.empty() ? "packet without layers" : packet->layers.front().protocol->id));
        }
        return value;
    }
    const std::vector<model::Value>* const items = items_of(value);
    if (items == nullptr) {
        return first_that_takes(field, value, context);
    }
    if (items->size() == 1 && items->front().is<model::Packet>()) {
        return parse_items(field, items->front(), context);
    }
    const model::Field* const alternative = alternative_called(parameters, value);
    if (alternative == nullptr) {
        std::string names;
        for (const auto& each : parameters.alternatives) {
            names += (names.empty() ? "" : ", ") + std::string(name_of(*each));
        }
        throw ValueError("not a pair of the name of an alternative and a value; there are " + names);
    }
    model::Value parsed = alternative->type->parse(*alternative, (*items)[1], context);
    return model::Tuple{{std::string(name_of(*alternative)), std::move(parsed)}};
}

model::Value BerChoiceType::empty_value(const model::Field& field, const model::Layer& /*layer*/) const {
    const model::Field& first = *ber_parameters(field).alternatives.front();
    if (!is_packet(first)) {
        return model::Tuple{{std::string(name_of(first)), {}}};
    }
    return new_packet(*ber_parameters(first).protocol);
}

}  // namespace framewright::fields
