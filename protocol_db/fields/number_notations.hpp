#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "protocol_db/fields/parameters.hpp"

namespace framewright::fields {

/// How a number is written for a person, and read from what a person wrote (beyond plain decimal and hexadecimal
/// numbers, which all number fields read).
struct NumberNotation {
    /// As definitions call it; none for one that comes with a type.
    std::string_view name;
    void (*show)(const model::Field& field, Integer number, std::string& out);
    std::optional<Integer> (*read)(const model::Field& field, std::string_view text);
    /// How the guide says it.
    std::string_view documentation;
    /// What stands for no number; without it, None.
    std::string_view unset = {};
    /// Whether the definition names single bits.
    bool names_bits = false;
    /// Whether decimal digits alone are read in the notation, and not as the number that is in the packet.
    bool reads_digits = false;
};

extern const NumberNotation kDecimal;
extern const NumberNotation kHexadecimal;
/// The enumeration's name, or the number in decimal.
extern const NumberNotation kNamed;
/// The enumeration's name, or the number in hexadecimal.
extern const NumberNotation kNamedHexadecimal;
/// The names of the bits that are set: letters side by side, words joined by '+'. No bits are an empty text, or 0 where
/// that would be read as the default.
extern const NumberNotation kFlags;
/// Seconds since 1970, or since the field's epoch, as a date with the seconds since 1970 behind it.
extern const NumberNotation kUtcTime;
/// Milliseconds since midnight (RFC 792), as hours:minutes:seconds.milliseconds, each a plain number; -- for none.
extern const NumberNotation kTimeOfDay;
/// On or Off.
extern const NumberNotation kSwitch;
/// The enumeration's name, or the number in decimal, and in brackets the field's choices that its bits are.
extern const NumberNotation kNameAndChoices;
/// A number of units, such as "8 sec": times the field's factor, with its decimals, and its unit behind it.
extern const NumberNotation kQuantity;
/// A fraction, of which the field's lowest `fraction_bits` stand behind the point.
extern const NumberNotation kFixedPoint;
/// Seconds since 1900 with 32 bits in front of the point and 32 behind it (RFC 5905 section 6), as a date; 0 as 0.0.
extern const NumberNotation kNtpTimestamp;

/// The notations that definitions may ask for.
std::span<const NumberNotation* const> number_notations();

/// What the notation of a field's number needs.
struct NotationParameters {
    /// The notation that the definition asks for, or null.
    const NumberNotation* notation = nullptr;
    std::string unit;
    std::string in_front;
    Integer factor = 1;
    std::uint32_t decimals = 0;
    std::uint32_t fraction_bits = 0;
    Integer epoch = 0;
};

/// How a field's number is written.
const NotationParameters& notation_of(const model::Field& field);

/// The keys with which definitions say how a number is written.
std::span<const Key> notation_keys();
/// Reads them, for a type with a notation of its own; refuses those that mean nothing for the notation.
NotationParameters read_notation(ParameterReader& reader, const NumberNotation& own);

}  // namespace framewright::fields
