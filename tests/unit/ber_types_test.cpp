// Fields that are values of ASN.1. Expected octets are those of the examples in X.690, of openssl asn1parse -genstr,
// and of RFC 5280.
#include <gtest/gtest.h>

#include "protocol_db/fields/ber.hpp"
#include "tests/unit/field_under_test.hpp"

namespace framewright::tests {

namespace {

/// A database of a file of our own.
class OwnDefinitions {
public:
    explicit OwnDefinitions(std::string protocols, const std::string& shared = "")
        : text_("{" + shared + R"("protocols": [
            {"id": "Raw", "role": "unknown_payload", "fields": [{"id": "load", "type": "StrField", "default": ""}]},
            {"id": "Padding", "is_a": "Raw", "role": "padding"},)" +
                protocols + "]}") {
        const std::array<loader::DefinitionFile, 1> files{loader::DefinitionFile{"test.json", text_}};
        database_ = loader::load(files);
    }

    const model::Database& database() const { return *database_; }

    std::string bytes(std::string_view expression) const {
        return hex(packet::build(packet_of(expression), *database_).bytes);
    }
    model::Packet packet_of(std::string_view expression) const {
        packet::ExpressionBudget budget;
        return *packet::read_expression(expression, *database_, budget).get_if<model::Packet>();
    }
    /// The packet as constructor calls, or why it cannot be read.
    std::string read(std::string_view first, std::string_view digits) const {
        try {
            std::string text;
            fields::append_expression(
                packet::to_packet(packet::Dissector(*database_).dissect(*database_->find(first), octets(digits))),
                text);
            return text;
        } catch (const fields::DecodeError& error) {
            return error.what();
        }
    }
    /// What is read of the bytes gives them again.
    void expect_round_trip(std::string_view first, std::string_view digits) const {
        const std::string text = read(first, digits);
        EXPECT_EQ(bytes(text), hex(octets(digits))) << text;
    }

private:
    std::string text_;
    std::unique_ptr<const model::Database> database_;
};

/// Why a definition of one protocol is refused.
std::string refusal_of(const std::string& protocols, const std::string& shared = "") {
    try {
        OwnDefinitions definitions(protocols, shared);
    } catch (const loader::DefinitionError& error) {
        return error.reason();
    }
    return "";
}

}  // namespace

TEST(BerTypes, Integers) {
    const FieldUnderTest field(R"("type": "ASN1F_INTEGER", "default": 0)");
    EXPECT_EQ(field.default_bytes(), "020100");
    EXPECT_EQ(field.bytes(128), "02020080");
    EXPECT_EQ(field.bytes("-129"), "0202ff7f");
    EXPECT_EQ(field.bytes("0x10"), "020110");
    EXPECT_EQ(field.bytes("0xf23456789abcdef0123456789abcdef0"), "021100f23456789abcdef0123456789abcdef0");
    EXPECT_EQ(field.read("0209 00ffffffffffffffff"), "18446744073709551615");
    EXPECT_EQ(field.read("0208 8000000000000000"), "-9223372036854775808");
    EXPECT_EQ(field.read("0209 010000000000000000"), "0x10000000000000000");
    EXPECT_EQ(field.bytes(bytes_value("\x05")), "020105");
    EXPECT_NE(field.decode_refusal("0200"), "");
    EXPECT_NE(field.decode_refusal("0402 0001"), "") << "another tag";
    EXPECT_NE(field.decode_refusal("0202 01"), "") << "cut short";
    EXPECT_NE(field.refusal("twelve"), "");
    // Longer than need be: its octets.
    EXPECT_TRUE(field.read_value("0202 0001").is<Bytes>());
}

TEST(BerTypes, EnumeratedNumbers) {
    const FieldUnderTest field(R"("type": "ASN1F_ENUMERATED", "default": "b", "enumeration": {"0": "a", "1": "b"})");
    EXPECT_EQ(field.default_bytes(), "0a0101");
    EXPECT_EQ(field.bytes("a"), "0a0100");
    EXPECT_EQ(field.read("0a0101"), "b");
    EXPECT_EQ(field.read("0a0102"), "2");
    EXPECT_NE(field.refusal("c"), "");
}

