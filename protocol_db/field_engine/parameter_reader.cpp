#include "protocol_db/field_engine/parameter_reader.hpp"

#include <algorithm>
#include <limits>

#include "protocol_db/field_engine/program_error.hpp"

namespace framewright::field_engine {

namespace {

/// The names of things, joined by commas.
template <typename Range, typename Name>
std::string joined(const Range& range, const Name& name) {
    std::string text;
    for (const auto& one : range) {
        text += (text.empty() ? "" : ", ") + name(one);
    }
    return text;
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// A place that is given in bytes from the packet's start; none for a text that is no number.
std::optional<std::uint32_t> bytes_in(const std::string& text) {
    const std::optional<Integer> number = parse_integer(text);
    if (number && (*number < 0 || *number > std::numeric_limits<std::uint32_t>::max())) {
        throw ValueRefusal("it is outside the packet");
    }
    return number ? std::optional(static_cast<std::uint32_t>(*number)) : std::nullopt;
}

}  // namespace

ParameterReader::ParameterReader(std::size_t index, const InstructionDefinition& definition,
                                 const nlohmann::json& parameters, const PacketLayout& layout,
                                 const VariableUses& variables, ReadingBudget& budget)
    : index_(index),
      definition_(definition),
      parameters_(parameters),
      layout_(layout),
      variables_(variables),
      budget_(budget) {
    for (const auto& [id, value] : parameters.items()) {
        if (definition.find(id) == nullptr) {
            throw ProgramError(
                index, definition.id, id, "",
                "there is no such parameter, but " +
                    joined(definition.parameters, [](const InstructionParameter& one) { return one.definition->id; }));
        }
    }
}

ParameterValue ParameterReader::value_of(std::string_view parameter) const {
    ParameterValue value = given_value(parameter);
    const bool may_fit = is_one_of(parameter, {"size", "min_value", "max_value"});
    return may_fit && value.as_text() == kFitting ? ParameterValue(to_string(fitting_value(parameter))) : value;
}

ParameterValue ParameterReader::given_value(std::string_view parameter) const {
    const InstructionParameter& definition = *definition_.find(parameter);
    const auto given = parameters_.find(parameter);
    try {
        if (given != parameters_.end()) {
            ParameterValue value(*given);
            if (!value.is_none()) {
                return value;
            }
        }
    } catch (const ValueRefusal& refusal) {
        throw ProgramError(index_, definition_.id, std::string(parameter), "", refusal.what());
    }
    if (!definition.otherwise) {
        throw ProgramError(index_, definition_.id, std::string(parameter), "", "it must be given");
    }
    return ParameterValue(*definition.otherwise);
}

bool ParameterReader::is_fitting() const {
    return given_value("size").as_text() == kFitting;
}

Integer ParameterReader::fitting_value(std::string_view parameter) const {
    FieldFit fit;
    if (is_fitting()) {
        try {
            fit = variables_.fit_of(value_of("name").text());
        } catch (const ValueRefusal& refusal) {
            throw ProgramError(index_, definition_.id, "size", kFitting, refusal.what());
        }
    } else {
        read("size", fit.size);
        fit.bits = 8 * fit.size;
    }
    return parameter == "size" ? Integer{fit.size} : parameter == "max_value" ? Integer{fit.range_end()} : Integer{0};
}

Integer ParameterReader::number_of(std::string_view parameter, const ParameterValue& value) const {
    if (!is_one_of(parameter, {"init_value", "min_value", "max_value", "value_list"})) {
        return value.number();
    }
    const WrittenField* const field = variables_.field_of(value_of("name").text());
    if (field == nullptr) {
        return value.number();
    }
    return is_fitting() ? field->fitting_number(value, budget_) : field->number(value, budget_);
}

template <typename Action>
auto ParameterReader::with_value(std::string_view parameter, const Action& action) const {
    const ParameterValue value = value_of(parameter);
    try {
        return action(value);
    } catch (const ValueRefusal& refusal) {
        throw ProgramError(index_, definition_.id, std::string(parameter), value.shown(), refusal.what());
    }
}

Integer ParameterReader::number_within(std::string_view parameter, Integer least, Integer most) const {
    return with_value(parameter, [&](const ParameterValue& value) {
        const Integer number = number_of(parameter, value);
        const auto& choices = definition_.find(parameter)->definition->choices;
        const bool is_choice = std::any_of(choices.begin(), choices.end(), [number](const auto& choice) {
            return parse_integer(choice.first) == number;
        });
        if (!choices.empty() && !is_choice) {
            throw ValueRefusal("it is none of " + joined(choices, [](const auto& choice) { return choice.first; }));
        }
        if (number < least || number > most) {
            throw ValueRefusal("it is not from " + to_string(least) + " to " + to_string(most));
        }
        return number;
    });
}

void ParameterReader::read(std::string_view parameter, std::string& text) {
    text = with_value(parameter, [](const ParameterValue& value) { return value.text(); });
}

void ParameterReader::read(std::string_view parameter, std::uint32_t& number) const {
    number = static_cast<std::uint32_t>(number_within(parameter, 0, std::numeric_limits<std::uint32_t>::max()));
}

void ParameterReader::read(std::string_view parameter, std::uint64_t& number) {
    number = static_cast<std::uint64_t>(number_within(parameter, 0, std::numeric_limits<std::uint64_t>::max()));
}

void ParameterReader::read(std::string_view parameter, std::int64_t& number) {
    number = static_cast<std::int64_t>(
        number_within(parameter, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()));
}

void ParameterReader::read(std::string_view parameter, bool& truth) {
    truth = with_value(parameter, [](const ParameterValue& value) { return value.truth(); });
}

void ParameterReader::read(std::string_view parameter, Operation& operation) {
    operation = with_value(parameter, [](const ParameterValue& value) {
        const std::optional<Operation> found = operation_of(value.text());
        if (!found) {
            throw ValueRefusal("it is none of inc, dec, random");
        }
        return *found;
    });
}

void ParameterReader::read(std::string_view parameter, std::vector<std::uint64_t>& numbers) {
    if (value_of(parameter).is_none()) {
        return;
    }
    const std::vector<Integer> given = with_value(parameter, [&](const ParameterValue& value) {
        return value.list([&](const ParameterValue& item) { return number_of(parameter, item); });
    });
    for (const Integer number : given) {
        if (number < 0 || number > std::numeric_limits<std::uint64_t>::max()) {
            throw ProgramError(index_, definition_.id, std::string(parameter), to_string(number),
                               "it is negative or above 8 bytes");
        }
        numbers.push_back(static_cast<std::uint64_t>(number));
    }
}

void ParameterReader::read(std::string_view parameter, PacketOffset& offset) {
    offset = with_value(parameter, [this](const ParameterValue& value) {
        const std::string text = value.text();
        const std::optional<std::uint32_t> bytes = bytes_in(text);
        return bytes ? PacketOffset{*bytes} : layout_.field_offset(text);
    });
    const std::int64_t start = offset.bytes;
    const Integer fixup = number_within("offset_fixup", -start, std::numeric_limits<std::uint32_t>::max() - start);
    if (fixup != 0) {
        // What is written is no longer the field.
        offset = {static_cast<std::uint32_t>(start + fixup)};
    }
}

void ParameterReader::read(std::string_view parameter, LayerOffset& offset) {
    offset = with_value(parameter, [this](const ParameterValue& value) {
        const std::string text = value.text();
        const std::optional<std::uint32_t> bytes = bytes_in(text);
        return bytes ? LayerOffset{*bytes} : layout_.layer_offset(text);
    });
}

void ParameterReader::operator()(HeaderLengths& headers) {
    LayerOffset l3;
    LayerOffset l4;
    read("l3_offset", l3);
    read("l4_offset", l4);
    if (l4.bytes <= l3.bytes) {
        throw ProgramError(index_, definition_.id, "l4_offset", value_of("l4_offset").shown(),
                           "it does not lie behind the network layer");
    }
    headers = {l3.bytes, l4.bytes - l3.bytes};
    const auto check = [this](const char* parameter, std::uint32_t follows) {
        std::optional<std::uint32_t> given;
        read(parameter, given);
        if (given && *given != follows) {
            throw ProgramError(index_, definition_.id, parameter, std::to_string(*given),
                               "from the offsets follows " + std::to_string(follows));
        }
    };
    check("l2_len", headers.below_l3);
    check("l3_len", headers.l3);
}

}  // namespace framewright::field_engine
