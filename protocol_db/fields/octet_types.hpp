#pragma once

#include "protocol_db/fields/field_type.hpp"
#include "protocol_db/fields/octet_notations.hpp"

namespace framewright::fields {

/// What is known of octets whose length a rule gives.
struct OctetsParameters final : ParametersOf<OctetsParameters> {
    expression::Rule length;
    /// Whether octets that a client gives must be as many as the length says, rather than be filled up with zeros.
    bool is_exact = false;
    /// Whether the number 0 stands for no octets.
    bool zero_is_nothing = false;
    /// How they are written, or null: as texts of their characters.
    const OctetNotation* notation = nullptr;
    /// The names of some values.
    std::vector<std::pair<Bytes, std::string>> names;
};

/// What is known of octets that a mark ends.
struct StoppedOctetsParameters final : ParametersOf<StoppedOctetsParameters> {
    Bytes stop{0};
    /// How many octets from the mark on belong to the value, which ends the field; none: the mark is the field's, and
    /// not part of its value.
    std::optional<std::size_t> kept;
};

/// Fields of plain octets: what they have in common is how a client's value is read.
class OctetsType : public FieldType {
public:
    model::Value parse(const model::Field& field, const model::Value& value,
                       const ParseContext& context) const override;
};

/// Octets whose length a rule gives, and that may have names, or a notation.
class SizedOctetsType : public OctetsType {
public:
    std::shared_ptr<const Parameters> read_parameters(ParameterReader& reader) const override;
    model::Value parse(const model::Field& field, const model::Value& value,
                       const ParseContext& context) const override;
    void show(const model::Field& field, const model::Value& value, std::string& out) const override;
    void express(const model::Field& field, const model::Value& value, std::string& out) const override;
    model::Value parse_notation(const model::Field& field, std::string_view text) const override;
    bool expresses_octets(const model::Field& field) const override;

protected:
    /// Whether zeros at the end only fill the field up.
    virtual bool is_filled() const { return false; }
};

/// Octets of a length that a rule gives, filled up with zeros; a longer value is an error, and a shorter one where it
/// has to be exact.
class FixedOctetsType final : public SizedOctetsType {
public:
    /// A `strict` field is an error when the bytes end within it; another one takes what is there.
    explicit FixedOctetsType(bool strict = false) : strict_(strict) {}
    std::span<const Key> keys() const override;
    void check_value(const model::Field& field, const model::Value& value) const override;
    void check_octets(const model::Field& field, ByteView octets) const override;
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
    std::uint32_t constant_bits(const model::Field& field) const override;

protected:
    bool is_filled() const override { return true; }

private:
    bool strict_;
};

/// Octets: as many as the length rule says when dissected, all that are left without a rule, and what is given when
/// built.
class VariableOctetsType final : public SizedOctetsType {
public:
    std::span<const Key> keys() const override;
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
};

/// Octets up to a mark, which is not part of the value: a zero octet, or the field's stop text.
class StoppedOctetsType final : public OctetsType {
public:
    /// Whether the definition must say what the mark is.
    explicit StoppedOctetsType(bool needs_mark) : needs_mark_(needs_mark) {}
    std::span<const Key> keys() const override;
    std::shared_ptr<const Parameters> read_parameters(ParameterReader& reader) const override;
    void check_value(const model::Field& field, const model::Value& value) const override;
    void check_octets(const model::Field& field, ByteView octets) const override;
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;

private:
    bool needs_mark_;
};

}  // namespace framewright::fields
