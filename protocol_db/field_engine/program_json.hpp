#pragma once

#include <nlohmann/json.hpp>

#include "protocol_db/field_engine/instruction.hpp"

namespace framewright::field_engine {

/// A compiled program as TRex takes it: `{"instructions": [{"type", …}], "cache": n}`, the cache only when there is
/// one.
nlohmann::ordered_json to_json(const Program& program);

/// Reads a compiled program; what it means is not checked, for it need not be one of ours. Throws ProgramError.
Program program_of_json(const nlohmann::json& json);

/// A compiled program as a client would have written it (section 4.1 of the specification), with every parameter given
/// and places in bytes.
nlohmann::ordered_json decompile(const Program& program);

}  // namespace framewright::field_engine
