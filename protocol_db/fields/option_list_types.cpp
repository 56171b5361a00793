#include "protocol_db/fields/option_list_types.hpp"

#include <algorithm>
#include <array>

#include "protocol_db/expression/literal.hpp"
#include "protocol_db/fields/address_types.hpp"
#include "protocol_db/fields/registry.hpp"
#include "protocol_db/fields/text.hpp"

namespace framewright::fields {

namespace {

constexpr std::size_t kMostOptions = 65536;
/// The letter of a number that takes as many bytes as it needs, and the size of a value in place of a length.
constexpr char kAnyNumber = 'N';
constexpr std::size_t kShortOctets = 2;

Bytes copy(ByteView octets) {
    return {octets.begin(), octets.end()};
}

bool is_called(const OptionKind& kind, const model::Value& name) {
    const std::string* const text = name.get_if<std::string>();
    const Integer* const code = name.get_if<Integer>();
    return (text != nullptr && kind.name == *text) || (code != nullptr && *code == kind.code);
}

std::size_t width_of(char element) {
    switch (element) {
        case 'B':
            return 1;
        case 'H':
            return 2;
        case 'Q':
            return 8;
        default:
            return 4;
    }
}

/// The numbers of the octets, in a kind's format; none when they are not of that format.
std::optional<std::vector<model::Value>> decode_elements(const OptionKind& kind, ByteView octets) {
    std::vector<model::Value> elements;
    if (kind.format.front() == kAnyNumber) {
        // Zeros in front would be lost.
        constexpr std::size_t kMostOctets = 8;
        if (octets.empty() || octets.size() > kMostOctets || (octets.size() > 1 && octets.front() == 0)) {
            return std::nullopt;
        }
        elements.emplace_back(BitReader(octets).read_bits(static_cast<std::uint32_t>(octets.size() * 8)));
        return elements;
    }
    std::size_t next = 0;
    while (next < kind.format.size() || (kind.repeats && !octets.empty())) {
        const char element = kind.format[next % kind.format.size()];
        const std::size_t width = width_of(element);
        if (octets.size() < width) {
            return std::nullopt;
        }
        if (element == '4') {
            elements.emplace_back(ipv4_text(octets.first(4)));
        } else {
            elements.emplace_back(BitReader(octets).read_bits(static_cast<std::uint32_t>(width * 8)));
        }
        octets = octets.subspan(width);
        ++next;
    }
    return octets.empty() ? std::optional(std::move(elements)) : std::nullopt;
}

void encode_element(const OptionKind& kind, char element, const model::Value& value, Bytes& out) {
    std::optional<Integer> number;
    if (const Integer* const given = value.get_if<Integer>()) {
        number = *given;
    } else if (const std::string* const text = value.get_if<std::string>()) {
        if (element == '4') {
            number = parse_ipv4_address(*text);
        } else if (kind.enumeration != nullptr) {
            number = kind.enumeration->number_of(*text);
        }
        if (!number) {
            number = parse_integer(*text);
        }
    }
    std::size_t width = element == kAnyNumber ? 1 : width_of(element);
    while (element == kAnyNumber && width < 8 && number && *number >> (width * 8) != 0) {
        ++width;
    }
    if (!number || *number < 0 || (*number >> (width * 8)) != 0) {
        throw ValueError("option " + kind.name + " takes " + (element == '4' ? "IPv4 addresses" : "numbers of ") +
                         (element == '4' ? "" : std::to_string(width * 8) + " bits") + ", not " + describe(value));
    }
    BitWriter(out).write_bits(*number, static_cast<std::uint32_t>(width * 8));
}

/// The octets of an option's value.
Bytes encode_value(const OptionKind* kind, std::span<const model::Value> elements) {
    Bytes octets;
    std::size_t next = 0;
    bool is_complete = elements.empty() || kind == nullptr || kind->format.empty();
    for (const model::Value& element : elements) {
        is_complete = is_complete || element.is<Bytes>() || element.is_none();
        if (const Bytes* const raw = element.get_if<Bytes>()) {
            octets.insert(octets.end(), raw->begin(), raw->end());
        } else if (const std::string* const text = element.get_if<std::string>();
                   text != nullptr && (kind == nullptr || kind->format.empty())) {
            octets.insert(octets.end(), text->begin(), text->end());
        } else if (!element.is_none()) {
            if (kind == nullptr || kind->format.empty() || (next >= kind->format.size() && !kind->repeats)) {
                throw ValueError("option " + (kind != nullptr ? kind->name : std::string("without a name")) +
                                 " does not take " + describe(element));
            }
            encode_element(*kind, kind->format[next % kind->format.size()], element, octets);
        }
        ++next;
    }
    if (!is_complete && next % kind->format.size() != 0) {
        throw ValueError("option " + kind->name + " takes " + std::to_string(kind->format.size()) + " numbers, not " +
                         std::to_string(next));
    }
    return octets;
}

/// A number in place of the length, of an option without a name.
const OptionKind& short_number() {
    static const OptionKind kKind{.name = "without a name", .format = "H"};
    return kKind;
}

/// The octets of an option's value, as the first kind of the name that takes it writes them.
Bytes encode_value(const OptionListParameters& parameters, const model::Value& name, bool is_short,
                   std::span<const model::Value> elements) {
    std::optional<ValueError> refusal;
    for (const OptionKind& kind : parameters.options) {
        if (is_called(kind, name)) {
            try {
                return encode_value(&kind, elements);
            } catch (const ValueError& error) {
                refusal = error;
            }
        }
    }
    if (refusal) {
        throw ValueError(*refusal);
    }
    return encode_value(is_short ? &short_number() : nullptr, elements);
}

/// The elements of an option as a client writes them: one value, several side by side, or a tuple of them.
std::vector<model::Value> flatten(std::span<const model::Value> arguments) {
    std::vector<model::Value> elements;
    for (const model::Value& argument : arguments) {
        if (const std::vector<model::Value>* const items = items_of(argument)) {
            elements.insert(elements.end(), items->begin(), items->end());
        } else {
            elements.push_back(argument);
        }
    }
    return elements;
}

std::uint32_t code_of(const OptionListParameters& parameters, const model::Value& name) {
    if (const OptionKind* const kind = parameters.find(name)) {
        return kind->code;
    }
    const Integer* const number = name.get_if<Integer>();
    if (number == nullptr || *number < 0 || *number >> (8 * parameters.code_octets) != 0) {
        throw ValueError("unknown option " + describe(name));
    }
    return static_cast<std::uint32_t>(*number);
}

void append_number(std::uint64_t number, std::size_t octets, Bytes& out) {
    BitWriter(out).write_bits(static_cast<Integer>(number), static_cast<std::uint32_t>(octets * 8));
}

void encode_option(const OptionListParameters& parameters, const model::Value& option, Bytes& out) {
    if (const Bytes* const octets = option.get_if<Bytes>()) {
        out.insert(out.end(), octets->begin(), octets->end());
        return;
    }
    const std::vector<model::Value>* const parts = items_of(option);
    if (parts != nullptr && parts->empty()) {
        throw ValueError("an option without a name");
    }
    const model::Value& name = parts != nullptr ? parts->front() : option;
    const std::uint32_t code = code_of(parameters, name);
    append_number(code, parameters.code_octets, out);
    const std::vector<model::Value> elements =
        parts != nullptr ? flatten(std::span(*parts).subspan(1)) : std::vector<model::Value>();
    const bool is_short = (code & parameters.short_bit) != 0;
    const OptionKind* const kind = parameters.find(name);
    if (kind != nullptr && kind->is_single) {
        if (std::any_of(elements.begin(), elements.end(), [](const model::Value& e) { return !e.is_none(); })) {
            throw ValueError("option " + kind->name + " has no value");
        }
        return;
    }
    const Bytes value = encode_value(parameters, name, is_short, elements);
    if (is_short) {
        if (value.size() != kShortOctets) {
            throw ValueError("option " + describe(name) + " has a value of " + std::to_string(kShortOctets) + " bytes");
        }
    } else {
        const std::size_t head = parameters.code_octets + parameters.length_octets;
        const std::size_t length = value.size() + (parameters.counts_option ? head : 0);
        const std::uint64_t most = (std::uint64_t{1} << (8 * parameters.length_octets)) - 1;
        if (length > most) {
            throw ValueError("option " + describe(name) + " is longer than " + std::to_string(most) + " bytes");
        }
        append_number(length, parameters.length_octets, out);
    }
    out.insert(out.end(), value.begin(), value.end());
}

std::uint32_t number_at(ByteView octets, std::size_t first, std::size_t size) {
    return static_cast<std::uint32_t>(BitReader(octets.subspan(first)).read_bits(static_cast<std::uint32_t>(size * 8)));
}

/// What is behind the option that ends the list: nothing where it only fills the field up.
bool is_filling(const model::Field& field, std::size_t used, ByteView rest) {
    const std::size_t unit = std::max<std::size_t>(field.pad_to, 1);
    const bool are_zeros = std::all_of(rest.begin(), rest.end(), [](std::uint8_t octet) { return octet == 0; });
    return are_zeros && used + rest.size() == (used + unit - 1) / unit * unit;
}

/// Takes options off octets, one after the other.
class OptionReader {
public:
    OptionReader(const model::Field& field, ByteView octets)
        : field_(field), parameters_(parameters_of<OptionListParameters>(field)), octets_(octets), rest_(octets) {}

