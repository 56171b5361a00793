#include "protocol_db/loader/loader.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>
#include <vector>

#include "protocol_db/fields/list_types.hpp"
#include "protocol_db/fields/parameters.hpp"
#include "tests/unit/packet_helpers.hpp"

namespace framewright::tests {
namespace {

using loader::DefinitionError;
using loader::DefinitionFile;

constexpr std::string_view kBase = R"({"protocols": [
    {"id": "Raw", "role": "unknown_payload", "fields": [{"id": "load", "type": "StrField", "default": ""}]},
    {"id": "Padding", "is_a": "Raw", "role": "padding"},
    {"id": "Lower", "fields": [{"id": "type", "type": "ByteField"}, {"id": "len", "type": "ByteField"}]}]})";

std::unique_ptr<const model::Database> load(std::vector<std::string> files) {
    std::vector<DefinitionFile> all{{"base.json", kBase}};
    static constexpr std::array<std::string_view, 3> kNames{"first.json", "second.json", "third.json"};
    for (std::size_t index = 0; index < files.size(); ++index) {
        all.push_back({kNames.at(index), files[index]});
    }
    return loader::load(all);
}

/// A refusal, by the text that follows the place; the place must be what is said.
struct RefusalCase {
    std::string text;      ///< The protocols of a file.
    std::string protocol;  ///< Where the mistake is.
    std::string field;
    std::string reason;  ///< A part of the reason.
};

void PrintTo(const RefusalCase& refusal, std::ostream* out) {
    *out << refusal.text;
}

class Refused : public ::testing::TestWithParam<RefusalCase> {};

TEST_P(Refused, NamesThePlaceAndTheReason) {
    try {
        load({R"({"protocols": [)" + GetParam().text + "]}"});
        FAIL() << "it was loaded";
    } catch (const DefinitionError& error) {
        EXPECT_EQ(error.file(), "first.json");
        EXPECT_EQ(error.protocol(), GetParam().protocol);
        EXPECT_EQ(error.field(), GetParam().field);
        EXPECT_NE(error.reason().find(GetParam().reason), std::string::npos) << error.reason();
        const std::string message = error.what();
        EXPECT_TRUE(message.starts_with("first.json:1: ") && message.ends_with(error.reason())) << message;
        EXPECT_NE(message.find(GetParam().protocol), std::string::npos) << message;
    }
}

/// A mistake in the only field of "P".
RefusalCase field(const std::string& members, const std::string& reason) {
    return {R"({"id": "P", "fields": [{"id": "f", )" + members + "}]}", "P", "f", reason};
}

/// A mistake in "P" itself.
RefusalCase definition(const std::string& members, const std::string& reason) {
    return {R"({"id": "P", )" + members + "}", "P", "", reason};
}

