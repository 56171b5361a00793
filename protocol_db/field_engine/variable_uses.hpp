#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "protocol_db/field_engine/written_field.hpp"

namespace framewright::field_engine {

/// The size, or the end of the range, that fits what a variable is written to.
inline constexpr const char* kFitting = "auto";

/// What the variables of a program are written to.
class VariableUses {
public:
    /// `layout` outlives this.
    explicit VariableUses(const PacketLayout& layout) : layout_(layout) {}

    /// Notes where an instruction writes a variable, if it does.
    void add(const Instruction& instruction);

    /// The first field that a variable is written to, or null.
    const WrittenField* field_of(const std::string& variable) const;
    /// What a variable of size `auto` is; one that is written nowhere has 4 bytes. Throws ValueRefusal where it is
    /// written to places that are no fields, or to fields that differ in width.
    FieldFit fit_of(const std::string& variable) const;

private:
    const PacketLayout& layout_;
    std::map<std::string, std::vector<WrittenField>> fields_;
    /// The variables that are written to places that are no fields, or empty ones.
    std::set<std::string> elsewhere_;
};

}  // namespace framewright::field_engine