    model::List read() {
        while (!rest_.empty() && take_option()) {
        }
        if (!rest_.empty()) {
            add(copy(rest_));
        }
        return std::move(list_);
    }

private:
    /// False where no whole option is left, or none is wanted any more.
    bool take_option() {
        if (rest_.size() < parameters_.code_octets) {
            return false;
        }
        const std::uint32_t code = number_at(rest_, 0, parameters_.code_octets);
        const OptionKind* const kind = parameters_.find(code);
        const model::Value name = kind != nullptr ? model::Value(kind->name) : model::Value(Integer{code});
        if (kind != nullptr && kind->is_single) {
            add(parameters_.are_words ? name : model::Tuple{{name, {}}});
            rest_ = rest_.subspan(parameters_.code_octets);
            if (kind->ends_list && is_filling(field_, octets_.size() - rest_.size(), rest_)) {
                rest_ = {};
            }
            return !kind->ends_list;
        }
        const bool is_short = (code & parameters_.short_bit) != 0;
        const std::size_t head = parameters_.code_octets + (is_short ? 0 : parameters_.length_octets);
        if (rest_.size() < head) {
            return false;
        }
        std::size_t size = kShortOctets;
        if (!is_short) {
            const std::size_t length = number_at(rest_, parameters_.code_octets, parameters_.length_octets);
            const std::size_t counted = parameters_.counts_option ? head : 0;
            if (length < counted) {
                return false;
            }
            size = length - counted;
        }
        if (rest_.size() - head < size) {
            return false;
        }
        const OptionKind* const format = kind == nullptr && is_short ? &short_number() : kind;
        add(option(name, format, rest_.subspan(head, size)));
        rest_ = rest_.subspan(head + size);
        return true;
    }

