#include "protocol_db/loader/definition_json.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "protocol_db/loader/loader.hpp"
#include "protocol_db/loader/similar_word.hpp"

namespace framewright::loader {

namespace {

std::optional<std::uint8_t> hexadecimal_digit(char c) {
    const std::optional<UnsignedInteger> digit = parse_digits(std::string_view(&c, 1), 16);
    return digit ? std::optional(static_cast<std::uint8_t>(*digit)) : std::nullopt;
}

}  // namespace

void refuse(const std::string& reason) {
    throw Refusal(reason);
}

ObjectReader::ObjectReader(const Json& object, const std::string& what) : object_(object) {
    if (!object.is_object()) {
        refuse(what + " is not an object");
    }
    constexpr std::size_t kUsualKeys = 32;
    asked_.reserve(kUsualKeys);
}

const Json* ObjectReader::find(std::string_view key) {
    asked_.push_back(key);
    const auto found = object_.find(key);
    return found != object_.end() ? &*found : nullptr;
}

std::string ObjectReader::text(std::string_view key, const std::string& otherwise) {
    const Json* const value = find(key);
    if (value != nullptr && !value->is_string()) {
        refuse("\"" + std::string(key) + "\" is not a text");
    }
    return value != nullptr ? value->get<std::string>() : otherwise;
}

std::string ObjectReader::required_text(std::string_view key) {
    std::string value = text(key);
    if (value.empty()) {
        refuse("\"" + std::string(key) + "\" is missing");
    }
    return value;
}

std::optional<std::string> ObjectReader::rule_text(std::string_view key, bool may_be_number) {
    const Json* const value = find(key);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (may_be_number && value->is_number_unsigned()) {
        return std::to_string(value->get<std::uint64_t>());
    }
    if (!value->is_string()) {
        refuse("\"" + std::string(key) + "\" is " +
               (may_be_number ? "neither a rule (a text) nor a number from 0 on" : "not a rule (a text)"));
    }
    std::string rule = value->get<std::string>();
    if (rule.find_first_not_of(" \t\r\n") == std::string::npos) {
        refuse("\"" + std::string(key) + "\" is an empty rule: leave it out, or say what it is");
    }
    return rule;
}

std::optional<std::int64_t> ObjectReader::number(std::string_view key, std::int64_t least, std::int64_t most) {
    const Json* const value = find(key);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (!value->is_number_integer() || value->get<std::int64_t>() < least || value->get<std::int64_t>() > most) {
        refuse("\"" + std::string(key) + "\" is not a number from " + std::to_string(least) + " to " +
               std::to_string(most));
    }
    return value->get<std::int64_t>();
}

std::optional<bool> ObjectReader::boolean(std::string_view key) {
    const Json* const value = find(key);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (!value->is_boolean()) {
        refuse("\"" + std::string(key) + "\" is neither true nor false");
    }
    return value->get<bool>();
}

const Json* ObjectReader::array(std::string_view key) {
    const Json* const value = find(key);
    if (value != nullptr && !value->is_array()) {
        refuse("\"" + std::string(key) + "\" is not an array");
    }
    return value;
}

bool ObjectReader::is_asked(std::string_view key) const {
    return std::find(asked_.begin(), asked_.end(), key) != asked_.end();
}

void ObjectReader::finish() const {
    for (const auto& [key, value] : object_.items()) {
        if (!is_asked(key)) {
            refuse("unknown key \"" + key + "\"" +
                   did_you_mean(key, [this](std::string_view known) { return is_asked(known); }));
        }
    }
}

nlohmann::detail::iteration_proxy<Json::const_iterator> object_items(const Json& json, std::string_view what) {
    if (!json.is_object()) {
        refuse(std::string(what) + " is not an object");
    }
    return json.items();
}

void check_id(const std::string& id) {
    const auto is_allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ' ';
    };
    if (id.size() > kMaximumId || !std::all_of(id.begin(), id.end(), is_allowed)) {
        refuse("an id is not made of at most " + std::to_string(kMaximumId) + " letters, digits, _ and blanks");
    }
}

model::Value to_value(const Json& json) {
    if (json.is_null()) {
        return {};
    }
    if (json.is_number_integer()) {
        return json.is_number_unsigned() ? Integer{json.get<std::uint64_t>()} : Integer{json.get<std::int64_t>()};
    }
    if (json.is_number_float()) {
        return json.get<double>();
    }
    if (json.is_string()) {
        return json.get<std::string>();
    }
    if (json.is_array()) {
        model::List list;
        for (const Json& item : json) {
            list.items.push_back(to_value(item));
        }
        return list;
    }
    ObjectReader reader(json, "value");
    if (const Json* const items = reader.array("tuple")) {
        reader.finish();
        model::Tuple tuple;
        for (const Json& item : *items) {
            tuple.items.push_back(to_value(item));
        }
        return tuple;
    }
    const std::string digits = reader.text("hex");
    reader.finish();
    Bytes octets;
    for (std::size_t index = 0; index + 1 < digits.size() + 1; index += 2) {
        const auto high = hexadecimal_digit(digits[index]);
        const auto low = index + 1 < digits.size() ? hexadecimal_digit(digits[index + 1]) : std::nullopt;
        if (!high || !low) {
            refuse("\"hex\" is not pairs of hexadecimal digits");
        }
        octets.push_back(static_cast<std::uint8_t>(*high << 4 | *low));
    }
    return octets;
}

std::unique_ptr<model::Enumeration> to_enumeration(const Json& json) {
    if (!json.is_object()) {
        refuse("an enumeration is not an object of numbers and names");
    }
    std::vector<std::pair<Integer, std::string>> entries;
    std::set<Integer> numbers;
    for (const auto& [key, names] : json.items()) {
        const std::optional<Integer> number = parse_integer(key);
        if (number && !numbers.insert(*number).second) {
            refuse("an enumeration has the number " + key + " twice: several names of it are an array");
        }
        const Json list = names.is_array() ? names : Json::array({names});
        for (const Json& name : list) {
            if (!number || !name.is_string()) {
                refuse("an enumeration's member \"" + key + "\" is not a number with a name, or an array of names");
            }
            entries.emplace_back(*number, name.get<std::string>());
        }
    }
    return std::make_unique<model::Enumeration>(std::move(entries));
}

}  // namespace framewright::loader
