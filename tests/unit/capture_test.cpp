#include "protocol_db/capture/capture.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "tests/unit/capture_files.hpp"
#include "tests/unit/packet_helpers.hpp"

namespace framewright::capture {
namespace {

using ::testing::IsSubstring;

std::string write_error_of(std::span<const CapturedPacket> packets, int link_type) {
    try {
        write_capture(packets, link_type);
    } catch (const CaptureError& error) {
        return error.what();
    }
    return "written";
}

/// What gzip would make of it.
Bytes gzip(ByteView plain) {
    z_stream stream{};
    constexpr int kLargestWindowOfGzip = 15 + 16;
    constexpr int kMemoryLevel = 8;
    EXPECT_EQ(
        deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kLargestWindowOfGzip, kMemoryLevel, Z_DEFAULT_STRATEGY),
        Z_OK);
    Bytes compressed(deflateBound(&stream, plain.size()));
    stream.next_in = const_cast<std::uint8_t*>(plain.data());  // NOLINT(*-const-cast): zlib only reads it
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = compressed.data();
    stream.avail_out = static_cast<uInt>(compressed.size());
    EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    compressed.resize(stream.total_out);
    deflateEnd(&stream);
    return compressed;
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

TEST(Capture, ReadsAnEmptyCapture) {
    EXPECT_TRUE(read_capture(FileBuilder(Order::kLittle).pcap_header().bytes()).empty());
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

TEST(Capture, ReadsEightThousandPackets) {
    constexpr std::size_t kPackets = 8'000;
    const Bytes file = write_capture(std::vector<Bytes>(kPackets, packet_of(64)), kLinkTypeEthernet);
    EXPECT_EQ(read_capture(file).size(), kPackets);
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
}

// libpcap allows USB packets of 128 MiB.
TEST(Capture, RefusesAPacketThatIsTooLong) {
    for (const std::uint32_t link_type : {1U, 189U}) {
        FileBuilder file(Order::kLittle);
        file.pcap_header(0xa1b2c3d4, link_type).pcap_record(packet_of(kMaxPacketBytes), 0, 0, kMaxPacketBytes);
        EXPECT_EQ(read_capture(file.bytes()).at(0).data.size(), kMaxPacketBytes);
        file.pcap_record(packet_of(kMaxPacketBytes + 1), 0, 0, kMaxPacketBytes + 1);
        EXPECT_PRED_FORMAT2(IsSubstring, "packet 2 cannot be read: ", error_of(file.bytes())) << link_type;
    }
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

// What gzip 1.12 makes of a file with two packets: gzip -9 -n.
constexpr std::string_view kCompressed =
    "1f8b0800000000000203bb7278d3422606160618f8ff9f81819101829980981f8a191899985958d9d83938b9b87978f99881220a0bd919f8"
    "807432863400c92b7b4155000000";

TEST(CompressedCapture, ReadsWhatGzipWrites) {
    const Bytes compressed = tests::octets(kCompressed);
    const auto packets = read_capture(compressed);
    ASSERT_EQ(packets.size(), 2U);
    EXPECT_EQ(packets[0].data, packet_of(15));
    EXPECT_EQ(packets[0].nanoseconds, 2'000U);
    EXPECT_EQ(packets[1].data, packet_of(14));
    EXPECT_EQ(packets[1].original_length, 99U);
}

TEST(CompressedCapture, ReadsPcapngWithin) {
    FileBuilder file(Order::kBig);
    file.section_header().interface_description(101).enhanced_packet(packet_of(20), 7, 20);
    const auto packets = read_capture(gzip(file.bytes()));
    ASSERT_EQ(packets.size(), 1U);
    EXPECT_EQ(packets[0].data, packet_of(20));
    EXPECT_EQ(packets[0].nanoseconds, 7'000U);
}

TEST(CompressedCapture, ReadsSeveralMembersInARow) {
    FileBuilder file(Order::kLittle);
    file.pcap_header();
    Bytes members = gzip(file.bytes());
    for (const std::size_t size : {30U, 40U}) {
        const Bytes member = gzip(FileBuilder(Order::kLittle).pcap_record(packet_of(size), 0, 0, 0).bytes());
        members.insert(members.end(), member.begin(), member.end());
    }
    const auto packets = read_capture(members);
    ASSERT_EQ(packets.size(), 2U);
    EXPECT_EQ(packets[1].data, packet_of(40));
}

TEST(CompressedCapture, RefusesWhatIsDamagedOrCutShort) {
    const Bytes whole = tests::octets(kCompressed);
    for (std::size_t size = 1; size < whole.size(); ++size) {
        EXPECT_NE(error_of(ByteView(whole).first(size)), "read") << size;
    }
    EXPECT_EQ(error_of(ByteView(whole).first(40)), "the compressed capture cannot be read: it is cut short");
    Bytes damaged = whole;
    damaged[damaged.size() - 8] ^= 1;  // of the checksum
    EXPECT_EQ(error_of(damaged), "the compressed capture cannot be read: incorrect data check");
    Bytes longer = whole;
    longer.push_back(0);
    EXPECT_NE(error_of(longer), "read");
    EXPECT_PRED_FORMAT2(IsSubstring, "not a pcap or pcapng capture", error_of(gzip(whole)));
    EXPECT_PRED_FORMAT2(IsSubstring, "not a pcap or pcapng capture", error_of(gzip({})));
}

TEST(CompressedCapture, StopsAtTheLimitOfWhatIsUncompressed) {
    static_assert(kMaxUncompressedBytes == 268'435'456);
    EXPECT_EQ(CaptureLimits{}.uncompressed_bytes, kMaxUncompressedBytes);
    const Bytes file = write_capture(std::vector<Bytes>(10, packet_of(100)), kLinkTypeEthernet);
    const Bytes compressed = gzip(file);
    EXPECT_EQ(read_capture(compressed, {.uncompressed_bytes = file.size()}).size(), 10U);
    EXPECT_EQ(error_of(compressed, {.uncompressed_bytes = file.size() - 1}),
              "the capture has more than 1183 bytes when it is uncompressed");
    // 1 GiB of zeros in 1 MiB.
    const Bytes zeros = gzip(Bytes(std::size_t{16} << 20));
    Bytes bomb;
    for (int member = 0; member < 64; ++member) {
        bomb.insert(bomb.end(), zeros.begin(), zeros.end());
    }
    EXPECT_EQ(error_of(bomb), "the capture has more than 268435456 bytes when it is uncompressed");
}

}  // namespace
}  // namespace framewright::capture
