#include "rpc/field_engine_methods.hpp"

#include <optional>

#include "rpc/json_text.hpp"
#include "rpc/packet_methods.hpp"
#include "rpc/packet_model.hpp"
#include "rpc/packet_result.hpp"

namespace framewright::rpc {

namespace {

using nlohmann::json;

constexpr const char* kNoInstructions = "Field engine instructions are not supported by this version of the server";

const json* member(const json& object, const char* key) {
    if (!object.is_object()) {
        return nullptr;
    }
    const auto found = object.find(key);
    return found != object.end() && !found->is_null() ? &*found : nullptr;
}

/// A program without instructions: its cache size, or why it cannot be compiled.
struct EmptyProgram {
    Integer cache = 0;
    std::string error;
};

EmptyProgram read_program(const json& options) {
    const json* const engine = member(options, "field_engine");
    if (engine == nullptr) {
        return {};
    }
    const json* const instructions = member(*engine, "instructions");
    if (instructions != nullptr && !instructions->is_array()) {
        return {0, "instructions is not an array"};
    }
    const json* const parameters = member(*engine, "global_parameters");
    const json* const cache = parameters != nullptr ? member(*parameters, "cache_size") : nullptr;
    EmptyProgram program;
    if (cache != nullptr) {
        const std::optional<Integer> size = cache->is_number_integer() ? parse_integer(cache->dump())
                                            : cache->is_string() ? parse_integer(cache->get_ref<const std::string&>())
                                                                 : std::nullopt;
        if (!size || *size < 0) {
            return {0, "Cache size must be a number"};
        }
        program.cache = *size;
    }
    if (instructions != nullptr && !instructions->empty()) {
        program.error = kNoInstructions;
    }
    return program;
}

void build_packet_with_program(const json& params, const model::Database& database, std::string& result) {
    const model::Packet packet = read_packet_model(params[0], database, "model_descriptor");
    append_open_packet_result(result, packet, inspect_or_fail(packet, database));
    const EmptyProgram program = read_program(params[1]);
    result += ",\"field_engine\":{\"instructions\":";
    if (!program.error.empty()) {
        result += "{},\"error\":";
        append_json_text(result, program.error);
    } else {
        result += "{\"instructions\":[]";
        if (program.cache > 0) {
            result += ",\"cache\":";
            append_json_number(result, program.cache);
        }
        result += "},\"error\":null";
    }
    result += ",\"vm_instructions_expressions\":[]}}";
}

void parameter_values(const json& params, const model::Database& database, std::string& result) {
    read_packet_model(params[0], database, "model_descriptor");
    if (!params[2].is_string()) {
        throw invalid_params("parameter_id is not a text", json{{"parameter", "parameter_id"}});
    }
    if (const EmptyProgram program = read_program(params[1]); !program.error.empty()) {
        throw failure(program.error, json{{"parameter", "vm_instructions_model"}});
    }
    result += R"({"map":{}})";
}

void decompile(const json& params, std::string& result) {
    base64_param(params[0], "packet_binary");
    if (!params[1].is_object()) {
        throw invalid_params("vm_raw is not an object", json{{"parameter", "vm_raw"}});
    }
    const json* const instructions = member(params[1], "instructions");
    if (instructions != nullptr && !(instructions->is_array() && instructions->empty())) {
        throw failure(kNoInstructions, json{{"parameter", "vm_raw"}});
    }
    const json* const cache = member(params[1], "cache");
    result += R"({"instructions":[],"global_parameters":{)";
    if (cache != nullptr && cache->is_number_integer()) {
        result += "\"cache_size\":" + cache->dump();
    }
    result += "}}";
}

}  // namespace

void add_field_engine_methods(Dispatcher& dispatcher, const model::Database& database) {
    const auto add = [&dispatcher](std::string name, std::vector<std::string> parameters, Method call) {
        const std::size_t count = parameters.size();
        dispatcher.add({.name = std::move(name),
                        .parameters = std::move(parameters),
                        .required = count,
                        .takes_handler = true,
                        .call = std::move(call)});
    };
    add("build_pkt_ex", {"model_descriptor", "extra_options"},
        [&database](const json& params, std::string& result) { build_packet_with_program(params, database, result); });
    add("load_instruction_parameter_values", {"model_descriptor", "vm_instructions_model", "parameter_id"},
        [&database](const json& params, std::string& result) { parameter_values(params, database, result); });
    add("decompile_vm_raw", {"packet_binary", "vm_raw"},
        [](const json& params, std::string& result) { decompile(params, result); });
}

void append_field_engine_definitions(std::string& out) {
    out += R"("feInstructionParameters":[],"feInstructions":[],"feParameters":[)"
           R"({"id":"cache_size","name":"Cache size","type":"NUMBER","defaultValue":"1000","required":false,)"
           R"("editable":true}],"feTemplates":[])";
}

}  // namespace framewright::rpc
