#pragma once

#include <vector>

#include "protocol_db/capture/captured_packet.hpp"

namespace framewright::capture {

/// Whether a file begins as pcapng files do.
bool is_pcapng(ByteView file);

/// The packets of a pcapng file (draft-ietf-opsawg-pcapng), of all its sections and interfaces in the file's order.
/// libpcap reads only files whose interfaces agree in link type and snap length. An interface whose description cannot
/// be read costs no packet: what it does not say is unknown. Throws CaptureError.
std::vector<CapturedPacket> read_pcapng(ByteView file, const CaptureLimits& limits);

}  // namespace framewright::capture
