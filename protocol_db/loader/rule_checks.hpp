#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "protocol_db/model/model.hpp"

namespace framewright::loader {

/// Whether there is a protocol of an id, or a field of an id in any protocol.
struct KnownNames {
    std::function<bool(std::string_view)> is_protocol;
    std::function<bool(std::string_view)> is_field;
};

/// Whether a field has a rule at all, its parts included.
bool has_rules(const model::Field& field);

/// Throws Refusal for rules of the protocol's field at `index` that could never be answered: what a header that is
/// being read asks of what comes later, what is computed asks of bytes that are not there yet, and unknown names.
void check_rules(const model::Protocol& protocol, std::size_t index, const KnownNames& known);

/// The same for the rules of the protocol itself.
void check_rules(const model::Protocol& protocol, const KnownNames& known);

/// How many fields of its protocol, from the first on, a rule asks for: up to the last one that it names.
std::size_t fields_asked_for(const expression::Rule& rule);

}  // namespace framewright::loader
