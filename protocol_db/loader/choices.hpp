#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "protocol_db/loader/field_loader.hpp"

namespace framewright::loader {

/// Counts the bindings and choices of all protocols.
class BindingCount {
public:
    /// Throws Refusal where there are more than there may be.
    void add(std::size_t count);

private:
    std::size_t count_ = 0;
};

/// Turns lists of choices into those of protocols. All throw Refusal or expression::RuleError.
class ChoiceLoader {
public:
    ChoiceLoader(FieldLoader& fields, BindingCount& count) : fields_(fields), count_(count) {}

    /// Takes in a list that protocols may name; false when there is one of the name.
    bool share(const std::string& name, const Json& json);
    /// The choices that a list, or the name of one, gives to a protocol.
    std::vector<model::Choice> choices(const model::Protocol& protocol, const Json& json);
    /// The same, where the id of a protocol may stand for the choice of it.
    std::vector<model::Choice> choices_or_protocol(const model::Protocol& protocol, const Json& json);

private:
    FieldLoader& fields_;
    BindingCount& count_;
    std::unordered_map<std::string, const Json*> shared_;
};

}  // namespace framewright::loader