TEST(BerTypes, Booleans) {
    const FieldUnderTest field(R"("type": "ASN1F_BOOLEAN", "default": 0)");
    EXPECT_EQ(field.default_bytes(), "010100");
    EXPECT_EQ(field.bytes("True"), "0101ff");
    EXPECT_EQ(field.bytes(1), "0101ff");
    EXPECT_EQ(field.read("0101ff"), "True");
    EXPECT_TRUE(field.read_value("010101").is<Bytes>());
    EXPECT_EQ(field.bytes(field.read_value("010101")), "010101");
    EXPECT_NE(field.decode_refusal("0100"), "");
    EXPECT_NE(field.refusal(2), "");
}

TEST(BerTypes, NullsAndObjectIdentifiers) {
    const FieldUnderTest null(R"("type": "ASN1F_NULL", "default": 0)");
    EXPECT_EQ(null.default_bytes(), "0500");
    EXPECT_NE(null.decode_refusal("050100"), "");
    const FieldUnderTest identifier(R"("type": "ASN1F_OID", "default": "2.100.3")");
    EXPECT_EQ(identifier.default_bytes(), "0603813403");
    EXPECT_EQ(identifier.bytes("1.2.840.113549"), "06062a864886f70d");
    EXPECT_EQ(identifier.read("0603813403"), "2.100.3");
    EXPECT_NE(identifier.decode_refusal("0600"), "");
    EXPECT_NE(identifier.decode_refusal("06022a86"), "");
    EXPECT_NE(identifier.refusal("1"), "");
}

TEST(BerTypes, Strings) {
    EXPECT_EQ(FieldUnderTest(R"("type": "ASN1F_IA5_STRING", "default": "Smith")").default_bytes(), "1605536d697468");
    EXPECT_EQ(FieldUnderTest(R"("type": "ASN1F_PRINTABLE_STRING", "default": "DE")").default_bytes(), "13024445");
    EXPECT_EQ(FieldUnderTest(R"("type": "ASN1F_UTF8_STRING", "default": "é")").default_bytes(), "0c02c3a9");
    EXPECT_EQ(FieldUnderTest(R"("type": "ASN1F_T61_STRING", "default": "a")").default_bytes(), "140161");
    // X.690 section 8.14: the same text tagged in all ways.
    const char* const kJones = "4a6f6e6573";
    const auto tagged = [](const std::string& tags) {
        return FieldUnderTest(R"("type": "ASN1F_ISO646_STRING", "default": "Jones")" + tags).default_bytes();
    };
    EXPECT_EQ(tagged(""), std::string("1a05") + kJones);
    EXPECT_EQ(tagged(R"(, "implicit_tag": "application 3")"), std::string("4305") + kJones);
    EXPECT_EQ(tagged(R"(, "implicit_tag": "application 3", "explicit_tag": 2)"), std::string("a2074305") + kJones);
    EXPECT_EQ(tagged(R"(, "implicit_tag": 2)"), std::string("8205") + kJones);
}

TEST(BerTypes, StringsThatAreAnotherField) {
    const FieldUnderTest field(R"("type": "ASN1F_STRING", "implicit_tag": "application 0",
                                  "contents": {"type": "IPField"}, "default": "192.0.2.1")");
    EXPECT_EQ(field.default_bytes(), "4004c0000201");
    EXPECT_EQ(field.read("4004c0000202"), "192.0.2.2");
    EXPECT_TRUE(field.read_value("4003c00002").is<Bytes>());
    EXPECT_EQ(field.bytes(field.read_value("4003c00002")), "4003c00002");
}

