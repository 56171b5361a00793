#include "protocol_db/expression/rule.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <limits>

namespace framewright::expression {

namespace {

using Operation = Rule::Operation;

struct BinaryOperator {
    std::string_view symbol;
    int precedence;
    Operation operation;
};

// Longer symbols stand before their prefixes. Precedences are those of C, but comparisons bind more loosely than
// the bit operators, so that `flags & 8 != 0` means what it says.
constexpr std::array<BinaryOperator, 16> kBinaryOperators{{
    {"<<", 7, Operation::kShiftLeft},
    {">>", 7, Operation::kShiftRight},
    {"<=", 3, Operation::kLessEqual},
    {">=", 3, Operation::kGreaterEqual},
    {"==", 3, Operation::kEqual},
    {"!=", 3, Operation::kNotEqual},
    {"<", 3, Operation::kLess},
    {">", 3, Operation::kGreater},
    {"|", 4, Operation::kBitOr},
    {"^", 5, Operation::kBitXor},
    {"&", 6, Operation::kBitAnd},
    {"+", 8, Operation::kAdd},
    {"-", 8, Operation::kSubtract},
    {"*", 9, Operation::kMultiply},
    {"/", 9, Operation::kDivide},
    {"%", 9, Operation::kModulo},
}};

bool is_name_start(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool is_name_part(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::int64_t wrap(std::uint64_t number) {
    return static_cast<std::int64_t>(number);
}

std::int64_t calculate(Operation operation, std::int64_t left, std::int64_t right) {
    const auto a = static_cast<std::uint64_t>(left);
    const auto b = static_cast<std::uint64_t>(right);
    const bool overflows = left == std::numeric_limits<std::int64_t>::min() && right == -1;
    switch (operation) {
        case Operation::kMultiply:
            return wrap(a * b);
        case Operation::kDivide:
            return right == 0 || overflows ? 0 : left / right;
        case Operation::kModulo:
            return right == 0 || overflows ? 0 : left % right;
        case Operation::kAdd:
            return wrap(a + b);
        case Operation::kSubtract:
            return wrap(a - b);
        case Operation::kShiftLeft:
            return b > 63 ? 0 : wrap(a << b);
        case Operation::kShiftRight:
            return b > 63 ? 0 : left >> b;
        case Operation::kLess:
            return left < right ? 1 : 0;
        case Operation::kLessEqual:
            return left <= right ? 1 : 0;
        case Operation::kGreater:
            return left > right ? 1 : 0;
        case Operation::kGreaterEqual:
            return left >= right ? 1 : 0;
        case Operation::kEqual:
            return left == right ? 1 : 0;
        case Operation::kNotEqual:
            return left != right ? 1 : 0;
        case Operation::kBitAnd:
            return left & right;
        case Operation::kBitXor:
            return left ^ right;
        case Operation::kBitOr:
            return left | right;
        case Operation::kMinimum:
            return std::min(left, right);
        case Operation::kMaximum:
            return std::max(left, right);
        default:
            return 0;
    }
}

}  // namespace

/// Recursive descent over the text of one rule, bounded by Rule::kMaximumNesting.
class RuleParser {
public:
    RuleParser(std::string_view text, const FieldResolver& resolve, const NameResolver& number_of)
        : text_(text), resolve_(resolve), number_of_(number_of) {}

    Rule parse() {
        if (text_.size() > Rule::kMaximumText) {
            throw RuleError("rule is longer than " + std::to_string(Rule::kMaximumText) + " characters");
        }
        conditional();
        skip_blanks();
        if (position_ != text_.size()) {
            fail_unexpected();
        }
        if (open_name_) {
            fail_open_name();
        }
        rule_.text_ = std::string(text_);
        return std::move(rule_);
    }

private:
    class Nesting {
    public:
        explicit Nesting(RuleParser& parser) : parser_(parser) {
            if (++parser_.nesting_ > Rule::kMaximumNesting) {
                parser_.fail("nested too deeply");
            }
        }
        ~Nesting() { --parser_.nesting_; }
        Nesting(const Nesting&) = delete;
        Nesting& operator=(const Nesting&) = delete;

    private:
        RuleParser& parser_;
    };

    [[noreturn]] void fail_at(std::size_t position, const std::string& what) const {
        throw RuleError(what + " at character " + std::to_string(position + 1) + " of rule '" +
                        std::string(text_.substr(0, 200)) + "'");
    }

    [[noreturn]] void fail(const std::string& what) const { fail_at(position_, what); }

    /// Says what a word of the rule is not, at the place where the word stands.
    [[noreturn]] void fail_word(std::string_view word, const std::string& what) const {
        fail_at(place_of(word), what + " '" + std::string(word) + "'" + hint(word));
    }

    /// Where somebody wrote an operator as other languages do.
    static std::string hint(std::string_view written) {
        const std::string_view meant = written == "and"   ? "&&"
                                       : written == "or"  ? "||"
                                       : written == "not" ? "!"
                                       : written == "="   ? "=="
                                                          : "";
        return meant.empty() ? "" : " (write " + std::string(meant) + ")";
    }

    [[noreturn]] void fail_unexpected() {
        if (position_ == text_.size()) {
            fail("unexpected end");
        }
        fail_word(is_name_start(text_[position_]) ? name() : text_.substr(position_, 1), "unexpected");
    }

    void skip_blanks() {
        while (position_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[position_])) != 0) {
            ++position_;
        }
    }

