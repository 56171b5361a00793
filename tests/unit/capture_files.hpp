#pragma once

#include <string>

#include "protocol_db/capture/capture.hpp"

namespace framewright::capture {

enum class Order { kLittle, kBig };

// Types of pcapng blocks, and options of an interface description.
inline constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a;
inline constexpr std::uint32_t kInterfaceDescription = 1;
inline constexpr std::uint32_t kObsoletePacket = 2;
inline constexpr std::uint32_t kSimplePacket = 3;
inline constexpr std::uint32_t kEnhancedPacket = 6;
inline constexpr std::uint16_t kTimeResolution = 9;
inline constexpr std::uint16_t kTimeOffset = 14;

/// Writes numbers as the documents of the two formats lay them out, in either byte order.
class FileBuilder {
public:
    explicit FileBuilder(Order order) : order_(order) {}

    FileBuilder& number(std::uint64_t value, std::size_t bytes) {
        for (std::size_t i = 0; i < bytes; ++i) {
            const std::size_t position = order_ == Order::kLittle ? i : bytes - 1 - i;
            bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * position)));
        }
        return *this;
    }
    FileBuilder& u16(std::uint64_t value) { return number(value, 2); }
    FileBuilder& u32(std::uint64_t value) { return number(value, 4); }
    FileBuilder& data(ByteView data) {
        bytes_.insert(bytes_.end(), data.begin(), data.end());
        return *this;
    }
    FileBuilder& pad_to_32_bits() {
        bytes_.resize((bytes_.size() + 3) / 4 * 4);
        return *this;
    }
    const Bytes& bytes() const { return bytes_; }

    /// The header of a classic pcap file.
    FileBuilder& pcap_header(std::uint32_t magic = 0xa1b2c3d4, std::uint32_t link_type = 1,
                             std::uint32_t snap_length = 65'535) {
        return u32(magic).u16(2).u16(4).u32(0).u32(0).u32(snap_length).u32(link_type);
    }
    FileBuilder& pcap_record(ByteView packet, std::uint32_t seconds, std::uint32_t fraction,
                             std::uint32_t original_length) {
        return u32(seconds).u32(fraction).u32(packet.size()).u32(original_length).data(packet);
    }

    /// A pcapng block of this type around a body, which is padded to 32 bits.
    FileBuilder& block(std::uint32_t type, FileBuilder body) {
        body.pad_to_32_bits();
        const std::size_t length = body.bytes().size() + 12;
        return u32(type).u32(length).data(body.bytes()).u32(length);
    }
    FileBuilder& section_header() {
        return block(kSectionHeader, FileBuilder(order_).u32(0x1a2b3c4d).u16(1).u16(0).number(~std::uint64_t{0}, 8));
    }
    /// Without options, times are in microseconds.
    FileBuilder& interface_description(std::uint32_t link_type, std::uint32_t snap_length = 65'535,
                                       ByteView options = {}) {
        return block(kInterfaceDescription, FileBuilder(order_).u16(link_type).u16(0).u32(snap_length).data(options));
    }
    /// An option of a block, its value padded to 32 bits.
    FileBuilder& option(std::uint16_t code, std::uint64_t value, std::size_t bytes) {
        return u16(code).u16(bytes).number(value, bytes).pad_to_32_bits();
    }
    FileBuilder& end_of_options() { return u16(0).u16(0); }
    FileBuilder& enhanced_packet(ByteView packet, std::uint64_t time, std::uint32_t original_length,
                                 std::uint32_t interface = 0) {
        FileBuilder body(order_);
        body.u32(interface).u32(time >> 32).u32(time & 0xffff'ffff).u32(packet.size()).u32(original_length);
        return block(kEnhancedPacket, body.data(packet));
    }

private:
    Order order_;
    Bytes bytes_;
};

/// A packet of the octets 0, 1, 2 and so on.
inline Bytes packet_of(std::size_t size) {
    Bytes packet(size);
    for (std::size_t i = 0; i < size; ++i) {
        packet[i] = static_cast<std::uint8_t>(i);
    }
    return packet;
}

/// The text of the error that reading gives, or "read" without one.
inline std::string error_of(ByteView file, const CaptureLimits& limits = {}) {
    try {
        read_capture(file, limits);
    } catch (const CaptureError& error) {
        return error.what();
    }
    return "read";
}

}  // namespace framewright::capture