TEST(BerTypes, Times) {
    // RFC 5280 section 4.1.2.5; the dates are what openssl x509 -dates prints.
    const FieldUnderTest utc(R"("type": "ASN1F_UTC_TIME", "default": "920521000000Z")");
    EXPECT_EQ(utc.default_bytes(), "170d3932303532313030303030305a");
    EXPECT_EQ(utc.read("170d3932303532313030303030305a"), "May 21 00:00:00 1992 GMT");
    EXPECT_EQ(utc.read("170d3439313233313233353935395a"), "Dec 31 23:59:59 2049 GMT");
    EXPECT_EQ(utc.bytes("May  1 00:00:00 1992 GMT"), "170d3932303530313030303030305a");
    EXPECT_EQ(utc.read("170b393230353231303030305a"), "9205210000Z");
    EXPECT_EQ(utc.read("170d3932313332313030303030305a"), "921321000000Z") << "no such month";
    EXPECT_NE(utc.refusal("May 21 00:00:00 2050 GMT"), "");
    EXPECT_NE(utc.refusal("yesterday"), "");
    const FieldUnderTest generalized(R"("type": "ASN1F_GENERALIZED_TIME", "default": "20500101000000Z")");
    EXPECT_EQ(generalized.default_bytes(), "180f32303530303130313030303030305a");
    EXPECT_EQ(generalized.read("180f32303530303130313030303030305a"), "Jan  1 00:00:00 2050 GMT");
    EXPECT_EQ(generalized.bytes("Jan  1 00:00:00 2050 GMT"), "180f32303530303130313030303030305a");
    EXPECT_EQ(generalized.read("181131393835313130363231303632372e335a"), "19851106210627.3Z");
}

TEST(BerTypes, BitStrings) {
    const FieldUnderTest field(R"("type": "ASN1F_BIT_STRING", "default": "")");
    EXPECT_EQ(field.default_bytes(), "030100");
    // X.690 section 8.6.4.2: '0A3B5F291CD'H.
    EXPECT_EQ(field.bytes("00001010001110110101111100101001000111001101"), "0307040a3b5f291cd0");
    EXPECT_EQ(field.read("0307040a3b5f291cd0"), "00001010001110110101111100101001000111001101");
    EXPECT_EQ(field.bytes("0x8001"), "0303008001");
    EXPECT_EQ(field.read("0303008001"), "0x8001");
    EXPECT_EQ(field.bytes(bytes_value("ab")), "0303006162");
    // Bits that fill up the last octet and are not 0.
    EXPECT_EQ(field.expressed("03020517"), "(5, b'\\x17')");
    EXPECT_EQ(field.expression_bytes("(5, b'\\x17')"), "03020517");
    EXPECT_NE(field.decode_refusal("0300"), "");
    EXPECT_NE(field.decode_refusal("030108"), "");
    EXPECT_NE(field.decode_refusal("030101"), "");
    EXPECT_NE(field.refusal("0x800"), "");
}

TEST(BerTypes, NamedBits) {
    const FieldUnderTest field(R"("type": "ASN1F_FLAGS", "bit_names": ["first", "second", "third"], "default": "101")");
    EXPECT_EQ(field.default_bytes(), "030205a0");
    EXPECT_EQ(field.read("030205a0"), "first+third");
    EXPECT_EQ(field.bytes("second"), "03020640");
    EXPECT_EQ(field.bytes("third + first"), "030205a0");
    EXPECT_EQ(field.read("03020430"), "0011") << "a bit without a name";
    EXPECT_EQ(field.read("03020440"), "0100") << "zeros at the end, which DER has not";
    EXPECT_EQ(field.bytes("0100"), "03020440");
    EXPECT_NE(field.refusal("fourth"), "");
}

TEST(BerTypes, LengthsThatAreLongerThanNeedBe) {
    const OwnDefinitions own(R"({"id": "P", "encoding": "ber", "fields": [
        {"id": "a", "type": "ASN1F_STRING", "explicit_tag": 1, "default": ""}, {"id": "b", "type": "ASN1F_INTEGER", "default": 0}]})");
    EXPECT_EQ(own.bytes("P()"),
              "3007a10204000201"
              "00");
    EXPECT_EQ(own.read("P", "308200 0a a1 81 04 04 82 0000 02 01 05"), "P(length_octets=[[2], [1, 2]],a=b'',b=5)");
    own.expect_round_trip("P", "3082000aa18104048200000201 05");
    // Changed, the others keep how they are written; a length that needs more octets has them.
    EXPECT_EQ(own.bytes("P(length_octets=[[2], [1, 2]],a=b'',b=256)"),
              "3082000ba1810404820000"
              "02020100");
    EXPECT_EQ(own.bytes("P(length_octets=[[1], [], [9]])").substr(0, 8), "308110a1");
    EXPECT_THROW(own.bytes("P(length_octets=[2])"), fields::ValueError);
    EXPECT_THROW(own.bytes("P(length_octets=[[127]])"), fields::ValueError);
}

