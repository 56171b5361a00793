#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "protocol_db/loader/loader.hpp"
#include "protocol_db/packet/build.hpp"
#include "protocol_db/packet/dissect.hpp"
#include "protocol_db/packet/edit.hpp"
#include "protocol_db/packet/inspect.hpp"
#include "tests/unit/packet_helpers.hpp"

namespace framewright::packet {
namespace {

using tests::database;
using tests::hex;
using tests::octets;
using tests::packet_of;

std::string built(const std::string& expression) {
    return hex(build(packet_of(expression), database()).bytes);
}

std::vector<std::string> layers_of(const std::string& first, ByteView bytes) {
    std::vector<std::string> ids;
    for (const DissectedLayer& layer : Dissector(database()).dissect(*database().find(first), bytes)) {
        ids.push_back(layer.layer.protocol->id);
    }
    return ids;
}

/// RFC 1071: the sum over all words, checksum included, is all ones.
std::uint32_t ones_sum(ByteView bytes) {
    std::uint32_t sum = 0;
    for (std::size_t index = 0; index < bytes.size(); index += 2) {
        sum += static_cast<std::uint32_t>(bytes[index] << 8 | (index + 1 < bytes.size() ? bytes[index + 1] : 0));
    }
    while (sum > 0xffff) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return sum;
}

using Ids = std::vector<std::string>;

TEST(Build, Ipv4HeaderOfAKnownDatagram) {
    // A header with its checksum 0xb861, as it stands in many texts on the IPv4 checksum.
    EXPECT_EQ(built("IP(tos=0,len=115,id=0,flags='DF',ttl=64,proto=17,src='192.168.0.1',dst='192.168.0.199')"),
              "4500007300004000"
              "4011b861c0a80001c0a800c7");
}

TEST(Build, LengthsCountWhatIsCarriedAndPaddingIsNot) {
    const std::string plain = built("Ether()/IP()/UDP()/Raw(load=b'abc')");
    EXPECT_EQ(plain.substr(32, 4), "001f");  // 20 + 8 + 3
    EXPECT_EQ(plain.substr(76, 4), "000b");
    const std::string padded = built("Ether()/IP()/UDP()/Raw(load=b'abc')/Padding(load=b'zz')");
    EXPECT_EQ(padded, plain + "7a7a");
}

TEST(Build, UdpChecksumOverIpv6Verifies) {
    const Bytes bytes =
        build(packet_of("IPv6(src='2001:db8::1',dst='2001:db8::2')/UDP()/Raw(load=b'odd')"), database()).bytes;
    Bytes pseudo(bytes.begin() + 8, bytes.begin() + 40);
    const Bytes tail = octets("0000000b00000011");
    pseudo.insert(pseudo.end(), tail.begin(), tail.end());
    pseudo.insert(pseudo.end(), bytes.begin() + 40, bytes.end());
    EXPECT_EQ(ones_sum(pseudo), 0xffffU);
}

TEST(Build, ARoutingHeaderNamesTheFinalDestinationOfTheChecksum) {
    const Bytes bytes = build(packet_of("IPv6(src='2001:db8::1',dst='2001:db8::2')/"
                                        "IPv6ExtHdrRouting(addresses=['2001:db8::8','2001:db8::9'])/UDP()"),
                              database())
                            .bytes;
    Bytes pseudo(bytes.begin() + 8, bytes.begin() + 24);
    const Bytes last = octets(
        "20010db8000000000000000000000009"
        "0000000800000011");
    pseudo.insert(pseudo.end(), last.begin(), last.end());
    pseudo.insert(pseudo.end(), bytes.end() - 8, bytes.end());
    EXPECT_EQ(ones_sum(pseudo), 0xffffU);
}

TEST(Build, AUdpChecksumOfZeroIsWrittenAsAllOnes) {
    // Source port and load are chosen so that the sum is all ones already.
    const Bytes without = build(packet_of("IP()/UDP(sport=0,dport=0)/Raw(load=b'\\x00\\x00')"), database()).bytes;
    const auto checksum = static_cast<unsigned>(without[26] << 8 | without[27]);
    const std::string expression = "IP()/UDP(sport=" + std::to_string(checksum) + ",dport=0)/Raw(load=b'\\x00\\x00')";
    EXPECT_EQ(built(expression).substr(52, 4), "ffff");
}

TEST(Build, ValuesOfTheClientComeBeforeWhatIsImposedAndComputed) {
    EXPECT_EQ(built("Ether(type=0x1234)/IP(proto=99,len=5,chksum=7)/TCP()").substr(24, 8), "12344500");
    EXPECT_EQ(built("Ether()/IP()/TCP()").substr(24, 4), "0800");
    EXPECT_EQ(built("IP(proto=99,len=5,chksum=7)/TCP()").substr(4, 4), "0005");
    EXPECT_EQ(built("IP(proto=99,len=5,chksum=7)/TCP()").substr(18, 6), "630007");
}

TEST(Build, OptionsAreAlignedAsRfc8200Says) {
    // A Router Alert option (2n) lies well at offset 2 of the header, Jumbo Payload (4n+2, RFC 2675) at 6, and a Home
    // Address (8n+6, RFC 6275) at 6 as well; what is left to 8 bytes is padding.
    EXPECT_EQ(built("IPv6ExtHdrHopByHop(options=[RouterAlert(value=0)])"), "3b00050200000100");
    EXPECT_EQ(built("IPv6ExtHdrHopByHop(options=[RouterAlert(value=0),Jumbo(jumboplen=1)])"),
              "3b0105020000c2040000000101020000");
    EXPECT_EQ(built("IPv6ExtHdrDestOpt(options=[HAO(hoa='::1')])").substr(0, 16), "3b0201020000c910");
}

TEST(Build, NamesLayerFieldAndValueOfWhatDoesNotFit) {
    try {
        build(packet_of("Ether()/IP()/Raw(load=b'x'*65530)"), database());
        FAIL();
    } catch (const BuildError& error) {
        EXPECT_EQ(error.layer(), 1U);
        EXPECT_EQ(error.protocol(), "IP");
        EXPECT_EQ(error.field(), "len");
        EXPECT_EQ(error.value(), "65550");
    }
}

TEST(Build, IsBounded) {
    model::Packet many;
    many.layers.assign(kMaximumLayers + 1, make_layer(*database().find("MPLS")));
    EXPECT_THROW(build(many, database()), BuildError);
    model::Packet large;
    large.layers.assign(2, make_layer(database().raw()));
    for (model::Layer& layer : large.layers) {
        layer.fields[0] = {Bytes(kMaximumPacketSize / 2 + 1), true};
    }
    EXPECT_THROW(build(large, database()), BuildError);
}

TEST(Dissect, FollowsTheBindings) {
    EXPECT_EQ(layers_of("Ether", octets("000000010000"
                                        "000000020000"
                                        "8100"
                                        "00640800"
                                        "450000140001000040003ae81000000130000001")),
              (Ids{"Ether", "Dot1Q", "IP"}));
    EXPECT_EQ(layers_of("Ether", octets("000000010000"
                                        "000000020000"
                                        "0026"
                                        "424203" +
                                        std::string(70, '0'))),
              (Ids{"Dot3", "LLC", "STP"}));
    EXPECT_EQ(layers_of("Ether", octets("000000010000"
                                        "000000020000"
                                        "1234"
                                        "aabb")),
              (Ids{"Ether", "Raw"}));
}

TEST(Dissect, WhatFollowsAPayloadOfKnownLengthIsPadding) {
    const std::string frame =
        "000000010000"
        "000000020000"
        "0800"
        "450000140001000040003ae81000000130000001"
        "0000";
    EXPECT_EQ(layers_of("Ether", octets(frame)), (Ids{"Ether", "IP", "Padding"}));
}

TEST(Dissect, NamesMayPointBackAndNeverHang) {
    // A response whose answer points to its question (RFC 1035 section 4.1.4).
    const Bytes answer = octets(
        "000184000001000100000000"
        "076578616d706c6503636f6d0000010001"
        "c00c00010001000000050004c0000201");
    const auto layers = Dissector(database()).dissect(*database().find("DNS"), answer);
    const auto index = *layers[0].layer.protocol->find_field("an");
    std::string text;
    fields::append_expression(layers[0].layer.fields[index].value, text);
    EXPECT_EQ(text, "DNSRR(rrname=b'example.com.',type=1,rclass=1,ttl=5,rdlen=None,rdata='192.0.2.1')");
    // A pointer to itself, and one that leads out of the message.
    EXPECT_EQ(layers_of("DNS", octets("000100000001000000000000"
                                      "c00c00010001"))
                  .front(),
              "DNS");
    EXPECT_EQ(layers_of("DNS", octets("000100000001000000000000"
                                      "ffff00010001"))
                  .front(),
              "DNS");
}

TEST(Dissect, CutAnywhereGivesLayersOrSaysThatTheFirstCannotBeRead) {
    const std::string tcp_options = "[('MSS',1460),('SAck',(1,2))]";
    const std::vector<std::string> packets{
        "Ether()/Dot1Q()/IP(options=[IPOption_RR(routers=['1.2.3.4'])])/TCP(options=" + tcp_options +
            ")/Raw(load=b'dummy')",
        "Ether()/IPv6()/IPv6ExtHdrHopByHop(options=[RouterAlert()])/UDP()/DNS(qd=DNSQR())",
        "Ether()/IPv6()/IPv6ExtHdrRouting(addresses=['::5'])/UDP()",
        "Ether()/IPv6()/ICMPv6ND_RA()/ICMPv6NDOptMTU()/ICMPv6NDOptDNSSL(searchlist=['a.b'])",
        "Ether()/IP()/UDP()/BOOTP(options=b'c\\x82Sc')/DHCP(options=[('message-type',1),'end'])",
        "Ether()/IP()/GRE(key_present=1)/IP()/IGMP()",
        "Ether()/IP()/UDP()/VXLAN()/Ether()/ARP()",
        "Ether()/MPLS()/MPLS()/EoMCW()/Ether()",
        "Ether()/IPv6()/MIP6MH_BU(options=[MIP6OptAltCoA()])"};
    for (const std::string& expression : packets) {
        const Bytes bytes = build(packet_of(expression), database()).bytes;
        for (std::size_t size = 0; size <= bytes.size(); ++size) {
            const ByteView cut = ByteView(bytes).first(size);
            try {
                std::size_t total = 0;
                for (const DissectedLayer& layer : Dissector(database()).dissect(*database().find("Ether"), cut)) {
                    total += layer.header_length;
                }
                EXPECT_EQ(total, size) << expression;
            } catch (const fields::DecodeError&) {
                EXPECT_LT(size, 14U) << expression;
            }
        }
        // Unchanged, a dissected packet is the bytes that it came from.
        EXPECT_EQ(
            hex(build(to_packet(Dissector(database()).dissect(*database().find("Ether"), bytes)), database()).bytes),
            hex(bytes));
    }
}

TEST(Geometry, FieldsTileTheHeaderOfEveryBuiltInProtocol) {
    for (const auto& protocol : database().protocols()) {
        model::Packet packet;
        packet.layers.push_back(make_layer(*protocol));
        BuiltPacket built_packet;
        try {
            built_packet = build(packet, database());
        } catch (const BuildError& error) {
            FAIL() << protocol->id << ": " << error.what();
        }
        std::size_t next_bit = 0;
        for (const Place& place : built_packet.places[0]) {
            if (place.is_present) {
                if (protocol->is_ber) {
                    next_bit = place.first_bit;  // The tags and lengths in front belong to no field.
                }
                EXPECT_EQ(place.first_bit, next_bit) << protocol->id;
                next_bit = place.first_bit + place.bits;
            }
        }
        EXPECT_EQ((next_bit + 7) / 8, built_packet.bytes.size()) << protocol->id;
    }
}

TEST(Inspect, SaysWhatIsFoundInsteadOfWhatWasAskedFor) {
    const InspectedPacket inspected = inspect(packet_of("Ether(type=0x1234)/IP()/TCP()"), database());
    EXPECT_EQ(inspected.layers[0].real_protocol->id, "Ether");
    EXPECT_TRUE(inspected.layers[0].is_valid);
    EXPECT_EQ(inspected.layers[1].real_protocol->id, "Raw");
    EXPECT_FALSE(inspected.layers[1].is_valid);
    EXPECT_EQ(inspected.layers[2].real_protocol, nullptr);
}

TEST(Expression, ThatNamesTooManyLayersIsRefused) {
    std::string text = "[";
    for (std::size_t count = 0; count <= kMaximumExpressionLayers; ++count) {
        text += "Pad1(),";
    }
    ExpressionBudget budget;
    EXPECT_THROW(read_expression(text + "]", database(), budget), fields::ValueError);
}

}  // namespace
}  // namespace framewright::packet
