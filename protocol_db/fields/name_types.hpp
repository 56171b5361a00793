#pragma once

#include "protocol_db/fields/octet_types.hpp"

namespace framewright::fields {

/// What is known of a NetBIOS name.
struct NetBiosNameParameters final : ParametersOf<NetBiosNameParameters> {
    std::size_t characters = 15;
};

/// A NetBIOS name as it is encoded for its name service (RFC 1001 section 14.1): the octet 0x20, and for each character
/// two letters. The value is the name without the blanks that fill it up.
class NetBiosNameType final : public OctetsType {
public:
    std::span<const Key> keys() const override;
    std::shared_ptr<const Parameters> read_parameters(ParameterReader& reader) const override;
    void check_value(const model::Field& field, const model::Value& value) const override;
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
};

/// The labels of one domain name (RFC 1035 section 3.1), which may be a part of one (RFC 4704 section 4.2): only a name
/// that ends in a dot ends in the root's label. A backslash stands before a dot or a backslash within a label.
class DomainLabelsType final : public OctetsType {
public:
    std::span<const Key> keys() const override;
    std::shared_ptr<const Parameters> read_parameters(ParameterReader& reader) const override;
    model::Value parse(const model::Field& field, const model::Value& value,
                       const ParseContext& context) const override;
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
};

}  // namespace framewright::fields
