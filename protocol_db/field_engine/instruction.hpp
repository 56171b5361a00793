#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The field engine: programs that change a packet from copy to copy, as TRex's data plane runs them.
namespace framewright::field_engine {

/// The least size of a packet that a program runs on, in bytes: TRex fills up a shorter one with zeros.
inline constexpr std::size_t kLeastPacketSize = 60;

/// How a variable gets its next value.
enum class Operation : std::uint8_t { kIncrement, kDecrement, kRandom };

/// The operation that programs call `inc`, `dec` or `random`; none for another name.
inline std::optional<Operation> operation_of(std::string_view name) {
    return name == "inc"      ? std::optional(Operation::kIncrement)
           : name == "dec"    ? std::optional(Operation::kDecrement)
           : name == "random" ? std::optional(Operation::kRandom)
                              : std::nullopt;
}
constexpr std::string_view name_of(Operation operation) {
    return operation == Operation::kIncrement ? "inc" : operation == Operation::kDecrement ? "dec" : "random";
}

/// A place in the packet, in bytes from its start; where it was named by a field, the field as well.
struct PacketOffset {
    std::uint32_t bytes = 0;
    /// The field's first bit within the byte at `bytes`, from the highest on, or, where the lowest byte comes first,
    /// from the lowest; and its width: 0 bits where no field was named.
    std::uint32_t first_bit = 0;
    std::uint32_t bits = 0;
    /// Whether the field's lowest byte comes first.
    bool is_little_endian = false;
    /// The field's layer in the packet, and its place among the protocol's fields, both from 0.
    std::size_t layer = 0;
    std::size_t field = 0;

    bool is_field() const { return bits != 0; }
};

/// Where a layer begins, in bytes from the packet's start.
struct LayerOffset {
    std::uint32_t bytes = 0;
};

// One struct for each instruction. `kId` is its name in a client's program, `kType` that in a compiled one. Its
// describe() names each member as a client's parameter and as a member of the compiled instruction, in that order.

/// A variable of 1, 2, 4 or 8 bytes that steps through a range, through a list of values, or is random.
struct FlowVariable {
    static constexpr std::string_view kId = "STLVmFlowVar";
    static constexpr std::string_view kType = "flow_var";
    std::string name;
    std::uint32_t size = 0;  ///< In bytes.
    Operation operation = Operation::kIncrement;
    /// The variable that moves when this one starts again.
    std::optional<std::string> next_variable;
    bool is_split_to_cores = true;
    /// None with a list of values.
    std::optional<std::uint64_t> initial;
    std::optional<std::uint64_t> minimum;
    std::optional<std::uint64_t> maximum;
    std::vector<std::uint64_t> values;
    std::uint64_t step = 1;

    /// Fills in what follows where it is left out: ranges begin at 0, walks at the range's end that they come from. A
    /// list of values leaves no range.
    void complete() {
        if (!values.empty()) {
            initial = minimum = maximum = std::nullopt;
            return;
        }
        minimum = minimum.value_or(0);
        if (!initial) {
            initial = operation == Operation::kDecrement ? maximum : minimum;
        }
    }

    template <typename Self, typename Visitor>
    static void describe(Self& self, Visitor& visit) {
        visit("name", "name", self.name);
        visit("size", "size", self.size);
        visit("op", "op", self.operation);
        visit("next_var", "next_var", self.next_variable);
        visit("split_to_cores", "split_to_cores", self.is_split_to_cores);
        visit("init_value", "init_value", self.initial);
        visit("min_value", "min_value", self.minimum);
        visit("max_value", "max_value", self.maximum);
        visit("value_list", "value_list", self.values);
        visit("step", "step", self.step);
    }
};

/// A random variable that begins anew after so many values.
struct RepeatableRandom {
    static constexpr std::string_view kId = "STLVmFlowVarRepeatableRandom";
    static constexpr std::string_view kType = "flow_var_rand_limit";
    std::string name;
    std::uint32_t size = 0;  ///< In bytes.
    std::uint64_t limit = 0;
    std::optional<std::uint64_t> seed;  ///< Always given in a compiled program.
    std::uint64_t minimum = 0;
    std::optional<std::uint64_t> maximum;  ///< Always given in a compiled program.
    bool is_split_to_cores = true;
    /// Always none: what is random does not start again.
    std::optional<std::string> next_variable;

