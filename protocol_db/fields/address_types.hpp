#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "protocol_db/fields/field_type.hpp"

namespace framewright::fields {

/// The octets of an IEEE 802 address written as six hexadecimal pairs joined by ':' or '-'; none for another text.
std::optional<std::array<std::uint8_t, 6>> parse_mac_address(std::string_view text);
/// An IPv4 address as four decimal numbers joined by '.', or as one number (decimal or 0x hexadecimal).
std::optional<std::uint32_t> parse_ipv4_address(std::string_view text);
/// An IPv6 address in the forms of RFC 4291 section 2.2.
std::optional<std::array<std::uint8_t, 16>> parse_ipv6_address(std::string_view text);
/// The text of 4 octets, four decimal numbers.
std::string ipv4_text(ByteView octets);
/// The text of 16 octets as RFC 5952 recommends it.
std::string ipv6_text(ByteView octets);

/// The number of the octets of an IEEE 802 address of 48 bits or an IPv4 address of 32; 0 for other texts and sizes.
std::int64_t address_number(std::string_view text, std::uint32_t bits);

/// Fields that hold an address: its text, or for IPv4 also its number.
class AddressType : public FieldType {
public:
    void show(const model::Field& field, const model::Value& value, std::string& out) const override;
};

/// An IEEE 802 address; with `reversed`, last octet first.
class MacAddressType final : public AddressType {
public:
    explicit MacAddressType(bool reversed = false) : reversed_(reversed) {}
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
    model::Value parse(const model::Field& field, const model::Value& value,
                       const ParseContext& context) const override;
    void overwrite(const model::Field& field, Bytes& buffer, std::size_t first, std::uint32_t bits,
                   Integer number) const override;
    std::uint32_t fixed_bits() const override { return 48; }
    bool takes_computed_number() const override { return true; }

private:
    bool reversed_;
};

/// An IPv4 address.
class Ipv4AddressType final : public AddressType {
public:
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
    model::Value parse(const model::Field& field, const model::Value& value,
                       const ParseContext& context) const override;
    std::uint32_t fixed_bits() const override { return 32; }
    bool takes_computed_number() const override { return true; }
};

/// An IPv6 address.
class Ipv6AddressType final : public AddressType {
public:
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
    model::Value parse(const model::Field& field, const model::Value& value,
                       const ParseContext& context) const override;
    std::uint32_t fixed_bits() const override { return 128; }
};

/// What is known of a part of an address.
struct AddressPartParameters final : ParametersOf<AddressPartParameters> {
    expression::Rule length;
};

/// An IPv6 address of which only as many octets as its length rule gives are in the packet: the first ones of a prefix
/// (RFC 4191 section 2.3), or the last ones (RFC 6282 section 3.1.1). The others are 0.
class Ipv6PartType final : public AddressType {
public:
    enum class Part : std::uint8_t { kFirst, kLast };
    explicit Ipv6PartType(Part part) : part_(part) {}
    std::span<const Key> keys() const override;
    std::shared_ptr<const Parameters> read_parameters(ParameterReader& reader) const override;
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
    model::Value parse(const model::Field& field, const model::Value& value,
                       const ParseContext& context) const override;

private:
    Part part_;
};

/// What is known of a prefix.
struct PrefixParameters final : ParametersOf<PrefixParameters> {
    /// The octets of a whole address.
    std::size_t address_size = 4;
};

/// An address prefix: its length in bits, and as many octets as that needs (RFC 4271 section 4.3). Bits behind the
/// length in the last of them are kept.
class PrefixType final : public AddressType {
public:
    std::span<const Key> keys() const override;
    std::shared_ptr<const Parameters> read_parameters(ParameterReader& reader) const override;
    void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const override;
    model::Value decode(const model::Field& field, DecodeContext& context) const override;
    model::Value parse(const model::Field& field, const model::Value& value,
                       const ParseContext& context) const override;
};

}  // namespace framewright::fields
