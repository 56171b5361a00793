#include "protocol_db/loader/rule_checks.hpp"

#include <algorithm>
#include <string>

#include "protocol_db/fields/parameters.hpp"
#include "protocol_db/loader/definition_json.hpp"
#include "protocol_db/loader/similar_word.hpp"

namespace framewright::loader {

namespace {

using expression::Rule;
using Operation = Rule::Operation;

[[noreturn]] void refuse_rule(const Rule& rule, std::string_view key, const std::string& reason) {
    refuse("\"" + std::string(key) + "\": " + reason + " (rule '" + rule.text().substr(0, 200) + "')");
}

void check_names(const Rule& rule, std::string_view key, const KnownNames& known) {
    for (const Rule::Instruction& instruction : rule.code()) {
        const auto check = [&](const char* what, const std::function<bool(std::string_view)>& is_known) {
            const std::string& name = rule.name_in(instruction);
            if (!is_known(name)) {
                refuse_rule(rule, key, std::string(what) + name + "\"" + did_you_mean(name, is_known));
            }
        };
        if (instruction.operation == Operation::kIsBelow || instruction.operation == Operation::kIsParent) {
            check("there is no protocol \"", known.is_protocol);
        } else if (instruction.operation == Operation::kBelowField ||
                   instruction.operation == Operation::kParentField) {
            check("no protocol has a field \"", known.is_field);
        }
    }
}

bool asks_a_field(Operation operation) {
    return operation == Operation::kField || operation == Operation::kDefined || operation == Operation::kLengthOf ||
           operation == Operation::kCountOf || operation == Operation::kElementOf;
}

/// A rule that is asked when the fields in front of the one at `index` are read, and no more.
void check_reading(const Rule& rule, std::string_view key, const model::Protocol& protocol, std::size_t index) {
    for (const Rule::Instruction& instruction : rule.code()) {
        const auto asked = static_cast<std::size_t>(instruction.operand);
        if (asks_a_field(instruction.operation) && asked >= index) {
            refuse_rule(rule, key,
                        "field " + protocol.fields[asked].id + " is not read yet: use fields that stand in front");
        }
        if (instruction.operation == Operation::kHeaderLength || instruction.operation == Operation::kPayloadLength) {
            refuse_rule(rule, key, "header_length and payload_length are not known yet while the header is read");
        }
    }
}

/// A rule that is asked when a packet is built.
void check_building(const Rule& rule, std::string_view key) {
    for (const Rule::Instruction& instruction : rule.code()) {
        if (instruction.operation == Operation::kRemaining) {
            refuse_rule(rule, key, "remaining is known only when a packet is dissected");
        }
    }
}

/// A rule about the payload, which is asked when a packet is dissected.
void check_payload(const Rule& rule, std::string_view key) {
    for (const Rule::Instruction& instruction : rule.code()) {
        if (instruction.operation == Operation::kPayloadLength) {
            refuse_rule(rule, key, "payload_length is known only when a packet is built; remaining is what there is");
        }
    }
}

/// A rule of the trailer, which is asked before the payload is known.
void check_trailer(const Rule& rule, std::string_view key) {
    for (const Rule::Instruction& instruction : rule.code()) {
        if (instruction.operation == Operation::kBytesAt || instruction.operation == Operation::kRemaining) {
            refuse_rule(rule, key, "in a trailer, a rule may look at fields, not at bytes");
        }
    }
}

/// A rule that is asked of each packet in a list.
void check_elements(const fields::Parameters::ElementRule& element, const model::Protocol& held) {
    for (const Rule::Instruction& instruction : element.rule.code()) {
        const bool is_elsewhere =
            instruction.operation == Operation::kLengthOf || instruction.operation == Operation::kHeaderLength ||
            instruction.operation == Operation::kPayloadLength || instruction.operation == Operation::kRemaining ||
            instruction.operation == Operation::kBytesAt || instruction.operation == Operation::kIsBelow ||
            instruction.operation == Operation::kBelowField;
        if (is_elsewhere) {
            refuse_rule(element.rule, "until", "only the fields of the list's packets are known");
        }
    }
    for (const std::string& id : element.fields) {
        if (!held.find_field(id)) {
            refuse_rule(
                element.rule, "until",
                "there is no field \"" + id + "\" in " + held.id +
                    did_you_mean(id, [&held](std::string_view known) { return held.find_field(known).has_value(); }));
        }
    }
}

void check_field(const model::Field& field, const model::Protocol& protocol, std::size_t index,
                 const KnownNames& known) {
    const auto check = [&](const Rule& rule, std::string_view key) {
        check_reading(rule, key, protocol, index);
        check_names(rule, key, known);
    };
    check(field.condition, "when");
    if (index >= protocol.header_fields) {
        check_trailer(field.condition, "when");
    }
    check_building(field.automatic, "computed");
    check_names(field.automatic, "computed", known);
    check_building(field.computation.when, "when");
    check_names(field.computation.when, "when", known);
    if (field.parameters == nullptr) {
        return;
    }
    for (const auto& [key, rule] : field.parameters->rules()) {
        check(*rule, key);
    }
    if (const auto* const element = field.parameters->element_rule()) {
        check_elements(*element, *field.parameters->holds());
    }
    for (const auto& part : field.parameters->parts()) {
        check_field(*part, protocol, index, known);
    }
}

}  // namespace

bool has_rules(const model::Field& field) {
    return field.condition || field.automatic || field.computation.when ||
           (field.parameters != nullptr && (field.parameters->element_rule() != nullptr ||
                                            !field.parameters->rules().empty() || !field.parameters->parts().empty()));
}

void check_rules(const model::Protocol& protocol, std::size_t index, const KnownNames& known) {
    check_field(protocol.fields[index], protocol, index, known);
}

void check_rules(const model::Protocol& protocol, const KnownNames& known) {
    check_reading(protocol.size, "size", protocol, protocol.rest_field.value_or(protocol.header_fields));
    check_names(protocol.size, "size", known);
    check_payload(protocol.payload_length, "payload_length");
    if (fields_asked_for(protocol.payload_length) > protocol.header_fields) {
        refuse_rule(protocol.payload_length, "payload_length", "the trailer is not read yet: use fields of the header");
    }
    check_names(protocol.payload_length, "payload_length", known);
    check_names(protocol.message_start, "message_start", known);
    check_names(protocol.compressed_length, "compressed_length", known);
    for (const model::PseudoHeaderPart& part : protocol.pseudo_header.parts) {
        check_building(part.length, "rule");
        check_names(part.length, "rule", known);
    }
    for (const model::PseudoHeaderReplacement& replacement : protocol.pseudo_header.replacements) {
        check_building(replacement.when, "when");
        check_names(replacement.when, "when", known);
    }
    for (const auto* const choices :
         {&protocol.dispatch, &protocol.payload_first, &protocol.payload_default, &protocol.then}) {
        for (const model::Choice& choice : *choices) {
            check_payload(choice.when, "when");
            check_names(choice.when, "when", known);
        }
    }
}

std::size_t fields_asked_for(const Rule& rule) {
    std::size_t count = 0;
    for (const Rule::Instruction& instruction : rule.code()) {
        if (asks_a_field(instruction.operation)) {
            count = std::max(count, static_cast<std::size_t>(instruction.operand) + 1);
        }
    }
    return count;
}

}  // namespace framewright::loader
