#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "protocol_db/model/model.hpp"

namespace framewright::loader {

/// A definition's JSON; members keep their order.
using Json = nlohmann::ordered_json;

/// Why a definition cannot be used; the place is added where it is known.
class Refusal : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Throws Refusal.
[[noreturn]] void refuse(const std::string& reason);

/// Does something whose refusals begin with `where`.
template <typename Action>
void within(const std::string& where, const Action& action) {
    try {
        action();
    } catch (const std::runtime_error& error) {
        refuse(where + ": " + error.what());
    }
}

/// Reads the members of a JSON object, and at the end refuses those that nobody asked for. All throw Refusal for a
/// member of another kind than asked for.
class ObjectReader {
public:
    /// `what` names the object in the refusal of what is none.
    ObjectReader(const Json& object, const std::string& what);

    /// A member, or null.
    const Json* find(std::string_view key);
    std::string text(std::string_view key, const std::string& otherwise = {});
    /// A text that must be there and not be empty.
    std::string required_text(std::string_view key);
    /// The text of a rule, or nothing without the member. A number is the rule that gives it, where `may_be_number`.
    std::optional<std::string> rule_text(std::string_view key, bool may_be_number);
    std::optional<std::int64_t> number(std::string_view key, std::int64_t least, std::int64_t most);
    std::optional<bool> boolean(std::string_view key);
    /// A member that is an array, or null.
    const Json* array(std::string_view key);
    /// Throws Refusal for a member that was not asked for.
    void finish() const;

private:
    bool is_asked(std::string_view key) const;

    const Json& object_;
    std::vector<std::string_view> asked_;
};

/// The members of what must be an object. Throws Refusal.
nlohmann::detail::iteration_proxy<Json::const_iterator> object_items(const Json& json, std::string_view what);

/// Ids stand in messages, expressions and JSON texts as they are: throws Refusal for one with other characters than
/// letters, digits, underscores and blanks.
void check_id(const std::string& id);

/// A value in a definition: a number, a text, null, a list of values, {"tuple": values} or {"hex": octets}.
/// Throws Refusal.
model::Value to_value(const Json& json);

/// An object of numbers, each with a name or several, no number twice. Throws Refusal.
std::unique_ptr<model::Enumeration> to_enumeration(const Json& json);

}  // namespace framewright::loader
