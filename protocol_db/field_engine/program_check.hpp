#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "protocol_db/field_engine/instruction.hpp"

namespace framewright::field_engine {

/// The largest number of so many bytes, from 1 to 8.
constexpr std::uint64_t largest_of(std::uint32_t size) {
    return std::numeric_limits<std::uint64_t>::max() >> (64 - 8 * size);
}

/// Checks the rules of TRex on the instructions in a client's order: variables known and defined once, ranges in
/// order and within their sizes, chains of next_var without loops, and no write beyond the end of a packet of so many
/// bytes. Throws ProgramError.
void check(const std::vector<Instruction>& instructions, std::size_t packet_size);

}  // namespace framewright::field_engine
