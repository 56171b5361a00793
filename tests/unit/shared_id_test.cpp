// Fields that share an id: of several, the one that is in the packet is meant.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "tests/unit/packet_helpers.hpp"

namespace framewright::tests {
namespace {

constexpr std::string_view kOwn = R"json({"protocols": [
    {"id": "Counted", "fields": [
        {"id": "kind", "type": "ByteField"},
        {"id": "n", "type": "ShortField", "when": "kind == 1", "computed": "length(data)"},
        {"id": "n", "type": "ByteField", "when": "kind == 2", "computed": "length(data)"},
        {"id": "data", "type": "StrLenField", "length": "n"}]},
    {"id": "Forms", "fields": [
        {"id": "kind", "type": "ByteField", "default": 1},
        {"id": "v", "type": "IPField", "when": "kind == 1"},
        {"id": "v", "type": "MACField", "when": "kind == 2"},
        {"id": "v", "type": "ShortField", "when": "kind == 3"}]},
    {"id": "Several", "fields": [
        {"id": "kind", "type": "ByteField"},
        {"id": "r", "type": "ByteField", "when": "kind & 1"},
        {"id": "r", "type": "ShortField", "when": "kind & 2"},
        {"id": "r", "type": "ByteField", "when": "kind & 4"}]},
    {"id": "OnSeveral", "fields": [
        {"id": "x", "type": "StrLenField", "length": "below.r", "default": "a"}],
     "under": [{"protocol": "Several", "fields": {"r": 1}}]}]})json";

class SharedIds : public ::testing::Test {
protected:
    model::Packet packet(std::string_view expression) const {
        packet::ExpressionBudget budget;
        return *packet::read_expression(expression, *database, budget).get_if<model::Packet>();
    }
    std::string built(std::string_view expression) const {
        return hex(packet::build(packet(expression), *database).bytes);
    }
    std::string refusal(std::string_view expression) const {
        try {
            built(expression);
        } catch (const packet::BuildError& error) {
            return error.protocol() + "." + error.field() + "=" + error.value() + ": " + error.what();
        } catch (const fields::ValueError& error) {
            return error.what();
        }
        return "";
    }
    std::vector<packet::DissectedLayer> dissect(std::string_view first, std::string_view digits) const {
        return packet::Dissector(*database).dissect(*database->find(first), octets(digits));
    }

    const std::vector<loader::UserFile> files{{"mine.json", std::string(kOwn)}};
    const std::unique_ptr<const model::Database> database = loader::load_built_in(files);
};

TEST_F(SharedIds, RulesMeanTheOneInThePacket) {
    EXPECT_EQ(built("Counted(kind=1,data='abc')"), "010003616263");
    EXPECT_EQ(built("Counted(kind=2,data='abc')"), "0203616263");
    EXPECT_EQ(expression_of(dissect("Counted", "010002616263")), "Counted(kind=1,n=2,data=b'ab')/Raw(load=b'c')");
    EXPECT_EQ(expression_of(dissect("Counted", "0202616263")), "Counted(kind=2,n=2,data=b'ab')/Raw(load=b'c')");
}

TEST_F(SharedIds, BindingsMeanTheOneInThePacket) {
    EXPECT_EQ(built("Several(kind=1)/OnSeveral()"), "010161");
    EXPECT_EQ(built("Several(kind=2)/OnSeveral()"), "02000161");
    EXPECT_EQ(ids_of(dissect("Several", "02000161")), "Several OnSeveral");
    EXPECT_EQ(ids_of(dissect("Several", "040161")), "Several OnSeveral");
    EXPECT_EQ(ids_of(dissect("Several", "02010161")), "Several Raw");
    // The first of those that are there.
    EXPECT_EQ(ids_of(dissect("Several", "0600010561")), "Several OnSeveral");
    EXPECT_EQ(ids_of(dissect("Several", "0600050161")), "Several Raw");
}

TEST_F(SharedIds, RulesAboveMeanTheOneInThePacketBelow) {
    const auto layers = dissect("Several", "0200016162");
    ASSERT_EQ(ids_of(layers), "Several OnSeveral Raw");
    EXPECT_EQ(layers[1].header_length, 1U);
}

TEST_F(SharedIds, AValueIsReadInTheFormThatIsWritten) {
    EXPECT_EQ(built("Forms(v='10.0.0.1')"), "010a000001");
    EXPECT_EQ(built("Forms(kind=2,v='00:11:22:33:44:55')"), "02001122334455");
    EXPECT_EQ(built("Forms(v='00:11:22:33:44:55',kind=2)"), "02001122334455");
    EXPECT_EQ(built("Forms(kind=3,v=7)"), "030007");
    EXPECT_EQ(refusal("Forms(kind=3,v='10.0.0.1')"), "Forms.v='10.0.0.1': not a whole number");
    EXPECT_EQ(refusal("Forms(v='00:11:22:33:44:55')"), "Forms.v='00:11:22:33:44:55': not an IPv4 address");
    // What none of them can hold is refused at once.
    EXPECT_EQ(refusal("Forms(kind=3,v='x')"), "Forms.v: not a whole number");
}

