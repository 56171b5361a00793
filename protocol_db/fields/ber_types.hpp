#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "protocol_db/fields/ber.hpp"
#include "protocol_db/fields/field_type.hpp"

namespace framewright::fields {

/// What a field of a BER value is wrapped in, and what its contents are.
struct BerParameters final : ParametersOf<BerParameters> {
    bool is_optional = false;
    /// A DEFAULT of ASN.1: where nobody sets the field, it is left out.
    bool is_default_omitted = false;
    /// In place of the type's own tag (X.690 section 8.14.3).
    std::optional<ber::BerTag> implicit_tag;
    /// What is around the value, the outermost first: an explicit tag, and a string whose octets are its encoding.
    std::vector<ber::BerTag> around;

    NumberNames number_names;
    std::vector<std::string> bit_names;
    const model::Database* database = nullptr;
    /// What packets in the field begin with. An object identifier may tell it: that of a field of the layer, or of
    /// fields within the packet that this one holds.
    const model::Protocol* protocol = nullptr;
    std::optional<std::size_t> identified_by;
    std::vector<std::string> identified_by_within;
    /// The octets of a string are the packet.
    bool is_inside_string = false;
    std::shared_ptr<const model::Field> element;
    std::shared_ptr<const model::Field> contents;
    std::vector<std::shared_ptr<const model::Field>> alternatives;
    /// A value that is none of the alternatives is taken as octets.
    bool is_open = false;
    /// The alternatives by their tags.
    mutable std::map<std::pair<ber::TagClass, std::uint32_t>, const model::Field*> by_tag;

    const NumberNames* names() const override { return &number_names; }
    const model::Protocol* holds() const override { return protocol; }
};

/// A field that is a BER value, with identifier, length and contents. A value of octets stands for the contents, or for
/// the whole of a field that holds several things. Where nothing is given, an optional field is left out, and any other
/// has the value that its type begins with: 0, nothing in it, the first of its alternatives.
class BerType : public FieldType {
public:
    std::span<const Key> keys() const override;
    std::shared_ptr<const Parameters> read_parameters(ParameterReader& reader) const override;
    void finish(const model::Field& field) const override;
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const final;
    model::Value decode(const model::Field& field, DecodeContext& context) const final;
    bool is_here(const model::Field& field, ByteView octets) const final;
    bool means_default_when_absent(const model::Field& field) const final;
    bool is_ber() const final { return true; }

    /// The tags that the value itself may have, without what is around it; none: any. `depth`: how many fields it is
    /// asked for. Throws ValueError for a field that is made of itself.
    virtual std::vector<ber::BerTag> own_tags(const model::Field& field, std::size_t depth) const = 0;
    /// The tags of the value, or of what is around it.
    std::vector<ber::BerTag> tags(const model::Field& field, std::size_t depth = 0) const;

protected:
    /// Appends the value, without what is around it; `value` is not none.
    virtual void encode_value(const model::Field& field, const model::Value& value, EncodeContext& context) const = 0;
    /// Reads the value, without what is around it.
    virtual model::Value decode_value(const model::Field& field, DecodeContext& context) const = 0;
    /// What is written in a layer where nothing is given and something must be.
    virtual model::Value empty_value(const model::Field& field, const model::Layer& layer) const = 0;
};

/// Values whose contents are octets that mean something: numbers, strings, object identifiers, times.
class BerPrimitiveType : public BerType {
public:
    explicit BerPrimitiveType(std::uint32_t universal_tag) : universal_tag_(universal_tag) {}
    model::Value parse(const model::Field& field, const model::Value& value, const ParseContext& context) const final;
    std::vector<ber::BerTag> own_tags(const model::Field& field, std::size_t depth) const override;

protected:
    void encode_value(const model::Field& field, const model::Value& value, EncodeContext& context) const final;
    model::Value decode_value(const model::Field& field, DecodeContext& context) const final;

