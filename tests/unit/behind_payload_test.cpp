// What stands behind a payload: trailers, and the next message.
#include <gtest/gtest.h>

#include "tests/unit/own_definitions.hpp"

namespace framewright::tests {
namespace {

/// A message with a length, a mark behind what it carries, and a layer below that counts it all.
const std::string kMarked = R"(
    {"id": "Marked", "payload_length": "len", "under": [{"protocol": "Outer"}],
     "fields": [{"id": "len", "type": "ByteField", "computed": "payload_length"}],
     "trailer": [{"id": "mark", "type": "XByteField", "default": 255}]},
    {"id": "Outer", "payload_length": "n", "fields": [{"id": "n", "type": "ByteField", "computed": "payload_length"}]})";

const OwnDefinitions& marked() {
    static const OwnDefinitions definitions(kMarked);
    return definitions;
}

TEST(Trailer, StandsBehindThePayloadAndInFrontOfPadding) {
    EXPECT_EQ(marked().built("Marked()/Raw(load=b'ab')/Padding(load=b'zz')"), "026162ff7a7a");
    EXPECT_EQ(marked().read("Marked", "026162fe7a7a"), "Marked(len=2,mark=254)/Raw(load=b'ab')/Padding(load=b'zz')");
    EXPECT_EQ(marked().rebuilt("Marked", "026162fe7a7a"), "026162fe7a7a");
    EXPECT_EQ(marked().built("Marked()"), "00ff");
}

TEST(Trailer, CountsInTheLayersBelow) {
    EXPECT_EQ(marked().built("Outer()/Marked()/Raw(load=b'a')"), "030161ff");
    EXPECT_EQ(marked().read("Outer", "030161ff00"),
              "Outer(n=3)/Marked(len=1,mark=255)/Raw(load=b'a')/Padding(load=b'\\x00')");
}

TEST(Trailer, LiesWhereItIsWritten) {
    const std::vector<packet::DissectedLayer> layers = marked().dissect("Outer", "0402616200");
    const packet::DissectedLayer& layer = layers.at(1);
    EXPECT_EQ(layer.places.at(1).first_bit, 24U);
    EXPECT_EQ(layer.places.at(1).bits, 8U);
    EXPECT_EQ(layer.header_length, 1U);
    EXPECT_EQ(layer.payload_length, 2U);
    EXPECT_EQ(layer.trailer_length, 1U);
    EXPECT_EQ(layers.at(2).offset, 2U);
    const model::Packet packet = marked().packet("Outer()/Marked(mark=7)/Raw(load=b'ab')");
    const packet::InspectedPacket inspected = packet::inspect(packet, marked().database());
    const packet::InspectedField field = packet::inspect_field(packet, inspected, 1, 1);
    EXPECT_EQ(field.place.first_bit, 24U);
    EXPECT_FALSE(field.is_ignored);
    EXPECT_EQ(inspected.built.places.at(1).at(1).first_bit, 24U);
}

TEST(Trailer, IsReadFromItsOwnLayerWhateverIsFoundThere) {
    // Nothing says that Marked is on top of Raw, so each layer is read from its own bytes; padding is none of them.
    const model::Packet packet = marked().packet("Raw(load=b'x')/Marked(mark=7)/Raw(load=b'ab')/Padding(load=b'zz')");
    const packet::InspectedPacket inspected = packet::inspect(packet, marked().database());
    EXPECT_EQ(hex(inspected.built.bytes), "78026162077a7a");
    ASSERT_TRUE(inspected.layers.at(1).own);
    EXPECT_EQ(inspected.layers.at(1).own->places.at(1).first_bit, 24U);
    EXPECT_TRUE(inspected.layers.at(1).own->layer.fields.at(1).value == model::Value(Integer{7}));
    ASSERT_TRUE(inspected.layers.at(2).own);
    EXPECT_EQ(inspected.layers.at(2).own->header_length, 2U);
}

TEST(Trailer, StaysAsItWasReadWhereTheHeaderIsChanged) {
    const OwnDefinitions own(R"({"id": "Own", "fields": [{"id": "a", "type": "ByteField"}],
        "trailer": [{"id": "b", "type": "BitField", "bits": 4}, {"id": "c", "type": "BitField", "bits": 4},
                    {"id": "sum", "type": "XShortField", "checksum": {"algorithm": "internet"}}]})");
    model::Packet packet = packet::to_packet(own.dissect("Own", "01616212beef"));
    packet::ExpressionBudget budget;
    packet::set_field(packet.layers[0], 0, Integer{2}, own.database(), budget, &packet);
    EXPECT_EQ(hex(packet::build(packet, own.database()).bytes), "02616212beef");
    packet::set_field(packet.layers[0], 2, Integer{7}, own.database(), budget, &packet);
    packet::reset_field(packet.layers[0], 3);
    // RFC 1071: the complement of 0261 + 6217.
    EXPECT_EQ(hex(packet::build(packet, own.database()).bytes), "026162179b87");
}

