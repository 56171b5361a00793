#include "protocol_db/field_engine/instruction_definitions.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "protocol_db/field_engine/embedded_instructions.hpp"

namespace framewright::field_engine {

namespace {

using Json = nlohmann::ordered_json;

/// The one of that id, or null.
template <typename Definition>
const Definition* find_in(const std::vector<Definition>& definitions, std::string_view id) {
    const auto found =
        std::find_if(definitions.begin(), definitions.end(), [id](const auto& one) { return one.id == id; });
    return found != definitions.end() ? &*found : nullptr;
}

ParameterDefinition read_parameter(const Json& json) {
    ParameterDefinition parameter{.id = json.at("id"),
                                  .name = json.at("name"),
                                  .type = json.at("type"),
                                  .default_value = json.at("defaultValue"),
                                  .choices = {},
                                  .is_editable = json.value("editable", true)};
    if (const auto choices = json.find("dict"); choices != json.end()) {
        for (const auto& [text, label] : choices->items()) {
            parameter.choices.emplace_back(text, label.get<std::string>());
        }
    }
    return parameter;
}

std::vector<ParameterDefinition> read_parameters(const Json& json) {
    std::vector<ParameterDefinition> parameters;
    std::transform(json.begin(), json.end(), std::back_inserter(parameters), read_parameter);
    return parameters;
}

}  // namespace

const InstructionParameter* InstructionDefinition::find(std::string_view parameter) const {
    const auto found = std::find_if(parameters.begin(), parameters.end(),
                                    [parameter](const auto& one) { return one.definition->id == parameter; });
    return found != parameters.end() ? &*found : nullptr;
}

InstructionDefinitions::InstructionDefinitions() {
    const Json file = Json::parse(embedded_instructions().front().content);
    parameters_ = read_parameters(file.at("parameters"));
    global_parameters_ = read_parameters(file.at("global_parameters"));
    for (const Json& json : file.at("instructions")) {
        InstructionDefinition instruction{json.at("id"), json.at("help"), {}};
        const Json hidden = json.value("hidden", Json::array());
        for (const auto& [id, otherwise] : json.at("parameters").items()) {
            const auto definition = std::find_if(parameters_.begin(), parameters_.end(),
                                                 [&id = id](const auto& parameter) { return parameter.id == id; });
            instruction.parameters.push_back(
                {&*definition, otherwise.is_null() ? std::nullopt : std::optional<std::string>(otherwise),
                 std::find(hidden.begin(), hidden.end(), id) != hidden.end()});
            definition->is_required = definition->is_required || otherwise.is_null();
        }
        instructions_.push_back(std::move(instruction));
    }
    for (const Json& json : file.at("templates")) {
        templates_.push_back({json.at("id"), json.at("name"), json.at("instructionIds")});
    }
}

const InstructionDefinition* InstructionDefinitions::find(std::string_view id) const {
    return find_in(instructions_, id);
}

const InstructionDefinitions& instruction_definitions() {
    static const InstructionDefinitions definitions;
    return definitions;
}

}  // namespace framewright::field_engine
