#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "protocol_db/expression/rule.hpp"

namespace framewright::expression {
namespace {

/// A layer of three fields, "a" = 6, "b" = 3 and "none" without a value.
class Fields final : public RuleContext {
public:
    std::int64_t field(std::size_t index) const override { return std::vector<std::int64_t>{6, 3, 0}.at(index); }
    bool is_defined(std::size_t index) const override { return index != 2; }
    std::int64_t length_of(std::size_t index) const override { return static_cast<std::int64_t>(index) + 10; }
    std::int64_t count_of(std::size_t index) const override { return static_cast<std::int64_t>(index) + 20; }
    std::int64_t element_of(std::size_t /*index*/, std::int64_t position) const override { return position * 100; }
    std::int64_t header_length() const override { return 40; }
    std::int64_t payload_length() const override { return 50; }
    std::int64_t remaining() const override { return 60; }
    std::int64_t bytes_at(std::int64_t position, std::size_t width) const override {
        return position * 1000 + static_cast<std::int64_t>(width);
    }
    bool is_below(std::string_view name) const override { return name == "TCP"; }
    std::int64_t below_field(std::string_view field) const override { return field == "len" ? 77 : 0; }
    bool is_parent(std::string_view name) const override { return name == "TCP"; }
    std::int64_t parent_field(std::string_view field) const override { return field == "kind" ? 78 : 0; }
};

/// Field "a" calls 6 "six".
std::int64_t number_of(std::size_t field, std::string_view name) {
    if (field != 0 || name != "six") {
        throw RuleError("no such name");
    }
    return 6;
}

Rule parse(std::string_view text) {
    const auto resolve = [](std::string_view id) -> std::optional<std::size_t> {
        const std::vector<std::string_view> ids{"a", "b", "none"};
        for (std::size_t index = 0; index < ids.size(); ++index) {
            if (ids[index] == id) {
                return index;
            }
        }
        return std::nullopt;
    };
    return Rule::parse(text, resolve, number_of);
}

std::int64_t evaluate(std::string_view text) {
    return parse(text).evaluate(Fields());
}

std::string refusal(std::string_view text) {
    try {
        parse(text);
        return "";
    } catch (const RuleError& error) {
        return error.what();
    }
}

TEST(RuleLanguage, CalculatesWithThePrecedenceOfC) {
    EXPECT_EQ(evaluate("2 + 3 * 4"), 14);
    EXPECT_EQ(evaluate("(2 + 3) * 4"), 20);
    EXPECT_EQ(evaluate("10 - 4 - 3"), 3);
    EXPECT_EQ(evaluate("1 << 2 + 1"), 8);
    EXPECT_EQ(evaluate("7 / 2 % 2"), 1);
    EXPECT_EQ(evaluate("-3 + 5"), 2);
    EXPECT_EQ(evaluate("~0 & 0xff"), 255);
    EXPECT_EQ(evaluate("6 ^ 3 | 8"), 13);
}

TEST(RuleLanguage, ComparesAfterTheBitOperators) {
    EXPECT_EQ(evaluate("a & 4 != 0"), 1);
    EXPECT_EQ(evaluate("a & 1 == 0"), 1);
    EXPECT_EQ(evaluate("a | 1 == 7"), 1);
}

TEST(RuleLanguage, JoinsConditionsAndChooses) {
    EXPECT_EQ(evaluate("a == 6 && b == 3"), 1);
    EXPECT_EQ(evaluate("a == 5 || b == 3"), 1);
    EXPECT_EQ(evaluate("!(a == 6)"), 0);
    EXPECT_EQ(evaluate("a > b ? 1 : 2"), 1);
    EXPECT_EQ(evaluate("a < b ? 1 : a == 6 ? 3 : 4"), 3);
    EXPECT_EQ(evaluate("a >= 6 && a <= 6"), 1);
}

TEST(RuleLanguage, AsksAboutTheLayer) {
    EXPECT_EQ(evaluate("length(b)"), 11);
    EXPECT_EQ(evaluate("count(b)"), 21);
    EXPECT_EQ(evaluate("element(a, 2)"), 200);
    EXPECT_EQ(evaluate("defined(none)"), 0);
    EXPECT_EQ(evaluate("defined(a)"), 1);
    EXPECT_EQ(evaluate("header_length + payload_length + remaining"), 150);
    EXPECT_EQ(evaluate("byte(2)"), 2001);
    EXPECT_EQ(evaluate("u16(2)"), 2002);
    EXPECT_EQ(evaluate("u32(1 + 1)"), 2004);
    EXPECT_EQ(evaluate("below(TCP)"), 1);
    EXPECT_EQ(evaluate("below(UDP)"), 0);
    EXPECT_EQ(evaluate("below.len"), 77);
    EXPECT_EQ(evaluate("parent.kind"), 78);
    EXPECT_EQ(evaluate("parent(TCP) && !parent(UDP)"), 1);
    EXPECT_EQ(evaluate("min(a, b) + max(a, b)"), 9);
}

TEST(RuleLanguage, ReadsNamesOfTheFieldTheyAreComparedWith) {
    EXPECT_EQ(evaluate("a == 'six'"), 1);
    EXPECT_EQ(evaluate("'six' != a"), 0);
    EXPECT_EQ(evaluate("b == 3 && a == \"six\" || 0"), 1);
    EXPECT_EQ(evaluate("(a) == ('six') ? 4 : 5"), 4);
    EXPECT_EQ(refusal("b == 'six'"), "no such name at character 7 of rule 'b == 'six''");
    EXPECT_EQ(refusal("a == 'siks'"), "no such name at character 7 of rule 'a == 'siks''");
    for (const std::string_view text : {"'six'", "a + 'six'", "a < 'six'", "a == -'six'", "a + 1 == 'six'",
                                        "7 == 'six'", "'six' == 'six'", "length(a) == 'six'", "a == 6 || 'six'"}) {
        EXPECT_NE(refusal(text).find("a name stands for a number only where == or !="), std::string::npos) << text;
    }
    EXPECT_NE(refusal("a == 'six").find("without its second quote"), std::string::npos);
}

TEST(RuleLanguage, HasAnAnswerForEveryCalculation) {
    EXPECT_EQ(evaluate("a / 0"), 0);
    EXPECT_EQ(evaluate("a % (b - 3)"), 0);
    EXPECT_EQ(evaluate("1 << 64"), 0);
    EXPECT_EQ(evaluate("1 << -1"), 0);
    EXPECT_EQ(evaluate("0x7fffffffffffffff + 1"), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(evaluate("0x8000000000000000 / -1"), 0);
}

TEST(RuleLanguage, SaysWhatItCannotReadAndWhere) {
    EXPECT_NE(refusal("a + c").find("unknown field 'c' at character 5"), std::string::npos) << refusal("a + c");
    EXPECT_NE(refusal("a +").find("unexpected end at character 4"), std::string::npos) << refusal("a +");
    EXPECT_NE(refusal("a b").find("unexpected 'b' at character 3"), std::string::npos) << refusal("a b");
    EXPECT_NE(refusal("lenght(a)").find("unknown function 'lenght'"), std::string::npos);
    EXPECT_NE(refusal("(a").find("expected ')'"), std::string::npos);
    EXPECT_NE(refusal("a ? 1").find("expected ':'"), std::string::npos);
    EXPECT_NE(refusal("0x").find("wrong number"), std::string::npos);
    EXPECT_NE(refusal("99999999999999999999").find("wrong number"), std::string::npos);
    EXPECT_NE(refusal("12ab").find("wrong number"), std::string::npos);
    EXPECT_NE(refusal("other.field").find("unknown name 'other'"), std::string::npos);
    EXPECT_NE(refusal("").find("unexpected end"), std::string::npos);
}

TEST(RuleLanguage, IsBounded) {
    const std::string deep(Rule::kMaximumNesting + 1, '(');
    EXPECT_NE(refusal(deep + "a").find("nested too deeply"), std::string::npos);
    EXPECT_NE(refusal(std::string(Rule::kMaximumText + 1, ' ')).find("longer than"), std::string::npos);
    std::string sum = "1";
    for (int term = 1; term < 1000; ++term) {
        sum += "+1";
    }
    EXPECT_EQ(evaluate(sum), 1000);
}

}  // namespace
}  // namespace framewright::expression
