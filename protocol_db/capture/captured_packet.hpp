#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>

#include "protocol_db/bytes.hpp"

namespace framewright::capture {

/// The most packets that are read from one capture.
inline constexpr std::size_t kMaxPackets = 100'000;

/// The most bytes of packet data that are read from one capture: 256 MiB.
inline constexpr std::size_t kMaxTotalBytes = std::size_t{256} << 20;

/// The most bytes of a capture file that gzip compressed, when it is uncompressed: 256 MiB.
inline constexpr std::size_t kMaxUncompressedBytes = std::size_t{256} << 20;

/// The longest packet of a capture: what libpcap and Wireshark accept as one record.
inline constexpr std::size_t kMaxPacketBytes = 262'144;

/// libpcap's number (DLT) of the Ethernet link type.
inline constexpr int kLinkTypeEthernet = 1;

/// The link type of a packet from an interface of which the capture says nothing that can be read.
inline constexpr int kLinkTypeUnknown = -1;

/// One record of a capture.
struct CapturedPacket {
    /// The bytes that were captured.
    Bytes data;

    /// The packet's length in bytes on the wire, above `data.size()` where the capture cut it short. When a file is
    /// written, a smaller one (0 as well) stands for `data.size()`.
    std::uint32_t original_length = 0;

    /// Time of the capture: whole seconds since 1970-01-01 UTC, and nanoseconds (below 1,000,000,000) on top of them; 0
    /// where the capture does not say.
    std::int64_t seconds = 0;
    std::uint32_t nanoseconds = 0;

    /// What the bytes begin with, as libpcap numbers it (DLT).
    int link_type = kLinkTypeEthernet;
};

/// How much of a capture is read; beyond it, reading is an error.
struct CaptureLimits {
    std::size_t packets = kMaxPackets;
    std::size_t total_bytes = kMaxTotalBytes;
    std::size_t uncompressed_bytes = kMaxUncompressedBytes;
};

/// A capture that cannot be read or written; `what()` says why, for a person.
class CaptureError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace framewright::capture
