#include "rpc/field_engine_methods.hpp"

#include <limits>
#include <optional>

#include "protocol_db/base64.hpp"
#include "protocol_db/field_engine/compile.hpp"
#include "protocol_db/field_engine/field_changes.hpp"
#include "protocol_db/field_engine/program_error.hpp"
#include "protocol_db/field_engine/program_json.hpp"
#include "protocol_db/field_engine/run.hpp"
#include "rpc/json_text.hpp"
#include "rpc/packet_methods.hpp"
#include "rpc/packet_model.hpp"
#include "rpc/packet_result.hpp"

namespace framewright::rpc {

namespace {

using field_engine::MalformedProgram;
using field_engine::PacketLayout;
using field_engine::Program;
using field_engine::ProgramError;
using nlohmann::json;

/// A member of an object, or null where there is none.
const json* member(const json& object, const char* key) {
    if (!object.is_object()) {
        return nullptr;
    }
    const auto found = object.find(key);
    return found != object.end() && !found->is_null() ? &*found : nullptr;
}

/// The program of a request's options; an empty one where there is none.
const json& program_of(const json& options, const char* parameter) {
    static const json kNoProgram = json::object();
    if (!options.is_object() && !options.is_null()) {
        throw invalid_params(std::string(parameter) + " is not an object", json{{"parameter", parameter}});
    }
    const json* const program = member(options, "field_engine");
    if (program != nullptr && !program->is_object()) {
        throw invalid_params("field_engine is not an object", json{{"parameter", parameter}});
    }
    return program != nullptr ? *program : kNoProgram;
}

/// A program that cannot be used, as an error of the request.
Error refusal(const ProgramError& error, const char* parameter) {
    json data{{"parameter", parameter}};
    if (error.instruction()) {
        data["instruction"] = *error.instruction();
        data["id"] = error.id();
    }
    if (!error.parameter().empty()) {
        data["instruction_parameter"] = error.parameter();
        data["value"] = error.value();
    }
    const bool is_malformed = dynamic_cast<const MalformedProgram*>(&error) != nullptr;
    return is_malformed ? invalid_params(error.what(), std::move(data)) : failure(error.what(), std::move(data));
}

/// Appends the member of a packet result that describes the program, after a comma.
void append_program(std::string& out, const std::string& instructions, const std::string* error) {
    out += ",\"field_engine\":{\"instructions\":" + instructions + ",\"error\":";
    if (error != nullptr) {
        append_json_text(out, *error);
    } else {
        out += "null";
    }
    out += ",\"vm_instructions_expressions\":[]}";
}

void build_packet_with_program(const json& params, const model::Database& database, std::string& result) {
    const model::Packet packet = read_packet_model(params[0], database, "model_descriptor");
    const json& program = program_of(params[1], "extra_options");
    const packet::InspectedPacket inspected = inspect_or_fail(packet, database);
    append_open_packet_result(result, packet, inspected);
    try {
        const PacketLayout layout(packet, inspected, database);
        append_program(result, to_json(compile(program, layout)).dump(), nullptr);
    } catch (const MalformedProgram& error) {
        throw refusal(error, "extra_options");
    } catch (const ProgramError& error) {
        const std::string reason = error.what();
        append_program(result, "{}", &reason);
    }
    result += '}';
}

/// The names of the variables that a program defines, as far as it can be read.
std::vector<std::string> variable_names(const json& program) {
    std::vector<std::string> names;
    const json* const instructions = member(program, "instructions");
    if (instructions == nullptr || !instructions->is_array()) {
        return names;
    }
    for (const json& instruction : *instructions) {
        const json* const id = member(instruction, "id");
        const json* const parameters = member(instruction, "parameters");
        const json* const name = parameters != nullptr ? member(*parameters, "name") : nullptr;
        if (id == nullptr || name == nullptr || !name->is_string()) {
            continue;
        }
        const auto& text = name->get_ref<const std::string&>();
        if (*id == field_engine::TupleGenerator::kId) {
            field_engine::TupleGenerator tuple;
            tuple.name = text;
            for (const field_engine::Variable& variable : field_engine::variables_of(tuple)) {
                names.push_back(variable.name);
            }
        } else {
            names.push_back(text);
        }
    }
    return names;
}

void parameter_values(const json& params, const model::Database& database, std::string& result) {
    const model::Packet packet = read_packet_model(params[0], database, "model_descriptor");
    const json& program = program_of(params[1], "vm_instructions_model");
    if (!params[2].is_string()) {
        throw invalid_params("parameter_id is not a text", json{{"parameter", "parameter_id"}});
    }
    const auto& parameter = params[2].get_ref<const std::string&>();
    const packet::InspectedPacket inspected = inspect_or_fail(packet, database);
    const PacketLayout layout(packet, inspected, database);
    std::vector<std::string> values;
    if (parameter == "name") {
        values = layout.field_names("_", false);
    } else if (parameter == "fv_name" || parameter == "next_var") {
        values = variable_names(program);
    } else if (parameter == "pkt_offset") {
        values = layout.field_names(".", true);
    } else if (parameter == "offset") {
        values = layout.ipv4_layers();
    } else if (parameter == "l3_offset") {
        values = layout.network_layers();
    } else if (parameter == "l4_offset") {
        values = layout.transport_layers();
    }
    nlohmann::ordered_json map = nlohmann::ordered_json::object();
    for (const std::string& value : values) {
        map[value] = value;
    }
    result += "{\"map\":" + map.dump(-1, ' ', false, json::error_handler_t::replace) + "}";
}

void decompile_program(const json& params, std::string& result) {
    base64_param(params[0], "packet_binary");
    if (!params[1].is_object()) {
        throw invalid_params("vm_raw is not an object", json{{"parameter", "vm_raw"}});
    }
    try {
        result += decompile(field_engine::program_of_json(params[1])).dump();
    } catch (const ProgramError& error) {
        throw refusal(error, "vm_raw");
    }
}

std::uint64_t number_param(const json& param, const char* name, std::uint64_t most) {
    const std::optional<Integer> number = param.is_number_integer() ? parse_integer(param.dump())
                                          : param.is_string()       ? parse_integer(param.get_ref<const std::string&>())
                                                                    : std::nullopt;
    if (!number || *number < 0 || *number > most) {
        throw invalid_params(std::string(name) + " is no number from 0 to " + std::to_string(most),
                             json{{"parameter", name}});
    }
    return static_cast<std::uint64_t>(*number);
}

/// What run_field_engine gives: packets, one after the other.
class PacketsWriter {
public:
    PacketsWriter(std::string& out, const PacketLayout& layout, const model::Database& database)
        : out_(out), changes_(layout, database), packet_(layout.packet()) {}

