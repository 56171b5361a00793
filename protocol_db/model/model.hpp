#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "protocol_db/expression/rule.hpp"
#include "protocol_db/model/ber_tag.hpp"
#include "protocol_db/model/value.hpp"
#include "protocol_db/model/value_table.hpp"

namespace framewright::fields {
class FieldType;
class Parameters;
}  // namespace framewright::fields

namespace framewright::model {

/// The names of a field's numbers, in the order of the definition. A number may have several; the first is shown.
class Enumeration {
public:
    Enumeration() = default;
    explicit Enumeration(std::vector<std::pair<Integer, std::string>> entries);

    /// The name of a number, or null.
    const std::string* name_of(Integer number) const;
    /// The number of a name; of a name that stands twice, the last one.
    std::optional<Integer> number_of(std::string_view name) const;
    const std::vector<std::pair<Integer, std::string>>& entries() const { return entries_; }

private:
    std::vector<std::pair<Integer, std::string>> entries_;
    std::vector<std::pair<Integer, std::uint32_t>> by_number_;
    std::map<std::string, Integer, std::less<>> by_name_;
};

/// One named choice of a BITMASK field, as a user interface shows it.
struct BitChoice {
    std::string name;
    std::int64_t mask = 0;
    std::vector<std::pair<std::string, std::int64_t>> values;
};

/// What a user interface needs to know of a field beyond its type. Empty members are left out of get_definitions.
struct FieldPresentation {
    std::string label;
    std::string help;
    std::string kind;
    std::string regex;
    std::optional<std::int32_t> minimum;
    std::optional<std::int32_t> maximum;
    std::optional<bool> is_automatic;
    std::vector<BitChoice> choices;
};

/// The algorithms that compute a field from the finished bytes of its layer.
enum class Algorithm : std::uint8_t { kNone, kInternetChecksum, kCrc, kFletcher16, kAdler32 };

/// A cyclic redundancy check, in the usual terms.
struct Crc {
    /// In bits, 1 to 64.
    std::uint32_t width = 0;
    /// Without its highest power, which is `width`; the lowest power is the lowest bit.
    std::uint64_t polynomial = 0;
    /// The lowest bit of an octet is the first, and the number is the remainder with its bits in reverse.
    bool is_reflected = false;
    std::uint64_t initial = 0;
    std::uint64_t final_xor = 0;
};

/// What a checksum covers: the layer's header; the header and the payload; what follows the checksum in both.
enum class Coverage : std::uint8_t { kHeader, kHeaderAndPayload, kRest };

/// A computed checksum: how, and of what.
struct Computation {
    Algorithm algorithm = Algorithm::kNone;
    Crc crc;
    /// Of Fletcher's checksum: the field holds the two octets that make the sums of all octets 0 (ISO 8473, annex C).
    bool has_check_octets = false;
    /// The number's lowest octet comes first.
    bool is_lowest_octet_first = false;
    Coverage coverage = Coverage::kHeaderAndPayload;
    /// Fields whose octets are left out, and those whose octets count as 0.
    std::vector<std::size_t> skipped;
    std::vector<std::size_t> zeroed;
    /// The protocol number of the pseudo header that a layer below gives. With one, and no such layer, the field stays
    /// 0.
    std::optional<std::uint8_t> pseudo_header_protocol;
    /// The nearest layer of this protocol gives the pseudo header, whatever stands between.
    const Protocol* pseudo_header_of = nullptr;
    /// Computed only where this holds.
    expression::Rule when;
    /// Written in place of a checksum of 0 (RFC 768: 0 means that there is none).
    std::uint64_t in_place_of_zero = 0;
};

/// Values that are made anew for each layer that a client adds.
enum class Generated : std::uint8_t { kNothing, kRandomBytes, kTimeOfDay };

/// The little endian word that a bit field lies in, alone or with the fields beside it.
struct Word {
    /// Its width; 0: the field lies in none.
    std::uint32_t bits = 0;
    /// Where the field begins in it, counted from the highest bit.
    std::uint32_t first_bit = 0;
};

/// A field of a protocol: what every field has.
struct Field {
    std::string id;
    std::string type_name;
    const fields::FieldType* type = nullptr;
    /// Width in bits, 0 when it depends on the bytes.
    std::uint32_t bits = 0;
    Word word;
    /// What its type says of all its fields: a run of bits within octets; other fields tell the form that it has.
    bool is_bit_field = false;
    bool has_forms = false;
    /// Of the fields of its protocol that share its id: the first, and the next one behind it; 0 where there is none.
    std::uint32_t first_of_id = 0;
    std::uint32_t next_of_id = 0;
    Value default_value;
    /// What a layer has here that a client adds without saying anything about the field.
    Value initial_value;
    /// What is written when neither a client, nor a payload, nor the default, nor a rule gives a value.
    Value unset_value;
    /// The default as `get_all` shows it.
    std::string default_text;

