// Checksums as definitions describe them. Numbers named "check" are those of the catalogue of parametrised CRC
// algorithms (https://reveng.sourceforge.io/crc-catalogue), for the nine digits from 1 on.
#include "protocol_db/packet/checksum.hpp"

#include <gtest/gtest.h>

#include "tests/unit/own_definitions.hpp"

namespace framewright::tests {
namespace {

Bytes text(std::string_view characters) {
    return {characters.begin(), characters.end()};
}

struct CheckedCrc {
    std::string name;
    model::Crc crc;
    std::uint64_t check;
};

class CrcCatalogue : public ::testing::TestWithParam<CheckedCrc> {};

TEST_P(CrcCatalogue, HasTheCheckNumber) {
    packet::CrcSum sum(GetParam().crc);
    sum.add(text("123456789"));
    EXPECT_EQ(sum.value(), GetParam().check);
    packet::CrcSum in_parts(GetParam().crc);
    in_parts.add(text("1234"));
    in_parts.add({});
    in_parts.add(text("56789"));
    EXPECT_EQ(in_parts.value(), GetParam().check);
}

INSTANTIATE_TEST_SUITE_P(
    Crcs, CrcCatalogue,
    ::testing::Values(CheckedCrc{"CRC-3/GSM", {3, 0x3, false, 0, 0x7}, 0x4},
                      CheckedCrc{"CRC-5/USB", {5, 0x05, true, 0x1f, 0x1f}, 0x19},
                      CheckedCrc{"CRC-8/SMBUS", {8, 0x07, false, 0, 0}, 0xf4},
                      CheckedCrc{"CRC-12/DECT", {12, 0x80f, false, 0, 0}, 0xf5b},
                      CheckedCrc{"CRC-16/KERMIT", {16, 0x1021, true, 0, 0}, 0x2189},
                      CheckedCrc{"CRC-16/IBM-3740", {16, 0x1021, false, 0xffff, 0}, 0x29b1},
                      CheckedCrc{"CRC-16/IBM-SDLC", {16, 0x1021, true, 0xffff, 0xffff}, 0x906e},
                      CheckedCrc{"CRC-24/BLE", {24, 0x00065b, true, 0x555555, 0}, 0xc25a56},
                      CheckedCrc{"CRC-24/OPENPGP", {24, 0x864cfb, false, 0xb704ce, 0}, 0x21cf02},
                      CheckedCrc{"CRC-32/ISO-HDLC", {32, 0x04c11db7, true, 0xffffffff, 0xffffffff}, 0xcbf43926},
                      CheckedCrc{"CRC-32/ISCSI", {32, 0x1edc6f41, true, 0xffffffff, 0xffffffff}, 0xe3069283},
                      CheckedCrc{"CRC-32/BZIP2", {32, 0x04c11db7, false, 0xffffffff, 0xffffffff}, 0xfc891918},
                      CheckedCrc{"CRC-40/GSM", {40, 0x4820009, false, 0, 0xffffffffff}, 0xd4164fc646},
                      CheckedCrc{"CRC-64/ECMA-182", {64, 0x42f0e1eba9ea3693, false, 0, 0}, 0x6c40df5f0b497347},
                      CheckedCrc{"CRC-64/XZ", {64, 0x42f0e1eba9ea3693, true, ~0ULL, ~0ULL}, 0x995dc9bbdf1939fa}),
    [](const auto& crc) {
        std::string name = crc.param.name;
        std::erase_if(name, [](char c) { return c == '-' || c == '/'; });
        return name;
    });

TEST(Fletcher, SumsOfKnownTexts) {
    // https://en.wikipedia.org/wiki/Fletcher%27s_checksum
    const auto sum_of = [](std::string_view characters) {
        packet::Fletcher16 sum;
        sum.add(text(characters));
        return sum.value();
    };
    EXPECT_EQ(sum_of("abcde"), 0xc8f0U);
    EXPECT_EQ(sum_of("abcdef"), 0x2057U);
    EXPECT_EQ(sum_of("abcdefgh"), 0x0627U);
}

TEST(Fletcher, CheckOctetsMakeTheSumsZero) {
    for (const std::size_t behind : {0U, 1U, 2U, 18U, 253U, 254U, 255U, 256U, 600U}) {
        Bytes octets = text("what stands in front");
        const std::size_t place = octets.size();
        octets.resize(place + 2 + behind, 0xa5);
        octets[place] = octets[place + 1] = 0;
        packet::Fletcher16 sum;
        sum.add(octets);
        const std::uint64_t check = sum.check_octets(behind);
        octets[place] = static_cast<std::uint8_t>(check >> 8);
        octets[place + 1] = static_cast<std::uint8_t>(check);
        packet::Fletcher16 checked;
        checked.add(octets);
        EXPECT_EQ(checked.value(), 0U) << behind;
        EXPECT_NE(octets[place], 0);
        EXPECT_NE(octets[place + 1], 0);
    }
}

TEST(Adler, OfAKnownText) {
    // https://en.wikipedia.org/wiki/Adler-32
    packet::Adler32 sum;
    sum.add(text("Wikipedia"));
    EXPECT_EQ(sum.value(), 0x11e60398U);
}

TEST(InternetChecksumInParts, IsThatOfTheWhole) {
    packet::InternetChecksum whole;
    whole.add(octets("0001f203f4f5f6"));
    packet::InternetChecksum parts;
    parts.add(octets("00"));
    parts.add({});
    parts.add(octets("01f2"));
    parts.add(octets("03f4f5f6"));
    EXPECT_EQ(parts.value(), whole.value());
}

/// A protocol with one field for a checksum, behind `before`.
OwnDefinitions with_checksum(const std::string& field,
                             const std::string& before = R"({"id": "a", "type": "ByteField"})") {
    return OwnDefinitions(R"({"id": "Own", "fields": [)" + before + ", " + field + "]}");
}

TEST(ChecksumFields, CrcOfSctp) {
    // RFC 9260 appendix A; RFC 3720 section B.4: the CRC32c of 32 zeros, in the order in which it is sent, is aa36918a.
    const OwnDefinitions own(R"({"id": "Own", "fields": [
        {"id": "crc", "type": "XIntField", "checksum": {"algorithm": "crc", "width": 32, "polynomial": "0x1edc6f41",
            "reflect": true, "initial": "0xffffffff", "final_xor": "0xffffffff", "little_endian": true, "over": "rest"}},
        {"id": "data", "type": "StrField"}]})");
    std::string zeros;
    for (int octet = 0; octet < 32; ++octet) {
        zeros += "\\x00";
    }
    EXPECT_EQ(own.built("Own(data=b'" + zeros + "')").substr(0, 8), "aa36918a");
}

