#include "protocol_db/field_engine/run.hpp"

#include <algorithm>

#include "protocol_db/field_engine/checksums.hpp"

namespace framewright::field_engine {

namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

/// Reads or writes a number of so many bytes.
std::uint64_t load(ByteView bytes, bool is_big_endian) {
    std::uint64_t number = 0;
    for (std::size_t index = 0; index < bytes.size(); ++index) {
        number = number << 8 | bytes[is_big_endian ? index : bytes.size() - 1 - index];
    }
    return number;
}

void save(std::span<std::uint8_t> bytes, std::uint64_t number, bool is_big_endian) {
    for (std::size_t index = 0; index < bytes.size(); ++index) {
        const std::size_t place = is_big_endian ? bytes.size() - 1 - index : index;
        bytes[place] = static_cast<std::uint8_t>(number >> (8 * index));
    }
}

std::uint64_t shifted(std::uint64_t number, std::int64_t shift) {
    return shift >= 0 ? number << shift : number >> -shift;
}

/// The variable that an instruction takes, or null.
const std::string* variable_of(const Instruction& instruction) {
    return std::visit(
        []<typename Kind>(const Kind& kind) -> const std::string* {
            if constexpr (requires { kind.variable; }) {
                return &kind.variable;
            } else {
                return nullptr;
            }
        },
        instruction);
}

Bytes filled_up(Bytes packet) {
    packet.resize(std::max(packet.size(), kLeastPacketSize));
    return packet;
}

}  // namespace

Runner::Runner(const Program& program, Bytes packet, std::uint32_t seed)
    : program_(program), original_(filled_up(std::move(packet))), size_(original_.size()), random_(seed) {
    add_variables();
    add_actions();
}

void Runner::add_variables() {
    std::vector<std::string> next_names;
    for (const Instruction& instruction : program_.instructions) {
        const std::size_t first_value = names_.size();
        if (const auto* const flow = std::get_if<FlowVariable>(&instruction)) {
            variables_.push_back({FlowState(*flow), first_value, kNone});
            next_names.push_back(flow->next_variable.value_or(""));
        } else if (const auto* const random = std::get_if<RepeatableRandom>(&instruction)) {
            variables_.push_back({RepeatableState(*random), first_value, kNone});
            next_names.emplace_back();
        } else if (const auto* const tuple = std::get_if<TupleGenerator>(&instruction)) {
            variables_.push_back({TupleState(*tuple), first_value, kNone});
            next_names.emplace_back();
        }
        for (const Variable& variable : variables_of(instruction)) {
            names_.push_back(variable.name);
            sizes_.push_back(variable.size);
        }
    }
    values_.resize(names_.size());
    for (std::size_t index = 0; index < variables_.size(); ++index) {
        const auto next = std::find_if(variables_.begin(), variables_.end(), [&](const MovingVariable& other) {
            return !next_names[index].empty() && names_[other.first_value] == next_names[index];
        });
        if (next != variables_.end()) {
            variables_[index].next = static_cast<std::size_t>(next - variables_.begin());
            next->moves_by_itself = false;
        }
    }
}

void Runner::add_actions() {
    for (const Instruction& instruction : program_.instructions) {
        if (const std::string* const name = variable_of(instruction)) {
            const auto value =
                static_cast<std::size_t>(std::find(names_.begin(), names_.end(), *name) - names_.begin());
            actions_.push_back({&instruction, value, sizes_[value]});
        } else if (variables_of(instruction).empty()) {
            actions_.push_back({&instruction});
        }
    }
}

void Runner::store(const MovingVariable& variable) {
    std::visit([&](const auto& state) { state.store(std::span(values_).subspan(variable.first_value)); },
               variable.state);
}

void Runner::move(std::size_t index) {
    while (index != kNone) {
        MovingVariable& variable = variables_[index];
        const bool starts_again = std::visit([this](auto& state) { return state.advance(random_); }, variable.state);
        store(variable);
        index = starts_again ? variable.next : kNone;
    }
}

void Runner::advance() {
    if (has_begun_) {
        for (std::size_t index = 0; index < variables_.size(); ++index) {
            if (variables_[index].moves_by_itself) {
                move(index);
            }
        }
        return;
    }
    has_begun_ = true;
    for (MovingVariable& variable : variables_) {
        std::visit([this](auto& state) { state.start(random_); }, variable.state);
        store(variable);
    }
}

ByteView Runner::write() {
    packet_ = original_;
    size_ = original_.size();
    for (const Action& action : actions_) {
        std::visit([&](const auto& instruction) { apply(instruction, action); }, *action.instruction);
    }
    return ByteView(packet_).first(size_);
}

void Runner::apply(const Write& write, const Action& action) {
    const std::uint64_t value = values_[action.value] + static_cast<std::uint64_t>(write.add_value);
    save(std::span(packet_).subspan(write.offset.bytes, action.size), value, *write.is_big_endian);
}

void Runner::apply(const MaskedWrite& write, const Action& action) {
    const std::span<std::uint8_t> place = std::span(packet_).subspan(write.offset.bytes, *write.cast_size);
    const std::uint64_t value =
        shifted(values_[action.value] + static_cast<std::uint64_t>(write.add_value), *write.shift);
    const std::uint64_t kept = load(place, *write.is_big_endian) & ~*write.mask;
    save(place, kept | (value & *write.mask), *write.is_big_endian);
}

void Runner::apply(const TrimPacket& /*trim*/, const Action& action) {
    size_ = static_cast<std::size_t>(std::min<std::uint64_t>(size_, values_[action.value]));
}

void Runner::apply(const FixIpv4Checksum& fix, const Action& /*action*/) {
    fix_ipv4_header(std::span(packet_).first(size_), fix.header.bytes);
}

void Runner::apply(const FixHardwareChecksum& fix, const Action& /*action*/) {
    const std::span<std::uint8_t> packet = std::span(packet_).first(size_);
    const std::size_t l3 = fix.headers.below_l3;
    const std::size_t l4 = l3 + fix.headers.l3;
    if (l3 < packet.size() && packet[l3] >> 4U == 4) {
        fix_ipv4_header(packet, l3);
    }
    if (fix.l4_type != FixHardwareChecksum::kIpOnly) {
        fix_transport(packet, l3, l4, fix.l4_type == FixHardwareChecksum::kTcp ? kTcpChecksum : kUdpChecksum);
    }
}

void Runner::apply(const FixIcmpv6Checksum& fix, const Action& /*action*/) {
    const std::size_t l3 = fix.headers.below_l3;
    fix_transport(std::span(packet_).first(size_), l3, l3 + fix.headers.l3, kIcmpv6Checksum);
}

}  // namespace framewright::field_engine
