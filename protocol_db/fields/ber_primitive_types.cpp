#include "protocol_db/fields/ber_types.hpp"

#include <algorithm>
#include <array>

#include "protocol_db/fields/ber_values.hpp"

namespace framewright::fields {

model::Value BerPrimitiveType::parse(const model::Field& field, const model::Value& value,
                                     const ParseContext& context) const {
    if (value.is_none()) {
        return value;
    }
    const Bytes* const octets = value.get_if<Bytes>();
    return octets != nullptr ? parse_octets(field, *octets) : parse_value(field, value, context);
}

model::Value BerPrimitiveType::parse_octets(const model::Field& field, const Bytes& octets) const {
    try {
        return read_contents(field, octets);
    } catch (const DecodeError& error) {
        throw ValueError(std::string("the octets are not its contents: ") + error.what());
    }
}

std::vector<BerTag> BerPrimitiveType::own_tags(const model::Field& field, std::size_t /*depth*/) const {
    return {ber_parameters(field).implicit_tag.value_or(ber::universal(universal_tag_))};
}

void BerPrimitiveType::encode_value(const model::Field& field, const model::Value& value,
                                    EncodeContext& context) const {
    write_value(own_tags(field, 0).front(), context,
                [&](EncodeContext& inner) { write_contents(field, value, inner); });
}

void BerPrimitiveType::write_contents(const model::Field& field, const model::Value& value,
                                      EncodeContext& context) const {
    const Bytes* const octets = value.get_if<Bytes>();
    context.writer.write_bytes(octets != nullptr ? *octets : contents(field, value));
}

model::Value BerPrimitiveType::decode_value(const model::Field& field, DecodeContext& context) const {
    const ByteView octets = take_contents(own_tags(field, 0).front(), context);
    return read_contents_in(field, octets, context);
}

std::span<const Key> BerIntegerType::keys() const {
    static constexpr auto kKeys = with_common_keys(std::array<Key, 1>{kEnumerationKey});
    return kKeys;
}

namespace {

/// Of the contents of a number: itself where it has up to 64 bits, else its text.
model::Value number_of(ByteView contents) {
    constexpr std::size_t kWord = 8;
    if (contents.size() > kWord + 1 || (contents.size() == kWord + 1 && contents.front() != 0)) {
        return ber::integer_text(contents);
    }
    Integer number = contents.front() >= 0x80 ? -1 : 0;
    for (const std::uint8_t octet : contents) {
        number = number * 256 + octet;
    }
    return number;
}

}  // namespace

Bytes BerIntegerType::contents(const model::Field& /*field*/, const model::Value& value) const {
    const Integer* const number = value.get_if<Integer>();
    const std::string* const text = value.get_if<std::string>();
    const auto contents = number != nullptr ? ber::integer_contents(to_string(*number))
                          : text != nullptr ? ber::integer_contents(*text)
                                            : std::nullopt;
    if (!contents) {
        throw ValueError("not a number");
    }
    return *contents;
}

model::Value BerIntegerType::read_contents(const model::Field& /*field*/, ByteView octets) const {
    if (octets.empty()) {
        throw DecodeError("a number without contents");
    }
    return ber::is_shortest_integer(octets) ? number_of(octets) : copy(octets);
}

model::Value BerIntegerType::parse_value(const model::Field& field, const model::Value& value,
                                         const ParseContext& /*context*/) const {
    if (value.is<Integer>()) {
        return number_of(contents(field, value));
    }
    const std::string* const text = value.get_if<std::string>();
    if (text == nullptr) {
        throw ValueError("not a number");
    }
    const std::string_view word = trim(*text);
    if (word.empty()) {
        return {};
    }
    const model::Enumeration* const names = ber_parameters(field).number_names.enumeration;
    if (const auto named = names != nullptr ? names->number_of(word) : std::nullopt) {
        return *named;
    }
    const std::optional<Bytes> contents = ber::integer_contents(word);
    if (!contents) {
        throw ValueError(names != nullptr ? "neither a number nor one of its names" : "not a number");
    }
    return number_of(*contents);
}

void BerIntegerType::show(const model::Field& field, const model::Value& value, std::string& out) const {
    const Integer* const number = value.get_if<Integer>();
    const model::Enumeration* const names = ber_parameters(field).number_names.enumeration;
    const std::string* const name = number != nullptr && names != nullptr ? names->name_of(*number) : nullptr;
    if (name != nullptr) {
        out += *name;
    } else {
        FieldType::show(field, value, out);
    }
}

Bytes BerBooleanType::contents(const model::Field& /*field*/, const model::Value& value) const {
    const Integer* const number = value.get_if<Integer>();
    return {static_cast<std::uint8_t>(number != nullptr && *number != 0 ? 0xff : 0)};
}

model::Value BerBooleanType::read_contents(const model::Field& /*field*/, ByteView octets) const {
    if (octets.size() != 1) {
        throw DecodeError("a BOOLEAN of " + std::to_string(octets.size()) + " octets");
    }
    const bool is_usual = octets.front() == 0 || octets.front() == 0xff;
    return is_usual ? model::Value(Integer{octets.front() != 0 ? 1 : 0}) : copy(octets);
}

model::Value BerBooleanType::parse_value(const model::Field& /*field*/, const model::Value& value,
                                         const ParseContext& /*context*/) const {
    std::string word;
    if (const Integer* const number = value.get_if<Integer>()) {
        word = to_string(*number);
    } else if (const std::string* const text = value.get_if<std::string>()) {
        word = trim(*text);
        std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return std::tolower(c); });
        if (word.empty()) {
            return {};
        }
    }
    if (word == "0" || word == "false") {
        return Integer{0};
    }
    if (word == "1" || word == "true") {
        return Integer{1};
    }
    throw ValueError("neither true nor false");
}

