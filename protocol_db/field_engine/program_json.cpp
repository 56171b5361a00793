#include "protocol_db/field_engine/program_json.hpp"

#include <limits>

#include "protocol_db/field_engine/compile.hpp"
#include "protocol_db/field_engine/program_error.hpp"

namespace framewright::field_engine {

namespace {

using nlohmann::json;
using Json = nlohmann::ordered_json;

Json json_of(const PacketOffset& offset) {
    return offset.bytes;
}
Json json_of(const LayerOffset& offset) {
    return offset.bytes;
}
Json json_of(Operation operation) {
    return name_of(operation);
}
template <typename Member>
Json json_of(const Member& member) {
    return member;
}
template <typename Member>
Json json_of(const std::optional<Member>& member) {
    return member ? Json(*member) : Json();
}
Json json_of(const std::vector<std::uint64_t>& values) {
    return values.empty() ? Json() : Json(values);
}

/// Writes the members of a compiled instruction.
class CompiledWriter {
public:
    explicit CompiledWriter(Json& out) : out_(out) {}

    template <typename Member>
    void operator()(std::string_view /*parameter*/, const char* name, const Member& member) {
        Json value = json_of(member);
        // The next variable is named even where there is none.
        if (!value.is_null() || std::is_same_v<Member, std::optional<std::string>>) {
            out_[name] = std::move(value);
        }
    }
    void operator()(const HeaderLengths& headers) {
        out_["l2_len"] = headers.below_l3;
        out_["l3_len"] = headers.l3;
    }

private:
    Json& out_;
};

/// Writes the parameters of an instruction.
class ParameterWriter {
public:
    explicit ParameterWriter(Json& out) : out_(out) {}

    template <typename Member>
    void operator()(const char* parameter, std::string_view /*member*/, const Member& member) {
        out_[parameter] = json_of(member);
        if (std::is_same_v<Member, PacketOffset>) {
            out_["offset_fixup"] = 0;
        }
    }
    void operator()(const HeaderLengths& headers) {
        out_["l3_offset"] = headers.below_l3;
        out_["l4_offset"] = std::uint64_t{headers.below_l3} + headers.l3;
        out_["l2_len"] = headers.below_l3;
        out_["l3_len"] = headers.l3;
    }

private:
    Json& out_;
};

bool is_unsigned(const json& value) {
    return value.is_number_unsigned() || (value.is_number_integer() && value.get<std::int64_t>() >= 0);
}

/// Reads the members of a compiled instruction.
class CompiledReader {
public:
    CompiledReader(std::size_t index, std::string type, const json& instruction)
        : index_(index), type_(std::move(type)), instruction_(instruction) {}

    template <typename Member>
    void operator()(std::string_view /*parameter*/, const char* name, Member& member) {
        read(name, member);
    }
    void operator()(HeaderLengths& headers) {
        read("l2_len", headers.below_l3);
        read("l3_len", headers.l3);
    }

private:
    [[noreturn]] void refuse(const char* name, const char* reason) const {
        throw ProgramError(index_, type_, name, "", reason);
    }

    const json& member(const char* name) const {
        const auto found = instruction_.find(name);
        if (found == instruction_.end()) {
            refuse(name, "it is missing");
        }
        return *found;
    }

    void read(const char* name, std::string& text) const {
        const json& value = member(name);
        if (!value.is_string()) {
            refuse(name, "it is no text");
        }
        text = value.get<std::string>();
    }
    /// A truth value that is missing stays what it is by default.
    void read(const char* name, bool& truth) const {
        const auto found = instruction_.find(name);
        if (found == instruction_.end()) {
            return;
        }
        if (!found->is_boolean()) {
            refuse(name, "it is neither true nor false");
        }
        truth = found->get<bool>();
    }
    void read(const char* name, std::uint64_t& number) const { number = unsigned_number(name, member(name)); }
    void read(const char* name, std::uint32_t& number) const {
        const std::uint64_t wide = unsigned_number(name, member(name));
        if (wide > std::numeric_limits<std::uint32_t>::max()) {
            refuse(name, "it has more than 4 bytes");
        }
        number = static_cast<std::uint32_t>(wide);
    }
    void read(const char* name, std::int64_t& number) const {
        const json& value = member(name);
        if (!value.is_number_integer() ||
            (value.is_number_unsigned() && value.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max())) {
            refuse(name, "it is no whole number of 8 bytes");
        }
        number = value.get<std::int64_t>();
    }
    void read(const char* name, Operation& operation) const {
        std::string text;
        read(name, text);
        const std::optional<Operation> found = operation_of(text);
        if (!found) {
            refuse(name, "it is none of inc, dec, random");
        }
        operation = *found;
    }
    void read(const char* name, PacketOffset& offset) const { read(name, offset.bytes); }
    void read(const char* name, LayerOffset& offset) const { read(name, offset.bytes); }
    void read(const char* name, std::vector<std::uint64_t>& numbers) const {
        const auto found = instruction_.find(name);
        if (found == instruction_.end() || found->is_null()) {
            return;
        }
        if (!found->is_array()) {
            refuse(name, "it is no list");
        }
        for (const json& value : *found) {
            numbers.push_back(unsigned_number(name, value));
        }
    }
    template <typename Member>
    void read(const char* name, std::optional<Member>& member) const {
        const auto found = instruction_.find(name);
        if (found != instruction_.end() && !found->is_null()) {
            read(name, member.emplace());
        } else if (!may_miss(name)) {
            refuse(name, "it is missing");
        }
    }

