#include "protocol_db/fields/integer_types.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "protocol_db/packet/layer_rules.hpp"
#include "tests/unit/field_under_test.hpp"

namespace framewright::tests {
namespace {

/// A type with its least and largest number, and how 0x0102… is written.
struct WidthCase {
    const char* type;
    unsigned octets;
    bool little_endian;
    bool is_signed;
};

void PrintTo(const WidthCase& width, std::ostream* out) {
    *out << width.type;
}

class IntegerWidth : public ::testing::TestWithParam<WidthCase> {
protected:
    unsigned bits() const { return GetParam().octets * 8; }
    Integer most() const { return (Integer{1} << (GetParam().is_signed ? bits() - 1 : bits())) - 1; }
    Integer least() const { return GetParam().is_signed ? -most() - 1 : Integer{0}; }
    std::string wire(Integer number) const {
        std::string digits;
        for (unsigned index = 0; index < GetParam().octets; ++index) {
            const unsigned place = GetParam().little_endian ? index : GetParam().octets - 1 - index;
            const std::uint8_t octet = static_cast<std::uint8_t>(number >> (place * 8));
            digits += hex(ByteView(&octet, 1));
        }
        return digits;
    }

    FieldUnderTest field_{std::string(R"("type": ")") + GetParam().type + '"'};
};

TEST_P(IntegerWidth, BoundariesGoOutAndComeBack) {
    for (const Integer number : {least(), least() + 1, Integer{0}, Integer{1}, Integer{0x7f}, most() - 1, most()}) {
        const model::Value value(number);
        EXPECT_EQ(field_.bytes(value), wire(number));
        EXPECT_EQ(field_.read_value(wire(number)), value) << to_string(number);
    }
}

TEST_P(IntegerWidth, TextsAreDecimalAndHexadecimal) {
    const model::Value largest(most());
    EXPECT_EQ(field_.bytes(to_string(most()).c_str()), field_.bytes(largest));
    EXPECT_EQ(field_.bytes(to_hex_string(most()).c_str()), field_.bytes(largest));
    EXPECT_EQ(field_.bytes(" 7\n"), wire(7));
}

TEST_P(IntegerWidth, NumbersBeyondTheRangeAreRefusedWithTheRange) {
    for (const Integer number : {least() - 1, most() + 1, Integer{1} << 100, -(Integer{1} << 100)}) {
        const std::string reason = field_.refusal(model::Value(number));
        EXPECT_NE(reason.find("(" + to_string(least()) + " to " + to_string(most()) + ")"), std::string::npos)
            << reason;
        EXPECT_NE(reason.find(std::to_string(bits()) + " bits"), std::string::npos) << reason;
        EXPECT_EQ(field_.refusal(to_string(number).c_str()), reason);
    }
}

TEST_P(IntegerWidth, WhatIsNoNumberIsRefused) {
    for (const char* const text : {"1.5", "0x", "x", "1 2", "- 1", "0b1", "1e3", "\xc3\xbc"}) {
        EXPECT_NE(field_.refusal(text), "") << text;
    }
    EXPECT_NE(field_.refusal(model::Value(1.5)), "");
    EXPECT_NE(field_.refusal(bytes_value("1")), "");
    EXPECT_NE(field_.refusal(list({model::Value(Integer{1})})), "");
}

TEST_P(IntegerWidth, AnEmptyTextLeavesTheFieldToItsDefault) {
    EXPECT_EQ(field_.bytes(""), field_.default_bytes());
}

TEST_P(IntegerWidth, BytesThatEndWithinAreRefused) {
    if (GetParam().octets > 1) {
        EXPECT_NE(field_.decode_refusal(std::string((GetParam().octets - 1) * 2, '1')), "");
    }
}

INSTANTIATE_TEST_SUITE_P(
    Types, IntegerWidth,
    ::testing::Values(WidthCase{"ByteField", 1, false, false}, WidthCase{"XByteField", 1, false, false},
                      WidthCase{"SignedByteField", 1, false, true}, WidthCase{"ShortField", 2, false, false},
                      WidthCase{"XShortField", 2, false, false}, WidthCase{"LEShortField", 2, true, false},
                      WidthCase{"ThreeBytesField", 3, false, false}, WidthCase{"IntField", 4, false, false},
                      WidthCase{"XIntField", 4, false, false}, WidthCase{"SignedIntField", 4, false, true},
                      WidthCase{"LEIntField", 4, true, false}, WidthCase{"LESignedIntField", 4, true, true},
                      WidthCase{"LongField", 8, false, false}, WidthCase{"LELongField", 8, true, false}));

TEST(IntegerTypes, WidthsOfTheDefinition) {
    const FieldUnderTest three(R"("type": "FieldLenField", "bits": 24)");
    EXPECT_EQ(three.bytes(0x010203), "010203");
    EXPECT_NE(three.refusal(0x1000000), "");
    const FieldUnderTest little(R"("type": "LEFieldLenField", "bits": 16)");
    EXPECT_EQ(little.bytes(0x0102), "0201");
}

TEST(IntegerTypes, HexadecimalIsShownAndRead) {
    const FieldUnderTest field(R"("type": "XShortField")");
    EXPECT_EQ(field.read("00ff"), "0xff");
    EXPECT_EQ(field.bytes("0xFF"), "00ff");
}

TEST(IntegerTypes, NamesOfAnEnumerationAreShownAndRead) {
    const FieldUnderTest field(
        R"("type": "ShortEnumField", "enumeration": {"1": "one", "0x10": "sixteen", "2": ["two", "zwei"]})");
    EXPECT_EQ(field.read("0001"), "one");
    EXPECT_EQ(field.read("0010"), "sixteen");
    EXPECT_EQ(field.read("0002"), "two");
    EXPECT_EQ(field.read("0003"), "3");
    EXPECT_EQ(field.bytes("sixteen"), "0010");
    EXPECT_EQ(field.bytes("zwei"), "0002");
    EXPECT_EQ(field.bytes("3"), "0003");
    EXPECT_NE(field.refusal("three").find("name"), std::string::npos) << field.refusal("three");
    const FieldUnderTest hexadecimal(R"("type": "XShortEnumField", "enumeration": {"1": "one"})");
    EXPECT_EQ(hexadecimal.read("0001"), "one");
    EXPECT_EQ(hexadecimal.read("00ff"), "0xff");
}

TEST(IntegerTypes, ANameMayLookLikeANumber) {
    const FieldUnderTest field(R"("type": "ByteEnumField", "enumeration": {"7": "12"})");
    EXPECT_EQ(field.bytes("12"), "07");
}

TEST(IntegerTypes, FlagsOfLetters) {
    const FieldUnderTest field(R"("type": "FlagsField", "bits": 8, "flags": "FSRPAUEC")");
    EXPECT_EQ(field.bytes("SA"), "12");
    EXPECT_EQ(field.bytes("AS"), "12");
    EXPECT_EQ(field.read("12"), "SA");
    EXPECT_EQ(field.read("00"), "");
    EXPECT_EQ(field.bytes(""), "00");
    EXPECT_EQ(field.bytes("18"), "12");
    EXPECT_EQ(field.bytes("0x12"), "12");
    EXPECT_NE(field.refusal("SX"), "");
    EXPECT_NE(field.refusal(256), "");
}

TEST(IntegerTypes, NoFlagsAreShownWhereADefaultWouldTakeTheirPlace) {
    const FieldUnderTest field(R"("type": "FlagsField", "bits": 8, "flags": "FSRPAUEC", "default": 2)");
    EXPECT_EQ(field.read("00"), "0");
    EXPECT_EQ(field.bytes(field.read("00").c_str()), "00");
    EXPECT_EQ(field.read("02"), "S");
}

TEST(IntegerTypes, NamesMayDependOnAnotherField) {
    const FieldUnderTest field(
        R"("type": "MultiEnumField", "enumeration_by": {"field": "t", "cases": {"3": {"1": "host"}, "5": {"2": "host"}}})",
        R"({"id": "t", "type": "ByteField", "default": 3})");
    EXPECT_EQ(field.bytes("host"), "0301");
    EXPECT_NE(field.refusal("net").find("name"), std::string::npos);
    model::Layer layer = packet::make_layer(field.owner());
    const auto shown_with = [&](Integer type) {
        layer.fields[0] = {type, true};
        const packet::LayerRules rules(packet::LayerView{&layer, {}}, {});
        std::string text;
        field.field().type->show_in(rules, field.field(), Integer{2}, text);
        return text;
    };
    EXPECT_EQ(shown_with(5), "host");
    EXPECT_EQ(shown_with(3), "2");
    EXPECT_EQ(shown_with(7), "2");
}

TEST(IntegerTypes, FlagsOfWords) {
    const FieldUnderTest field(R"("type": "FlagsField", "bits": 8, "flags": ["MF", "DF", "evil"])");
    EXPECT_EQ(field.read("03"), "MF+DF");
    EXPECT_EQ(field.bytes("DF+MF"), "03");
    EXPECT_EQ(field.bytes("DF + evil"), "06");
    EXPECT_NE(field.refusal("MFDF"), "");
    // Bits that have no name are not lost.
    EXPECT_EQ(field.bytes(field.read("f1").c_str()), "f1");
}

TEST(IntegerTypes, BitsAreTakenFromTheHighestOn) {
    // RFC 791: version 4, header length 5.
    const FieldUnderTest field(R"("type": "BitField", "bits": 4)", R"({"id": "v", "type": "BitField", "bits": 4})");
    EXPECT_EQ(field.bytes(5), "05");
    EXPECT_EQ(field.read("45"), "5");
    EXPECT_NE(field.refusal(16).find("(0 to 15)"), std::string::npos);
    EXPECT_NE(field.refusal(-1), "");
}

TEST(IntegerTypes, BitsAcrossOctets) {
    const FieldUnderTest field(R"("type": "XBitField", "bits": 20)", R"({"id": "v", "type": "BitField", "bits": 4})");
    EXPECT_EQ(field.bytes(0xabcde), "0abcde");
    EXPECT_EQ(field.read("fabcde"), "0xabcde");
    EXPECT_NE(field.decode_refusal("fabc"), "");
}

TEST(IntegerTypes, WideBits) {
    const FieldUnderTest field(R"("type": "BitField", "bits": 120)");
    const Integer most = (Integer{1} << 120) - 1;
    EXPECT_EQ(field.bytes(model::Value(most)), std::string(30, 'f'));
    EXPECT_EQ(field.read_value(std::string(30, 'f')), model::Value(most));
    EXPECT_NE(field.refusal(model::Value(most + 1)), "");
}

TEST(IntegerTypes, TimesReadBackAsTheyAreShown) {
    const FieldUnderTest utc(R"("type": "UTCTimeField")");
    // date -u -d @1000000000
    EXPECT_EQ(utc.read("3b9aca00"), "Sun, 09 Sep 2001 01:46:40 +0000 (1000000000)");
    EXPECT_EQ(utc.bytes("Sun, 09 Sep 2001 01:46:40 +0000 (1000000000)"), "3b9aca00");
    const FieldUnderTest day(R"("type": "IntField", "notation": "time_of_day")");
    // RFC 792: milliseconds since midnight UT.
    EXPECT_EQ(day.bytes("1:2:3.4"), "0038cefc");
    for (const char* const digits : {"00000000", "0038cefc", "05265bff", "ffffffff", "80000001"}) {
        EXPECT_EQ(day.bytes(day.read(digits).c_str()), digits) << day.read(digits);
    }
}

TEST(IntegerTypes, FractionsOfTimers) {
    const FieldUnderTest field(R"("type": "BCDFloatField")");
    EXPECT_EQ(field.bytes(20), "1400");
    EXPECT_EQ(field.bytes(model::Value(2.5)), "0280");
    EXPECT_EQ(field.bytes("0.00390625"), "0001");
    EXPECT_EQ(field.bytes(model::Value(255.99609375)), "ffff");
    EXPECT_NE(field.refusal(256).find("255.99609375"), std::string::npos) << field.refusal(256);
    EXPECT_NE(field.refusal(-1), "");
    EXPECT_NE(field.refusal("nan"), "");
    EXPECT_NE(field.refusal("inf"), "");
    EXPECT_NE(field.refusal("1.5x"), "");
    for (const char* const digits : {"0000", "0001", "0180", "ffff"}) {
        EXPECT_EQ(field.bytes(field.read(digits).c_str()), digits) << field.read(digits);
    }
}

TEST(IntegerTypes, TheSwitchOfPaddingHasNoBytes) {
    const FieldUnderTest field(R"("type": "_PhantomAutoPadField", "default": 1)");
    EXPECT_EQ(field.bytes("Off"), "");
    EXPECT_EQ(field.parsed("Off"), "Off");
    EXPECT_EQ(field.parsed("0"), "Off");
    EXPECT_EQ(field.parsed("On"), "On");
}

TEST(IntegerTypes, NamesMaySayWhatBitsMean) {
    // RFC 8200 section 4.2: 11 in the highest bits: discard, and send a message unless the destination is multicast.
    const FieldUnderTest field(R"("type": "ByteEnumField", "enumeration": {"201": "Home Address Option"},
        "notation": "name_and_choices", "choices": [
            {"name": "action", "mask": 192, "values": {"skip": 0, "discard": 64, "send": 128, "send unless multicast": 192}},
            {"name": "change", "mask": 32, "values": {"may change": 32}}])");
    EXPECT_EQ(field.read("c9"), "Home Address Option [send unless multicast]");
    EXPECT_EQ(field.read("3e"), "62 [skip, may change]");
    EXPECT_EQ(field.bytes(field.read("c9").c_str()), "c9");
    EXPECT_EQ(field.bytes("Home Address Option"), "c9");
    for (const char* const digits : {"00", "20", "40", "7f", "80", "ff"}) {
        EXPECT_EQ(field.bytes(field.read(digits).c_str()), digits) << field.read(digits);
    }
}

/// The numbers of a field at which something may happen.
std::set<Integer> interesting_numbers(const model::Field& field) {
    const std::uint32_t bits = std::min(field.bits, fields::BitType::kMostIntegerBits);
    const Integer most = (Integer{1} << bits) - 1;
    std::set<Integer> numbers{0, 1, most, most - 1, most / 2, most / 2 + 1, most / 3};
    if (const model::Enumeration* const enumeration = fields::names_of(field).enumeration) {
        for (const auto& [number, name] : enumeration->entries()) {
            numbers.insert(number);
        }
    }
    for (std::uint32_t bit = 0; bit < bits; ++bit) {
        numbers.insert(Integer{1} << bit);
    }
    return numbers;
}

/// Whether a text stands for one number only: names that several numbers or bits have are not told apart.
bool is_ambiguous(const model::Field& field, Integer number) {
    const fields::NumberNames& names = fields::names_of(field);
    const std::set<std::string> flags(names.flags.begin(), names.flags.end());
    const std::string* const name = names.enumeration != nullptr ? names.enumeration->name_of(number) : nullptr;
    return flags.size() != names.flags.size() || (name != nullptr && names.enumeration->number_of(*name) != number);
}

TEST(BuiltInNumbers, ReadBackAsTheyAreShown) {
    packet::ExpressionBudget budget;
    std::size_t count = 0;
    for (const auto& owner : database().protocols()) {
        for (std::size_t index = 0; index < owner->fields.size(); ++index) {
            const model::Field& field = owner->fields[index];
            if (!field.type->is_number() || field.bits == 0) {
                continue;
            }
            for (const Integer number : interesting_numbers(field)) {
                model::Layer layer = packet::make_layer(*owner);
                try {
                    packet::set_field(layer, index, model::Value(number), database(), budget);
                } catch (const fields::ValueError&) {
                    continue;  // Beyond a signed field's range, or a name of a number that the field cannot hold.
                }
                std::string text;
                field.type->show(field, layer.fields[index].value, text);
                if (is_ambiguous(field, number)) {
                    continue;
                }
                ASSERT_NO_THROW(packet::set_field(layer, index, model::Value(text), database(), budget))
                    << owner->id << "." << field.id << " " << text;
                EXPECT_EQ(layer.fields[index].value, model::Value(number))
                    << owner->id << "." << field.id << " " << text;
                ++count;
            }
        }
    }
    EXPECT_GT(count, 10000U);
}

TEST(BuiltInNumbers, AreRefusedBeyondTheirBits) {
    packet::ExpressionBudget budget;
    for (const auto& owner : database().protocols()) {
        for (std::size_t index = 0; index < owner->fields.size(); ++index) {
            const model::Field& field = owner->fields[index];
            const auto has_its_id = [&field](const model::Field& other) { return other.id == field.id; };
            // Of two fields of one id only one is in a packet: which, is known when it is built.
            const bool has_twin = std::count_if(owner->fields.begin(), owner->fields.end(), has_its_id) > 1;
            if (!field.type->is_number() || field.bits == 0 || field.bits > fields::BitType::kMostIntegerBits ||
                has_twin) {
                continue;
            }
            model::Layer layer = packet::make_layer(*owner);
            EXPECT_THROW(packet::set_field(layer, index, model::Value(Integer{1} << field.bits), database(), budget),
                         fields::ValueError)
                << owner->id << "." << field.id;
        }
    }
}

// Two's complement, and the lowest octet first, as the types' names say.
TEST(ComputedNumbers, AreWrittenAsTheirTypeWritesNumbers) {
    EXPECT_EQ(FieldUnderTest(R"("type": "ShortField", "computed": "0x102")").default_bytes(), "0102");
    EXPECT_EQ(FieldUnderTest(R"("type": "LEShortField", "computed": "0x102")").default_bytes(), "0201");
    EXPECT_EQ(FieldUnderTest(R"("type": "LEIntField", "computed": "0x1020304")").default_bytes(), "04030201");
    EXPECT_EQ(FieldUnderTest(R"("type": "LEFieldLenField", "bits": 24, "computed": "0x10203")").default_bytes(),
              "030201");
    const FieldUnderTest negative(R"("type": "SignedByteField", "computed": "0 - 3")");
    EXPECT_EQ(negative.default_bytes(), "fd");
    EXPECT_EQ(negative.read("fd"), "-3");
    const std::string x = R"({"id": "x", "type": "ByteField", "default": 1})";
    EXPECT_NE(FieldUnderTest(R"("type": "ByteField", "computed": "x + 255")", x).refusal(""), "");
    EXPECT_EQ(FieldUnderTest(R"("type": "ByteField", "computed": "x + 254")", x).refusal(""), "");
    EXPECT_NE(FieldUnderTest(R"("type": "SignedByteField", "computed": "x + 127")", x).refusal(""), "");
    EXPECT_NE(FieldUnderTest(R"("type": "SignedByteField", "computed": "x - 130")", x).refusal(""), "");
    // RFC 1071: the sum of 0x1234 alone is its complement.
    EXPECT_EQ(FieldUnderTest(R"("type": "LEShortField", "checksum": {"algorithm": "internet"})",
                             R"({"id": "x", "type": "ShortField", "default": 4660})")
                  .default_bytes(),
              "1234cbed");
}

// What fills a field up is no part of its length, and is passed over when it is read.
TEST(PaddedFields, AreReadBack) {
    const FieldUnderTest after(R"("type": "XShortField", "default": 48879)",
                               R"({"id": "n", "type": "ByteField", "computed": "length(s) + 0"},
                                  {"id": "s", "type": "StrLenField", "length": "n", "pad_to": 4, "default": "abcde"})");
    EXPECT_EQ(after.default_bytes(), "056162636465000000beef");
    EXPECT_EQ(after.read("056162636465000000beef"), "0xbeef");
    EXPECT_EQ(after.read("0461626364beef"), "0xbeef");
}

}  // namespace
}  // namespace framewright::tests
