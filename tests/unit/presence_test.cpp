// Fields that are not in the bytes, and forms that are bits.
#include <gtest/gtest.h>

#include "tests/unit/own_definitions.hpp"

namespace framewright::tests {
namespace {

TEST(BitForms, AreReadAndBuiltAlike) {
    const OwnDefinitions own(R"json({"id": "Own", "fields": [
        {"id": "form", "type": "BitField", "bits": 4},
        {"id": "v", "type": "MultipleTypeField", "variants": [
            {"when": "form == 1", "field": {"type": "BitField", "bits": 12}},
            {"when": "form == 2", "field": {"type": "ShortField"}},
            {"field": {"type": "BitField", "bits": 4}}]},
        {"id": "end", "type": "ByteField"}]})json");
    EXPECT_EQ(own.built("Own(form=1,v=2748,end=255)"), "1abcff");
    EXPECT_EQ(own.read("Own", "1abcff"), "Own(form=1,v=2748,end=255)");
    // A form of whole octets begins at an octet.
    EXPECT_EQ(own.built("Own(form=2,v=2748,end=255)"), "200abcff");
    EXPECT_EQ(own.read("Own", "200abcff"), "Own(form=2,v=2748,end=255)");
    EXPECT_EQ(own.built("Own(v=10,end=255)"), "0aff");
    const std::vector<packet::DissectedLayer> layers = own.dissect("Own", "1abcff");
    EXPECT_EQ(layers[0].places[1].first_bit, 4U);
    EXPECT_EQ(layers[0].places[1].bits, 12U);
    EXPECT_TRUE(layers[0].places[1].is_bit_field);
}

TEST(BitForms, TakeNoOctets) {
    const OwnDefinitions own(
        R"json({"id": "Own", "fields": [{"id": "v", "type": "MultipleTypeField", "default": {"hex": "ab"},
        "variants": [{"field": {"type": "BitField", "bits": 8}}]}]})json");
    EXPECT_EQ(own.build_refusal("Own()"), "Own.v: a number is needed: the field has 8 bits here");
}

TEST(PayloadLength, OfAFieldThatIsNotThereIsZero) {
    const OwnDefinitions own(R"json({"id": "Own", "payload_length": "max(n - 2, 0)", "fields": [
        {"id": "has", "type": "ByteField"}, {"id": "n", "type": "ByteField", "when": "has", "computed": "3"}]})json");
    EXPECT_EQ(own.read("Own", "00aabb"), "Own(has=0,n=None)/Padding(load=b'\\xaa\\xbb')");
    EXPECT_EQ(own.read("Own", "00"), "Own(has=0)");
    EXPECT_EQ(own.read("Own", "0103aabb"), "Own(has=1,n=3)/Raw(load=b'\\xaa')/Padding(load=b'\\xbb')");
    // The bytes end before a length that should be there.
    EXPECT_EQ(own.read_refusal("Own", "01"), "the bytes end before the length of the payload");
}

}  // namespace
}  // namespace framewright::tests
