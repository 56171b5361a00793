// The frames that the example sends and takes, with a real Framewright server. The expected ones were built by Scapy.
#include "client_examples/tcp_in_user_space/packet_client.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <random>
#include <string_view>

#include "tests/system/server_process.hpp"

namespace user_space_tcp {
namespace {

const Address kClient{"02:00:00:00:00:63", "10.0.0.99"};
const Address kServer{"02:00:00:00:00:01", "10.0.0.1"};
constexpr std::uint16_t kClientPort = 50000;
constexpr std::uint16_t kServerPort = 8000;

constexpr std::string_view kSyn =
    "02000000000102000000006308004500003000014000400626640a0000630a000001c3501f40ffffffff000000007002ffff8d290000"
    "020405b401030302";
constexpr std::string_view kGet =
    "02000000000102000000006308004500002b00014000400626690a0000630a000001c3501f400000000100000002501801f41b990000"
    "474554";
constexpr std::string_view kArpRequest =
    "ffffffffffff020000000063080600010800060400010200000000630a0000630000000000000a000001";
constexpr std::string_view kSynAck =
    "02000000006302000000000108004500003c00070000400666520a0000010a0000631f40c3500000000a00000000a012fe8852a20000"
    "020405780402080a000000010000000201030307";
constexpr std::string_view kPageWithTimestamp =
    "02000000006302000000000108004500003800070000400666560a0000010a0000631f40c3500000000a000000018010fe88a9670000"
    "0101080a000000010000000270616765";
constexpr std::string_view kPageWithUnknownOption =
    "02000000006302000000000108004500004000010000400666540a0000010a0000631f40c3500000000a00000001a010fe881b5a0000"
    "fe12aabbccdd00112233445566778899aabb010170616765";
constexpr std::string_view kUdp =
    "02000000006302000000000108004500002000010000401166690a0000010a0000631f40c350000c311b70616765";
constexpr std::string_view kFragment =
    "02000000006302000000000108004500002c00012000400646680a0000010a0000631f40c350000000000000000050022000c1230000"
    "70616765";

Bytes from_hex(std::string_view hex) {
    Bytes bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        bytes.push_back(static_cast<std::uint8_t>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
    }
    return bytes;
}

class PacketClientTest : public testing::Test {
protected:
    static void SetUpTestSuite() { server_ = std::make_unique<framewright::tests::ServerProcess>(); }
    static void TearDownTestSuite() { server_.reset(); }

    Packet dissect(const Bytes& frame) { return client.dissect(std::array{frame}).at(0); }
    Bytes build(const Packet& packet) { return client.build(std::array{packet}).at(0); }

    static std::string endpoint() { return server_->endpoint(); }