TEST(ChecksumFields, ACrcCoversWhatFollowsWithItsOwnOctetsAsZero) {
    // Python: zlib.crc32(b'\x07\0\0\0\0hi') is 0xc181d9a3.
    const OwnDefinitions own = with_checksum(R"({"id": "crc", "type": "XIntField", "checksum": {"algorithm": "crc",
        "polynomial": "0x04c11db7", "reflect": true, "initial": 4294967295, "final_xor": "0xffffffff"}})");
    EXPECT_EQ(own.built("Own(a=7)/Raw(load=b'hi')"),
              "07"
              "c181d9a3"
              "6869");
    EXPECT_EQ(own.built("Own(a=7,crc=1)/Raw(load=b'hi')"), "07000000016869");
}

TEST(ChecksumFields, MayBeBits) {
    // The check number of CRC-5/USB, 0x19, in front of what it covers.
    const OwnDefinitions own(R"({"id": "Own", "fields": [
        {"id": "spare", "type": "BitField", "bits": 3},
        {"id": "crc", "type": "BitField", "bits": 5, "checksum": {"algorithm": "crc", "polynomial": 5, "reflect": true,
            "initial": "0x1f", "final_xor": "0x1f", "over": "rest"}}]})");
    EXPECT_EQ(own.built("Own(spare=7)/Raw(load=b'123456789')").substr(0, 2), "f9");
}