void BerBooleanType::show(const model::Field& field, const model::Value& value, std::string& out) const {
    if (const Integer* const number = value.get_if<Integer>()) {
        out += *number != 0 ? "True" : "False";
    } else {
        FieldType::show(field, value, out);
    }
}

Bytes BerNullType::contents(const model::Field& /*field*/, const model::Value& /*value*/) const {
    return {};
}

model::Value BerNullType::read_contents(const model::Field& /*field*/, ByteView octets) const {
    if (!octets.empty()) {
        throw DecodeError("a NULL with contents");
    }
    return Integer{0};
}

model::Value BerNullType::parse_value(const model::Field& /*field*/, const model::Value& value,
                                      const ParseContext& /*context*/) const {
    const Integer* const number = value.get_if<Integer>();
    const std::string* const text = value.get_if<std::string>();
    if (text != nullptr && trim(*text).empty()) {
        return {};
    }
    if ((number != nullptr && *number == 0) || (text != nullptr && trim(*text) == "0")) {
        return Integer{0};
    }
    throw ValueError("a NULL is always 0");
}

Bytes BerObjectIdentifierType::contents(const model::Field& /*field*/, const model::Value& value) const {
    const std::string* const text = value.get_if<std::string>();
    const auto contents = text != nullptr ? ber::object_identifier_contents(*text) : std::nullopt;
    if (!contents) {
        throw ValueError("not an object identifier");
    }
    return *contents;
}

model::Value BerObjectIdentifierType::read_contents(const model::Field& /*field*/, ByteView octets) const {
    if (octets.empty() || (octets.back() & 0x80) != 0) {
        throw DecodeError("an object identifier that ends within a number");
    }
    const std::optional<std::string> text = ber::object_identifier_text(octets);
    return text ? model::Value(*text) : copy(octets);
}

model::Value BerObjectIdentifierType::parse_value(const model::Field& field, const model::Value& value,
                                                  const ParseContext& /*context*/) const {
    const std::string* const text = value.get_if<std::string>();
    const std::string_view word = text != nullptr ? trim(*text) : std::string_view();
    if (text != nullptr && word.empty()) {
        return {};
    }
    // A name, and numbers behind it.
    const std::size_t dot = word.find('.');
    const std::string* const named = ber_parameters(field).database->object_identifier_of(word.substr(0, dot));
    const std::string dotted = named != nullptr
                                   ? *named + std::string(dot == std::string_view::npos ? "" : word.substr(dot))
                                   : std::string(word);
    const auto contents = ber::object_identifier_contents(dotted);
    if (!contents) {
        throw ValueError("neither an object identifier in dotted numbers, 1.3.6.1, nor the name of one");
    }
    const auto canonical = ber::object_identifier_text(*contents);
    return canonical ? *canonical : dotted;
}