TEST(BerTypes, SequenceOfX690) {
    // X.690 section 8.9.3: SEQUENCE {name IA5String, ok BOOLEAN} of "Smith", TRUE.
    const OwnDefinitions own(R"({"id": "P", "encoding": "ber", "fields": [
        {"id": "name", "type": "ASN1F_IA5_STRING", "default": "Smith"}, {"id": "ok", "type": "ASN1F_BOOLEAN", "default": 1}]})");
    EXPECT_EQ(own.bytes("P()"), "300a1605536d6974680101ff");
    EXPECT_EQ(own.read("P", "300a1605536d6974680101ff"), "P(name=b'Smith',ok=1)");
    // Each field where its tag, length and contents are.
    const packet::DissectedLayer layer = packet::Dissector(own.database())
                                             .dissect(*own.database().find("P"), octets("300a1605536d6974680101ff"))
                                             .front();
    EXPECT_EQ(layer.places[0].first_bit, 16U);
    EXPECT_EQ(layer.places[0].bits, 56U);
    EXPECT_EQ(layer.places[1].first_bit, 72U);
    EXPECT_EQ(layer.places[1].bits, 24U);
    EXPECT_EQ(packet::build(own.packet_of("P()"), own.database()).places.front()[1].first_bit, 72U);
    for (const char* const wrong :
         {"", "30", "300a1605536d697468", "30071605536d697468", "300b1605536d6974680101ff", "310a1605536d6974680101ff",
          "300d1605536d6974680101ff020100", "300a1606536d6974680101ff", "30801605536d6974680101ff0000"}) {
        EXPECT_FALSE(own.read("P", wrong).starts_with("P(")) << wrong;
    }
}

TEST(BerTypes, OptionalAndDefaultValues) {
    const OwnDefinitions own(R"({"id": "P", "encoding": "ber", "fields": [
        {"id": "version", "type": "ASN1F_INTEGER", "explicit_tag": 0, "default": 0, "default_omitted": true},
        {"id": "a", "type": "ASN1F_INTEGER", "optional": true}, {"id": "b", "type": "ASN1F_STRING", "default": "x"},
        {"id": "c", "type": "ASN1F_INTEGER", "optional": true, "default": 7}]})");
    EXPECT_EQ(own.bytes("P()"), "3006040178020107");
    EXPECT_EQ(own.bytes("P(version=0, a=1, c=None)"), "300ba003020100020101040178");
    EXPECT_EQ(own.read("P", "3003040178"), "P(a=None,b=b'x',c=None)");
    for (const char* const bytes :
         {"3003040178", "3006040178020107", "300ba003020100020101040178", "3006020101040178"}) {
        own.expect_round_trip("P", bytes);
    }
    EXPECT_FALSE(own.read("P", "3000").starts_with("P(")) << "b is missing";
    EXPECT_FALSE(own.read("P", "3003020101").starts_with("P(")) << "b is missing";
}

