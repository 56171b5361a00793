#pragma once

#include "protocol_db/fields/list_types.hpp"

namespace framewright::fields {

/// How one kind of option in a list is written.
struct OptionKind {
    std::uint32_t code = 0;
    std::string name;
    /// Element widths in bytes as letters B, H, I, Q (numbers), 4 (IPv4 address), or N (one number in as many bytes as
    /// it needs); empty: bytes.
    std::string format;
    /// Whether the numbers repeat as often as the option's length allows.
    bool repeats = false;
    /// Whether the numbers are shown as one list.
    bool is_list = false;
    /// Whether the option is its code alone, and whether it is the last one.
    bool is_single = false;
    bool ends_list = false;
    /// Names of a single number.
    const model::Enumeration* enumeration = nullptr;
};

/// What is known of a list of options.
struct OptionListParameters final : ParametersOf<OptionListParameters> {
    expression::Rule length;
    std::vector<OptionKind> options;
    std::size_t code_octets = 1;
    std::size_t length_octets = 1;
    /// Whether the length counts the whole option, rather than its value.
    bool counts_option = false;
    /// The bit of the code that says that a value of 2 octets stands in place of the length; 0: none does.
    std::uint32_t short_bit = 0;
    /// Whether options are shown as words, "name=value", rather than as pairs.
    bool are_words = false;

    const OptionKind* find(std::uint32_t code) const;
    /// The kind of an option's name, which is a text or a code; null where there is none.
    const OptionKind* find(const model::Value& name) const;
};

/// Options of code, length and value, which the field's table names. What is no whole option is octets. The value of
/// the field is a list of pairs of name and value; as words, values stand side by side, and a single octet is its name
/// alone.
class OptionListType final : public ContainerType {
public:
    std::span<const Key> keys() const override;
    std::shared_ptr<const Parameters> read_parameters(ParameterReader& reader) const override;
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
    model::Value parse(const model::Field& field, const model::Value& value,
                       const ParseContext& context) const override;
    model::Value parse_notation(const model::Field& field, std::string_view text) const override;
    void show(const model::Field& field, const model::Value& value, std::string& out) const override;

protected:
    model::Value parse_items(const model::Field& field, const model::Value& value,
                             const ParseContext& context) const override;
};

}  // namespace framewright::fields
