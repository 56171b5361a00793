#include "protocol_db/capture/capture.hpp"

#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "protocol_db/capture/gzip.hpp"
#include "protocol_db/capture/link_type.hpp"
#include "protocol_db/capture/packet_collector.hpp"
#include "protocol_db/capture/pcapng.hpp"

namespace framewright::capture {
namespace {

// The classic pcap file: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html
constexpr std::uint32_t kMicrosecondMagic = 0xa1b2c3d4;
constexpr std::uint32_t kNanosecondMagic = 0xa1b23c4d;
constexpr std::uint16_t kMajorVersion = 2;
constexpr std::uint16_t kMinorVersion = 4;
constexpr std::size_t kFileHeaderBytes = 24;
constexpr std::size_t kRecordHeaderBytes = 16;
constexpr std::size_t kDefaultSnapLength = 65'535;

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
constexpr std::uint32_t kNanosecondsPerMicrosecond = 1'000;

/// The bits of the header's last word that hold the link type; those above say how long a frame check sequence is.
constexpr int kMaxFileLinkType = 0x03ff'ffff;

struct FileCloser {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

struct PcapCloser {
    void operator()(pcap_t* capture) const noexcept { pcap_close(capture); }
};

using PcapHandle = std::unique_ptr<pcap_t, PcapCloser>;

PcapHandle open_capture(ByteView file) {
    // A stream opened for reading never writes to its buffer.
    std::unique_ptr<std::FILE, FileCloser> stream(
        fmemopen(const_cast<std::uint8_t*>(file.data()), file.size(), "r"));  // NOLINT(*-const-cast)
    if (!stream) {
        throw CaptureError("the capture file cannot be opened: out of memory");
    }
    std::array<char, PCAP_ERRBUF_SIZE> error{};
    PcapHandle capture(
        pcap_fopen_offline_with_tstamp_precision(stream.get(), PCAP_TSTAMP_PRECISION_NANO, error.data()));
    if (!capture) {
        throw CaptureError("not a pcap or pcapng capture: " + std::string(error.data()));
    }
    static_cast<void>(stream.release());  // pcap_close closes it
    return capture;
}

/// A copy of a classic capture file without a snap length, which libpcap takes for the largest: records that are longer
/// than their file's snap length, which captures of generated streams hold, it would cut. Other files are returned as
/// they are.
Bytes without_snap_length(ByteView file) {
    constexpr std::size_t kSnapLength = 16;
    constexpr std::array<std::uint32_t, 2> kMagicNumbers{kMicrosecondMagic, kNanosecondMagic};
    Bytes copy(file.begin(), file.end());
    if (copy.size() < kFileHeaderBytes) {
        return copy;
    }
    const std::uint32_t big_endian = static_cast<std::uint32_t>(copy[0]) << 24 |
                                     static_cast<std::uint32_t>(copy[1]) << 16 |
                                     static_cast<std::uint32_t>(copy[2]) << 8 | copy[3];
    const std::uint32_t little_endian = __builtin_bswap32(big_endian);
    for (const std::uint32_t magic : kMagicNumbers) {
        if (magic == big_endian || magic == little_endian) {
            std::fill_n(copy.begin() + kSnapLength, 4, std::uint8_t{0});
        }
    }
    return copy;
}

/// A record's time; one out of range is carried over into the seconds.
void set_time(CapturedPacket& packet, const timeval& time) {
    // libpcap takes the file's unsigned 32 bits for signed ones: undone, so that times after 2038 come out right.
    const std::int64_t seconds = time.tv_sec < 0 && time.tv_sec >= std::numeric_limits<std::int32_t>::min()
                                     ? static_cast<std::int64_t>(static_cast<std::uint32_t>(time.tv_sec))
                                     : time.tv_sec;
    std::int64_t carry = time.tv_usec / kNanosecondsPerSecond;  // nanoseconds, as the file was opened
    std::int64_t nanoseconds = time.tv_usec % kNanosecondsPerSecond;
    if (nanoseconds < 0) {
        nanoseconds += kNanosecondsPerSecond;
        --carry;
    }
    packet.seconds = seconds + carry;
    packet.nanoseconds = static_cast<std::uint32_t>(nanoseconds);
}

class LittleEndianWriter {
public:
    explicit LittleEndianWriter(std::size_t capacity) { bytes_.reserve(capacity); }

    void put16(std::uint16_t value) {
        bytes_.push_back(static_cast<std::uint8_t>(value));
        bytes_.push_back(static_cast<std::uint8_t>(value >> 8));
    }

    void put32(std::uint32_t value) {
        put16(static_cast<std::uint16_t>(value));
        put16(static_cast<std::uint16_t>(value >> 16));
    }

    void put(ByteView data) { bytes_.insert(bytes_.end(), data.begin(), data.end()); }

