#pragma once

#include "protocol_db/fields/field_type.hpp"

namespace framewright::fields {

/// What is known of node information: the field that tells its kind, and that which tells what a query's subject is.
struct NodeInformationParameters final : ParametersOf<NodeInformationParameters> {
    std::optional<std::size_t> selector;
    std::optional<std::size_t> subject_code;
};

/// The subject of a Node Information Query (RFC 4620 section 4): one address or name, as the message's code says.
///
/// The value is the pair (code, subject). The subject is a text, or where no text stands for just these octets, the
/// octets on the wire. It is written as the text alone: "::1" (code 0), "host" (code 1), "192.0.2.1" (code 2); where
/// that would be read as something else, as the pair. The empty name of a query with qtype 0 (NOOP) is held as its
/// octets and written b'', as our clients know it. A name without a dot is a single component, which two zero-length
/// labels end; with a dot behind it, it is fully qualified.
class NodeInformationQueryType final : public FieldType {
public:
    std::span<const Key> keys() const override;
    std::shared_ptr<const Parameters> read_parameters(ParameterReader& reader) const override;
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
    model::Value parse(const model::Field& field, const model::Value& value,
                       const ParseContext& context) const override;
    void show(const model::Field& field, const model::Value& value, std::string& out) const override;
    model::Value parse_notation(const model::Field& field, std::string_view text) const override;
};

/// The data of a Node Information Reply (RFC 4620 section 6), to the message's end, as its qtype says.
///
/// The value is the pair (qtype, data). The data of qtype 2 is a list of the time to live (s) and names, written
/// "ttl:0 host, www.example.com"; of qtypes 3 and 4 it is a list of pairs (time to live, address), written
/// "[(0, '::1')]"; of other qtypes, and where no list stands for just these octets, it is the octets on the wire. All
/// that cannot be written otherwise is written as the pair.
class NodeInformationReplyType final : public FieldType {
public:
    std::span<const Key> keys() const override;
    std::shared_ptr<const Parameters> read_parameters(ParameterReader& reader) const override;
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
    model::Value parse(const model::Field& field, const model::Value& value,
                       const ParseContext& context) const override;
    void show(const model::Field& field, const model::Value& value, std::string& out) const override;
    model::Value parse_notation(const model::Field& field, std::string_view text) const override;
};

}  // namespace framewright::fields