    /// The field is in the layer only where this holds.
    expression::Rule condition;
    /// The number written when nobody gives one.
    expression::Rule automatic;
    Computation computation;
    /// In front of the field are zero octets up to a multiple of this many bytes from the layer's first.
    std::uint32_t align_to = 0;
    /// The encoded field is filled up with zero octets to a multiple of this many bytes.
    std::uint32_t pad_to = 0;
    /// The encoded field is cut to a multiple of this many bytes.
    std::uint32_t truncate_to = 0;
    /// What a new layer has here in place of the default.
    Generated generated = Generated::kNothing;
    /// What else the field's definition says, as its type keeps it.
    std::shared_ptr<const fields::Parameters> parameters;

    FieldPresentation presentation;
};

/// How many octets of alignment stand in front of a field that would begin at byte `position` of its layer.
constexpr std::size_t alignment_at(const Field& field, std::size_t position) {
    return field.align_to > 1 ? (field.align_to - position % field.align_to) % field.align_to : 0;
}

/// Where bit `bit` of a layer, which is one of the field at `place`, lies in the layer's bytes: the bits of a little
/// endian word are counted from its highest on.
constexpr std::size_t bit_in_bytes(const Field& field, const Place& place, std::size_t bit) {
    if (field.word.bits == 0) {
        return bit;
    }
    const std::size_t start = place.first_bit - field.word.first_bit;
    const std::size_t from_lowest = field.word.bits - 1 - (bit - start);
    return start + from_lowest / 8 * 8 + (7 - from_lowest % 8);
}

/// A choice of a protocol by a rule; no rule: always.
struct Choice {
    expression::Rule when;
    std::string protocol_name;
    const Protocol* protocol = nullptr;
    /// Holds only where the bytes are a variant of the protocol, which is taken.
    bool is_of_variants = false;
};

/// Where a number lies in a layer's bytes.
struct NumberPlace {
    std::uint32_t first_bit = 0;
    std::uint32_t bits = 0;
    bool is_little_endian = false;
    bool is_signed = false;
};

/// The most fields that tell the variants of a protocol apart.
inline constexpr std::size_t kMaximumSelecting = 8;

/// Which variant of a protocol its bytes really are, by the values of some of its fields. A value of none stands for a
/// field that is not in the layer.
struct Selection {
    std::vector<std::size_t> fields;
    /// Where these fields lie, if that is the same in every packet; else empty, and they have to be read.
    std::vector<NumberPlace> places;
    ValueTable<const Protocol*> variants;
    /// The variants in the order of their definitions, each once.
    std::vector<const Protocol*> known;
    /// Who asks for the protocol itself gets it: only fields that hold it, and choices, look for variants.
    bool is_by_choice = false;
};

/// One protocol on top of another: when it is found there.
struct Binding {
    const Protocol* upper = nullptr;
    /// Whether it is from a user's file.
    bool is_users = false;
    /// Fields of the lower layer and what they must hold; a condition on no value means "not in the layer".
    std::vector<std::pair<std::size_t, Value>> conditions;
};

/// The most fields that a binding asks for.
inline constexpr std::size_t kMaximumConditions = 16;

/// The bindings of a protocol that ask for the same fields, by the values that they ask for.
struct BindingTable {
    std::vector<std::size_t> fields;
    /// Which of the protocol's bindings is the first with these values.
    ValueTable<std::size_t> first_with;
    /// The first of them all.
    std::size_t first = 0;
};

/// What a protocol sets in the layer below when it is put on top of it.
struct Imposition {
    const Protocol* lower = nullptr;
    std::vector<std::pair<std::size_t, Value>> fields;
};

/// A part of a pseudo header: the octets of a field, or a number or zeros in so many octets.
struct PseudoHeaderPart {
    enum class Kind : std::uint8_t { kField, kZeros, kProtocol, kLength };
    Kind kind = Kind::kZeros;
    std::size_t field = 0;
    /// At most kMostOctets.
    std::uint32_t octets = 0;
    static constexpr std::uint32_t kMostOctets = 8;
    /// kLength: the number in place of the length of what the checksum covers.
    expression::Rule length;
    /// What layers in between call the part that they replace; empty: none does.
    std::string name;
};

/// What a header between a checksum and its pseudo header puts in place of a part: the octets of a field, or as many
/// of a list's first or last ones, where the rule holds.
struct PseudoHeaderReplacement {
    std::string part;
    std::size_t field = 0;
    bool is_last_element = false;
    expression::Rule when;
};

/// What a layer has to do with the checksums of layers above it (RFC 793, RFC 8200 section 8.1).
struct PseudoHeader {
    /// What stands in front of what such a checksum covers; none: the layer gives no pseudo header.
    std::vector<PseudoHeaderPart> parts;
    /// The layer lets the pseudo header of this protocol through, and may replace parts of it.
    const Protocol* through = nullptr;
    std::vector<PseudoHeaderReplacement> replacements;
    /// A field with options that may replace parts as well (Home Address option).
    std::optional<std::size_t> options;
};

/// A protocol: immutable once loaded.
struct Protocol {
    std::string id;
    std::string name;
    /// What the protocol is for, for a user interface.
    std::string help;
    /// The standard that it is from, and the section.
    std::string source;
    /// The definition file that the protocol is from, and whether that is a user's.
    std::string file;
    bool is_users = false;
    std::uint32_t index = 0;
    /// Those of the header, then those of the trailer, which stands behind the payload.
    std::vector<Field> fields;
    std::size_t header_fields = 0;
    /// Those of the fields that are computed by a rule, and those that are checksums.
    std::vector<std::size_t> computed_fields;
    std::vector<std::size_t> checksum_fields;
    /// The fields are BER values, one after the other (X.690).
    bool is_ber = false;
    /// The values that they stand in together; those around others in front of them.
    std::vector<BerGroup> ber_groups;
    /// The last field, which nobody defined, of a protocol that has BER values: how lengths are written that are longer
    /// than need be. Of no interest where it is empty.
    std::optional<std::size_t> lengths_field;
    /// The protocols that object identifiers stand for in fields that are identified by one, by their dotted numbers.
    std::map<std::string, const Protocol*, std::less<>> known_by_object_identifier;