TEST(BerTypes, GroupsAmongTheFields) {
    const OwnDefinitions own(R"({"id": "P", "encoding": {"rules": "ber", "implicit_tag": "application 5"}, "fields": [
        {"id": "a", "type": "ASN1F_INTEGER", "default": 1},
        {"type": "ASN1F_SEQUENCE", "inside": "bit_string", "explicit_tag": 0, "fields": [
            {"id": "b", "type": "ASN1F_INTEGER", "default": 2},
            {"type": "ASN1F_SET", "implicit_tag": 1, "fields": [{"id": "c", "type": "ASN1F_INTEGER", "default": 3}]}]},
        {"id": "d", "type": "ASN1F_INTEGER", "default": 4}]})");
    EXPECT_EQ(own.bytes("P()"),
              "6515020101a00d030b003008020102a1030201030201"
              "04");
    own.expect_round_trip("P", "6515020101a00d030b003008020102a103020103020104");
    own.expect_round_trip("P", "658117 020101 a081 0e 030c00308108020102a1030201 03 020104");
    const packet::BuiltPacket built = packet::build(own.packet_of("P()"), own.database());
    const packet::DissectedLayer layer =
        packet::Dissector(own.database()).dissect(*own.database().find("P"), built.bytes).front();
    for (std::size_t index = 0; index < 4; ++index) {
        EXPECT_EQ(built.places.front()[index].first_bit, layer.places[index].first_bit) << index;
        EXPECT_EQ(layer.places[index].bits, 24U) << index;
        EXPECT_EQ(built.bytes[layer.places[index].first_bit / 8 + 2], index + 1) << index;
    }
    EXPECT_FALSE(own.read("P", "6515020101a00d030b013008020102a103020103020104").starts_with("P(")) << "unused bits";
    EXPECT_FALSE(own.read("P", "6515020101a00c030b003008020102a103020103020104").starts_with("P("));
}

TEST(BerTypes, ListsAndPackets) {
    const OwnDefinitions own(R"(
        {"id": "P", "encoding": "ber", "fields": [
            {"id": "numbers", "type": "ASN1F_SEQUENCE_OF", "element": {"type": "ASN1F_INTEGER"}},
            {"id": "items", "type": "ASN1F_SET_OF", "holds": "Item", "implicit_tag": 2},
            {"id": "one", "type": "ASN1F_PACKET", "holds": "Item", "implicit_tag": 3},
            {"id": "wrapped", "type": "ASN1F_PACKET", "holds": "Item", "inside": "octet_string", "optional": true}]},
        {"id": "Item", "encoding": "ber", "fields": [{"id": "n", "type": "ASN1F_INTEGER", "default": 9}]})");
    EXPECT_EQ(own.bytes("P()"), "30093000a200a303020109");
    EXPECT_EQ(own.bytes("P(numbers=[1, 2], items=[Item(), Item(n=1)], one=Item(n=3), wrapped=Item(n=4))"),
              "30203006020101020102a20a30030201093003020101a303020103040530030201"
              "04");
    own.expect_round_trip("P", "30203006020101020102a20a30030201093003020101a30302010304053003020104");
    // What is no Item is kept as it is.
    EXPECT_EQ(own.read("P", "30113000a203040178a303040178040302010a"),
              "P(items=[Raw(load=b'\\x04\\x01x')],one=Raw(load=b'\\xa3\\x03\\x04\\x01x'),wrapped=Raw(load=b'"
              "\\x02\\x01\\n'))");
    own.expect_round_trip("P", "30113000a203040178a303040178040302010a");
    // Lengths of packets within are theirs.
    own.expect_round_trip("P", "300e3000a200a381030201090402ffff");
    EXPECT_FALSE(own.read("P", "30093000a201a303020109").starts_with("P(")) << "cut short within the list";
}

TEST(BerTypes, EmptyListsAreToldFromDefaultsAndFromNothing) {
    const OwnDefinitions own(R"json({"id": "P", "encoding": "ber", "fields": [
        {"id": "a", "type": "ASN1F_SEQUENCE_OF", "element": {"type": "ASN1F_NULL"}, "optional": true, "default": null},
        {"id": "b", "type": "ASN1F_SET_OF", "holds": "P", "default": "[P(b=[])]"}]})json");
    EXPECT_EQ(own.bytes("P()"),
              "300631043002"
              "3100");
    EXPECT_EQ(own.bytes("P(a=[], b=[])"), "300430003100");
    for (const char* const bytes : {"3006310430023100", "300430003100", "30023100"}) {
        own.expect_round_trip("P", bytes);
    }
}

