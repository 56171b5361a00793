#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "protocol_db/bytes.hpp"
#include "protocol_db/expression/rule.hpp"
#include "protocol_db/fields/bit_io.hpp"
#include "protocol_db/fields/errors.hpp"
#include "protocol_db/fields/parameters.hpp"
#include "protocol_db/model/model.hpp"

namespace framewright::fields {

struct EncodeContext;

/// Encodes the packets that a field holds.
class PacketEncoder {
public:
    virtual ~PacketEncoder() = default;
    /// Appends the packet's bytes to the writer of the field that holds it.
    virtual void encode(const model::Packet& packet, EncodeContext& context) const = 0;
};

/// Decodes the packets that a field holds.
class PacketDecoder {
public:
    virtual ~PacketDecoder() = default;
    /// Dissects one packet that starts with `protocol` from `data`. `used` receives how many bytes it took: padding
    /// is not taken. `message` is the enclosing layer's bytes, for what refers back into it (DNS names).
    virtual model::Packet dissect(const model::Protocol& protocol, ByteView data, ByteView message,
                                  std::size_t& used) const = 0;
    virtual const model::Database& database() const = 0;
};

/// The domain names that a message holds so far, by their text, and where they begin in it (RFC 1035 section 4.1.4).
class NameCompression;

namespace ber {
class Lengths;
}

/// What a field is encoded with.
struct EncodeContext {
    BitWriter& writer;
    /// Where the layer begins in the writer's buffer, in bytes.
    std::size_t layer_start;
    const expression::RuleContext& rules;
    const PacketEncoder& encoder;
    const model::Layer& layer;
    /// Where names may point back to; null when names are written whole.
    NameCompression* names = nullptr;
    /// Where the writer's buffer begins in the message that names point into, in bytes.
    std::size_t message_offset = 0;
    /// How lengths of BER values are written; null: in as few octets as it takes.
    ber::Lengths* lengths = nullptr;
};

/// What a field is decoded with.
struct DecodeContext {
    BitReader& reader;
    const expression::RuleContext& rules;
    const PacketDecoder& decoder;
    const model::Layer& layer;
    /// The bytes that names within the layer may refer back to.
    ByteView message;
    /// What is left are the field's octets, whatever its rules say of its size.
    bool is_whole = false;
    /// Notes how lengths of BER values are written; null: those that are longer than need be are refused.
    ber::Lengths* lengths = nullptr;
};

/// What a client's value is read with.
class ParseContext {
public:
    virtual ~ParseContext() = default;
    virtual const model::Database& database() const = 0;
    /// The layer that the value is for, with what was set before, for types that depend on other fields.
    virtual const expression::RuleContext& rules() const = 0;
    /// Reads the text of an expression. Throws expression::SyntaxError or ValueError.
    virtual model::Value read_expression(std::string_view text) const = 0;
};

/// The numbers that so many bits hold.
struct NumberRange {
    Integer least;
    Integer most;

    bool contains(Integer number) const { return number >= least && number <= most; }
};

/// The range of a field's numbers; those above 126 bits are taken as of 126.
inline NumberRange number_range(std::uint32_t bits, bool is_signed) {
    const Integer most = (Integer{1} << (is_signed ? bits - 1 : std::min(bits, 126U))) - 1;
    return {is_signed ? -most - 1 : Integer{0}, most};
}

/// How many of `available` bytes a length takes: a length beyond the end takes what is there, and a negative one
/// leaves that many bytes at the end, as the dissectors that our clients know do.
std::size_t clip_length(std::int64_t length, std::size_t available);

/// How many bytes a field takes that a rule gives the length of: all that are left without a rule.
std::size_t decoded_length(const expression::Rule& length, const DecodeContext& context);

/// What a field type does. Types have no state of their own: what differs from field to field is in model::Field and
/// in the parameters that the type reads from its definition.
class FieldType {
public:
    virtual ~FieldType() = default;

    /// The keys that a field of the type may have in a definition, beside those that every field may have.
    virtual std::span<const Key> keys() const { return {}; }
    /// The type that does the work for a field of this definition; by default this one.
    virtual const FieldType& implementation(ParameterReader& /*reader*/) const { return *this; }
    /// What the type keeps of a field's definition, or null.
    virtual std::shared_ptr<const Parameters> read_parameters(ParameterReader& /*reader*/) const { return nullptr; }
    /// Throws ValueError for a value that would fail only when it is written, whatever the packet is.
    virtual void check_value(const model::Field& /*field*/, const model::Value& /*value*/) const {}
    /// Works out what can be told once all protocols are defined. Throws ValueError for a definition that says nothing
    /// sensible.
    virtual void finish(const model::Field& /*field*/) const {}
    /// Throws ValueError for octets that the field never is in a packet, though they can be read.
    virtual void check_octets(const model::Field& /*field*/, ByteView /*octets*/) const {}

