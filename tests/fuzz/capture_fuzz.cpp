// What arrives as a capture file is read within its limits or refused with a CaptureError; what was read can be
// written, a file for each link type, and is then read back as the same packets.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <vector>

#include "protocol_db/capture/capture.hpp"

namespace {

using framewright::capture::CapturedPacket;

constexpr framewright::capture::CaptureLimits kLimits{
    .packets = 1'000, .total_bytes = std::size_t{1} << 20, .uncompressed_bytes = std::size_t{2} << 20};
constexpr std::int64_t kPcapTimes = 0x1'0000'0000;  // seconds that a pcap file has room for

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

std::vector<CapturedPacket> read(framewright::ByteView file) {
    try {
        return framewright::capture::read_capture(file, kLimits);
    } catch (const framewright::capture::CaptureError&) {
        return {};
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::vector<CapturedPacket> packets = read({data, size});
    require(packets.size() <= kLimits.packets);
    std::map<int, std::vector<CapturedPacket>> by_link_type;
    std::size_t total = 0;
    for (CapturedPacket& packet : packets) {
        total += packet.data.size();
        require(packet.data.size() <= framewright::capture::kMaxPacketBytes);
        require(packet.nanoseconds < 1'000'000'000);
        if (packet.seconds < 0 || packet.seconds >= kPcapTimes) {
            packet.seconds = 0;
        }
        if (packet.link_type != framewright::capture::kLinkTypeUnknown) {
            by_link_type[packet.link_type].push_back(packet);
        }
    }
    require(total <= kLimits.total_bytes);
    for (const auto& [link_type, written] : by_link_type) {
        const std::vector<CapturedPacket> again = read(framewright::capture::write_capture(written, link_type));
        require(again.size() == written.size());
        for (std::size_t i = 0; i < written.size(); ++i) {
            require(again[i].data == written[i].data);
            require(again[i].seconds == written[i].seconds);
            require(again[i].nanoseconds == written[i].nanoseconds / 1'000 * 1'000);
        }
    }
    return 0;
}
