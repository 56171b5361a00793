#include "protocol_db/field_engine/program_check.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "protocol_db/field_engine/program_error.hpp"

namespace framewright::field_engine {

namespace {

constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kIpv6Header = 40;
constexpr std::size_t kUdpHeader = 8;
constexpr std::size_t kTcpHeader = 20;
/// Type, code and checksum.
constexpr std::size_t kIcmpv6Start = 4;
/// No shift of the widest variable is longer.
constexpr std::int64_t kLongestShift = 63;

class Checker {
public:
    Checker(const std::vector<Instruction>& instructions, std::size_t packet_size)
        : instructions_(instructions), packet_size_(packet_size) {}

    void run() {
        for (index_ = 0; index_ < instructions_.size(); ++index_) {
            define(instructions_[index_]);
        }
        for_each([this](const auto& instruction) { check(instruction); });
        check_loops();
    }

private:
    struct Definition {
        std::size_t instruction;
        std::uint32_t size;
    };

    template <typename Action>
    void for_each(const Action& action) {
        for (index_ = 0; index_ < instructions_.size(); ++index_) {
            std::visit(action, instructions_[index_]);
        }
    }

    [[noreturn]] void refuse(const char* parameter, const std::string& value, const std::string& reason) const {
        throw ProgramError(index_, std::string(id_of(instructions_[index_])), parameter, value, reason);
    }
    [[noreturn]] void refuse(const char* parameter, std::uint64_t value, const std::string& reason) const {
        refuse(parameter, std::to_string(value), reason);
    }

    void take_name(const std::string& name) {
        if (!names_.insert(name).second) {
            refuse("name", name, "there is a variable of this name already");
        }
    }

    void define(const Instruction& instruction) {
        if (const auto* const tuple = std::get_if<TupleGenerator>(&instruction)) {
            // The name alone stands for nothing that can be written.
            take_name(tuple->name);
        }
        for (const Variable& variable : variables_of(instruction)) {
            take_name(variable.name);
            variables_.emplace(variable.name, Definition{index_, variable.size});
        }
    }

    const Definition& variable(const char* parameter, const std::string& name) const {
        const auto found = variables_.find(name);
        if (found != variables_.end()) {
            return found->second;
        }
        const bool is_tuple = names_.contains(name);
        refuse(parameter, name, is_tuple ? "write " + name + ".ip or " + name + ".port" : "there is no such variable");
    }

    void check_size(const char* parameter, std::uint64_t value, std::uint32_t size) const {
        if (value > largest_of(size)) {
            refuse(parameter, value,
                   "it is above " + std::to_string(largest_of(size)) + ", the largest of size " + std::to_string(size));
        }
    }

    void check_range(const char* least_parameter, std::uint64_t least, const char* most_parameter,
                     std::uint64_t most) const {
        if (least > most) {
            refuse(most_parameter, most, std::string("it is below ") + least_parameter + ", " + std::to_string(least));
        }
    }

    void check(const FlowVariable& flow) {
        if (flow.step == 0) {
            refuse("step", flow.step, "it must be at least 1");
        }
        check_size("step", flow.step, flow.size);
        for (const std::uint64_t value : flow.values) {
            check_size("value_list", value, flow.size);
        }
        if (flow.values.empty()) {
            check_size("min_value", *flow.minimum, flow.size);
            check_size("max_value", *flow.maximum, flow.size);
            check_range("min_value", *flow.minimum, "max_value", *flow.maximum);
            if (*flow.initial < *flow.minimum || *flow.initial > *flow.maximum) {
                refuse("init_value", *flow.initial,
                       "it is not from min_value " + std::to_string(*flow.minimum) + " to max_value " +
                           std::to_string(*flow.maximum));
            }
        }
        if (flow.next_variable) {
            check_next(flow.name, *flow.next_variable, flow.operation == Operation::kRandom);
        }
    }

    void check(const RepeatableRandom& random) {
        if (random.limit == 0) {
            refuse("limit", random.limit, "it must be at least 1");
        }
        if (*random.seed > std::numeric_limits<std::uint32_t>::max()) {
            refuse("seed", *random.seed, "it has more than 4 bytes");
        }
        check_size("min_value", random.minimum, random.size);
        check_size("max_value", *random.maximum, random.size);
        check_range("min_value", random.minimum, "max_value", *random.maximum);
        if (random.next_variable) {
            check_next(random.name, *random.next_variable, true);
        }
    }

