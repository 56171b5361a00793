#pragma once

#include <cstdint>
#include <span>

#include "protocol_db/field_engine/instruction.hpp"

namespace framewright::field_engine {

/// The pseudo-random numbers of TRex's data plane: 15 bits at a time of a linear congruential generator with 32 bits of
/// state.
class RandomSource {
public:
    explicit RandomSource(std::uint32_t seed) : state_(seed) {}

    /// As many random bits as a variable of so many bytes is drawn from: 15 for one of 1 or 2, else as many as it has.
    std::uint64_t draw(std::uint32_t size) {
        return size == 8 ? std::uint64_t{draw_32()} << 32 | draw_32() : size == 4 ? draw_32() : draw_15();
    }

private:
    std::uint32_t draw_15() {
        constexpr std::uint32_t kMultiplier = 214013;
        constexpr std::uint32_t kIncrement = 2531011;
        state_ = state_ * kMultiplier + kIncrement;
        return state_ >> 16 & 0x7fffU;
    }
    /// The sum of two draws, the first of them 16 bits higher.
    std::uint32_t draw_32() {
        const std::uint32_t high = draw_15() << 16;
        return high + draw_15();
    }

    std::uint32_t state_;
};

/// A range of numbers, both ends included, that is walked in steps: what goes beyond an end goes on at the other, so
/// that the cycle is true.
class Range {
public:
    Range(std::uint64_t least, std::uint64_t most);

    /// Steps; whether the walk started again.
    bool increase(std::uint64_t& value, std::uint64_t step) const;
    bool decrease(std::uint64_t& value, std::uint64_t step) const;
    /// The number of the range that random bits stand for.
    std::uint64_t pick(std::uint64_t bits) const { return least_ + reduce(bits); }

private:
    /// Modulo the size of the range, which may be 2^64.
    std::uint64_t reduce(std::uint64_t number) const { return size_ == 0 ? number : number % size_; }

    std::uint64_t least_;
    std::uint64_t most_;
    std::uint64_t size_;
};

// The state of each kind of variable: start() gives the value for the first packet; advance() moves on, and says
// whether the walk started again, so that the next variable of a chain moves; store() writes the values of
// variables_of().

/// The walk of a FlowVariable.
class FlowState {
public:
    explicit FlowState(const FlowVariable& variable);

    void start(RandomSource& random);
    bool advance(RandomSource& random);
    void store(std::span<std::uint64_t> values) const {
        values[0] = variable_->values.empty() ? place_ : variable_->values[place_];
    }

private:
    void draw(RandomSource& random) { place_ = range_.pick(random.draw(variable_->size)); }

    const FlowVariable* variable_;
    Range range_;
    /// The value, or its index in the list of values.
    std::uint64_t place_;
};

/// The draws of a RepeatableRandom.
class RepeatableState {
public:
    explicit RepeatableState(const RepeatableRandom& variable);

    void start(RandomSource& random) { advance(random); }
    bool advance(RandomSource& /*random*/);
    void store(std::span<std::uint64_t> values) const { values[0] = value_; }

private:
    const RepeatableRandom* variable_;
    Range range_;
    RandomSource random_;
    std::uint64_t drawn_ = 0;
    std::uint64_t value_ = 0;
};

/// The flows of a TupleGenerator.
class TupleState {
public:
    explicit TupleState(const TupleGenerator& generator);

    void start(RandomSource& /*random*/) { restart(); }
    bool advance(RandomSource& /*random*/);
    void store(std::span<std::uint64_t> values) const {
        values[0] = ip_;
        values[1] = port_;
    }

private:
    void restart();

    std::uint64_t ip_least_;
    std::uint64_t port_least_;
    Range ips_;
    Range ports_;
    std::uint64_t flow_limit_;
    std::uint64_t ip_ = 0;
    std::uint64_t port_ = 0;
    std::uint64_t flow_ = 0;
};

}  // namespace framewright::field_engine
