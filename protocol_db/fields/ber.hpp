#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol_db/bytes.hpp"
#include "protocol_db/fields/errors.hpp"
#include "protocol_db/model/ber_tag.hpp"

/// The Basic Encoding Rules of ASN.1 (X.690): identifiers, lengths, and the contents of some values.
namespace framewright::fields::ber {

using model::BerTag;
using model::TagClass;

/// The universal tags (X.680 section 8.4).
enum Universal : std::uint32_t {
    kBoolean = 1,
    kInteger = 2,
    kBitString = 3,
    kOctetString = 4,
    kNull = 5,
    kObjectIdentifier = 6,
    kEnumerated = 10,
    kUtf8String = 12,
    kSequence = 16,
    kSet = 17,
    kNumericString = 18,
    kPrintableString = 19,
    kTeletexString = 20,
    kVideotexString = 21,
    kIa5String = 22,
    kUtcTime = 23,
    kGeneralizedTime = 24,
    kVisibleString = 26,
    kGeneralString = 27,
    kUniversalString = 28,
    kBmpString = 30,
};

/// A universal tag; SEQUENCE and SET are constructed.
constexpr BerTag universal(std::uint32_t number) {
    return {TagClass::kUniversal, number, number == kSequence || number == kSet};
}

/// "[2]", "[APPLICATION 1]", "[UNIVERSAL 16]": a tag as messages call it.
std::string to_text(const BerTag& tag);

/// A value on the wire: its identifier, and where its contents lie.
struct Header {
    BerTag tag;
    /// The octets of identifier and length.
    std::size_t size = 0;
    /// The octets of the contents, all of which are there.
    std::size_t length = 0;
    /// Behind how many octets the length is written (X.690 section 8.1.3.5), where fewer would do; else 0.
    std::size_t length_octets = 0;
};

/// Reads the identifier and length at the beginning of `octets`. Throws DecodeError where they, or the contents, end
/// beyond the octets, and for the indefinite form of a length, which is not read.
Header read_header(ByteView octets);

/// Appends an identifier and a length, whose long form has at least `length_octets` octets.
void write_header(Bytes& out, const BerTag& tag, std::size_t length, std::size_t length_octets = 0);

/// How lengths of a layer are written, where that is not the shortest way: for the groups of its fields, and for each
/// field, the numbers of octets in the order of the values.
class Lengths {
public:
    /// The values that follow are the group's values, or a field's (from 0 on).
    void begin_groups() { slot_ = 0; }
    void begin_field(std::size_t index) {
        slot_ = index + 1;
        used_ = 0;
    }
    /// Reading: notes the length of the next value.
    void note(std::size_t length_octets);
    /// Writing: the octets of the next length; 0 for as few as it takes.
    std::size_t next();
    /// Writing: continues with the groups where they were left.
    std::size_t next_of_groups();

    /// A list for the groups and one for each field, without zeros and empty lists at the ends.
    std::vector<std::vector<std::size_t>> slots;

private:
    std::size_t slot_ = 0;
    std::size_t used_ = 0;
    std::size_t used_of_groups_ = 0;
};

/// The number that the contents of an INTEGER are as hexadecimal text, `-0x80`; contents are at least one octet.
std::string integer_text(ByteView contents);
/// The shortest contents of the INTEGER of a decimal or 0x hexadecimal text of any length up to a mebibyte (decimal:
/// 10000 digits); none for another text.
std::optional<Bytes> integer_contents(std::string_view text);
/// Whether the contents of an INTEGER are as short as they may be (X.690 section 8.3.2).
bool is_shortest_integer(ByteView contents);

/// The contents of an OBJECT IDENTIFIER in dotted numbers; none for contents that are none, or whose numbers have more
/// than 128 bits.
std::optional<std::string> object_identifier_text(ByteView contents);
/// The contents of an OBJECT IDENTIFIER in dotted numbers (a dot in front does not count); none for another text.
std::optional<Bytes> object_identifier_contents(std::string_view text);

}  // namespace framewright::fields::ber
