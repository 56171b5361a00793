#include "rpc/json_rpc.hpp"

#include <gtest/gtest.h>

#include <new>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace framewright::rpc {
namespace {

using nlohmann::json;

constexpr const char* kHandler = "the-right-handler";

/// Methods that show what they were given.
Dispatcher make_dispatcher(Limits limits = {}) {
    const auto give_back = [](const json& params, std::string& result) { result += params.dump(); };
    Dispatcher dispatcher(limits);
    dispatcher.set_version_handler(kHandler);
    dispatcher.add({.name = "get_version", .parameters = {}, .call = give_back});
    dispatcher.add({.name = "get_tree", .parameters = {}, .takes_handler = true, .call = give_back});
    dispatcher.add(
        {.name = "build_pkt", .parameters = {"model"}, .required = 1, .takes_handler = true, .call = give_back});
    dispatcher.add({.name = "reconstruct_pkt",
                    .parameters = {"packet", "model", "options"},
                    .required = 1,
                    .takes_handler = true,
                    .call = give_back});
    dispatcher.add({.name = "check_update",
                    .parameters = {"db_md5", "fields_md5"},
                    .required = 2,
                    .takes_handler = true,
                    .call = give_back});
    dispatcher.add({.name = "get_version_handler", .parameters = {"major", "minor"}, .required = 2, .call = give_back});
    dispatcher.add({.name = "nothing", .parameters = {}, .call = [](const json&, std::string&) {}});
    dispatcher.add({.name = "shut_down", .parameters = {}, .call = give_back, .ends_server = true});
    dispatcher.add({.name = "fails", .parameters = {}, .call = [](const json&, std::string& result) {
                        result += "half a res";
                        throw failure("it cannot be done", {{"layer", 2}, {"id", "IP"}});
                    }});
    dispatcher.add({.name = "fails_to_end",
                    .parameters = {},
                    .call = [](const json&, std::string&) { throw failure("not now"); },
                    .ends_server = true});
    dispatcher.add({.name = "syntax", .parameters = {}, .call = [](const json&, std::string&) {
                        throw syntax_error("unexpected end");
                    }});
    dispatcher.add({.name = "bug", .parameters = {}, .call = [](const json&, std::string&) {
                        throw std::logic_error("an invariant is broken");
                    }});
    dispatcher.add({.name = "json_bug", .parameters = {}, .call = [](const json&, std::string&) {
                        static_cast<void>(json(1).get<std::string>());
                    }});
    dispatcher.add(
        {.name = "no_memory", .parameters = {}, .call = [](const json&, std::string&) { throw std::bad_alloc(); }});
    dispatcher.add({.name = "odd_bug", .parameters = {}, .call = [](const json&, std::string&) { throw 1; }});
    dispatcher.add({.name = "bad_text", .parameters = {}, .call = [](const json&, std::string&) {
                        throw failure("\xff\xfe", {{"value", "\xc3("}});
                    }});
    dispatcher.add({.name = "large", .parameters = {}, .call = [](const json&, std::string& result) {
                        result += '"' + std::string(1000, 'x') + '"';
                    }});
    return dispatcher;
}

std::string handle(const std::string& message, Outcome* outcome = nullptr) {
    static const Dispatcher dispatcher = make_dispatcher();
    return dispatcher.handle(message, outcome);
}

/// The whole reply to a call with these params, as they stand in the text.
json call(const std::string& method, const std::string& params) {
    return json::parse(handle(R"({"jsonrpc":"2.0","id":"7","method":")" + method + R"(","params":)" + params + "}"));
}

TEST(JsonRpc, EnvelopeOfASuccess) {
    EXPECT_EQ(handle(R"({"jsonrpc": "2.0", "method": "get_version", "params": [], "id": "7"})"),
              R"({"jsonrpc":"2.0","id":"7","result":[]})");
    EXPECT_EQ(handle(R"({"jsonrpc":"2.0","method":"nothing","id":1})"), R"({"jsonrpc":"2.0","id":1,"result":null})");
}

TEST(JsonRpc, EnvelopeOfAFailure) {
    EXPECT_EQ(handle(R"({"jsonrpc":"2.0","method":"fails","id":"7"})"),
              R"({"jsonrpc":"2.0","id":"7","error":{"code":-32098,"message":"Scapy Server: it cannot be done",)"
              R"("data":{"id":"IP","layer":2,"method":"fails"}}})");
    const json syntax = call("syntax", "[]")["error"];
    EXPECT_EQ(syntax["code"], -32097);
    EXPECT_EQ(syntax["message"], "Syntax Error: unexpected end");
}

TEST(JsonRpc, IdIsGivenBackWithItsType) {
    for (const char* id : {"7", "-7", "0", "\"7\"", "\"\"", "null", "1.5", "18446744073709551615",
                           "-9223372036854775808", R"("a \"quoted\" é\\")", "\"\\u0001\""}) {
        const auto reply =
            json::parse(handle(std::string(R"({"jsonrpc":"2.0","method":"get_version","id":)") + id + "}"));
        ASSERT_TRUE(reply.contains("id"));
        EXPECT_EQ(reply["id"], json::parse(id));
        EXPECT_EQ(reply["id"].type(), json::parse(id).type());
        EXPECT_TRUE(reply.contains("result"));
        EXPECT_FALSE(reply.contains("error"));
    }
}