    template <typename Self, typename Visitor>
    static void describe(Self& self, Visitor& visit) {
        visit("name", "name", self.name);
        visit("size", "size", self.size);
        visit("limit", "limit", self.limit);
        visit("seed", "seed", self.seed);
        visit("min_value", "min_value", self.minimum);
        visit("max_value", "max_value", self.maximum);
        visit("split_to_cores", "split_to_cores", self.is_split_to_cores);
        visit("next_var", "next_var", self.next_variable);
    }
};

/// Two variables, `NAME.ip` of 4 bytes and `NAME.port` of 2: the clients of a network.
struct TupleGenerator {
    static constexpr std::string_view kId = "STLVmTupleGen";
    static constexpr std::string_view kType = "tuple_flow_var";
    /// Bit of `flags`: any number of flows, from all ports above the well-known ones.
    static constexpr std::uint64_t kUnlimitedFlows = 1;
    std::string name;
    std::uint64_t ip_minimum = 0;
    std::uint64_t ip_maximum = 0;
    std::uint64_t port_minimum = 0;
    std::uint64_t port_maximum = 0;
    std::uint64_t flow_limit = 0;  ///< 0: none.
    std::uint64_t flags = 0;

    template <typename Self, typename Visitor>
    static void describe(Self& self, Visitor& visit) {
        visit("name", "name", self.name);
        visit("ip_min", "ip_min", self.ip_minimum);
        visit("ip_max", "ip_max", self.ip_maximum);
        visit("port_min", "port_min", self.port_minimum);
        visit("port_max", "port_max", self.port_maximum);
        visit("limit_flows", "limit_flows", self.flow_limit);
        visit("flags", "flags", self.flags);
    }
};

/// Writes a variable plus `add_value` into the packet, in the variable's size.
struct Write {
    static constexpr std::string_view kId = "STLVmWrFlowVar";
    static constexpr std::string_view kType = "write_flow_var";
    std::string variable;
    PacketOffset offset;
    std::int64_t add_value = 0;
    std::optional<bool> is_big_endian;  ///< Always given in a compiled program.

    template <typename Self, typename Visitor>
    static void describe(Self& self, Visitor& visit) {
        visit("fv_name", "name", self.variable);
        visit("pkt_offset", "pkt_offset", self.offset);
        visit("add_val", "add_value", self.add_value);
        visit("is_big", "is_big_endian", self.is_big_endian);
    }
};

/// Writes the bits of a variable that `mask` selects into 1, 2 or 4 bytes of the packet.
struct MaskedWrite {
    static constexpr std::string_view kId = "STLVmWrMaskFlowVar";
    static constexpr std::string_view kType = "write_mask_flow_var";
    std::string variable;
    PacketOffset offset;
    std::optional<std::uint32_t> cast_size;  ///< In bytes; this and the next two are always given when compiled.
    std::optional<std::uint64_t> mask;
    std::optional<std::int64_t> shift;  ///< To the left; to the right when negative.
    std::int64_t add_value = 0;
    std::optional<bool> is_big_endian;  ///< Always given in a compiled program.

    template <typename Self, typename Visitor>
    static void describe(Self& self, Visitor& visit) {
        visit("fv_name", "name", self.variable);
        visit("pkt_offset", "pkt_offset", self.offset);
        visit("pkt_cast_size", "pkt_cast_size", self.cast_size);
        visit("mask", "mask", self.mask);
        visit("shift", "shift", self.shift);
        visit("add_value", "add_value", self.add_value);
        visit("is_big", "is_big_endian", self.is_big_endian);
    }
};

/// Cuts the packet to the variable's value, in bytes.
struct TrimPacket {
    static constexpr std::string_view kId = "STLVmTrimPktSize";
    static constexpr std::string_view kType = "trim_pkt_size";
    std::string variable;

    template <typename Self, typename Visitor>
    static void describe(Self& self, Visitor& visit) {
        visit("fv_name", "name", self.variable);
    }
};

/// Computes the IPv4 header checksum.
struct FixIpv4Checksum {
    static constexpr std::string_view kId = "STLVmFixIpv4";
    static constexpr std::string_view kType = "fix_checksum_ipv4";
    LayerOffset header;