    bool accept(std::string_view symbol) {
        skip_blanks();
        if (!text_.substr(position_).starts_with(symbol)) {
            return false;
        }
        position_ += symbol.size();
        return true;
    }

    void expect(std::string_view symbol) {
        if (!accept(symbol)) {
            fail("expected '" + std::string(symbol) + "'");
        }
    }

    void emit(Operation operation, std::int64_t operand = 0) { rule_.code_.push_back({operation, operand}); }

    std::size_t emit_jump(Operation operation) {
        emit(operation);
        return rule_.code_.size() - 1;
    }

    void land(std::size_t jump) { rule_.code_[jump].operand = static_cast<std::int64_t>(rule_.code_.size()); }

    void conditional() {
        const Nesting nesting(*this);
        disjunction();
        if (accept("?")) {
            const std::size_t to_else = emit_jump(Operation::kJumpIfZero);
            conditional();
            const std::size_t to_end = emit_jump(Operation::kJump);
            expect(":");
            land(to_else);
            conditional();
            land(to_end);
        }
    }

    void disjunction() {
        conjunction();
        while (accept("||")) {
            const std::size_t jump = emit_jump(Operation::kJumpIfNotZeroKeep);
            conjunction();
            land(jump);
        }
    }

    void conjunction() {
        binary(3);
        while (accept("&&")) {
            const std::size_t jump = emit_jump(Operation::kJumpIfZeroKeep);
            binary(3);
            land(jump);
        }
    }

    const BinaryOperator* peek_operator() {
        skip_blanks();
        const std::string_view rest = text_.substr(position_);
        if (rest.starts_with("&&") || rest.starts_with("||")) {
            return nullptr;
        }
        for (const BinaryOperator& candidate : kBinaryOperators) {
            if (rest.starts_with(candidate.symbol)) {
                return &candidate;
            }
        }
        return nullptr;
    }

    void binary(int least_precedence) {
        const std::size_t left = rule_.code_.size();
        unary();
        for (const BinaryOperator* found = peek_operator(); found != nullptr && found->precedence >= least_precedence;
             found = peek_operator()) {
            position_ += found->symbol.size();
            const Nesting nesting(*this);
            const std::size_t right = rule_.code_.size();
            binary(found->precedence + 1);
            if (open_name_) {
                compare_name(found->operation, left, right);
            }
            emit(found->operation);
        }
    }

    /// A name in quotes, which stands for a number of the field that it is compared with.
    void quoted_name() {
        if (open_name_) {
            fail_open_name();
        }
        const std::size_t start = position_ + 1;
        const std::size_t end = text_.find(text_[position_], start);
        if (end == std::string_view::npos) {
            fail("a name without its second quote");
        }
        position_ = end + 1;
        open_name_ = OpenName{text_.substr(start, end - start), rule_.code_.size()};
        emit(Operation::kNumber);
    }

