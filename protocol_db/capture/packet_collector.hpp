#pragma once

#include <string>
#include <utility>
#include <vector>

#include "protocol_db/capture/captured_packet.hpp"

namespace framewright::capture {

/// How messages call a packet of a file; `index` counts from 0.
inline std::string packet_text(std::size_t index) {
    return "packet " + std::to_string(index + 1);
}

/// The packets of a file while it is read, within its limits.
class PacketCollector {
public:
    explicit PacketCollector(const CaptureLimits& limits) : limits_(limits) {}

    /// Adds a packet of these bytes. Throws CaptureError when it is too long, or one too many.
    CapturedPacket& add(ByteView data) {
        if (data.size() > kMaxPacketBytes) {
            throw failure("it has " + std::to_string(data.size()) + " bytes, more than " +
                          std::to_string(kMaxPacketBytes));
        }
        if (packets_.size() >= limits_.packets) {
            throw CaptureError("the capture has more than " + std::to_string(limits_.packets) + " packets");
        }
        if (data.size() > limits_.total_bytes - total_bytes_) {
            throw CaptureError("the capture has more than " + std::to_string(limits_.total_bytes) +
                               " bytes of packet data");
        }
        total_bytes_ += data.size();
        CapturedPacket& packet = packets_.emplace_back();
        packet.data.assign(data.begin(), data.end());
        return packet;
    }

    /// What went wrong with the packet that comes next.
    CaptureError failure(const std::string& reason) const {
        return CaptureError(packet_text(packets_.size()) + " cannot be read: " + reason);
    }

    std::vector<CapturedPacket> take() { return std::move(packets_); }

private:
    CaptureLimits limits_;
    std::size_t total_bytes_ = 0;
    std::vector<CapturedPacket> packets_;
};

}  // namespace framewright::capture
