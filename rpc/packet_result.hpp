#pragma once

#include <cstdint>
#include <string>

#include "protocol_db/packet/inspect.hpp"

namespace framewright::rpc {

/// How a result shows fields whose condition does not hold.
enum class AbsentFields : std::uint8_t {
    /// As our clients know it: with the value None where the layer's bytes go on behind them.
    kAsClientsKnow,
    /// As not being in the bytes, with their defaults.
    kIgnored,
};

/// Appends the packet result of section 4.3 of the specification, without its closing brace, so that a method may
/// add members: `{"binary": …, "data": […]`.
void append_open_packet_result(std::string& out, const model::Packet& packet, const packet::InspectedPacket& inspected,
                               AbsentFields absent = AbsentFields::kAsClientsKnow);

/// Appends the members `"value":…,"hvalue":…` of a field.
void append_field_value(std::string& out, const model::Field& field, const model::Value& value);

/// Appends the whole packet result.
void append_packet_result(std::string& out, const model::Packet& packet, const packet::InspectedPacket& inspected,
                          AbsentFields absent = AbsentFields::kAsClientsKnow);

}  // namespace framewright::rpc
