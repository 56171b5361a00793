#pragma once

#include "protocol_db/packet/inspect.hpp"
#include "rpc/json_rpc.hpp"

namespace framewright::rpc {

/// The most bytes of a reply to read_pcap or run_field_engine.
inline constexpr std::size_t kMaximumCaptureReply = 256U << 20U;

/// Adds build_pkt, reconstruct_pkt, dissect, read_pcap, write_pcap and get_payload_classes.
void add_packet_methods(Dispatcher& dispatcher, const model::Database& database);

/// Builds a packet and reads it back. A packet that cannot be built is an Error that says which layer and field.
packet::InspectedPacket inspect_or_fail(const model::Packet& packet, const model::Database& database);

/// Reads a base64 parameter. Throws Error.
Bytes base64_param(const nlohmann::json& param, const std::string& name);

}  // namespace framewright::rpc