void BerObjectIdentifierType::show(const model::Field& field, const model::Value& value, std::string& out) const {
    const std::string* const text = value.get_if<std::string>();
    if (text == nullptr) {
        FieldType::show(field, value, out);
        return;
    }
    // The longest part from its beginning on that has a name, and the numbers behind it.
    const std::string_view dotted = *text;
    for (std::size_t end = dotted.size(); end != std::string_view::npos && end > 0; end = dotted.rfind('.', end - 1)) {
        if (const std::string* const name =
                ber_parameters(field).database->name_of_object_identifier(dotted.substr(0, end))) {
            out.append(*name).append(dotted.substr(end));
            return;
        }
    }
    out += *text;
}

std::span<const Key> BerStringType::keys() const {
    static constexpr auto kKeys = with_common_keys(std::array<Key, 1>{kContentsKey});
    return kKeys;
}

Bytes BerStringType::contents(const model::Field& /*field*/, const model::Value& /*value*/) const {
    throw ValueError("neither text nor bytes");
}

void BerStringType::write_contents(const model::Field& field, const model::Value& value, EncodeContext& context) const {
    const std::shared_ptr<const model::Field>& part = ber_parameters(field).contents;
    if (part != nullptr && !value.is<Bytes>()) {
        part->type->encode(*part, value, context);
    } else {
        BerPrimitiveType::write_contents(field, value, context);
    }
}

model::Value BerStringType::read_contents(const model::Field& /*field*/, ByteView octets) const {
    return copy(octets);
}

model::Value BerStringType::read_contents_in(const model::Field& field, ByteView octets, DecodeContext& context) const {
    const std::shared_ptr<const model::Field>& part = ber_parameters(field).contents;
    if (part == nullptr || part->bits != octets.size() * 8) {
        return copy(octets);
    }
    BitReader reader(octets);
    DecodeContext inner = with_reader(reader, context);
    return part->type->decode(*part, inner);
}

model::Value BerStringType::parse_octets(const model::Field& /*field*/, const Bytes& octets) const {
    return octets;
}

model::Value BerStringType::parse_value(const model::Field& field, const model::Value& value,
                                        const ParseContext& context) const {
    if (const std::shared_ptr<const model::Field>& part = ber_parameters(field).contents) {
        return part->type->parse(*part, value, context);
    }
    if (const std::string* const text = value.get_if<std::string>()) {
        return octets_of(*text);
    }
    throw ValueError("neither text nor bytes");
}

void BerStringType::show(const model::Field& field, const model::Value& value, std::string& out) const {
    const std::shared_ptr<const model::Field>& part = ber_parameters(field).contents;
    if (part != nullptr && !value.is<Bytes>() && !value.is_none()) {
        part->type->show(*part, value, out);
    } else {
        FieldType::show(field, value, out);
    }
}

