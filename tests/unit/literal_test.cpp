#include "protocol_db/expression/literal.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <ctime>
#include <limits>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include "protocol_db/expression/unicode_printable.hpp"

namespace framewright::expression {

void PrintTo(const Literal& literal, std::ostream* out) {
    *out << to_text(literal);
}

namespace {

Literal number(Integer value) {
    return value;
}

Literal text(std::string_view value) {
    return std::string(value);
}

Literal bytes(std::string_view value) {
    return Bytes(value.begin(), value.end());
}

std::string rewritten(std::string_view source) {
    return to_text(parse_literal(source));
}

std::string error_of(std::string_view source) {
    try {
        parse_literal(source);
    } catch (const SyntaxError& error) {
        EXPECT_LE(error.offset(), source.size());
        return error.what();
    }
    return "";
}

std::string repeated(std::string_view part, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) {
        out += part;
    }
    return out;
}

TEST(Literal, Constants) {
    EXPECT_EQ(parse_literal("None"), Literal(None{}));
    EXPECT_EQ(parse_literal(" True\n"), Literal(true));
    EXPECT_EQ(parse_literal("False"), Literal(false));
}

TEST(Literal, Integers) {
    const std::pair<const char*, Integer> vectors[] = {
        {"0", 0},
        {"00", 0},
        {"1460", 1460},
        {"0x10", 16},
        {"0XfF", 255},
        {"0o17", 15},
        {"0O7", 7},
        {"0b101", 5},
        {"1_000", 1000},
        {"0x_ff", 255},
        {"-5", -5},
        {"- 5", -5},
        {"+5", 5},
        {"--5", 5},
        {"-+-+-5", -5},
        {"-(5)", -5},
        {"0xffffffffffffffff", 0xffffffffffffffff},
        {"170141183460469231731687303715884105727", kMaximumInteger},
        {"-170141183460469231731687303715884105728", kMinimumInteger},
    };
    for (const auto& [source, value] : vectors) {
        EXPECT_EQ(parse_literal(source), number(value)) << source;
    }
}

TEST(Literal, Floats) {
    const std::pair<const char*, Float> vectors[] = {
        {"1.0", 1},
        {"1.", 1},
        {".5", 0.5},
        {"1e3", 1000},
        {"1E-3", 0.001},
        {"-2.5e+1", -25},
        {"1_0.2_5", 10.25},
        {"01.5", 1.5},
        {"0e0", 0},
        {"1.e2", 100},
        {"5e-324", 5e-324},
        {"inf", std::numeric_limits<Float>::infinity()},
        {"-inf", -std::numeric_limits<Float>::infinity()},
        {"nan", std::numeric_limits<Float>::quiet_NaN()},
    };
    for (const auto& [source, value] : vectors) {
        EXPECT_EQ(parse_literal(source), Literal(value)) << source;
    }
}

TEST(Literal, ANumberIsNotAFloatOrABoolean) {
    EXPECT_NE(parse_literal("1"), parse_literal("1.0"));
    EXPECT_NE(parse_literal("1"), parse_literal("True"));
    EXPECT_NE(parse_literal("'1'"), parse_literal("b'1'"));
    EXPECT_NE(parse_literal("[1]"), parse_literal("(1,)"));
}

TEST(Literal, Strings) {
    using namespace std::string_view_literals;
    const std::pair<std::string_view, std::string_view> vectors[] = {
        {"''", ""},
        {"'abc'", "abc"},
        {"\"it's\"", "it's"},
        {"'''a'b\n\"c'''", "a'b\n\"c"},
        {"\"\"\"a\r\nb\rc\"\"\"", "a\nb\nc"},
        {"u'a' R'b' \"c\"\n'd'", "abcd"},
        {R"('\\\'\"\a\b\f\n\r\t\v')", "\\'\"\a\b\f\n\r\t\v"},
        {R"('\0\12\101\1012\777')", "\0\nAA2\xc7\xbf"sv},
        {R"('\x41\xe9\u20ac\U0001f600')", "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
        {"'\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80'", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
        {R"('\q\8\ ')", R"(\q\8\ )"},
        {"'a\\\nb\\\r\nc'", "abc"},
        {R"(r'\n\'\\')", R"(\n\'\\)"},
        {"''''''", ""},
        {"'' ''", ""},
    };
    for (const auto& [source, value] : vectors) {
        EXPECT_EQ(parse_literal(source), text(value)) << source;
    }
}

TEST(Literal, BytesStrings) {
    using namespace std::string_view_literals;
    const std::pair<std::string_view, std::string_view> vectors[] = {
        {"b''", ""},
        {R"(b'\x94\x04\x00\xff')", "\x94\x04\0\xff"sv},
        {R"(b'\377\0')", "\xff\0"sv},
        {R"(b'\u20ac\N{DASH}')", R"(\u20ac\N{DASH})"},
        {"bR'\\x41' rB\"\\\"\" b'''\n'''", "\\x41\\\"\n"},
        {"B'a' b\"b\"", "ab"},
    };
    for (const auto& [source, value] : vectors) {
        EXPECT_EQ(parse_literal(source), bytes(value)) << source;
    }
}

TEST(Literal, Sequences) {
    EXPECT_EQ(parse_literal("[]"), Literal(List{}));
    EXPECT_EQ(parse_literal("()"), Literal(Tuple{}));
    EXPECT_EQ(parse_literal("(1)"), number(1));
    EXPECT_EQ(parse_literal("(1,)"), Literal(Tuple{{number(1)}}));
    EXPECT_EQ(parse_literal("[1, 'a',]"), Literal(List{{number(1), text("a")}}));
    EXPECT_EQ(parse_literal("1, 2"), Literal(Tuple{{number(1), number(2)}}));
    EXPECT_EQ(parse_literal("1,"), Literal(Tuple{{number(1)}}));
    EXPECT_EQ(parse_literal("[('MSS', 1460), ('NOP', None), ('SAckOK', b'')]"),
              Literal(List{{Tuple{{text("MSS"), number(1460)}}, Tuple{{text("NOP"), None{}}},
                            Tuple{{text("SAckOK"), bytes("")}}}}));
}

TEST(Literal, Calls) {
    EXPECT_EQ(parse_literal("IPOption_NOP()"), Literal(Call{"IPOption_NOP", {}, {}}));
    EXPECT_EQ(parse_literal("UUID ( '00' , )"), Literal(Call{"UUID", {text("00")}, {}}));
    EXPECT_EQ(parse_literal("IPOption_SSRR(copy_flag=0, routers=['1.2.3.4'])"),
              Literal(Call{"IPOption_SSRR", {}, {{"copy_flag", number(0)}, {"routers", List{{text("1.2.3.4")}}}}}));
    EXPECT_EQ(parse_literal("_x1(1, 2, b = 3, r=r'')"),
              Literal(Call{"_x1", {number(1), number(2)}, {{"b", number(3)}, {"r", text("")}}}));
    EXPECT_EQ(parse_literal("inf()"), Literal(Call{"inf", {}, {}}));
}

TEST(Literal, Stacks) {
    const Literal a = Call{"A", {}, {}};
    const Literal b = Call{"B", {}, {}};
    EXPECT_EQ(parse_literal("A()/B()"), Literal(Stack{{a, b}}));
    EXPECT_EQ(parse_literal("A()/(B()/'x')/b'y'"), Literal(Stack{{a, b, text("x"), bytes("y")}}));
    EXPECT_EQ(parse_literal("b'x'/A()"), Literal(Stack{{bytes("x"), a}}));
}

TEST(Literal, Arithmetic) {
    const std::pair<const char*, const char*> vectors[] = {
        {"1+2*3", "7"},
        {"(1+2)*3", "9"},
        {"10-2-3", "5"},
        {"2*-3", "-6"},
        {"1 << 4 | 3 & 2 ^ 1", "19"},
        {"-1 >> 200", "-1"},
        {"5 >> 1", "2"},
        {"0x10000000000000000000000000 >> 90", "1024"},
        {"0 << 1000000", "0"},
        {"1 << 126", "85070591730234615865843651857942052864"},
        {"-1 << 127", "-170141183460469231731687303715884105728"},
        {"1 + 0.5", "1.5"},
        {"2.5 * 2", "5.0"},
        {"1 - 1.0", "0.0"},
        {"'a' + \"b\" 'c'", "'abc'"},
        {"b'a' + b'b'", "b'ab'"},
        {"[1] + [2, 3]", "[1, 2, 3]"},
        {"(1,) + ()", "(1,)"},
        {"b'abc'*3", "b'abcabcabc'"},
        {"3*'ab'", "'ababab'"},
        {"[0, 'x'] * 2", "[0, 'x', 0, 'x']"},
        {"(1,)*3", "(1, 1, 1)"},
        {"'a'*0 + 'b'*-5", "''"},
        {"''*170141183460469231731687303715884105727", "''"},
        {"Raw('A'*4 + 'B')", "Raw('AAAAB')"},
    };
    for (const auto& [source, folded] : vectors) {
        EXPECT_EQ(rewritten(source), folded) << source;
    }
}

TEST(Literal, ErrorsNameThePlace) {
    const std::pair<std::string_view, const char*> vectors[] = {
        {"", "unexpected end at character 1"},
        {"  ", "unexpected end at character 3"},
        {"1+", "unexpected end at character 3"},
        {"[(", "unexpected end at character 3"},
        {"[1, 2)", "unexpected ')' at character 6"},
        {"(,)", "unexpected ',' at character 2"},
        {"[1 2]", "unexpected '2' at character 4"},
        {"1 2", "unexpected '2' at character 3"},
        {"'\xc3\xa9' \xc3\xa9", "unexpected '\xc3\xa9' at character 5"},
        {"'\xc3\xa9' \xff", "unexpected '\\xff' at character 5"},
        {"1.2.3.4", "unexpected '.' at character 4"},
        {"{}", "unexpected '{' at character 1"},
        {"1 # one", "unexpected '#' at character 3"},
        {"foo", "unknown name 'foo' at character 1"},
        {"f'x'", "unknown name 'f' at character 1"},
        {"__import__('os').system('true')", "unexpected '.' at character 17"},
        {"().__class__.__bases__", "unexpected '.' at character 3"},
        {"[x for x in range(9)]", "unknown name 'x' at character 2"},
        {"(lambda: 1)()", "unknown name 'lambda' at character 2"},
        {"'A'*10**10", "unexpected '*' at character 8"},
        {"IP.__init__", "unknown name 'IP' at character 1"},
        {"A()[0]", "unexpected '[' at character 4"},
        {"A()()", "unexpected '(' at character 4"},
        {"A(*b)", "unexpected '*' at character 3"},
        {"A(a=1, 2)", "an argument without a name after one with a name at character 8"},
        {"A(a==1)", "unexpected '=' at character 5"},
        {"[200=b'abc' pad end]", "unexpected '=' at character 5"},
        {"'abc", "a string that is not closed at character 1"},
        {"1, 'abc\n'", "a string that is not closed at character 4"},
        {"'''abc''", "a string that is not closed at character 1"},
        {"r'\\'", "a string that is not closed at character 1"},
        {"'\\", "a string that is not closed at character 1"},
        {"'\\x'", "an escape that lacks digits at character 2"},
        {"b'\\xzz'", "an escape that lacks digits at character 3"},
        {"'\\u12'", "an escape that lacks digits at character 2"},
        {"'\\ud800'", "an escape that is no character at character 2"},
        {"'\\U00110000'", "an escape that is no character at character 2"},
        {"b'\\400'", "an escape above 255 at character 3"},
        {"'\\N{DASH}'", "an unsupported \\N escape at character 2"},
        {"b'\xc3\xa9'", "a character in bytes that is not ASCII (write it as \\xNN) at character 3"},
        {"'a\xc3'", "invalid UTF-8 at character 3"},
        {"'\xed\xa0\x80'", "invalid UTF-8 at character 2"},
        {"'\xe0\x9f\xbf'", "invalid UTF-8 at character 2"},
        {"'\xf0\x8f\xbf\xbf'", "invalid UTF-8 at character 2"},
        {"'\xf4\x90\x80\x80'", "invalid UTF-8 at character 2"},
        {"'\xe2\x82'", "invalid UTF-8 at character 2"},
        {"'\xc0\x80'", "invalid UTF-8 at character 2"},
        {"'a' b'b'", "a text and bytes side by side at character 5"},
        {"010", "a decimal number with a leading zero at character 1"},
        {"1_", "unexpected end at character 3"},
        {"1__0", "unexpected '_0' at character 3"},
        {"0x", "unexpected end at character 3"},
        {"0b2", "unexpected '2' at character 3"},
        {"1e", "unexpected end at character 3"},
        {"1e999", "a float out of range at character 1"},
        {"12ab", "unexpected 'ab' at character 3"},
        {"170141183460469231731687303715884105728", "a number that does not fit 128 bits at character 1"},
        {"-(-170141183460469231731687303715884105728)", "a number that does not fit 128 bits at character 1"},
        {"2*170141183460469231731687303715884105727", "a number that does not fit 128 bits at character 2"},
        {"1<<127", "a number that does not fit 128 bits at character 2"},
        {"1<<128", "a number that does not fit 128 bits at character 2"},
        {"5<<126", "a number that does not fit 128 bits at character 2"},
        {"18446744073709551616*18446744073709551616", "a number that does not fit 128 bits at character 21"},
        {"3<<126", "a number that does not fit 128 bits at character 2"},
        {"1<<-1", "a shift by a negative number at character 2"},
        {"-'a'", "cannot apply a sign to a text at character 1"},
        {"'a' + 1", "cannot apply '+' to a text and an integer at character 5"},
        {"'a' + b'b'", "cannot apply '+' to a text and bytes at character 5"},
        {"True + 1", "cannot apply '+' to a boolean and an integer at character 6"},
        {"'a' * 'b'", "cannot apply '*' to a text and a text at character 5"},
        {"6/2", "cannot apply '/' to an integer and an integer at character 2"},
        {"'a'/'b'", "cannot apply '/' to a text and a text at character 4"},
        {"b'a'/(b'b'/A())", "cannot apply '/' to bytes and a stack of layers at character 5"},
        {"A()/1", "cannot apply '/' to a constructor call and an integer at character 4"},
        {"A()/B()*2", "cannot apply '*' to a stack of layers and an integer at character 8"},
        {"1.5 | 2", "cannot apply '|' to a float and an integer at character 5"},
        {"None + [1]", "cannot apply '+' to None and a list at character 6"},
        {"() - A()", "cannot apply '-' to a tuple and a constructor call at character 4"},
    };
    for (const auto& [source, message] : vectors) {
        EXPECT_EQ(error_of(source), message) << source;
    }
}

TEST(Literal, OffsetIsInBytes) {
    try {
        parse_literal("'\xe2\x82\xac' ?");
        FAIL();
    } catch (const SyntaxError& error) {
        EXPECT_EQ(error.offset(), 6U);
        EXPECT_STREQ(error.what(), "unexpected '?' at character 5");
    }
}

TEST(Literal, LongNamesAreCutInMessages) {
    const std::string name(1000, 'n');
    EXPECT_LT(error_of(name).size(), 100U);
    EXPECT_LT(error_of("1 " + name).size(), 100U);
    EXPECT_LT(error_of("A(" + name + "=1," + name + "=1)").size(), 100U);
}

TEST(LiteralLimits, TextLength) {
    EXPECT_EQ(parse_literal("'" + std::string(kMaximumTextLength - 2, 'x') + "'").get_if<Text>()->size(),
              kMaximumTextLength - 2);
    EXPECT_EQ(error_of(std::string(kMaximumTextLength - 1, ' ') + "10"),
              "the text is longer than 1048576 bytes at character 1048577");
}

TEST(LiteralLimits, Nesting) {
    const auto nested = [](std::string_view open, std::size_t levels) {
        return repeated(open, levels - 1) + "[]" + repeated(open == "[" ? "]" : ")", levels - 1);
    };
    for (const char* open : {"[", "(", "A(", "A(a="}) {
        EXPECT_EQ(error_of(nested(open, kMaximumNesting)), "") << open;
        EXPECT_TRUE(
            error_of(nested(open, kMaximumNesting + 1)).starts_with("nested deeper than 64 levels at character"))
            << open;
        EXPECT_NE(error_of(nested(open, 100'000)), "") << open;
    }
    EXPECT_EQ(error_of("[" + repeated("[()],", 1000) + repeated("(A()),", 1000) + "]"), "");
    // A tuple without parentheses gets a pair of them when it is written.
    const std::string deepest = repeated("[", kMaximumNesting) + repeated("]", kMaximumNesting);
    EXPECT_EQ(error_of(deepest + ","), "nested deeper than 64 levels at character 129");
    EXPECT_NE(error_of(repeated("[", 500'000)), "");
}

TEST(LiteralLimits, SignsAndOperatorsNeedNoDepth) {
    EXPECT_EQ(parse_literal(repeated("-", 1'000'000) + "1"), number(1));
    EXPECT_EQ(parse_literal("1" + repeated("+1", 49'999)), number(50'000));
}

TEST(LiteralLimits, Nodes) {
    EXPECT_EQ(error_of("[" + repeated("1,", kMaximumNodes - 1) + "]"), "");
    EXPECT_EQ(error_of("[" + repeated("1,", kMaximumNodes) + "]"), "more than 100000 values at character 200000");
    for (const char* item : {"(),", "[],", "None,", "'',", "A(),", "1.5,", "(1,),"}) {
        EXPECT_EQ(error_of("[" + repeated(item, 49'999) + "]"), "") << item;
        EXPECT_NE(error_of("[" + repeated(item, kMaximumNodes) + "]"), "") << item;
    }
    EXPECT_NE(error_of("[" + repeated("(0,),", 50'000) + "]"), "");
    EXPECT_NE(error_of("A()" + repeated("/A()", kMaximumNodes - 1)), "");
    EXPECT_EQ(error_of("[1]*90000"), "");
    EXPECT_EQ(error_of("[1]*100000"), "more than 100000 values at character 4");
    EXPECT_EQ(error_of("[1]*170141183460469231731687303715884105727"), "more than 100000 values at character 4");
    EXPECT_EQ(error_of("[1]*300*300*300"), "more than 100000 values at character 12");
    EXPECT_EQ(error_of("[[1]*50000]*2"), "more than 100000 values at character 12");
}

TEST(LiteralLimits, RepeatedBytes) {
    EXPECT_EQ(parse_literal("'a'*1048576").get_if<Text>()->size(), kMaximumRepeatedBytes);
    EXPECT_EQ(error_of("'a'*1048577"), "a repetition that makes more than 1048576 bytes at character 4");
    EXPECT_EQ(error_of("b'ab'*524289"), "a repetition that makes more than 1048576 bytes at character 6");
    EXPECT_EQ(error_of("['a'*1000000]*90000"), "a repetition that makes more than 1048576 bytes at character 14");
    EXPECT_EQ(error_of("'a'*170141183460469231731687303715884105727"),
              "a repetition that makes more than 1048576 bytes at character 4");
    EXPECT_NE(error_of("'a'*1000000*0 + 'a'*1000000"), "") << "the limit is on all repetitions together";
    EXPECT_NE(error_of("[A(" + std::string(1000, 'k') + "=1)]*2000"), "") << "names count as well";
}

TEST(LiteralLimits, HostileTextsTakeLinearTime) {
    const std::string sources[] = {
        "'a'" + repeated("*1", 500'000),
        "[" + repeated("0,", 90'000) + "]" + repeated("*1", 400'000),
        "''" + repeated("+''", 300'000),
        "[]" + repeated("+[]", 300'000),
        "A()" + repeated("/''", 300'000),
        "A(" + repeated("k=1,", 90'000) + ")",
        "A(" + repeated("a ", 500'000) + ")",
        repeated("'' ", 300'000),
        repeated("9", 1'000'000),
        "0." + repeated("9", 1'000'000),
        repeated("1_", 500'000),
        "1" + repeated("|1", 500'000),
        repeated("(", 60) + "'" + std::string(900'000, 'x') + "'" + repeated("+'')", 60),
        "'a'*1000000" + repeated("+''*1000000", 80'000),
    };
    for (const auto& source : sources) {
        // What is not linear takes minutes; time on the processor, as others may keep the machine busy.
        const std::clock_t start = std::clock();
        error_of(source);
        EXPECT_LT(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC, 10.0) << source.substr(0, 20);
    }
}

TEST(LiteralText, IsWhatPythonAndScapyWrite) {
    const char* const vectors[] = {
        "None",
        "True",
        "[]",
        "()",
        "(1,)",
        "[1, 5, 9]",
        "-170141183460469231731687303715884105728",
        "1e+16",
        "-0.0",
        "inf",
        "-inf",
        "nan",
        "'it\\'s \"x\"'",
        "\"it's\"",
        "b\"it's\"",
        "'\\x00\\x7f\\xad\xc3\xa9\\u200b\\U000e0001'",
        "b'\\x00\\t\\n\\r\\\\\\x7f\\xff'",
        "[('MSS', 1460), ('NOP', None), ('WScale', 0), ('SAckOK', b''), ('Timestamp', (0, 0))]",
        "[IPOption_SSRR(copy_flag=0,routers=['1.2.3.4', '5.6.7.8']), Raw(load=b'2')]",
        "UUID('00000000-0000-0000-0000-000000000000')",
        "DNSRR(rrname=b'a.',rdata='::1')/DNSRRNSEC3(iterations=0,salt=b'')/Raw(load=b'\\x00')",
        "A(1,'b',c=(D(),),e=[F()/'x', b'y'/G()])",
    };
    for (const char* source : vectors) {
        EXPECT_EQ(rewritten(source), source);
    }
}

TEST(LiteralText, AppendKeepsWhatIsThere) {
    std::string out = "expr: ";
    append_text(out, parse_literal("[1]"));
    append_python_repr_text(out, "a");
    append_python_repr_bytes(out, Bytes{'b'});
    EXPECT_EQ(out, "expr: [1]'a'b'b'");
}

TEST(PythonRepr, Texts) {
    EXPECT_EQ(python_repr_text(""), "''");
    EXPECT_EQ(python_repr_text("a\tb\\"), "'a\\tb\\\\'");
    EXPECT_EQ(python_repr_text("'"), "\"'\"");
    EXPECT_EQ(python_repr_text("'\""), "'\\'\"'");
    EXPECT_EQ(python_repr_text("\xc2\xa0\xe2\x80\xa8"), "'\\xa0\\u2028'");
    EXPECT_EQ(python_repr_text("a\xff\xc3"), "'a\\xff\\xc3'");
}

TEST(PythonRepr, Bytes) {
    EXPECT_EQ(python_repr_bytes({}), "b''");
    EXPECT_EQ(python_repr_bytes(Bytes{0, 9, 31, 'A', '\'', 127, 128, 255}), "b\"\\x00\\t\\x1fA'\\x7f\\x80\\xff\"");
}

TEST(PythonRepr, Floats) {
    const std::pair<double, const char*> vectors[] = {
        {0.0, "0.0"},
        {-0.0, "-0.0"},
        {1.0, "1.0"},
        {0.1, "0.1"},
        {1e15, "1000000000000000.0"},
        {9999999999999998.0, "9999999999999998.0"},
        {1e16, "1e+16"},
        {-1.5e300, "-1.5e+300"},
        {0.0001, "0.0001"},
        {0.00001, "1e-05"},
        {5e-324, "5e-324"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
        {1.0 / 3.0, "0.3333333333333333"},
    };
    for (const auto& [value, written] : vectors) {
        EXPECT_EQ(python_repr_float(value), written);
    }
}

// sum(chr(c).isprintable() for c in range(0x110000)) of Python 3.11
TEST(UnicodePrintable, AsManyAsInPython) {
    int printable = 0;
    for (char32_t c = 0; c < 0x110000; ++c) {
        printable += is_printable(c) ? 1 : 0;
    }
    EXPECT_EQ(printable, 144516);
    EXPECT_TRUE(is_printable(U' '));
    EXPECT_TRUE(is_printable(U'\u00e9'));
    EXPECT_FALSE(is_printable(U'\u00ad'));
    EXPECT_FALSE(is_printable(0x7f));
    EXPECT_FALSE(is_printable(0xd800));
    EXPECT_FALSE(is_printable(0x110000));
}

}  // namespace
}  // namespace framewright::expression