TEST(BerTypes, Choices) {
    const OwnDefinitions own(R"(
        {"id": "P", "encoding": "ber", "fields": [
            {"id": "c", "type": "ASN1F_CHOICE", "alternatives": [{"type": "ASN1F_INTEGER"}, {"type": "ASN1F_STRING"},
                {"type": "ASN1F_PACKET", "holds": "Item", "implicit_tag": 0}]},
            {"id": "any", "type": "ASN1F_field", "optional": true}]},
        {"id": "Item", "encoding": "ber", "fields": [{"id": "n", "type": "ASN1F_INTEGER", "default": 9}]})");
    EXPECT_EQ(own.bytes("P()"), "3003020100");
    EXPECT_EQ(own.bytes("P(c=('STRING', b'ab'))"), "300404026162");
    EXPECT_EQ(own.bytes("P(c=5)"), "3003020105");
    EXPECT_EQ(own.bytes("P(c='hello')"), "3007040568656c6c6f");
    EXPECT_EQ(own.bytes("P(c=Item())"), "3005a003020109");
    EXPECT_EQ(own.bytes("P(any=('UTF8_STRING', 'a'))"), "30060201000c0161");
    EXPECT_EQ(own.read("P", "3005a003020109"), "P(c=Item(n=9),any=None)");
    EXPECT_EQ(own.read("P", "30060201020c0161"), "P(c=('INTEGER', 2),any=('UTF8_STRING', b'a'))");
    for (const char* const bytes : {"3005a003020109", "30060201020c0161", "3006020102bf2000", "3005a003040178",
                                    "3008020102300302 0105", "300502010224 00"}) {
        own.expect_round_trip("P", bytes);
    }
    EXPECT_FALSE(own.read("P", "30030c0161").starts_with("P(")) << "none of the alternatives";
    EXPECT_THROW(own.bytes("P(c=('OID', '1.2'))"), fields::ValueError);
}

TEST(BerTypes, ObjectIdentifiersTellWhatIsHeld) {
    const OwnDefinitions own(R"(
        {"id": "P", "encoding": "ber", "fields": [
            {"id": "kind", "type": "ASN1F_OID", "default": "one"},
            {"id": "value", "type": "ASN1F_PACKET", "holds": "Any", "identified_by": "kind", "inside": "octet_string"},
            {"id": "bits", "type": "ASN1F_BIT_STRING", "identified_by": "kind", "optional": true}]},
        {"id": "Any", "encoding": {"rules": "ber", "within": "nothing"}, "fields": [{"id": "value", "type": "ASN1F_field"}]},
        {"id": "One", "encoding": "ber", "known_by": {"P": "one"}, "fields": [{"id": "n", "type": "ASN1F_INTEGER", "default": 9}]},
        {"id": "Two", "encoding": "ber", "known_by": {"P": ["1.3.2", "1.3.3"]}, "fields": [{"id": "s", "type": "ASN1F_STRING"}]})",
                             R"("object_identifiers": {"1.3.1": "one"},)");
    EXPECT_EQ(own.read("P", "300b06022b0104053003020105"), "P(kind='1.3.1',value=One(n=5),bits=None)");
    EXPECT_EQ(own.read("P", "300b06022b0304053003040105"), "P(kind='1.3.3',value=Two(s=b'\\x05'),bits=None)");
    EXPECT_EQ(own.read("P", "300906022b0904030c0161"),
              "P(kind='1.3.9',value=Any(value=('UTF8_STRING', b'a')),bits=None)");
    EXPECT_EQ(own.read("P", "301306022b0104053003020105030600 3003020105"),
              "P(kind='1.3.1',value=One(n=5),bits=One(n=5))");
    for (const char* const bytes :
         {"300b06022b0104053003020105", "300906022b0904030c0161", "300806022b010402ffff",
          "301306022b01040530030201050306003003020105", "300f06022b01040530030201050302 0001"}) {
        own.expect_round_trip("P", bytes);
    }
}

