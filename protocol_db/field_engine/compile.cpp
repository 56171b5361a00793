#include "protocol_db/field_engine/compile.hpp"

#include <map>
#include <random>
#include <set>

#include "protocol_db/field_engine/instruction_definitions.hpp"
#include "protocol_db/field_engine/parameter_reader.hpp"
#include "protocol_db/field_engine/program_check.hpp"
#include "protocol_db/field_engine/program_error.hpp"

namespace framewright::field_engine {

namespace {

using nlohmann::json;

// What follows from other parameters where a client leaves it out.

void complete(FlowVariable& variable) {
    variable.complete();
}

void complete(RepeatableRandom& variable) {
    if (!variable.seed) {
        // As TRex's client does.
        thread_local std::mt19937 source{std::random_device{}()};
        variable.seed = std::uniform_int_distribution<std::uint32_t>(1, 32000)(source);
    }
    if (!variable.maximum) {
        variable.maximum = largest_of(variable.size);
    }
}

/// A number is written as the field that it is written to holds numbers.
void complete_byte_order(const PacketOffset& place, std::optional<bool>& is_big_endian) {
    is_big_endian = is_big_endian.value_or(!place.is_little_endian);
}

void complete(Write& write) {
    complete_byte_order(write.offset, write.is_big_endian);
}

void complete(MaskedWrite& write) {
    const PacketOffset& place = write.offset;
    complete_byte_order(place, write.is_big_endian);
    const bool is_bit_field = place.first_bit != 0 || place.bits % 8 != 0;
    const std::uint32_t end = place.first_bit + place.bits;
    if (!write.cast_size) {
        write.cast_size = is_bit_field && end > 8 ? (end > 16 ? 4 : 2) : 1;
    }
    const std::uint32_t width = 8 * *write.cast_size;
    const bool is_placed = is_bit_field && (!write.mask || !write.shift);
    if (is_placed && (end > width || (width > 8 && *write.is_big_endian == place.is_little_endian))) {
        throw ValueRefusal(end > width ? "the field's bits do not lie within " + std::to_string(*write.cast_size) +
                                             " bytes: mask and shift must be given"
                           : place.is_little_endian ? "in big endian, mask and shift must be given"
                                                    : "in little endian, mask and shift must be given");
    }
    const std::uint32_t spare = !is_placed ? 0 : place.is_little_endian ? place.first_bit : width - end;
    if (!write.mask) {
        constexpr std::uint64_t kLowestByte = 0xff;
        write.mask = is_placed ? ((std::uint64_t{1} << place.bits) - 1) << spare : kLowestByte;
    }
    if (!write.shift) {
        write.shift = spare;
    }
}

template <typename Other>
void complete(Other& /*instruction*/) {}

/// Whether nothing says which bits are written.
bool is_open(const Write& /*write*/) {
    return true;
}
bool is_open(const MaskedWrite& write) {
    return !write.cast_size && !write.mask && !write.shift;
}

/// Reads a list of instructions: first those that use variables, so that it is known what each variable is written to.
class InstructionReader {
public:
    InstructionReader(const json& list, const PacketLayout& layout)
        : list_(list), layout_(layout), variables_(layout) {}

    std::vector<Instruction> read() {
        for (const json& given : list_) {
            instructions_.push_back(empty_instruction(instructions_.size(), given));
        }
        for_each(false, [this](std::size_t index) {
            fill(index);
            variables_.add(instructions_[index]);
        });
        for_each(true, [this](std::size_t index) { fill(index); });
        for (std::size_t index = 0; index < instructions_.size(); ++index) {
            complete_instruction(index);
        }
        return std::move(instructions_);
    }

private:
    static Instruction empty_instruction(std::size_t index, const json& given) {
        const auto id = given.is_object() ? given.find("id") : given.end();
        if (!given.is_object() || id == given.end() || !id->is_string()) {
            throw MalformedProgram(index, "", "", "", "an instruction is an object with id and parameters");
        }
        const std::string& name = id->get_ref<const std::string&>();
        const auto parameters = given.find("parameters");
        if (parameters != given.end() && !parameters->is_object() && !parameters->is_null()) {
            throw MalformedProgram(index, name, "", "", "its parameters are no object");
        }
        std::optional<Instruction> instruction = instruction_of_id(name);
        if (!instruction) {
            throw ProgramError(index, name, "", "", "there is no such instruction");
        }
        return std::move(*instruction);
    }

    /// Calls `action` with the indices of the instructions that define variables, or of the others.
    template <typename Action>
    void for_each(bool defines_variables, const Action& action) {
        for (std::size_t index = 0; index < instructions_.size(); ++index) {
            if (variables_of(instructions_[index]).empty() != defines_variables) {
                action(index);
            }
        }
    }

    void fill(std::size_t index) {
        static const json kNone;
        Instruction& instruction = instructions_[index];
        const auto parameters = list_[index].find("parameters");
        ParameterReader reader(index, *instruction_definitions().find(id_of(instruction)),
                               parameters != list_[index].end() ? *parameters : kNone, layout_, variables_, budget_);
        std::visit(
            [&]<typename Kind>(Kind& kind) {
                Kind::describe(kind, reader);
                if constexpr (std::is_same_v<Kind, FlowVariable> || std::is_same_v<Kind, RepeatableRandom>) {
                    if (reader.is_fitting()) {
                        fitting_.insert(kind.name);
                    }
                }
            },
            instruction);
    }