    /// The operands, each of which is a single instruction: a field and a name.
    void compare_name(Operation operation, std::size_t left, std::size_t right) {
        const std::size_t field = open_name_->instruction == left ? right : left;
        const bool is_comparison = operation == Operation::kEqual || operation == Operation::kNotEqual;
        const bool are_single = right == left + 1 && rule_.code_.size() == right + 1;
        if (!is_comparison || !are_single || rule_.code_[field].operation != Operation::kField) {
            fail_open_name();
        }
        try {
            const auto index = static_cast<std::size_t>(rule_.code_[field].operand);
            rule_.code_[open_name_->instruction].operand = number_of_(index, open_name_->text);
        } catch (const RuleError& error) {
            fail_at(place_of(open_name_->text), error.what());
        }
        open_name_.reset();
    }

    [[noreturn]] void fail_open_name() const {
        fail_at(place_of(open_name_->text), "a name stands for a number only where == or != compares it with a field");
    }

    std::size_t place_of(std::string_view word) const { return static_cast<std::size_t>(word.data() - text_.data()); }

    void unary() {
        const Nesting nesting(*this);
        skip_blanks();
        if (text_.substr(position_).starts_with("!=")) {
            fail("unexpected '!='");
        }
        if (accept("!")) {
            unary();
            emit(Operation::kNot);
        } else if (accept("-")) {
            unary();
            emit(Operation::kNegate);
        } else if (accept("~")) {
            unary();
            emit(Operation::kInvert);
        } else {
            primary();
        }
    }

    void primary() {
        skip_blanks();
        if (accept("(")) {
            conditional();
            expect(")");
        } else if (position_ < text_.size() && std::isdigit(static_cast<unsigned char>(text_[position_])) != 0) {
            number();
        } else if (position_ < text_.size() && is_name_start(text_[position_])) {
            name_or_call();
        } else if (position_ < text_.size() && number_of_ && (text_[position_] == '\'' || text_[position_] == '"')) {
            quoted_name();
        } else {
            fail_unexpected();
        }
    }

    void number() {
        std::uint64_t value = 0;
        int base = 10;
        if (text_.substr(position_).starts_with("0x")) {
            base = 16;
            position_ += 2;
        }
        const char* const end = text_.data() + text_.size();
        const auto [stop, error] = std::from_chars(text_.data() + position_, end, value, base);
        if (error != std::errc() || (stop != end && is_name_part(*stop))) {
            fail("wrong number");
        }
        position_ = static_cast<std::size_t>(stop - text_.data());
        emit(Operation::kNumber, wrap(value));
    }

    std::string_view name() {
        skip_blanks();
        if (position_ >= text_.size() || !is_name_start(text_[position_])) {
            fail("expected a name");
        }
        const std::size_t start = position_;
        while (position_ < text_.size() && is_name_part(text_[position_])) {
            ++position_;
        }
        return text_.substr(start, position_ - start);
    }

    std::int64_t field_index(std::string_view field) {
        const std::optional<std::size_t> index = resolve_(field);
        if (!index) {
            fail_word(field, "unknown field");
        }
        return static_cast<std::int64_t>(*index);
    }

    std::int64_t store_name(std::string_view text) {
        rule_.names_.emplace_back(text);
        return static_cast<std::int64_t>(rule_.names_.size()) - 1;
    }

    void call_with_field(Operation operation) {
        emit(operation, field_index(name()));
        expect(")");
    }

    void name_or_call() {
        const std::string_view word = name();
        if (accept("(")) {
            call(word);
        } else if (accept(".")) {
            if (word != "below" && word != "parent") {
                fail_word(word, "unknown name");
            }
            emit(word == "below" ? Operation::kBelowField : Operation::kParentField, store_name(name()));
        } else if (const std::optional<std::size_t> index = resolve_(word)) {
            emit(Operation::kField, static_cast<std::int64_t>(*index));
        } else if (word == "header_length") {
            emit(Operation::kHeaderLength);
        } else if (word == "payload_length") {
            emit(Operation::kPayloadLength);
        } else if (word == "remaining") {
            emit(Operation::kRemaining);
        } else {
            fail_word(word, "unknown field");
        }
    }