namespace {

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::optional<unsigned> two_digits(std::string_view text, std::size_t at) {
    const auto number = parse_digits(text.substr(std::min(at, text.size()), 2), 10);
    return number && at + 2 <= text.size() ? std::optional(static_cast<unsigned>(*number)) : std::nullopt;
}

/// "Nov 21 08:24:30 2026 GMT" for "261121082430Z" and "20261121082430Z"; none for another form.
std::optional<std::string> date_of(std::string_view digits, std::size_t year_digits) {
    if (digits.size() != year_digits + 11 || digits.back() != 'Z') {
        return std::nullopt;
    }
    std::array<unsigned, 7> parts{};
    const std::size_t pairs = year_digits / 2 + 5;
    for (std::size_t index = 0; index < pairs; ++index) {
        const std::optional<unsigned> pair = two_digits(digits, index * 2);
        if (!pair) {
            return std::nullopt;
        }
        parts[index] = *pair;
    }
    // RFC 5280 section 4.1.2.5.1: 50 to 99 are of the last century.
    const unsigned century = year_digits == 4 ? parts[0] : parts[0] < 50 ? 20 : 19;
    const unsigned year = century * 100 + parts[year_digits / 2 - 1];
    const unsigned* const rest = parts.data() + year_digits / 2;
    if (rest[0] < 1 || rest[0] > 12 || rest[1] < 1 || rest[1] > 31 || rest[2] > 23 || rest[3] > 59 || rest[4] > 59) {
        return std::nullopt;
    }
    std::string text(kMonths[rest[0] - 1]);
    text += (rest[1] < 10 ? "  " : " ") + std::to_string(rest[1]) + " ";
    const std::size_t clock = year_digits + 4;
    text.append(digits.substr(clock, 2)).append(":").append(digits.substr(clock + 2, 2)).append(":");
    text.append(digits.substr(clock + 4, 2)).append(" ");
    const std::string shown_year = std::to_string(year);
    return text.append(4 - std::min<std::size_t>(shown_year.size(), 4), '0') + shown_year + " GMT";
}

/// The digits of a date as date_of writes it; none for another text.
std::optional<std::string> digits_of(std::string_view date, std::size_t year_digits) {
    constexpr std::size_t kLength = 24;
    if (date.size() != kLength) {
        return std::nullopt;
    }
    const auto month = std::find(kMonths.begin(), kMonths.end(), date.substr(0, 3));
    if (month == kMonths.end()) {
        return std::nullopt;
    }
    const auto number = static_cast<std::size_t>(month - kMonths.begin()) + 1;
    std::string digits(date.substr(16 + (4 - year_digits), year_digits));
    digits += static_cast<char>('0' + number / 10);
    digits += static_cast<char>('0' + number % 10);
    digits += date[4] == ' ' ? '0' : date[4];
    digits += date[5];
    digits.append(date.substr(7, 2)).append(date.substr(10, 2)).append(date.substr(13, 2)).append("Z");
    return date_of(digits, year_digits) == date ? std::optional(digits) : std::nullopt;
}

bool is_time(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789+-.,Z") == std::string_view::npos;
}

}  // namespace

Bytes BerTimeType::contents(const model::Field& /*field*/, const model::Value& value) const {
    const std::string* const text = value.get_if<std::string>();
    if (text == nullptr) {
        throw ValueError("not a time");
    }
    return octets_of(*text);
}

model::Value BerTimeType::read_contents(const model::Field& /*field*/, ByteView octets) const {
    std::string text(octets.begin(), octets.end());
    return is_time(text) ? model::Value(std::move(text)) : copy(octets);
}

model::Value BerTimeType::parse_value(const model::Field& /*field*/, const model::Value& value,
                                      const ParseContext& /*context*/) const {
    const std::string* const text = value.get_if<std::string>();
    const std::string word(text != nullptr ? trim(*text) : std::string_view());
    if (text != nullptr && word.empty()) {
        return {};
    }
    if (auto digits = digits_of(word, year_digits_)) {
        return *digits;
    }
    if (!is_time(word)) {
        const bool is_short = year_digits_ == 2;
        throw ValueError(std::string("not a time such as ") + (is_short ? "261121082430Z" : "20261121082430Z") +
                         " or Nov 21 08:24:30 2026 GMT" + (is_short ? ", in the years from 1950 to 2049" : ""));
    }
    return word;
}

void BerTimeType::show(const model::Field& field, const model::Value& value, std::string& out) const {
    const std::string* const text = value.get_if<std::string>();
    const auto date = text != nullptr ? date_of(*text, year_digits_) : std::nullopt;
    if (date) {
        out += *date;
    } else {
        FieldType::show(field, value, out);
    }
}

std::span<const Key> BerBitStringType::keys() const {
    static constexpr auto kKeys = with_common_keys(std::array<Key, 3>{kBitNamesKey, kHoldsKey, kIdentifiedByKey});
    static constexpr auto kNamedKeys = with_common_keys(std::array<Key, 1>{required(kBitNamesKey)});
    return has_names_ ? std::span<const Key>(kNamedKeys) : std::span<const Key>(kKeys);
}

void BerBitStringType::finish(const model::Field& field) const {
    BerPrimitiveType::finish(field);
    for (const std::string& name : ber_parameters(field).bit_names) {
        if (name.empty() || name.find('+') != std::string::npos || name.find_first_not_of("01") == std::string::npos ||
            name.starts_with("0x")) {
            throw ValueError("\"bit_names\": '" + name + "' cannot be told from bits");
        }
    }
}

