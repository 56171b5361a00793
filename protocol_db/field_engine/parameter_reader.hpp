#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol_db/field_engine/instruction.hpp"
#include "protocol_db/field_engine/instruction_definitions.hpp"
#include "protocol_db/field_engine/packet_layout.hpp"
#include "protocol_db/field_engine/parameter_value.hpp"
#include "protocol_db/field_engine/variable_uses.hpp"

namespace framewright::field_engine {

/// Fills an instruction from a client's parameters: a visitor for describe(). All throw ProgramError.
class ParameterReader {
public:
    /// `parameters` is an object or null; `variables` knows what the program's variables are written to. All arguments
    /// outlive the reader.
    ParameterReader(std::size_t index, const InstructionDefinition& definition, const nlohmann::json& parameters,
                    const PacketLayout& layout, const VariableUses& variables, ReadingBudget& budget);

    /// Whether the instruction is a variable of size `auto`.
    bool is_fitting() const;

    template <typename Member>
    void operator()(std::string_view parameter, std::string_view /*member*/, Member& member) {
        read(parameter, member);
    }
    void operator()(HeaderLengths& headers);

private:
    void read(std::string_view parameter, std::string& text);
    void read(std::string_view parameter, std::uint32_t& number) const;
    void read(std::string_view parameter, std::uint64_t& number);
    void read(std::string_view parameter, std::int64_t& number);
    void read(std::string_view parameter, bool& truth);
    void read(std::string_view parameter, Operation& operation);
    void read(std::string_view parameter, std::vector<std::uint64_t>& numbers);
    void read(std::string_view parameter, PacketOffset& offset);
    void read(std::string_view parameter, LayerOffset& offset);
    template <typename Member>
    void read(std::string_view parameter, std::optional<Member>& member) {
        if (!value_of(parameter).is_none()) {
            read(parameter, member.emplace());
        }
    }

    /// What was given, or what stands for it when nothing was; what `auto` means where it was given.
    ParameterValue value_of(std::string_view parameter) const;
    ParameterValue given_value(std::string_view parameter) const;
    /// What `auto` means: the size that fits what the variable is written to, and the range that fits the size.
    Integer fitting_value(std::string_view parameter) const;
    /// The number of a value; for one that the variable takes, as the field reads it that the variable is written to.
    Integer number_of(std::string_view parameter, const ParameterValue& value) const;
    Integer number_within(std::string_view parameter, Integer least, Integer most) const;
    /// Runs `action` on the value; a refusal becomes an error that names the place.
    template <typename Action>
    auto with_value(std::string_view parameter, const Action& action) const;

    std::size_t index_;
    const InstructionDefinition& definition_;
    const nlohmann::json& parameters_;
    const PacketLayout& layout_;
    const VariableUses& variables_;
    ReadingBudget& budget_;
};

}  // namespace framewright::field_engine
