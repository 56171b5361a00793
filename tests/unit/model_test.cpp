#include "protocol_db/model/model.hpp"

#include <gtest/gtest.h>

#include "protocol_db/packet/layer_rules.hpp"
#include "tests/unit/field_under_test.hpp"

namespace framewright::tests {
namespace {

using model::Enumeration;
using model::Value;

TEST(Enumeration, NamesNumbersAndNumbersNames) {
    const Enumeration names({{6, "tcp"}, {17, "udp"}, {1, "icmp"}});
    EXPECT_EQ(*names.name_of(17), "udp");
    EXPECT_EQ(names.name_of(2), nullptr);
    EXPECT_EQ(names.number_of("tcp"), Integer{6});
    EXPECT_FALSE(names.number_of("TCP"));
    EXPECT_FALSE(names.number_of(""));
}

TEST(Enumeration, OfSeveralNamesTheFirstIsShownAndAllAreRead) {
    const Enumeration names({{0, "hopopt"}, {0, "ip"}});
    EXPECT_EQ(*names.name_of(0), "hopopt");
    EXPECT_EQ(names.number_of("ip"), Integer{0});
    EXPECT_EQ(names.number_of("hopopt"), Integer{0});
}

TEST(Enumeration, ANameOfSeveralNumbersIsTheLastOne) {
    const Enumeration names({{1, "Reserved"}, {4, "Reserved"}});
    EXPECT_EQ(*names.name_of(1), "Reserved");
    EXPECT_EQ(names.number_of("Reserved"), Integer{4});
}

TEST(Enumeration, HoldsNumbersOfAnySize) {
    const Enumeration names({{-1, "minus"}, {Integer{1} << 70, "large"}});
    EXPECT_EQ(*names.name_of(-1), "minus");
    EXPECT_EQ(*names.name_of(Integer{1} << 70), "large");
    EXPECT_EQ(names.name_of((Integer{1} << 70) + 1), nullptr);
    EXPECT_TRUE(Enumeration().entries().empty());
    EXPECT_EQ(Enumeration().name_of(0), nullptr);
}

TEST(Protocol, IsAWhatItIsDerivedFrom) {
    const model::Protocol& ip = protocol("IP");
    const model::Protocol& error = protocol("IPerror");
    EXPECT_TRUE(error.is_a(ip));
    EXPECT_TRUE(ip.is_a(ip));
    EXPECT_FALSE(ip.is_a(error));
    EXPECT_FALSE(ip.is_a(protocol("IPv6")));
}

TEST(Protocol, FindsFieldsById) {
    const model::Protocol& ip = protocol("IP");
    EXPECT_EQ(ip.fields[ip.find_field("ttl").value()].id, "ttl");
    EXPECT_FALSE(ip.find_field("TTL"));
    EXPECT_FALSE(ip.find_field(""));
}

TEST(Protocol, ImposesOnWhatIsBelow) {
    const model::Protocol& tcp = protocol("TCP");
    ASSERT_NE(tcp.imposes_on(protocol("IP")), nullptr);
    ASSERT_NE(tcp.imposes_on(protocol("IPv6")), nullptr);
    EXPECT_EQ(tcp.imposes_on(protocol("ARP")), nullptr);
}

TEST(Values, AreEqualWhenKindAndContentAre) {
    EXPECT_EQ(Value(Integer{1}), Value(Integer{1}));
    EXPECT_FALSE(Value(Integer{1}) == Value(1.0));
    EXPECT_FALSE(Value(std::string("1")) == Value(Bytes{'1'}));
    EXPECT_EQ(list({Value(Integer{1}), Value()}), list({Value(Integer{1}), Value()}));
    EXPECT_FALSE(list({Value(Integer{1})}) == Value(model::Tuple{{Value(Integer{1})}}));
    EXPECT_EQ(Value(packet_of("IP()/TCP(sport=1)")), Value(packet_of("IP()/TCP(sport=1)")));
    EXPECT_FALSE(Value(packet_of("IP()/TCP(sport=1)")) == Value(packet_of("IP()/TCP(sport=2)")));
    EXPECT_TRUE(Value().is_none());
    EXPECT_FALSE(Value(Integer{0}).is_none());
}

/// The rules of a layer alone.
packet::LayerRules rules_of(const model::Layer& layer) {
    return {packet::LayerView{&layer, {}}, {}};
}

TEST(LayerRules, NumbersComeFromTheValueOrTheDefault) {
    model::Layer layer = packet::make_layer(protocol("IP"));
    const std::size_t ttl = layer.protocol->find_field("ttl").value();
    const std::size_t source = layer.protocol->find_field("src").value();
    EXPECT_EQ(rules_of(layer).field(ttl), 64);
    layer.fields[ttl] = {Integer{7}, true};
    EXPECT_EQ(rules_of(layer).field(ttl), 7);
    layer.fields[source] = {std::string("1.2.3.4"), true};
    EXPECT_EQ(rules_of(layer).field(source), 0x01020304);
}

TEST(LayerRules, UnsetNumbersAreZeroAndNotDefined) {
    const model::Layer layer = packet::make_layer(protocol("IP"));
    const std::size_t length = layer.protocol->find_field("len").value();
    const packet::LayerRules rules = rules_of(layer);
    EXPECT_FALSE(rules.is_defined(length));
    EXPECT_FALSE(rules.asked_for_missing());
    EXPECT_EQ(rules.field(length), 0);
    EXPECT_TRUE(rules.asked_for_missing());
}

TEST(LayerRules, BytesBeyondTheEndAreZero) {
    const model::Layer layer = packet::make_layer(protocol("IP"));
    packet::LayerRules rules = rules_of(layer);
    const Bytes bytes = octets("010203");
    rules.set_bytes(bytes);
    EXPECT_EQ(rules.bytes_at(0, 1), 1);
    EXPECT_EQ(rules.bytes_at(1, 2), 0x0203);
    EXPECT_EQ(rules.bytes_at(1, 4), 0x02030000);
    EXPECT_EQ(rules.bytes_at(-1, 2), 0x0001);
    EXPECT_EQ(rules.bytes_at(INT64_MAX - 3, 4), 0);
    EXPECT_EQ(rules.bytes_at(INT64_MIN, 1), 0);
    EXPECT_EQ(rules.bytes_at(INT64_MAX, 4), 0);
}

TEST(LayerRules, CountsAndElementsOfLists) {
    const FieldUnderTest field(R"("type": "FieldListField", "element": {"type": "ByteField"})");
    const model::Layer layer = field.layer(list({Value(Integer{5}), Value(Integer{6})}));
    EXPECT_EQ(rules_of(layer).count_of(0), 2);
    EXPECT_EQ(rules_of(layer).element_of(0, 1), 6);
    EXPECT_EQ(rules_of(layer).element_of(0, 2), 0);
    EXPECT_EQ(rules_of(layer).element_of(0, -1), 0);
    EXPECT_EQ(rules_of(field.layer(bytes_value("abc"))).count_of(0), 1);
}

TEST(LayerRules, WhatIsBelowIsKnownByItsAncestorsToo) {
    const model::Layer below = packet::make_layer(protocol("IPerror"));
    const model::Layer above = packet::make_layer(protocol("TCP"));
    const packet::LayerRules rules(packet::LayerView{&above, {}}, packet::LayerView{&below, {}});
    EXPECT_TRUE(rules.is_below("IPerror"));
    EXPECT_TRUE(rules.is_below("IP"));
    EXPECT_FALSE(rules.is_below("IPv6"));
    EXPECT_EQ(rules.below_field("ttl"), 64);
    EXPECT_EQ(rules.below_field("nothing"), 0);
    EXPECT_FALSE(rules_of(above).is_below("IP"));
    EXPECT_EQ(rules_of(above).below_field("ttl"), 0);
}

}  // namespace
}  // namespace framewright::tests
