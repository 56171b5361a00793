#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol_db/expression/rule.hpp"
#include "protocol_db/model/model.hpp"

namespace framewright::fields {

/// What stands behind a key of a definition.
enum class Shape : std::uint8_t {
    kText,
    kNumber,        ///< from `least` to `most`
    kBoolean,       ///< true or false
    kWord,          ///< one of `words`
    kRule,          ///< a rule
    kNumberOrRule,  ///< a rule, or a number from 0 on
    kProtocol,      ///< the id of a protocol
    kFieldId,       ///< the id of a field of the same protocol
    kEnumeration,   ///< names of numbers, or the name of an enumeration
    kEnumerations,  ///< numbers, and an enumeration for each
    kTextOrTexts,   ///< a text, or an array of texts
    kTextNames,     ///< texts, and a name for each
    kPart,          ///< a field without an id
    kParts,         ///< an array of fields without an id
    kTag,           ///< a tag of BER: a number, or a text of class and number
    kObject,        ///< an object of `members`
    kObjects,       ///< an array of such objects
};

/// A key that a field's definition may have because of the field's type, or a member of an object behind such a key.
struct Key {
    std::string_view name;
    Shape shape = Shape::kText;
    /// One line for the guide and the schema.
    std::string_view documentation;
    bool is_required = false;
    std::int64_t least = 0;
    std::int64_t most = 0;
    /// The words of kWord; the characters that a kText is made of, all without them.
    std::span<const std::string_view> words = {};
    std::string_view characters = {};
    std::span<const Key> members = {};
    /// How messages call one of the objects: "a variant".
    std::string_view item = {};
};

/// The same key where it must be there.
constexpr Key required(Key key) {
    key.is_required = true;
    return key;
}

/// Keys that several types have.
inline constexpr Key kLengthKey{
    "length", Shape::kNumberOrRule,
    "How many bytes the field takes when dissected; for the types of a fixed length, when built as "
    "well. More than there are means all of them; a negative number leaves that many."};
inline constexpr Key kCountKey{"count", Shape::kNumberOrRule, "How many elements a list has when dissected."};
inline constexpr Key kHoldsKey{"holds", Shape::kProtocol, "The protocol that the field's packets begin with."};

inline constexpr std::string_view kNotationDocumentation =
    "How the value is written for people, in place of the type's own way, [below](#notations).";

/// The names that a field's numbers have.
struct NumberNames {
    const model::Enumeration* enumeration = nullptr;
    /// Enumerations that depend on another field of the layer (ICMP code by type).
    std::vector<std::pair<Integer, const model::Enumeration*>> enumerations_by;
    std::size_t enumerations_by_field = 0;
    /// Names of single bits, lowest first.
    std::vector<std::string> flags;
    bool flags_are_letters = false;
};

struct NotationParameters;

/// What a field type keeps of a field's definition: immutable, and of a struct of the type's own, which derives from
/// ParametersOf.
class Parameters {
public:
    virtual ~Parameters() = default;
    Parameters(const Parameters&) = delete;
    Parameters& operator=(const Parameters&) = delete;

    /// A rule among the parameters, and the key that it stands behind.
    struct NamedRule {
        std::string_view key;
        const expression::Rule* rule;
    };
    /// The rules that were read, and the fields (elements, forms) that this one is made of.
    const std::vector<NamedRule>& rules() const { return rules_; }
    const std::vector<std::shared_ptr<const model::Field>>& parts() const { return parts_; }
    /// The rule behind a key, or null.
    const expression::Rule* find_rule(std::string_view key) const;
    void add_rule(std::string_view key, const expression::Rule& rule) { rules_.push_back({key, &rule}); }
    void add_part(std::shared_ptr<const model::Field> part) { parts_.push_back(std::move(part)); }

    /// The names of the field's numbers, or null.
    virtual const NumberNames* names() const { return nullptr; }
    /// How the field's number is written, or null.
    virtual const NotationParameters* notation() const { return nullptr; }
    /// The protocol that packets in the field begin with, or null.
    virtual const model::Protocol* holds() const { return nullptr; }

