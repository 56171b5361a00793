// Whatever a client sends, the reply is empty or a JSON-RPC 2.0 response, and the next request is answered.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "rpc/json_rpc.hpp"

namespace {

using framewright::rpc::Dispatcher;
using nlohmann::json;

Dispatcher make_dispatcher() {
    const auto give_back = [](const json& params, std::string& result) {
        result += params.dump();
        if (params.size() == 2) {
            throw framewright::rpc::failure(result, {{"value", params.back()}});
        }
    };
    Dispatcher dispatcher;
    dispatcher.set_version_handler("h");
    dispatcher.add({.name = "a", .parameters = {}, .call = give_back});
    dispatcher.add({.name = "b", .parameters = {"x"}, .required = 1, .takes_handler = true, .call = give_back});
    dispatcher.add(
        {.name = "c", .parameters = {"x", "y", "z"}, .required = 1, .takes_handler = true, .call = give_back});
    return dispatcher;
}

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

void check_response(const json& response) {
    require(response.is_object() && response.size() == 3 && response.at("jsonrpc") == "2.0");
    const json& id = response.at("id");
    require(id.is_null() || id.is_string() || id.is_number());
    if (response.contains("error")) {
        const json& error = response["error"];
        require(error.size() == 3 && error.at("code").is_number_integer() && error.at("message").is_string() &&
                error.at("data").is_object());
        require(error["code"] != framewright::rpc::kUnknownError);
    } else {
        require(response.contains("result"));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Dispatcher dispatcher = make_dispatcher();
    framewright::rpc::Outcome outcome;
    const std::string reply = dispatcher.handle(std::string_view(reinterpret_cast<const char*>(data), size), &outcome);
    if (reply.empty()) {
        require(outcome.requests > 0);
        return 0;
    }
    const json parsed = json::parse(reply);
    if (!parsed.is_array()) {
        check_response(parsed);
        return 0;
    }
    require(!parsed.empty());
    for (const json& response : parsed) {
        check_response(response);
    }
    return 0;
}