INSTANTIATE_TEST_SUITE_P(
    Fields, Refused,
    ::testing::Values(
        field(R"("label": "x")", "\"type\" is missing"), field(R"("type": 5)", "\"type\" is not a text"),
        field(R"("type": "BitField", "bits": 4097)", "\"bits\" is not a number from 1 to 4096"),
        field(R"("type": "BitField", "bits": 0)", "\"bits\" is not a number from 1 to 4096"),
        field(R"("type": "BitField", "bits": 4.5)", "\"bits\" is not a number from"),
        field(R"("type": "BitField", "bits": "4")", "\"bits\" is not a number from"),
        field(R"("type": "FieldLenField")", "\"bits\" is missing"),
        field(R"("type": "FieldLenField", "bits": 72)", "multiple of 8 up to 64"),
        field(R"("type": "MACField", "bits": 40)", "has 48 bits"),
        field(R"("type": "ByteField", "default": "x")", "not a whole number"),
        field(R"("type": "ByteField", "default": -1)", "(0 to 255)"),
        field(R"("type": "SignedByteField", "default": 128)", "(-128 to 127)"),
        field(R"("type": "ByteField", "default": {"hex": "0"})", "pairs of hexadecimal"),
        field(R"("type": "ByteField", "default": {"octets": "00"})", "unknown key"),
        field(R"("type": "MACField", "default": "00:11")", "MAC address"),
        field(R"("type": "StrFixedLenField", "length": "length(")", "expected a name"),
        field(R"("type": "StrLenField", "length": [1])",
              "\"length\" is neither a rule (a text) nor a number from 0 on"),
        field(R"("type": "ByteField", "when": "g == 1")", "unknown field 'g'"),
        field(R"json("type": "ByteField", "computed": "lenght(f)")json",
              "unknown function 'lenght' at character 1 of rule"),
        field(R"("type": "ByteField", "pad_to": 0)", "\"pad_to\" is not a number from 1"),
        field(R"("type": "ByteField", "truncate_to": 65)", "\"truncate_to\" is not a number from 1 to 64"),
        field(R"("type": "ByteEnumField", "enumeration": 5)", "not an object of numbers and names"),
        field(R"("type": "ByteEnumField", "enumeration": {"1": 2})", "not a number with a name"),
        field(R"("type": "ByteField", "enumeration_by": {"field": "g", "cases": {}})", "no field \"g\""),
        field(R"("type": "ByteField", "enumeration_by": {"field": "f"})", "\"enumeration_by\": \"cases\" is missing"),
        field(R"("type": "ByteField", "enumeration_by": {"field": "f", "cases": {"x": {}}})", "\"x\" is not a number"),
        field(R"("type": "FlagsField", "bits": 8, "flags": 5)", "neither a text of letters nor an array"),
        field(R"("type": "ByteField", "generated": "always")", "neither random_bytes nor time_of_day"),
        field(R"("type": "XIntField", "checksum": {"algorithm": "internet"})", "16 bits"),
        field(R"("type": "XShortField", "checksum": {})", "\"algorithm\" is missing"),
        field(R"("type": "XShortField", "checksum": {"algorithm": "internet", "over": "all"})",
              "none of header, payload, rest"),
        field(R"("type": "XShortField", "checksum": {"algorithm": "internet", "pseudo_header_protocol": 256})",
              "from 0 to 255"),
        field(R"("type": "XShortField", "checksum": {"algorithm": "internet", "seed": 1})", "unknown key"),
        field(R"("type": "PacketField")", "\"holds\" is missing"),
        field(R"json("type": "PacketField", "holds": "Raw", "default": "Row()")json", "neither an expression nor"),
        field(R"json("type": "PacketField", "holds": "Raw", "default": "Raw(lead='')")json", "Raw has no field lead"),
        field(R"json("type": "PacketListField", "holds": "Raw", "default": "[Raw(")json", "unexpected end"),
        field(R"("type": "FieldListField", "element": {"type": "Nope"})", "no field type \"Nope\""),
        field(R"("type": "FieldListField", "element": 5)", "not an object"),
        field(R"("type": "MultipleTypeField", "variants": [{"when": "1"}])", "a variant: \"field\" is missing"),
        field(R"("type": "MultipleTypeField", "variants": [{"field": {"type": "Nope"}}])", "\"Nope\""),
        field(R"("type": "OptionListField", "options": [{"code": 256, "name": "x"}])", "code of more than 8 bits"),
        field(R"("type": "OptionListField", "options": [{"code": 1}])", "\"name\" is missing"),
        field(R"("type": "OptionListField", "options": [{"code": 1, "name": "x", "format": "Z"}])",
              "an option: \"format\" is not made of the characters BHIQ4N"),
        field(R"("type": "OptionListField", "options": [{"code": 1, "name": "x", "repeats": true}])",
              "option \"x\" has no format that repeats"),
        field(R"("type": "PacketListField", "holds": "Raw", "padding": {"switch": "g"})", "no field \"g\""),
        field(R"("type": "ByteField", "max": 2147483648)", "\"max\" is not a number from"),
        field(R"("type": "ByteField", "min": 0.5)", "\"min\" is not a number from"),
        field(R"("type": "ByteField", "auto": 1)", "neither true nor false"),
        field(R"("type": "ByteField", "choices": [{"name": "x", "mask": 1}])", "no \"values\""),
        field(R"("type": "ByteField", "choices": [{"name": "x", "values": {"a": "b"}}])", "not a number"),
        field(R"("type": "ByteField", "label": null)", "\"label\" is not a text")));

INSTANTIATE_TEST_SUITE_P(
    Protocols, Refused,
    ::testing::Values(
        definition(R"("fields": {})", "\"fields\" is not an array"),
        definition(R"("is_abstract": 1)", "neither true nor false"),
        definition(R"("role": "padding")", "the role \"padding\" is that of Padding, built in"),
        definition(R"("role": "first")", "no role \"first\""),
        definition(R"("link_types": [65536])", "a number from 0 to 65535"),
        definition(R"("link_types": ["1"])", "a number from 0 to 65535"),
        definition(R"("link_types": [1, 1])", "the link type 1 is that of P"),
        definition(R"("alignment": [4])", "not two numbers"), definition(R"("alignment": ["a", 2])", "not two numbers"),
        definition(R"("pseudo_header": {})", "either \"parts\" or \"through\""),
        definition(R"("pseudo_header": {"parts": [{"field": "src"}]})", "no field \"src\""),
        definition(R"("payload_first": 5)", "not an array"),
        definition(R"("payload_first": "nothing")", "no choices \"nothing\""),
        definition(R"("payload_default": [{"when": "1"}])", "\"protocol\" is missing"),
        definition(R"("binds_as": ["Nope"])", "no protocol \"Nope\""),
        definition(R"("under": {"protocol": "Lower"})", "\"under\" is not an array"),
        definition(R"("under": [{"protocol": "Lower", "fields": {"type": 256}}])", "(0 to 255)"),
        definition(R"("under": [{"protocol": "Lower", "fields": [1]}])", "not an object"),
        definition(R"("under": [{"protocol": "Lower", "where": {}}])", "unknown key \"where\""),
        definition(R"("over": [{"protocol": "Nope"}])", "no protocol \"Nope\""),
        definition(R"("field_engine_fields": ["f"])", "no field \"f\""),
        definition(R"("field_changes": 5)", "not an object"),
        definition(R"("message_start": "x")", "unknown field 'x'"),
        RefusalCase{R"({"id": "P", "is_a": "Q"}, {"id": "Q", "is_a": "P"})", "P", "", "derived from itself"},
        RefusalCase{"5", "", "", "not an object"}, RefusalCase{R"({"id": ""})", "", "", "\"id\" is missing"},
        RefusalCase{R"({"id": "Lower"})", "Lower", "", "already there"}));

TEST(LoaderLimits, OfFields) {
    const auto with_fields = [](std::size_t count) {
        std::string fields;
        for (std::size_t index = 0; index < count; ++index) {
            fields += (index == 0 ? "" : ",");
            fields += R"({"id": "f)" + std::to_string(index) + R"(", "type": "ByteField"})";
        }
        return R"({"protocols": [{"id": "P", "fields": [)" + fields + "]}]}";
    };
    EXPECT_EQ(load({with_fields(loader::kMaximumFields)})->find("P")->fields.size(), loader::kMaximumFields);
    EXPECT_THROW(load({with_fields(loader::kMaximumFields + 1)}), DefinitionError);
}

TEST(LoaderLimits, OfIds) {
    const auto with_id = [](std::size_t length) {
        return R"({"protocols": [{"id": ")" + std::string(length, 'x') + R"("}]})";
    };
    EXPECT_NO_THROW(load({with_id(loader::kMaximumId)}));
    EXPECT_THROW(load({with_id(loader::kMaximumId + 1)}), DefinitionError);
}

TEST(Loader, NeedsUnknownPayloadAndPadding) {
    const auto refusal = [](const std::string& protocols) {
        const std::string text = R"({"protocols": [)" + protocols + "]}";
        const std::array<DefinitionFile, 1> file{DefinitionFile{"only.json", text}};
        try {
            loader::load(file);
            return std::string();
        } catch (const DefinitionError& error) {
            return std::string(error.what());
        }
    };
    const std::string bytes =
        R"({"id": "Bytes", "role": "unknown_payload", "fields": [{"id": "x", "type": "StrField"}]})";
    EXPECT_EQ(refusal(""), "only.json: no protocol has the role \"unknown_payload\"");
    EXPECT_EQ(refusal(bytes), "only.json: no protocol has the role \"padding\"");
    EXPECT_EQ(refusal(bytes + R"(, {"id": "Behind", "role": "padding"})"),
              "only.json:1: protocol Behind: a protocol of the role \"padding\" has one field");
    EXPECT_EQ(refusal(bytes + R"(, {"id": "Behind", "role": "padding", "is_a": "Bytes"})"), "");
    EXPECT_THROW(loader::load({}), DefinitionError);
}

TEST(Loader, FilesMayReferToEachOther) {
    const auto database = load({R"({"protocols": [{"id": "A", "is_a": "B", "under": [{"protocol": "B"}]}]})",
                                R"({"enumerations": {"e": {"1": "one"}}, "protocols": [
                                    {"id": "B", "fields": [{"id": "x", "type": "ByteEnumField", "enumeration": "e"}]}]})"});
    EXPECT_EQ(*fields::names_of(database->find("A")->fields[0]).enumeration->name_of(1), "one");
}

TEST(Loader, TheSameEnumerationTwiceIsRefused) {
    const std::string file = R"({"enumerations": {"e": {"1": "one"}}})";
    try {
        load({file, file});
        FAIL();
    } catch (const DefinitionError& error) {
        EXPECT_EQ(error.file(), "second.json");
        EXPECT_NE(error.reason().find("\"e\" is already there"), std::string::npos);
    }
}

TEST(Loader, DefaultsMayBeWrittenAsClientsWriteThem) {
    const auto database = load({R"json({"protocols": [{"id": "P", "fields": [
        {"id": "a", "type": "ShortField", "default": "0x10"},
        {"id": "b", "type": "ByteEnumField", "enumeration": {"3": "three"}, "default": "three"},
        {"id": "c", "type": "FlagsField", "bits": 8, "flags": "FSR", "default": "SR"},
        {"id": "d", "type": "IPField", "default": "10.0.0.1"},
        {"id": "e", "type": "StrField", "default": {"hex": "00ff"}},
        {"id": "g", "type": "ByteField", "default": null},
        {"id": "h", "type": "ByteField", "computed": "1"}]}]})json"});
    const auto& fields = database->find("P")->fields;
    EXPECT_EQ(fields[0].default_value, model::Value(Integer{16}));
    EXPECT_EQ(fields[1].default_value, model::Value(Integer{3}));
    EXPECT_EQ(fields[2].default_value, model::Value(Integer{6}));
    EXPECT_EQ(fields[4].default_value, model::Value(Bytes{0, 0xff}));
    EXPECT_TRUE(fields[5].default_value.is_none());
    EXPECT_TRUE(fields[6].default_value.is_none());
    model::Packet packet;
    packet.layers.push_back(packet::make_layer(*database->find("P")));
    EXPECT_EQ(hex(packet::build(packet, *database).bytes), "001003060a00000100ff0001");
}