    void check(const TupleGenerator& tuple) const {
        check_size("ip_min", tuple.ip_minimum, 4);
        check_size("ip_max", tuple.ip_maximum, 4);
        check_range("ip_min", tuple.ip_minimum, "ip_max", tuple.ip_maximum);
        check_size("port_min", tuple.port_minimum, 2);
        check_size("port_max", tuple.port_maximum, 2);
        check_range("port_min", tuple.port_minimum, "port_max", tuple.port_maximum);
        check_size("limit_flows", tuple.flow_limit, 4);
    }

    void check_next(const std::string& name, const std::string& next, bool is_random) {
        if (is_random) {
            refuse("next_var", next, "a random variable never starts again, so nothing moves the next one");
        }
        if (next == name) {
            refuse("next_var", next, "a variable cannot be its own next one");
        }
        const Definition& target = variable("next_var", next);
        if (std::holds_alternative<TupleGenerator>(instructions_[target.instruction])) {
            refuse("next_var", next, "it belongs to a tuple generator, which moves by itself");
        }
        if (!has_previous_.insert(next).second) {
            refuse("next_var", next, "it is the next one of another variable already");
        }
        next_of_.emplace(name, next);
    }

    /// Each variable is the next one of at most one other, so what loops is a ring.
    void check_loops() {
        for_each([this](const auto& instruction) {
            if constexpr (std::is_same_v<std::remove_cvref_t<decltype(instruction)>, FlowVariable>) {
                auto next = next_of_.find(instruction.name);
                for (std::size_t steps = 0; next != next_of_.end(); ++steps) {
                    if (next->second == instruction.name || steps > next_of_.size()) {
                        refuse("next_var", instruction.next_variable.value_or(""), "the variables form a loop");
                    }
                    next = next_of_.find(next->second);
                }
            }
        });
    }

    void check_end(const char* parameter, std::uint64_t offset, std::uint64_t size) const {
        if (offset + size > packet_size_) {
            refuse(
                parameter, offset,
                std::to_string(size) + " bytes there end beyond the packet, which has " + std::to_string(packet_size_));
        }
    }

    void check(const Write& write) const {
        check_end("pkt_offset", write.offset.bytes, variable("fv_name", write.variable).size);
    }

    void check(const MaskedWrite& write) const {
        variable("fv_name", write.variable);
        check_end("pkt_offset", write.offset.bytes, *write.cast_size);
        check_size("mask", *write.mask, 4);
        if (*write.shift < -kLongestShift || *write.shift > kLongestShift) {
            refuse("shift", std::to_string(*write.shift), "it is not from -63 to 63");
        }
    }

    void check(const TrimPacket& trim) const { variable("fv_name", trim.variable); }

    void check(const FixIpv4Checksum& fix) const { check_end("offset", fix.header.bytes, kIpv4Header); }

    void check(const FixHardwareChecksum& fix) const {
        const std::uint64_t l4 = std::uint64_t{fix.headers.below_l3} + fix.headers.l3;
        if (fix.headers.l3 < kIpv4Header) {
            refuse("l4_offset", l4, "the network layer has less than 20 bytes");
        }
        const std::size_t header = fix.l4_type == FixHardwareChecksum::kTcp   ? kTcpHeader
                                   : fix.l4_type == FixHardwareChecksum::kUdp ? kUdpHeader
                                                                              : 0;
        check_end("l4_offset", l4, header);
    }

    void check(const FixIcmpv6Checksum& fix) const {
        const std::uint64_t l4 = std::uint64_t{fix.headers.below_l3} + fix.headers.l3;
        if (fix.headers.l3 < kIpv6Header) {
            refuse("l4_offset", l4, "the network layer has less than 40 bytes");
        }
        check_end("l4_offset", l4, kIcmpv6Start);
    }

    const std::vector<Instruction>& instructions_;
    std::size_t packet_size_;
    std::size_t index_ = 0;
    std::set<std::string> names_;
    std::map<std::string, Definition> variables_;
    std::set<std::string> has_previous_;
    std::map<std::string, std::string> next_of_;
};

}  // namespace

void check(const std::vector<Instruction>& instructions, std::size_t packet_size) {
    Checker(instructions, packet_size).run();
}

}  // namespace framewright::field_engine
