#include "protocol_db/fields/node_information_types.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "protocol_db/expression/literal.hpp"
#include "protocol_db/fields/address_types.hpp"
#include "protocol_db/fields/dns_types.hpp"
#include "protocol_db/fields/registry.hpp"
#include "protocol_db/fields/text.hpp"

namespace framewright::fields {

namespace {

/// The codes of a query: what its subject is.
constexpr Integer kIpv6Subject = 0;
constexpr Integer kNameSubject = 1;
constexpr Integer kIpv4Subject = 2;

/// The qtypes of RFC 4620 section 6.
constexpr Integer kNoOperation = 0;
constexpr Integer kNodeName = 2;
constexpr Integer kIpv6Addresses = 3;
constexpr Integer kIpv4Addresses = 4;

constexpr std::size_t kIpv6Octets = 16;
constexpr std::size_t kIpv4Octets = 4;
constexpr std::size_t kTimeToLiveOctets = 4;
constexpr Integer kLongestTimeToLive = 0xffffffff;

constexpr std::string_view kTimeToLiveMark = "ttl:";
/// How our clients write that there is nothing.
constexpr std::string_view kNothing = "None";

Bytes copy(ByteView octets) {
    return {octets.begin(), octets.end()};
}

Bytes octets_of(std::string_view text) {
    return {text.begin(), text.end()};
}

void append(Bytes& out, ByteView octets) {
    out.insert(out.end(), octets.begin(), octets.end());
}

model::Value pair(Integer first, model::Value second) {
    return model::Tuple{{first, std::move(second)}};
}

/// The number and the data of a value that holds both.
struct NumberedData {
    Integer number;
    const model::Value& data;
};

std::optional<NumberedData> numbered_data(const model::Value& value) {
    const model::Tuple* const tuple = value.get_if<model::Tuple>();
    const Integer* const number =
        tuple != nullptr && tuple->items.size() == 2 ? tuple->items.front().get_if<Integer>() : nullptr;
    return number != nullptr ? std::optional<NumberedData>({*number, tuple->items.back()}) : std::nullopt;
}

Integer qtype_of(const model::Field& field, const expression::RuleContext& rules) {
    const std::optional<std::size_t> selector = parameters_of<NodeInformationParameters>(field).selector;
    return selector ? rules.field(*selector) : kNoOperation;
}

constexpr Key kSelectorKey{"selector", Shape::kFieldId, "The field that tells node information fields their kind."};
constexpr Key kSubjectCodeKey{"subject_code", Shape::kFieldId,
                              "The field that tells what the subject of a node information query is."};
constexpr std::array<Key, 1> kReplyKeys{kSelectorKey};
constexpr std::array<Key, 2> kQueryKeys{kSelectorKey, kSubjectCodeKey};

/// The query's code, none where it is left to what the subject is.
std::optional<Integer> code_of(const model::Field& field, const DecodeContext& context) {
    const std::optional<std::size_t> code = parameters_of<NodeInformationParameters>(field).subject_code;
    return code && context.rules.is_defined(*code) ? std::optional<Integer>(context.rules.field(*code)) : std::nullopt;
}

/// Whether a text begins as only an expression does: a bracket, or a quotation mark with or without a prefix.
bool begins_expression(std::string_view text) {
    if (text.starts_with('[') || text.starts_with('(')) {
        return true;
    }
    const std::size_t quote = text.find_first_of("'\"");
    return quote <= 2 && text.find_first_not_of("bBrRuU") == quote;
}

bool is_literal(std::string_view text) {
    try {
        expression::parse_literal(text);
        return true;
    } catch (const expression::SyntaxError&) {
        return false;
    }
}

/// The octets of a name. Throws ValueError for a label that is empty or longer than 63 bytes.
Bytes name_octets(ByteView name) {
    Bytes octets;
    write_labels(name, octets);
    if (std::find(name.begin(), name.end(), '.') == name.end()) {
        // The zero-length label that a single component has beyond a qualified name's; as our clients know it, an
        // empty name is an empty component.
        octets.insert(octets.end(), name.empty() ? 2 : 1, 0);
    }
    return octets;
}

/// The octets of a name that is given as octets: its own where it ends as an encoded one; there are no pointers (RFC
/// 4620 section 5.4). Throws ValueError.
Bytes name_octets_of_bytes(ByteView name) {
    return is_encoded_name(name) && name.back() == 0 ? copy(name) : name_octets(name);
}

/// A name as it is on the wire.
struct Name {
    std::string text;
    /// Whether the text says it all: no label holds a dot or what is not ASCII.
    bool is_text = true;
};

/// Reads a name at `position`, as name_octets writes it, and moves `position` behind it; none for what is no name.
std::optional<Name> read_name(ByteView octets, std::size_t& position) {
    constexpr std::size_t kLongestLabel = 63;
    const auto take_zero = [octets, &position] {
        const bool is_zero = position < octets.size() && octets[position] == 0;
        position += is_zero ? 1 : 0;
        return is_zero;
    };
    Name name;
    std::size_t labels = 0;
    while (!take_zero()) {
        const std::size_t length = position < octets.size() ? octets[position] : 0;
        if (length == 0 || length > kLongestLabel || length >= octets.size() - position) {
            return std::nullopt;
        }
        const ByteView label = octets.subspan(position + 1, length);
        name.is_text = name.is_text && std::none_of(label.begin(), label.end(),
                                                    [](std::uint8_t octet) { return octet == '.' || octet >= 0x80; });
        name.text += labels++ == 0 ? "" : ".";
        name.text.append(label.begin(), label.end());
        position += length + 1;
    }
    if (labels > 1) {
        return name;
    }
    const std::size_t behind_first_zero = position;
    if (take_zero() && (labels == 1 || take_zero())) {
        return name;
    }
    position = behind_first_zero;
    name.text += '.';
    return name;
}

/// The names in a row that the octets are, none when they are something else or no text says it all.
std::optional<std::vector<std::string>> read_names(ByteView octets) {
    std::vector<std::string> names;
    for (std::size_t position = 0; position < octets.size();) {
        std::optional<Name> name = read_name(octets, position);
        if (!name || !name->is_text) {
            return std::nullopt;
        }
        names.push_back(std::move(name->text));
    }
    return names;
}

std::optional<Bytes> ipv6_octets(std::string_view text) {
    const auto octets = parse_ipv6_address(text);
    return octets ? std::optional(copy(*octets)) : std::nullopt;
}

/// Four numbers, not one.
std::optional<Bytes> ipv4_octets(std::string_view text) {
    const auto number = text.find('.') != std::string_view::npos ? parse_ipv4_address(text) : std::nullopt;
    if (!number) {
        return std::nullopt;
    }
    return Bytes{static_cast<std::uint8_t>(*number >> 24), static_cast<std::uint8_t>(*number >> 16),
                 static_cast<std::uint8_t>(*number >> 8), static_cast<std::uint8_t>(*number)};
}

/// How many of the octets are a query's subject: one address or name, or all of them where they begin with none.
std::size_t subject_size(Integer code, ByteView octets) {
    if (code == kIpv6Subject || code == kIpv4Subject) {
        return std::min(octets.size(), code == kIpv6Subject ? kIpv6Octets : kIpv4Octets);
    }
    std::size_t position = 0;
    return code == kNameSubject && read_name(octets, position) ? position : octets.size();
}

bool is_one_name(ByteView wire) {
    const auto names = read_names(wire);
    return names && names->size() == 1;
}

bool is_empty_name(ByteView wire) {
    const Bytes empty = name_octets({});
    return std::equal(wire.begin(), wire.end(), empty.begin(), empty.end());
}

/// The code that a subject would have.
Integer code_for(ByteView wire) {
    if (is_one_name(wire)) {
        return kNameSubject;
    }
    return wire.size() == kIpv6Octets ? kIpv6Subject : wire.size() == kIpv4Octets ? kIpv4Subject : kNameSubject;
}

/// What a query holds for a subject on the wire.
model::Value query_value(Integer code, ByteView wire, bool is_no_operation) {
    if (code == kIpv6Subject && wire.size() == kIpv6Octets) {
        return pair(code, ipv6_text(wire));
    }
    if (code == kIpv4Subject && wire.size() == kIpv4Octets) {
        return pair(code, ipv4_text(wire));
    }
    const auto names = code == kNameSubject ? read_names(wire) : std::nullopt;
    const bool is_text = names && names->size() == 1 && !(names->front().empty() && is_no_operation);
    return pair(code, is_text ? model::Value(names->front()) : model::Value(copy(wire)));
}

/// The wire form of a subject that is a text. Throws ValueError.
Bytes subject_octets(Integer code, std::string_view text) {
    if (code == kNameSubject) {
        return name_octets(octets_of(text));
    }
    if (code != kIpv6Subject && code != kIpv4Subject) {
        throw ValueError("a subject of code " + to_string(code) + " is bytes");
    }
    const auto octets = code == kIpv6Subject ? ipv6_octets(trim(text)) : ipv4_octets(trim(text));
    if (!octets) {
        throw ValueError(code == kIpv6Subject ? "not an IPv6 address" : "not an IPv4 address");
    }
    return *octets;
}

/// What a query holds for a text: an address if it is one, else a name. Throws ValueError.
model::Value text_value(std::string_view text) {
    const Integer code = ipv6_octets(text) ? kIpv6Subject : ipv4_octets(text) ? kIpv4Subject : kNameSubject;
    return query_value(code, subject_octets(code, text), false);
}

/// The times to live and addresses that octets are, a whole number of them.
model::List read_addresses(ByteView octets, std::size_t address_size) {
    BitReader reader(octets);
    model::List list;
    while (!reader.at_end()) {
        const Integer time_to_live = reader.read_bits(kTimeToLiveOctets * 8);
        const ByteView address = reader.read_bytes(address_size);
        list.items.push_back(pair(time_to_live, address_size == kIpv6Octets ? ipv6_text(address) : ipv4_text(address)));
    }
    return list;
}

/// What a reply holds for data on the wire.
model::Value reply_value(Integer qtype, ByteView wire) {
    if (qtype == kNodeName && wire.size() >= kTimeToLiveOctets) {
        if (const auto names = read_names(wire.subspan(kTimeToLiveOctets))) {
            model::List list{{BitReader(wire).read_bits(kTimeToLiveOctets * 8)}};
            list.items.insert(list.items.end(), names->begin(), names->end());
            return pair(qtype, std::move(list));
        }
    }
    if (qtype == kIpv6Addresses || qtype == kIpv4Addresses) {
        const std::size_t address_size = qtype == kIpv6Addresses ? kIpv6Octets : kIpv4Octets;
        if (wire.size() % (kTimeToLiveOctets + address_size) == 0) {
            return pair(qtype, read_addresses(wire, address_size));
        }
    }
    return pair(qtype, copy(wire));
}

void write_time_to_live(const model::Value& value, Bytes& out) {
    const Integer* const seconds = value.get_if<Integer>();
    if (seconds == nullptr || *seconds < 0 || *seconds > kLongestTimeToLive) {
        throw ValueError("a time to live is a number from 0 to " + to_string(kLongestTimeToLive) + ", not " +
                         describe(value));
    }
    BitWriter(out).write_bits(*seconds, kTimeToLiveOctets * 8);
}

/// The wire form of names, with a time to live before them or without. Throws ValueError.
Bytes names_octets(const std::vector<model::Value>& items) {
    Bytes wire;
    const bool has_time_to_live = !items.empty() && items.front().is<Integer>();
    write_time_to_live(has_time_to_live ? items.front() : model::Value(Integer{0}), wire);
    for (std::size_t index = has_time_to_live ? 1 : 0; index < items.size(); ++index) {
        if (const std::string* const text = items[index].get_if<std::string>()) {
            append(wire, name_octets(octets_of(*text)));
        } else if (const Bytes* const name = items[index].get_if<Bytes>()) {
            append(wire, name_octets_of_bytes(*name));
        } else {
            throw ValueError("a name is text, not " + describe(items[index]));
        }
    }
    return wire;
}

/// The wire form of addresses of one IP version, each with a time to live or without. Throws ValueError.
Bytes addresses_octets(const std::vector<model::Value>& items) {
    Bytes wire;
    std::size_t size = 0;
    for (const model::Value& item : items) {
        const std::vector<model::Value>* const parts = items_of(item);
        const bool has_time_to_live = parts != nullptr && parts->size() == 2;
        write_time_to_live(has_time_to_live ? parts->front() : model::Value(Integer{0}), wire);
        const std::string* const text = (has_time_to_live ? parts->back() : item).get_if<std::string>();
        std::optional<Bytes> address;
        if (text != nullptr) {
            address = ipv6_octets(trim(*text));
            address = address ? address : ipv4_octets(trim(*text));
        }
        if (!address) {
            throw ValueError("neither an address nor a pair of time to live and address: " + describe(item));
        }
        if (size != 0 && size != address->size()) {
            throw ValueError("the addresses are neither all of IPv6 nor all of IPv4");
        }
        size = address->size();
        append(wire, *address);
    }
    return wire;
}

/// What a reply holds for a client's list. Throws ValueError.
model::Value reply_value(Integer qtype, const std::vector<model::Value>& items) {
    if (items.empty()) {
        return pair(qtype, model::List());
    }
    const bool are_names = qtype == kNodeName ? items_of(items.front()) == nullptr : items.front().is<Integer>();
    if (are_names) {
        return reply_value(kNodeName, names_octets(items));
    }
    const Bytes wire = addresses_octets(items);
    const bool are_ipv6 = wire.size() / items.size() == kTimeToLiveOctets + kIpv6Octets;
    return reply_value(are_ipv6 ? kIpv6Addresses : kIpv4Addresses, wire);
}

/// What a reply holds for a client's text. Throws ValueError.
model::Value reply_value(Integer qtype, std::string_view text) {
    if (qtype == kNodeName || qtype == kIpv6Addresses || qtype == kIpv4Addresses) {
        return reply_value(qtype, std::vector<model::Value>{std::string(trim(text))});
    }
    return reply_value(qtype, ByteView(octets_of(text)));
}

/// Whether a text in a field's own notation stands for just this value.
bool reads_back(const FieldType& type, const model::Field& field, std::string_view text, const model::Value& value) {
    try {
        return type.parse_notation(field, text) == value;
    } catch (const ValueError&) {
        return false;
    }
}

}  // namespace

std::span<const Key> NodeInformationQueryType::keys() const {
    return kQueryKeys;
}

std::shared_ptr<const Parameters> NodeInformationQueryType::read_parameters(ParameterReader& reader) const {
    auto parameters = std::make_shared<NodeInformationParameters>();
    parameters->selector = reader.field_index(kSelectorKey);
    parameters->subject_code = reader.field_index(kSubjectCodeKey);
    return parameters;
}

void NodeInformationQueryType::encode(const model::Field& /*field*/, const model::Value& value,
                                      EncodeContext& context) const {
    const auto subject = numbered_data(value);
    if (!subject) {
        return;
    }
    if (const std::string* const text = subject->data.get_if<std::string>()) {
        context.writer.write_bytes(subject_octets(subject->number, *text));
    } else if (const Bytes* const octets = subject->data.get_if<Bytes>()) {
        context.writer.write_bytes(*octets);
    }
}

model::Value NodeInformationQueryType::decode(const model::Field& field, DecodeContext& context) const {
    const bool is_no_operation = qtype_of(field, context.rules) == kNoOperation;
    const std::optional<Integer> code = code_of(field, context);
    if (!code) {
        const ByteView wire = context.reader.read_bytes(context.reader.rest().size());
        return query_value(code_for(wire), wire, is_no_operation);
    }
    const ByteView wire = context.reader.read_bytes(subject_size(*code, context.reader.rest()));
    // Where the code says nothing, a name is still told; NOOP has the empty one whatever its code.
    const bool is_known = *code >= kIpv6Subject && *code <= kIpv4Subject;
    const bool is_name = is_known ? is_no_operation && is_empty_name(wire) : is_one_name(wire);
    return query_value(is_name ? kNameSubject : *code, wire, is_no_operation);
}

model::Value NodeInformationQueryType::parse(const model::Field& field, const model::Value& value,
                                             const ParseContext& context) const {
    if (value.is_none()) {
        return field.default_value;
    }
    if (const std::string* const text = value.get_if<std::string>()) {
        const std::string_view word = trim(*text);
        if (word == kNothing) {
            return field.default_value;
        }
        if (begins_expression(word)) {
            const model::Value read = context.read_expression(word);
            const std::string* const quoted = read.get_if<std::string>();
            return quoted != nullptr ? text_value(*quoted) : parse(field, read, context);
        }
        return text_value(word);
    }
    const bool is_no_operation = qtype_of(field, context.rules()) == kNoOperation;
    if (const Bytes* const name = value.get_if<Bytes>()) {
        return query_value(kNameSubject, name_octets_of_bytes(*name), is_no_operation);
    }
    const auto subject = numbered_data(value);
    if (!subject) {
        throw ValueError("neither a name, an address, nor a pair of code and subject");
    }
    if (subject->number < 0 || subject->number > 0xff) {
        throw ValueError("the subject's code does not fit into 8 bits (0 to 255)");
    }
    if (const std::string* const text = subject->data.get_if<std::string>()) {
        return query_value(subject->number, subject_octets(subject->number, *text), false);
    }
    const Bytes* const octets = subject->data.get_if<Bytes>();
    if (octets == nullptr && !subject->data.is_none()) {
        throw ValueError("a subject is text or bytes, not " + describe(subject->data));
    }
    const ByteView wire = octets != nullptr ? ByteView(*octets) : ByteView();
    if (subject_size(subject->number, wire) < wire.size()) {
        throw ValueError("the subject goes on behind the address or name that it begins with");
    }
    return query_value(subject->number, wire, is_no_operation);
}

void NodeInformationQueryType::show(const model::Field& field, const model::Value& value, std::string& out) const {
    const auto subject = numbered_data(value);
    if (!subject) {
        FieldType::show(field, value, out);
        return;
    }
    const std::string* const text = subject->data.get_if<std::string>();
    if (text != nullptr && reads_back(*this, field, *text, value)) {
        out += *text;
    } else if (subject->number == kNameSubject && subject->data == model::Value(name_octets({}))) {
        append_expression(Bytes(), out);
    } else {
        append_expression(value, out);
    }
}

model::Value NodeInformationQueryType::parse_notation(const model::Field& /*field*/, std::string_view text) const {
    const std::string_view word = trim(text);
    if (begins_expression(word) || is_literal(word)) {
        return {};
    }
    return text_value(word);
}

std::span<const Key> NodeInformationReplyType::keys() const {
    return kReplyKeys;
}

std::shared_ptr<const Parameters> NodeInformationReplyType::read_parameters(ParameterReader& reader) const {
    auto parameters = std::make_shared<NodeInformationParameters>();
    parameters->selector = reader.field_index(kSelectorKey);
    return parameters;
}

void NodeInformationReplyType::encode(const model::Field& /*field*/, const model::Value& value,
                                      EncodeContext& context) const {
    const auto reply = numbered_data(value);
    if (!reply) {
        return;
    }
    const std::vector<model::Value>* const items = items_of(reply->data);
    if (const Bytes* const octets = reply->data.get_if<Bytes>()) {
        context.writer.write_bytes(*octets);
    } else if (items != nullptr && !items->empty()) {
        context.writer.write_bytes(reply->number == kNodeName ? names_octets(*items) : addresses_octets(*items));
    }
}

model::Value NodeInformationReplyType::decode(const model::Field& field, DecodeContext& context) const {
    const ByteView wire = context.reader.read_bytes(context.reader.rest().size());
    return wire.empty() ? model::Value() : reply_value(qtype_of(field, context.rules), wire);
}

model::Value NodeInformationReplyType::parse(const model::Field& field, const model::Value& value,
                                             const ParseContext& context) const {
    const Integer qtype = qtype_of(field, context.rules());
    if (value.is_none()) {
        return {};
    }
    if (const std::string* const text = value.get_if<std::string>()) {
        const std::string_view word = trim(*text);
        if (word.empty() || word == kNothing) {
            return {};
        }
        if (begins_expression(word)) {
            const model::Value read = context.read_expression(word);
            const std::string* const quoted = read.get_if<std::string>();
            return quoted != nullptr ? reply_value(qtype, *quoted) : parse(field, read, context);
        }
        model::Value names = parse_notation(field, word);
        return names.is_none() ? reply_value(qtype, *text) : names;
    }
    if (const Bytes* const octets = value.get_if<Bytes>()) {
        return qtype == kNodeName ? reply_value(qtype, std::vector<model::Value>{value}) : reply_value(qtype, *octets);
    }
    if (const model::List* const list = value.get_if<model::List>()) {
        return reply_value(qtype, list->items);
    }
    const auto reply = numbered_data(value);
    if (!reply) {
        throw ValueError("neither text, bytes, a list, nor a pair of qtype and data");
    }
    if (reply->number < 0 || reply->number > 0xffff) {
        throw ValueError("the data's qtype does not fit into 16 bits (0 to 65535)");
    }
    if (const std::vector<model::Value>* const items = items_of(reply->data)) {
        return reply_value(reply->number, *items);
    }
    if (const std::string* const text = reply->data.get_if<std::string>()) {
        return reply_value(reply->number, *text);
    }
    const Bytes* const octets = reply->data.get_if<Bytes>();
    if (octets == nullptr && !reply->data.is_none()) {
        throw ValueError("the data is text, bytes or a list, not " + describe(reply->data));
    }
    return octets != nullptr ? reply_value(reply->number, *octets) : model::Value();
}

void NodeInformationReplyType::show(const model::Field& field, const model::Value& value, std::string& out) const {
    const auto reply = numbered_data(value);
    if (!reply) {
        FieldType::show(field, value, out);
        return;
    }
    const std::vector<model::Value>* const items = items_of(reply->data);
    if (items == nullptr) {
        append_expression(value, out);
    } else if (items->empty() || reply->number != kNodeName) {
        append_expression(reply->data, out);
    } else {
        std::string text(kTimeToLiveMark);
        append_expression(items->front(), text);
        for (std::size_t index = 1; index < items->size(); ++index) {
            const std::string* const name = (*items)[index].get_if<std::string>();
            text += index == 1 ? " " : ", ";
            text += name != nullptr ? *name : std::string();
        }
        if (reads_back(*this, field, text, value)) {
            out += text;
        } else {
            append_expression(value, out);
        }
    }
}

model::Value NodeInformationReplyType::parse_notation(const model::Field& /*field*/, std::string_view text) const {
    std::string_view rest = trim(text);
    if (!rest.starts_with(kTimeToLiveMark)) {
        return {};
    }
    rest.remove_prefix(kTimeToLiveMark.size());
    const std::size_t blank = std::min(rest.find(' '), rest.size());
    const std::optional<Integer> seconds = parse_integer(rest.substr(0, blank));
    if (!seconds) {
        return {};
    }
    rest = trim(rest.substr(blank));
    std::vector<model::Value> items{*seconds};
    while (!rest.empty()) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        items.emplace_back(std::string(trim(rest.substr(0, comma))));
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    return reply_value(kNodeName, names_octets(items));
}

void add_node_information_types(TypeTable& table) {
    constexpr std::string_view kData =
        "what a node information message (RFC 4620) asks and answers, as its `selector` says";
    table.add("NIQueryDataField", TypeGroup::kNames, kData, std::make_shared<NodeInformationQueryType>());
    table.add("NIReplyDataField", TypeGroup::kNames, kData, std::make_shared<NodeInformationReplyType>());
}

}  // namespace framewright::fields