    /// What TRex fills in itself; there is no range beside a list of values.
    bool may_miss(std::string_view name) const {
        return name == "next_var" || name == "is_big_endian" || name == "init_value" || name == "min_value" ||
               (name == "max_value" && instruction_.contains("value_list"));
    }

    std::uint64_t unsigned_number(const char* name, const json& value) const {
        if (!is_unsigned(value)) {
            refuse(name, "it is no whole number from 0 on");
        }
        return value.get<std::uint64_t>();
    }

    std::size_t index_;
    std::string type_;
    const json& instruction_;
};

Instruction instruction_of_json(std::size_t index, const json& given) {
    if (!given.is_object()) {
        throw MalformedProgram(index, "", "", "", "an instruction is an object");
    }
    const auto type = given.find("type");
    if (type == given.end() || !type->is_string()) {
        throw ProgramError(index, "", "type", "", "it is missing");
    }
    const std::string& name = type->get_ref<const std::string&>();
    std::optional<Instruction> instruction = instruction_of_type(name);
    if (!instruction) {
        throw ProgramError(index, name, "", "", "there is no such instruction");
    }
    CompiledReader reader(index, name, given);
    std::visit([&reader](auto& kind) { std::remove_cvref_t<decltype(kind)>::describe(kind, reader); }, *instruction);
    std::visit(
        []<typename Kind>(Kind& kind) {
            if constexpr (std::is_same_v<Kind, FlowVariable>) {
                kind.complete();
            } else if constexpr (requires { kind.is_big_endian; }) {
                kind.is_big_endian = kind.is_big_endian.value_or(true);
            }
        },
        *instruction);
    return std::move(*instruction);
}

}  // namespace

Json to_json(const Program& program) {
    Json instructions = Json::array();
    for (const Instruction& instruction : program.instructions) {
        std::visit(
            [&instructions]<typename Kind>(const Kind& kind) {
                Json compiled{{"type", Kind::kType}};
                CompiledWriter writer(compiled);
                Kind::describe(kind, writer);
                instructions.push_back(std::move(compiled));
            },
            instruction);
    }
    Json compiled{{"instructions", std::move(instructions)}};
    if (program.cache_size > 0) {
        compiled["cache"] = program.cache_size;
    }
    return compiled;
}

Program program_of_json(const json& given) {
    if (!given.is_object()) {
        throw MalformedProgram("a compiled program is an object with instructions");
    }
    Program program;
    if (const auto cache = given.find("cache"); cache != given.end() && !cache->is_null()) {
        if (!is_unsigned(*cache) || cache->get<std::uint64_t>() > std::numeric_limits<std::uint32_t>::max()) {
            throw ProgramError("cache", cache->dump(), "it is no number from 0 to 4294967295");
        }
        program.cache_size = cache->get<std::uint32_t>();
    }
    const auto instructions = given.find("instructions");
    if (instructions == given.end() || instructions->is_null()) {
        return program;
    }
    if (!instructions->is_array()) {
        throw MalformedProgram("instructions is no list");
    }
    if (instructions->size() > kMaximumInstructions) {
        throw ProgramError("there are more than " + std::to_string(kMaximumInstructions) + " instructions");
    }
    for (const json& instruction : *instructions) {
        program.instructions.push_back(instruction_of_json(program.instructions.size(), instruction));
    }
    return program;
}

Json decompile(const Program& program) {
    Json instructions = Json::array();
    for (const Instruction& instruction : program.instructions) {
        std::visit(
            [&instructions]<typename Kind>(const Kind& kind) {
                Json parameters = Json::object();
                ParameterWriter writer(parameters);
                Kind::describe(kind, writer);
                instructions.push_back({{"id", Kind::kId}, {"parameters", std::move(parameters)}});
            },
            instruction);
    }
    Json decompiled{{"instructions", std::move(instructions)}};
    if (program.cache_size > 0) {
        decompiled["global_parameters"] = {{"cache_size", program.cache_size}};
    }
    return decompiled;
}

}  // namespace framewright::field_engine
