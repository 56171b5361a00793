#pragma once

#include <map>
#include <string>
#include <string_view>

#include "protocol_db/fields/field_type.hpp"
#include "protocol_db/loader/definition_json.hpp"

namespace framewright::loader {

/// The field types that definitions may name: those that are built in, and those that files make of others.
class FieldTypes {
public:
    /// A type that a file makes: another type's name, and keys that fields have who do not say otherwise.
    struct Made {
        std::string base;
        Json keys;
        std::string help;
        /// The built-in type in the end, once the types are joined.
        const fields::FieldType* type = nullptr;
        bool is_busy = false;
    };

    /// Adds a member of a file's "types". Throws Refusal for a name that is there, or is none.
    void add(const std::string& name, const Json& json);
    /// Gives a made type what the one that it is made of has. Throws Refusal for types that there are not, that are
    /// made of each other in a circle or too deep, and for keys that would go unheard.
    void join(const std::string& name);

    /// The built-in type that a name stands for in the end, or null.
    const fields::FieldType* find(std::string_view name) const;
    /// Whether there is a type of the name.
    bool contains(std::string_view name) const;
    /// What a made type says of its fields; null for a built-in one.
    const Json* keys_of(std::string_view name) const;
    const std::map<std::string, Made, std::less<>>& made() const { return made_; }

private:
    void join(const std::string& name, std::size_t depth);

    std::map<std::string, Made, std::less<>> made_;
};

/// Whether a key is one that fields of any type may have.
bool is_field_key(std::string_view key);
/// Whether such a key is asked of a whole field only, and not of a list's element or a form of a field.
bool is_whole_fields_key(std::string_view key);
/// Whether a key is none that only other types have.
bool has_meaning(std::string_view key, const fields::FieldType& type);

}  // namespace framewright::loader