TEST(Trailer, IsNotThereWhereTheBytesEndBeforeIt) {
    EXPECT_EQ(marked().read("Marked", "056162"), "Marked(len=5)/Raw(load=b'ab')");
    EXPECT_EQ(marked().read("Marked", "026162"), "Marked(len=2)/Raw(load=b'ab')");
    const std::vector<packet::DissectedLayer> layers = marked().dissect("Marked", "026162");
    EXPECT_TRUE(layers.at(0).places.at(1).is_beyond);
    const OwnDefinitions own(R"({"id": "Own", "payload_length": 1, "trailer": [{"id": "crc", "type": "ShortField"}]})");
    EXPECT_EQ(own.read("Own", "610102"), "Own(crc=258)/Raw(load=b'a')");
    EXPECT_EQ(own.read_refusal("Own", "6101"), "the bytes end within the field");
}

TEST(Trailer, WithoutALengthOfThePayloadStandsAtTheEnd) {
    const OwnDefinitions own(R"({"id": "Own", "fields": [{"id": "has", "type": "ByteField"}],
        "trailer": [{"id": "name", "type": "StrFixedLenField", "length": 2, "when": "has"},
                    {"id": "a", "type": "BitField", "bits": 4, "when": "has"}, {"id": "b", "type": "BitField", "bits": 4, "when": "has"}]})");
    EXPECT_EQ(own.read("Own", "00616263"), "Own(has=0,name=None,a=None,b=None)/Raw(load=b'abc')");
    EXPECT_EQ(own.read("Own", "0161626312"), "Own(has=1,name=b'bc',a=1,b=2)/Raw(load=b'a')");
    EXPECT_EQ(own.rebuilt("Own", "0161626312"), "0161626312");
    EXPECT_EQ(own.rebuilt("Own", "00616263"), "00616263");
    EXPECT_EQ(own.built("Own(has=1,name='x',b=1)/Raw(load=b'abc')"), "01616263780001");
}

TEST(Trailer, TellsWhatThePayloadIs) {
    // As in ESP (RFC 4303): the next header stands behind what it names.
    const OwnDefinitions own(R"(
        {"id": "Wrap", "fields": [{"id": "spi", "type": "ByteField"}], "trailer": [{"id": "next", "type": "ByteField"}]},
        {"id": "Inner", "fields": [{"id": "x", "type": "ByteField"}], "under": [{"protocol": "Wrap", "fields": {"next": 7}}]})");
    EXPECT_EQ(own.built("Wrap(spi=1)/Inner(x=2)"), "010207");
    EXPECT_EQ(own.read("Wrap", "010207"), "Wrap(spi=1,next=7)/Inner(x=2)");
    EXPECT_EQ(own.read("Wrap", "010208"), "Wrap(spi=1,next=8)/Raw(load=b'\\x02')");
}

