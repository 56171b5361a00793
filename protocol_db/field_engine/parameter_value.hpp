#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol_db/integer.hpp"

namespace framewright::field_engine {

/// The most values of a value list.
inline constexpr std::size_t kMaximumValues = 65536;
/// The longest text of a parameter, in bytes: room for the longest list.
inline constexpr std::size_t kMaximumText = std::size_t{1} << 20;

/// What a client sent for a parameter: a number, a truth value, a text or a list, or `{"vtype": "EXPRESSION", "expr"}`
/// of one of these. All of the readers below throw ValueRefusal for a value of another kind than asked for.
class ParameterValue {
public:
    /// Nothing was given.
    ParameterValue() = default;
    /// Throws ValueRefusal for a value of no kind that a parameter may have.
    explicit ParameterValue(const nlohmann::json& json);
    explicit ParameterValue(std::string text) : json_(std::move(text)) {}

    /// The text without blanks around it; none for what is no text.
    std::optional<std::string> as_text() const;
    /// Whether nothing is meant: null, an empty text, or `None`.
    bool is_none() const;
    /// A decimal or 0x number, an IPv4, IPv6 or MAC address, or true or false as 1 and 0.
    Integer number() const;
    bool truth() const;
    /// The text as it stands; a number in digits.
    std::string text() const;
    /// The numbers of a list, between brackets or without, each read by `number_of`.
    std::vector<Integer> list(const std::function<Integer(const ParameterValue&)>& number_of) const;
    std::vector<Integer> list() const { return list(&ParameterValue::number); }

    /// The value as messages show it.
    std::string shown() const;

private:
    nlohmann::json json_;
};

}  // namespace framewright::field_engine
