#include "protocol_db/packet/dissect.hpp"

#include <gtest/gtest.h>

#include "tests/unit/packet_helpers.hpp"
#include "tests/unit/recorded_packets.hpp"

namespace framewright::tests {
namespace {

using packet::DissectedLayer;

std::string first_id(const RecordedPacket& packet) {
    return packet.layers.substr(0, packet.layers.find(' '));
}

/// The fields that are in the bytes stand one after the other, bit by bit, from the layer's first to its last.
void expect_tiles(const DissectedLayer& layer) {
    std::size_t next = 0;
    for (std::size_t index = 0; index < layer.places.size(); ++index) {
        const packet::Place& place = layer.places[index];
        if (place.is_present) {
            EXPECT_EQ(place.first_bit, next)
                << layer.layer.protocol->id << "." << layer.layer.protocol->fields[index].id;
            next = place.first_bit + place.bits;
        }
    }
    EXPECT_EQ((next + 7) / 8, layer.header_length) << layer.layer.protocol->id;
}

class RecordedDissection : public ::testing::TestWithParam<RecordedPacket> {};

TEST_P(RecordedDissection, FindsTheSameLayers) {
    EXPECT_EQ(ids_of(dissect(first_id(GetParam()), octets(GetParam().bytes))), GetParam().layers);
}

TEST_P(RecordedDissection, FieldsTileTheLayersAndLayersThePacket) {
    const Bytes bytes = octets(GetParam().bytes);
    std::size_t next = 0;
    for (const DissectedLayer& layer : dissect(first_id(GetParam()), bytes)) {
        EXPECT_EQ(layer.offset, next);
        next += layer.header_length;
        expect_tiles(layer);
    }
    EXPECT_EQ(next, bytes.size());
}

TEST_P(RecordedDissection, TheValuesAloneBuildTheSameBytes) {
    const Bytes bytes = octets(GetParam().bytes);
    model::Packet packet = packet::to_packet(dissect(first_id(GetParam()), bytes));
    for (model::Layer& layer : packet.layers) {
        layer.forget_original();
    }
    EXPECT_EQ(hex(build(packet)), hex(bytes));
}

TEST_P(RecordedDissection, TheExpressionOfTheValuesBuildsTheSameBytes) {
    const Bytes bytes = octets(GetParam().bytes);
    const std::string expression = expression_of(dissect(first_id(GetParam()), bytes));
    EXPECT_EQ(hex(build(expression)), hex(bytes)) << expression;
}

TEST_P(RecordedDissection, CutAnywhereItIsReadWholeOrRefusedByTheFirstLayer) {
    const Bytes bytes = octets(GetParam().bytes);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const ByteView cut = ByteView(bytes).first(size);
        try {
            const auto layers = dissect(first_id(GetParam()), cut);
            ASSERT_FALSE(layers.empty());
            for (const DissectedLayer& layer : layers) {
                expect_tiles(layer);
            }
            EXPECT_EQ(layers.back().offset + layers.back().header_length, size);
            EXPECT_EQ(hex(build(packet::to_packet(layers))), hex(cut));
        } catch (const fields::DecodeError&) {
            // The first layers are Ethernet, 802.3, cooked Linux or loopback: nothing beyond 16 octets is theirs.
            EXPECT_LT(size, 16U);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Packets, RecordedDissection, ::testing::ValuesIn(recorded_packets()));

TEST(DissectLinkLayer, ALengthInPlaceOfATypeIsIeee8023) {
    const std::string addresses = "ffffffffffff 001122334455";
    EXPECT_EQ(ids_of(dissect("Ether", octets(addresses + "05dc 424203"))), "Dot3 LLC");
    EXPECT_EQ(ids_of(dissect("Ether", octets(addresses + "0003 424203"))), "Dot3 LLC");
    EXPECT_EQ(ids_of(dissect("Ether", octets(addresses + "0003 424203 0000"))), "Dot3 LLC Padding");
    EXPECT_EQ(ids_of(dissect("Ether", octets(addresses + "0806 0001 0800 0604 0001"))), "Ether ARP");
    EXPECT_EQ(ids_of(dissect("Ether", octets(addresses + "05dd 424203"))), "Ether Raw");
    EXPECT_EQ(ids_of(dissect("Dot3", octets(addresses + "88b5 424203"))), "Ether Raw");
}

TEST(DissectLinkLayer, TypesThatNobodyClaimsAreRaw) {
    const auto layers = dissect("Ether", octets("ffffffffffff 001122334455 88b5 010203"));
    EXPECT_EQ(ids_of(layers), "Ether Raw");
    EXPECT_EQ(layers[1].offset, 14U);
    EXPECT_EQ(shown(layers[1], "load"), "\x01\x02\x03");
}

TEST(DissectNetworkLayer, WhatFollowsTheTotalLengthIsPadding) {
    // RFC 791: the total length 23 counts header and data; Ethernet filled the frame up.
    const Bytes bytes = octets("4500 0017 0000 0000 40fd 0000 0a000001 0a000002 414243 000000");
    const auto layers = dissect("IP", bytes);
    EXPECT_EQ(ids_of(layers), "IP Raw Padding");
    EXPECT_EQ(layers[1].header_length, 3U);
    EXPECT_EQ(layers[2].offset, 23U);
}

TEST(DissectNetworkLayer, AFragmentThatIsNotTheFirstHoldsNoTransportHeader) {
    EXPECT_EQ(ids_of(dissect("IP", octets("4500 001c 0000 0001 4011 0000 0a000001 0a000002 0035 0035 0008 0000"))),
              "IP Raw");
    EXPECT_EQ(ids_of(dissect("IP", octets("4500 001c 0000 2000 4011 0000 0a000001 0a000002 1234 5678 0008 0000"))),
              "IP UDP");
}

TEST(DissectNetworkLayer, OptionsOfIpv4AreNamed) {
    // RFC 791: no operation, record route (7), end of list.
    const Bytes bytes = octets("4700 001c 0000 0000 40fd 0000 0a000001 0a000002 01 07 07 04 c0000201");
    const auto layers = dissect("IP", bytes);
    const std::string expression = expression_of(layers);
    EXPECT_NE(expression.find("IPOption_NOP("), std::string::npos) << expression;
    EXPECT_NE(expression.find("routers=['192.0.2.1']"), std::string::npos) << expression;
}

TEST(DissectNetworkLayer, AChainOfIpv6ExtensionHeadersIsFollowed) {
    // RFC 8200 section 4: hop-by-hop (0), routing (43), fragment (44), destination options (60), UDP (17).
    const Bytes bytes = octets(
        "6000 0000 0038 0040 20010db8000000000000000000000001 20010db8000000000000000000000002"
        "2b00 0502 0000 0100"
        "2c02 0001 00000000 20010db8000000000000000000000005"
        "3c00 0000 0000004d"
        "1100 0104 00000000"
        "1234 5678 0008 0000");
    EXPECT_EQ(ids_of(dissect("IPv6", bytes)),
              "IPv6 IPv6ExtHdrHopByHop IPv6ExtHdrRouting IPv6ExtHdrFragment IPv6ExtHdrDestOpt UDP");
}

TEST(DissectNetworkLayer, ALaterFragmentOfIpv6HoldsNoTransportHeader) {
    const std::string header = "6000 0000 0010 2c40 20010db8000000000000000000000001 20010db8000000000000000000000002";
    EXPECT_EQ(ids_of(dissect("IPv6", octets(header + "1100 0008 0000004d 1234 5678 0008 0000"))),
              "IPv6 IPv6ExtHdrFragment Raw");
    EXPECT_EQ(ids_of(dissect("IPv6", octets(header + "1100 0001 0000004d 1234 5678 0008 0000"))),
              "IPv6 IPv6ExtHdrFragment UDP");
}

TEST(DissectLimits, LayersBeyondTheMostAreRaw) {
    Bytes labels;
    for (std::size_t count = 0; count < packet::kMaximumLayers + 10; ++count) {
        const Bytes label = octets("00010040");
        labels.insert(labels.end(), label.begin(), label.end());
    }
    const auto layers = dissect("MPLS", labels);
    EXPECT_EQ(layers.size(), packet::kMaximumLayers);
    EXPECT_EQ(layers.back().layer.protocol->id, "Raw");
    EXPECT_EQ(layers.back().offset + layers.back().header_length, labels.size());
}

TEST(DissectLimits, NoBytesAreRefusedOrAnEmptyLayer) {
    for (const auto& each : database().protocols()) {
        try {
            const auto layers = packet::Dissector(database()).dissect(*each, {});
            ASSERT_EQ(layers.size(), 1U) << each->id;
            EXPECT_EQ(layers[0].header_length, 0U) << each->id;
        } catch (const fields::DecodeError&) {
        }
    }
}

}  // namespace
}  // namespace framewright::tests