    void add(model::Value option) {
        if (list_.items.size() == kMostOptions) {
            throw DecodeError("more than " + std::to_string(kMostOptions) + " options");
        }
        list_.items.push_back(std::move(option));
    }

    model::Value option(const model::Value& name, const OptionKind* kind, ByteView octets) const {
        model::Tuple option{{name}};
        std::optional<std::vector<model::Value>> elements;
        if (kind != nullptr && !kind->format.empty()) {
            elements = decode_elements(*kind, octets);
        }
        if (!elements) {
            option.items.emplace_back(copy(octets));
        } else if (kind->is_list) {
            option.items.emplace_back(model::List{std::move(*elements)});
        } else if (parameters_.are_words) {
            option.items.insert(option.items.end(), elements->begin(), elements->end());
        } else if (elements->size() == 1) {
            option.items.push_back(named(*kind, elements->front()));
        } else {
            option.items.emplace_back(model::Tuple{std::move(*elements)});
        }
        return option;
    }

    /// The name of a number, where it stands for it.
    static model::Value named(const OptionKind& kind, const model::Value& element) {
        const Integer* const number = element.get_if<Integer>();
        const std::string* const name =
            number != nullptr && kind.enumeration != nullptr ? kind.enumeration->name_of(*number) : nullptr;
        const bool stands_for_it = name != nullptr && kind.enumeration->number_of(*name) == *number;
        return stands_for_it ? model::Value(*name) : element;
    }

