// Identifiers, lengths and contents of values. Expected octets are those of the examples in X.690 and of openssl.
#include "protocol_db/fields/ber.hpp"

#include <gtest/gtest.h>

#include "tests/unit/packet_helpers.hpp"

namespace framewright::tests {

namespace ber = fields::ber;

namespace {

std::string refusal_of(std::string_view digits) {
    try {
        ber::read_header(octets(digits));
    } catch (const fields::DecodeError& error) {
        return error.what();
    }
    return "";
}

std::string header(const model::BerTag& tag, std::size_t length, std::size_t length_octets = 0) {
    Bytes out;
    ber::write_header(out, tag, length, length_octets);
    return hex(out);
}

std::string identifier(std::string_view dotted) {
    const auto contents = ber::object_identifier_contents(dotted);
    return contents ? hex(*contents) : "none";
}

std::string integer(std::string_view text) {
    const auto contents = ber::integer_contents(text);
    return contents ? hex(*contents) : "none";
}

}  // namespace

TEST(Ber, ReadsIdentifiers) {
    const ber::Header boolean = ber::read_header(octets("0101ff"));
    EXPECT_EQ(boolean.tag, ber::universal(ber::kBoolean));
    EXPECT_EQ(boolean.size, 2U);
    EXPECT_EQ(boolean.length, 1U);
    const ber::Header application = ber::read_header(octets("67074305 4a6f6e6573"));
    EXPECT_EQ(application.tag, (model::BerTag{model::TagClass::kApplication, 7, true}));
    const ber::Header large = ber::read_header(octets("bf8f7f00"));
    EXPECT_EQ(large.tag, (model::BerTag{model::TagClass::kContext, 2047, true}));
    EXPECT_EQ(large.size, 4U);
}

TEST(Ber, WritesIdentifiers) {
    EXPECT_EQ(header(ber::universal(ber::kSequence), 10), "300a");
    EXPECT_EQ(header({model::TagClass::kPrivate, 30, false}, 0), "de00");
    EXPECT_EQ(header({model::TagClass::kContext, 31, false}, 0), "9f1f00");
    EXPECT_EQ(header({model::TagClass::kContext, 2047, true}, 0), "bf8f7f00");
}

TEST(Ber, ReadsAndWritesLengthsOfAnyForm) {
    // X.690 section 8.1.3.5: 201.
    EXPECT_EQ(header(ber::universal(ber::kOctetString), 201), "0481c9");
    EXPECT_EQ(header(ber::universal(ber::kOctetString), 127), "047f");
    EXPECT_EQ(header(ber::universal(ber::kOctetString), 65536), "0483010000");
    EXPECT_EQ(header(ber::universal(ber::kOctetString), 5, 2), "04820005");
    EXPECT_EQ(header(ber::universal(ber::kOctetString), 300, 1), "0482012c");
    const ber::Header read = ber::read_header(octets("0482000568656c6c6f"));
    EXPECT_EQ(read.length, 5U);
    EXPECT_EQ(read.size, 4U);
    EXPECT_EQ(read.length_octets, 2U);
    EXPECT_EQ(ber::read_header(octets("048a00000000000000000001ff")).length, 1U);
    Bytes long_value = octets("0481c9");
    long_value.resize(3 + 201);
    EXPECT_EQ(ber::read_header(long_value).length, 201U);
    EXPECT_EQ(ber::read_header(long_value).length_octets, 0U);
}

TEST(Ber, RefusesWhatIsNoHeader) {
    EXPECT_NE(refusal_of(""), "");
    EXPECT_NE(refusal_of("30"), "");
    EXPECT_NE(refusal_of("1f"), "");
    EXPECT_NE(refusal_of("1f80"), "");
    EXPECT_NE(refusal_of("1f1e00"), "");
    EXPECT_NE(refusal_of("1fffffffff7f00"), "");
    EXPECT_NE(refusal_of("3080 0000"), "") << "the indefinite form";
    EXPECT_NE(refusal_of("30ff"), "") << "a reserved form";
    EXPECT_NE(refusal_of("3002 00"), "") << "cut short";
    EXPECT_NE(refusal_of("3084ffffffff00"), "");
    EXPECT_NE(refusal_of("3088ffffffffffffffff00"), "");
    EXPECT_NE(refusal_of("308900ffffffffffffffff"), "");
    EXPECT_NE(refusal_of("3082"), "");
}

TEST(Ber, IntegersOfAnySize) {
    // As openssl asn1parse -genstr INTEGER:... writes them.
    EXPECT_EQ(integer("0"), "00");
    EXPECT_EQ(integer("127"), "7f");
    EXPECT_EQ(integer("128"), "0080");
    EXPECT_EQ(integer("256"), "0100");
    EXPECT_EQ(integer("-1"), "ff");
    EXPECT_EQ(integer("-128"), "80");
    EXPECT_EQ(integer("-129"), "ff7f");
    EXPECT_EQ(integer("340282366920938463463374607431768211456"), "0100000000000000000000000000000000");
    EXPECT_EQ(integer("0xf23456789abcdef0123456789abcdef0"), "00f23456789abcdef0123456789abcdef0");
    EXPECT_EQ(integer("-0x8000000000000000000000000000000000"), "8000000000000000000000000000000000");
    EXPECT_EQ(integer(""), "none");
    EXPECT_EQ(integer("-"), "none");
    EXPECT_EQ(integer("0x"), "none");
    EXPECT_EQ(integer("12a"), "none");
    EXPECT_EQ(integer(std::string(10001, '9')), "none");
    EXPECT_EQ(ber::integer_text(octets("00f23456789abcdef0")), "0xf23456789abcdef0");
    EXPECT_EQ(ber::integer_text(octets("80")), "-0x80");
    EXPECT_EQ(ber::integer_text(octets("00")), "0x0");
    EXPECT_EQ(ber::integer_text(octets("ff7f")), "-0x81");
}

TEST(Ber, ObjectIdentifiers) {
    // X.690 section 8.19.5: {2 100 3}; RFC 5280: 1.2.840.113549.1.1.11 as openssl writes it.
    EXPECT_EQ(identifier("2.100.3"), "813403");
    EXPECT_EQ(identifier("1.2.840.113549.1.1.11"), "2a864886f70d01010b");
    EXPECT_EQ(identifier(".1.3.6.1"), "2b0601");
    EXPECT_EQ(identifier("0.0"), "00");
    EXPECT_EQ(identifier("1.39"), "4f");
    EXPECT_EQ(identifier("2.40"), "78");
    EXPECT_EQ(identifier("2.25.329800735698586629295641978511506172918"), "6983f09da7ebcfdee0c7a1a7b2c0948cc8f9d776");
    for (const char* const text : {"", "1", "3.1", "1.40", "1..2", "1.2.", "1.x", "1.-2"}) {
        EXPECT_EQ(identifier(text), "none") << text;
    }
    EXPECT_EQ(ber::object_identifier_text(octets("813403")).value(), "2.100.3");
    EXPECT_EQ(ber::object_identifier_text(octets("2a864886f70d01010b")).value(), "1.2.840.113549.1.1.11");
    EXPECT_FALSE(ber::object_identifier_text(octets("2a86")));
    EXPECT_FALSE(ber::object_identifier_text(octets("2a8001")));
    EXPECT_FALSE(ber::object_identifier_text({}));
}

}  // namespace framewright::tests