TEST(Trailer, StaysBehindWhatIsLeftWithinThePayload) {
    // Ethernet's padding stands in front of the frame check sequence.
    const OwnDefinitions own(R"(
        {"id": "Frame", "fields": [{"id": "type", "type": "ByteField"}], "trailer": [{"id": "fcs", "type": "ShortField"}]},
        {"id": "Datagram", "payload_length": "len", "under": [{"protocol": "Frame", "fields": {"type": 1}}],
         "fields": [{"id": "len", "type": "ByteField", "computed": "payload_length"}]})");
    const std::string bytes =
        "01"
        "0161"
        "0000"
        "beef";
    EXPECT_EQ(own.read("Frame", bytes),
              "Frame(type=1,fcs=48879)/Datagram(len=1)/Raw(load=b'a')/Raw(load=b'\\x00\\x00')");
    EXPECT_EQ(own.rebuilt("Frame", bytes), bytes);
}

TEST(Trailer, IsInherited) {
    const OwnDefinitions own(R"(
        {"id": "Base", "fields": [{"id": "a", "type": "ByteField"}], "trailer": [{"id": "end", "type": "ByteField", "default": 9}]},
        {"id": "Derived", "is_a": "Base", "fields": [{"id": "b", "type": "ShortField"}]},
        {"id": "Bare", "is_a": "Base", "trailer": []})");
    EXPECT_EQ(own.built("Derived(b=1)/Raw(load=b'a')"), "00016109");
    EXPECT_EQ(own.built("Bare(a=1)/Raw(load=b'a')"), "0161");
}

TEST(Trailer, WhatIsComputedIsComputedInItToo) {
    const OwnDefinitions own(R"({"id": "Own", "fields": [{"id": "a", "type": "ByteField"}],
        "trailer": [{"id": "size", "type": "ByteField", "computed": "header_length + payload_length"},
                    {"id": "sum", "type": "XShortField", "checksum": {"algorithm": "internet"}}]})");
    // RFC 1071: the complement of 0161 + 6203, of which the last octet is the size.
    EXPECT_EQ(own.built("Own(a=1)/Raw(load=b'ab')"),
              "016162"
              "03"
              "9c9b");
}

TEST(TrailerRefusal, OfWhatCannotBeMeant) {
    const auto refusal = [](const std::string& members) {
        return OwnDefinitions::refusal(R"({"id": "P", "fields": [{"id": "a", "type": "ByteField"}], )" + members + "}");
    };
    const auto expect_refused = [&refusal](const std::string& members, const std::string& part) {
        EXPECT_NE(refusal(members).find(part), std::string::npos) << refusal(members);
    };
    expect_refused(R"("trailer": {})", "\"trailer\" is not an array");
    expect_refused(R"("trailer": [{"id": "t", "type": "StrField"}])",
                   "field t: a field of the trailer has the same width");
    expect_refused(R"("trailer": [{"id": "t", "type": "StrLenField", "length": 4}])",
                   "has the same width in every packet");
    expect_refused(R"("trailer": [{"id": "t", "type": "StrFixedLenField", "length": "a"}])", "has the same width");
    expect_refused(R"("trailer": [{"id": "t", "type": "BitField", "bits": 4}])", "no whole bytes");
    expect_refused(R"json("trailer": [{"id": "t", "type": "ByteField", "when": "byte(0)"}])json", "not at bytes");
    expect_refused(R"("trailer": [{"id": "t", "type": "ByteField", "when": "remaining"}])", "not at bytes");
    expect_refused(R"("trailer": [{"id": "a", "type": "ByteField"}])", "there is a field of this id already");
    expect_refused(R"("payload_length": "t", "trailer": [{"id": "t", "type": "ByteField"}])",
                   "the trailer is not read yet");
    expect_refused(R"("size": "t", "trailer": [{"id": "t", "type": "ByteField"}])", "unknown field 't'");
    EXPECT_EQ(refusal(R"("trailer": [{"id": "t", "type": "ByteField", "when": "a"}])"), "");
}

/// Messages in a row, as MQTT has them in a TCP segment.
const std::string kMessages = R"(
    {"id": "Message", "payload_length": "len", "then": "Message", "under": [{"protocol": "Stream"}],
     "fields": [{"id": "len", "type": "ByteField", "computed": "payload_length"}]},
    {"id": "Body", "payload_length": "left", "under": [{"protocol": "Message"}],
     "fields": [{"id": "left", "type": "ByteField", "computed": "payload_length"}]},
    {"id": "Stream", "payload_length": "n", "fields": [{"id": "n", "type": "ByteField", "computed": "payload_length"}]})";

