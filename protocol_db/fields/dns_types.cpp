#include "protocol_db/fields/dns_types.hpp"
#include "protocol_db/fields/registry.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>

#include "protocol_db/fields/text.hpp"

namespace framewright::fields {

namespace {

constexpr std::size_t kLongestLabel = 63;
constexpr std::size_t kMostPointers = 128;
constexpr std::size_t kLongestName = 1024;
constexpr std::size_t kLongestCharacterString = 255;

ByteView octets_in(const model::Value& value) {
    const Bytes* const octets = value.get_if<Bytes>();
    return octets != nullptr ? ByteView(*octets) : ByteView();
}

void append(Bytes& out, ByteView octets) {
    out.insert(out.end(), octets.begin(), octets.end());
}

constexpr Key kCompressibleKey{"compressible", Shape::kBoolean,
                               "`true`: a domain name that may point back to one before it in the message, where its "
                               "layer has a `compressed_length`."};
constexpr std::array<Key, 1> kLengthKeys{kLengthKey};

std::shared_ptr<const Parameters> read_length(ParameterReader& reader) {
    auto parameters = std::make_shared<OctetsParameters>();
    reader.rule(kLengthKey, *parameters, parameters->length);
    return parameters;
}

ByteView read_bytes(const model::Field& field, DecodeContext& context) {
    return context.reader.read_bytes(decoded_length(parameters_of<OctetsParameters>(field).length, context));
}

model::Value as_octets(const model::Value& value) {
    const std::string* const text = value.get_if<std::string>();
    return text != nullptr ? model::Value(Bytes(text->begin(), text->end())) : value;
}

constexpr std::uint8_t kPointerMark = 0xc0;

/// The octets of a name that a client gave, and that can be written. Throws ValueError.
Bytes name_of(const model::Value& value) {
    const model::Value as_given = as_octets(value);
    if (!as_given.is<Bytes>()) {
        throw ValueError("neither text nor bytes");
    }
    Bytes name = *as_given.get_if<Bytes>();
    // The last letter of a text may take two octets that look like a pointer: a dot says that it is none.
    if (value.is<std::string>() && is_encoded_name(name) && name.back() != 0) {
        name.push_back('.');
    }
    Bytes checked;
    write_domain_name(name, checked);
    return name;
}

}  // namespace

Bytes read_domain_name(ByteView data, std::size_t& position, ByteView message) {
    Bytes name;
    ByteView source = data;
    std::size_t next = position;
    std::size_t pointers = 0;
    bool has_jumped = false;
    while (next < source.size() && source[next] != 0) {
        const std::size_t length = source[next++];
        if ((length & kPointerMark) != 0) {
            if (next >= source.size()) {
                break;
            }
            const std::size_t target = ((length & 0x3fU) << 8) | source[next++];
            if (!has_jumped) {
                position = next;
                has_jumped = true;
            }
            // A pointer that leads nowhere, or round in a circle, ends the name.
            if (target >= message.size() || ++pointers > kMostPointers) {
                return name;
            }
            source = message;
            next = target;
            continue;
        }
        const std::size_t taken = std::min(length, source.size() - next);
        append(name, source.subspan(next, taken));
        name.push_back('.');
        next += taken;
        if (name.size() > kLongestName) {
            throw DecodeError("a name is longer than " + std::to_string(kLongestName) + " bytes");
        }
    }
    if (!has_jumped) {
        position = std::min(next + 1, data.size());
    }
    return name;
}

bool is_encoded_name(ByteView name) {
    if (name.empty() || std::find(name.begin(), name.end(), '.') != name.end()) {
        return false;
    }
    return name.back() == 0 || (name.size() >= 2 && (name[name.size() - 2] & kPointerMark) == kPointerMark);
}

void write_labels(ByteView name, Bytes& out) {
    while (!name.empty()) {
        const auto dot = std::find(name.begin(), name.end(), '.');
        const auto length = static_cast<std::size_t>(dot - name.begin());
        if (length > kLongestLabel) {
            throw ValueError("a label of the name is longer than 63 bytes");
        }
        if (length > 0) {
            out.push_back(static_cast<std::uint8_t>(length));
            append(out, name.first(length));
        } else if (name.size() > 1) {
            throw ValueError("the name has an empty label");
        }
        name = name.subspan(std::min(length + 1, name.size()));
    }
    out.push_back(0);
}

namespace {

/// Appends a name that is encoded already. Throws ValueError for one that no reader takes as a whole.
void write_encoded_name(ByteView name, Bytes& out) {
    std::size_t next = 0;
    while (next < name.size()) {
        const std::size_t length = name[next];
        const bool is_pointer = (length & kPointerMark) == kPointerMark;
        const std::size_t end = next + (is_pointer ? 2 : length + 1);
        if ((!is_pointer && length > kLongestLabel) || ((is_pointer || length == 0) && end != name.size())) {
            throw ValueError("neither labels with dots between them, nor a name as it is on the wire");
        }
        next = end;
    }
    append(out, name);
}

}  // namespace

void write_domain_name(ByteView name, Bytes& out) {
    if (is_encoded_name(name)) {
        write_encoded_name(name, out);
    } else {
        write_labels(name, out);
    }
}

void NameCompression::write(ByteView name, std::size_t position, Bytes& out) {
    constexpr std::size_t kFarthestTarget = 0x3fff;
    if (is_encoded_name(name)) {
        write_encoded_name(name, out);
        return;
    }
    Bytes checked;
    write_labels(name, checked);
    if (!name.empty() && name.back() == '.') {
        name = name.first(name.size() - 1);
    }
    const std::size_t first = out.size();
    while (!name.empty()) {
        const auto known = positions_.find(Bytes(name.begin(), name.end()));
        if (known != positions_.end()) {
            out.push_back(static_cast<std::uint8_t>(kPointerMark | known->second >> 8));
            out.push_back(static_cast<std::uint8_t>(known->second));
            return;
        }
        const std::size_t here = position + out.size() - first;
        if (here <= kFarthestTarget) {
            positions_.emplace(Bytes(name.begin(), name.end()), here);
        }
        const auto length = static_cast<std::size_t>(std::find(name.begin(), name.end(), '.') - name.begin());
        out.push_back(static_cast<std::uint8_t>(length));
        append(out, name.first(length));
        name = name.subspan(std::min(length + 1, name.size()));
    }
    out.push_back(0);
}

std::span<const Key> DomainNameType::keys() const {
    static constexpr std::array<Key, 2> kKeys{kLengthKey, kCompressibleKey};
    return kKeys;
}

std::shared_ptr<const Parameters> DomainNameType::read_parameters(ParameterReader& reader) const {
    auto parameters = std::make_shared<DomainNameParameters>();
    reader.rule(kLengthKey, *parameters, parameters->length);
    parameters->is_compressible = reader.boolean(kCompressibleKey);
    return parameters;
}

void DomainNameType::encode(const model::Field& field, const model::Value& value, EncodeContext& context) const {
    Bytes octets;
    if (context.names != nullptr && parameters_of<DomainNameParameters>(field).is_compressible) {
        context.names->write(octets_in(value), context.message_offset + context.writer.byte_position(), octets);
    } else {
        write_domain_name(octets_in(value), octets);
    }
    context.writer.write_bytes(octets);
}

model::Value DomainNameType::decode(const model::Field& /*field*/, DecodeContext& context) const {
    std::size_t position = 0;
    Bytes name = read_domain_name(context.reader.rest(), position, context.message);
    context.reader.read_bytes(position);
    return name;
}

model::Value DomainNameType::parse(const model::Field& /*field*/, const model::Value& value,
                                   const ParseContext& /*context*/) const {
    return value.is_none() ? value : name_of(value);
}

bool DomainNameType::says_encoding(const model::Field& /*field*/, const model::Value& value) const {
    return is_encoded_name(octets_in(value));
}

std::span<const Key> DomainNameListType::keys() const {
    return kLengthKeys;
}

std::shared_ptr<const Parameters> DomainNameListType::read_parameters(ParameterReader& reader) const {
    return read_length(reader);
}

void DomainNameListType::encode(const model::Field& /*field*/, const model::Value& value,
                                EncodeContext& context) const {
    Bytes octets(octets_in(value).begin(), octets_in(value).end());
    if (const std::vector<model::Value>* const items = items_of(value)) {
        for (const model::Value& item : *items) {
            write_domain_name(octets_in(item), octets);
        }
    }
    context.writer.write_bytes(octets);
}

model::Value DomainNameListType::decode(const model::Field& field, DecodeContext& context) const {
    const ByteView octets = read_bytes(field, context);
    model::List names;
    std::size_t position = 0;
    while (position < octets.size()) {
        Bytes name = read_domain_name(octets, position, {});
        if (!name.empty()) {
            names.items.emplace_back(std::move(name));
        }
    }
    return names;
}

model::Value DomainNameListType::parse(const model::Field& field, const model::Value& value,
                                       const ParseContext& context) const {
    model::Value parsed = ContainerType::parse(field, value, context);
    const std::string* const text = value.get_if<std::string>();
    if (text == nullptr || !parsed.is<Bytes>()) {
        return parsed;
    }
    model::List names;
    for (std::string_view rest = *text; !rest.empty();) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        names.items.emplace_back(name_of(std::string(trim(rest.substr(0, comma)))));
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    return names;
}

model::Value DomainNameListType::parse_items(const model::Field& /*field*/, const model::Value& value,
                                             const ParseContext& /*context*/) const {
    const std::vector<model::Value>* const items = items_of(value);
    if (items == nullptr) {
        throw ValueError("not a list of names");
    }
    model::List names;
    for (const model::Value& item : *items) {
        names.items.emplace_back(name_of(item));
    }
    return names;
}

std::span<const Key> CharacterStringsType::keys() const {
    return kLengthKeys;
}

std::shared_ptr<const Parameters> CharacterStringsType::read_parameters(ParameterReader& reader) const {
    return read_length(reader);
}

void CharacterStringsType::encode(const model::Field& /*field*/, const model::Value& value,
                                  EncodeContext& context) const {
    const auto write = [&context](ByteView text) {
        do {
            const std::size_t length = std::min(text.size(), kLongestCharacterString);
            const std::array<std::uint8_t, 1> prefix{static_cast<std::uint8_t>(length)};
            context.writer.write_bytes(prefix);
            context.writer.write_bytes(text.first(length));
            text = text.subspan(length);
        } while (!text.empty());
    };
    if (const std::vector<model::Value>* const items = items_of(value)) {
        for (const model::Value& item : *items) {
            write(octets_in(item));
        }
    } else if (!octets_in(value).empty()) {
        write(octets_in(value));
    }
}

model::Value CharacterStringsType::decode(const model::Field& field, DecodeContext& context) const {
    ByteView rest = read_bytes(field, context);
    model::List strings;
    while (!rest.empty()) {
        const std::size_t taken = std::min<std::size_t>(rest.front(), rest.size() - 1);
        strings.items.emplace_back(Bytes(rest.begin() + 1, rest.begin() + 1 + static_cast<std::ptrdiff_t>(taken)));
        rest = rest.subspan(taken + 1);
    }
    return strings;
}

model::Value CharacterStringsType::parse(const model::Field& /*field*/, const model::Value& value,
                                         const ParseContext& /*context*/) const {
    if (const std::vector<model::Value>* const items = items_of(value)) {
        model::List strings;
        for (const model::Value& item : *items) {
            strings.items.push_back(as_octets(item));
            if (!strings.items.back().is<Bytes>()) {
                throw ValueError("not a list of texts");
            }
        }
        return strings;
    }
    model::Value octets = as_octets(value);
    if (!octets.is<Bytes>() && !octets.is_none()) {
        throw ValueError("neither text, bytes, nor a list of them");
    }
    return octets;
}

void TypeBitmapsType::encode(const model::Field& /*field*/, const model::Value& value, EncodeContext& context) const {
    context.writer.write_bytes(octets_in(value));
    const std::vector<model::Value>* const items = items_of(value);
    if (items == nullptr) {
        return;
    }
    std::map<std::uint8_t, Bytes> windows;
    for (const model::Value& item : *items) {
        const auto type = static_cast<std::uint16_t>(*item.get_if<Integer>());
        Bytes& window = windows[static_cast<std::uint8_t>(type >> 8)];
        const std::size_t octet = (type & 0xffU) / 8;
        window.resize(std::max(window.size(), octet + 1));
        window[octet] = static_cast<std::uint8_t>(window[octet] | (0x80U >> (type % 8)));
    }
    for (const auto& [number, bitmap] : windows) {
        const std::array<std::uint8_t, 2> head{number, static_cast<std::uint8_t>(bitmap.size())};
        context.writer.write_bytes(head);
        context.writer.write_bytes(bitmap);
    }
}

model::Value TypeBitmapsType::decode(const model::Field& /*field*/, DecodeContext& context) const {
    const ByteView rest = context.reader.read_bytes(context.reader.rest().size());
    return Bytes(rest.begin(), rest.end());
}

model::Value TypeBitmapsType::parse(const model::Field& field, const model::Value& value,
                                    const ParseContext& context) const {
    const std::vector<model::Value>* const items = items_of(value);
    if (items == nullptr) {
        return OctetsType::parse(field, value, context);
    }
    const bool are_types = std::all_of(items->begin(), items->end(), [](const model::Value& item) {
        const Integer* const number = item.get_if<Integer>();
        return number != nullptr && *number >= 0 && *number <= 0xffff;
    });
    if (!are_types) {
        throw ValueError("not a list of record types (0 to 65535)");
    }
    return value;
}

namespace {

constexpr Key kRecordLengthKey{"record_length", Shape::kNumberOrRule,
                               "How many bytes of a record stand behind its name, which a rule may look at: "
                               "`u16(8) + 10`."};

/// The bytes behind a record's name.
class RecordBytes final : public expression::EmptyContext {
public:
    explicit RecordBytes(ByteView bytes) : bytes_(bytes) {}
    std::int64_t bytes_at(std::int64_t position, std::size_t width) const override {
        const std::size_t size = bytes_.size();
        if (position < 0 || static_cast<std::size_t>(position) > size ||
            width > size - static_cast<std::size_t>(position)) {
            throw DecodeError("the bytes end within a record");
        }
        BitReader reader(bytes_.subspan(static_cast<std::size_t>(position), width));
        return static_cast<std::int64_t>(reader.read_bits(static_cast<std::uint32_t>(width * 8)));
    }

private:
    ByteView bytes_;
};

/// How many of the bytes behind a record's name are the record's. It may be cut short behind those that say its length.
/// Throws DecodeError.
std::size_t length_of_record(const expression::Rule& rule, ByteView bytes) {
    const std::int64_t length = rule.evaluate(RecordBytes(bytes));
    if (length < 0 || (rule.constant() && static_cast<std::size_t>(length) > bytes.size())) {
        throw DecodeError(length < 0 ? "the length of a record is negative" : "the bytes end within a record");
    }
    return std::min(static_cast<std::size_t>(length), bytes.size());
}

}  // namespace

std::span<const Key> NamedRecordsType::keys() const {
    static constexpr std::array<Key, 3> kKeys{required(kHoldsKey), kCountKey, required(kRecordLengthKey)};
    return kKeys;
}

std::shared_ptr<const Parameters> NamedRecordsType::read_parameters(ParameterReader& reader) const {
    auto parameters = std::make_shared<NamedRecordsParameters>();
    parameters->protocol = reader.protocol(kHoldsKey);
    reader.rule(kCountKey, *parameters, parameters->count);
    reader.rule(kRecordLengthKey, *parameters, parameters->record_length);
    using Operation = expression::Rule::Operation;
    for (const expression::Rule::Instruction& instruction : parameters->record_length.code()) {
        if (instruction.operation >= Operation::kField && instruction.operation <= Operation::kParentField &&
            instruction.operation != Operation::kBytesAt) {
            reader.refuse("\"record_length\" knows only the bytes behind the name of a record");
        }
    }
    return parameters;
}

void NamedRecordsType::encode(const model::Field& /*field*/, const model::Value& value, EncodeContext& context) const {
    if (const model::Packet* const records = value.get_if<model::Packet>()) {
        context.writer.align();
        // One after the other, so that a name can point to those before it.
        for (const model::Layer& layer : records->layers) {
            model::Packet record;
            record.layers.push_back(layer);
            context.encoder.encode(record, context);
        }
    } else {
        context.writer.write_bytes(octets_in(value));
    }
}

model::Value NamedRecordsType::decode(const model::Field& field, DecodeContext& context) const {
    const ByteView rest = context.reader.rest();
    const NamedRecordsParameters& parameters = parameters_of<NamedRecordsParameters>(field);
    const bool is_counted = parameters.count && !context.is_whole;
    const std::int64_t count =
        is_counted ? parameters.count.evaluate(context.rules) : std::numeric_limits<std::int64_t>::max();
    // A count beyond the number of bytes is none: what follows is left to the next field.
    if (is_counted && count > static_cast<std::int64_t>(context.reader.data().size())) {
        return Bytes();
    }
    model::Packet records;
    std::size_t position = 0;
    for (std::int64_t index = 0; index < count && (is_counted || position < rest.size()); ++index) {
        if (position == rest.size()) {
            throw DecodeError("the bytes end in front of a record");
        }
        Bytes name = read_domain_name(rest, position, context.message);
        const std::size_t length = length_of_record(parameters.record_length, rest.subspan(position));
        // The record's own bytes, with the root in place of a name that may be compressed.
        Bytes record{0};
        append(record, rest.subspan(position, length));
        position += length;
        std::size_t used = 0;
        model::Packet dissected = context.decoder.dissect(*parameters.protocol, record, context.message, used);
        if (!dissected.layers.empty()) {
            model::Layer& first = dissected.layers.front();
            if (first.fields.empty()) {
                throw DecodeError("a record of " + first.protocol->id + " has no field for its owner's name");
            }
            if (!name.empty()) {
                first.fields.front() = {std::move(name), true};
            } else {
                first.fields.front() = {Bytes{'.'}, true};
            }
            // What was read are not the octets of the message.
            first.forget_original();
            // Names may be longer than they were: lengths are computed again whenever the record is built.
            for (const std::size_t computed : first.protocol->computed_fields) {
                first.fields[computed].value = {};
            }
        }
        records.layers.insert(records.layers.end(), std::make_move_iterator(dissected.layers.begin()),
                              std::make_move_iterator(dissected.layers.end()));
    }
    context.reader.read_bytes(position);
    return records.layers.empty() ? model::Value() : model::Value(std::move(records));
}

model::Value NamedRecordsType::parse_items(const model::Field& /*field*/, const model::Value& value,
                                           const ParseContext& /*context*/) const {
    if (value.is<model::Packet>()) {
        return value;
    }
    const std::vector<model::Value>* const items = items_of(value);
    if (items == nullptr) {
        throw ValueError("neither records nor bytes");
    }
    model::Packet records;
    for (const model::Value& item : *items) {
        const model::Packet* const packet = item.get_if<model::Packet>();
        if (packet == nullptr) {
            throw ValueError("the list holds something that is no record");
        }
        records.layers.insert(records.layers.end(), packet->layers.begin(), packet->layers.end());
    }
    return records.layers.empty() ? model::Value() : model::Value(std::move(records));
}

bool NamedRecordsType::says_encoding(const model::Field& /*field*/, const model::Value& value) const {
    const model::Packet* const records = value.get_if<model::Packet>();
    return records != nullptr &&
           std::any_of(records->layers.begin(), records->layers.end(), [](const model::Layer& record) {
               for (std::size_t index = 0; index < record.fields.size(); ++index) {
                   const model::Field& field = record.protocol->fields[index];
                   if (field.type->says_encoding(field, record.fields[index].value)) {
                       return true;
                   }
               }
               return false;
           });
}

void add_dns_types(TypeTable& table) {
    const auto add = [&table](std::string_view name, std::string_view documentation,
                              std::shared_ptr<const FieldType> type) {
        table.add(name, TypeGroup::kNames, documentation, std::move(type));
    };
    add("DNSStrField",
        "a domain name (RFC 1035 section 4.1.4); compressed names are read, and bytes that are a name as it is on the "
        "wire, "
        "such as a pointer, are written as they are",
        std::make_shared<DomainNameType>());
    add("DomainNameListField", "domain names in a row, in `length` bytes; as text `a.example, b.example`",
        std::make_shared<DomainNameListType>());
    add("DNSTextField", "character strings, each behind its length, in `length` bytes",
        std::make_shared<CharacterStringsType>());
    add("RRlistField", "type bitmaps (RFC 4034 section 4.1.2), to the end of the layer",
        std::make_shared<TypeBitmapsType>());
    add("NamedRecordListField",
        "`count` packets of `holds`, each of which begins with a domain name, which may be compressed",
        std::make_shared<NamedRecordsType>());
}

}  // namespace framewright::fields
