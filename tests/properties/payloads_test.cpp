#include "protocol_db/packet/payloads.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/properties/every_protocol.hpp"

// What is offered on top of a layer is told from the definitions; here it is found out by trying.

namespace framewright::tests {

namespace {

/// Of each protocol one in so many others is tried on top of it, each time others.
constexpr std::size_t kStep = 29;

bool is_found_on(const model::Protocol& lower, const model::Protocol& upper) {
    model::Packet packet;
    packet.layers.push_back(packet::make_layer(lower));
    packet.layers.push_back(packet::make_layer(upper));
    try {
        const packet::BuiltPacket built = packet::build(packet, database());
        const auto layers = packet::Dissector(database()).dissect(lower, built.bytes);
        return layers.back().layer.protocol->shown_id == upper.id;
    } catch (const packet::BuildError&) {
        return false;
    } catch (const fields::DecodeError&) {
        return false;
    }
}

}  // namespace

TEST(Payloads, AreAllThatAreFoundAgain) {
    const auto& protocols = database().protocols();
    for (const auto& lower : protocols) {
        const std::vector<const model::Protocol*> offered = packet::find_payloads(*lower, database());
        for (std::size_t index = lower->index % kStep; index < protocols.size(); index += kStep) {
            const model::Protocol& upper = *protocols[index];
            if (upper.is_offered() && !upper.fields.empty()) {
                const bool is_in = std::find(offered.begin(), offered.end(), &upper) != offered.end();
                EXPECT_EQ(is_in, is_found_on(*lower, upper)) << upper.id << " on " << lower->id;
            }
        }
    }
}

TEST(Payloads, OnUdpAreThoseOnItsPortsAndOctets) {
    const model::Protocol& udp = *database().find("UDP");
    const std::vector<const model::Protocol*> offered = packet::find_payloads(udp, database());
    for (const char* const id : {"DNS", "VXLAN", "Raw"}) {
        EXPECT_NE(std::find(offered.begin(), offered.end(), database().find(id)), offered.end()) << id;
    }
    EXPECT_EQ(std::find(offered.begin(), offered.end(), database().find("TCP")), offered.end());
}

}  // namespace framewright::tests
