#include "protocol_db/packet/build.hpp"

#include <gtest/gtest.h>

#include "protocol_db/packet/checksum.hpp"
#include "tests/unit/packet_helpers.hpp"
#include "tests/unit/recorded_packets.hpp"

namespace framewright::tests {
namespace {

using packet::BuildError;

/// How a packet is refused.
BuildError refusal(const model::Packet& packet) {
    try {
        build(packet);
    } catch (const BuildError& error) {
        return error;
    }
    ADD_FAILURE() << "it was built";
    return {{}, "", "", "", ""};
}

class RecordedBuild : public ::testing::TestWithParam<RecordedPacket> {};

TEST_P(RecordedBuild, HasTheSameBytes) {
    EXPECT_EQ(hex(build(GetParam().expression)), GetParam().bytes);
}

INSTANTIATE_TEST_SUITE_P(Packets, RecordedBuild, ::testing::ValuesIn(recorded_packets()));

TEST(InternetChecksum, OfTheExampleOfRfc1071) {
    // Section 3: the octets 00 01 f2 03 f4 f5 f6 f7 have the sum ddf2.
    packet::InternetChecksum checksum;
    checksum.add(octets("0001f203f4f5f6f7"));
    EXPECT_EQ(checksum.value(), 0xffff - 0xddf2);
}

TEST(InternetChecksum, ALoneOctetIsTheHighOneOfItsWord) {
    packet::InternetChecksum checksum;
    checksum.add(octets("ab"));
    EXPECT_EQ(checksum.value(), 0xffff - 0xab00);
}

TEST(InternetChecksum, NumbersCountInWordsOfSixteenBits) {
    packet::InternetChecksum number;
    number.add_number(0x0001f203);
    packet::InternetChecksum same;
    same.add(octets("0001f203"));
    EXPECT_EQ(number.value(), same.value());
}

TEST(InternetChecksum, CarriesOfManyWordsAreAllAdded) {
    packet::InternetChecksum checksum;
    checksum.add(Bytes(1 << 20, 0xff));
    EXPECT_EQ(checksum.value(), 0);
}

TEST(BuildOrder, WhatTheClientSetComesFirstThenThePayloadThenTheDefault) {
    const auto type_of = [](std::string_view expression) { return hex(ByteView(build(expression)).subspan(12, 2)); };
    EXPECT_EQ(type_of("Ether()"), "9000");
    EXPECT_EQ(type_of("Ether()/IP()"), "0800");
    EXPECT_EQ(type_of("Ether(type=4660)/IP()"), "1234");
    EXPECT_EQ(type_of("Ether()/Raw()"), "9000");
}

TEST(BuildOrder, WhatIsSetToADefaultStaysWhenThePayloadWouldImposeSomethingElse) {
    EXPECT_EQ(hex(ByteView(build("Ether(type=36864)/IP()")).subspan(12, 2)), "9000");
}

TEST(BuildOrder, ADerivedProtocolIsImposedOnByThoseOnItsAncestor) {
    // Dot1AD is derived from Dot1Q.
    EXPECT_EQ(hex(ByteView(build("Dot1AD()/IP()")).subspan(2, 2)), "0800");
}

TEST(BuildLengths, ComputedNumbersThatAreSetToNoneAreComputed) {
    model::Packet packet = packet_of("IP(len=None,chksum=None,ihl=None)/UDP(len=None)");
    EXPECT_EQ(hex(build(packet)), hex(build("IP()/UDP()")));
}

TEST(BuildLengths, ThatDoNotFitNameLayerFieldAndValue) {
    model::Packet packet = packet_of("Ether()/IP()/UDP()/Raw()");
    packet.layers[3].fields[0] = {Bytes(65536 - 8 - 20, 0), true};
    const BuildError error = refusal(packet);
    EXPECT_EQ(error.layer(), std::size_t{1});
    EXPECT_EQ(error.protocol(), "IP");
    EXPECT_EQ(error.field(), "len");
    EXPECT_EQ(error.value(), "65536");
    EXPECT_NE(std::string(error.what()).find("16 bits"), std::string::npos) << error.what();
    packet.layers[3].fields[0] = {Bytes(65535 - 8 - 20, 0), true};
    EXPECT_EQ(hex(ByteView(build(packet)).subspan(16, 2)), "ffff");
}

TEST(BuildLengths, PaddingFollowsAllLayersAndCountsInNoneOfThem) {
    const Bytes bytes = build("IP()/UDP()/Raw(load=b'abc')/Padding(load=b'zzzz')");
    EXPECT_EQ(hex(ByteView(bytes).subspan(2, 2)), "001f");
    EXPECT_EQ(hex(ByteView(bytes).subspan(24, 2)), "000b");
    EXPECT_EQ(hex(ByteView(bytes).subspan(28)), "6162637a7a7a7a");
    // Nor in the checksum, which is that of the packet without it.
    EXPECT_EQ(hex(ByteView(bytes).first(31)), hex(build("IP()/UDP()/Raw(load=b'abc')")));
}

TEST(BuildLengths, PaddingBelowOtherLayersStillStandsLast) {
    EXPECT_EQ(hex(build("Raw(load=b'a')/Padding(load=b'z')/Raw(load=b'b')")), "61627a");
    const packet::BuiltPacket built =
        packet::build(packet_of("Raw(load=b'a')/Padding(load=b'z')/Raw(load=b'b')"), database());
    EXPECT_EQ(built.offsets, (std::vector<std::size_t>{0, 2, 1}));
}

TEST(BuildChecksums, WithoutANetworkLayerBelowStaysZero) {
    EXPECT_EQ(hex(ByteView(build("UDP()")).subspan(6, 2)), "0000");
    EXPECT_EQ(hex(ByteView(build("Ether()/TCP()")).subspan(14 + 16, 2)), "0000");
    EXPECT_EQ(hex(ByteView(build("ICMPv6EchoRequest()")).subspan(2, 2)), "0000");
}

TEST(BuildChecksums, OfUdpIsNeverZeroOverIpv4) {
    // The pseudo header's sum is 0x4021 for these ports and addresses when everything else is zero; this load brings
    // the sum of all words to 0xffff, whose complement 0 means "no checksum" (RFC 768) and is sent as 0xffff.
    model::Packet packet = packet_of("IP(src='0.0.0.0',dst='0.0.0.0')/UDP(sport=0,dport=0)/Raw()");
    packet.layers[2].fields[0] = {Bytes{0, 0}, true};
    const Bytes without = build(packet);
    const Bytes sum(without.begin() + 26, without.begin() + 28);
    packet.layers[2].fields[0] = {sum, true};
    EXPECT_EQ(hex(ByteView(build(packet)).subspan(26, 2)), "ffff");
}

TEST(BuildChecksums, OfIcmpMayBeZero) {
    // The complement of the sum of all other words, as the identifier: RFC 792 knows no reserved value.
    model::Packet packet = packet_of("ICMP(type=0,id=0,seq=0)");
    const Bytes without = build(packet);
    EXPECT_EQ(hex(ByteView(without).subspan(2, 2)), "ffff");
    packet = packet_of("ICMP(type=0,id=65535,seq=0)");
    EXPECT_EQ(hex(ByteView(build(packet)).subspan(2, 2)), "0000");
}

TEST(BuildLimits, OfLayers) {
    model::Packet packet;
    packet.layers.assign(packet::kMaximumLayers, packet::make_layer(protocol("MPLS")));
    EXPECT_EQ(build(packet).size(), packet::kMaximumLayers * 4);
    packet.layers.push_back(packet::make_layer(protocol("MPLS")));
    const BuildError error = refusal(packet);
    EXPECT_FALSE(error.layer());
    EXPECT_NE(std::string(error.what()).find(std::to_string(packet::kMaximumLayers)), std::string::npos);
}

TEST(BuildLimits, OfSize) {
    model::Packet packet;
    packet.layers.push_back(packet::make_layer(database().raw()));
    packet.layers[0].fields[0] = {Bytes(packet::kMaximumPacketSize), true};
    EXPECT_EQ(build(packet).size(), packet::kMaximumPacketSize);
    packet.layers[0].fields[0] = {Bytes(packet::kMaximumPacketSize + 1), true};
    const BuildError error = refusal(packet);
    EXPECT_NE(std::string(error.what()).find(std::to_string(packet::kMaximumPacketSize)), std::string::npos);
    packet.layers.assign(2, packet::make_layer(database().raw()));
    packet.layers[0].fields[0] = {Bytes(packet::kMaximumPacketSize / 2 + 1), true};
    packet.layers[1].fields[0] = {Bytes(packet::kMaximumPacketSize / 2), true};
    EXPECT_FALSE(refusal(packet).layer());
}

TEST(BuildLimits, OfPacketsWithinFields) {
    const model::Protocol& option = protocol("ICMPv6NDOptRedirectedHdr");
    const std::size_t field = option.find_field("pkt").value();
    const auto nested = [&](std::size_t depth) {
        model::Packet packet;
        for (std::size_t level = 0; level < depth; ++level) {
            model::Packet outer;
            outer.layers.push_back(packet::make_layer(option));
            outer.layers[0].fields[field] = {packet, true};
            packet = outer;
        }
        return packet;
    };
    EXPECT_FALSE(build(nested(packet::kMaximumNesting)).empty());
    const BuildError error = refusal(nested(packet::kMaximumNesting + 2));
    EXPECT_NE(std::string(error.what()).find("nested"), std::string::npos) << error.what();
}

TEST(BuildLimits, AnEmptyPacketHasNoBytes) {
    EXPECT_TRUE(build(model::Packet{}).empty());
}

TEST(BuildEdges, LayersKeepTheBytesThatTheyWereReadFrom) {
    // Reserved bits, a wrong checksum and a wrong length stay until a field is changed.
    const Bytes bytes = octets("4500 00ff 0001 8000 4000 ffff 0a000001 0a000002 4142");
    model::Packet read = packet::to_packet(dissect("IP", bytes));
    EXPECT_EQ(hex(build(read)), hex(bytes));
    packet::ExpressionBudget budget;
    const std::size_t ttl = protocol("IP").find_field("ttl").value();
    packet::set_field(read.layers[0], ttl, Integer{9}, database(), budget);
    EXPECT_EQ(hex(build(read)), "450000ff000180000900ffff0a0000010a0000024142");
}

TEST(BuildEdges, EveryBuiltInProtocolBuildsAloneAndIsReadBack) {
    for (const auto& each : database().protocols()) {
        model::Packet packet;
        packet.layers.push_back(packet::make_layer(*each));
        Bytes bytes;
        ASSERT_NO_THROW(bytes = build(packet)) << each->id;
        if (bytes.empty()) {
            continue;
        }
        const auto layers = packet::Dissector(database()).dissect(*each, bytes);
        EXPECT_EQ(hex(build(packet::to_packet(layers))), hex(bytes)) << each->id;
        const model::Protocol& found = *layers[0].layer.protocol;
        EXPECT_TRUE(found.is_a(*each) || each->is_a(found) || !each->dispatch.empty() || !each->selection.known.empty())
            << each->id << " " << found.id;
    }
}

}  // namespace
}  // namespace framewright::tests
