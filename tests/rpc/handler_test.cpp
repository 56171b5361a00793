// The version handler: given, left out, or wrong, for every method that takes one.
#include <gtest/gtest.h>

#include <vector>

#include "tests/rpc/service_under_test.hpp"

namespace framewright::tests {
namespace {

struct MethodCase {
    std::string method;
    json params;  ///< Without the handler; a call that succeeds.
};

void PrintTo(const MethodCase& call, std::ostream* out) {
    *out << call.method << call.params.dump().substr(0, 40);
}

std::vector<MethodCase> calls() {
    const json packet = model({layer("Ether"), layer("IP")});
    const json binary = build(packet).at("binary");
    const json sums = result_of("get_all", json::array());
    const json file = result_of("write_pcap", json::array({json::array({binary})}));
    const json options{{"field_engine", {{"instructions", json::array()}, {"global_parameters", json::object()}}}};
    return {{"get_all", json::array()},
            {"check_update", {sums.at("db_md5"), sums.at("fields_md5")}},
            {"check_update_of_dbs", {sums.at("db_md5"), sums.at("fields_md5")}},
            {"build_pkt", json::array({packet})},
            {"build_pkt_ex", {packet, options}},
            {"reconstruct_pkt", json::array({binary})},
            {"reconstruct_pkt", {binary, nullptr}},
            {"reconstruct_pkt", {binary, packet}},
            {"read_pcap", json::array({file})},
            {"write_pcap", json::array({json::array({binary})})},
            {"get_definitions", json::array()},
            {"get_definitions", json::array({nullptr})},
            {"get_definitions", json::array({json::array({"IP"})})},
            {"get_payload_classes", json::array({packet})},
            {"get_tree", json::array()},
            {"get_templates", json::array()},
            {"get_template", json::array({json{{"id", "TCP-SYN"}}})},
            {"load_instruction_parameter_values", {packet, options, "name"}},
            {"decompile_vm_raw", {binary, json{{"instructions", json::array()}}}}};
}

class Handler : public ::testing::TestWithParam<MethodCase> {
protected:
    json with(const std::string& first) const {
        json params = GetParam().params;
        params.insert(params.begin(), first);
        return params;
    }
};

TEST_P(Handler, GivenOrLeftOutTheResultIsTheSame) {
    EXPECT_EQ(result_of(GetParam().method, with(handler())), result_of(GetParam().method, GetParam().params));
}

TEST_P(Handler, AWrongOneIsRefusedAndTheVersionNamed) {
    // Where a parameter may be left out, a text that is no handler is taken for the first parameter.
    if (GetParam().params.size() <
        result_of("supported_methods", json::array({"all"})).at(GetParam().method).at(0).get<std::size_t>()) {
        GTEST_SKIP() << "the method has one parameter more";
    }
    // Of another version, as an old client would have it, and any text.
    const std::string other = result_of("get_version_handler", {"2", "00"}).get<std::string>();
    for (const std::string& wrong : {other, std::string("no handler")}) {
        const json error = error_of(GetParam().method, with(wrong));
        EXPECT_EQ(error.at("code"), rpc::kServerFailure) << error;
        EXPECT_NE(error.at("message").get<std::string>().find("1.02"), std::string::npos) << error;
    }
}

TEST_P(Handler, TooManyParametersAreRefused) {
    json params = with(handler());
    while (params.size() < 6) {
        params.push_back(nullptr);
    }
    EXPECT_EQ(error_of(GetParam().method, params).at("code"), rpc::kInvalidParams);
}

INSTANTIATE_TEST_SUITE_P(Methods, Handler, ::testing::ValuesIn(calls()));

TEST(Version, IsTwoPartsAndOurOwnOneBeside) {
    for (const json& params : {json::array(), json(nullptr)}) {
        const json version = result_of("get_version", params);
        EXPECT_EQ(version.at("version"), "1.02");
        EXPECT_TRUE(version.at("built_by").is_string());
        EXPECT_EQ(version.at("framewright"), FRAMEWRIGHT_VERSION);
    }
}

TEST(Version, HandlersDifferByVersion) {
    EXPECT_EQ(handler(), handler());
    EXPECT_NE(result_of("get_version_handler", {"1", "03"}).get<std::string>(), handler());
    EXPECT_NE(result_of("get_version_handler", {"2", "02"}).get<std::string>(), handler());
    EXPECT_EQ(error_of("get_version_handler", json::array({"1"})).at("code"), rpc::kInvalidParams);
    EXPECT_EQ(error_of("get_version_handler", {json::array(), "02"}).at("code"), rpc::kInvalidParams);
}

TEST(SupportedMethods, AreAllThatTheSpecificationNames) {
    const json methods = result_of("supported_methods", json::array({"all"}));
    EXPECT_EQ(result_of("supported_methods", json::array()), methods);
    for (const char* const name :
         {"supported_methods", "get_version", "get_version_handler", "get_all", "check_update", "check_update_of_dbs",
          "build_pkt", "build_pkt_ex", "reconstruct_pkt", "read_pcap", "write_pcap", "get_definitions",
          "get_payload_classes", "get_tree", "get_templates", "get_template", "load_instruction_parameter_values",
          "decompile_vm_raw", "shut_down"}) {
        ASSERT_TRUE(methods.contains(name)) << name;
        EXPECT_EQ(methods.at(name).at(0), methods.at(name).at(1).size()) << name;
        EXPECT_EQ(result_of("supported_methods", json::array({name})), true) << name;
    }
    EXPECT_EQ(result_of("supported_methods", json::array({"no_such_method"})), false);
    EXPECT_EQ(methods.at("build_pkt"), (json{1, {"model_descriptor"}}));
}

TEST(ShutDown, AsksTheServerToEnd) {
    rpc::Outcome outcome;
    const json reply =
        json::parse(service().handle(R"({"jsonrpc":"2.0","id":1,"method":"shut_down","params":[]})", &outcome));
    EXPECT_TRUE(outcome.shut_down);
    EXPECT_NE(reply.at("result").get<std::string>().find("shut down"), std::string::npos);
}

}  // namespace
}  // namespace framewright::tests
