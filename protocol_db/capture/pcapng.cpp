#include "protocol_db/capture/pcapng.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>

#include "protocol_db/capture/link_type.hpp"
#include "protocol_db/capture/packet_collector.hpp"
#include "protocol_db/integer.hpp"

namespace framewright::capture {
namespace {

// Types of blocks; that of a section header reads the same in either byte order.
constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a;
constexpr std::uint32_t kInterfaceDescription = 1;
constexpr std::uint32_t kObsoletePacket = 2;
constexpr std::uint32_t kSimplePacket = 3;
constexpr std::uint32_t kEnhancedPacket = 6;

constexpr std::uint32_t kByteOrderMagic = 0x1a2b3c4d;
constexpr std::uint64_t kMajorVersion = 1;

// Options of an interface description.
constexpr std::uint64_t kEndOfOptions = 0;
constexpr std::uint64_t kTimeResolution = 9;
constexpr std::uint64_t kTimeOffset = 14;

/// A block's type and length in front, and its length again behind.
constexpr std::size_t kBlockHeaderBytes = 8;
constexpr std::size_t kBlockTrailerBytes = 4;
constexpr std::size_t kSmallestBlock = kBlockHeaderBytes + kBlockTrailerBytes;

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

constexpr std::size_t padded_to_32_bits(std::size_t size) {
    return (size + 3) / 4 * 4;
}

/// Thrown within this file: a block ends before what it should hold.
struct BlockTooShort {};

/// Takes numbers of either byte order from the front of some bytes.
class BlockReader {
public:
    BlockReader(ByteView bytes, bool is_big_endian) : rest_(bytes), is_big_endian_(is_big_endian) {}

    std::uint64_t number(std::size_t width) {
        const ByteView octets = bytes(width);
        std::uint64_t number = 0;
        for (std::size_t index = 0; index < width; ++index) {
            number = number << 8 | octets[is_big_endian_ ? index : width - 1 - index];
        }
        return number;
    }
    std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
    std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }

    ByteView bytes(std::size_t size) {
        if (size > rest_.size()) {
            throw BlockTooShort{};
        }
        const ByteView taken = rest_.first(size);
        rest_ = rest_.subspan(size);
        return taken;
    }

    std::size_t size() const { return rest_.size(); }
    bool is_big_endian() const { return is_big_endian_; }

private:
    ByteView rest_;
    bool is_big_endian_;
};

/// What an interface description says. Without one, the link type and the times are unknown.
struct Interface {
    int link_type = kLinkTypeUnknown;
    /// The most bytes that are captured of a packet; 0: all.
    std::uint32_t snap_length = 0;
    /// Whether packets have a time that can be told.
    bool has_times = false;
    /// The unit of times: 10 to the minus so many seconds; with the highest bit, 2 to the minus so many.
    std::uint8_t time_resolution = 6;
    /// Added to times, in seconds.
    std::int64_t time_offset = 0;
};

void read_interface_options(BlockReader& block, Interface& interface) {
    while (block.size() > 0) {
        const std::uint64_t code = block.u16();
        const std::size_t length = block.u16();
        BlockReader value(block.bytes(padded_to_32_bits(length)).first(length), block.is_big_endian());
        if (code == kEndOfOptions) {
            return;
        }
        if (code == kTimeResolution) {
            interface.time_resolution = static_cast<std::uint8_t>(value.number(1));
        } else if (code == kTimeOffset) {
            interface.time_offset = static_cast<std::int64_t>(value.number(8));
        }
    }
}

/// As much of an interface's description as can be read.
Interface read_interface(BlockReader block) {
    Interface interface;
    try {
        interface.link_type = link_type_of_file(block.u16());
        block.bytes(2);  // reserved
        interface.snap_length = block.u32();
        read_interface_options(block, interface);
        interface.has_times = true;
    } catch (const BlockTooShort&) {
        interface.has_times = false;
    }
    return interface;
}

/// Sets a packet's time from the interface's units; one that a CapturedPacket has no place for stays 0.
void set_time(CapturedPacket& packet, const Interface& interface, std::uint64_t units) {
    constexpr std::uint8_t kIsPowerOfTwo = 0x80;
    constexpr unsigned kLargestPowerOfTen = 38;
    const unsigned exponent = interface.time_resolution & ~kIsPowerOfTwo & 0xffU;
    Integer units_per_second = 1;
    if ((interface.time_resolution & kIsPowerOfTwo) != 0) {
        // Units of less than 2 to the minus 94 seconds do not come to a nanosecond.
        units_per_second <<= std::min(exponent, 126U);
    } else {
        for (unsigned power = 0; power < std::min(exponent, kLargestPowerOfTen); ++power) {
            units_per_second *= 10;
        }
    }
    const Integer nanoseconds = Integer{units} * kNanosecondsPerSecond / units_per_second;
    const Integer seconds = nanoseconds / kNanosecondsPerSecond + interface.time_offset;
    if (interface.has_times && seconds <= std::numeric_limits<std::int64_t>::max()) {
        packet.seconds = static_cast<std::int64_t>(seconds);
        packet.nanoseconds = static_cast<std::uint32_t>(nanoseconds % kNanosecondsPerSecond);
    }
}

class PcapngReader {
public:
    PcapngReader(ByteView file, const CaptureLimits& limits) : rest_(file), packets_(limits) {}