namespace {

std::string bits_text(ByteView octets, std::size_t count) {
    std::string text;
    for (std::size_t bit = 0; bit < count; ++bit) {
        text += (octets[bit / 8] >> (7 - bit % 8) & 1) != 0 ? '1' : '0';
    }
    return text;
}

/// The names of bits, joined by plus; none where one has no name of its own, or zeros stand at the end.
std::optional<std::string> names_of_bits(const std::vector<std::string>& names, std::string_view bits) {
    if (!bits.ends_with('1') || bits.size() > names.size()) {
        return std::nullopt;
    }
    std::string text;
    for (std::size_t bit = 0; bit < bits.size(); ++bit) {
        if (bits[bit] == '1') {
            if (std::count(names.begin(), names.end(), names[bit]) != 1) {
                return std::nullopt;
            }
            text += (text.empty() ? "" : "+") + names[bit];
        }
    }
    return text;
}

std::optional<std::string> bits_of_names(const std::vector<std::string>& names, std::string_view text) {
    std::string bits;
    while (true) {
        const std::size_t plus = text.find('+');
        const auto name = std::find(names.begin(), names.end(), trim(text.substr(0, plus)));
        if (name == names.end()) {
            return std::nullopt;
        }
        const auto bit = static_cast<std::size_t>(name - names.begin());
        bits.resize(std::max(bits.size(), bit + 1), '0');
        bits[bit] = '1';
        if (plus == std::string_view::npos) {
            return bits;
        }
        text.remove_prefix(plus + 1);
    }
}

bool is_bits(std::string_view text) {
    return !text.empty() && text.find_first_not_of("01") == std::string_view::npos;
}

Bytes octets_of_bits(std::string_view bits) {
    Bytes octets((bits.size() + 7) / 8);
    for (std::size_t bit = 0; bit < bits.size(); ++bit) {
        if (bits[bit] == '1') {
            octets[bit / 8] = static_cast<std::uint8_t>(octets[bit / 8] | 0x80U >> (bit % 8));
        }
    }
    return octets;
}

/// Bits as the field holds them: whole octets as such, and text where the bits have names.
model::Value bits_value(std::string bits, bool are_named) {
    if (bits.size() % 8 == 0 && !(are_named && !bits.empty() && bits.size() <= kMostNamedBits)) {
        return octets_of_bits(bits);
    }
    return bits;
}

}  // namespace

Bytes BerBitStringType::contents(const model::Field& /*field*/, const model::Value& value) const {
    Bytes contents;
    if (const std::string* const bits = value.get_if<std::string>()) {
        contents = octets_of_bits(*bits);
        contents.insert(contents.begin(), static_cast<std::uint8_t>(contents.size() * 8 - bits->size()));
    } else if (const model::Tuple* const tuple = value.get_if<model::Tuple>()) {
        contents = *tuple->items[1].get_if<Bytes>();
        contents.insert(contents.begin(), static_cast<std::uint8_t>(*tuple->items[0].get_if<Integer>()));
    } else {
        throw ValueError("no bits");
    }
    return contents;
}

model::Value BerBitStringType::empty_value(const model::Field& field, const model::Layer& layer) const {
    const model::Protocol* const protocol = held_in(ber_parameters(field), layer);
    return protocol != nullptr ? model::Value(new_packet(*protocol)) : model::Value(Bytes{});
}

void BerBitStringType::write_contents(const model::Field& field, const model::Value& value,
                                      EncodeContext& context) const {
    if (const Bytes* const octets = value.get_if<Bytes>()) {
        context.writer.write_zeros(1);
        context.writer.write_bytes(*octets);
    } else if (const model::Packet* const packet = value.get_if<model::Packet>()) {
        context.writer.write_zeros(1);
        context.encoder.encode(*packet, context);
    } else {
        context.writer.write_bytes(contents(field, value));
    }
}

model::Value BerBitStringType::read_contents(const model::Field& /*field*/, ByteView octets) const {
    constexpr std::uint8_t kMostUnused = 7;
    if (octets.empty() || octets.front() > kMostUnused || (octets.size() == 1 && octets.front() != 0)) {
        throw DecodeError("a BIT STRING that does not say how many of its bits are used");
    }
    const std::uint8_t unused = octets.front();
    const ByteView bits = octets.subspan(1);
    if (unused == 0 && !(has_names_ && !bits.empty() && bits.size() <= kMostNamedBits / 8)) {
        return copy(bits);
    }
    if (unused != 0 && (bits.back() & ((1U << unused) - 1)) != 0) {
        return model::Tuple{{Integer{unused}, copy(bits)}};
    }
    return bits_text(bits, bits.size() * 8 - unused);
}

