#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace framewright::expression {

/// What a rule may ask about the layer that is being built or dissected. Lengths and positions are in bytes.
class RuleContext {
public:
    virtual ~RuleContext() = default;
    /// The number that field `index` of this layer holds; 0 when it is not set or no number.
    virtual std::int64_t field(std::size_t index) const = 0;
    /// Whether field `index` of this layer has a value.
    virtual bool is_defined(std::size_t index) const = 0;
    /// The encoded size of field `index`.
    virtual std::int64_t length_of(std::size_t index) const = 0;
    /// The number of elements of field `index`: 0 when not set, 1 for what is no list.
    virtual std::int64_t count_of(std::size_t index) const = 0;
    /// Element `position` of field `index`, when that is a list or tuple with a number there; else 0.
    virtual std::int64_t element_of(std::size_t index, std::int64_t position) const = 0;
    /// The size of this layer's header.
    virtual std::int64_t header_length() const = 0;
    /// The size of what this layer carries.
    virtual std::int64_t payload_length() const = 0;
    /// What is left of this layer's bytes at the place where the rule is asked.
    virtual std::int64_t remaining() const = 0;
    /// The big-endian number in `width` bytes at `position`; of this layer's bytes, or of its payload's when a
    /// payload is chosen. Bytes beyond the end count as 0.
    virtual std::int64_t bytes_at(std::int64_t position, std::size_t width) const = 0;
    /// Whether the layer directly below is of protocol `name` or derived from it.
    virtual bool is_below(std::string_view name) const = 0;
    /// The number in field `field` of the layer directly below; 0 when there is none.
    virtual std::int64_t below_field(std::string_view field) const = 0;
    /// Whether the layer whose field holds this layer's packet is of protocol `name` or derived from it.
    virtual bool is_parent(std::string_view name) const = 0;
    /// The number in field `field` of the layer whose field holds this layer's packet; 0 when there is none.
    virtual std::int64_t parent_field(std::string_view field) const = 0;
};

/// Answers where there is no layer: 0 to everything.
class EmptyContext : public RuleContext {
public:
    std::int64_t field(std::size_t /*index*/) const override { return 0; }
    bool is_defined(std::size_t /*index*/) const override { return false; }
    std::int64_t length_of(std::size_t /*index*/) const override { return 0; }
    std::int64_t count_of(std::size_t /*index*/) const override { return 0; }
    std::int64_t element_of(std::size_t /*index*/, std::int64_t /*position*/) const override { return 0; }
    std::int64_t header_length() const override { return 0; }
    std::int64_t payload_length() const override { return 0; }
    std::int64_t remaining() const override { return 0; }
    std::int64_t bytes_at(std::int64_t /*position*/, std::size_t /*width*/) const override { return 0; }
    bool is_below(std::string_view /*name*/) const override { return false; }
    std::int64_t below_field(std::string_view /*field*/) const override { return 0; }
    bool is_parent(std::string_view /*name*/) const override { return false; }
    std::int64_t parent_field(std::string_view /*field*/) const override { return 0; }
};

/// A definition file's rule that cannot be read: the message says what and where.
class RuleError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Gives the index of a field of the protocol that the rule belongs to, or nothing.
using FieldResolver = std::function<std::optional<std::size_t>(std::string_view)>;

/// Gives the number that a name stands for in a field of the protocol that the rule belongs to. Throws RuleError.
using NameResolver = std::function<std::int64_t(std::size_t field, std::string_view name)>;

/// A rule of a definition: a small infix expression over numbers, parsed once into a flat program. The language is
/// described in protocol_db/README.md. Arithmetic wraps at 64 bits; division by zero gives 0.
class Rule {
public:
    Rule() = default;

    /// Reads a rule. Throws RuleError for text that is no rule or names an unknown field, function or number.
    static Rule parse(std::string_view text, const FieldResolver& resolve, const NameResolver& number_of = {});

    /// Whether there is a rule at all.
    explicit operator bool() const { return !code_.empty(); }

    std::int64_t evaluate(const RuleContext& context) const;

    /// The number that the rule gives whatever it is asked about, or nothing.
    std::optional<std::int64_t> constant() const {
        return code_.size() == 1 && code_.front().operation == Operation::kNumber ? std::optional(code_.front().operand)
                                                                                  : std::nullopt;
    }

    /// The text that the rule was read from.
    const std::string& text() const { return text_; }

    /// Longest rule, deepest nesting and largest program.
    static constexpr std::size_t kMaximumText = 4096;
    static constexpr std::size_t kMaximumNesting = 32;
    static constexpr std::size_t kMaximumStack = 64;

    enum class Operation : std::uint8_t {
        kNumber,
        kField,
        kDefined,
        kLengthOf,
        kCountOf,
        kElementOf,
        kHeaderLength,
        kPayloadLength,
        kRemaining,
        kBytesAt,
        kIsBelow,
        kBelowField,
        kIsParent,
        kParentField,
        kNegate,
        kNot,
        kInvert,
        kMultiply,
        kDivide,
        kModulo,
        kAdd,
        kSubtract,
        kShiftLeft,
        kShiftRight,
        kLess,
        kLessEqual,
        kGreater,
        kGreaterEqual,
        kEqual,
        kNotEqual,
        kBitAnd,
        kBitXor,
        kBitOr,
        kMinimum,
        kMaximum,
        kJump,
        kJumpIfZero,
        kJumpIfNotZeroKeep,
        kJumpIfZeroKeep,
    };
    struct Instruction {
        Operation operation;
        std::int64_t operand = 0;
    };

    /// The program, for who checks what a rule asks for.
    const std::vector<Instruction>& code() const { return code_; }
    /// The name that an instruction of kIsBelow, kBelowField, kIsParent or kParentField asks for.
    const std::string& name_in(const Instruction& instruction) const {
        return names_.at(static_cast<std::size_t>(instruction.operand));
    }

private:
    friend class RuleParser;
    std::vector<Instruction> code_;
    std::vector<std::string> names_;
    std::string text_;
};

}  // namespace framewright::expression