    std::vector<CapturedPacket> read() {
        while (!rest_.empty()) {
            try {
                read_block();
            } catch (const BlockTooShort&) {
                throw packets_.failure("its block is too short");
            }
        }
        return packets_.take();
    }

private:
    void read_block() {
        if (rest_.size() < kSmallestBlock) {
            throw truncated();
        }
        if (BlockReader(rest_, false).u32() == kSectionHeader) {
            begin_section();
        }
        BlockReader header(rest_, is_big_endian_);
        const std::uint32_t type = header.u32();
        const std::size_t length = header.u32();
        if (length < kSmallestBlock || length % 4 != 0) {
            throw packets_.failure("a block cannot have " + std::to_string(length) + " bytes");
        }
        if (length > rest_.size()) {
            throw truncated();
        }
        BlockReader trailer(rest_.subspan(length - kBlockTrailerBytes, kBlockTrailerBytes), is_big_endian_);
        if (trailer.u32() != length && type != kInterfaceDescription) {
            throw packets_.failure("a block says two lengths");
        }
        const ByteView body = rest_.subspan(kBlockHeaderBytes, length - kSmallestBlock);
        read_body(type, BlockReader(body, is_big_endian_));
        rest_ = rest_.subspan(length);
    }

    /// Finds the byte order of what follows; interfaces count anew.
    void begin_section() {
        const ByteView magic = rest_.subspan(kBlockHeaderBytes);
        is_big_endian_ = BlockReader(magic, true).u32() == kByteOrderMagic;
        if (!is_big_endian_ && BlockReader(magic, false).u32() != kByteOrderMagic) {
            throw packets_.failure("a section has no byte order");
        }
        interfaces_.clear();
    }

    void read_body(std::uint32_t type, BlockReader block) {
        switch (type) {
            case kSectionHeader:
                check_section(block);
                break;
            case kInterfaceDescription:
                interfaces_.push_back(read_interface(block));
                break;
            case kEnhancedPacket:
                read_packet(block, block.u32());
                break;
            case kObsoletePacket: {
                const std::uint16_t interface = block.u16();
                block.bytes(2);  // how many packets were lost before it
                read_packet(block, interface);
                break;
            }
            case kSimplePacket:
                read_simple_packet(block);
                break;
            default:
                break;
        }
    }

    void check_section(BlockReader block) const {
        block.bytes(4);  // byte order
        const std::uint64_t version = block.u16();
        if (version != kMajorVersion) {
            throw packets_.failure("pcapng of version " + std::to_string(version) + " is not known");
        }
    }

    /// Enhanced and obsolete packet blocks go on in the same way from here.
    void read_packet(BlockReader& block, std::size_t interface_index) {
        const Interface& interface = interface_of(interface_index);
        const std::uint64_t upper_half = block.u32();
        const std::uint64_t time = upper_half << 32 | block.u32();
        const std::size_t captured = block.u32();
        const std::uint32_t original_length = block.u32();
        CapturedPacket& packet = add_packet(block.bytes(captured), original_length, interface);
        set_time(packet, interface, time);
    }

    /// A simple packet belongs to the first interface and has no time; how much of it was captured follows.
    void read_simple_packet(BlockReader& block) {
        const Interface& interface = interface_of(0);
        const std::uint32_t original_length = block.u32();
        const std::uint32_t captured =
            interface.snap_length == 0 ? original_length : std::min(original_length, interface.snap_length);
        // Nobody said how much an unknown interface captures.
        const bool is_known = interface.link_type != kLinkTypeUnknown;
        const std::size_t size = is_known ? captured : std::min<std::size_t>(captured, block.size());
        add_packet(block.bytes(size), original_length, interface);
    }

    CapturedPacket& add_packet(ByteView data, std::uint32_t original_length, const Interface& interface) {
        CapturedPacket& packet = packets_.add(data);
        packet.original_length = original_length;
        packet.link_type = interface.link_type;
        return packet;
    }

    const Interface& interface_of(std::size_t index) const {
        static const Interface kUnknown;
        return index < interfaces_.size() ? interfaces_[index] : kUnknown;
    }

    CaptureError truncated() const { return packets_.failure("truncated: the file ends within a block"); }

    ByteView rest_;
    bool is_big_endian_ = false;
    std::vector<Interface> interfaces_;
    PacketCollector packets_;
};

}  // namespace

bool is_pcapng(ByteView file) {
    return file.size() >= 4 && BlockReader(file, false).u32() == kSectionHeader;
}

std::vector<CapturedPacket> read_pcapng(ByteView file, const CaptureLimits& limits) {
    return PcapngReader(file, limits).read();
}

}  // namespace framewright::capture