const OwnDefinitions& messages() {
    static const OwnDefinitions definitions(kMessages);
    return definitions;
}

TEST(Then, IsTheNextMessage) {
    const std::string bytes =
        "07"
        "020161"
        "00"
        "020162"
        "7a";
    EXPECT_EQ(messages().read("Stream", bytes),
              "Stream(n=7)/Message(len=2)/Body(left=1)/Raw(load=b'a')/Message(len=0)/Message(len=2)/Body(left=1)/"
              "Raw(load=b'b')/Padding(load=b'z')");
    EXPECT_EQ(messages().rebuilt("Stream", bytes), bytes);
}

TEST(Then, IsNoPayloadOfTheMessageBefore) {
    EXPECT_EQ(messages().built("Stream()/Message()/Body()/Raw(load=b'a')/Message()/Message()/Body()/Raw(load=b'bc')"),
              "08"
              "020161"
              "00"
              "03026263");
}

TEST(Then, LiesWhereItIsWritten) {
    const model::Packet packet = messages().packet("Stream()/Message()/Body()/Raw(load=b'a')/Message()/Body()");
    const packet::InspectedPacket inspected = packet::inspect(packet, messages().database());
    EXPECT_EQ(hex(inspected.built.bytes),
              "05"
              "020161"
              "0100");
    EXPECT_EQ(inspected.built.offsets, (std::vector<std::size_t>{0, 1, 2, 3, 4, 5}));
    for (const packet::InspectedLayer& layer : inspected.layers) {
        EXPECT_TRUE(layer.is_valid);
    }
    EXPECT_EQ(inspected.layers.at(4).own->layer.fields.at(0).value, model::Value(Integer{1}));
}

TEST(Then, IsFollowedByWhatIsLeftInFrontOfIt) {
    // The first message has one byte more than its body.
    const std::string bytes =
        "06"
        "03016178"
        "0100";
    EXPECT_EQ(messages().read("Stream", bytes),
              "Stream(n=6)/Message(len=3)/Body(left=1)/Raw(load=b'a')/Raw(load=b'x')/Message(len=1)/Body(left=0)");
    EXPECT_EQ(messages().rebuilt("Stream", bytes), bytes);
}

TEST(Then, IsToldFromAPayloadOfTheSameProtocolWhereItWasRead) {
    // A message within a message, which has a mark at its end: the mark of the first stands behind the second.
    const OwnDefinitions own(R"(
        {"id": "Message", "payload_length": "len", "then": "Message",
         "fields": [{"id": "len", "type": "ByteField", "computed": "payload_length"}],
         "trailer": [{"id": "mark", "type": "XByteField"}]},
        {"id": "Tunnel", "fields": [{"id": "id", "type": "ByteField"}], "under": [{"protocol": "Message"}],
         "payload_default": [{"protocol": "Message"}]})");
    const std::string bytes =
        "04"
        "aa"
        "01bbcc"
        "dd"
        "00ee";
    const std::vector<packet::DissectedLayer> layers = own.dissect("Message", bytes);
    EXPECT_EQ(ids_of(layers), "Message Tunnel Message Tunnel Message");
    EXPECT_EQ(hex(packet::build(packet::to_packet(layers), own.database()).bytes), bytes);
}

TEST(Then, MayBeAChoice) {
    const OwnDefinitions own(R"json({"id": "Message", "payload_length": "len",
        "then": [{"when": "len > 0 && remaining > 1 && byte(0) < 16", "protocol": "Message"}, {"when": "len == 0", "protocol": "Raw"}],
        "fields": [{"id": "len", "type": "ByteField", "computed": "payload_length"}]})json");
    EXPECT_EQ(own.read("Message", "0161016210"),
              "Message(len=1)/Raw(load=b'a')/Message(len=1)/Raw(load=b'b')/Padding(load=b'\\x10')");
    EXPECT_EQ(own.read("Message", "00aa"), "Message(len=0)/Raw(load=b'\\xaa')");
}

