#pragma once

#include <span>
#include <vector>

#include "protocol_db/capture/captured_packet.hpp"

namespace framewright::capture {

/// The packets of a capture file: pcap (either byte order, microseconds or nanoseconds) or pcapng (any number of
/// sections and interfaces, whose link types and snap lengths may differ); either of them may be compressed with gzip.
/// Throws CaptureError for what is no capture, ends within a record, or is beyond the limits.
std::vector<CapturedPacket> read_capture(ByteView file, const CaptureLimits& limits = {});

/// A classic pcap file (version 2.4, little endian, microseconds) of the packets, which all have this link type (DLT).
/// Throws CaptureError for a packet that is longer than kMaxPacketBytes, of another link type, or whose time has no
/// place in the file.
Bytes write_capture(std::span<const CapturedPacket> packets, int link_type);

/// The same for bare packets: captured whole, at time 0.
Bytes write_capture(std::span<const Bytes> packets, int link_type);

}  // namespace framewright::capture
