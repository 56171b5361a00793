// Bit fields in little endian words, and where fields begin.
#include <gtest/gtest.h>

#include "protocol_db/fields/errors.hpp"
#include "tests/unit/field_under_test.hpp"

namespace framewright::tests {
namespace {

/// The header of Bluetooth's ACL packets (Core Specification 5.2 Vol 4 Part E section 5.4.2), without its length.
constexpr const char* kFlagsInFront = R"({"id": "bc", "type": "BitField", "bits": 2, "word": 16},
                                         {"id": "pb", "type": "BitField", "bits": 2, "word": 16})";
constexpr const char* kHandle = R"("type": "BitField", "bits": 12, "word": 16)";

model::Layer dissected(const FieldUnderTest& field, std::string_view digits) {
    return packet::Dissector(field.database()).dissect_layer(field.owner(), octets(digits), nullptr).layer;
}

int number_of(const model::Layer& layer, std::size_t index) {
    const Integer* const number = layer.fields[index].value.get_if<Integer>();
    return number != nullptr ? static_cast<int>(*number) : -1;
}

void set(const FieldUnderTest& field, model::Layer& layer, std::size_t index, long long number) {
    packet::ExpressionBudget budget;
    packet::set_field(layer, index, Integer{number}, field.database(), budget);
}

TEST(Words, AreDrawnFromTheHighestBitAndSentFromTheLowestByte) {
    const FieldUnderTest field(kHandle, kFlagsInFront);
    // The first bytes of a recorded packet: handle 0x040, first packet (2), point to point (0).
    const model::Layer layer = dissected(field, "4020");
    EXPECT_EQ(number_of(layer, 0), 0);
    EXPECT_EQ(number_of(layer, 1), 2);
    EXPECT_EQ(number_of(layer, 2), 64);
    EXPECT_EQ(field.bytes_of(layer), "4020");
    EXPECT_EQ(field.bytes(0xabc), "bc0a");
    EXPECT_NE(field.decode_refusal("40"), "");
}

TEST(Words, KeepTheirOtherFieldsWhenOneIsChanged) {
    const FieldUnderTest field(kHandle, kFlagsInFront);
    model::Layer layer = dissected(field, "40e0");
    set(field, layer, 2, 0x123);
    EXPECT_EQ(field.bytes_of(layer), "23e1");
    set(field, layer, 0, 0);
    EXPECT_EQ(field.bytes_of(layer), "2321");
}

TEST(Words, TakeTheOctetsThatAClientGivesForABitField) {
    const FieldUnderTest field(kHandle, kFlagsInFront);
    model::Layer layer = dissected(field, "40e0");
    packet::set_wire_octets(layer, 2, Bytes{0x0a, 0xbc}, field.database());
    EXPECT_EQ(field.bytes_of(layer), "bcea");
}

TEST(Words, MayHoldWhatIsComputed) {
    const FieldUnderTest field(R"("type": "BitField", "bits": 12, "word": 16, "computed": "header_length + 0x120")",
                               R"({"id": "a", "type": "BitField", "bits": 4, "word": 16, "default": 9})");
    EXPECT_EQ(field.default_bytes(), "2291");
    const FieldUnderTest narrow(R"("type": "BitField", "bits": 4, "word": 16, "computed": "header_length + 14")",
                                R"({"id": "a", "type": "BitField", "bits": 12, "word": 16})");
    EXPECT_THROW(narrow.default_bytes(), packet::BuildError);
}

TEST(Words, FollowEachOther) {
    const FieldUnderTest field(R"("type": "BitField", "bits": 4, "word": 16)",
                               R"({"id": "a", "type": "BitField", "bits": 16, "word": 16, "default": 258},
                                  {"id": "b", "type": "BitField", "bits": 12, "word": 16, "default": 2})");
    EXPECT_EQ(field.bytes(1), "02012100");
    EXPECT_EQ(field.read("02012100"), "1");
}

TEST(Words, AreWholeAndOfOneCondition) {
    const auto refusal = [](const std::string& members, const std::string& before = "") {
        try {
            const FieldUnderTest field(members, before);
        } catch (const loader::DefinitionError& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    const auto expect = [&](const std::string& part, const std::string& members, const std::string& before = "") {
        EXPECT_NE(refusal(members, before).find(part), std::string::npos) << refusal(members, before);
    };
    EXPECT_EQ(refusal(kHandle, kFlagsInFront), "");
    expect("has only 12: fill it up", kHandle);
    expect("has only 4: fill it up", R"("type": "ByteField")", kFlagsInFront);
    expect("20 bits, more than the 16", R"("type": "BitField", "bits": 16, "word": 16)", kFlagsInFront);
    expect("a word begins at a byte", R"("type": "BitField", "bits": 16, "word": 16)",
           R"({"id": "a", "type": "BitField", "bits": 4})");
    expect("and so its \"when\"", R"("type": "BitField", "bits": 12, "word": 16, "when": "bc")", kFlagsInFront);
    expect("exclude each other", R"("type": "BitField", "bits": 16, "word": 16, "little_endian": true)");
    expect("not of whole bytes", R"("type": "BitField", "bits": 17, "word": 17)");
    expect("means nothing for a ShortField", R"("type": "ShortField", "word": 16)");
    expect("shares no word", R"("type": "FieldListField", "element": {"type": "BitField", "bits": 4, "word": 16})");
}

TEST(Words, SaysWhereABitLies) {
    const FieldUnderTest field(kHandle, kFlagsInFront);
    const model::Place flags{8, 2};
    const model::Place handle{12, 12};
    // The highest bit of the flags is that of the second byte, the highest of the handle the fifth of it.
    EXPECT_EQ(model::bit_in_bytes(field.owner().fields[0], flags, 8), 16U);
    EXPECT_EQ(model::bit_in_bytes(field.field(), handle, 12), 20U);
    EXPECT_EQ(model::bit_in_bytes(field.field(), handle, 23), 15U);
}

TEST(NumbersOfAnyWidth, InEitherOrder) {
    const FieldUnderTest usual(R"("type": "LenField")");
    EXPECT_EQ(usual.bytes(258), "0102");
    const FieldUnderTest byte(R"("type": "LenField", "bits": 8, "computed": "header_length + 3")");
    EXPECT_EQ(byte.default_bytes(), "04");
    const FieldUnderTest little(R"("type": "LenField", "little_endian": true, "computed": "header_length")");
    EXPECT_EQ(little.default_bytes(), "0200");
    EXPECT_EQ(little.read("0102"), "513");
    const FieldUnderTest length(R"("type": "FieldLenField", "bits": 32, "little_endian": true)");
    EXPECT_EQ(length.bytes(258), "02010000");
    const FieldUnderTest named(
        R"("type": "EnumField", "bits": 16, "little_endian": true, "enumeration": {"258": "x"})");
    EXPECT_EQ(named.bytes("x"), "0201");
}

TEST(OffsetBytes, CountFromAnotherNumber) {
    // Signal strengths in dBm, as monitoring headers of 802.11 have them.
    const FieldUnderTest field(R"("type": "OffsetByteField", "offset": -256, "unit": "dBm", "default": -256)");
    EXPECT_EQ(field.bytes(-56), "c8");
    EXPECT_EQ(field.bytes("-56dBm"), "c8");
    EXPECT_EQ(field.bytes("-1"), "ff");
    EXPECT_EQ(field.expressed("c8"), "-56");
    EXPECT_EQ(field.default_bytes(), "00");
    EXPECT_NE(field.refusal(0).find("from -256 to -1"), std::string::npos) << field.refusal(0);
    EXPECT_NE(field.refusal("dBm"), "");
}

TEST(Alignment, OfAFieldInItsLayer) {
    // Radiotap: fields stand at multiples of their size (radiotap.org, "Data alignment").
    const FieldUnderTest field(R"("type": "LEIntField", "align_to": 4)", R"({"id": "a", "type": "ByteField"})");
    EXPECT_EQ(field.bytes(1), "0000000001000000");
    EXPECT_EQ(field.read("05ffffff01000000"), "1");
    const FieldUnderTest aligned(R"("type": "LEShortField", "align_to": 2)", R"({"id": "a", "type": "ShortField"})");
    EXPECT_EQ(aligned.bytes(1), "00000100");
    const FieldUnderTest bits(
        R"("type": "FlagsField", "bits": 16, "flags": ["x"], "little_endian": true, "align_to": 4)",
        R"({"id": "a", "type": "BitField", "bits": 8, "default": 255})");
    EXPECT_EQ(bits.bytes("x"), "ff0000000100");
    const FieldUnderTest absent(R"("type": "LEIntField", "align_to": 4, "when": "a")",
                                R"({"id": "a", "type": "ByteField"})");
    EXPECT_EQ(absent.bytes(1), "00");
}

TEST(StoppedOctets, MayKeepTheirMark) {
    const FieldUnderTest left(R"("type": "StrStopField", "stop": " ", "kept": 0, "default": "")");
    EXPECT_EQ(left.bytes("AUEP"), "41554550");
    EXPECT_EQ(left.read("4155455020 31"), "AUEP");
    const FieldUnderTest kept(R"("type": "StrStopField", "stop": "e\u0000\u0000", "kept": 4, "default": "")");
    EXPECT_EQ(kept.read("41 650000 42 43"), std::string("Ae\0\0B", 5));
    EXPECT_EQ(kept.bytes_of(dissected(kept, "4165000042")), "4165000042");
    EXPECT_EQ(kept.read("4165"), "Ae");
}

TEST(PacketLists, EndBehindThePacketThatARuleNames) {
    const char* const option = R"({"id": "O", "fields": [{"id": "type", "type": "ByteField"},
                                     {"id": "v", "type": "ByteField", "when": "type != 0"}], "payload_length": "0"})";
    const FieldUnderTest field(R"("type": "PacketListField", "holds": "O", "until": "type == 0")", "", option);
    EXPECT_EQ(field.expressed("0102 00 0304"), "[O(type=1,v=2), O(type=0,v=None)]");
    EXPECT_EQ(dissected(field, "0102000304").original.size(), 3U);
    const FieldUnderTest sized(R"("type": "PacketListField", "holds": "O", "until": "type == 0", "length": 4)", "",
                               option);
    EXPECT_EQ(dissected(sized, "0000000304").original.size(), 1U);
    for (const auto& [rule, part] : {std::pair("tpye == 0", "there is no field \"tpye\" in O"),
                                     std::pair("remaining == 0", "there is no field \"remaining\" in O"),
                                     std::pair("below.type == 0", "only the fields of the list's packets are known")}) {
        try {
            const FieldUnderTest refused(
                R"("type": "PacketListField", "holds": "O", "until": ")" + std::string(rule) + '"', "", option);
            ADD_FAILURE() << rule;
        } catch (const loader::DefinitionError& error) {
            EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
        }
    }
}

}  // namespace
}  // namespace framewright::tests