    Bytes take() { return std::move(bytes_); }

private:
    Bytes bytes_;
};

/// What the lengths of the packets of a file come to, in bytes.
struct PacketSizes {
    std::size_t packets = 0;
    std::size_t total = 0;
    std::size_t longest = 0;

    void add(std::size_t bytes) {
        if (bytes > kMaxPacketBytes) {
            throw CaptureError(packet_text(packets) + " has " + std::to_string(bytes) +
                               " bytes; a capture holds at most " + std::to_string(kMaxPacketBytes) + " of one packet");
        }
        ++packets;
        total += bytes;
        longest = std::max(longest, bytes);
    }
};

LittleEndianWriter begin_file(const PacketSizes& sizes, int link_type) {
    if (link_type < 0 || link_type > kMaxFileLinkType) {
        throw CaptureError("there is no link type " + std::to_string(link_type));
    }
    LittleEndianWriter out(kFileHeaderBytes + sizes.packets * kRecordHeaderBytes + sizes.total);
    out.put32(kMicrosecondMagic);
    out.put16(kMajorVersion);
    out.put16(kMinorVersion);
    out.put32(0);  // time zone: UTC
    out.put32(0);  // accuracy of the times
    out.put32(static_cast<std::uint32_t>(std::max(kDefaultSnapLength, sizes.longest)));
    out.put32(static_cast<std::uint32_t>(file_link_type(link_type)));
    return out;
}

void put_record(LittleEndianWriter& out, ByteView data, std::uint32_t original_length, std::uint32_t seconds,
                std::uint32_t microseconds) {
    out.put32(seconds);
    out.put32(microseconds);
    out.put32(static_cast<std::uint32_t>(data.size()));
    out.put32(original_length);
    out.put(data);
}

/// The packets of a classic capture file, by libpcap.
std::vector<CapturedPacket> read_pcap(ByteView file, const CaptureLimits& limits) {
    const Bytes readable = without_snap_length(file);
    const PcapHandle capture = open_capture(readable);
    const int link_type = pcap_datalink(capture.get());
    PacketCollector packets(limits);
    for (;;) {
        pcap_pkthdr* header = nullptr;
        const u_char* data = nullptr;
        const int status = pcap_next_ex(capture.get(), &header, &data);
        if (status == PCAP_ERROR_BREAK) {
            return packets.take();
        }
        if (status != 1) {
            throw packets.failure(pcap_geterr(capture.get()));
        }
        CapturedPacket& packet = packets.add({data, header->caplen});
        packet.original_length = header->len;
        packet.link_type = link_type;
        set_time(packet, header->ts);
    }
}

}  // namespace

std::vector<CapturedPacket> read_capture(ByteView file, const CaptureLimits& limits) {
    if (file.empty()) {
        throw CaptureError("the capture file is empty");
    }
    if (is_gzip(file)) {
        const Bytes plain = uncompress_gzip(file, limits.uncompressed_bytes);
        return is_pcapng(plain) ? read_pcapng(plain, limits) : read_pcap(plain, limits);
    }
    return is_pcapng(file) ? read_pcapng(file, limits) : read_pcap(file, limits);
}

Bytes write_capture(std::span<const CapturedPacket> packets, int link_type) {
    PacketSizes sizes;
    for (const CapturedPacket& packet : packets) {
        sizes.add(packet.data.size());
    }
    LittleEndianWriter out = begin_file(sizes, link_type);
    for (std::size_t i = 0; i < packets.size(); ++i) {
        const CapturedPacket& packet = packets[i];
        if (packet.link_type != link_type) {
            throw CaptureError(packet_text(i) + " has link type " + std::to_string(packet.link_type) +
                               ", the capture " + std::to_string(link_type));
        }
        if (packet.seconds < 0 || packet.seconds > std::numeric_limits<std::uint32_t>::max() ||
            packet.nanoseconds >= kNanosecondsPerSecond) {
            throw CaptureError("the time of " + packet_text(i) + " is out of range");
        }
        const auto captured = static_cast<std::uint32_t>(packet.data.size());
        put_record(out, packet.data, std::max(packet.original_length, captured),
                   static_cast<std::uint32_t>(packet.seconds), packet.nanoseconds / kNanosecondsPerMicrosecond);
    }
    return out.take();
}

Bytes write_capture(std::span<const Bytes> packets, int link_type) {
    PacketSizes sizes;
    for (const Bytes& packet : packets) {
        sizes.add(packet.size());
    }
    LittleEndianWriter out = begin_file(sizes, link_type);
    for (const Bytes& packet : packets) {
        put_record(out, packet, static_cast<std::uint32_t>(packet.size()), 0, 0);
    }
    return out.take();
}

}  // namespace framewright::capture