model::Value BerBitStringType::read_contents_in(const model::Field& field, ByteView octets,
                                                DecodeContext& context) const {
    const BerParameters& parameters = ber_parameters(field);
    const model::Protocol* const protocol = held_in(parameters, context.layer);
    if (protocol != nullptr && !octets.empty() && octets.front() == 0) {
        model::Packet packet = read_packet(*protocol, octets.subspan(1), context);
        if (!is_raw(packet, context.decoder.database())) {
            return packet;
        }
    }
    return read_contents(field, octets);
}

model::Value BerBitStringType::parse_octets(const model::Field& field, const Bytes& octets) const {
    // They are the bits.
    Bytes contents = octets;
    contents.insert(contents.begin(), 0);
    return read_contents(field, contents);
}

model::Value BerBitStringType::parse_value(const model::Field& field, const model::Value& value,
                                           const ParseContext& context) const {
    const BerParameters& parameters = ber_parameters(field);
    if (value.is<model::Packet>() && (parameters.protocol != nullptr || parameters.identified_by)) {
        return value;
    }
    const std::vector<model::Value>* const items = items_of(value);
    if (items != nullptr && items->size() == 2 && (*items)[0].is<Integer>() && (*items)[1].is<Bytes>()) {
        const Integer unused = *(*items)[0].get_if<Integer>();
        Bytes contents = *(*items)[1].get_if<Bytes>();
        if (unused < 0 || unused > 7 || (contents.empty() && unused != 0)) {
            throw ValueError("no number of unused bits: " + to_string(unused));
        }
        contents.insert(contents.begin(), static_cast<std::uint8_t>(unused));
        return read_contents(field, contents);
    }
    const std::string* const text = value.get_if<std::string>();
    if (text == nullptr) {
        throw ValueError("neither bits as text of 0 and 1 nor octets");
    }
    const std::string_view word = trim(*text);
    if (is_bits(word)) {
        return bits_value(std::string(word), has_names_);
    }
    if (auto bits = bits_of_names(parameters.bit_names, word)) {
        return bits_value(*bits, has_names_);
    }
    if (word.starts_with("0x")) {
        if (word.size() % 2 != 0) {
            throw ValueError("0x is followed by half an octet");
        }
        Bytes octets;
        for (std::size_t place = 2; place < word.size(); place += 2) {
            const auto octet = parse_digits(word.substr(place, 2), 16);
            if (!octet) {
                throw ValueError("0x is followed by what is no hexadecimal octet");
            }
            octets.push_back(static_cast<std::uint8_t>(*octet));
        }
        return parse_octets(field, octets);
    }
    if (!parameters.bit_names.empty()) {
        throw ValueError("neither names of bits, joined by plus, nor bits as text of 0 and 1");
    }
    if (looks_like_expression(word, context.database())) {
        return parse(field, context.read_expression(word), context);
    }
    return parse_octets(field, octets_of(*text));
}

void BerBitStringType::show(const model::Field& field, const model::Value& value, std::string& out) const {
    const Bytes* const octets = value.get_if<Bytes>();
    const std::vector<std::string>& names = ber_parameters(field).bit_names;
    const std::string* const text = value.get_if<std::string>();
    const bool has_names =
        !names.empty() && (octets != nullptr ? octets->size() <= kMostNamedBits / 8 : text != nullptr);
    const auto shown = has_names
                           ? names_of_bits(names, text != nullptr ? *text : bits_text(*octets, octets->size() * 8))
                           : std::nullopt;
    if (shown) {
        out += *shown;
    } else if (octets != nullptr && !octets->empty()) {
        out += "0x";
        for (const std::uint8_t octet : *octets) {
            out += "0123456789abcdef"[octet >> 4];
            out += "0123456789abcdef"[octet & 15U];
        }
    } else {
        FieldType::show(field, value, out);
    }
}

}  // namespace framewright::fields
