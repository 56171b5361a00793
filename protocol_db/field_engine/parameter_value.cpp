#include "protocol_db/field_engine/parameter_value.hpp"

#include <algorithm>
#include <cctype>

#include "protocol_db/base64.hpp"
#include "protocol_db/expression/literal.hpp"
#include "protocol_db/field_engine/program_error.hpp"
#include "protocol_db/fields/address_types.hpp"
#include "protocol_db/fields/text.hpp"

namespace framewright::field_engine {

namespace {

using nlohmann::json;

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

/// The number that octets are in the packet. A variable has 8 bytes at most: of an IPv6 address only the low ones.
Integer number_of(ByteView octets) {
    constexpr std::size_t kWidest = 8;
    const ByteView low = octets.last(std::min(octets.size(), kWidest));
    const ByteView high = octets.first(octets.size() - low.size());
    if (std::any_of(high.begin(), high.end(), [](std::uint8_t octet) { return octet != 0; })) {
        throw ValueRefusal(
            "the address takes more than 8 bytes: name its low bytes only, as in ::1, and write them there");
    }
    Integer number = 0;
    for (const std::uint8_t octet : low) {
        number = number << 8 | octet;
    }
    return number;
}

std::optional<bool> truth_of(std::string_view text) {
    const std::string word = lower(fields::trim(text));
    return word == "true" ? std::optional(true) : word == "false" ? std::optional(false) : std::nullopt;
}

Integer number_of_text(std::string_view given) {
    const std::string_view text = fields::trim(given);
    if (const std::optional<Integer> number = parse_integer(text)) {
        return *number;
    }
    if (const std::optional<bool> truth = truth_of(text)) {
        return *truth ? 1 : 0;
    }
    if (const auto address = fields::parse_ipv4_address(text)) {
        return *address;
    }
    if (const auto address = fields::parse_mac_address(text)) {
        return number_of(ByteView(*address));
    }
    if (const auto address = fields::parse_ipv6_address(text)) {
        return number_of(ByteView(*address));
    }
    throw ValueRefusal("it is no number and no address");
}

using NumberReader = std::function<Integer(const ParameterValue&)>;

Integer number_in(const expression::Literal& literal, const NumberReader& number_of) {
    if (const Integer* const number = literal.get_if<Integer>()) {
        return number_of(ParameterValue(to_string(*number)));
    }
    if (const std::string* const text = literal.get_if<std::string>()) {
        return number_of(ParameterValue(*text));
    }
    throw ValueRefusal("the list holds something that is no number and no address");
}

/// The numbers of an expression: a list, a tuple, or one value.
std::vector<Integer> numbers_in(const expression::Literal& literal, const NumberReader& number_of) {
    const std::vector<expression::Literal>* items = nullptr;
    if (const auto* const list = literal.get_if<expression::List>()) {
        items = &list->items;
    } else if (const auto* const tuple = literal.get_if<expression::Tuple>()) {
        items = &tuple->items;
    } else {
        return {number_in(literal, number_of)};
    }
    std::vector<Integer> numbers;
    numbers.reserve(items->size());
    for (const expression::Literal& item : *items) {
        numbers.push_back(number_in(item, number_of));
    }
    return numbers;
}

/// Names and addresses need no quotes in a list that a person types.
std::vector<Integer> numbers_between_commas(std::string_view text, const NumberReader& number_of) {
    std::vector<Integer> numbers;
    text = fields::trim(text);
    if (text.size() >= 2 && (text.front() == '[' || text.front() == '(')) {
        text = text.substr(1, text.size() - 2);
    }
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        numbers.push_back(number_of(ParameterValue(std::string(text.substr(0, comma)))));
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return numbers;
}

std::vector<Integer> numbers_in(const std::string& text, const NumberReader& number_of) {
    std::optional<expression::Literal> literal;
    std::string reason;
    try {
        literal = expression::parse_literal(text);
    } catch (const expression::SyntaxError& error) {
        reason = error.what();
    }
    if (literal) {
        return numbers_in(*literal, number_of);
    }
    try {
        return numbers_between_commas(text, number_of);
    } catch (const ValueRefusal&) {
        throw ValueRefusal("it is no list of numbers: " + reason);
    }
}

/// The text of an expression, which may be in base64.
json expression_text(const json& object) {
    const auto kind = object.find("vtype");
    const auto expression = object.find("expr");
    if (kind == object.end() || *kind != "EXPRESSION" || expression == object.end()) {
        throw ValueRefusal("an object is a value only as {\"vtype\": \"EXPRESSION\", \"expr\": text}");
    }
    if (expression->is_object() && expression->contains("base64") && expression->at("base64").is_string()) {
        const auto octets = base64_decode(expression->at("base64").get_ref<const std::string&>());
        if (!octets) {
            throw ValueRefusal("the expression is not base64");
        }
        return std::string(octets->begin(), octets->end());
    }
    return *expression;
}

}  // namespace

ParameterValue::ParameterValue(const json& given) : json_(given.is_object() ? expression_text(given) : given) {
    if (json_.is_object() || json_.is_number_float()) {
        throw ValueRefusal("a value is a whole number, a truth value, a text or a list");
    }
    if (json_.is_string() && json_.get_ref<const std::string&>().size() > kMaximumText) {
        throw ValueRefusal("the text is longer than " + std::to_string(kMaximumText) + " bytes");
    }
}

std::optional<std::string> ParameterValue::as_text() const {
    return json_.is_string() ? std::optional(std::string(fields::trim(json_.get_ref<const std::string&>())))
                             : std::nullopt;
}

bool ParameterValue::is_none() const {
    if (!json_.is_string()) {
        return json_.is_null();
    }
    const std::string_view text = fields::trim(json_.get_ref<const std::string&>());
    return text.empty() || text == "None" || text == "none";
}

Integer ParameterValue::number() const {
    if (json_.is_boolean()) {
        return json_.get<bool>() ? 1 : 0;
    }
    if (json_.is_number_unsigned()) {
        return json_.get<std::uint64_t>();
    }
    if (json_.is_number_integer()) {
        return json_.get<std::int64_t>();
    }
    if (json_.is_string()) {
        return number_of_text(json_.get_ref<const std::string&>());
    }
    throw ValueRefusal("it is no number");
}

bool ParameterValue::truth() const {
    if (json_.is_boolean()) {
        return json_.get<bool>();
    }
    const std::optional<bool> truth = json_.is_string() ? truth_of(json_.get_ref<const std::string&>()) : std::nullopt;
    if (!truth) {
        throw ValueRefusal("it is neither true nor false");
    }
    return *truth;
}

std::string ParameterValue::text() const {
    if (const std::optional<std::string> text = as_text()) {
        return *text;
    }
    if (json_.is_number_integer()) {
        return json_.dump();
    }
    throw ValueRefusal("it is no text");
}

std::vector<Integer> ParameterValue::list(const NumberReader& number_of) const {
    std::vector<Integer> numbers;
    if (json_.is_array()) {
        for (const json& item : json_) {
            numbers.push_back(number_of(ParameterValue(item)));
        }
    } else if (json_.is_string()) {
        numbers = numbers_in(json_.get_ref<const std::string&>(), number_of);
    } else {
        numbers.push_back(number_of(*this));
    }
    if (numbers.empty()) {
        throw ValueRefusal("the list is empty");
    }
    if (numbers.size() > kMaximumValues) {
        throw ValueRefusal("the list has more than " + std::to_string(kMaximumValues) + " values");
    }
    return numbers;
}

std::string ParameterValue::shown() const {
    return json_.is_string() ? json_.get<std::string>() : json_.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace framewright::field_engine
