#include "rpc/json_rpc.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <new>
#include <stdexcept>
#include <utility>

namespace framewright::rpc {
namespace {

using nlohmann::json;

/// What the reply to a packet takes, in bytes, so that it need not grow.
constexpr std::size_t kUsualReply = 4096;

/// So much of a client's text is repeated in an error.
constexpr std::size_t kMaximumQuoted = 200;

/// The names under which a call with named parameters may give the version handler.
constexpr std::array<std::string_view, 3> kHandlerNames{"version_handler", "client_v_handler", "api_h"};

/// Builds the document; an integer beyond 64 bits, which JSON has and the document has not, stays the text that it is.
class DocumentBuilder : public nlohmann::detail::json_sax_dom_parser<json> {
public:
    using nlohmann::detail::json_sax_dom_parser<json>::json_sax_dom_parser;

    bool number_float(double value, const std::string& text) {
        if (text.find_first_not_of("-0123456789") != std::string::npos) {
            return json_sax_dom_parser<json>::number_float(value, text);
        }
        std::string digits = text;
        return string(digits);
    }
};

json parse_document(std::string_view text) {
    json document;
    DocumentBuilder builder(document);
    json::sax_parse(text, &builder);
    return document;
}

/// Why a text must not be parsed, however its grammar is; nullptr where it may.
const char* structure_problem(std::string_view text, const Limits& limits) {
    // The parser takes a zero octet for the end of the text.
    if (text.find('\0') != std::string_view::npos) {
        return "there is a zero octet";
    }
    std::size_t depth = 0;
    std::size_t values = 1;
    for (std::size_t i = 0; i < text.size(); ++i) {
        switch (text[i]) {
            case '"':
                for (++i; i < text.size() && text[i] != '"'; ++i) {
                    i += text[i] == '\\' ? 1 : 0;
                }
                break;
            case '[':
            case '{':
                if (++depth > limits.nesting) {
                    return "it is nested too deeply";
                }
                if (++values > limits.values) {
                    return "it holds too many values";
                }
                break;
            case ',':
                if (++values > limits.values) {
                    return "it holds too many values";
                }
                break;
            case ']':
            case '}':
                depth -= depth > 0 ? 1 : 0;
                break;
            default:
                break;
        }
    }
    return nullptr;
}

/// What the parser found wrong, without the parser's name and without the text it stumbled over.
json parse_problem(const json::exception& error) {
    std::string_view reason = error.what();
    if (const auto prefix = reason.find("] "); prefix != std::string_view::npos) {
        reason.remove_prefix(prefix + 2);
    }
    reason = reason.substr(0, std::min(reason.find("; last read"), kMaximumQuoted));
    return {{"reason", reason}};
}

std::string to_text(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

void append_opening(std::string& reply, const json* id) {
    reply += R"({"jsonrpc":"2.0","id":)";
    reply += id == nullptr ? "null" : to_text(*id);
}

void append_error(std::string& reply, const json* id, const Error& error) {
    append_opening(reply, id);
    reply += R"(,"error":{"code":)";
    reply += std::to_string(error.code());
    reply += R"(,"message":)";
    reply += to_text(json(error.message()));
    reply += R"(,"data":)";
    reply += to_text(error.data());
    reply += "}}";
}

void note_error(Outcome& outcome, int code, std::string_view message) {
    if (!outcome.error_code) {
        outcome.error_code = code;
        outcome.error_message = message;
    }
}

/// Answers what is no request, or a request that is not carried out.
void refuse(std::string& reply, Outcome& outcome, const json* id, const Error& error) {
    note_error(outcome, error.code(), error.message());
    append_error(reply, id, error);
}

Error invalid_request(const char* reason) {
    return {kInvalidRequest, "Invalid Request", {{"reason", reason}}};
}

/// The error with the method added to its data.
Error with_method(const Error& error, const std::string& method) {
    json data = error.data().is_object() ? error.data() : json::object();
    data.emplace("method", method);
    return {error.code(), error.message(), std::move(data)};
}

Error wrong_handler() {
    return failure("the version handler is not of this server, which serves API version " + std::string(kApiVersion) +
                       ": ask for one by get_version_handler",
                   {{"version", kApiVersion}});
}

std::string counted(std::size_t count, std::string_view noun) {
    return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

Error wrong_count(const MethodDescription& method, std::size_t given) {
    const std::size_t maximum = method.parameters.size();
    std::string text = method.name + " takes ";
    if (maximum == 0) {
        text += "no parameters";
    } else {
        if (method.required != maximum) {
            text += std::to_string(method.required) + " to ";
        }
        text += counted(maximum, "parameter") + " (";
        for (const std::string& name : method.parameters) {
            text += (&name == &method.parameters.front() ? "" : ", ") + name;
        }
        text += ")";
    }
    return invalid_params(
        text + ", " + std::to_string(given) + " given",
        {{"required", method.required}, {"maximum", maximum}, {"given", given}, {"parameters", method.parameters}});
}

bool is_handler_name(std::string_view name) {
    return std::find(kHandlerNames.begin(), kHandlerNames.end(), name) != kHandlerNames.end();
}

/// The parameters in the order of the method's own names; null for an optional one that is left out before another.
json ordered_by_name(const MethodDescription& method, json& named) {
    for (const auto& item : named.items()) {
        if (std::find(method.parameters.begin(), method.parameters.end(), item.key()) == method.parameters.end()) {
            const std::string name = item.key().substr(0, kMaximumQuoted);
            throw invalid_params(method.name + " has no parameter " + name, {{"parameter", name}});
        }
    }
    json params = json::array();
    for (std::size_t i = 0; i < method.parameters.size(); ++i) {
        const std::string& name = method.parameters[i];
        if (const auto found = named.find(name); found != named.end()) {
            params.get_ref<json::array_t&>().resize(i);
            params.push_back(std::move(*found));
        } else if (i < method.required) {
            throw invalid_params(method.name + " misses its parameter " + name, {{"parameter", name}});
        }
    }
    return params;
}

}  // namespace

Dispatcher::Dispatcher(Limits limits) : limits_(limits) {}

void Dispatcher::add(MethodDescription method) {
    if (method.required > method.parameters.size()) {
        throw std::invalid_argument("more required parameters than there are: " + method.name);
    }
    if (!index_.emplace(method.name, methods_.size()).second) {
        throw std::invalid_argument("a second method of one name: " + method.name);
    }
    methods_.push_back(std::move(method));
}

void Dispatcher::set_version_handler(std::string handler) {
    version_handler_ = std::move(handler);
}

const MethodDescription* Dispatcher::find(std::string_view name) const {
    const auto found = index_.find(name);
    return found == index_.end() ? nullptr : &methods_[found->second];
}

std::string Dispatcher::handle(std::string_view message, Outcome* outcome) const {
    Outcome ignored;
    Outcome& noted = outcome == nullptr ? ignored : *outcome;
    noted = {};
    std::string reply;
    reply.reserve(kUsualReply);
    try {
        handle_message(message, reply, noted);
    } catch (const std::exception& error) {
        // Methods are guarded one by one: this is the parser out of memory.
        std::string().swap(reply);
        note_error(noted, kUnknownError, error.what());
        append_error(reply, nullptr, {kUnknownError, "Scapy Server: Unknown Error"});
    }
    return reply;
}

void Dispatcher::handle_message(std::string_view message, std::string& reply, Outcome& outcome) const {
    if (const char* problem = structure_problem(message, limits_)) {
        return refuse(reply, outcome, nullptr, {kParseError, "Parse error", {{"reason", problem}}});
    }
    json document;
    try {
        document = parse_document(message);
    } catch (const json::exception& error) {
        return refuse(reply, outcome, nullptr, {kParseError, "Parse error", parse_problem(error)});
    }
    if (document.is_array()) {
        handle_batch(document, reply, outcome);
    } else {
        handle_request(document, reply, outcome);
    }
}

void Dispatcher::handle_batch(json& batch, std::string& reply, Outcome& outcome) const {
    if (batch.empty()) {
        return refuse(reply, outcome, nullptr, invalid_request("the batch is empty"));
    }
    if (batch.size() > limits_.batch) {
        return refuse(reply, outcome, nullptr, invalid_request("the batch holds too many requests"));
    }
    reply += '[';
    for (json& request : batch) {
        if (handle_request(request, reply, outcome)) {
            reply += ',';
        }
    }
    if (reply.size() == 1) {
        reply.clear();
    } else {
        reply.back() = ']';
    }
    outcome.method = "batch";
}

/// Appends the reply, if one is due, and says whether it was.
bool Dispatcher::handle_request(json& request, std::string& reply, Outcome& outcome) const {
    ++outcome.requests;
    const auto refused = [&](const json* id, const char* reason) {
        refuse(reply, outcome, id, invalid_request(reason));
        return true;
    };
    if (!request.is_object()) {
        return refused(nullptr, "it is no object");
    }
    const auto member = [&](const char* name) {
        const auto found = request.find(name);
        return found == request.end() ? nullptr : &*found;
    };
    const json* id = member("id");
    if (id != nullptr && !id->is_string() && !id->is_number() && !id->is_null()) {
        return refused(nullptr, "the id is no text, number or null");
    }
    const json* version = member("jsonrpc");
    if (version == nullptr || *version != "2.0") {
        return refused(id, "jsonrpc is not \"2.0\"");
    }
    const json* name = member("method");
    if (name == nullptr || !name->is_string()) {
        return refused(id, "the method is no text");
    }
    json* params = member("params");
    if (params != nullptr && !params->is_structured() && !params->is_null()) {
        return refused(id, "the params are no array or object");
    }

    outcome.method = name->get_ref<const std::string&>();
    const std::size_t start = reply.size();
    const auto fail = [&](const Error& error, std::string_view cause) {
        note_error(outcome, error.code(), cause);
        reply.resize(start);
        if (id != nullptr) {
            append_error(reply, id, error);
        }
    };
    const auto fail_unknown = [&](std::string_view cause) {
        fail(with_method({kUnknownError, "Scapy Server: Unknown Error"}, outcome.method.substr(0, kMaximumQuoted)),
             cause);
    };
    try {
        const MethodDescription* method = find(outcome.method);
        if (method == nullptr) {
            throw Error(kMethodNotFound, "Method not found", {{"method", outcome.method.substr(0, kMaximumQuoted)}});
        }
        if (start > limits_.batch_reply) {
            throw with_method(failure("the batch's reply is too large: send fewer requests at once"), method->name);
        }
        append_opening(reply, id);
        reply += R"(,"result":)";
        call(*method, params, reply);
        reply += '}';
        outcome.shut_down = outcome.shut_down || method->ends_server;
    } catch (const Error& error) {
        fail(error, error.message());
    } catch (const std::exception& error) {
        fail_unknown(error.what());
    } catch (...) {
        fail_unknown("an exception of no known type");
    }
    if (id == nullptr) {
        reply.resize(start);
    }
    return id != nullptr;
}

/// Appends the method's result; throws Error with the method in its data.
void Dispatcher::call(const MethodDescription& method, json* params, std::string& reply) const {
    try {
        const std::size_t start = reply.size();
        method.call(positional(method, params), reply);
        if (reply.size() == start) {
            reply += "null";
        }
    } catch (const Error& error) {
        throw with_method(error, method.name);
    }
}

/// The parameters in their order, checked for their number, and without the version handler, which is checked too.
json Dispatcher::positional(const MethodDescription& method, json* params) const {
    const auto is_right_handler = [&](const json& value) {
        return !version_handler_.empty() && value.is_string() &&
               value.get_ref<const std::string&>() == version_handler_;
    };
    json given = params == nullptr || params->is_null() ? json::array() : std::move(*params);
    if (given.is_object()) {
        if (method.takes_handler) {
            auto& members = given.get_ref<json::object_t&>();
            for (auto member = members.begin(); member != members.end();) {
                if (!is_handler_name(member->first)) {
                    ++member;
                    continue;
                }
                if (!is_right_handler(member->second)) {
                    throw wrong_handler();
                }
                member = members.erase(member);
            }
        }
        return ordered_by_name(method, given);
    }
    if (method.takes_handler && !given.empty() && given.front().is_string()) {
        if (is_right_handler(given.front())) {
            given.erase(given.begin());
        } else if (given.size() == method.parameters.size() + 1) {
            throw wrong_handler();
        }
    }
    if (given.size() < method.required || given.size() > method.parameters.size()) {
        throw wrong_count(method, given.size());
    }
    return given;
}

}  // namespace framewright::rpc
