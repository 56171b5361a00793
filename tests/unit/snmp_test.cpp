// SNMP as Scapy 2.5.0 builds it; tshark 4.0 reads it.
#include <gtest/gtest.h>

#include "tests/unit/asn1_packets.hpp"

namespace framewright::tests {

namespace {

constexpr std::string_view kTrap2 =
    "305302010104067075626c6963a746020107020100020100303b300f06082b06010201010300430301e2403017060a2b060106030101040100"
    "06"
    "092b0601060301010503300f060a2b060102010202010103020103";
constexpr std::string_view kTrap1 =
    "3063020100040770726976617465a45506082b0601040181fd594004c000020102010602012a430203e83039301006082b0601020101050004"
    "04"
    "686f7374301206092b0601040181fd5901410500ffffffff301106092b0601040181fd59024004c0000209";

}  // namespace

TEST(Snmp, TrapOfVersion2) {
    EXPECT_EQ(hex(build("SNMP(PDU=SNMPtrapv2(id=7, varbindlist=["
                        "SNMPvarbind(oid='sysUpTime.0', value=('TIME_TICKS', 123456)),"
                        "SNMPvarbind(oid='1.3.6.1.6.3.1.1.4.1.0', value=('OID', 'linkDown')),"
                        "SNMPvarbind(oid='ifIndex.3', value=('INTEGER', 3))]))")),
              kTrap2);
    EXPECT_EQ(read_as("SNMP", octets(kTrap2)), "SNMP");
}

TEST(Snmp, TrapOfVersion1) {
    EXPECT_EQ(hex(build("SNMP(version='v1', community='private', PDU=SNMPtrapv1(enterprise='1.3.6.1.4.1.32473',"
                        "agent_addr='192.0.2.1', generic_trap='enterprise_specific', specific_trap=42, time_stamp=1000,"
                        "varbindlist=[SNMPvarbind(oid='sysName.0', value='host'),"
                        "SNMPvarbind(oid='1.3.6.1.4.1.32473.1', value=('COUNTER32', 4294967295)),"
                        "SNMPvarbind(oid='1.3.6.1.4.1.32473.2', value=('IPADDRESS', '192.0.2.9'))]))")),
              kTrap1);
    EXPECT_EQ(read_as("SNMP", octets(kTrap1)), "SNMP");
    const model::Layer layer = dissect("SNMP", octets(kTrap1)).front().layer;
    EXPECT_EQ(shown_at(layer, "PDU", "generic_trap"), "enterprise_specific");
    EXPECT_EQ(shown_at(layer, "PDU", "agent_addr"), "192.0.2.1");
}

TEST(Snmp, RequestsAndDefaults) {
    EXPECT_EQ(hex(build("SNMP()")), "301802010104067075626c6963a00b0201000201000201003000");
    EXPECT_EQ(hex(build("SNMP(PDU=SNMPbulk(id=1, max_repetitions=10, varbindlist=[SNMPvarbind(oid='ifDescr')]))")),
              "302702010104067075626c6963a51a02010102010002010a300f300d06092b06010201020201020500");
    for (const char* const name : {"next", "response", "set", "inform"}) {
        EXPECT_EQ(read_as("SNMP", build("SNMP(PDU=SNMP" + std::string(name) + "())")), "SNMP");
    }
    // RFC 3416 section 3: what a variable may have in place of a value.
    EXPECT_EQ(hex(build("SNMPvarbind(oid='1.3', value=('END_OF_MIB_VIEW', 0))")), "300506012b8200");
}

TEST(Snmp, IsFoundOverUdpAndSaysWhereItsFieldsAre) {
    const Bytes packet = build(
        "Ether()/IP()/UDP(dport=162)/"
        "SNMP(PDU=SNMPtrapv2())");
    const std::vector<packet::DissectedLayer> layers = dissect("Ether", packet);
    EXPECT_EQ(ids_of(layers), "Ether IP UDP SNMP");
    EXPECT_EQ(layers.back().places[1].first_bit / 8, 5U);
    EXPECT_EQ(layers.back().places[1].bits / 8, 8U);
    // A message that is cut short is none.
    const std::vector<packet::DissectedLayer> cut = dissect("Ether", ByteView(packet).first(packet.size() - 1));
    EXPECT_EQ(ids_of(cut), "Ether IP UDP Raw");
}

TEST(Snmp, LengthsAsNetSnmpWritesThem) {
    EXPECT_EQ(read_as("SNMP", octets("3082002f02010104067075626c6963a082002002010a020100020100308200133082000f060b2b060"
                                     "102010101010101010500")),
              "SNMP");
}

}  // namespace framewright::tests
