#include "protocol_db/fields/ber_types.hpp"

#include <algorithm>
#include <array>

#include "protocol_db/fields/ber_values.hpp"
#include "protocol_db/fields/registry.hpp"

namespace framewright::fields {

std::span<const Key> BerType::keys() const {
    static constexpr auto kKeys = with_common_keys(std::array<Key, 0>{});
    return kKeys;
}

std::shared_ptr<const Parameters> BerType::read_parameters(ParameterReader& reader) const {
    const auto has_key = [own = keys()](const Key& key) {
        return std::any_of(own.begin(), own.end(), [&key](const Key& each) { return each.name == key.name; });
    };
    auto parameters = std::make_shared<BerParameters>();
    parameters->database = &reader.database();
    parameters->is_optional = reader.boolean(kOptionalKey);
    parameters->is_default_omitted = reader.boolean(kDefaultOmittedKey);
    if (parameters->is_default_omitted && !reader.has(kDefaultKey)) {
        reader.refuse("\"default_omitted\" means nothing without a \"default\"");
    }
    parameters->is_optional = parameters->is_optional || parameters->is_default_omitted;
    parameters->implicit_tag = reader.tag(kImplicitTagKey);
    if (auto tag = reader.tag(kExplicitTagKey)) {
        tag->is_constructed = true;
        parameters->around.push_back(*tag);
    }
    if (has_key(kInsideKey) && reader.has(kInsideKey)) {
        BerTag tag = ber::universal(reader.text(kInsideKey) == kStrings[0] ? ber::kOctetString : ber::kBitString);
        if (parameters->implicit_tag && is_bit_string(tag)) {
            reader.refuse("\"implicit_tag\" cannot stand for the tag of a bit string that holds a value");
        }
        // The tag that is replaced is that of the string.
        tag = parameters->implicit_tag.value_or(tag);
        parameters->implicit_tag.reset();
        parameters->around.push_back(tag);
        parameters->is_inside_string = true;
    }
    if (has_key(kEnumerationKey)) {
        parameters->number_names.enumeration = reader.enumeration(kEnumerationKey);
    }
    if (has_key(kBitNamesKey)) {
        parameters->bit_names = reader.texts(kBitNamesKey).first;
    }
    if (has_key(kContentsKey)) {
        parameters->contents = reader.part(kContentsKey, *parameters);
        if (parameters->contents != nullptr &&
            (parameters->contents->bits == 0 || parameters->contents->bits % 8 != 0)) {
            reader.refuse("\"contents\" is no field of a fixed number of octets");
        }
    }
    if (has_key(kHoldsKey)) {
        parameters->protocol = reader.protocol(kHoldsKey);
    }
    if (has_key(kIdentifiedByKey) && reader.has(kIdentifiedByKey)) {
        const std::string path = reader.text(kIdentifiedByKey);
        for (std::size_t begin = 0; begin <= path.size();) {
            const std::size_t end = std::min(path.find('.', begin), path.size());
            const std::string id = path.substr(begin, end - begin);
            if (begin == 0) {
                parameters->identified_by = reader.index_of(id);
            } else {
                parameters->identified_by_within.push_back(id);
            }
            begin = end + 1;
        }
    }
    if (has_key(kBerElementKey)) {
        parameters->element = reader.part(kBerElementKey, *parameters);
    }
    if (has_key(kAlternativesKey)) {
        parameters->alternatives = reader.parts(kAlternativesKey, *parameters);
        parameters->is_open = reader.boolean(kOpenKey);
    }
    return parameters;
}

void BerType::finish(const model::Field& field) const {
    const std::vector<BerTag> own = own_tags(field, 0);
    if (ber_parameters(field).implicit_tag && own.empty()) {
        throw ValueError("\"implicit_tag\" means nothing for a value that has no tag of its own: use \"explicit_tag\"");
    }
}

std::vector<BerTag> BerType::tags(const model::Field& field, std::size_t depth) const {
    const std::vector<BerTag>& around = ber_parameters(field).around;
    return around.empty() ? own_tags(field, depth) : std::vector<BerTag>{around.front()};
}

bool BerType::is_here(const model::Field& field, ByteView octets) const {
    if (!ber_parameters(field).is_optional) {
        return true;
    }
    if (octets.empty()) {
        return false;
    }
    const Header header = ber::read_header(octets);
    const std::vector<BerTag> own = tags(field);
    return own.empty() || std::find(own.begin(), own.end(), header.tag) != own.end();
}

bool BerType::means_default_when_absent(const model::Field& field) const {
    return ber_parameters(field).is_default_omitted;
}

void BerType::encode(const model::Field& field, const model::Value& value, EncodeContext& context) const {
    const BerParameters& parameters = ber_parameters(field);
    if (value.is_none() && parameters.is_optional) {
        return;
    }
    if (parameters.is_default_omitted) {
        const std::vector<model::Field>& fields = context.layer.protocol->fields;
        const auto own =
            std::find_if(fields.begin(), fields.end(), [&](const model::Field& each) { return &each == &field; });
        if (own != fields.end() && !context.layer.fields[static_cast<std::size_t>(own - fields.begin())].is_set) {
            return;
        }
    }
    context.writer.align();
    if (is_container() && value.is<Bytes>()) {
        context.writer.write_bytes(*value.get_if<Bytes>());
        return;
    }
    write_within(parameters.around, context, [&](EncodeContext& inner) {
        encode_value(field, value.is_none() ? empty_value(field, context.layer) : value, inner);
    });
}

model::Value BerType::decode(const model::Field& field, DecodeContext& context) const {
    const std::vector<BerTag>& around = ber_parameters(field).around;
    if (around.empty()) {
        return decode_value(field, context);
    }
    const ByteView whole = context.reader.rest();
    const std::optional<ber::Lengths> noted =
        is_container() && context.lengths != nullptr ? std::optional(*context.lengths) : std::nullopt;
    ByteView contents = take_contents(around.front(), context);
    for (std::size_t next = 1; next < around.size(); ++next) {
        BitReader reader(contents);
        DecodeContext inner = with_reader(reader, context);
        contents = take_contents(around[next], inner);
        if (!reader.at_end()) {
            throw DecodeError("more follows a value within its explicit tag");
        }
    }
    if (is_bit_string(around.back())) {
        if (contents.empty() || contents.front() != 0) {
            throw DecodeError("a bit string that holds a value is not whole octets");
        }
        contents = contents.subspan(1);
    }
    BitReader reader(contents);
    DecodeContext inner = with_reader(reader, context);
    model::Value value = decode_value(field, inner);
    if (!reader.at_end()) {
        throw DecodeError("more follows a value within what is around it");
    }
    if (is_container() && value.is<Bytes>()) {
        // Octets in place of a value are those of the whole field, with the lengths that they have.
        value = copy(whole.first(whole.size() - context.reader.rest().size()));
        if (noted) {
            *context.lengths = *noted;
        }
    }
    return value;
}

model::Value BerLengthsType::parse(const model::Field& field, const model::Value& value,
                                   const ParseContext& context) const {
    constexpr Integer kMost = 126;
    if (const std::string* const text = value.get_if<std::string>()) {
        const std::string_view word = trim(*text);
        return word.empty() ? model::Value() : parse(field, context.read_expression(word), context);
    }
    if (value.is_none()) {
        return model::List{};
    }
    const std::vector<model::Value>* const lists = items_of(value);
    const auto is_number = [](const model::Value& item) {
        const Integer* const number = item.get_if<Integer>();
        return number != nullptr && *number >= 0 && *number <= kMost;
    };
    const bool is_right = lists != nullptr && std::all_of(lists->begin(), lists->end(), [&](const model::Value& list) {
                              const std::vector<model::Value>* const items = items_of(list);
                              return items != nullptr && std::all_of(items->begin(), items->end(), is_number);
                          });
    if (!is_right) {
        throw ValueError("not a list of lists of numbers of octets, up to 126: [[2], [], [1, 2]]");
    }
    return to_value(read_lengths(value));
}

void BerLengthsType::express(const model::Field& /*field*/, const model::Value& value, std::string& out) const {
    append_expression(value, out);
}

ber::Lengths read_lengths(const model::Value& value) {
    ber::Lengths lengths;
    if (const std::vector<model::Value>* const lists = items_of(value)) {
        for (const model::Value& list : *lists) {
            std::vector<std::size_t>& slot = lengths.slots.emplace_back();
            for (const model::Value& number : *items_of(list)) {
                slot.push_back(static_cast<std::size_t>(*number.get_if<Integer>()));
            }
        }
    }
    return lengths;
}

model::Value to_value(const ber::Lengths& lengths) {
    model::List lists;
    std::size_t used_lists = 0;
    for (const std::vector<std::size_t>& slot : lengths.slots) {
        model::List list;
        std::size_t used = 0;
        for (const std::size_t octets : slot) {
            list.items.emplace_back(static_cast<Integer>(octets));
            used = octets != 0 ? list.items.size() : used;
        }
        list.items.resize(used);
        lists.items.emplace_back(std::move(list));
        used_lists = used != 0 ? lists.items.size() : used_lists;
    }
    lists.items.resize(used_lists);
    return lists;
}

void add_ber_types(TypeTable& table) {
    const auto add = [&table](std::initializer_list<std::string_view> names, std::string_view documentation,
                              const std::shared_ptr<const FieldType>& type) {
        for (const std::string_view name : names) {
            table.add(name, TypeGroup::kBer, documentation, type);
        }
    };
    add({"ASN1F_INTEGER", "ASN1F_enum_INTEGER"}, "INTEGER, of any size: decimal, or hexadecimal beyond 64 bits",
        std::make_shared<BerIntegerType>(ber::kInteger));
    add({"ASN1F_ENUMERATED"}, "ENUMERATED, in the same way", std::make_shared<BerIntegerType>(ber::kEnumerated));
    add({"ASN1F_BOOLEAN"}, "BOOLEAN: `True` or `False`", std::make_shared<BerBooleanType>());
    add({"ASN1F_NULL"}, "NULL: always 0", std::make_shared<BerNullType>());
    add({"ASN1F_OID"}, "OBJECT IDENTIFIER: dotted numbers, or a [name](#ber)",
        std::make_shared<BerObjectIdentifierType>());
    add({"ASN1F_STRING"}, "OCTET STRING", std::make_shared<BerStringType>(ber::kOctetString));
    constexpr std::string_view kString = "the string of that name; its octets";
    add({"ASN1F_UTF8_STRING"}, kString, std::make_shared<BerStringType>(ber::kUtf8String));
    add({"ASN1F_NUMERIC_STRING"}, kString, std::make_shared<BerStringType>(ber::kNumericString));
    add({"ASN1F_PRINTABLE_STRING"}, kString, std::make_shared<BerStringType>(ber::kPrintableString));
    add({"ASN1F_T61_STRING"}, kString, std::make_shared<BerStringType>(ber::kTeletexString));
    add({"ASN1F_VIDEOTEX_STRING"}, kString, std::make_shared<BerStringType>(ber::kVideotexString));
    add({"ASN1F_IA5_STRING"}, kString, std::make_shared<BerStringType>(ber::kIa5String));
    add({"ASN1F_ISO646_STRING"}, kString, std::make_shared<BerStringType>(ber::kVisibleString));
    add({"ASN1F_GENERAL_STRING"}, kString, std::make_shared<BerStringType>(ber::kGeneralString));
    add({"ASN1F_UNIVERSAL_STRING"}, kString, std::make_shared<BerStringType>(ber::kUniversalString));
    add({"ASN1F_BMP_STRING"}, kString, std::make_shared<BerStringType>(ber::kBmpString));
    add({"ASN1F_UTC_TIME"}, "UTCTime: `261121082430Z`, shown as `Nov 21 08:24:30 2026 GMT`",
        std::make_shared<BerTimeType>(ber::kUtcTime));
    add({"ASN1F_GENERALIZED_TIME"}, "GeneralizedTime: `20261121082430Z`, shown in the same way",
        std::make_shared<BerTimeType>(ber::kGeneralizedTime));
    add({"ASN1F_BIT_STRING", "ASN1F_BIT_STRING_ENCAPS"},
        "BIT STRING: octets, shown as `0x8001`, or bits, `101`; or a packet of the protocol that it holds",
        std::make_shared<BerBitStringType>(false));
    add({"ASN1F_FLAGS"}, "BIT STRING of bits with names: `101`, shown as `digitalSignature+keyEncipherment`",
        std::make_shared<BerBitStringType>(true));
    add({"ASN1F_SEQUENCE_OF"}, "SEQUENCE OF: a list of packets, which begin with `holds`, or of an `element`",
        std::make_shared<BerListType>(ber::kSequence));
    add({"ASN1F_SET_OF"}, "SET OF, in the same way; the order is that which is given",
        std::make_shared<BerListType>(ber::kSet));
    add({"ASN1F_PACKET"}, "a packet of a protocol with `encoding`", std::make_shared<BerPacketType>());
    add({"ASN1F_CHOICE"},
        "CHOICE, one of its `alternatives`: a packet, or the name of a type without `ASN1F_` and a value, "
        "`('INTEGER', 5)`",
        std::make_shared<BerChoiceType>(false));
    add({"ASN1F_field"},
        "any value, in the same way; without `alternatives` those of all types above; others are their octets",
        std::make_shared<BerChoiceType>(true));
}

}  // namespace framewright::fields