TEST(Loader, DefaultsOfPacketsAreExpressions) {
    // Reading P's default takes the fields of Q, which is defined later.
    const auto database = load({R"json({"protocols": [
        {"id": "P", "fields": [
            {"id": "one", "type": "PacketField", "holds": "Q", "default": "Q(a=5)/Raw()"},
            {"id": "all", "type": "PacketListField", "holds": "Q", "default": "[Q(), Q(a=1)]"}]},
        {"id": "Q", "fields": [{"id": "a", "type": "ByteField", "default": 3}]}]})json"});
    model::Packet packet;
    packet.layers.push_back(packet::make_layer(*database->find("P")));
    EXPECT_EQ(hex(packet::build(packet, *database).bytes), "050301");
}

TEST(Loader, MoreFieldsStandBehindThoseThatAreTakenOver) {
    const auto database = load({R"json({"protocols": [
        {"id": "A", "fields": [{"id": "type", "type": "ByteField", "default": 1}, {"id": "len", "type": "ByteField"}]},
        {"id": "B", "is_a": "A", "field_changes": {"type": {"default": 2}},
         "more_fields": [{"id": "x", "type": "ShortField", "default": 3, "when": "len == 0"}]},
        {"id": "C", "is_a": "B", "more_fields": [{"id": "y", "type": "ByteField", "default": 4}]}]})json"});
    model::Packet packet;
    packet.layers.push_back(packet::make_layer(*database->find("C")));
    EXPECT_EQ(hex(packet::build(packet, *database).bytes), "0200000304");
}

