#include "rpc/field_engine_methods.hpp"

#include <gtest/gtest.h>

#include <set>

#include "protocol_db/field_engine/run.hpp"
#include "rpc/field_engine_definitions.hpp"
#include "tests/rpc/service_under_test.hpp"

namespace framewright::tests {
namespace {

json udp() {
    return model({layer("Ether"), layer("IP", "src", "16.0.0.1"), layer("UDP")});
}

json instruction(const std::string& id, const json& parameters) {
    return {{"id", id}, {"parameters", parameters}};
}

json options(json instructions, const json& globals = json::object()) {
    return {{"field_engine", {{"instructions", std::move(instructions)}, {"global_parameters", globals}}}};
}

json source_program() {
    return json::array(
        {instruction("STLVmFlowVar", {{"name", "a"}, {"min_value", "16.0.0.1"}, {"max_value", "16.0.0.3"}}),
         instruction("STLVmWrFlowVar", {{"fv_name", "a"}, {"pkt_offset", "IP.src"}}),
         instruction("STLVmFixIpv4", {{"offset", "IP"}})});
}

TEST(BuildWithProgram, GivesThePacketAndTheCompiledProgram) {
    const json built = result_of("build_pkt_ex", {udp(), options(source_program(), {{"cache_size", "100"}})});
    const json plain = build(udp());
    EXPECT_EQ(built.at("binary"), plain.at("binary"));
    EXPECT_EQ(built.at("data"), plain.at("data"));
    const json& engine = built.at("field_engine");
    EXPECT_EQ(engine.at("error"), nullptr);
    EXPECT_EQ(engine.at("vm_instructions_expressions"), json::array());
    EXPECT_EQ(engine.at("instructions").at("cache"), 100);
    EXPECT_EQ(engine.at("instructions").at("instructions").size(), 3U);
    EXPECT_EQ(engine.at("instructions").at("instructions").at(1).at("pkt_offset"), 26);
}

TEST(BuildWithProgram, AnEmptyProgramWorks) {
    for (const json& none : {options(json::array()), json::object(), json(nullptr), json{{"field_engine", nullptr}}}) {
        const json engine = result_of("build_pkt_ex", {udp(), none}).at("field_engine");
        EXPECT_EQ(engine, (json{{"instructions", {{"instructions", json::array()}}},
                                {"error", nullptr},
                                {"vm_instructions_expressions", json::array()}}))
            << none;
    }
}

TEST(BuildWithProgram, ABrokenProgramGivesThePacketAllTheSame) {
    for (const json& broken :
         {options(json::array({instruction("STLVmBogus", {})})), options(json::array(), {{"cache_size", "abc"}})}) {
        const json built = result_of("build_pkt_ex", {udp(), broken});
        EXPECT_EQ(built.at("binary"), build(udp()).at("binary"));
        EXPECT_EQ(built.at("field_engine").at("instructions"), json::object());
        EXPECT_TRUE(built.at("field_engine").at("error").is_string()) << broken;
        EXPECT_EQ(built.at("field_engine").size(), 3U);
    }
    EXPECT_EQ(error_of("build_pkt_ex", {udp(), "text"}).at("code"), rpc::kInvalidParams);
}

TEST(BuildWithProgram, WhatIsNoProgramIsNoParameter) {
    for (const json& malformed :
         {json{{"field_engine", 17}}, json{{"field_engine", "text"}}, json{{"field_engine", json::array()}}, options(5),
          options(json::object()), options(json::array({5})), options(json::array({json::object()})),
          options(json::array({{{"id", 5}}})), options(json::array({{{"id", "STLVmFlowVar"}, {"parameters", 5}}})),
          options(json::array(), 5)}) {
        for (const json& error :
             {error_of("build_pkt_ex", {udp(), malformed}), error_of("run_field_engine", {udp(), malformed, 1})}) {
            EXPECT_EQ(error.at("code"), rpc::kInvalidParams) << malformed;
            EXPECT_EQ(error.at("data").at("parameter"), "extra_options") << malformed;
        }
    }
    EXPECT_EQ(error_of("build_pkt_ex", {udp(), options(json::array({5}))}).at("data").at("instruction"), 0);
    EXPECT_EQ(error_of("load_instruction_parameter_values", {udp(), json{{"field_engine", 17}}, "name"}).at("code"),
              rpc::kInvalidParams);
    for (const json& malformed : {json{{"instructions", 5}}, json{{"instructions", json::array({5})}}}) {
        EXPECT_EQ(error_of("decompile_vm_raw", {"AAAA", malformed}).at("code"), rpc::kInvalidParams) << malformed;
    }
}

TEST(ParameterValues, AreWhatMayStandThere) {
    const json tunnel = model({layer("Ether"), layer("IP"), layer("IP"), layer("UDP")});
    const json variables =
        options(json::array({instruction("STLVmFlowVar", {{"name", "v"}}),
                             instruction("STLVmTupleGen", {{"name", "t"}}), json(5), json::object()}));
    const auto values = [&](const char* parameter) {
        const json map = result_of("load_instruction_parameter_values", {tunnel, variables, parameter}).at("map");
        std::set<std::string> keys;
        for (const auto& [key, value] : map.items()) {
            EXPECT_EQ(value, key);
            keys.insert(key);
        }
        return keys;
    };
    EXPECT_EQ(values("fv_name"), (std::set<std::string>{"v", "t.ip", "t.port"}));
    EXPECT_EQ(values("next_var"), values("fv_name"));
    EXPECT_EQ(values("offset"), (std::set<std::string>{"IP:0", "IP:1"}));
    EXPECT_EQ(values("l3_offset"), (std::set<std::string>{"IP:0", "IP:1"}));
    EXPECT_EQ(values("l4_offset"), (std::set<std::string>{"UDP:0"}));
    EXPECT_TRUE(values("name").contains("IP_src"));
    EXPECT_TRUE(values("pkt_offset").contains("IP:1.src"));
    EXPECT_TRUE(values("pkt_offset").contains("UDP.sport"));
    EXPECT_EQ(values("bogus"), std::set<std::string>{});
    EXPECT_EQ(error_of("load_instruction_parameter_values", {tunnel, variables, 5}).at("code"), rpc::kInvalidParams);
    const json ping = model({layer("Ether"), layer("IPv6"), layer("IPv6ExtHdrDestOpt"), layer("ICMPv6EchoRequest")});
    const auto places = [&](const char* parameter) {
        return result_of("load_instruction_parameter_values", {ping, variables, parameter}).at("map");
    };
    EXPECT_EQ(places("offset"), json::object());
    EXPECT_EQ(places("l3_offset"), (json{{"IPv6:0", "IPv6:0"}}));
    EXPECT_EQ(places("l4_offset"), (json{{"ICMPv6EchoRequest:0", "ICMPv6EchoRequest:0"}}));
}

TEST(Decompile, GivesInstructionsAndSaysWhatIsWrong) {
    const json compiled{{"instructions", {{{"type", "trim_pkt_size"}, {"name", "v"}}}}, {"cache", 5}};
    EXPECT_EQ(result_of("decompile_vm_raw", {"AAAA", compiled}),
              (json{{"instructions", {instruction("STLVmTrimPktSize", {{"fv_name", "v"}})}},
                    {"global_parameters", {{"cache_size", 5}}}}));
    const json error = error_of("decompile_vm_raw", {"AAAA", json{{"instructions", {{{"type", "trim_pkt_size"}}}}}});
    EXPECT_EQ(error.at("code"), rpc::kServerFailure);
    EXPECT_EQ(error.at("data").at("instruction"), 0);
    EXPECT_EQ(error.at("data").at("instruction_parameter"), "name");
    EXPECT_EQ(error_of("decompile_vm_raw", {"AAAA", 5}).at("code"), rpc::kInvalidParams);
    EXPECT_EQ(error_of("decompile_vm_raw", {"!", compiled}).at("code"), rpc::kInvalidParams);
}

std::vector<std::string> sources(const json& run) {
    std::vector<std::string> seen;
    for (const json& packet : run.at("packets")) {
        std::string source = "16.0.0.1";
        for (const json& change : packet.at("changes")) {
            if (change.at("field") == "src") {
                EXPECT_EQ(change.at("pkt_offset"), 26);
                EXPECT_EQ(change.at("layer"), 1);
                EXPECT_EQ(change.at("id"), "IP");
                EXPECT_EQ(change.at("hvalue"), change.at("value"));
                source = change.at("value");
            }
        }
        seen.push_back(source);
    }
    return seen;
}

TEST(RunFieldEngine, GivesThePacketsThatAStreamSends) {
    const json run = result_of("run_field_engine", {udp(), options(source_program()), 4});
    EXPECT_EQ(sources(run), (std::vector<std::string>{"16.0.0.1", "16.0.0.2", "16.0.0.3", "16.0.0.1"}));
    // TRex fills up the 42 bytes to 60.
    EXPECT_EQ(bytes_of(run.at("packets").at(0)), bytes_of(build(udp())) + std::string(36, '0'));
    EXPECT_EQ(run.at("packets").at(0).at("changes"), json::array());
    EXPECT_EQ(run.at("packets").at(1).at("variables"), (json{{"a", 0x10000002}}));
    EXPECT_EQ(run.at("field_engine"), result_of("build_pkt_ex", {udp(), options(source_program())}).at("field_engine"));
    // Each packet is what the model with that source builds, its UDP checksum aside.
    json moved = udp();
    moved[1]["fields"][0]["value"] = "16.0.0.2";
    EXPECT_EQ(bytes_of(run.at("packets").at(1)).substr(0, 80), bytes_of(build(moved)).substr(0, 80));
}

TEST(RunFieldEngine, StartLeavesOutPackets) {
    const json all = result_of("run_field_engine", {udp(), options(source_program()), 6}).at("packets");
    const json some = result_of("run_field_engine", {udp(), options(source_program()), "2", "3"}).at("packets");
    EXPECT_EQ(some, (json{all.at(3), all.at(4)}));
    EXPECT_EQ(result_of("run_field_engine", {udp(), options(source_program()), 0}).at("packets"), json::array());
}

TEST(RunFieldEngine, TheSeedIsAnOption) {
    json random = options(json::array(
        {instruction("STLVmFlowVar", {{"name", "r"}, {"op", "random"}, {"size", 2}, {"max_value", 65535}})}));
    const auto first = [&random] {
        return result_of("run_field_engine", {udp(), random, 1}).at("packets").at(0).at("variables").at("r");
    };
    EXPECT_EQ(first(), 41);
    random["seed"] = 1;
    EXPECT_EQ(first(), 41);
    random["seed"] = "0x10";
    EXPECT_EQ(first(), (214013U * 16 + 2531011U) >> 16 & 0x7fffU);
    random["seed"] = "x";
    EXPECT_EQ(error_of("run_field_engine", {udp(), random, 1}).at("code"), rpc::kInvalidParams);
}

TEST(RunFieldEngine, ABrokenProgramIsAnErrorThatSaysWhere) {
    const json broken = options(json::array({instruction("STLVmFlowVar", {{"name", "a"}, {"step", 0}})}));
    const json error = error_of("run_field_engine", {udp(), broken, 1});
    EXPECT_EQ(error.at("code"), rpc::kServerFailure);
    EXPECT_EQ(error.at("data").at("instruction"), 0);
    EXPECT_EQ(error.at("data").at("id"), "STLVmFlowVar");
    EXPECT_EQ(error.at("data").at("instruction_parameter"), "step");
    EXPECT_EQ(error.at("data").at("value"), "0");
}

TEST(RunFieldEngine, CountsAreBounded) {
    const json program = options(source_program());
    for (const json& count : {json(-1), json(rpc::kMaximumRunPackets + 1), json("x"), json(1.5), json(nullptr)}) {
        EXPECT_EQ(error_of("run_field_engine", {udp(), program, count}).at("code"), rpc::kInvalidParams) << count;
    }
    EXPECT_EQ(result_of("run_field_engine", {udp(), program, rpc::kMaximumRunPackets}).at("packets").size(),
              rpc::kMaximumRunPackets);
    EXPECT_EQ(error_of("run_field_engine", {udp(), program, 1, field_engine::kMaximumExecutions + 1}).at("code"),
              rpc::kInvalidParams);
    const json error = error_of("run_field_engine", {udp(), program, 1, field_engine::kMaximumExecutions / 2});
    EXPECT_EQ(error.at("code"), rpc::kServerFailure);
    EXPECT_NE(error.at("message").get<std::string>().find("100000000"), std::string::npos);
}

// What contract clients rely on: texts where texts belong, and every name defined.
TEST(FieldEngineDefinitions, AreWhatClientsRead) {
    const json definitions = result_of("get_definitions", json::array({json::array({"IP"})}));
    std::set<std::string> parameters;
    for (const json& parameter : definitions.at("feInstructionParameters")) {
        parameters.insert(parameter.at("id"));
        EXPECT_TRUE(parameter.at("name").is_string() && parameter.at("defaultValue").is_string());
        EXPECT_TRUE(parameter.at("required").is_boolean() && parameter.at("editable").is_boolean());
        EXPECT_TRUE((std::set<std::string>{"ENUM", "NUMBER", "STRING", "EXPRESSION"}).contains(parameter.at("type")));
        const json choices = parameter.value("dict", json::object());
        for (const auto& [text, label] : choices.items()) {
            EXPECT_TRUE(label.is_string()) << text;
        }
        // An editor that offers choices shows the default by its label.
        EXPECT_TRUE(choices.empty() || choices.contains(parameter.at("defaultValue"))) << parameter;
        if (parameter.at("id") == "l4_type") {
            EXPECT_EQ(choices, (json{{"11", "L4_TYPE_UDP"}, {"13", "L4_TYPE_TCP"}, {"17", "L4_TYPE_IP"}}));
        }
        // Suggestions are loaded for enumerations alone.
        if (std::set<json>{"name", "fv_name", "pkt_offset", "offset"}.contains(parameter.at("id"))) {
            EXPECT_EQ(parameter.at("type"), "ENUM") << parameter;
            EXPECT_EQ(parameter.at("editable"), true) << parameter;
            EXPECT_FALSE(parameter.contains("dict")) << parameter;
        }
    }
    EXPECT_TRUE(parameters.contains("next_var") && parameters.contains("split_to_cores"));
    EXPECT_FALSE(parameters.contains("previous"));
    std::set<std::string> instructions;
    for (const json& one : definitions.at("feInstructions")) {
        instructions.insert(one.at("id"));
        EXPECT_TRUE(base64_decode(one.at("help").get<std::string>()));
        for (const json& parameter : one.at("parameters")) {
            EXPECT_TRUE(parameters.contains(parameter)) << parameter;
        }
    }
    for (const json& one : definitions.at("feTemplates")) {
        EXPECT_TRUE(one.at("id").is_string() && one.at("name").is_string());
        for (const json& id : one.at("instructionIds")) {
            EXPECT_TRUE(instructions.contains(id)) << id;
        }
    }
    ASSERT_EQ(definitions.at("feParameters").size(), 1U);
    EXPECT_EQ(definitions.at("feParameters").at(0).at("id"), "cache_size");
    EXPECT_EQ(definitions.at("feParameters").at(0).at("defaultValue"), "1000");
    // Decompiled programs name nothing else.
    json compiled = result_of("build_pkt_ex", {udp(), options(source_program())}).at("field_engine").at("instructions");
    compiled["instructions"].push_back({{"type", "fix_checksum_hw"}, {"l2_len", 14}, {"l3_len", 20}, {"l4_type", 11}});
    const json decompiled = result_of("decompile_vm_raw", {"AAAA", compiled});
    for (const json& one : decompiled.at("instructions")) {
        for (const auto& [parameter, value] : one.at("parameters").items()) {
            EXPECT_TRUE(parameters.contains(parameter)) << parameter;
        }
    }
}

}  // namespace
}  // namespace framewright::tests