    /// The rule over the fields of a held packet that ends the list, and the ids that its operands stand for.
    struct ElementRule {
        expression::Rule rule;
        std::vector<std::string> fields;
    };
    virtual const ElementRule* element_rule() const { return nullptr; }

    /// Tells the structs of different types apart.
    const void* tag() const { return tag_; }

protected:
    explicit Parameters(const void* tag) : tag_(tag) {}

private:
    const void* tag_;
    std::vector<NamedRule> rules_;
    std::vector<std::shared_ptr<const model::Field>> parts_;
};

/// The base of a type's own struct: `struct MyParameters final : ParametersOf<MyParameters>`.
template <typename Own>
struct ParametersOf : Parameters {
    static constexpr char kTag = 0;
    ParametersOf() : Parameters(&kTag) {}
};

/// A field's parameters as its type's own struct. Throws std::logic_error for a field of another type.
template <typename Own>
const Own& parameters_of(const model::Field& field) {
    const Parameters* const parameters = field.parameters.get();
    if (parameters == nullptr || parameters->tag() != &Own::kTag) {
        throw std::logic_error("field " + field.id + " does not have the parameters of its type");
    }
    return static_cast<const Own&>(*parameters);
}

/// The names of a field's numbers; empty for a field that has none.
const NumberNames& names_of(const model::Field& field);
/// The rule for a field's size in bytes, or null.
const expression::Rule* length_rule(const model::Field& field);
/// The protocol that packets in the field begin with, or null.
const model::Protocol* held_protocol(const model::Field& field);

/// Reads the keys that a type declares from a field's definition, or from an object in it. Absent keys give nothing.
/// What is not of the declared shape is refused, as are keys that nobody declared and required ones that are missing.
class ParameterReader {
public:
    virtual ~ParameterReader() = default;
    /// The field that is being defined: its id, its type and its width are known.
    virtual const model::Field& field() const = 0;
    virtual bool has(const Key& key) const = 0;
    /// A text or a word.
    virtual std::string text(const Key& key) = 0;
    virtual std::optional<std::int64_t> number(const Key& key) = 0;
    virtual bool boolean(const Key& key) = 0;
    /// Reads a rule into a member of the parameters, which keep it in mind for who checks or follows rules.
    virtual void rule(const Key& key, Parameters& parameters, expression::Rule& into) = 0;
    /// Reads a rule over the fields of the packets that the field holds.
    virtual Parameters::ElementRule element_rule(const Key& key) = 0;
    virtual const model::Protocol* protocol(const Key& key) = 0;
    virtual std::optional<std::size_t> field_index(const Key& key) = 0;
    /// An enumeration, whose numbers fit into the field.
    virtual const model::Enumeration* enumeration(const Key& key) = 0;
    virtual std::vector<std::pair<Integer, const model::Enumeration*>> enumerations(const Key& key) = 0;
    /// The texts, and whether they were one text, of which each is a letter.
    virtual std::pair<std::vector<std::string>, bool> texts(const Key& key) = 0;
    /// Texts and their names.
    virtual std::vector<std::pair<std::string, std::string>> text_names(const Key& key) = 0;
    /// A field without an id, which the parameters keep in mind.
    virtual std::shared_ptr<const model::Field> part(const Key& key, Parameters& parameters) = 0;
    /// Several of them.
    virtual std::vector<std::shared_ptr<const model::Field>> parts(const Key& key, Parameters& parameters) = 0;
    virtual std::optional<model::BerTag> tag(const Key& key) = 0;
    /// The index of a field of the protocol that stands in front of this one.
    virtual std::size_t index_of(const std::string& id) const = 0;
    virtual const model::Database& database() const = 0;
    /// A reader for the object behind a key, or null; for each object of the array behind it.
    virtual std::unique_ptr<ParameterReader> object(const Key& key) = 0;
    virtual std::vector<std::unique_ptr<ParameterReader>> objects(const Key& key) = 0;
    /// Refuses the definition.
    [[noreturn]] virtual void refuse(const std::string& reason) const = 0;
};

}  // namespace framewright::fields
