#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace framewright::field_engine {

/// A parameter as a GUI offers it.
struct ParameterDefinition {
    std::string id;
    std::string name;           ///< Its label.
    std::string type;           ///< ENUM, NUMBER, STRING or EXPRESSION.
    std::string default_value;  ///< What a GUI puts in at first.
    /// The texts that may be sent, and how each is shown; empty where anything may be typed.
    std::vector<std::pair<std::string, std::string>> choices;
    bool is_required = false;
    bool is_editable = true;
};

/// One parameter of an instruction.
struct InstructionParameter {
    const ParameterDefinition* definition;
    /// What it is when a client leaves it out; none where it must be given.
    std::optional<std::string> otherwise;
    /// Understood, but not offered: it follows from others.
    bool is_hidden = false;
};

/// An instruction as clients see it.
struct InstructionDefinition {
    std::string id;
    std::string help;
    std::vector<InstructionParameter> parameters;

    /// A parameter by its id, or null.
    const InstructionParameter* find(std::string_view parameter) const;
};

/// Instructions that a GUI adds together.
struct InstructionTemplate {
    std::string id;
    std::string name;
    std::vector<std::string> instruction_ids;
};

/// What there is to program with: instructions.json, read once, then immutable.
class InstructionDefinitions {
public:
    /// Reads the built-in file.
    InstructionDefinitions();
    InstructionDefinitions(const InstructionDefinitions&) = delete;
    InstructionDefinitions& operator=(const InstructionDefinitions&) = delete;

    /// An instruction by its id, or null.
    const InstructionDefinition* find(std::string_view id) const;
    const std::vector<InstructionDefinition>& instructions() const { return instructions_; }
    const std::vector<ParameterDefinition>& parameters() const { return parameters_; }
    const std::vector<ParameterDefinition>& global_parameters() const { return global_parameters_; }
    const std::vector<InstructionTemplate>& templates() const { return templates_; }

private:
    std::vector<ParameterDefinition> parameters_;
    std::vector<ParameterDefinition> global_parameters_;
    std::vector<InstructionDefinition> instructions_;
    std::vector<InstructionTemplate> templates_;
};

/// The built-in definitions: made when they are first asked for.
const InstructionDefinitions& instruction_definitions();

}  // namespace framewright::field_engine
