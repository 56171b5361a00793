#pragma once

#include "protocol_db/fields/field_type.hpp"

namespace framewright::fields {

/// Fields that hold several things. A text is read as the expression that it is when it looks like one; else, like
/// BYTES, it stands for the field's octets on the wire.
class ContainerType : public FieldType {
public:
    model::Value parse(const model::Field& field, const model::Value& value,
                       const ParseContext& context) const override;
    void express(const model::Field& field, const model::Value& value, std::string& out) const override;
    bool is_list() const override { return true; }

protected:
    /// Checks and converts what a client wants in the field; `value` is neither none, text nor bytes.
    virtual model::Value parse_items(const model::Field& field, const model::Value& value,
                                     const ParseContext& context) const = 0;
};

/// A list of values of one field type (the field's `element`), by count, by length, or to the end.
class FieldListType : public ContainerType {
public:
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
    bool shows_given_octets() const override { return false; }

protected:
    model::Value parse_items(const model::Field& field, const model::Value& value,
                             const ParseContext& context) const override;
    /// The field that describes one element.
    virtual const model::Field& element_of(const model::Field& field) const;
};

/// A list of IPv6 addresses. It is written "[ ::1, fe80::1 ]", and read in that form, as a list of texts, for a single
/// address as just that, and as the addresses' octets.
class AddressListType final : public FieldListType {
public:
    model::Value parse(const model::Field& field, const model::Value& value,
                       const ParseContext& context) const override;
    void show(const model::Field& field, const model::Value& value, std::string& out) const override;
    void express(const model::Field& field, const model::Value& value, std::string& out) const override;
    model::Value parse_notation(const model::Field& field, std::string_view text) const override;

protected:
    model::Value parse_items(const model::Field& field, const model::Value& value,
                             const ParseContext& context) const override;
    const model::Field& element_of(const model::Field& field) const override;
};

/// A list of packets of the protocol that the field holds, by count, by length, or to the end. Where the field has
/// a pad protocol, each packet is put at its alignment and the list is filled up to 8 bytes (RFC 8200 section 4.2).
class PacketListType final : public ContainerType {
public:
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
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
    bool is_list() const override { return false; }

protected:
    model::Value parse_items(const model::Field& field, const model::Value& value,
                             const ParseContext& context) const override;
};

/// Options of (kind, length, value) that the field's table names; TCP (RFC 9293 section 3.1: the length counts the
/// kind and itself; End and NOP have none) and DHCP (RFC 2132: the length counts the value; Pad and End have none).
class OptionListType final : public ContainerType {
public:
    enum class Form : std::uint8_t { kTcp, kDhcp };
    explicit OptionListType(Form form) : form_(form) {}
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
    void show(const model::Field& field, const model::Value& value, std::string& out) const override;

protected:
    model::Value parse_items(const model::Field& field, const model::Value& value,
                             const ParseContext& context) const override;

private:
    Form form_;
};

/// A field whose type depends on other fields of its layer: the field's variants.
class VariantType final : public FieldType {
public:
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
    model::Value parse(const model::Field& field, const model::Value& value,
                       const ParseContext& context) const override;
    void show(const model::Field& field, const model::Value& value, std::string& out) const override;
};

}  // namespace framewright::fields
