#include "protocol_db/packet/edit.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/unit/field_under_test.hpp"

namespace framewright::tests {
namespace {

using model::Value;

std::size_t index_of(const model::Layer& layer, std::string_view id) {
    return layer.protocol->find_field(id).value();
}

void set(model::Layer& layer, std::string_view id, const Value& value) {
    packet::ExpressionBudget budget;
    packet::set_field(layer, index_of(layer, id), value, database(), budget);
}

const Value& value_of(const model::Layer& layer, std::string_view id) {
    return layer.fields[index_of(layer, id)].value;
}

std::string reason_of(std::string_view expression) {
    try {
        packet_of(expression);
    } catch (const fields::ValueError& error) {
        return error.what();
    } catch (const expression::SyntaxError& error) {
        return error.what();
    }
    return "";
}

TEST(SetField, ParsesAndReset) {
    model::Layer layer = packet::make_layer(protocol("IP"));
    set(layer, "ttl", std::string("7"));
    EXPECT_TRUE(layer.fields[index_of(layer, "ttl")].is_set);
    EXPECT_EQ(value_of(layer, "ttl"), Value(Integer{7}));
    packet::reset_field(layer, index_of(layer, "ttl"));
    EXPECT_FALSE(layer.fields[index_of(layer, "ttl")].is_set);
}

TEST(SetField, AnEmptyTextResetsNumbersAndAddresses) {
    model::Layer layer = packet::make_layer(protocol("IP"));
    for (const char* const id : {"ttl", "src", "options"}) {
        set(layer, id, std::string(""));
        EXPECT_FALSE(layer.fields[index_of(layer, id)].is_set) << id;
    }
}

TEST(SetField, AnEmptyTextIsAnEmptyPayload) {
    model::Layer layer = packet::make_layer(protocol("Raw"));
    set(layer, "load", std::string(""));
    EXPECT_TRUE(layer.fields[0].is_set);
    EXPECT_EQ(layer.fields[0].value, Value(Bytes{}));
}

TEST(SetField, ALayerForgetsTheBytesThatItWasReadFrom) {
    auto layers = dissect("UDP", octets("0035 0035 0008 ffff"));
    model::Layer& layer = layers[0].layer;
    ASSERT_TRUE(layer.has_original);
    set(layer, "sport", Integer{99});
    EXPECT_FALSE(layer.has_original);
    auto again = dissect("UDP", octets("0035 0035 0008 ffff"));
    packet::reset_field(again[0].layer, 3);
    EXPECT_FALSE(again[0].layer.has_original);
}

TEST(SetField, AValueThatTheFieldHasChangesNothing) {
    auto layers = dissect("UDP", octets("0035 0035 0008 ffff"));
    model::Layer& layer = layers[0].layer;
    set(layer, "sport", Integer{53});
    set(layer, "dport", std::string("53"));
    EXPECT_TRUE(layer.has_original);
}

TEST(SetField, ARefusedValueChangesNothing) {
    model::Layer layer = packet::make_layer(protocol("IP"));
    set(layer, "ttl", Integer{7});
    EXPECT_THROW(set(layer, "ttl", Integer{256}), fields::ValueError);
    EXPECT_EQ(value_of(layer, "ttl"), Value(Integer{7}));
}

TEST(SetWireOctets, AreTheFieldsBytes) {
    model::Layer layer = packet::make_layer(protocol("IP"));
    const auto set_octets = [&layer](std::string_view id, std::string_view digits) {
        packet::set_wire_octets(layer, index_of(layer, id), octets(digits), database());
    };
    set_octets("src", "c0000201");
    EXPECT_EQ(value_of(layer, "src"), Value(std::string("192.0.2.1")));
    set_octets("id", "abcd");
    EXPECT_EQ(value_of(layer, "id"), Value(Integer{0xabcd}));
    // Bits are a number, the spare bits in front.
    set_octets("flags", "02");
    EXPECT_EQ(value_of(layer, "flags"), Value(Integer{2}));
    set_octets("frag", "1fff");
    EXPECT_EQ(value_of(layer, "frag"), Value(Integer{0x1fff}));
    set_octets("options", "0101");
    model::Packet packet;
    packet.layers.push_back(layer);
    EXPECT_EQ(hex(ByteView(build(packet)).subspan(20)), "01010000");
}

TEST(SetWireOctets, OfAnotherSizeAreRefused) {
    model::Layer layer = packet::make_layer(protocol("IP"));
    for (const char* const digits : {"", "01", "010203"}) {
        EXPECT_THROW(packet::set_wire_octets(layer, index_of(layer, "id"), octets(digits), database()),
                     fields::ValueError)
            << digits;
    }
    EXPECT_THROW(packet::set_wire_octets(layer, index_of(layer, "flags"), octets("0002"), database()),
                 fields::ValueError);
    // RFC 2869 section 5.14: 16 octets. What is shorter would be shown as octets that are filled up.
    model::Layer radius = packet::make_layer(protocol("RadiusAttr_Message_Authenticator"));
    EXPECT_THROW(packet::set_wire_octets(radius, index_of(radius, "value"), octets("f01e"), database()),
                 fields::ValueError);
    // The text ends with a zero octet.
    model::Layer netlogon = packet::make_layer(protocol("SMBNetlogon_Protocol_Response_Tail_LM20"));
    EXPECT_THROW(packet::set_wire_octets(netlogon, index_of(netlogon, "ServerName"), octets("4142"), database()),
                 fields::ValueError);
    EXPECT_NO_THROW(packet::set_wire_octets(netlogon, index_of(netlogon, "ServerName"), octets("414200"), database()));
    EXPECT_NO_THROW(
        packet::set_wire_octets(radius, index_of(radius, "value"), Bytes(16, std::uint8_t{0xf0}), database()));
}

TEST(SetRandom, IsWithinTheFieldAndNotAlwaysTheSame) {
    model::Layer layer = packet::make_layer(protocol("IP"));
    std::set<std::string> seen;
    for (int count = 0; count < 20; ++count) {
        packet::set_random(layer, index_of(layer, "id"), database());
        packet::set_random(layer, index_of(layer, "flags"), database());
        const Integer flags = *value_of(layer, "flags").get_if<Integer>();
        EXPECT_TRUE(flags >= 0 && flags < 8);
        seen.insert(to_string(*value_of(layer, "id").get_if<Integer>()));
        packet::set_random(layer, index_of(layer, "dst"), database());
        EXPECT_TRUE(value_of(layer, "dst").is<std::string>());
    }
    EXPECT_GT(seen.size(), 10U);
}

TEST(SetRandom, EveryBuiltInFieldTakesOneOrSaysThatItHasNone) {
    for (const auto& owner : database().protocols()) {
        for (std::size_t index = 0; index < owner->fields.size(); ++index) {
            model::Layer layer = packet::make_layer(*owner);
            try {
                packet::set_random(layer, index, database());
                EXPECT_TRUE(layer.fields[index].is_set) << owner->id << "." << owner->fields[index].id;
            } catch (const fields::ValueError& error) {
                EXPECT_NE(std::string(error.what()), "") << owner->id << "." << owner->fields[index].id;
            }
        }
    }
}

TEST(SetExpression, UnderstandsTheFieldsOwnNotationToo) {
    model::Layer layer = packet::make_layer(protocol("IPv6ExtHdrRouting"));
    packet::ExpressionBudget budget;
    packet::set_expression(layer, index_of(layer, "addresses"), "[ ::1, ::2 ]", database(), budget);
    packet::set_expression(layer, index_of(layer, "segleft"), "1 + 1", database(), budget);
    EXPECT_EQ(value_of(layer, "addresses"), list({Value(std::string("::1")), Value(std::string("::2"))}));
    EXPECT_EQ(value_of(layer, "segleft"), Value(Integer{2}));
}

TEST(ReadExpression, CallsBecomeLayers) {
    const model::Packet packet = packet_of("Ether()/IP(ttl=3)/b'abc'");
    ASSERT_EQ(packet.layers.size(), 3U);
    EXPECT_EQ(value_of(packet.layers[1], "ttl"), Value(Integer{3}));
    EXPECT_EQ(packet.layers[2].protocol->id, "Raw");
    EXPECT_EQ(value_of(packet.layers[2], "load"), Value(Bytes{'a', 'b', 'c'}));
}

TEST(ReadExpression, ALayerHoldsNothingButWhatItSays) {
    EXPECT_TRUE(value_of(packet_of("Raw()").layers[0], "load").is_none());
}

TEST(ReadExpression, OctetsAreDissected) {
    const model::Packet packet = packet_of("UDP(b'\\x00\\x35\\x00\\x35\\x00\\x08\\x00\\x00')");
    EXPECT_EQ(value_of(packet.layers[0], "sport"), Value(Integer{53}));
}

TEST(ReadExpression, MistakesSayWhatAndWhere) {
    EXPECT_NE(reason_of("Nothing()").find("Nothing"), std::string::npos) << reason_of("Nothing()");
    EXPECT_NE(reason_of("IP(nothing=1)").find("IP has no field nothing"), std::string::npos);
    EXPECT_NE(reason_of("IP(ttl=256)").find("IP.ttl"), std::string::npos) << reason_of("IP(ttl=256)");
    EXPECT_NE(reason_of("IP(options=[IPOption_RR(routers=['x'])])").find("IPOption_RR.routers"), std::string::npos);
    EXPECT_NE(reason_of("IP(1, 2)"), "");
    EXPECT_NE(reason_of("IP(ttl=)"), "");
    EXPECT_NE(reason_of("IP(ttl=1, ttl=2)"), "");
    EXPECT_NE(reason_of("__import__('os')"), "");
    EXPECT_NE(reason_of("IP().show()"), "");
}

TEST(ReadExpression, MakesNoMoreLayersThanItsBudget) {
    packet::ExpressionBudget budget{.layers = 3};
    EXPECT_NO_THROW(packet::read_expression("[IP(), IP()]", database(), budget));
    EXPECT_NO_THROW(packet::read_expression("IP()", database(), budget));
    EXPECT_THROW(packet::read_expression("IP()", database(), budget), fields::ValueError);
    packet::ExpressionBudget repeated{.layers = 100};
    EXPECT_THROW(packet::read_expression("[IP()] * 101", database(), repeated), fields::ValueError);
}

TEST(Twins, FieldsOfOneNameAreSetTogether) {
    // ICMP has "unused" twice: of 16 bits where a length stands beside it, of 32 elsewhere (RFC 792, RFC 4884).
    EXPECT_EQ(hex(build("ICMP(type=4,chksum=0,unused=65536)")), "0400000000010000");
    EXPECT_EQ(hex(build("ICMP(type=11,chksum=0,unused=258)")), "0b00000000000102");
    EXPECT_THROW(build("ICMP(type=11,chksum=0,unused=65536)"), packet::BuildError);
}

}  // namespace
}  // namespace framewright::tests
