#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "protocol_db/bytes.hpp"
#include "protocol_db/field_engine/instruction.hpp"
#include "protocol_db/field_engine/variable_state.hpp"

namespace framewright::field_engine {

/// How many instructions one run may execute, those for packets that are skipped included.
inline constexpr std::uint64_t kMaximumExecutions = 100'000'000;

/// The state of a stream's random variables when it begins, unless another is asked for.
inline constexpr std::uint32_t kDefaultSeed = 1;

/// Runs a compiled program as TRex's data plane does, packet by packet. The rules:
/// - Variables move first, from the second packet on; random ones are drawn for the first packet as well, in the
///   program's order and from one source. What another variable's next_var names moves only when that starts again.
/// - Then the other instructions are carried out in the program's order, each on the packet as the one before left it.
/// - write_flow_var: the variable plus add_value, modulo its size.
/// - write_mask_flow_var: the variable plus add_value, shifted, modulo 2^64; the mask's bits within the 1, 2 or 4 bytes
///   are replaced.
/// - trim_pkt_size: a value above the packet's size leaves it whole.
/// - fix_checksum_*: RFC 791, RFC 768, RFC 793 and RFC 8200 section 8.1; a UDP checksum of 0 is sent as 0xffff. A
/// header
///   that does not lie in the (trimmed) packet is left as it is.
class Runner {
public:
    /// `program` is a checked one: see compile(). It outlives the runner. `packet` is what every packet starts as,
    /// filled up with zeros to kLeastPacketSize.
    Runner(const Program& program, Bytes packet, std::uint32_t seed = kDefaultSeed);

    /// Moves the variables on to the next packet, from before the first one.
    void advance();
    /// Writes the packet that the variables now stand for. Valid until the next call.
    ByteView write();

    /// The names of the variables, and their present values in the same order.
    const std::vector<std::string>& names() const { return names_; }
    const std::vector<std::uint64_t>& values() const { return values_; }

private:
    /// A variable's state, the index of its first value, and the variable that moves when it starts again.
    struct MovingVariable {
        std::variant<FlowState, RepeatableState, TupleState> state;
        std::size_t first_value;
        std::size_t next;
        bool moves_by_itself = true;
    };
    /// An instruction that writes, and which value it takes.
    struct Action {
        const Instruction* instruction;
        std::size_t value = 0;
        std::uint32_t size = 0;  ///< Of the variable, in bytes.
    };

    void add_variables();
    void add_actions();
    void store(const MovingVariable& variable);
    void move(std::size_t index);
    void apply(const Write& write, const Action& action);
    void apply(const MaskedWrite& write, const Action& action);
    void apply(const TrimPacket& trim, const Action& action);
    void apply(const FixIpv4Checksum& fix, const Action& action);
    void apply(const FixHardwareChecksum& fix, const Action& action);
    void apply(const FixIcmpv6Checksum& fix, const Action& action);
    template <typename Other>
    void apply(const Other& /*variable*/, const Action& /*action*/) {}

    const Program& program_;
    const Bytes original_;
    Bytes packet_;
    std::size_t size_ = 0;  ///< Of the packet as it is trimmed.
    RandomSource random_;
    bool has_begun_ = false;
    std::vector<MovingVariable> variables_;
    std::vector<Action> actions_;
    std::vector<std::string> names_;
    std::vector<std::uint32_t> sizes_;  ///< In bytes.
    std::vector<std::uint64_t> values_;
};

}  // namespace framewright::field_engine