    /// Appends the field; `value` is none when nothing gives one. Throws ValueError.
    virtual void encode(const model::Field& field, const model::Value& value, EncodeContext& context) const = 0;
    /// Reads the field. Throws DecodeError.
    virtual model::Value decode(const model::Field& field, DecodeContext& context) const = 0;
    /// Turns what a client sent into what the field holds. Throws ValueError.
    virtual model::Value parse(const model::Field& field, const model::Value& value,
                               const ParseContext& context) const = 0;
    /// Appends the value as a person reads it (`hvalue`).
    virtual void show(const model::Field& field, const model::Value& value, std::string& out) const;
    /// The same within `layer`, for types whose names depend on other fields.
    virtual void show_in(const expression::RuleContext& layer, const model::Field& field, const model::Value& value,
                         std::string& out) const;
    /// Appends the value as an expression that can be read back (`expr`).
    virtual void express(const model::Field& field, const model::Value& value, std::string& out) const;
    /// Reads an expression in the field's own notation; by default there is none, and none is returned.
    virtual model::Value parse_notation(const model::Field& field, std::string_view text) const;
    /// Overwrites the field, which takes `bits` bits of `buffer` from bit `first` on, with a number that was computed.
    /// Throws ValueError for one that does not fit.
    virtual void overwrite(const model::Field& field, Bytes& buffer, std::size_t first, std::uint32_t bits,
                           Integer number) const;
    /// The form that the field has in a layer: itself, but for a field of several forms.
    virtual const model::Field& form(const model::Field& field, const expression::RuleContext& /*rules*/) const {
        return field;
    }
    /// The width of a field of the type in bits when it is the same in every packet; else 0.
    virtual std::uint32_t constant_bits(const model::Field& field) const { return field.bits; }
    /// Width in bits when it is that of all fields of the type; else 0.
    virtual std::uint32_t fixed_bits() const { return 0; }
    /// Whether the field's definition says how wide it is.
    virtual bool needs_bits() const { return false; }
    /// The width of a field whose definition may say another; 0: it must.
    virtual std::uint32_t usual_bits() const { return 0; }
    /// Whether each number takes a width of its own, or one that a rule gives.
    virtual bool has_width_of_number() const { return false; }
    /// The width of the little endian word that the field lies in; 0: it lies in none.
    virtual std::uint32_t word_bits(const model::Field& /*field*/) const { return 0; }
    /// Whether the field is a value of ASN.1's Basic Encoding Rules (X.690), which says itself what it is.
    virtual bool is_ber() const { return false; }
    /// Of such a field: whether the octets begin with it, or it must be there. Throws DecodeError.
    virtual bool is_here(const model::Field& /*field*/, ByteView /*octets*/) const { return true; }
    /// Of such a field: whether it has its default where it is not there.
    virtual bool means_default_when_absent(const model::Field& /*field*/) const { return false; }
    /// Whether the field is a run of bits within octets rather than whole octets.
    virtual bool is_bit_field() const { return false; }
    /// Whether the field holds a number.
    virtual bool is_number() const { return false; }
    /// Whether a computed number can be written in its place.
    virtual bool takes_computed_number() const { return is_number(); }
    /// The bits of the largest number that the field may hold.
    virtual std::uint32_t most_bits(const model::Field& field) const { return field.bits != 0 ? field.bits : 8; }
    /// Whether the number may be negative, in two's complement.
    virtual bool is_signed() const { return false; }
    /// Whether the number's lowest octet comes first.
    virtual bool is_little_endian() const { return false; }
    /// Whether the field's octets may refer to others of its message (RFC 1035 section 4.1.4), so that they say
    /// something else when those change.
    virtual bool may_point_back(const model::Field& /*field*/) const { return false; }
    /// Whether results give octets in the field as an expression.
    virtual bool expresses_octets(const model::Field& /*field*/) const { return false; }
    /// Whether octets that a client gave are shown as such, rather than as what they are read as.
    virtual bool shows_given_octets() const { return true; }
    /// The same of the octets of a default.
    virtual bool shows_default_octets() const { return shows_given_octets(); }
    /// Whether a value says more of how the field is encoded than what is read back does: a name as a pointer.
    virtual bool says_encoding(const model::Field& field, const model::Value& value) const;
    /// What `layer` shows for the field where its bytes end in front of it.
    virtual const model::Value& absent_value(const expression::RuleContext& layer, const model::Field& field) const;
    /// Whether a new layer has an empty list here (and not nothing).
    virtual bool is_list() const { return false; }
    /// Whether the field's values are lists, packets, or of several forms.
    virtual bool is_container() const { return false; }
    /// Whether other fields tell the form that the field has.
    virtual bool has_forms() const { return false; }
};

/// Whether what a client's value means depends on other fields of the layer: the field's form, its numbers' names, or
/// the packets that it holds.
bool depends_on_others(const model::Field& field);

/// Throws ValueError for a number that does not fit into a field that holds one.
void check_fits(const model::Field& field, Integer number);

/// Appends `value` as the constructor notation of expressions shows it: numbers, quoted text, lists, packets.
void append_expression(const model::Value& value, std::string& out);
/// Appends `packet` as constructor calls joined by '/'.
void append_expression(const model::Packet& packet, std::string& out);
/// A short text of a value for messages.
std::string describe(const model::Value& value);

}  // namespace framewright::fields
