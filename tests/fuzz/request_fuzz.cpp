// Whatever a client sends to the whole service, the reply is empty or a JSON-RPC 2.0 response, and never a bug of ours
// (-32096).
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "rpc/service.hpp"

namespace {

using namespace framewright;
using nlohmann::json;

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

void check_response(const json& response) {
    require(response.is_object() && response.size() == 3 && response.at("jsonrpc") == "2.0" && response.contains("id"));
    if (response.contains("error")) {
        const json& error = response["error"];
        require(error.at("message").is_string() && error.at("data").is_object());
        require(error.at("code").is_number_integer() && error["code"] != rpc::kUnknownError);
    } else {
        require(response.contains("result"));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const rpc::Service service;
    rpc::Outcome outcome;
    const std::string reply = service.handle(std::string_view(reinterpret_cast<const char*>(data), size), &outcome);
    if (reply.empty()) {
        require(outcome.requests > 0);
        return 0;
    }
    const json parsed = json::parse(reply);
    if (!parsed.is_array()) {
        check_response(parsed);
        return 0;
    }
    for (const json& response : parsed) {
        check_response(response);
    }
    return 0;
}