    void call(std::string_view function) {
        if (function == "length") {
            call_with_field(Operation::kLengthOf);
        } else if (function == "count") {
            call_with_field(Operation::kCountOf);
        } else if (function == "defined") {
            call_with_field(Operation::kDefined);
        } else if (function == "element") {
            const std::int64_t index = field_index(name());
            expect(",");
            conditional();
            expect(")");
            emit(Operation::kElementOf, index);
        } else if (function == "below" || function == "parent") {
            emit(function == "below" ? Operation::kIsBelow : Operation::kIsParent, store_name(name()));
            expect(")");
        } else if (function == "byte" || function == "u16" || function == "u32") {
            conditional();
            expect(")");
            emit(Operation::kBytesAt, function == "byte" ? 1 : function == "u16" ? 2 : 4);
        } else if (function == "min" || function == "max") {
            conditional();
            expect(",");
            conditional();
            expect(")");
            emit(function == "min" ? Operation::kMinimum : Operation::kMaximum);
        } else {
            fail_word(function, "unknown function");
        }
    }

    /// A name of which the field is not known yet.
    struct OpenName {
        std::string_view text;
        std::size_t instruction;
    };

    std::string_view text_;
    const FieldResolver& resolve_;
    const NameResolver& number_of_;
    std::optional<OpenName> open_name_;
    std::size_t position_ = 0;
    std::size_t nesting_ = 0;
    Rule rule_;
};

Rule Rule::parse(std::string_view text, const FieldResolver& resolve, const NameResolver& number_of) {
    return RuleParser(text, resolve, number_of).parse();
}

std::int64_t Rule::evaluate(const RuleContext& context) const {
    // Each nesting level of the parser leaves at most two operands, so the parser's bound keeps the stack in size.
    static_assert(kMaximumStack >= 2 * kMaximumNesting);
    std::array<std::int64_t, kMaximumStack> stack{};
    std::size_t size = 0;
    for (std::size_t next = 0; next < code_.size(); ++next) {
        const Instruction& instruction = code_[next];
        const auto index = static_cast<std::size_t>(instruction.operand);
        switch (instruction.operation) {
            case Operation::kNumber:
                stack[size++] = instruction.operand;
                break;
            case Operation::kField:
                stack[size++] = context.field(index);
                break;
            case Operation::kDefined:
                stack[size++] = context.is_defined(index) ? 1 : 0;
                break;
            case Operation::kLengthOf:
                stack[size++] = context.length_of(index);
                break;
            case Operation::kCountOf:
                stack[size++] = context.count_of(index);
                break;
            case Operation::kElementOf:
                stack[size - 1] = context.element_of(index, stack[size - 1]);
                break;
            case Operation::kHeaderLength:
                stack[size++] = context.header_length();
                break;
            case Operation::kPayloadLength:
                stack[size++] = context.payload_length();
                break;
            case Operation::kRemaining:
                stack[size++] = context.remaining();
                break;
            case Operation::kBytesAt:
                stack[size - 1] = context.bytes_at(stack[size - 1], index);
                break;
            case Operation::kIsBelow:
                stack[size++] = context.is_below(names_[index]) ? 1 : 0;
                break;
            case Operation::kBelowField:
                stack[size++] = context.below_field(names_[index]);
                break;
            case Operation::kIsParent:
                stack[size++] = context.is_parent(names_[index]) ? 1 : 0;
                break;
            case Operation::kParentField:
                stack[size++] = context.parent_field(names_[index]);
                break;
            case Operation::kNegate:
                stack[size - 1] = wrap(0 - static_cast<std::uint64_t>(stack[size - 1]));
                break;
            case Operation::kNot:
                stack[size - 1] = stack[size - 1] == 0 ? 1 : 0;
                break;
            case Operation::kInvert:
                stack[size - 1] = ~stack[size - 1];
                break;
            case Operation::kJump:
                next = index - 1;
                break;
            case Operation::kJumpIfZero:
                if (stack[--size] == 0) {
                    next = index - 1;
                }
                break;
            case Operation::kJumpIfNotZeroKeep:
            case Operation::kJumpIfZeroKeep:
                if ((stack[size - 1] == 0) == (instruction.operation == Operation::kJumpIfZeroKeep)) {
                    next = index - 1;
                } else {
                    --size;
                }
                break;
            default:
                stack[size - 2] = calculate(instruction.operation, stack[size - 2], stack[size - 1]);
                --size;
                break;
        }
    }
    return size == 0 ? 0 : stack[size - 1];
}

}  // namespace framewright::expression