    const model::Field& field_;
    const OptionListParameters& parameters_;
    ByteView octets_;
    ByteView rest_;
    model::List list_;
};

constexpr Key kCodeKey{
    .name = "code", .shape = Shape::kNumber, .documentation = "The option's number; 0 without it.", .most = 65535};
constexpr Key kNameKey{
    .name = "name", .shape = Shape::kText, .documentation = "What clients call it.", .is_required = true};
constexpr Key kFormatKey{
    .name = "format",
    .shape = Shape::kText,
    .documentation =
        "The numbers of its value, a letter each: `B` 1 byte, `H` 2, `I` 4, `Q` 8, `4` an IPv4 "
        "address; or `N`, one number in as many bytes as it needs. Without it, the value is bytes.",
    .characters = "BHIQ4N"};
constexpr Key kRepeatsKey{"repeats", Shape::kBoolean,
                          "`true`: the format repeats as often as the option's length allows."};
constexpr Key kListKey{"list", Shape::kBoolean,
                       "`true`: the numbers are shown as one list, `('param_req_list', [1, 3])`, not side by side."};
constexpr Key kNamesKey{"enumeration", Shape::kEnumeration, "Names of a single number."};
constexpr Key kSingleKey{"single", Shape::kBoolean, "`true`: the option is its code alone, without length and value."};
constexpr Key kEndsKey{"ends", Shape::kBoolean, "`true`: no option stands behind this one, which is `single`."};
constexpr std::array<Key, 8> kOptionKeys{kCodeKey, kNameKey,  kFormatKey, kRepeatsKey,
                                         kListKey, kNamesKey, kSingleKey, kEndsKey};
constexpr Key kOptionsKey{
    .name = "options",
    .shape = Shape::kObjects,
    .documentation =
        "The kinds of options, [below](#option-lists); one that is not in the list is shown by its "
        "number. A code or a name may stand several times: the first one says how it is shown, and "
        "a value is written by the first that takes it.",
    .members = kOptionKeys,
    .item = "an option"};
constexpr Key kCodeBytesKey{.name = "code_bytes",
                            .shape = Shape::kNumber,
                            .documentation = "How many bytes an option's code has; 1 without it.",
                            .least = 1,
                            .most = 2};
constexpr Key kLengthBytesKey{.name = "length_bytes",
                              .shape = Shape::kNumber,
                              .documentation = "How many bytes an option's length has; 1 without it.",
                              .least = 1,
                              .most = 2};
constexpr std::array<std::string_view, 2> kCounted{"value", "option"};
constexpr Key kCountsKey{.name = "length_counts",
                         .shape = Shape::kWord,
                         .documentation =
                             "What an option's length counts: its `value`, as without it, or the whole "
                             "`option`.",
                         .words = kCounted};
constexpr Key kShortBitKey{.name = "short_bit",
                           .shape = Shape::kNumber,
                           .documentation =
                               "The bit of the code that says that a value of 2 bytes stands in place of the "
                               "length (IKE: 32768). A `code` holds it.",
                           .least = 1,
                           .most = 32768};
constexpr std::array<std::string_view, 2> kStyles{"pairs", "words"};
constexpr Key kStyleKey{.name = "style",
                        .shape = Shape::kWord,
                        .documentation =
                            "How options are shown: as `pairs`, `[('MSS', 1460), ('NOP', None)]`, or as "
                            "`words`, `[message-type=discover end]`, in expressions `[('message-type', 1), "
                            "'end']`.",
                        .words = kStyles};

}  // namespace

const OptionKind* OptionListParameters::find(std::uint32_t code) const {
    const auto found =
        std::find_if(options.begin(), options.end(), [code](const OptionKind& kind) { return kind.code == code; });
    return found != options.end() ? &*found : nullptr;
}

const OptionKind* OptionListParameters::find(const model::Value& name) const {
    const auto found =
        std::find_if(options.begin(), options.end(), [&name](const OptionKind& kind) { return is_called(kind, name); });
    return found != options.end() ? &*found : nullptr;
}

std::span<const Key> OptionListType::keys() const {
    static constexpr std::array<Key, 7> kKeys{kLengthKey, kOptionsKey,  kCodeBytesKey, kLengthBytesKey,
                                              kCountsKey, kShortBitKey, kStyleKey};
    return kKeys;
}

std::shared_ptr<const Parameters> OptionListType::read_parameters(ParameterReader& reader) const {
    auto parameters = std::make_shared<OptionListParameters>();
    reader.rule(kLengthKey, *parameters, parameters->length);
    parameters->code_octets = static_cast<std::size_t>(reader.number(kCodeBytesKey).value_or(1));
    parameters->length_octets = static_cast<std::size_t>(reader.number(kLengthBytesKey).value_or(1));
    parameters->counts_option = reader.text(kCountsKey) == kCounted.back();
    parameters->short_bit = static_cast<std::uint32_t>(reader.number(kShortBitKey).value_or(0));
    parameters->are_words = reader.text(kStyleKey) == kStyles.back();
    const std::uint32_t most_code = (1U << (8 * parameters->code_octets)) - 1;
    if ((parameters->short_bit & (parameters->short_bit - 1)) != 0 || parameters->short_bit > most_code) {
        reader.refuse("\"short_bit\" is not one bit of the code");
    }
    for (const auto& option : reader.objects(kOptionsKey)) {
        OptionKind& kind = parameters->options.emplace_back();
        kind.code = static_cast<std::uint32_t>(option->number(kCodeKey).value_or(0));
        kind.name = option->text(kNameKey);
        kind.format = option->text(kFormatKey);
        kind.repeats = option->boolean(kRepeatsKey);
        kind.is_list = option->boolean(kListKey);
        kind.enumeration = option->enumeration(kNamesKey);
        kind.is_single = option->boolean(kSingleKey);
        kind.ends_list = option->boolean(kEndsKey);
        const std::string called = "option \"" + kind.name + "\" ";
        if ((kind.repeats || kind.is_list) && kind.format.empty()) {
            option->refuse(called + "has no format that " + (kind.repeats ? "repeats" : "is a list"));
        }
        if (kind.format.find(kAnyNumber) != std::string::npos && (kind.format.size() > 1 || kind.repeats)) {
            option->refuse(called + "has a format in which N does not stand alone");
        }
        if (kind.code > most_code) {
            option->refuse(called + "has a code of more than " + std::to_string(8 * parameters->code_octets) + " bits");
        }
        if (kind.is_single && !kind.format.empty()) {
            option->refuse(called + "is single, and has no value that a format is of");
        }
        if (kind.ends_list && !kind.is_single) {
            option->refuse(called + "ends the list and is not single");
        }
        if ((kind.code & parameters->short_bit) != 0 && kind.format.empty()) {
            kind.format = "H";
        }
    }
    return parameters;
}

namespace {

/// An option as people write it: its name, and behind a '=' its values.
struct WrittenOption {
    std::string_view name;
    std::vector<std::string_view> values;
};

bool begins_literal(std::string_view text) {
    constexpr std::string_view kOpening = "'\"[(";
    const bool is_opened = !text.empty() && kOpening.find(text.front()) != std::string_view::npos;
    return is_opened || text.starts_with("b'") || text.starts_with("b\"");
}

/// The size of the quoted text, list or tuple that the text begins with; all of the text where it does not end.
std::size_t literal_size(std::string_view text) {
    std::size_t depth = 0;
    char quote = 0;
    for (std::size_t index = text.front() == 'b' ? 1 : 0; index < text.size(); ++index) {
        const char c = text[index];
        if (quote != 0) {
            index += c == '\\' ? 1 : 0;
            quote = c == quote ? '\0' : quote;
        } else if (c == '\'' || c == '"') {
            quote = c;
        } else if (c == '[' || c == '(') {
            ++depth;
        } else if ((c == ']' || c == ')') && depth > 0) {
            --depth;
        }
        if (quote == 0 && depth == 0) {
            return index + 1;
        }
    }
    return text.size();
}

/// Reads options that blanks or commas separate, in brackets or not. What stands behind a comma and is no option's name
/// is one more value of the option before it. None where the text is something else. Throws ValueError for too many.
std::optional<std::vector<WrittenOption>> split_options(const model::Field& field, std::string_view text) {
    constexpr std::string_view kSeparators = " \t\r\n,";
    text = trim(text);
    if (text.starts_with('[') && text.ends_with(']')) {
        text = text.substr(1, text.size() - 2);
    }
    const auto take = [&text](std::string_view end) {
        const std::size_t size =
            begins_literal(text) ? literal_size(text) : std::min(text.find_first_of(end), text.size());
        const std::string_view taken = text.substr(0, size);
        text.remove_prefix(size);
        return taken;
    };
    std::vector<WrittenOption> options;
    while (true) {
        const std::size_t gap = std::min(text.find_first_not_of(kSeparators), text.size());
        const bool is_value_expected = !options.empty() && !options.back().values.empty() &&
                                       text.substr(0, gap).find(',') != std::string_view::npos;
        text.remove_prefix(gap);
        if (text.empty()) {
            break;
        }
        if (options.size() == kMostOptions) {
            throw ValueError("more than " + std::to_string(kMostOptions) + " options");
        }
        const std::string_view word = take(" \t\r\n,=");
        if (text.starts_with('=') && !begins_literal(word)) {
            text.remove_prefix(1);
            options.push_back({word, {take(kSeparators)}});
        } else if (parameters_of<OptionListParameters>(field).find(model::Value(std::string(word))) != nullptr ||
                   word.starts_with("b'") || word.starts_with("b\"")) {
            options.push_back({word, {}});
        } else if (is_value_expected) {
            options.back().values.push_back(word);
        } else {
            return std::nullopt;
        }
    }
    return options.empty() ? std::nullopt : std::optional(std::move(options));
}

model::Value read_written(std::string_view word, const ParseContext& context) {
    if (begins_literal(word)) {
        return context.read_expression(word);
    }
    const std::optional<Integer> number = parse_integer(word);
    return number ? model::Value(*number) : model::Value(std::string(word));
}

}  // namespace

model::Value OptionListType::parse(const model::Field& field, const model::Value& value,
                                   const ParseContext& context) const {
    const OptionListParameters& parameters = parameters_of<OptionListParameters>(field);
    const std::string* const text = value.get_if<std::string>();
    const auto written = text != nullptr ? split_options(field, *text) : std::nullopt;
    if (!written) {
        model::Value parsed = ContainerType::parse(field, value, context);
        if (text != nullptr && parsed.is<Bytes>() && !parameters.are_words) {
            throw ValueError("neither a list of options, [('NAME', VALUE)], nor NAME=VALUE");
        }
        return parsed;
    }
    model::List options;
    for (const WrittenOption& option : *written) {
        model::Value name = read_written(option.name, context);
        if (name.is<Bytes>()) {
            options.items.push_back(std::move(name));
            continue;
        }
        const OptionKind* const kind = parameters.find(name);
        if (option.values.empty() && kind != nullptr && !kind->format.empty() && !kind->repeats) {
            throw ValueError("option " + kind->name + " has no value");
        }
        model::Tuple parts{{std::move(name)}};
        for (const std::string_view word : option.values) {
            parts.items.push_back(read_written(word, context));
        }
        options.items.emplace_back(std::move(parts));
    }
    return parse_items(field, options, context);
}

model::Value OptionListType::parse_notation(const model::Field& field, std::string_view text) const {
    // What the names stand for is found out when the text is parsed.
    return split_options(field, text) ? model::Value(std::string(text)) : model::Value();
}

void OptionListType::encode(const model::Field& field, const model::Value& value, EncodeContext& context) const {
    if (value.is_none()) {
        return;
    }
    Bytes octets;
    if (const Bytes* const raw = value.get_if<Bytes>()) {
        octets = *raw;
    } else {
        const OptionListParameters& parameters = parameters_of<OptionListParameters>(field);
        for (const model::Value& option : *items_of(value)) {
            encode_option(parameters, option, octets);
        }
    }
    context.writer.write_bytes(octets);
}

model::Value OptionListType::decode(const model::Field& field, DecodeContext& context) const {
    const std::size_t length = decoded_length(parameters_of<OptionListParameters>(field).length, context);
    return OptionReader(field, context.reader.read_bytes(length)).read();
}

model::Value OptionListType::parse_items(const model::Field& field, const model::Value& value,
                                         const ParseContext& /*context*/) const {
    const std::vector<model::Value>* const items = items_of(value);
    if (items == nullptr) {
        throw ValueError("not a list of options");
    }
    Bytes checked;
    for (const model::Value& option : *items) {
        encode_option(parameters_of<OptionListParameters>(field), option, checked);
    }
    return model::List{*items};
}

void OptionListType::show(const model::Field& field, const model::Value& value, std::string& out) const {
    const OptionListParameters& parameters = parameters_of<OptionListParameters>(field);
    const std::vector<model::Value>* const items = items_of(value);
    if (!parameters.are_words || items == nullptr) {
        FieldType::show(field, value, out);
        return;
    }
    out += '[';
    bool is_first = true;
    for (const model::Value& option : *items) {
        out += is_first ? "" : " ";
        is_first = false;
        const std::vector<model::Value>* const parts = items_of(option);
        if (const Bytes* const octets = option.get_if<Bytes>()) {
            expression::append_python_repr_bytes(out, *octets);
            continue;
        }
        if (parts == nullptr || parts->empty()) {
            FieldType::show(field, option, out);
            continue;
        }
        FieldType::show(field, parts->front(), out);
        const OptionKind* const kind = parameters.find(parts->front());
        for (std::size_t index = 1; index < parts->size(); ++index) {
            const model::Value& part = (*parts)[index];
            const Integer* const number = part.get_if<Integer>();
            const std::string* const name = number != nullptr && kind != nullptr && kind->enumeration != nullptr
                                                ? kind->enumeration->name_of(*number)
                                                : nullptr;
            out += index == 1 ? '=' : ',';
            if (name != nullptr) {
                out += *name;
            } else if (const Bytes* const octets = part.get_if<Bytes>()) {
                expression::append_python_repr_bytes(out, *octets);
            } else {
                FieldType::show(field, part, out);
            }
        }
    }
    out += ']';
}

void add_option_list_types(TypeTable& table) {
    table.add("OptionListField", TypeGroup::kContainers, "options of code, length and value, in `length` bytes",
              std::make_shared<OptionListType>());
}

}  // namespace framewright::fields
