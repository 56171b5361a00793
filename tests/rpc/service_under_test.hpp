#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "protocol_db/base64.hpp"
#include "rpc/service.hpp"

namespace framewright::tests {

using nlohmann::json;

/// The service, made once for all tests.
inline const rpc::Service& service() {
    static const rpc::Service instance;
    return instance;
}

/// The whole reply to a call.
inline json call(const std::string& method, const json& params) {
    return json::parse(
        service().handle(json{{"jsonrpc", "2.0"}, {"id", "1"}, {"method", method}, {"params", params}}.dump()));
}

/// The result of a call; the test fails where it is an error.
inline json result_of(const std::string& method, const json& params) {
    const json reply = call(method, params);
    EXPECT_TRUE(reply.contains("result")) << method << " " << params.dump().substr(0, 300) << " -> " << reply;
    return reply.value("result", json());
}

/// The error of a call; the test fails where it is a success.
inline json error_of(const std::string& method, const json& params) {
    const json reply = call(method, params);
    EXPECT_TRUE(reply.contains("error")) << method << " " << params.dump().substr(0, 300) << " -> " << reply;
    return reply.value("error", json{{"code", 0}, {"message", ""}, {"data", json::object()}});
}

inline std::string handler() {
    return result_of("get_version_handler", {"1", "02"}).get<std::string>();
}

/// A layer of a model with one field, or none.
inline json layer(const std::string& id) {
    return {{"id", id}};
}
inline json layer(const std::string& id, const std::string& field, const json& value) {
    return {{"id", id}, {"fields", json::array({{{"id", field}, {"value", value}}})}};
}

/// A model of layers.
inline json model(std::initializer_list<json> layers) {
    return json(json::array_t(layers));
}

inline json build(const json& layers) {
    return result_of("build_pkt", json::array({layers}));
}

/// The bytes of a packet result, in hexadecimal.
inline std::string bytes_of(const json& result) {
    const Bytes octets = base64_decode(result.at("binary").get<std::string>()).value();
    std::string text;
    for (const std::uint8_t octet : octets) {
        constexpr const char* kDigits = "0123456789abcdef";
        text += kDigits[octet >> 4];
        text += kDigits[octet & 15U];
    }
    return text;
}

/// A field of a packet result.
inline json field_of(const json& result, std::size_t layer, const std::string& id) {
    for (const json& field : result.at("data").at(layer).at("fields")) {
        if (field.at("id") == id) {
            return field;
        }
    }
    ADD_FAILURE() << "there is no field " << id;
    return {};
}

}  // namespace framewright::tests
