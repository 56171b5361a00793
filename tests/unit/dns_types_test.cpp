#include "protocol_db/fields/dns_types.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "tests/unit/field_under_test.hpp"

namespace framewright::tests {
namespace {

/// The name that begins at a position of a message, and the position behind it.
std::pair<std::string, std::size_t> name_at(const Bytes& message, std::size_t position) {
    const Bytes name = fields::read_domain_name(message, position, message);
    return {std::string(name.begin(), name.end()), position};
}

using NameAt = std::pair<std::string, std::size_t>;

std::string written(std::string_view name) {
    Bytes out;
    fields::write_domain_name(Bytes(name.begin(), name.end()), out);
    return hex(out);
}

/// The message of RFC 1035 section 4.1.4: names at 20, 40, 64 and 92.
Bytes rfc1035_message() {
    Bytes message(93, 0xee);
    const auto put = [&message](std::size_t position, std::string_view digits) {
        const Bytes part = octets(digits);
        std::copy(part.begin(), part.end(), message.begin() + static_cast<std::ptrdiff_t>(position));
    };
    put(20, "01 46 03 495349 04 41525041 00");
    put(40, "03 464f4f c014");
    put(64, "c01a");
    put(92, "00");
    return message;
}

TEST(DomainName, PointersOfRfc1035) {
    const Bytes message = rfc1035_message();
    EXPECT_EQ(name_at(message, 20), (NameAt{"F.ISI.ARPA.", 32}));
    EXPECT_EQ(name_at(message, 40), (NameAt{"FOO.F.ISI.ARPA.", 46}));
    EXPECT_EQ(name_at(message, 64), (NameAt{"ARPA.", 66}));
    EXPECT_EQ(name_at(message, 92), (NameAt{"", 93}));
}

TEST(DomainName, EndsAtAPointerThatLeadsNowhereOrInACircle) {
    EXPECT_EQ(name_at(octets("0161 c0ff"), 0), (NameAt{"a.", 4}));
    EXPECT_EQ(name_at(octets("c000"), 0).second, 2U);
    // Two pointers at each other.
    EXPECT_EQ(name_at(octets("c002 c000"), 0).second, 2U);
    // A label before a pointer to that label would go on for ever.
    EXPECT_LE(name_at(octets("0161 c000"), 0).first.size(), 1024U);
}

TEST(DomainName, EndsWhereTheBytesDo) {
    EXPECT_EQ(name_at(octets("0561"), 0), (NameAt{"a.", 2}));
    EXPECT_EQ(name_at(octets("0161"), 0), (NameAt{"a.", 2}));
    EXPECT_EQ(name_at(octets("c0"), 0).second, 1U);
    EXPECT_EQ(name_at({}, 0), (NameAt{"", 0}));
}

TEST(DomainName, OfTooManyLabelsIsRefused) {
    Bytes message;
    for (int count = 0; count < 20; ++count) {
        message.push_back(63);
        message.insert(message.end(), 63, 'x');
    }
    EXPECT_THROW(name_at(message, 0), fields::DecodeError);
}

TEST(DomainName, IsWrittenAsLabels) {
    EXPECT_EQ(written("F.ISI.ARPA"), "014603495349044152504100");
    EXPECT_EQ(written("F.ISI.ARPA."), "014603495349044152504100");
    EXPECT_EQ(written("."), "00");
    EXPECT_EQ(written(""), "00");
    EXPECT_EQ(written(std::string(63, 'x')).substr(0, 2), "3f");
}

TEST(DomainName, LabelsThatCannotBeAreRefused) {
    EXPECT_THROW(written(std::string(64, 'x')), fields::ValueError);
    EXPECT_THROW(written("a..b"), fields::ValueError);
    EXPECT_THROW(written(".a"), fields::ValueError);
    const FieldUnderTest field(R"("type": "DNSStrField", "default": ".")");
    EXPECT_NE(field.refusal("a..b").find("label"), std::string::npos);
    EXPECT_NE(field.refusal(5), "");
    EXPECT_EQ(field.bytes("example.com"), "076578616d706c6503636f6d00");
    EXPECT_EQ(field.read("076578616d706c6503636f6d00ff"), "example.com.");
}

TEST(DomainName, ThatIsEncodedAlreadyIsWrittenAsItIs) {
    const FieldUnderTest field(R"("type": "DNSStrField", "default": ".")");
    const auto written_as = [&field](std::string_view digits) { return field.bytes(model::Value(octets(digits))); };
    // Pointers of RFC 1035 section 4.1.4, alone and behind a label, and a name that ends with the root.
    for (const char* const digits : {"c00c", "03777777c00c", "0377777700", "00"}) {
        EXPECT_EQ(written_as(digits), digits);
    }
    EXPECT_EQ(field.expression_bytes("b'\\xc0\\x0c'"), "c00c");
    EXPECT_EQ(field.bytes(model::Value(std::string("\3www\0", 5))), "0377777700");
    // With a dot it is labels; and the letters of a text are no pointer, although the octets of some look like one.
    EXPECT_EQ(written_as("c00c2e"), "02c00c00");
    EXPECT_EQ(field.bytes("\u00e9"), "02c3a900");
    EXPECT_EQ(field.bytes(field.layer("\u00e9").fields[0].value), "02c3a900");
}

TEST(DomainNameList, NamesInARow) {
    // RFC 8106 section 5.2: filled up with zeros, which are no names.
    const FieldUnderTest field(R"("type": "DomainNameListField")");
    EXPECT_EQ(field.expression_bytes("['a.b', 'c']"),
              "01610162"
              "00"
              "016300");
    EXPECT_EQ(field.expressed("01610162"
                              "00"
                              "016300"
                              "0000"),
              "[b'a.b.', b'c.']");
    EXPECT_NE(field.refusal("['a..b']"), "");
    EXPECT_NE(field.refusal("[5]"), "");
    EXPECT_EQ(field.bytes("a.b, c"),
              "01610162"
              "00"
              "016300");
    EXPECT_NE(field.refusal("a..b"), "");
    EXPECT_EQ(field.expression_bytes("[b'\\x01a\\x00', 'c']"), "016100016300");
}

TEST(CharacterStrings, EachBehindItsLength) {
    const FieldUnderTest field(R"("type": "DNSTextField")");
    EXPECT_EQ(field.expression_bytes("['one', b'two']"),
              "036f6e6503"
              "74776f");
    EXPECT_EQ(field.expressed("036f6e650374776f"), "[b'one', b'two']");
    EXPECT_EQ(field.expressed("ff6f"), "[b'o']");
    // RFC 1035 section 3.3: at most 255 octets; a longer text goes on in the next one.
    const std::string wide = field.bytes(std::string(300, 'x').c_str());
    EXPECT_EQ(wide.substr(0, 2), "ff");
    EXPECT_EQ(wide.substr(256 * 2, 2), "2d");
    EXPECT_EQ(wide.size(), (300 + 2) * 2U);
    EXPECT_NE(field.refusal(5), "");
    EXPECT_NE(field.expression_refusal("[5]"), "");
}

TEST(TypeBitmaps, OfRfc4034) {
    // Section 4.3: A, MX, RRSIG, NSEC and TYPE1234 are 00 06 40 01 00 00 00 03, 04 1b and 26 octets of zeros and 20.
    const FieldUnderTest field(R"("type": "RRlistField")");
    EXPECT_EQ(field.expression_bytes("[1, 15, 46, 47, 1234]"),
              "0006400100000003"
              "041b" +
                  std::string(26 * 2, '0') + "20");
    EXPECT_NE(field.expression_refusal("[65536]").find("65535"), std::string::npos);
    EXPECT_NE(field.expression_refusal("['A']"), "");
}

TEST(DnsMessage, NamesOfRecordsPointBack) {
    const Bytes message = octets(
        "0001 8180 0001 0002 0000 0000"
        "07 6578616d706c65 03 636f6d 00 0001 0001"
        "c00c 0005 0001 0000003c 0006 03 777777 c00c"
        "c029 0001 0001 0000003c 0004 c0000201");
    const auto layers = dissect("DNS", message);
    const std::string expression = expression_of(layers);
    EXPECT_NE(expression.find("rdata=b'www.example.com.'"), std::string::npos) << expression;
    EXPECT_NE(expression.find("rrname=b'www.example.com.'"), std::string::npos) << expression;
    EXPECT_NE(expression.find("rdata='192.0.2.1'"), std::string::npos) << expression;
    EXPECT_EQ(hex(build(packet::to_packet(layers))), hex(message));
}

TEST(DnsMessage, ClientsMayWritePointers) {
    // As Scapy's users do: the name at offset 12, that of the question.
    const Bytes bytes =
        build("DNS(qd=DNSQR(qname='example.com'),an=DNSRR(rrname=b'\\xc0\\x0c',ttl=60,rdata='1.2.3.4'))");
    EXPECT_EQ(hex(ByteView(bytes).subspan(12)),
              "076578616d706c6503636f6d0000010001"
              "c00c000100010000003c000401020304");
    EXPECT_NE(expression_of(dissect("DNS", bytes)).find("rrname=b'example.com.'"), std::string::npos);
    const Bytes exchange = build("DNSRRMX(rrname=b'\\xc0\\x0c',type=15,exchange=b'\\x02mx\\xc0\\x0c')");
    EXPECT_EQ(hex(exchange), "c00c000f00010000000000070000026d78c00c");
}

TEST(DnsRecord, IsOfItsTypeInAMessageAlone) {
    const std::string tsig = "0000fa0001000000000000";
    EXPECT_EQ(ids_of(dissect("DNSRR", octets(tsig))), "DNSRR");
    const auto message = dissect("DNS", octets("0000 0000 0000 0001 0000 0000" + tsig));
    EXPECT_NE(expression_of(message).find("an=DNSRRTSIG("), std::string::npos) << expression_of(message);
}

TEST(DnsMessage, MoreRecordsThanThereAreAreNotInvented) {
    const Bytes message = octets("0001 8180 ffff ffff ffff ffff 00 0001 0001");
    const auto layers = dissect("DNS", message);
    std::size_t size = 0;
    for (const packet::DissectedLayer& layer : layers) {
        size += layer.header_length;
    }
    EXPECT_EQ(size, message.size());
    EXPECT_EQ(hex(build(packet::to_packet(layers))), hex(message));
}

TEST(DnsMessage, CountsFollowTheRecords) {
    const Bytes bytes = build("DNS(qd=DNSQR()/DNSQR(),an=DNSRR()/DNSRR()/DNSRR(),ns=DNSRR(),ar=DNSRROPT()/DNSRR())");
    EXPECT_EQ(hex(ByteView(bytes).subspan(4, 8)), "0002000300010002");
}

TEST(DnsMessage, RecordsMayStandInAList) {
    EXPECT_EQ(hex(build("DNS(an=[DNSRR(rrname='a'), DNSRR(rrname='b')])")),
              hex(build("DNS(an=DNSRR(rrname='a')/DNSRR(rrname='b'))")));
}

TEST(DnsMessage, OverTcpHasItsLengthInFront) {
    // RFC 1035 section 4.2.2.
    const Bytes over_udp = build("UDP()/DNS(qd=DNSQR(qname='a'))");
    const Bytes over_tcp = build("TCP(sport=53)/DNS(qd=DNSQR(qname='a'))");
    const std::size_t size = over_udp.size() - 8;
    EXPECT_EQ(over_tcp.size(), 20 + 2 + size);
    EXPECT_EQ(over_tcp[20] << 8 | over_tcp[21], static_cast<int>(size));
    EXPECT_EQ(hex(ByteView(over_tcp).subspan(22)), hex(ByteView(over_udp).subspan(8)));
}

/// Records whose bytes behind the name are as many as a rule says.
FieldUnderTest named_records(const std::string& rule) {
    const std::string members =
        R"("type": "NamedRecordListField", "holds": "R", "count": "n", "record_length": "RULE")";
    return FieldUnderTest(std::string(members).replace(members.find("RULE"), 4, rule),
                          R"({"id": "n", "type": "ByteField"}, {"id": "m", "type": "ByteField"})",
                          R"json({"id": "R", "fields": [{"id": "name", "type": "DNSStrField"},
                              {"id": "size", "type": "ByteField", "computed": "length(data)"},
                              {"id": "data", "type": "StrField"}]})json");
}

TEST(NamedRecords, SayInTheirBytesHowLongTheyAre) {
    const FieldUnderTest field = named_records("byte(0) + 1");
    // The second name points at the first, and is written out again; what is left is not the field's.
    const model::Value value = field.read_value("0200 016100 026869 0162c002 017a ffff");
    EXPECT_EQ(field.bytes(value), "00000161000268690162016100017a");
    EXPECT_EQ(field.decode_refusal("0100 016100"), "the bytes end within a record");
    EXPECT_EQ(named_records("0").decode_refusal("0200 0161"), "the bytes end in front of a record");
    EXPECT_EQ(named_records("2").decode_refusal("0100 016100 00"), "the bytes end within a record");
    EXPECT_EQ(named_records("byte(0) - 9").decode_refusal("0100 016100 00"), "the length of a record is negative");
    for (const char* const rule : {"n", "length(m)", "remaining", "below(R)"}) {
        EXPECT_THROW(named_records(rule), loader::DefinitionError) << rule;
    }
}

}  // namespace
}  // namespace framewright::tests
