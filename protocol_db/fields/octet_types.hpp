#pragma once

#include "protocol_db/fields/field_type.hpp"

namespace framewright::fields {

/// How many of `available` bytes a length takes: a length beyond the end takes what is there, and a negative one
/// leaves that many bytes at the end, as the dissectors that our clients know do.
std::size_t clip_length(std::int64_t length, std::size_t available);

/// Fields of plain octets: what they have in common is how a client's value is read.
class OctetsType : public FieldType {
public:
    model::Value parse(const model::Field& field, const model::Value& value,
                       const ParseContext& context) const override;
};

/// Octets of a length that a rule gives, filled up with zeros; a longer value is an error.
class FixedOctetsType final : public OctetsType {
public:
    /// A `strict` field is an error when the bytes end within it; another one takes what is there.
    explicit FixedOctetsType(bool strict = false) : strict_(strict) {}
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;

private:
    bool strict_;
};

/// Octets: as many as the length rule says when dissected, all that are left without a rule, and what is given when
/// built.
class VariableOctetsType final : public OctetsType {
public:
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
};

/// Octets up to a mark, which is not part of the value: a zero octet, or the field's stop text.
class StoppedOctetsType final : public OctetsType {
public:
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
};

}  // namespace framewright::fields
