#include "protocol_db/field_engine/variable_uses.hpp"

#include <algorithm>

#include "protocol_db/field_engine/program_error.hpp"

namespace framewright::field_engine {

void VariableUses::add(const Instruction& instruction) {
    std::visit(
        [this]<typename Kind>(const Kind& write) {
            if constexpr (std::is_same_v<Kind, Write> || std::is_same_v<Kind, MaskedWrite>) {
                if (write.offset.is_field()) {
                    fields_[write.variable].emplace_back(layout_, write.offset);
                } else {
                    elsewhere_.insert(write.variable);
                }
            }
        },
        instruction);
}

const WrittenField* VariableUses::field_of(const std::string& variable) const {
    const auto found = fields_.find(variable);
    return found != fields_.end() ? &found->second.front() : nullptr;
}

FieldFit VariableUses::fit_of(const std::string& variable) const {
    if (elsewhere_.contains(variable)) {
        throw ValueRefusal(
            "the variable is written to a place that is no field, or one without bytes: name one, or give the size");
    }
    const auto found = fields_.find(variable);
    if (found == fields_.end()) {
        return {};
    }
    const FieldFit& first = found->second.front().fit();
    const bool all_alike = std::all_of(found->second.begin(), found->second.end(), [&first](const WrittenField& field) {
        return field.fit().bits == first.bits && field.fit().size == first.size;
    });
    if (!all_alike) {
        throw ValueRefusal("the variable is written to fields of different widths: give the size");
    }
    return first;
}

}  // namespace framewright::field_engine
