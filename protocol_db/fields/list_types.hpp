#pragma once

#include "protocol_db/fields/field_type.hpp"

namespace framewright::fields {

/// What is known of a list of values: where it ends, and the field that describes one element.
struct ListParameters final : ParametersOf<ListParameters> {
    expression::Rule length;
    expression::Rule count;
    std::shared_ptr<const model::Field> element;
    /// Whether a person sees the elements as each is shown.
    bool shows_elements = false;
};

/// The options that pad a list of options, by their type: a single octet, and one with a length and zeros (RFC 8200
/// section 4.2).
struct OptionPadding {
    /// The field of the layer that switches padding; always, without one.
    std::optional<std::size_t> switch_field;
    std::uint8_t one = 0;
    std::uint8_t many = 1;
};

/// What is known of packets in a field: where they end, and the protocol that they begin with.
struct PacketParameters final : ParametersOf<PacketParameters> {
    expression::Rule length;
    expression::Rule count;
    const model::Protocol* protocol = nullptr;
    /// How options are put at their alignment, and the list filled up to 8 bytes.
    std::optional<OptionPadding> padding;
    /// The list ends behind the packet for which it holds.
    ElementRule until;
    const model::Protocol* holds() const override { return protocol; }
    const ElementRule* element_rule() const override { return until.rule ? &until : nullptr; }
};

/// One form of a field whose type depends on other fields: the first whose rule holds (or that has none) applies.
struct Variant {
    expression::Rule when;
    std::shared_ptr<const model::Field> field;
};

/// What is known of a field of several forms.
struct VariantParameters final : ParametersOf<VariantParameters> {
    std::vector<Variant> variants;
};

/// Fields that hold several things. A text is read as the expression that it is when it looks like one; else, like
/// BYTES, it stands for the field's octets on the wire.
class ContainerType : public FieldType {
public:
    model::Value parse(const model::Field& field, const model::Value& value,
                       const ParseContext& context) const override;
    void express(const model::Field& field, const model::Value& value, std::string& out) const override;
    bool is_list() const override { return true; }
    bool is_container() const override { return true; }

protected:
    /// Checks and converts what a client wants in the field; `value` is neither none, text nor bytes.
    virtual model::Value parse_items(const model::Field& field, const model::Value& value,
                                     const ParseContext& context) const = 0;
};

/// A list of values of one field type (the field's `element`), by count, by length, or to the end.
class FieldListType : public ContainerType {
public:
    std::span<const Key> keys() const override;
    std::shared_ptr<const Parameters> read_parameters(ParameterReader& reader) const override;
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
    model::Value parse(const model::Field& field, const model::Value& value,
                       const ParseContext& context) const override;
    void show(const model::Field& field, const model::Value& value, std::string& out) const override;
    bool shows_given_octets() const override { return false; }
    bool may_point_back(const model::Field& field) const override;

protected:
    model::Value parse_items(const model::Field& field, const model::Value& value,
                             const ParseContext& context) const override;
};

/// A list of IPv6 addresses. It is written "[ ::1, fe80::1 ]", and read in that form, as a list of texts, for a single
/// address as just that, and as the addresses' octets.
class AddressListType final : public FieldListType {
public:
    std::span<const Key> keys() const override;
    std::shared_ptr<const Parameters> read_parameters(ParameterReader& reader) const override;
    model::Value parse(const model::Field& field, const model::Value& value,
                       const ParseContext& context) const override;
    void show(const model::Field& field, const model::Value& value, std::string& out) const override;
    void express(const model::Field& field, const model::Value& value, std::string& out) const override;
    model::Value parse_notation(const model::Field& field, std::string_view text) const override;

protected:
    model::Value parse_items(const model::Field& field, const model::Value& value,
                             const ParseContext& context) const override;
};

/// A list of packets of the protocol that the field holds, by count, by length, or to the end. Where the field has
/// padding, each packet is put at its alignment and the list is filled up to 8 bytes (RFC 8200 section 4.2).
class PacketListType final : public ContainerType {
public:
    std::span<const Key> keys() const override;
    std::shared_ptr<const Parameters> read_parameters(ParameterReader& reader) const override;
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
    bool shows_given_octets() const override { return false; }

protected:
    model::Value parse_items(const model::Field& field, const model::Value& value,
                             const ParseContext& context) const override;
};

/// One nested packet, in the bytes that the length rule gives, or in what is left.
class PacketType final : public ContainerType {
public:
    std::span<const Key> keys() const override;
    std::shared_ptr<const Parameters> read_parameters(ParameterReader& reader) const override;
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
    bool is_list() const override { return false; }
    bool shows_default_octets() const override { return false; }

protected:
    model::Value parse_items(const model::Field& field, const model::Value& value,
                             const ParseContext& context) const override;
};

/// A field whose type depends on other fields of its layer: the field's variants.
class VariantType final : public FieldType {
public:
    std::span<const Key> keys() const override;
    std::shared_ptr<const Parameters> read_parameters(ParameterReader& reader) const override;
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
    model::Value parse(const model::Field& field, const model::Value& value,
                       const ParseContext& context) const override;
    void show(const model::Field& field, const model::Value& value, std::string& out) const override;
    void show_in(const expression::RuleContext& layer, const model::Field& field, const model::Value& value,
                 std::string& out) const override;
    const model::Field& form(const model::Field& field, const expression::RuleContext& rules) const override;
    bool is_container() const override { return true; }
    bool has_forms() const override { return true; }
    bool may_point_back(const model::Field& field) const override;
    bool says_encoding(const model::Field& field, const model::Value& value) const override;
    const model::Value& absent_value(const expression::RuleContext& layer, const model::Field& field) const override;
};

}  // namespace framewright::fields
