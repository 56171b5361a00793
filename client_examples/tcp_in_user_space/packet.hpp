#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "client_examples/tcp_in_user_space/segment.hpp"

namespace user_space_tcp {

/// Addresses are texts, as Framewright reads and writes them: "02:00:00:00:00:01", "10.0.0.99".
struct Address {
    std::string mac;
    std::string ip;

    friend bool operator==(const Address&, const Address&) = default;
};

/// ARP for IPv4 over Ethernet (RFC 826).
struct ArpPacket {
    enum class Operation : std::uint8_t { kRequest = 1, kReply = 2 };

    Operation operation = Operation::kRequest;
    Address sender;
    Address target;  ///< A request does not know its MAC address: all zero.

    friend bool operator==(const ArpPacket&, const ArpPacket&) = default;
};

/// A TCP segment with what carries it.
struct TcpPacket {
    Address source;
    Address destination;
    std::uint16_t source_port = 0;
    std::uint16_t destination_port = 0;
    Segment segment;

    friend bool operator==(const TcpPacket&, const TcpPacket&) = default;
};

/// A frame that brings nothing for us.
struct OtherPacket {
    bool wrong_checksum = false;  ///< It is TCP, and its checksum or that of its IP header is wrong.

    friend bool operator==(const OtherPacket&, const OtherPacket&) = default;
};

using Packet = std::variant<OtherPacket, ArpPacket, TcpPacket>;

}  // namespace user_space_tcp