    /// Appends the contents of a value.
    virtual void write_contents(const model::Field& field, const model::Value& value, EncodeContext& context) const;
    /// The contents of a value that parse_value or read_contents gave, and that is not octets. Throws ValueError.
    virtual Bytes contents(const model::Field& field, const model::Value& value) const = 0;
    /// What contents say; the octets themselves where they are written otherwise than contents() would. Throws
    /// DecodeError for what are no contents of the type.
    virtual model::Value read_contents(const model::Field& field, ByteView octets) const = 0;
    /// The same in a layer.
    virtual model::Value read_contents_in(const model::Field& field, ByteView octets,
                                          DecodeContext& /*context*/) const {
        return read_contents(field, octets);
    }
    /// What octets that a client sent stand for: contents. Throws ValueError.
    virtual model::Value parse_octets(const model::Field& field, const Bytes& octets) const;
    /// Turns what a client sent, which is neither none nor octets, into what the field holds. Throws ValueError.
    virtual model::Value parse_value(const model::Field& field, const model::Value& value,
                                     const ParseContext& context) const = 0;

private:
    std::uint32_t universal_tag_;
};

/// INTEGER and ENUMERATED, of any size: numbers of 64 bits, and larger ones as hexadecimal text.
class BerIntegerType final : public BerPrimitiveType {
public:
    using BerPrimitiveType::BerPrimitiveType;
    std::span<const Key> keys() const override;
    void show(const model::Field& field, const model::Value& value, std::string& out) const override;

protected:
    Bytes contents(const model::Field& field, const model::Value& value) const override;
    model::Value read_contents(const model::Field& field, ByteView octets) const override;
    model::Value parse_value(const model::Field& field, const model::Value& value,
                             const ParseContext& context) const override;
    model::Value empty_value(const model::Field& /*field*/, const model::Layer& /*layer*/) const override {
        return Integer{0};
    }
};

/// BOOLEAN: 0 and 1.
class BerBooleanType final : public BerPrimitiveType {
public:
    BerBooleanType() : BerPrimitiveType(ber::kBoolean) {}
    void show(const model::Field& field, const model::Value& value, std::string& out) const override;

protected:
    Bytes contents(const model::Field& field, const model::Value& value) const override;
    model::Value read_contents(const model::Field& field, ByteView octets) const override;
    model::Value parse_value(const model::Field& field, const model::Value& value,
                             const ParseContext& context) const override;
    model::Value empty_value(const model::Field& /*field*/, const model::Layer& /*layer*/) const override {
        return Integer{0};
    }
};

/// NULL: always 0, which says nothing.
class BerNullType final : public BerPrimitiveType {
public:
    BerNullType() : BerPrimitiveType(ber::kNull) {}

protected:
    Bytes contents(const model::Field& field, const model::Value& value) const override;
    model::Value read_contents(const model::Field& field, ByteView octets) const override;
    model::Value parse_value(const model::Field& field, const model::Value& value,
                             const ParseContext& context) const override;
    model::Value empty_value(const model::Field& /*field*/, const model::Layer& /*layer*/) const override {
        return Integer{0};
    }
};

/// OBJECT IDENTIFIER: dotted numbers as text, shown by its name where it has one.
class BerObjectIdentifierType final : public BerPrimitiveType {
public:
    BerObjectIdentifierType() : BerPrimitiveType(ber::kObjectIdentifier) {}
    void show(const model::Field& field, const model::Value& value, std::string& out) const override;

protected:
    Bytes contents(const model::Field& field, const model::Value& value) const override;
    model::Value read_contents(const model::Field& field, ByteView octets) const override;
    model::Value parse_value(const model::Field& field, const model::Value& value,
                             const ParseContext& context) const override;
    model::Value empty_value(const model::Field& /*field*/, const model::Layer& /*layer*/) const override {
        return std::string("0.0");
    }
};

/// Strings: octets, or a field of another type that they are.
class BerStringType final : public BerPrimitiveType {
public:
    using BerPrimitiveType::BerPrimitiveType;
    std::span<const Key> keys() const override;
    void show(const model::Field& field, const model::Value& value, std::string& out) const override;

protected:
    Bytes contents(const model::Field& field, const model::Value& value) const override;
    model::Value read_contents(const model::Field& field, ByteView octets) const override;
    model::Value read_contents_in(const model::Field& field, ByteView octets, DecodeContext& context) const override;
    model::Value parse_value(const model::Field& field, const model::Value& value,
                             const ParseContext& context) const override;
    model::Value parse_octets(const model::Field& field, const Bytes& octets) const override;
    void write_contents(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value empty_value(const model::Field& /*field*/, const model::Layer& /*layer*/) const override {
        return Bytes{};
    }
};

/// UTCTime and GeneralizedTime: the characters as text, shown as a date where they are one to the second in UTC.
class BerTimeType final : public BerPrimitiveType {
public:
    explicit BerTimeType(std::uint32_t universal_tag)
        : BerPrimitiveType(universal_tag), year_digits_(universal_tag == ber::kUtcTime ? 2 : 4) {}
    void show(const model::Field& field, const model::Value& value, std::string& out) const override;

protected:
    Bytes contents(const model::Field& field, const model::Value& value) const override;
    model::Value read_contents(const model::Field& field, ByteView octets) const override;
    model::Value parse_value(const model::Field& field, const model::Value& value,
                             const ParseContext& context) const override;
    model::Value empty_value(const model::Field& /*field*/, const model::Layer& /*layer*/) const override {
        return std::string(year_digits_ == 2 ? "700101000000Z" : "19700101000000Z");
    }

private:
    std::size_t year_digits_;
};

/// BIT STRING: whole octets as octets, else text of 0 and 1; where the bits that fill up the last octet are not 0, how
/// many these are and the octets. With names, always text, and shown as the names of the bits that are set. It may hold
/// a packet.
class BerBitStringType final : public BerPrimitiveType {
public:
    explicit BerBitStringType(bool has_names) : BerPrimitiveType(ber::kBitString), has_names_(has_names) {}
    std::span<const Key> keys() const override;
    void finish(const model::Field& field) const override;
    void show(const model::Field& field, const model::Value& value, std::string& out) const override;

protected:
    Bytes contents(const model::Field& field, const model::Value& value) const override;
    model::Value read_contents(const model::Field& field, ByteView octets) const override;
    model::Value read_contents_in(const model::Field& field, ByteView octets, DecodeContext& context) const override;
    model::Value parse_value(const model::Field& field, const model::Value& value,
                             const ParseContext& context) const override;
    model::Value parse_octets(const model::Field& field, const Bytes& octets) const override;
    void write_contents(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value empty_value(const model::Field& field, const model::Layer& layer) const override;

private:
    bool has_names_;
};

/// Fields that hold several things, or one of several.
class BerContainerType : public BerType {
public:
    model::Value parse(const model::Field& field, const model::Value& value,
                       const ParseContext& context) const override;
    void express(const model::Field& field, const model::Value& value, std::string& out) const override;
    bool is_container() const override { return true; }

protected:
    /// Checks and converts what a client wants in the field; `value` is neither none, text nor bytes.
    virtual model::Value parse_items(const model::Field& field, const model::Value& value,
                                     const ParseContext& context) const = 0;
    /// Reads a text that is no expression; octets on the wire, if it is nothing else.
    virtual model::Value parse_text(const model::Field& field, const std::string& text,
                                    const ParseContext& context) const;
};

/// SEQUENCE OF and SET OF: packets, or values of one type, in the order in which they are given.
class BerListType final : public BerContainerType {
public:
    explicit BerListType(std::uint32_t universal_tag) : universal_tag_(universal_tag) {}
    std::span<const Key> keys() const override;
    void finish(const model::Field& field) const override;
    std::vector<ber::BerTag> own_tags(const model::Field& field, std::size_t depth) const override;
    bool is_list() const override { return true; }
    bool shows_given_octets() const override { return false; }

protected:
    void encode_value(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode_value(const model::Field& field, DecodeContext& context) const override;
    model::Value parse_items(const model::Field& field, const model::Value& value,
                             const ParseContext& context) const override;
    model::Value empty_value(const model::Field& /*field*/, const model::Layer& /*layer*/) const override {
        return model::List{};
    }

private:
    std::uint32_t universal_tag_;
};

/// One packet of a protocol, which is a BER value.
class BerPacketType final : public BerContainerType {
public:
    std::span<const Key> keys() const override;
    void finish(const model::Field& field) const override;
    std::vector<ber::BerTag> own_tags(const model::Field& field, std::size_t depth) const override;

protected:
    void encode_value(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode_value(const model::Field& field, DecodeContext& context) const override;
    model::Value parse_items(const model::Field& field, const model::Value& value,
                             const ParseContext& context) const override;
    model::Value empty_value(const model::Field& field, const model::Layer& layer) const override;
};

/// One of several alternatives, which its tag tells: a packet, or a tuple of a type's name and a value. Where any value
/// may stand, one with another tag is its octets.
class BerChoiceType final : public BerContainerType {
public:
    /// `is_any`: any value, without a list of alternatives those of all types of values.
    explicit BerChoiceType(bool is_any) : is_any_(is_any) {}
    std::span<const Key> keys() const override;
    std::shared_ptr<const Parameters> read_parameters(ParameterReader& reader) const override;
    void finish(const model::Field& field) const override;
    std::vector<ber::BerTag> own_tags(const model::Field& field, std::size_t depth) const override;

protected:
    void encode_value(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode_value(const model::Field& field, DecodeContext& context) const override;
    model::Value parse_items(const model::Field& field, const model::Value& value,
                             const ParseContext& context) const override;
    model::Value parse_text(const model::Field& field, const std::string& text,
                            const ParseContext& context) const override;
    model::Value empty_value(const model::Field& field, const model::Layer& layer) const override;

private:
    model::Value first_that_takes(const model::Field& field, const model::Value& value,
                                  const ParseContext& context) const;
    bool is_any_;
};

/// How lengths of a layer are written that are longer than need be: a list for the SEQUENCEs around its fields, and one
/// for each field, of numbers of octets. It takes no bytes.
class BerLengthsType final : public FieldType {
public:
    void encode(const model::Field& /*field*/, const model::Value& /*value*/,
                EncodeContext& /*context*/) const override {}
    model::Value decode(const model::Field& /*field*/, DecodeContext& /*context*/) const override { return {}; }
    model::Value parse(const model::Field& field, const model::Value& value,
                       const ParseContext& context) const override;
    void express(const model::Field& field, const model::Value& value, std::string& out) const override;
    bool is_list() const override { return true; }
    bool is_container() const override { return true; }
    bool shows_given_octets() const override { return false; }
};

/// The lengths that a field of BerLengthsType holds, and the value for such.
ber::Lengths read_lengths(const model::Value& value);
model::Value to_value(const ber::Lengths& lengths);

}  // namespace framewright::fields
