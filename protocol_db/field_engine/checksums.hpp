#pragma once

#include <cstddef>
#include <span>

#include "protocol_db/bytes.hpp"

namespace framewright::field_engine {

// Each of these computes a checksum anew in the bytes of a packet; offsets are from its start. A header that does not
// lie in the packet as a whole leaves it as it is.

/// The checksum of an IPv4 header (RFC 791 section 3.1).
void fix_ipv4_header(std::span<std::uint8_t> packet, std::size_t header);

/// A checksum over a message and its pseudo header (RFC 768, RFC 793 section 3.1, RFC 8200 section 8.1).
struct TransportChecksum {
    std::uint8_t protocol;         ///< As it stands in the pseudo header.
    std::size_t header_size;       ///< The least size of a message, in bytes.
    std::size_t place;             ///< Of the checksum within the message.
    bool zero_means_none = false;  ///< 0 is written as 0xffff.
};
inline constexpr TransportChecksum kTcpChecksum{6, 20, 16};
inline constexpr TransportChecksum kUdpChecksum{17, 8, 6, true};
inline constexpr TransportChecksum kIcmpv6Checksum{58, 4, 2};

/// The checksum of the message at `l4`, carried by the IPv4 or IPv6 packet at `l3`, as far as that says it goes.
void fix_transport(std::span<std::uint8_t> packet, std::size_t l3, std::size_t l4, const TransportChecksum& checksum);

}  // namespace framewright::field_engine
