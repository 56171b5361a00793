#include "rpc/field_engine_definitions.hpp"

#include <nlohmann/json.hpp>

#include "protocol_db/base64.hpp"
#include "protocol_db/field_engine/instruction_definitions.hpp"

namespace framewright::rpc {

namespace {

using Json = nlohmann::ordered_json;

Json describe(const std::vector<field_engine::ParameterDefinition>& parameters) {
    Json list = Json::array();
    for (const field_engine::ParameterDefinition& parameter : parameters) {
        Json json{{"id", parameter.id},
                  {"name", parameter.name},
                  {"type", parameter.type},
                  {"defaultValue", parameter.default_value},
                  {"required", parameter.is_required},
                  {"editable", parameter.is_editable}};
        for (const auto& [text, label] : parameter.choices) {
            json["dict"][text] = label;
        }
        list.push_back(std::move(json));
    }
    return list;
}

std::string make_definitions() {
    const field_engine::InstructionDefinitions& definitions = field_engine::instruction_definitions();
    Json instructions = Json::array();
    for (const field_engine::InstructionDefinition& instruction : definitions.instructions()) {
        Json parameters = Json::array();
        for (const field_engine::InstructionParameter& parameter : instruction.parameters) {
            if (!parameter.is_hidden) {
                parameters.push_back(parameter.definition->id);
            }
        }
        instructions.push_back({{"id", instruction.id},
                                {"parameters", std::move(parameters)},
                                {"help", base64_of_text(instruction.help)}});
    }
    Json templates = Json::array();
    for (const field_engine::InstructionTemplate& one : definitions.templates()) {
        templates.push_back({{"id", one.id}, {"name", one.name}, {"instructionIds", one.instruction_ids}});
    }
    const Json all{{"feInstructionParameters", describe(definitions.parameters())},
                   {"feInstructions", std::move(instructions)},
                   {"feParameters", describe(definitions.global_parameters())},
                   {"feTemplates", std::move(templates)}};
    const std::string text = all.dump();
    return text.substr(1, text.size() - 2);
}

}  // namespace

const std::string& field_engine_definitions() {
    static const std::string definitions = make_definitions();
    return definitions;
}

}  // namespace framewright::rpc
