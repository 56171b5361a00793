// Rules against an evaluator of another kind: expressions made at random are written with no more brackets than they
// need, read, and must have the value of the tree that they were made from.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "protocol_db/expression/rule.hpp"
#include "protocol_db/integer.hpp"

namespace framewright::expression {
namespace {

/// Nothing but numbers.
class NoLayer : public RuleContext {
public:
    std::int64_t field(std::size_t index) const override { return 10 + static_cast<std::int64_t>(index); }
    bool is_defined(std::size_t /*index*/) const override { return true; }
    std::int64_t length_of(std::size_t /*index*/) const override { return 1; }
    std::int64_t count_of(std::size_t /*index*/) const override { return 2; }
    std::int64_t element_of(std::size_t /*index*/, std::int64_t position) const override { return position; }
    std::int64_t header_length() const override { return 3; }
    std::int64_t payload_length() const override { return 4; }
    std::int64_t remaining() const override { return 5; }
    std::int64_t bytes_at(std::int64_t position, std::size_t /*width*/) const override { return position; }
    bool is_below(std::string_view /*name*/) const override { return false; }
    std::int64_t below_field(std::string_view /*field*/) const override { return 6; }
    bool is_parent(std::string_view /*name*/) const override { return false; }
    std::int64_t parent_field(std::string_view /*field*/) const override { return 7; }
};

/// How tightly an operator binds, from || up to the signs: the order of C, but for the comparisons.
struct OperatorCase {
    const char* symbol;
    int precedence;
};

constexpr std::array<OperatorCase, 18> kOperators{{{"||", 1},
                                                   {"&&", 2},
                                                   {"==", 3},
                                                   {"!=", 3},
                                                   {"<", 3},
                                                   {"<=", 3},
                                                   {">", 3},
                                                   {">=", 3},
                                                   {"|", 4},
                                                   {"^", 5},
                                                   {"&", 6},
                                                   {"<<", 7},
                                                   {">>", 7},
                                                   {"+", 8},
                                                   {"-", 8},
                                                   {"*", 9},
                                                   {"/", 9},
                                                   {"%", 9}}};
constexpr int kSign = 10;
constexpr int kChoice = 0;

struct Tree {
    std::string text;
    int precedence = 0;
    Integer value = 0;
};

std::int64_t apply(const std::string& symbol, std::int64_t left, std::int64_t right) {
    const auto wrapped = [](Integer number) { return static_cast<std::int64_t>(static_cast<UnsignedInteger>(number)); };
    const Integer a = left;
    const Integer b = right;
    if (symbol == "||") return left != 0 ? left : right;
    if (symbol == "&&") return left == 0 ? left : right;
    if (symbol == "==") return left == right;
    if (symbol == "!=") return left != right;
    if (symbol == "<") return left < right;
    if (symbol == "<=") return left <= right;
    if (symbol == ">") return left > right;
    if (symbol == ">=") return left >= right;
    if (symbol == "|") return left | right;
    if (symbol == "^") return left ^ right;
    if (symbol == "&") return left & right;
    if (symbol == "<<") return right < 0 || right > 63 ? 0 : wrapped(a << right);
    if (symbol == ">>") return right < 0 || right > 63 ? 0 : left >> right;
    if (symbol == "+") return wrapped(a + b);
    if (symbol == "-") return wrapped(a - b);
    if (symbol == "*") return wrapped(a * b);
    const bool has_quotient = right != 0 && !(left == INT64_MIN && right == -1);
    return !has_quotient ? 0 : symbol == "/" ? left / right : left % right;
}

class TreeMaker {
public:
    explicit TreeMaker(unsigned seed) : source_(seed) {}

    Tree make(int depth) {
        const unsigned kind = source_() % 8;
        if (depth == 0 || kind == 0) {
            return number();
        }
        if (kind == 1) {
            return sign(make(depth - 1));
        }
        if (kind == 2) {
            return choice(make(depth - 1), make(depth - 1), make(depth - 1));
        }
        const OperatorCase& chosen = kOperators[source_() % kOperators.size()];
        const Tree left = make(depth - 1);
        const Tree right = make(depth - 1);
        const auto value =
            apply(chosen.symbol, static_cast<std::int64_t>(left.value), static_cast<std::int64_t>(right.value));
        // To the right of an operator, one that binds as tightly needs brackets.
        return {bracketed(left, chosen.precedence) + blank() + chosen.symbol + blank() +
                    bracketed(right, chosen.precedence + 1),
                chosen.precedence, value};
    }

private:
    Tree number() {
        static constexpr std::array<std::uint64_t, 8> kNumbers{
            0, 1, 2, 7, 63, 64, 0x7fffffffffffffff, 0x8000000000000000};
        const std::uint64_t chosen = source_() % 2 == 0 ? kNumbers[source_() % kNumbers.size()] : source_() % 100;
        return {std::to_string(chosen), kSign + 1, static_cast<std::int64_t>(chosen)};
    }

    Tree sign(const Tree& operand) {
        const char symbol = "!-~"[source_() % 3];
        const auto value = static_cast<std::int64_t>(operand.value);
        const std::int64_t result = symbol == '!'   ? value == 0
                                    : symbol == '-' ? static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(value))
                                                    : ~value;
        return {symbol + bracketed(operand, kSign), kSign, result};
    }

    Tree choice(const Tree& condition, const Tree& yes, const Tree& no) {
        return {bracketed(condition, kChoice + 1) + " ? " + yes.text + " : " + no.text, kChoice,
                condition.value != 0 ? yes.value : no.value};
    }