TEST(ChecksumFields, LeaveOutFieldsOrTakeThemAsZero) {
    // RFC 1071: the sum over 0102 and 0506, or over 0102, 0000 and 0506.
    const std::string before =
        R"({"id": "a", "type": "ShortField"}, {"id": "b", "type": "ShortField"}, {"id": "c", "type": "ShortField"})";
    for (const std::string key : {"skip", "zero"}) {
        const OwnDefinitions own = with_checksum(
            R"({"id": "sum", "type": "XShortField", "checksum": {"algorithm": "internet", ")" + key + R"(": ["b"]}})",
            before);
        EXPECT_EQ(own.built("Own(a=0x102,b=0x304,c=0x506)"),
                  "010203040506"
                  "f9f7")
            << key;
    }
    const std::string odd =
        R"({"id": "a", "type": "ByteField"}, {"id": "b", "type": "ByteField"}, {"id": "c", "type": "ByteField"})";
    // Without b, a and c are one word; with b as zero, they are two.
    EXPECT_EQ(with_checksum(
                  R"({"id": "sum", "type": "XShortField", "checksum": {"algorithm": "internet", "skip": ["b"]}})", odd)
                  .built("Own(a=1,b=2,c=3)"),
              "010203"
              "fefc");
    EXPECT_EQ(with_checksum(
                  R"({"id": "sum", "type": "XShortField", "checksum": {"algorithm": "internet", "zero": ["b"]}})", odd)
                  .built("Own(a=1,b=2,c=3)"),
              "010203"
              "fbff");
}

TEST(ChecksumFields, FletcherOfAnOspfLsa) {
    // RFC 2328 section 12.1.7: over the whole LSA but for its age. The check octets are Scapy's.
    const OwnDefinitions own(R"({"id": "Lsa", "fields": [
        {"id": "age", "type": "ShortField"},
        {"id": "options", "type": "ByteField"}, {"id": "type", "type": "ByteField"},
        {"id": "id", "type": "IPField"}, {"id": "router", "type": "IPField"}, {"id": "seq", "type": "XIntField"},
        {"id": "chksum", "type": "XShortField",
         "checksum": {"algorithm": "fletcher16", "check_octets": true, "skip": ["age"]}},
        {"id": "len", "type": "ShortField", "computed": "header_length"},
        {"id": "body", "type": "StrField"}]})");
    EXPECT_EQ(own.built("Lsa(age=100,options=2,type=1,id='192.168.1.1',router='192.168.1.1',seq=0x80000001,len=36,"
                        "body=b'\\x00\\x00\\x00\\x01\\x0a\\x00\\x00\\x00\\xff\\xff\\xff\\x00\\x03\\x00\\x00\\x0a')"),
              "0064"
              "0201c0a80101c0a8010180000001"
              "e582"
              "0024"
              "000000010a000000ffffff000300000a");
}

TEST(ChecksumFields, OfATrailerCoverHeaderAndPayload) {
    // IEEE 802.3 section 3.2.9. Python: zlib.crc32(frame).to_bytes(4, 'little') is 6dbca16a.
    const OwnDefinitions own(R"({"id": "Frame", "fields": [
        {"id": "dst", "type": "MACField"}, {"id": "src", "type": "MACField"}, {"id": "type", "type": "XShortField"}],
        "trailer": [{"id": "fcs", "type": "XLEIntField", "checksum": {"algorithm": "crc", "polynomial": "0x04c11db7",
            "reflect": true, "initial": "0xffffffff", "final_xor": "0xffffffff"}}]})");
    const std::string frame = "ffffffffffff00010203040588b5010203046dbca16a";
    EXPECT_EQ(
        own.built(
            "Frame(dst='ff:ff:ff:ff:ff:ff',src='00:01:02:03:04:05',type=0x88b5)/Raw(load=b'\\x01\\x02\\x03\\x04')"),
        frame);
    EXPECT_EQ(own.read("Frame", frame),
              "Frame(dst='ff:ff:ff:ff:ff:ff',src='00:01:02:03:04:05',type=34997,fcs=1788984429)"
              "/Raw(load=b'\\x01\\x02\\x03\\x04')");
    EXPECT_EQ(own.rebuilt("Frame", frame), frame);
}

TEST(ChecksumFields, OfIeee802154) {
    // IEEE 802.15.4-2006 section 7.2.1.9: the example of an acknowledgment.
    const OwnDefinitions own(R"({"id": "Ack", "fields": [
        {"id": "control", "type": "LEShortField"}, {"id": "sequence", "type": "ByteField"}],
        "trailer": [{"id": "fcs", "type": "XLEShortField", "checksum": {"algorithm": "crc", "polynomial": "0x1021", "reflect": true}}]})");
    EXPECT_EQ(own.built("Ack(control=2,sequence=0x6a)"), "02006ae479");
}

