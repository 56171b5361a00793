// The titles that user interfaces show: a few words for every field, and a sentence for those that a newcomer asks
// about.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include "tests/unit/field_under_test.hpp"

namespace framewright::tests {
namespace {

/// The definition files whose fields all have labels.
constexpr std::array<std::string_view, 11> kLabelled{
    "packet.json", "l2.json",   "inet.json", "inet6.json", "dhcp.json",   "dns.json",
    "vxlan.json",  "bier.json", "mpls.json", "igmp.json",  "igmpv3.json",
};

/// Calls `action` with each protocol and field of these files.
template <typename Action>
void for_each_field(const Action& action) {
    for (const auto& protocol : database().protocols()) {
        if (std::find(kLabelled.begin(), kLabelled.end(), protocol->file) != kLabelled.end()) {
            for (const model::Field& field : protocol->fields) {
                action(*protocol, field);
            }
        }
    }
}

TEST(Labels, AreOneToFourWordsForEveryField) {
    std::set<std::string> files;
    std::size_t fields = 0;
    for_each_field([&](const model::Protocol& protocol, const model::Field& field) {
        const std::string& label = field.presentation.label;
        std::istringstream text(label);
        std::size_t words = 0;
        for (std::string word; text >> word; ++words) {
        }
        EXPECT_TRUE(words >= 1 && words <= 4) << protocol.id << "." << field.id << ": \"" << label << '"';
        EXPECT_NE(label, field.id) << protocol.id;
        EXPECT_EQ(label.find('_'), std::string::npos) << protocol.id << "." << field.id << ": " << label;
        EXPECT_TRUE(label.empty() || std::islower(static_cast<unsigned char>(label.front())) == 0)
            << protocol.id << "." << field.id << ": " << label;
        files.insert(protocol.file);
        ++fields;
    });
    EXPECT_EQ(files.size(), kLabelled.size());
    EXPECT_GT(fields, 1000U);
}

TEST(Labels, AreTheStandards) {
    const auto label = [](const char* protocol_id, const char* field_id) {
        const model::Protocol& owner = protocol(protocol_id);
        return owner.fields[owner.find_field(field_id).value()].presentation.label;
    };
    EXPECT_EQ(label("IP", "ttl"), "Time to live");                   // RFC 791
    EXPECT_EQ(label("IPv6", "hlim"), "Hop limit");                   // RFC 8200
    EXPECT_EQ(label("TCP", "sport"), "Source port");                 // RFC 9293
    EXPECT_EQ(label("ARP", "pdst"), "Target protocol address");      // RFC 826
    EXPECT_EQ(label("BOOTP", "chaddr"), "Client hardware address");  // RFC 2131
    EXPECT_EQ(label("MPLS", "s"), "Bottom of stack");                // RFC 3032
    EXPECT_EQ(label("ICMPv6NDOptRDNSS", "lifetime"), "Lifetime");    // RFC 8106
    EXPECT_EQ(label("IPerror", "ttl"), label("IP", "ttl"));
}

TEST(Helps, AreSentencesForWhatNewcomersAskAbout) {
    std::set<std::string> explained;
    for_each_field([&](const model::Protocol& protocol, const model::Field& field) {
        const std::string& help = field.presentation.help;
        if (!help.empty()) {
            explained.insert(protocol.id + "." + field.id);
            EXPECT_TRUE(help.ends_with('.')) << protocol.id << "." << field.id << ": " << help;
        }
    });
    EXPECT_GE(explained.size(), 60U);
    for (const char* const field : {"IP.ttl", "IP.ihl", "IP.frag", "IP.tos", "IP.flags", "IP.chksum", "TCP.window",
                                    "TCP.flags", "Dot1Q.prio", "MPLS.s", "DNS.tc", "DNS.rd"}) {
        EXPECT_TRUE(explained.contains(field)) << field;
    }
}

}  // namespace
}  // namespace framewright::tests
