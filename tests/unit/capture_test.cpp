#include "protocol_db/capture/capture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <vector>

namespace framewright::capture {
namespace {

using ::testing::IsSubstring;

enum class Order { kLittle, kBig };

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
        return block(0x0a0d0d0a, FileBuilder(order_).u32(0x1a2b3c4d).u16(1).u16(0).number(~std::uint64_t{0}, 8));
    }
    FileBuilder& interface_description(std::uint32_t link_type, bool nanoseconds) {
        FileBuilder body(order_);
        body.u16(link_type).u16(0).u32(65'535);
        if (nanoseconds) {
            body.u16(9).u16(1).number(9, 1).pad_to_32_bits().u16(0).u16(0);  // if_tsresol: 10^-9 s
        }
        return block(1, body);
    }
    FileBuilder& enhanced_packet(ByteView packet, std::uint64_t time, std::uint32_t original_length,
                                 std::uint32_t interface = 0) {
        FileBuilder body(order_);
        body.u32(interface).u32(time >> 32).u32(time & 0xffff'ffff).u32(packet.size()).u32(original_length);
        return block(6, body.data(packet));
    }

private:
    Order order_;
    Bytes bytes_;
};

Bytes packet_of(std::size_t size) {
    Bytes packet(size);
    for (std::size_t i = 0; i < size; ++i) {
        packet[i] = static_cast<std::uint8_t>(i);
    }
    return packet;
}

/// The text of the error that reading gives, or "read" without one.
std::string error_of(ByteView file, const CaptureLimits& limits = {}) {
    try {
        read_capture(file, limits);
    } catch (const CaptureError& error) {
        return error.what();
    }
    return "read";
}

std::string write_error_of(std::span<const CapturedPacket> packets, int link_type) {
    try {
        write_capture(packets, link_type);
    } catch (const CaptureError& error) {
        return error.what();
    }
    return "written";
}

class CaptureOrder : public ::testing::TestWithParam<Order> {};

INSTANTIATE_TEST_SUITE_P(Both, CaptureOrder, ::testing::Values(Order::kLittle, Order::kBig),
                         [](const auto& order) { return order.param == Order::kLittle ? "Little" : "Big"; });

TEST_P(CaptureOrder, ReadsMicrosecondPcap) {
    FileBuilder file(GetParam());
    file.pcap_header().pcap_record(packet_of(60), 1'700'000'000, 123'456, 60).pcap_record(packet_of(40), 5, 7, 1500);
    const auto packets = read_capture(file.bytes());
    ASSERT_EQ(packets.size(), 2U);
    EXPECT_EQ(packets[0].data, packet_of(60));
    EXPECT_EQ(packets[0].original_length, 60U);
    EXPECT_EQ(packets[0].seconds, 1'700'000'000);
    EXPECT_EQ(packets[0].nanoseconds, 123'456'000U);
    EXPECT_EQ(packets[0].link_type, kLinkTypeEthernet);
    EXPECT_EQ(packets[1].data, packet_of(40));
    EXPECT_EQ(packets[1].original_length, 1500U);
    EXPECT_EQ(packets[1].seconds, 5);
    EXPECT_EQ(packets[1].nanoseconds, 7'000U);
}

TEST_P(CaptureOrder, ReadsNanosecondPcap) {
    FileBuilder file(GetParam());
    file.pcap_header(0xa1b23c4d).pcap_record(packet_of(14), 9, 123'456'789, 14);
    const auto packets = read_capture(file.bytes());
    ASSERT_EQ(packets.size(), 1U);
    EXPECT_EQ(packets[0].seconds, 9);
    EXPECT_EQ(packets[0].nanoseconds, 123'456'789U);
}

TEST_P(CaptureOrder, ReadsPcapng) {
    constexpr std::uint64_t kMicroseconds = 1'700'000'000'123'456;
    FileBuilder file(GetParam());
    file.section_header().interface_description(1, false);
    file.enhanced_packet(packet_of(61), kMicroseconds, 100);
    file.block(3, FileBuilder(GetParam()).u32(17).data(packet_of(17)));  // a simple packet: no time
    const auto packets = read_capture(file.bytes());
    ASSERT_EQ(packets.size(), 2U);
    EXPECT_EQ(packets[0].data, packet_of(61));
    EXPECT_EQ(packets[0].original_length, 100U);
    EXPECT_EQ(packets[0].seconds, 1'700'000'000);
    EXPECT_EQ(packets[0].nanoseconds, 123'456'000U);
    EXPECT_EQ(packets[1].data, packet_of(17));
}

TEST_P(CaptureOrder, ReadsNanosecondPcapng) {
    FileBuilder file(GetParam());
    file.section_header().interface_description(101, true).enhanced_packet(packet_of(20), 3'000'000'001, 20);
    const auto packets = read_capture(file.bytes());
    ASSERT_EQ(packets.size(), 1U);
    EXPECT_EQ(packets[0].seconds, 3);
    EXPECT_EQ(packets[0].nanoseconds, 1U);
    EXPECT_EQ(first_protocol(packets[0].link_type), "IP");
}

// What Wireshark's editcap 4.0 writes: options in the section header and the interface, blocks of 32 bits.
TEST(Capture, ReadsWhatEditcapWrites) {
    constexpr std::array<std::uint8_t, 224> kFile{
        // clang-format off
        0x0a, 0x0d, 0x0d, 0x0a, 0x6c, 0x00, 0x00, 0x00, 0x4d, 0x3c, 0x2b, 0x1a, 0x01, 0x00, 0x00, 0x00, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x04, 0x00, 0x45, 0x00, 0x45, 0x64, 0x69, 0x74, 0x63, 0x61, 0x70, 0x20,
        0x28, 0x57, 0x69, 0x72, 0x65, 0x73, 0x68, 0x61, 0x72, 0x6b, 0x29, 0x20, 0x34, 0x2e, 0x30, 0x2e, 0x31, 0x37,
        0x20, 0x28, 0x47, 0x69, 0x74, 0x20, 0x76, 0x34, 0x2e, 0x30, 0x2e, 0x31, 0x37, 0x20, 0x70, 0x61, 0x63, 0x6b,
        0x61, 0x67, 0x65, 0x64, 0x20, 0x61, 0x73, 0x20, 0x34, 0x2e, 0x30, 0x2e, 0x31, 0x37, 0x2d, 0x30, 0x2b, 0x64,
        0x65, 0x62, 0x31, 0x32, 0x75, 0x33, 0x29, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x6c, 0x00, 0x00, 0x00,
        0x01, 0x00, 0x00, 0x00, 0x14, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0xff, 0xff, 0x00, 0x00, 0x14, 0x00,
        0x00, 0x00, 0x06, 0x00, 0x00, 0x00, 0x30, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x42, 0x42, 0x0f, 0x00, 0x0f, 0x00, 0x00, 0x00, 0x0f, 0x00, 0x00, 0x00, 0x00, 0x01, 0x02, 0x03, 0x04, 0x05,
        0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x00, 0x30, 0x00, 0x00, 0x00, 0x06, 0x00, 0x00, 0x00,
        0x30, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xc4, 0xc6, 0x2d, 0x00, 0x10, 0x00,
        0x00, 0x00, 0x63, 0x00, 0x00, 0x00, 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b,
        0x0c, 0x0d, 0x0e, 0x0f, 0x30, 0x00, 0x00, 0x00
        // clang-format on
    };
    const auto packets = read_capture(kFile);
    ASSERT_EQ(packets.size(), 2U);
    EXPECT_EQ(packets[0].data, packet_of(15));
    EXPECT_EQ(packets[0].seconds, 1);
    EXPECT_EQ(packets[0].nanoseconds, 2'000U);
    EXPECT_EQ(packets[1].data, packet_of(16));
    EXPECT_EQ(packets[1].original_length, 99U);
}

TEST(Capture, ReadsAnEmptyCapture) {
    EXPECT_TRUE(read_capture(FileBuilder(Order::kLittle).pcap_header().bytes()).empty());
    EXPECT_TRUE(
        read_capture(FileBuilder(Order::kLittle).section_header().interface_description(1, false).bytes()).empty());
}

TEST(Capture, ReadsTimesAfter2038AndOutOfRange) {
    FileBuilder file(Order::kLittle);
    file.pcap_header().pcap_record(packet_of(1), 0xffff'ffff, 0, 1).pcap_record(packet_of(1), 10, 2'500'000, 1);
    const auto packets = read_capture(file.bytes());
    ASSERT_EQ(packets.size(), 2U);
    EXPECT_EQ(packets[0].seconds, 0xffff'ffff);
    EXPECT_EQ(packets[1].seconds, 12);
    EXPECT_EQ(packets[1].nanoseconds, 500'000'000U);
}

TEST(Capture, ReadsEightThousandPacketsQuickly) {
    constexpr std::size_t kPackets = 8'000;
    const Bytes file = write_capture(std::vector<Bytes>(kPackets, packet_of(64)), kLinkTypeEthernet);
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(read_capture(file).size(), kPackets);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(500));
}

TEST(Capture, RefusesWhatIsNoCapture) {
    EXPECT_EQ(error_of({}), "the capture file is empty");
    EXPECT_PRED_FORMAT2(IsSubstring, "not a pcap or pcapng capture", error_of(Bytes{1}));
    const std::string text = "not a capture at all, but a text that is long enough for a header";
    EXPECT_PRED_FORMAT2(IsSubstring, "unknown file format", error_of(Bytes(text.begin(), text.end())));
    EXPECT_PRED_FORMAT2(IsSubstring, "not a pcap or pcapng capture", error_of(Bytes(4096, 0)));
}

TEST(Capture, RefusesEveryCutFile) {
    FileBuilder pcap(Order::kLittle);
    pcap.pcap_header();
    const std::size_t header_bytes = pcap.bytes().size();
    pcap.pcap_record(packet_of(30), 1, 2, 30);
    for (std::size_t size = 0; size < pcap.bytes().size(); ++size) {
        if (size == header_bytes) {
            continue;
        }
        EXPECT_NE(error_of(ByteView(pcap.bytes()).first(size)), "read") << size;
    }
    FileBuilder pcapng(Order::kBig);
    pcapng.section_header().interface_description(1, true);
    const std::size_t blocks_bytes = pcapng.bytes().size();
    pcapng.enhanced_packet(packet_of(30), 1, 30);
    for (std::size_t size = blocks_bytes + 1; size < pcapng.bytes().size(); ++size) {
        EXPECT_PRED_FORMAT2(IsSubstring, "packet 1 cannot be read: truncated",
                            error_of(ByteView(pcapng.bytes()).first(size)))
            << size;
    }
}

TEST(Capture, NamesTheTruncatedRecord) {
    FileBuilder file(Order::kLittle);
    file.pcap_header().pcap_record(packet_of(60), 0, 0, 60).pcap_record(packet_of(60), 0, 0, 60);
    EXPECT_PRED_FORMAT2(IsSubstring, "packet 2 cannot be read: truncated",
                        error_of(ByteView(file.bytes()).first(file.bytes().size() - 1)));
    EXPECT_PRED_FORMAT2(IsSubstring, "packet 2 cannot be read: truncated",
                        error_of(ByteView(file.bytes()).first(file.bytes().size() - 65)));
}

TEST(Capture, RefusesARecordThatClaimsMoreThanThereCanBe) {
    FileBuilder file(Order::kLittle);
    file.pcap_header().u32(0).u32(0).u32(0x7fff'ffff).u32(0x7fff'ffff);
    EXPECT_PRED_FORMAT2(IsSubstring, "packet 1 cannot be read", error_of(file.bytes()));
    FileBuilder pcapng(Order::kLittle);
    pcapng.section_header().u32(6).u32(0xffff'fff0).u32(0);
    EXPECT_NE(error_of(pcapng.bytes()), "read");
}

TEST(Capture, RefusesInterfacesOfDifferentLinkTypes) {
    FileBuilder file(Order::kLittle);
    file.section_header().interface_description(1, false).interface_description(101, false);
    file.enhanced_packet(packet_of(20), 0, 20, 0).enhanced_packet(packet_of(20), 0, 20, 1);
    EXPECT_PRED_FORMAT2(IsSubstring, "an interface has a type 101 different", error_of(file.bytes()));
}

TEST(Capture, KeepsToTheLimitOfPackets) {
    const Bytes file = write_capture(std::vector<Bytes>(10, packet_of(1)), kLinkTypeEthernet);
    EXPECT_EQ(read_capture(file, {.packets = 10}).size(), 10U);
    EXPECT_EQ(error_of(file, {.packets = 9}), "the capture has more than 9 packets");
    const Bytes most = write_capture(std::vector<Bytes>(kMaxPackets), kLinkTypeEthernet);
    EXPECT_EQ(read_capture(most).size(), kMaxPackets);
    const Bytes more = write_capture(std::vector<Bytes>(kMaxPackets + 1), kLinkTypeEthernet);
    EXPECT_EQ(error_of(more), "the capture has more than 100000 packets");
}

TEST(Capture, KeepsToTheLimitOfBytes) {
    static_assert(kMaxTotalBytes == 268'435'456);
    EXPECT_EQ(CaptureLimits{}.total_bytes, kMaxTotalBytes);
    const Bytes file = write_capture(std::vector<Bytes>(10, packet_of(100)), kLinkTypeEthernet);
    EXPECT_EQ(read_capture(file, {.total_bytes = 1000}).size(), 10U);
    EXPECT_EQ(error_of(file, {.total_bytes = 999}), "the capture has more than 999 bytes of packet data");
}

TEST(Capture, WritesClassicLittleEndianPcap) {
    const std::vector<CapturedPacket> packets{
        {.data = {0xaa, 0xbb}, .original_length = 60, .seconds = 0x0102'0304, .nanoseconds = 5'000'999},
        {.data = {0xcc}}};
    FileBuilder expected(Order::kLittle);
    expected.pcap_header();
    expected.pcap_record(Bytes{0xaa, 0xbb}, 0x0102'0304, 5'000, 60).pcap_record(Bytes{0xcc}, 0, 0, 1);
    EXPECT_EQ(write_capture(packets, kLinkTypeEthernet), expected.bytes());
}

TEST(Capture, WritesBarePacketsAtTimeZero) {
    const std::vector<Bytes> packets{packet_of(60), {}};
    FileBuilder expected(Order::kLittle);
    expected.pcap_header().pcap_record(packet_of(60), 0, 0, 60).pcap_record({}, 0, 0, 0);
    EXPECT_EQ(write_capture(packets, kLinkTypeEthernet), expected.bytes());
    EXPECT_EQ(write_capture(std::vector<Bytes>{}, kLinkTypeEthernet),
              FileBuilder(Order::kLittle).pcap_header().bytes());
}

TEST(Capture, WritesALongPacketWithALongerSnapLength) {
    const std::vector<Bytes> packets{packet_of(kMaxPacketBytes)};
    const Bytes file = write_capture(packets, kLinkTypeEthernet);
    const Bytes header = FileBuilder(Order::kLittle).pcap_header(0xa1b2c3d4, 1, kMaxPacketBytes).bytes();
    EXPECT_TRUE(std::equal(header.begin(), header.end(), file.begin()));
    EXPECT_EQ(read_capture(file).at(0).data, packets[0]);
}

TEST(Capture, RefusesToWriteWhatTheFileCannotHold) {
    EXPECT_PRED_FORMAT2(IsSubstring, "packet 1 has 262145 bytes",
                        write_error_of(std::vector<CapturedPacket>{{.data = Bytes(kMaxPacketBytes + 1)}}, 1));
    EXPECT_PRED_FORMAT2(IsSubstring, "packet 2 has link type 101",
                        write_error_of(std::vector<CapturedPacket>{{}, {.data = {}, .link_type = 101}}, 1));
    EXPECT_PRED_FORMAT2(IsSubstring, "out of range",
                        write_error_of(std::vector<CapturedPacket>{{.data = {}, .seconds = -1}}, 1));
    EXPECT_PRED_FORMAT2(IsSubstring, "out of range",
                        write_error_of(std::vector<CapturedPacket>{{.data = {}, .seconds = 0x1'0000'0000}}, 1));
    EXPECT_PRED_FORMAT2(IsSubstring, "out of range",
                        write_error_of(std::vector<CapturedPacket>{{.data = {}, .nanoseconds = 1'000'000'000}}, 1));
    EXPECT_PRED_FORMAT2(IsSubstring, "no link type -1", write_error_of({}, -1));
    EXPECT_PRED_FORMAT2(IsSubstring, "no link type", write_error_of({}, 0x0400'0000));
}

TEST(Capture, EveryLinkTypeIsReadBack) {
    // Numbers that stand only for a file's link type are none of a captured packet's.
    constexpr std::array kFileOnly{100, 101, 102, 103, 106};
    for (int link_type = 0; link_type < 300; ++link_type) {
        if (std::ranges::find(kFileOnly, link_type) != kFileOnly.end()) {
            continue;
        }
        const std::vector<CapturedPacket> packets{{.data = packet_of(4), .link_type = link_type}};
        EXPECT_EQ(read_capture(write_capture(packets, link_type)).at(0).link_type, link_type);
    }
}

TEST(Capture, KnowsTheFirstProtocol) {
    EXPECT_EQ(first_protocol(kLinkTypeEthernet), "Ether");
    EXPECT_EQ(first_protocol(0), "Loopback");
    EXPECT_EQ(first_protocol(9), "PPP");
    EXPECT_EQ(first_protocol(12), "IP");
    EXPECT_EQ(first_protocol(101), "IP");
    EXPECT_EQ(first_protocol(105), "Dot11");
    EXPECT_EQ(first_protocol(108), "Loopback");
    EXPECT_EQ(first_protocol(113), "CookedLinux");
    EXPECT_EQ(first_protocol(127), "RadioTap");
    EXPECT_EQ(first_protocol(228), "IP");
    EXPECT_EQ(first_protocol(229), "IPv6");
    EXPECT_EQ(first_protocol(147), "Raw");
    EXPECT_EQ(first_protocol(-1), "Raw");
}

TEST(Capture, TellsRawPacketsApartByTheirVersion) {
    const Bytes version4{0x45};
    const Bytes version6{0x60};
    for (const int raw : {12, 101}) {
        EXPECT_EQ(first_protocol(raw, version4), "IP");
        EXPECT_EQ(first_protocol(raw, version6), "IPv6");
        EXPECT_EQ(first_protocol(raw, {}), "IP");
    }
    EXPECT_EQ(first_protocol(228, version6), "IP");
    EXPECT_EQ(first_protocol(kLinkTypeEthernet, version6), "Ether");
}

}  // namespace
}  // namespace framewright::capture