    /// Fills in what follows from the other parameters.
    void complete_instruction(std::size_t index) {
        Instruction& instruction = instructions_[index];
        const char* parameter = "is_big";
        try {
            fit_to_field(instruction);
            parameter = "mask";
            std::visit([](auto& kind) { complete(kind); }, instruction);
        } catch (const ValueRefusal& refusal) {
            throw ProgramError(index, std::string(id_of(instruction)), parameter, "", refusal.what());
        }
    }

    /// Turns what writes a variable of size `auto` to a field into what writes just the field.
    void fit_to_field(Instruction& instruction) const {
        const auto fit = [&](const auto& write) {
            return fitting_.contains(write.variable) && write.offset.is_field() && is_open(write)
                       ? std::optional(WrittenField(layout_, write.offset)
                                           .write(write.variable, write.add_value, write.is_big_endian))
                       : std::nullopt;
        };
        std::optional<Instruction> fitted;
        if (const auto* const write = std::get_if<Write>(&instruction)) {
            fitted = fit(*write);
        } else if (const auto* const masked = std::get_if<MaskedWrite>(&instruction)) {
            fitted = fit(*masked);
        }
        if (fitted) {
            instruction = std::move(*fitted);
        }
    }

    const json& list_;
    const PacketLayout& layout_;
    VariableUses variables_;
    ReadingBudget budget_;
    std::set<std::string> fitting_;  ///< The variables of size `auto`.
    std::vector<Instruction> instructions_;
};

/// Variables first, each followed by the chain of those that it moves, then the rest.
std::vector<Instruction> in_order(std::vector<Instruction> instructions) {
    const auto next_of = [](const Instruction& instruction) {
        const auto* const flow = std::get_if<FlowVariable>(&instruction);
        return flow != nullptr ? flow->next_variable : std::nullopt;
    };
    std::map<std::string, std::size_t> moved;
    std::set<std::string> has_previous;
    for (const Instruction& instruction : instructions) {
        if (const auto next = next_of(instruction)) {
            has_previous.insert(*next);
        }
    }
    std::vector<std::size_t> heads;
    std::vector<std::size_t> others;
    for (std::size_t index = 0; index < instructions.size(); ++index) {
        std::visit(
            [&]<typename Kind>(Kind& kind) {
                if constexpr (std::is_same_v<Kind, FlowVariable> || std::is_same_v<Kind, RepeatableRandom>) {
                    if (has_previous.contains(kind.name)) {
                        moved.emplace(kind.name, index);
                        // One core alone counts what another variable moves.
                        kind.is_split_to_cores = false;
                    } else {
                        heads.push_back(index);
                    }
                } else if constexpr (std::is_same_v<Kind, TupleGenerator>) {
                    heads.push_back(index);
                } else {
                    others.push_back(index);
                }
            },
            instructions[index]);
    }
    std::vector<Instruction> ordered;
    ordered.reserve(instructions.size());
    for (const std::size_t head : heads) {
        ordered.push_back(std::move(instructions[head]));
        for (auto next = next_of(ordered.back()); next; next = next_of(ordered.back())) {
            ordered.push_back(std::move(instructions[moved.at(*next)]));
        }
    }
    for (const std::size_t other : others) {
        ordered.push_back(std::move(instructions[other]));
    }
    return ordered;
}

std::uint32_t read_cache_size(const json& program) {
    constexpr const char* kParameter = "cache_size";
    const auto globals = program.find("global_parameters");
    if (globals == program.end() || globals->is_null()) {
        return 0;
    }
    if (!globals->is_object()) {
        throw MalformedProgram("global_parameters is no object");
    }
    for (const auto& [id, value] : globals->items()) {
        if (id != kParameter) {
            throw ProgramError(id, "", "there is no such parameter, but cache_size");
        }
    }
    const auto given = globals->find(kParameter);
    if (given == globals->end() || given->is_null()) {
        return 0;
    }
    const std::string text = given->is_string() ? given->get<std::string>() : given->dump();
    const std::optional<Integer> size = parse_integer(text);
    if (!size || *size < 0 || *size > std::numeric_limits<std::uint32_t>::max()) {
        throw ProgramError(kParameter, text, "it is no number from 0 to 4294967295");
    }
    return static_cast<std::uint32_t>(*size);
}

}  // namespace

Program compile(const json& program, const PacketLayout& layout) {
    if (!program.is_object()) {
        throw MalformedProgram("a program is an object with instructions and global_parameters");
    }
    Program compiled;
    compiled.cache_size = read_cache_size(program);
    const auto given = program.find("instructions");
    if (given == program.end() || given->is_null()) {
        return compiled;
    }
    if (!given->is_array()) {
        throw MalformedProgram("instructions is no list");
    }
    if (given->size() > kMaximumInstructions) {
        throw ProgramError("there are more than " + std::to_string(kMaximumInstructions) + " instructions");
    }
    compiled.instructions = InstructionReader(*given, layout).read();
    check(compiled.instructions, layout.size());
    compiled.instructions = in_order(std::move(compiled.instructions));
    return compiled;
}

}  // namespace framewright::field_engine