TEST(Loader, AChangeIsForAllFieldsOfTheId) {
    const auto database = load({R"json({"protocols": [
        {"id": "A", "fields": [{"id": "kind", "type": "ByteField"}, {"id": "n", "type": "ShortField", "when": "kind == 1"},
                               {"id": "n", "type": "ByteField", "when": "kind == 2"}]},
        {"id": "B", "is_a": "A", "field_changes": {"n": {"default": 7}}}]})json"});
    EXPECT_EQ(database->find("B")->fields[1].default_value, model::Value(Integer{7}));
    EXPECT_EQ(database->find("B")->fields[2].default_value, model::Value(Integer{7}));
}

TEST(Loader, CommentsStandAnywhereAndAreNotRead) {
    const auto database =
        load({R"json({"$comment": "a", "enumerations": {"$comment": "b", "e": {"$comment": "c", "1": "one"}},
        "choices": {"$comment": "d", "c": [{"$comment": "e", "protocol": "Raw"}]},
        "protocols": [{"$comment": "f", "id": "P", "payload_default": "c",
            "fields": [{"$comment": "g", "id": "x", "type": "MultipleTypeField",
                        "variants": [{"$comment": "h", "field": {"$comment": "i", "type": "ByteEnumField", "enumeration": "e"}}]}],
            "under": [{"$comment": "j", "protocol": "Lower", "fields": {"$comment": "k", "type": 1}}]},
            {"id": "Q", "is_a": "P", "field_changes": {"$comment": "l", "x": {"$comment": "m", "label": "X"}}}]})json"});
    const model::Protocol& protocol = *database->find("P");
    const model::Field& field = protocol.fields.at(0);
    const model::Field& form = field.type->form(field, expression::EmptyContext());
    EXPECT_EQ(fields::names_of(form).enumeration->entries().size(), 1U);
    EXPECT_EQ(database->find("Lower")->bindings.at(0).conditions.size(), 1U);
}