    PacketClient client{server_->endpoint()};

private:
    static std::unique_ptr<framewright::tests::ServerProcess> server_;
};

std::unique_ptr<framewright::tests::ServerProcess> PacketClientTest::server_;

TcpPacket syn() {
    TcpPacket packet{kClient, kServer, kClientPort, kServerPort, {}};
    packet.segment.sequence = SequenceNumber(0xffff'ffff);
    packet.segment.syn = true;
    packet.segment.window = 65535;
    packet.segment.maximum_segment_size = 1460;
    packet.segment.window_scale = 2;
    return packet;
}

TcpPacket get() {
    TcpPacket packet{kClient, kServer, kClientPort, kServerPort, {}};
    packet.segment.sequence = SequenceNumber(1);
    packet.segment.acknowledgement = SequenceNumber(2);
    packet.segment.ack = packet.segment.psh = true;
    packet.segment.window = 500;
    packet.segment.payload = {'G', 'E', 'T'};
    return packet;
}

ArpPacket arp_request() {
    return {ArpPacket::Operation::kRequest, kClient, {"00:00:00:00:00:00", kServer.ip}};
}

TEST_F(PacketClientTest, BuildsWhatItIsGivenInItsOrder) {
    const auto frames = client.build(std::vector<Packet>{syn(), arp_request(), get()});
    EXPECT_EQ(frames, (std::vector<Bytes>{from_hex(kSyn), from_hex(kArpRequest), from_hex(kGet)}));
}

TEST_F(PacketClientTest, DissectsWhatItBuilt) {
    ArpPacket reply = arp_request();
    reply.operation = ArpPacket::Operation::kReply;
    const std::vector<Packet> packets{syn(), arp_request(), get(), reply};
    EXPECT_EQ(client.dissect(client.build(packets)), packets);
}

TEST_F(PacketClientTest, ReadsOptionsInAnyOrder) {
    const auto packet = std::get<TcpPacket>(dissect(from_hex(kSynAck)));
    EXPECT_EQ(packet.source, kServer);
    EXPECT_EQ(packet.destination, kClient);
    EXPECT_TRUE(packet.segment.syn && packet.segment.ack);
    EXPECT_EQ(packet.segment.maximum_segment_size, 1400);
    EXPECT_EQ(packet.segment.window_scale, 7);
}

TEST_F(PacketClientTest, PayloadIsBehindTheOptions) {
    for (const auto frame : {kPageWithTimestamp, kPageWithUnknownOption}) {
        const auto packet = std::get<TcpPacket>(dissect(from_hex(frame)));
        EXPECT_EQ(packet.segment.payload, (Bytes{'p', 'a', 'g', 'e'}));
        EXPECT_EQ(packet.segment.sequence, SequenceNumber(10));
    }
}

TEST_F(PacketClientTest, PaddingIsNotPayload) {
    Bytes frame = from_hex(kGet);
    frame.resize(60);  // the shortest frame of Ethernet
    EXPECT_EQ(dissect(frame), Packet(get()));
}

TEST_F(PacketClientTest, EveryChangedOctetOfAPacketIsAWrongChecksum) {
    constexpr std::size_t kTtl = 22;
    constexpr std::size_t kWindow = 48;
    constexpr std::size_t kPayload = 54;
    for (const std::size_t place : {kTtl, kWindow, kPayload}) {
        Bytes frame = from_hex(kGet);
        frame[place] ^= 1;
        EXPECT_EQ(dissect(frame), Packet(OtherPacket{.wrong_checksum = true})) << place;
    }
}

TEST_F(PacketClientTest, ChecksumsAreIgnoredOnRequest) {
    constexpr std::size_t kChecksum = 50;
    PacketClient packets(endpoint(), PacketClient::Checksums::kIgnore);
    Bytes frame = from_hex(kGet);
    frame[kChecksum] ^= 1;
    EXPECT_EQ(packets.dissect(std::array{frame}).at(0), Packet(get()));
}

TEST_F(PacketClientTest, OtherPacketsAreNothingForUs) {
    EXPECT_EQ(dissect(from_hex(kUdp)), Packet(OtherPacket{}));
    EXPECT_EQ(dissect(from_hex(kFragment)), Packet(OtherPacket{}));
    EXPECT_EQ(dissect({}), Packet(OtherPacket{}));
    EXPECT_EQ(dissect(Bytes(14)), Packet(OtherPacket{}));
}

TEST_F(PacketClientTest, PacketThatIsCutOffIsNothingForUs) {
    for (const auto each : {kGet, kSynAck, kArpRequest}) {
        const Bytes whole = from_hex(each);
        std::vector<Bytes> frames;
        for (std::size_t size = 0; size < whole.size(); ++size) {
            frames.emplace_back(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        }
        for (const Packet& packet : client.dissect(frames)) {
            EXPECT_TRUE(std::holds_alternative<OtherPacket>(packet));
        }
    }
}

TEST_F(PacketClientTest, MoreThanABatchIsDividedAndStaysInOrder) {
    std::vector<Packet> packets;
    for (std::uint32_t i = 0; i < 2 * PacketClient::kMaximumBatch + 1; ++i) {
        TcpPacket packet = get();
        packet.segment.sequence = SequenceNumber(i);
        packets.emplace_back(packet);
    }
    EXPECT_EQ(client.dissect(client.build(packets)), packets);
}

TEST_F(PacketClientTest, AnyFrameIsSurvived) {
    std::mt19937 random(4507);
    for (const auto checksums : {PacketClient::Checksums::kVerify, PacketClient::Checksums::kIgnore}) {
        PacketClient packets(endpoint(), checksums);
        std::vector<Bytes> frames;
        for (int i = 0; i < 1000; ++i) {
            Bytes frame = from_hex(std::array{kGet, kSynAck, kArpRequest, kPageWithTimestamp}[random() % 4]);
            for (int change = 0; change < 3; ++change) {
                frame[random() % frame.size()] = static_cast<std::uint8_t>(random());
            }
            frames.push_back(frame);
        }
        EXPECT_EQ(packets.dissect(frames).size(), frames.size());
    }
}

TEST(PacketClientWithoutServerTest, SaysSo) {
    EXPECT_THROW(PacketClient("nowhere"), std::runtime_error);
}

}  // namespace
}  // namespace user_space_tcp
