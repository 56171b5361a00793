#pragma once

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>

namespace framewright::rpc {

// Error codes: JSON-RPC 2.0, section 5.1, and section 3.1 of the Scapy RPC server's specification.
inline constexpr int kParseError = -32700;
inline constexpr int kInvalidRequest = -32600;
inline constexpr int kMethodNotFound = -32601;
inline constexpr int kInvalidParams = -32603;  ///< Sic: the specification's code, not that of JSON-RPC.
inline constexpr int kSyntaxError = -32097;
inline constexpr int kServerFailure = -32098;
inline constexpr int kUnknownError = -32096;  ///< A bug of ours.

/// The failure of a request, as its reply says it. The message may hold any bytes: the reply replaces what is no UTF-8.
class Error : public std::runtime_error {
public:
    Error(int code, const std::string& message, nlohmann::json data = nlohmann::json::object())
        : std::runtime_error(message), code_(code), data_(std::move(data)) {}

    int code() const noexcept { return code_; }
    const char* message() const noexcept { return what(); }

    /// Where it went wrong, as an object: method, parameter, layer index and id, field, value.
    const nlohmann::json& data() const noexcept { return data_; }

private:
    int code_;
    nlohmann::json data_;
};

/// -32603: parameters that the method does not take.
inline Error invalid_params(const std::string& text, nlohmann::json data = nlohmann::json::object()) {
    return {kInvalidParams, "Invalid params: " + text, std::move(data)};
}

/// -32098: the request was understood and cannot be done.
inline Error failure(const std::string& text, nlohmann::json data = nlohmann::json::object()) {
    return {kServerFailure, "Scapy Server: " + text, std::move(data)};
}

/// -32097: an expression that cannot be read.
inline Error syntax_error(const std::string& text, nlohmann::json data = nlohmann::json::object()) {
    return {kSyntaxError, "Syntax Error: " + text, std::move(data)};
}

}  // namespace framewright::rpc
