#include "protocol_db/capture/pcapng.hpp"

#include <gtest/gtest.h>
#include <pcap/dlt.h>

#include <string_view>
#include <utility>
#include <vector>

#include "tests/unit/capture_files.hpp"
#include "tests/unit/packet_helpers.hpp"

namespace framewright::capture {
namespace {

using ::testing::IsSubstring;
using tests::octets;

class PcapngOrder : public ::testing::TestWithParam<Order> {
protected:
    FileBuilder begin() const { return FileBuilder(GetParam()); }
};

INSTANTIATE_TEST_SUITE_P(Both, PcapngOrder, ::testing::Values(Order::kLittle, Order::kBig),
                         [](const auto& order) { return order.param == Order::kLittle ? "Little" : "Big"; });

TEST_P(PcapngOrder, ReadsEveryKindOfPacketBlock) {
    constexpr std::uint64_t kMicroseconds = 1'700'000'000'123'456;
    FileBuilder file = begin().section_header().interface_description(1);
    file.enhanced_packet(packet_of(61), kMicroseconds, 100);
    file.block(kSimplePacket, begin().u32(17).data(packet_of(17)));
    file.block(5, begin().u32(0).u32(0));  // interface statistics
    file.block(kObsoletePacket,
               begin().u16(0).u16(3).u32(kMicroseconds >> 32).u32(kMicroseconds).u32(18).u32(19).data(packet_of(18)));
    const auto packets = read_capture(file.bytes());
    ASSERT_EQ(packets.size(), 3U);
    EXPECT_EQ(packets[0].data, packet_of(61));
    EXPECT_EQ(packets[0].original_length, 100U);
    EXPECT_EQ(packets[0].seconds, 1'700'000'000);
    EXPECT_EQ(packets[0].nanoseconds, 123'456'000U);
    EXPECT_EQ(packets[1].data, packet_of(17));
    EXPECT_EQ(packets[1].original_length, 17U);
    EXPECT_EQ(packets[1].seconds, 0);
    EXPECT_EQ(packets[2].data, packet_of(18));
    EXPECT_EQ(packets[2].original_length, 19U);
    EXPECT_EQ(packets[2].seconds, 1'700'000'000);
}

TEST_P(PcapngOrder, ReadsInterfacesThatDiffer) {
    FileBuilder file = begin().section_header().interface_description(1).interface_description(101, 32);
    file.enhanced_packet(packet_of(40), 0, 40, 1).enhanced_packet(packet_of(20), 0, 20, 0);
    file.interface_description(113, 0).enhanced_packet(packet_of(30), 0, 30, 2);
    const auto packets = read_capture(file.bytes());
    ASSERT_EQ(packets.size(), 3U);
    // Longer than the snap length says: what is there counts.
    EXPECT_EQ(packets[0].data, packet_of(40));
    EXPECT_EQ(packets[0].link_type, DLT_RAW);
    EXPECT_EQ(packets[1].data, packet_of(20));
    EXPECT_EQ(packets[1].link_type, kLinkTypeEthernet);
    EXPECT_EQ(packets[2].data, packet_of(30));
    EXPECT_EQ(packets[2].link_type, DLT_LINUX_SLL);
}

// What Wireshark's mergecap 4.0 makes of an Ethernet capture and one of raw IP, with nanoseconds and a snap length
// of 96.
constexpr std::string_view kMerged =
    "0a0d0d0a880000004d3c2b1a01000000ffffffffffffffff030015004c696e757820362e31382e34342d66632d7636363900000004004600"
    "4d65726765636170202857697265736861726b2920342e302e313720284769742076342e302e3137207061636b6167656420617320342e30"
    "2e31372d302b646562313275332900000000000088000000010000001400000001000000ffff000014000000010000002000000065000000"
    "60000000090001000900000000000000200000000600000030000000000000000000000042420f000f0000000f0000000001020304050607"
    "08090a0b0c0d0e003000000006000000340000000100000000000000079435771400000014000000450102030405060708090a0b0c0d0e0f"
    "101112133400000006000000300000000000000000000000e06735000e00000063000000000102030405060708090a0b0c0d000030000000";

TEST(Pcapng, ReadsWhatMergecapWrites) {
    const auto packets = read_capture(octets(kMerged));
    ASSERT_EQ(packets.size(), 3U);
    EXPECT_EQ(packets[0].data, packet_of(15));
    EXPECT_EQ(packets[0].seconds, 1);
    EXPECT_EQ(packets[0].nanoseconds, 2'000U);
    EXPECT_EQ(packets[0].link_type, kLinkTypeEthernet);
    EXPECT_EQ(packets[1].data, octets("45 0102030405060708090a0b0c0d0e0f10111213"));
    EXPECT_EQ(packets[1].seconds, 2);
    EXPECT_EQ(packets[1].nanoseconds, 7U);
    EXPECT_EQ(packets[1].link_type, DLT_RAW);
    EXPECT_EQ(packets[2].data, packet_of(14));
    EXPECT_EQ(packets[2].original_length, 99U);
    EXPECT_EQ(packets[2].seconds, 3);
    EXPECT_EQ(packets[2].nanoseconds, 500'000'000U);
}

// What Wireshark's editcap 4.0 writes: options in the section header and the interface, blocks of 32 bits.
constexpr std::string_view kEdited =
    "0a0d0d0a6c0000004d3c2b1a01000000ffffffffffffffff0400450045646974636170202857697265736861726b2920342e302e31372028"
    "4769742076342e302e3137207061636b6167656420617320342e302e31372d302b6465623132753329000000000000006c00000001000000"
    "1400000001000000ffff0000140000000600000030000000000000000000000042420f000f0000000f000000000102030405060708090a0b"
    "0c0d0e003000000006000000300000000000000000000000c4c62d001000000063000000000102030405060708090a0b0c0d0e0f30000000";

TEST(Pcapng, ReadsWhatEditcapWrites) {
    const auto packets = read_capture(octets(kEdited));
    ASSERT_EQ(packets.size(), 2U);
    EXPECT_EQ(packets[0].data, packet_of(15));
    EXPECT_EQ(packets[0].seconds, 1);
    EXPECT_EQ(packets[0].nanoseconds, 2'000U);
    EXPECT_EQ(packets[1].data, packet_of(16));
    EXPECT_EQ(packets[1].original_length, 99U);
}

TEST(Pcapng, ReadsSectionsOfEitherByteOrder) {
    FileBuilder first(Order::kBig);
    first.section_header().interface_description(101).enhanced_packet(packet_of(20), 0, 20);
    FileBuilder second(Order::kLittle);
    second.section_header().interface_description(1).enhanced_packet(packet_of(30), 0, 30);
    const auto packets = read_capture(FileBuilder(Order::kBig).data(first.bytes()).data(second.bytes()).bytes());
    ASSERT_EQ(packets.size(), 2U);
    EXPECT_EQ(packets[0].link_type, DLT_RAW);
    EXPECT_EQ(packets[1].data, packet_of(30));
    EXPECT_EQ(packets[1].link_type, kLinkTypeEthernet);
}

TEST(Pcapng, ReadsTheLinkTypesThatFilesNumberDifferently) {
    // libpcap's numbers in memory, on Linux, by those of https://www.tcpdump.org/linktypes.html
    for (const auto& [in_file, in_memory] : std::vector<std::pair<std::uint32_t, int>>{
             {1, 1}, {12, 12}, {100, 11}, {101, 12}, {102, 15}, {103, 16}, {106, 19}, {228, 228}}) {
        FileBuilder file(Order::kLittle);
        file.section_header().interface_description(in_file).enhanced_packet(packet_of(1), 0, 1);
        EXPECT_EQ(read_capture(file.bytes()).at(0).link_type, in_memory) << in_file;
    }
}

struct Time {
    std::uint8_t resolution;
    std::uint64_t units;
    std::int64_t offset;
    std::int64_t seconds;
    std::uint32_t nanoseconds;
};

TEST_P(PcapngOrder, ReadsTimesOfEveryResolution) {
    constexpr std::uint64_t kAll = ~std::uint64_t{0};
    for (const Time& time : {
             Time{9, 3'000'000'001, 0, 3, 1},
             Time{3, 1'500, 10, 11, 500'000'000},
             Time{0, 7, 0, 7, 0},
             Time{6, 1'000'001, -5, -4, 1'000},
             Time{12, 2'345'678'901'234, 0, 2, 345'678'901},
             Time{0x80 | 10, 1'536, 0, 1, 500'000'000},
             Time{0x80 | 32, std::uint64_t{5} << 32 | 0x4000'0000, 100, 105, 250'000'000},
             // 2^64 - 1 units of 2^-64 s are just below a second.
             Time{0x80 | 64, kAll, 0, 0, 999'999'999},
             // Units too small to come to a nanosecond.
             Time{0x80 | 127, kAll, 1, 1, 0},
             Time{127, kAll, 2, 2, 0},
             // More seconds than there is room for.
             Time{0, kAll, 0, 0, 0},
         }) {
        const FileBuilder options = begin()
                                        .option(kTimeResolution, time.resolution, 1)
                                        .option(kTimeOffset, static_cast<std::uint64_t>(time.offset), 8)
                                        .end_of_options();
        FileBuilder file = begin().section_header().interface_description(1, 0, options.bytes());
        const auto packets = read_capture(file.enhanced_packet(packet_of(14), time.units, 14).bytes());
        ASSERT_EQ(packets.size(), 1U);
        EXPECT_EQ(packets[0].seconds, time.seconds) << int{time.resolution} << ' ' << time.units;
        EXPECT_EQ(packets[0].nanoseconds, time.nanoseconds) << int{time.resolution} << ' ' << time.units;
    }
}

/// An Ethernet packet between two of an interface that this block describes.
FileBuilder packets_beside(const FileBuilder& interface) {
    FileBuilder file(Order::kLittle);
    file.section_header().data(interface.bytes()).interface_description(1);
    return file.enhanced_packet(packet_of(20), 5, 20, 0)
        .enhanced_packet(packet_of(60), 5, 60, 1)
        .enhanced_packet(packet_of(21), 5, 21, 0);
}

TEST(Pcapng, ABadInterfaceCostsNoPacket) {
    const auto little = [] { return FileBuilder(Order::kLittle); };
    Bytes two_lengths = little().interface_description(101).bytes();
    two_lengths[two_lengths.size() - 4] ^= 4;
    for (const FileBuilder& bad : {
             little().block(kInterfaceDescription, little()),                             // nothing
             little().block(kInterfaceDescription, little().u16(101).u16(0)),             // no snap length
             little().interface_description(101, 96, Bytes{9, 0, 200, 0}),                // an option too long
             little().interface_description(101, 96, little().option(9, 0, 0).bytes()),   // no resolution in it
             little().interface_description(101, 96, little().option(14, 0, 4).bytes()),  // half an offset
             little().interface_description(0xffff, 0xffff'ffff),                         // no such link type
             little().data(two_lengths),                                                  // lengths that differ
         }) {
        const auto packets = read_capture(packets_beside(bad).bytes());
        ASSERT_EQ(packets.size(), 3U);
        EXPECT_EQ(packets[0].data, packet_of(20));
        EXPECT_EQ(packets[1].data, packet_of(60));
        EXPECT_EQ(packets[1].link_type, kLinkTypeEthernet);
        EXPECT_EQ(packets[1].nanoseconds, 5'000U);
        EXPECT_EQ(packets[2].data, packet_of(21));
    }
}

TEST(Pcapng, WhatAnInterfaceDoesNotSayIsUnknown) {
    FileBuilder nothing(Order::kLittle);
    nothing.block(kInterfaceDescription, FileBuilder(Order::kLittle));
    EXPECT_EQ(read_capture(packets_beside(nothing).bytes()).at(0).link_type, kLinkTypeUnknown);
    FileBuilder bad_options(Order::kLittle);
    bad_options.interface_description(101, 96, Bytes{9, 0, 200, 0});
    const CapturedPacket packet = read_capture(packets_beside(bad_options).bytes()).at(0);
    EXPECT_EQ(packet.link_type, DLT_RAW);
    EXPECT_EQ(packet.nanoseconds, 0U);
    // Packets of an interface that nothing describes.
    FileBuilder file(Order::kLittle);
    file.section_header().block(kSimplePacket, FileBuilder(Order::kLittle).u32(1000).data(packet_of(16)));
    file.enhanced_packet(packet_of(20), 5, 20, 7);
    const auto packets = read_capture(file.bytes());
    ASSERT_EQ(packets.size(), 2U);
    EXPECT_EQ(packets[0].data, packet_of(16));
    EXPECT_EQ(packets[0].link_type, kLinkTypeUnknown);
    EXPECT_EQ(packets[1].data, packet_of(20));
    EXPECT_EQ(packets[1].link_type, kLinkTypeUnknown);
}

TEST(Pcapng, ASimplePacketIsCutAtTheSnapLength) {
    FileBuilder file(Order::kLittle);
    file.section_header().interface_description(1, 10);
    file.block(kSimplePacket, FileBuilder(Order::kLittle).u32(60).data(packet_of(10)));
    const auto packets = read_capture(file.bytes());
    ASSERT_EQ(packets.size(), 1U);
    EXPECT_EQ(packets[0].data, packet_of(10));
    EXPECT_EQ(packets[0].original_length, 60U);
}

TEST(Pcapng, ReadsAFileWithoutPackets) {
    EXPECT_TRUE(read_capture(FileBuilder(Order::kLittle).section_header().interface_description(1).bytes()).empty());
    EXPECT_TRUE(read_capture(FileBuilder(Order::kBig).section_header().bytes()).empty());
}

TEST(Pcapng, RefusesEveryCutFile) {
    FileBuilder file(Order::kBig);
    file.section_header().interface_description(1);
    const std::size_t blocks_bytes = file.bytes().size();
    file.enhanced_packet(packet_of(30), 1, 30);
    for (std::size_t size = blocks_bytes + 1; size < file.bytes().size(); ++size) {
        EXPECT_PRED_FORMAT2(IsSubstring, "packet 1 cannot be read: truncated",
                            error_of(ByteView(file.bytes()).first(size)))
            << size;
    }
    const std::size_t section_bytes = FileBuilder(Order::kBig).section_header().bytes().size();
    for (std::size_t size = 1; size < section_bytes; ++size) {
        EXPECT_NE(error_of(ByteView(file.bytes()).first(size)), "read") << size;
    }
}

TEST(Pcapng, NamesThePacketThatCannotBeRead) {
    const auto little = [] { return FileBuilder(Order::kLittle); };
    const FileBuilder good = little().section_header().interface_description(1).enhanced_packet(packet_of(4), 0, 4);
    const auto error_behind = [&good](const FileBuilder& block) {
        return error_of(FileBuilder(good).data(block.bytes()).bytes());
    };
    EXPECT_EQ(error_behind(little().u32(kEnhancedPacket).u32(0xffff'fff0).u32(0)),
              "packet 2 cannot be read: truncated: the file ends within a block");
    EXPECT_EQ(error_behind(little().u32(kEnhancedPacket).u32(8).u32(8)),
              "packet 2 cannot be read: a block cannot have 8 bytes");
    EXPECT_EQ(error_behind(little().u32(kEnhancedPacket).u32(13).u32(13).u32(0)),
              "packet 2 cannot be read: a block cannot have 13 bytes");
    EXPECT_EQ(error_behind(little().u32(kEnhancedPacket).u32(12).u32(16)),
              "packet 2 cannot be read: a block says two lengths");
    // It claims more than its block holds, or less than its own header.
    EXPECT_EQ(error_behind(little().block(kEnhancedPacket, little().u32(0).u32(0).u32(0).u32(5).u32(5).u32(0))),
              "packet 2 cannot be read: its block is too short");
    EXPECT_EQ(error_behind(little().block(kEnhancedPacket, little().u32(0).u32(0).u32(0).u32(0xffff'ffff).u32(5))),
              "packet 2 cannot be read: its block is too short");
    EXPECT_EQ(error_behind(little().block(kSimplePacket, little().u32(5).u32(0))),
              "packet 2 cannot be read: its block is too short");
    EXPECT_EQ(error_behind(little().enhanced_packet(Bytes(kMaxPacketBytes + 1), 0, 0)),
              "packet 2 cannot be read: it has 262145 bytes, more than 262144");
    EXPECT_EQ(error_behind(little().block(kSectionHeader, little().u32(0x1a2b3c4e).u16(1).u16(0))),
              "packet 2 cannot be read: a section has no byte order");
    EXPECT_EQ(error_behind(little().block(kSectionHeader, little().u32(0x1a2b3c4d).u16(2).u16(0))),
              "packet 2 cannot be read: pcapng of version 2 is not known");
}

TEST(Pcapng, KeepsToTheLimits) {
    FileBuilder file(Order::kLittle);
    file.section_header().interface_description(1);
    for (int packet = 0; packet < 10; ++packet) {
        file.enhanced_packet(packet_of(100), 0, 100);
    }
    EXPECT_EQ(read_capture(file.bytes(), {.packets = 10, .total_bytes = 1000}).size(), 10U);
    EXPECT_EQ(error_of(file.bytes(), {.packets = 9}), "the capture has more than 9 packets");
    EXPECT_EQ(error_of(file.bytes(), {.total_bytes = 999}), "the capture has more than 999 bytes of packet data");
}

}  // namespace
}  // namespace framewright::capture
