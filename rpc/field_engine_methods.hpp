#pragma once

#include <string>

#include "protocol_db/model/model.hpp"
#include "rpc/json_rpc.hpp"

namespace framewright::rpc {

/// Adds build_pkt_ex, load_instruction_parameter_values and decompile_vm_raw. There are no instructions yet: an empty
/// program works, any other is answered by an error.
void add_field_engine_methods(Dispatcher& dispatcher, const model::Database& database);

/// Appends the members of get_definitions that describe the field engine, without braces.
void append_field_engine_definitions(std::string& out);

}  // namespace framewright::rpc
