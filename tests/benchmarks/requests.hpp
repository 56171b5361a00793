#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "protocol_db/base64.hpp"
#include "protocol_db/bytes.hpp"
#include "rpc/service.hpp"

namespace framewright::benchmarks {

/// A request as a client sends it.
inline std::string request(const std::string& method, nlohmann::json params) {
    return nlohmann::json{{"jsonrpc", "2.0"}, {"id", "1"}, {"method", method}, {"params", std::move(params)}}.dump();
}

/// The model of Ether/IP/TCP with some fields set, as the packet editor sends it: every value as a text.
inline nlohmann::json tcp_model() {
    return nlohmann::json::parse(R"([
        {"id": "Ether", "fields": [{"id": "src", "value": "de:ad:be:ef:de:ad"}]},
        {"id": "IP", "fields": [{"id": "src", "value": "10.0.0.1"}, {"id": "dst", "value": "10.0.0.2"}]},
        {"id": "TCP", "fields": [{"id": "sport", "value": "443"}, {"id": "flags", "value": "SA"}]}])");
}

/// The request that the targets are about: build_pkt of Ether/IP/TCP.
inline std::string build_request() {
    return request("build_pkt", nlohmann::json::array({tcp_model()}));
}

/// The bytes of the packet that a request to build one is answered with.
inline Bytes built_packet(const rpc::Service& service, const nlohmann::json& model) {
    const auto reply = nlohmann::json::parse(service.handle(request("build_pkt", nlohmann::json::array({model}))));
    return base64_decode(reply.at("result").at("binary").get<std::string>()).value();
}

}  // namespace framewright::benchmarks
