#pragma once

#include <cstddef>

#include "protocol_db/model/model.hpp"
#include "rpc/json_rpc.hpp"

namespace framewright::rpc {

/// The most packets that one call of run_field_engine gives.
inline constexpr std::size_t kMaximumRunPackets = 100'000;

/// Adds build_pkt_ex, load_instruction_parameter_values, decompile_vm_raw and run_field_engine.
void add_field_engine_methods(Dispatcher& dispatcher, const model::Database& database);

}  // namespace framewright::rpc