TEST_F(SharedIds, OctetsAreReadInTheFormThatIsWritten) {
    const auto with_octets = [this](long long kind, std::string_view digits) {
        model::Packet packet;
        packet.layers.push_back(packet::make_layer(*database->find("Forms")));
        packet::ExpressionBudget budget;
        packet::set_wire_octets(packet.layers[0], 1, octets(digits), *database);
        packet::set_field(packet.layers[0], 0, Integer{kind}, *database, budget);
        return hex(packet::build(packet, *database).bytes);
    };
    EXPECT_EQ(with_octets(1, "01020304"), "0101020304");
    EXPECT_EQ(with_octets(3, "0102"), "030102");
    EXPECT_THROW(with_octets(1, "0102"), packet::BuildError);
    EXPECT_THROW(with_octets(3, "01020304"), packet::BuildError);
    EXPECT_THROW(with_octets(1, "010203"), fields::ValueError);
}

TEST_F(SharedIds, SeveralValuesAreForOneFieldAfterTheOther) {
    EXPECT_EQ(built("Several(kind=7,r=1)"), "0701000101");
    EXPECT_EQ(built("Several(kind=7,r=1,r=2)"), "0701000202");
    EXPECT_EQ(built("Several(kind=7,r=1,r=700,r=3)"), "070102bc03");
    EXPECT_EQ(built("Several(kind=5,r=1,r=700,r=3)"), "050103");
    EXPECT_EQ(refusal("Several(r=1,r=2,r=3,r=4)"),
              "Several: the argument r is given more often than there are fields of this id");
    EXPECT_EQ(refusal("Several(kind=1,kind=1)"),
              "Several: the argument kind is given more often than there are fields of this id");
    EXPECT_EQ(refusal("Several(kind=7,r=1,r=700)"), "Several.r=700: does not fit into 8 bits (0 to 255)");
    EXPECT_EQ(refusal("Several(kind=7,r=700)"), "Several.r=700: does not fit into 8 bits (0 to 255)");
}

TEST_F(SharedIds, AValueTakesThePlaceOfOneThatWasRefused) {
    model::Packet packet = this->packet("Several(kind=1,r=700)");
    packet::ExpressionBudget budget;
    EXPECT_THROW(packet::build(packet, *database), packet::BuildError);
    packet::set_field(packet.layers[0], 1, Integer{7}, *database, budget);
    EXPECT_EQ(hex(packet::build(packet, *database).bytes), "0107");
    packet::set_field(packet.layers[0], 1, Integer{700}, *database, budget);
    packet::reset_field(packet.layers[0], 1);
    EXPECT_EQ(hex(packet::build(packet, *database).bytes), "0100");
}

TEST_F(SharedIds, CallsNameAllThatHaveValues) {
    for (const std::string_view bytes :
         {"00", "0105", "020005", "0405", "03050006", "050506", "06000506", "0705000607"}) {
        std::string text;
        fields::append_expression(packet::to_packet(dissect("Several", bytes)), text);
        EXPECT_EQ(built(text), bytes) << text;
    }
    EXPECT_EQ(expression_of(dissect("Several", "020005")), "Several(kind=2,r=5)");
    EXPECT_EQ(expression_of(dissect("Several", "06000506")), "Several(kind=6,r=None,r=5,r=6)");
}

TEST_F(SharedIds, AreRefusedInBindingsThatTheyReadDifferently) {
    const std::string text = R"json({"protocols": [
        {"id": "A", "fields": [{"id": "k", "type": "ByteField"},
            {"id": "v", "type": "ByteEnumField", "enumeration": {"1": "one"}, "when": "k"},
            {"id": "v", "type": "ByteEnumField", "enumeration": {"2": "one"}, "when": "!k"}]},
        {"id": "B", "under": [{"protocol": "A", "fields": {"v": "one"}}]}]})json";
    try {
        const std::vector<loader::UserFile> other{{"mine.json", text}};
        loader::load_built_in(other);
        FAIL();
    } catch (const loader::DefinitionError& error) {
        EXPECT_NE(std::string(error.what()).find("the fields of the id v read the value differently"),
                  std::string::npos)
            << error.what();
    }
}

}  // namespace
}  // namespace framewright::tests
