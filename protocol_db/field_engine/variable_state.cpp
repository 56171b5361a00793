#include "protocol_db/field_engine/variable_state.hpp"

namespace framewright::field_engine {

namespace {

constexpr std::uint64_t kFirstFreePort = 1025;
constexpr std::uint64_t kLastPort = 65535;

bool has_unlimited_flows(const TupleGenerator& generator) {
    return (generator.flags & TupleGenerator::kUnlimitedFlows) != 0;
}

Range range_of(const FlowVariable& variable) {
    return variable.values.empty() ? Range(*variable.minimum, *variable.maximum) : Range(0, variable.values.size() - 1);
}

Range ports_of(const TupleGenerator& generator) {
    return has_unlimited_flows(generator) ? Range(kFirstFreePort, kLastPort)
                                          : Range(generator.port_minimum, generator.port_maximum);
}

}  // namespace

Range::Range(std::uint64_t least, std::uint64_t most) : least_(least), most_(most), size_(most - least + 1) {}

bool Range::increase(std::uint64_t& value, std::uint64_t step) const {
    const std::uint64_t by = reduce(step);
    const std::uint64_t room = most_ - value;
    const bool starts_again = room < by;
    value = starts_again ? least_ + (by - room - 1) : value + by;
    return starts_again;
}

bool Range::decrease(std::uint64_t& value, std::uint64_t step) const {
    const std::uint64_t by = reduce(step);
    const std::uint64_t room = value - least_;
    const bool starts_again = room < by;
    value = starts_again ? most_ - (by - room - 1) : value - by;
    return starts_again;
}

FlowState::FlowState(const FlowVariable& variable) : variable_(&variable), range_(range_of(variable)), place_(0) {}

void FlowState::start(RandomSource& random) {
    if (variable_->operation == Operation::kRandom) {
        draw(random);
    } else if (variable_->values.empty()) {
        place_ = *variable_->initial;
    } else {
        place_ = variable_->operation == Operation::kDecrement ? variable_->values.size() - 1 : 0;
    }
}

bool FlowState::advance(RandomSource& random) {
    switch (variable_->operation) {
        case Operation::kIncrement:
            return range_.increase(place_, variable_->step);
        case Operation::kDecrement:
            return range_.decrease(place_, variable_->step);
        case Operation::kRandom:
            draw(random);
            break;
    }
    return false;
}

RepeatableState::RepeatableState(const RepeatableRandom& variable)
    : variable_(&variable),
      range_(variable.minimum, *variable.maximum),
      random_(static_cast<std::uint32_t>(*variable.seed)) {}

bool RepeatableState::advance(RandomSource& /*random*/) {
    if (drawn_ == variable_->limit) {
        random_ = RandomSource(static_cast<std::uint32_t>(*variable_->seed));
        drawn_ = 0;
    }
    ++drawn_;
    value_ = range_.pick(random_.draw(variable_->size));
    return false;
}

TupleState::TupleState(const TupleGenerator& generator)
    : ip_least_(generator.ip_minimum),
      port_least_(has_unlimited_flows(generator) ? kFirstFreePort : generator.port_minimum),
      ips_(generator.ip_minimum, generator.ip_maximum),
      ports_(ports_of(generator)),
      flow_limit_(has_unlimited_flows(generator) ? 0 : generator.flow_limit) {}

void TupleState::restart() {
    ip_ = ip_least_;
    port_ = port_least_;
    flow_ = 1;
}

bool TupleState::advance(RandomSource& /*random*/) {
    if (flow_limit_ != 0 && flow_ == flow_limit_) {
        restart();
        return false;
    }
    ++flow_;
    // A single address starts again with each step.
    const bool starts_again = ips_.increase(ip_, 1) || ip_ == ip_least_;
    if (starts_again) {
        ports_.increase(port_, 1);
    }
    return false;
}

}  // namespace framewright::field_engine
