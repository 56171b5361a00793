#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol_db/fields/field_type.hpp"
#include "protocol_db/fields/number_notations.hpp"

namespace framewright::fields {

/// What is known of a number: the base of a type's own struct.
template <typename Own>
struct NumberParametersOf : ParametersOf<Own> {
    NumberNames number_names;
    NotationParameters number_notation;
    const NumberNames* names() const final { return &number_names; }
    const NotationParameters* notation() const final { return &number_notation; }
};

struct NumberParameters final : NumberParametersOf<NumberParameters> {};

/// Keys of several types, and more of a type's own.
std::vector<Key> with_keys(std::span<const Key> keys, std::initializer_list<Key> more);

/// What all fields that hold one number have in common: reading a client's value, and showing it.
class NumberType : public FieldType {
public:
    explicit NumberType(const NumberNotation& notation, bool is_signed = false)
        : notation_(notation), is_signed_(is_signed) {}

    std::span<const Key> keys() const override;
    std::shared_ptr<const Parameters> read_parameters(ParameterReader& reader) const override;
    model::Value parse(const model::Field& field, const model::Value& value,
                       const ParseContext& context) const override;
    void show(const model::Field& field, const model::Value& value, std::string& out) const override;
    void show_in(const expression::RuleContext& layer, const model::Field& field, const model::Value& value,
                 std::string& out) const override;
    model::Value parse_notation(const model::Field& field, std::string_view text) const override;
    bool is_number() const override { return true; }
    bool is_signed() const override { return is_signed_; }

protected:
    /// The notation that the field's definition asks for, or the type's own.
    const NumberNotation& notation(const model::Field& field) const;
    /// Reads what is known of all numbers.
    void read_number(ParameterReader& reader, NumberNames& names, NotationParameters& notation) const;

private:
    const NumberNotation& notation_;
    bool is_signed_;
};

/// A number in whole octets; with 0 `octets`, of as many as the field's definition says.
class IntegerType final : public NumberType {
public:
    /// The widest number.
    static constexpr std::uint32_t kMostOctets = 8;

    IntegerType(std::uint32_t octets, bool little_endian, const NumberNotation& notation, bool is_signed = false)
        : NumberType(notation, is_signed), octets_(octets), little_endian_(little_endian) {}

    std::shared_ptr<const Parameters> read_parameters(ParameterReader& reader) const override;
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
    std::uint32_t fixed_bits() const override { return octets_ * 8; }
    bool needs_bits() const override { return octets_ == 0; }
    bool is_little_endian() const override { return little_endian_; }

private:
    std::uint32_t octets_;
    bool little_endian_;
};

/// Numbers in whole octets whose width and order a definition says; with 0 `usual_octets`, it must say the width.
class OrderedIntegerType final : public NumberType {
public:
    OrderedIntegerType(std::uint32_t usual_octets, const NumberNotation& notation)
        : NumberType(notation),
          usual_octets_(usual_octets),
          big_endian_(0, false, notation),
          little_endian_(0, true, notation) {}

    std::span<const Key> keys() const override;
    const FieldType& implementation(ParameterReader& reader) const override;
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
    bool needs_bits() const override { return true; }
    std::uint32_t usual_bits() const override { return usual_octets_ * 8; }

private:
    std::uint32_t usual_octets_;
    IntegerType big_endian_;
    IntegerType little_endian_;
};

/// A number in a run of bits; the width is the field's. Where the number is too large for an Integer, the value is its
/// octets, highest first and without zeros in front.
class BitType : public NumberType {
public:
    /// The widest field, and the widest whose numbers are all Integers.
    static constexpr std::uint32_t kMostBits = 4096;
    static constexpr std::uint32_t kMostIntegerBits = 126;

    explicit BitType(const NumberNotation& notation) : NumberType(notation) {}

    model::Value parse(const model::Field& field, const model::Value& value,
                       const ParseContext& context) const override;
    void show(const model::Field& field, const model::Value& value, std::string& out) const override;
    void express(const model::Field& field, const model::Value& value, std::string& out) const override;
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
    bool is_bit_field() const override { return true; }
    bool needs_bits() const override { return true; }
};

/// The types of bit fields, which may lie in little endian words.
class OrderedBitType final : public BitType {
public:
    explicit OrderedBitType(const NumberNotation& notation);
    std::span<const Key> keys() const override;
    const FieldType& implementation(ParameterReader& reader) const override;

private:
    std::unique_ptr<const FieldType> little_endian_;
};

/// A setting that has no bytes (the switch of option padding).
class PhantomType final : public NumberType {
public:
    explicit PhantomType(const NumberNotation& notation) : NumberType(notation) {}

    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
};

/// Seconds in units of 1/256 (IEEE 802.1D timers): a fraction where the bytes hold one.
class BinaryFractionType final : public FieldType {
public:
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
    model::Value parse(const model::Field& field, const model::Value& value,
                       const ParseContext& context) const override;
    void show(const model::Field& field, const model::Value& value, std::string& out) const override;
    std::uint32_t fixed_bits() const override { return 16; }
};

}  // namespace framewright::fields
