#pragma once

#include <cstddef>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rpc/error.hpp"

namespace framewright::rpc {

/// The version of the API that the server answers; version handlers belong to it.
inline constexpr std::string_view kApiVersion = "1.02";

/// Arrays and objects within each other, counted before a request is parsed.
inline constexpr std::size_t kMaximumNesting = 128;

/// Values in one request, counted before it is parsed: a parsed value takes many times the memory of its text.
inline constexpr std::size_t kMaximumValues = 1'000'000;

/// Requests in one batch.
inline constexpr std::size_t kMaximumBatch = 1000;

/// Bytes of a batch's reply, beyond which its further requests are refused.
inline constexpr std::size_t kMaximumBatchReply = 64U << 20U;

/// What a request may cost before a method sees it.
struct Limits {
    std::size_t nesting = kMaximumNesting;
    std::size_t values = kMaximumValues;
    std::size_t batch = kMaximumBatch;
    std::size_t batch_reply = kMaximumBatchReply;
};

/// Answers one request: appends its result as JSON text to `result`, or throws rpc::Error. `params` is an array of as
/// many values as the description allows, without the version handler. Called by several threads at once.
using Method = std::function<void(const nlohmann::json& params, std::string& result)>;

/// A method as clients see it.
struct MethodDescription {
    std::string name;
    std::vector<std::string> parameters;  ///< Names in order, without the version handler.
    std::size_t required = 0;             ///< So many of the parameters, from the first on, must be given.
    bool takes_handler = false;           ///< The version handler may come first.
    Method call;
    bool ends_server = false;  ///< A success asks the server to end, after the reply.
};

/// What became of a message: what a log needs.
struct Outcome {
    std::string method;             ///< As the client named it; "batch" for a batch; empty where none could be read.
    std::size_t requests = 0;       ///< Requests and notifications in the message.
    std::optional<int> error_code;  ///< Of the first request that failed.
    std::string error_message;      ///< With kUnknownError the cause, which the client does not see.
    bool shut_down = false;         ///< The server is asked to end once the reply is sent.
};

/// JSON-RPC 2.0: turns messages into calls of methods, and what these give into replies. Knows no socket. Once all
/// methods are added, any number of threads may call handle().
class Dispatcher {
public:
    explicit Dispatcher(Limits limits = {});

    /// Throws std::invalid_argument for a name that is there already, or more required parameters than there are.
    void add(MethodDescription method);

    /// Adds a method before whose parameters the version handler may come, as with most.
    void add_with_handler(std::string name, std::vector<std::string> parameters, std::size_t required, Method call) {
        add({.name = std::move(name),
             .parameters = std::move(parameters),
             .required = required,
             .takes_handler = true,
             .call = std::move(call)});
    }

    /// The handler that get_version_handler gives out; until it is set every handler is a wrong one.
    void set_version_handler(std::string handler);

    /// In the order in which they were added.
    const std::vector<MethodDescription>& methods() const noexcept { return methods_; }

    /// nullptr where there is none of that name.
    const MethodDescription* find(std::string_view name) const;

    /// The reply to a message, which is a request or a batch of them: empty where nothing but notifications came.
    /// Whatever the message holds, this throws nothing but std::bad_alloc.
    std::string handle(std::string_view message, Outcome* outcome = nullptr) const;

private:
    struct NameHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view name) const noexcept { return std::hash<std::string_view>{}(name); }
    };

    void handle_message(std::string_view message, std::string& reply, Outcome& outcome) const;
    void handle_batch(nlohmann::json& batch, std::string& reply, Outcome& outcome) const;
    bool handle_request(nlohmann::json& request, std::string& reply, Outcome& outcome) const;
    void call(const MethodDescription& method, nlohmann::json* params, std::string& reply) const;
    nlohmann::json positional(const MethodDescription& method, nlohmann::json* params) const;

    Limits limits_;
    std::string version_handler_;
    std::vector<MethodDescription> methods_;
    std::unordered_map<std::string, std::size_t, NameHash, std::equal_to<>> index_;
};

}  // namespace framewright::rpc
