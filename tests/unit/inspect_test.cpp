#include "protocol_db/packet/inspect.hpp"

#include <gtest/gtest.h>

#include "tests/unit/packet_helpers.hpp"

namespace framewright::tests {
namespace {

packet::InspectedPacket inspect(std::string_view expression, model::Packet& packet) {
    packet = packet_of(expression);
    return packet::inspect(packet, database());
}

/// What is found for each layer: its id, with ! where the structure is not valid, - where there is nothing.
std::string found(std::string_view expression) {
    model::Packet packet;
    std::string text;
    for (const packet::InspectedLayer& layer : inspect(expression, packet).layers) {
        text += (text.empty() ? "" : " ") + (layer.real_protocol != nullptr ? layer.real_protocol->id : "-") +
                (layer.is_valid ? "" : "!");
    }
    return text;
}

TEST(Inspect, APacketThatIsWhatItSays) {
    EXPECT_EQ(found("Ether()/IP()/TCP()/Raw(load=b'dummy')"), "Ether IP TCP Raw");
}

TEST(Inspect, WhatIsFoundInstead) {
    EXPECT_EQ(found("Ether(type=2054)/IP()/TCP()"), "Ether ARP! -!");
    EXPECT_EQ(found("Ether()/TCP()"), "Ether Raw!");
    EXPECT_EQ(found("Ether()/IP(proto=17)/TCP()/Raw()"), "Ether IP UDP! -!");
}

TEST(Inspect, ADerivedProtocolIsValid) {
    EXPECT_EQ(found("IP()/ICMP(type=3)/IP()/UDP()"), "IP ICMP IPerror UDPerror");
}

TEST(Inspect, LayersThatHaveNoBytesAreNotFound) {
    EXPECT_EQ(found("Ether()/Raw(load=b'')"), "Ether -!");
}

TEST(Inspect, PaddingIsFoundBehindWhatKnowsItsLength) {
    EXPECT_EQ(found("Ether()/IP()/UDP()/Padding(load=b'zz')"), "Ether IP UDP Padding");
}

TEST(Inspect, EmptyListsAndPacketsAreThereBehindTheEnd) {
    for (const std::string_view expression :
         {"ISAKMP_payload_SA()", "TFTP_Options()", "IP()/UDP()/TFTP()/TFTP_Options()"}) {
        model::Packet packet;
        const packet::InspectedPacket inspected = inspect(expression, packet);
        const model::Layer& last = packet.layers.back();
        const auto shown =
            packet::inspect_field(packet, inspected, packet.layers.size() - 1, last.protocol->fields.size() - 1);
        EXPECT_FALSE(shown.is_ignored) << expression;
        EXPECT_EQ(shown.place.bits, 0U) << expression;
    }
}

// RFC 3376 section 4.1: a query of 12 bytes or more is of version 3; the padding is none of it.
TEST(Inspect, ALayerBehindPaddingEndsWherePaddingBegins) {
    model::Packet packet;
    const packet::InspectedPacket inspected = inspect("IP()/Padding(load=b'pad1')/IGMP()/Padding(load=b'two')", packet);
    EXPECT_EQ(inspected.built.offsets, (std::vector<std::size_t>{0, 28, 20, 32}));
    const auto field = [&](std::size_t layer, std::string_view id) {
        return packet::inspect_field(packet, inspected, layer, packet.layers[layer].protocol->find_field(id).value());
    };
    const packet::InspectedField group = field(2, "gaddr");
    EXPECT_FALSE(group.is_ignored);
    EXPECT_EQ(group.place.first_bit, 32U);
    EXPECT_EQ(group.place.bits, 32U);
    EXPECT_EQ(field(1, "load").place.bits, 32U);
    EXPECT_EQ(field(3, "load").place.bits, 24U);
}

TEST(Inspect, EachLayerIsReadFromItsOwnBytes) {
    model::Packet packet;
    const packet::InspectedPacket inspected = inspect("Ether(type=2054)/IP(ttl=9)/UDP(dport=7)", packet);
    ASSERT_TRUE(inspected.layers[1].own);
    EXPECT_EQ(inspected.layers[1].own->layer.protocol->id, "IP");
    EXPECT_EQ(shown(*inspected.layers[1].own, "ttl"), "9");
    ASSERT_TRUE(inspected.layers[2].own);
    EXPECT_EQ(shown(*inspected.layers[2].own, "dport"), "7");
}

TEST(Inspect, ValuesAreThoseThatWereBuilt) {
    model::Packet packet;
    const packet::InspectedPacket inspected = inspect("Ether()/IP()/TCP()", packet);
    const std::size_t proto = protocol("IP").find_field("proto").value();
    EXPECT_EQ(*inspected.built.values[1][proto], model::Value(Integer{6}));
    EXPECT_EQ(inspected.built.offsets, (std::vector<std::size_t>{0, 14, 34}));
}

TEST(Inspect, AnEmptyPacketHasNothing) {
    const packet::InspectedPacket inspected = packet::inspect(model::Packet{}, database());
    EXPECT_TRUE(inspected.layers.empty());
    EXPECT_TRUE(inspected.built.bytes.empty());
}

TEST(ToPacket, KeepsTheLayersAndSetsAllTheirFields) {
    const model::Packet packet = packet::to_packet(dissect("IP", build("IP()/UDP()/Raw(load=b'dummy')")));
    ASSERT_EQ(packet.layers.size(), 3U);
    for (const model::Layer& layer : packet.layers) {
        for (const model::FieldValue& field : layer.fields) {
            EXPECT_TRUE(field.is_set) << layer.protocol->id;
        }
    }
}

}  // namespace
}  // namespace framewright::tests
