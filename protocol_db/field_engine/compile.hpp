#pragma once

#include <nlohmann/json.hpp>

#include "protocol_db/field_engine/instruction.hpp"
#include "protocol_db/field_engine/packet_layout.hpp"

namespace framewright::field_engine {

/// The most instructions of a program.
inline constexpr std::size_t kMaximumInstructions = 1000;

/// Compiles a client's program, `{"instructions": [{"id", "parameters"}], "global_parameters": {"cache_size"}}`
/// (section 4.1 of the specification), for a packet: names become places, what is left out gets its default, and all
/// rules are checked. In the compiled program the variables come first, each chain of next_var together.
/// Throws ProgramError.
Program compile(const nlohmann::json& program, const PacketLayout& layout);

}  // namespace framewright::field_engine
