#include "rpc/server_methods.hpp"

#include "protocol_db/base64.hpp"
#include "rpc/json_text.hpp"

namespace framewright::rpc {

namespace {

using nlohmann::json;

/// The version as text parts, "1" and "02"; a client passes them back to get its handler.
std::string handler_of(std::string_view major, std::string_view minor) {
    const std::string version = "framewright-" + std::string(major) + "." + std::string(minor);
    return base64_encode(Bytes(version.begin(), version.end()));
}

std::string version_part(const json& param, const char* name) {
    if (param.is_string()) {
        return param.get<std::string>();
    }
    if (param.is_number_integer()) {
        return param.dump();
    }
    throw invalid_params(std::string(name) + " is not a version", json{{"parameter", name}});
}

}  // namespace

void add_server_methods(Dispatcher& dispatcher) {
    const std::size_t dot = kApiVersion.find('.');
    dispatcher.set_version_handler(handler_of(kApiVersion.substr(0, dot), kApiVersion.substr(dot + 1)));
    dispatcher.add(
        {.name = "get_version", .parameters = {}, .call = [](const json& /*params*/, std::string& result) {
             result += json{{"version", kApiVersion}, {"built_by", "Framewright"}, {"framewright", FRAMEWRIGHT_VERSION}}
                           .dump();
         }});
    dispatcher.add({.name = "get_version_handler",
                    .parameters = {"client_v_major", "client_v_minor"},
                    .required = 2,
                    .call = [](const json& params, std::string& result) {
                        append_json_text(result, handler_of(version_part(params[0], "client_v_major"),
                                                            version_part(params[1], "client_v_minor")));
                    }});
    dispatcher.add({.name = "supported_methods",
                    .parameters = {"method_name"},
                    .required = 0,
                    .call = [&dispatcher](const json& params, std::string& result) {
                        if (!params.empty() && params[0] != "all") {
                            const bool is_known = params[0].is_string() &&
                                                  dispatcher.find(params[0].get_ref<const std::string&>()) != nullptr;
                            result += is_known ? "true" : "false";
                            return;
                        }
                        json methods = json::object();
                        for (const MethodDescription& method : dispatcher.methods()) {
                            methods[method.name] = {method.parameters.size(), method.parameters};
                        }
                        result += methods.dump();
                    }});
    dispatcher.add(
        {.name = "shut_down",
         .parameters = {},
         .call = [](const json& /*params*/,
                    std::string& result) { result += R"("Server shut down command received - server had shut down")"; },
         .ends_server = true});
}

}  // namespace framewright::rpc
