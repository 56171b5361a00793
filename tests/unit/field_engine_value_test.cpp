#include <gtest/gtest.h>

#include <algorithm>

#include "protocol_db/field_engine/instruction.hpp"
#include "protocol_db/field_engine/instruction_definitions.hpp"
#include "protocol_db/field_engine/parameter_value.hpp"
#include "protocol_db/field_engine/program_error.hpp"

namespace framewright::tests {
namespace {

using field_engine::ParameterValue;
using field_engine::ValueRefusal;
using nlohmann::json;

Integer number(const json& value) {
    return ParameterValue(value).number();
}

std::string refusal_of_number(const json& value) {
    try {
        number(value);
    } catch (const ValueRefusal& refusal) {
        return refusal.what();
    }
    ADD_FAILURE() << value << " is a number";
    return "";
}

TEST(ParameterValue, NumbersAsPeopleWriteThem) {
    EXPECT_EQ(number(7), 7);
    EXPECT_EQ(number(-7), -7);
    EXPECT_EQ(number(UINT64_MAX), Integer{UINT64_MAX});
    EXPECT_EQ(number("12"), 12);
    EXPECT_EQ(number(" -12 "), -12);
    EXPECT_EQ(number("0x1235"), 0x1235);
    EXPECT_EQ(number("192.168.0.10"), 0xc0a8000a);
    EXPECT_EQ(number("00:00:00:01:00:00"), 65536);
    EXPECT_EQ(number("::1"), 1);
    EXPECT_EQ(number("::16.0.0.1"), 0x10000001);
    EXPECT_EQ(number("::1:0:0:0"), Integer{1} << 48);
    EXPECT_EQ(number("true"), 1);
    EXPECT_EQ(number(false), 0);
    EXPECT_EQ(number(json{{"vtype", "EXPRESSION"}, {"expr", "0x10"}}), 16);
    EXPECT_EQ(number(json{{"vtype", "EXPRESSION"}, {"expr", {{"base64", "MTY="}}}}), 16);
}

TEST(ParameterValue, WhatIsNoNumberSaysSo) {
    for (const json& value : {json("999.1.1.1"), json("12a"), json("0x"), json("[1]"), json::array({1})}) {
        EXPECT_NE(refusal_of_number(value).find("no number"), std::string::npos) << value;
    }
    EXPECT_NE(refusal_of_number("2001:db8::1").find("low bytes"), std::string::npos);
    for (const json& value : {json(1.5), json{{"vtype", "BYTES"}}, json::object()}) {
        EXPECT_THROW(ParameterValue{value}, ValueRefusal) << value;
    }
}

TEST(ParameterValue, NothingGiven) {
    for (const json& value : {json(), json(""), json(" "), json("none"), json("None")}) {
        EXPECT_TRUE(ParameterValue(value).is_none()) << value;
    }
    for (const json& value : {json(0), json(false), json("0"), json("no")}) {
        EXPECT_FALSE(ParameterValue(value).is_none()) << value;
    }
}

TEST(ParameterValue, TruthValues) {
    EXPECT_TRUE(ParameterValue(json("true")).truth());
    EXPECT_TRUE(ParameterValue(json("True")).truth());
    EXPECT_TRUE(ParameterValue(json(true)).truth());
    EXPECT_FALSE(ParameterValue(json("false")).truth());
    for (const json& value : {json("yes"), json("maybe"), json(1), json("1")}) {
        EXPECT_THROW(ParameterValue(value).truth(), ValueRefusal) << value;
    }
}

TEST(ParameterValue, Lists) {
    const std::vector<Integer> numbers{1, 5, 9};
    const std::vector<Integer> addresses{0x0a000001, 0x0a000007};
    EXPECT_EQ(ParameterValue(json::array({1, "5", "0x9"})).list(), numbers);
    EXPECT_EQ(ParameterValue(json("[1, 5, 9]")).list(), numbers);
    EXPECT_EQ(ParameterValue(json("(1, 5, 9)")).list(), numbers);
    EXPECT_EQ(ParameterValue(json("1, 5, 9")).list(), numbers);
    EXPECT_EQ(ParameterValue(json{{"vtype", "EXPRESSION"}, {"expr", "['10.0.0.1', '10.0.0.7']"}}).list(), addresses);
    EXPECT_EQ(ParameterValue(json("10.0.0.1, 10.0.0.7")).list(), addresses);
    EXPECT_EQ(ParameterValue(json("[10.0.0.1, 10.0.0.7]")).list(), addresses);
    EXPECT_EQ(ParameterValue(json("5")).list(), std::vector<Integer>{5});
    for (const json& value :
         {json::array(), json("[]"), json("[1, 'x']"), json("[1"), json("1;2"), json{1, json::array({2})}}) {
        EXPECT_THROW(ParameterValue(value).list(), ValueRefusal) << value;
    }
}

TEST(ParameterValue, Limits) {
    const json longest(std::vector<int>(field_engine::kMaximumValues, 1));
    EXPECT_EQ(ParameterValue(longest).list().size(), field_engine::kMaximumValues);
    const json longer(std::vector<int>(field_engine::kMaximumValues + 1, 1));
    EXPECT_THROW(ParameterValue(longer).list(), ValueRefusal);
    EXPECT_THROW(ParameterValue(json(std::string(field_engine::kMaximumText + 1, '1'))), ValueRefusal);
}

/// Collects what describe() names.
struct Names {
    template <typename Member>
    void operator()(const char* parameter, const char* /*member*/, const Member& /*value*/) {
        parameters.insert(parameter);
    }
    void operator()(const field_engine::HeaderLengths& /*headers*/) {
        parameters.insert({"l3_offset", "l4_offset", "l2_len", "l3_len"});
    }
    std::set<std::string> parameters;
};

TEST(InstructionDefinitions, NameJustTheParametersThatInstructionsHave) {
    for (const field_engine::InstructionDefinition& definition :
         field_engine::instruction_definitions().instructions()) {
        const auto instruction = field_engine::instruction_of_id(definition.id);
        ASSERT_TRUE(instruction) << definition.id;
        Names names;
        std::visit([&names](const auto& kind) { std::remove_cvref_t<decltype(kind)>::describe(kind, names); },
                   *instruction);
        if (names.parameters.contains("pkt_offset")) {
            names.parameters.insert("offset_fixup");
        }
        std::set<std::string> defined;
        for (const field_engine::InstructionParameter& parameter : definition.parameters) {
            defined.insert(parameter.definition->id);
        }
        EXPECT_EQ(defined, names.parameters) << definition.id;
        EXPECT_FALSE(definition.help.empty()) << definition.id;
    }
    EXPECT_EQ(field_engine::instruction_definitions().instructions().size(),
              std::variant_size_v<field_engine::Instruction>);
}

/// Whether one of the choices is this text, or there are none.
bool allows(const field_engine::ParameterDefinition& parameter, std::string_view text) {
    return parameter.choices.empty() || std::any_of(parameter.choices.begin(), parameter.choices.end(),
                                                    [text](const auto& choice) { return choice.first == text; });
}

TEST(InstructionDefinitions, DefaultsAreAmongTheChoices) {
    const auto& definitions = field_engine::instruction_definitions();
    for (const field_engine::ParameterDefinition& parameter : definitions.parameters()) {
        EXPECT_TRUE(allows(parameter, parameter.default_value)) << parameter.id;
        // Where anything may be typed, the packet suggests the choices.
        EXPECT_EQ(parameter.type == "ENUM" && !parameter.is_editable, !parameter.choices.empty()) << parameter.id;
    }
    for (const field_engine::InstructionDefinition& instruction : definitions.instructions()) {
        for (const field_engine::InstructionParameter& parameter : instruction.parameters) {
            EXPECT_TRUE(!parameter.otherwise || allows(*parameter.definition, *parameter.otherwise))
                << instruction.id << " " << parameter.definition->id;
        }
    }
}

}  // namespace
}  // namespace framewright::tests