/// What the conformance vectors of the group json_rpc require of messages that are no call of a method.
struct Refused {
    const char* name;
    std::string message;
    int code;
    json id;
};

class JsonRpcRefused : public testing::TestWithParam<Refused> {};

TEST_P(JsonRpcRefused, HasCodeAndId) {
    Outcome outcome;
    const auto reply = json::parse(handle(GetParam().message, &outcome));
    ASSERT_TRUE(reply.contains("error")) << reply;
    EXPECT_EQ(reply["error"]["code"], GetParam().code);
    EXPECT_TRUE(reply["error"]["message"].is_string());
    EXPECT_TRUE(reply["error"]["data"].is_object());
    ASSERT_TRUE(reply.contains("id"));
    EXPECT_EQ(reply["id"], GetParam().id);
    EXPECT_FALSE(reply.contains("result"));
    EXPECT_EQ(reply["jsonrpc"], "2.0");
    EXPECT_EQ(outcome.error_code, GetParam().code);
    EXPECT_FALSE(outcome.shut_down);
}

INSTANTIATE_TEST_SUITE_P(
    Vectors, JsonRpcRefused,
    testing::Values(
        Refused{"broken", R"({"jsonrpc": "2.0", "method": "get_version", "params": [)", -32700, nullptr},
        Refused{"empty", "", -32700, nullptr}, Refused{"blank", " \n", -32700, nullptr},
        Refused{"not_json", "hello", -32700, nullptr},
        Refused{"two_values", R"({"jsonrpc":"2.0","method":"get_version","id":1}{})", -32700, nullptr},
        Refused{"comment", R"({"jsonrpc":"2.0","method":"get_version","id":1}//)", -32700, nullptr},
        Refused{"zero_octet", R"({"jsonrpc":"2.0","method":"get_version","id":1})" + std::string(1, '\0'), -32700,
                nullptr},
        Refused{"bad_utf8", "{\"jsonrpc\":\"2.0\",\"method\":\"get_version\xff\",\"id\":1}", -32700, nullptr},
        Refused{"overlong_utf8", "{\"jsonrpc\":\"2.0\",\"method\":\"\xc0\xaf\",\"id\":1}", -32700, nullptr},
        Refused{"half_surrogate", R"({"jsonrpc":"2.0","method":"\ud800","id":1})", -32700, nullptr},
        Refused{"number_overflow", R"({"jsonrpc":"2.0","method":"get_version","params":[1e999],"id":1})", -32700,
                nullptr},
        Refused{"deep", std::string(100'000, '['), -32700, nullptr},
        Refused{"deep_and_closed", std::string(50'000, '[') + std::string(50'000, ']'), -32700, nullptr},
        Refused{"number", "42", -32600, nullptr}, Refused{"string", R"("get_version")", -32600, nullptr},
        Refused{"null", "null", -32600, nullptr}, Refused{"empty_object", "{}", -32600, nullptr},
        Refused{"no_method", R"({"jsonrpc":"2.0","id":3})", -32600, 3},
        Refused{"method_number", R"({"jsonrpc":"2.0","method":1,"id":3})", -32600, 3},
        Refused{"method_number_without_id", R"({"jsonrpc":"2.0","method":1,"params":"bar"})", -32600, nullptr},
        Refused{"version_1", R"({"jsonrpc":"1.0","method":"get_version","params":[],"id":3})", -32600, 3},
        Refused{"version_number", R"({"jsonrpc":2.0,"method":"get_version","params":[],"id":3})", -32600, 3},
        Refused{"no_version", R"({"method":"get_version","params":[],"id":"x"})", -32600, "x"},
        Refused{"params_string", R"({"jsonrpc":"2.0","method":"get_version","params":"x","id":3})", -32600, 3},
        Refused{"params_false", R"({"jsonrpc":"2.0","method":"get_version","params":false,"id":3})", -32600, 3},
        Refused{"id_object", R"({"jsonrpc":"2.0","method":"get_version","params":[],"id":{}})", -32600, nullptr},
        Refused{"id_array", R"({"jsonrpc":"2.0","method":"get_version","params":[],"id":[1]})", -32600, nullptr},
        Refused{"id_boolean", R"({"jsonrpc":"2.0","method":"get_version","params":[],"id":true})", -32600, nullptr},
        Refused{"batch_empty", "[]", -32600, nullptr},
        Refused{"unknown_method", R"({"jsonrpc": "2.0", "method": "foobar", "params": [], "id": "7"})", -32601, "7"},
        Refused{"private_method", R"({"jsonrpc":"2.0","method":"_get_all_pkt_offsets","params":[[]],"id":"7"})", -32601,
                "7"},
        Refused{"dunder_method", R"({"jsonrpc":"2.0","method":"__init__","params":[],"id":"7"})", -32601, "7"},
        Refused{"empty_method", R"({"jsonrpc":"2.0","method":"","params":[],"id":"7"})", -32601, "7"},
        Refused{"too_many", R"({"jsonrpc":"2.0","method":"get_version","params":[1, 2, 3, 4],"id":"7"})", -32603, "7"},
        Refused{"too_few", R"({"jsonrpc":"2.0","method":"build_pkt","params":[],"id":"7"})", -32603, "7"},
        Refused{"wrong_handler", R"({"jsonrpc":"2.0","method":"get_tree","params":["AAAA"],"id":"7"})", -32098, "7"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(JsonRpc, MessagesThatClientsCompare) {
    EXPECT_EQ(json::parse(handle("x"))["error"]["message"], "Parse error");
    EXPECT_EQ(json::parse(handle("{}"))["error"]["message"], "Invalid Request");
    EXPECT_EQ(call("x", "[]")["error"]["message"], "Method not found");
    EXPECT_EQ(call("bug", "[]")["error"]["message"], "Scapy Server: Unknown Error");
}

TEST(JsonRpc, AbsentNullAndEmptyParamsAreTheSame) {
    EXPECT_EQ(json::parse(handle(R"({"jsonrpc":"2.0","method":"get_version","id":1})"))["result"], json::array());
    for (const char* params : {"null", "[]", "{}"}) {
        EXPECT_EQ(call("get_version", params)["result"], json::array()) << params;
    }
}

TEST(JsonRpc, CountsAreSaid) {
    auto error = call("build_pkt", "[]")["error"];
    EXPECT_EQ(error["message"], "Invalid params: build_pkt takes 1 parameter (model), 0 given");
    EXPECT_EQ(error["data"],
              json::parse(R"({"method":"build_pkt","required":1,"maximum":1,"given":0,"parameters":["model"]})"));
    error = call("reconstruct_pkt", "[1,2,3,4]")["error"];
    EXPECT_EQ(error["message"],
              "Invalid params: reconstruct_pkt takes 1 to 3 parameters (packet, model, options), 4 given");
    error = call("get_version", "[1]")["error"];
    EXPECT_EQ(error["message"], "Invalid params: get_version takes no parameters, 1 given");
}

TEST(JsonRpc, HandlerMayBeGivenOrLeftOut) {
    EXPECT_EQ(call("build_pkt", R"([[1]])")["result"], json::parse("[[1]]"));
    EXPECT_EQ(call("build_pkt", R"(["the-right-handler",[1]])")["result"], json::parse("[[1]]"));
    EXPECT_EQ(call("get_tree", "[]")["result"], json::array());
    EXPECT_EQ(call("get_tree", R"(["the-right-handler"])")["result"], json::array());
    EXPECT_EQ(call("check_update", R"(["a","b"])")["result"], json::parse(R"(["a","b"])"));
    EXPECT_EQ(call("check_update", R"(["the-right-handler","a","b"])")["result"], json::parse(R"(["a","b"])"));
    EXPECT_EQ(call("reconstruct_pkt", R"(["the-right-handler","AAAA"])")["result"], json::parse(R"(["AAAA"])"));
    EXPECT_EQ(call("reconstruct_pkt", R"(["AAAA",null])")["result"], json::parse(R"(["AAAA",null])"));
}

TEST(JsonRpc, HandlerThatIsGivenMustBeRight) {
    for (const auto& [method, params] :
         std::vector<std::pair<const char*, const char*>>{{"get_tree", R"(["wrong"])"},
                                                          {"build_pkt", R"(["wrong",[]])"},
                                                          {"check_update", R"(["wrong","a","b"])"},
                                                          {"get_tree", R"({"version_handler":"wrong"})"},
                                                          {"get_tree", R"({"api_h":1})"}}) {
        const auto error = call(method, params)["error"];
        EXPECT_EQ(error["code"], -32098) << method;
        EXPECT_NE(error["message"].get<std::string>().find("1.02"), std::string::npos) << error;
        EXPECT_EQ(error["data"]["method"], method);
    }
    // A method that takes none has no use for it.
    EXPECT_EQ(call("get_version", R"(["the-right-handler"])")["error"]["code"], -32603);
    // Only a text can be one.
    EXPECT_EQ(call("get_tree", "[5]")["error"]["code"], -32603);
    EXPECT_EQ(call("build_pkt", R"(["the-right-handler"])")["error"]["code"], -32603);
}

TEST(JsonRpc, NoHandlerIsRightBeforeOneIsSet) {
    Dispatcher dispatcher;
    dispatcher.add(
        {.name = "get_tree", .parameters = {}, .takes_handler = true, .call = [](const json&, std::string&) {}});
    const auto reply = json::parse(dispatcher.handle(R"({"jsonrpc":"2.0","method":"get_tree","params":[""],"id":1})"));
    EXPECT_EQ(reply["error"]["code"], -32098);
}

TEST(JsonRpc, ParamsByName) {
    EXPECT_EQ(call("build_pkt", R"({"model":[1]})")["result"], json::parse("[[1]]"));
    EXPECT_EQ(call("build_pkt", R"({"model":[1],"version_handler":"the-right-handler"})")["result"],
              json::parse("[[1]]"));
    EXPECT_EQ(call("build_pkt", R"({"model":[1],"api_h":"the-right-handler"})")["result"], json::parse("[[1]]"));
    EXPECT_EQ(call("reconstruct_pkt", R"({"options":3,"packet":1})")["result"], json::parse("[1,null,3]"));
    EXPECT_EQ(call("reconstruct_pkt", R"({"packet":1})")["result"], json::parse("[1]"));

    auto error = call("build_pkt", R"({"model":[1],"else":2})")["error"];
    EXPECT_EQ(error["code"], -32603);
    EXPECT_EQ(error["message"], "Invalid params: build_pkt has no parameter else");
    EXPECT_EQ(error["data"]["parameter"], "else");
    error = call("check_update", R"({"fields_md5":"b"})")["error"];
    EXPECT_EQ(error["code"], -32603);
    EXPECT_EQ(error["message"], "Invalid params: check_update misses its parameter db_md5");
    error = call("get_version", R"({"version_handler":"the-right-handler"})")["error"];
    EXPECT_EQ(error["code"], -32603) << "get_version takes no handler";
}

TEST(JsonRpc, NotificationsAreCarriedOutAndNotAnswered) {
    Outcome outcome;
    EXPECT_EQ(handle(R"({"jsonrpc":"2.0","method":"shut_down"})", &outcome), "");
    EXPECT_TRUE(outcome.shut_down);
    EXPECT_EQ(outcome.requests, 1U);
    EXPECT_EQ(handle(R"({"jsonrpc":"2.0","method":"x"})", &outcome), "");
    EXPECT_EQ(outcome.error_code, -32601);
    EXPECT_EQ(handle(R"({"jsonrpc":"2.0","method":"build_pkt"})"), "");
    EXPECT_EQ(handle(R"({"jsonrpc":"2.0","method":"bug","params":[]})"), "");
}

TEST(JsonRpc, Batch) {
    Outcome outcome;
    const auto replies = json::parse(handle(R"([
        {"jsonrpc":"2.0","method":"build_pkt","params":[1],"id":"1"},
        {"jsonrpc":"2.0","method":"get_version"},
        {"foo":"boo"},
        1,
        [],
        {"jsonrpc":"2.0","method":"foo.get","params":{"name":"myself"},"id":"5"},
        {"jsonrpc":"2.0","method":"get_version","id":9}])",
                                            &outcome));
    ASSERT_EQ(replies.size(), 6U);
    EXPECT_EQ(replies[0], json::parse(R"({"jsonrpc":"2.0","id":"1","result":[1]})"));
    for (std::size_t i = 1; i < 4; ++i) {
        EXPECT_EQ(replies[i]["error"]["code"], -32600);
        EXPECT_EQ(replies[i]["id"], nullptr);
    }
    EXPECT_EQ(replies[4]["error"]["code"], -32601);
    EXPECT_EQ(replies[4]["id"], "5");
    EXPECT_EQ(replies[5]["id"], 9);
    EXPECT_EQ(outcome.method, "batch");
    EXPECT_EQ(outcome.requests, 7U);
    EXPECT_EQ(outcome.error_code, -32600);
}

TEST(JsonRpc, BatchOfNotificationsIsNotAnswered) {
    EXPECT_EQ(handle(R"([{"jsonrpc":"2.0","method":"get_version"},{"jsonrpc":"2.0","method":"x"}])"), "");
}

TEST(JsonRpc, BatchIsBounded) {
    const std::string request = R"({"jsonrpc":"2.0","method":"get_version","id":1})";
    std::string batch = request;
    for (std::size_t i = 1; i < kMaximumBatch; ++i) {
        batch += "," + request;
    }
    EXPECT_EQ(json::parse(handle("[" + batch + "]")).size(), kMaximumBatch);
    const auto refused = json::parse(handle("[" + batch + "," + request + "]"));
    EXPECT_EQ(refused["error"]["code"], -32600);
    EXPECT_EQ(refused["id"], nullptr);
}

TEST(JsonRpc, ReplyOfABatchIsBounded) {
    const Dispatcher dispatcher = make_dispatcher({.batch_reply = 3000});
    const std::string request = R"({"jsonrpc":"2.0","method":"large","id":1})";
    const auto replies =
        json::parse(dispatcher.handle("[" + request + "," + request + "," + request + "," + request + "]"));
    ASSERT_EQ(replies.size(), 4U);
    EXPECT_TRUE(replies[2].contains("result"));
    EXPECT_EQ(replies[3]["error"]["code"], -32098);
}

TEST(JsonRpc, NestingIsBounded) {
    const auto nested = [](std::size_t depth) {
        return R"({"jsonrpc":"2.0","method":"build_pkt","id":1,"params":)" + std::string(depth - 1, '[') +
               std::string(depth - 1, ']') + "}";
    };
    EXPECT_TRUE(json::parse(handle(nested(kMaximumNesting))).contains("result"));
    EXPECT_EQ(json::parse(handle(nested(kMaximumNesting + 1)))["error"]["code"], -32700);
    // Brackets in texts do not count.
    const std::string brackets(10'000, '[');
    EXPECT_TRUE(call("build_pkt", "[\"\\\"" + brackets + "\"]").contains("result"));
    EXPECT_TRUE(call("build_pkt", "[\"\\\\\",\"" + brackets + "\"]").contains("error")) << "two parameters";
}

TEST(JsonRpc, ValuesAreBounded) {
    const auto list = [](std::size_t count) {
        std::string text = "0";
        for (std::size_t i = 1; i < count; ++i) {
            text += ",0";
        }
        return R"({"jsonrpc":"2.0","method":"build_pkt","id":1,"params":[[)" + text + "]]}";
    };
    const Dispatcher dispatcher = make_dispatcher({.values = 100});
    EXPECT_TRUE(json::parse(dispatcher.handle(list(90))).contains("result"));
    EXPECT_EQ(json::parse(dispatcher.handle(list(100)))["error"]["code"], -32700);
    EXPECT_EQ(json::parse(handle(list(kMaximumValues + 1)))["error"]["code"], -32700);
}

TEST(JsonRpc, BugsAreHiddenFromClientsAndToldToTheLog) {
    for (const char* method : {"bug", "json_bug", "no_memory", "odd_bug"}) {
        Outcome outcome;
        const auto reply =
            json::parse(handle(std::string(R"({"jsonrpc":"2.0","id":1,"method":")") + method + R"("})", &outcome));
        EXPECT_EQ(reply["error"]["code"], kUnknownError);
        EXPECT_EQ(reply["error"]["message"], "Scapy Server: Unknown Error");
        EXPECT_EQ(reply["error"]["data"], json({{"method", method}}));
        EXPECT_EQ(outcome.error_code, kUnknownError);
        EXPECT_EQ(outcome.method, method);
        EXPECT_FALSE(outcome.error_message.empty());
        EXPECT_NE(outcome.error_message, "Scapy Server: Unknown Error");
    }
}

TEST(JsonRpc, InvalidUtf8InAnErrorIsReplaced) {
    const auto error = call("bad_text", "[]")["error"];
    EXPECT_EQ(error["message"], "Scapy Server: \ufffd\ufffd");
    EXPECT_EQ(error["data"]["value"], "\ufffd(");
}

TEST(JsonRpc, LongNamesAreNotRepeatedWhole) {
    const std::string name(100'000, 'x');
    EXPECT_LT(call(name, "[]").dump().size(), 1000U);
    EXPECT_LT(call("build_pkt", R"({"model":1,")" + name + R"(":1})").dump().size(), 1000U);
    EXPECT_LT(handle("\"" + name).size(), 1000U);
    EXPECT_LT(handle(name).size(), 1000U);
}

TEST(JsonRpc, Outcome) {
    Outcome outcome;
    handle(R"({"jsonrpc":"2.0","method":"get_version","id":1})", &outcome);
    EXPECT_EQ(outcome.method, "get_version");
    EXPECT_EQ(outcome.requests, 1U);
    EXPECT_FALSE(outcome.error_code);
    EXPECT_FALSE(outcome.shut_down);
    handle(R"({"jsonrpc":"2.0","method":"fails","id":1})", &outcome);
    EXPECT_EQ(outcome.error_code, -32098);
    EXPECT_EQ(outcome.error_message, "Scapy Server: it cannot be done");
    handle(R"([{"jsonrpc":"2.0","method":"shut_down","id":1},{"jsonrpc":"2.0","method":"get_version","id":2}])",
           &outcome);
    EXPECT_TRUE(outcome.shut_down);
    EXPECT_FALSE(outcome.error_code);
    handle(R"({"jsonrpc":"2.0","method":"fails_to_end","id":1})", &outcome);
    EXPECT_FALSE(outcome.shut_down);
    handle(R"({"jsonrpc":"2.0","method":"shut_down","params":[1],"id":1})", &outcome);
    EXPECT_FALSE(outcome.shut_down);
}

TEST(JsonRpc, MethodsAreListedInTheirOrder) {
    const Dispatcher dispatcher = make_dispatcher();
    EXPECT_EQ(dispatcher.methods().front().name, "get_version");
    ASSERT_NE(dispatcher.find("build_pkt"), nullptr);
    EXPECT_EQ(dispatcher.find("build_pkt")->parameters, std::vector<std::string>{"model"});
    EXPECT_EQ(dispatcher.find("nope"), nullptr);
}

TEST(JsonRpc, MethodsThatContradictThemselvesAreRefused) {
    Dispatcher dispatcher = make_dispatcher();
    EXPECT_THROW(dispatcher.add({.name = "get_version", .parameters = {}, .call = {}}), std::invalid_argument);
    EXPECT_THROW(dispatcher.add({.name = "new", .parameters = {}, .required = 1, .call = {}}), std::invalid_argument);
}

TEST(JsonRpc, ThreadsShareADispatcher) {
    const Dispatcher dispatcher = make_dispatcher();
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&dispatcher, i] {
            const std::string id = std::to_string(i);
            for (int j = 0; j < 500; ++j) {
                EXPECT_EQ(dispatcher.handle(R"({"jsonrpc":"2.0","method":"build_pkt","params":[)" + id + R"(],"id":)" +
                                            id + "}"),
                          R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":[)" + id + "]}");
            }
        });
    }
}

}  // namespace
}  // namespace framewright::rpc