TEST(Loader, BindingsWorkBothWaysOrOneWay) {
    const auto database = load({R"json({"protocols": [
        {"id": "Both", "under": [{"protocol": "Lower", "fields": {"type": 1}}],
         "fields": [{"id": "x", "type": "ByteField"}]},
        {"id": "Found", "under": [{"protocol": "Lower", "when": {"type": 2}}],
         "fields": [{"id": "x", "type": "ByteField"}]},
        {"id": "Set", "under": [{"protocol": "Lower", "set": {"type": 3}}],
         "fields": [{"id": "x", "type": "ByteField"}]},
        {"id": "Under", "over": [{"protocol": "Raw", "fields": {"x": 9}}],
         "fields": [{"id": "x", "type": "ByteField"}]}]})json"});
    const auto type_below = [&](const char* upper) {
        model::Packet packet;
        packet.layers.push_back(packet::make_layer(*database->find("Lower")));
        packet.layers.push_back(packet::make_layer(*database->find(upper)));
        return packet::build(packet, *database).bytes[0];
    };
    const auto found = [&](std::string_view digits) {
        return ids_of(packet::Dissector(*database).dissect(*database->find("Lower"), octets(digits)));
    };
    EXPECT_EQ(type_below("Both"), 1);
    EXPECT_EQ(type_below("Found"), 0);
    EXPECT_EQ(type_below("Set"), 3);
    EXPECT_EQ(found("010007"), "Lower Both");
    EXPECT_EQ(found("020007"), "Lower Found");
    EXPECT_EQ(found("030007"), "Lower Raw");
    model::Packet packet;
    packet.layers.push_back(packet::make_layer(*database->find("Under")));
    packet.layers.push_back(packet::make_layer(database->raw()));
    EXPECT_EQ(packet::build(packet, *database).bytes[0], 9);
}

TEST(Loader, TheFirstBindingThatHoldsIsTaken) {
    const std::string protocol = R"json({"id": "%", "under": [{"protocol": "Lower", "fields": {"type": 1}}],
                                     "fields": [{"id": "x", "type": "ByteField"}]})json";
    const auto named = [&protocol](char name) {
        std::string text = R"({"protocols": [)" + protocol + "]}";
        text[text.find('%')] = name;
        return text;
    };
    for (const auto& [files, winner] : std::vector<std::pair<std::vector<std::string>, std::string>>{
             {{named('A'), named('B')}, "Lower A"}, {{named('B'), named('A')}, "Lower B"}}) {
        const auto database = load(files);
        EXPECT_EQ(ids_of(packet::Dissector(*database).dissect(*database->find("Lower"), octets("010007"))), winner);
    }
}

TEST(BuiltInDefinitions, HaveUniqueIdsAndNames) {
    std::set<std::string> ids;
    for (const auto& each : database().protocols()) {
        EXPECT_TRUE(ids.insert(each->id).second) << each->id;
        EXPECT_FALSE(each->name.empty()) << each->id;
        EXPECT_EQ(database().find(each->id), each.get());
        EXPECT_EQ(database().protocols()[each->index].get(), each.get());
    }
}

}  // namespace
}  // namespace framewright::tests
