#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol_db/bytes.hpp"
#include "protocol_db/field_engine/instruction.hpp"
#include "protocol_db/field_engine/packet_layout.hpp"
#include "protocol_db/field_engine/parameter_value.hpp"

namespace framewright::field_engine {

/// A variable that fits a field, and how it is written so that the field changes and nothing beside it.
struct FieldFit {
    std::uint32_t size = 4;   ///< Of the variable, in bytes.
    std::uint32_t bits = 32;  ///< How many bits vary: the lowest ones of the field.
    /// Where it is written, in bytes from the packet's start.
    std::uint32_t offset = 0;
    /// For what is written by a mask: 1, 2 or 4 bytes, and how far the field's lowest bit lies from theirs. Else 0.
    std::uint32_t cast_size = 0;
    std::uint32_t shift = 0;

    /// The largest number that the bits hold.
    std::uint64_t largest() const;
    /// Where a range up to there ends by default: TRex counts the numbers of a range in 64 bits, so that one is left
    /// out of all that 8 bytes hold.
    std::uint64_t range_end() const;
};

/// What bounds the work of reading texts as fields do: each is built into the packet.
struct ReadingBudget {
    std::size_t bytes = std::size_t{256} << 20;
};

/// A field of the packet that a variable is written to.
class WrittenField {
public:
    /// `place` is that of a field. `layout` outlives this.
    WrittenField(const PacketLayout& layout, const PacketOffset& place);

    /// The variable that fits the field. A field of up to 4 bytes, or of 8, varies as a whole; of one of more than 8
    /// bytes (an IPv6 address) the last 8 bytes vary, of others (a MAC address) the last 4.
    const FieldFit& fit() const { return fit_; }

    /// The number that the fitting variable has where the field holds what the value says. The text that the field is
    /// shown as stands for what it holds; other texts are read as the field's values are: names of enumerations, flags,
    /// addresses. Throws ValueRefusal for what the field does not hold, or where more than the bits that vary differ.
    Integer fitting_number(const ParameterValue& value, ReadingBudget& budget) const;

    /// The number of a field's value, for a variable of any size. Throws ValueRefusal for what is no value of the
    /// field, and for a field of more than 8 bytes.
    Integer number(const ParameterValue& value, ReadingBudget& budget) const;

    /// Writes a fitting variable. Throws ValueRefusal for a byte order in which the field would be something else.
    Instruction write(const std::string& variable, std::int64_t add_value, std::optional<bool> is_big_endian) const;

private:
    /// The field's bits in a packet, as a number of whole octets, highest first.
    Bytes contents(ByteView packet, const PacketOffset& place) const;
    Bytes contents_of(std::string_view text, ReadingBudget& budget) const;
    Integer varying_part(const Bytes& contents) const;
    std::string shown() const;

    const PacketLayout& layout_;
    PacketOffset place_;
    FieldFit fit_;
};

}  // namespace framewright::field_engine
