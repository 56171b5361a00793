// Texts for octets and for fields of several forms, as somebody types them and as a client sends back what it was
// shown.
#include <gtest/gtest.h>

#include "tests/rpc/service_under_test.hpp"

namespace framewright::tests {
namespace {

TEST(TextsForFieldsOfSeveralForms, AreReadInTheFormThatTheFieldHas) {
    const auto arp = [](const json& fields) {
        return bytes_of(build(model({json{{"id", "ARP"}, {"fields", fields}}})));
    };
    // RFC 826: hardware type, protocol type, lengths, operation, then the four addresses.
    EXPECT_EQ(arp({{{"id", "hwsrc"}, {"value", "00:11:22:33:44:55"}},
                   {{"id", "psrc"}, {"value", "10.0.0.1"}},
                   {{"id", "hwdst"}, {"value", "66-77-88-99-aa-bb"}},
                   {{"id", "pdst"}, {"value", "10.0.0.2"}}}),
              "0001080006040001"
              "0011223344550a000001"
              "66778899aabb0a000002");
    // The form is that of the whole model, wherever the field that decides it stands.
    EXPECT_EQ(arp({{{"id", "psrc"}, {"value", "fe80::1"}},
                   {{"id", "pdst"}, {"value", "fe80::2"}},
                   {{"id", "ptype"}, {"value", "IPv6"}}}),
              "000186dd06100001"
              "000000000000fe800000000000000000000000000001"
              "000000000000fe800000000000000000000000000002");
    // An address of no known form is octets.
    EXPECT_EQ(arp({{{"id", "hwtype"}, {"value", "6"}},
                   {{"id", "hwlen"}, {"value", "2"}},
                   {{"id", "hwsrc"}, {"value", "ab"}},
                   {{"id", "psrc"}, {"value", "10.0.0.1"}},
                   {{"id", "hwdst"}, {"value", "cd"}}}),
              "0006080002040001"
              "61620a000001"
              "636400000000");
    EXPECT_EQ(error_of("build_pkt", json::array({model({layer("ARP", "psrc", "10.0.0.256")})})).at("data").at("field"),
              "psrc");
}

/// A DHCP discover of a client whose hardware address is no text (RFC 2131: chaddr has 16 octets).
json discover() {
    json fields = json::array();
    fields.push_back({{"id", "xid"}, {"value", 1}});
    fields.push_back({{"id", "chaddr"}, {"value", {{"vtype", "BYTES"}, {"base64", "8J+SqQABAAAAAAAAAAAAAA=="}}}});
    return build(
        model({layer("Ether"), layer("IP"),
               json{{"id", "UDP"}, {"fields", {{{"id", "sport"}, {"value", 68}}, {{"id", "dport"}, {"value", 67}}}}},
               json{{"id", "BOOTP"}, {"fields", fields}},
               layer("DHCP", "options", "[('message-type', 'discover'), 'end']")}));
}

TEST(ShownOctets, LeaveAPacketAsItIsWhenTheyAreSentBack) {
    const json packet = discover();
    for (const char* const field : {"chaddr", "options"}) {
        ASSERT_EQ(field_of(packet, 3, field).at("hvalue"), "<binary>");
        const json again = result_of(
            "reconstruct_pkt", {packet.at("binary"),
                                model({layer("Ether"), layer("IP"), layer("UDP"), layer("BOOTP", field, "<binary>")})});
        EXPECT_EQ(again.at("binary"), packet.at("binary")) << field;
    }
    // Beside another change of the layer as well.
    const json fields{{{"id", "xid"}, {"value", "2"}}, {{"id", "chaddr"}, {"value", "<binary>"}}};
    const json changed =
        result_of("reconstruct_pkt", {packet.at("binary"), model({layer("Ether"), layer("IP"), layer("UDP"),
                                                                  json{{"id", "BOOTP"}, {"fields", fields}}})});
    EXPECT_EQ(field_of(changed, 3, "xid").at("value"), 2);
    EXPECT_EQ(field_of(changed, 3, "chaddr"), field_of(packet, 3, "chaddr"));
}

TEST(ShownOctets, OfAFieldOfSeveralFormsAreLeftToo) {
    // Hardware type 32 (InfiniBand), addresses of 5 octets.
    const json frame = "////////AgAAAAABCAYAIAgABQQAAfDx8vP0CgAAAfX29/j5CgAAAg==";
    const json read = result_of("reconstruct_pkt", json::array({frame}));
    ASSERT_EQ(field_of(read, 1, "hwsrc").at("hvalue"), "<binary>");
    const json again =
        result_of("reconstruct_pkt", {frame, model({layer("Ether"), layer("ARP", "hwsrc", "<binary>")})});
    EXPECT_EQ(again.at("binary"), frame);
}

TEST(ShownOctets, OfANewLayerStandForItsDefault) {
    const json plain = build(model({layer("BOOTP")}));
    ASSERT_EQ(field_of(plain, 0, "sname").at("hvalue"), "<binary>");
    EXPECT_EQ(build(model({layer("BOOTP", "sname", "<binary>")})), plain);
    // The layer above still says what the options begin with (RFC 2131 section 3: the magic cookie).
    const json carried = build(model({layer("BOOTP", "options", "<binary>"), layer("DHCP", "options", "['end']")}));
    EXPECT_EQ(bytes_of(carried).substr(2 * 236), "63825363ff");
}

TEST(ShownOctets, OfANonceStandForANewOne) {
    // Of these some are all ASCII by chance, which must make no difference.
    for (int attempt = 0; attempt < 2000; ++attempt) {
        const std::string built = bytes_of(build(model({layer("ICMPv6NIQueryNOOP", "nonce", "<binary>")})));
        ASSERT_NE(built.substr(16, 16), "3c62696e6172793e");
    }
}

TEST(ShownOctets, AreAnOrdinaryTextWhereTheFieldHoldsNone) {
    constexpr const char* kText = "3c62696e6172793e";
    EXPECT_EQ(bytes_of(build(model({layer("Raw", "load", "<binary>")}))), kText);
    const json frame = build(model({layer("Ether"), layer("Raw", "load", "a text")}));
    const json changed =
        result_of("reconstruct_pkt", {frame.at("binary"), model({layer("Ether"), layer("Raw", "load", "<binary>")})});
    EXPECT_EQ(bytes_of(changed).substr(2 * 14), kText);
    EXPECT_EQ(bytes_of(build(model({layer("BOOTP", "sname", {{"vtype", "EXPRESSION"}, {"expr", "'<binary>'"}})})))
                  .substr(2 * 44, 16),
              kText);
    EXPECT_EQ(error_of("build_pkt", json::array({model({layer("IP", "ttl", "<binary>")})})).at("code"),
              rpc::kInvalidParams);
}

}  // namespace
}  // namespace framewright::tests