TEST(Then, OfALayerWithoutBytesEnds) {
    const OwnDefinitions own(R"({"id": "Nothing", "payload_length": 0, "then": "Nothing"})");
    EXPECT_EQ(own.read("Nothing", "6162"), "Nothing()/Raw(load=b'ab')");
}

TEST(Then, IsBounded) {
    std::string digits;
    for (int message = 0; message < 1000; ++message) {
        digits += "020161";
    }
    const std::vector<packet::DissectedLayer> layers = messages().dissect("Message", digits);
    EXPECT_LE(layers.size(), packet::kMaximumLayers);
    EXPECT_EQ(hex(packet::build(packet::to_packet(layers), messages().database()).bytes), digits);
}

TEST(Then, StandsBehindTheTrailer) {
    const OwnDefinitions own(R"({"id": "Message", "payload_length": "len", "then": "Message",
        "fields": [{"id": "len", "type": "ByteField", "computed": "payload_length"}],
        "trailer": [{"id": "sum", "type": "XShortField", "checksum": {"algorithm": "internet"}}]})");
    // RFC 1071: the complements of 0161 and of 0262 + 6300.
    const std::string bytes =
        "0161"
        "fe9e"
        "026263"
        "9a9d";
    EXPECT_EQ(own.built("Message()/Raw(load=b'a')/Message()/Raw(load=b'bc')"), bytes);
    EXPECT_EQ(own.read("Message", bytes),
              "Message(len=1,sum=65182)/Raw(load=b'a')/Message(len=2,sum=39581)/Raw(load=b'bc')");
    EXPECT_EQ(own.rebuilt("Message", bytes), bytes);
}

TEST(Then, OfElementsOfAListIsPartOfThem) {
    const OwnDefinitions own(kMessages + R"(, {"id": "List", "fields": [
        {"id": "items", "type": "PacketListField", "holds": "Message"}]})");
    EXPECT_EQ(own.read("List", "016100"), "List(items=[Message(len=1)/Body(left=97)/Message(len=0)])");
    EXPECT_EQ(own.rebuilt("List", "016100"), "016100");
}

TEST(ThenRefusal, OfWhatCannotBeMeant) {
    const auto refusal = [](const std::string& members) {
        return OwnDefinitions::refusal(R"({"id": "P", )" + members + "}");
    };
    const auto expect_refused = [&refusal](const std::string& members, const std::string& part) {
        EXPECT_NE(refusal(members).find(part), std::string::npos) << refusal(members);
    };
    expect_refused(R"("then": "P")", "\"then\" needs a \"payload_length\"");
    expect_refused(R"("payload_length": 0, "then": "Q")", "there is no protocol \"Q\"");
    expect_refused(R"("payload_length": 0, "then": 5)", "not an array");
    expect_refused(R"("payload_length": 0, "then": [{"protocol": "P"}, {"protocol": "Raw"}])", "always holds");
    expect_refused(R"("payload_length": 0, "then": [{"when": "payload_length", "protocol": "P"}])",
                   "only when a packet is built");
}

TEST(ValuesInAStack, KnowTheLayerBelow) {
    const OwnDefinitions own(R"(
        {"id": "Lower", "fields": [{"id": "mode", "type": "ByteField"}]},
        {"id": "Upper", "under": [{"protocol": "Lower", "fields": {"mode": 2}}], "fields": [
            {"id": "v", "type": "MultipleTypeField", "variants": [
                {"when": "below.mode == 2", "field": {"type": "IPField"}}, {"field": {"type": "ByteField"}}]}]})");
    EXPECT_EQ(own.built("Lower(mode=2)/Upper(v='10.0.0.1')"), "020a000001");
    EXPECT_EQ(own.built("Lower(mode=1)/Upper(v='7')"), "0107");
    // What the upper layer itself sets below counts as well.
    EXPECT_EQ(own.built("Lower()/Upper(v='10.0.0.1')"), "020a000001");
    EXPECT_THROW(own.packet("Lower(mode=1)/Upper(v='10.0.0.1')"), fields::ValueError);
}

}  // namespace
}  // namespace framewright::tests
