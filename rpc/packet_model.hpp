#pragma once

#include <nlohmann/json.hpp>

#include "protocol_db/model/model.hpp"

namespace framewright::rpc {

/// Reads a packet model (section 4.1 of the specification). `parameter` names it in errors. Throws Error.
model::Packet read_packet_model(const nlohmann::json& json, const model::Database& database,
                                const std::string& parameter);

/// Applies a packet model to a dissected packet, layer by layer from the first: fields change a layer, "delete" cuts
/// the packet from that layer up, layers beyond the last are appended. Throws Error.
void apply_packet_model(model::Packet& packet, const nlohmann::json& json, const model::Database& database,
                        const std::string& parameter);

}  // namespace framewright::rpc