    /// The protocols that this one is derived from, nearest first.
    std::vector<const Protocol*> ancestors;
    /// Whose bindings hold for this protocol: itself, then what it is derived from or said to behave like.
    std::vector<const Protocol*> binds_as;

    /// Which variant bytes really are when they are taken for this protocol; where it is none that is known, the first
    /// rule that holds says which protocol.
    Selection selection;
    std::vector<Choice> dispatch;
    /// The payload's protocol, asked before the bindings, and after them.
    std::vector<Choice> payload_first;
    std::vector<Choice> payload_default;
    /// In the order in which they are asked, a user's first: the protocol's own, and those that hold for it as well
    /// because of `binds_as`.
    std::vector<Binding> bindings;
    /// So many of the bindings, from the first on, are asked even before `payload_first`: those that a user made for
    /// this protocol, which is built in.
    std::size_t bindings_before_choices = 0;
    /// The same bindings, to be looked up: the tables whose bindings are asked first stand in front.
    std::vector<BindingTable> binding_tables;
    std::vector<Imposition> impositions;
    /// How many bytes the header has: no field reads beyond them. Without the rule, as many as its fields take.
    expression::Rule size;
    /// So many fields, from the first on, must be read before `size` can be told.
    std::size_t size_known_at = 0;
    /// The last field of a header with `size`, which nobody defined: what is left behind the others. Of no interest
    /// where it is empty.
    std::optional<std::size_t> rest_field;
    /// How many of the bytes after the header are payload. What is left behind it and the trailer is padding, or of
    /// the first of these protocols whose rule holds.
    expression::Rule payload_length;
    std::vector<Choice> then;
    PseudoHeader pseudo_header;
    /// Where in the layer the message begins that names refer back into; no rule: at its start.
    expression::Rule message_start;

    /// The size that the layer is known to have, in bytes, or nothing above 0: when it comes out larger, and names that
    /// point back to others make it exactly so large, they do.
    expression::Rule compressed_length;