TEST(ChecksumFields, OfBluetoothLowEnergy) {
    // Core specification volume 6 part B section 3.1.1: the access address is left out. The CRC is Scapy's.
    const OwnDefinitions own(
        R"({"id": "Ble", "fields": [{"id": "access", "type": "XLEIntField", "default": "0x8e89bed6"}],
        "trailer": [{"id": "crc", "type": "X3BytesField", "checksum": {"algorithm": "crc", "polynomial": "0x65b",
            "reflect": true, "initial": "0x555555", "little_endian": true, "skip": ["access"]}}]})");
    EXPECT_EQ(own.built("Ble()/Raw(load=b'\\x40\\x06\\x01\\x23\\x45\\x67\\x89\\xab')"),
              "d6be898e"
              "40060123456789ab"
              "f77ad9");
}

TEST(ChecksumFields, AdlerAndFletcherSums) {
    const std::string text = R"({"id": "text", "type": "StrFixedLenField", "length": 9})";
    const OwnDefinitions adler = with_checksum(
        R"({"id": "sum", "type": "XIntField", "checksum": {"algorithm": "adler32", "skip": ["sum"]}})", text);
    EXPECT_EQ(adler.built("Own(text=b'Wikipedia')"), hex(octets("57696b697065646961"
                                                                "11e60398")));
    const OwnDefinitions fletcher = with_checksum(
        R"({"id": "sum", "type": "XShortField", "checksum": {"algorithm": "fletcher16", "skip": ["sum"]}})",
        R"({"id": "text", "type": "StrFixedLenField", "length": 8})");
    EXPECT_EQ(fletcher.built("Own(text=b'abcdefgh')").substr(16), "0627");
}

TEST(PseudoHeaders, StandInTheOrderOfTheirParts) {
    // With a CRC the order matters. Python: zlib.crc32(bytes.fromhex('0a000001' '000000' '00000007' '07' '07'
    // '00000000' '6869')).
    const OwnDefinitions own(R"(
        {"id": "Net", "fields": [{"id": "address", "type": "IPField"}],
         "pseudo_header": {"parts": [{"field": "address"}, {"zeros": 3}, {"length": 4}, {"protocol": 1}]}},
        {"id": "Own", "under": [{"protocol": "Net"}], "fields": [{"id": "a", "type": "ByteField"},
         {"id": "crc", "type": "XIntField", "checksum": {"algorithm": "crc", "polynomial": "0x04c11db7", "reflect": true,
          "initial": "0xffffffff", "final_xor": "0xffffffff", "pseudo_header_protocol": 7}}]})");
    EXPECT_EQ(own.built("Net(address='10.0.0.1')/Own(a=7)/Raw(load=b'hi')"),
              "0a00000107"
              "3b3c2187"
              "6869");
    // Without such a layer below it stays 0.
    EXPECT_EQ(own.built("Own(a=7)/Raw(load=b'hi')"), "07000000006869");
}

TEST(PseudoHeaders, AreThoseOfTheNearestLayerThatIsAskedFor) {
    const std::string layers = R"(
        {"id": "Net", "fields": [{"id": "n", "type": "ShortField"}], "pseudo_header": {"parts": [{"field": "n", "is": "it"}]}},
        {"id": "Other", "fields": [{"id": "n", "type": "ShortField"}]},
        {"id": "Through", "fields": [{"id": "m", "type": "ShortField"}],
         "pseudo_header": {"through": "Net", "replaces": [{"part": "it", "field": "m"}]}},
        {"id": "Plain", "fields": [{"id": "sum", "type": "XShortField",
            "checksum": {"algorithm": "internet", "pseudo_header_protocol": 7}}]},
        {"id": "Far", "fields": [{"id": "sum", "type": "XShortField",
            "checksum": {"algorithm": "internet", "pseudo_header_protocol": 7, "pseudo_header_of": "Net"}}]})";
    const OwnDefinitions own(layers);
    EXPECT_EQ(own.built("Net(n=5)/Plain()"), "0005fffa");
    EXPECT_EQ(own.built("Net(n=5)/Through(m=6)/Plain()"), "00050006fff9");
    EXPECT_EQ(own.built("Net(n=5)/Other(n=6)/Plain()"), "000500060000");
    EXPECT_EQ(own.built("Net(n=5)/Other(n=6)/Far()"), "00050006fffa");
    EXPECT_EQ(own.built("Other(n=5)/Through(m=6)/Plain()"), "000500060000");
}

