#pragma once

#include <memory>
#include <vector>

#include "protocol_db/fields/integer_types.hpp"

namespace framewright::fields {

/// What is known of a number whose width a rule gives.
struct SizedNumberParameters final : NumberParametersOf<SizedNumberParameters> {
    expression::Rule size;
};

/// A number in as many octets as a rule gives, at most 8; in none, there is no number.
class SizedIntegerType final : public NumberType {
public:
    SizedIntegerType(bool little_endian, const NumberNotation& notation)
        : NumberType(notation), little_endian_(little_endian) {}

    std::span<const Key> keys() const override;
    std::shared_ptr<const Parameters> read_parameters(ParameterReader& reader) const override;
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
    std::uint32_t most_bits(const model::Field& /*field*/) const override { return 64; }
    bool has_width_of_number() const override { return true; }
    bool is_little_endian() const override { return little_endian_; }

private:
    bool little_endian_;
};

/// A number in as many bits as a rule gives, at most 64; in none, there is no number.
class SizedBitType final : public NumberType {
public:
    explicit SizedBitType(const NumberNotation& notation) : NumberType(notation) {}

    std::span<const Key> keys() const override;
    std::shared_ptr<const Parameters> read_parameters(ParameterReader& reader) const override;
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
    std::uint32_t most_bits(const model::Field& /*field*/) const override { return 64; }
    bool has_width_of_number() const override { return true; }
    bool is_bit_field() const override { return true; }
};

/// How a number says itself how many octets it takes.
struct NumberForm {
    /// As definitions call it.
    std::string_view name;
    std::string_view documentation;
    std::uint32_t most_bits;
    /// Appends the shortest octets of a number that fits.
    void (*encode)(std::uint64_t number, Bytes& out);
    /// Reads a number. Throws DecodeError.
    std::uint64_t (*decode)(BitReader& reader);
};

/// The forms that definitions may ask for.
std::span<const NumberForm> number_forms();

/// Numbers that decide their own width, in the form that a field's definition names.
class SelfSizedNumberType final : public NumberType {
public:
    explicit SelfSizedNumberType(const NumberNotation& notation);

    std::span<const Key> keys() const override;
    const FieldType& implementation(ParameterReader& reader) const override;
    bool has_width_of_number() const override { return true; }
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;

private:
    std::vector<std::unique_ptr<const FieldType>> of_forms_;
};

}  // namespace framewright::fields