    void append(field_engine::Runner& runner) {
        const ByteView bytes = runner.write();
        out_ += "{\"binary\":\"";
        append_base64(out_, bytes);
        out_ += "\",\"variables\":{";
        for (std::size_t index = 0; index < runner.names().size(); ++index) {
            out_ += index == 0 ? "" : ",";
            append_json_text(out_, runner.names()[index]);
            out_ += ':';
            append_json_number(out_, runner.values()[index]);
        }
        out_ += "},\"changes\":[";
        bool is_first = true;
        for (const field_engine::FieldChange& change : changes_.in(bytes)) {
            out_ += is_first ? "" : ",";
            is_first = false;
            append(change);
        }
        out_ += "]}";
    }

private:
    void append(const field_engine::FieldChange& change) {
        out_ += "{\"layer\":";
        append_json_number(out_, static_cast<Integer>(change.layer));
        out_ += ",\"id\":";
        append_json_name(out_, packet_.layers[change.layer].protocol->shown_id);
        out_ += ",\"field\":";
        append_json_name(out_, change.field->id);
        out_ += ",\"pkt_offset\":";
        append_json_number(out_, static_cast<Integer>(change.offset));
        out_ += ',';
        append_field_value(out_, *change.field, change.value);
        out_ += '}';
    }

    std::string& out_;
    field_engine::FieldChanges changes_;
    const model::Packet& packet_;
};

void run_program(const json& params, const model::Database& database, std::string& result) {
    const model::Packet packet = read_packet_model(params[0], database, "model_descriptor");
    const json& given = program_of(params[1], "extra_options");
    const json* const given_seed = member(params[1], "seed");
    const auto seed = given_seed != nullptr
                          ? number_param(*given_seed, "seed", std::numeric_limits<std::uint32_t>::max())
                          : field_engine::kDefaultSeed;
    const std::uint64_t count = number_param(params[2], "count", kMaximumRunPackets);
    const std::uint64_t start = params.size() > 3 && !params[3].is_null()
                                    ? number_param(params[3], "start", field_engine::kMaximumExecutions)
                                    : 0;
    const packet::InspectedPacket inspected = inspect_or_fail(packet, database);
    const PacketLayout layout(packet, inspected, database);
    Program program;
    try {
        program = compile(given, layout);
    } catch (const ProgramError& error) {
        throw refusal(error, "extra_options");
    }
    if ((start + count) * program.instructions.size() > field_engine::kMaximumExecutions) {
        throw failure("start and count together take more than " + std::to_string(field_engine::kMaximumExecutions) +
                          " instructions to run",
                      json{{"parameter", "start"}});
    }
    field_engine::Runner runner(program, inspected.built.bytes, static_cast<std::uint32_t>(seed));
    for (std::uint64_t skipped = 0; skipped < start; ++skipped) {
        runner.advance();
    }
    result += "{\"packets\":[";
    PacketsWriter writer(result, layout, database);
    for (std::uint64_t index = 0; index < count; ++index) {
        result += index == 0 ? "" : ",";
        runner.advance();
        writer.append(runner);
        if (result.size() > kMaximumCaptureReply) {
            throw failure("after " + std::to_string(index + 1) + " of " + std::to_string(count) +
                              " packets the reply has more than " + std::to_string(kMaximumCaptureReply) +
                              " bytes; ask for them in parts, with start",
                          json{{"parameter", "count"}});
        }
    }
    result += ']';
    append_program(result, to_json(program).dump(), nullptr);
    result += '}';
}

}  // namespace

void add_field_engine_methods(Dispatcher& dispatcher, const model::Database& database) {
    dispatcher.add_with_handler(
        "build_pkt_ex", {"model_descriptor", "extra_options"}, 2,
        [&database](const json& params, std::string& result) { build_packet_with_program(params, database, result); });
    dispatcher.add_with_handler(
        "load_instruction_parameter_values", {"model_descriptor", "vm_instructions_model", "parameter_id"}, 3,
        [&database](const json& params, std::string& result) { parameter_values(params, database, result); });
    dispatcher.add_with_handler("decompile_vm_raw", {"packet_binary", "vm_raw"}, 2,
                                [](const json& params, std::string& result) { decompile_program(params, result); });
    dispatcher.add_with_handler(
        "run_field_engine", {"model_descriptor", "extra_options", "count", "start"}, 3,
        [&database](const json& params, std::string& result) { run_program(params, database, result); });
}

}  // namespace framewright::rpc