TEST(PseudoHeaders, OfALayerThatIsWrittenAsItWasRead) {
    // A UDP datagram whose port is changed; the IPv6 header and the routing header are left as they were read.
    const Bytes bytes = build(
        "IPv6(src='2001:db8::1',dst='2001:db8::2')/"
        "IPv6ExtHdrRouting(addresses=['2001:db8::8','2001:db8::9'])/UDP(sport=1,dport=7)");
    model::Packet packet = packet::to_packet(dissect("IPv6", bytes));
    packet::ExpressionBudget budget;
    packet::set_field(packet.layers[2], 0, Integer{2}, database(), budget);
    packet::reset_field(packet.layers[2], 3);
    EXPECT_EQ(hex(packet::build(packet, database()).bytes),
              hex(build("IPv6(src='2001:db8::1',dst='2001:db8::2')/"
                        "IPv6ExtHdrRouting(addresses=['2001:db8::8','2001:db8::9'])/UDP(sport=2,dport=7)")));
}

TEST(ChecksumRefusal, OfWhatCannotBeMeant) {
    const auto refusal = [](const std::string& type, const std::string& members) {
        return OwnDefinitions::refusal(R"({"id": "P", "fields": [{"id": "f", "type": ")" + type +
                                       R"(", "checksum": {)" + members + "}}]}");
    };
    const auto expect_refused = [&refusal](const std::string& type, const std::string& members,
                                           const std::string& part) {
        EXPECT_NE(refusal(type, members).find(part), std::string::npos) << refusal(type, members);
    };
    const std::string crc = R"("algorithm": "crc", "polynomial": "0x04c11db7")";
    EXPECT_EQ(refusal("XIntField", crc), "");
    expect_refused("XIntField", R"("algorithm": "md5")", "there is no checksum algorithm \"md5\"");
    expect_refused("XIntField", R"("algorithm": "crc")", "\"polynomial\" is missing");
    expect_refused("XShortField", crc, "\"polynomial\" is not a number of 16 bits");
    expect_refused("XIntField", crc + R"(, "initial": "0x100000000")", "\"initial\" is not a number of 32 bits");
    expect_refused("XIntField", crc + R"(, "final_xor": -1)", "\"final_xor\" is not a number of 32 bits");
    expect_refused("XIntField", crc + R"(, "width": 16)", "\"width\" is not that of the field, which has 32 bits");
    expect_refused("XIntField", R"("algorithm": "fletcher16")", "the field of this checksum has 16 bits");
    expect_refused("XShortField", R"("algorithm": "adler32")", "the field of this checksum has 32 bits");
    expect_refused("XShortField", R"("algorithm": "internet", "polynomial": 1)", "unknown key \"polynomial\"");
    expect_refused("XShortField", R"("algorithm": "internet", "skip": ["g"])", "there is no field \"g\"");
    expect_refused("XShortField", R"("algorithm": "internet", "pseudo_header_of": "IPv6")", "means nothing without");
    expect_refused("XShortField", R"("algorithm": "internet", "pseudo_header_protocol": 1, "pseudo_header_of": "IPv5")",
                   "there is no protocol \"IPv5\"");
    expect_refused("XShortField", R"("algorithm": "fletcher16", "check_octets": true, "over": "rest")",
                   "leaves them out");
    expect_refused("XShortField", R"("algorithm": "internet", "pseudo_header_protocol": 1, "pseudo_header_of": "UDP")",
                   "protocol UDP gives no pseudo header");
    expect_refused("XLEIntField", crc + R"(, "little_endian": true)", "has its lowest byte first already");
    expect_refused("XShortField", R"("algorithm": "internet", "over": "rest", "skip": ["f"])",
                   "field f: \"skip\": field f is not in what the checksum covers");
    const std::string sum =
        R"({"id": "sum", "type": "XShortField", "checksum": {"algorithm": "internet", "zero": ["a"]}})";
    const std::string nibbles =
        R"({"id": "a", "type": "BitField", "bits": 4}, {"id": "b", "type": "BitField", "bits": 4})";
    EXPECT_NE(OwnDefinitions::refusal(R"({"id": "P", "fields": [)" + nibbles + ", " + sum + "]}")
                  .find("\"zero\": field a is no whole bytes"),
              std::string::npos);
    // A checksum in the header does not cover the trailer.
    EXPECT_NE(OwnDefinitions::refusal(R"({"id": "P", "fields": [)" + sum +
                                      R"(], "trailer": [{"id": "a", "type": "ByteField"}]})")
                  .find("is not in what the checksum covers"),
              std::string::npos);
    const OwnDefinitions own(R"({"id": "Own", "fields": [{"id": "a", "type": "BitField", "bits": 4},
        {"id": "b", "type": "BitField", "bits": 8}, {"id": "c", "type": "BitField", "bits": 4},
        {"id": "sum", "type": "XShortField", "checksum": {"algorithm": "internet", "skip": ["b"]}}]})");
    EXPECT_EQ(own.build_refusal("Own()"), "Own.sum: its field b, which the checksum leaves out, is no whole bytes");
}

