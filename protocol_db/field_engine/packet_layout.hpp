#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol_db/field_engine/instruction.hpp"
#include "protocol_db/packet/inspect.hpp"

namespace framewright::field_engine {

/// Where the layers and fields of a packet lie, by the names that programs use: `IP`, `IP:1` for the second IP layer,
/// `IP.src`, `IP:1.src`. A layer goes by its id or its name, in which `|` may stand for `.` (`802|1Q.vlan`).
class PacketLayout {
public:
    /// All arguments outlive the layout.
    PacketLayout(const model::Packet& packet, const packet::InspectedPacket& inspected, const model::Database& database)
        : packet_(packet), inspected_(inspected), database_(database) {}

    /// The size in bytes of the packet that programs run on, kLeastPacketSize at least.
    std::size_t size() const { return std::max(kLeastPacketSize, inspected_.built.bytes.size()); }

    /// Where a layer begins. Throws ValueRefusal for one that the packet lacks.
    LayerOffset layer_offset(std::string_view name) const;
    /// Where a field lies. Throws ValueRefusal for one that the packet lacks, or that is not in its bytes.
    PacketOffset field_offset(std::string_view name) const;
    /// As field_offset, for a field by its layer and its place among the protocol's fields.
    PacketOffset place_of(std::size_t layer, std::size_t field) const;
    /// Whether a field is in the packet as it was built: of several fields of one name, the one that is.
    bool is_written(std::size_t layer, std::size_t field) const;

    /// The names of all fields, each once, with `separator` between layer and field; of a protocol that the packet has
    /// more than once, the layers are numbered where `with_numbers` says so.
    std::vector<std::string> field_names(std::string_view separator, bool with_numbers) const;
    /// The numbered names (`IP:0`) of the network layers whose header has a checksum: IPv4.
    std::vector<std::string> ipv4_layers() const;
    /// Those of all network layers, IPv4 and IPv6.
    std::vector<std::string> network_layers() const;
    /// Those of the layers whose checksum covers a pseudo header: UDP, TCP, ICMPv6 and what else there is.
    std::vector<std::string> transport_layers() const;

    const model::Packet& packet() const { return packet_; }
    const packet::InspectedPacket& inspected() const { return inspected_; }
    const model::Database& database() const { return database_; }

private:
    std::size_t find_layer(std::string_view name) const;
    template <typename Predicate>
    std::vector<std::string> layer_names(const Predicate& is_named) const;
    bool is_repeated(const model::Protocol& protocol) const;
    std::size_t number_of(std::size_t layer) const;

    const model::Packet& packet_;
    const packet::InspectedPacket& inspected_;
    const model::Database& database_;
};

}  // namespace framewright::field_engine