TEST(BerTypes, DefinitionsThatMeanNothing) {
    const auto with = [](const std::string& field) {
        return refusal_of(R"({"id": "P", "encoding": "ber", "fields": [)" + field + "]}");
    };
    EXPECT_EQ(with(R"({"id": "a", "type": "ASN1F_INTEGER"})"), "");
    EXPECT_NE(with(R"({"id": "a", "type": "ByteField"})"), "");
    EXPECT_NE(with(R"({"id": "length_octets", "type": "ASN1F_INTEGER"})"), "");
    EXPECT_NE(with(R"({"id": "a", "type": "ASN1F_SEQUENCE_OF"})"), "");
    EXPECT_NE(with(R"({"id": "a", "type": "ASN1F_SEQUENCE_OF", "holds": "Raw"})"), "");
    EXPECT_NE(with(R"({"id": "a", "type": "ASN1F_PACKET", "holds": "Raw"})"), "");
    EXPECT_NE(with(R"({"id": "a", "type": "ASN1F_PACKET", "holds": "P", "identified_by": "b"})"), "");
    EXPECT_NE(with(R"({"id": "a", "type": "ASN1F_CHOICE"})"), "");
    EXPECT_NE(with(R"({"id": "a", "type": "ASN1F_CHOICE", "alternatives": []})"), "");
    EXPECT_NE(
        with(R"({"id": "a", "type": "ASN1F_CHOICE", "implicit_tag": 1, "alternatives": [{"type": "ASN1F_NULL"}]})"),
        "");
    EXPECT_NE(
        with(
            R"({"id": "a", "type": "ASN1F_CHOICE", "alternatives": [{"type": "ASN1F_NULL"}, {"type": "ASN1F_NULL"}]})"),
        "");
    EXPECT_NE(with(R"({"id": "a", "type": "ASN1F_CHOICE", "alternatives": [{"type": "ByteField"}]})"), "");
    EXPECT_NE(with(R"({"id": "a", "type": "ASN1F_INTEGER", "implicit_tag": "universe 1"})"), "");
    EXPECT_NE(with(R"({"id": "a", "type": "ASN1F_INTEGER", "explicit_tag": -1})"), "");
    EXPECT_NE(with(R"({"id": "a", "type": "ASN1F_INTEGER", "default_omitted": true})"), "");
    EXPECT_NE(with(R"({"id": "a", "type": "ASN1F_OID", "default": "nobody"})"), "");
    EXPECT_NE(with(R"({"type": "ASN1F_SEQUENCE", "fields": []})"), "");
    EXPECT_NE(with(R"({"type": "ByteField", "fields": []})"), "");
    EXPECT_NE(
        refusal_of(
            R"({"id": "P", "fields": [{"type": "ASN1F_SEQUENCE", "fields": [{"id": "a", "type": "ASN1F_NULL"}]}]})"),
        "");
    EXPECT_NE(refusal_of(R"({"id": "P", "encoding": "per", "fields": []})"), "");
    EXPECT_NE(refusal_of(R"({"id": "P", "encoding": {"rules": "ber", "within": "nothing"}, "fields": []})"), "");
    EXPECT_NE(refusal_of(R"({"id": "P", "encoding": {"rules": "ber", "within": "nothing"}, "fields": [
        {"id": "c", "type": "ASN1F_CHOICE", "alternatives": [{"type": "ASN1F_PACKET", "holds": "P"}]}]})"),
              "");
    EXPECT_NE(refusal_of(R"({"id": "P", "fields": []})", R"("object_identifiers": {"1": "a"},)"), "");
    EXPECT_NE(refusal_of(R"({"id": "P", "fields": []})", R"("object_identifiers": {"1.2": "1a"},)"), "");
    EXPECT_NE(refusal_of(R"({"id": "P", "fields": []})", R"("object_identifiers": {"1.2": "a", "1.3": "a"},)"), "");
}

TEST(BerTypes, DeepNestingIsRefusedInTime) {
    // SEQUENCEs within each other, without end: a list of lists of lists.
    const OwnDefinitions own(R"({"id": "P", "encoding": {"rules": "ber", "within": "nothing"}, "fields": [
        {"id": "items", "type": "ASN1F_SEQUENCE_OF", "holds": "P"}]})");
    Bytes bytes;
    for (int depth = 0; depth < 5000; ++depth) {
        Bytes head;
        fields::ber::write_header(head, fields::ber::universal(fields::ber::kSequence), bytes.size());
        bytes.insert(bytes.begin(), head.begin(), head.end());
    }
    const std::string digits = hex(bytes);
    const std::string text = own.read("P", digits);
    EXPECT_TRUE(text.starts_with("P(items=[P(items=[P(")) << text.substr(0, 80);
    own.expect_round_trip("P", digits);
}

}  // namespace framewright::tests