TEST(PseudoHeaderRefusal, OfWhatCannotBeMeant) {
    const auto refusal = [](const std::string& members) {
        return OwnDefinitions::refusal(
            R"({"id": "P", "fields": [{"id": "f", "type": "ByteField"}, {"id": "s", "type": "StrField"}], "pseudo_header": {)" +
            members + "}}");
    };
    const auto expect_refused = [&refusal](const std::string& members, const std::string& part) {
        EXPECT_NE(refusal(members).find(part), std::string::npos) << refusal(members);
    };
    EXPECT_EQ(refusal(R"("parts": [{"field": "f"}, {"zeros": 8}])"), "");
    expect_refused(R"("form": "ipv4")", "either \"parts\" or \"through\"");
    expect_refused(R"("parts": [{"field": "f"}], "through": "IP")", "either \"parts\" or \"through\"");
    expect_refused(R"("parts": [{"field": "s"}])", "has no fixed number of whole bytes");
    expect_refused(R"("parts": [{"zeros": 1, "length": 2}])",
                   "is one of \"field\", \"zeros\", \"protocol\" and \"length\"");
    expect_refused(R"("parts": [{}])", "is one of");
    expect_refused(R"("parts": [{"zeros": 9}])", "\"zeros\" is not a number from 1 to 8");
    expect_refused(R"("parts": [{"zeros": 1, "rule": "1"}])", "unknown key \"rule\"");
    expect_refused(R"("through": "Nope")", "there is no protocol \"Nope\"");
    expect_refused(R"("through": "IP", "replaces": [{"part": "x", "field": "g"}])", "there is no field \"g\"");
    expect_refused(R"("through": "IP", "replaces": [{"part": "x", "field": "f", "element": "second"}])",
                   "means nothing for field f, which is no list");
    expect_refused(R"("through": "UDP")", "protocol UDP gives no pseudo header");
    expect_refused(R"("through": "IPv6", "replaces": [{"part": "sourse", "field": "s"}])",
                   "the pseudo header of IPv6 has no part \"sourse\"; did you mean \"source\"?");
    expect_refused(R"("through": "IPv6", "replaces": [{"part": "source", "field": "f"}])",
                   "field f has 8 bits, and the part \"source\" that it replaces 128");
    EXPECT_NE(OwnDefinitions::refusal(R"({"id": "P", "fields": [{"id": "l", "type": "IP6ListField"}],
        "pseudo_header": {"through": "IPv6", "replaces": [{"part": "source", "field": "l", "element": "second"}]}})")
                  .find("neither first nor last"),
              std::string::npos);
    const OwnDefinitions own(R"({"id": "Net", "fields": [{"id": "n", "type": "IntField"}],
        "pseudo_header": {"parts": [{"length": 1, "rule": "n"}]}},
        {"id": "Up", "fields": [{"id": "sum", "type": "XShortField", "checksum": {"algorithm": "internet", "pseudo_header_protocol": 7}}]})");
    EXPECT_EQ(own.build_refusal("Net(n=256)/Up()"),
              "Up.sum: the length in its pseudo header, 256, does not fit into 1 bytes");
}

}  // namespace
}  // namespace framewright::tests
