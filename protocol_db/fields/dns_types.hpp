#pragma once

#include <map>

#include "protocol_db/fields/list_types.hpp"
#include "protocol_db/fields/octet_types.hpp"

namespace framewright::fields {

/// Reads a domain name at `position` of `data` (RFC 1035 section 4.1.4); pointers go back into `message`. Returns
/// the labels, each followed by a dot, and moves `position` behind the name. A name ends where the bytes do, and at a
/// pointer that leads nowhere or round in a circle. Throws DecodeError for a name that is too long.
Bytes read_domain_name(ByteView data, std::size_t& position, ByteView message);
class NameCompression {
public:
    /// Appends a name that begins at `position` of the message, with a pointer in place of the part that was written
    /// before, and keeps its parts in mind; one that is encoded already is left as it is. Throws ValueError as
    /// write_domain_name does.
    void write(ByteView name, std::size_t position, Bytes& out);

private:
    std::map<Bytes, std::size_t> positions_;
};

/// Whether a name is given as it is on the wire, with a pointer perhaps, and not as labels and dots: it has no dot, and
/// ends in the empty label or in a pointer (RFC 1035 section 4.1.4).
bool is_encoded_name(ByteView name);

/// Appends a name of labels separated by dots, uncompressed. Throws ValueError for a label that is empty or longer than
/// 63 bytes.
void write_labels(ByteView name, Bytes& out);

/// Appends a name as write_labels does, or as it is where it is encoded already. Throws ValueError as that does, and
/// for an encoded name that has something behind its end, or a label of an unknown type.
void write_domain_name(ByteView name, Bytes& out);

/// What is known of a domain name.
struct DomainNameParameters final : ParametersOf<DomainNameParameters> {
    /// What the definition says of the size; a name ends by itself.
    expression::Rule length;
    /// Whether the name may point back to one before it in the message.
    bool is_compressible = false;
};

/// What is known of records: how many there are, how long they are, and the protocol that they begin with.
struct NamedRecordsParameters final : ParametersOf<NamedRecordsParameters> {
    expression::Rule count;
    /// How many bytes are behind a record's name; asked about these.
    expression::Rule record_length;
    const model::Protocol* protocol = nullptr;
    const model::Protocol* holds() const override { return protocol; }
};

/// A domain name.
class DomainNameType final : public OctetsType {
public:
    std::span<const Key> keys() const override;
    std::shared_ptr<const Parameters> read_parameters(ParameterReader& reader) const override;
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
    model::Value parse(const model::Field& field, const model::Value& value,
                       const ParseContext& context) const override;
    bool may_point_back(const model::Field& /*field*/) const override { return true; }
    bool says_encoding(const model::Field& field, const model::Value& value) const override;
};

/// A list of domain names in a row (RFC 8106 section 5.2). A text is one name, or several separated by commas.
class DomainNameListType final : public ContainerType {
public:
    std::span<const Key> keys() const override;
    std::shared_ptr<const Parameters> read_parameters(ParameterReader& reader) const override;
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
    model::Value parse(const model::Field& field, const model::Value& value,
                       const ParseContext& context) const override;

protected:
    model::Value parse_items(const model::Field& field, const model::Value& value,
                             const ParseContext& context) const override;
};

/// Character strings, each behind its length (RFC 1035 section 3.3.14).
class CharacterStringsType final : public FieldType {
public:
    std::span<const Key> keys() const override;
    std::shared_ptr<const Parameters> read_parameters(ParameterReader& reader) const override;
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
    model::Value parse(const model::Field& field, const model::Value& value,
                       const ParseContext& context) const override;
};

/// The record types of an NSEC record: a bitmap by windows (RFC 4034 section 4.1.2), given as bytes or as numbers.
class TypeBitmapsType final : public OctetsType {
public:
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
    model::Value parse(const model::Field& field, const model::Value& value,
                       const ParseContext& context) const override;
};

/// Records in a row, as a stack of layers; each begins with a domain name, which may point back into the message. As
/// many as the count rule says, or all to the end.
class NamedRecordsType final : public ContainerType {
public:
    std::span<const Key> keys() const override;
    std::shared_ptr<const Parameters> read_parameters(ParameterReader& reader) const override;
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
    bool is_list() const override { return false; }
    bool may_point_back(const model::Field& /*field*/) const override { return true; }
    bool says_encoding(const model::Field& field, const model::Value& value) const override;

protected:
    model::Value parse_items(const model::Field& field, const model::Value& value,
                             const ParseContext& context) const override;
};

}  // namespace framewright::fields