    /// Not counted as payload by the layers below, and written after all of them.
    bool is_padding = false;
    /// Stands for the end of a packet: has no bytes and no place in a result.
    bool is_no_payload = false;
    /// Not offered to users: what only others are derived from, or only helps to compute.
    bool is_abstract = false;
    /// An option's place within its header: its offset is a multiple of `first` plus `second` bytes.
    std::pair<std::uint32_t, std::uint32_t> alignment{1, 0};
    /// What get_payload_classes suggests; without a suggestion the server finds out.
    std::vector<std::string> suggested_payloads;
    bool has_suggested_payloads = false;
    /// The id under which a result shows such a layer.
    std::string shown_id;
    /// Whether a client that programs the field engine is offered its fields.
    std::vector<std::string> field_engine_fields;

    /// The index of a field, or nothing; of several that share the id, the first.
    std::optional<std::size_t> find_field(std::string_view field_id) const;
    /// Whether other fields have the id of this one.
    bool shares_id(std::size_t field) const {
        return fields[field].next_of_id != 0 || fields[field].first_of_id != field;
    }
    /// Whether lists that people choose from have it: not what is abstract, stands for the end of a packet, or is shown
    /// as another protocol.
    bool is_offered() const { return !is_abstract && !is_no_payload && shown_id == id; }
    /// Whether a field of this protocol is one that nobody defined, of which lists of fields do not speak.
    bool is_implicit(const Field& field) const {
        return (rest_field && &field == &fields[*rest_field]) || (lengths_field && &field == &fields[*lengths_field]);
    }
    /// The protocol that an object identifier stands for in this one, or in what it is derived from; or null.
    const Protocol* find_by_object_identifier(std::string_view dotted) const;
    /// Whether this is `other` or derived from it.
    bool is_a(const Protocol& other) const;
    /// What to write into a layer of `lower` below this protocol, or null.
    const Imposition* imposes_on(const Protocol& lower) const;
};

/// What a protocol is to the server, whatever packets it stands in; one protocol at most has each of the roles.
enum class Role : std::uint8_t {
    kFirstLayer,      ///< Packets begin with it where nothing else is said.
    kUnknownPayload,  ///< Bytes of which nothing more is known.
    kPadding,         ///< Bytes behind what a layer carries.
    kNoPayload,       ///< The end of a packet.
};
inline constexpr std::size_t kRoles = 4;

/// A field type that a definition file makes of another one.
struct NamedType {
    std::string name;
    std::string base;
    /// What it says of its fields: the members of a definition, as JSON.
    std::string keys;
    std::string help;
};

/// All protocols, immutable and shared by all threads.
class Database {
public:
    Database() = default;
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// A protocol by id, or null.
    const Protocol* find(std::string_view id) const;
    /// All protocols, in the order in which their definitions were read.
    const std::vector<std::unique_ptr<Protocol>>& protocols() const { return protocols_; }
    /// The field types that definition files make, in their order.
    const std::vector<NamedType>& types() const { return types_; }
    /// The name of an object identifier in dotted numbers, and the other way round; or null.
    const std::string* name_of_object_identifier(std::string_view dotted) const;
    const std::string* object_identifier_of(std::string_view name) const;
    /// The protocol of a role, or null.
    const Protocol* find(Role role) const { return roles_[static_cast<std::size_t>(role)]; }
    /// The protocols that every database has.
    const Protocol& raw() const { return *find(Role::kUnknownPayload); }
    const Protocol& padding() const { return *find(Role::kPadding); }
    /// What packets begin with where nothing else is said: bytes of which nothing is known, if no definition says more.
    const Protocol& first_layer() const {
        return find(Role::kFirstLayer) != nullptr ? *find(Role::kFirstLayer) : raw();
    }
    /// What packets of a capture begin with, by the number of its link type in files (tcpdump.org/linktypes.html), or
    /// null.
    const Protocol* find_by_link_type(int link_type) const;

private:
    friend class DatabaseBuilder;
    std::vector<std::unique_ptr<Protocol>> protocols_;
    std::unordered_map<std::string_view, const Protocol*> by_id_;
    std::map<std::string, std::unique_ptr<Enumeration>, std::less<>> enumerations_;
    std::vector<std::unique_ptr<Enumeration>> inline_enumerations_;
    std::vector<NamedType> types_;
    std::map<std::string, std::string, std::less<>> names_of_object_identifiers_;
    std::map<std::string, std::string, std::less<>> object_identifiers_;
    std::array<const Protocol*, kRoles> roles_{};
    std::unordered_map<int, const Protocol*> by_link_type_;
};

}  // namespace framewright::model