    template <typename Self, typename Visitor>
    static void describe(Self& self, Visitor& visit) {
        visit("offset", "pkt_offset", self.header);
    }
};

/// Where two headers begin, as clients say it; a compiled instruction has their lengths.
struct HeaderLengths {
    std::uint32_t below_l3 = 0;  ///< Bytes before the network layer.
    std::uint32_t l3 = 0;        ///< Bytes of the network layer, extension headers included.
};

/// Computes the IPv4 header checksum and that of TCP or UDP, as a network card does.
struct FixHardwareChecksum {
    static constexpr std::string_view kId = "STLVmFixChecksumHw";
    static constexpr std::string_view kType = "fix_checksum_hw";
    static constexpr std::uint32_t kUdp = 11;
    static constexpr std::uint32_t kTcp = 13;
    static constexpr std::uint32_t kIpOnly = 17;
    HeaderLengths headers;
    std::uint32_t l4_type = 0;

    template <typename Self, typename Visitor>
    static void describe(Self& self, Visitor& visit) {
        visit(self.headers);
        visit("l4_type", "l4_type", self.l4_type);
    }
};

/// Computes the ICMPv6 checksum.
struct FixIcmpv6Checksum {
    static constexpr std::string_view kId = "STLVmFixIcmpv6";
    static constexpr std::string_view kType = "fix_checksum_icmpv6";
    HeaderLengths headers;

    template <typename Self, typename Visitor>
    static void describe(Self& self, Visitor& visit) {
        visit(self.headers);
    }
};

using Instruction = std::variant<FlowVariable, RepeatableRandom, TupleGenerator, Write, MaskedWrite, TrimPacket,
                                 FixIpv4Checksum, FixHardwareChecksum, FixIcmpv6Checksum>;

/// Makes an empty instruction of the one among `Kinds` that `is_it` accepts; none when it accepts none.
template <typename Predicate, std::size_t... kKinds>
std::optional<Instruction> make_instruction(const Predicate& is_it, std::index_sequence<kKinds...> /*kinds*/) {
    std::optional<Instruction> made;
    const auto consider = [&]<typename Kind>(Kind kind) {
        if (!made && is_it(Kind::kId, Kind::kType)) {
            made = std::move(kind);
        }
    };
    (consider(std::variant_alternative_t<kKinds, Instruction>{}), ...);
    return made;
}

/// An empty instruction by its id (`STLVmFlowVar`), or by its compiled type (`flow_var`); none for another name.
inline std::optional<Instruction> instruction_of_id(std::string_view id) {
    return make_instruction([id](std::string_view its_id, std::string_view /*type*/) { return its_id == id; },
                            std::make_index_sequence<std::variant_size_v<Instruction>>{});
}
inline std::optional<Instruction> instruction_of_type(std::string_view type) {
    return make_instruction([type](std::string_view /*id*/, std::string_view its_type) { return its_type == type; },
                            std::make_index_sequence<std::variant_size_v<Instruction>>{});
}

/// The id of an instruction.
inline std::string_view id_of(const Instruction& instruction) {
    return std::visit([](const auto& kind) { return std::remove_cvref_t<decltype(kind)>::kId; }, instruction);
}

/// A name that stands for a value of so many bytes.
struct Variable {
    std::string name;
    std::uint32_t size;
};

/// The variables that an instruction defines; none for one that only uses them.
inline std::vector<Variable> variables_of(const Instruction& instruction) {
    if (const auto* const flow = std::get_if<FlowVariable>(&instruction)) {
        return {{flow->name, flow->size}};
    }
    if (const auto* const random = std::get_if<RepeatableRandom>(&instruction)) {
        return {{random->name, random->size}};
    }
    if (const auto* const tuple = std::get_if<TupleGenerator>(&instruction)) {
        return {{tuple->name + ".ip", 4}, {tuple->name + ".port", 2}};
    }
    return {};
}

/// A compiled program, or one that is about to be: all variables first, then what uses them.
struct Program {
    std::vector<Instruction> instructions;
    /// How many packets TRex computes ahead; 0: none.
    std::uint32_t cache_size = 0;
};

}  // namespace framewright::field_engine
