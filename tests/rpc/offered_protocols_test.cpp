// The lists that people choose protocols from.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "tests/rpc/service_under_test.hpp"

namespace framewright::tests {
namespace {

/// Ids that are in the reference server for its own sake: what others are derived from, the end of a packet.
bool is_internal(const std::string& id) {
    static const std::set<std::string> kInternal{"NoPayload", "Padding", "PseudoIPv6", "InheritOriginDNSStrPacket"};
    return id.starts_with('_') || kInternal.contains(id);
}

void collect_ids(const json& tree, std::set<std::string>& ids) {
    for (const auto& [id, above] : tree.items()) {
        ids.insert(id);
        collect_ids(above, ids);
    }
}

std::vector<std::string> payloads_on(const std::string& id) {
    return result_of("get_payload_classes", json::array({model({layer(id)})}));
}

TEST(Lists, HoldNothingInternal) {
    std::set<std::string> ids;
    const json definitions = result_of("get_definitions", json::array({nullptr}));
    for (const json& protocol : definitions.at("protocols")) {
        ids.insert(protocol.at("id").get<std::string>());
        for (const std::string& payload : payloads_on(protocol.at("id"))) {
            ids.insert(payload);
        }
    }
    collect_ids(result_of("get_tree", json::array()).at("ALL"), ids);
    const json all = result_of("get_all", json::array());
    for (const auto& [id, rows] : all.at("db").items()) {
        ids.insert(id);
    }
    for (const std::string& id : ids) {
        EXPECT_FALSE(is_internal(id)) << id;
    }
    // Whoever asks for one by its id gets it.
    for (const char* const id : {"_IPv46", "Padding", "NoPayload"}) {
        EXPECT_EQ(result_of("get_definitions", json::array({json::array({id})})).at("protocols").at(0).at("id"), id);
    }
}

TEST(PayloadClasses, AreWhatStacksHold) {
    using Place = std::pair<const char*, const char*>;
    for (const auto& [lower, upper] :
         {Place{"BOOTP", "DHCP"}, Place{"IP", "IGMP"}, Place{"IP", "IGMPv3"}, Place{"IP", "GRE"}, Place{"IP", "IP"},
          Place{"IP", "IPv6"}, Place{"Ether", "ARP"}, Place{"Ether", "MPLS"}, Place{"Ether", "Dot1AD"},
          Place{"Ether", "LLC"}, Place{"UDP", "VXLAN"}, Place{"IPv6", "ICMPv6EchoRequest"}}) {
        const std::vector<std::string> offered = payloads_on(lower);
        EXPECT_NE(std::find(offered.begin(), offered.end(), upper), offered.end()) << lower << " " << upper;
    }
    // What the definition itself suggests comes first.
    const std::vector<std::string> on_ip = payloads_on("IP");
    ASSERT_GE(on_ip.size(), 4U);
    EXPECT_EQ(std::vector<std::string>(on_ip.begin(), on_ip.begin() + 4),
              (std::vector<std::string>{"TCP", "UDP", "ICMP", "Raw"}));
}

TEST(PayloadClasses, OfferOctetsBehindWhatCarriesNone) {
    EXPECT_EQ(payloads_on("ARP"), (std::vector<std::string>{"Raw"}));
    const json built = build(model({layer("Ether"), layer("ARP"), layer("Raw", "load", "padding")}));
    EXPECT_EQ(built.at("data").at(2).at("valid_structure"), true);
}

}  // namespace
}  // namespace framewright::tests