    std::string bracketed(const Tree& tree, int least) const {
        return tree.precedence < least ? "(" + tree.text + ")" : tree.text;
    }
    const char* blank() { return source_() % 2 == 0 ? " " : ""; }

    std::mt19937 source_;
};

std::optional<std::size_t> no_field(std::string_view /*name*/) {
    return std::nullopt;
}

std::int64_t evaluate(std::string_view text) {
    return Rule::parse(text, no_field).evaluate(NoLayer());
}

TEST(RandomRules, HaveTheValueOfTheirTree) {
    for (unsigned seed = 0; seed < 3000; ++seed) {
        const Tree tree = TreeMaker(seed).make(4);
        try {
            EXPECT_EQ(evaluate(tree.text), static_cast<std::int64_t>(tree.value)) << tree.text;
        } catch (const RuleError& error) {
            ADD_FAILURE() << error.what();
        }
    }
}

TEST(Rule, NoRuleIsNone) {
    const Rule none;
    EXPECT_FALSE(static_cast<bool>(none));
    EXPECT_EQ(none.evaluate(NoLayer()), 0);
    EXPECT_TRUE(static_cast<bool>(Rule::parse("0", no_field)));
}

TEST(Rule, KeepsItsText) {
    EXPECT_EQ(Rule::parse(" 1 +  2 ", no_field).text(), " 1 +  2 ");
}

TEST(Rule, AFieldMayHaveTheNameOfAQuantity) {
    const auto resolve = [](std::string_view name) {
        return name == "remaining" || name == "length" ? std::optional<std::size_t>(7) : std::nullopt;
    };
    EXPECT_EQ(Rule::parse("remaining", resolve).evaluate(NoLayer()), 17);
    EXPECT_EQ(Rule::parse("length", resolve).evaluate(NoLayer()), 17);
    EXPECT_EQ(Rule::parse("length(length)", resolve).evaluate(NoLayer()), 1);
}

TEST(Rule, ErrorsSayAtWhichCharacter) {
    const auto message = [](std::string_view text) -> std::string {
        try {
            Rule::parse(text, no_field);
        } catch (const RuleError& error) {
            return error.what();
        }
        return "";
    };
    EXPECT_EQ(message("1 + $"), "unexpected '$' at character 5 of rule '1 + $'");
    EXPECT_NE(message("1 ! 2").find("at character 3"), std::string::npos) << message("1 ! 2");
    EXPECT_NE(message("(1").find("expected ')' at character 3"), std::string::npos) << message("(1");
    EXPECT_NE(message("min(1)").find("expected ',' at character 6"), std::string::npos) << message("min(1)");
    EXPECT_NE(message("byte()").find("unexpected ')' at character 6"), std::string::npos) << message("byte()");
    EXPECT_NE(message("below(").find("expected a name"), std::string::npos) << message("below(");
    EXPECT_NE(message("below.1").find("expected a name"), std::string::npos) << message("below.1");
    // A word is where it begins, not where it ends.
    EXPECT_EQ(message("aa == 1"), "unknown field 'aa' at character 1 of rule 'aa == 1'");
    EXPECT_NE(message("length(b)").find("'b' at character 8"), std::string::npos) << message("length(b)");
    EXPECT_NE(message("1 + nope(2)").find("'nope' at character 5"), std::string::npos) << message("1 + nope(2)");
    EXPECT_NE(message("above.x").find("unknown name 'above' at character 1"), std::string::npos) << message("above.x");
    // Operators of other languages.
    EXPECT_EQ(message("1 == 1 and 2"), "unexpected 'and' (write &&) at character 8 of rule '1 == 1 and 2'");
    EXPECT_NE(message("1 or 2").find("unexpected 'or' (write ||) at character 3"), std::string::npos);
    EXPECT_NE(message("not 1").find("(write !) at character 1"), std::string::npos) << message("not 1");
    EXPECT_NE(message("1 = 1").find("unexpected '=' (write ==) at character 3"), std::string::npos);
    EXPECT_NE(message("!= 1").find("character 1"), std::string::npos) << message("!= 1");
    EXPECT_NE(message("1 = 1").find("unexpected '='"), std::string::npos) << message("1 = 1");
}

TEST(RuleLimits, OfNestingCountWhateverNests) {
    const auto nested = [](const std::string& open, const std::string& close, std::size_t depth) {
        std::string text = "1";
        for (std::size_t level = 0; level < depth; ++level) {
            text.insert(0, open);
            text += close;
        }
        return text;
    };
    for (const auto& [open, close] : std::vector<std::pair<std::string, std::string>>{
             {"(", ")"}, {"-", ""}, {"1 ? ", " : 2"}, {"min(1, ", ")"}, {"byte(", ")"}, {"2 ? 1 : ", ""}}) {
        EXPECT_NO_THROW(Rule::parse(nested(open, close, 8), no_field).evaluate(NoLayer())) << open;
        EXPECT_THROW(Rule::parse(nested(open, close, Rule::kMaximumNesting + 1), no_field), RuleError) << open;
    }
}

TEST(RuleLimits, OfLengthIsExact) {
    const std::string blanks(Rule::kMaximumText - 1, ' ');
    EXPECT_EQ(evaluate(blanks + "1"), 1);
    EXPECT_THROW(evaluate(blanks + " 1"), RuleError);
}

}  // namespace
}  // namespace framewright::expression
